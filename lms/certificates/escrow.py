"""The bundle a university keeps: keys, register, offline page and a checker of its own, so that every paper can still
be checked when this server is gone. Of a certificate it says folio, hash, state and dates; no grade, no document."""

import json
import zipfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lms.badges import queries as badges
from lms.badges.documents import Issuing
from lms.certificates import offline
from lms.certificates.link import mark
from lms.certificates.models import Certificate, CertificateEnd
from lms.certificates.rules import KINDS
from lms.seals import queries as seals
from lms.seals.queries import PublicKey, Ring

FORMAT = "lms-escrow 1"                 # with it begins what the key signs, and nothing else it signs does
HERE = Path(__file__).parent


def pack(session: Session, ring: Ring, issuing: Issuing, now: datetime, target: Path) -> int:
    """Write the bundle; returns how many certificates it knows. Another file of this name is replaced only when the new
    one is whole."""
    known = offline.known(session, ring, now, issuing.base_url)
    files = {
        "LEAME.txt": (HERE / "static" / "escrow-es.txt").read_bytes(),
        "README.txt": (HERE / "static" / "escrow-en.txt").read_bytes(),
        "verify.py": (HERE / "standalone.py").read_bytes(),
        "verificar-sin-conexion.html": offline.page(known, "es").html.encode(),
        "did.json": _json(badges.controller(issuing, badges.ring())),
        **{f"keys/{key.kind}-{key.kid}.pem": key.pem.encode() for key in ring.public()}}
    if any(key.kind == "authority" for key in ring.known()):
        files["keys/revoked.crl"] = ring.revocations(now)
    certificates = register(session)
    kid, key = ring.ed25519
    told = _json({
        "format": FORMAT, "made_at": now.isoformat(), "signed_by": kid, "name": ring.institution.name,
        "country": ring.institution.country, "url": issuing.base_url, "issuer": issuing.id,
        "status_lists": issuing.status_url, "keys": [told_key(one) for one in ring.known()],
        "signed_before_revocation": known.before,
        "files": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
        "certificates": certificates})
    temporary = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, "register.json": told, "register.sig": key.sign(told)}.items():
            archive.writestr(name, content)
    temporary.replace(target)
    return len(certificates)


def register(session: Session) -> list[dict[str, Any]]:
    """Every certificate there ever was, by number."""
    following, stamped = aliased(Certificate), seals.versions(session)
    rows = session.execute(
        select(Certificate.id, Certificate.folio, Certificate.kind, Certificate.code, Certificate.sha256,
               Certificate.issued_at, CertificateEnd.kind, CertificateEnd.ended_at, CertificateEnd.reason,
               following.folio)
        .outerjoin(CertificateEnd, CertificateEnd.certificate_id == Certificate.id)
        .outerjoin(following, following.id == CertificateEnd.replaced_by_id).order_by(Certificate.id))
    return [{"folio": folio, "index": number, "kind": KINDS.get(kind, kind), "mark": mark(code), "sha256": digest,
             "stamped": stamped.get(digest, []), "issued_at": issued_at.isoformat(), "state": end or "valid",
             **({"ended_at": at.isoformat(), "reason": reason, "replaced_by": by} if end else {})}
            for number, folio, kind, code, digest, issued_at, end, at, reason, by in rows]


def told_key(key: PublicKey) -> dict[str, Any]:
    return {"kid": key.kid, "kind": key.kind, "jwk": key.jwk, "pem": key.pem, "since": key.since.isoformat(),
            "until": key.until.isoformat() if key.until else None,
            "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None, "reason": key.reason}


def _json(value: Any) -> bytes:
    """Its format stands first, since names keep their order."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
