"""Issues, revokes and replaces: everything about one certificate in one transaction, and a word to its holder."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from secrets import randbits

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.certificates import letters, press, queries
from lms.certificates.models import Certificate, CertificateEnd, FolioSeries
from lms.certificates.promise import Holder, Sponsors, numbered, promise
from lms.certificates.rules import BITS, SERIES, code, refusal
from lms.certificates.snapshot import Snapshot
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion import queries as completion
from lms.foundation import audit, mail
from lms.foundation.files import Store
from lms.foundation.language import local
from lms.people import queries as people
from lms.people.rules import HOME_ZONE, Refused

LARGEST = 5 << 20               # bytes of a paper; they come to 60 kB
# Seconds the edge rests after keeping each of a batch. SQLite has no queue for its write lock: who waits looks every
# 100 ms, and a loop that takes it again at once starved another for ten seconds. So it lies free half of the time.
PAUSE = 0.02


@dataclass(frozen=True)
class Shop:
    """What issuing needs of this installation."""
    store: Store
    base_url: str
    notice: str = ""            # printed on each paper: "Documento de demostración, sin valor."
    bits: Callable[[int], int] = randbits


@dataclass(frozen=True)
class Outcome:
    """What came of one person in a batch."""
    person_id: int
    certificate_id: int | None
    problem: str = ""


def issue(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
          programme: Programme, person_id: int, module: str | None = None) -> int:
    """The certificate of this person: the one they hold, or a new one. Raises Refused with what is missing.

    All that can be refused is refused before the series is locked; once locked, whoever clicked twice is known.
    """
    if held := queries.living(session, cohort.id, person_id, module):
        return held
    draft = _draft(session, shop, now, cohort, programme, person_id, module)
    series = _lock(session, draft)
    if held := queries.living(session, cohort.id, person_id, module):
        return held
    certificate = _print(session, shop, actor_id, now, series, draft, cohort.id, person_id, module)
    audit.record(session, actor_id, now, "certificate.issued", f"certificate:{certificate.id}", cohort.id,
                 folio=certificate.folio, person=person_id)
    _write(session, now, person_id, letters.issued(_snapshot(certificate), shop.base_url))
    return certificate.id


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


def revoke(session: Session, actor_id: int | None, now: datetime, cohort_id: int, certificate_id: int,
           reason: str, base_url: str) -> None:
    """It no longer holds, for a reason that anyone who verifies it will read."""
    certificate = _standing(session, cohort_id, certificate_id)
    _end(session, CertificateEnd(certificate_id=certificate_id, kind="revoked", reason=reason.strip(), ended_at=now,
                                 ended_by=actor_id))
    audit.record(session, actor_id, now, "certificate.revoked", f"certificate:{certificate_id}", cohort_id,
                 folio=certificate.folio, person=certificate.person_id, reason=reason)
    _write(session, now, certificate.person_id, letters.revoked(certificate.snapshot, reason.strip(), base_url))


def replace(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
            programme: Programme, certificate_id: int, reason: str) -> int:
    """A new certificate from what is true today; the old one ends and names it. Sent twice, it is done once."""
    old = queries.one(session, cohort.id, certificate_id)
    if old and old.state == "replaced":
        return _successor(session, old.id)
    old = _standing(session, cohort.id, certificate_id)
    draft = _draft(session, shop, now, cohort, programme, old.person_id, old.module)
    series = _lock(session, draft)
    if (again := queries.one(session, cohort.id, certificate_id)) and again.state == "replaced":
        return _successor(session, old.id)
    _standing(session, cohort.id, certificate_id)
    new = _print(session, shop, actor_id, now, series, draft, cohort.id, old.person_id, old.module)
    _end(session, CertificateEnd(certificate_id=old.id, kind="replaced", reason=reason.strip(), replaced_by_id=new.id,
                                 ended_at=now, ended_by=actor_id))
    audit.record(session, actor_id, now, "certificate.replaced", f"certificate:{old.id}", cohort.id, folio=old.folio,
                 by=new.folio, person=old.person_id, reason=reason)
    _write(session, now, old.person_id, letters.replaced(old.snapshot, _snapshot(new), reason.strip(), shop.base_url))
    return new.id


def _draft(session: Session, shop: Shop, now: datetime, cohort: CohortView, programme: Programme, person_id: int,
           module: str | None) -> Snapshot:
    """What would be printed, once everything about it has been found right; its folio is only a stand-in."""
    verdict = completion.verdicts(session, cohort, programme, [person_id])[person_id]
    name, confirmed_at = people.certificate_name(session, person_id)
    signatories = tuple(cohorts.signatories(session, cohort.id))
    enrolled = any(e.person_id == person_id and not e.withdrawn_at for e in cohorts.enrolled(session, cohort.id))
    if why := refusal(verdict, module, enrolled=enrolled, name_confirmed=confirmed_at is not None,
                      signed=bool(signatories)):
        raise Refused(why)
    holder = Holder(name, people.document(session, person_id, cohort.country))
    sponsors = Sponsors(tuple((p.name, p.country) for p in cohorts.partners(session, cohort.id)), signatories)
    draft = numbered(promise(cohort, programme, programme.module(module) if module else None, verdict, holder, sponsors,
                             local(now, HOME_ZONE).date(), shop.notice),
                     SERIES["module" if module else "final"], 0, code(shop.bits(BITS)), shop.base_url)
    press.check(draft)
    return draft


def _lock(session: Session, draft: Snapshot) -> FolioSeries:
    """The draft's series, locked until the transaction ends: on SQLite by BEGIN IMMEDIATE, on PostgreSQL by its rows.

    All years of the series are locked, so that two clicks on either side of midnight on 31 December meet too.
    """
    name, year = SERIES[draft.kind], draft.issued_on.year
    if session.scalar(select(FolioSeries.year).where(FolioSeries.series == name, FolioSeries.year == year)) is None:
        try:
            with session.begin_nested():
                session.add(FolioSeries(series=name, year=year, last=0))
        except IntegrityError:
            pass                # begun by another at the same moment
    rows = session.scalars(select(FolioSeries).where(FolioSeries.series == name).order_by(FolioSeries.year)
                           .with_for_update().execution_options(populate_existing=True))
    return {row.year: row for row in rows}[year]


def _print(session: Session, shop: Shop, actor_id: int | None, now: datetime, series: FolioSeries, draft: Snapshot,
           cohort_id: int, person_id: int, module: str | None) -> Certificate:
    """Take the next folio, draw, keep the bytes (synced before anything is committed) and write the row."""
    series.last += 1
    final = numbered(draft, series.series, series.last, draft.code, shop.base_url)
    stored = shop.store.put(BytesIO(press.draw(final)), LARGEST)
    certificate = Certificate(
        series=series.series, year=series.year, number=series.last, folio=final.folio, code=final.code,
        kind=final.kind, module=module, cohort_id=cohort_id, person_id=person_id, snapshot=final.to_json(),
        sha256=stored.sha256, issued_at=now, issued_by=actor_id)
    session.add(certificate)
    session.flush()
    return certificate


def _standing(session: Session, cohort_id: int, certificate_id: int) -> queries.CertificateView:
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


def _write(session: Session, now: datetime, person_id: int, letter: tuple[str, str]) -> None:
    """Queue the letter to the holder."""
    session.flush()
    mail.send(session, now, people.by_id(session, [person_id])[person_id].email, *letter)
