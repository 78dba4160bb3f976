"""Cohorts: a group in a country with partner universities, pinned to one edition; enrolment and calendar."""

from flask import Flask

from lms.cohorts import importing, intake, models, queries, routes, schedule, signing  # noqa: F401
from lms.cohorts.navigation import cohort_tabs
from lms.foundation.walltime import place, two_sides
from lms.people.rules import permits


def install(app: Flask) -> None:
    app.extensions["studied"].append(queries.studied)
    app.jinja_env.globals.update(cohort_tabs=cohort_tabs, may=permits, two_sides=two_sides, zone_place=place)
