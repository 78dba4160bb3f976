"""Tries at signing in, counted before they are looked at: against the account and the address."""

from datetime import datetime
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from lms.people.emails import BadEmail, normal
from lms.people.models import SignInFailure
from lms.people.rules import THROTTLE


class Throttled(Exception):
    """Too many tries from this account or address within the time: the next one is not looked at."""


Tries = list[SignInFailure]


def count(session: Session, now: datetime, what: str, email: str, address: str) -> Tries:
    """Write down one try against the address and, if one is named, the account, whether or not it exists."""
    most, within = THROTTLE
    keys = [_key(what, "address", _network(address))] + ([account_key(email)] if email else [])
    if session.get_bind().dialect.name == "postgresql":     # SQLite writes one at a time anyhow
        for key in sorted(keys):
            session.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
    old = select(SignInFailure.id).where(SignInFailure.at < now - within).with_for_update(skip_locked=True)
    session.execute(delete(SignInFailure).where(SignInFailure.id.in_(old)))
    counts = session.scalars(
        select(func.count()).where(SignInFailure.key.in_(keys)).group_by(SignInFailure.key)).all()
    if any(found >= most for found in counts):
        raise Throttled
    tries = [SignInFailure(key=key, at=now) for key in keys]
    session.add_all(tries)
    session.flush()
    return tries


def forget(session: Session, tries: Tries) -> None:
    """It was right: this try does not count against its address, nor any earlier one against its account."""
    address, account = tries
    session.execute(delete(SignInFailure).where(or_(SignInFailure.id == address.id, SignInFailure.key == account.key)))


def forget_account(session: Session, email: str) -> None:
    session.execute(delete(SignInFailure).where(SignInFailure.key == account_key(email)))


def account_key(email: str) -> str:
    """However the address was typed, if it is one."""
    try:
        return _key("sign-in", "account", normal(email))
    except BadEmail:
        return _key("sign-in", "account", email[:254])


def _key(*parts: str) -> str:
    return sha256(" ".join(parts).encode()).hexdigest()


def _network(address: str) -> str:
    """An IPv6 address stands for its /64: who has one of them has them all."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) and not found.ipv4_mapped else str(found)
