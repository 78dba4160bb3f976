"""Registering, and the places there are: quota by kind, the waiting list, offers that expire.

Whoever changes how many places are taken holds the seminar's row first, so that of two who ask for the last place in
the same second one is given it and the other waits (on SQLite a writing transaction is alone anyhow)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from secrets import choice, token_urlsafe

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.foundation import audit, outbox
from lms.people import emails, names
from lms.people import queries as people
from lms.people.rules import Refused
from lms.seminars import asking, letters
from lms.seminars.codes import ALPHABET
from lms.seminars.entries import NOBODY, Head, Who, head, limits, registration, tally
from lms.seminars.entries import By as By
from lms.seminars.entries import RegistrationView as RegistrationView
from lms.seminars.entries import registrations as registrations
from lms.seminars.letters import Desk, Letter
from lms.seminars.models import Registration, RegistrationEvent, Seminar
from lms.seminars.standing import REMINDED, TAKING, first, free, offer_until

ENDS, REMINDS = "seminars.offer_ends", "seminars.remind"     # jobs of the outbox
CORRECTED = ("given_names", "surname1", "surname2", "email", "country", "institution", "office", "language")
SHORT = 7                       # characters to be typed at the door: 20^7 for one seminar's few thousand persons


def held(session: Session, seminar_id: int) -> Head:
    """The seminar, its row held until this transaction ends."""
    session.execute(select(Seminar.id).where(Seminar.id == seminar_id).with_for_update(key_share=True)).one()
    found = head(session, seminar_id)
    assert found is not None
    return found


def register(session: Session, now: datetime, seminar_id: int, kind: str, who: Who,
             answers: Mapping[str, str] | None = None, by: By = NOBODY, desk: Desk | None = None,
             ) -> tuple[RegistrationView, bool]:
    """(The registration, whether it is new). An address registers once: the second time its link is mailed again.
    Without a `desk` nobody is written to."""
    seminar = held(session, seminar_id)
    if who.person_id is None and (owner := people.by_email(session, who.email)):
        who = replace(who, person_id=owner.id)      # their mail goes to that address and to no other
    known = registration(session, seminar_id, email_key=emails.skeleton(who.email))
    if known is None and who.person_id is not None:
        known = registration(session, seminar_id, person_id=who.person_id)
    if known is not None:
        _met_again(session, now, seminar, known, who, desk)
        return registration(session, id=known.id) or known, False
    row = _row(session, now, seminar_id, kind, who, by)
    if answers:
        asking.answer(session, now, row.id, answers, asking.questions(session, seminar_id), seminar.ends_at)
    say(session, now, row.id, "asked", by)
    limit, taken, queued = room(session, seminar_id, kind)
    _become(session, now, seminar, row.id, first(limit, taken, queued), desk, By(by.actor_id))
    view = registration(session, id=row.id)
    assert view is not None
    audit.record(session, by.actor_id or who.person_id, now, "seminar.registered", f"registration:{row.id}",
                 seminar=seminar_id, kind=kind, state=view.state)
    return view, True


def _met_again(session: Session, now: datetime, seminar: Head, known: RegistrationView, who: Who, desk: Desk | None
               ) -> None:
    row = session.get_one(Registration, known.id)
    if who.person_id is not None and row.person_id is None:
        row.person_id = who.person_id       # who signs in with that address owns it
    if row.link_sent_at is None or now - row.link_sent_at >= letters.PAUSE:
        row.link_sent_at = now
        _write(session, now, seminar, known, Letter.AGAIN, desk)


def _row(session: Session, now: datetime, seminar_id: int, kind: str, who: Who, by: By) -> Registration:
    short = _short()
    while registration(session, seminar_id, short_code=short):
        short = _short()
    row = Registration(
        seminar_id=seminar_id, code=token_urlsafe(18), short_code=short, person_id=who.person_id, kind=kind,
        given_names=who.given_names, surname1=who.surname1, surname2=who.surname2,
        sort_key=names.Name(who.given_names, who.surname1, who.surname2).order[:300], email=who.email,
        email_key=emails.skeleton(who.email), language=who.language, country=who.country, institution=who.institution,
        office=who.office, delegation_id=by.delegation_id, invitation_id=by.invitation_id, registered_at=now,
        registered_by=by.actor_id, link_sent_at=now)
    session.add(row)
    session.flush()
    return row


def _short() -> str:
    return "".join(choice(ALPHABET) for _ in range(SHORT))


def correct(session: Session, actor_id: int, now: datetime, seminar_id: int, registration_id: int, who: Who,
            desk: Desk | None = None) -> None:
    """What was written wrong: name, address, institution. At a new address the person is mailed their link."""
    seminar = held(session, seminar_id)
    row = session.get_one(Registration, registration_id)
    key, moved = emails.skeleton(who.email), who.email != row.email
    other = registration(session, seminar_id, email_key=key)
    if other is not None and other.id != registration_id:
        raise Refused(f"Con ese correo ya está inscrita otra persona: {other.name}.", "email")
    changed = [name for name in CORRECTED if getattr(row, name) != getattr(who, name)]
    row.given_names, row.surname1, row.surname2 = who.given_names, who.surname1, who.surname2
    row.email, row.country, row.language = who.email, who.country, who.language
    row.institution, row.office = who.institution, who.office
    row.email_key, row.sort_key = key, names.Name(who.given_names, who.surname1, who.surname2).order[:300]
    if moved:
        owner = people.by_email(session, who.email)
        row.person_id, row.link_sent_at = owner.id if owner else None, now
    session.flush()
    audit.record(session, actor_id, now, "registration.corrected", f"registration:{registration_id}",
                 seminar=seminar_id, changed=changed)
    view = registration(session, id=registration_id)
    if moved and view is not None:
        _write(session, now, seminar, view, Letter.CORRECTED, desk)


def written(session: Session, registration_id: int) -> dict[str, str | None]:
    """What may be corrected of a registration, as it is."""
    row = session.get_one(Registration, registration_id)
    return {name: getattr(row, name) for name in CORRECTED}


def room(session: Session, seminar_id: int, kind: str) -> tuple[int | None, int, int]:
    """(places, taken, waiting) of a kind."""
    counted = tally(session, seminar_id)
    return (limits(session, seminar_id).get(kind), sum(counted[kind, state] for state in TAKING),
            counted[kind, "waiting"])


def full(session: Session, seminar_id: int, limit_of: Mapping[str, int | None]) -> set[str]:
    """Kinds of which whoever asks now would have to wait. One statement."""
    counted = tally(session, seminar_id)
    return {kind for kind, limit in limit_of.items() if first(
        limit, sum(counted[kind, state] for state in TAKING), counted[kind, "waiting"]) == "waiting"}


def say(session: Session, now: datetime, registration_id: int, kind: str, by: By = NOBODY,
        until: datetime | None = None) -> None:
    session.add(RegistrationEvent(registration_id=registration_id, kind=kind, at=now, until=until, by_id=by.actor_id,
                                  note=by.note))
    session.flush()             # their order is their ids'


def _become(session: Session, now: datetime, seminar: Head, registration_id: int, state: str, desk: Desk | None,
            by: By = NOBODY) -> None:
    """Write the step, its letter and what is to be done later because of it."""
    until = offer_until(now, seminar.offer_hours, seminar.starts_at) if state == "offered" else None
    say(session, now, registration_id, state, by, until)
    view = registration(session, id=registration_id)
    assert view is not None
    if until is not None:
        outbox.put(session, now, ENDS, run_after=until, registration_id=registration_id)
    if state == "confirmed":
        plan_reminder(session, now, seminar, registration_id)
    _write(session, now, seminar, view, Letter(state), desk, by.note)


def plan_reminder(session: Session, now: datetime, seminar: Head, registration_id: int) -> None:
    """A day before it begins; who registers later than that has just been written to."""
    if seminar.starts_at and now < seminar.starts_at - REMINDED:
        outbox.put(session, now, REMINDS, run_after=seminar.starts_at - REMINDED, registration_id=registration_id)


def _write(session: Session, now: datetime, seminar: Head, view: RegistrationView, letter: Letter, desk: Desk | None,
           note: str = "") -> None:
    if desk is not None:
        letters.send(session, now, desk, letter, seminar, view, note)


def move(session: Session, now: datetime, seminar_id: int, registration_id: int, state: str, by: By = NOBODY,
         desk: Desk | None = None) -> RegistrationView:
    """Make it confirmed, waiting, offered, cancelled, refused or expired; a place that comes free is offered."""
    seminar = held(session, seminar_id)
    _become(session, now, seminar, registration_id, state, desk, by)
    audit.record(session, by.actor_id, now, f"registration.{state}", f"registration:{registration_id}",
                 seminar=seminar_id, reason=by.note)
    fill(session, now, seminar_id, desk)
    found = registration(session, id=registration_id)
    assert found is not None
    return found


def ask_again(session: Session, now: datetime, seminar_id: int, view: RegistrationView, desk: Desk | None = None
              ) -> RegistrationView:
    """Who had gone: a place if there is one, or the end of the line."""
    held(session, seminar_id)
    limit, taken, queued = room(session, seminar_id, view.kind)
    return move(session, now, seminar_id, view.id, first(limit, taken, queued), NOBODY, desk)


def fill(session: Session, now: datetime, seminar_id: int, desk: Desk | None = None) -> int:
    """Offer the places that are free to who has waited longest. To be called whenever there may be more of them."""
    seminar = held(session, seminar_id)
    if seminar.cancelled_at or offer_until(now, seminar.offer_hours, seminar.starts_at) is None:
        return 0
    counted, done = tally(session, seminar_id), 0
    left = {kind: free(limit, sum(counted[kind, state] for state in TAKING))
            for kind, limit in limits(session, seminar_id).items() if counted[kind, "waiting"]}
    if not any(some is None or some for some in left.values()):
        return 0
    waiting = sorted(registrations(session, seminar_id, ("waiting",)), key=lambda v: (v.since, v.id))
    for kind, some in left.items():
        for view in [v for v in waiting if v.kind == kind][:some]:
            _become(session, now, seminar, view.id, "offered", desk)
            audit.record(session, None, now, "registration.offered", f"registration:{view.id}", seminar=seminar_id)
            done += 1
    return done
