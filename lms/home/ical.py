"""A person's dates as a calendar file (RFC 5545): what opens and what is due, for a device's calendar. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

MINUTE = timedelta(minutes=1)
WIDEST = 75                             # octets of a line; longer ones go on in the next, after a space


@dataclass(frozen=True)
class Event:
    """A moment with a name. `uid` stays the same when the moment moves, so that a calendar moves it too."""
    uid: str
    at: datetime
    summary: str
    url: str


def calendar(name: str, events: Iterable[Event], now: datetime) -> bytes:
    """The file. Times are in UTC: each calendar shows them in the place of who looks."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Escuela de Gobierno Local//Fechas//ES", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for event in sorted(events, key=lambda e: (e.at, e.uid)):
        lines += ["BEGIN:VEVENT", f"UID:{event.uid}@{urlsplit(event.url).netloc}", f"DTSTAMP:{_moment(now)}",
                  f"DTSTART:{_moment(event.at)}", f"DTEND:{_moment(event.at + MINUTE)}",
                  f"SUMMARY:{_text(event.summary)}", f"URL:{event.url}",
                  "TRANSP:TRANSPARENT", "END:VEVENT"]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


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
