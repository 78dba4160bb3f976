"""Imports of a roster: read and judged against what is known, taken in row by row, undone as a whole."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.cohorts import actions, columns, queries, roster
from lms.cohorts.columns import Columns
from lms.cohorts.models import Cohort, Enrolment, RosterBatch
from lms.cohorts.queries import BatchView, CohortView, EnrolmentView
from lms.cohorts.roster import Entry
from lms.cohorts.verdicts import NEW, REFUSED, TAKEN, Heads, Known, Verdict, judge, wanted_documents
from lms.foundation import audit, spreadsheet
from lms.people import actions as people_actions
from lms.people import names
from lms.people import queries as people
from lms.people.rules import Refused

DOCUMENTS = ("document", "cl_run", "ar_dni", "ar_cuil", "passport")
UNDONE = "Se deshizo la importación"
KINDS = (("universi", "university"), ("asocia", "association"), ("federaci", "association"), ("consorc", "association"))


@dataclass(frozen=True)
class Sheet:
    """A roster file, read: its rows, its columns, and how it was understood."""
    name: str
    columns: Columns
    entries: tuple[Entry, ...]
    reading: str
    rows: tuple[spreadsheet.Row, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What importing a sheet into a cohort would do now."""
    sheet: Sheet
    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(v.outcome for v in self.verdicts)

    @property
    def good(self) -> int:
        return sum(v.outcome in TAKEN for v in self.verdicts)

    @property
    def better(self) -> int:
        """Rows to import whose name could be written otherwise than in capitals."""
        return sum(v.outcome == NEW and v.entry.better is not None for v in self.verdicts)

    @property
    def new_institutions(self) -> list[str]:
        return sorted({v.new_institution for v in self.verdicts if v.new_institution and v.outcome in TAKEN})


def read(name: str, content: bytes, country: str, most: int = roster.MOST_ROWS) -> Sheet:
    """The sheet in a file; raises spreadsheet.Unreadable when no roster can be read from it."""
    table = spreadsheet.read(name, content, most)
    found = columns.recognise(table.header)
    return Sheet(name, found, roster.read(table, found, country), table.reading, table.rows)


def preview(session: Session, cohort: CohortView, sheet: Sheet) -> Preview:
    """Judge every row; writes nothing."""
    place = next((f for f in DOCUMENTS if f in sheet.columns.place), "document")
    heads = Heads(sheet.columns.head("email"), sheet.columns.head(place))
    return Preview(sheet, judge(sheet.entries, _known(session, cohort, sheet.entries), heads, cohort.country))


def take_in(session: Session, actor_id: int | None, now: datetime, cohort: CohortView, sheet: Sheet, file_hash: str,
            base_url: str, better_names: bool = False) -> tuple[int | None, Preview]:
    """Enrol the good rows and leave the others; (the batch, or None when there was nothing to do; what was judged)."""
    session.execute(select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())      # one import at a time
    judged = preview(session, cohort, sheet)
    if not judged.good:
        return None, judged
    batch = RosterBatch(cohort_id=cohort.id, file_name=sheet.name[:200], file_hash=file_hash, rows="[]",
                        author_id=actor_id, imported_at=now)
    session.add(batch)
    session.flush()
    taking = _Import(session, actor_id, now, cohort, batch.id, base_url, better_names)
    rows = [taking.row(verdict) for verdict in judged.verdicts]
    batch.rows = json.dumps(rows)
    audit.record(session, actor_id, now, "roster.imported", f"batch:{batch.id}", cohort.id, file=sheet.name[:200],
                 sha256=file_hash, rows=dict(Counter(row["outcome"] for row in rows)))
    return batch.id, judged


