"""Looks through the whole register of actas, its facts and its papers, and names the first record that is not right."""

import json
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.actas import heads, queries
from lms.actas.chain import Head, Record, Snapshot, faults, signed
from lms.actas.models import Acta, ActaEnd, ActaSeries, ActaSignature, ActaSubmission
from lms.actas.rules import Content, digest
from lms.foundation.files import Store
from lms.seals.queries import Ring


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was promised."""
    sequence: int               # of the record in question
    folio: str
    why: str


@dataclass(frozen=True)
class Report:
    records: int
    heads: int
    problems: tuple[Problem, ...]       # the first bad record first

    @property
    def first(self) -> Problem | None:
        return self.problems[0] if self.problems else None


@dataclass(frozen=True)
class Facts:
    """What stands beside the register."""
    actas: dict[int, Acta]
    submissions: dict[int, ActaSubmission]
    signatures: dict[int, dict[int, ActaSignature]]     # submission -> person
    ended: frozenset[int]
    series: dict[int, int]
    decided: dict[int, str]


def verify(session: Session, store: Store | None, ring: Ring, kept: Iterable[Head]) -> Report:
    """`kept`: heads saved before. `store` None: the papers are not looked at."""
    records, known = queries.register(session), _facts(session)
    before: Record | None = None
    problems: list[Problem] = []
    for record in records:
        told = [*faults(record, before), *_sealed(record, ring), *_by_facts(record, known, records)]
        if store is not None and (lost := _paper(record, store)):
            told.append(lost)
        place = before.sequence + 1 if before else 1
        if record.sequence > place:
            problems.append(Problem(place, "", f"falta: después del {place - 1} viene el {record.sequence}"))
        problems += [Problem(record.sequence, record.folio, why) for why in told]
        before = record
    problems += _folios(records, known.series)
    saved = list(kept)
    for one in saved:
        problems += _by_head(one, records, ring)
    problems.sort(key=lambda p: p.sequence)
    return Report(len(records), len(saved), tuple(problems))


def _facts(session: Session) -> Facts:
    signatures: dict[int, dict[int, ActaSignature]] = {}
    for one in session.scalars(select(ActaSignature)):
        signatures.setdefault(one.submission_id, {})[one.person_id] = one
    return Facts({a.id: a for a in session.scalars(select(Acta))},
                 {s.id: s for s in session.scalars(select(ActaSubmission))}, signatures,
                 frozenset(session.scalars(select(ActaEnd.acta_id))),
                 {s.year: s.last for s in session.scalars(select(ActaSeries))},
                 queries.decided(session))


def _sealed(record: Record, ring: Ring) -> Iterator[str]:
    try:
        whole = ring.verify(record.kid, signed(record.link), b64decode(record.signature, validate=True),
                            record.closed_at)
    except (ValueError, Error):
        whole = False
    if not whole:
        yield "la Escuela no firmó este registro tal como está"


def _paper(record: Record, store: Store) -> str:
    try:
        content = store.read(record.paper_sha256)
    except (OSError, ValueError):
        return "su PDF no está en el almacén de archivos"
    return "" if sha256(content).hexdigest() == record.paper_sha256 else "su PDF fue cambiado en el almacén de archivos"


def _by_facts(record: Record, known: Facts, records: list[Record]) -> Iterator[str]:
    """What the rows from which it was closed say."""
    acta, submission = known.actas.get(record.acta_id), known.submissions.get(record.submission_id)
    if acta is None:
        yield "no existe el acta que se abrió"
    elif (acta.cohort_id, acta.module, acta.rectifies) != (record.cohort_id, record.module, record.rectifies):
        yield "el acta que se abrió era de otro módulo, o corregía otra"
    if record.acta_id in known.ended:
        yield "el acta figura como anulada"
    older = next((r for r in records if r.sequence == record.rectifies), None)
    if record.rectifies and (older is None or older.sequence >= record.sequence or
                             (older.cohort_id, older.module) != (record.cohort_id, record.module)):
        yield "corrige un acta que no es anterior o no es del mismo módulo"
    if submission is None or submission.acta_id != record.acta_id:
        yield "no existe lo que se presentó a firma"
        return
    try:
        snapshot = Snapshot.from_json(record.snapshot)
        presented = Content.from_dict(json.loads(submission.content))
    except (ValueError, TypeError):
        yield "lo que se presentó a firma no se puede leer"
        return
    if digest(submission.content.encode("utf-8", "replace")) != submission.sha256 or presented != snapshot.content:
        yield "lo que se presentó a firma fue cambiado"
    if (submission.submitted_at.isoformat(), submission.submitted_by) != (snapshot.submitted_at, snapshot.submitted_by):
        yield "quién o cuándo la presentó fue cambiado"
    if acta and (acta.opened_at.isoformat(), acta.opened_by, acta.reason, acta.resolution) != (
            snapshot.opened_at, snapshot.opened_by, snapshot.content.reason, snapshot.content.resolution):
        yield "cómo se abrió fue cambiado"
    if known.decided.get(record.acta_id, queries.NONE) != snapshot.decisions_sha256:
        yield "lo que se dijo de quienes no tienen nota fue cambiado"
    yield from _by_signatures(snapshot, known.signatures.get(record.submission_id, {}))


def _by_signatures(snapshot: Snapshot, found: dict[int, ActaSignature]) -> Iterator[str]:
    if set(found) != {s.person_id for s in snapshot.signatures}:
        yield "faltan o sobran firmas"
    for one in snapshot.signatures:
        row = found.get(one.person_id)
        if row and (row.sha256 != snapshot.content_sha256 or row.signed_at.isoformat() != one.at):
            yield f"la firma de {one.name} fue cambiada"


def _folios(records: list[Record], series: dict[int, int]) -> Iterator[Problem]:
    """No number twice, none missing, and as many as the series says were given."""
    last: dict[int, int] = {}
    for record in records:
        if record.number != last.get(record.year, 0) + 1:
            yield Problem(record.sequence, record.folio, "su folio no es el siguiente")
        last[record.year] = record.number
    end = records[-1].sequence + 1 if records else 1
    for year in sorted(set(series) | set(last)):
        if series.get(year, 0) != last.get(year, 0):
            yield Problem(end, "", f"de {year} se dieron {series.get(year, 0)} folios y hay actas hasta el "
                          f"{last.get(year, 0)}: falta la última, o se cambió la serie")


def _by_head(one: Head, records: list[Record], ring: Ring) -> Iterator[Problem]:
    """Is what a saved head saw still there?"""
    if not heads.ours(one, ring):
        yield Problem(one.sequence, one.folio, "la cabeza guardada no lleva una firma válida de la Escuela")
        return
    found = next((r for r in records if r.sequence == one.sequence), None)
    if found is None:
        missing = records[-1].sequence + 1 if records else 1
        yield Problem(missing, "", f"el {one.at[:10]} el registro llegaba al {one.sequence} ({one.folio}) y hoy no: se "
                      "repuso una copia anterior, o se borró el final")
    elif found.link != one.link:
        yield Problem(found.sequence, found.folio, f"el {one.at[:10]} en su lugar estaba otro registro ({one.folio}): "
                      "la cadena fue rehecha")
