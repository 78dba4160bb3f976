"""Starting, answering and handing in; the bell; and every marking. Facts are added, none is changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from secrets import randbelow
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lms.attempts import queries, rules
from lms.attempts.facts import MARK, mark_fact
from lms.attempts.models import Answer, Attempt, Marking, Submission, SubmissionFile
from lms.attempts.queries import SITTING, Sheet
from lms.attempts.rules import Given, MarkFact, Paper, Refusal, Sent, Sitting
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Module, Quiz
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import Locked
from lms.foundation import audit, outbox
from lms.foundation.database import insert_of

UNIQUE: dict[Any, tuple[str, ...]] = {
    Attempt: ("cohort_id", "person_id", "module", "number"), Answer: ("attempt_id", "key"),
    Submission: ("cohort_id", "person_id", "module", "version")}
BELL = "attempts.bell"                  # the outbox job that hands in what ran out of time
EVERY = 200                             # attempts the bell hands in at once


class Refused(Exception):
    """The rules say no."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.why)
        self.refusal = refusal


class Closed(Exception):
    """The attempt takes no more answers: handed in, or the bell has rung."""


class KeyReused(Exception):
    """The key of an earlier save came back with other answers."""


class Conflict(Exception):
    """Someone marked it meanwhile."""

    def __init__(self, latest: MarkFact):
        super().__init__(latest.id)
        self.latest = latest


# A quiz ---------------------------------------------------------------------------------------------------------------

def start(session: Session, actor_id: int, now: datetime, cohort: CohortView, module: Module,
          locked: Locked | None) -> Sitting:
    """Begin an attempt of the actor's, or go on with the one that runs: a double tap starts one."""
    quiz, due = _quiz(module), _due(cohort, module.code)
    tried = queries.sittings(session, cohort.id, actor_id, module.code)
    if found := rules.running(tried):
        if not rules.overdue(found, now):
            return found
        _ring(session, now, [found])
    if refusal := rules.may_start(locked, due, quiz.attempts, tried, now):
        raise Refused(refusal)
    sitting = Sitting(0, cohort.id, actor_id, module.code, cohort.edition_id, len(tried) + 1, randbelow(1 << 31), now,
                      rules.bell(now, quiz.minutes, due))
    begun = _insert_once(session, Attempt, [{name: value for name, value in vars(sitting).items() if name != "id"}])
    if begun:
        audit.record(session, actor_id, now, "attempt.started", f"attempt:{begun[0].id}", cohort.id,
                     module=module.code, number=sitting.number, ends_at=sitting.ends_at)
        if sitting.ends_at:
            outbox.put(session, now, BELL, run_after=sitting.ends_at + rules.GRACE + timedelta(seconds=1))
    found = rules.running(queries.sittings(session, cohort.id, actor_id, module.code))
    if found is None:                   # the other tap has already handed it in: possible only by hand-made requests
        raise Refused(Refusal("used_up"))
    return found


def save(session: Session, sheet: Sheet, sent: Sequence[Sent], now: datetime) -> dict[str, Given]:
    """Keep answers, each once however often it is sent, and return key -> the answer kept."""
    for answer in sent:
        question, kept = sheet.brought.get(answer.key, (answer.question, None))
        if (question, kept.value if kept else answer.value) != (answer.question, answer.value):
            raise KeyReused
    new = [answer for answer in sent if answer.key not in sheet.brought]
    done = {answer.key: sheet.brought[answer.key][1] for answer in sent if answer.key in sheet.brought}
    if not new:
        return done
    if not rules.open_for_answers(sheet.sitting, now):
        raise Closed
    kept_now = _insert_once(session, Answer, [
        {"attempt_id": sheet.sitting.id, "question": answer.question, "value": answer.value, "key": answer.key,
         "saved_at": now} for answer in new])
    if len(kept_now) < len(new):        # PostgreSQL only: the same save came twice at once and the other was first
        s = sheet.sitting
        again = queries.sheet(session, s.cohort_id, s.person_id, s.id, [a.key for a in sent],
                              [a.question for a in sent])
        if again is None:
            raise Closed
        return save(session, again, sent, now)
    values = {answer.key: answer.value for answer in new}
    return done | {row.key: Given(row.id, values[row.key], now) for row in kept_now}


def save_page(session: Session, sitting: Sitting, sent: Mapping[str, str], base: int, now: datetime
              ) -> dict[str, Given]:
    """Keep what a page sent by form changed, and return what other devices had put there since the page was made.

    `base` is the newest answer the page knew of: what it sends unchanged is not sent again, or an old page would
    take back what another device wrote.
    """
    standing = queries.given(session, sitting.id)
    known = queries.given(session, sitting.id, base) if any(g.id > base for g in standing.values()) else standing
    changed = {q: value for q, value in sent.items() if value not in (_value(standing, q), _value(known, q))}
    rows = [Sent(sha256(f"{q}\0{value}\0{standing[q].id if q in standing else 0}".encode()).hexdigest()[:36], q, value)
            for q, value in changed.items()]
    save(session, Sheet(sitting, {}, standing, {}), rows, now)
    return {q: standing[q] for q in changed if q in standing and standing[q].id > base}


def use(session: Session, sitting: Sitting, answer_id: int, now: datetime) -> str | None:
    """Go back to an earlier answer of this attempt: it is written once more, as the last. Returns its question."""
    if (found := queries.answer(session, sitting.id, answer_id)) is None:
        return None
    question, earlier = found
    save_page(session, sitting, {question: earlier.value}, 1 << 62, now)
    return question


