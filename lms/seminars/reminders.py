"""What is done later, from the outbox: an offer ends, who is coming is reminded, what was said of needs is erased.

Each asks anew how things stand: a job that comes twice, or too late, does nothing."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.foundation import audit, outbox
from lms.foundation.clock import now
from lms.foundation.database import Database
from lms.seminars import asking, letters, places
from lms.seminars.entries import Head, head, registration, registrations
from lms.seminars.letters import Desk, Letter
from lms.seminars.models import Registration, RegistrationAnswer, Seminar, SeminarQuestion
from lms.seminars.standing import ERASED, REMINDED

CHANGES = "seminars.tell_change"        # a job of the outbox
SETTLED = timedelta(minutes=15)         # without another change, after which who registered is told


def desk_of(app: Flask) -> Desk:
    return Desk(app.config["URL"], app.config["SECRET_KEY"])


def install(app: Flask) -> None:
    database: Database = app.extensions["database"]

    def ends(job_id: int, registration_id: int) -> None:
        with database.transaction() as session:
            end_offer(session, now(), registration_id, desk_of(app))

    def reminds(job_id: int, registration_id: int) -> None:
        with database.transaction() as session:
            remind(session, now(), registration_id, desk_of(app))

    def erases(job_id: int, registration_id: int) -> None:
        with database.transaction() as session:
            erase_due(session, now(), registration_id)

    def tells(job_id: int, seminar_id: int, sequence: int) -> None:
        with database.transaction() as session:
            tell_change(session, now(), seminar_id, sequence, desk_of(app))

    outbox.handles(app, CHANGES, tells)
    outbox.handles(app, places.ENDS, ends)
    outbox.handles(app, places.REMINDS, reminds)
    outbox.handles(app, asking.ERASES, erases)


def _of(session: Session, registration_id: int) -> Head | None:
    seminar_id = session.scalar(select(Registration.seminar_id).where(Registration.id == registration_id))
    return head(session, seminar_id) if seminar_id else None


def end_offer(session: Session, now: datetime, registration_id: int, desk: Desk) -> bool:
    """Take back an offer whose time is over; the next in line is offered the place."""
    seminar = _of(session, registration_id)
    if seminar is None or seminar.cancelled_at:
        return False
    places.held(session, seminar.id)
    view = registration(session, id=registration_id)
    if view is None or view.state != "offered" or view.until is None or now < view.until:
        return False
    places.move(session, now, seminar.id, registration_id, "expired", desk=desk)
    return True


def remind(session: Session, now: datetime, registration_id: int, desk: Desk) -> bool:
    """The day before, to who still is coming. When the seminar was put off, so is the letter."""
    seminar, view = _of(session, registration_id), registration(session, id=registration_id)
    if seminar is None or view is None or seminar.starts_at is None or seminar.cancelled_at:
        return False
    if view.state != "confirmed" or now >= seminar.starts_at:
        return False
    if now < seminar.starts_at - REMINDED:
        outbox.put(session, now, places.REMINDS, run_after=seminar.starts_at - REMINDED,
                   registration_id=registration_id)
        return False
    row = session.get_one(Registration, registration_id)
    if row.reminded_at is not None:
        return False
    row.reminded_at = now
    letters.send(session, now, desk, Letter.REMINDER, seminar, view)
    return True


def plan_change(session: Session, now: datetime, seminar_id: int) -> None:
    """What calendars show of a seminar has changed: who is coming is told, once the office has done changing it."""
    row = session.get_one(Seminar, seminar_id)
    if row.published_at is None:
        row.told_sequence = row.sequence
    else:
        outbox.put(session, now, CHANGES, run_after=now + SETTLED, seminar_id=seminar_id, sequence=row.sequence)


def tell_change(session: Session, now: datetime, seminar_id: int, sequence: int, desk: Desk) -> int:
    """Write to who has a place, unless it has changed again since; remind them by the new date."""
    seminar, row = places.held(session, seminar_id), session.get_one(Seminar, seminar_id)
    if row.sequence != sequence or row.told_sequence >= sequence or seminar.cancelled_at:
        return 0
    row.told_sequence = sequence
    if seminar.ends_at is None or now >= seminar.ends_at:
        return 0
    views = registrations(session, seminar_id, ("confirmed", "offered"))
    files = {language: letters.calendar_of(session, desk, seminar_id, language, now, cancelled=True)
             for language in {view.language for view in views}}
    for view in views:
        letters.send(session, now, desk, Letter.CHANGED, seminar, view, calendar=files[view.language])
        if view.state == "confirmed":
            places.plan_reminder(session, now, seminar, view.id)
    return len(views)


def erase_due(session: Session, now: datetime, registration_id: int) -> int:
    """Erase what somebody said of accessibility and food, once the seminar is over since some days."""
    seminar = _of(session, registration_id)
    if seminar is None:
        return 0
    if seminar.ends_at is not None and now < seminar.ends_at + ERASED:
        outbox.put(session, now, asking.ERASES, run_after=seminar.ends_at + ERASED, registration_id=registration_id)
        return 0
    return erase_needs(session, None, now, seminar.id, registration_id)


def erase_needs(session: Session, actor_id: int | None, now: datetime, seminar_id: int,
                registration_id: int | None = None) -> int:
    """Erase the restricted answers of a seminar, or of one person of it."""
    whose = select(Registration.id).where(Registration.seminar_id == seminar_id)
    if registration_id is not None:
        whose = whose.where(Registration.id == registration_id)
    kept_apart = select(SeminarQuestion.code).where(SeminarQuestion.seminar_id == seminar_id,
                                                    SeminarQuestion.restricted)
    done = session.execute(delete(RegistrationAnswer).where(
        RegistrationAnswer.registration_id.in_(whose), RegistrationAnswer.question.in_(kept_apart))).rowcount  # type: ignore[attr-defined]
    if done:
        audit.record(session, actor_id, now, "needs.erased", f"seminar:{seminar_id}", answers=done)
    return int(done)
