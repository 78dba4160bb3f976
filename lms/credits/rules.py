"""Facts that come from outside: hours in a seminar, hours of an internship. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

KINDS = {"attendance": "Asistencia a seminario", "internship": "Pasantía"}
MOST_HOURS = 500                    # of one entry: more is a slip of the finger


@dataclass(frozen=True)
class Attended:
    """Somebody attended a seminar, as a source tells it."""
    reference: str                  # the source's own id: the same fact told twice is one fact
    email: str
    seminar: str
    hours: Fraction
    day: date
    withdrawn: bool = False         # the source takes back what it said under this reference


@dataclass(frozen=True)
class Earned:
    """Somebody did hours of internship, validated by the host."""
    reference: str
    email: str
    host: str
    hours: Fraction
    day: date
    withdrawn: bool = False


@dataclass(frozen=True)
class Hours:
    """What a person has, of work hours."""
    attendance: Fraction = Fraction(0)
    internship: Fraction = Fraction(0)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""
    id: int
    source: str
    reference: str
    kind: str
    person_id: int
    title: str
    hours: Fraction
    day: date
    note: str = ""
    withdraws_id: int | None = None


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that hold: those nobody has withdrawn."""
    found = list(entries)
    withdrawn = {e.withdraws_id for e in found if e.withdraws_id}
    return [e for e in found if e.withdraws_id is None and e.id not in withdrawn]


def total(entries: Iterable[Entry]) -> dict[int, Hours]:
    """Person id -> hours of each kind that hold."""
    sums: dict[int, dict[str, Fraction]] = {}
    for entry in standing(entries):
        mine = sums.setdefault(entry.person_id, {"attendance": Fraction(0), "internship": Fraction(0)})
        mine[entry.kind] += entry.hours
    return {person: Hours(**mine) for person, mine in sums.items()}


def refusal(kind: str, title: str, hours: Fraction, day: date, today: date) -> str | None:
    """Why an entry can not be taken, in Spanish; None when it can."""
    if kind not in KINDS:
        return f"«{kind}» no es una clase de crédito. Las clases son: {', '.join(KINDS)}."
    if not title.strip():
        return "Falta el nombre del seminario o de la institución receptora."
    if hours <= 0:
        return "Las horas deben ser más que cero."
    if hours > MOST_HOURS:
        return f"Son {hours} horas: más de {MOST_HOURS} en una sola anotación. Revisar la cifra."
    if day > today:
        return f"La fecha {day:%d-%m-%Y} está en el futuro. Anotar las horas cuando se hayan cumplido."
    return None