def _value(given: Mapping[str, Given], question: str) -> str:
    return given[question].value if question in given else ""


def submit(session: Session, actor_id: int, now: datetime, sitting: Sitting) -> None:
    """Hand in an attempt (held by `queries.sitting`): the machine marks what it can. Doing it twice changes nothing."""
    if sitting.submitted_at is not None:
        return
    if rules.overdue(sitting, now):
        _ring(session, now, [sitting])
        return
    session.execute(update(Attempt).where(Attempt.id == sitting.id).values(submitted_at=now))
    _score(session, now, [sitting])
    audit.record(session, actor_id, now, "attempt.submitted", f"attempt:{sitting.id}", sitting.cohort_id,
                 module=sitting.module, number=sitting.number)


def close_overdue(session: Session, now: datetime) -> int:
    """Hand in what ran out of time, with what was given in time. Returns how many; ask again if it is EVERY."""
    rows = session.execute(select(*SITTING).where(
        Attempt.submitted_at.is_(None), Attempt.ends_at < now - rules.GRACE).order_by(Attempt.ends_at).limit(EVERY)
        .with_for_update(skip_locked=True, of=Attempt))
    found = [Sitting(*row) for row in rows]
    if found:
        _ring(session, now, found)
    return len(found)


def _ring(session: Session, now: datetime, sittings: Sequence[Sitting]) -> None:
    """The bell hands in: at the moment it rang, not when somebody noticed."""
    session.execute(update(Attempt).where(Attempt.id.in_([s.id for s in sittings]))
                    .values(submitted_at=Attempt.ends_at, by_clock=True))
    _score(session, now, sittings)
    for sitting in sittings:
        audit.record(session, None, now, "attempt.submitted", f"attempt:{sitting.id}", sitting.cohort_id,
                     module=sitting.module, number=sitting.number, by_clock=True)


def _score(session: Session, now: datetime, sittings: Sequence[Sitting]) -> None:
    """Two statements for any number of attempts."""
    answers = queries.answers_of_many(session, [s.id for s in sittings])
    rows: list[dict[str, Any]] = []
    for sitting in sittings:
        module = catalogue.programme(session, sitting.edition_id).module(sitting.module)
        quiz = _quiz(module) if module else Quiz("", 0, ())
        worth = {q.id: q.points for q in quiz.questions}
        rows += [{"attempt_id": sitting.id, "question": question, "points": points, "out_of": worth[question],
                  "marked_at": now, "levels": "", "feedback": ""}
                 for question, points in rules.scores(quiz, answers[sitting.id]).items()]
    if rows:
        session.execute(insert(Marking), rows)


def _quiz(module: Module) -> Quiz:
    if module.quiz is None:
        raise LookupError(f"{module.code} has no quiz")
    return module.quiz


def _due(cohort: CohortView, module: str, item: str = "quiz") -> datetime | None:
    window = cohort.calendar.get(module)
    return window.due(item) if window else None


def _insert_once(session: Session, kind: Any, rows: list[dict[str, Any]]) -> Sequence[Any]:
    """Insert rows unless they are there; returns (id, last of what is unique) of those that were not. One statement."""
    connection = session.connection()
    return connection.execute(_insert(connection.dialect.name, kind), rows).all()


@lru_cache
def _insert(dialect: str, kind: Any) -> Any:
    """Made once: SQLAlchemy compiles an insert anew each time when its rows are part of it."""
    table, unique = kind.__table__, UNIQUE[kind]
    made = insert_of(dialect)(table).on_conflict_do_nothing(index_elements=unique)
    return made.returning(table.c.id, table.c[unique[-1]])


# A task ---------------------------------------------------------------------------------------------------------------

def hand_in(session: Session, actor_id: int, now: datetime, cohort: CohortView, module: Module, late_days: int,
            locked: Locked | None, text: str, files: Sequence[Paper]) -> int:
    """Keep a version of the actor's task and return its id. The same work sent again is the version already there."""
    due = _due(cohort, module.code, "task")
    if refusal := rules.may_hand_in(locked, due, late_days, now):
        raise Refused(refusal)
    fixed = {"cohort_id": cohort.id, "person_id": actor_id, "module": module.code}
    for _ in range(5):                  # PostgreSQL only: two different versions at once take turns
        before = queries.versions(session, cohort.id, actor_id, module.code)
        if before:
            canonical = rules.receipt_text(**fixed, version=before[-1].version, handed_in_at=before[-1].handed_in_at,
                                           text=text, files=files)
            if rules.receipt(canonical) == before[-1].receipt:
                return before[-1].id
        version = len(before) + 1
        number = rules.receipt(rules.receipt_text(**fixed, version=version, handed_in_at=now, text=text, files=files))
        kept = _insert_once(session, Submission, [
            {**fixed, "edition_id": cohort.edition_id, "version": version, "text": text, "handed_in_at": now,
             "due_at": due, "receipt": number}])
        if kept:
            break
    else:
        raise RuntimeError("five versions at once")
    submission_id: int = kept[0].id
    if files:
        session.execute(insert(SubmissionFile), [
            {"submission_id": submission_id, "name": f.name, "kind": f.kind, "size": f.size, "sha256": f.sha256}
            for f in files])
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
    subject = f"submission:{submission_id}" if submission_id is not None else f"attempt:{attempt_id}"
    audit.record(session, actor_id, now, "work.marked", subject, held.cohort_id, module=held.module,
                 marking=marking_id, instead_of=based_on, question=question)
    return marking_id
