"""Facts of any number of people for judging and for the queue of who marks: few statements, whole rows of Core."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    null,
    or_,
    select,
    type_coerce,
    union_all,
    values,
)
from sqlalchemy.orm import Session

from lms.attempts.behaviours import behaviour_of
from lms.attempts.models import Attempt, Marking, Sheet, Submission
from lms.attempts.rules import AttemptFact, MarkFact, ScoreFact, SubmissionFact, counted, share_of
from lms.attempts.sheets import Key, quiz_of, read
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Quiz
from lms.cohorts import queries as cohorts

FACT = (Attempt.id, Attempt.cohort_id, Attempt.person_id, Attempt.module, Attempt.number, Attempt.edition_id,
        Attempt.started_at, Attempt.ends_at, Attempt.submitted_at, Attempt.sheet)
SITTING = (Attempt.id, Attempt.cohort_id, Attempt.person_id, Attempt.module, Attempt.edition_id, Attempt.number,
           Attempt.seed, Attempt.started_at, Attempt.ends_at, Attempt.submitted_at, Attempt.by_clock, Attempt.sheet,
           Attempt.grace_until, Attempt.page)
SUBMISSION = (Submission.id, Submission.cohort_id, Submission.person_id, Submission.module, Submission.edition_id,
              Submission.version, Submission.handed_in_at, Submission.due_at)
POINTS, OUT_OF = type_coerce(Marking.points, String), type_coerce(Marking.out_of, String)
MARK = (Marking.id, POINTS.label("points"), OUT_OF.label("out_of"), Marking.levels, Marking.feedback,
        Marking.marker_id, Marking.marked_at)
SCORE = (Marking.question, POINTS.label("points"), OUT_OF.label("out_of"), Marking.marker_id, Marking.marked_at)
DONE_OR_RUNNING = or_(Attempt.submitted_at.is_not(None), ~Attempt.by_clock)        # what was abandoned is no work
Scopes = Iterable[tuple[int, Collection[str] | None]]       # (cohort, module codes or None for all)
exact = lru_cache(4096)(Fraction)       # the same few values come ten thousand times: 3 µs each saved


def attempt_facts(session: Session, cohort_id: int, person_ids: Collection[int] | None = None,
                  modules: Collection[str] | None = None) -> list[AttemptFact]:
    """Attempts, running ones too, each with the last marking of its questions. Two statements for any number."""
    ours = which(Attempt, cohort_id, person_ids, modules)
    marks: dict[int, dict[str, ScoreFact]] = {}
    for attempt_id, question, points, out_of, marker, at in session.execute(
            select(Marking.attempt_id, *SCORE)
            .join(Attempt, Attempt.id == Marking.attempt_id).where(*ours).order_by(Marking.id)):
        marks.setdefault(attempt_id, {})[question] = ScoreFact(question, exact(points), exact(out_of), marker, at)
    rows = session.execute(select(*FACT).where(*ours).order_by(Attempt.id))
    return [AttemptFact(*row[:-1], tuple(marks.get(row.id, {}).values()), row.sheet) for row in rows]


def best_quiz_shares(session: Session, cohort_id: int, person_id: int,
                     modules: Collection[str] | None = None) -> dict[str, Fraction]:
    """Module -> share of the points of the person's best attempt handed in. One statement; none for no module."""
    if modules is not None and not modules:
        return {}
    points: dict[tuple[str, str, str | None, int], dict[str, Fraction]] = {}
    for *key, question, given in session.execute(
            select(Attempt.module, Attempt.edition_id, Attempt.sheet, Attempt.id, Marking.question, POINTS)
            .outerjoin(Marking, Marking.attempt_id == Attempt.id)
            .where(Attempt.submitted_at.is_not(None), *which(Attempt, cohort_id, [person_id], modules))
            .order_by(Marking.id)):
        points.setdefault(tuple(key), {})[question or ""] = exact(given or "0")
    read(session, {sheet for _, _, sheet, _ in points if sheet})
    found: dict[str, list[tuple[int, Quiz, Fraction]]] = {}
    for (code, edition, sheet, attempt), marks in points.items():       # each is read by the quiz it was given
        if quiz := quiz_of(session, Key(edition, code, sheet)):
            found.setdefault(code, []).append((attempt, quiz, share_of(quiz, marks)))
    return {code: counting(tried) for code, tried in found.items()}


def counting(tried: list[tuple[int, Quiz, Fraction]]) -> Fraction:
    """What (attempt, quiz, share) come to, by what the last of them says counts."""
    in_order = sorted(tried, key=lambda each: each[0])
    return counted(in_order[-1][1].counts, [share for _, _, share in in_order])


def submission_facts(session: Session, cohort_id: int, person_ids: Collection[int] | None = None,
                     modules: Collection[str] | None = None) -> list[SubmissionFact]:
    """The latest version of each task handed in, with its last marking. Two statements for any number."""
    ours = (*which(Submission, cohort_id, person_ids, modules), ~_newer())
    marks = {submission_id: mark_fact(row) for submission_id, *row in session.execute(
        select(Marking.submission_id, *MARK).join(Submission, Submission.id == Marking.submission_id)
        .where(*ours).order_by(Marking.id))}
    rows = session.execute(select(*SUBMISSION, Submission.late).where(*ours).order_by(Submission.id))
    return [SubmissionFact(*row[:-1], marking=marks.get(row.id), late=row.late) for row in rows]


