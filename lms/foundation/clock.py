"""The one place that knows what time it is. Only routes and commands ask; everything below is told."""

from datetime import UTC, datetime

from flask import current_app, has_app_context


def now() -> datetime:
    """The present instant in UTC; an app may be given another clock (`CLOCK`), as the tests and the demo do."""
    if has_app_context() and (clock := current_app.config.get("CLOCK")):
        told: datetime = clock()
        return told
    return datetime.now(UTC)
