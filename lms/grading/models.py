"""Publishing marks: a fact, so that it is known who let students see what, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant


class Release(Base):
    """Markings of one item made up to this moment are published to the cohort."""
    __tablename__ = "releases"
    __table_args__ = (Index("ix_releases_cohort_id_module", "cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(10))               # quiz | task
    released_at: Mapped[datetime] = mapped_column(Instant)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
