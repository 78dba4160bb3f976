"""Certificates as the register knows them, with how each stands today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.actas import queries as actas
from lms.catalogue.rules import Programme
from lms.certificates.models import Certificate, CertificateEnd
from lms.certificates.rules import End, Groups, groups, state
from lms.certificates.snapshot import Snapshot
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion import queries as completion
from lms.completion.rules import Verdict
from lms.foundation.stores import Store
from lms.people import queries as people
from lms.seals import queries as seals

NEXT = aliased(Certificate)
REGISTER: Select[Any] = (
    select(Certificate.id, Certificate.folio, Certificate.code, Certificate.kind, Certificate.module,
           Certificate.cohort_id, Certificate.person_id, Certificate.snapshot, Certificate.sha256,
           Certificate.issued_at, Certificate.issued_by, Certificate.holder, Certificate.about,
           CertificateEnd.kind.label("end"), CertificateEnd.reason,
           CertificateEnd.ended_at, NEXT.folio.label("by_folio"), NEXT.code.label("by_code"))
    .outerjoin(CertificateEnd, CertificateEnd.certificate_id == Certificate.id)
    .outerjoin(NEXT, NEXT.id == CertificateEnd.replaced_by_id).order_by(Certificate.id.desc()))
NOBODYS = "0" * 26              # compared with when a folio is unknown, so that both answers take the same time


@dataclass(frozen=True)
class CertificateView:
    """One promise, and its end if it has one."""
    id: int
    folio: str
    code: str
    kind: str
    module: str | None
    cohort_id: int | None
    person_id: int | None
    snapshot: Snapshot
    sha256: str
    issued_at: datetime
    issued_by: int | None
    holder: str
    about: str
    end: End | None

    @property
    def state(self) -> str:
        return state(self.end)


def found(session: Session, folio: str, code: str) -> CertificateView | None:
    """The certificate of this folio for who knows its code; a wrong code and an unknown folio are one answer."""
    known = by_folio(session, folio)
    right = compare_digest((known.code if known else NOBODYS).encode(), code.encode())
    return known if known and right else None


def by_folio(session: Session, folio: str) -> CertificateView | None:
    return _first(session, REGISTER.where(Certificate.folio == folio))


def by_code(session: Session, code: str) -> CertificateView | None:
    """By its code alone, which nobody guesses."""
    return _first(session, REGISTER.where(Certificate.code == code))


def by_hash(session: Session, digest: str) -> CertificateView | None:
    return _first(session, REGISTER.where(Certificate.sha256 == digest))


def one(session: Session, cohort_id: int | None, certificate_id: int) -> CertificateView | None:
    """A certificate of this cohort, or of none."""
    return _first(session, REGISTER.where(Certificate.id == certificate_id, Certificate.cohort_id == cohort_id
                                          if cohort_id else Certificate.cohort_id.is_(None)))


def folio_of(session: Session, certificate_id: int) -> str:
    return session.scalars(select(Certificate.folio).where(Certificate.id == certificate_id)).one()


def mine(session: Session, person_id: int, certificate_id: int) -> CertificateView | None:
    """A certificate of this person's."""
    return _first(session, REGISTER.where(Certificate.id == certificate_id, Certificate.person_id == person_id))


def of_person(session: Session, person_id: int) -> list[CertificateView]:
    """What a person was ever given, newest first."""
    return [_view(row) for row in session.execute(REGISTER.where(Certificate.person_id == person_id))]


def of_cohort(session: Session, cohort_id: int, *kinds: str, most: int | None = None) -> list[CertificateView]:
    """What was ever issued of these kinds in a cohort, newest first; at most so many."""
    return [_view(row) for row in session.execute(REGISTER.where(
        Certificate.cohort_id == cohort_id, Certificate.kind.in_(kinds)).limit(most))]


def living(session: Session, cohort_id: int, person_id: int, module: str | None) -> int | None:
    """The id of the certificate this person holds: there is at most one final, and one a module."""
    return session.scalar(
        select(Certificate.id).outerjoin(CertificateEnd, CertificateEnd.certificate_id == Certificate.id)
        .where(Certificate.cohort_id == cohort_id, Certificate.person_id == person_id,
               Certificate.kind == ("module" if module else "final"),
               Certificate.module == module if module else Certificate.module.is_(None),
               CertificateEnd.certificate_id.is_(None)))