def which(table: type[Attempt] | type[Submission], cohort_id: int, person_ids: Collection[int] | None,
          modules: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    found: list[ColumnElement[bool]] = [table.cohort_id == cohort_id]
    if person_ids is not None:
        found.append(table.person_id.in_(person_ids))
    if modules is not None:
        found.append(table.module.in_(modules))
    if table is Attempt:
        found.append(DONE_OR_RUNNING)
    return tuple(found)


def _newer() -> ColumnElement[bool]:
    """That a later version of the same task was handed in."""
    later = Submission.__table__.alias("later")
    return exists().where(later.c.cohort_id == Submission.cohort_id, later.c.person_id == Submission.person_id,
                          later.c.module == Submission.module, later.c.version > Submission.version)


def mark_fact(row: Sequence[Any]) -> MarkFact:
    return MarkFact(row[0], exact(row[1]), exact(row[2]), *row[3:])


@dataclass(frozen=True)
class WaitingItem:
    """A piece of work nobody has marked: a submission, or one answer (`question`) of an attempt handed in."""
    cohort_id: int
    person_id: int
    module: str
    handed_in_at: datetime
    due_at: datetime | None
    submission_id: int | None = None
    attempt_id: int | None = None
    question: str | None = None


# Statements made once: to put one together anew costs a millisecond, to ask it half of one. The first looks for what
# is not marked in the index of submissions alone, for their texts make the table large.
_open = Submission.__table__.alias("open")
UNMARKED: Select[Any] = select(
    Submission.cohort_id, Submission.person_id, Submission.module, Submission.handed_in_at, Submission.due_at,
    Submission.id).where(
    Submission.id.in_(select(_open.c.id).where(
        _open.c.cohort_id.in_(bindparam("cohorts", expanding=True)),
        ~exists().where(Marking.submission_id == _open.c.id))), ~_newer()).order_by(Submission.id)


def waiting(session: Session, scopes: Scopes) -> list[WaitingItem]:
    """What waits for a person in these cohorts and modules. Three statements for any number of students."""
    wanted = dict(scopes)
    if not wanted:
        return []
    handed_in = session.execute(UNMARKED, {"cohorts": list(wanted)})
    return [*(WaitingItem(*row) for row in handed_in if _within(wanted, row[0], row[2])),
            *_answers_waiting(session, wanted)]


def _answers_waiting(session: Session, wanted: Mapping[int, Collection[str] | None]) -> list[WaitingItem]:
    """An answer's `due_at` is None: the person's own deadline of a quiz is the calendar's to say."""
    asked = sorted({(cohort.edition_id, module.code, question) for cohort in cohorts.cohorts(session, wanted)
                    for module in catalogue.programme(session, cohort.edition_id).modules
                    if _within(wanted, cohort.id, module.code)
                    for question in _by_hand(session, cohort.edition_id, module.code)})
    rows = [row for row in session.execute(_unmarked(list(wanted), asked))
            if _within(wanted, row.cohort_id, row.module)]
    return [WaitingItem(*row[:4], due_at=None, attempt_id=row.id, question=row.question)
            for row in sorted([*(row for row in rows if row.sheet is None), *_of_sheets(session, rows)],
                              key=lambda row: row.id)]


def _unmarked(cohort_ids: list[int], asked: list[tuple[str, str, str]]) -> Any:
    """Answers that wait, of attempts at an edition's quiz; and attempts at a quiz of their own in which some do."""
    done = (Attempt.cohort_id, Attempt.person_id, Attempt.module, Attempt.submitted_at, Attempt.id)
    ours = (Attempt.cohort_id.in_(cohort_ids), Attempt.submitted_at.is_not(None))
    marked = select(func.count(Marking.question.distinct())).where(Marking.attempt_id == Attempt.id).scalar_subquery()
    own = (select(*done, cast(null(), String).label("question"), Attempt.sheet)
           .join(Sheet, Sheet.digest == Attempt.sheet).where(*ours, Sheet.by_hand, marked < Sheet.asks))
    if not asked:
        return own
    table = values(column("edition", String), column("module", String), column("question", String),
                   name="by_hand").data(asked).cte("asked")
    return union_all(
        select(*done, table.c.question, cast(null(), String).label("sheet"))
        .join(table, and_(table.c.edition == Attempt.edition_id, table.c.module == Attempt.module))
        .where(*ours, Attempt.sheet.is_(None),
               ~exists().where(Marking.attempt_id == Attempt.id, Marking.question == table.c.question)), own)


class _Row(NamedTuple):
    cohort_id: int
    person_id: int
    module: str
    submitted_at: datetime
    id: int
    question: str


def _of_sheets(session: Session, rows: Iterable[Any]) -> list[_Row]:
    """The answers that wait in attempts at quizzes of their own. Two statements where there are such."""
    own = [row for row in rows if row.sheet is not None]
    if not own:
        return []
    quizzes = read(session, {row.sheet for row in own})
    done = {(row.attempt_id, row.question) for row in session.execute(select(
        Marking.attempt_id, Marking.question).where(Marking.attempt_id.in_([row.id for row in own])))}
    return [_Row(*row[:5], question) for row in own
            for question in by_hand(quizzes[row.sheet].quiz) if (row.id, question) not in done]


def by_hand(quiz: Quiz) -> list[str]:
    """The questions of a quiz that a person marks."""
    return [q.id for q in quiz.questions if behaviour_of(quiz, q).name == "manual"]


def _by_hand(session: Session, edition: str, module_code: str) -> list[str]:
    module = catalogue.programme(session, edition).module(module_code)
    return by_hand(module.quiz) if module and module.quiz else []


def _within(wanted: Mapping[int, Collection[str] | None], cohort_id: int, module: str) -> bool:
    modules = wanted[cohort_id]
    return modules is None or module in modules
