"""Editions of programmes, unpacked once a process: what was loaded never changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue import stored
from lms.catalogue.models import Edition, MediaFile
from lms.catalogue.rules import Programme

MOST_KEPT = 8                   # editions in memory; the oldest goes first
_kept: dict[str, Programme] = {}


class UnknownEdition(LookupError):
    """No such edition was loaded here."""


@dataclass(frozen=True)
class EditionView:
    id: str
    programme: str              # slug
    title: str
    loaded_at: datetime

    @property
    def short(self) -> str:
        """Enough of the digest for people to tell two editions apart."""
        return self.id[:8]


def programme(session: Session, edition_id: str) -> Programme:
    """The programme of an edition: one statement the first time in a process, none after."""
    found = _kept.get(edition_id)
    if found is None:
        content = session.scalar(select(Edition.content).where(Edition.id == edition_id))
        if content is None:
            raise UnknownEdition(edition_id)
        found = stored.unpack(content)
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[edition_id] = found
    return found


def editions(session: Session) -> list[EditionView]:
    """All that were loaded, newest first."""
    rows = session.execute(select(Edition.id, Edition.programme, Edition.title, Edition.loaded_at)
                           .order_by(Edition.loaded_at.desc(), Edition.id))
    return [EditionView(*row) for row in rows]


def edition(session: Session, edition_id: str) -> EditionView | None:
    """One of them."""
    row = session.execute(select(Edition.id, Edition.programme, Edition.title, Edition.loaded_at)
                          .where(Edition.id == edition_id)).one_or_none()
    return EditionView(*row) if row else None


def sources(session: Session, edition_id: str) -> bytes | None:
    """The author's files as they were loaded: a zip."""
    return session.scalar(select(Edition.sources).where(Edition.id == edition_id))


def media_kind(session: Session, sha256: str) -> str | None:
    """The kind of a file questions show ("png"), None when it was never kept."""
    return session.scalar(select(MediaFile.kind).where(MediaFile.sha256 == sha256))
