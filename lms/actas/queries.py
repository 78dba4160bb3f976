"""Actas as the pages and the rooms above may see them: open, presented, signed, closed."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from lms.actas.chain import Record, Snapshot
from lms.actas.models import Acta, ActaDecision, ActaEnd, ActaSignature, ActaSubmission, ClosedActa
from lms.actas.rules import Content, Decision, Row, canonical, digest

COLUMNS = [getattr(ClosedActa, name) for name in Record.__dataclass_fields__]
REGISTER = select(*COLUMNS)


@dataclass(frozen=True)
class ActaView:
    """The acta of a module that is in force, for the rooms above."""
    folio: str
    closed_at: datetime
    sha256: str
    rows: Mapping[int, Row]


@dataclass(frozen=True)
class ClosedView:
    """A closed acta, whole."""
    sequence: int
    acta_id: int
    folio: str
    code: str
    snapshot: Snapshot
    sha256: str
    link: str
    paper_sha256: str
    closed_at: datetime

    @property
    def content(self) -> Content:
        return self.snapshot.content


@dataclass(frozen=True)
class Submission:
    """What was last presented for signature, and who signed it."""
    id: int
    content: Content
    sha256: str
    submitted_by: int
    submitted_at: datetime
    signatures: Mapping[int, datetime]      # person -> when

    @property
    def waiting(self) -> tuple[int, ...]:
        return tuple(s.person_id for s in self.content.signers if s.person_id not in self.signatures)


@dataclass(frozen=True)
class End:
    reason: str
    at: datetime
    by: int


@dataclass(frozen=True)
class View:
    """An acta with all that has become of it."""
    acta: Acta
    submission: Submission | None = None
    closed: ClosedView | None = None
    end: End | None = None
    rectifies: ClosedView | None = None
    rectified_by: str = ""                  # folio of the acta that corrects this one

    @property
    def state(self) -> str:
        """open | submitted | signed | closed | rectified | annulled."""
        if self.end:
            return "annulled"
        if self.closed:
            return "rectified" if self.rectified_by else "closed"
        if self.submission is None:
            return "open"
        return "submitted" if self.submission.waiting else "signed"


def closed(session: Session, cohort_id: int, modules: Collection[str] | None = None) -> dict[str, ActaView]:
    """Module -> the acta in force: the last rectification where there is one. One statement."""
    return {module: ActaView(found.folio, found.closed_at, found.sha256, found.content.by_person)
            for module, found in in_force(session, cohort_id, modules).items()}


def in_force(session: Session, cohort_id: int, modules: Collection[str] | None = None) -> dict[str, ClosedView]:
    query = REGISTER.where(ClosedActa.cohort_id == cohort_id).order_by(ClosedActa.sequence)
    if modules is not None:
        query = query.where(ClosedActa.module.in_(list(modules)))
    return {row.module: _closed(Record(*row)) for row in session.execute(query)}


def view(folio: str, closed_at: datetime, sha256: str, snapshot: str) -> ActaView:
    """An acta as `closed` gives it, from what a wider statement of a room above has read of it."""
    return ActaView(folio, closed_at, sha256, _read(snapshot).content.by_person)


def settled(session: Session, cohort_id: int, module: str) -> str:
    """Why no grade of a module may change: "" while none is closed, or while an acta rectificatoria is open.
    One statement."""
    later = aliased(Acta)
    correcting = exists().where(later.cohort_id == cohort_id, later.module == module, later.rectifies.is_not(None),
                                ~exists().where(ActaEnd.acta_id == later.id),
                                ~exists().where(ClosedActa.acta_id == later.id)).correlate(None)
    folio = session.scalar(select(ClosedActa.folio).where(
        ClosedActa.cohort_id == cohort_id, ClosedActa.module == module, ~correcting)
        .order_by(ClosedActa.sequence.desc()).limit(1))
    return f"acta {folio} cerrada" if folio else ""


def of_cohort(session: Session, cohort_id: int) -> list[View]:
    """Every acta of a cohort, first opened first; five statements whatever their number."""
    return _views(session, list(session.scalars(select(Acta).where(Acta.cohort_id == cohort_id).order_by(Acta.id))))


def one(session: Session, cohort_id: int, acta_id: int) -> View | None:
    """An acta of this cohort."""
    found = session.scalar(select(Acta).where(Acta.id == acta_id, Acta.cohort_id == cohort_id))
    return _views(session, [found])[0] if found else None


def by_code(session: Session, folio: str, code: str) -> tuple[ClosedView, str] | None:
    """A closed acta for who knows its code, and the folio of the one that rectifies it."""
    return _public(session, REGISTER.where(ClosedActa.folio == folio, ClosedActa.code == code))


def by_paper(session: Session, sha256: str) -> tuple[ClosedView, str] | None:
    """The same, for who holds the file itself."""
    return _public(session, REGISTER.where(ClosedActa.paper_sha256 == sha256))


def _public(session: Session, query: Select[Any]) -> tuple[ClosedView, str] | None:
    row = session.execute(query).first()
    if row is None:
        return None
    found = _closed(Record(*row))
    later = session.scalar(select(ClosedActa.folio).where(ClosedActa.rectifies == found.sequence))
    return found, later or ""


def decisions(session: Session, acta_id: int) -> dict[int, Decision]:
    """Person -> the last that was said of them."""
    rows = session.execute(select(ActaDecision.person_id, ActaDecision.state, ActaDecision.attendance)
                           .where(ActaDecision.acta_id == acta_id).order_by(ActaDecision.id))
    return {person: Decision(state, attendance) for person, state, attendance in rows}


NONE = digest(canonical([]))


def decided(session: Session, acta_id: int | None = None) -> dict[int, str]:
    """Acta -> the hash of all that was said in it, first to last; where nothing was, it is absent (see NONE)."""
    query = select(ActaDecision).order_by(ActaDecision.id)
    if acta_id is not None:
        query = query.where(ActaDecision.acta_id == acta_id)
    found: dict[int, list[list[object]]] = {}
    for d in session.scalars(query):
        found.setdefault(d.acta_id, []).append([d.person_id, d.state, d.attendance, d.decided_by, d.decided_at])
    return {acta: digest(canonical(said)) for acta, said in found.items()}


def waiting_for(session: Session, person_id: int, cohort_ids: Collection[int]) -> list[View]:
    """Actas that this person has still to sign. One statement where none waits for anybody."""
    presented = exists().where(ActaSubmission.acta_id == Acta.id)
    over = exists().where(ActaEnd.acta_id == Acta.id), exists().where(ClosedActa.acta_id == Acta.id)
    found = session.scalars(select(Acta).where(Acta.cohort_id.in_(list(cohort_ids)), presented, ~over[0], ~over[1])
                            .order_by(Acta.id))
    return [view for view in _views(session, list(found))
            if view.state == "submitted" and view.submission and person_id in view.submission.waiting]


def register(session: Session) -> list[Record]:
    """The whole chain, in order."""
    return [Record(*row) for row in session.execute(REGISTER.order_by(ClosedActa.sequence))]


def last(session: Session) -> Record | None:
    row = session.execute(REGISTER.order_by(ClosedActa.sequence.desc()).limit(1)).first()
    return Record(*row) if row else None


@lru_cache(100)             # a closed acta never changes; one of 60 people takes some 60 kB
def _read(text: str) -> Snapshot:
    return Snapshot.from_json(text)


def _closed(record: Record) -> ClosedView:
    return ClosedView(record.sequence, record.acta_id, record.folio, record.code, _read(record.snapshot), record.sha256,
                      record.link, record.paper_sha256, record.closed_at)


def _views(session: Session, actas: list[Acta]) -> list[View]:
    ids = [a.id for a in actas]
    if not ids:
        return []
    ends = {e.acta_id: End(e.reason, e.ended_at, e.ended_by)
            for e in session.scalars(select(ActaEnd).where(ActaEnd.acta_id.in_(ids)))}
    submissions = _submissions(session, ids)
    cohort_ids = {a.cohort_id for a in actas}
    records = [Record(*row) for row in session.execute(
        REGISTER.where(ClosedActa.cohort_id.in_(cohort_ids)).order_by(ClosedActa.sequence))]
    shut, by_sequence = {r.acta_id: r for r in records}, {r.sequence: r for r in records}
    later = {r.rectifies: r.folio for r in records if r.rectifies}

    def view(acta: Acta) -> View:
        record, old = shut.get(acta.id), by_sequence.get(acta.rectifies or 0)
        return View(acta, submissions.get(acta.id), _closed(record) if record else None, ends.get(acta.id),
                    _closed(old) if old else None, later.get(record.sequence, "") if record else "")
    return [view(acta) for acta in actas]


def _submissions(session: Session, acta_ids: list[int]) -> dict[int, Submission]:
    """The last one of each acta, with its signatures. Two statements."""
    newest = select(func.max(ActaSubmission.id)).where(ActaSubmission.acta_id.in_(acta_ids)).group_by(
        ActaSubmission.acta_id)
    rows = list(session.scalars(select(ActaSubmission).where(ActaSubmission.id.in_(newest))))
    signed: dict[int, dict[int, datetime]] = {}
    for made in session.scalars(select(ActaSignature).where(ActaSignature.submission_id.in_([r.id for r in rows]))
                                .order_by(ActaSignature.id)):
        signed.setdefault(made.submission_id, {})[made.person_id] = made.signed_at
    return {r.acta_id: Submission(r.id, _content(r.content), r.sha256, r.submitted_by, r.submitted_at,
                                  signed.get(r.id, {})) for r in rows}


@lru_cache(50)
def _content(text: str) -> Content:
    return Content.from_dict(json.loads(text))
