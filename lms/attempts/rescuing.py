"""Answers that came by a file: what it holds beside what is here, and what a person decides about it. Decided once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.attempts import arrivals, correcting, finishing, forms, queries, rules, saving
from lms.attempts.arrivals import RESCUE
from lms.attempts.models import Marking, RescueFile
from lms.attempts.receipts import FIRST
from lms.attempts.rules import Kept, Sent, Sitting
from lms.attempts.sealing import Left, Opened, Unreadable
from lms.attempts.steps import steps_of
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz
from lms.foundation import audit


@dataclass(frozen=True)
class Line:
    """One answer out of a file. state: new | here (it arrived after all) | late (given after the end) | unknown."""
    number: int
    question: Question | None
    sent: Sent | None
    given_at: datetime                  # by our clock, as the page knew it
    clock_wrong: bool                   # the device's own clock said something else
    state: str
    shown: str = ""
    standing: Kept | None = None        # what counts now
    standing_shown: str = ""


@dataclass(frozen=True)
class Seen:
    """A file, opened and compared."""
    opened: Opened
    lines: tuple[Line, ...]

    @property
    def new(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == "new")


def look(session: Session, sitting: Sitting, quiz: Quiz, opened: Opened) -> Seen:
    """What a file of this attempt holds, or Unreadable: running | abandoned | decided | other_past | received."""
    if (found := rules.accepting(sitting, quiz.time_up)) in ("running", "abandoned"):
        raise Unreadable(found)
    rows = arrivals.kept(session, sitting.id)
    if any(d.sha256 == opened.sha256 for d in arrivals.decisions(session, sitting.id)):
        raise Unreadable("decided")
    if opened.since not in {FIRST, *(row.chain for row in rows)}:
        raise Unreadable("other_past")
    keys, standing = {row.key for row in rows}, {row.question: row for row in rows}
    seen = Seen(opened, tuple(_line(sitting, quiz, left, keys, standing) for left in opened.left))
    if opened.left and all(line.state == "here" for line in seen.lines):
        raise Unreadable("received")
    return seen


def _line(sitting: Sitting, quiz: Quiz, left: Left, keys: Collection[str], standing: Mapping[str, Kept]) -> Line:
    given_at, ahead = datetime.fromtimestamp(left.server / 1000, UTC), round((left.at - left.server) / 1000)
    found = next(((n, q) for n, q in forms.numbered(quiz) if q.id == left.question), None)
    try:
        save = forms.one_save({"key": left.key, "question": left.question, "fields": left.fields, "base": 0,
                               "at": left.at}, ahead)
        (read,) = forms.sent(quiz, [save])
    except forms.Malformed:
        found = None
    if found is None:
        return Line(0, None, None, given_at, abs(ahead) > 60, "unknown")
    number, question = found
    sent = Sent(read.key, read.question, read.value, RESCUE, read.certainty, read.client_at, ahead)
    now = standing.get(question.id)
    state = "here" if sent.key in keys else "new" if given_at <= rules.last_given(sitting) else "late"
    kind = KINDS[question.kind]
    return Line(number, question, sent, given_at, abs(ahead) > 60, state, kind.shown(question, sent.value), now,
                kind.shown(question, now.value) if now else "")


def decide(session: Session, actor_id: int, now: datetime, sitting: Sitting, quiz: Quiz, seen: Seen,
           wanted: Collection[str], reason: str) -> int:
    """Let in the answers with these keys, all others not; the machine marks again what changed, or all of an attempt
    that this hands in. Returns how many.

    `sitting` is held. The old answers and markings stay; a second decision about the same file meets the first.
    """
    chosen = [line.sent for line in seen.new if line.sent and line.sent.key in wanted]
    session.execute(insert(RescueFile).values(
        attempt_id=sitting.id, sha256=seen.opened.sha256, accepted=len(chosen), reason=reason, decided_by=actor_id,
        decided_at=now, keys="\n".join(sent.key for sent in chosen)))
    if chosen:
        saving.add(session, sitting, chosen, now, late=True)
        if rules.accepting(sitting, quiz.time_up) == "hand_in":
            finishing.hand_in_late(session, actor_id, now, sitting)
        else:
            _mark_again(session, now, sitting, quiz, {sent.question for sent in chosen})
    audit.record(session, actor_id, now, "rescue.accepted" if chosen else "rescue.refused", f"attempt:{sitting.id}",
                 sitting.cohort_id, module=sitting.module, answers=len(chosen), of=len(seen.lines), reason=reason,
                 file=seen.opened.sha256)
    return len(chosen)


def _mark_again(session: Session, now: datetime, sitting: Sitting, quiz: Quiz, questions: Collection[str]) -> None:
    """What a person has marked stays as they marked it."""
    steps = steps_of(session, [sitting.id])[sitting.id]
    given = correcting.points(quiz, steps, correcting.corrections(session, sitting.cohort_id, sitting.module))
    by_hand = {q for q, marks in queries.markings_of(session, sitting.id).items() if marks[-1].marker_id is not None}
    worth = {q.id: q.points for q in quiz.questions}
    rows: list[dict[str, Any]] = [
        {"attempt_id": sitting.id, "question": question, "points": given[question], "out_of": worth[question],
         "marked_at": now, "levels": "", "feedback": ""} for question in sorted(questions)
        if question in given and question not in by_hand]
    if rows:
        session.execute(insert(Marking), rows)
