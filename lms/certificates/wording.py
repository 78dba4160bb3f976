"""The sentences of a certificate, in the formal Spanish of both countries."""

import re
from urllib.parse import urlsplit

from lms.certificates.snapshot import Snapshot
from lms.foundation.paper.furniture import Figure
from lms.foundation.spanish import feminine, listed, long_date, of_the, period, with_article

KIND_LINE = {"final": "Certificado de aprobación", "module": "Certificado de aprobación de módulo"}
NUMBER = re.compile(r"^(\d[\d.,]*) (.+)$")


def opening(s: Snapshot) -> str:
    """"La Escuela de … y la Universidad … certifican que doña"."""
    bodies = listed([with_article(name) for name in s.institutions])
    verb = "certifican" if len(s.institutions) > 1 else "certifica"
    return f"{bodies[:1].upper()}{bodies[1:]} {verb} que{f' {s.treatment}' if s.treatment else ''}"


def passed(s: Snapshot) -> str:
    """What follows the document: ", aprobó el"."""
    return "aprobó el módulo" if s.kind == "module" else f"aprobó {with_article(s.programme).split(' ')[0]}"


def course(s: Snapshot) -> tuple[str, str, str, str, str]:
    """When, how long and with what result; the second and fourth parts are those to stand out."""
    whole = f"{of_the(s.programme)}, " if s.kind == "module" else ""
    given = "dictado" if s.kind == "module" or not feminine(s.programme) else "dictada"
    hours = f"{s.hours}\u00a0horas" if s.hours != 1 else "1\u00a0hora"
    credit = f" ({_tied(s.credits[0])})" if s.credits else ""
    start = f"{whole}{given} {_dated(period(s.started_on, s.ended_on))}, con una duración de "
    if not s.grade:
        return start, hours + credit, ".", "", ""
    words = f" ({s.grade_words})" if s.grade_words else ""
    grade = ", con\u00a0nota " if s.kind == "module" else ", con\u00a0nota final "
    return start, hours + credit, grade, s.grade + words, f", en {s.scale}." if s.scale else "."


def issue(s: Snapshot) -> str:
    return f"Se extiende el presente certificado en {s.issued_place}, a {_dated(long_date(s.issued_on))}."


def no_degree(s: Snapshot) -> str:
    """Said on every paper: a diploma of further education gives no title and no degree."""
    first, *_ = s.programme.split(" ")
    this = "Esta" if feminine(s.programme) else "Este"
    return f"{this} {first.lower()} no conduce a título profesional ni a grado académico."


def summary(s: Snapshot) -> list[Figure]:
    """The row of figures; what a certificate does not say leaves no empty cell."""
    cells = [Figure("Duración", str(s.hours), "horas" if s.hours != 1 else "hora")]
    if s.credits:
        number, unit = _figure(" · ".join(s.credits))
        cells.append(Figure("Créditos", number, unit))
    if s.grade:
        cells.append(Figure("Nota" if s.kind == "module" else "Nota final", s.grade, s.grade_words))
    if s.equivalence:
        number, unit = _figure(re.sub("^equivalencia referencial:? ", "", s.equivalence, flags=re.I))
        cells.append(Figure("Equivalencia referencial", number, unit))
    return cells


def verify_place(s: Snapshot) -> str:
    """The address a person types and that asks for folio and code: "escuela.example.cl/verificar"."""
    address = urlsplit(s.verify_url)
    return address.netloc + address.path.removesuffix(f"/v/{s.folio}/{s.code}").rstrip("/") + "/verificar"


def _figure(text: str) -> tuple[str, str]:
    found = NUMBER.match(text)
    return (found[1], found[2]) if found else ("", text)


def _tied(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _dated(text: str) -> str:
    """A day does not part from its month."""
    return re.sub(r"(\d) de (?=[a-z])", "\\1\u00a0de\u00a0", text)
