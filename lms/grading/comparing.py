"""Whether the office lets a cohort's students see how the group stands: said with a reason, and never by itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.cohorts import queries as cohorts
from lms.foundation import audit
from lms.grading.models import ComparisonChoice
from lms.people.rules import Refused, tidied


def allowed(session: Session, cohort_id: int) -> bool:
    """Whether a cohort's students see how the group stands. No statement where `queries.beside` has read it."""
    known: dict[int, bool] = session.info.setdefault("comparison", {})
    if cohort_id not in known:
        known[cohort_id] = next((c.allowed for c in choices(session, cohort_id)), False)
    return known[cohort_id]


@dataclass(frozen=True)
class Choice:
    allowed: bool
    why: str
    chosen_by: int
    since: datetime


def choices(session: Session, cohort_id: int) -> list[Choice]:
    """All that was said of a cohort, the last first."""
    return [Choice(*row) for row in session.execute(select(
        ComparisonChoice.allowed, ComparisonChoice.why, ComparisonChoice.chosen_by, ComparisonChoice.since)
        .where(ComparisonChoice.cohort_id == cohort_id).order_by(ComparisonChoice.id.desc()))]


def choose(session: Session, actor_id: int, now: datetime, cohort_id: int, allow: bool, why: str) -> None:
    """Let a cohort's students see how the group stands, or no longer."""
    reason = tidied(why.replace("\0", ""), "Motivo", "why", 300)
    cohorts.hold(session, cohort_id)
    if allow is next((c.allowed for c in choices(session, cohort_id)), False):
        raise Refused("Ya es así: alguien lo decidió antes.", "why")
    session.add(ComparisonChoice(cohort_id=cohort_id, allowed=allow, why=reason, chosen_by=actor_id, since=now))
    session.flush()
    session.info.pop("comparison", None)
    audit.record(session, actor_id, now, "comparison.allowed" if allow else "comparison.ended", f"cohort:{cohort_id}",
                 cohort_id, why=reason)
