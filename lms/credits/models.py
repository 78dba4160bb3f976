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
    refused: Mapped[str] = mapped_column(Text, default="[]")    # JSON: reference and why
    error: Mapped[str] = mapped_column(String(300), default="")
