"""What the pages of an attempt show: the questions of a page with what was given, and where the others stand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lms.attempts import rules, scoring
from lms.attempts.behaviours import BEHAVIOURS, Behaviour, State, behaviour_of
from lms.attempts.behaviours.behaviour import MARKED, named
from lms.attempts.forms import numbered, prefix
from lms.attempts.rules import Given, Sitting
from lms.attempts.scoring import Steps
from lms.catalogue.kinds import KINDS, Kind
from lms.catalogue.kinds.essay import essay_of
from lms.catalogue.rules import Option, Question, Quiz
from lms.foundation.language import local
from lms.foundation.walltime import ZONES, elapsed, two_sides

SHOWN = 600                             # characters of the other answer that are shown beside one's own


@dataclass(frozen=True)
class Verdict:
    """What is said of a question while the attempt runs, as far as the quiz shows it."""
    name: str = ""                      # right | partial | wrong; "" not to be told
    points: Fraction | None = None
    out_of: Fraction | None = None
    words: str = ""                     # safe HTML: right, partly, wrong
    specific: str = ""                  # safe HTML: to this answer
    general: str = ""                   # safe HTML: whatever was answered
    right: str = ""                     # the key, plain text
    parts: tuple[int, int] | None = None        # how many parts are right, where a hint says so
    hint: str = ""                      # safe HTML


def verdict(quiz: Quiz, question: Question, state: State, last_attempt: bool) -> Verdict | None:
    """What the page may say after a check; None before one."""
    if not state.checked or state.raw is None:
        return None
    kind, seen, name = KINDS[question.kind], quiz.showing, named(state.raw)
    may = {sight: seen.sees(sight, "during") for sight in ("correctness", "max_marks", "marks", "specific")}
    done = not state.open
    key = done and (last_attempt or not seen.hide_key)
    shown = state.share if state.share is not None and (done or state.completed or state.left is None) else None
    telling = state.hint is not None and state.hint.show_count
    counted = [part.correct for part in kind.parts(question, state.checked)] if telling else []
    return Verdict(
        name if may["correctness"] else "", shown * question.points if may["marks"] and shown is not None else None,
        question.points if may["max_marks"] else None,
        question.said[MARKED.index(name)] if may["specific"] and name in MARKED else "",
        kind.feedback_for(question, state.checked) if may["specific"] else "",
        question.feedback if done and seen.sees("general", "during") and (key or name == "right") else "",
        kind.right(question) if key and seen.sees("right", "during") and name != "right" else "",
        (sum(counted), len(counted)) if counted else None,
        state.hint.text if state.hint and may["specific"] else "")


@dataclass(frozen=True)
class Asked:
    """A question as a page shows it."""
    number: int
    question: Question
    kind: Kind
    prefix: str
    fields: dict[str, tuple[str, ...]]  # what its fields hold
    options: tuple[Option, ...]         # in the order of this attempt
    label: int | None = None            # its number as people count, texts without answer left out; None: such a text
    section: str = ""                   # the title that begins here
    behaviour: Behaviour = BEHAVIOURS["deferred"]
    state: State = State()
    verdict: Verdict | None = None      # what may be said of it now
    sure: int | None = None

    @property
    def button(self) -> str:
        """What its own button would send: check | again | "" none."""
        if not self.behaviour.checks or not self.state.open:
            return ""
        return "again" if self.state.retry else "check"

    @property
    def takes_files(self) -> bool:
        return self.question.kind == "essay" and essay_of(self.question).most_files > 0

    @property
    def fixed(self) -> bool:
        """Whether it takes no answer now."""
        return self.kind.asks and (not self.state.open or self.state.retry)


@dataclass(frozen=True)
class Square:
    """A question in the grid of all questions."""
    number: int
    id: str
    page: int
    answered: bool
    partly: bool
    here: bool
    label: int = 0
    name: str = ""                      # right | partial | wrong, where it may be told already


@dataclass(frozen=True)
class Leaf:
    """One page of an attempt."""
    number: int
    count: int
    asked: tuple[Asked, ...]
    squares: tuple[Square, ...]
    base: int                           # the newest answer this page knows of
    free: bool = True                   # one may go to any page

    @property
    def uploads(self) -> bool:
        """Whether something on it takes files."""
        return any(asked.takes_files for asked in self.asked)

    @property
    def drags(self) -> bool:
        """Whether something on it can be dragged."""
        return any(asked.kind.drags for asked in self.asked)

    @property
    def last(self) -> bool:
        return self.number == self.count

    @property
    def answered(self) -> int:
        return sum(square.answered for square in self.squares)


def leaf(sitting: Sitting, quiz: Quiz, given: Mapping[str, Given], wanted: int, steps: Steps | None = None) -> Leaf:
    """The page asked for, or the nearest there is; where there is no way back, the page the attempt has come to."""
    count, free = rules.pages(quiz), quiz.navigation != "sequential"
    number = min(max(wanted if free else sitting.page, 1), count)
    found = scoring.states(quiz, steps) if steps is not None else {}
    labels, titles = labelled(quiz), {s.first: s.title for s in quiz.sections}
    asked = tuple(replace(_asked(sitting, quiz, n, q, given, found.get(q.id)), label=labels.get(n),
                          section=titles.get(n, ""))
                  for n, q in numbered(quiz) if rules.page_of(quiz, n) == number)
    may_tell = quiz.showing.sees("correctness", "during")
    told = {q: state.name for q, state in found.items() if may_tell and state.share is not None}
    answers = {k: g.value for k, g in given.items()} | {q: state.answer for q, state in found.items()}
    return Leaf(number, count, asked, squares(quiz, answers, number, told),
                max((answer.id for answer in given.values()), default=0), free)


def labelled(quiz: Quiz) -> dict[int, int]:
    """Number in the quiz -> number as people count: a text with nothing to answer has none."""
    asking = [n for n, q in numbered(quiz) if KINDS[q.kind].asks]
    return {n: label for label, n in enumerate(asking, 1)}


def squares(quiz: Quiz, answers: Mapping[str, str], here: int = 0, names: Mapping[str, str] | None = None
            ) -> tuple[Square, ...]:
    labels, names = labelled(quiz), names or {}
    return tuple(Square(n, q.id, rules.page_of(quiz, n), not KINDS[q.kind].is_blank(answers.get(q.id, "")),
                        rules.partly(q, answers.get(q.id, "")), rules.page_of(quiz, n) == here, labels[n],
                        names.get(q.id, ""))
                 for n, q in numbered(quiz) if n in labels)


def _asked(sitting: Sitting, quiz: Quiz, number: int, question: Question, given: Mapping[str, Given],
           state: State | None) -> Asked:
    kind, held = KINDS[question.kind], question if quiz.shuffle_options else replace(question, shuffle=False)
    value = given[question.id].value if question.id in given else ""
    value, state = (state.answer, state) if state else (value, State())
    behaviour = behaviour_of(quiz, question)
    return Asked(number, held, kind, prefix(number), kind.given(question, value), kind.choices(held, sitting.seed),
                 behaviour=behaviour, state=state, sure=state.certainty,
                 verdict=verdict(quiz, question, state, sitting.number >= quiz.attempts) if behaviour.checks else None)


def told(quiz: Quiz, question: str, other: Given, key: str, zone: str) -> dict[str, Any]:
    """An answer another device gave, as the script shows it and puts it back."""
    number, q = next((n, q) for n, q in numbered(quiz) if q.id == question)
    fields = KINDS[q.kind].given(q, other.value)
    return {"fields": [[prefix(number) + name, value] for name, values in fields.items() for value in values],
            "key": key, "at": f"{local(other.saved_at, zone):%H:%M:%S}",
            "shown": KINDS[q.kind].shown(q, other.value)[:SHOWN]}


def sides(instant: datetime, ours: str, theirs: str) -> list[tuple[str, str]]:
    """An instant from both sides, as `m.sides` shows it."""
    return [(f"{wall}\u00a0h", place) for wall, place in two_sides(instant, ours, theirs)]


def minutes_left(sitting: Sitting, now: datetime) -> int | None:
    """Whole minutes until the bell, rounded up; None where there is none."""
    if sitting.ends_at is None:
        return None
    return max(-(elapsed(sitting.ends_at, now) // rules.MINUTE), 0)


def zone(wanted: str, otherwise: str = "America/Santiago") -> str:
    """A time zone named by a page for its clock, if it is one we show."""
    if wanted in ZONES:
        return wanted
    if not (wanted.startswith("America/Argentina/") and wanted[18:].replace("_", "").isalpha()):
        return otherwise
    try:
        return ZoneInfo(wanted).key
    except ZoneInfoNotFoundError:
        return otherwise
