"""Recorded exceptions and recognised studies: facts, only added to; one that takes another back names it."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Exact, Instant


class RequirementException(Base):
    """A person need not meet one requirement of the diploma, and why; or, with `withdraws_id`, that it does no more."""
    __tablename__ = "requirement_exceptions"
    __table_args__ = (Index("ix_requirement_exceptions_cohort_id_person_id", "cohort_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requirement: Mapped[str] = mapped_column(String(210))               # completion.rules.Item.key
    reason: Mapped[str] = mapped_column(String(500))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_exceptions.id"), unique=True)


class Recognition(Base):
    """An earlier study that stands for a module, with its evidence; or, with `withdraws_id`, that it no longer does."""
    __tablename__ = "recognitions"
    __table_args__ = (Index("ix_recognitions_cohort_id_person_id", "cohort_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    module: Mapped[str] = mapped_column(String(20))
    equivalence: Mapped[str] = mapped_column(String(40), default="")    # of the programme; "": decided for this person
    study: Mapped[str] = mapped_column(String(200))
    institution: Mapped[str] = mapped_column(String(200))
    finished_on: Mapped[date | None]
    share: Mapped[Fraction | None] = mapped_column(Exact)               # NULL: recognised without a grade
    reason: Mapped[str] = mapped_column(String(500))
    file_name: Mapped[str] = mapped_column(String(200))
    file_kind: Mapped[str] = mapped_column(String(10))
    file_size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))                     # of the evidence, in the store
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("recognitions.id"), unique=True)


def _refuse(*_: Any) -> None:
    raise RuntimeError("a recorded exception or recognition is never changed nor deleted: withdraw it by a new row")


for _row in (RequirementException, Recognition):
    for _deed in ("before_update", "before_delete"):
        event.listen(_row, _deed, _refuse)
