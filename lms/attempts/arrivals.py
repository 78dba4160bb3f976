"""What arrived when: every answer of an attempt, when it was given as far as is known, and what came by a file."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lms.attempts.correcting import Correction, corrections
from lms.attempts.models import Answer, KeyCorrection, RescueFile
from lms.attempts.rules import AttemptFact, Kept, Sitting

KEPT: tuple[Any, ...] = (
    Answer.id, Answer.value, Answer.saved_at, Answer.question, Answer.key, Answer.act, Answer.certainty,
    Answer.client_at, Answer.sequence, Answer.chain)
REKEYED = select(KeyCorrection.id).where(
    KeyCorrection.cohort_id == bindparam("cohort"), KeyCorrection.module == bindparam("module")).exists()
ARRIVED = select(*KEPT, Answer.ahead, REKEYED.label("rekeyed")).where(
    Answer.attempt_id == bindparam("attempt")).order_by(Answer.id)
RESCUE = "rescue"                       # the act of an answer that came by a file
SOON = timedelta(seconds=60)            # what takes longer from the hand to us is told


@dataclass(frozen=True)
class Decision:
    """What a person decided about a file of answers."""
    id: int
    accepted: int                       # how many of its answers; 0: refused
    reason: str
    decided_by: int
    decided_at: datetime
    sha256: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Arrival:
    """One answer on its way."""
    answer: Kept
    given_at: datetime | None           # by our clock, as far as the device's told; None: not known
    decision: Decision | None           # who let it in, when it came by a file

    @property
    def delay(self) -> timedelta | None:
        """How long it waited on the device, where that is worth telling."""
        waited = self.answer.saved_at - self.given_at if self.given_at else timedelta()
        return waited if waited > SOON else None


def kept(session: Session, attempt_id: int) -> list[Kept]:
    """Every answer of an attempt, in the order they came."""
    rows = session.execute(select(*KEPT).where(Answer.attempt_id == attempt_id).order_by(Answer.id))
    return [Kept(*row) for row in rows]


def arrivals(session: Session, sitting: Sitting | AttemptFact) -> list[Arrival]:
    """The same with when each was given. One statement, two where something came by a file."""
    return arrivals_and_keys(session, sitting, with_keys=False)[0]


def arrivals_and_keys(session: Session, sitting: Sitting | AttemptFact, with_keys: bool = True
                      ) -> tuple[list[Arrival], dict[str, Correction]]:
    """The arrivals, and the corrections of this quiz's keys, which are asked for only where there are some."""
    rows = session.execute(ARRIVED, {"attempt": sitting.id, "cohort": sitting.cohort_id,
                                     "module": sitting.module}).all()
    decided = decisions(session, sitting.id) if any(row.act == RESCUE for row in rows) else []
    rekeyed = with_keys and (not rows or rows[0].rekeyed)
    return ([_arrival(Kept(*row[:len(KEPT)]), row.ahead, decided) for row in rows],
            corrections(session, sitting.cohort_id, sitting.module) if rekeyed else {})


def decisions(session: Session, attempt_id: int) -> list[Decision]:
    """What was decided about files of this attempt, first to last."""
    rows = session.execute(select(RescueFile.id, RescueFile.accepted, RescueFile.reason, RescueFile.decided_by,
                                  RescueFile.decided_at, RescueFile.sha256, RescueFile.keys)
                           .where(RescueFile.attempt_id == attempt_id).order_by(RescueFile.id))
    return [Decision(*row[:-1], frozenset(row[-1].split())) for row in rows]


def _arrival(answer: Kept, ahead: int | None, decided: list[Decision]) -> Arrival:
    given_at = answer.client_at - timedelta(seconds=ahead or 0) if answer.client_at else None
    if given_at and given_at > answer.saved_at:
        given_at = answer.saved_at
    return Arrival(answer, given_at, next((d for d in decided if answer.key in d.keys), None))
