"""Who is where in a month, and what it collides with: deadlines, sessions of seminars, another internship. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lms.catalogue.rules import Programme
from lms.cohorts.rules import Window
from lms.foundation.engagements import Engagement
from lms.foundation.walltime import place

COMING = ("draft", "proposed", "plan_approved", "authorised")       # not there yet
TWO_STAYS = "Cambiar las fechas de una de las dos, o cancelarla."
DUE_AWAY = "Entregar antes de viajar, dar una prórroga en la nómina, o cambiar las fechas de la pasantía."
ONLINE = "Asistir en línea y acordar esas horas con la institución anfitriona."
IN_PERSON = "Anular la inscripción para liberar el cupo, o cambiar las fechas de la pasantía."
A_MOMENT = timedelta(minutes=1)                                     # what is due at midnight is due on the day before
DAY = 10                                                            # units of the drawing


@dataclass(frozen=True)
class Stay:
    """One person at one host, as the calendar shows it."""
    id: int
    cohort_id: int
    person_id: int
    name: str
    formal: str
    email: str
    host: str
    city: str
    country: str
    zone: str
    starts_on: date
    ends_on: date
    modality: str
    state: str
    institution_id: int | None = None       # the person's own, whose exceptions may be theirs

    @property
    def away(self) -> bool:
        """Whoever works at a distance goes nowhere."""
        return self.modality != "remote"

    @property
    def first(self) -> date:
        return self.starts_on

    @property
    def last(self) -> date:
        return self.ends_on

    @property
    def days(self) -> str:
        return f"del {self.starts_on:%d-%m-%Y} al {self.ends_on:%d-%m-%Y}"


@dataclass(frozen=True)
class Month:
    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> "Month":
        return Month.of(self.last + timedelta(days=1))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str, otherwise: date) -> "Month":
        """"2027-05"; the month of another day where it says nothing."""
        year, _dash, number = text.partition("-")
        if year.isascii() and number.isascii() and year.isdigit() and number.isdigit() and len(text) == len("2027-05") \
                and 2000 <= int(year) < 2200 and 1 <= int(number) <= 12:
            return cls(int(year), int(number))
        return cls.of(otherwise)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def wide(self) -> int:
        return self.last.day * DAY

    @property
    def weekends(self) -> list[int]:
        """Where Saturdays and Sundays are drawn."""
        return [(n - 1) * DAY for n in range(1, self.last.day + 1) if self.first.replace(day=n).weekday() >= 5]

    def bar(self, stay: Stay) -> tuple[int, int]:
        """(from, wide) of a stay within the month."""
        start, end = max(stay.starts_on, self.first), min(stay.ends_on, self.last)
        return (start.day - 1) * DAY, ((end - start).days + 1) * DAY

    def mark(self, day: date) -> int | None:
        """The middle of a day, where it is of this month."""
        return (day.day - 1) * DAY + DAY // 2 if self.first <= day <= self.last else None


@dataclass(frozen=True)
class Clash:
    """What a stay collides with, on which day, and what can be done."""
    stay: Stay
    kind: str                       # deadline | session | stay
    day: date
    what: str
    remedy: str
    other: Stay | None = None       # the second of two stays


def overlapping(stays: Sequence[Stay]) -> list[Clash]:
    """Two internships of one person that share days."""
    found = []
    for n, one in enumerate(stays):
        for other in stays[n + 1:]:
            if one.person_id == other.person_id and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on:
                what = f"Tiene dos pasantías a la vez: en {one.host} {one.days} y en {other.host} {other.days}."
                found.append(Clash(one, "stay", max(one.starts_on, other.starts_on), what, TWO_STAYS,
                                   other))
    return found


def deadlines(stay: Stay, programme: Programme, windows: Mapping[str, Window], cohort_zone: str,
              done: Iterable[tuple[str, str]]) -> list[Clash]:
    """What is due while the person is away and is not handed in yet, in both wall times where they differ."""
    found, met = [], set(done)
    for module in programme.modules:
        window = windows.get(module.code)
        for item, name, exists in (("quiz", "el control", module.quiz), ("task", "la tarea", module.task)):
            due = window.due(item) if window and exists else None
            if due is None or (module.code, item) in met or not (day := _during(stay, due - A_MOMENT)):
                continue
            what = (f"Vence {name} de {module.code} ({module.title}) {_at(due, cohort_zone, stay.zone)}, mientras está "
                    f"en {stay.city}.")
            found.append(Clash(stay, "deadline", day, what, DUE_AWAY))
    return found


def sessions(stay: Stay, engaged: Iterable[Engagement]) -> list[Clash]:
    """Seminars in which the person has a place while away."""
    found = []
    for one in engaged:
        day = _during(stay, one.starts_at) or _during(stay, one.ends_at - A_MOMENT)
        if day and one.person_id == stay.person_id:
            what = (f"Tiene un cupo en la {one.what}, {_at(one.starts_at, one.zone, stay.zone)}, mientras está en "
                    f"{stay.city}.")
            found.append(Clash(stay, "session", day, what, ONLINE if one.at_a_distance else IN_PERSON))
    return found


def _during(stay: Stay, moment: datetime) -> date | None:
    """The day it is at the host, where the person is there then."""
    day = moment.astimezone(ZoneInfo(stay.zone)).date()
    return day if stay.away and stay.starts_on <= day <= stay.ends_on else None


def _at(moment: datetime, zone: str, there: str) -> str:
    """"el 05-05-2027 a las 23:59 h (Chile continental; 00:59 h del 06-05-2027 allá)"."""
    ours, theirs = moment.astimezone(ZoneInfo(zone)), moment.astimezone(ZoneInfo(there))
    text = f"el {ours:%d-%m-%Y} a las {ours:%H:%M} h"
    if ours.replace(tzinfo=None) == theirs.replace(tzinfo=None):
        return text
    day = f" del {theirs:%d-%m-%Y}" if ours.date() != theirs.date() else ""
    return f"{text} de {place(zone)} ({theirs:%H:%M} h{day} allá)"
