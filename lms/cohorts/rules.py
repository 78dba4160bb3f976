"""When things open and are due in a cohort, for a person, and why something is still locked. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from lms.catalogue.rules import Programme, Step
from lms.foundation.walltime import NoSuchTime, place, resolve

RELATIVE = re.compile(r"\+(\d{1,4}) (\d{2}):(\d{2})")
ABSOLUTE = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})")
NEED = re.compile(r"([A-Za-z0-9]{1,20})(?:\.quiz>=(\d{1,3}))?")
PASS = 60                       # % asked of the quiz when a condition names only the module
COUNTRIES = {"CL": "Chile", "AR": "Argentina"}      # those whose scale, documents and dates are known
HOME_ZONES = {"CL": "America/Santiago", "AR": "America/Argentina/Buenos_Aires"}
ITEMS = {"quiz": "Control", "task": "Tarea"}
TRACKS = {"degree": "Por título o grado", "office": "Por cargo público o experiencia"}      # of admission


class BadDate(ValueError):
    """A date that can not be; says what is wrong and what to write instead, in the reader's words."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message, self.remedy = message, remedy


@dataclass(frozen=True)
class Need:
    """What must be reached first: at least `percent` in an item of another module."""
    module: str
    item: str
    percent: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.percent, 100)

    def __str__(self) -> str:
        return f"{self.module}.{self.item}>={self.percent}"


@dataclass(frozen=True)
class Window:
    """When a module's items open and are due, in UTC; None where nothing is said."""
    module: str
    opens_at: dt.datetime | None = None
    quiz_due: dt.datetime | None = None
    task_due: dt.datetime | None = None
    after: Need | None = None
    extended: tuple[str, ...] = ()      # items whose date is this person's own: "quiz", "task"
    rules: str = ""                     # of the task in this cohort, where a person's own calendar was asked for
    quiz_opens_at: dt.datetime | None = None    # this person's own, where their quiz does not open with the module

    def due(self, item: str) -> dt.datetime | None:
        return {"quiz": self.quiz_due, "task": self.task_due}[item]


@dataclass(frozen=True)
class MoreTime:
    """A date given to one person for one item, as wall time in the cohort's zone. The last one given counts."""
    module: str
    item: str
    due_local: str


@dataclass(frozen=True)
class Locked:
    """Why an item can not be entered yet: a date to come, something to reach, or both."""
    until: dt.datetime | None = None
    need: Need | None = None


def wall_time(spec: str, starts_on: dt.date) -> dt.datetime:
    """The wall time that a date says: "+28 23:00" (days after the start) or "2027-04-07 23:00"."""
    spec = spec.strip()
    if found := RELATIVE.fullmatch(spec):
        days, hour, minute = map(int, found.groups())
        return _at(starts_on + dt.timedelta(days=days), hour, minute, spec)
    if found := ABSOLUTE.fullmatch(spec):
        year, month, day, hour, minute = map(int, found.groups())
        try:
            date = dt.date(year, month, day)
        except ValueError:
            raise BadDate(f"La fecha {day:02}-{month:02}-{year:04} no existe.", "Revise el día y el mes.") from None
        return _at(date, hour, minute, spec)
    raise BadDate(f"La fecha «{spec[:40]}» no se entiende.",
                  "Escriba «+28 23:00» (días después del inicio y hora) o «2027-04-07 23:00».")


def instant(spec: str, starts_on: dt.date, zone: str) -> dt.datetime:
    """The instant, in UTC, that a date says in a zone; of a time that comes twice, the later.

    A time that the clocks skip raises BadDate, which names the first minute that does exist.
    """
    try:
        return resolve(wall_time(spec, starts_on), zone)
    except NoSuchTime as skipped:
        raise BadDate(skipped.message, skipped.remedy) from None


def need(text: str) -> Need:
    """What a condition asks: "G1.quiz>=60", or "G1" alone for a pass in its quiz."""
    found = NEED.fullmatch(text.replace(" ", ""))
    if not found or not 1 <= int(found[2] or PASS) <= 100:
        raise BadDate(f"La condición «{text[:40]}» no se entiende.", "Escríbala así: G1.quiz>=60")
    return Need(found[1], "quiz", int(found[2] or PASS))


def merged(programme: Programme, changed: Iterable[Step]) -> dict[str, Step]:
    """The programme's steps with what the cohort changed: None is as in the programme, "" is without."""
    own = {step.module: step for step in changed}
    usual = {step.module: step for step in programme.steps}
    with_quiz = {m.code for m in programme.modules if m.quiz}       # the others could never be reached
    steps = {m.code: _overlaid(usual.get(m.code, Step(m.code)), own.get(m.code, Step(m.code)))
             for m in programme.modules}
    return {code: step if not step.after or need(step.after).module in with_quiz else replace(step, after=None)
            for code, step in steps.items()}


def calendar(programme: Programme, starts_on: dt.date, zone: str, changed: Iterable[Step] = (),
             extensions: Sequence[MoreTime] = ()) -> dict[str, Window]:
    """Module -> its window in a cohort, for a person when their extensions are given.

    Stored dates are never refused here: one that falls into skipped time (a cohort that moved its start) takes the
    first minute that exists.
    """
    return extended(dict(_windows(tuple(merged(programme, changed).values()), starts_on, zone)), starts_on, zone,
                    extensions)


