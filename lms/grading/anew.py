"""Results of a whole cohort from the facts, at the price of asking for them: the database strings the marks of a person
together, and what a module comes to is computed once for each different string.

Two people with the same points in the same module have the same result, to the last step of its explanation. Nothing is
stored: the strings are read from the facts each time. `queries.judged` is the same by way of the facts one by one, and
tests/web/test_grades_anew.py holds the two against each other.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.rules import AttemptFact, MarkFact, ScoreFact, SubmissionFact
from lms.catalogue.rules import Module, Programme
from lms.foundation.database import Base
from lms.grading.rules import result_of
from lms.grading.scales import Scale
from lms.grading.values import ModuleResult, Records

ATTEMPTS, SUBMISSIONS, MARKINGS, RELEASES = (
    Base.metadata.tables[name].c for name in ("attempts", "submissions", "markings", "releases"))
ROW, FIELD = "\x1e", "\x1f"                     # between lines, between the fields of one
MOST = 200_000                                  # results remembered of a programme on a scale
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Lines = tuple[str, ...]
exact = lru_cache(4096)(Fraction)


@dataclass(frozen=True)
class Gathered:
    """All lines of a person, and the ids of the marks in them in the same order."""
    quiz: str = ""
    quiz_ids: str = ""
    task: str = ""
    task_ids: str = ""


def results(session: Session, cohort_id: int, programme: Programme, person_ids: Iterable[int], home: Scale,
            records: dict[tuple[int, str], Records], hide: bool) -> dict[int, dict[str, ModuleResult]]:
    """Person -> module -> result, of all modules. One statement, and two more where there are quizzes unknown yet."""
    known = {row[0]: row for row in _gathered(session, cohort_id, programme.edition, hide)}
    memo, ids = _memo(programme, home, hide), list(person_ids)
    keys = {person: _keys(programme, known[person], memo) if person in known else None for person in ids}
    lacking = {key for found in keys.values() if found for key in found if key not in memo}
    _compute(session, programme, home, lacking, memo, hide)
    nothing = {m.code: result_of(programme, m, (), None, {}, hide, home) for m in programme.modules}
    found = {person: {**nothing, **dict(map(memo.__getitem__, made))} if (made := keys[person]) else dict(nothing)
             for person in ids}
    for (person, code), recorded in records.items():
        if person in found and (module := programme.module(code)):
            quiz, task = _of_module(code, known[person]) if person in known else ((), ())
            found[person][code] = _judged(session, programme, module, quiz, task, home, hide, recorded)
    return found


# From the database ----------------------------------------------------------------------------------------------------

def _gathered(session: Session, cohort_id: int, edition: str, hide: bool) -> Iterator[tuple[int, str, str, str, str]]:
    rows: dict[int, list[str]] = {}
    for kind, person, lines, ids in session.execute(_statement(hide), {"cohort": cohort_id, "edition": edition}):
        found = rows.setdefault(person, ["", "", "", ""])
        at = 0 if kind == "quiz" else 2
        found[at], found[at + 1] = lines, ids
    return ((person, *found) for person, found in rows.items())     # type: ignore[misc]


@lru_cache
def _statement(hide: bool) -> CompoundSelect[Any]:
    a, s, m = ATTEMPTS, SUBMISSIONS, MARKINGS
    late = case((s.handed_in_at > s.due_at, cast(s.handed_in_at, String) + "|" + cast(s.due_at, String)), else_="")
    quiz = (a.module, cast(a.number, String), case((a.submitted_at.is_(None), "0"), else_="1"),
            func.coalesce(a.sheet, ""), case((a.edition_id == bindparam("edition"), ""), else_=a.edition_id),
            *_mark("quiz", a.module, hide), func.coalesce(m.question, ""))
    task = (s.module, cast(s.version, String), s.late, case((s.edition_id == bindparam("edition"), ""),
                                                            else_=s.edition_id), late, *_mark("task", s.module, hide))
    return union_all(
        select(literal("quiz"), a.person_id, func.aggregate_strings(_line(quiz), ROW),
               func.aggregate_strings(func.coalesce(cast(m.id, String), "0"), ","))
        .select_from(a.id.table.outerjoin(m.id.table, m.attempt_id == a.id))
        .where(a.cohort_id == bindparam("cohort"), or_(a.submitted_at.is_not(None), ~a.by_clock)).group_by(a.person_id),
        select(literal("task"), s.person_id, func.aggregate_strings(_line(task), ROW),
               func.aggregate_strings(func.coalesce(cast(m.id, String), "0"), ","))
        .select_from(s.id.table.outerjoin(m.id.table, m.submission_id == s.id))
        .where(s.cohort_id == bindparam("cohort")).group_by(s.person_id))


def _mark(item: str, module: Any, hide: bool) -> tuple[Any, Any, Any]:
    """A mark's points, what they are out of, and "-" where students may not know of it."""
    m, shown = MARKINGS, literal("")
    if hide:
        at = select(func.max(RELEASES.released_at)).where(
            RELEASES.cohort_id == bindparam("cohort"), RELEASES.module == module, RELEASES.item == item
        ).scalar_subquery()
        shown = case((m.marker_id.is_(None), ""), (m.marked_at <= at, ""), else_="-")
    return func.coalesce(_text(m.points), ""), func.coalesce(_text(m.out_of), ""), shown


def _text(column: Any) -> Any:
    return cast(column, String) if not isinstance(column.type, String) else func.coalesce(column, null())


def _line(fields: Sequence[Any]) -> Any:
    made = fields[0]
    for one in fields[1:]:
        made = made.concat(literal(FIELD)).concat(one)
    return made
