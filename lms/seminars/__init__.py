"""Seminars: announced, registered for, attended in minutes, and counted by rule into the ledger of credits."""

from flask import Flask

from lms.credits import ports
from lms.foundation import engagements
from lms.foundation.clock import now
from lms.foundation.pace import Pace
from lms.seminars import models, reminders, routes  # noqa: F401
from lms.seminars.engaged import engaged
from lms.seminars.source import GROUP, NAME, Seminars

REGISTRATIONS_A_MINUTE = 30     # from one address, in each web process


def install(app: Flask) -> None:
    app.extensions["registration_pace"] = Pace(REGISTRATIONS_A_MINUTE)
    reminders.install(app)
    engagements.add(app, NAME, engaged)
    ports.add(app, NAME, GROUP, Seminars(app.extensions["database"], lambda: app.config.get("CLOCK", now)()),
              "Seminarios de la Escuela")
