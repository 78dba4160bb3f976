"""What papers need of the rooms of seminars and internships: pure values, and where they come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class AttendanceFacts:
    """Somebody who registered for a seminar, and the hours they earned there; none: they were not there enough."""
    seminar_id: int
    registration_id: int
    person_id: int | None
    name: str
    email: str
    hours: Fraction
    title: str                          # of the seminar, in the language asked for
    place: str                          # "Viña del Mar"; "" of one that is only online
    online: bool                        # nobody had to come
    organisers: tuple[str, ...]
    started_on: date
    ended_on: date
    over: bool = True                   # before that nobody has earned anything
    language: str = "es"                # in which they registered
    titles: Mapping[str, str] = field(default_factory=dict)

    def told_in(self, language: str) -> "AttendanceFacts":
        """The same with the seminar's title in another language, where it has one."""
        return replace(self, title=self.titles.get(language) or self.title)


@dataclass(frozen=True)
class InternshipFacts:
    """A closed placement."""
    placement_id: int
    person_id: int
    host: str
    place: str                          # "Rosario, Argentina"
    started_on: date
    ended_on: date
    hours: Fraction                     # validated
    credits: Fraction
    grade: str = ""                     # "6,2", in the cohort's scale, where there is one


@dataclass(frozen=True)
class Facts:
    """Where they come from; by default from nowhere."""
    attended: Callable[[Session, int, datetime, str], Sequence[AttendanceFacts]] = (
        lambda session, seminar_id, now, language: ())
    closed: Callable[[Session, int], Sequence[InternshipFacts]] = lambda session, cohort_id: ()


def whole(hours: Fraction) -> tuple[int, int]:
    """(hours, minutes beyond them): what is less than a minute is not said."""
    minutes = int(hours * 60)
    return minutes // 60, minutes % 60
