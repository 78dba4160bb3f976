"""The marks of a whole cohort as the database strings them together: a text for each person's quizzes, one for tasks.

A line is one mark (or work without one): module, what is unusual of the work, points, what they are out of, question.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.foundation.database import Base, Instant

A, S, M, R = (Base.metadata.tables[name].c for name in ("attempts", "submissions", "markings", "releases"))
ROW, FIELD = "\x1e", "\x1f"                     # between lines, between the fields of one
Released = Mapping[tuple[str, str], datetime]
Lines = tuple[str, ...]


@dataclass
class Gathered:
    """Person -> their lines. `marks`: the ids of the marks in the same order, asked for when the order matters."""
    session: Session
    cohort_id: int
    programme: Programme
    released: Released | None
    first: int                      # of the people asked for, by id
    last: int
    modules: tuple[str, ...]        # () all
    quiz: dict[int, str] = field(default_factory=dict)
    task: dict[int, str] = field(default_factory=dict)
    marks: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    def __contains__(self, person: int) -> bool:
        return person in self.quiz or person in self.task


def gathered(session: Session, cohort_id: int, programme: Programme, released: Released | None, person_ids: list[int],
             modules: tuple[str, ...]) -> Gathered:
    """All lines of these people in a cohort, and of whom lies between them by id. One statement."""
    made = Gathered(session, cohort_id, programme, released, min(person_ids), max(person_ids), modules)
    found = {"quiz": made.quiz, "task": made.task}
    for kind, person, lines in _asked(made, False):
        found[kind][person] = lines
    return made


def in_order(found: Gathered, person: int) -> dict[str, tuple[Lines, Lines]]:
    """Code -> the lines of a person's quiz and of their task, in the order in which the marks were given."""
    made: dict[str, tuple[list[str], list[str]]] = {}
    for at, kind in enumerate(("quiz", "task")):
        for line in _ordered(found, kind, person):
            made.setdefault(line[:line.index(FIELD)], ([], []))[at].append(line)
    return {code: (tuple(quiz), tuple(task)) for code, (quiz, task) in made.items()}


def _ordered(found: Gathered, kind: str, person: int) -> list[str]:
    """Each mark is of something else: their order says nothing, and is made the same for all. Else by their ids."""
    text = (found.quiz if kind == "quiz" else found.task).get(person)
    if not text:
        return []
    lines = text.split(ROW)
    if len({_of(kind, line) for line in lines}) == len(lines):
        return sorted(lines)
    if not found.marks:
        found.marks = {(row[0], row[1]): (row[2], row[3]) for row in _asked(found, True)}
    again, marks = found.marks[kind, person]
    return [line for _, line in sorted(zip(map(int, marks.split(",")), again.split(ROW), strict=True))]


def _of(kind: str, line: str) -> str:
    """What a line is a mark of: the line without the mark."""
    if kind == "task":
        return line.rpartition(FIELD)[0]
    rest, _, question = line.rpartition(FIELD)
    return rest.rpartition(FIELD)[0] + FIELD + question


def _asked(found: Gathered, ordered: bool) -> Any:
    """The statement that costs least: where every task was published, one moment before which any mark is shown."""
    released, tasks = found.released, [m.code for m in found.programme.modules if m.task]
    until = min((released[code, "task"] for code in tasks), default=None) if released and all(
        (code, "task") in released for code in tasks) else None
    hide = "" if released is None else "until" if until else "by module"
    return found.session.execute(_statement(hide, ordered, bool(found.modules)), {
        "cohort": found.cohort_id, "edition": found.programme.edition, "first": found.first, "last": found.last,
        **({"until": until} if until else {}), **({"modules": found.modules} if found.modules else {})})


@lru_cache
def _statement(hide: str, ordered: bool, narrow: bool) -> CompoundSelect[Any]:
    """The lines of each person, of quizzes and of tasks. What is as usual is left out: each further piece of a line
    costs a tenth of the whole."""
    current = bindparam("edition", type_=String)
    usual = and_(A.number == 1, A.submitted_at.is_not(None), A.sheet.is_(None), A.edition_id == current)
    sat = func.format(f"{FIELD}%s{FIELD}%s{FIELD}%s{FIELD}%s", A.number,
                      case((A.submitted_at.is_(None), "0"), else_="1"), A.sheet,
                      case((A.edition_id == current, ""), else_=A.edition_id))
    in_time = and_(S.version == 1, S.late == "", S.edition_id == current,
                   or_(S.due_at.is_(None), S.handed_in_at <= S.due_at))
    times = case((S.handed_in_at > S.due_at, cast(S.handed_in_at, String).concat("|").concat(cast(S.due_at, String))),
                 else_="")
    handed = func.format(f"{FIELD}%s{FIELD}%s{FIELD}%s{FIELD}%s", S.version, S.late,
                         case((S.edition_id == current, ""), else_=S.edition_id), times)
    points, out_of = type_coerce(M.points, String), type_coerce(M.out_of, String)
    quiz = func.format(f"%s%s{FIELD}%s:%s%s{FIELD}%s", A.module, case((usual, ""), else_=sat), points, out_of,
                       _hidden("quiz", A.module, hide), M.question)
    task = func.format(f"%s%s{FIELD}%s:%s%s", S.module, case((in_time, ""), else_=handed), points, out_of,
                       _hidden("task", S.module, hide))
    marks = [func.aggregate_strings(func.coalesce(cast(M.id, String), "0"), ",")] if ordered else []
    return union_all(
        select(literal("quiz"), A.person_id, func.aggregate_strings(quiz, ROW), *marks)
        .select_from(A.id.table.outerjoin(M.id.table, M.attempt_id == A.id))
        .where(*_asked_for(A, narrow), or_(A.submitted_at.is_not(None), ~A.by_clock)).group_by(A.person_id),
        select(literal("task"), S.person_id, func.aggregate_strings(task, ROW), *marks)
        .select_from(S.id.table.outerjoin(M.id.table, M.submission_id == S.id))
        .where(*_asked_for(S, narrow)).group_by(S.person_id))


def _asked_for(work: Any, narrow: bool) -> list[Any]:
    return [work.cohort_id == bindparam("cohort"), work.person_id.between(bindparam("first"), bindparam("last")),
            *([work.module.in_(bindparam("modules", expanding=True))] if narrow else [])]


def _hidden(item: str, module: Any, hide: str) -> Any:
    """"-" where a person gave the mark and students may not know of it yet."""
    if not hide:
        return literal("")
    early = [(M.marked_at <= bindparam("until", type_=Instant), "")] if hide == "until" and item == "task" else []
    at = select(func.max(R.released_at)).where(R.cohort_id == bindparam("cohort"), R.module == module, R.item == item
                                               ).scalar_subquery()
    return case((M.marker_id.is_(None), ""), *early, (M.marked_at <= at, ""), else_="-")
