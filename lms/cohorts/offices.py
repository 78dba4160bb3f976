"""Who holds the offices that sign, begun and ended by dates, and how people were admitted: one audit line each."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.cohorts import queries
from lms.cohorts.models import Admission, Signatory
from lms.cohorts.rules import TRACKS, in_office
from lms.foundation import audit
from lms.foundation.language import _
from lms.people.rules import Refused


def begin(session: Session, actor_id: int | None, now: datetime, cohort_id: int | None, who: tuple[str, str, str],
          starts_on: date, instead_of: int | None = None) -> int:
    """Somebody (name, office, institution) signs from a day on; whoever they follow held the office until the eve."""
    position = None
    if instead_of:
        position = _ended(session, cohort_id, instead_of, starts_on - timedelta(days=1)).position
    elif who in queries.signatories(session, cohort_id, starts_on):
        raise Refused(_("Ya firma ese día con ese cargo."), "name")
    last = session.scalar(select(func.max(Signatory.position)).where(_of(cohort_id)))
    made = Signatory(cohort_id=cohort_id, name=who[0], office=who[1], institution=who[2], starts_on=starts_on,
                     position=position if position is not None else (last if last is not None else -1) + 1)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "office.begun", f"signatory:{made.id}", cohort_id, office=who[1],
                 since=starts_on.isoformat(), instead_of=instead_of)
    return made.id


def end(session: Session, actor_id: int | None, now: datetime, cohort_id: int | None, signatory_id: int,
        ends_on: date) -> None:
    """The last day of somebody in office. What they signed stays as it is."""
    row = _ended(session, cohort_id, signatory_id, ends_on)
    audit.record(session, actor_id, now, "office.ended", f"signatory:{row.id}", cohort_id, office=row.office,
                 until=ends_on.isoformat())


def admit(session: Session, actor_id: int | None, now: datetime, cohort_id: int, person_ids: Sequence[int], track: str,
          evidence: str) -> int:
    """Put on record how these people were admitted; returns of how many it was news."""
    if track and track not in TRACKS:
        raise Refused(_("Elegir una de las vías de ingreso."), "track")
    known = queries.tracks(session, cohort_id)
    taking_part = {e.person_id for e in queries.enrolled(session, cohort_id)}
    news = [p for p in dict.fromkeys(person_ids) if p in taking_part and known.get(p, "") != track]
    session.add_all(Admission(cohort_id=cohort_id, person_id=p, track=track, evidence=evidence, recorded_at=now,
                              recorded_by=actor_id) for p in news)
    session.flush()
    for person in news:
        audit.record(session, actor_id, now, "admission.recorded", f"person:{person}", cohort_id, track=track)
    return len(news)


def _ended(session: Session, cohort_id: int | None, signatory_id: int, ends_on: date) -> Signatory:
    row = session.scalar(select(Signatory).where(Signatory.id == signatory_id, _of(cohort_id)).with_for_update())
    if row is None or (row.ends_on is not None and row.ends_on <= ends_on):
        raise Refused(_("Esa persona ya terminó en el cargo. Recargar la página."), "ends_on")
    if not in_office(row.starts_on, None, ends_on):
        raise Refused(_("El último día no puede ser anterior al primero."), "ends_on")
    row.ends_on = ends_on
    session.flush()
    return row


def _of(cohort_id: int | None):     # type: ignore[no-untyped-def]
    return Signatory.cohort_id == cohort_id if cohort_id else Signatory.cohort_id.is_(None)
