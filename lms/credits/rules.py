"""Facts that come from outside: hours in a seminar, hours of an internship. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
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


GROUPS: dict[str, tuple[type, str, str]] = {        # what a source of each group tells: its type, its title, the kind
    "lms.seminars": (Attended, "seminar", "attendance"), "lms.internships": (Earned, "host", "internship")}
LONGEST = {"reference": 120, "email": 254, "title": 200}


def fact_refusal(fact: object, group: str) -> str | None:
    """Why what a source yielded is not a fact at all, in Spanish with the remedy; None when it is."""
    wanted, title, _kind = GROUPS[group]
    if not isinstance(fact, (Attended, Earned)) or not isinstance(fact, wanted):
        return f"La fuente entregó {type(fact).__name__}; debe entregar {wanted.__name__} (lms.credits.rules)."
    if not isinstance(fact.withdrawn, bool):
        return "«withdrawn» debe ser True o False."
    for name in ("reference",) if fact.withdrawn else ("reference", "email", title):    # it is taken back by its name
        value, most = getattr(fact, name), LONGEST["title" if name == title else name]
        if not isinstance(value, str) or not value.strip() or len(value) > most or not value.isprintable():
            return f"«{name}» debe ser un texto de una línea, de 1 a {most} caracteres."
    hours, day = fact.hours, fact.day
    if isinstance(hours, bool) or not isinstance(hours, (Fraction, int, Decimal)):
        return "«hours» debe ser exacto: Fraction, int o Decimal, nunca float ni texto."
    if isinstance(hours, Decimal) and not hours.is_finite() or len(str(Fraction(hours))) > 60:
        return "«hours» no es una cantidad de horas."
    if not isinstance(day, date) or isinstance(day, datetime):
        return "«day» debe ser una fecha sin hora (datetime.date)."
    return None


@dataclass(frozen=True)
class Known:
    """What stands under a reference of a source."""
    id: int
    kind: str
    cohort_id: int
    person_id: int
    title: str
    hours: Fraction
    day: date
    withdrawn: bool                 # by the source itself


def contradiction(known: Known, fact: Attended | Earned, kind: str, cohort_id: int, person_id: int) -> str | None:
    """Why a fact told again can not be what stands under its reference; None when it is the same."""
    if known.withdrawn:
        return "La fuente retiró esta referencia antes. Lo que vuelve a contar lleva una referencia nueva."
    title = fact.seminar if isinstance(fact, Attended) else fact.host
    for name, was, now in (("clase", known.kind, kind), ("cohorte", known.cohort_id, cohort_id),
                           ("persona", known.person_id, person_id), ("horas", known.hours, Fraction(fact.hours)),
                           ("fecha", known.day, fact.day), ("nombre", known.title, title.strip())):
        if was != now:
            told = "" if name in ("cohorte", "persona") else f" ({was}, y ahora dice {now})"
            return (f"Esta referencia ya se anotó y no coincide en: {name}{told}. "
                    "Retirarla y contar lo corregido con una referencia nueva.")
    return None
