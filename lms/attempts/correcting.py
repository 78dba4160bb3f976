"""A key put right: what each attempt would come to by it, and the new markings. The old ones stay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from lms.attempts import scoring, worklist
from lms.attempts.behaviours import Step
from lms.attempts.facts import POINTS, exact
from lms.attempts.models import Answer, Attempt, KeyCorrection, Marking
from lms.attempts.sheets import quiz_of
from lms.attempts.tallies import Taken, asked, taken
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz
from lms.catalogue.stored import pack_question, unpack_question
from lms.foundation import audit


@dataclass(frozen=True)
class Correction:
    """The key by which a question is marked from now on; `question` None gives its full points to everyone."""
    question: Question | None
    reason: str = ""
    author_id: int = 0
    corrected_at: datetime | None = None


Corrections = Mapping[str, Correction]


@dataclass(frozen=True)
class Change:
    """What a marking would become."""
    attempt_id: int
    person_id: int
    number: int
    question: str
    before: Fraction | None             # None: it had no mark
    after: Fraction
    out_of: Fraction


@dataclass(frozen=True)
class Effect:
    """All that would change, before anything does."""
    changes: tuple[Change, ...]
    looked_at: int                      # answers
    by_hand: int                        # marked by a person: left as they are
    spared: int                         # would have lost points, and keep them

    @property
    def token(self) -> str:
        """Names this very effect: what was shown is what is done, or it is shown again."""
        said = "\n".join(f"{c.attempt_id} {c.question} {c.before} {c.after}" for c in self.changes)
        return sha256(said.encode()).hexdigest()[:32]


STANDING = select(KeyCorrection.question, KeyCorrection.content, KeyCorrection.reason, KeyCorrection.author_id,
                  KeyCorrection.corrected_at).where(
    KeyCorrection.cohort_id == bindparam("cohort"), KeyCorrection.module == bindparam("module")).order_by(
    KeyCorrection.id)          # made once: every attempt handed in asks it


def corrections(session: Session, cohort_id: int, module: str) -> dict[str, Correction]:
    """Question -> the correction that stands, for one quiz of a cohort. One statement."""
    rows = session.execute(STANDING, {"cohort": cohort_id, "module": module})
    return {row.question: Correction(unpack_question(row.content) if row.content else None, *row[2:]) for row in rows}


def corrected(quiz: Quiz, known: Corrections) -> Quiz:
    """The quiz with its keys put right, as it is marked and reviewed."""
    if not any(q.id in known for q in quiz.questions):
        return quiz
    return replace(quiz, questions=tuple(_with_key(q, known.get(q.id)) for q in quiz.questions))


def _with_key(given: Question, correction: Correction | None) -> Question:
    key = correction.question if correction else None
    if key is None or key.kind != given.kind:
        return given
    return replace(key, id=given.id, points=given.points, text=given.text, name=given.name)


def points(quiz: Quiz, steps: scoring.Steps, known: Corrections, questions: Collection[str] | None = None
           ) -> dict[str, Fraction]:
    """What the machine gives by the corrected keys, by question; `scoring.points` where nothing was corrected."""
    found = {}
    worth = {q.id: q.points for q in quiz.questions if KINDS[q.kind].asks and (questions is None or q.id in questions)}
    for question, state in scoring.states(corrected(quiz, known), steps, True, worth).items():
        correction = known.get(question)
        if correction and correction.question is None:
            found[question] = worth[question]
        elif state.name != "waiting":
            found[question] = (state.share or Fraction(0)) * worth[question]
    return found


def effect(session: Session, cohort_id: int, module: str, known: Corrections, questions: Sequence[str],
           spare: bool = True) -> Effect:
    """What marking these questions by the corrected keys would change. With `spare`, nobody loses points.
    Six statements for any number of attempts."""
    attempts = taken(session, [cohort_id], module)
    pairs = asked(session, attempts)
    steps, marks = _steps(session, cohort_id, module, questions), _marks(session, cohort_id, module, questions)
    changes: list[Change] = []
    looked_at = by_hand = spared = 0
    cache: dict[Any, tuple[Fraction, Fraction] | None] = {}
    layouts: dict[int, set[str]] = {}
    for one in attempts:
        if (layout := id(pairs[one.id])) not in layouts:
            layouts[layout] = {q.id for q, _ in pairs[one.id]}.intersection(questions)
        wanted = layouts[layout]
        for question, after, out_of in _marked(session, one, wanted, steps.get(one.id, {}), known, cache):
            looked_at += 1
            marker, before = marks.get((one.id, question), (None, None))
            if marker is not None:
                by_hand += 1
            elif before is not None and after < before and spare:
                spared += 1
            elif before is None or after != before:
                changes.append(Change(one.id, one.person_id, one.number, question, before, after, out_of))
    return Effect(tuple(changes), looked_at, by_hand, spared)


def regrade(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str, known: Corrections,
            found: Effect, reason: str) -> None:
    """Keep the corrections and the markings of an effect that was shown."""
    for question, correction in known.items():
        session.execute(insert(KeyCorrection).values(
            cohort_id=cohort_id, module=module, question=question, reason=reason, author_id=actor_id, corrected_at=now,
            content=pack_question(correction.question) if correction.question else None))
    if found.changes:
        session.execute(insert(Marking), [
            {"attempt_id": c.attempt_id, "question": c.question, "points": c.after, "out_of": c.out_of, "levels": "",
             "feedback": "", "marked_at": now} for c in found.changes])
        worklist.gone(session, [worklist.tag_of(None, c.attempt_id, c.question) for c in found.changes
                                if c.before is None])
    audit.record(session, actor_id, now, "quiz.regraded", f"module:{module}.quiz", cohort_id,
                 questions=sorted(known), changed=len(found.changes), by_hand=found.by_hand, reason=reason)


def _marked(session: Session, one: Taken, wanted: Collection[str], steps: Mapping[str, tuple[Step, ...]],
            known: Corrections, cache: dict[Any, tuple[Fraction, Fraction] | None]
            ) -> Iterable[tuple[str, Fraction, Fraction]]:
    """(question, points, out of) for one attempt. The same steps in the same question come a hundred times."""
    quiz = quiz_of(session, one) or Quiz("", 0, ())
    for question in wanted:
        key = (one.edition_id, one.sheet, question, steps.get(question, ()))
        if key not in cache:
            given = points(quiz, {question: steps.get(question, ())}, known, [question])
            cache[key] = next(((given[q.id], q.points) for q in quiz.questions if q.id in given), None)
        if found := cache[key]:
            yield question, *found


def _steps(session: Session, cohort_id: int, module: str, questions: Sequence[str]
           ) -> dict[int, dict[str, tuple[Step, ...]]]:
    rows = session.execute(
        select(Answer.attempt_id, Answer.question, Answer.value, Answer.act, Answer.certainty)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.cohort_id == cohort_id, Attempt.module == module, Attempt.submitted_at.is_not(None),
               Answer.question.in_(questions)).order_by(Answer.id))
    found: dict[int, dict[str, tuple[Step, ...]]] = {}
    for attempt_id, question, *step in rows:
        given = found.setdefault(attempt_id, {})
        given[question] = (*given.get(question, ()), _step(*step))
    return found


_step = lru_cache(4096)(Step)            # the same answers come a hundred times


def _marks(session: Session, cohort_id: int, module: str, questions: Sequence[str]
           ) -> dict[tuple[int, str], tuple[int | None, Fraction]]:
    rows = session.execute(
        select(Marking.attempt_id, Marking.question, Marking.marker_id, POINTS)
        .join(Attempt, Attempt.id == Marking.attempt_id)
        .where(Attempt.cohort_id == cohort_id, Attempt.module == module, Attempt.submitted_at.is_not(None),
               Marking.question.in_(questions)).order_by(Marking.id))
    return {(attempt_id, question): (marker, exact(given)) for attempt_id, question, marker, given in rows}
