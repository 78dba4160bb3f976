"""Issues, revokes and replaces: everything about one certificate in one transaction, and a word to its holder."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.certificates import issuing, letters, queries
from lms.certificates.issuing import Draft
from lms.certificates.issuing import Shop as Shop
from lms.certificates.models import Certificate, CertificateEnd, FolioSeries
from lms.certificates.snapshot import Snapshot
from lms.cohorts.queries import CohortView
from lms.foundation import audit, mail
from lms.people import queries as people
from lms.people.rules import Refused

# Seconds the edge rests after keeping each of a batch. SQLite has no queue for its write lock: who waits looks every
# 100 ms, and a loop that takes it again at once starved another for ten seconds. So it lies free half of the time.
PAUSE = 0.02


@dataclass(frozen=True)
class Outcome:
    """What came of one person in a batch."""
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
    return _issued(session, shop, actor_id, now, series, [draft], cohort.id, module)[0]


def issue_some(session: Session, shop: Shop, actor_id: int | None, now: datetime, cohort: CohortView,
               programme: Programme, person_ids: Sequence[int], module: str | None = None, language: str = "es"
               ) -> list["Outcome"]:
    """Some at once, drawn side by side: in one transaction, whole or not at all. Raises OSError for a full disk."""
    found = issuing.drafts(session, shop, now, cohort, programme, person_ids, module, language)
    held = {p: queries.living(session, cohort.id, p, module) for p in person_ids}
    good = [d for p, d in found.items() if isinstance(d, Draft) and not held[p]]
    if good:
        series = issuing.lock(session, good[0].snapshot.kind, good[0].snapshot.issued_on.year)
        held |= {d.person_id: queries.living(session, cohort.id, d.person_id, module) for d in good}
        good = [d for d in good if not held[d.person_id]]
        made = _issued(session, shop, actor_id, now, series, good, cohort.id, module)
        held |= {d.person_id: one for d, one in zip(good, made, strict=True)}
    return [Outcome(p, held[p], "" if held[p] else found[p].message if isinstance(found[p], Refused) else "")
            for p in person_ids]


def _issued(session: Session, shop: Shop, actor_id: int | None, now: datetime, series: FolioSeries,
            drafts: Sequence[Draft], cohort_id: int, module: str | None) -> list[int]:
    """The rows, a line of the trail for each, and a letter with the paper to each holder."""
    made = issuing.produce(session, shop, actor_id, now, series, drafts, cohort_id, module)
    for one in made:
        audit.record(session, actor_id, now, "certificate.issued", f"certificate:{one.id}", cohort_id,
                     folio=one.folio, person=one.person_id)
        _write(session, now, one.person_id, letters.issued(_snapshot(one), shop.base_url), paper=one)
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
    draft = issuing.draft(session, shop, now, cohort, programme, old.person_id, old.module, old.snapshot.language)
    series = issuing.lock(session, draft.snapshot.kind, draft.snapshot.issued_on.year)
    if (again := queries.one(session, cohort.id, certificate_id)) and again.state == "replaced":
        return _successor(session, old.id)
    _standing(session, cohort.id, certificate_id)
    new = issuing.produce(session, shop, actor_id, now, series, [draft], cohort.id, old.module)[0]
    _end(session, CertificateEnd(certificate_id=old.id, kind="replaced", reason=reason.strip(), replaced_by_id=new.id,
                                 ended_at=now, ended_by=actor_id))
    audit.record(session, actor_id, now, "certificate.replaced", f"certificate:{old.id}", cohort.id, folio=old.folio,
                 by=new.folio, person=old.person_id, reason=reason)
    _write(session, now, old.person_id, letters.replaced(old.snapshot, _snapshot(new), reason.strip(), shop.base_url),
           paper=new)
    return new.id


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


def _write(session: Session, now: datetime, person_id: int, letter: tuple[str, str],
           paper: Certificate | None = None) -> None:
    """Queue the letter to the holder, with the paper where there is one."""
    session.flush()
    mail.send(session, now, people.by_id(session, [person_id])[person_id].email, *letter,
              attached=[(f"{paper.folio}.pdf", paper.sha256)] if paper else ())
