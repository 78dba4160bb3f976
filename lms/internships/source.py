"""The house's own source of internship hours: it tells the ledger what was closed, through the hook anyone may use."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.cohorts import queries as cohorts
from lms.credits.rules import Earned
from lms.foundation.database import Database
from lms.internships.models import Placement, PlacementEvent
from lms.people import queries as people

NAME, GROUP = "pasantias", "lms.internships"


class Internships:
    """An InternshipSource (docs/plugging-in-a-source.md). A closing is one fact; reopening takes it back."""

    def __init__(self, database: Database):
        self.database = database

    def credits(self, cohort: str, since: datetime | None) -> Iterable[Earned]:
        with self.database.reading() as session:
            if (found := cohorts.by_code(session, cohort)) is None:
                return []
            return list(told(session, found.id, since))


def told(session: Session, cohort_id: int, since: datetime | None) -> Iterator[Earned]:
    """Every closing of a cohort since then: those that hold, and those that were reopened, withdrawn."""
    p, e = Placement.__table__.c, PlacementEvent.__table__.c
    rows = session.execute(select(
        p.id, p.person_id, p.time_zone, e.id.label("event"), e.kind, e.at, e.frozen).join_from(
        Placement.__table__, PlacementEvent.__table__, e.placement_id == p.id).where(
        p.cohort_id == cohort_id, e.kind.in_(("closed", "reopened"))).order_by(e.id)).all()
    names = people.by_id(session, {row.person_id for row in rows})
    for n, row in enumerate(rows):
        if row.kind != "closed":
            continue
        reopened = next((later for later in rows[n + 1:] if later.id == row.id and later.kind == "reopened"), None)
        news: Any = reopened or row
        if since is None or news.at >= since:
            said = json.loads(row.frozen)
            yield Earned(f"placement:{row.id}:closing:{row.event}", names[row.person_id].email, said["host"],
                         Fraction(said["minutes"], 60), row.at.astimezone(ZoneInfo(row.time_zone)).date(),
                         withdrawn=reopened is not None)
