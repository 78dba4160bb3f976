"""Time stamps for sealed papers: asked for when a paper is issued, given after the commit, renewed before they age."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.foundation import audit, outbox
from lms.foundation.stores import Stored
from lms.seals import pdf, queries
from lms.seals.models import SealStamp
from lms.seals.ring import Ring
from lms.seals.rules import LEVELS, Standing, due

JOB = "seal.stamp"
LARGEST = 5 << 20               # bytes of a stamped paper


@dataclass(frozen=True)
class Stamping:
    """What the settings say: which level papers are to reach, and who stamps."""
    level: str
    authority: str                  # the address of the time-stamp authority; "" for none

    @classmethod
    def of(cls, level: str, authority: str) -> "Stamping":
        """Raises ValueError for settings that do not fit together."""
        level = level or ("B-T" if authority else "B-B")
        if level not in LEVELS:
            raise ValueError(f"LMS_SEAL_LEVEL is {level!r}: it must be one of {', '.join(LEVELS)}.")
        if level != "B-B" and not authority:
            raise ValueError(f"LMS_SEAL_LEVEL is {level}, which needs a time-stamp authority: set LMS_TSA.")
        return cls(level, authority)


def ask_for_stamp(session: Session, now: datetime, stamping: Stamping, sha256: str) -> None:
    """In the transaction that issues the paper: the stamp comes after it is kept, and is tried again for two days."""
    if stamping.level != "B-B":
        outbox.put(session, now, JOB, sha256=sha256)


def longer(content: bytes, ring: Ring, now: datetime, stamping: Stamping,
           standing: Standing) -> tuple[bytes, str, datetime | None]:
    """(the paper with one more stamp, its level, until when that is good). Asks the authority: in no transaction."""
    level = max(stamping.level, standing.level, key=LEVELS.index)       # never less than it had
    stamped = pdf.extend(content, ring, now, stamping.authority, level)
    return stamped, level, pdf.stamped_until(stamped, ring)


def keep(session: Session, now: datetime, standing: Standing, stored: Stored, level: str,
         until: datetime | None) -> None:
    """The file was kept before: a kill between them leaves a file that nobody names, and the next try makes both."""
    session.add(SealStamp(original=standing.original, number=standing.number + 1, sha256=stored.sha256,
                          size=stored.size, level=level, stamped_at=now, until=until))
    audit.record(session, None, now, "seal.stamped", f"sealed:{standing.original[:16]}", level=level,
                 number=standing.number + 1)


def waiting(session: Session, originals: Iterable[str], stamping: Stamping, now: datetime) -> list[Standing]:
    """Which of these papers need a stamp now."""
    if not stamping.authority:
        return []
    return [one for one in queries.standings(session, originals).values() if due(one, stamping.level, now)]
