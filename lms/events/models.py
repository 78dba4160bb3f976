"""Who is told what, and how each telling went."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant


class Subscription(Base):
    """An address of another system and the kinds of events it is told."""
    __tablename__ = "subscriptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[str] = mapped_column(Text)                        # with a space between
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_why: Mapped[str] = mapped_column(String(300), default="")
    resumed_at: Mapped[datetime | None] = mapped_column(Instant)    # failures before it count no more
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SubscriptionSecret(Base):
    """One secret that signs, sealed by the vault; after `until` it signs no more."""
    __tablename__ = "subscription_secrets"
    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"), index=True)
    sealed: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)


class Delivery(Base):
    """One event for one subscription: like an outbox job, it is due until it is done or given up."""
    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("subscription_id", "line_id"),
                      Index("ix_deliveries_subscription_id_next_at", "subscription_id", "next_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("audit_lines.id"))       # None: a ping
    kind: Mapped[str] = mapped_column(String(60))
    message_id: Mapped[str] = mapped_column(String(40), unique=True)                # the same at each try and replay
    created_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)                                   # since it was last asked for
    next_at: Mapped[datetime | None] = mapped_column(Instant, index=True)           # None: done or given up
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class DeliveryTry(Base):
    """One call: what was answered, or why nothing was."""
    __tablename__ = "delivery_tries"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[int | None]
    good: Mapped[bool]
    error: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(Text, default="")           # its first bytes
    ms: Mapped[int] = mapped_column(default=0)
