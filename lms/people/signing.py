"""Signing in and out: sessions, each of which can be ended, and the password that opens them."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit, mail
from lms.people import letters, passwords, tries
from lms.people.emails import BadEmail, deliverable, normal
from lms.people.models import OneTimeLink, Person, PersonPost, UserSession
from lms.people.names import Name
from lms.people.queries import token_hash
from lms.people.rules import SESSION_LIFE, Refused, Role, is_staff, password_refusal


def sign_in(session: Session, email: str, password: str, now: datetime, address: str, device: str, *,
            lasting: bool = False, keep: Callable[[], None], only: int | None = None) -> str | None:
    """The token of a new session, or None when it is refused, for whatever reason.

    `keep` stores what was written so far: the try is counted before it is looked at, so that fifty at the same moment
    are fifty tries; and the 20 ms of a password do not hold SQLite's one write lock. `only`: anybody else is refused.
    """
    counted = tries.count(session, now, "sign-in", email, address)
    person = by_typed_email(session, email)
    stored = person.password_hash if person and person.closed_at is None else None
    keep()
    if not passwords.fits(stored, password) or person is None or only not in (None, person.id):
        audit.record(session, None, now, "sign_in.refused", f"person:{person.id if person else 'unknown'}")
        keep()
        return None
    session.refresh(person)
    if person.closed_at or person.password_hash != stored:      # changed while the password was looked at
        return None
    tries.forget(session, counted)
    if passwords.is_stale(person.password_hash):
        person.password_hash = passwords.hashed(password)
    return open_session(session, person.id, now, device, lasting=lasting)


def confirm(session: Session, person_id: int, password: str, now: datetime, address: str, keep: Callable[[], None]
            ) -> bool:
    """Is it really this person who signs? Their password, given for this one act; a wrong one counts as a refused
    sign-in. Asked before anything is written: `keep` stores the try."""
    person = session.get_one(Person, person_id)
    counted, stored = tries.count(session, now, "sign-in", person.email, address), person.password_hash
    keep()
    if not passwords.fits(stored, password):
        audit.record(session, person_id, now, "password.refused", f"person:{person_id}")
        keep()
        return False
    tries.forget(session, counted)
    return True


def open_session(session: Session, person_id: int, now: datetime, device: str, *, lasting: bool = False) -> str:
    """A new session for this person; only the hash of its token is kept. `lasting`: a month, for who is no staff."""
    token = token_urlsafe(32)
    roles = frozenset(map(Role, session.scalars(select(PersonPost.role).where(
        PersonPost.person_id == person_id, PersonPost.ended_at.is_(None)))))
    session.add(UserSession(person_id=person_id, token_hash=token_hash(token), device=device[:120], created_at=now,
                            seen_at=now, expires_at=now + SESSION_LIFE[is_staff(roles) or not lasting]))
    audit.record(session, person_id, now, "sign_in.accepted", f"person:{person_id}", device=device[:120])
    return token


def touch(session: Session, session_id: int, now: datetime) -> None:
    """This session has just done something."""
    session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now))


def sign_out(session: Session, person_id: int, now: datetime, session_id: int) -> None:
    _end(session, now, UserSession.id == session_id)
    audit.record(session, person_id, now, "sign_out", f"person:{person_id}")


def leave(session: Session, token: str, now: datetime) -> int | None:
    """End the session a browser had before, if any; whose it was."""
    found = session.scalar(select(UserSession).where(UserSession.token_hash == token_hash(token))) if token else None
    if found is None:
        return None
    found.ended_at = found.ended_at or now
    return found.person_id


def end_session(session: Session, actor_id: int, now: datetime, person_id: int, session_id: int) -> bool:
    """End one session of this person's, from the next click on; False when there is none such."""
    ended = _end(session, now, UserSession.person_id == person_id, UserSession.id == session_id)
    if ended:
        audit.record(session, actor_id, now, "session.ended", f"person:{person_id}")
    return bool(ended)


def end_sessions(session: Session, actor_id: int | None, now: datetime, person_id: int, but: int | None = None) -> int:
    """End all of a person's sessions, or all but one."""
    ended = _end(session, now, UserSession.person_id == person_id, UserSession.id != (but or 0))
    if ended:
        audit.record(session, actor_id, now, "session.ended", f"person:{person_id}", sessions=ended)
    return ended


def shorten_sessions(session: Session, now: datetime, person_id: int) -> None:
    """Who becomes staff keeps no session for longer than staff may."""
    latest = now + SESSION_LIFE[True]
    session.execute(update(UserSession).where(
        UserSession.person_id == person_id, UserSession.expires_at > latest).values(expires_at=latest))


def change_password(session: Session, now: datetime, person_id: int, *, current: str,
                    password: str, address: str, base_url: str, keep: Callable[[], None]) -> None:
    """Set another password and end every session, this one too: whoever copied its cookie is out. The caller opens
    another. A wrong current password counts as a refused sign-in."""
    person = session.get_one(Person, person_id)
    if reason := password_refusal(password, person.email):
        raise Refused(reason, "password")
    counted, stored = tries.count(session, now, "sign-in", person.email, address), person.password_hash
    keep()
    if not passwords.fits(stored, current):
        audit.record(session, person_id, now, "password.refused", f"person:{person_id}")
        keep()
        raise Refused("No es la contraseña actual.", "current")
    tries.forget(session, counted)
    set_password(session, person_id, password, now, base_url)
    audit.record(session, person_id, now, "password.changed", f"person:{person_id}")
    end_sessions(session, person_id, now, person_id)


def set_password(session: Session, person_id: int, password: str, now: datetime, base_url: str) -> None:
    """From here on no earlier link is worth anything; an owner who had another password is told by mail."""
    person = session.get_one(Person, person_id)
    if person.password_hash:
        mail.send(session, now, deliverable(person.email), *letters.password_changed(called(person), base_url))
    person.password_hash = passwords.hashed(password)
    expire_links(session, now, person_id)


def expire_links(session: Session, now: datetime, person_id: int) -> None:
    session.execute(update(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None),
                                              OneTimeLink.expires_at > now).values(expires_at=now))


def by_typed_email(session: Session, email: str) -> Person | None:
    try:
        return session.scalar(select(Person).where(Person.email == normal(email)))
    except BadEmail:
        return None


def called(person: Person) -> str:
    """The name a mail begins with."""
    return Name(person.preferred_name or person.given_names, person.surname1, person.surname2).full


def _end(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    ended = session.execute(update(UserSession).where(
        UserSession.ended_at.is_(None), UserSession.expires_at > now, *which).values(ended_at=now))
    return int(ended.rowcount)  # type: ignore[attr-defined]
