"""Comments pinned to a passage of a text or to a spot of a page: kept, taken back, and put where they belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.grading.models import Pin

LONGEST, MOST = 2000, 200               # characters of a comment; pins on a piece
SPOTS = {(x, y): f"{down}, {across}" for y, down in ((17, "arriba"), (50, "al medio"), (83, "abajo"))
         for x, across in ((17, "a la izquierda"), (50, "al centro"), (83, "a la derecha"))}
PIN = (Pin.id, Pin.author_id, Pin.comment, Pin.start, Pin.end, Pin.quote, Pin.file_id, Pin.page, Pin.x, Pin.y,
       Pin.pinned_at)


@dataclass(frozen=True)
class PinView:
    """A comment and its place: characters `start` to `end` of the text, or a spot of a page of a file."""
    id: int
    author_id: int
    comment: str
    start: int | None = None
    end: int | None = None
    quote: str = ""
    file_id: int | None = None
    page: int | None = None
    x: int | None = None
    y: int | None = None
    pinned_at: datetime | None = None

    @property
    def spot(self) -> str:
        """"arriba, a la derecha"."""
        if self.x is None or self.y is None:
            return ""
        return min(SPOTS.items(), key=lambda s: (s[0][0] - (self.x or 0)) ** 2 + (s[0][1] - (self.y or 0)) ** 2)[1]


@dataclass(frozen=True)
class Placed:
    """A pin on a page: its number in the list, and where its sign is drawn: % of the page, and pixels beside that."""
    number: int
    pin: PinView
    x: int
    y: int
    beside: int = 0                     # where another has the very spot


def by_leaf(found: Sequence[PinView]) -> dict[tuple[int, int], list[Placed]]:
    """(file, page) -> the pins on it, numbered as in the list."""
    result: dict[tuple[int, int], list[Placed]] = {}
    for number, pin in enumerate(found, 1):
        if pin.file_id is None or pin.page is None or pin.x is None or pin.y is None:
            continue
        here = result.setdefault((pin.file_id, pin.page), [])
        x, y = min(max(pin.x, 4), 96), min(max(pin.y, 2), 98)           # whole within the picture
        same = sum(1 for p in here if (p.x, p.y) == (x, y))
        here.append(Placed(number, pin, x, y, same * (26 if x < 50 else -26)))
    return result


def pins(session: Session, tag: str, authors: set[int] | None = None, until: datetime | None = None) -> list[PinView]:
    """Those on a piece that stand, in their order; of these authors, up to a moment. One statement."""
    query = select(*PIN).where(Pin.tag == tag, Pin.taken_back_at.is_(None))
    if authors is not None:
        query = query.where(Pin.author_id.in_(authors))
    if until is not None:
        query = query.where(Pin.pinned_at <= until)
    found = [PinView(*row) for row in session.execute(query.order_by(Pin.id).limit(MOST))]
    return sorted(found, key=place)


def place(pin: PinView) -> tuple[int, ...]:
    """The order in which they are numbered."""
    return pin.file_id or 0, pin.page or 0, pin.start or 0, pin.y or 0, pin.id


def of_module(session: Session, task: str, task_until: datetime | None, attempts: Sequence[int],
              quiz_until: datetime | None) -> list[tuple[str, PinView]]:
    """(piece, comment) for the student: on their task and their answers, up to when each was published. One statement,
    none where nothing is published."""
    wanted = [and_(Pin.tag == task, Pin.pinned_at <= task_until)] if task and task_until else []
    if quiz_until:
        wanted += [and_(Pin.tag.startswith(f"q{a}.", autoescape=True), Pin.pinned_at <= quiz_until) for a in attempts]
    if not wanted:
        return []
    rows = session.execute(select(Pin.tag, *PIN).where(or_(*wanted), Pin.taken_back_at.is_(None))
                           .order_by(Pin.tag, Pin.file_id, Pin.page, Pin.start, Pin.id).limit(MOST))
    return [(tag, PinView(*row)) for tag, *row in rows]


def keep(session: Session, now: datetime, cohort_id: int, tag: str, new: PinView) -> int:
    kept: int = session.execute(insert(Pin).values(
        tag=tag, author_id=new.author_id, comment=new.comment, start=new.start, end=new.end, quote=new.quote,
        file_id=new.file_id, page=new.page, x=new.x, y=new.y, pinned_at=now).returning(Pin.id)).scalar_one()
    audit.record(session, new.author_id, now, "work.pinned", f"work:{tag}", cohort_id, pin=kept)
    return kept


def take_back(session: Session, actor_id: int, now: datetime, cohort_id: int, tag: str, pin_id: int) -> bool:
    """One's own."""
    done = session.execute(update(Pin).where(Pin.id == pin_id, Pin.tag == tag, Pin.author_id == actor_id,
                                             Pin.taken_back_at.is_(None)).values(taken_back_at=now)
                           .returning(Pin.id)).scalar_one_or_none()
    if done:
        audit.record(session, actor_id, now, "work.unpinned", f"work:{tag}", cohort_id, pin=pin_id)
    return done is not None


def found(text: str, quote: str, near: int | None = None) -> tuple[int, int] | None:
    """Where a passage stands in a text: at `near` if it does, else the nearest; spaces and line ends may differ."""
    parts = quote.split()
    if not parts or len(quote) > 20_000:
        return None
    places: list[tuple[int, int]] = []
    at = -1
    while (at := text.find(parts[0], at + 1)) >= 0 and len(places) < 1000:
        if (end := _ends(text, at, parts)) is not None:
            places.append((at, end))
    if not places:
        return None
    return min(places, key=lambda p: abs(p[0] - near)) if near is not None else places[0]


def _ends(text: str, at: int, parts: Sequence[str]) -> int | None:
    for n, part in enumerate(parts):
        while n and at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(part, at):
            return None
        at += len(part)
    return at


@dataclass(frozen=True)
class Run:
    """A stretch of text, with the numbers of the pins on it. `at`: where it begins in the whole."""
    at: int
    text: str
    pins: tuple[int, ...] = ()          # numbers, from 1
    last: tuple[int, ...] = ()          # of those that end here


def paragraphs(text: str, pinned: Sequence[PinView]) -> list[list[list[Run]]]:
    """A text as paragraphs of lines of runs, cut where a pinned passage begins or ends."""
    spans = [(n, p.start, p.end) for n, p in enumerate(pinned, 1) if p.start is not None and p.end is not None]
    cuts = sorted({cut for _, start, end in spans for cut in (start, end)})
    result: list[list[list[Run]]] = [[]]
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if line.strip():
            edges = [at, *(c for c in cuts if at < c < end), end]
            result[-1].append([
                Run(a, text[a:b], tuple(n for n, s, e in spans if s < b and e > a),
                    tuple(n for n, s, e in spans if a < e <= b)) for a, b in zip(edges, edges[1:], strict=False)])
        elif result[-1]:
            result.append([])
        at = end + 1
    return [p for p in result if p]
