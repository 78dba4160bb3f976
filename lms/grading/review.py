"""A quiz as its student looks back on it: what was answered, what was right, what was said, what still waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts import rules as taking
from lms.attempts.queries import Arrival
from lms.attempts.rules import AttemptFact, CertaintyReport, ScoreFact, State, SubmissionFact
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.matching import Matching, pairs
from lms.catalogue.rules import SIGHTS, Module, Question, Quiz, Task
from lms.grading import queries
from lms.grading.rules import Sat, key_shown, published, sat
from lms.people import queries as people
from lms.people.queries import PersonView

AFTER = timedelta(minutes=2)            # how long "immediately after" lasts, as in Moodle


@dataclass(frozen=True)
class Line:
    """A question and what came of it. state: right | partial | wrong | blank | waiting | unreleased | marked | info."""
    number: int
    question: Question
    state: str
    points: Fraction | None             # None: not to be known yet
    out_of: Fraction
    answer: str                         # plain text
    right: str                          # the key, plain text
    comment: str = ""                   # safe HTML: what the author says to this answer
    pairs: tuple[tuple[str, str, str, bool], ...] = ()      # by part: its name (safe HTML), given, key, right?
    said: str = ""                      # the marker's words, Markdown
    marker: PersonView | None = None
    certainty: int | None = None
    tries: int = 0                      # how often it was checked, where that can be done
    history: tuple[Arrival, ...] = ()   # every answer to it, first to last
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)     # what its form held
    corrected: str = ""                 # why its key was put right since


@dataclass(frozen=True)
class Tried:
    """One of the person's sittings of this quiz."""
    attempt: AttemptFact
    sat: Sat
    share: Fraction | None              # None while something in it waits
    counts: bool = False                # the one that counts


@dataclass(frozen=True)
class Review:
    module: Module
    quiz: Quiz
    attempt: AttemptFact
    sat: Sat
    share: Fraction | None
    lines: tuple[Line, ...]
    tried: tuple[Tried, ...]            # all that were handed in
    released_at: datetime | None
    certainty: CertaintyReport | None = None
    allowed: int = 1                    # attempts, as the last of them was told

    @property
    def best(self) -> Fraction | None:
        return max((t.share for t in self.tried if t.share is not None), default=None)

    @property
    def may_profit(self) -> bool:
        """Whether another attempt is left to this person that the key could help."""
        return not key_shown(len(self.tried), self.allowed, self.best, False)


@dataclass(frozen=True)
class Sight:
    """What the quiz shows of an attempt at this moment."""
    attempt: bool
    correctness: bool
    max_marks: bool
    marks: bool
    specific: bool
    general: bool
    right: bool
    overall: bool
    keys: bool                          # False: the key waits while another attempt could profit from it

    def named(self, state: str) -> str:
        """The state of a line as it may be told."""
        return state if self.correctness or state in ("blank", "waiting", "unreleased") else "given"


def sight(seen: Review, closed: bool, now: datetime) -> Sight:
    """By the quiz's matrix: closed, within two minutes of handing in, or later. What gives the key away waits while
    another attempt could profit from it, unless the quiz says otherwise."""
    showing, submitted = seen.quiz.showing, seen.attempt.submitted_at
    moment = "closed" if closed else "after" if submitted and now < submitted + AFTER else "later"
    keys = closed or not showing.hide_key or not seen.may_profit
    shown = {name: showing.sees(name, moment) for name in SIGHTS}
    return Sight(**{**shown, "right": shown["right"] and keys}, keys=keys)


def overall(seen: Review) -> str:
    """What is said of the whole, by the band its share reached. Safe HTML."""
    if seen.share is None:
        return ""
    return next((band.text for band in sorted(seen.quiz.bands, key=lambda band: -band.percent)
                 if seen.share * 100 >= band.percent), "")


