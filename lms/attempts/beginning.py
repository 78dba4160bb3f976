"""Beginning an attempt: may it begin, what does it ask, when does it end."""

from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import randbelow

from sqlalchemy.orm import Session

from lms.attempts import drawing, finishing, queries, rules, sheets
from lms.attempts.drawing import Incomplete
from lms.attempts.models import Attempt
from lms.attempts.once import insert_once
from lms.attempts.planned import Planned, planned
from lms.attempts.rules import Refusal, Sitting
from lms.attempts.sheets import Asked
from lms.catalogue.rules import Module, Quiz
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import Locked, Window
from lms.foundation import audit, journal, outbox


class Refused(Exception):
    """The rules say no."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.why)
        self.refusal = refusal


def start(session: Session, actor_id: int, now: datetime, cohort: CohortView, module: Module,
          locked: Locked | None, password: str = "", plan: Planned | None = None) -> Sitting:
    """Begin an attempt of the actor's, or go on with the one that runs: a double tap starts one."""
    plan = plan or planned(session, cohort.id, cohort.edition_id, module, actor_id)
    if plan is None:
        raise LookupError(f"{module.code} has no quiz")
    due = plan.window(cohort.calendar.get(module.code) or Window(module.code)).quiz_due
    tried = queries.sittings(session, cohort.id, actor_id, module.code)
    if found := rules.running(tried):
        if not rules.overdue(found, now):
            return found
        finishing.ring(session, now, [found])
        tried = queries.sittings(session, cohort.id, actor_id, module.code)
    if refusal := rules.may_start(locked, due, plan.quiz.attempts, tried, now, plan.quiz.wait_minutes):
        raise Refused(refusal)
    if not opens(plan.quiz, password):
        raise Refused(Refusal("password"))
    _begin(session, actor_id, now, cohort, module, plan, len(tried) + 1, due)
    found = rules.running(queries.sittings(session, cohort.id, actor_id, module.code))
    if found is None:                   # the other tap has already handed it in: possible only by hand-made requests
        raise Refused(Refusal("used_up"))
    return found


def opens(quiz: Quiz, password: str) -> bool:
    """Whether this is the quiz's password, if it has one."""
    return not quiz.password or compare_digest(quiz.password.strip().encode(), password.strip().encode())


def _begin(session: Session, actor_id: int, now: datetime, cohort: CohortView, module: Module, plan: Planned,
           number: int, due: datetime | None) -> None:
    quiz, seed = plan.quiz, randbelow(1 << 31)
    given = _given(session, plan, cohort, module, actor_id, number, seed)
    ends = rules.bell(now, quiz.minutes, due)
    grace = ends + timedelta(minutes=quiz.grace_minutes) if ends and quiz.time_up == "grace" else None
    digest = sheets.keep(session, given.quiz, given.places) if given else None
    row = {"cohort_id": cohort.id, "person_id": actor_id, "module": module.code, "edition_id": cohort.edition_id,
           "number": number, "seed": seed, "started_at": now, "ends_at": ends, "sheet": digest, "grace_until": grace,
           "submitted_at": None, "by_clock": False, "page": 1}
    begun = insert_once(session, Attempt, [row])
    if not begun:
        return
    journal.note(session, "attempt", [{"id": begun[0].id, **row}])
    if given:
        drawing.remember(session, begun[0].id, given.places)
    audit.record(session, actor_id, now, "attempt.started", f"attempt:{begun[0].id}", cohort.id,
                 module=module.code, number=number, ends_at=ends)
    if ends:
        outbox.put(session, now, finishing.BELL, run_after=(grace or ends) + rules.GRACE + timedelta(seconds=1))


def _given(session: Session, plan: Planned, cohort: CohortView, module: Module, actor_id: int, number: int, seed: int
           ) -> Asked | None:
    if module.quiz is None:
        raise LookupError(f"{module.code} has no quiz")
    try:
        return drawing.asked(session, plan, module.quiz, cohort.edition_id, cohort.id, module.code, actor_id, number,
                             seed)
    except Incomplete:
        raise Refused(Refusal("incomplete")) from None
