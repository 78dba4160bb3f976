"""The one place that knows what time it is. Only routes and commands ask; everything below is told."""

import time
from datetime import UTC, datetime, timedelta

from flask import current_app, g, has_app_context

LONGEST_ARRIVAL = timedelta(minutes=10)


def now() -> datetime:
    """The present instant in UTC; an app may be given another clock (`CLOCK`), as the tests and the demo do."""
    if has_app_context() and (clock := current_app.config.get("CLOCK")):
        told: datetime = clock()
        return told
    return datetime.now(UTC)


def of_device(told: object) -> datetime:
    """The instant a browser tells (`Date.now()`: milliseconds since 1970). Raises ValueError, OverflowError or OSError
    for what is none."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise ValueError("a number is missing")
    return datetime.fromtimestamp(told / 1000, UTC)


def arrived() -> datetime:
    """When this request began to arrive: a large file on a slow line is in time if it set out in time. An upload that
    takes longer than ten minutes counts from ten minutes before its end, lest a door be held open for days."""
    taken = timedelta(seconds=time.perf_counter() - g.began)
    return now() - min(taken, LONGEST_ARRIVAL)
