"""Everything a first page shows, gathered from the rooms below in few statements."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.certificates import queries as certificates
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion.rules import Record, Verdict, judge
from lms.credits import queries as credits
from lms.credits.rules import Hours
from lms.grading import queries as grading
from lms.grading.queries import ItemState
from lms.home.rules import Date, Next, Standing, next_action, standings, upcoming
from lms.lessons import queries as lessons
from lms.people import queries as people

MOST_COUNTED = 4                # cohorts whose people are judged on the office's first page; the others are listed


@dataclass(frozen=True)
class Student:
    """The diploma as one student stands in it."""
    cohort: CohortView
    programme: Programme
    standings: list[Standing]
    next: Next
    dates: list[Date]
    verdict: Verdict
    hours: Hours


def student(session: Session, cohort_id: int, person_id: int, now: datetime) -> Student | None:
    """All of it; the lock of a module and its grade are judged from the same facts."""
    cohort = cohorts.cohort(session, cohort_id, person_id)
    if cohort is None:
        return None
    programme = catalogue.programme(session, cohort.edition_id)
    facts = grading.facts(session, cohort_id, [person_id])
    results = grading.judged(session, programme, facts, [person_id])[person_id]
    shares = lessons.shares(session, (a for tried in facts.attempts.values() for a in tried))
    hours = credits.hours(session, cohort_id, [person_id]).get(person_id, Hours())
    confirmed = people.certificate_name(session, person_id)[1] is not None
    verdict = judge(programme, Record(results, hours, confirmed))
    stand = standings(programme, cohort.calendar, lessons.read(session, cohort_id, person_id), results, shares, now)
    return Student(cohort, programme, stand, next_action(stand, verdict, now), upcoming(stand, cohort.time_zone, now),
                   verdict, hours)


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
    """The cohorts of these ids (None: all), newest first; of those begun, the newest with what is to be done in them."""
    found = cohorts.cohorts(session, ids)
    counts = Counter(cohorts.counts(session, [c.id for c in found]))
    begun = [c.id for c in found if c.starts_on <= now.date()][:MOST_COUNTED]
    return [_counted(session, c, counts[c.id]) if c.id in begun else Overview(c, counts[c.id]) for c in found]


def _counted(session: Session, cohort: CohortView, count: int) -> Overview:
    programme = catalogue.programme(session, cohort.edition_id)
    groups = certificates.standing(session, cohort, programme).groups
    unpublished = tuple(s for s in grading.release_state(session, cohort) if s.unpublished)
    return Overview(cohort, count, True, len(groups.ready), len(groups.step), len(groups.issued), unpublished)
