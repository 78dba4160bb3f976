"""When a sealed paper needs a time stamp. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEVELS = ("B-B", "B-T", "B-LTA")
AHEAD = timedelta(days=365)         # a stamp is followed by another a year before its certificate ends


@dataclass(frozen=True)
class Standing:
    """The last stamp of a paper, as recorded."""
    original: str
    number: int = 0                 # 0: it has none
    sha256: str = ""
    level: str = "B-B"
    until: datetime | None = None

    @property
    def latest(self) -> str:
        return self.sha256 or self.original


def due(standing: Standing, wanted: str, now: datetime) -> str:
    """Why it needs another stamp: "level", "age", or "" when it needs none. One that only has to prove its time is
    renewed too: who would believe a stamp whose own certificate has ended?"""
    if LEVELS.index(standing.level) < LEVELS.index(wanted):
        return "level"
    if standing.number and standing.until and standing.until - now < AHEAD:
        return "age"
    return ""
