"""Placements as a given person may see them: the office all of a cohort, a supervisor and a participant their own."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, column, select, table
from sqlalchemy.orm import Session

from lms.exchange import queries as exchange
from lms.internships.hours import Limits, validated
from lms.internships.models import Placement, PlacementEvent
from lms.internships.plans import Terms
from lms.internships.record import Record as Record
from lms.internships.record import record as record
from lms.internships.record import records as records
from lms.internships.rules import MODALITIES, Facts, next_step, refusals, state

# The host by key, as the foreign key has it: one statement for a placement and its host's name.
HOSTS = table("institutions", column("id"), column("name"))
_P, _E = Placement.__table__.c, PlacementEvent.__table__.c
FIELDS = ("id", "application_id", "agreement_id", "cohort_id", "person_id", "host_id", "country", "city", "area",
          "modality", "language", "time_zone", "starts_on", "ends_on", "hours", "supervisor_name", "supervisor_email",
          "supervisor_office", "academic_id", "student_regime", "authority", "emergency_contact", "made_at")


@dataclass(frozen=True)
class PlacementView:
    """One participant at one host."""
    id: int
    application_id: int | None
    agreement_id: int | None
    cohort_id: int
    person_id: int
    host_id: int
    country: str
    city: str
    area: str
    modality: str
    language: str
    time_zone: str
    starts_on: date
    ends_on: date
    hours: Fraction
    supervisor_name: str
    supervisor_email: str
    supervisor_office: str
    academic_id: int | None
    student_regime: bool
    authority: bool
    emergency_contact: str
    made_at: datetime
    host: str

    @property
    def place(self) -> str:
        return f"{self.city}, {self.country}"

    def today(self, now: datetime) -> date:
        """The day it is at the host."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def limits(self) -> Limits:
        return Limits(self.starts_on, self.ends_on, self.student_regime)

    def terms(self, academic: str) -> Terms:
        return Terms(self.host, self.place, self.starts_on.isoformat(), self.ends_on.isoformat(), str(self.hours),
                     MODALITIES[self.modality], f"{self.supervisor_name} <{self.supervisor_email}>", academic,
                     self.academic_id)


@dataclass(frozen=True)
class Standing:
    """Where a placement stands and what keeps it from the next step."""
    state: str
    facts: Facts
    next: str
    missing: tuple[str, ...]


def placement(session: Session, placement_id: int, cohort_id: int | None = None) -> PlacementView | None:
    """One placement; with a cohort, only one of that cohort."""
    query = _placements().where(_P.id == placement_id)
    return _first(session, query if cohort_id is None else query.where(_P.cohort_id == cohort_id))


def of_person(session: Session, cohort_id: int, person_id: int) -> list[PlacementView]:
    """A participant's own, the newest first."""
    return _all(session, _placements().where(_P.cohort_id == cohort_id, _P.person_id == person_id).order_by(
        _P.id.desc()))


def supervised(session: Session, person_id: int, placement_id: int | None = None) -> list[PlacementView]:
    """Those that name this person as academic supervisor, in the order they begin."""
    query = _placements().where(_P.academic_id == person_id)
    return _all(session, (query if placement_id is None else query.where(_P.id == placement_id)).order_by(
        _P.starts_on.desc(), _P.id))


def of_cohorts(session: Session, cohort_ids: Iterable[int]) -> list[PlacementView]:
    return _all(session, _placements().where(_P.cohort_id.in_(list(cohort_ids))).order_by(_P.starts_on, _P.id))


def of_cohort(session: Session, cohort_id: int) -> list[PlacementView]:
    return _all(session, _placements().where(_P.cohort_id == cohort_id).order_by(_P.starts_on, _P.id))


def standing(session: Session, placement: PlacementView, told: Record, now: datetime, agreement: str | None = None
             ) -> Standing:
    """Judged now, at the host's day. `agreement` when it is known already how that stands."""
    day = placement.today(now)
    if agreement is None:
        agreement = _agreement(exchange.standings(session, [placement.agreement_id], day), placement)
    facts = facts_of(placement, told, agreement)
    where = state((e.kind for e in told.events), placement.ends_on, day)
    following = next_step(where)
    return Standing(where, facts, following, refusals(following, where, facts, day) if following else ())


