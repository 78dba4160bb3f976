"""Certificates: issued, revoked, printed and publicly verified: promises, never computed again."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from lms.certificates import batches, holding, models, previewing, routes, sharing, verification  # noqa: F401
from lms.certificates.badges import CertificateRegister
from lms.certificates.models import Certificate
from lms.certificates.pace import Pace
from lms.foundation import outbox

VERIFICATIONS_A_MINUTE = 60     # from one address, in each web process


def install(app: Flask) -> None:
    app.extensions["badge_register"] = CertificateRegister(app.config["URL"])
    app.extensions["verification_pace"] = Pace(VERIFICATIONS_A_MINUTE)
    app.extensions["sealed"].append(_sealed)
    outbox.handles(app, batches.JOB, lambda job_id, batch: batches.work(app, routes.shop_of(app), batch))


def _sealed(session: Any) -> list[str]:
    """Every sealed paper there is, for who renews time stamps."""
    return list(session.scalars(select(Certificate.sha256).order_by(Certificate.id)))
