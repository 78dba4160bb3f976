"""Offers made, published and closed; participants apply, the office selects: one audit line each."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.foundation import audit, mail
from lms.internships import letters, offers, placing
from lms.internships.models import Application, ApplicationEvent, Offer
from lms.internships.offers import ApplicationView, OfferView
from lms.internships.rules import selection_refusal
from lms.people import emails
from lms.people import queries as people
from lms.people.rules import Refused, tidied

DECISIONS = ("selected", "reserve", "declined")
LONGEST_MOTIVATION = 4000
LINES = (("title", "Nombre", 200, True), ("city", "Ciudad", 120, True), ("area", "Área", 160, True),
         ("supervisor_name", "Quien supervisa", 160, False), ("supervisor_office", "Cargo", 160, False))


@dataclass(frozen=True)
class Draft:
    """All that the office writes of an offer."""
    host_id: int
    country: str
    city: str
    area: str
    title: str
    description: str
    requirements: str
    modality: str
    language: str
    places: int
    starts_on: date
    ends_on: date
    hours: Fraction
    agreement_id: int | None = None
    apply_by: datetime | None = None
    supervisor_name: str = ""
    supervisor_email: str = ""
    supervisor_office: str = ""


def make(session: Session, actor_id: int, now: datetime, cohort_id: int | None, draft: Draft) -> int:
    """A new offer, not yet seen by participants. Of no cohort: for all."""
    draft = _checked(draft)
    made = Offer(cohort_id=cohort_id, made_at=now, made_by=actor_id, **vars(draft))
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "offer.made", f"offer:{made.id}", cohort_id, places=draft.places)
    return made.id


def change(session: Session, actor_id: int, now: datetime, offer: OfferView, draft: Draft) -> None:
    """What it says from now on; placements made from it keep what they have."""
    draft = _checked(draft)
    row = _held(session, offer.id)
    if draft.places < (taken := offers.offer_of(session, offer.id).taken):
        raise Refused(f"Ya hay {taken} personas seleccionadas: no puede tener menos cupos.", "places")
    changed = [name for name, value in vars(draft).items() if getattr(row, name) != value]
    if changed:
        session.execute(update(Offer).where(Offer.id == row.id).values({n: getattr(draft, n) for n in changed}))
        audit.record(session, actor_id, now, "offer.changed", f"offer:{offer.id}", offer.cohort_id, fields=changed)


def publish(session: Session, actor_id: int, now: datetime, offer: OfferView) -> None:
    """Participants see it and may apply; published again, it takes applications again."""
    row = _held(session, offer.id)
    row.published_at, row.closed_at = row.published_at or now, None
    session.flush()
    audit.record(session, actor_id, now, "offer.published", f"offer:{offer.id}", offer.cohort_id)


def close(session: Session, actor_id: int, now: datetime, offer: OfferView) -> None:
    """It takes no more applications; who applied may still be selected."""
    row = _held(session, offer.id)
    row.closed_at = row.closed_at or now
    session.flush()
    audit.record(session, actor_id, now, "offer.closed", f"offer:{offer.id}", offer.cohort_id)


def apply(session: Session, person_id: int, now: datetime, cohort_id: int, offer: OfferView, motivation: str,
          sha256: str = "", file_name: str = "") -> int:
    """A participant asks for a place, once."""
    if why := offer.refusal(now):
        raise Refused(why)
    words = motivation.strip()
    if not words:
        raise Refused("Escribir por qué interesa esta pasantía.", "motivation")
    if len(words) > LONGEST_MOTIVATION:
        raise Refused(f"No puede pasar de {LONGEST_MOTIVATION} caracteres.", "motivation")
    _held(session, offer.id)
    if session.scalar(select(Application.id).where(Application.offer_id == offer.id,
                                                   Application.person_id == person_id)):
        raise Refused("Ya postuló a esta oferta.")
    made = Application(offer_id=offer.id, cohort_id=cohort_id, person_id=person_id, motivation=words, sha256=sha256,
                       file_name=file_name, applied_at=now)
    session.add(made)
    session.flush()
    audit.record(session, person_id, now, "offer.applied", f"offer:{offer.id}", cohort_id, person=person_id)
    return made.id


def withdraw(session: Session, person_id: int, now: datetime, mine: ApplicationView) -> None:
    """A participant takes their application back; once selected, the office cancels the placement instead."""
    if mine.state == "selected":
        raise Refused("Ya fue seleccionada: para desistir, escribir a la oficina, que cancela la pasantía.")
    if mine.state in ("withdrawn", "declined"):
        raise Refused("Esta postulación ya no está en curso.")
    _happened(session, person_id, now, mine, "withdrawn", "")


def decide(session: Session, actor_id: int, now: datetime, offer: OfferView, application_id: int, decision: str,
           reason: str = "", url: str = "") -> int | None:
    """Select (a placement is made: its id), put on the reserve list or decline; who applied is told by mail, with
    `url`, where they see it. Two who select at once do not give one place twice."""
    if decision not in DECISIONS:
        raise Refused("Elegir qué se decide.", "decision")
    _held(session, offer.id)                        # from here on alone with this offer
    fresh = offers.offer_of(session, offer.id)
    asked = next((a for a in fresh.applications if a.id == application_id), None)
    if asked is None:
        raise Refused("Esa postulación no es de esta oferta.")
    if asked.state == "selected":
        raise Refused("Ya está seleccionada: para liberar el cupo, cancelar su pasantía.")
    if asked.state == "withdrawn":
        raise Refused("La persona retiró su postulación.")
    made = None
    if decision == "selected":
        if why := selection_refusal(fresh.places, fresh.taken):
            raise Refused(why)
        made = placing.from_offer(session, actor_id, now, fresh, asked)
    _happened(session, actor_id, now, asked, decision, tidied(reason, "Motivo", "reason", 300, needed=False))
    if who := people.by_id(session, [asked.person_id]).get(asked.person_id):
        mail.send(session, now, emails.deliverable(who.email), *letters.decided(decision, fresh, who.name, url))
    return made


def _happened(session: Session, actor_id: int, now: datetime, asked: ApplicationView, kind: str, reason: str) -> None:
    session.add(ApplicationEvent(application_id=asked.id, kind=kind, at=now, by_id=actor_id, reason=reason))
    session.flush()
    audit.record(session, actor_id, now, f"application.{kind}", f"offer:{asked.offer_id}", asked.cohort_id,
                 person=asked.person_id)


def _held(session: Session, offer_id: int) -> Offer:
    """The row, and nobody else's hand on it until the transaction ends."""
    return session.execute(select(Offer).where(Offer.id == offer_id).with_for_update().execution_options(
        populate_existing=True)).scalar_one()


def _checked(draft: Draft) -> Draft:
    """Its lines tidied; Refused with the field that can not be so."""
    said: dict[str, Any] = vars(draft) | {
        name: tidied(getattr(draft, name), label, name, most, needed) for name, label, most, needed in LINES}
    if draft.ends_on < draft.starts_on:
        raise Refused("La fecha de término es anterior a la de inicio.", "ends_on")
    if draft.places < 1:
        raise Refused("Debe tener al menos un cupo.", "places")
    if draft.hours <= 0:
        raise Refused("Faltan las horas de trabajo previstas.", "hours")
    if draft.supervisor_email.strip():
        try:
            said["supervisor_email"] = emails.normal(draft.supervisor_email)
        except emails.BadEmail as bad:
            raise Refused(str(bad), "supervisor_email") from None
    return Draft(**said)
