"""Placements made and changed, their papers, and the steps from one state to the next."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.cohorts import queries as cohorts
from lms.cohorts.rules import HOME_ZONES
from lms.foundation import audit
from lms.internships import queries
from lms.internships.models import ApplicationEvent, Placement, PlacementEvent, PlacementPaper
from lms.internships.offers import ApplicationView, OfferView
from lms.internships.queries import PlacementView, Standing
from lms.internships.rules import PAPERS, SETTLED, STARTED, STATES, STEPS
from lms.people import emails
from lms.people.rules import HOME_ZONE, Refused, tidied

DATES = ("starts_on",)          # what does not move once it has begun
FREED = "La pasantía se canceló."


@dataclass(frozen=True)
class Draft:
    """All that the office writes of a placement."""
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
    supervisor_name: str = ""
    supervisor_email: str = ""
    supervisor_office: str = ""
    academic_id: int | None = None
    agreement_id: int | None = None
    student_regime: bool = False
    authority: bool = False
    emergency_contact: str = ""


def make(session: Session, actor_id: int, now: datetime, cohort_id: int, person_id: int, draft: Draft,
         application_id: int | None = None) -> int:
    """A placement in preparation. Nobody is at two hosts on one day."""
    draft = _checked(draft)
    cohorts.hold(session, cohort_id)                # two hands can not give one person two places
    for other in queries.of_person(session, cohort_id, person_id):
        where = queries.standing(session, other, queries.record(session, other.id), now, "").state
        if where != "cancelled" and other.starts_on <= draft.ends_on and draft.starts_on <= other.ends_on:
            raise Refused(f"Esta persona ya tiene una pasantía en {other.host} del {other.starts_on:%d-%m-%Y} al "
                          f"{other.ends_on:%d-%m-%Y} ({STATES[where].lower()}).")
    made = Placement(cohort_id=cohort_id, person_id=person_id, application_id=application_id, made_at=now,
                     made_by=actor_id, **vars(draft))
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "placement.made", f"placement:{made.id}", cohort_id, person=person_id)
    return made.id


def from_offer(session: Session, actor_id: int, now: datetime, offer: OfferView, asked: ApplicationView) -> int:
    """What the offer says, for who was selected."""
    same = {f.name: getattr(offer, f.name) for f in fields(Draft) if hasattr(offer, f.name)}
    draft = Draft(time_zone=HOME_ZONES.get(offer.country, HOME_ZONE), **same)
    return make(session, actor_id, now, asked.cohort_id, asked.person_id, draft, asked.id)


def change(session: Session, actor_id: int, now: datetime, placement: PlacementView, draft: Draft) -> None:
    """What it says from now on. Once it began, the host and the first day stand; closed, nothing changes."""
    row, standing = held(session, placement.id, now)
    if standing.state in SETTLED:
        raise Refused(f"La pasantía está {STATES[standing.state].lower()}: ya no se cambia.")
    draft = _checked(draft)
    changed = [name for name, value in vars(draft).items() if getattr(row, name) != value]
    if standing.state in STARTED and (fixed := {"host_id", "starts_on", "country"} & set(changed)):
        raise Refused("Ya comenzó: la institución y la fecha de inicio no se cambian.", min(fixed))
    if changed:
        session.execute(update(Placement).where(Placement.id == row.id).values({n: getattr(draft, n) for n in changed}))
        audit.record(session, actor_id, now, "placement.changed", f"placement:{placement.id}", placement.cohort_id,
                     fields=changed)


def take(session: Session, actor_id: int | None, now: datetime, placement: PlacementView, step: str, reason: str = "",
         frozen: str = "") -> int:
    """A step, when nothing stands in its way; all that does is told at once."""
    _row, standing = held(session, placement.id, now)
    if step not in STEPS:
        raise Refused("Ese paso no existe.")
    fresh = queries.placement(session, placement.id)
    assert fresh is not None
    if why := queries.refusals(step, standing.state, standing.facts, fresh.today(now)):
        raise Refused(" ".join(why))
    if STEPS[step].reasoned:
        reason = tidied(reason, "Motivo", "reason", 300)
    return _write(session, actor_id, now, placement, step, reason, frozen)


def advance(session: Session, actor_id: int | None, now: datetime, placement: PlacementView) -> str:
    """What the last fact leads to by itself: the plan approved by all, the evaluations complete. The new state."""
    _row, standing = held(session, placement.id, now)
    step = standing.next
    if step and STEPS[step].by_fact and not standing.missing:
        _write(session, actor_id, now, placement, step, "", "")
        return STEPS[step].to
    return standing.state


def step_back(session: Session, actor_id: int | None, now: datetime, placement: PlacementView) -> None:
    """A plan that was approved has a new version: it is a proposal again."""
    _write(session, actor_id, now, placement, "replanned", "", "")


def add_paper(session: Session, actor_id: int, now: datetime, placement: PlacementView, *, kind: str, issuer: str,
              number: str = "", dated_on: date | None = None, starts_on: date | None = None,
              ends_on: date | None = None, note: str = "", sha256: str = "", file_name: str = "") -> int:
    """Insurance, the council's agreement, the decree, an invitation."""
    if kind not in PAPERS:
        raise Refused("Elegir qué documento es.", "kind")
    if kind == "insurance" and (starts_on is None or ends_on is None):
        raise Refused("Un seguro lleva las fechas que cubre.", "starts_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("La cobertura termina antes de comenzar.", "ends_on")
    if kind in ("council", "decree") and (dated_on is None or not number.strip()):
        raise Refused("Un acuerdo o un decreto lleva número y fecha.", "number" if dated_on else "dated_on")
    _row, standing = held(session, placement.id, now)
    if standing.state in SETTLED:
        raise Refused(f"La pasantía está {STATES[standing.state].lower()}: ya no se agregan documentos.")
    made = PlacementPaper(placement_id=placement.id, kind=kind, issuer=tidied(issuer, "Emisor", "issuer"),
                          number=tidied(number, "Número", "number", 80, needed=False), dated_on=dated_on,
                          starts_on=starts_on, ends_on=ends_on, note=tidied(note, "Nota", "note", 300, needed=False),
                          sha256=sha256, file_name=file_name, added_at=now, added_by=actor_id)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "placement.paper_added", f"placement:{placement.id}", placement.cohort_id,
                 kind=kind, paper=sha256[:16])
    return made.id


