"""The job that sends what is due: each subscription by a thread of its own, so that a slow one keeps nobody waiting."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lms.events import letters
from lms.events.calling import Caller
from lms.events.models import Delivery, DeliveryTry, Subscription, SubscriptionSecret
from lms.events.rules import GONE, MOST_TRIES, PAUSE_AFTER, PING, Answer, body, wait
from lms.events.telling import wake
from lms.foundation import audit, mail
from lms.foundation.audit import AuditLine
from lms.foundation.database import Database
from lms.foundation.vault import Unreadable, Vault
from lms.foundation.webhooks import headers
from lms.people import queries as people
from lms.people.rules import Role

AT_ONCE = 8                     # subscriptions
LONGEST = 20.0                  # seconds that one subscription is served before the other jobs have their turn
LEASE = timedelta(minutes=2)    # a delivery that was begun by a worker that died is due again after this
MOST = 500                      # deliveries of one subscription in one turn


@dataclass(frozen=True)
class Post:
    """What a delivery needs to be sent."""
    address: str
    message_id: str
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Sender:
    """What the job works with; `clock` is the installation's."""
    database: Database
    caller: Caller
    vault: Vault
    clock: Callable[[], datetime]
    base_url: str = ""

    def run(self) -> None:
        """Send what is due, then see that what is not yet due will be."""
        with self.database.reading() as session:
            due = session.scalars(select(Delivery.subscription_id).distinct().where(
                _live(), Delivery.next_at <= self.clock())).all()
        if due:
            with ThreadPoolExecutor(AT_ONCE, "deliver") as threads:
                list(threads.map(self.serve, due))
        with self.database.transaction() as session:
            if (at := session.scalar(select(func.min(Delivery.next_at)).where(_live()))) is not None:
                now = self.clock()
                wake(session, now, max(at, now))

    def serve(self, subscription_id: int) -> None:
        """One subscription's, in order; a server that is not well is left alone with all of them for a while."""
        until = time.monotonic() + LONGEST
        with self.database.reading() as session:
            deliveries = session.scalars(select(Delivery.id).where(
                _live(), Delivery.subscription_id == subscription_id, Delivery.next_at <= self.clock())
                .order_by(Delivery.line_id.is_not(None), Delivery.id).limit(MOST)).all()
        for delivery_id in deliveries:
            if time.monotonic() > until:
                return
            with self.database.transaction() as session:
                post = self._claimed(session, delivery_id)
            if post is None:
                continue
            answer = post if isinstance(post, Answer) else self.caller.post(
                post.address, post.body, headers(post.secrets, post.message_id, self.clock(), post.body))
            with self.database.transaction() as session:
                if not settle(session, self.clock(), delivery_id, answer, self.base_url):
                    return

    def _claimed(self, session: Session, delivery_id: int) -> Post | Answer | None:
        """What to send, unless another worker has it or it may no longer go; an Answer when it can not be signed."""
        now = self.clock()
        taken = session.execute(update(Delivery).where(Delivery.id == delivery_id, Delivery.next_at <= now)
                                .values(next_at=now + LEASE, tries=Delivery.tries + 1))
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
        delivery = session.get_one(Delivery, delivery_id)
        subscription = session.get_one(Subscription, delivery.subscription_id)
        try:
            secrets = tuple(self.vault.read(s, about(subscription.id)) for s in signing(session, subscription.id, now))
        except Unreadable:
            return Answer(None, error="El secreto no se puede leer con la llave de esta instalación. Hacer uno nuevo.")
        return Post(subscription.address, delivery.message_id, message(session, delivery), secrets)


def about(subscription_id: int) -> str:
    """What the vault binds a secret to."""
    return f"subscription:{subscription_id}"


def signing(session: Session, subscription_id: int, now: datetime) -> list[str]:
    """The sealed secrets that sign now, the newest first."""
    return list(session.scalars(select(SubscriptionSecret.sealed).where(
        SubscriptionSecret.subscription_id == subscription_id,
        or_(SubscriptionSecret.until.is_(None), SubscriptionSecret.until > now))
        .order_by(SubscriptionSecret.id.desc())))


def message(session: Session, delivery: Delivery) -> bytes:
    """The body, made of the audit line each time it is wanted: the same bytes, for the line never changes."""
    if delivery.line_id is None:
        return body(PING, delivery.created_at, "", None, {})
    line = session.get_one(AuditLine, delivery.line_id)
    return body(line.deed, line.at, line.subject, line.cohort_id, json.loads(line.detail))


def settle(session: Session, now: datetime, delivery_id: int, answer: Answer, base_url: str = "") -> bool:
    """Write down how it went; False when this subscription should be left alone for now."""
    delivery = session.get_one(Delivery, delivery_id)
    session.add(DeliveryTry(delivery_id=delivery_id, subscription_id=delivery.subscription_id, at=now, ms=answer.ms,
                            status=answer.status, good=answer.good, error=answer.error,
                            answer=answer.text.replace("\0", "")))
    session.flush()
    if answer.good:
        delivery.next_at, delivery.done_at = None, now
        return True
    if delivery.line_id is None:                        # a ping is a question: asked once, it has its answer
        delivery.next_at = None
        return True
    subscription = session.get_one(Subscription, delivery.subscription_id)
    failures = failed_in_a_row(session, subscription)
    again = now + wait(failures if answer.down else delivery.tries)
    delivery.next_at = again if delivery.tries < MOST_TRIES else None
    if answer.status == GONE or failures >= PAUSE_AFTER:
        _pause(session, now, subscription, "El servidor pidió no recibir más (410)." if answer.status == GONE
               else f"{failures} envíos seguidos fallaron. El último: {answer.error}", base_url)
        return False
    if answer.down:                                     # its other messages would only fail as well
        session.execute(update(Delivery).where(Delivery.subscription_id == subscription.id, Delivery.next_at < again)
                        .values(next_at=again))
    return not answer.down


def failed_in_a_row(session: Session, subscription: Subscription) -> int:
    """Tries since the last good one, or since somebody resumed it."""
    tried = select(func.max(DeliveryTry.id)).where(
        DeliveryTry.subscription_id == subscription.id, DeliveryTry.good).scalar_subquery()
    query = select(func.count()).select_from(DeliveryTry).join(Delivery, Delivery.id == DeliveryTry.delivery_id).where(
        DeliveryTry.subscription_id == subscription.id, Delivery.line_id.is_not(None),
        DeliveryTry.id > func.coalesce(tried, 0))
    if subscription.resumed_at is not None:
        query = query.where(DeliveryTry.at > subscription.resumed_at)
    return session.scalar(query) or 0


def _pause(session: Session, now: datetime, subscription: Subscription, why: str, base_url: str) -> None:
    """Left alone until somebody looks; the office is told once."""
    subscription.paused_at, subscription.paused_why = now, why[:300]
    audit.record(session, None, now, "subscription.paused", f"subscription:{subscription.id}", name=subscription.name)
    for person, _post in people.holders(session, Role.OFFICE, None):
        mail.send(session, now, person.email, *letters.paused(
            subscription.name, subscription.paused_why, f"{base_url}/ganchos/salidas/{subscription.id}"))


def _live() -> Any:
    """A delivery that is to be sent some time: of a subscription that is not paused, or a ping of one that is."""
    going = select(Subscription.id).where(Subscription.ended_at.is_(None), Subscription.paused_at.is_(None))
    there = select(Subscription.id).where(Subscription.ended_at.is_(None))
    return Delivery.next_at.is_not(None) & or_(
        Delivery.subscription_id.in_(going), Delivery.line_id.is_(None) & Delivery.subscription_id.in_(there))
