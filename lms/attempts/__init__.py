"""Attempts: a student answers or hands in; the machine scores what it can; every marking is kept."""

from lms.attempts import bell, models, routes  # noqa: F401
from lms.attempts.bell import install  # noqa: F401
