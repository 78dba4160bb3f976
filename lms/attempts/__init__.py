"""Attempts: a student answers or hands in; the machine scores what it can; every marking is kept."""

from flask import Flask

from lms.attempts import bell, composing, models, proof, rescue_desk, routes, settings, wire  # noqa: F401
from lms.attempts.keys import Keyring
from lms.foundation import doors


def install(app: Flask) -> None:
    bell.install(app)
    app.extensions["settled"] = []      # of rooms above: (session, sitting) -> may no answer be added any more?
    doors.open_rooms(app, [proof.public])
    app.extensions["receipt_keys"] = Keyring(app.config["INSTANCE"] / "keys" / "receipts", app.config["URL"])
