"""What the pages of an attempt show: the questions of a page with what was given, and where the others stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lms.attempts import rules
from lms.attempts.forms import numbered, prefix
from lms.attempts.rules import Given, Sitting
from lms.catalogue.kinds import KINDS, Kind
from lms.catalogue.rules import Option, Question, Quiz
from lms.foundation.language import local
from lms.foundation.walltime import ZONES, elapsed, two_sides

SHOWN = 600                             # characters of the other answer that are shown beside one's own


@dataclass(frozen=True)
class Asked:
    """A question as a page shows it."""
    number: int
    question: Question
    kind: Kind
    prefix: str
    fields: dict[str, tuple[str, ...]]  # what its fields hold
    options: tuple[Option, ...]         # in the order of this attempt


@dataclass(frozen=True)
class Square:
    """A question in the grid of all questions."""
    number: int
    id: str
    page: int
    answered: bool
    partly: bool
    here: bool


@dataclass(frozen=True)
class Leaf:
    """One page of an attempt."""
    number: int
    count: int
    asked: tuple[Asked, ...]
    squares: tuple[Square, ...]
    base: int                           # the newest answer this page knows of

    @property
    def last(self) -> bool:
        return self.number == self.count

    @property
    def answered(self) -> int:
        return sum(square.answered for square in self.squares)


def leaf(sitting: Sitting, quiz: Quiz, given: Mapping[str, Given], wanted: int) -> Leaf:
    """The page asked for, or the nearest there is."""
    count = rules.pages(quiz)
    number = min(max(wanted, 1), count)
    asked = tuple(_asked(sitting, n, q, given) for n, q in numbered(quiz) if rules.page_of(quiz, n) == number)
    return Leaf(number, count, asked, squares(quiz, {k: g.value for k, g in given.items()}, number),
                max((answer.id for answer in given.values()), default=0))


def squares(quiz: Quiz, answers: Mapping[str, str], here: int = 0) -> tuple[Square, ...]:
    return tuple(Square(n, q.id, rules.page_of(quiz, n), not KINDS[q.kind].is_blank(answers.get(q.id, "")),
                        rules.partly(q, answers.get(q.id, "")), rules.page_of(quiz, n) == here)
                 for n, q in numbered(quiz))


def _asked(sitting: Sitting, number: int, question: Question, given: Mapping[str, Given]) -> Asked:
    kind = KINDS[question.kind]
    value = given[question.id].value if question.id in given else ""
    return Asked(number, question, kind, prefix(number), kind.given(question, value),
                 kind.choices(question, sitting.seed))


def told(quiz: Quiz, question: str, other: Given, key: str, zone: str) -> dict[str, Any]:
    """An answer another device gave, as the script shows it and puts it back."""
    number, q = next((n, q) for n, q in numbered(quiz) if q.id == question)
    fields = KINDS[q.kind].given(q, other.value)
    return {"fields": [[prefix(number) + name, value] for name, values in fields.items() for value in values],
            "key": key, "at": f"{local(other.saved_at, zone):%H:%M:%S}",
            "shown": KINDS[q.kind].shown(q, other.value)[:SHOWN]}


def sides(instant: datetime, ours: str, theirs: str) -> list[tuple[str, str]]:
    """An instant from both sides, as `m.sides` shows it."""
    return [(f"{wall}\u00a0h", place) for wall, place in two_sides(instant, ours, theirs)]


def minutes_left(sitting: Sitting, now: datetime) -> int | None:
    """Whole minutes until the bell, rounded up; None where there is none."""
    if sitting.ends_at is None:
        return None
    return max(-(elapsed(sitting.ends_at, now) // rules.MINUTE), 0)


def zone(wanted: str, otherwise: str = "America/Santiago") -> str:
    """A time zone named by a page for its clock, if it is one we show."""
    if wanted in ZONES:
        return wanted
    if not (wanted.startswith("America/Argentina/") and wanted[18:].replace("_", "").isalpha()):
        return otherwise
    try:
        return ZoneInfo(wanted).key
    except ZoneInfoNotFoundError:
        return otherwise
