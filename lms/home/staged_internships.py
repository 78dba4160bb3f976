"""The internships of the demonstration: two closed, one going on, one waiting for its host, one that is not covered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from lms.catalogue.rules import Programme
from lms.cohorts.queries import CohortView
from lms.home import staged_offers
from lms.home.stage import Demo, Here, delivered, told
from lms.home.staged_hosts import HILL, SAFETY, VALLEY, WASTE
from lms.home.staged_journey import Journey
from lms.internships.source import GROUP, NAME, Internships


def made(demo: Demo, cohorts: Mapping[str, CohortView], programme: Programme, agreements: Mapping[str, int]
         ) -> list[int]:
    """Offers, placements, and what became of each by now. Returns those that are closed."""
    ours, theirs = staged_offers.offered(demo, cohorts, agreements)
    closed = [_closed(demo, cohorts["CL"], programme, placement, n)
              for n, placement in enumerate((*ours[1:], *staged_offers.arranged(demo, cohorts["CL"], agreements)))]
    for hours in (30, 3):
        _told(demo, list(cohorts.values()), demo.now - timedelta(hours=hours))
    waiting = [Journey(demo, placement, HILL, SAFETY, demo.monday(36 + 14 * n), academic)
               for n, (placement, academic) in enumerate(zip(theirs, ("docente", "docente.escuela"), strict=False))]
    for journey in waiting[1:]:
        _uncovered(journey)
    going = Journey(demo, ours[0], VALLEY, WASTE, demo.monday(-14), "docente", weeks=4)
    _going_on(going)
    delivered(demo)
    going.ask_for_week(1)
    for journey in waiting[:1]:
        journey.planned(demo.now - timedelta(hours=21), host=False)
    return closed


def _closed(demo: Demo, cohort: CohortView, programme: Programme, placement: int, nth: int) -> int:
    """From the plan to the closing, with both weeks signed and all three evaluations."""
    host, task, academic = ((VALLEY, WASTE, "docente"), (HILL, SAFETY, "docente.escuela"))[nth % 2]
    journey = Journey(demo, placement, host, task, demo.monday(-62 + 7 * nth), academic)
    start = journey.starts
    journey.planned(start - timedelta(days=21))
    journey.allowed(start - timedelta(days=12))
    journey.begun()
    for week in (0, 1):
        journey.logged(week)
        journey.signed(week)
    journey.reviewed()
    journey.reported(start + timedelta(days=18))
    journey.close(start + timedelta(days=25), cohort, programme)
    return placement


def _going_on(journey: Journey) -> None:
    """Two weeks of the log: the first is signed, the second waits for it."""
    journey.planned(journey.starts - timedelta(days=24))
    journey.allowed(journey.starts - timedelta(days=15))
    journey.begun()
    for week in (0, 1):
        journey.logged(week)
    journey.signed(0)
    journey.reviewed()


def _uncovered(journey: Journey) -> None:
    """All three have approved the plan; the insurance ends some days too soon."""
    journey.planned(journey.demo.now - timedelta(days=9))
    journey.insured(journey.demo.now - timedelta(days=3), short=4)


def _told(demo: Demo, cohorts: Sequence[CohortView], when: datetime) -> None:
    """The ledger takes the closings, as it does once a day."""
    for cohort in cohorts:
        told(demo, cohort, when, NAME, GROUP,
             list(Internships(Here(demo.session)).credits(cohort.code, None)))
