"""Many certificates at once: asked for on a page, made by the worker, seen from any page; a kill loses nothing.

The batch says for whom; each outcome is kept in the transaction that issues. Who has no outcome is next, whoever asks.
"""

import os
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.catalogue import queries as catalogue
from lms.certificates import actions, issuing, press
from lms.certificates.actions import Outcome
from lms.certificates.issuing import Shop
from lms.certificates.models import CertificateBatch, CertificateOutcome
from lms.cohorts import queries as cohorts
from lms.foundation import audit, outbox
from lms.foundation.clock import now as clock_now
from lms.foundation.database import Database, insert_of
from lms.people.rules import today

JOB = "certificates.batch"
HELPING = 8                     # certificates in one transaction
SHIFT = 60.0                    # seconds a job works before it lets others of the outbox have their turn
CREW_FROM = 12                  # so many are worth starting processes for


@dataclass(frozen=True)
class Batch:
    """How far a batch is."""
    id: int
    cohort_id: int | None
    module: str | None
    kind: str                   # "": final or module, as `module` says
    about: str                  # "seminar:12"
    people: tuple[int, ...]     # or registrations, or placements, as the kind has it
    asked_at: datetime
    asked_by: int | None
    done: tuple[Outcome, ...]

    @property
    def made(self) -> list[Outcome]:
        return [o for o in self.done if o.certificate_id]

    @property
    def failed(self) -> list[Outcome]:
        return [o for o in self.done if not o.certificate_id]

    @property
    def finished(self) -> bool:
        return len(self.done) == len(self.people)

    @property
    def waiting(self) -> list[int]:
        had = {o.person_id for o in self.done}
        return [p for p in self.people if p not in had]


def ask(session: Session, actor_id: int | None, now: datetime, cohort_id: int | None, module: str | None,
        person_ids: Sequence[int], language: str = "es", kind: str = "", about: str = "") -> int:
    """Put a batch on the worker's list. Asked twice at once it is one: who is waiting already is not asked again."""
    if cohort_id:
        cohorts.hold(session, cohort_id)
    else:
        issuing.lock(session, kind, today(now).year)
    running = [b for b in of(session, cohort_id, about) if (b.module, b.kind) == (module, kind) and not b.finished]
    waiting = {p for b in running for p in b.waiting}
    new = [p for p in dict.fromkeys(person_ids) if p not in waiting]
    if not new and running:
        return running[0].id
    batch = CertificateBatch(cohort_id=cohort_id, module=module, people=",".join(map(str, new)), asked_at=now,
                             asked_by=actor_id, language=language, kind=kind, about=about)
    session.add(batch)
    session.flush()
    audit.record(session, actor_id, now, "certificate.batch", f"batch:{batch.id}", cohort_id, people=len(new))
    outbox.put(session, now, JOB, batch=batch.id)
    return batch.id


def batch(session: Session, batch_id: int, cohort_id: int | None = None, about: str = "") -> Batch | None:
    """One batch; of this cohort, or about this, where a page asks."""
    query = select(CertificateBatch).where(CertificateBatch.id == batch_id)
    found = session.scalar(query.where(_of(cohort_id, about)) if cohort_id or about else query)
    return _view(session, found) if found else None


def of(session: Session, cohort_id: int | None, about: str = "") -> list[Batch]:
    """The newest first."""
    return [_view(session, row) for row in session.scalars(
        select(CertificateBatch).where(_of(cohort_id, about)).order_by(CertificateBatch.id.desc()))]


def running(session: Session, cohort_id: int | None, about: str = "") -> Batch | None:
    """The newest that is not finished; one statement where there is none."""
    done = select(func.count()).where(CertificateOutcome.batch_id == CertificateBatch.id).scalar_subquery()
    for row, many in session.execute(select(CertificateBatch, done).where(_of(cohort_id, about))
                                     .order_by(CertificateBatch.id.desc())):
        if many < len(row.people.split(",")):
            return _view(session, row)
    return None


def work(app: Flask, shop: Shop, batch_id: int) -> None:
    """The worker's part: helping by helping until all have an outcome, or the shift is over; then another is asked."""
    database: Database = app.extensions["database"]
    with database.reading() as reading:
        found = batch(reading, batch_id)
    if found is None or found.finished:
        return
    many = len(found.waiting) >= CREW_FROM and (os.cpu_count() or 1) > 1
    began = time.monotonic()
    with press.crew(shop.ring, os.cpu_count() or 1, clock_now()) if many else nullcontext() as crew:
        while (waiting := _next(database, batch_id)) and time.monotonic() - began < SHIFT:
            _help(database, replace(shop, crew=crew), batch_id, waiting)
            time.sleep(actions.PAUSE)
    if waiting:
        with database.transaction() as session:
            outbox.put(session, clock_now(), JOB, batch=batch_id)


def _next(database: Database, batch_id: int) -> list[int]:
    with database.reading() as reading:
        found = batch(reading, batch_id)
    return found.waiting[:HELPING] if found else []


def _help(database: Database, shop: Shop, batch_id: int, waiting: list[int]) -> None:
    """A helping whole; when something no rule foresaw stops it, one by one, so that one person stops nobody else."""
    try:
        _issue(database, shop, batch_id, waiting)
    except OSError:
        raise                   # the disk is full or away: the job is tried again
    except Exception:
        if len(waiting) == 1:
            raise
        for person in waiting:
            _issue(database, shop, batch_id, [person])


def _issue(database: Database, shop: Shop, batch_id: int, waiting: list[int]) -> None:
    with database.transaction() as session:
        row = session.get_one(CertificateBatch, batch_id)
        now = clock_now()
        outcomes = _made(session, shop, now, row, waiting)
        insert = insert_of(session.get_bind().dialect.name)(CertificateOutcome.__table__).on_conflict_do_nothing()
        session.execute(insert, [{"batch_id": batch_id, "person_id": o.person_id, "problem": o.problem, "at": now,
                                  "certificate_id": o.certificate_id} for o in outcomes])


def _made(session: Session, shop: Shop, now: datetime, row: CertificateBatch, waiting: list[int]) -> list[Outcome]:
    if row.kind == "attendance":
        return actions.issue_attendance(session, shop, row.asked_by, now, int(row.about.rpartition(":")[2]), waiting,
                                        row.language)
    if row.cohort_id is None or (cohort := cohorts.cohort(session, row.cohort_id)) is None:
        raise LookupError(f"batch {row.id} is of no cohort")
    if row.kind == "participation":
        return actions.issue_participation(session, shop, row.asked_by, now, cohort, waiting, row.language)
    if row.kind == "internship":
        return actions.issue_internship(session, shop, row.asked_by, now, cohort, waiting, row.language)
    programme = catalogue.programme(session, cohort.edition_id)
    return actions.issue_some(session, shop, row.asked_by, now, cohort, programme, waiting, row.module, row.language)


def _of(cohort_id: int | None, about: str) -> ColumnElement[bool]:
    return CertificateBatch.cohort_id == cohort_id if cohort_id else CertificateBatch.about == about


def _view(session: Session, row: CertificateBatch) -> Batch:
    done = session.execute(select(CertificateOutcome.person_id, CertificateOutcome.certificate_id,
                                  CertificateOutcome.problem).where(CertificateOutcome.batch_id == row.id)
                           .order_by(CertificateOutcome.at, CertificateOutcome.person_id))
    numbers = tuple(int(i) for i in row.people.split(",") if i)
    return Batch(row.id, row.cohort_id, row.module, row.kind, row.about, numbers, row.asked_at, row.asked_by,
                 tuple(Outcome(*one) for one in done))