def standings(session: Session, placements: Iterable[PlacementView], now: datetime
              ) -> dict[int, tuple[Standing, Record]]:
    """The same of many: two statements."""
    wanted = list(placements)
    told = records(session, [p.id for p in wanted])
    how = exchange.standings(session, [p.agreement_id for p in wanted], now.date())
    return {p.id: (standing(session, p, told[p.id], now, _agreement(how, p)), told[p.id]) for p in wanted}


def facts_of(placement: PlacementView, told: Record, agreement: str = "") -> Facts:
    """All that the steps ask, gathered from what happened."""
    plan = told.plan
    words = [a for a in told.approvals if plan and a.plan_id == plan.id]
    return Facts(
        placement.starts_on, placement.ends_on, placement.country, placement.hours, placement.modality,
        authority=placement.authority,
        host_supervisor=bool(placement.supervisor_name and placement.supervisor_email),
        academic_supervisor=placement.academic_id is not None, agreement=agreement,
        plan=plan.version if plan else 0, plan_gaps=plan.plan.gaps if plan else (),
        plan_current=plan is None or plan.terms == placement.terms(plan.terms.academic_supervisor),
        approved=frozenset(a.party for a in words if a.approved),
        objected=frozenset(a.party for a in words if not a.approved),
        covers=tuple((p.starts_on, p.ends_on) for p in told.papers
                     if p.kind == "insurance" and p.starts_on and p.ends_on),
        council=tuple(p.dated_on for p in told.papers if p.kind == "council" and p.dated_on),
        told=sum(e.minutes for e in told.entries), validated=validated(told.entries, told.signatures),
        report=told.report.version if told.report else 0,
        evaluated=frozenset(e.party for e in told.evaluations))


@dataclass(frozen=True)
class ClosedPlacement:
    """A closed placement as it was frozen when it was closed."""
    id: int
    person_id: int
    host: str
    country: str
    city: str
    starts_on: date
    ends_on: date
    hours: Fraction             # validated
    credits: Fraction
    grade: Decimal | None       # home scale
    closed_at: datetime
    area: str = ""
    modality: str = ""
    credits_written: str = ""
    grade_written: str = ""
    event_id: int = 0


def closed(session: Session, cohort_id: int, placement_id: int | None = None) -> list[ClosedPlacement]:
    """Those that are closed now. One statement."""
    return closed_in(session, [cohort_id], placement_id)


def closed_in(session: Session, cohort_ids: Iterable[int], placement_id: int | None = None) -> list[ClosedPlacement]:
    """The same of several cohorts."""
    query = select(_P.id, _P.person_id, _E.id.label("event_id"), _E.kind, _E.at, _E.frozen).join_from(
        Placement.__table__, PlacementEvent.__table__, _E.placement_id == _P.id).where(
        _P.cohort_id.in_(list(cohort_ids)), _E.kind.in_(("closed", "reopened"))).order_by(_E.id)
    last: dict[int, Any] = {}
    for row in session.execute(query if placement_id is None else query.where(_P.id == placement_id)):
        last[row.id] = row
    return [_closed(row) for row in last.values() if row.kind == "closed"]


def _closed(row: Any) -> ClosedPlacement:
    said = json.loads(row.frozen)
    grade = said["grade"]
    return ClosedPlacement(
        row.id, row.person_id, said["host"], said["country"], said["city"], date.fromisoformat(said["starts_on"]),
        date.fromisoformat(said["ends_on"]), Fraction(said["minutes"], 60), Fraction(said["credits"]),
        Decimal(grade["value"]) if grade else None, row.at, said["area"], said["modality"], said["credits_written"],
        grade["written"] if grade else "", row.event_id)


def _placements() -> Select[Any]:
    return select(*(_P[name] for name in FIELDS), HOSTS.c.name).join_from(
        Placement.__table__, HOSTS, HOSTS.c.id == _P.host_id)


def _all(session: Session, query: Select[Any]) -> list[PlacementView]:
    session.flush()
    return [PlacementView(*row) for row in session.execute(query)]


def _first(session: Session, query: Select[Any]) -> PlacementView | None:
    return next(iter(_all(session, query)), None)


def _agreement(found: dict[int, Any], placement: PlacementView) -> str:
    if placement.agreement_id is None:
        return ""
    how = found.get(placement.agreement_id)
    return "" if how is None else "in_force" if how.in_force else "lapsed"
