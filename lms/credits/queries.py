"""The ledger as others may see it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from lms.credits.models import Credit, PushDelivery, PushSecret, PushSource, SourcePull
from lms.credits.rules import Entry, Hours, total
from lms.credits.schedule import Run

PAGE = 50                           # messages
LOOK_BACK = timedelta(days=3)       # askings before it say nothing about when to ask again

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
    cohort_id: int
    pulled_at: datetime
    taken: int
    known: int
    refused: list[list[str]]        # [reference, why], the first of them
    refused_count: int
    error: str
    ms: int
    asked_by: str


def last_pulls(session: Session, cohort_id: int | None = None) -> list[PullView]:
    """The last of each source in a cohort, or in each cohort."""
    newest = select(func.max(SourcePull.id)).group_by(SourcePull.source, SourcePull.cohort_id)
    if cohort_id is not None:
        newest = newest.where(SourcePull.cohort_id == cohort_id)
    rows = session.scalars(select(SourcePull).where(SourcePull.id.in_(newest))
                           .order_by(SourcePull.source, SourcePull.cohort_id.desc()))
    return [PullView(p.source, p.cohort_id, p.pulled_at, p.taken, p.known, json.loads(p.refused), p.refused_count,
                     p.error, p.ms, p.asked_by) for p in rows]


def last_good(session: Session) -> dict[str, datetime]:
    """Source -> when it last answered well."""
    rows = session.execute(select(SourcePull.source, func.max(SourcePull.pulled_at))
                           .where(SourcePull.error == "").group_by(SourcePull.source))
    return dict(rows.all())


def runs(session: Session, now: datetime, asked_by: str = "") -> dict[str, list[Run]]:
    """Source -> its askings of the last days, the newest first: good when every cohort was answered."""
    bad = func.sum(case((SourcePull.error != "", 1), else_=0))
    query = (select(SourcePull.source, SourcePull.pulled_at, bad).where(SourcePull.pulled_at > now - LOOK_BACK)
             .group_by(SourcePull.source, SourcePull.pulled_at).order_by(SourcePull.pulled_at.desc()))
    if asked_by:
        query = query.where(SourcePull.asked_by == asked_by)
    found: dict[str, list[Run]] = {}
    for source, at, wrong in session.execute(query):
        found.setdefault(source, []).append(Run(at, not wrong))
    return found


@dataclass(frozen=True)
class PushView:
    """A system that tells by itself. `secrets`: (id, made at, until) of those that hold."""
    id: int
    name: str
    title: str
    kinds: tuple[str, ...]
    made_at: datetime
    ended_at: datetime | None
    secrets: tuple[tuple[int, datetime, datetime | None], ...] = ()
    last_at: datetime | None = None
    accepted: int = 0
    refused: int = 0


def push_sources(session: Session, now: datetime, source_id: int | None = None) -> list[PushView]:
    """Each with what came of its messages, those that ended last. Two statements."""
    counted = select(PushDelivery.source_id, func.max(PushDelivery.received_at).label("at"),
                     func.sum(case((PushDelivery.status < 400, 1), else_=0)).label("good"),
                     func.sum(case((PushDelivery.status >= 400, 1), else_=0)).label("bad")
                     ).group_by(PushDelivery.source_id).subquery()
    query = (select(PushSource, counted.c.at, counted.c.good, counted.c.bad)
             .outerjoin(counted, counted.c.source_id == PushSource.id)
             .order_by(PushSource.ended_at.is_not(None), PushSource.name))
    if source_id is not None:
        query = query.where(PushSource.id == source_id)
    secrets: dict[int, list[tuple[int, datetime, datetime | None]]] = {}
    for source, secret_id, made, until in session.execute(
            select(PushSecret.source_id, PushSecret.id, PushSecret.made_at, PushSecret.until)
            .where(or_(PushSecret.until.is_(None), PushSecret.until > now)).order_by(PushSecret.id)):
        secrets.setdefault(source, []).append((secret_id, made, until))
    return [PushView(p.id, p.name, p.title, tuple(p.kinds.split()), p.made_at, p.ended_at,
                     () if p.ended_at else tuple(secrets.get(p.id, ())), at, good or 0, bad or 0)
            for p, at, good, bad in session.execute(query)]


@dataclass(frozen=True)
class PushDeliveryView:
    id: int
    source: str
    source_id: int
    message_id: str | None
    received_at: datetime
    status: int
    code: str
    kind: str
    reference: str
    repeats: int
    said: str


def push_deliveries(session: Session, source_id: int | None = None, before: int | None = None
                    ) -> list[PushDeliveryView]:
    """A page of messages and one more if there is more, the newest first."""
    query = (select(PushDelivery, PushSource.name).join(PushSource, PushSource.id == PushDelivery.source_id)
             .order_by(PushDelivery.id.desc()).limit(PAGE + 1))
    if source_id is not None:
        query = query.where(PushDelivery.source_id == source_id)
    if before is not None:
        query = query.where(PushDelivery.id < before)
    return [PushDeliveryView(d.id, name, d.source_id, d.message_id, d.received_at, d.status, d.code, d.kind,
                             d.reference, d.repeats, json.loads(d.answer).get("detail", ""))
            for d, name in session.execute(query)]
