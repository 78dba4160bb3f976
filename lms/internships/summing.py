"""Hours and credits by host, country and year: of closed internships as frozen, of running ones apart. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from lms.internships.hours import validated
from lms.internships.queries import ClosedPlacement, PlacementView, Record
from lms.internships.rules import state
from lms.people import countries

RUNNING = ("in_progress", "report_due", "evaluated", "interrupted")


@dataclass(frozen=True)
class Line:
    """One internship as it counts here. `closed`: hours and credits are frozen; else the hours validated so far."""
    person_id: int
    host: str
    country: str                    # in words
    year: int                       # in which it ends
    hours: Fraction
    credits: Fraction
    closed: bool


@dataclass
class Sum:
    """What a group of them comes to."""
    label: str
    closed: int = 0
    hours: Fraction = Fraction(0)
    credits: Fraction = Fraction(0)
    running: int = 0
    running_hours: Fraction = Fraction(0)
    persons: set[int] = field(default_factory=set)

    @property
    def people(self) -> int:
        return len(self.persons)

    def add(self, line: Line) -> None:
        self.persons.add(line.person_id)
        if line.closed:
            self.closed += 1
            self.hours += line.hours
            self.credits += line.credits
        else:
            self.running += 1
            self.running_hours += line.hours


def lines(closed: Iterable[ClosedPlacement], others: Iterable[tuple[PlacementView, Record]]) -> list[Line]:
    """Those closed by what their closing says, whatever was changed since; of the others those that have begun."""
    found = [Line(c.person_id, c.host, countries.name(c.country), c.ends_on.year, c.hours, c.credits, True)
             for c in closed]
    for view, told in others:
        if state((e.kind for e in told.events), view.ends_on, view.ends_on) in RUNNING:
            hours = Fraction(validated(told.entries, told.signatures), 60)
            found.append(Line(view.person_id, view.host, countries.name(view.country), view.ends_on.year, hours,
                              Fraction(0), False))
    return found


def by(told: Iterable[Line], part: str) -> list[Sum]:
    """By "host", "country" or "year": years in order, the others by hours, most first."""
    found: dict[str, Sum] = {}
    for line in told:
        label = str(getattr(line, part))
        found.setdefault(label, Sum(label)).add(line)
    if part == "year":
        return [found[label] for label in sorted(found)]
    return sorted(found.values(), key=lambda s: (-s.hours, -s.running_hours, s.label))


def overall(told: Iterable[Line]) -> Sum:
    found = Sum("Total")
    for line in told:
        found.add(line)
    return found


HEADER = ("Año", "País", "Institución anfitriona", "Personas", "Pasantías cerradas", "Horas validadas", "Créditos",
          "Pasantías en curso", "Horas validadas en curso")


def table(told: Iterable[Line]) -> list[list[str | int | Decimal]]:
    """A row for each year, country and host, to be summed further by who takes it away."""
    found: dict[tuple[int, str, str], Sum] = {}
    for line in told:
        found.setdefault((line.year, line.country, line.host), Sum(line.host)).add(line)
    return [[*key, s.people, s.closed, exact(s.hours), exact(s.credits), s.running, exact(s.running_hours)]
            for key, s in sorted(found.items())]


def exact(value: Fraction) -> Decimal:
    """To two decimals, half up; what is whole without any."""
    hundredths = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    found = Decimal(hundredths) / 100
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found
