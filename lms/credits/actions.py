"""Writing the ledger: by hand, and by asking the sources."""

import json
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.credits.models import Credit, SourcePull
from lms.credits.rules import Attended, Earned, refusal
from lms.foundation import audit
from lms.people import queries as people

OVERLAP = timedelta(days=7)         # asked again each time: a source may tell late


class Refused(Exception):
    """The entry can not be taken; the message is for the person."""


def record(session: Session, now: datetime, *, source: str, reference: str, kind: str, cohort_id: int, person_id: int,
           title: str, hours: Fraction, day: date, note: str = "", actor_id: int | None = None) -> tuple[int, bool]:
    """Write one fact: (credit id, whether it is new). The same source and reference is one fact."""
    if why := refusal(kind, title, hours, day, now.date() + timedelta(days=1)):
        raise Refused(why)
    known = select(Credit.id).where(Credit.source == source, Credit.reference == reference)
    if (found := session.scalar(known)) is not None:
        return found, False
    credit = Credit(source=source, reference=reference, kind=kind, cohort_id=cohort_id, person_id=person_id,
                    title=title.strip(), hours=hours, day=day, note=note.strip(), recorded_at=now, recorded_by=actor_id)
    try:
        with session.begin_nested():
            session.add(credit)
    except IntegrityError:          # told by another at the same moment
        return session.scalars(known).one(), False
    audit.record(session, actor_id, now, "credit.recorded", f"credit:{credit.id}", cohort_id, kind=kind, source=source,
                 person=person_id, hours=str(hours))
    return credit.id, True


def withdraw(session: Session, actor_id: int | None, now: datetime, cohort_id: int, credit_id: int, reason: str,
             source: str = "office") -> bool:
    """Take an entry back by a new entry that names it. False when it was already taken back."""
    credit = session.scalar(select(Credit).where(Credit.id == credit_id, Credit.cohort_id == cohort_id,
                                                 Credit.withdraws_id.is_(None)))
    if credit is None:
        raise Refused("Esa anotación no está en el libro de esta cohorte.")
    if session.scalar(select(Credit.id).where(Credit.withdraws_id == credit_id)):
        return False
    taken_back = Credit(source=source, reference=f"retiro:{credit_id}", kind=credit.kind, cohort_id=cohort_id,
                        person_id=credit.person_id, title=credit.title, hours=credit.hours, day=credit.day,
                        note=reason.strip(), recorded_at=now, recorded_by=actor_id, withdraws_id=credit_id)
    try:
        with session.begin_nested():
            session.add(taken_back)
    except IntegrityError:          # taken back by another at the same moment
        return False
    audit.record(session, actor_id, now, "credit.withdrawn", f"credit:{credit_id}", cohort_id, reason=reason)
    return True


def take(session: Session, now: datetime, cohort: CohortView, source: str, fact: Attended | Earned,
         students: set[int], actor_id: int | None) -> bool:
    """Write what a source told; whether it was news. Raises Refused with why it can not stand."""
    person = people.by_email(session, fact.email.strip().casefold())
    if person is None or person.id not in students:
        raise Refused(f"Nadie con ese correo está en {cohort.code}. "
                      "Corregir el correo en la fuente o inscribir a la persona.")
    kind, title = ("attendance", fact.seminar) if isinstance(fact, Attended) else ("internship", fact.host)
    if fact.withdrawn:
        found = session.scalar(select(Credit.id).where(Credit.source == source, Credit.reference == fact.reference))
        return found is not None and withdraw(session, actor_id, now, cohort.id, found, "La fuente lo retiró.", source)
    return record(session, now, source=source, reference=fact.reference, kind=kind, cohort_id=cohort.id,
                  person_id=person.id, title=title, hours=Fraction(fact.hours), day=fact.day, actor_id=actor_id)[1]


def pull(session: Session, now: datetime, cohort: CohortView, name: str, group: str, source: object,
         actor_id: int | None = None) -> SourcePull:
    """Ask one source. Whatever goes wrong in it is told by name and changes nobody's result."""
    last = session.scalar(select(SourcePull.pulled_at).where(
        SourcePull.source == name, SourcePull.cohort_id == cohort.id, SourcePull.error == "")
        .order_by(SourcePull.id.desc()).limit(1))
    since = last - OVERLAP if last else None
    told = SourcePull(source=name, cohort_id=cohort.id, pulled_at=now, taken=0, known=0, refused="[]", error="")
    try:
        ask = source.attendance if group == "lms.seminars" else source.credits  # type: ignore[attr-defined]
        facts = list(ask(cohort.code, since))
    except Exception as wrong:      # a source is someone else's code: any failure of it is only told
        told.error = f"{type(wrong).__name__}: {wrong}"[:300]
        facts = []
    students, refused = {e.person_id for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at}, []
    for fact in facts:
        try:
            if take(session, now, cohort, name, fact, students, actor_id):
                told.taken += 1
            else:
                told.known += 1
        except (Refused, AttributeError, TypeError, ValueError) as wrong:
            refused.append([str(getattr(fact, "reference", "?"))[:120], str(wrong)[:300]])
    told.refused = json.dumps(refused, ensure_ascii=False)
    session.add(told)
    audit.record(session, actor_id, now, "credits.pulled", f"source:{name}", cohort.id, taken=told.taken,
                 known=told.known, refused=len(refused), error=bool(told.error))
    return told
