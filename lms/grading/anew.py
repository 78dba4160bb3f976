"""Results of a whole cohort from the facts, at the price of asking for them: the database strings the marks of a person
together, and what a module comes to is computed once for each different string.

Two people with the same points in the same module have the same result, to the last step of its explanation. Nothing is
stored: the strings are read from the facts each time. `queries.judged` is the same by way of the facts one by one, and
tests/web/test_grades_anew.py holds the two against each other.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, case, cast, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.rules import AttemptFact, MarkFact, ScoreFact, SubmissionFact
from lms.catalogue.rules import Module, Programme
from lms.foundation.database import Base
from lms.grading.rules import result_of
from lms.grading.scales import Scale
from lms.grading.values import ModuleResult, Records

A, S, M, R = (Base.metadata.tables[name].c for name in ("attempts", "submissions", "markings", "releases"))
ROW, FIELD = "\x1e", "\x1f"                     # between lines, between the fields of one
MOST = 200_000                                  # results remembered of a programme on a scale
KEPT = 12                                       # programmes with their scale
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Lines = tuple[str, ...]
Key = tuple[str | Lines, str | Lines]           # of one module: the lines of its quiz, those of its task
Memo = dict[Key, tuple[str, ModuleResult]]
Found = dict[str, ModuleResult]
exact = lru_cache(4096)(Fraction)
_memos: dict[tuple[int, int, bool], tuple[Programme, Scale, Memo]] = {}


def results(session: Session, cohort_id: int, programme: Programme, person_ids: Iterable[int], home: Scale,
            records: dict[tuple[int, str], Records], hide: bool) -> dict[int, Found]:
    """Person -> module -> result, of all modules. One statement, and two more where there are quizzes unknown yet."""
    gathered: dict[int, list[str]] = {}
    for kind, person, lines, marks in session.execute(_statement(hide), {"cohort": cohort_id,
                                                                         "edition": programme.edition}):
        at = 0 if kind == "quiz" else 2
        gathered.setdefault(person, ["", "", "", ""])[at:at + 2] = lines, marks
    memo, judge = _memo(programme, home, hide), Judge(session, programme, home, hide)
    nothing = {m.code: result_of(programme, m, (), None, {}, hide, home) for m in programme.modules}
    found = {person: _result(gathered[person], memo, judge, nothing) if person in gathered else dict(nothing)
             for person in person_ids}
    for (person, code), recorded in records.items():
        if person in found and (module := programme.module(code)):
            lines = _by_module(gathered[person]).get(code) if person in gathered else None
            found[person][code] = judge.result(module, lines or ((), ()), recorded)
    return found


def _result(gathered: list[str], memo: Memo, judge: "Judge", nothing: Found) -> Found:
    """One person's. Where each quiz and each task has one line, in the same order, their pairs are the keys."""
    quiz, task = gathered[0].split(ROW), gathered[2].split(ROW)
    if len(quiz) == len(task):
        keys: list[Key] = list(zip(quiz, task, strict=True))
        if all(map(memo.__contains__, keys)) or all(judge.learn_pair(key, memo) for key in keys if key not in memo):
            found = dict(map(memo.__getitem__, keys))
            if len(found) == len(keys):
                return found if len(found) == len(nothing) else {**nothing, **found}
    made = dict(nothing)
    for code, lines in _by_module(gathered).items():
        if lines not in memo:
            judge.learn(lines, memo)
        if code in made:
            made[code] = memo[lines][1]
    return made


