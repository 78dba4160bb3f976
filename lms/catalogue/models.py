"""What was loaded and shown, kept so that nothing a student saw is lost: editions, and the files of questions."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String
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


class MediaFile(Base):
    """A file that questions show; its bytes are in the store under the same digest. Never changed, never removed."""
    __tablename__ = "media"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))                      # as it was first called
    kind: Mapped[str] = mapped_column(String(8))                        # "png"
    size: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(Instant)
