"""Subscriptions and their deliveries, as the office may see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from lms.events.delivering import failed_in_a_row, message
from lms.events.models import Delivery, DeliveryTry, Subscription, SubscriptionSecret

PAGE = 50           # deliveries


@dataclass(frozen=True)
class SubscriptionView:
    id: int
    name: str
    address: str
    kinds: tuple[str, ...]
    created_at: datetime
    paused_at: datetime | None
    paused_why: str
    ended_at: datetime | None
    done: int = 0
    waiting: int = 0
    given_up: int = 0
    last_good: datetime | None = None


@dataclass(frozen=True)
class DeliveryView:
    id: int
    kind: str
    line_id: int | None
    message_id: str
    created_at: datetime
    tries: int
    next_at: datetime | None
    done_at: datetime | None
    last_at: datetime | None = None
    last_status: int | None = None
    last_error: str = ""

    @property
    def state(self) -> str:
        return "done" if self.done_at else "waiting" if self.next_at else "given up"


@dataclass(frozen=True)
class TryView:
    at: datetime
    status: int | None
    good: bool
    error: str
    answer: str
    ms: int


def subscriptions(session: Session, subscription_id: int | None = None) -> list[SubscriptionView]:
    """Each with what became of its deliveries, those that ended last. One statement."""
    last = (select(DeliveryTry.subscription_id, func.max(DeliveryTry.at).label("at")).where(DeliveryTry.good)
            .group_by(DeliveryTry.subscription_id).subquery())
    counted = select(
        Delivery.subscription_id, func.count(Delivery.done_at).label("done"),
        func.count(Delivery.next_at).label("waiting"),
        func.sum(case((Delivery.done_at.is_(None) & Delivery.next_at.is_(None), 1), else_=0)).label("given_up"),
    ).group_by(Delivery.subscription_id).subquery()
    query = (select(Subscription, counted.c.done, counted.c.waiting, counted.c.given_up, last.c.at)
             .outerjoin(counted, counted.c.subscription_id == Subscription.id)
             .outerjoin(last, last.c.subscription_id == Subscription.id)
             .order_by(Subscription.ended_at.is_not(None), Subscription.id))
    if subscription_id is not None:
        query = query.where(Subscription.id == subscription_id)
    return [SubscriptionView(s.id, s.name, s.address, tuple(s.kinds.split()), s.created_at, s.paused_at, s.paused_why,
                             s.ended_at, done or 0, waiting or 0, given_up or 0, at)
            for s, done, waiting, given_up, at in session.execute(query)]


def subscription(session: Session, subscription_id: int) -> SubscriptionView | None:
    found = subscriptions(session, subscription_id)
    return found[0] if found else None


def secrets(session: Session, subscription_id: int) -> list[tuple[datetime, datetime | None]]:
    """(made at, signs until) of each, the newest first. The secret itself is never shown again."""
    return [(made, until) for made, until in session.execute(
        select(SubscriptionSecret.made_at, SubscriptionSecret.until)
        .where(SubscriptionSecret.subscription_id == subscription_id).order_by(SubscriptionSecret.id.desc()))]


def deliveries(session: Session, subscription_id: int, state: str = "", before: int | None = None
               ) -> list[DeliveryView]:
    """A page of them and one more if there is more, the newest first, each with its last try. One statement."""
    newest = (select(func.max(DeliveryTry.id)).where(DeliveryTry.delivery_id == Delivery.id).correlate(Delivery)
              .scalar_subquery())
    query = (select(Delivery, DeliveryTry.at, DeliveryTry.status, DeliveryTry.error)
             .outerjoin(DeliveryTry, DeliveryTry.id == newest)
             .where(Delivery.subscription_id == subscription_id).order_by(Delivery.id.desc()).limit(PAGE + 1))
    if state == "done":
        query = query.where(Delivery.done_at.is_not(None))
    elif state == "waiting":
        query = query.where(Delivery.next_at.is_not(None))
    elif state == "given up":
        query = query.where(Delivery.done_at.is_(None), Delivery.next_at.is_(None))
    if before is not None:
        query = query.where(Delivery.id < before)
    return [DeliveryView(d.id, d.kind, d.line_id, d.message_id, d.created_at, d.tries, d.next_at, d.done_at, at, status,
                         error or "") for d, at, status, error in session.execute(query)]


def delivery(session: Session, subscription_id: int, delivery_id: int
             ) -> tuple[DeliveryView, str, list[TryView]] | None:
    """(it, what is sent, every try with the newest first)."""
    row = session.scalar(select(Delivery).where(Delivery.id == delivery_id,
                                                Delivery.subscription_id == subscription_id))
    if row is None:
        return None
    tries = [TryView(t.at, t.status, t.good, t.error, t.answer, t.ms) for t in session.scalars(
        select(DeliveryTry).where(DeliveryTry.delivery_id == delivery_id).order_by(DeliveryTry.id.desc()).limit(PAGE))]
    view = DeliveryView(row.id, row.kind, row.line_id, row.message_id, row.created_at, row.tries, row.next_at,
                        row.done_at)
    return view, message(session, row).decode(), tries


def failures(session: Session, subscription_id: int) -> int:
    """How many tries in a row have failed up to now."""
    return failed_in_a_row(session, session.get_one(Subscription, subscription_id))
