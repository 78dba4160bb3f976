"""Attempts: a student answers or hands in; the machine scores what it can; every marking is kept."""

from flask import Flask

from lms.attempts import bell, composing, models, proof, rescue_desk, routes, settings, wire  # noqa: F401
from lms.attempts.keys import Keyring
from lms.attempts.rules import LateRule
from lms.catalogue.rules import Programme
from lms.cohorts.rules import Window
from lms.foundation import doors


def _late_rule(window: Window | None, programme: Programme) -> LateRule:
    """What lateness takes away in a module's task, for the person whose calendar it is."""
    return LateRule.of(window.rules if window else "", programme)


def install(app: Flask) -> None:
    bell.install(app)
    app.jinja_env.globals["late_rule"] = _late_rule
    app.extensions["settled"] = []      # of rooms above: (session, sitting) -> may no answer be added any more?
    doors.open_rooms(app, [proof.public])
    app.extensions["receipt_keys"] = Keyring(app.config["INSTANCE"] / "keys" / "receipts", app.config["URL"])
