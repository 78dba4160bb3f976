"""Moments and durations as platforms write them: 12 or 24 hours, days first or months first, with a date or without."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

LONGEST = 80                    # characters of a moment


class Moment(NamedTuple):
    """As written: a date that reads one way, or two numbers that may be day and month, or none; and a time of day."""
    clock: time
    day: date | None = None
    pair: tuple[int, int, int] | None = None        # first number, second number, year
    offset: timedelta | None = None                 # from UTC, where the file says it

    @property
    def dated(self) -> bool:
        return self.day is not None or self.pair is not None

    def at(self, order: str) -> datetime | None:
        """The wall time under an order of dates (UTC where the file gives an offset); nothing without such a day."""
        day = self.day or (self.pair and on(self.pair, order))
        if not day:
            return None
        wall = datetime.combine(day, self.clock)
        try:
            return wall - (self.offset or timedelta(0))
        except OverflowError:
            return None


_TIME = re.compile(r"(?<![\d:])(\d{1,2})(?:[:h](\d{2})(?:[:m](\d{2}))?(?:[.,]\d{1,9})?s?(?![\d:])"
                   r" ?(?:([ap])\.? ?m\b\.?)?"
                   r"| ([ap])\.? ?m\b\.?)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_PAIR = re.compile(r"(?<!\d)(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:\.|º)?[ -](?:de )?([a-z]{3,10})\.?,?[ -](?:de )?(\d{4}|\d{2})(?![\d:])")
_MONTH_DAY = re.compile(r"\b([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_OFFSET = re.compile(r"\(?(?:gmt|utc)? ?([+-]) ?(\d{1,2}):?(\d{2})?\)?$|\b(?:utc|gmt)$|(?<=\d)z$")
_REST = re.compile(r"\b(at|a las?|as|de|t|h|hrs|hs|horas|el|em|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
                   r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|lun|mie|jue|vie|sab|dom"
                   r"|(?:segunda|terca|quarta|quinta|sexta)(?:-feira)?|seg|ter|qua|qui|sex)\b|[,.·|()\s-]")
_MONTHS = {name: number for number, names in enumerate((
    "jan ene", "feb fev", "mar", "apr abr", "may mai", "jun", "jul", "aug ago", "sep set", "oct out", "nov",
    "dec dic dez"), start=1) for name in names.split()}
_PART = re.compile(r"(?<!\d)(\d{1,9}(?:[.,]\d{1,9})?) ?([a-z]{1,9})\.?|(?<!\d)(\d{1,9})$")
_UNITS = {word: seconds for seconds, words in (
    (86_400, "d dia dias day days"), (3600, "h hr hrs hs hour hours hora horas"),
    (60, "m min mins minute minutes minuto minutos"), (1, "s sec secs second seconds seg segs segundo segundos"),
) for word in words.split()}
_ISO_LENGTH = re.compile(r"p(?:(\d{1,3})d)?(?:t(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8})(?:\.\d+)?s)?)?")


def plain(text: str) -> str:
    """Small letters without accents, ordinary spaces: what both kinds of reading begin with."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = re.sub("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", text).replace("\u2212", "-")
    return " ".join(text.lower().split())


@lru_cache(maxsize=1 << 15)
def moment(text: str) -> Moment | None:
    """What a cell says, or nothing when it is no moment."""
    if len(text) > LONGEST or not any(c.isdigit() for c in text):
        return None
    rest = plain(text)
    rest = re.sub(r"(?<=\d)t(?=\d)", " ", rest)
    day, pair, rest = _date(rest)
    clock, rest = _clock(rest)
    if clock is None:
        return None
    offset, rest = _offset(rest)
    return None if _REST.sub("", rest) else Moment(clock, day, pair, offset)


def _clock(text: str) -> tuple[time | None, str]:
    found = _TIME.search(text)
    if not found:
        return None, text
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    half = found[4] or found[5]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute, second), f"{text[:found.start()]} {text[found.end():]}".strip()
    except ValueError:
        return None, text


