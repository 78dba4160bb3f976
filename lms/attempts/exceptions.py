"""Exceptions in one quiz, for a person or for all of one institution: granted with a reason, listed, withdrawn."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.attempts import planned, rules
from lms.attempts.facts import SITTING
from lms.attempts.finishing import BELL
from lms.attempts.models import Attempt, QuizOverride
from lms.attempts.plan import Allowance
from lms.attempts.rules import Sitting
from lms.catalogue.rules import Module
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import Window
from lms.foundation import audit, outbox


@dataclass(frozen=True)
class Granted:
    """One exception as it was granted, or its withdrawal (`allowance` None)."""
    id: int
    person_id: int | None
    institution_id: int | None
    allowance: Allowance | None
    reason: str
    author_id: int
    made_at: datetime
    holds: bool = False                 # the last word for its person or institution


def listed(session: Session, cohort_id: int, module: str) -> list[Granted]:
    """All that were ever made in a quiz, newest first; those in force say so."""
    rows = session.execute(select(
        QuizOverride.id, QuizOverride.person_id, QuizOverride.institution_id, QuizOverride.content, QuizOverride.reason,
        QuizOverride.author_id, QuizOverride.made_at)
        .where(QuizOverride.cohort_id == cohort_id, QuizOverride.module == module).order_by(QuizOverride.id.desc()))
    found: list[Granted] = []
    seen: set[tuple[int | None, int | None]] = set()
    for row in rows:
        whose = (row.person_id, row.institution_id)
        allowance = planned.granted(row.content) if row.content else None
        found.append(Granted(row.id, *whose, allowance, row.reason, row.author_id, row.made_at,
                                whose not in seen and allowance is not None))
        seen.add(whose)
    return found


def grant(session: Session, actor_id: int, now: datetime, cohort: CohortView, module: Module, allowance: Allowance,
          reason: str, *, person_id: int | None = None, institution_id: int | None = None) -> int:
    """Add an exception, instead of the one its person or institution had. Attempts that run get the time it adds."""
    made = _keep(session, actor_id, now, cohort.id, module.code, json.dumps(asdict(allowance)), reason, person_id,
                 institution_id)
    people = [person_id] if person_id else [e.person_id for e in cohorts.enrolled(session, cohort.id)
                                            if e.institution_id == institution_id and not e.withdrawn_at]
    for sitting in _running(session, cohort.id, module.code, people):
        _prolong(session, now, cohort, module, sitting)
    return made


def withdraw(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str, exception_id: int,
             reason: str) -> bool:
    """End an exception in force; what began under it keeps it."""
    found = next((e for e in listed(session, cohort_id, module) if e.id == exception_id and e.holds), None)
    if found is None:
        return False
    _keep(session, actor_id, now, cohort_id, module, "", reason, found.person_id, found.institution_id)
    return True


def _keep(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str, content: str, reason: str,
          person_id: int | None, institution_id: int | None) -> int:
    row = QuizOverride(cohort_id=cohort_id, module=module, person_id=person_id, institution_id=institution_id,
                       content=content, reason=reason, author_id=actor_id, made_at=now)
    session.add(row)
    session.flush()
    whom = f"person:{person_id}" if person_id else f"institution:{institution_id}"
    audit.record(session, actor_id, now, "quiz.exception_granted" if content else "quiz.exception_withdrawn", whom,
                 cohort_id, module=module, exception=row.id)
    return row.id


def _running(session: Session, cohort_id: int, module: str, people: Collection[int]) -> list[Sitting]:
    rows = session.execute(select(*SITTING).where(
        Attempt.cohort_id == cohort_id, Attempt.module == module, Attempt.person_id.in_(people),
        Attempt.submitted_at.is_(None), ~Attempt.by_clock).with_for_update(of=Attempt))
    return [Sitting(*row) for row in rows]


def _prolong(session: Session, now: datetime, cohort: CohortView, module: Module, sitting: Sitting) -> None:
    """Time that was added reaches an attempt that runs; none is ever taken from it."""
    plan = planned.planned(session, cohort.id, cohort.edition_id, module, sitting.person_id)
    own = cohorts.cohort(session, cohort.id, sitting.person_id)
    if plan is None or own is None or sitting.ends_at is None or rules.overdue(sitting, now):
        return
    due = plan.window(own.calendar.get(module.code) or Window(module.code)).quiz_due
    ends = rules.bell(sitting.started_at, plan.quiz.minutes, due)
    if ends is None or ends <= sitting.ends_at:
        return
    grace = ends + (sitting.grace_until - sitting.ends_at) if sitting.grace_until else None
    session.execute(update(Attempt).where(Attempt.id == sitting.id).values(ends_at=ends, grace_until=grace))
    outbox.put(session, now, BELL, run_after=(grace or ends) + rules.GRACE + timedelta(seconds=1))
    audit.record(session, None, now, "attempt.prolonged", f"attempt:{sitting.id}", cohort.id, module=module.code,
                 ends_at=ends)


def begun(session: Session, cohort_id: int, module: str) -> tuple[int, int]:
    """(attempts at a quiz, those of them that run)."""
    row = session.execute(select(func.count(), func.count().filter(
        Attempt.submitted_at.is_(None), ~Attempt.by_clock)).where(
        Attempt.cohort_id == cohort_id, Attempt.module == module)).one()
    return row[0], row[1]
