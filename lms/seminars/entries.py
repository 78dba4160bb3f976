"""Registrations and their seminar as values, and how they are read."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.people import names
from lms.seminars.models import Registration, RegistrationEvent, Seminar, SeminarPlaces, SeminarSession
from lms.seminars.standing import Standing, Step


@dataclass(frozen=True)
class Who:
    """Somebody who wishes to attend, as they wrote it."""
    given_names: str
    surname1: str
    surname2: str | None
    email: str
    country: str
    institution: str = ""
    office: str = ""
    language: str = "es"
    person_id: int | None = None


@dataclass(frozen=True)
class By:
    """On whose word somebody is registered."""
    actor_id: int | None = None
    delegation_id: int | None = None
    invitation_id: int | None = None
    note: str = ""


NOBODY = By()


@dataclass(frozen=True)
class RegistrationView:
    """A registration as others may know it."""
    id: int
    code: str               # the ticket
    short_code: str
    name: str               # "Ana Pérez Soto"
    formal: str             # "Pérez Soto, Ana"
    email: str
    person_id: int | None
    kind: str
    country: str
    language: str
    institution: str
    office: str
    state: str
    since: datetime         # in that state
    until: datetime | None  # of an offer
    delegation_id: int | None
    registered_at: datetime
    seminar_id: int

    @property
    def standing(self) -> Standing:
        return Standing(self.state, self.since, self.until)


@dataclass(frozen=True)
class Head:
    """A seminar, as far as registering goes."""
    id: int
    slug: str
    titles: Mapping[str, str]
    zone: str
    offer_hours: int
    by_invitation: bool
    opens_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None
    cancelled_at: datetime | None
    cancelled_why: str
    place: str
    online_url: str
    starts_at: datetime | None      # the first session
    ends_at: datetime | None        # the last one


def head(session: Session, seminar_id: int | None = None, slug: str = "") -> Head | None:
    """By id or by address. One statement."""
    s = Seminar
    row = session.execute(
        select(s.id, s.slug, s.titles, s.time_zone, s.offer_hours, s.by_invitation, s.opens_at, s.closes_at,
               s.published_at, s.cancelled_at, s.cancelled_why, s.venue, s.city, s.online_url,
               func.min(SeminarSession.starts_at), func.max(SeminarSession.ends_at))
        .outerjoin(SeminarSession, (SeminarSession.seminar_id == s.id) & SeminarSession.cancelled_at.is_(None))
        .where(s.slug == slug if seminar_id is None else s.id == seminar_id).group_by(s.id)).one_or_none()
    if row is None:
        return None
    place = ", ".join(part for part in (row[11], row[12]) if part)
    return Head(row[0], row[1], json.loads(row[2]), *row[3:11], place, *row[13:])


def _select() -> Select[Any]:
    """Registrations with the last of their events."""
    r, e = Registration, RegistrationEvent
    last = select(func.max(e.id)).where(e.registration_id == r.id).correlate(r).scalar_subquery()
    return (select(r.id, r.code, r.short_code, r.given_names, r.surname1, r.surname2, r.email, r.person_id, r.kind,
                   r.country, r.language, r.institution, r.office, e.kind, e.at, e.until, r.delegation_id,
                   r.registered_at, r.seminar_id).join(e, e.id == last).order_by(r.sort_key, r.id))


def _view(row: Any) -> RegistrationView:
    name = names.Name(row[3], row[4], row[5])
    return RegistrationView(row[0], row[1], row[2], name.full, name.formal, *row[6:])


def registrations(session: Session, seminar_id: int, states: Collection[str] | None = None
                  ) -> tuple[RegistrationView, ...]:
    """Everybody's, in the order of names. One statement."""
    rows = session.execute(_select().where(Registration.seminar_id == seminar_id))
    return tuple(v for v in map(_view, rows) if states is None or v.state in states)


def registration(session: Session, seminar_id: int | None = None, **by: object) -> RegistrationView | None:
    """One of them, by id, code, person_id … of a seminar (or of any, where what it is sought by says which)."""
    query = _select().where(*(getattr(Registration, name) == value for name, value in by.items()))
    if seminar_id is not None:
        query = query.where(Registration.seminar_id == seminar_id)
    row = session.execute(query).first()
    return _view(row) if row else None


def limits(session: Session, seminar_id: int) -> dict[str, int | None]:
    """Kind -> how many places (None: no limit); a kind that is absent may not register by itself."""
    return dict(session.execute(select(SeminarPlaces.kind, SeminarPlaces.places)  # type: ignore[arg-type]
                                .where(SeminarPlaces.seminar_id == seminar_id)).all())


def tally(session: Session, seminar_id: int) -> Counter[tuple[str, str]]:
    """(kind, state) -> how many, counted by the database. One statement."""
    r, e = Registration, RegistrationEvent
    last = select(func.max(e.id)).where(e.registration_id == r.id).correlate(r).scalar_subquery()
    rows = session.execute(select(r.kind, e.kind, func.count()).join(e, e.id == last)
                           .where(r.seminar_id == seminar_id).group_by(r.kind, e.kind))
    return Counter({(kind, state): number for kind, state, number in rows})


def counts(views: Iterable[RegistrationView]) -> Counter[tuple[str, str]]:
    """(kind, state) -> how many."""
    return Counter((v.kind, v.state) for v in views)


def steps(session: Session, registration_id: int) -> list[tuple[Step, int | None, str]]:
    """What happened to a registration: (step, by whom, why). One statement."""
    e = RegistrationEvent
    rows = session.execute(select(e.kind, e.at, e.until, e.by_id, e.note).where(e.registration_id == registration_id)
                           .order_by(e.id))
    return [(Step(row[0], row[1], row[2]), row[3], row[4]) for row in rows]
