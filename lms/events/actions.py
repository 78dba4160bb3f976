"""Subscribing, changing the secret, pausing, ending, asking for a delivery again."""

from collections.abc import Collection
from datetime import datetime
from secrets import token_bytes

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.events import telling
from lms.events.delivering import about
from lms.events.models import Delivery, Subscription, SubscriptionSecret
from lms.events.rules import OVERLAP, PING, PUBLISHED
from lms.foundation import audit
from lms.foundation.audit import AuditLine
from lms.foundation.vault import Vault
from lms.foundation.webhooks import KEY, secret_of
from lms.people.rules import Refused

MOST_AGAIN = 2000               # events told again at once
NO_KIND = "Elegir al menos una clase de aviso."


def subscribe(session: Session, vault: Vault, actor_id: int, now: datetime, name: str, address: str,
              kinds: Collection[str]) -> tuple[int, str]:
    """(id, the secret, which is shown this once)."""
    if not kinds or (unknown := set(kinds) - PUBLISHED.keys()):
        raise Refused(f"No se publica: {', '.join(sorted(unknown))}." if kinds else NO_KIND, "kinds")
    row = Subscription(name=name, address=address, kinds=" ".join(k for k in PUBLISHED if k in kinds), created_at=now,
                       created_by=actor_id)
    session.add(row)
    session.flush()
    audit.record(session, actor_id, now, "subscription.made", f"subscription:{row.id}", name=name)
    return row.id, _new_secret(session, vault, now, row.id)


def change(session: Session, actor_id: int, now: datetime, subscription_id: int, name: str, address: str,
           kinds: Collection[str]) -> None:
    row = _standing(session, subscription_id)
    wanted = " ".join(k for k in PUBLISHED if k in kinds)
    if not wanted:
        raise Refused(NO_KIND, "kinds")
    if (row.name, row.address, row.kinds) != (name, address, wanted):
        row.name, row.address, row.kinds = name, address, wanted
        audit.record(session, actor_id, now, "subscription.changed", f"subscription:{row.id}", name=name)


def rotate(session: Session, vault: Vault, actor_id: int, now: datetime, subscription_id: int) -> str:
    """A new secret; the one before signs beside it for a day, so that the other side can change without a gap."""
    row = _standing(session, subscription_id)
    for old in session.scalars(select(SubscriptionSecret).where(
            SubscriptionSecret.subscription_id == row.id, SubscriptionSecret.until.is_(None))):
        old.until = now + OVERLAP
    audit.record(session, actor_id, now, "subscription.secret_changed", f"subscription:{row.id}", name=row.name)
    return _new_secret(session, vault, now, row.id)


def pause(session: Session, actor_id: int, now: datetime, subscription_id: int) -> None:
    row = _standing(session, subscription_id)
    if row.paused_at is None:
        row.paused_at, row.paused_why = now, "La oficina la puso en pausa."
        audit.record(session, actor_id, now, "subscription.paused", f"subscription:{row.id}", name=row.name)


def resume(session: Session, actor_id: int, now: datetime, subscription_id: int) -> None:
    """What waited goes out now."""
    row = _standing(session, subscription_id)
    if row.paused_at is None:
        return
    row.paused_at, row.paused_why, row.resumed_at = None, "", now
    session.execute(update(Delivery).where(Delivery.subscription_id == row.id, Delivery.next_at.is_not(None))
                    .values(next_at=now, tries=0))
    audit.record(session, actor_id, now, "subscription.resumed", f"subscription:{row.id}", name=row.name)
    telling.wake(session, now)


def end(session: Session, actor_id: int, now: datetime, subscription_id: int) -> None:
    """Nothing more is sent; what was sent stays to be seen."""
    row = _standing(session, subscription_id)
    row.ended_at = now
    session.execute(update(Delivery).where(Delivery.subscription_id == row.id).values(next_at=None))
    session.execute(update(SubscriptionSecret).where(SubscriptionSecret.subscription_id == row.id)
                    .values(sealed="", until=now))
    audit.record(session, actor_id, now, "subscription.ended", f"subscription:{row.id}", name=row.name)


def ping(session: Session, actor_id: int, now: datetime, subscription_id: int) -> int:
    row = _standing(session, subscription_id)
    made = telling.add(session, now, row.id, PING)
    session.flush()
    audit.record(session, actor_id, now, "subscription.pinged", f"subscription:{row.id}", name=row.name)
    telling.wake(session, now)
    return made.id


def again(session: Session, actor_id: int, now: datetime, subscription_id: int, delivery_id: int) -> None:
    """Send one more time, with the id it had: a receiver that knows it will take it for the same."""
    row = _standing(session, subscription_id)
    if _again(session, now, row, [delivery_id]) == 0:
        raise Refused("Ese envío no está en esta suscripción.")
    audit.record(session, actor_id, now, "delivery.asked_again", f"delivery:{delivery_id}", name=row.name)
    telling.wake(session, now)


def again_since(session: Session, actor_id: int, now: datetime, subscription_id: int, since: datetime) -> int:
    """All that happened since then, sent before or not; how many events."""
    row = _standing(session, subscription_id)
    lines = dict(session.execute(
        select(AuditLine.id, AuditLine.deed).where(AuditLine.at >= since, AuditLine.deed.in_(row.kinds.split()))
        .order_by(AuditLine.id).limit(MOST_AGAIN + 1)).all())
    if len(lines) > MOST_AGAIN:
        raise Refused(f"Desde entonces hubo más de {MOST_AGAIN} hechos. Elegir un momento más reciente.", "since")
    known = dict(session.execute(select(Delivery.line_id, Delivery.id).where(
        Delivery.subscription_id == row.id, Delivery.line_id.in_(lines))).all())
    _again(session, now, row, list(known.values()))
    for line_id, deed in lines.items():
        if line_id not in known:
            telling.add(session, now, row.id, deed, line_id)
    session.flush()
    audit.record(session, actor_id, now, "delivery.asked_again", f"subscription:{row.id}", name=row.name,
                 since=since.isoformat())
    telling.wake(session, now)
    return len(lines)


def _again(session: Session, now: datetime, row: Subscription, ids: list[int]) -> int:
    done = session.execute(update(Delivery).where(Delivery.id.in_(ids), Delivery.subscription_id == row.id)
                           .values(next_at=now, done_at=None, tries=0))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _standing(session: Session, subscription_id: int) -> Subscription:
    row = session.get(Subscription, subscription_id)
    if row is None or row.ended_at is not None:
        raise Refused("Esa suscripción terminó.")
    return row


def _new_secret(session: Session, vault: Vault, now: datetime, subscription_id: int) -> str:
    secret = secret_of(token_bytes(KEY))
    session.add(SubscriptionSecret(subscription_id=subscription_id, sealed=vault.seal(secret, about(subscription_id)),
                                   made_at=now))
    return secret
