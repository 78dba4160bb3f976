"""What became of a registration, read from its events, and what may become of it next. Pure.

asked -> confirmed | waiting -> offered -> confirmed | expired; any -> cancelled | refused -> asked again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

STATES = {"asked": "Por decidir", "waiting": "En lista de espera", "offered": "Cupo ofrecido",
          "confirmed": "Confirmada", "expired": "Oferta vencida", "cancelled": "Anulada", "refused": "Rechazada"}
TAKING = ("confirmed", "offered")       # who has a place, or for whom one is kept
OVER = ("cancelled", "refused", "expired")
BY_OFFICE = {                           # state -> what the office may make of it
    "asked": ("confirmed", "waiting", "refused"), "waiting": ("confirmed", "offered", "refused", "cancelled"),
    "offered": ("confirmed", "waiting", "cancelled"), "confirmed": ("waiting", "cancelled"),
    "expired": ("confirmed", "waiting"), "cancelled": ("confirmed", "waiting"), "refused": ("confirmed", "waiting")}
REMINDED = timedelta(days=1)            # before the first session
ERASED = timedelta(days=14)             # after the last one: what was said of accessibility and food


class Step(NamedTuple):
    """One event of a registration, as models.RegistrationEvent keeps it."""
    kind: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Where a registration stands: the last of its events says it."""
    state: str
    since: datetime
    until: datetime | None = None       # of an offer


def state(events: Iterable[Step]) -> str:
    return standing(events).state


def standing(events: Iterable[Step]) -> Standing:
    """The fold. The events come in the order in which they were written, which is the order that counts."""
    last: Step | None = None
    for event in events:
        last = event
    if last is None:
        raise ValueError("a registration begins with an event")
    return Standing(last.kind, last.at, last.until if last.kind == "offered" else None)


def first(places: int | None, taken: int, queued: int) -> str:
    """What somebody who asks now is given: a place, unless there is none or others wait for it."""
    return "confirmed" if places is None or (taken < places and not queued) else "waiting"


def free(places: int | None, taken: int) -> int | None:
    """Places nobody has; None: no limit. Never below zero: the office may lower the number of places."""
    return None if places is None else max(places - taken, 0)


def offer_until(now: datetime, hours: int, starts_at: datetime | None) -> datetime | None:
    """Until when a place is kept for the next in line; None when the seminar has begun, and nobody is offered any."""
    if starts_at is None:
        return now + timedelta(hours=hours)
    return min(now + timedelta(hours=hours), starts_at) if now < starts_at else None


def acceptable(now: datetime, standing: Standing) -> str:
    """Why an offer can not be accepted; empty when it can."""
    if standing.state == "confirmed":
        return "Su cupo ya está confirmado."
    if standing.state != "offered":
        return "No hay un cupo ofrecido a su nombre."
    if standing.until is not None and now >= standing.until:
        return "La oferta venció y el cupo pasó a la siguiente persona."
    return ""


def may_cancel(standing: Standing) -> bool:
    return standing.state not in OVER


def may_return(standing: Standing) -> bool:
    """Who cancelled, or let an offer pass, may ask again; who was refused may not."""
    return standing.state in ("cancelled", "expired")


def position(queue: Iterable[tuple[int, datetime]], registration_id: int) -> int:
    """1 for the next in line; 0: not in it. Who has waited longest comes first."""
    ordered = [one for one, _since in sorted(queue, key=lambda e: (e[1], e[0]))]
    return ordered.index(registration_id) + 1 if registration_id in ordered else 0


def closed(now: datetime, opens_at: datetime | None, closes_at: datetime | None, ends_at: datetime | None) -> str:
    """Why nobody may register now: "early", "late", or "" when they may."""
    if opens_at is not None and now < opens_at:
        return "early"
    last = min((at for at in (closes_at, ends_at) if at is not None), default=None)
    return "late" if last is not None and now >= last else ""


def words_of(value: str, languages: Mapping[str, str]) -> str:
    """A text in the reader's language, else in Spanish, else in any."""
    return languages.get(value) or languages.get(value[:2]) or languages.get("es") or next(
        (text for text in languages.values() if text), "")