def _by_module(gathered: list[str]) -> dict[str, tuple[Lines, Lines]]:
    """Code -> the lines of its quiz and of its task, each in the order in which the marks were given."""
    found: dict[str, tuple[list[tuple[int, str]], list[tuple[int, str]]]] = {}
    for at in (0, 2):
        if gathered[at]:
            for mark, line in zip(gathered[at + 1].split(","), gathered[at].split(ROW), strict=True):
                found.setdefault(line[:line.index(FIELD)], ([], []))[at // 2].append((int(mark), line))
    return {code: (tuple(line for _, line in sorted(quiz)), tuple(line for _, line in sorted(task)))
            for code, (quiz, task) in found.items()}


def _memo(programme: Programme, home: Scale, hide: bool) -> Memo:
    """What is known of a programme on a scale: both are held, so that nothing else can have their ids."""
    name = (id(programme), id(home), hide)
    while len(_memos) >= KEPT and name not in _memos:
        _memos.pop(next(iter(_memos)), None)
    return _memos.setdefault(name, (programme, home, {}))[2]


# From lines to facts --------------------------------------------------------------------------------------------------

class Judge:
    """Computes what is not known yet."""

    def __init__(self, session: Session, programme: Programme, home: Scale, hide: bool):
        self.session, self.programme, self.home, self.hide = session, programme, home, hide

    def learn_pair(self, key: Key, memo: Memo) -> bool:
        """Whether the two lines of a pair are of one module; if so, its result is remembered."""
        quiz, task = key
        assert isinstance(quiz, str) and isinstance(task, str)
        if not quiz or not task or quiz[:quiz.index(FIELD)] != task[:task.index(FIELD)]:
            return False
        self._keep(key, (quiz,), (task,), memo)
        return True

    def learn(self, lines: tuple[Lines, Lines], memo: Memo) -> None:
        self._keep(lines, *lines, memo)

    def _keep(self, key: Key, quiz: Lines, task: Lines, memo: Memo) -> None:
        line = (quiz or task)[0]
        code = line[:line.index(FIELD)]
        while len(memo) >= MOST:
            memo.pop(next(iter(memo)), None)
        module = self.programme.module(code)
        memo[key] = (code, self.result(module, (quiz, task)) if module else ModuleResult(code, None, None, (), ()))

    def result(self, module: Module, lines: tuple[Lines, Lines], records: Records | None = None) -> ModuleResult:
        tried = self._attempts(lines[0])
        attempts.quizzes(self.session, tried)
        pairs = [(quiz, one) for one in tried if (quiz := attempts.quiz_of(self.session, one))]
        return result_of(self.programme, module, pairs, self._work(lines[1]), {}, self.hide, self.home, records)

    def _attempts(self, lines: Lines) -> list[AttemptFact]:
        found: dict[int, tuple[list[str], dict[str, ScoreFact]]] = {}
        for line in lines:
            fields = line.split(FIELD, 8)
            _, scores = found.setdefault(int(fields[1]), (fields, {}))
            *_, points, out_of, hidden, question = fields
            if points and not (hidden and question in scores and scores[question].marker_id is None):
                scores[question] = ScoreFact(question, exact(points), exact(out_of), HIDDEN if hidden else None,
                                             LONG_AGO)
        return [AttemptFact(0, 0, 0, fields[0], number, fields[4] or self.programme.edition, LONG_AGO, None,
                            LONG_AGO if fields[2] == "1" else None, tuple(scores.values()), fields[3] or None)
                for number, (fields, scores) in sorted(found.items())]

    def _work(self, lines: Lines) -> SubmissionFact | None:
        if not lines:
            return None
        latest = max(int(line.split(FIELD, 2)[1]) for line in lines)
        mark: MarkFact | None = None
        for line in lines:
            fields = line.split(FIELD)
            *_, points, out_of, hidden = fields
            if int(fields[1]) == latest:
                kept = fields
                if points and not (hidden and mark and mark.marker_id is None):
                    mark = MarkFact(0, exact(points), exact(out_of), "", "", HIDDEN if hidden else None, LONG_AGO)
        code, _, late, edition, times = kept[:5]
        handed, due = (_instant(text) for text in times.split("|")) if times else (LONG_AGO, None)
        return SubmissionFact(0, 0, 0, code, edition or self.programme.edition, latest, handed, due, mark, late)


HIDDEN = 0                      # stands for a person whose mark students may not know of: no release is named here


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# From the database ----------------------------------------------------------------------------------------------------

@lru_cache
def _statement(hide: bool) -> CompoundSelect[Any]:
    """The lines of each person, of quizzes and of tasks."""
    late = case((S.handed_in_at > S.due_at, cast(S.handed_in_at, String).concat("|").concat(cast(S.due_at, String))),
                else_="")
    quiz = (A.module, cast(A.number, String), case((A.submitted_at.is_(None), "0"), else_="1"),
            func.coalesce(A.sheet, ""), _unless_current(A.edition_id), *_mark("quiz", A.module, hide),
            func.coalesce(M.question, ""))
    task = (S.module, cast(S.version, String), S.late, _unless_current(S.edition_id), late,
            *_mark("task", S.module, hide))
    marks = func.aggregate_strings(func.coalesce(cast(M.id, String), "0"), ",")
    return union_all(
        select(literal("quiz"), A.person_id, func.aggregate_strings(_line(quiz), ROW), marks)
        .select_from(A.id.table.outerjoin(M.id.table, M.attempt_id == A.id))
        .where(A.cohort_id == bindparam("cohort"), or_(A.submitted_at.is_not(None), ~A.by_clock)).group_by(A.person_id),
        select(literal("task"), S.person_id, func.aggregate_strings(_line(task), ROW), marks)
        .select_from(S.id.table.outerjoin(M.id.table, M.submission_id == S.id))
        .where(S.cohort_id == bindparam("cohort")).group_by(S.person_id))


def _mark(item: str, module: Any, hide: bool) -> tuple[Any, Any, Any]:
    """A mark's points, what they are out of, and "-" where students may not know of it."""
    shown: Any = literal("")
    if hide:
        at = select(func.max(R.released_at)).where(R.cohort_id == bindparam("cohort"), R.module == module,
                                                   R.item == item).scalar_subquery()
        shown = case((M.marker_id.is_(None), ""), (M.marked_at <= at, ""), else_="-")
    return (func.coalesce(type_coerce(M.points, String), ""), func.coalesce(type_coerce(M.out_of, String), ""), shown)


def _unless_current(edition: Any) -> Any:
    return case((edition == bindparam("edition"), ""), else_=edition)


def _line(fields: tuple[Any, ...]) -> Any:
    made = fields[0]
    for one in fields[1:]:
        made = made.concat(literal(FIELD)).concat(one)
    return made
