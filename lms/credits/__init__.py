"""Credits: the ledger of seminar attendance and internship credits, and the hooks that fill it."""

from flask import Flask

from lms.credits import models, routes, scheduled  # noqa: F401
from lms.credits.actions import PULL
from lms.credits.asking import Asker
from lms.credits.ports import discover
from lms.credits.schedule import Schedule
from lms.foundation import outbox
from lms.foundation.pace import Pace
from lms.people.rules import HOME_ZONE

MOST_WRONG = 30                 # messages with a bad signature that an address may send in a minute


def install(app: Flask) -> None:
    """Find the installed sources; one of a wrong shape stops the start, with the remedy."""
    app.extensions["sources"] = discover()
    titles: dict[str, str] = app.extensions.setdefault("source_titles", {})
    app.jinja_env.filters["source_title"] = lambda name: titles.get(name, name)
    app.extensions["asker"] = Asker()
    app.extensions["pull_schedule"] = Schedule.read(app.config.get("PULL") or "03:30", HOME_ZONE)
    app.extensions["push_pace"] = Pace(MOST_WRONG)
    app.extensions.setdefault("repeating", []).append(scheduled.begin)

    def job(job_id: int, names: list[str]) -> None:
        scheduled.run(app, names)
    outbox.handles(app, PULL, job)
