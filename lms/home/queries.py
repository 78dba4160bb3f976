"""Everything a first page shows, gathered from the rooms below in few statements."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import Date as Day
from sqlalchemy import Integer, String, bindparam, cast, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.certificates import queries as certificates
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion.rules import Record, Verdict, judge
from lms.credits.rules import Entry, Hours, total
from lms.foundation.database import Base
from lms.foundation.language import _
from lms.grading import queries as grading
from lms.grading.queries import ItemState
from lms.home.ical import Event
from lms.home.rules import Date, Next, Standing, next_action, standings, upcoming
from lms.lessons import queries as lessons

MOST_COUNTED = 4                # cohorts whose people are judged on the office's first page; the others are listed
READS, CREDITS, PEOPLE = (Base.metadata.tables[name] for name in ("lesson_reads", "credits", "people"))
COHORT, PERSON = bindparam("cohort_id", type_=Integer), bindparam("person_id", type_=Integer)
NOTHING = (cast(null(), Integer), cast(null(), Integer), cast(null(), Day))
# What lessons.read, credits.hours and people.certificate_name ask one by one, asked at once: the page would pass its
# six statements otherwise. tests/web/test_home.py holds it against the three.
BESIDES = union_all(
    select(literal("read").label("part"), READS.c.module.label("one"), READS.c.lesson.label("two"), *NOTHING)
    .where(READS.c.cohort_id == COHORT, READS.c.person_id == PERSON),
    select(literal("hours"), CREDITS.c.kind, type_coerce(CREDITS.c.hours, String), CREDITS.c.id, CREDITS.c.withdraws_id,
           CREDITS.c.day).where(CREDITS.c.cohort_id == COHORT, CREDITS.c.person_id == PERSON),
    select(literal("name"), literal(""), literal(""), *NOTHING)
    .where(PEOPLE.c.id == PERSON, PEOPLE.c.certificate_name_confirmed_at.is_not(None)))


@dataclass(frozen=True)
class Besides:
    """What a person has besides marks: lessons read, hours, and whether their printed name is confirmed."""
    read: set[tuple[str, str]]
    hours: Hours
    name_confirmed: bool


def besides(session: Session, cohort_id: int, person_id: int) -> Besides:
    """One statement."""
    read, entries, confirmed = set(), [], False
    for part, one, two, credit_id, withdraws_id, day in session.execute(
            BESIDES, {"cohort_id": cohort_id, "person_id": person_id}):
        if part == "read":
            read.add((one, two))
        elif part == "hours":
            entries.append(Entry(credit_id, "", "", one, person_id, "", Fraction(two), day, withdraws_id=withdraws_id))
        else:
            confirmed = True
    return Besides(read, total(entries).get(person_id, Hours()), confirmed)


@dataclass(frozen=True)
class Student:
    """The diploma as one student stands in it."""
    cohort: CohortView
    programme: Programme
    standings: list[Standing]
    next: Next
    dates: list[Date]
    verdict: Verdict


def student(session: Session, cohort_id: int, person_id: int, now: datetime) -> Student | None:
    """All of it; the lock of a module and its grade are judged from the same facts."""
    cohort = attempts.own_cohort(session, cohort_id, person_id)
    if cohort is None:
        return None
    programme = catalogue.programme(session, cohort.edition_id)
    facts = grading.facts(session, cohort_id, [person_id])
    results = grading.judged(session, programme, facts, [person_id])[person_id]
    shares = lessons.shares(session, (a for tried in facts.attempts.values() for a in tried))
    more = besides(session, cohort_id, person_id)
    verdict = judge(programme, Record(results, more.hours, more.name_confirmed))
    stand = standings(programme, cohort.calendar, more.read, results, shares, now)
    return Student(cohort, programme, stand, next_action(stand, verdict, now), upcoming(stand, cohort.time_zone, now),
                   verdict)


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
