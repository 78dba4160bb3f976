"""Agreements: who promised what to whom, from when until when, with the signed paper."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant


class Agreement(Base):
    """A framework agreement as it was signed. Whether it is in force is computed from its dates and renewals."""
    __tablename__ = "agreements"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    object: Mapped[str] = mapped_column(Text, default="")
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    expires_on: Mapped[date | None]                                     # None: without a term
    sha256: Mapped[str] = mapped_column(String(64), default="")         # of the signed paper in the store
    file_name: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class AgreementParty(Base):
    """An institution that signed, by whom, in which office."""
    __tablename__ = "agreement_parties"
    __table_args__ = (UniqueConstraint("agreement_id", "institution_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    signatory: Mapped[str] = mapped_column(String(160), default="")
    office: Mapped[str] = mapped_column(String(160), default="")
    position: Mapped[int] = mapped_column(default=0)


class AgreementChange(Base):
    """A renewal or an early end: a new fact beside the agreement."""
    __tablename__ = "agreement_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))                       # renewed | ended
    on: Mapped[date]                                                    # signed, or ended, on
    expires_on: Mapped[date | None]                                     # of a renewal; None: without a term
    reason: Mapped[str] = mapped_column(String(300), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
