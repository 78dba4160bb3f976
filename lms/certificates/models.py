"""Certificates: promises. Frozen when issued, never computed again; an end is a new row."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant


class FolioSeries(Base):
    """The last number given in a series and year; taken inside the issuing transaction, so that none is missing."""
    __tablename__ = "folio_series"
    series: Mapped[str] = mapped_column(String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Certificate(Base):
    """What was promised to whom: the snapshot that was printed and the hash of the printed bytes."""
    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("series", "year", "number"), Index("ix_certificates_about", "about"))
    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(10))
    year: Mapped[int]
    number: Mapped[int]
    folio: Mapped[str] = mapped_column(String(40), unique=True)         # "EGL-2027-000123-04"
    code: Mapped[str] = mapped_column(String(40), unique=True)          # unguessable, 130 bits
    kind: Mapped[str] = mapped_column(String(20))                       # kinds.toml
    module: Mapped[str | None] = mapped_column(String(20))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)     # None: of a seminar
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    holder: Mapped[str] = mapped_column(String(40), default="")         # "registration:77": who has no account
    about: Mapped[str] = mapped_column(String(40), default="")          # "seminar:12", "placement:4", "day:2027-06-03"
    snapshot: Mapped[str] = mapped_column(Text)                         # JSON: certificates.snapshot.Snapshot
    sha256: Mapped[str] = mapped_column(String(64), unique=True)        # of the PDF in the store
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class CertificateBatch(Base):
    """What the office asked to be issued at once; a worker does it. Who of them still waits is computed."""
    __tablename__ = "certificate_batches"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="")           # "": final or module, as `module` says
    about: Mapped[str] = mapped_column(String(40), default="", index=True)      # "seminar:12"
    people: Mapped[str] = mapped_column(Text)                           # ids, in the order of the list, with commas
    language: Mapped[str] = mapped_column(String(2), default="es")      # of the papers: wording.LANGUAGES
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class CertificateOutcome(Base):
    """What came of one person of a batch (of one registration, of a seminar's): a certificate, or why none."""
    __tablename__ = "certificate_outcomes"
    batch_id: Mapped[int] = mapped_column(ForeignKey("certificate_batches.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)            # or the registration's id: so no foreign key
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    problem: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)


class CertificateEnd(Base):
    """A certificate that no longer holds: revoked with a reason, or replaced by another."""
    __tablename__ = "certificate_ends"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))                       # revoked | replaced
    reason: Mapped[str] = mapped_column(String(300))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    ended_at: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


@event.listens_for(Certificate, "before_update")
@event.listens_for(Certificate, "before_delete")
@event.listens_for(CertificateEnd, "before_update")
@event.listens_for(CertificateEnd, "before_delete")
def _refuse(*_: Any) -> None:
    raise RuntimeError("a certificate and its end are never changed: issue another")
