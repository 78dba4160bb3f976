"""The figures of a quiz: the marks of its attempts by slot, by question and by variant, and its answers counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.queries import Place, Taken
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question
from lms.grading import statistics
from lms.grading.statistics import ItemStatistics, QuizStatistics, Tally

Asked = list[tuple[Question, Place]]
STEPS = 10                              # bars of the distribution
EASY, HARD = 0.9, 0.3                   # facility beyond which a question tells little
WEAK = 0.2                              # discrimination under which it hardly tells the strong from the weak


@dataclass(frozen=True)
class Line:
    """One row of the table: a slot, a question drawn for it, or a variant of a question."""
    slot: int
    question: Question | None           # None: the slot of a draw, whose questions follow
    figures: ItemStatistics
    drawn: bool = False                 # one of several that a slot drew
    variant: int | None = None

    @property
    def remarks(self) -> list[str]:
        return remarks(self.figures)


@dataclass(frozen=True)
class Figures:
    """A quiz in figures."""
    quiz: QuizStatistics
    out_of: float
    lines: tuple[Line, ...]
    shares: tuple[float, ...]           # of each attempt, 0 to 1
    people: int
    unmarked: int                       # attempts left out: an answer still waits for a person

    @property
    def distribution(self) -> list[tuple[str, int]]:
        """How many attempts got which part of the points."""
        counts = [0] * STEPS
        for share in self.shares:
            counts[min(int(share * STEPS), STEPS - 1)] += 1
        width = 100 // STEPS
        return [(f"{n * width} a {(n + 1) * width} %", count) for n, count in enumerate(counts)]


def remarks(figures: ItemStatistics) -> list[str]:
    """What a figure means, by name; a template says it in words."""
    found = []
    if figures.facility is not None and figures.count >= statistics.LEAST:
        found += ["easy"] if figures.facility >= EASY else ["hard"] if figures.facility <= HARD else []
        if figures.discrimination is not None and figures.discrimination < 0:
            found.append("against")
        elif figures.discrimination is not None and figures.discrimination < WEAK and "easy" not in found:
            found.append("weak")
    return found


def figures(session: Session, cohort_ids: Sequence[int], module: str) -> Figures:
    """All the figures of one quiz in these cohorts. Four statements for any number of attempts."""
    marks = attempts.marks(session, cohort_ids, module)
    columns: dict[int, list[float]] = {}
    worth: dict[int, float] = {}
    filled: dict[int, Asked] = {}
    taken: list[Taken] = []
    for layout, group in _by_layout(attempts.asked(session, marks.taken), marks.taken):
        whole = _whole(layout, group, marks.points)
        taken += whole
        for question, place in layout:
            given = marks.points.get(question.id, {})
            worth[place.slot] = max(worth.get(place.slot, 0.0), _number(str(question.points)))
            columns.setdefault(place.slot, []).extend([_number(given[one.id]) for one in whole])
            filled.setdefault(place.slot, []).extend([(question, place)] * len(whole))
    columns = {slot: column for slot, column in sorted(columns.items()) if taken and len(column) == len(taken)}
    report = statistics.report({str(s): c for s, c in columns.items()}, {str(s): worth[s] for s in columns},
                               [one.number == 1 for one in taken])
    totals = list(map(sum, zip(*columns.values(), strict=True)))
    out_of = sum(worth[slot] for slot in columns)
    lines = [line for slot, column in columns.items()
             for line in _lines(slot, filled[slot], column, totals, report.items[str(slot)])]
    return Figures(report.quiz, out_of, tuple(lines), tuple(t / out_of for t in totals) if out_of else (),
                   len({one.person_id for one in taken}), len(marks.taken) - len(taken))


def _by_layout(asked: Mapping[int, Asked], taken: Sequence[Taken]) -> list[tuple[Asked, list[Taken]]]:
    """What was asked, without what asks nothing, and the attempts that were asked just that."""
    found: dict[int, tuple[Asked, list[Taken]]] = {}
    for one in taken:
        layout = asked[one.id]
        if id(layout) not in found:
            found[id(layout)] = ([pair for pair in layout if KINDS[pair[0].kind].asks], [])
        found[id(layout)][1].append(one)
    return list(found.values())


def _whole(layout: Asked, group: list[Taken], points: Mapping[str, Mapping[int, str]]) -> list[Taken]:
    """The attempts of which all that was answered has its mark."""
    marked = {one.id for one in group}.intersection(*(points.get(question.id, {}) for question, _ in layout))
    return [one for one in group if one.id in marked]


def _lines(slot: int, filled: Asked, column: list[float], totals: list[float], figures: ItemStatistics) -> list[Line]:
    """A slot's own row, then those of the questions it drew and of their variants."""
    if len(set(map(id, filled))) == 1:          # one question for everybody: most slots of most quizzes
        return [Line(slot, filled[0][0], figures)]
    by_question: dict[str, list[int]] = {}
    for n, (question, _) in enumerate(filled):
        by_question.setdefault(question.id, []).append(n)
    several = len(by_question) > 1
    found = [Line(slot, None if several else filled[0][0], figures)]
    for places in by_question.values():
        question, worth = filled[places[0]][0], figures.out_of
        if several:
            found.append(Line(slot, question, _item(places, column, totals, worth, drawn=True), drawn=True))
        variants: dict[int, list[int]] = {}
        for n in places:
            variants.setdefault(filled[n][1].variant, []).append(n)
        if len(variants) > 1:
            found += [Line(slot, filled[rows[0]][0], _item(rows, column, totals, worth), several, variant + 1)
                      for variant, rows in sorted(variants.items())]
    return found


def _item(rows: list[int], column: list[float], totals: list[float], worth: float, drawn: bool = False
          ) -> ItemStatistics:
    return statistics.item([column[n] for n in rows], [totals[n] for n in rows], worth, drawn)


@lru_cache(4096)
def _number(exact: str) -> float:
    """"7/2" -> 3.5: the same few values come ten thousand times."""
    return float(Fraction(exact))


@dataclass(frozen=True)
class Answers:
    """The answers to one question, counted."""
    question: Question
    slot: int
    asked: int
    blank: int
    tallies: tuple[Tally, ...]
    unseen: tuple[tuple[str, str, float], ...]      # foreseen and given by nobody: (part, answer, share)


def answers(session: Session, cohort_ids: Sequence[int], module: str, wanted: str) -> Answers | None:
    """How one question was answered by those who were asked it. Four statements; None when nobody was."""
    taken = attempts.taken(session, cohort_ids, module)
    asked = attempts.asked(session, taken)
    questions = {one.id: pair for one in taken for pair in asked[one.id] if pair[0].id == wanted}
    if not questions:
        return None
    given = attempts.last_answers(session, cohort_ids, module, [wanted])[wanted]
    said = [(questions[n][0], answer) for n, answer in given.items()
            if n in questions and not KINDS[questions[n][0].kind].is_blank(answer)]
    counted = statistics.tallies(said, _rows)
    question, place = next(reversed(questions.values()))
    seen = {(t.part, t.model or t.actual) for t in counted}
    unseen = tuple((r.part, r.model or r.actual, float(r.share)) for r in KINDS[question.kind].possible(question)
                   if (r.part, r.model or r.actual) not in seen)
    return Answers(question, place.slot, len(questions), len(questions) - len(said), tuple(counted), unseen)


def _rows(said: tuple[Question, str]) -> list[tuple[str, str, str, float]]:
    question, answer = said
    return [(r.part, r.model, r.actual[:200], float(r.share)) for r in KINDS[question.kind].responses(question, answer)]
