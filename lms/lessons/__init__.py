"""Lessons: pages a student reads, and the fact that they were read."""

from lms.lessons import models, routes  # noqa: F401
