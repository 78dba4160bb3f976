"""Completion: one pure verdict: complete, or exactly what is missing and what to do next."""

from lms.completion import excepting, models, office, routes  # noqa: F401
