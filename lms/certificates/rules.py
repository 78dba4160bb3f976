"""Folios, codes, who may be given a certificate, and what a stranger may read of one. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from unicodedata import normalize

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from lms.certificates.kinds import KINDS as KNOWN
from lms.certificates.snapshot import Snapshot
from lms.certificates.terms import kind_line, words
from lms.completion.rules import Verdict, lacking, overview
from lms.foundation.spanish import long_date, period

SERIES = {code: kind.series for code, kind in KNOWN.items() if kind.series}
KINDS = {code: str(words("es")[code]["kind"]) for code in SERIES}
STATES = {"valid": "Vigente", "revoked": "Anulado", "replaced": "Reemplazado"}
BITS = 130                                          # of a code: 26 letters and figures of 5 bits each
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"       # Crockford: no I, L, O or U to be misread
MISREAD = str.maketrans("OIL", "011")
SHAPE = re.compile(r"([A-Z]{2,10})(\d{4})(\d{6})(\d{2})")


class Mistyped(ValueError):
    """A folio or a code that can not be one; the message is for who typed it."""


def folio(series: str, year: int, number: int) -> str:
    """"EGL-2027-000123-04": the last two figures (ISO 7064 MOD 97-10) catch any one slip and any two swapped."""
    digits = mod_97_10.calc_check_digits(f"{series}{year:04}{number:06}")
    return f"{series}-{year:04}-{number:06}-{digits}"


def read_folio(typed: str) -> str:
    """The folio as it is kept, however it was typed; raises Mistyped with what to look at."""
    packed = "".join(c for c in normalize("NFKC", typed[:200]).upper() if c.isalnum())
    if not (found := SHAPE.fullmatch(packed)) or not packed.isascii():
        raise Mistyped("Un folio es como EGL-2027-000123-04: letras, año, seis cifras y dos de control. "
                       "Copiarlo tal como está en el papel.")
    try:
        mod_97_10.validate(packed)
    except ValidationError:
        raise Mistyped("El folio no calza con sus dos últimas cifras. Compararlo con el papel: puede haber una cifra "
                       "equivocada o dos cambiadas de lugar.") from None
    return "-".join(found.groups())


def code(bits: int) -> str:
    """A random number of 130 bits as 26 letters and figures."""
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(BITS // 5)))


def read_code(typed: str) -> str:
    """The code as it is kept: case, spaces and dashes forgiven, O read as 0, I and L as 1."""
    packed = "".join(c for c in normalize("NFKC", typed[:200]).upper() if c.isalnum()).translate(MISREAD)
    if len(packed) != BITS // 5 or set(packed) - set(ALPHABET):
        raise Mistyped("El código tiene 26 letras y cifras. Está al pie del certificado, en grupos de "
                       "cuatro.")
    return packed


def grouped(text: str) -> str:
    """A code as the paper shows it."""
    return " ".join(text[i:i + 4] for i in range(0, len(text), 4))


@dataclass(frozen=True)
class End:
    """How a certificate stopped holding."""
    kind: str                       # revoked | replaced
    reason: str
    at: datetime
    by_folio: str = ""              # of the one that replaces it
    by_code: str = ""


def state(end: End | None) -> str:
    return end.kind if end else "valid"


@dataclass(frozen=True)
class Public:
    """All that the public page shows: no grade, no address, and of the document only how it ends."""
    kind: str
    folio: str
    holder: str
    document: str                   # "RUN terminado en 9-2"
    title: str
    given: str
    hours: int
    credit: str                     # "10 SCT-Chile"
    issued: str
    institutions: tuple[str, ...]
    minutes: int = 0                # beyond the hours


def public(s: Snapshot) -> Public:
    whole = s.title if s.title == s.programme else f"{s.title} ({s.programme})"
    place = f"en {s.place}, " if s.place else ""
    return Public(kind_line(replace(s, language="es")), s.folio, s.holder_name, tail(s.holder_document), whole,
                  place + period(s.started_on, s.ended_on), s.hours, s.credits[0] if s.credits else "",
                  f"{s.issued_place}, {long_date(s.issued_on)}", s.institutions, s.minutes)


def tail(document: str) -> str:
    """"RUN 12.531.909-2" -> "RUN terminado en 9-2"; nothing of a document too short to hide the rest."""
    label, _, number = document.partition(" ")
    return f"{label} terminado en {number[-3:]}" if sum(c.isalnum() for c in number) >= 7 else ""


def refusal(verdict: Verdict, module: str | None, *, enrolled: bool, name_confirmed: bool, signed: bool) -> str | None:
    """Why this person can not be given this certificate now, with what to do; None when they can."""
    if not enrolled:
        return "No está inscrita en la cohorte, o se retiró. Revisar la nómina."
    if module is None and not verdict.complete:
        return f"Falta {lacking(verdict)}. Se emite cuando se cumplan todos los requisitos."
    if module is not None and not verdict.passed(module):
        return f"No ha aprobado {module}. El certificado se emite con el módulo aprobado y su nota publicada."
    if not name_confirmed:
        return "No ha confirmado el nombre del certificado. Pedirle que lo confirme en su cuenta."
    if not signed:
        return "La cohorte no tiene quien firme. Agregar los firmantes en los datos de la cohorte."
    return None


def participation_refusal(verdict: Verdict, *, ended: bool) -> str | None:
    """Why this person is given no certificate of participation; None when they are: it is for who was there to the end
    and did not pass."""
    if not ended:
        return "La cohorte no ha terminado: todavía puede aprobar el diploma."
    if verdict.complete:
        return "Cumple todos los requisitos: le corresponde el diploma."
    asked = [item for item in verdict.leaves if item.kind == "attendance"]
    if not (all(item.done for item in asked) if asked else any(i.done for i in verdict.leaves if i.module)):
        return "No alcanzó la asistencia que pide el programa."
    return None


@dataclass(frozen=True)
class Groups:
    """People of a cohort by what can be done for them; each person stands in one group."""
    ready: tuple[int, ...]          # may be given it now, all at once
    again: tuple[int, ...]          # theirs was revoked: only one by one, on purpose
    step: tuple[int, ...]
    pending: tuple[int, ...]
    issued: tuple[int, ...]


def groups(verdicts: Mapping[int, Verdict], module: str | None, living: Collection[int],
           revoked: Collection[int], confirmed: Collection[int]) -> Groups:
    """`living`: who holds one; `revoked`: whose last one was revoked; `confirmed`: whose printed name is settled."""
    rest = {p: v for p, v in verdicts.items() if p not in living}
    fit = [p for p, v in rest.items()
           if (v.complete if module is None else p in confirmed and v.passed(module))]
    step = overview({p: v for p, v in rest.items() if p not in fit})["step"] if module is None else []
    return Groups(tuple(p for p in fit if p not in revoked), tuple(p for p in fit if p in revoked), tuple(step),
                  tuple(p for p in rest if p not in fit and p not in step), tuple(p for p in verdicts if p in living))
