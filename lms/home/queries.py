"""Everything a first page shows, gathered from the rooms below in few statements."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Date as Day
from sqlalchemy import Integer, Text, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.certificates import queries as certificates
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion import queries as completion
from lms.completion.queries import Beside
from lms.completion.rules import Verdict, judge
from lms.foundation.database import Base, Instant
from lms.foundation.ical import Event
from lms.foundation.language import _
from lms.grading import queries as grading
from lms.grading.queries import ItemState
from lms.home.rules import Date, Next, Standing, next_action, standings, upcoming
from lms.lessons import queries as lessons
from lms.seminars import queries as seminars
from lms.seminars.queries import Ahead

MOST_COUNTED = 4                # cohorts whose people are judged on the office's first page; the others are listed
READS = Base.metadata.tables["lesson_reads"]
PERSON = bindparam("person_id", type_=Integer)
# What lessons.read and completion's own page ask apart, asked at once: the page would pass its six statements
# otherwise. tests/web/test_home.py holds it against them.
_TEXT, _NUMBER = cast(null(), Text), cast(null(), Integer)
BESIDES = union_all(*completion.parts(), select(
    literal("read"), PERSON, READS.c.module, READS.c.lesson, _TEXT, _TEXT, _TEXT, _NUMBER, _NUMBER, cast(null(), Day),
    cast(null(), Instant)).where(READS.c.cohort_id == bindparam("cohort"), READS.c.person_id == PERSON),
    seminars.part())


@dataclass(frozen=True)
class Besides:
    """What a person has besides marks: lessons read, and all else that their verdict looks at."""
    read: set[tuple[str, str]]
    verdict: Beside
    seminars: list[Ahead]


def besides(session: Session, cohort_id: int, person_id: int, now: datetime) -> Besides:
    """One statement."""
    rows = list(session.execute(BESIDES, {"cohort": cohort_id, "people": [person_id], "person_id": person_id,
                                          "now": now}))
    return Besides({(row.a, row.b) for row in rows if row.part == "read"}, completion.folded(rows),
                   seminars.ahead(rows))


@dataclass(frozen=True)
class Student:
    """The diploma as one student stands in it."""
    cohort: CohortView
    programme: Programme
    standings: list[Standing]
    next: Next
    dates: list[Date]
    verdict: Verdict
    seminars: list[Ahead] = field(default_factory=list)


def student(session: Session, cohort_id: int, person_id: int, now: datetime) -> Student | None:
    """All of it; the lock of a module and its grade are judged from the same facts."""
    cohort = attempts.own_cohort(session, cohort_id, person_id)
    if cohort is None:
        return None
    programme = catalogue.programme(session, cohort.edition_id)
    facts = grading.facts(session, cohort_id, [person_id])
    results = grading.judged(session, programme, facts, [person_id])[person_id]
    shares = lessons.shares(session, (a for tried in facts.attempts.values() for a in tried))
    more = besides(session, cohort_id, person_id, now)
    verdict = judge(programme, more.verdict.record(person_id, results))
    stand = standings(programme, cohort.calendar, more.read, results, shares, now)
    return Student(cohort, programme, stand, next_action(stand, verdict, now), upcoming(stand, cohort.time_zone, now),
                   verdict, more.seminars)


def events(session: Session, cohort_id: int, person_id: int, url: Callable[[str], str]
           ) -> tuple[str, list[Event]] | None:
    """(the cohort's title, all that opens or is due in it) with this person's own dates. Two statements."""
    cohort = attempts.own_cohort(session, cohort_id, person_id)
    if cohort is None:
        return None
    found = []
    for module in catalogue.programme(session, cohort.edition_id).modules:
        window = cohort.calendar[module.code]
        told = [("abre", window.opens_at, _("Se abre %(title)s"), f"{module.code}: {module.title}")]
        if module.quiz:
            told += [("control-abre", window.quiz_opens_at, _("Se abre: %(title)s"), module.quiz.title),
                     ("control", window.quiz_due, _("Vence: %(title)s"), module.quiz.title)]
        if module.task:
            told.append(("tarea", window.task_due, _("Vence: %(title)s"), module.task.title))
        found += [Event(f"{cohort_id}-{module.code}-{kind}", at, words % {"title": title}, url(module.code))
                  for kind, at, words, title in told if at]
    return cohort.title, found


def running(found: Collection[CohortView], today: date) -> int:
    """Of a person's cohorts the newest that is under way; else the newest."""
    under_way = [c for c in found if c.starts_on <= today <= c.ends_on]
    return max(under_way or found, key=lambda c: (c.starts_on, c.id)).id


@dataclass(frozen=True)
class Overview:
    """A cohort in a few numbers. `counted` is False where nobody was judged."""
    cohort: CohortView
    people: int
    counted: bool = False
    ready: int = 0              # complete and without their certificate
    step: int = 0
    issued: int = 0
    unpublished: tuple[ItemState, ...] = ()


def overviews(session: Session, ids: Collection[int] | None, now: datetime) -> list[Overview]:
    """The cohorts of these ids (None: all), newest first; of those begun the newest ones with what is to be done."""
    found = cohorts.cohorts(session, ids)
    counts = Counter(cohorts.counts(session, [c.id for c in found]))
    begun = [c.id for c in found if c.starts_on <= now.date()][:MOST_COUNTED]
    return [_counted(session, c, counts[c.id]) if c.id in begun else Overview(c, counts[c.id]) for c in found]


def _counted(session: Session, cohort: CohortView, count: int) -> Overview:
    programme = catalogue.programme(session, cohort.edition_id)
    groups = certificates.standing(session, cohort, programme).groups
    unpublished = tuple(s for s in grading.release_state(session, cohort) if s.unpublished)
    return Overview(cohort, count, True, len(groups.ready), len(groups.step), len(groups.issued), unpublished)
