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

from sqlalchemy import (
    CompoundSelect,
    Integer,
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
        pairs: list[tuple[str, str]] = list(zip(quiz, task, strict=True))
        known = list(map(memo.get, pairs))
        if not all(known) and all(judge.learn_pair(pair, memo) for pair in pairs if pair not in memo):
            known = list(map(memo.get, pairs))
        if all(known):
            found = dict(known)                                 # type: ignore[arg-type]
            if len(found) == len(pairs):
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

    def learn_pair(self, key: tuple[str, str], memo: Memo) -> bool:
        """Whether the two lines of a pair are of one module; if so, its result is remembered."""
        quiz, task = key
        code = quiz.partition(FIELD)[0]
        if not code or code != task.partition(FIELD)[0] or self.programme.module(code) is None:
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
            code, *unusual, mark, question = line.split(FIELD)
            number, submitted, sheet, edition = unusual or ("1", "1", "", "")
            _, scores = found.setdefault(int(number), ([code, submitted, sheet, edition], {}))
            points, out_of, hidden = _read(mark)
            if points and not (hidden and question in scores and scores[question].marker_id is None):
                scores[question] = ScoreFact(question, exact(points), exact(out_of), HIDDEN if hidden else None,
                                             LONG_AGO)
        return [AttemptFact(0, 0, 0, code, number, edition or self.programme.edition, LONG_AGO, None,
                            LONG_AGO if submitted == "1" else None, tuple(scores.values()), sheet or None)
                for number, ((code, submitted, sheet, edition), scores) in sorted(found.items())]

    def _work(self, lines: Lines) -> SubmissionFact | None:
        found: dict[int, tuple[list[str], MarkFact | None]] = {}
        for line in lines:
            code, *unusual, mark = line.split(FIELD)
            version, late, edition, times = unusual or ("1", "", "", "")
            _, before = found.get(int(version), ((), None))
            points, out_of, hidden = _read(mark)
            if points and not (hidden and before and before.marker_id is None):
                before = MarkFact(0, exact(points), exact(out_of), "", "", HIDDEN if hidden else None, LONG_AGO)
            found[int(version)] = ([code, late, edition, times], before)
        if not found:
            return None
        latest = max(found)
        (code, late, edition, times), kept = found[latest]
        handed, due = (_instant(text) for text in times.split("|")) if times else (LONG_AGO, None)
        return SubmissionFact(0, 0, 0, code, edition or self.programme.edition, latest, handed, due, kept, late)


def _read(mark: str) -> tuple[str, str, bool]:
    """"7/2:12-": points, what they are out of, whether students may not know of it."""
    hidden = mark.endswith("-")
    points, _, out_of = mark.removesuffix("-").partition(":")
    return points, out_of, hidden


HIDDEN = 0                      # stands for a person whose mark students may not know of: no release is named here


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# From the database ----------------------------------------------------------------------------------------------------

@lru_cache
def _statement(hide: bool) -> CompoundSelect[Any]:
    """The lines of each person, of quizzes and of tasks. What is as usual is left out: each further piece of a line
    costs a tenth of the whole."""
    current, cohort = bindparam("edition", type_=String), bindparam("cohort", type_=Integer)
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
    shown = {item: select(R.module, func.max(R.released_at).label("at")).where(
        R.cohort_id == cohort, R.item == item).group_by(R.module).subquery() for item in ("quiz", "task")}
    quiz = func.format(f"%s%s{FIELD}%s:%s%s{FIELD}%s", A.module, case((usual, ""), else_=sat), points, out_of,
                       _hidden(shown["quiz"], hide), M.question)
    task = func.format(f"%s%s{FIELD}%s:%s%s", S.module, case((in_time, ""), else_=handed), points, out_of,
                       _hidden(shown["task"], hide))
    marks = func.aggregate_strings(func.coalesce(cast(M.id, String), "0"), ",")
    return union_all(
        select(literal("quiz"), A.person_id, func.aggregate_strings(quiz, ROW), marks)
        .select_from(_beside(A.id.table.outerjoin(M.id.table, M.attempt_id == A.id), shown["quiz"], A.module, hide))
        .where(A.cohort_id == cohort, or_(A.submitted_at.is_not(None), ~A.by_clock)).group_by(A.person_id),
        select(literal("task"), S.person_id, func.aggregate_strings(task, ROW), marks)
        .select_from(_beside(S.id.table.outerjoin(M.id.table, M.submission_id == S.id), shown["task"], S.module, hide))
        .where(S.cohort_id == cohort).group_by(S.person_id))


def _beside(work: Any, shown: Any, module: Any, hide: bool) -> Any:
    return work.outerjoin(shown, shown.c.module == module) if hide else work


def _hidden(shown: Any, hide: bool) -> Any:
    """"-" where a person gave the mark and students may not know of it yet."""
    return case((M.marker_id.is_(None), ""), (M.marked_at <= shown.c.at, ""), else_="-") if hide else literal("")
