"""Actas: the grades of a cohort's module, signed by its instructors, closed with folio, chained by hash."""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from lms.actas import models, queries, routes, signing_pages, transcript_pages, witnesses  # noqa: F401


def install(app: Flask) -> None:
    app.extensions.setdefault("grades_settled", []).append(queries.settled)
    app.extensions.setdefault("settled", []).append(_no_more_answers)
    witnesses.install(app)


def _no_more_answers(session: Session, sitting: Any) -> bool:
    """Once the acta of its module is closed, no answer is added to an attempt (see attempts.rescue_desk)."""
    return bool(queries.settled(session, sitting.cohort_id, sitting.module))
