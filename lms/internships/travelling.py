"""What a journey cost and what was given on it: written by the office, withdrawn and never deleted, and read back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.cohorts.queries import CohortView
from lms.foundation import audit
from lms.foundation.database import Exact
from lms.internships import queries
from lms.internships.plans import Plan
from lms.internships.queries import PlacementView, Record
from lms.internships.rules import MODALITIES, STATES
from lms.internships.travel import CURRENCIES, PAYERS, BadAmount, Cost, Gift, Journey, amount, missing
from lms.internships.travel_models import TravelCost, TravelGift
from lms.people import countries
from lms.people import queries as people
from lms.people.rules import Refused, tidied

_C, _G = TravelCost.__table__.c, TravelGift.__table__.c
LATEST = 366                            # days after the stay: a gift or a bill may come late


@dataclass
class Moved:
    """The rows of one journey; those withdrawn apart."""
    costs: list[Cost] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    withdrawn: list[Cost | Gift] = field(default_factory=list)


def moved(session: Session, ids: Iterable[int]) -> dict[int, Moved]:
    """Placement -> its costs and gifts, first to last. One statement, however many."""
    session.flush()
    wanted = list(ids)
    query = union_all(
        select(literal("cost").label("what"), _C.placement_id, _C.id.label("id"), _C.item, _C.amount,
               cast(null(), Date).label("on"), _C.currency, _C.payer, _C.note, _C.added_at, _C.withdrawn_at).where(
            _C.placement_id.in_(wanted)),
        select(literal("gift"), _G.placement_id, _G.id, _G.what, cast(null(), Exact), _G.on, cast(null(), String),
               _G.occasion, _G.giver, _G.added_at, _G.withdrawn_at).where(_G.placement_id.in_(wanted))).order_by("id")
    found: dict[int, Moved] = {i: Moved() for i in wanted}
    for row in session.execute(query):
        of, one = found[row.placement_id], _one(row)
        if row.withdrawn_at:
            of.withdrawn.append(one)
        elif isinstance(one, Cost):
            of.costs.append(one)
        else:
            of.gifts.append(one)
    return found


def _one(row: Any) -> Cost | Gift:
    if row.what == "cost":
        return Cost(row.id, row.item, row.amount, row.currency, row.payer, row.note, row.added_at, row.withdrawn_at)
    return Gift(row.id, row.item, row.on, row.payer, row.note, row.added_at, row.withdrawn_at)


def journey(session: Session, cohort: CohortView, programme: str, view: PlacementView, told: Record, rows: Moved,
            now: datetime, notice: str = "") -> Journey:
    """The sheet as it stands now. One statement."""
    who, office = people.with_offices(session, [view.person_id])[view.person_id]
    facts = queries.facts_of(view, told)
    plan = told.plan.plan if told.plan else Plan()
    standing = queries.standing(session, view, told, now, "")
    supervisor = ", ".join(filter(None, (view.supervisor_name, view.supervisor_office)))
    return Journey(who.name, office, programme, f"{cohort.title} ({cohort.code})", view.host, view.area, view.city,
                   countries.name(view.country), view.starts_on, view.ends_on, MODALITIES[view.modality],
                   STATES[standing.state], supervisor, plan, tuple(told.papers), tuple(rows.costs), tuple(rows.gifts),
                   missing(facts, told.papers, plan, rows.costs), cohort_day(cohort, now), notice)


def cohort_day(cohort: CohortView, now: datetime) -> date:
    return now.astimezone(ZoneInfo(cohort.time_zone)).date()


def add_cost(session: Session, actor_id: int, now: datetime, placement: PlacementView, *, item: str, text: str,
             currency: str, payer: str, note: str = "") -> int:
    """One item, who paid it and in which currency."""
    if payer not in PAYERS:
        raise Refused("Elegir quién paga.", "payer")
    if currency not in CURRENCIES:
        raise Refused("Elegir la moneda.", "currency")
    if payer == "other" and not note.strip():
        raise Refused("Decir en la nota quién paga.", "note")
    try:
        sum_of: Fraction = amount(text, currency)
    except BadAmount as bad:
        raise Refused(str(bad), "amount") from None
    made = TravelCost(placement_id=placement.id, item=tidied(item, "Concepto", "item", 120), amount=sum_of,
                      currency=currency, payer=payer, note=tidied(note, "Nota", "note", 300, needed=False),
                      added_at=now, added_by=actor_id)
    return _added(session, actor_id, now, placement, made, "cost")


def add_gift(session: Session, actor_id: int, now: datetime, placement: PlacementView, *, what: str, on: date,
             occasion: str, giver: str) -> int:
    """An official gift that was received: neither of tomorrow nor of long before the journey."""
    if on > placement.today(now):
        raise Refused("La fecha está en el futuro.", "on")
    if not 0 <= (on - placement.starts_on).days + LATEST <= (placement.ends_on - placement.starts_on).days + 2 * LATEST:
        raise Refused(f"La pasantía es del {placement.starts_on:%d-%m-%Y} al {placement.ends_on:%d-%m-%Y}: la fecha "
                      "está a más de un año.", "on")
    made = TravelGift(placement_id=placement.id, what=tidied(what, "Regalo", "what"), on=on,
                      occasion=tidied(occasion, "Ocasión", "occasion"), giver=tidied(giver, "Quién lo dio", "giver"),
                      added_at=now, added_by=actor_id)
    return _added(session, actor_id, now, placement, made, "gift")


def withdraw(session: Session, actor_id: int, now: datetime, placement: PlacementView, kind: str, row_id: int) -> None:
    """A cost or a gift written by mistake no longer counts; its row stays, with the day on which it ceased to."""
    table: Any = {"cost": TravelCost, "gift": TravelGift}[kind]
    row = session.scalar(select(table).where(table.id == row_id, table.placement_id == placement.id,
                                             table.withdrawn_at.is_(None)).with_for_update())
    if row is None:
        raise Refused("Esa fila ya no se puede retirar.")
    row.withdrawn_at = now
    session.flush()
    audit.record(session, actor_id, now, f"travel.{kind}_withdrawn", f"placement:{placement.id}", placement.cohort_id,
                 row=row_id)


def _added(session: Session, actor_id: int, now: datetime, placement: PlacementView, made: Any, kind: str) -> int:
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, f"travel.{kind}_added", f"placement:{placement.id}", placement.cohort_id,
                 row=made.id)
    number: int = made.id
    return number
