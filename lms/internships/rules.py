"""What keeps an internship from its next step, each thing by name; its states are in states.py. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.rules import Module, Programme
from lms.internships.hours import Limits as Limits
from lms.internships.states import MODALITIES as MODALITIES
from lms.internships.states import PAPERS as PAPERS
from lms.internships.states import PARTIES as PARTIES
from lms.internships.states import PLANNING as PLANNING
from lms.internships.states import SETTLED as SETTLED
from lms.internships.states import STARTED as STARTED
from lms.internships.states import STATE_KINDS as STATE_KINDS
from lms.internships.states import STATES as STATES
from lms.internships.states import STEPS as STEPS
from lms.internships.states import next_step as next_step
from lms.internships.states import offered as offered
from lms.internships.states import state as state

LONG_STAY = 10                      # days away from which the council must agree (LOC 18.695, art. 79 ll)


@dataclass(frozen=True)
class Facts:
    """What is known of a placement on a day: all that its steps ask."""
    starts_on: date
    ends_on: date
    country: str
    hours: Fraction = Fraction(0)
    modality: str = "site"
    authority: bool = False                     # a Chilean mayor or councillor
    host_supervisor: bool = False               # named, with an address
    academic_supervisor: bool = False
    agreement: str = ""                         # in_force | lapsed | "" where there is none
    plan: int = 0                               # its present version
    plan_current: bool = True                   # says the dates, hours and supervisors of now
    plan_gaps: tuple[str, ...] = ()
    approved: frozenset[str] = frozenset()      # parties, of the present version
    objected: frozenset[str] = frozenset()
    covers: tuple[tuple[date, date], ...] = ()  # insurance
    council: tuple[date, ...] = ()              # dates of the council's agreements
    told: int = 0                               # minutes
    validated: int = 0                          # minutes
    report: int = 0                             # version handed in
    evaluated: frozenset[str] = field(default_factory=frozenset)       # parties


def refusals(step: str, now: str, facts: Facts, today: date) -> tuple[str, ...]:
    """All that keeps a placement in state `now` from taking a step, in Spanish; empty when it may be taken."""
    rule = STEPS[step]
    if now not in rule.start:
        return (f"Desde «{STATES[now]}» no se puede: este paso se da desde "
                + " o ".join(f"«{STATES[s]}»" for s in rule.start) + ".",)
    match step:
        case "proposed":
            return (*_dates(facts), *_planned(facts))
        case "plan_approved":
            return (*_planned(facts), *_approved(facts))
        case "authorised":
            return _ready(facts, today)
        case "in_progress":
            return (*_ready(facts, today), *_begun(facts, today))
        case "report_due":
            return _worked(facts, today)
        case "evaluated":
            return _judged(facts)
        case "closed":
            return (*_judged(facts), *(() if facts.validated else (
                "No hay horas validadas: la institución anfitriona debe firmar las semanas de la bitácora.",)))
        case "resumed":
            return _ready(facts, today)
        case _:
            return ()


def needs_council(facts: Facts) -> str:
    """Why the council must agree first; "" when it need not. Who works at a distance goes nowhere."""
    if not facts.authority or facts.modality == "remote":
        return ""
    if facts.country != "CL":
        return "sale del país"
    return f"dura más de {LONG_STAY} días" if (facts.ends_on - facts.starts_on).days + 1 > LONG_STAY else ""


def uncovered(covers: Sequence[tuple[date, date]], starts_on: date, ends_on: date) -> tuple[date, date] | None:
    """The first days of the span that no insurance covers."""
    day = starts_on
    for start, end in sorted(covers):
        if start > day:
            return day, min(start - timedelta(days=1), ends_on)
        day = max(day, end + timedelta(days=1))
        if day > ends_on:
            return None
    return (day, ends_on) if day <= ends_on else None


def _dates(facts: Facts) -> list[str]:
    found = []
    if facts.ends_on < facts.starts_on:
        found.append("La fecha de término es anterior a la de inicio.")
    if facts.hours <= 0:
        found.append("Faltan las horas de trabajo previstas.")
    return found


def _planned(facts: Facts) -> list[str]:
    if not facts.plan:
        return ["Falta el plan de trabajo: lo escribe quien participa."]
    found = [f"Al plan de trabajo le falta: {', '.join(facts.plan_gaps)}."] if facts.plan_gaps else []
    if not facts.plan_current:
        found.append("Cambiaron las fechas, las horas o quienes supervisan después de escrito el plan: falta una "
                     "versión nueva.")
    return found


def _approved(facts: Facts) -> list[str]:
    found = [f"{PARTIES[p]} pidió cambios en la versión {facts.plan} del plan: falta una versión nueva."
             for p in PARTIES if p in facts.objected]
    waiting = [PARTIES[p].lower() for p in PARTIES if p not in facts.approved | facts.objected]
    if waiting:
        found.append(f"Falta que aprueben la versión {facts.plan} del plan: {', '.join(waiting)}.")
    return found


def _supervised(facts: Facts) -> list[str]:
    found = []
    if not facts.host_supervisor:
        found.append("Falta quien supervisa en la institución anfitriona: nombre y correo.")
    if not facts.academic_supervisor:
        found.append("Falta quien supervisa por la Escuela.")
    return found


def _insured(facts: Facts) -> list[str]:
    if not facts.covers:
        return [f"Falta el seguro del {_day(facts.starts_on)} al {_day(facts.ends_on)}."]
    if gap := uncovered(facts.covers, facts.starts_on, facts.ends_on):
        days = f"el {_day(gap[0])}" if gap[0] == gap[1] else f"del {_day(gap[0])} al {_day(gap[1])}"
        return [f"El seguro no cubre {days}."]
    return []


def _agreed(facts: Facts, today: date) -> list[str]:
    if not (why := needs_council(facts)):
        return []
    if not facts.council:
        return [f"Falta el acuerdo del concejo: es autoridad chilena y la pasantía {why} (Ley 18.695, art. 79 ll)."]
    if min(facts.council) >= facts.starts_on:
        return [f"El acuerdo del concejo es del {_day(min(facts.council))}: debe ser anterior al inicio, el "
                f"{_day(facts.starts_on)} (Ley 18.695, art. 79 ll)."]
    if min(facts.council) > today:
        return [f"El acuerdo del concejo lleva una fecha futura, {_day(min(facts.council))}."]
    return []


def _ready(facts: Facts, today: date) -> tuple[str, ...]:
    lapsed = ["El convenio bajo el que se hace ya no está vigente: renovarlo o elegir otro."] \
        if facts.agreement == "lapsed" else []
    return (*_dates(facts), *_planned(facts), *(_approved(facts) if facts.plan else ()), *_supervised(facts),
            *_insured(facts), *_agreed(facts, today), *lapsed)


def _begun(facts: Facts, today: date) -> list[str]:
    if today < facts.starts_on:
        return [f"Comienza el {_day(facts.starts_on)}: antes no se puede dar inicio."]
    return []


def _worked(facts: Facts, today: date) -> tuple[str, ...]:
    if today >= facts.ends_on or facts.validated >= facts.hours * 60:
        return ()
    return (f"Termina el {_day(facts.ends_on)} y aún no están validadas las {_hours(facts.hours)} h previstas.",)


def _judged(facts: Facts) -> tuple[str, ...]:
    found = [] if facts.report else ["Falta el informe final."]
    if "host" not in facts.evaluated:
        found.append("Falta la evaluación de la institución anfitriona.")
    if "academic" not in facts.evaluated:
        found.append("Falta la evaluación de la supervisión académica.")
    return tuple(found)


def selection_refusal(places: int, taken: int) -> str | None:
    """Why one more can not be selected."""
    if taken >= places:
        return (f"Los {places} cupos ya están asignados." if places != 1 else "El único cupo ya está asignado.") + \
            " Dejar a la persona en lista de reserva o liberar un cupo."
    return None


def offer_refusal(published: bool, closed: bool, late: bool) -> str | None:
    """Why nobody can apply any more, or yet."""
    if closed or not published:
        return "Esta oferta no recibe postulaciones."
    return "El plazo para postular terminó." if late else None


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def _hours(hours: Fraction) -> str:
    exact = Decimal(hours.numerator) / Decimal(hours.denominator)
    return f"{exact.normalize():f}".replace(".", ",")


def asked_module(programme: Programme) -> Module | None:
    """The module that is an internship."""
    return next((m for m in programme.modules if m.competency == "internship"), None)


def asks(programme: Programme) -> bool:
    """Whether a programme has anything to do with internships."""
    kinds = {way.kind for r in programme.requirements for way in (r.alternatives if r.kind == "any" else ())}
    return asked_module(programme) is not None or "internship" in kinds | {r.kind for r in programme.requirements}
