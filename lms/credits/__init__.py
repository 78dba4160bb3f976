"""Credits: the ledger of seminar attendance and internship credits, and the hooks that fill it."""

from lms.credits import models, routes  # noqa: F401
