"""Results of a whole cohort from the facts, at the price of asking for them: the database strings the marks of a person
together, and what a module comes to is computed once for each different string.

Two people with the same points in the same module have the same result, to the last step of its explanation. Nothing is
stored: the strings are read from the facts each time. `queries.judged` is the same by way of the facts one by one, and
tests/web/test_grades_anew.py holds the two against each other.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from operator import add

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.rules import AttemptFact, MarkFact, ScoreFact, SubmissionFact
from lms.catalogue.rules import Module, Programme
from lms.grading.gathering import FIELD, ROW, Gathered, Released, gathered, in_order
from lms.grading.rules import result_of
from lms.grading.scales import Scale
from lms.grading.values import ModuleResult, Records

MOST = 200_000                                  # results remembered of a programme on a scale
KEPT = 12                                       # programmes with their scale
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Lines = tuple[str, ...]
Key = str | tuple[Lines, Lines]                 # of one module: quiz and task of a line each, or the lines of both
Memo = dict[Key, tuple[str, ModuleResult]]
Found = dict[str, ModuleResult]
exact = lru_cache(4096)(Fraction)
_memos: dict[tuple[int, int, bool], tuple[Programme, Scale, Memo]] = {}


def results(session: Session, cohort_id: int, programme: Programme, person_ids: Iterable[int], home: Scale,
            records: Mapping[tuple[int, str], Records], released: Released | None,
            modules: Collection[str] | None = None) -> dict[int, Found]:
    """Person -> module -> result, of these modules or all; with `released`, as students may know it. One statement;
    another where work was marked more than once, and two more where there are quizzes unknown yet."""
    ids, wanted = list(person_ids), [m for m in programme.modules if modules is None or m.code in modules]
    found = gathered(session, cohort_id, programme, released, ids, () if modules is None else tuple(sorted(modules)))
    memo, judge = _memo(programme, home, released is not None), Judge(session, programme, home, released is not None)
    nothing = {m.code: result_of(programme, m, (), None, {}, judge.hide, home) for m in wanted}
    made = {person: _result(found, person, memo, judge, nothing) for person in ids}
    for (person, code), recorded in records.items():
        if person in made and code in nothing and (module := programme.module(code)):
            lines = in_order(found, person).get(code, ((), ()))
            made[person][code] = judge.result(module, lines, recorded)
    return made


def _result(found: Gathered, person: int, memo: Memo, judge: "Judge", nothing: Found) -> Found:
    """One person's. Where each quiz and each task has one line, in the same order, the two joined are the key."""
    if not (quizzes := found.quiz.get(person)) or not (tasks := found.task.get(person)):
        return _slowly(found, person, memo, judge, nothing) if person in found else dict(nothing)
    quiz, task = quizzes.split(ROW), tasks.split(ROW)
    if len(quiz) == len(task):
        keys = list(map(add, quiz, task))
        known = list(map(memo.get, keys))
        if not all(known) and all(map(judge.learn_pair, quiz, task, [memo] * len(quiz))):
            known = list(map(memo.get, keys))
        if all(known):
            made: Found = dict(known)                           # type: ignore[arg-type]
            if len(made) == len(keys):
                return made if len(made) == len(nothing) else {**nothing, **made}
    return _slowly(found, person, memo, judge, nothing)


def _slowly(found: Gathered, person: int, memo: Memo, judge: "Judge", nothing: Found) -> Found:
    made = dict(nothing)
    for code, lines in in_order(found, person).items():
        if code in made:
            if lines not in memo:
                judge.learn(lines, memo)
            made[code] = memo[lines][1]
    return made


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

    def learn_pair(self, quiz: str, task: str, memo: Memo) -> bool:
        """Whether the two lines of a pair are of one module; if so, its result is remembered."""
        code = quiz.partition(FIELD)[0]
        if not code or code != task.partition(FIELD)[0] or self.programme.module(code) is None:
            return False
        if quiz + task not in memo:
            self._keep(quiz + task, (quiz,), (task,), memo)
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
