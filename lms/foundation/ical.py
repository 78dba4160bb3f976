"""Dates as a calendar file (RFC 5545), for a device's calendar: moments that fall due, and what lasts. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

MINUTE = timedelta(minutes=1)
WIDEST = 75                             # octets of a line; longer ones go on in the next, after a space


@dataclass(frozen=True)
class Event:
    """A moment with a name, or what lasts until `ends`. Its `uid` stays when the moment moves and its `sequence` grows,
    so that a calendar moves it too; a cancelled one is told, or it would stay in the calendars that have it."""
    uid: str
    at: datetime
    summary: str
    url: str
    ends: datetime | None = None
    place: str = ""
    description: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, events: Iterable[Event], now: datetime) -> bytes:
    """The file. Times are in UTC: each calendar shows them in the place of who looks."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Escuela de Gobierno Local//Fechas//ES", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for event in sorted(events, key=lambda e: (e.at, e.uid)):
        lines += ["BEGIN:VEVENT", f"UID:{event.uid}@{urlsplit(event.url).netloc}", f"DTSTAMP:{_moment(now)}",
                  f"DTSTART:{_moment(event.at)}", f"DTEND:{_moment(event.ends or event.at + MINUTE)}",
                  f"SUMMARY:{_text(event.summary)}", f"URL:{event.url}", *_lasting(event), "END:VEVENT"]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _lasting(event: Event) -> list[str]:
    """What a moment has none of: a place, a state, a number of changes, and that whoever goes is busy."""
    if event.ends is None:
        return ["TRANSP:TRANSPARENT"]
    return [*([f"LOCATION:{_text(event.place)}"] if event.place else []),
            *([f"DESCRIPTION:{_text(event.description)}"] if event.description else []),
            f"SEQUENCE:{event.sequence}", f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}", "TRANSP:OPAQUE"]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"([\\;,])", r"\\\1", words))


def _folded(line: str) -> str:
    """No letter is cut in two: a line is measured in octets and broken between letters."""
    lines, room = [""], WIDEST
    for letter in line:
        size = len(letter.encode())
        if size > room:
            lines.append(" ")
            room = WIDEST - 1
        lines[-1] += letter
        room -= size
    return "\r\n".join(lines)