def undo(session: Session, actor_id: int | None, now: datetime, cohort_id: int, batch: BatchView) -> int | None:
    """End every enrolment that the import began and nobody has begun again since; accounts and institutions stay.

    None when it was undone before.
    """
    claimed = session.execute(update(RosterBatch).where(RosterBatch.id == batch.id, RosterBatch.undone_at.is_(None))
                              .values(undone_at=now, undone_by=actor_id))
    if not claimed.rowcount:        # type: ignore[attr-defined]
        return None
    ids = session.scalars(select(Enrolment.id).where(Enrolment.batch_id == batch.id, Enrolment.withdrawn_at.is_(None)))
    ended = sum(actions.withdraw(session, actor_id, now, cohort_id, i, UNDONE) for i in ids.all())
    audit.record(session, actor_id, now, "roster.undone", f"batch:{batch.id}", cohort_id, ended=ended)
    return ended


def repeated(session: Session, cohort_id: int, file_hash: str) -> BatchView | None:
    """The import of this very file that still stands."""
    return next((b for b in queries.batches(session, cohort_id) if b.file_hash == file_hash and not b.undone_at), None)


def _known(session: Session, cohort: CohortView, entries: tuple[Entry, ...]) -> Known:
    return Known(
        people.accounts(session, {e.email for e in entries if e.email}, wanted_documents(entries)),
        {e.person_id: _out(e) for e in queries.enrolled(session, cohort.id)}, people.institutions(session))


def _out(enrolment: EnrolmentView) -> str | None:
    """None who takes part, "" whose import was undone, else why they left."""
    if enrolment.withdrawn_at is None:
        return None
    return "" if enrolment.withdrawn_why == UNDONE else enrolment.withdrawn_why


class _Import:
    """One import under way."""

    def __init__(self, session: Session, actor_id: int | None, now: datetime, cohort: CohortView, batch_id: int,
                 base_url: str, better_names: bool) -> None:
        self.session, self.who, self.cohort = session, (session, actor_id, now), cohort
        self.batch_id, self.base_url, self.better_names = batch_id, base_url, better_names
        self.added: dict[str, int | None] = {}

    def row(self, verdict: Verdict) -> dict[str, Any]:
        """What a row led to, whole or not at all: what changed since it was judged refuses the row, not the import."""
        told = {"row": verdict.entry.row, "outcome": verdict.outcome, "person": verdict.person_id}
        if verdict.outcome not in TAKEN:
            return told
        institution_id = verdict.institution_id or self._added(verdict.new_institution)
        try:
            with self.session.begin_nested():
                return told | self._enrol(verdict, institution_id)
        except (IntegrityError, Refused):
            return told | {"outcome": REFUSED, "changed": True}

    def _enrol(self, verdict: Verdict, institution_id: int | None) -> dict[str, Any]:
        person_id = verdict.person_id or self._invite(verdict.entry, institution_id)
        enrolment_id = actions.enrol(*self.who, self.cohort.id, person_id, institution_id, self.batch_id)
        return {"person": person_id, "enrolment": enrolment_id}

    def _invite(self, entry: Entry, institution_id: int | None) -> int:
        name = entry.better if self.better_names and entry.better else entry.name
        person_id = people_actions.invite(
            *self.who, email=entry.email, given_names=name.given, surname1=name.surname1, surname2=name.surname2,
            identifier=entry.document, base_url=self.base_url)
        if institution_id and entry.office:
            people_actions.affiliate(*self.who, person_id, institution_id, entry.office)
        return person_id

    def _added(self, name: str) -> int | None:
        """The institution that a row names and nobody had registered."""
        if name and name not in self.added:
            written = (names.suggest_case(name) if self.better_names else None) or name
            kind = next((kind for part, kind in KINDS if part in name.casefold()), "municipality")
            try:
                with self.session.begin_nested():
                    self.added[name] = people_actions.add_institution(*self.who, kind, written, "",
                                                                      self.cohort.country, "")
            except (IntegrityError, Refused):       # registered meanwhile
                self.added[name] = next((i.id for i in people.institutions(self.session)
                                         if names.search_key(i.name) == names.search_key(written)), None)
        return self.added.get(name)
