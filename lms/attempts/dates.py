"""A cohort's calendar as one person goes by it: more time given to them, and the exceptions of their quizzes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from lms.attempts.models import Attempt, QuizOverride, Submission
from lms.attempts.plan import Allowance
from lms.attempts.planned import granted, merged
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import MoreTime, Window, extended
from lms.foundation.database import Instant

PERSON, GROUP = "exception", "group exception"      # whose the exception is, among what cohorts.MORE_TIME tells
_O = QuizOverride.__table__.c
OWN = union_all(*cohorts.MORE_TIME_PARTS, select(
    _O.module, case((_O.person_id.is_not(None), PERSON), else_=GROUP), _O.content, _O.id).where(
        _O.cohort_id == bindparam("cohort"),
        or_(_O.person_id == bindparam("person"), _O.institution_id == cohorts.INSTITUTION))).order_by("id")

_ALL = union_all(*cohorts.ALL_MORE_TIME_PARTS, select(
    _O.person_id, _O.institution_id, _O.module, case((_O.person_id.is_not(None), PERSON), else_=GROUP), _O.content,
    _O.id).where(_O.cohort_id == bindparam("cohort"))).subquery()
ALL_OWN = select(*[c for c in _ALL.c if c.name != "id"]).order_by(_ALL.c.id)

LAST_DONE = union_all(
    select(Attempt.person_id, func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at), type_=Instant)).where(
        Attempt.cohort_id == bindparam("cohort")).group_by(Attempt.person_id),
    select(Submission.person_id, func.max(Submission.handed_in_at)).where(
        Submission.cohort_id == bindparam("cohort")).group_by(Submission.person_id))


def cohort(session: Session, cohort_id: int, person_id: int) -> CohortView | None:
    """A cohort with all dates as they are for this person. Two statements."""
    told = [MoreTime(*row[:3]) for row in session.execute(OWN, {"cohort": cohort_id, "person": person_id})]
    found = cohorts.cohort(session, cohort_id, more=[more for more in told if more.item not in (PERSON, GROUP)])
    own = allowances(more for more in told if more.item in (PERSON, GROUP))
    if found is None or not own:
        return found
    return replace(found, calendar={code: own[code].dates(window) if code in own else window
                                    for code, window in found.calendar.items()})


def apart(session: Session, cohort: CohortView, institutions: Mapping[int, int | None]) -> dict[int, dict[str, Window]]:
    """Person -> the calendar as it is for them, of those whose dates are not everybody's. `institutions`: of each
    person. One statement for a whole cohort."""
    own: dict[int, list[MoreTime]] = {}
    groups: dict[int, list[MoreTime]] = {}
    for person, institution, module, item, text in session.execute(ALL_OWN, {"cohort": cohort.id}):
        place, key = (own, person) if person is not None else (groups, institution)
        place.setdefault(key, []).append(MoreTime(module, item, text))
    found = {}
    for person, institution in institutions.items():
        told = [*groups.get(institution or 0, ()), *own.get(person, ())]
        if told:
            found[person] = theirs(cohort, told)
    return found


def theirs(cohort: CohortView, told: Sequence[MoreTime]) -> dict[str, Window]:
    """A cohort's calendar with all that was told of one person's dates: more time, and exceptions of their quizzes."""
    found = extended(cohort.calendar, cohort.starts_on, cohort.time_zone,
                     [more for more in told if more.item not in (PERSON, GROUP)])
    own = allowances(more for more in told if more.item in (PERSON, GROUP))
    return {code: own[code].dates(window) if code in own else window for code, window in found.items()}


def last_done(session: Session, cohort_id: int) -> dict[int, datetime]:
    """Person -> when they last began or handed in a quiz, or handed in a task. One statement."""
    found: dict[int, datetime] = {}
    for person, at in session.execute(LAST_DONE, {"cohort": cohort_id}):
        found[person] = max(found.get(person, at), at)
    return found


def allowances(told: Iterable[MoreTime]) -> dict[str, Allowance]:
    """Module -> what its exceptions grant, first to last as they were made: the last of each holds, the person's own
    goes before their institution's."""
    last = {(one.module, one.item): one.due_local for one in told}
    return {module: merged(granted(last[module, whose]) for whose in (PERSON, GROUP) if last.get((module, whose)))
            for module, _whose in last}
