"""The marks and answers of all attempts at one quiz, as plain columns: for the figures of its questions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.attempts.facts import OUT_OF, POINTS
from lms.attempts.models import Answer, Attempt, Marking, Submission
from lms.attempts.sheets import Place, quiz_of, quizzes, sheet
from lms.catalogue.rules import Question


@dataclass(frozen=True)
class Taken:
    """An attempt handed in, as far as figures need to know it."""
    id: int
    cohort_id: int
    person_id: int
    module: str
    edition_id: str
    sheet: str | None
    number: int


@dataclass(frozen=True)
class Marks:
    """Attempts in order, and question -> attempt id -> points of its last marking ("7/2")."""
    taken: tuple[Taken, ...]
    points: dict[str, dict[int, str]]


def taken(session: Session, cohort_ids: Collection[int], module: str) -> tuple[Taken, ...]:
    """All attempts handed in at one quiz, in these cohorts."""
    rows = session.execute(select(Attempt.id, Attempt.cohort_id, Attempt.person_id, Attempt.module, Attempt.edition_id,
                                  Attempt.sheet, Attempt.number)
                           .where(*_handed_in(cohort_ids, module)).order_by(Attempt.id))
    return tuple([Taken(*row) for row in rows])


def marks(session: Session, cohort_ids: Collection[int], module: str) -> Marks:
    """The same with the last mark of each answer. Two statements for any number."""
    points: dict[str, dict[int, str]] = {}
    for attempt_id, question, given in session.execute(
            select(Marking.attempt_id, Marking.question, POINTS).join(Attempt, Attempt.id == Marking.attempt_id)
            .where(*_handed_in(cohort_ids, module)).order_by(Marking.id)):
        points.setdefault(question, {})[attempt_id] = given
    return Marks(taken(session, cohort_ids, module), points)


def _handed_in(cohort_ids: Collection[int], module: str) -> tuple[ColumnElement[bool], ...]:
    return (Attempt.cohort_id.in_(cohort_ids), Attempt.module == module, Attempt.submitted_at.is_not(None))


def asked(session: Session, attempts: Sequence[Taken]) -> dict[int, list[tuple[Question, Place]]]:
    """Attempt id -> what it was asked, with the slot each question filled. Two statements for any number."""
    quizzes(session, attempts)
    found: dict[tuple[str, str, str | None], list[tuple[Question, Place]]] = {}
    for one in attempts:
        key = (one.edition_id, one.module, one.sheet)
        if key not in found:
            quiz = quiz_of(session, one)
            questions = quiz.questions if quiz else ()
            places = sheet(session, one.sheet).places if one.sheet else [
                Place(q.id, n) for n, q in enumerate(questions, 1)]
            found[key] = list(zip(questions, places, strict=True))
    return {one.id: found[one.edition_id, one.module, one.sheet] for one in attempts}


def last_answers(session: Session, cohort_ids: Collection[int], module: str, questions: Sequence[str]
                 ) -> dict[str, dict[int, str]]:
    """Question -> attempt id -> the answer that stands, of attempts handed in. One statement."""
    newest = (select(func.max(Answer.id)).join(Attempt, Attempt.id == Answer.attempt_id)
              .where(*_handed_in(cohort_ids, module), Answer.question.in_(questions))
              .group_by(Answer.attempt_id, Answer.question))
    found: dict[str, dict[int, str]] = {question: {} for question in questions}
    for attempt_id, question, value in session.execute(
            select(Answer.attempt_id, Answer.question, Answer.value).where(Answer.id.in_(newest))):
        found[question][attempt_id] = value
    return found


def counts(session: Session, cohort_id: int) -> dict[str, int]:
    """Module -> attempts handed in at its quiz, in one cohort."""
    rows = session.execute(select(Attempt.module, func.count()).where(
        Attempt.cohort_id == cohort_id, Attempt.submitted_at.is_not(None)).group_by(Attempt.module))
    return dict(rows.all())


@dataclass(frozen=True)
class GivenMark:
    """A person's mark of one answer or one submission, as it stands."""
    work: tuple[str, int, str]          # "attempt" or "submission", its id, the question
    cohort_id: int
    person_id: int
    points: str
    out_of: str
    marker_id: int
    marked_at: datetime


def given_marks(session: Session, cohort_ids: Collection[int], module: str, item: str) -> list[GivenMark]:
    """The marks people gave at one quiz or task, in the order they were given; of several of one work, the last."""
    table: Any = Attempt if item == "quiz" else Submission
    work_id = Marking.attempt_id if item == "quiz" else Marking.submission_id
    found: dict[tuple[str, int, str], GivenMark] = {}
    for row in session.execute(
            select(work_id.label("work_id"), Marking.question, table.cohort_id, table.person_id, POINTS.label("points"),
                   OUT_OF.label("out_of"), Marking.marker_id, Marking.marked_at).join(table, table.id == work_id)
            .where(table.cohort_id.in_(cohort_ids), table.module == module).order_by(Marking.id)):
        work = ("attempt" if item == "quiz" else "submission", row.work_id, row.question or "")
        found.pop(work, None)
        if row.marker_id is not None:
            found[work] = GivenMark(work, *row[2:])
    return sorted(found.values(), key=lambda mark: mark.marked_at)