def _offset(text: str) -> tuple[timedelta | None, str]:
    text = text.strip()
    if text == "z":
        return timedelta(0), ""
    found = _OFFSET.search(text)
    if not found:
        return None, text
    size = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
    return (-size if found[1] == "-" else size) if size <= timedelta(hours=14) else None, text[:found.start()]


def _date(text: str) -> tuple[date | None, tuple[int, int, int] | None, str]:
    """(date, pair, what is left of the text)."""
    for sign, parts in ((_ISO, (1, 2, 3)), (_DAY_MONTH, (3, 2, 1)), (_MONTH_DAY, (3, 1, 2))):
        found = sign.search(text)
        if found:
            year, month, day = (found[n] for n in parts)
            number = int(month) if month.isdigit() else _MONTHS.get(month[:3], 0)
            known = _day(_year(year), number, int(day))
            if known:
                return known, None, f"{text[:found.start()]} {text[found.end():]}"
    if found := _PAIR.search(text):
        pair, left = (int(found[1]), int(found[3]), _year(found[4])), f"{text[:found.start()]} {text[found.end():]}"
        if found[2] == ".":                 # no country that writes months first puts points between
            return _day(pair[2], pair[1], pair[0]), None, left
        return None, pair, left
    return None, None, text


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def on(pair: tuple[int, int, int], order: str) -> date | None:
    first, second, year = pair
    return _day(year, second, first) if order == "dm" else _day(year, first, second)


def orders(moments: Iterable[Moment], day: date | None) -> tuple[str, ...]:
    """How the dates of a file may be read: ("dm",), ("md",), both when that must be asked, none when they contradict.

    All dates of a file read the same way. A number above 12 decides; else that a report is of one meeting, hence of
    one day or two; else that it is of the session's day.
    """
    pairs = {m.pair for m in moments if m.pair and (on(m.pair, "dm") or on(m.pair, "md"))}
    possible = [order for order in ("dm", "md") if all(on(pair, order) for pair in pairs)]
    days = {order: {on(pair, order) for pair in pairs} - {None} for order in possible}
    if len(possible) < 2 or days["dm"] == days["md"]:
        return tuple(possible[:1])
    short = [order for order in possible if max(days[order]) - min(days[order]) <= timedelta(days=2)]   # type: ignore[type-var, operator]
    if len(short) == 1:
        return tuple(short)
    near = [order for order in possible if day and any(abs((d - day).days) <= 1 for d in days[order] if d)]
    return tuple(near) if len(near) == 1 else tuple(possible)


@lru_cache(maxsize=1 << 14)
def duration(text: str, unit: int = 60) -> int | None:
    """Seconds: "1h 2m 10s", "1 h 1 min 55 s", "01:02:10", "32:14" (minutes and seconds), "45" in the column's unit."""
    if len(text) > LONGEST or not any(c.isdigit() for c in text):
        return None
    said = plain(text).lstrip("<~≈ ")
    said = re.sub(r"^1(?:899|900)-\d\d-\d\d ", "", said)        # a length that a spreadsheet program took for a date
    if re.fullmatch(r"\d{1,6}(?:[.,]\d{1,6})?", said):
        return round(Fraction(said.replace(",", ".")) * unit)
    if found := re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2})(?:[.,]\d+)?", said):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
    if said.startswith("p") and (found := _ISO_LENGTH.fullmatch(said)):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return days * 86400 + hours * 3600 + minutes * 60 + seconds
    total, unit_before = Fraction(0), 0
    left = re.sub(r"\b(y|e|and|con)\b|[,;]", " ", said)
    for part in _PART.finditer(left):
        size = _UNITS.get(part[2] or "", 0) if part[2] else {3600: 60, 60: 1}.get(unit_before, 0)      # "1h02"
        if not size:
            return None
        total, unit_before = total + Fraction((part[1] or part[3]).replace(",", ".")) * size, size
    return round(total) if unit_before and not _PART.sub("", left).strip(" .") else None
