"""Offers of places and who applied for them, as the office and as a participant may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lms.internships.models import Application, ApplicationEvent, Offer
from lms.internships.queries import HOSTS
from lms.internships.rules import offer_refusal

_O, _A, _E = Offer.__table__.c, Application.__table__.c, ApplicationEvent.__table__.c
FIELDS = ("id", "cohort_id", "agreement_id", "host_id", "country", "city", "area", "title", "description",
          "requirements", "modality", "language", "places", "starts_on", "ends_on", "hours", "supervisor_name",
          "supervisor_email", "supervisor_office", "apply_by", "published_at", "closed_at")
STATES = {"asked": "Postuló", "selected": "Seleccionada", "reserve": "En reserva", "declined": "No seleccionada",
          "withdrawn": "Retirada"}
LOOKS = {"asked": "due", "selected": "done", "reserve": "now", "declined": "none", "withdrawn": "revoked"}


@dataclass(frozen=True)
class ApplicationView:
    id: int
    offer_id: int
    cohort_id: int
    person_id: int
    motivation: str
    sha256: str
    file_name: str
    applied_at: datetime
    state: str = "asked"
    reason: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class OfferView:
    id: int
    cohort_id: int | None
    agreement_id: int | None
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
    supervisor_name: str
    supervisor_email: str
    supervisor_office: str
    apply_by: datetime | None
    published_at: datetime | None
    closed_at: datetime | None
    host: str
    applications: tuple[ApplicationView, ...] = field(default=())

    @property
    def taken(self) -> int:
        return sum(a.state == "selected" for a in self.applications)

    @property
    def free(self) -> int:
        return max(self.places - self.taken, 0)

    def of(self, person_id: int) -> ApplicationView | None:
        return next((a for a in self.applications if a.person_id == person_id), None)

    def refusal(self, now: datetime) -> str | None:
        """Why nobody can apply now."""
        return offer_refusal(self.published_at is not None, self.closed_at is not None,
                             self.apply_by is not None and now > self.apply_by)


def of_cohort(session: Session, cohort_id: int) -> list[OfferView]:
    """All that this cohort may be offered, with the applications of everybody; three statements."""
    return _with_applications(session, _offers().where(_here(cohort_id)))


def offer(session: Session, cohort_id: int, offer_id: int) -> OfferView | None:
    return next(iter(_with_applications(session, _offers().where(_here(cohort_id), _O.id == offer_id))), None)


def offer_of(session: Session, offer_id: int) -> OfferView:
    """By its number, of whatever cohort: for who holds it already."""
    return _with_applications(session, _offers().where(_O.id == offer_id))[0]


def published(session: Session, cohort_id: int) -> list[OfferView]:
    """What participants see: what was published, also what has closed since."""
    return _with_applications(session, _offers().where(_here(cohort_id), _O.published_at.is_not(None)))


def application(session: Session, cohort_id: int, application_id: int) -> ApplicationView | None:
    return next(iter(_applications(session, _A.id == application_id, _A.cohort_id == cohort_id)), None)


def _here(cohort_id: int) -> Any:
    return or_(_O.cohort_id == cohort_id, _O.cohort_id.is_(None))


def _offers() -> Select[Any]:
    return select(*(_O[name] for name in FIELDS), HOSTS.c.name).join_from(
        Offer.__table__, HOSTS, HOSTS.c.id == _O.host_id).order_by(_O.starts_on, _O.id)


def _with_applications(session: Session, query: Select[Any]) -> list[OfferView]:
    session.flush()
    rows = session.execute(query).all()
    told = _applications(session, _A.offer_id.in_([row.id for row in rows])) if rows else []
    return [OfferView(*row, tuple(a for a in told if a.offer_id == row.id)) for row in rows]


def _applications(session: Session, *conditions: Any) -> Iterable[ApplicationView]:
    """Each with the last thing that became of it: one statement."""
    session.flush()
    last = select(_E.application_id, func.max(_E.id).label("id")).group_by(_E.application_id).subquery()
    rows = session.execute(select(
        _A.id, _A.offer_id, _A.cohort_id, _A.person_id, _A.motivation, _A.sha256, _A.file_name, _A.applied_at,
        func.coalesce(_E.kind, "asked"), func.coalesce(_E.reason, ""), _E.at).select_from(
        Application.__table__.outerjoin(last, last.c.application_id == _A.id).outerjoin(
            ApplicationEvent.__table__, _E.id == last.c.id)).where(*conditions).order_by(_A.applied_at, _A.id))
    return [ApplicationView(*row) for row in rows]
