"""Attempts: a student answers or hands in; the machine scores what it can; every marking is kept."""

from lms.attempts import models, routes  # noqa: F401
