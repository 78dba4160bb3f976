"""Closes an acta: the next folio, the paper, the link to the record before. All in one transaction, or nothing."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from secrets import randbits

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.actas import letters, press, queries
from lms.actas.actions import complete, drafted, standing, unchanged, unclosed
from lms.actas.chain import Record, Signed, Snapshot, by_itself, link, signed
from lms.actas.models import ActaSeries, ClosedActa
from lms.actas.queries import NONE, Submission, View
from lms.actas.rules import BEGINNING, digest, folio
from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import audit, mail
from lms.foundation.files import Store
from lms.foundation.language import local
from lms.people import queries as people
from lms.people.rules import HOME_ZONE, Refused
from lms.seals.queries import Ring

LARGEST = 20 << 20              # bytes of a paper; thirty sheets come to 200 kB
BITS = 130
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"       # Crockford: no I, L, O or U to be misread
TRANSCRIPT = "{base}/cohortes/{cohort}/concentracion"


@dataclass(frozen=True)
class Desk:
    """What closing needs of this installation."""
    store: Store
    ring: Ring
    base_url: str
    notice: str = ""            # printed on each paper: "Documento de demostración, sin valor."
    bits: Callable[[int], int] = randbits
    seal: bool = True           # False: paper not sealed (tests that close by the thousand)


def close(session: Session, desk: Desk, actor_id: int, now: datetime, cohort: CohortView, programme: Programme,
          acta_id: int, book: str = "", page: str = "") -> int:
    """The sequence of the closed acta. Whoever clicks twice is told that it is closed."""
    cohorts.hold(session, cohort.id)
    view = unclosed(standing(session, cohort.id, acta_id))
    submission = _ready(session, cohort, programme, view)
    series, before = _lock(session, now)
    unclosed(standing(session, cohort.id, acta_id))
    draft = _snapshot(session, desk, actor_id, now, view, submission, before, (series.year, series.last + 1))
    snapshot = replace(draft, book=book.strip(), page=page.strip())
    press.check(snapshot)
    series.last += 1
    _add(session, desk, now, snapshot)
    audit.record(session, actor_id, now, "acta.closed", f"acta:{acta_id}", cohort.id, folio=snapshot.folio,
                 sequence=snapshot.sequence, **({"rectifies": view.rectifies.folio} if view.rectifies else {}))
    _tell(session, desk, now, snapshot)
    return snapshot.sequence


def _ready(session: Session, cohort: CohortView, programme: Programme, view: View) -> Submission:
    """What will be closed, when it is complete, presented, signed by all and still so."""
    now_so = drafted(session, cohort, programme, view)
    complete(session, now_so)
    if view.submission is None:
        raise Refused("El acta no se ha presentado: sus docentes no la han firmado.")
    unchanged(view, now_so)
    if waiting := view.submission.waiting:
        names = [s.name for s in view.submission.content.signers if s.person_id in waiting]
        raise Refused(f"Falta la firma de {', '.join(names)}.")
    return view.submission


def _lock(session: Session, now: datetime) -> tuple[ActaSeries, Record | None]:
    """This year's series, with all years' locked until the transaction ends (on SQLite by BEGIN IMMEDIATE, on
    PostgreSQL by their rows), and the last record of the chain."""
    year = local(now, HOME_ZONE).year
    if session.scalar(select(ActaSeries.year).where(ActaSeries.year == year)) is None:
        try:
            with session.begin_nested():
                session.add(ActaSeries(year=year, last=0))
        except IntegrityError:
            pass                # begun by another at the same moment
    rows = session.scalars(select(ActaSeries).order_by(ActaSeries.year).with_for_update()
                           .execution_options(populate_existing=True))
    series, before = {row.year: row for row in rows}[year], queries.last(session)
    given = session.scalar(select(func.max(ClosedActa.number)).where(ClosedActa.year == year)) or 0
    if given != series.last or (before and by_itself(before)):
        raise Refused("El registro de actas no está en orden. No se cierra ninguna más hasta aclararlo: ejecutar «lms "
                      "actas verify», que dice cuál es la primera que no corresponde.")
    return series, before


def _snapshot(session: Session, desk: Desk, actor_id: int, now: datetime, view: View, submission: Submission,
              before: Record | None, place: tuple[int, int]) -> Snapshot:
    year, number = place
    given, secret = folio(year, number), code(desk.bits(BITS))
    content, names = submission.content, people.by_id(session, [actor_id])
    signatures = tuple(Signed(s.person_id, s.name, s.institution, submission.signatures[s.person_id].isoformat())
                       for s in content.signers)
    rectifies = view.rectifies.sequence if view.rectifies else None
    return Snapshot(
        view.acta.id, submission.id, (before.sequence if before else 0) + 1, year, number, given, secret,
        f"{desk.base_url}/a/{given}/{secret}", before.link if before else BEGINNING, before.folio if before else "",
        now.isoformat(), actor_id, names[actor_id].name, view.acta.opened_at.isoformat(), view.acta.opened_by,
        queries.decided(session, view.acta.id).get(view.acta.id, NONE), submission.submitted_at.isoformat(),
        submission.submitted_by, signatures, submission.sha256, content, rectifies, notice=desk.notice)


def _add(session: Session, desk: Desk, now: datetime, snapshot: Snapshot) -> None:
    """Draw and seal the paper, keep its bytes (synced before anything is committed) and write the record."""
    text = snapshot.to_json()
    sha256 = digest(text.encode())
    paper = press.draw(snapshot, sha256)
    if desk.seal:
        paper = press.seal(paper, desk.ring, now, f"Cierre del acta {snapshot.folio}")
    stored = desk.store.put(BytesIO(paper), LARGEST)
    bound = link(snapshot.sequence, sha256, snapshot.previous, stored.sha256)
    kid, signature = desk.ring.sign(signed(bound))
    session.add(ClosedActa(
        sequence=snapshot.sequence, acta_id=snapshot.acta_id, submission_id=snapshot.submission_id,
        cohort_id=snapshot.content.cohort_id, module=snapshot.content.module, rectifies=snapshot.rectifies,
        year=snapshot.year, number=snapshot.number, folio=snapshot.folio, code=snapshot.code, snapshot=text,
        sha256=sha256, previous=snapshot.previous, paper_sha256=stored.sha256, link=bound, kid=kid,
        signature=b64encode(signature).decode(), closed_at=now, closed_by=snapshot.closed_by))
    session.flush()


def _tell(session: Session, desk: Desk, now: datetime, snapshot: Snapshot) -> None:
    """A word to everyone in it."""
    content = snapshot.content
    letter = letters.closed(content, snapshot.folio, TRANSCRIPT.format(base=desk.base_url, cohort=content.cohort_id))
    for person in people.by_id(session, [r.person_id for r in content.rows if r.state != "withdrawn"]).values():
        mail.send(session, now, person.email, *letter)


def code(bits: int) -> str:
    """A random number of 130 bits as 26 letters and figures."""
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(BITS // 5)))

