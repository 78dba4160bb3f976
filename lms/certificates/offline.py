"""A page to be saved: it holds the public keys and what no longer holds as of today, and checks what a QR code says."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lms.certificates.link import Unread, mark, mark_of, read
from lms.certificates.models import Certificate, CertificateEnd
from lms.certificates.snapshot import Snapshot
from lms.foundation.language import load
from lms.seals.queries import Ring

PARTS = Path(__file__).parent / "static"
LANGUAGES = ("es", "pt", "en")
SAID = (        # what the script says; what the page itself says is read from its data-t
    "Certificado de aprobación", "Certificado de aprobación de módulo", "Certificado de asistencia",
    "Certificado de pasantía", "Constancia de alumno regular", "Certificado de participación",
    "No se pudo leer", "Certificado reemplazado", "Certificado anulado",
    "Pegar el enlace completo que está en el código QR, desde https:// hasta el final, con lo que sigue al signo #.",
    "Dejó de regir el %(day)s. Lo reemplaza el %(folio)s.", "Dejó de tener validez el %(day)s.",
    "Sin firma que comprobar", "No se pudo comprobar", "Firma falsa", "Llave revocada", "Firma auténtica",
    "El enlace no lleva el contenido firmado: el papel es antiguo, o el lector de QR cortó lo que sigue al signo #. "
    "Solo puede comprobarse con conexión.",
    "La llave que lo firmó no es de la Escuela, o es posterior al %(day)s, cuando se guardó esta página. Guardar una "
    "nueva y probar otra vez; si no, no aceptarlo.",
    "La firma no corresponde al contenido: el enlace fue alterado o no lo hizo la Escuela. No aceptarlo como prueba.",
    "La llave que lo firmó fue revocada desde el %(day)s, y no consta que este certificado sea anterior. No aceptarlo "
    "sin consultar en línea.",
    "La firma es de la Escuela, pero el certificado ya no rige.",
    "Se emitió después del %(day)s, cuando se guardó esta página: no se sabe si sigue vigente.",
    "Hasta el %(day)s no constaba anulado ni reemplazado. Lo que pasó después, esta página no lo sabe.",
    "Folio", "A nombre de", "Clase", "Certifica", "Dictado", "Extendido", "%(first)s al %(last)s, %(hours)s horas",
    "Verificar sin conexión")


@dataclass(frozen=True)
class Known:
    """What the page knows. Certificates are named by a mark, which only who holds one can work out."""
    made_at: datetime
    url: str
    name: str
    keys: tuple[dict[str, Any], ...]
    ended: Mapping[str, tuple[str, str, str]]       # mark -> revoked | replaced, when, by which folio
    before: Mapping[str, Sequence[str]]             # revoked key -> marks of what it signed before that


@dataclass(frozen=True)
class Page:
    html: str
    policy: str


def known(session: Session, ring: Ring, now: datetime, url: str) -> Known:
    following = aliased(Certificate)
    rows = session.execute(
        select(Certificate.code, CertificateEnd.kind, CertificateEnd.ended_at, following.folio)
        .join(CertificateEnd, CertificateEnd.certificate_id == Certificate.id)
        .outerjoin(following, following.id == CertificateEnd.replaced_by_id).order_by(Certificate.id))
    ended = {mark(code): (kind, at.isoformat(), by or "") for code, kind, at, by in rows}
    badge = [key for key in ring.known() if key.kind == "badge"]
    before = {key.kid: _signed_before(session, key.kid, key.revoked_at) for key in badge if key.revoked_at}
    keys = tuple({"kid": key.kid, "x": key.jwk["x"], "since": key.since.isoformat(),
                  "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None} for key in badge)
    return Known(now, url, ring.institution.name, keys, ended, before)


def _signed_before(session: Session, kid: str, moment: datetime) -> list[str]:
    """Who stole a key writes any date: that something is older is known only from the register."""
    found = []
    for text in session.scalars(select(Certificate.snapshot).where(Certificate.issued_at < moment)
                                .order_by(Certificate.id)):
        try:
            words = read(Snapshot.from_json(text).link)
        except Unread:
            continue
        if words.kid == kid:
            found.append(mark_of(words.message))
    return found


def page(known: Known, language: str) -> Page:
    """One file without anything from elsewhere; its policy lets run only what it holds."""
    html, style, script, said = _parts()
    policy = (f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; base-uri 'none'; "
              "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
    data = json.dumps({
        "made_at": known.made_at.isoformat(), "url": known.url, "name": known.name, "keys": known.keys,
        "ended": known.ended, "before": known.before, "language": language if language in LANGUAGES else "es",
        "words": {code: {text: load(code).gettext(text) for text in said} for code in LANGUAGES}}, ensure_ascii=False)
    for name, value in (("policy", policy), ("style", style), ("script", script),
                        ("data", data.replace("<", "\\u003c"))):
        html = html.replace("{" + name + "}", value, 1)
    return Page(html, policy)


@cache
def _parts() -> tuple[str, str, str, tuple[str, ...]]:
    """Page, style, script, and every text that is said in three languages."""
    html = (PARTS / "offline.html").read_text("utf-8")
    script = "\n".join(path.read_text("utf-8") for path in sorted(PARTS.glob("offline-*.js")))
    said = tuple(part.partition('"')[0] for part in html.split('data-t="')[1:])
    return html, (PARTS / "offline.css").read_text("utf-8"), script, tuple(dict.fromkeys((*said, *SAID)))


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
