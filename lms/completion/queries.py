"""Verdicts of people, gathered from the rooms below."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.cohorts.queries import CohortView
from lms.completion.rules import Record, Verdict, judge
from lms.credits import queries as credits
from lms.credits.rules import Hours
from lms.grading import queries as grading
from lms.people import queries as people


def verdicts(session: Session, cohort: CohortView, programme: Programme,
             person_ids: Iterable[int]) -> dict[int, Verdict]:
    """Person id -> verdict. As many statements for a thousand people as for one."""
    ids = list(person_ids)
    results = grading.results(session, cohort, programme, ids)
    hours = credits.hours(session, cohort.id, ids)
    names = people.certificate_names(session, ids)
    return {i: judge(programme, Record(results.get(i, {}), hours.get(i, Hours()), i in names)) for i in ids}
