"""Certificates: issued, revoked, printed and publicly verified: promises, never computed again."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from lms.certificates import (  # noqa: F401
    batches,
    further_pages,
    holding,
    models,
    previewing,
    routes,
    seminar_pages,
    sharing,
    verification,
)
from lms.certificates.badges import CertificateRegister
from lms.certificates.models import Certificate
from lms.certificates.rooms import FACTS
from lms.foundation import outbox
from lms.foundation.pace import Pace

VERIFICATIONS_A_MINUTE = 60     # from one address, in each web process


def install(app: Flask) -> None:
    app.extensions["badge_register"] = CertificateRegister(app.config["URL"])
    app.extensions["certificate_facts"] = FACTS
    app.extensions["verification_pace"] = Pace(VERIFICATIONS_A_MINUTE)
    app.extensions["sealed"].append(_sealed)
    outbox.handles(app, batches.JOB, lambda job_id, batch: batches.work(app, routes.shop_of(app), batch))


def _sealed(session: Any) -> list[str]:
    """Every sealed paper there is, for who renews time stamps."""
    return list(session.scalars(select(Certificate.sha256).order_by(Certificate.id)))
