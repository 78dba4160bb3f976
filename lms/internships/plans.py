"""The work plan as a value: what its three parties approve, byte by byte. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any

MOST_REPORT_HOURS = 40


@dataclass(frozen=True)
class Activity:
    """One line of the calendar."""
    what: str
    since: str = ""             # ISO dates; "" where none is said
    until: str = ""
    hours: str = ""             # "5", "2,5"

    @property
    def days(self) -> tuple[date | None, date | None]:
        return (date.fromisoformat(self.since) if self.since else None,
                date.fromisoformat(self.until) if self.until else None)


@dataclass(frozen=True)
class Plan:
    """What the participant sets out to do."""
    objectives: str = ""
    outcomes: tuple[str, ...] = ()
    activities: tuple[Activity, ...] = ()
    products: str = ""
    indicators: str = ""
    report_hours: str = "0"     # of work at the report, that count for credit beside those in the log

    @property
    def gaps(self) -> tuple[str, ...]:
        """What a plan can not be without, by name."""
        named = ((self.objectives, "los objetivos"), (self.outcomes, "los resultados de aprendizaje"),
                 (self.activities, "las actividades con su calendario"), (self.products, "los productos esperados"),
                 (self.indicators, "los indicadores"))
        return tuple(name for found, name in named if not found)

    @property
    def hours_for_report(self) -> Fraction:
        return Fraction(self.report_hours or "0")


@dataclass(frozen=True)
class Terms:
    """What of the placement stands in the plan, so that what changes later is not what was approved."""
    host: str
    place: str
    starts_on: str
    ends_on: str
    hours: str
    modality: str
    host_supervisor: str
    academic_supervisor: str
    academic_id: int | None = None


def canonical(plan: Plan, terms: Terms) -> str:
    """The bytes that are approved: JSON with sorted names, one form for one content."""
    return json.dumps({"plan": asdict(plan), "terms": asdict(terms)}, ensure_ascii=False, sort_keys=True,
                      separators=(",", ":"))


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def read(content: str) -> tuple[Plan, Terms]:
    said: Mapping[str, Any] = json.loads(content)
    plan = said["plan"]
    return (Plan(plan["objectives"], tuple(plan["outcomes"]), tuple(Activity(**a) for a in plan["activities"]),
                 plan["products"], plan["indicators"], plan["report_hours"]), Terms(**said["terms"]))


def faults(plan: Plan, starts_on: date, ends_on: date) -> tuple[str, ...]:
    """What is wrong with a plan that is to be kept; gaps may still be filled in later."""
    found = []
    for activity in plan.activities:
        since, until = activity.days
        if since and until and until < since:
            found.append(f"«{activity.what[:60]}» termina antes de comenzar.")
        if any(day and not starts_on <= day <= ends_on for day in (since, until)):
            found.append(f"«{activity.what[:60]}» está fuera de las fechas de la pasantía, del {starts_on:%d-%m-%Y} al "
                         f"{ends_on:%d-%m-%Y}.")
    return tuple(found)
