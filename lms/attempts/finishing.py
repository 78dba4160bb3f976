"""The end of an attempt: handed in by the person, or ended by the bell; and what the machine marks then."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from lms.attempts import correcting, queries, rules, sheets, worklist
from lms.attempts.behaviours import Step, plain
from lms.attempts.facts import SITTING, WaitingItem, by_hand
from lms.attempts.models import Attempt, Marking
from lms.attempts.rules import Sitting
from lms.attempts.steps import steps_of
from lms.catalogue.rules import Quiz
from lms.foundation import audit, journal

BELL = "attempts.bell"                  # the outbox job that ends what ran out of time
EVERY = 200                             # attempts the bell ends at once


def submit(session: Session, actor_id: int, now: datetime, sitting: Sitting) -> bool:
    """Hand in an attempt (held by `queries.sitting`): the machine marks what it can. Doing it twice changes nothing.
    Returns whether it is handed in: False where the time is over and the quiz takes nothing then."""
    if sitting.over:
        return not sitting.abandoned
    if rules.overdue(sitting, now):
        return not ring(session, now, [sitting])
    session.execute(update(Attempt).where(Attempt.id == sitting.id).values(submitted_at=now))
    journal.note(session, "end", [{"attempt_id": sitting.id, "submitted_at": now, "by_clock": False}])
    score(session, now, [sitting])
    audit.record(session, actor_id, now, "attempt.submitted", f"attempt:{sitting.id}", sitting.cohort_id,
                 module=sitting.module, number=sitting.number)
    return True


def close_overdue(session: Session, now: datetime) -> int:
    """End what ran out of time, with what was given in time. Returns how many; ask again if it is EVERY."""
    rows = session.execute(select(*SITTING).where(
        Attempt.submitted_at.is_(None), ~Attempt.by_clock, Attempt.ends_at < now - rules.GRACE,
        func.coalesce(Attempt.grace_until, Attempt.ends_at) < now - rules.GRACE).order_by(Attempt.ends_at).limit(EVERY)
        .with_for_update(skip_locked=True, of=Attempt))
    found = [Sitting(*row) for row in rows]
    if found:
        ring(session, now, found)
    return len(found)


def ring(session: Session, now: datetime, sittings: Sequence[Sitting]) -> list[Sitting]:
    """The bell ends them: at the moment it rang, not when somebody noticed. Where the quiz says so, what was not
    handed in is abandoned instead of handed in; returns those."""
    asked = quizzes(session, sittings)
    kept = [s for s in sittings if s.id not in asked or asked[s.id].time_up == "submit"]
    left = [s for s in sittings if s not in kept]
    if kept:
        session.execute(update(Attempt).where(Attempt.id.in_([s.id for s in kept]))
                        .values(submitted_at=Attempt.ends_at, by_clock=True))
        score(session, now, kept, asked)
    if left:
        session.execute(update(Attempt).where(Attempt.id.in_([s.id for s in left])).values(by_clock=True))
    journal.note(session, "end", [{"attempt_id": s.id, "by_clock": True,
                                   "submitted_at": None if s in left else s.ends_at} for s in sittings])
    for sitting, deed in [*((s, "attempt.submitted") for s in kept), *((s, "attempt.abandoned") for s in left)]:
        audit.record(session, None, now, deed, f"attempt:{sitting.id}", sitting.cohort_id,
                     module=sitting.module, number=sitting.number, by_clock=True)
    return left


def hand_in_late(session: Session, actor_id: int, now: datetime, sitting: Sitting) -> None:
    """Hand in an attempt that was abandoned, as the bell would have: a person accepted answers that came by file."""
    session.execute(update(Attempt).where(Attempt.id == sitting.id, Attempt.submitted_at.is_(None))
                    .values(submitted_at=Attempt.ends_at))
    journal.note(session, "end", [{"attempt_id": sitting.id, "submitted_at": sitting.ends_at, "by_clock": True}])
    score(session, now, [sitting])
    audit.record(session, actor_id, now, "attempt.submitted", f"attempt:{sitting.id}", sitting.cohort_id,
                 module=sitting.module, number=sitting.number, by_file=True)


def quizzes(session: Session, sittings: Sequence[Sitting]) -> dict[int, Quiz]:
    """Attempt -> the quiz it was given."""
    sheets.quizzes(session, sittings)
    found = {sitting.id: sheets.quiz_of(session, sitting) for sitting in sittings}
    return {attempt: quiz for attempt, quiz in found.items() if quiz is not None}


def score(session: Session, now: datetime, sittings: Sequence[Sitting], known: dict[int, Quiz] | None = None) -> None:
    """The machine marks what it can. Two statements for any number of attempts."""
    asked = quizzes(session, sittings) if known is None else known
    steps = _steps(session, [s.id for s in sittings], all(plain(quiz) for quiz in asked.values()))
    rows: list[dict[str, Any]] = []
    waits: list[WaitingItem] = []
    keys = {place: correcting.corrections(session, *place) for place in {(s.cohort_id, s.module) for s in sittings}}
    for sitting in sittings:
        if sitting.id in steps and (quiz := asked.get(sitting.id)):
            worth = {q.id: q.points for q in quiz.questions}
            given = correcting.points(quiz, steps[sitting.id], keys[sitting.cohort_id, sitting.module])
            rows += [{"attempt_id": sitting.id, "question": question, "points": points, "out_of": worth[question],
                      "marked_at": now, "levels": "", "feedback": ""} for question, points in given.items()]
            at = sitting.ends_at if sitting.ends_at and rules.overdue(sitting, now) else now
            waits += [WaitingItem(sitting.cohort_id, sitting.person_id, sitting.module, at, None,
                                  attempt_id=sitting.id, question=q) for q in by_hand(quiz) if q not in given]
    if rows:
        session.execute(insert(Marking), rows)
    worklist.answers_wait(session, waits)


def _steps(session: Session, attempts: Sequence[int], last: bool) -> dict[int, dict[str, list[Step]]]:
    if not last:
        return steps_of(session, attempts)
    return {attempt: {question: [Step(value)] for question, value in answers.items()}
            for attempt, answers in queries.answers_of_many(session, attempts).items()}
