"""Issues, revokes and replaces: everything about one certificate in one transaction, and a word to its holder."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.certificates import further, issuing, letters, queries
from lms.certificates.facts import Facts
from lms.certificates.issuing import Draft
from lms.certificates.issuing import Shop as Shop
from lms.certificates.models import Certificate, CertificateEnd, FolioSeries
from lms.certificates.snapshot import Snapshot
from lms.cohorts.queries import CohortView
from lms.foundation import audit, mail
from lms.people import queries as people
from lms.people.rules import Refused, today

# Seconds the edge rests after keeping each of a batch. SQLite has no queue for its write lock: who waits looks every
# 100 ms, and a loop that takes it again at once starved another for ten seconds. So it lies free half of the time.
PAUSE = 0.02


@dataclass(frozen=True)
class Outcome:
    """What came of one person in a batch; or of one registration, one placement, where the batch is of those."""
    person_id: int
    certificate_id: int | None
    problem: str = ""


def issue(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
          programme: Programme, person_id: int, module: str | None = None, language: str = "es") -> int:
    """The certificate of this person: the one they hold, or a new one. Raises Refused with what is missing.

    All that can be refused is refused before the series is locked; once locked, whoever clicked twice is known.
    """
    if held := queries.living(session, cohort.id, person_id, module):
        return held
    draft = issuing.draft(session, shop, now, cohort, programme, person_id, module, language)
    series = issuing.lock(session, draft.snapshot.kind, draft.snapshot.issued_on.year)
    if held := queries.living(session, cohort.id, person_id, module):
        return held
    return _issued(session, shop, actor_id, now, series, [draft])[0]


def issue_some(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
               programme: Programme, person_ids: Sequence[int], module: str | None = None, language: str = "es"
               ) -> list["Outcome"]:
    """Some at once, drawn side by side: in one transaction, whole or not at all. Raises OSError for a full disk."""
    found = issuing.drafts(session, shop, now, cohort, programme, person_ids, module, language)
    return _some(session, shop, actor_id, now, found, lambda p: queries.living(session, cohort.id, p, module))


def issue_enrolment(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
                    person_ids: Sequence[int], language: str = "es") -> list[Outcome]:
    """That these people study in the cohort today; asked for twice on a day, it is one."""
    about = f"day:{today(now).isoformat()}"
    return _some(session, shop, actor_id, now, further.enrolment(session, shop, now, cohort, person_ids, language),
                 lambda p: queries.living_about(session, "enrolment", about, p, cohort_id=cohort.id))


def issue_participation(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
                        person_ids: Sequence[int], language: str = "es") -> list[Outcome]:
    """That these people took part to the end without passing."""
    return _some(session, shop, actor_id, now, further.participation(session, shop, now, cohort, person_ids, language),
                 lambda p: queries.living_about(session, "participation", "", p, cohort_id=cohort.id))


def issue_attendance(session: Session, shop: Shop, actor_id: int | None, now: datetime, seminar_id: int,
                     registration_ids: Sequence[int], language: str = "es") -> list[Outcome]:
    """That these registrants attended the seminar; an outcome's number is the registration's."""
    found = further.attendance(session, shop, now, seminar_id, registration_ids, language)

    def held(registration: int) -> int | None:
        draft = found[registration]
        return queries.living_about(session, "attendance", f"seminar:{seminar_id}",
                                    draft.person_id if isinstance(draft, Draft) else None,
                                    f"registration:{registration}")
    return _some(session, shop, actor_id, now, found, held)


def issue_internship(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
                     placement_ids: Sequence[int], language: str = "es") -> list[Outcome]:
    """That these placements were done; an outcome's number is the placement's."""
    found = further.internship(session, shop, now, cohort, placement_ids, language)

    def held(placement: int) -> int | None:
        draft = found[placement]
        return queries.living_about(session, "internship", f"placement:{placement}", draft.person_id) if isinstance(
            draft, Draft) else None
    return _some(session, shop, actor_id, now, found, held)


def _some(session: Session, shop: Shop, actor_id: int | None, now: datetime, found: further.Found,
          holds: Callable[[int], int | None]) -> list[Outcome]:
    """Everything that can be refused was; once the series is locked, whoever was given theirs meanwhile is known."""
    held = {number: holds(number) for number in found}
    good = {n: d for n, d in found.items() if isinstance(d, Draft) and not held[n]}
    if good:
        first = next(iter(good.values())).snapshot
        series = issuing.lock(session, first.kind, first.issued_on.year)
        held |= {n: holds(n) for n in good}
        good = {n: d for n, d in good.items() if not held[n]}
        held |= dict(zip(good, _issued(session, shop, actor_id, now, series, list(good.values())), strict=True))
    return [Outcome(n, held[n], "" if held[n] or isinstance(d, Draft) else d.message) for n, d in found.items()]


def _issued(session: Session, shop: Shop, actor_id: int | None, now: datetime, series: FolioSeries,
            drafts: Sequence[Draft]) -> list[int]:
    """The rows, a line of the trail for each, and a letter with the paper to each holder."""
    made = issuing.produce(session, shop, actor_id, now, series, drafts)
    for one, draft in zip(made, drafts, strict=True):
        audit.record(session, actor_id, now, "certificate.issued", f"certificate:{one.id}", one.cohort_id,
                     folio=one.folio, **_whose(one))
        _write(session, now, _address(session, one.person_id, draft.email),
               letters.issued(_snapshot(one), shop.base_url, account=one.person_id is not None), paper=one)
    return [one.id for one in made]


def issue_all(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
              programme: Programme, person_ids: Iterable[int], module: str | None = None) -> Iterator[Outcome]:
    """One after the other, each whole or not at all; the edge keeps what each yields, so that nobody waits for all."""
    for person_id in person_ids:
        try:
            with session.begin_nested():
                made = issue(session, shop, actor_id, now, cohort, programme, person_id, module)
        except (Refused, OSError) as why:
            yield Outcome(person_id, None, why.message if isinstance(why, Refused) else
                          "El servidor no pudo guardar el archivo. Revisar el espacio en disco y repetir.")
        else:
            yield Outcome(person_id, made)


def revoke(session: Session, actor_id: int | None, now: datetime, cohort_id: int | None, certificate_id: int,
           reason: str, base_url: str, facts: Facts = Facts()) -> None:     # noqa: B008  (frozen)
    """It no longer holds, for a reason that anyone who verifies it will read."""
    certificate = _standing(session, cohort_id, certificate_id)
    _end(session, CertificateEnd(certificate_id=certificate_id, kind="revoked", reason=reason.strip(), ended_at=now,
                                 ended_by=actor_id))
    audit.record(session, actor_id, now, "certificate.revoked", f"certificate:{certificate_id}", cohort_id,
                 folio=certificate.folio, **_whose(certificate), reason=reason)
    _write(session, now, _address(session, certificate.person_id, further.email(session, facts, certificate, now)),
           letters.revoked(certificate.snapshot, reason.strip(), base_url, account=certificate.person_id is not None))


def replace(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView | None,
            programme: Programme | None, certificate_id: int, reason: str) -> int:
    """A new certificate from what is true today; the old one ends and names it. Sent twice, it is done once."""
    cohort_id = cohort.id if cohort else None
    old = queries.one(session, cohort_id, certificate_id)
    if old and old.state == "replaced":
        return _successor(session, old.id)
    old = _standing(session, cohort_id, certificate_id)
    if cohort and programme and old.person_id and old.kind in ("final", "module"):
        draft = issuing.draft(session, shop, now, cohort, programme, old.person_id, old.module, old.snapshot.language)
    else:
        draft = further.again(session, shop, now, cohort, old)
    series = issuing.lock(session, draft.snapshot.kind, draft.snapshot.issued_on.year)
    if (again := queries.one(session, cohort_id, certificate_id)) and again.state == "replaced":
        return _successor(session, old.id)
    _standing(session, cohort_id, certificate_id)
    new = issuing.produce(session, shop, actor_id, now, series, [draft])[0]
    _end(session, CertificateEnd(certificate_id=old.id, kind="replaced", reason=reason.strip(), replaced_by_id=new.id,
                                 ended_at=now, ended_by=actor_id))
    audit.record(session, actor_id, now, "certificate.replaced", f"certificate:{old.id}", cohort_id, folio=old.folio,
                 by=new.folio, **_whose(old), reason=reason)
    _write(session, now, _address(session, old.person_id, draft.email),
           letters.replaced(old.snapshot, _snapshot(new), reason.strip(), shop.base_url,
                            account=old.person_id is not None), paper=new)
    return new.id


def _standing(session: Session, cohort_id: int | None, certificate_id: int) -> queries.CertificateView:
    certificate = queries.one(session, cohort_id, certificate_id)
    if certificate is None or certificate.end is not None:
        raise Refused("Ese certificado ya no está vigente: fue anulado o reemplazado. Recargar la lista para verlo.")
    return certificate


def _end(session: Session, end: CertificateEnd) -> None:
    try:
        with session.begin_nested():
            session.add(end)
    except IntegrityError:
        raise Refused("Otra persona anuló o reemplazó ese certificado en este momento. Recargar la lista.") from None


def _successor(session: Session, certificate_id: int) -> int:
    return session.scalars(select(CertificateEnd.replaced_by_id)
                           .where(CertificateEnd.certificate_id == certificate_id)).one()


def _snapshot(certificate: Certificate) -> Snapshot:
    return Snapshot.from_json(certificate.snapshot)


def _whose(certificate: Certificate | queries.CertificateView) -> dict[str, int | str]:
    return {"person": certificate.person_id} if certificate.person_id else {"holder": certificate.holder}


def _address(session: Session, person_id: int | None, otherwise: str) -> str:
    return people.by_id(session, [person_id])[person_id].email if person_id else otherwise


def _write(session: Session, now: datetime, email: str, letter: tuple[str, str], paper: Certificate | None = None
           ) -> None:
    """Queue the letter to the holder, with the paper where there is one. Whose address was erased is not written."""
    session.flush()
    if email:
        mail.send(session, now, email, *letter, attached=[(f"{paper.folio}.pdf", paper.sha256)] if paper else ())
