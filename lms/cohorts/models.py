"""Cohorts, their calendar, who is enrolled, and the rosters they came from."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant


class Cohort(Base):
    """A group that takes a programme together, in a country, pinned to one edition."""
    __tablename__ = "cohorts"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)          # "CL-2026"
    title: Mapped[str] = mapped_column(String(120))
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"))
    country: Mapped[str] = mapped_column(String(2))                     # CL | AR: home scale, documents, dates
    time_zone: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(Instant)


class CohortPartner(Base):
    """A university or association that takes part in a cohort; `order` is that of the certificate."""
    __tablename__ = "cohort_partners"
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Signatory(Base):
    """Who signs a cohort's certificates, in which office and from when until when (both days included).

    Rows are not changed but for the day they end. Without a cohort: who signs for the Escuela what belongs to none.
    """
    __tablename__ = "signatories"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    office: Mapped[str] = mapped_column(String(160))
    institution: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]                                      # None: since before we kept it
    ends_on: Mapped[date | None]                                        # None: still


class Admission(Base):
    """How somebody was let into the diploma: by degree, or by public office or experience. The last one counts."""
    __tablename__ = "admissions"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    track: Mapped[str] = mapped_column(String(10))                      # rules.TRACKS; "": taken back
    evidence: Mapped[str] = mapped_column(String(300))                  # what was seen, or the resolution
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class CalendarStep(Base):
    """When a module opens and its work is due in this cohort, where it differs from the programme's own steps.

    A date is "2027-04-07 23:00" (wall time in the cohort's zone) or "+28 23:00" (days after the start).
    """
    __tablename__ = "calendar_steps"
    __table_args__ = (UniqueConstraint("cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    module: Mapped[str] = mapped_column(String(20))
    opens: Mapped[str | None] = mapped_column(String(20))
    quiz_due: Mapped[str | None] = mapped_column(String(20))
    task_due: Mapped[str | None] = mapped_column(String(20))
    after: Mapped[str | None] = mapped_column(String(40))


class Extension(Base):
    """More time for one person on one item, with who gave it and why. The latest counts."""
    __tablename__ = "extensions"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(10))                       # quiz | task
    due_local: Mapped[str] = mapped_column(String(20))                  # wall time in the cohort's zone
    reason: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime] = mapped_column(Instant)


class TaskRule(Base):
    """What a cohort says otherwise than the programme about handing in a module's task. The last one counts."""
    __tablename__ = "task_rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(String(60))                    # attempts.values.TaskRules; "" the programme's
    reason: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)


class RosterBatch(Base):
    """One confirmed import of a roster file; undoing it ends what it began."""
    __tablename__ = "roster_batches"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))
    rows: Mapped[str] = mapped_column(Text)                             # JSON: what each row led to
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    imported_at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Enrolment(Base):
    """A person takes part in a cohort. Their post as student is kept in step with it."""
    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("roster_batches.id"))
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    enrolled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_why: Mapped[str] = mapped_column(String(300), default="")
