"""The sessions at which people with a place in a seminar are expected, told to whoever draws a calendar of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lms.foundation.engagements import Engagement
from lms.people import emails
from lms.seminars.models import Registration, RegistrationEvent, Seminar, SeminarSession
from lms.seminars.rules import read, words_of
from lms.seminars.standing import TAKING


def engaged(session: Session, people: Mapping[int, str], since: datetime, until: datetime) -> Iterator[Engagement]:
    """Of seminars that are announced and not cancelled; who registered without an account is known by their address.
    One statement."""
    by_key = {emails.skeleton(email): person for person, email in people.items()}
    s, t, r, e = Seminar, SeminarSession, Registration, RegistrationEvent
    step = aliased(RegistrationEvent)
    last = select(func.max(step.id)).where(step.registration_id == r.id).correlate(r).scalar_subquery()
    rows = session.execute(
        select(r.person_id, r.email_key, s.titles, t.titles, t.starts_at, t.ends_at, s.time_zone, t.mode).select_from(r)
        .join(e, e.id == last).join(s, s.id == r.seminar_id).join(t, t.seminar_id == s.id)
        .where(r.person_id.in_(list(people)) | (r.person_id.is_(None) & r.email_key.in_(list(by_key))),
               e.kind.in_(TAKING), t.cancelled_at.is_(None), s.cancelled_at.is_(None),
               s.published_at.is_not(None), t.ends_at > since, t.starts_at < until).order_by(t.starts_at, r.id))
    for row in rows:
        what = f"sesión «{words_of('es', read(row[3]))}» del seminario «{words_of('es', read(row[2]))}»"
        yield Engagement(row[0] or by_key[row[1]], what, *row[4:7], row[7] != "venue")
