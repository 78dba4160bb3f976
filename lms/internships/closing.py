"""The office closes an internship: validated hours, credits and grade are frozen, what follows is written."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from lms.catalogue.rules import Module, Programme
from lms.cohorts.queries import CohortView
from lms.credits import actions as ledger
from lms.grading import changes, policies
from lms.grading.rules import Scale, grade, share_of
from lms.internships import placing, queries
from lms.internships.hours import Proposal, credits, proposal, summed
from lms.internships.queries import PlacementView, Record
from lms.internships.rules import asked_module
from lms.internships.source import NAME
from lms.people.rules import Refused, tidied


@dataclass(frozen=True)
class Reckoning:
    """What closing now would freeze, for the page and for the deed."""
    minutes: int                    # validated
    told: int
    remote: int
    report_hours: Fraction
    factor: int
    cap: Fraction
    credits: Fraction
    proposal: Proposal | None       # None until both have evaluated
    home: Scale
    module: Module | None

    @property
    def written(self) -> str:
        """"1,0"."""
        tenths = int(self.credits * 10)                     # what is not reached is not given
        return f"{tenths // 10},{tenths % 10}"

    @property
    def steps(self) -> list[str]:
        """How it was reckoned, in sentences."""
        hours = Fraction(self.minutes, 60)
        found = [f"{_number(hours)} h validadas" + (f" y {_number(self.report_hours)} h de informe" if self.report_hours
                 else "") + f", a {self.factor} h por crédito: {_number((hours + self.report_hours) / self.factor)}."]
        if (hours + self.report_hours) / self.factor > self.cap:
            found.append(f"El tope del módulo es {_number(self.cap)}.")
        return found + ([self.proposal.sentence] if self.proposal else [])


def reckon(session: Session, cohort: CohortView, programme: Programme, told: Record) -> Reckoning:
    """What the facts come to now."""
    sums, module = summed(told.entries, told.signatures), asked_module(programme)
    report = told.plan.plan.hours_for_report if told.plan else Fraction(0)
    factor = programme.credit_hours
    cap = Fraction(module.hours, factor) if module else Fraction(1)
    home = policies.of(session, cohort.id, cohort.country).home
    host, academic = told.evaluation("host"), told.evaluation("academic")
    shares = (host.share if host else None, academic.share if academic else None)
    proposed = proposal(shares[0], shares[1], home) if shares[0] is not None and shares[1] is not None else None
    return Reckoning(sums["validated"], sums["told"], sums["remote"], report, factor, cap,
                     credits(Fraction(sums["validated"], 60), report, factor, cap), proposed, home, module)


def items(module: Module | None) -> list[tuple[str, str]]:
    """(item, words) of the module in which the grade may be recorded; "-" is nowhere."""
    if module is None or not module.graded:
        return []
    names = {"quiz": "control", "task": "tarea", "": "todo el módulo"} | {i.code: i.name for i in module.grading.items}
    order = [*(i.code for i in module.grading.items), *changes.items_of(module)]
    return [(code, f"{module.code}: {names[code]}") for code in dict.fromkeys(order) if code != "quiz"]


def close(session: Session, actor_id: int, now: datetime, cohort: CohortView, programme: Programme,
          placement: PlacementView, *, value: Decimal | None = None, reason: str = "", item: str = "-",
          seen: int = 0) -> int:
    """Freeze it. `value`: another grade than proposed, on the home scale, with its reason; `item`: where the grade is
    recorded, "-" nowhere; `seen`: the last change of that grade the page showed. Returns the closing's number."""
    placing.held(session, placement.id, now)
    told = queries.record(session, placement.id)
    found = reckon(session, cohort, programme, told)
    share, written, why = _graded(found, value, reason)
    number = placing.take(session, actor_id, now, placement, "closed", frozen=json.dumps(
        _frozen(placement, found, share, written, why), ensure_ascii=False, sort_keys=True))
    if item != "-" and found.module:
        if item not in dict(items(found.module)):
            raise Refused("El módulo no tiene esa evaluación.", "item")
        changes.change(session, actor_id, now, cohort, programme, placement.person_id, found.module.code, item,
                       kind="set", share=share, reason=f"Pasantía en {placement.host}"[:300], seen=seen)
    ledger.ask_soon(session, now, NAME)
    return number


def reopen(session: Session, actor_id: int, now: datetime, placement: PlacementView, reason: str) -> int:
    """What was closed by mistake is open again: the ledger withdraws its hours; a recorded grade stays."""
    number = placing.take(session, actor_id, now, placement, "reopened", reason)
    ledger.ask_soon(session, now, NAME)
    return number


def _graded(found: Reckoning, value: Decimal | None, reason: str) -> tuple[Fraction, str, str]:
    """(share, as written, why it is not what was proposed)."""
    if found.proposal is None:
        raise Refused("Faltan evaluaciones: no hay nota que proponer.")
    home = found.home
    if value is None or value == found.proposal.value:
        return found.proposal.share, home.written(found.proposal.value), ""
    if not home.minimum <= value <= home.maximum or value % home.step:
        raise Refused(f"La nota va de {home.written(home.minimum)} a {home.written(home.maximum)}, de "
                      f"{home.written(home.step)} en {home.written(home.step)}.", "grade")
    if not found.proposal.passed and value >= home.passing:
        raise Refused(f"Ambas evaluaciones deben ser al menos {home.written(home.passing)}: con una menor no se "
                      "aprueba. Quien evaluó puede evaluar otra vez.", "grade")
    return (share_of(value, home, home), home.written(value),
            tidied(reason, "Motivo del cambio de nota", "reason", 300))


def _frozen(placement: PlacementView, found: Reckoning, share: Fraction, written: str, why: str) -> dict[str, Any]:
    proposed, given = found.proposal, grade(share, found.home, found.home)
    assert proposed is not None
    return {
        "host": placement.host, "country": placement.country, "city": placement.city, "area": placement.area,
        "modality": placement.modality, "starts_on": placement.starts_on.isoformat(),
        "ends_on": placement.ends_on.isoformat(), "host_supervisor": placement.supervisor_name,
        "academic_id": placement.academic_id, "minutes": found.minutes, "told": found.told, "remote": found.remote,
        "report_hours": str(found.report_hours), "factor": found.factor, "cap": str(found.cap),
        "credits": str(found.credits), "credits_written": found.written, "steps": found.steps,
        "module": found.module.code if found.module else "",
        "grade": {"share": str(share), "value": str(given.value), "written": written, "passed": given.passed,
                  "scale": found.home.id, "host": str(proposed.host), "academic": str(proposed.academic),
                  "proposed": str(proposed.value), "reason": why}}


def _number(value: Fraction) -> str:
    """"27", "1,5", "1,04": at most two decimals."""
    hundredths = round(value * 100)
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02}".rstrip("0").rstrip(",") if rest else str(whole)
