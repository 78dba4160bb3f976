"""The ledger as others may see it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.credits.models import Credit, SourcePull
from lms.credits.rules import Entry, Hours, total

COLUMNS = (Credit.id, Credit.source, Credit.reference, Credit.kind, Credit.person_id, Credit.title, Credit.hours,
           Credit.day, Credit.note, Credit.withdraws_id)


def entries(session: Session, cohort_id: int, person_ids: Iterable[int] | None = None) -> list[Entry]:
    """Every line of a cohort's ledger, withdrawn ones included, newest day first."""
    query = select(*COLUMNS).where(Credit.cohort_id == cohort_id).order_by(Credit.day.desc(), Credit.id.desc())
    if person_ids is not None:
        query = query.where(Credit.person_id.in_(list(person_ids)))
    return [Entry(*row) for row in session.execute(query)]


def hours(session: Session, cohort_id: int, person_ids: Iterable[int] | None = None) -> dict[int, Hours]:
    """Person id -> hours that hold; who has none is absent. One statement."""
    return total(entries(session, cohort_id, person_ids))


@dataclass(frozen=True)
class PullView:
    """How the last asking of a source went."""
    source: str
    pulled_at: datetime
    taken: int
    known: int
    refused: list[list[str]]        # [reference, why]
    error: str


def last_pulls(session: Session, cohort_id: int) -> dict[str, PullView]:
    newest = select(func.max(SourcePull.id)).where(SourcePull.cohort_id == cohort_id).group_by(SourcePull.source)
    rows = session.scalars(select(SourcePull).where(SourcePull.id.in_(newest)).order_by(SourcePull.source))
    return {p.source: PullView(p.source, p.pulled_at, p.taken, p.known, json.loads(p.refused), p.error) for p in rows}