def review(session: Session, cohort_id: int, person_id: int, attempt_id: int) -> Review | None:
    """One's own attempt; None for anyone else's. Three statements, one more when a person has
    marked in it, and one where a key was put right."""
    known = queries.facts(session, cohort_id, [person_id])
    mine = [a for tried in known.attempts.values() for a in tried]
    attempt = next((a for a in mine if a.id == attempt_id), None)
    module = catalogue.programme(session, attempt.edition_id).module(attempt.module) if attempt else None
    quiz = attempts.quiz_of(session, attempt) if attempt else None
    if attempt is None or module is None or quiz is None:
        return None
    released_at = known.releases.get((attempt.module, "quiz"))
    done = [_tried(session, a, released_at) for a in mine if a.module == attempt.module and a.submitted_at]
    whole, newest = sat(quiz, attempt, released_at), attempts.quiz_of(session, done[-1].attempt) if done else quiz
    came, keys = attempts.arrivals_and_keys(session, attempt)
    lines, report = _lines(session, attempts.corrected(quiz, keys), attempt, came, released_at)
    lines = tuple([replace(line, corrected=keys[line.question.id].reason) if line.question.id in keys else line
                   for line in lines])
    return Review(module, quiz, attempt, whole, _share(whole), lines, _counting(newest or quiz, done), released_at,
                  report, (newest or quiz).attempts)


def _counting(quiz: Quiz, done: list[Tried]) -> tuple[Tried, ...]:
    """With the one that counts marked, where one does."""
    marked = [t for t in done if t.share is not None]
    chosen = None
    if marked and quiz.counts == "best":
        chosen = max(marked, key=lambda t: (t.share, -t.attempt.number))
    elif marked and quiz.counts in ("last", "first"):
        chosen = done[-1] if quiz.counts == "last" else done[0]
    return tuple(replace(t, counts=t is chosen) for t in done)


def _tried(session: Session, attempt: AttemptFact, released_at: datetime | None) -> Tried:
    found = sat(attempts.quiz_of(session, attempt) or Quiz("", 0, ()), attempt, released_at)
    return Tried(attempt, found, _share(found))


def _share(found: Sat) -> Fraction | None:
    return found.share if found.out_of and not found.waiting and not found.unreleased else None


def _lines(session: Session, quiz: Quiz, attempt: AttemptFact, arrived: Sequence[Arrival], released_at: datetime | None
           ) -> tuple[tuple[Line, ...], CertaintyReport | None]:
    came: dict[str, list[Arrival]] = {}
    for arrival in arrived:
        came.setdefault(arrival.answer.question, []).append(arrival)
    states = taking.ended(quiz, {question: [a.answer for a in each] for question, each in came.items()})
    scores = {s.question: s for s in attempt.scores}
    shown = {s.marker_id for s in attempt.scores if s.marker_id and published(s.marker_id, s.marked_at, released_at)}
    markers = people.by_id(session, shown)
    lines = tuple(_line(n, q, states[q.id], scores.get(q.id), released_at, markers, came.get(q.id, ()))
                  for n, q in enumerate(quiz.questions, 1))
    return lines, taking.certainty_of(quiz, states)


def _line(number: int, question: Question, stands: State, score: ScoreFact | None, released_at: datetime | None,
          markers: Mapping[int, PersonView], came: Sequence[Arrival]) -> Line:
    kind, answer = KINDS[question.kind], stands.answer
    known = score if score and published(score.marker_id, score.marked_at, released_at) else None
    state = _state(kind.is_blank(answer), stands, score, known) if kind.asks else "info"
    by_person = known is not None and known.marker_id is not None
    words = question.said[("right", "partial", "wrong").index(state)] if state in ("right", "partial", "wrong") else ""
    return Line(number, question, state, known.points if known else None, score.out_of if score else question.points,
                kind.shown(question, answer), "" if kind.waits else kind.right(question),
                words + kind.feedback_for(question, answer), _pairs(question, answer),
                known.feedback if known and by_person else "", markers.get(known.marker_id or 0) if known else None,
                stands.certainty, sum(a.answer.act == "check" for a in came), tuple(came),
                kind.given(question, answer))


def _state(blank: bool, stands: State, score: ScoreFact | None, known: ScoreFact | None) -> str:
    if score is None or known is None:
        return "waiting" if score is None else "unreleased"
    if known.marker_id is not None:
        return "marked"
    if known.points == known.out_of:
        return "right"
    if blank:
        return "blank"
    return "right" if stands.name == "right" and len(stands.tried) > 1 else "partial" if known.points > 0 else "wrong"


def _pairs(question: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
    kind = KINDS[question.kind]
    if not isinstance(kind, Matching):
        return kind.table(question, answer)
    chosen = kind.chosen(question, answer)
    return tuple((p.text, chosen.get(p.id, ""), p.match, chosen.get(p.id) == p.match) for p in pairs(question))


def task_of(session: Session, work: SubmissionFact | None) -> Task | None:
    """The task as it was when this was handed in."""
    module = catalogue.programme(session, work.edition_id).module(work.module) if work else None
    return module.task if module else None