def withdraw_paper(session: Session, actor_id: int, now: datetime, placement: PlacementView, paper_id: int) -> None:
    """A paper that was added by mistake no longer counts; its row stays."""
    _row, standing = held(session, placement.id, now)
    paper = session.scalar(select(PlacementPaper).where(PlacementPaper.id == paper_id, PlacementPaper.withdrawn_at.is_(
        None), PlacementPaper.placement_id == placement.id))
    if paper is None or standing.state in SETTLED:
        raise Refused("Ese documento ya no se puede retirar.")
    paper.withdrawn_at = now
    session.flush()
    audit.record(session, actor_id, now, "placement.paper_withdrawn", f"placement:{placement.id}", placement.cohort_id,
                 kind=paper.kind)


def held(session: Session, placement_id: int, now: datetime) -> tuple[Placement, Standing]:
    """The row, alone with it until the transaction ends, and where it stands now."""
    row = session.execute(select(Placement).where(Placement.id == placement_id).with_for_update().execution_options(
        populate_existing=True)).scalar_one()
    view = queries.placement(session, placement_id)
    assert view is not None
    return row, queries.standing(session, view, queries.record(session, placement_id), now)


def _write(session: Session, actor_id: int | None, now: datetime, placement: PlacementView, step: str, reason: str,
           frozen: str) -> int:
    made = PlacementEvent(placement_id=placement.id, kind=step, at=now, by_id=actor_id, reason=reason, frozen=frozen)
    session.add(made)
    session.flush()
    if step == "cancelled" and placement.application_id:       # the place is free again
        session.add(ApplicationEvent(application_id=placement.application_id, kind="withdrawn", at=now, by_id=actor_id,
                                     reason=FREED))
        session.flush()
    deed = f"internship.{step}" if step in ("closed", "reopened") else f"placement.{step}"
    audit.record(session, actor_id, now, deed, f"placement:{placement.id}", placement.cohort_id,
                 person=placement.person_id)
    return made.id


def _checked(draft: Draft) -> Draft:
    said: dict[str, Any] = vars(draft) | {
        "city": tidied(draft.city, "Ciudad", "city", 120), "area": tidied(draft.area, "Área", "area", 160)}
    for name, label, most in (("supervisor_name", "Quien supervisa", 160), ("supervisor_office", "Cargo", 160),
                              ("emergency_contact", "Contacto de emergencia", 200)):
        said[name] = tidied(said[name], label, name, most, needed=False)
    if draft.ends_on < draft.starts_on:
        raise Refused("La fecha de término es anterior a la de inicio.", "ends_on")
    if draft.hours <= 0:
        raise Refused("Faltan las horas de trabajo previstas.", "hours")
    if draft.supervisor_email.strip():
        try:
            said["supervisor_email"] = emails.normal(draft.supervisor_email)
        except emails.BadEmail as bad:
            raise Refused(str(bad), "supervisor_email") from None
    return Draft(**said)
