"""What waits for an instructor over all their cohorts and modules, in the order in which it should be marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.queries import WaitingItem
from lms.attempts.rules import days_late
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.people.rules import Actor, Role, graded_modules

PAGE = 25
Key = tuple[datetime, int, str, str, str, datetime, int]        # how the queue is ordered; unique to each piece


@dataclass(frozen=True)
class Piece:
    """One thing to mark."""
    cohort_id: int
    person_id: int
    module: str
    item: str                   # quiz | task
    handed_in_at: datetime
    due_at: datetime | None     # of a task, the person's own; of a quiz, the cohort's
    late: int                   # days
    id: int                     # submission or attempt
    question: str = ""

    @property
    def key(self) -> Key:
        """Oldest due first; then work of one kind together, one question after another; then as it came in."""
        return (self.due_at or self.handed_in_at, self.cohort_id, self.module, self.item, self.question,
                self.handed_in_at, self.id)

    @property
    def tag(self) -> str:
        """The piece's place in the queue, for a link: "t12", "q7.ensayo"."""
        return f"t{self.id}" if self.item == "task" else f"q{self.id}.{self.question}"


@dataclass(frozen=True)
class Narrowed:
    """What of the queue is wanted; empty: all."""
    cohort_id: int | None = None
    module: str = ""
    item: str = ""

    def takes(self, piece: Piece) -> bool:
        return ((self.cohort_id is None or piece.cohort_id == self.cohort_id)
                and (not self.module or piece.module == self.module) and (not self.item or piece.item == self.item))


@dataclass(frozen=True)
class Queue:
    pieces: tuple[Piece, ...]                       # in order
    cohorts: dict[int, CohortView]

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def groups(self) -> list[tuple[Piece, int]]:
        """(the first of them, how many wait) of each cohort, module and item, oldest due first."""
        counts: dict[tuple[int, str, str], int] = {}
        first: dict[tuple[int, str, str], Piece] = {}
        for piece in self.pieces:
            group = (piece.cohort_id, piece.module, piece.item)
            counts[group] = counts.get(group, 0) + 1
            first.setdefault(group, piece)
        return [(first[group], n) for group, n in counts.items()]

    @property
    def oldest(self) -> Piece | None:
        """What has waited longest."""
        return min(self.pieces, key=lambda p: p.handed_in_at, default=None)

    def narrowed(self, wanted: Narrowed) -> "Queue":
        return Queue(tuple(p for p in self.pieces if wanted.takes(p)), self.cohorts)

    def page(self, number: int) -> Sequence[Piece]:
        return self.pieces[(number - 1) * PAGE:number * PAGE]

    @property
    def pages(self) -> int:
        return max(ceil(len(self.pieces) / PAGE), 1)

    def after(self, key: Key | None) -> Piece | None:
        """The next one after a place in the queue, and from the start again at its end."""
        return next((p for p in self.pieces if key is None or p.key > key), self.pieces[0] if self.pieces else None)


def scopes(actor: Actor) -> list[tuple[int, frozenset[str] | None]]:
    """(cohort, module codes or None for all) that the actor marks."""
    return [(cohort_id, graded_modules(actor, cohort_id)) for cohort_id in actor.cohorts(Role.INSTRUCTOR)]


def queue(session: Session, actor: Actor) -> Queue:
    """Everything that waits for this instructor; nobody marks their own. Four statements whatever its length."""
    where = scopes(actor)
    if not where:
        return Queue((), {})
    found = {c.id: c for c in cohorts.cohorts(session, [cohort_id for cohort_id, _ in where])}
    pieces = [_piece(item, found[item.cohort_id]) for item in attempts.waiting(session, where)
              if item.person_id != actor.person_id]
    return Queue(tuple(sorted(pieces, key=lambda p: p.key)), found)


def _piece(item: WaitingItem, cohort: CohortView) -> Piece:
    task = item.submission_id is not None
    window = cohort.calendar.get(item.module)
    due = item.due_at or (window.due("task" if task else "quiz") if window else None)
    late = days_late(item.handed_in_at, due) if task and due and item.handed_in_at > due else 0
    return Piece(item.cohort_id, item.person_id, item.module, "task" if task else "quiz", item.handed_in_at, due, late,
                 item.submission_id or item.attempt_id or 0, item.question or "")
