"""The seminars ahead of one person, as a part of a larger statement: a first page has six of them and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, cast, func, literal, null, select
from sqlalchemy.orm import aliased

from lms.foundation.database import Instant
from lms.seminars.models import Registration, RegistrationEvent, Seminar, SeminarPlaces, SeminarSession
from lms.seminars.rules import read


@dataclass(frozen=True)
class Ahead:
    """A seminar that has not ended, and how the person's registration in it stands ("": none)."""
    slug: str
    titles: Mapping[str, str]
    state: str
    zone: str
    city: str
    starts_at: datetime


def part() -> Select[Any]:
    """Published, not cancelled, not over; with places for who studies here, or a registration of the person's.

    Columns as completion.parts has them. Parameters: person_id, now."""
    s, t, r, e, p = Seminar, SeminarSession, Registration, RegistrationEvent, SeminarPlaces
    step, person = aliased(RegistrationEvent), bindparam("person_id", type_=Integer)
    last = select(func.max(step.id)).where(step.registration_id == r.id).correlate(r).scalar_subquery()
    state = (select(e.kind).select_from(r).join(e, e.id == last).where(r.seminar_id == s.id, r.person_id == person)
             .correlate(s).scalar_subquery())
    theirs = select(p.kind).where(p.seminar_id == s.id, p.kind == "student").correlate(s).exists()
    return (select(literal("seminar"), person, s.slug, s.titles, state, s.time_zone, s.city, cast(null(), Integer),
                   cast(null(), Integer), cast(null(), Date), func.min(t.starts_at, type_=Instant))
            .join(t, (t.seminar_id == s.id) & t.cancelled_at.is_(None))
            .where(s.published_at.is_not(None), s.cancelled_at.is_(None), theirs | state.is_not(None))
            .group_by(s.id).having(func.max(t.ends_at) > bindparam("now", type_=Instant)))


def ahead(rows: list[Any]) -> list[Ahead]:
    """The rows of `part`, the next first."""
    found = [Ahead(row[2], read(row[3]), row[4] or "", row[5], row[6], row[10]) for row in rows if row[0] == "seminar"]
    return sorted(found, key=lambda one: (one.starts_at, one.slug))


