"""Internships: from the agreement with a host to validated hours in the ledger of credits."""

from fractions import Fraction

from flask import Flask, current_app

from lms.credits import actions as credits
from lms.credits import ports
from lms.foundation import outbox
from lms.foundation.clock import now
from lms.foundation.language import decimal
from lms.internships import models, routes, travel_models, weekly  # noqa: F401
from lms.internships.closing import JOB
from lms.internships.hours import written
from lms.internships.source import GROUP, NAME, Internships


def install(app: Flask) -> None:
    """Our source stands beside those of others, checked like theirs; a closing has it asked at once."""
    ports.add(app, NAME, GROUP, Internships(app.extensions["database"]))
    outbox.handles(app, JOB, pull)
    app.jinja_env.filters.update(minutes=written, fraction=fraction)
    weekly.install(app)


def fraction(text: str) -> str:
    """A fraction kept as text, as people write it: "5/2" is "2,5"."""
    return decimal(Fraction(text), 2).rstrip("0").rstrip(",")


def pull(_job: int, cohort: int) -> None:
    """The ledger takes what was closed, or withdraws what was reopened."""
    with current_app.extensions["database"].transaction() as session:
        credits.ask_soon(session, now(), NAME)