def extended(windows: Mapping[str, Window], starts_on: dt.date, zone: str, extensions: Sequence[MoreTime]
             ) -> dict[str, Window]:
    """A cohort's windows with one person's extensions."""
    windows = dict(windows)
    for more in {(more.module, more.item): more for more in extensions}.values():      # the last of each
        if (window := windows.get(more.module)) and more.item == "rules":
            windows[more.module] = replace(window, rules=more.due_local)
        elif window:
            windows[more.module] = _extended(window, more, starts_on, zone)
    return windows


def lock(window: Window | None, now: dt.datetime, quiz_shares: Mapping[str, Fraction]) -> Locked | None:
    """Why a module is still locked for someone, with both reasons when there are two; None when it is open."""
    if window is None:
        return None
    until = window.opens_at if window.opens_at and now < window.opens_at else None
    asked = window.after
    lacking = asked if asked and quiz_shares.get(asked.module, Fraction(0)) < asked.share else None
    return Locked(until, lacking) if until or lacking else None


def circle(steps: Mapping[str, Step]) -> tuple[str, ...]:
    """Modules that wait for each other, in order; () when every one of them can be reached."""
    waits = {code: need(step.after).module for code, step in steps.items() if step.after}
    for start in waits:
        path = [start]
        while (following := waits.get(path[-1])) is not None:
            if following == start:
                return (*path, start)
            if following in path:
                break
            path.append(following)
    return ()


def disorder(step: Step, starts_on: dt.date, zone: str) -> str:
    """What is out of order among the dates of a step, in words; "" when nothing is."""
    opens, quiz, task = (instant(spec, starts_on, zone) if spec else None for spec in
                         (step.opens, step.quiz_due, step.task_due))
    if opens and quiz and quiz <= opens:
        return "El control vence antes de que el módulo se abra. Cambie una de las dos fechas."
    if opens and task and task <= opens:
        return "La tarea vence antes de que el módulo se abra. Cambie una de las dos fechas."
    return ""


def written(wall: dt.datetime, starts_on: dt.date, moving: bool) -> str:
    """The date as it is stored: days after the start when it moves with it, else the date itself."""
    days = (wall.date() - starts_on).days
    return f"+{days} {wall:%H:%M}" if moving and days >= 0 else f"{wall:%Y-%m-%d %H:%M}"


def in_office(starts_on: dt.date | None, ends_on: dt.date | None, day: dt.date) -> bool:
    """Both days belong to it; without one it has no beginning, or no end yet."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)


def zones_of(country: str) -> tuple[str, ...]:
    """The time zones a cohort of a country may choose from."""
    return {"CL": ("America/Santiago", "America/Punta_Arenas", "America/Coyhaique", "Pacific/Easter"),
            "AR": ("America/Argentina/Buenos_Aires",)}.get(country, ())


def zone_name(zone: str) -> str:
    """The name of a zone as a person chooses it: "Chile (hora continental)", "Magallanes"."""
    return "Chile (hora continental)" if zone == "America/Santiago" else place(zone)


def _at(date: dt.date, hour: int, minute: int, spec: str) -> dt.datetime:
    if hour > 23 or minute > 59:
        raise BadDate(f"La hora de «{spec}» no existe.", "Las horas van de 00:00 a 23:59.")
    return dt.datetime.combine(date, dt.time(hour, minute))


def _overlaid(usual: Step, own: Step) -> Step:
    def which(field: str) -> str | None:
        mine = getattr(own, field)
        return (getattr(usual, field) if mine is None else mine) or None
    return Step(usual.module, which("opens"), which("quiz_due"), which("task_due"), which("after"))


@lru_cache(maxsize=512)
def _windows(steps: tuple[Step, ...], starts_on: dt.date, zone: str) -> tuple[tuple[str, Window], ...]:
    """Every page of a student asks this: 30 dates resolved once a cohort and process, not once a page."""
    return tuple((s.module, Window(s.module, _settled(s.opens, starts_on, zone), _settled(s.quiz_due, starts_on, zone),
                                   _settled(s.task_due, starts_on, zone), need(s.after) if s.after else None))
                 for s in steps)


def _settled(spec: str | None, starts_on: dt.date, zone: str) -> dt.datetime | None:
    if not spec:
        return None
    wall = wall_time(spec, starts_on)
    try:
        return resolve(wall, zone)
    except NoSuchTime as skipped:
        return resolve(skipped.first_valid, zone)


def _extended(window: Window, more: MoreTime, starts_on: dt.date, zone: str) -> Window:
    """More time never shortens: where the common date was moved past it, the common date holds."""
    theirs, common = _settled(more.due_local, starts_on, zone), window.due(more.item)
    if theirs is None or (common and theirs <= common):
        return window
    extended = (*window.extended, more.item)
    if more.item == "quiz":
        return replace(window, quiz_due=theirs, extended=extended)
    return replace(window, task_due=theirs, extended=extended)
