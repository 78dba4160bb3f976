"""Certificates: issued, revoked, printed and publicly verified: promises, never computed again."""

from lms.certificates import models, routes  # noqa: F401
