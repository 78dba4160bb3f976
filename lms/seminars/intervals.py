"""Stretches of time: united, so that two devices count once, and clipped to the session they are counted for. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """From an instant to a later one, both aware."""
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Whole seconds; what is left of one does not count."""
        return int((self.end - self.start).total_seconds())


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Their union in order of time: no two of them touch. What ends before it starts is left out."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if found and start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Interval(start, end))
    return tuple(found)


def clipped(intervals: Iterable[Interval], starts_at: datetime, ends_at: datetime) -> tuple[Interval, ...]:
    """What of them lies within a session."""
    return tuple(Interval(max(i.start, starts_at), min(i.end, ends_at)) for i in intervals
                 if i.start < ends_at and i.end > starts_at)


def seconds(intervals: Iterable[Interval]) -> int:
    """The length of their union."""
    return sum(i.seconds for i in merged(intervals))