def living_about(session: Session, kind: str, about: str, person_id: int | None, holder: str = "",
                 cohort_id: int | None = None) -> int | None:
    """The same of the other kinds: of this seminar, placement or day there is at most one that holds."""
    mine = [Certificate.person_id == person_id] if person_id else []
    return session.scalar(
        select(Certificate.id).outerjoin(CertificateEnd, CertificateEnd.certificate_id == Certificate.id)
        .where(Certificate.kind == kind, Certificate.about == about,
               or_(*mine, *([Certificate.holder == holder] if holder else [])),
               Certificate.cohort_id == cohort_id if cohort_id else true(),
               CertificateEnd.certificate_id.is_(None)).limit(1))


def of_seminar(session: Session, seminar_id: int) -> list[CertificateView]:
    """All of the register, newest first."""
    return [_view(row) for row in session.execute(REGISTER.where(Certificate.about == f"seminar:{seminar_id}"))]


@dataclass(frozen=True)
class Standing:
    """Everyone of a cohort as the office sees them."""
    groups: Groups
    verdicts: dict[int, Verdict]
    register: list[CertificateView]         # of this kind, newest first


def standing(session: Session, cohort: CohortView, programme: Programme, module: str | None = None) -> Standing:
    """Who may be given a certificate (the final one, or a module's), who lacks what, who holds one."""
    ids = [e.person_id for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at]
    order = list(people.by_id(session, ids))
    verdicts = completion.verdicts(session, cohort, programme, order)
    issued = [c for c in of_cohort(session, cohort.id, "module" if module else "final") if c.module == module]
    last: dict[int, CertificateView] = {}
    for certificate in issued:
        last.setdefault(certificate.person_id or 0, certificate)
    holding = _people(c for c in last.values() if c.end is None)
    revoked = _people(c for c in last.values() if c.state == "revoked")
    confirmed = set(people.certificate_names(session, order)) if module else set(order)
    return Standing(groups({p: verdicts[p] for p in order}, module, holding, revoked, confirmed), verdicts, issued)


class DatabaseRegister:
    """certificates.checking.Register, over the database and the papers that are kept."""

    def __init__(self, session: Session, store: Store):
        self.session, self.store = session, store

    def by_hash(self, digest: str) -> CertificateView | None:
        """Of the paper as it was issued, or with a time stamp it was given since."""
        return by_hash(self.session, digest) or by_hash(self.session, seals.original(self.session, digest))

    def by_claim(self, folio: str, code: str) -> CertificateView | None:
        return found(self.session, folio, code)

    def by_code(self, code: str) -> CertificateView | None:
        return by_code(self.session, code)

    def acta_by_hash(self, digest: str) -> tuple[actas.ClosedView, str] | None:
        return actas.by_paper(self.session, digest)

    def acta_by_claim(self, folio: str, code: str) -> tuple[actas.ClosedView, str] | None:
        return actas.by_code(self.session, folio, code)

    def ended(self, index: int) -> bool | None:
        """The bit of a badge: the number of a certificate is its place in the status lists."""
        known = _first(self.session, REGISTER.where(Certificate.id == index))
        return known.end is not None if known else None

    def original(self, certificate: Any) -> bytes | None:
        try:
            return self.store.read(certificate.sha256)
        except OSError:
            return None


def _people(certificates: Iterable[CertificateView]) -> set[int]:
    return {c.person_id for c in certificates if c.person_id}


def _first(session: Session, query: Select[Any]) -> CertificateView | None:
    row = session.execute(query.limit(1)).first()
    return _view(row) if row else None


def _view(row: Any) -> CertificateView:
    end = End(row.end, row.reason, row.ended_at, row.by_folio or "", row.by_code or "") if row.end else None
    return CertificateView(*row[:7], Snapshot.from_json(row.snapshot), *row[8:13], end)
