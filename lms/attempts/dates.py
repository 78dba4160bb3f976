"""A cohort's calendar as one person goes by it: more time given to them, and the exceptions of their quizzes."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import bindparam, case, or_, select, union_all
from sqlalchemy.orm import Session

from lms.attempts.models import QuizOverride
from lms.attempts.plan import Allowance
from lms.attempts.planned import granted, merged
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import MoreTime

PERSON, GROUP = "exception", "group exception"      # whose the exception is, among what cohorts.MORE_TIME tells
_O = QuizOverride.__table__.c
OWN = union_all(*cohorts.MORE_TIME_PARTS, select(
    _O.module, case((_O.person_id.is_not(None), PERSON), else_=GROUP), _O.content, _O.id).where(
        _O.cohort_id == bindparam("cohort"),
        or_(_O.person_id == bindparam("person"), _O.institution_id == cohorts.INSTITUTION))).order_by("id")


def cohort(session: Session, cohort_id: int, person_id: int) -> CohortView | None:
    """A cohort with all dates as they are for this person. Two statements."""
    told = [MoreTime(*row[:3]) for row in session.execute(OWN, {"cohort": cohort_id, "person": person_id})]
    found = cohorts.cohort(session, cohort_id, more=[more for more in told if more.item not in (PERSON, GROUP)])
    own = allowances(more for more in told if more.item in (PERSON, GROUP))
    if found is None or not own:
        return found
    return replace(found, calendar={code: own[code].dates(window) if code in own else window
                                    for code, window in found.calendar.items()})


def allowances(told: Iterable[MoreTime]) -> dict[str, Allowance]:
    """Module -> what its exceptions grant, first to last as they were made: the last of each holds, the person's own
    goes before their institution's."""
    last = {(one.module, one.item): one.due_local for one in told}
    return {module: merged(granted(last[module, whose]) for whose in (PERSON, GROUP) if last.get((module, whose)))
            for module, _whose in last}
