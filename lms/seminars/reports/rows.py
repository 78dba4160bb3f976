"""One row of a report: its person, its entry and exit, or why it says nothing usable."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lms.seminars.reports.attendees import split
from lms.seminars.reports.heads import normal
from lms.seminars.reports.live import Step
from lms.seminars.reports.shape import Fault, Join
from lms.seminars.reports.times import Moment, duration, moment

DAY = timedelta(days=1)
LONGEST_NIGHT = timedelta(hours=12)     # what crosses midnight without a date that says so lasts no longer
SLACK = 120                             # seconds by which a duration may differ from exit less entry
MOST_SECONDS = 7 * 86_400

_BLANK = {"", "-", "--", "—", "n/a", "na", "null", "none"}
_YES = {"yes", "si", "sim", "true", "y", "s", "1", "verdadero", "verdadeiro"}
_NO = {"no", "nao", "false", "n", "0", "falso"}
_EXTERNAL = re.compile(r"^(.+)_([^_@]+\.[a-z]{2,})#ext#@", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;]{1,200}@[^\s@<>,;]{1,200}")


@dataclass
class Clock:
    """How the times of a file become wall times of one day or two."""
    order: str
    window: tuple[datetime, datetime] | None
    starts: datetime | None
    ends: datetime | None
    latest: datetime | None
    day: datetime | None = None             # at its beginning, where the file or its name tells the date alone
    needs_day: bool = field(default=False)  # a time without a date was met

    def at(self, found: Moment) -> datetime | None:
        """The wall time of a moment; of one without a date, on the day that brings it nearest to the meeting."""
        if found.dated:
            return found.at(self.order)
        self.needs_day = True
        middle = self.window
        if self.starts:
            middle = self.starts, self.ends or self.starts
        elif self.day and not (middle and middle[0] - DAY < self.day < middle[1]):
            middle = self.day, self.day + DAY       # another day than the session's
        if middle is None:
            return datetime.combine(datetime(2000, 1, 1), found.clock)
        begin, end = middle
        days = (datetime.combine(begin.date(), found.clock) + DAY * n for n in (-1, 0, 1))
        return min(days, key=lambda at: (max(begin - at, at - end, timedelta(0)), at))

    def closed(self, join: Join) -> Join:
        """A stay without exit lasts to the meeting's end, as far as that is known."""
        if join.left is not None or join.joined is None:
            return join
        known = [self.latest] if self.latest else []
        if self.window and self.latest and self.latest >= self.window[0]:
            known.append(self.window[1])            # the meeting was going on in the session
        end = self.ends or max(known, default=join.joined)
        if end - join.joined > LONGEST_NIGHT:       # of another day's meeting in the same file
            end = join.joined
        return replace(join, left=max(end, join.joined), open=True)


@dataclass(frozen=True)
class Reader:
    columns: Mapping[str, int]
    unit: int                           # seconds that a plain number of the duration's column stands for
    merged: bool                        # a row is a person, not a stay
    clock: Clock

    def join(self, number: int, cells: Sequence[str]) -> Join | Fault | None:
        """The stay of a row; nothing for who was registered and did not come."""
        person = self.person(number, cells)
        if isinstance(person, Fault) or normal(self._cell(cells, "attended")) in _NO:
            return None if normal(self._cell(cells, "attended")) in _NO else person
        said = {name: self._cell(cells, name) for name in ("joined", "left", "seconds")}
        seconds = duration(said["seconds"], self.unit) if said["seconds"] else None
        if seconds is None and said["seconds"] and not said["joined"]:
            return Fault(number, person.shown, f"No se entiende la duración «{said['seconds'][:40]}».")
        if seconds is not None and seconds > MOST_SECONDS:
            return Fault(number, person.shown, f"La duración «{said['seconds'][:40]}» pasa de una semana.")
        stay = replace(person, seconds=seconds, whole=not self.merged)
        if not said["joined"]:
            alone = seconds is not None and not said["left"]
            return stay if alone else Fault(number, person.shown, "Falta la hora de entrada.")
        return self._timed(stay, said["joined"], said["left"])

    def step(self, number: int, cells: Sequence[str]) -> Step | Fault:
        """A row of a live list."""
        person, said = self.person(number, cells), self._cell(cells, "at")
        if isinstance(person, Fault):
            return person
        found = moment(said)
        at = self.clock.at(found) if found else None
        if at is None:
            return Fault(number, person.shown, f"No se entiende la hora «{said[:40]}».")
        return Step(replace(person, joined=at), self._cell(cells, "action"))

    def person(self, number: int, cells: Sequence[str]) -> Join | Fault:
        shown = self._cell(cells, "name") or " ".join(
            part for part in (self._cell(cells, "first"), self._cell(cells, "last")) if part)
        email = _address(self._cell(cells, "email")) or _address(self._cell(cells, "upn"))
        if not shown and not email:
            return Fault(number, "", "Falta el nombre.")
        name, original = split(shown)
        return Join(number, shown or email, name or shown or email, self._cell(cells, "original") or original, email,
                    role=self._cell(cells, "role"), waiting=normal(self._cell(cells, "waiting")) in _YES)

    def _timed(self, stay: Join, entry: str, exit_: str) -> Join | Fault:
        times = []
        for text in (entry, exit_) if exit_ else (entry,):
            found = moment(text)
            at = self.clock.at(found) if found else None
            if found is None or at is None:
                return Fault(stay.row, stay.shown, f"No se entiende la hora «{text[:40]}».")
            times.append((at, found.dated))
        joined, dated = times[0]
        if len(times) == 1:
            if stay.seconds:
                return replace(stay, joined=joined, left=joined + timedelta(seconds=stay.seconds))
            return self.clock.closed(replace(stay, joined=joined))
        left = times[1][0]
        if left < joined:
            length = int((left + DAY - joined).total_seconds())
            agrees = stay.seconds is not None and abs(length - stay.seconds) <= SLACK
            if not agrees and (dated or left + DAY - joined > LONGEST_NIGHT):
                return Fault(stay.row, stay.shown, f"Sale ({exit_[:40]}) antes de entrar ({entry[:40]}).")
            left += DAY
        elif left - joined > DAY:
            return Fault(stay.row, stay.shown, "Entre la entrada y la salida hay más de un día.")
        return replace(stay, joined=joined, left=left)

    def _cell(self, cells: Sequence[str], name: str) -> str:
        at = self.columns.get(name)
        text = cells[at] if at is not None and at < len(cells) else ""
        return "" if text.casefold() in _BLANK else text


def is_footer(cells: Sequence[str], columns: Mapping[str, int]) -> bool:
    """A line below or between the rows: a title, a total, a date of printing."""
    held = [at for at, cell in enumerate(cells) if cell]
    times = {columns[name] for name in ("joined", "left", "seconds", "at") if name in columns}
    return len(held) <= 1 or (len(held) == 2 and not times & set(held) and not any("@" in c for c in cells))


def _address(text: str) -> str:
    """An address as written; of a guest of another organisation, the one Teams keeps inside its own."""
    if found := _EXTERNAL.match(text):
        text = f"{found[1]}@{found[2]}"
    return text.removeprefix("mailto:") if _ADDRESS.fullmatch(text.removeprefix("mailto:")) and len(text) <= 254 else ""
