"""Events: what happened here, told to other systems at their addresses: signed, retried, to be seen and sent again."""

from datetime import datetime

from flask import Flask

from lms.events import models, routes  # noqa: F401
from lms.events.calling import Caller
from lms.events.delivering import Sender
from lms.events.telling import DELIVER, TELL, listen, spread
from lms.foundation import outbox
from lms.foundation.clock import now


def install(app: Flask) -> None:
    database = app.extensions["database"]
    local = str(app.config.get("EVENTS_LOCAL") or "")
    app.extensions["caller"] = Caller(frozenset(one.strip().rstrip("/") for one in local.split(",") if one.strip()))
    listen(database.writer)

    def tell(job_id: int, lines: list[int]) -> None:
        with database.transaction() as session:
            spread(session, now(), lines)

    def deliver(job_id: int) -> None:
        Sender(database, app.extensions["caller"], app.extensions["vault"], clock, app.config["URL"]).run()

    def clock() -> datetime:
        with app.app_context():         # the threads of a delivery have none of their own
            return now()
    outbox.handles(app, TELL, tell)
    outbox.handles(app, DELIVER, deliver)
