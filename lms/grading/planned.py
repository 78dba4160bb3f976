"""Marks published at a time: planned, withdrawn before it, and done by the outbox when it has come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.foundation import audit, outbox
from lms.grading import actions, queries
from lms.grading.models import PlannedRelease
from lms.grading.queries import ItemState

JOB = "grading.release"


@dataclass(frozen=True)
class Planned:
    id: int
    module: str
    item: str
    at: datetime
    planned_by: int


def standing(session: Session, cohort_id: int, modules: Collection[str] | None = None) -> list[Planned]:
    """What is still to be published by itself, in order. One statement."""
    rows = session.execute(select(
        PlannedRelease.id, PlannedRelease.module, PlannedRelease.item, PlannedRelease.at, PlannedRelease.planned_by)
        .where(PlannedRelease.cohort_id == cohort_id, PlannedRelease.withdrawn_at.is_(None),
               PlannedRelease.done_at.is_(None)).order_by(PlannedRelease.at, PlannedRelease.id))
    return [Planned(*row) for row in rows if modules is None or row.module in modules]


def plan(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str, item: str, at: datetime) -> int:
    """Publish then what is marked by then."""
    made: int = session.execute(insert(PlannedRelease).values(
        cohort_id=cohort_id, module=module, item=item, at=at, planned_by=actor_id, planned_at=now)
        .returning(PlannedRelease.id)).scalar_one()
    outbox.put(session, now, JOB, run_after=at, planned_id=made)
    audit.record(session, actor_id, now, "release.planned", f"module:{module}.{item}", cohort_id, at=at)
    return made


def withdraw(session: Session, actor_id: int, now: datetime, cohort_id: int, planned_id: int) -> bool:
    done = session.execute(update(PlannedRelease).where(
        PlannedRelease.id == planned_id, PlannedRelease.cohort_id == cohort_id, PlannedRelease.done_at.is_(None),
        PlannedRelease.withdrawn_at.is_(None)).values(withdrawn_at=now).returning(PlannedRelease.id)).scalar_one_or_none()
    if done:
        audit.record(session, actor_id, now, "release.withdrawn", f"planned:{planned_id}", cohort_id)
    return done is not None


def carry_out(session: Session, now: datetime, planned_id: int, url: str) -> int:
    """What its time has brought; `url` has a place for cohort and module. Twice is once. Returns how many marks."""
    row = session.execute(select(PlannedRelease).where(PlannedRelease.id == planned_id).with_for_update()
                          ).scalar_one_or_none()
    if row is None or row.withdrawn_at or row.done_at:
        return 0
    cohort_id, code, item, by = row.cohort_id, row.module, row.item, row.planned_by
    session.execute(update(PlannedRelease).where(PlannedRelease.id == planned_id).values(done_at=now))
    cohort = cohorts.cohort(session, cohort_id)
    module = catalogue.programme(session, cohort.edition_id).module(code) if cohort else None
    if cohort is None or module is None:
        return 0
    state = next((s for s in queries.release_state(session, cohort, [code]) if s.item == item), None)
    if state is None or not state.unpublished:
        return 0
    actions.release(session, by, now, cohort_id, code, item, state.unpublished)
    actions.tell(session, now, state.people, module, item, url.format(cohort=cohort_id, module=code))
    return state.unpublished


def looking(session: Session, cohort_id: int, state: ItemState) -> int:
    """How many marked works of an item somebody wants looked at again before they are published."""
    return attempts.count_need(session, cohort_id, state.module, state.item, "look")
