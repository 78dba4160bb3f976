"""Editions: what a programme's files said when they were loaded, kept so that nothing a student saw is lost."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from lms.foundation.database import Base, Instant


class Edition(Base):
    """A programme as loaded, named by the digest of its files. Never changed."""
    __tablename__ = "editions"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    programme: Mapped[str] = mapped_column(String(60), index=True)      # slug
    title: Mapped[str] = mapped_column(String(200))
    loaded_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))   # stored.pack(programme)
    sources: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))       # zip of the author's files
