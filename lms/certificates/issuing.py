"""Making certificates, one or some at once: what may be printed, the folio, the paper, the row; in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from secrets import randbits

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.certificates import link, press
from lms.certificates.facts import Facts
from lms.certificates.models import Certificate, FolioSeries
from lms.certificates.promise import Holder, Sponsors, numbered, promise
from lms.certificates.rules import BITS, SERIES, code, refusal
from lms.certificates.snapshot import Snapshot
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion import queries as completion
from lms.foundation.stores import Store
from lms.grading.queries import policies_of
from lms.people import queries as people
from lms.people.rules import Refused, today
from lms.seals.actions import Stamping, ask_for_stamp
from lms.seals.queries import Ring

LARGEST = 5 << 20               # bytes of a paper; they come to 80 kB


@dataclass(frozen=True)
class Shop:
    """What issuing needs of this installation."""
    store: Store
    base_url: str
    ring: Ring
    notice: str = ""            # printed on each paper: "Documento de demostración, sin valor."
    bits: Callable[[int], int] = randbits
    stamping: Stamping = Stamping("B-B", "")
    crew: press.Crew | None = None      # who draws, when many are made at once
    facts: Facts = Facts()              # of seminars and internships

    def papers(self, snapshots: Sequence[Snapshot], now: datetime) -> list[bytes]:
        if self.crew and len(snapshots) > 1:
            return self.crew.papers(snapshots, now)
        return [press.made(s, self.ring, now) for s in snapshots]


@dataclass(frozen=True)
class Draft:
    """What would be printed for a person; its folio is only a stand-in."""
    person_id: int | None
    snapshot: Snapshot
    cohort_id: int | None
    module: str | None = None
    holder: str = ""            # "registration:77": who has no account
    about: str = ""             # "seminar:12", "placement:4", "day:2027-06-03"
    email: str = ""             # of who has no account


def draft(session: Session, shop: Shop, now: datetime, cohort: CohortView, programme: Programme, person_id: int,
          module: str | None, language: str = "es") -> Draft:
    """Raises Refused with what is missing, once everything about it has been looked at."""
    found = drafts(session, shop, now, cohort, programme, [person_id], module, language)[person_id]
    if isinstance(found, Refused):
        raise found
    return found


def drafts(session: Session, shop: Shop, now: datetime, cohort: CohortView, programme: Programme,
           person_ids: Sequence[int], module: str | None, language: str = "es") -> dict[int, Draft | Refused]:
    """Of some people at once: each their draft, or why they have none."""
    verdicts = completion.verdicts(session, cohort, programme, person_ids)
    names = people.certificate_names(session, person_ids)
    documents = people.documents(session, person_ids, cohort.country)
    day = today(now)
    signatories, tracks = tuple(cohorts.signatories(session, cohort.id, day)), cohorts.tracks(session, cohort.id)
    enrolled = {e.person_id for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at}
    sponsors = Sponsors(tuple((p.name, p.country) for p in cohorts.partners(session, cohort.id)), signatories)
    part, kind = (programme.module(module), "module") if module else (None, "final")
    scales = policies_of(session, cohort.id, cohort.country)
    found: dict[int, Draft | Refused] = {}
    for person in person_ids:
        try:
            if why := refusal(verdicts[person], module, enrolled=person in enrolled, name_confirmed=person in names,
                              signed=bool(signatories)):
                raise Refused(why)
            holder = Holder(names[person], documents.get(person, ""))
            said = numbered(promise(cohort, programme, part, verdicts[person], holder, sponsors,
                                    day, shop.notice, scales, language, tracks.get(person, "")),
                            SERIES[kind], 0, code(shop.bits(BITS)), shop.base_url)
            press.check(said)
            found[person] = Draft(person, said, cohort.id, module)
        except Refused as refused:
            found[person] = refused
    return found


def lock(session: Session, kind: str, year: int) -> FolioSeries:
    """A series, locked until the transaction ends: on SQLite by BEGIN IMMEDIATE, on PostgreSQL by its rows.

    All years of the series are locked, so that two clicks on either side of midnight on 31 December meet too.
    """
    name = SERIES[kind]
    if session.scalar(select(FolioSeries.year).where(FolioSeries.series == name, FolioSeries.year == year)) is None:
        try:
            with session.begin_nested():
                session.add(FolioSeries(series=name, year=year, last=0))
        except IntegrityError:
            pass                # begun by another at the same moment
    rows = session.scalars(select(FolioSeries).where(FolioSeries.series == name).order_by(FolioSeries.year)
                           .with_for_update().execution_options(populate_existing=True))
    return {row.year: row for row in rows}[year]


def produce(session: Session, shop: Shop, actor_id: int | None, now: datetime, series: FolioSeries,
            made: Sequence[Draft]) -> list[Certificate]:
    """Take the next folios, draw, keep the bytes (synced before anything is committed) and write the rows."""
    finals = []
    for one in made:
        series.last += 1
        final = numbered(one.snapshot, series.series, series.last, one.snapshot.code, shop.base_url)
        finals.append(replace(final, proof=link.proof(final, shop.ring)))
    rows = []
    for number, (one, final, paper) in enumerate(zip(made, finals, shop.papers(finals, now), strict=True),
                                                 series.last - len(made) + 1):
        stored = shop.store.put(BytesIO(paper), LARGEST)
        ask_for_stamp(session, now, shop.stamping, stored.sha256)
        rows.append(Certificate(
            series=series.series, year=series.year, number=number, folio=final.folio, code=final.code,
            kind=final.kind, module=one.module, cohort_id=one.cohort_id, person_id=one.person_id, holder=one.holder,
            about=one.about, snapshot=final.to_json(), sha256=stored.sha256, issued_at=now, issued_by=actor_id))
    session.add_all(rows)
    session.flush()
    return rows
