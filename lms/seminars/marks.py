"""From the facts of somebody's presence to their minutes in each session. Pure.

Entries and exits make intervals, reports bring intervals or minutes, and what the office says by hand counts before all
of them. An entry without an exit lasts until the end of the session it was for; the person and the office are told so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from lms.seminars.intervals import Interval, clipped, merged

NO_EXIT = "no exit"             # remarks: an entry whose exit nobody marked
NO_ENTRY = "no entry"           # an exit without an entry before it


class Mark(NamedTuple):
    """One fact, as models.PresenceMark keeps it."""
    id: int
    registration_id: int
    session_id: int | None      # None: whichever session runs then
    kind: str                   # in | out | interval | minutes | manual | void
    source: str
    at: datetime
    until: datetime | None = None
    minutes: int | None = None
    voids_id: int | None = None
    note: str = ""


class Sitting(NamedTuple):
    """A session, as far as minutes go."""
    id: int
    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds())


@dataclass(frozen=True)
class Presence:
    """One person in one session."""
    seconds: int
    intervals: tuple[Interval, ...] = ()
    manual: bool = False        # said by the office, whatever else was counted
    remarks: tuple[str, ...] = field(default=())

    @property
    def minutes(self) -> Fraction:
        return Fraction(self.seconds, 60)


def standing(marks: Iterable[Mark]) -> list[Mark]:
    """Those that hold: not taken back, in order of what they tell of."""
    marks = list(marks)
    gone = {m.voids_id for m in marks if m.kind == "void"}
    return sorted((m for m in marks if m.kind != "void" and m.id not in gone), key=lambda m: (m.at, m.id))


def presences(marks: Iterable[Mark], sittings: Sequence[Sitting], now: datetime) -> dict[int, Presence]:
    """Session id -> presence of one person; sessions of which nothing is known are absent."""
    held, sittings = standing(marks), sorted(sittings, key=lambda s: (s.starts_at, s.id))
    walked, remarks = _walked(held, sittings, now)
    found = {}
    for sitting in sittings:
        mine = [m for m in held if m.session_id == sitting.id]
        by_hand = [m for m in mine if m.kind == "manual"]
        if by_hand:             # the last word, not the latest minute
            told = min(max(max(by_hand, key=lambda m: m.id).minutes or 0, 0) * 60, sitting.seconds)
            found[sitting.id] = Presence(told, manual=True)
            continue
        inside = merged(clipped([*walked[None], *walked[sitting.id],
                                 *(Interval(m.at, m.until) for m in mine if m.kind == "interval" and m.until)],
                                sitting.starts_at, sitting.ends_at))
        whole = sum(i.seconds for i in inside)
        only = max(((m.minutes or 0) * 60 for m in mine if m.kind == "minutes"), default=0)
        said = tuple(dict.fromkeys([*remarks[None, sitting.id], *remarks[sitting.id, sitting.id]]))
        if inside or only or said:
            found[sitting.id] = Presence(min(max(whole, only), sitting.seconds), inside, remarks=said)
    return found


def _walked(held: Sequence[Mark], sittings: Sequence[Sitting], now: datetime
            ) -> tuple[Mapping[int | None, list[Interval]], Mapping[tuple[int | None, int], list[str]]]:
    """(door -> intervals between its entries and exits, (door, session) -> remarks). A door is a session's, or the
    building's: None. A second entry while inside, and a second exit, change nothing: two devices saw one person."""
    paths: dict[int | None, list[Mark]] = defaultdict(list)
    for mark in held:
        if mark.kind in ("in", "out"):
            paths[mark.session_id].append(mark)
    walked: dict[int | None, list[Interval]] = defaultdict(list)
    remarks: dict[tuple[int | None, int], list[str]] = defaultdict(list)
    for door, path in paths.items():
        entered: datetime | None = None
        was_out = False
        for mark in path:
            if mark.kind == "in":
                entered, was_out = entered or mark.at, False
            elif entered is not None:
                walked[door].append(Interval(entered, mark.at))
                entered, was_out = None, True
            elif not was_out and (met := _met(sittings, door, mark.at)):
                remarks[door, met.id].append(NO_ENTRY)
        if entered is not None and (met := _met(sittings, door, entered)):
            walked[door].append(Interval(entered, min(met.ends_at, max(now, entered))))
            if now > met.ends_at:
                remarks[door, met.id].append(NO_EXIT)
    return walked, remarks


def _met(sittings: Sequence[Sitting], door: int | None, at: datetime) -> Sitting | None:
    """The session that somebody who enters now has come for: the one that runs or is next, of that door."""
    return next((s for s in sittings if s.ends_at > at and door in (None, s.id)), None)


def inside(marks: Iterable[Mark], door: int | None) -> bool:
    """Has this person entered by that door, and not left? Decides which button is offered first."""
    last = [m for m in standing(marks) if m.kind in ("in", "out") and m.session_id == door]
    return bool(last) and last[-1].kind == "in"
