"""Grading: instructors mark the rest; scores become shares and shares become each country's grade."""

from lms.grading import models, routes  # noqa: F401
