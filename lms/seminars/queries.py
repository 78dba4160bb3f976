"""Seminars as others may know them: what is announced, its sessions, speakers and materials."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from lms.seminars import rules
from lms.seminars.ahead import Ahead as Ahead
from lms.seminars.ahead import ahead as ahead
from lms.seminars.ahead import part as part
from lms.seminars.models import (
    Registration,
    RegistrationEvent,
    Seminar,
    SeminarMaterial,
    SeminarPlaces,
    SeminarSession,
    Speaker,
)
from lms.seminars.rules import read, words_of
from lms.seminars.standing import TAKING


@dataclass(frozen=True)
class SeminarView:
    """A seminar with the span of its sessions; those cancelled do not stretch it."""
    id: int
    slug: str
    theme: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str]        # Markdown
    mode: str
    time_zone: str
    country: str
    city: str
    venue: str
    address: str
    directions: str
    map_url: str
    online_url: str
    organisers: tuple[str, ...]
    by_invitation: bool
    opens_at: datetime | None
    closes_at: datetime | None
    offer_hours: int
    credit_rule: str                    # JSON
    sequence: int                       # how many times what a calendar shows has changed
    published_at: datetime | None
    cancelled_at: datetime | None
    cancelled_why: str
    starts_at: datetime | None
    ends_at: datetime | None

    @property
    def title(self) -> str:
        return words_of("es", self.titles)

    def state(self, now: datetime) -> str:
        return rules.state(now, self.published_at, self.cancelled_at, self.starts_at, self.ends_at)


@dataclass(frozen=True)
class SessionView:
    """One sitting of a seminar."""
    id: int
    code: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    mode: str
    required: bool                      # it counts toward the credit rule
    titles: Mapping[str, str]
    cancelled_at: datetime | None


@dataclass(frozen=True)
class SpeakerView:
    id: int
    session_id: int | None
    name: str
    office: str
    institution: str
    country: str
    biography: str
    moderates: bool
    position: int


@dataclass(frozen=True)
class MaterialView:
    id: int
    session_id: int | None
    kind: str
    title: str
    url: str
    sha256: str
    file_name: str
    size: int
    open_to: str
    added_at: datetime


_STEP = aliased(RegistrationEvent)
_LAST = (select(func.max(_STEP.id)).where(_STEP.registration_id == Registration.id).correlate(Registration)
         .scalar_subquery())
_OF_SEMINAR = tuple(getattr(Seminar, f.name) for f in fields(SeminarView) if f.name not in ("starts_at", "ends_at"))


def _select() -> Select[Any]:
    t = SeminarSession
    return (select(*_OF_SEMINAR, func.min(t.starts_at), func.max(t.ends_at))
            .outerjoin(t, (t.seminar_id == Seminar.id) & t.cancelled_at.is_(None)).group_by(Seminar.id))


def _view(row: Any) -> SeminarView:
    return SeminarView(*row[:3], read(row[3]), read(row[4]), *row[5:14], tuple(json.loads(row[14])), *row[15:])


def seminar(session: Session, seminar_id: int) -> SeminarView | None:
    row = session.execute(_select().where(Seminar.id == seminar_id)).one_or_none()
    return _view(row) if row else None


def by_slug(session: Session, slug: str) -> SeminarView | None:
    """Published or not: who may see one that is not is the page's to say."""
    row = session.execute(_select().where(Seminar.slug == slug)).one_or_none()
    return _view(row) if row else None


def with_sessions(session: Session, slug: str) -> tuple[SeminarView, tuple[SessionView, ...]] | None:
    """A seminar and all its sessions, also those cancelled, in one statement."""
    s, t = Seminar, SeminarSession
    rows = session.execute(
        select(*_OF_SEMINAR, t.id, t.code, t.titles, t.starts_at, t.ends_at, t.place, t.mode, t.counts, t.cancelled_at)
        .outerjoin(t, t.seminar_id == s.id).where(s.slug == slug).order_by(t.starts_at, t.ends_at, t.id)).all()
    if not rows:
        return None
    n, zone = len(_OF_SEMINAR), rows[0][6]
    found = tuple(SessionView(r[0], r[1], words_of("es", titles := read(r[2])), r[3], r[4], zone, *r[5:8], titles, r[8])
                  for row in rows if (r := row[n:])[0] is not None)
    held = [one for one in found if one.cancelled_at is None]
    return _view((*rows[0][:n], min((one.starts_at for one in held), default=None),
                  max((one.ends_at for one in held), default=None))), found


def seminars(session: Session, published_only: bool = False) -> tuple[SeminarView, ...]:
    """All, the latest first; those without sessions before them. One statement."""
    query = _select().where(Seminar.published_at.is_not(None)) if published_only else _select()
    found = [_view(row) for row in session.execute(query.order_by(Seminar.id.desc()))]
    return tuple(sorted(found, key=lambda v: -v.starts_at.timestamp() if v.starts_at else float("-inf")))


def sessions(session: Session, seminar_id: int, cancelled: bool = False) -> tuple[SessionView, ...]:
    """In the order of their beginning; those cancelled only where asked for. One statement."""
    t = SeminarSession
    query = (select(t.id, t.code, t.titles, t.starts_at, t.ends_at, Seminar.time_zone, t.place, t.mode, t.counts,
                    t.cancelled_at).join(Seminar, Seminar.id == t.seminar_id).where(t.seminar_id == seminar_id)
             .order_by(t.starts_at, t.ends_at, t.id))
    if not cancelled:
        query = query.where(t.cancelled_at.is_(None))
    return tuple(SessionView(r[0], r[1], words_of("es", titles := read(r[2])), *r[3:9], titles, r[9])
                 for r in session.execute(query))


def speakers(session: Session, seminar_id: int) -> tuple[SpeakerView, ...]:
    p = Speaker
    rows = session.execute(select(p.id, p.session_id, p.name, p.office, p.institution, p.country, p.biography,
                                  p.moderates, p.position)
                           .where(p.seminar_id == seminar_id).order_by(p.position, p.id))
    return tuple(SpeakerView(*row) for row in rows)


def materials(session: Session, seminar_id: int) -> tuple[MaterialView, ...]:
    """What is published, in the order in which it was; what was withdrawn is not."""
    m = SeminarMaterial
    rows = session.execute(select(m.id, m.session_id, m.kind, m.title, m.url, m.sha256, m.file_name, m.size, m.open_to,
                                  m.added_at)
                           .where(m.seminar_id == seminar_id, m.withdrawn_at.is_(None)).order_by(m.added_at, m.id))
    return tuple(MaterialView(*row) for row in rows)


def room(session: Session, seminar_id: int) -> dict[str, tuple[int | None, int]]:
    """Kind -> (places, None where there is no limit; how many of them are taken). One statement."""
    p, r, e = SeminarPlaces, Registration, RegistrationEvent
    taken = (select(func.count()).select_from(r).join(e, e.id == _LAST)
             .where(r.seminar_id == seminar_id, r.kind == p.kind, e.kind.in_(TAKING)).correlate(p).scalar_subquery())
    return {kind: (most, held) for kind, most, held in session.execute(
        select(p.kind, p.places, taken).where(p.seminar_id == seminar_id))}


def states_of(session: Session, person_id: int) -> dict[int, tuple[int, str]]:
    """Seminar id -> (registration id, how it stands) of one person. One statement."""
    r, e = Registration, RegistrationEvent
    rows = session.execute(select(r.seminar_id, r.id, e.kind).join(e, e.id == _LAST).where(r.person_id == person_id))
    return {row[0]: (row[1], row[2]) for row in rows}
