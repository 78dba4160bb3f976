"""The outbox: work for after the commit (mail, webhook), written inside the transaction that wants it done."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.foundation.clock import now as clock_now
from lms.foundation.database import Base, Database, Instant
from lms.foundation.logs import log

LEASE = timedelta(minutes=2)        # a worker that died gives its job back after this
TRIES = 8                           # with back-off: about two days


class OutboxJob(Base):
    """One thing to do. The row is the truth: a crash loses nothing, so a handler must bear being called twice."""
    __tablename__ = "outbox_jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    run_after: Mapped[datetime] = mapped_column(Instant, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    dead_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(Text, default="")


Handler = Callable[..., None]


def put(session: Session, now: datetime, kind: str, *, run_after: datetime | None = None, **payload: Any) -> None:
    session.add(OutboxJob(kind=kind, payload=json.dumps(payload, ensure_ascii=False), created_at=now,
                          run_after=run_after or now))


def planned(session: Session, kind: str) -> bool:
    """Is a job of this kind still to be done?"""
    return session.scalar(select(OutboxJob.id).where(OutboxJob.kind == kind, OutboxJob.done_at.is_(None),
                                                     OutboxJob.dead_at.is_(None)).limit(1)) is not None


def awaited(session: Session, kind: str, by: datetime, **payload: Any) -> bool:
    """Will a job of this kind that nobody has begun be due by then (one of just this payload, where one is given)? What
    is written in this transaction it will see: while the transaction lasts nobody begins it."""
    same = [OutboxJob.payload == json.dumps(payload, ensure_ascii=False)] if payload else []
    return session.scalar(select(OutboxJob.id).where(
        *same, OutboxJob.kind == kind, OutboxJob.done_at.is_(None), OutboxJob.dead_at.is_(None), OutboxJob.tries == 0,
        OutboxJob.run_after <= by).limit(1).with_for_update()) is not None


def handles(app: Flask, kind: str, handler: Handler) -> None:
    """`handler(job_id, **payload)` does the jobs of this kind."""
    app.extensions.setdefault("outbox", {})[kind] = handler


def claim(session: Session, now: datetime) -> OutboxJob | None:
    """Take the oldest due job for the length of a lease; None when there is none."""
    due = (select(OutboxJob.id).where(OutboxJob.done_at.is_(None), OutboxJob.dead_at.is_(None),
                                      OutboxJob.run_after <= now).order_by(OutboxJob.id).limit(1)
           .with_for_update(skip_locked=True))
    if (found := session.scalar(due)) is None:
        return None
    session.execute(update(OutboxJob).where(OutboxJob.id == found)
                    .values(run_after=now + LEASE, tries=OutboxJob.tries + 1))
    return session.get(OutboxJob, found)


def settle(session: Session, job_id: int, now: datetime, error: str = "") -> None:
    job = session.get_one(OutboxJob, job_id)
    if not error:
        job.done_at, job.payload, job.last_error = now, "{}", ""    # what was sent may hold a one-time link: forget it
    elif job.tries >= TRIES:
        job.dead_at, job.last_error = now, error
    else:
        job.run_after, job.last_error = now + timedelta(seconds=15 * 4 ** job.tries), error


def work(app: Flask, most: int = 100) -> int:
    """Do what is due, each job in transactions of its own. Returns how many were tried."""
    with app.app_context():             # the app's own clock, and what a handler may ask of it
        for done in range(most):
            if not _one(app):
                return done
    return most


def _one(app: Flask) -> bool:
    database: Database = app.extensions["database"]
    with database.transaction() as session:
        job = claim(session, clock_now())
        if job is None:
            return False
        job_id, kind, payload = job.id, job.kind, json.loads(job.payload)
    error = ""
    try:
        app.extensions["outbox"][kind](job_id, **payload)
    except Exception as wrong:          # whatever it was: the job is kept, told of and tried again
        error = f"{type(wrong).__name__}: {wrong}"
        log.warning("outbox", extra={"facts": {"job": job_id, "kind": kind, "error": type(wrong).__name__}})
    with database.transaction() as session:
        settle(session, job_id, clock_now(), error)
    return True


def waiting(session: Session, now: datetime) -> tuple[int, int]:
    """(late by more than a lease, given up): what `lms doctor` and /health tell."""
    late = session.query(OutboxJob).filter(OutboxJob.done_at.is_(None), OutboxJob.dead_at.is_(None),
                                           OutboxJob.run_after < now - LEASE).count()
    dead = session.query(OutboxJob).filter(or_(OutboxJob.dead_at.is_not(None))).count()
    return late, dead
