"""A quiz as its student looks back on it: what was answered, what was right, what was said, what still waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.rules import AttemptFact, ScoreFact, SubmissionFact
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.matching import Matching, pairs
from lms.catalogue.rules import Module, Question, Quiz, Task
from lms.grading import queries
from lms.grading.rules import Sat, published, sat
from lms.people import queries as people
from lms.people.queries import PersonView


@dataclass(frozen=True)
class Line:
    """A question and what came of it. state: right | partial | wrong | blank | waiting | unreleased | marked."""
    number: int
    question: Question
    state: str
    points: Fraction | None             # None: not to be known yet
    out_of: Fraction
    answer: str                         # plain text
    right: str                          # the key, plain text
    comment: str = ""                   # safe HTML: what the author says to this answer
    pairs: tuple[tuple[str, str, str, bool], ...] = ()      # matching: left (safe HTML), chosen, key, is it right?
    said: str = ""                      # the marker's words, Markdown
    marker: PersonView | None = None


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


def review(session: Session, cohort_id: int, person_id: int, attempt_id: int) -> Review | None:
    """One's own attempt; None for anyone else's. Three statements, four when a person has marked in it."""
    known = queries.facts(session, cohort_id, [person_id])
    mine = [a for tried in known.attempts.values() for a in tried]
    attempt = next((a for a in mine if a.id == attempt_id), None)
    module = catalogue.programme(session, attempt.edition_id).module(attempt.module) if attempt else None
    if attempt is None or module is None or module.quiz is None:
        return None
    released_at = known.releases.get((attempt.module, "quiz"))
    done = [_tried(session, a, released_at) for a in mine if a.module == attempt.module and a.submitted_at]
    best = max((t for t in done if t.share is not None), key=lambda t: (t.share, -t.attempt.number), default=None)
    whole = sat(module.quiz, attempt, released_at)
    return Review(module, module.quiz, attempt, whole, _share(whole),
                  _lines(session, module.quiz, attempt, released_at),
                  tuple(Tried(t.attempt, t.sat, t.share, t is best) for t in done), released_at)


def _tried(session: Session, attempt: AttemptFact, released_at: datetime | None) -> Tried:
    quiz = queries.quiz_of(session, attempt.edition_id, attempt.module)
    found = sat(quiz or Quiz("", 0, ()), attempt, released_at)
    return Tried(attempt, found, _share(found))


def _share(found: Sat) -> Fraction | None:
    return found.points / found.out_of if found.out_of and not found.waiting and not found.unreleased else None


def _lines(session: Session, quiz: Quiz, attempt: AttemptFact, released_at: datetime | None) -> tuple[Line, ...]:
    answers = attempts.answers_of(session, attempt.id)
    scores = {s.question: s for s in attempt.scores}
    shown = {s.marker_id for s in attempt.scores if s.marker_id and published(s.marker_id, s.marked_at, released_at)}
    markers = people.by_id(session, shown)
    return tuple(_line(n, q, answers.get(q.id, ""), scores.get(q.id), released_at, markers)
                 for n, q in enumerate(quiz.questions, 1))


def _line(number: int, question: Question, answer: str, score: ScoreFact | None, released_at: datetime | None,
          markers: Mapping[int, PersonView]) -> Line:
    kind = KINDS[question.kind]
    known = score if score and published(score.marker_id, score.marked_at, released_at) else None
    state = _state(kind.is_blank(answer), score, known)
    by_person = known is not None and known.marker_id is not None
    return Line(number, question, state, known.points if known else None, score.out_of if score else question.points,
                kind.shown(question, answer), "" if kind.waits else kind.right(question),
                kind.feedback_for(question, answer), _pairs(question, answer),
                known.feedback if known and by_person else "", markers.get(known.marker_id or 0) if known else None)


def _state(blank: bool, score: ScoreFact | None, known: ScoreFact | None) -> str:
    if score is None or known is None:
        return "waiting" if score is None else "unreleased"
    if known.marker_id is not None:
        return "marked"
    if known.points == known.out_of:
        return "right"
    return "blank" if blank else "partial" if known.points else "wrong"


def _pairs(question: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
    kind = KINDS[question.kind]
    if not isinstance(kind, Matching):
        return ()
    chosen = kind.chosen(question, answer)
    return tuple((p.text, chosen.get(p.id, ""), p.match, chosen.get(p.id) == p.match) for p in pairs(question))


def task_of(session: Session, work: SubmissionFact | None) -> Task | None:
    """The task as it was when this was handed in."""
    module = catalogue.programme(session, work.edition_id).module(work.module) if work else None
    return module.task if module else None
