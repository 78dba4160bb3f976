"""The app as the fault tests serve it, told by the environment variable SERVED. gunicorn runs `tests.served:app`;
`python -m tests.served work` is the worker of its outbox, and `… serve PORT` keeps both running as `lms serve` does."""

import json
import logging
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from flask.cli import ScriptInfo
from sqlalchemy import event

from lms import create_app
from lms.completion import queries as completion
from lms.foundation import commands, outbox
from lms.foundation.running import keep_running
from tests.certified import complete
from tests.world import NOW

SECRET = "served"


def clock(began: float):
    """The world's clock, running since `began`: the same in every process, however often they are killed."""
    return lambda: NOW + timedelta(seconds=time.time() - began)


def build(instance: str, database: str, began: float, lease: float = 120, slow: float = 0, compiled: str | None = None,
          watch: bool = False, synchronous: str = "", real: bool = False):
    """`lease`: of an outbox job, in seconds. `slow`: seconds each mail takes. `watch`: write down the settings of every
    connection to SQLite. `synchronous`: weakens SQLite on purpose, to see that a test would notice.
    `real`: verdicts are what the database says."""
    folder = Path(instance)
    app = create_app(INSTANCE=folder, DATABASE=database, SECRET_KEY=SECRET, URL="http://127.0.0.1", SMTP="", COURSES=folder,
                     MAIL_FROM="Escuela <e@example.org>", TEMPLATE_CACHE=compiled and Path(compiled), CLOCK=clock(began))
    logging.getLogger("lms").setLevel(logging.WARNING)
    if not real:
        verdict = complete()        # everybody's, and as quickly found as the real ones are
        completion.verdicts = lambda session, cohort, programme, ids: dict.fromkeys(ids, verdict)
    outbox.LEASE = timedelta(seconds=lease)
    engine = app.extensions["database"].engine
    if synchronous:
        event.listen(engine, "connect", lambda raw, _: raw.execute(f"PRAGMA synchronous={synchronous}"))
    if watch and engine.dialect.name == "sqlite":
        for moment in ("connect", "checkin"):
            event.listen(engine, moment, watcher(folder / "connections"))
    if slow:
        deliver = app.extensions["outbox"]["mail"]
        app.extensions["outbox"]["mail"] = lambda *args, **job: (time.sleep(slow), deliver(*args, **job))
    return app


def watcher(told: Path):
    def look(raw, _):
        if raw is not None:
            level, mode = (raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode"))
            with told.open("a") as file:
                file.write(f"{os.getpid()} {level} {mode}\n")
    return look


def main(what: str, port: str = "") -> None:
    if what == "work":
        app = build(**json.loads(os.environ["SERVED"]))
        commands.POLL = 0.1
        commands.work.main([], obj=ScriptInfo(create_app=lambda: app))
    server = [*commands._server(port, 2, 4)[:-1], "tests.served:app"]
    sys.exit(keep_running(server, [[sys.executable, "-m", "tests.served", "work"]], dict(os.environ)))


if __name__ == "__main__":
    main(*sys.argv[1:])
elif "SERVED" in os.environ:
    app = build(**json.loads(os.environ["SERVED"]))
