"""What waits for an instructor over all their cohorts and modules, and in which order they go through it."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.queries import Listed, Narrow, Reach
from lms.attempts.rules import days_late
from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.people.rules import Actor, Role, graded_modules

PAGE = 25
BLIND = frozenset({"second", "third", "talk"})
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


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
    need: str = "mark"          # mark | look | second | third | talk

    @property
    def tag(self) -> str:
        """The piece's name in the list and in links: "t12", "q7.ensayo"."""
        return f"t{self.id}" if self.item == "task" else f"q{self.id}.{self.question}"


@dataclass(frozen=True)
class Queue:
    """In numbers: what is shown of it is asked a page at a time."""
    groups: list[tuple[Piece, int]]                 # first of each cohort, module and item, oldest due first; how many
    oldest: Piece | None = None                     # what has waited longest
    cohorts: dict[int, CohortView] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(many for _, many in self.groups)

    def matching(self, wanted: Narrow) -> list[tuple[Piece, int]]:
        return [(p, n) for p, n in self.groups if wanted.cohort_id in (None, p.cohort_id)
                and wanted.module in ("", p.module) and wanted.item in ("", p.item)]


def scopes(actor: Actor) -> list[tuple[int, frozenset[str] | None]]:
    """(cohort, module codes or None for all) that the actor marks."""
    return [(cohort_id, graded_modules(actor, cohort_id)) for cohort_id in actor.cohorts(Role.INSTRUCTOR)]


def reach(actor: Actor) -> Reach:
    """The same, as the list asks for it."""
    found = scopes(actor)
    return Reach(actor.person_id, tuple(c for c, modules in found if modules is None),
                 tuple(f"{c}:{m}" for c, modules in found for m in modules or ()),
                 tuple(f"{p.cohort_id}:{p.institution_id}" for p in actor.posts if p.role is Role.INSTRUCTOR))


def institution(actor: Actor, cohort_id: int) -> int | None:
    """On whose behalf the actor marks in a cohort."""
    return next((p.institution_id for p in sorted(actor.posts, key=lambda p: p.institution_id or 0)
                 if p.role is Role.INSTRUCTOR and p.cohort_id == cohort_id), None)


def queue(session: Session, actor: Actor, order: str = "") -> Queue:
    """How much of what waits for this instructor; nobody marks their own. Two statements whatever its length."""
    mine = reach(actor)
    if not mine.whole and not mine.narrow:
        return Queue([])
    found = attempts.groups(session, mine, order)
    ids = [cohort_id for cohort_id, _ in scopes(actor)]
    known = {c.id: c for c in cohorts.cohorts(session, ids)}
    pieces = [(piece_of(one), many, oldest) for one, many, oldest in found]
    first = min(pieces, key=lambda each: each[2], default=None)
    oldest = Piece(**{**vars(first[0]), "handed_in_at": first[2]}) if first else None
    return Queue([(piece, many) for piece, many, _ in pieces], oldest, known)


def piece_of(one: Listed) -> Piece:
    late = days_late(one.handed_in_at, one.due_at) if one.item == "task" else 0
    return Piece(one.cohort_id, one.person_id, one.module, one.item, one.handed_in_at, one.due_at, late, one.work_id,
                 one.question, one.need)


def following(session: Session, actor: Actor, wanted: Narrow, order: str, after: Listed | None,
              but: set[str]) -> Piece | None:
    """The next piece in the marker's own order that nobody else has in hands."""
    mine = reach(actor)
    found = attempts.following(session, mine, wanted, order, after.key(order, mine.seed) if after else None, but)
    return piece_of(found) if found else None


def listed_as(piece: Piece) -> Listed:
    """A piece as the list has or had it, to find what comes after it."""
    return attempts.as_listed(piece.cohort_id, piece.person_id, piece.module, piece.item, piece.handed_in_at,
                              piece.due_at, piece.id, piece.question)


def anonymous(session: Session, cohort: CohortView, module: str, item: str) -> bool:
    """Whether who marks may not know whose work it is."""
    found = catalogue.programme(session, cohort.edition_id).module(module)
    part = (found.task if item == "task" else found.quiz) if found else None
    return part is not None and part.anonymous


def code(tag: str) -> str:
    """What a work is called where its author is hidden: of the work's number alone, so that it tells nothing."""
    value = int.from_bytes(sha256(f"trabajo {tag.partition('.')[0]}".encode()).digest()[:5], "big")
    return "".join(ALPHABET[value // len(ALPHABET) ** n % len(ALPHABET)] for n in range(4))
