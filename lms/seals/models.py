"""Time stamps given to sealed papers: each a longer file that begins with the bytes of the paper. Never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant


class SealStamp(Base):
    """One version of a sealed paper: the last is the one to hand out, every one of them is genuine."""
    __tablename__ = "seal_stamps"
    __table_args__ = (UniqueConstraint("original", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    original: Mapped[str] = mapped_column(String(64))               # SHA-256 of the paper as it was sealed
    number: Mapped[int]                                             # 1, 2, …
    sha256: Mapped[str] = mapped_column(String(64), index=True)     # of the file with this stamp, in the store
    size: Mapped[int]
    level: Mapped[str] = mapped_column(String(10))                  # B-T | B-LTA
    stamped_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)         # when the stamp's certificate ends: renew before


@event.listens_for(SealStamp, "before_update")
@event.listens_for(SealStamp, "before_delete")
def _refuse(*_: Any) -> None:
    raise RuntimeError("a time stamp is never changed: a newer one is added")
