"""The answers of an installation made again from its journal: after a disk is lost, on top of the last backup."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from lms.attempts import finishing, receipts, sheets
from lms.attempts.facts import SITTING
from lms.attempts.models import Answer, Attempt, Sheet, SheetQuestion
from lms.attempts.rules import Sitting
from lms.foundation import journal

Row: TypeAlias = dict[str, Any]
Name: TypeAlias = tuple[int, int, str, int]         # cohort, person, module, number of the attempt
MOMENTS = ("started_at", "ends_at", "grace_until", "saved_at", "client_at", "submitted_at")
PACK = 500                                          # rows a statement


@dataclass
class Noted:
    """What a journal holds, the last word of each attempt."""
    sheets: list[Row] = field(default_factory=list)
    questions: list[Row] = field(default_factory=list)
    attempts: dict[Name, Row] = field(default_factory=dict)
    answers: dict[int, list[Row]] = field(default_factory=dict)
    ends: dict[int, Row] = field(default_factory=dict)


@dataclass
class Rebuilt:
    """What was missing and is back, and what could not be brought back and why."""
    attempts: int = 0
    answers: int = 0
    ended: int = 0
    never_kept: int = 0             # answers written down whose commit never came: nobody was told of them
    problems: list[str] = field(default_factory=list)


def gather(path: Path) -> Noted:
    noted = Noted()
    for _, row in journal.read(path):
        kind = row.pop("kind")
        row |= {name: datetime.fromisoformat(row[name]) for name in MOMENTS if row.get(name)}
        if kind in ("sheet", "question"):
            row["content"] = bytes.fromhex(row["content"])
            (noted.sheets if kind == "sheet" else noted.questions).append(row)
        elif kind == "attempt":
            noted.attempts[row["cohort_id"], row["person_id"], row["module"], row["number"]] = row
        elif kind == "answer":
            noted.answers.setdefault(row["attempt_id"], []).append(row)
        elif kind == "end":
            noted.ends[row["attempt_id"]] = row
    return noted


def rebuild(session: Session, noted: Noted, now: datetime) -> Rebuilt:
    """Put back what is missing; what is there already stays as it is."""
    done = Rebuilt()
    sheets.put_back(session, SheetQuestion, _once(noted.questions))
    sheets.put_back(session, Sheet, _once(noted.sheets))
    _attempts(session, noted, done)
    known = {id: (last or 0) for id, last in session.execute(
        select(Attempt.id, func.max(Answer.sequence)).outerjoin(Answer, Answer.attempt_id == Attempt.id)
        .group_by(Attempt.id))}
    for attempt, rows in noted.answers.items():
        if attempt not in known:
            done.problems.append(f"attempt {attempt} is neither in the database nor in the journal: {len(rows)} "
                                 "answers left out")
            continue
        _answers(session, attempt, rows, known[attempt], done)
    _ends(session, noted, now, done)
    return done


def chained(rows: Iterable[Row], head: str) -> list[Row]:
    """The answers that follow a chain's head. Where a commit failed after its line was written, two lines follow the
    same head: the one that others follow is the one that was kept; of two that none follows, the later."""
    after: dict[str, list[Row]] = {}
    for row in rows:
        after.setdefault(row["before"], []).append(row)
    return max(_ways(after, head), key=len, default=[])


def _ways(after: dict[str, list[Row]], head: str) -> Iterator[list[Row]]:
    """Every way on from a head, the later lines first; each line is gone over once."""
    waiting: list[list[Row]] = [[row] for row in after.pop(head, [])]
    while waiting:
        way = waiting.pop()
        while following := after.pop(way[-1]["chain"], None):
            waiting += [[*way, other] for other in following[:-1]]
            way.append(following[-1])
        yield way


def state(session: Session) -> str:
    """One hash over who answered what: the same state has the same, whatever the ids of its rows."""
    digest = sha256()
    last = (select(Answer.attempt_id, func.max(Answer.sequence).label("sequence"))
            .where(Answer.sequence.is_not(None)).group_by(Answer.attempt_id).subquery())
    for row in session.execute(
            select(Attempt.cohort_id, Attempt.person_id, Attempt.module, Attempt.number, Attempt.submitted_at,
                   Attempt.by_clock, Answer.sequence, Answer.chain)
            .outerjoin(last, last.c.attempt_id == Attempt.id)
            .outerjoin(Answer, (Answer.attempt_id == Attempt.id) & (Answer.sequence == last.c.sequence))
            .order_by(Attempt.cohort_id, Attempt.person_id, Attempt.module, Attempt.number)):
        digest.update((repr((*row[:4], receipts.instant(row[4]), bool(row[5]), *row[6:])) + "\n").encode())
    return digest.hexdigest()


def _attempts(session: Session, noted: Noted, done: Rebuilt) -> None:
    there: dict[Name, int] = {(c, p, m, n): id for id, c, p, m, n in session.execute(
        select(Attempt.id, Attempt.cohort_id, Attempt.person_id, Attempt.module, Attempt.number))}
    missing = [row for name, row in noted.attempts.items() if name not in there]
    for name, row in noted.attempts.items():
        if name in there and there[name] != row["id"]:
            done.problems.append(f"attempt {row['id']} of the journal stands in the database as {there[name]}")
    for some in _packs(missing):
        session.execute(insert(Attempt), some)
    if missing and session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval(pg_get_serial_sequence('attempts', 'id'), (SELECT max(id) FROM attempts))"))
    done.attempts = len(missing)


def _answers(session: Session, attempt: int, rows: list[Row], last: int, done: Rebuilt) -> None:
    head = session.scalar(select(Answer.chain).where(Answer.attempt_id == attempt, Answer.sequence == last)) \
        if last else receipts.FIRST
    later = [row for row in rows if row["sequence"] > last]
    found = chained(later, head or receipts.FIRST)
    for some in _packs([{k: v for k, v in row.items() if k != "before"} for row in found]):
        session.execute(insert(Answer), some)
    done.answers += len(found)
    done.never_kept += len(later) - len(found)


def _ends(session: Session, noted: Noted, now: datetime, done: Rebuilt) -> None:
    """Hand in again what was handed in, at the moment it was; the machine marks it as it did."""
    open_ = [Sitting(*row) for row in session.execute(
        select(*SITTING).where(Attempt.submitted_at.is_(None)).order_by(Attempt.id))]
    for sitting in [s for s in open_ if s.id in noted.ends and (not s.abandoned or noted.ends[s.id]["submitted_at"])]:
        end = noted.ends[sitting.id]
        session.execute(update(Attempt).where(Attempt.id == sitting.id).values(
            submitted_at=end["submitted_at"], by_clock=end["by_clock"]))
        if end["submitted_at"]:
            finishing.score(session, end["submitted_at"], [sitting])
        done.ended += 1


def _once(rows: Iterable[Row]) -> list[Row]:
    return list({row["digest"]: row for row in rows}.values())


def _packs(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), PACK):
        yield rows[start:start + PACK]
