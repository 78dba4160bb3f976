"""Internships: from the agreement with a host to validated hours in the ledger of credits."""

from fractions import Fraction

from flask import Flask

from lms.credits import ports
from lms.foundation.language import decimal
from lms.internships import models, notices, routes, travel_models, weekly  # noqa: F401
from lms.internships.hours import written
from lms.internships.source import GROUP, NAME, Internships


def install(app: Flask) -> None:
    """Our source stands beside those of others, checked like theirs."""
    ports.add(app, NAME, GROUP, Internships(app.extensions["database"]), "Pasantías de la Escuela")
    app.jinja_env.filters.update(minutes=written, fraction=fraction)
    weekly.install(app)
    notices.install(app)


def fraction(text: str) -> str:
    """A fraction kept as text, as people write it: "5/2" is "2,5"."""
    return decimal(Fraction(text), 2).rstrip("0").rstrip(",")
