"""When the sources are asked by themselves, and when one that failed is asked again. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

BACK_OFF = tuple(timedelta(minutes=m) for m in (5, 15, 60, 240))


class BadSchedule(ValueError):
    """LMS_PULL is not understood; the message says how it is written."""


@dataclass(frozen=True)
class Schedule:
    """Every so many hours, or each day at a time of the Escuela's clock; with neither, only when somebody asks."""
    every: timedelta | None = None
    hour: int | None = None
    minute: int = 0
    zone: str = "America/Santiago"

    @classmethod
    def read(cls, text: str, zone: str) -> "Schedule":
        """"03:30", "6h" or "no"."""
        if text == "no":
            return cls()
        if (found := re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)) is not None:
            return cls(None, int(found[1]), int(found[2]), zone)
        if (found := re.fullmatch(r"([1-9]|1\d|2[0-4])h", text)) is not None:
            return cls(timedelta(hours=int(found[1])))
        raise BadSchedule('LMS_PULL is "03:30" (each day at that time), "6h" (every so many hours) or "no"; '
                          f"not {text!r}")

    def after(self, moment: datetime) -> datetime | None:
        """The next time after this one."""
        if self.every:
            return moment + self.every
        if self.hour is None:
            return None
        local = moment.astimezone(ZoneInfo(self.zone))
        then = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return then if then > local else then + timedelta(days=1)


@dataclass(frozen=True)
class Run:
    """One asking of one source for all its cohorts."""
    at: datetime
    good: bool


def failures(runs: Sequence[Run]) -> int:
    """How many in a row have failed up to now; the newest first."""
    return next((n for n, run in enumerate(runs) if run.good), len(runs))


def next_ask(schedule: Schedule, runs: Sequence[Run], now: datetime) -> datetime | None:
    """When it is asked next: as planned, or sooner when it failed, each time after a longer wait."""
    planned = schedule.after(runs[0].at if runs else now)
    failed = failures(runs)
    if planned is None or not 0 < failed <= len(BACK_OFF):
        return planned
    return min(planned, runs[0].at + BACK_OFF[failed - 1])
