"""A seminar held again: what was announced once, on other days."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.foundation.language import local
from lms.people.rules import Refused
from lms.seminars import announcing, rules
from lms.seminars.models import Seminar, SeminarPlaces, SeminarQuestion, SeminarSession, Speaker
from lms.seminars.rules import read, texts

KEPT = ("theme", "summaries", "mode", "time_zone", "country", "city", "venue", "address", "directions", "map_url",
        "organisers", "by_invitation", "offer_hours", "credit_rule")
OF_SESSION = ("code", "titles", "place", "mode", "counts")
OF_SPEAKER = ("name", "office", "institution", "country", "biography", "moderates", "position")
OF_QUESTION = ("code", "position", "kind", "labels", "options", "required", "restricted", "shown_when")


def copy(session: Session, actor_id: int, now: datetime, seminar_id: int, title: str, starts_on: date) -> int:
    """A new one in preparation, its sessions at the same times of the day counted from `starts_on`. Dates of
    registration, the link of the videoconference and materials are each seminar's own."""
    old = session.get_one(Seminar, seminar_id)
    titles = {**read(old.titles), "es": title}
    new = announcing.create(session, actor_id, now, {"slug": "", "titles": texts(**titles),
                                                     **{name: getattr(old, name) for name in KEPT}})
    of = _sessions(session, old, new, starts_on)
    for speaker in session.scalars(select(Speaker).where(Speaker.seminar_id == seminar_id).order_by(Speaker.id)):
        session.add(Speaker(seminar_id=new, session_id=of.get(speaker.session_id or 0),
                            **{name: getattr(speaker, name) for name in OF_SPEAKER}))
    for places in session.scalars(select(SeminarPlaces).where(SeminarPlaces.seminar_id == seminar_id)):
        session.add(SeminarPlaces(seminar_id=new, kind=places.kind, places=places.places))
    q = SeminarQuestion
    for question in session.scalars(select(q).where(q.seminar_id == seminar_id, q.retired_at.is_(None)).order_by(q.id)):
        session.add(SeminarQuestion(seminar_id=new, **{name: getattr(question, name) for name in OF_QUESTION}))
    return new


def _sessions(session: Session, old: Seminar, new: int, starts_on: date) -> dict[int, int]:
    """Old id -> new id."""
    rows = list(session.scalars(select(SeminarSession).where(
        SeminarSession.seminar_id == old.id, SeminarSession.cancelled_at.is_(None)).order_by(SeminarSession.starts_at)))
    if not rows:
        return {}
    later = starts_on - local(rows[0].starts_at, old.time_zone).date()
    copies = [SeminarSession(seminar_id=new, starts_at=_later(row.starts_at, old.time_zone, later),
                             ends_at=_later(row.ends_at, old.time_zone, later),
                             **{name: getattr(row, name) for name in OF_SESSION}) for row in rows]
    session.add_all(copies)
    session.flush()
    return {row.id: made.id for row, made in zip(rows, copies, strict=True)}


def _later(at: datetime, zone: str, days: timedelta) -> datetime:
    try:
        return rules.instant(local(at, zone).replace(tzinfo=None) + days, zone, "starts_on")
    except OverflowError:
        raise Refused("Revisar el año de la fecha.", "starts_on") from None
