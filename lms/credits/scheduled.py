"""The job that asks the sources by themselves: each when it is due, sooner again when it failed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lms.credits import queries
from lms.credits.actions import PULL
from lms.credits.asking import LIMIT
from lms.credits.pulling import pull
from lms.credits.schedule import next_ask
from lms.foundation import outbox
from lms.foundation.clock import now

TOGETHER = timedelta(minutes=1)


def begin(app: Any) -> None:
    """See that the job is planned: once is enough, for it plans itself again."""
    with app.app_context(), app.extensions["database"].transaction() as session:
        plan(session, app, now())


def plan(session: Session, app: Any, at: datetime) -> None:
    """A job for the earliest time, naming those that are due then."""
    due = {name: when for name, when in due_times(session, app, at).items() if when is not None}
    if not due or outbox.awaited(session, PULL, first := min(due.values())):
        return
    outbox.put(session, at, PULL, run_after=max(at, first),
               names=[name for name, when in due.items() if when <= first + TOGETHER])


def run(app: Any, names: Collection[str]) -> None:
    """Ask these, and plan the next time whatever came of it."""
    database, sources = app.extensions["database"], app.extensions["sources"]
    try:
        pull(database, app.extensions["asker"], {n: sources[n] for n in names if n in sources}, now(), LIMIT,
             asked_by="schedule")
    finally:
        with database.transaction() as session:
            plan(session, app, now())


def due_times(session: Session, app: Any, at: datetime) -> dict[str, datetime | None]:
    """Source -> when it is asked next; None: only when somebody asks."""
    runs = queries.runs(session, at, "schedule")
    schedule = app.extensions["pull_schedule"]
    return {name: next_ask(schedule, runs.get(name, []), at) for name in app.extensions["sources"]}
