"""What other rooms ask of the seals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.foundation.installed import installed
from lms.seals.keys import PublicKey as PublicKey
from lms.seals.models import SealStamp
from lms.seals.papers import Institution as Institution
from lms.seals.ring import Ring as Ring  # for the rooms above
from lms.seals.rules import Standing
from lms.seals.shelf import Shelf as Shelf
from lms.seals.tokens import Address
from lms.seals.wording import SEAL_NOTE as SEAL_NOTE
from lms.seals.wording import institution_words as institution_words


def ring(app: Flask | None = None) -> Ring:
    """The keys of this installation."""
    found: Ring = app.extensions["seals"] if app else installed("seals")
    return found


def standings(session: Session, originals: Iterable[str]) -> dict[str, Standing]:
    """Where each sealed paper stands, by the SHA-256 it was sealed with. One statement for each thousand."""
    wanted = list(dict.fromkeys(originals))
    found = {one: Standing(one) for one in wanted}
    columns = (SealStamp.original, SealStamp.number, SealStamp.sha256, SealStamp.level, SealStamp.until)
    for at in range(0, len(wanted), 1000):
        for row in session.execute(select(*columns).where(SealStamp.original.in_(wanted[at:at + 1000]))
                                   .order_by(SealStamp.number)):
            found[row.original] = Standing(*row)
    return found


def latest(session: Session, original: str) -> str:
    """The SHA-256 of the file to hand out: with the last time stamp, or the paper itself while it has none."""
    return standings(session, [original])[original].latest


def original(session: Session, sha256: str) -> str:
    """Of which sealed paper is this file a stamped version? The same hash when it is of none."""
    found = session.scalar(select(SealStamp.original).where(SealStamp.sha256 == sha256).limit(1))
    return found or sha256


def versions(session: Session) -> dict[str, list[str]]:
    """Of every sealed paper that has time stamps: its SHA-256 -> those of the files with them, oldest first."""
    found: dict[str, list[str]] = {}
    for of, sha256 in session.execute(select(SealStamp.original, SealStamp.sha256).order_by(SealStamp.id)):
        found.setdefault(of, []).append(sha256)
    return found


@dataclass(frozen=True)
class Keys:
    """What another process needs to have the same ring: where it is, and nothing secret."""
    shelf: Shelf
    institution: Institution
    token: Address | None
    anchors: Path

    @classmethod
    def of(cls, ring: Ring) -> "Keys":
        return cls(ring.shelf, ring.institution, ring.token, ring.anchors)

    def ring(self, now: datetime) -> Ring:
        return Ring(self.shelf, self.institution, lambda: now, self.token, self.anchors)
