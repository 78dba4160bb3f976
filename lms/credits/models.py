"""The ledger: seminar attendance and internship credits as facts, and how each pull from a source went."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Exact, Instant


class Credit(Base):
    """One entry. Withdrawing it is a new entry that names it; the same source and reference is one fact."""
    __tablename__ = "credits"
    __table_args__ = (UniqueConstraint("source", "reference"),
                      Index("ix_credits_cohort_id_person_id", "cohort_id", "person_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60))             # "office", or a plug-in's name
    reference: Mapped[str] = mapped_column(String(120))         # the sender's own id
    kind: Mapped[str] = mapped_column(String(12))               # attendance | internship
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))             # seminar or host
    hours: Mapped[Fraction] = mapped_column(Exact)              # of work; negative never: see withdraws_id
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("credits.id"), unique=True)


class SourcePull(Base):
    """One asking of one source: what came of it, told by name when it failed."""
    __tablename__ = "source_pulls"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    pulled_at: Mapped[datetime] = mapped_column(Instant)
    taken: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[str] = mapped_column(Text, default="[]")    # JSON: reference and why, of the first hundred
    refused_count: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")
    ms: Mapped[int] = mapped_column(default=0)                  # that the source took to answer
    asked_by: Mapped[str] = mapped_column(String(12), default="person")     # person | schedule | command


class PushSource(Base):
    """A system that tells by itself, at /entrada/<name>: see docs/plugging-in-a-source.md."""
    __tablename__ = "push_sources"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)      # of the address, and the origin in the ledger
    title: Mapped[str] = mapped_column(String(120))
    kinds: Mapped[str] = mapped_column(String(40))                  # "attendance internship"
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PushSecret(Base):
    """One secret it may sign with, sealed by the vault; several may hold at once, so that it can be changed."""
    __tablename__ = "push_secrets"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("push_sources.id"), index=True)
    sealed: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)


class PushDelivery(Base):
    """One message and the answer it got, which the same message gets again. Not the message: it names a person."""
    __tablename__ = "push_deliveries"
    __table_args__ = (UniqueConstraint("source_id", "message_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("push_sources.id"))
    message_id: Mapped[str | None] = mapped_column(String(100))     # None: not signed, so that it takes nobody's place
    body_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    status: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(String(40), default="")
    answer: Mapped[str] = mapped_column(Text, default="{}")         # JSON
    kind: Mapped[str] = mapped_column(String(40), default="")
    reference: Mapped[str] = mapped_column(String(120), default="")
    repeats: Mapped[int] = mapped_column(default=0)                 # how often the same message came again
