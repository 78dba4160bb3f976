"""Actas: facts are rows added and never changed; a closed acta is a promise, chained to the one before it."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import DDL, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Exact, Instant


class Acta(Base):
    """An acta of a cohort's module was opened; one that rectifies names the closed one it corrects, and why."""
    __tablename__ = "actas"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    rectifies: Mapped[int | None] = mapped_column(index=True)           # closed_actas.sequence; no key: a ring
    reason: Mapped[str] = mapped_column(String(500), default="")
    resolution: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(ForeignKey("people.id"))


class ActaDecision(Base):
    """What somebody said of a person without a grade, or of their attendance; the last one counts."""
    __tablename__ = "acta_decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    acta_id: Mapped[int] = mapped_column(ForeignKey("actas.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(10), default="")          # "": undecided
    attendance: Mapped[Fraction | None] = mapped_column(Exact)          # 0..1; None: as the ledger says
    decided_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)


class ActaSubmission(Base):
    """The acta as it was presented for signature; the last presentation counts."""
    __tablename__ = "acta_submissions"
    id: Mapped[int] = mapped_column(primary_key=True)
    acta_id: Mapped[int] = mapped_column(ForeignKey("actas.id"), index=True)
    content: Mapped[str] = mapped_column(Text)                          # JSON: actas.rules.Content
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime] = mapped_column(Instant)


class ActaSignature(Base):
    """An instructor signed what was presented, giving their password for it."""
    __tablename__ = "acta_signatures"
    __table_args__ = (UniqueConstraint("submission_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("acta_submissions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sha256: Mapped[str] = mapped_column(String(64))                     # of the content that was signed
    signed_at: Mapped[datetime] = mapped_column(Instant)


class ActaEnd(Base):
    """An acta was annulled before it was closed."""
    __tablename__ = "acta_ends"
    acta_id: Mapped[int] = mapped_column(ForeignKey("actas.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    ended_at: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[int] = mapped_column(ForeignKey("people.id"))


class ActaSeries(Base):
    """The last folio number of a year; locked and raised inside the closing transaction, so that none is missing."""
    __tablename__ = "acta_series"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class ClosedActa(Base):
    """A closed acta. `snapshot` holds all it says; `link` binds it, its paper and the record before it."""
    __tablename__ = "closed_actas"
    __table_args__ = (UniqueConstraint("year", "number"),)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)    # one chain for the installation
    acta_id: Mapped[int] = mapped_column(ForeignKey("actas.id"), unique=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("acta_submissions.id"), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    rectifies: Mapped[int | None] = mapped_column(ForeignKey("closed_actas.sequence"), unique=True)
    year: Mapped[int]
    number: Mapped[int]
    folio: Mapped[str] = mapped_column(String(40), unique=True)         # "EGA-2027-000003-51"
    code: Mapped[str] = mapped_column(String(40), unique=True)          # unguessable, 130 bits
    snapshot: Mapped[str] = mapped_column(Text)                         # canonical JSON: actas.chain.Snapshot
    sha256: Mapped[str] = mapped_column(String(64))                     # of the snapshot's bytes
    previous: Mapped[str] = mapped_column(String(64))                   # the link of the record before
    paper_sha256: Mapped[str] = mapped_column(String(64), index=True)   # of the PDF in the store
    link: Mapped[str] = mapped_column(String(64), unique=True)
    kid: Mapped[str] = mapped_column(String(64))                        # which of the school's keys signed the link
    signature: Mapped[str] = mapped_column(String(200))                 # base64
    closed_at: Mapped[datetime] = mapped_column(Instant)
    closed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))


KEPT = (Acta, ActaDecision, ActaSubmission, ActaSignature, ActaEnd, ClosedActa)     # never changed, never deleted
WHY = "a row of an acta is never changed nor deleted"


def _refuse(*_: Any) -> None:
    raise RuntimeError(WHY)


def ddl(text: str, dialect: str) -> DDL:
    return DDL(text).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


FUNCTION = ddl(f"""CREATE OR REPLACE FUNCTION acta_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{WHY}'; END $$""", "postgresql")


def triggers(table: str) -> list[DDL]:
    """What refuses UPDATE and DELETE of a table in the database itself, for SQLite and PostgreSQL."""
    made = [ddl(f"""CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table}
BEGIN SELECT RAISE(ABORT, '{WHY}'); END""", "sqlite") for deed in ("update", "delete")]
    return [*made, ddl(f"""CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION acta_kept()""", "postgresql")]


for _kept in KEPT:
    event.listen(_kept, "before_update", _refuse)
    event.listen(_kept, "before_delete", _refuse)
    event.listen(_kept.__table__, "after_create", FUNCTION)
    for _trigger in triggers(str(_kept.__tablename__)):
        event.listen(_kept.__table__, "after_create", _trigger)
