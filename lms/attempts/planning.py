"""A cohort's plan for a quiz, kept: the settings changed and the questions composed. The last one counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.attempts.models import Attempt, QuizPlan
from lms.attempts.plan import Plan, Slot, loaded
from lms.bank import actions as bank
from lms.bank import queries as banked
from lms.foundation import audit

MOST_SLOTS = 200


def plan_of(session: Session, cohort_id: int, module: str) -> tuple[int, Plan]:
    """(its number, the plan in force); 0 where there is none."""
    row = session.execute(select(QuizPlan.id, QuizPlan.content).where(
        QuizPlan.cohort_id == cohort_id, QuizPlan.module == module).order_by(QuizPlan.id.desc()).limit(1)).first()
    return (row.id, loaded(row.content)) if row else (0, Plan())


def keep_plan(session: Session, actor_id: int | None, now: datetime, cohort_id: int, module: str, plan: Plan,
              reason: str = "", words: str = "") -> int:
    """A new plan in force. `words` name the quiz to who looks where a question of the bank is used."""
    made = QuizPlan(cohort_id=cohort_id, module=module, content=plan.dumped(), reason=reason, author_id=actor_id,
                    planned_at=now)
    session.add(made)
    session.flush()
    slots = plan.slots or ()
    bank.use(session, actor_id, now, cohort_id, module, words or module, [s.bank for s in slots if s.bank],
             [s.category for s in slots if s.category])
    audit.record(session, actor_id, now, "quiz.planned", f"quiz:{cohort_id}:{module}", cohort_id,
                 settings=sorted(plan.settings), slots=None if plan.slots is None else len(slots))
    return made.id


@dataclass(frozen=True)
class Planned:
    """One plan as it was made."""
    id: int
    plan: Plan
    reason: str
    author_id: int
    planned_at: datetime


def history(session: Session, cohort_id: int, module: str) -> list[Planned]:
    """Every plan a quiz had in a cohort, newest first."""
    rows = session.execute(select(QuizPlan.id, QuizPlan.content, QuizPlan.reason, QuizPlan.author_id,
                                  QuizPlan.planned_at)
                           .where(QuizPlan.cohort_id == cohort_id, QuizPlan.module == module)
                           .order_by(QuizPlan.id.desc()))
    return [Planned(row.id, loaded(row.content), row.reason, row.author_id, row.planned_at) for row in rows]


def pool(session: Session, slot: Slot) -> set[int]:
    """What a draw may give."""
    return {i for i, _version in banked.drawable(session, slot.category, slot.below, slot.tags)}


def short_of(session: Session, slots: Sequence[Slot]) -> dict[int, int]:
    """Draws for which there may not be a question left, by their place -> how many there are for it. The draws with
    least to choose from go first, as at the start of an attempt; what is asked by itself is drawn no more."""
    fixed = {s.bank for s in slots if s.bank}
    keys = {(s.category, s.below, s.tags) for s in slots if s.category}
    pools = {key: pool(session, Slot(category=key[0], below=key[1], tags=key[2])) - fixed for key in keys}
    draws = sorted(((pools[s.category, s.below, s.tags], n) for n, s in enumerate(slots) if s.category),
                   key=lambda draw: (len(draw[0]), draw[1]))
    return {n: len(mine) for place, (mine, n) in enumerate(draws)
            if len(mine) <= sum(bool(mine & other) for other, _n in draws[:place])}


def attempts_between(session: Session, cohort_id: int, module: str, since: datetime, until: datetime | None) -> int:
    """How many attempts began while a plan was in force."""
    asked = select(func.count()).select_from(Attempt).where(
        Attempt.cohort_id == cohort_id, Attempt.module == module, Attempt.started_at >= since)
    return session.scalar(asked if until is None else asked.where(Attempt.started_at < until)) or 0


def worth(slots: Sequence[Slot], own: dict[Slot, Fraction]) -> Fraction:
    """The points of all slots; a draw without points of its own counts 1."""
    return sum((slot.worth if slot.worth is not None else own.get(slot, Fraction(1)) for slot in slots), Fraction(0))
