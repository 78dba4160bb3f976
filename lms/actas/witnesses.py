"""Heads of the chain mailed to people outside, at most once a day: LMS_WITNESSES names their addresses."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from lms.actas import heads, letters
from lms.foundation import mail, outbox
from lms.foundation.clock import now
from lms.foundation.language import local
from lms.people.rules import HOME_ZONE
from lms.seals.queries import ring

JOB = "acta-head"


def install(app: Flask) -> None:
    outbox.handles(app, JOB, lambda job_id, **_payload: _due(app))


def addresses(app: Any) -> list[str]:
    return [one.strip() for one in str(app.config.get("WITNESSES") or "").split(",") if one.strip()]


def plan(session: Session, app: Any, at: datetime) -> None:
    """The mail of the day on which an acta was closed, for its evening: it tells of all that were closed that day."""
    if not addresses(app):
        return
    evening = local(at, HOME_ZONE).replace(hour=23, minute=0, second=0, microsecond=0)
    due = max(evening, local(at, HOME_ZONE) + timedelta(minutes=1))
    if not outbox.planned(session, JOB):
        outbox.put(session, at, JOB, run_after=due)


def send(session: Session, app: Any, at: datetime) -> int:
    """Mail today's head to every witness; how many."""
    found = heads.head(session, ring(app), at)
    to = addresses(app) if found else []
    for address in to:
        if found:
            mail.send(session, at, address, *letters.head(found.sequence, found.folio, found.link, found.to_json(),
                                                          app.config["URL"]))
    return len(to)


def _due(app: Any) -> None:
    with app.app_context(), app.extensions["database"].transaction() as opened:
        send(opened, app, now())
