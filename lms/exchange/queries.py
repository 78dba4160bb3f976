"""The register of agreements as the office's pages and the rooms above read it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.exchange.models import Agreement, AgreementChange, AgreementParty
from lms.exchange.rules import Standing, Term, standing
from lms.people import queries as people
from lms.people.rules import search_key, today

_A, _P, _C = Agreement.__table__.c, AgreementParty.__table__.c, AgreementChange.__table__.c


@dataclass(frozen=True)
class PartyView:
    institution_id: int
    name: str
    country: str
    signatory: str
    office: str


@dataclass(frozen=True)
class ChangeView:
    id: int
    kind: str               # renewed | ended
    on: date
    expires_on: date | None
    reason: str
    sha256: str
    file_name: str
    recorded_at: datetime
    recorded_by: int | None


@dataclass(frozen=True)
class AgreementView:
    """An agreement and how it stands on the day asked for."""
    id: int
    title: str
    parties: tuple[PartyView, ...]
    signed_on: date
    expires_on: date | None         # the last day agreed, renewals counted
    in_force: bool
    standing: Standing
    starts_on: date
    first_expires_on: date | None
    object: str
    sha256: str
    file_name: str
    recorded_at: datetime
    recorded_by: int | None
    changes: tuple[ChangeView, ...] = ()

    @property
    def search_key(self) -> str:
        return search_key(" ".join([self.title, self.object, *(f"{p.name} {p.signatory}" for p in self.parties)]))

    def in_force_on(self, day: date) -> bool:
        return standing(*_terms(self.starts_on, self.first_expires_on, self.changes), day).in_force


def agreements(session: Session, on: date, ids: Iterable[int] | None = None) -> tuple[AgreementView, ...]:
    """All agreements, or these, as they stand on a day; the last signed first. Four statements, however many."""
    query = select(_A.id, _A.title, _A.object, _A.signed_on, _A.starts_on, _A.expires_on, _A.sha256, _A.file_name,
                   _A.recorded_at, _A.recorded_by).order_by(_A.signed_on.desc(), _A.id.desc())
    rows = session.execute(query if ids is None else query.where(_A.id.in_(list(ids)))).all()
    if not rows:
        return ()
    found = [row.id for row in rows]
    parties, changes = _parties(session, found), _changes(session, found)
    return tuple(_view(row, tuple(parties[row.id]), tuple(changes[row.id]), on) for row in rows)


def agreement(session: Session, agreement_id: int, on: date) -> AgreementView | None:
    return next(iter(agreements(session, on, [agreement_id])), None)


def standings(session: Session, ids: Iterable[int | None], on: date) -> dict[int, Standing]:
    """How these agreements stand on a day. One statement; none where none is asked for."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(select(
            _A.id, _A.starts_on, _A.expires_on.label("first"), _C.kind, _C.on, _C.expires_on.label("then")).select_from(
            Agreement.__table__.outerjoin(AgreementChange.__table__, _C.agreement_id == _A.id)).where(
            _A.id.in_(wanted)).order_by(_C.id)):
        rows[row.id].append(row)
    return {i: standing([Term(mine[0].starts_on, mine[0].first),
                         *(Term(r.on, r.then) for r in mine if r.kind == "renewed")],
                        next((r.on for r in mine if r.kind == "ended"), None), on) for i, mine in rows.items()}


def found(session: Session, now: datetime) -> tuple[AgreementView, ...]:
    """The register as it stands today."""
    return agreements(session, today(now))


def chosen(everything: Iterable[AgreementView], words: str = "", kind: str = "") -> list[AgreementView]:
    """What somebody looks for: every word in title, object, party or signatory; of a kind when asked."""
    wanted = search_key(words).split()
    return [a for a in everything if kind in ("", a.standing.kind) and all(word in a.search_key for word in wanted)]


def _parties(session: Session, ids: list[int]) -> dict[int, list[PartyView]]:
    rows = session.execute(select(_P.agreement_id, _P.institution_id, _P.signatory, _P.office).where(
        _P.agreement_id.in_(ids)).order_by(_P.position, _P.id)).all()
    names = people.institutions_by_id(session, {row.institution_id for row in rows})
    made: dict[int, list[PartyView]] = defaultdict(list)
    for row in rows:
        who = names[row.institution_id]
        made[row.agreement_id].append(PartyView(who.id, who.name, who.country, row.signatory, row.office))
    return made


def _changes(session: Session, ids: list[int]) -> dict[int, list[ChangeView]]:
    made: dict[int, list[ChangeView]] = defaultdict(list)
    for row in session.execute(select(_C.agreement_id, _C.id, _C.kind, _C.on, _C.expires_on, _C.reason, _C.sha256,
                                      _C.file_name, _C.recorded_at, _C.recorded_by).where(
            _C.agreement_id.in_(ids)).order_by(_C.id)):
        made[row.agreement_id].append(ChangeView(*row[1:]))
    return made


def _terms(starts_on: date, expires_on: date | None, changes: Iterable[ChangeView]
           ) -> tuple[list[Term], date | None]:
    terms, ended = [Term(starts_on, expires_on)], None
    for change in changes:
        if change.kind == "renewed":
            terms.append(Term(change.on, change.expires_on))
        else:
            ended = change.on
    return terms, ended


def _view(row: Any, parties: tuple[PartyView, ...], changes: tuple[ChangeView, ...], on: date) -> AgreementView:
    how = standing(*_terms(row.starts_on, row.expires_on, changes), on)
    return AgreementView(row.id, row.title, parties, row.signed_on, how.until, how.in_force, how, row.starts_on,
                         row.expires_on, row.object, row.sha256, row.file_name, row.recorded_at,
                         row.recorded_by, changes)
