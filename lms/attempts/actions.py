"""Beginning and handing in a quiz, handing in a task, and every marking. Facts are added, none is changed."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lms.attempts import queries, rules, worklist
from lms.attempts.beginning import Refused, start
from lms.attempts.correcting import regrade
from lms.attempts.facts import MARK, WaitingItem, mark_fact
from lms.attempts.finishing import BELL, EVERY, close_overdue, submit
from lms.attempts.models import Attempt, Marking, Submission, SubmissionFile
from lms.attempts.once import insert_once
from lms.attempts.plan import Plan, Slot
from lms.attempts.planning import keep_plan
from lms.attempts.rubrics import keep_rubric
from lms.attempts.rules import MarkFact, Paper, TaskRules
from lms.attempts.saving import save
from lms.attempts.worklist import Stage, look_again, rebuild, stage, tag_of
from lms.catalogue.rules import Module
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import Locked
from lms.foundation import audit

__all__ = ["BELL", "Conflict", "EVERY", "Plan", "Refused", "Slot", "Stage", "close_overdue", "hand_in", "keep_plan",
           "keep_rubric", "look_again", "mark", "rebuild", "regrade", "save", "stage", "start", "submit", "tag_of"]


class Conflict(Exception):
    """Someone marked it meanwhile."""

    def __init__(self, latest: MarkFact):
        super().__init__(latest.id)
        self.latest = latest


def _due(cohort: CohortView, module: str, item: str = "quiz") -> datetime | None:
    window = cohort.calendar.get(module)
    return window.due(item) if window else None


# A task ---------------------------------------------------------------------------------------------------------------

def hand_in(session: Session, actor_id: int, now: datetime, cohort: CohortView, module: Module, late_days: int,
            locked: Locked | None, text: str, files: Sequence[Paper], told: TaskRules | None = None) -> int:
    """Keep a version of the actor's task and return its id. The same work sent again is the version already there.
    `told`: how this cohort's task is handed in; None as the programme says."""
    due = _due(cohort, module.code, "task")
    again = told is not None and told.again != "always"
    fixed = {"cohort_id": cohort.id, "person_id": actor_id, "module": module.code}
    for _ in range(5):                  # PostgreSQL only: two different versions at once take turns
        before = queries.versions(session, cohort.id, actor_id, module.code)
        if before:
            canonical = rules.receipt_text(**fixed, version=before[-1].version, handed_in_at=before[-1].handed_in_at,
                                           text=text, files=files)
            if rules.receipt(canonical) == before[-1].receipt:
                return before[-1].id
        refusal = None
        if again and told is not None:
            refusal, due = queries.may_again(session, told, due, before, now)
        if refusal := refusal or rules.may_hand_in(locked, due, late_days, now):
            raise Refused(refusal)
        version = len(before) + 1
        number = rules.receipt(rules.receipt_text(**fixed, version=version, handed_in_at=now, text=text, files=files))
        kept = insert_once(session, Submission, [
            {**fixed, "edition_id": cohort.edition_id, "version": version, "text": text, "handed_in_at": now,
             "due_at": due, "receipt": number, "late": told.late.dumped() if told else ""}])
        if kept:
            break
    else:
        raise RuntimeError("five versions at once")
    submission_id: int = kept[0].id
    if files:
        session.execute(insert(SubmissionFile), [
            {"submission_id": submission_id, "name": f.name, "kind": f.kind, "size": f.size, "sha256": f.sha256}
            for f in files])
    worklist.task_waits(session, WaitingItem(cohort.id, actor_id, module.code, now, due, submission_id))
    audit.record(session, actor_id, now, "task.handed_in", f"submission:{submission_id}", cohort.id,
                 module=module.code, version=version, files=len(files), receipt=number,
                 days_late=rules.days_late(now, due))
    return submission_id


# Markings -------------------------------------------------------------------------------------------------------------

def mark(session: Session, actor_id: int, now: datetime, *, attempt_id: int | None = None, question: str | None = None,
         submission_id: int | None = None, points: Fraction, out_of: Fraction, levels: str = "", feedback: str = "",
         based_on: int | None = None) -> int:
    """Add a person's marking of an answer or a submission and return its id; the last one counts, the earlier stay.

    `based_on` is the marking the marker had before them (None: none). If another has come since, raises Conflict.
    """
    work: Any = Attempt if submission_id is None else Submission
    work_id = attempt_id if submission_id is None else submission_id
    if work_id is None or (submission_id is None) != (question is not None):
        raise ValueError("mark either a submission or one question of an attempt")
    if not 0 <= points <= out_of:
        raise ValueError(f"{points} of {out_of} points")
    held = session.execute(select(work.cohort_id, work.module).where(work.id == work_id).with_for_update()).one()
    about = ([Marking.submission_id == submission_id] if submission_id is not None
             else [Marking.attempt_id == attempt_id, Marking.question == question])
    row = session.execute(select(*MARK).where(*about).order_by(Marking.id.desc()).limit(1)).one_or_none()
    latest = mark_fact(row) if row else None
    if latest and latest.id != based_on:
        raise Conflict(latest)
    marking_id: int = session.execute(insert(Marking).values(
        attempt_id=attempt_id, question=question, submission_id=submission_id, points=points, out_of=out_of,
        levels=levels, feedback=feedback, marker_id=actor_id, marked_at=now).returning(Marking.id)).scalar_one()
    worklist.gone(session, [tag_of(submission_id, attempt_id, question)])
    subject = f"submission:{submission_id}" if submission_id is not None else f"attempt:{attempt_id}"
    audit.record(session, actor_id, now, "work.marked", subject, held.cohort_id, module=held.module,
                 marking=marking_id, instead_of=based_on, question=question)
    return marking_id
