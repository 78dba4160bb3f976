"""The list of what waits, held against the facts: made anew before the site serves, and looked at by `lms doctor`."""

from flask import Flask

from lms.attempts import actions as attempts
from lms.attempts import queries
from lms.foundation.health import Finding
from lms.grading import seconding


def prepare(app: Flask, empty: bool = False) -> None:
    """Make it anew if it is not as the facts say: after a migration, or rows written by hand."""
    with app.extensions["database"].transaction() as session:
        stages = seconding.stages(session)
        if queries.differences(session, stages):
            attempts.rebuild(session, stages)


def finding(app: Flask) -> Finding:
    """For `lms doctor`."""
    with app.extensions["database"].reading() as session:
        wrong = queries.differences(session, seconding.stages(session))
    return Finding("work list", not wrong, f"{wrong} pieces wrong" if wrong else "as the facts say",
                   "Restart `lms serve`: it makes the list anew." if wrong else "")
