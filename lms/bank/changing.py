"""Many questions changed at once: moved, tagged, retired, given points; undone as a whole."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.bank import actions, finding, queries
from lms.bank.actions import Conflict
from lms.bank.finding import Line
from lms.bank.models import BankChange, BankQuestion
from lms.bank.rules import DRAFT, READY
from lms.foundation import audit
from lms.foundation.spanish import folded

DEEDS = ("move", "tag", "untag", "retire", "return", "points", "penalty")
MOST = 1_000                    # questions in one change


def change(session: Session, actor_id: int | None, now: datetime, ids: Collection[int], deed: str,
           value: Any = None) -> tuple[int, int]:
    """(the change, how many questions it changed)."""
    who = (session, actor_id, now)
    before: dict[str, Any] = {}
    for line in finding.lines(session, sorted(set(ids))[:MOST]):
        stood = _one(*who, line, deed, value)
        if stood is not None:
            before[str(line.id)] = stood
    made = BankChange(deed=deed, before=json.dumps(before), author_id=actor_id, made_at=now)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "bank.changed_many", f"change:{made.id}", change=deed,
                 questions=len(before))
    return made.id, len(before)


def _one(session: Session, actor_id: int | None, now: datetime, line: Line, deed: str, value: Any) -> Any:
    """Change one question; what stood before, or None when there was nothing to change."""
    mine = update(BankQuestion).where(BankQuestion.id == line.id)
    if deed == "move" and line.category_id != value:
        session.execute(mine.values(category_id=value))
        return line.category_id
    if deed in ("retire", "return") and (line.retired_at is None) == (deed == "retire"):
        session.execute(mine.values(retired_at=now if deed == "retire" else None))
        return line.retired_at.isoformat() if line.retired_at else ""
    if deed in ("tag", "untag"):
        asked = {folded(tag) for tag in value}
        kept = [tag for tag in line.tags if folded(tag) not in asked] + (list(value) if deed == "tag" else [])
        if {folded(t) for t in kept} != {folded(t) for t in line.tags}:
            actions.set_tags(session, line.id, kept)
            return list(line.tags)
    if deed in ("points", "penalty"):
        said: dict[str, Any] = {deed: Fraction(value)}
        changed = replace(line.question, **said)
        if changed != line.question:
            return [line.latest, _written(session, actor_id, now, line, changed)]
    return None


def _written(session: Session, actor_id: int | None, now: datetime, line: Line, changed: Any) -> int:
    return actions.write(session, actor_id, now, line.id, changed, line.latest, DRAFT if line.draft else READY,
                         "Cambio de varias a la vez", told=False)


def undo(session: Session, actor_id: int | None, now: datetime, change_id: int) -> int | None:
    """Put back what stood, but for questions changed again since. None when it was undone before."""
    claimed = session.execute(update(BankChange).where(BankChange.id == change_id, BankChange.undone_at.is_(None))
                              .values(undone_at=now))
    made = session.scalar(select(BankChange).where(BankChange.id == change_id))
    if made is None or not claimed.rowcount:        # type: ignore[attr-defined]
        return None
    before = {int(i): stood for i, stood in json.loads(made.before).items()}
    lines = finding.lines(session, sorted(before))
    back = sum(_back(session, actor_id, now, line, made.deed, before[line.id]) for line in lines)
    audit.record(session, actor_id, now, "bank.change_undone", f"change:{change_id}", questions=back)
    return back


def _back(session: Session, actor_id: int | None, now: datetime, line: Line, deed: str, stood: Any) -> bool:
    mine = update(BankQuestion).where(BankQuestion.id == line.id)
    if deed == "move":
        session.execute(mine.values(category_id=stood))
    elif deed in ("retire", "return"):
        session.execute(mine.values(retired_at=datetime.fromisoformat(stood) if stood else None))
    elif deed in ("tag", "untag"):
        actions.set_tags(session, line.id, stood)
    else:
        earlier, ours = stood
        old = queries.version(session, line.id, earlier)
        if line.latest != ours or old is None:      # somebody wrote it anew since: theirs stays
            return False
        try:
            _written(session, actor_id, now, line, old)
        except Conflict:
            return False
    return True


def merge(session: Session, actor_id: int | None, now: datetime, kept_id: int, other_id: int) -> None:
    """Keep one of two; the other is retired, and its tags go to the one kept."""
    kept, other = finding.lines(session, [kept_id, other_id])
    actions.set_tags(session, kept_id, [*kept.tags, *other.tags])
    session.execute(update(BankQuestion).where(BankQuestion.id == other_id).values(retired_at=now))
    audit.record(session, actor_id, now, "bank.merged", f"bank:{kept_id}", retired=other_id)
