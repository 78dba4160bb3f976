"""From a deed to its deliveries: an audit line of a published kind puts a job in the outbox, in its own transaction."""

from collections.abc import Collection
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import event, exists, insert, literal, select
from sqlalchemy.orm import Session, sessionmaker

from lms.events.models import Delivery, Subscription
from lms.events.rules import PUBLISHED
from lms.foundation import outbox
from lms.foundation.audit import AuditLine
from lms.foundation.database import Instant
from lms.foundation.outbox import OutboxJob

TELL, DELIVER = "event", "event-delivery"       # kinds of jobs


def listen(writer: "sessionmaker[Session]") -> None:
    """Rooms need do nothing: whatever they say to `audit.record` is seen here when it is written."""
    event.listen(writer, "after_flush", _seen)


def _seen(session: Session, _: Any) -> None:
    """One statement for all that a flush wrote, and no row where nobody has subscribed."""
    lines = [line for line in session.new if isinstance(line, AuditLine) and line.deed in PUBLISHED]
    if not lines:
        return
    at, payload = lines[0].at, '{"lines": [' + ", ".join(str(line.id) for line in lines) + "]}"
    somebody = exists().where(Subscription.ended_at.is_(None))
    session.connection().execute(insert(OutboxJob.__table__).from_select(
        ["kind", "payload", "created_at", "run_after", "tries", "last_error"],
        select(literal(TELL), literal(payload), literal(at, Instant), literal(at, Instant), literal(0), literal(""))
        .where(somebody)))


def spread(session: Session, now: datetime, lines: Collection[int]) -> int:
    """A delivery of each of these lines for each subscription that wants its kind, once; how many are new."""
    found = session.execute(select(AuditLine.id, AuditLine.deed).where(
        AuditLine.id.in_(lines), AuditLine.deed.in_(PUBLISHED)).order_by(AuditLine.id)).all()
    known = set(session.execute(select(Delivery.subscription_id, Delivery.line_id).where(Delivery.line_id.in_(lines))))
    new = 0
    for subscription in session.scalars(select(Subscription).where(Subscription.ended_at.is_(None))):
        kinds = subscription.kinds.split()
        for line_id, deed in found:
            if deed in kinds and (subscription.id, line_id) not in known:
                add(session, now, subscription.id, deed, line_id)
                new += 1
    session.flush()
    wake(session, now)
    return new


def add(session: Session, now: datetime, subscription_id: int, kind: str, line_id: int | None = None) -> Delivery:
    delivery = Delivery(subscription_id=subscription_id, line_id=line_id, kind=kind, message_id=f"msg_{token_hex(14)}",
                        created_at=now, next_at=now)
    session.add(delivery)
    return delivery


def wake(session: Session, at: datetime, by: datetime | None = None) -> None:
    """See that what is due by then will be sent: one job sends all that is due."""
    if not outbox.awaited(session, DELIVER, by or at):
        outbox.put(session, at, DELIVER, run_after=by or at)
