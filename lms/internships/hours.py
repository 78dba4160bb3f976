"""Hours of an internship: what an entry of the log may say, which hours count, what they are worth. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from lms.grading.rules import HOME, Scale, grade

DAY, WEEK = 8 * 60, 40 * 60                         # minutes at most
STUDENT_DAY, STUDENT_WEEK = 390, 20 * 60            # Ley 26.427 (AR): 6,5 h a day, 20 h a week
LONGEST_ACTIVITY = 2000
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
HOST_PART, ACADEMIC_PART = 40, 60                   # per cent of the grade


@dataclass(frozen=True)
class Limits:
    """What a placement says of its hours."""
    starts_on: date
    ends_on: date
    student_regime: bool = False

    @property
    def day(self) -> int:
        return STUDENT_DAY if self.student_regime else DAY

    @property
    def week(self) -> int:
        return STUDENT_WEEK if self.student_regime else WEEK


@dataclass(frozen=True)
class Entry:
    """Hours of one day: wall times at the host, the pause in minutes."""
    day: date
    starts: str
    ends: str
    pause: int = 0
    id: int = 0
    remote: bool = False
    activity: str = ""
    outcome: str = ""

    @property
    def minutes(self) -> int:
        """Worked, the pause left out; 0 of what makes no sense."""
        return max(_minute(self.ends) - _minute(self.starts) - max(self.pause, 0), 0)

    @property
    def week(self) -> date:
        return monday(self.day)


@dataclass(frozen=True)
class Signed:
    """What the host said of a week: exactly these entries. The last one about a week counts."""
    week: date
    entries: frozenset[int]
    signed: bool
    minutes: int = 0


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def written(minutes: int | Fraction) -> str:
    """Minutes as people say them: "6 h 30 min", "8 h", "45 min"."""
    whole, rest = divmod(int(minutes), 60)
    return f"{whole} h {rest} min" if whole and rest else f"{whole} h" if whole or not rest else f"{rest} min"


def faults(entry: Entry, others: Iterable[Entry], placement: Limits, today: date, clock: str = "23:59"
           ) -> tuple[str, ...]:
    """All that is wrong with an entry, in Spanish. `others`: those that stand beside it, not the one it replaces;
    `today` and `clock`: day and wall time at the host, now."""
    found = [*_shape(entry), *_when(entry, placement, today, clock)]
    if _shape(entry):
        return tuple(found)
    standing = list(others)
    for other in standing:
        if other.day == entry.day and entry.starts < other.ends and other.starts < entry.ends:
            found.append(f"Se superpone con lo ya anotado de {other.starts} a {other.ends} ese día.")
    on_day = sum(o.minutes for o in standing if o.day == entry.day) + entry.minutes
    if on_day > placement.day:
        found.append(f"El día {entry.day:%d-%m-%Y} sumaría {written(on_day)}; lo más que se reconoce en un día son "
                     f"{written(placement.day)}{_regime(placement)}.")
    in_week = sum(o.minutes for o in standing if o.week == entry.week) + entry.minutes
    if in_week > placement.week:
        found.append(f"La semana del {entry.week:%d-%m-%Y} sumaría {written(in_week)}; lo más que se reconoce en una "
                     f"semana son {written(placement.week)}{_regime(placement)}.")
    return tuple(found)


def validated(entries: Iterable[Entry], signatures: Iterable[Signed]) -> int:
    """Minutes that count: of the entries that still stand and are in what the host last signed of their week."""
    last = {s.week: s for s in signatures}
    return sum(e.minutes for e in entries
               if (s := last.get(e.week)) is not None and s.signed and e.id in s.entries)


def credits(validated: Fraction, report_hours: Fraction, factor: int, cap: Fraction) -> Fraction:
    """(validated hours + report hours) / hours of a credit, never more than the module's."""
    return min((validated + report_hours) / factor, cap)


@dataclass(frozen=True)
class Proposal:
    """The grade that the two evaluations lead to, as a share, with how it came about."""
    share: Fraction
    passed: bool
    host: Decimal
    academic: Decimal
    value: Decimal
    sentence: str


def proposal(host: Fraction, academic: Fraction, home: Scale = HOME) -> Proposal:
    """40 % the host, 60 % the academic supervisor, in grades of the home scale; who is under the pass mark in either
    does not pass, whatever the mean: as with any item that must be passed."""
    his, hers = grade(host, home, home), grade(academic, home, home)
    weighed = (Fraction(his.value) * HOST_PART + Fraction(hers.value) * ACADEMIC_PART) / 100
    both = his.passed and hers.passed
    share = home.share(weighed if both else min(weighed, Fraction(home.passing - home.step)))
    found = grade(share, home, home)
    sums = (f"{HOST_PART} % de {his.written} (institución anfitriona) y {ACADEMIC_PART} % de {hers.written} "
            f"(supervisión académica)")
    least = home.written(home.passing)
    sentence = (f"{sums}: {found.written}." if both else
                f"{sums}. Ambas deben ser al menos {least}: queda {found.written}.")
    return Proposal(share, found.passed, his.value, hers.value, found.value, sentence)


def summed(entries: Iterable[Entry], signatures: Iterable[Signed]) -> Mapping[str, int]:
    """Minutes told, validated, and of the validated those worked at a distance."""
    told, signed = list(entries), list(signatures)
    return {"told": sum(e.minutes for e in told), "validated": validated(told, signed),
            "remote": validated([e for e in told if e.remote], signed)}


def _minute(clock: str) -> int:
    found = CLOCK.fullmatch(clock)
    return int(found[1]) * 60 + int(found[2]) if found else 0


def _shape(entry: Entry) -> list[str]:
    if not CLOCK.fullmatch(entry.starts) or not CLOCK.fullmatch(entry.ends):
        return ["Escribir las horas como 09:00, de 00:00 a 23:59."]
    length = _minute(entry.ends) - _minute(entry.starts)
    if length <= 0:
        return [f"La hora de término ({entry.ends}) debe ser posterior a la de inicio ({entry.starts}). "
                "Si pasó de medianoche, anotar cada día por separado."]
    if not 0 <= entry.pause < length:
        return ["La pausa no puede ser negativa ni durar tanto como la jornada."]
    return []


def _when(entry: Entry, placement: Limits, today: date, clock: str) -> list[str]:
    if not placement.starts_on <= entry.day <= placement.ends_on:
        return [f"El {entry.day:%d-%m-%Y} está fuera de la pasantía, que va del {placement.starts_on:%d-%m-%Y} al "
                f"{placement.ends_on:%d-%m-%Y}."]
    if entry.day > today or entry.day == today and entry.ends > clock:
        return ["Está en el futuro. Anotar las horas cuando se hayan cumplido."]
    return []


def _regime(placement: Limits) -> str:
    return " (régimen de estudiantes, Ley 26.427)" if placement.student_regime else ""
