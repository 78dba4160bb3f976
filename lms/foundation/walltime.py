"""Deadlines as people say them: a wall time in a place, turned into one instant and shown from both sides.

The zones come from the pinned `tzdata` package, never from the system, so that every machine agrees on the law in
force: importing this module empties zoneinfo's search path (a process-wide setting) and forgets what it had loaded.
"""

import datetime as dt
import zoneinfo

import tzdata

zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
TZDATA = tzdata.IANA_VERSION                # "2026f": shown on the administration page

ZONES = {
    "America/Santiago": "Chile",
    "America/Coyhaique": "Aysén",
    "America/Punta_Arenas": "Magallanes",
    "Pacific/Easter": "Rapa Nui",
    "America/Argentina/Buenos_Aires": "Argentina",      # the other twelve names keep the same clock: see `place`
    "America/La_Paz": "Bolivia",
    "America/Sao_Paulo": "Brasil (Brasilia)",
    "America/Bogota": "Colombia",
    "America/Costa_Rica": "Costa Rica",
    "America/Havana": "Cuba",
    "America/Guayaquil": "Ecuador",
    "America/El_Salvador": "El Salvador",
    "Europe/Madrid": "España",
    "America/Guatemala": "Guatemala",
    "America/Tegucigalpa": "Honduras",
    "America/Mexico_City": "México (centro)",
    "America/Managua": "Nicaragua",
    "America/Panama": "Panamá",
    "America/Asuncion": "Paraguay",
    "America/Lima": "Perú",
    "America/Santo_Domingo": "República Dominicana",
    "America/Montevideo": "Uruguay",
    "America/Caracas": "Venezuela",
}

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio",
           "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")
_MINUTE = dt.timedelta(minutes=1)


class NoSuchTime(ValueError):
    """A wall time the clocks skip; says which change skips it and the first minute that does exist."""

    def __init__(self, message: str, remedy: str, first_valid: dt.datetime) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy
        self.first_valid = first_valid      # wall time, without zone


def place(zone: str) -> str:
    """The name of a zone's place as shown to people; for one not in the table, its city."""
    if zone.startswith("America/Argentina/"):
        return "Argentina"
    return ZONES.get(zone) or zone.rpartition("/")[2].replace("_", " ")


def resolve(local: dt.datetime, zone: str) -> dt.datetime:
    """The instant, in UTC, of a wall time in a zone; of two, the later one (in favour of who hands in)."""
    earlier, later = _both(local, zone)
    if later < earlier:                     # PEP 495: in a gap the two readings come out in reverse
        raise _skipped(local, zone, earlier - later)
    return later


def is_ambiguous(local: dt.datetime, zone: str) -> bool:
    """Whether the clocks of the zone show this wall time twice."""
    earlier, later = _both(local, zone)
    return later > earlier


def day_start(date: dt.date, zone: str) -> dt.datetime:
    """The instant, in UTC, at which a day begins in a zone: not always at 00:00."""
    midnight = dt.datetime.combine(date, dt.time())
    earlier, later = _both(midnight, zone)
    return earlier if earlier <= later else resolve(_first_valid(midnight, zone), zone)


def deadline_passed(now: dt.datetime, due_utc: dt.datetime) -> bool:
    """Late from the minute after the deadline on: 23:59 means through 23:59:59."""
    return elapsed(due_utc, now) >= _MINUTE


def elapsed(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The true length between two instants; Python's own subtraction within one zone ignores the clock change."""
    return _utc(end) - _utc(start)


def two_sides(instant: dt.datetime, cohort_zone: str, reader_zone: str) -> tuple[tuple[str, str], ...]:
    """An instant in the cohort's time and beside it, when the clocks differ, in the reader's.

    Where the reader is already in another day the second side names it: ("00:59", "su hora, sábado 18").
    """
    ours, theirs = (_utc(instant).astimezone(_zone(name)).replace(tzinfo=None) for name in (cohort_zone, reader_zone))
    side = (f"{ours:%H:%M}", place(cohort_zone))
    if ours == theirs:
        return (side,)
    day = "" if ours.date() == theirs.date() else f", {_DAYS[theirs.weekday()]} {theirs.day}"
    return side, (f"{theirs:%H:%M}", f"su hora{day}")


def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


def _utc(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(dt.UTC)


def _both(local: dt.datetime, zone: str) -> tuple[dt.datetime, dt.datetime]:
    if local.tzinfo is not None:
        raise ValueError("a wall time carries no zone: give the zone's name apart")
    place_clock = local.replace(tzinfo=_zone(zone))
    return place_clock.replace(fold=0).astimezone(dt.UTC), place_clock.replace(fold=1).astimezone(dt.UTC)


def _first_valid(local: dt.datetime, zone: str) -> dt.datetime:
    candidate = local.replace(second=0, microsecond=0, fold=0)
    while True:
        candidate += _MINUTE                # at most a day's worth: Samoa skipped 30 December 2011
        earlier, later = _both(candidate, zone)
        if earlier <= later:
            return candidate


def _skipped(local: dt.datetime, zone: str, gap: dt.timedelta) -> NoSuchTime:
    first = _first_valid(local, zone)
    last = first - gap
    day = f"{_DAYS[local.weekday()]} {local.day} de {_MONTHS[local.month - 1]} de {local.year}"
    landing = f"{first:%H:%M}" if first.date() == local.date() else f"{first:%H:%M} del {first.day}"
    return NoSuchTime(f"El {day} la hora {local:%H:%M} no existe en {place(zone)}: "
                      f"a las {last:%H:%M} los relojes se adelantan a las {landing}.",
                      f"La primera hora válida es {landing}; elija esa o una posterior.", first)
