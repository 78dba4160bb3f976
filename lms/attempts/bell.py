"""The bell: what hands in the attempts whose time is up, asked by the outbox when each one ends."""

from typing import Any

from flask import Flask

from lms.attempts import actions
from lms.foundation import outbox
from lms.foundation.clock import now


def install(app: Flask) -> None:
    outbox.handles(app, actions.BELL, lambda job_id, **_: ring(app))


def ring(app: Any) -> None:
    """Hand in everything that is overdue, in transactions of some hundred."""
    with app.app_context():
        moment = now()
        while True:
            with app.extensions["database"].transaction() as session:
                if actions.close_overdue(session, moment) < actions.EVERY:
                    return
