"""Reports of a session taken in and taken back; each whole or not at all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.foundation.database import insert_of
from lms.people import emails
from lms.people import queries as people
from lms.people.rules import Refused
from lms.seminars.matching import alias_values
from lms.seminars.models import AttendanceReport, AttendeeAlias, PresenceMark
from lms.seminars.report_marks import Fact, fresh, reference
from lms.seminars.reported import IGNORED, SOURCE, Place, Reading, ReportView, Review, reports, review, told
from lms.seminars.reported import parsed as reading_of
from lms.seminars.reports import Report


def receive(session: Session, actor_id: int, now: datetime, place: Place, name: str, sha256: str,
            platform: str, reading: Reading) -> tuple[int, bool]:
    """Keep a file that can be read as a report: (its id, is it new). Sent again after being undone, it opens again."""
    made = session.execute(insert_of(session.get_bind().dialect.name)(AttendanceReport).values(
        seminar_id=place.seminar_id, session_id=place.sitting.id, file_name=name, sha256=sha256,
        platform=platform, reading=reading.written(), uploaded_at=now, uploaded_by=actor_id)
        .on_conflict_do_nothing().returning(AttendanceReport.id)).scalar()
    if made is not None:
        audit.record(session, actor_id, now, "report.received", f"report:{made}", seminar=place.seminar_id,
                     sitting=place.sitting.id, platform=platform)
        return made, True
    known = session.execute(select(AttendanceReport.id, AttendanceReport.undone_at).where(
        AttendanceReport.session_id == place.sitting.id, AttendanceReport.sha256 == sha256)).one()
    if known.undone_at is not None:             # to be decided anew
        _change(session, known.id, undone_at=None, undone_by=None, applied_at=None, reading=reading.written())
    return known.id, known.undone_at is not None


def reread(session: Session, view: ReportView, reading: Reading, platform: str) -> None:
    """Other answers about a file that has brought nothing yet."""
    if view.stands:
        raise Refused("El informe ya se importó: deshacer la importación antes de leerlo de otra manera.")
    _change(session, view.id, reading=reading.written(), platform=platform)


def apply(session: Session, actor_id: int, now: datetime, place: Place, view: ReportView,
          parsed: tuple[Report, str], chosen: Mapping[str, int], keep: Iterable[str] = ()) -> int:
    """Bring in what the report says of everybody who is known: how many facts were new.

    `chosen`: caller -> registration, or IGNORED; `keep`: the callers to be known by that name or address from now on.
    """
    decided = replace(view.reading, chosen={**view.reading.chosen, **chosen})
    found = review(session, place, replace(view, reading=decided), parsed)
    if found.refusal:
        raise Refused(found.refusal)
    if view.undone_at is not None:
        raise Refused("La importación se deshizo: subir el archivo de nuevo para volver a abrirla.")
    marks, _manual = told(session, place.sitting.id)
    rows = [_row(place, view.id, line.match.registration_id, fact, new, actor_id, now) for line in found.known
            for fact in line.facts if line.match.registration_id
            and (new := fresh(reference(fact, place.sitting.id, line.match.registration_id), marks))]
    rows = list({row["reference"]: row for row in rows}.values())
    if rows:
        adding = insert_of(session.get_bind().dialect.name)(PresenceMark.__table__)
        session.execute(adding.on_conflict_do_nothing(), rows)
    _remember(session, actor_id, now, found, chosen, set(keep))
    _change(session, view.id, reading=decided.written(), applied_at=view.applied_at or now)
    audit.record(session, actor_id, now, "report.applied", f"report:{view.id}", seminar=place.seminar_id,
                 sitting=place.sitting.id, facts=len(rows), people=len(found.known), undecided=len(found.open))
    return len(rows)


def undo(session: Session, actor_id: int, now: datetime, place: Place, view: ReportView,
         content_of: Callable[[str], bytes]) -> int:
    """Take back every fact this report brought, by marks that void them; what other reports also tell is told again."""
    if view.undone_at is not None:
        return 0
    held = session.execute(select(PresenceMark.id, PresenceMark.registration_id, PresenceMark.at).where(
        PresenceMark.report_id == view.id, PresenceMark.kind != "void", PresenceMark.id.not_in(
            select(PresenceMark.voids_id).where(PresenceMark.voids_id.is_not(None),
                                                PresenceMark.session_id == place.sitting.id)))).all()
    rows = [{"seminar_id": place.seminar_id, "session_id": place.sitting.id, "registration_id": mark.registration_id,
             "kind": "void", "source": SOURCE, "reference": f"void:{mark.id}", "at": mark.at, "voids_id": mark.id,
             "recorded_at": now, "recorded_by": actor_id, "note": "Importación deshecha."} for mark in held]
    if rows:
        session.execute(insert_of(session.get_bind().dialect.name)(PresenceMark.__table__), rows)
    _change(session, view.id, undone_at=now, undone_by=actor_id)
    audit.record(session, actor_id, now, "report.undone", f"report:{view.id}", seminar=place.seminar_id,
                 sitting=place.sitting.id, facts=len(rows))
    for other in reports(session, place.sitting.id):
        if rows and other.stands and other.id != view.id:
            read_again = reading_of(place, other.file_name, content_of(other.sha256), other.reading)
            apply(session, actor_id, now, place, other, read_again, {})
    return len(rows)


def _row(place: Place, report_id: int, registration_id: int, fact: Fact, new: str, actor_id: int, now: datetime
         ) -> dict[str, Any]:
    return {"seminar_id": place.seminar_id, "session_id": place.sitting.id, "registration_id": registration_id,
            "kind": fact.kind, "source": SOURCE, "reference": new, "at": fact.at, "until": fact.until,
            "minutes": fact.minutes, "report_id": report_id, "recorded_at": now, "recorded_by": actor_id, "note": ""}


def _remember(session: Session, actor_id: int, now: datetime, found: Review, chosen: Mapping[str, int], keep: set[str]
              ) -> None:
    rows = []
    accounts = people.by_id(session, {r.person_id for r in found.people.values() if r.person_id})
    for line in found.lines:
        who = found.people.get(chosen.get(line.attendee.key, IGNORED))
        if who is None or line.attendee.key not in keep:
            continue
        address = accounts[who.person_id].email if who.person_id in accounts else who.email
        rows += [{"kind": kind, "value": value, "email_key": emails.skeleton(address), "accepted_at": now,
                  "accepted_by": actor_id} for kind, value in alias_values(line.attendee)]
    if rows:
        session.execute(insert_of(session.get_bind().dialect.name)(AttendeeAlias).on_conflict_do_nothing(), rows)


def _change(session: Session, report_id: int, **values: object) -> None:
    session.execute(update(AttendanceReport).where(AttendanceReport.id == report_id).values(**values))
