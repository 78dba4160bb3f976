"""Lists of who registered: found by the office, taken away as a table, and the two that hold less or apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.foundation.ods import Value
from lms.people import countries, names
from lms.seminars import asking
from lms.seminars.entries import Head, RegistrationView, registrations
from lms.seminars.questions import Question
from lms.seminars.rules import KINDS
from lms.seminars.standing import STATES, words_of

PAGE = 50                       # lines of a page
HEAD = ("Apellidos y nombres", "Correo", "Tipo", "Estado", "País", "Institución", "Cargo", "Idioma", "Código")
BY_LAW = ("Cargo", "Comuna o institución", "Programa")


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for."""
    words: str = ""
    state: str = ""
    kind: str = ""

    def of(self, views: Iterable[RegistrationView]) -> list[RegistrationView]:
        parts = names.search_key(self.words).split()
        return [v for v in views if (not self.state or v.state == self.state) and (not self.kind or v.kind == self.kind)
                and all(p in names.search_key(f"{v.name} {v.email} {v.institution} {v.short_code}") for p in parts)]


def table(session: Session, seminar_id: int, asked: Asked) -> tuple[list[str], list[list[Value]]]:
    """Heading and rows, with the answers to what is not kept apart. Three statements."""
    views = asked.of(registrations(session, seminar_id))
    questions = [q for q in asking.questions(session, seminar_id, retired=True) if not q.restricted]
    said = asking.answers(session, [v.id for v in views])
    return [*HEAD, *(q.label("es") for q in questions)], [
        [v.formal, v.email, KINDS.get(v.kind, v.kind), STATES[v.state], countries.name(v.country), v.institution,
         v.office, v.language, v.short_code, *_answered(said.get(v.id, {}), questions)] for v in views]


def _answered(said: Mapping[str, str], questions: Sequence[Question]) -> list[Value]:
    return [q.written(said[q.code]) if said.get(q.code) else None for q in questions]


def by_law(session: Session, seminar: Head) -> tuple[list[str], list[list[Value]]]:
    """What the law has published: office, commune, programme, and nothing that tells who: not even by the order."""
    title = words_of("es", seminar.titles)
    rows: list[list[Value]] = [[v.office, v.institution, title]
                               for v in registrations(session, seminar.id, ("confirmed",))]
    return list(BY_LAW), sorted(rows, key=lambda row: (names.search_key(str(row[1])), names.search_key(str(row[0]))))


@dataclass(frozen=True)
class Need:
    """What one person said of accessibility, food …"""
    view: RegistrationView
    told: tuple[tuple[str, str], ...]       # (question, answer)
    counted: tuple[tuple[str, str], ...]    # the same, of several options each by itself


def needs(session: Session, seminar_id: int) -> list[Need]:
    """Of who may come, what they said of what is kept apart. Three statements."""
    apart = [q for q in asking.questions(session, seminar_id, retired=True) if q.restricted]
    views = registrations(session, seminar_id, ("confirmed", "offered"))
    said = asking.answers(session, [v.id for v in views]) if apart else {}
    found = []
    for view in views:
        told = [(q, said.get(view.id, {}).get(q.code, "")) for q in apart]
        each = tuple((q.label("es"), q.written(one)) for q, value in told if value
                     for one in (value.split("\n") if q.kind == "several" else [value]))
        if each:
            found.append(Need(view, tuple((q.label("es"), q.written(value)) for q, value in told if value), each))
    return found


def totals(found: Iterable[Need]) -> list[tuple[str, str, int]]:
    """(question, answer, how many) for the kitchen and for who prepares the room."""
    counted: dict[tuple[str, str], int] = {}
    for question, answer in (pair for need in found for pair in need.counted):
        counted[question, answer] = counted.get((question, answer), 0) + 1
    return sorted(((q, a, n) for (q, a), n in counted.items()), key=lambda row: (row[0], -row[2], row[1]))
