"""Certificates: issued, revoked, printed and publicly verified: promises, never computed again."""

from flask import Flask

from lms.certificates import holding, models, routes, verification  # noqa: F401
from lms.certificates.pace import Pace

VERIFICATIONS_A_MINUTE = 60     # from one address, in each web process


def install(app: Flask) -> None:
    app.extensions["verification_pace"] = Pace(VERIFICATIONS_A_MINUTE)
