"""Cohorts: a group in a country with partner universities, pinned to one edition; enrolment and calendar."""

from lms.cohorts import models, routes  # noqa: F401
