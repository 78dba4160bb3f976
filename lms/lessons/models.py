"""The fact that a lesson was read."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant


class LessonRead(Base):
    """A person said, or the page saw, that a lesson was read to its end. Written once."""
    __tablename__ = "lesson_reads"
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    module: Mapped[str] = mapped_column(String(20), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(80), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(Instant)
