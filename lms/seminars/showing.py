"""How a seminar's texts and times are shown to whoever reads: in their language, and on both sides. Pure but for the
language of the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms.foundation.language import DAYS, _, current_language, local, long_date
from lms.foundation.walltime import place
from lms.seminars.queries import SeminarView, SessionView

THEMES = {"descentralizacion": _("Descentralización"), "transito": _("Tránsito y seguridad vial"),
          "seguridad": _("Seguridad pública"), "educacion": _("Educación"), "otros": _("Otros temas")}
MODES = {"venue": _("Presencial"), "online": _("En línea"), "both": _("Presencial y en línea")}
BOTH = ("America/Santiago", "America/Argentina/Buenos_Aires")


@dataclass(frozen=True)
class Shown:
    """A session on a day of the programme, with its times in each zone: ("10:00–11:30", "Argentina", other day)."""
    session: SessionView
    times: tuple[tuple[str, str, date | None], ...]


def worded(words: Mapping[str, str]) -> dict[str, str]:
    """The words of a table in the language of the page."""
    return {code: _(text) for code, text in words.items()}


def said(texts: Mapping[str, str]) -> tuple[str, str]:
    """(text, its language where it is not the page's, for a `lang` attribute)."""
    language = current_language()
    for code in (language, language[:2]):
        if texts.get(code):
            return texts[code], ""
    code = "es" if texts.get("es") else next((c for c in texts if texts[c]), "")
    return texts.get(code, ""), "" if code == language[:2] else code


def span(seminar: SeminarView) -> str:
    """"miércoles 12 de mayo de 2027", or "del miércoles 12 al jueves 13 de mayo de 2027"."""
    if seminar.starts_at is None or seminar.ends_at is None:
        return ""
    first, last = (local(at, seminar.time_zone).date() for at in (seminar.starts_at, seminar.ends_at))
    if first == last:
        return long_date(first, weekday=True)
    short = f"{DAYS[current_language()[:2]][first.weekday()]} {first.day}"
    together = (first.year, first.month) == (last.year, last.month)
    return _("del %(first)s al %(last)s") % {"first": short if together else long_date(first, weekday=True),
                                             "last": long_date(last, weekday=True)}


def begins(shown: list[tuple[date, list[Shown]]]) -> list[tuple[str, str]]:
    """When the first session begins, on each side."""
    first = next((one for _day, found in shown for one in found), None)
    return [(f"{text.partition('–')[0]} h", where) for text, where, _other in first.times] if first else []


def page_sides(zone: str, readers: str) -> tuple[str, ...]:
    """The zones to show times in: the seminar's, Chile's and Argentina's, the reader's own."""
    return tuple(dict.fromkeys(z for z in (zone, *BOTH, readers) if z))


def days(sessions: Sequence[SessionView], zones: tuple[str, ...]) -> list[tuple[date, list[Shown]]]:
    """The programme by the days of the place where it is held."""
    found: dict[date, list[Shown]] = {}
    for one in sessions:
        found.setdefault(local(one.starts_at, zones[0]).date(), []).append(Shown(one, tuple(times(one, zones))))
    return list(found.items())


def times(one: SessionView, zones: Iterable[str]) -> list[tuple[str, str, date | None]]:
    """Clocks that agree are told once, by the first of their places."""
    found: dict[object, tuple[str, str, date | None]] = {}
    first: date | None = None
    for zone in zones:
        starts, ends = local(one.starts_at, zone), local(one.ends_at, zone)
        first = first or starts.date()
        found.setdefault(starts.replace(tzinfo=None), (
            f"{starts:%H:%M}–{ends:%H:%M}", place(zone), starts.date() if starts.date() != first else None))
    return list(found.values())
