"""Who has a piece of work in hands: taken for half an hour, given back, or handed over to a colleague."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.grading.models import Claim

HELD = timedelta(minutes=30)            # while it is marked; taking it again begins anew
GIVEN = timedelta(days=7)               # handed over: the colleague may be away
_C = Claim.__table__.c
HELD_NOW = select(_C.tag, _C.marker_id, _C.claimed_at, _C.expires_at, _C.given_by, _C.note).where(
    _C.cohort_id.in_(bindparam("cohorts", expanding=True)), _C.ended_at.is_(None), _C.expires_at > bindparam("now")
    ).order_by(_C.id.desc())            # made once; those who write claims flush
LIVE = (Claim.tag, Claim.marker_id, Claim.claimed_at, Claim.expires_at, Claim.given_by, Claim.note)


@dataclass(frozen=True)
class Held:
    """A piece in somebody's hands."""
    tag: str
    marker_id: int
    claimed_at: datetime
    expires_at: datetime
    given_by: int | None
    note: str


def held(session: Session, now: datetime, cohort_ids: Collection[int]) -> dict[str, Held]:
    """Everything in hands now in these cohorts, by piece; of two who took it at once the first has it."""
    rows = session.execute(HELD_NOW, {"cohorts": list(cohort_ids), "now": now})
    return {row.tag: Held(*row) for row in rows}


def holder(session: Session, now: datetime, tag: str) -> Held | None:
    row = session.execute(select(*LIVE).where(Claim.tag == tag, Claim.ended_at.is_(None), Claim.expires_at > now)
                          .order_by(Claim.id).limit(1)).one_or_none()
    return Held(*row) if row else None


def take(session: Session, actor_id: int, now: datetime, cohort_id: int, tag: str) -> Held | None:
    """Take a piece, or have it longer. Returns who has it instead, if somebody does."""
    there = holder(session, now, tag)
    if there and there.marker_id != actor_id:
        return there
    if there and there.given_by is None and there.expires_at - now > HELD / 2:
        return None
    if there:
        session.execute(update(Claim).where(Claim.tag == tag, Claim.ended_at.is_(None))
                        .values(expires_at=max(there.expires_at, now + HELD)))
        return None
    session.execute(update(Claim).where(Claim.tag == tag, Claim.ended_at.is_(None)).values(ended_at=now, why="expired"))
    session.execute(insert(Claim).values(tag=tag, cohort_id=cohort_id, marker_id=actor_id, claimed_at=now,
                                         expires_at=now + HELD))
    return None


def leave(session: Session, now: datetime, tag: str, why: str, marker_id: int | None = None) -> None:
    """It is in nobody's hands any more: marked by whomever, or left by who had it."""
    mine = [] if marker_id is None else [Claim.marker_id == marker_id]
    session.execute(update(Claim).where(Claim.tag == tag, Claim.ended_at.is_(None), *mine)
                    .values(ended_at=now, why=why))


def hand_over(session: Session, actor_id: int, now: datetime, cohort_id: int, tag: str, to: int, note: str) -> None:
    """A colleague has it from now on, with a word of why."""
    leave(session, now, tag, "handed")
    session.execute(insert(Claim).values(tag=tag, cohort_id=cohort_id, marker_id=to, claimed_at=now, note=note,
                                         expires_at=now + GIVEN, given_by=actor_id))
    audit.record(session, actor_id, now, "work.handed_over", f"work:{tag}", cohort_id, to=to)
