"""One-time links, by mail: an invitation to a new account, or a way to choose another password."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit, mail
from lms.people import letters, tries
from lms.people.emails import deliverable
from lms.people.models import OneTimeLink, Person
from lms.people.queries import token_hash
from lms.people.rules import LINK_LIFE, RESETS, Refused, password_refusal
from lms.people.signing import by_typed_email, called, end_sessions, open_session, set_password

PATH = "/enlace/"               # the page that opens a link: mail is written where no request is known


@dataclass(frozen=True)
class Link:
    """A one-time link that may still be used."""
    id: int
    person_id: int
    purpose: str
    name: str
    email: str


def make(session: Session, now: datetime, person_id: int, purpose: str, base_url: str) -> str:
    """A new link's address; older ones of its purpose are no longer worth anything."""
    token = token_urlsafe(32)
    session.execute(update(OneTimeLink).where(
        OneTimeLink.person_id == person_id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now).values(expires_at=now))
    session.add(OneTimeLink(person_id=person_id, purpose=purpose, token_hash=token_hash(token), created_at=now,
                            expires_at=now + LINK_LIFE[purpose]))
    return f"{base_url}{PATH}{token}"


def send(session: Session, now: datetime, person_id: int, purpose: str, base_url: str) -> None:
    """Mail a new link."""
    person, link = session.get_one(Person, person_id), make(session, now, person_id, purpose, base_url)
    write = letters.invitation if purpose == "invitation" else letters.reset
    mail.send(session, now, deliverable(person.email), *write(called(person), link))


def ask_reset(session: Session, now: datetime, email: str, address: str, base_url: str) -> None:
    """Mail a reset link if there is such an account. Whoever asks is told the same either way."""
    tries.count(session, now, "reset", "", address)
    person = by_typed_email(session, email)
    audit.record(session, None, now, "reset.asked", f"person:{person.id if person else 'unknown'}")
    sent = session.scalar(select(func.count()).where(
        OneTimeLink.person_id == (person.id if person else 0), OneTimeLink.purpose == "reset",
        OneTimeLink.created_at > now - RESETS[1]))
    if person and person.closed_at is None and (sent or 0) < RESETS[0]:
        send(session, now, person.id, "reset", base_url)


def look(session: Session, token: str, now: datetime) -> Link | None:
    """What this link is for, if it may still be used. Looking at it does not use it."""
    row = session.execute(select(OneTimeLink, Person).join(Person, Person.id == OneTimeLink.person_id).where(
        OneTimeLink.token_hash == token_hash(token), OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now,
        Person.closed_at.is_(None))).one_or_none()
    if row is None:
        return None
    link, person = row
    return Link(link.id, person.id, link.purpose, called(person), person.email)


def use(session: Session, token: str, password: str, now: datetime, device: str, base_url: str) -> str | None:
    """Set the password the link allows to set, and sign in; None when the link is no longer worth anything."""
    link = look(session, token, now)
    if link is None:
        return None
    if reason := password_refusal(password, link.email):
        raise Refused(reason, "password")
    used = session.execute(update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
                           .values(used_at=now))
    if used.rowcount != 1:      # type: ignore[attr-defined]    # another request used it a moment ago
        return None
    set_password(session, link.person_id, password, now, base_url)
    end_sessions(session, link.person_id, now, link.person_id)
    tries.forget_account(session, link.email)
    audit.record(session, link.person_id, now, f"{link.purpose}.used", f"person:{link.person_id}")
    return open_session(session, link.person_id, now, device)
