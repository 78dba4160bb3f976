"""Credits: the ledger of seminar attendance and internship credits, and the hooks that fill it."""

from flask import Flask

from lms.credits import models, routes  # noqa: F401
from lms.credits.ports import discover


def install(app: Flask) -> None:
    """Find the installed sources; one of a wrong shape stops the start, with the remedy."""
    app.extensions["sources"] = discover()
