"""Writing the ledger: by hand, and by asking the sources."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.credits.models import Credit, SourcePull
from lms.credits.rules import GROUPS, Attended, Earned, Known, contradiction, fact_refusal, refusal
from lms.foundation import audit, outbox
from lms.people import emails
from lms.people import queries as people

PULL = "credits-pull"               # the job that asks
MOST_TOLD = 100                     # refusals of one asking that are kept to be read


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


def take(session: Session, now: datetime, cohort: CohortView, source: str, group: str, fact: object,
         students: Mapping[str, int], known: Known | None, actor_id: int | None = None) -> bool:
    """Write what a source told; whether it was news. Raises Refused with why it can not stand. `students`: normal
    address -> person; `known`: what stands under the fact's reference."""
    if (why := fact_refusal(fact, group)) or not isinstance(fact, (Attended, Earned)):
        raise Refused(why)
    kind = GROUPS[group][2]
    if fact.withdrawn:
        if known is not None and known.cohort_id != cohort.id:
            raise Refused("Esa referencia es de otra cohorte.")
        return known is not None and withdraw(session, actor_id, now, cohort.id, known.id, "La fuente lo retiró.",
                                              source)
    try:
        person_id = students.get(emails.normal(fact.email))
    except emails.BadEmail as wrong:
        raise Refused(str(wrong)) from None
    if known is not None:
        if why := contradiction(known, fact, kind, cohort.id, person_id or known.person_id):     # they may have left
            raise Refused(why)
        return False
    if person_id is None:
        raise Refused(f"Nadie con ese correo está en {cohort.code}. "
                      "Corregir el correo en la fuente o inscribir a la persona.")
    title = fact.seminar if isinstance(fact, Attended) else fact.host
    return record(session, now, source=source, reference=fact.reference, kind=kind, cohort_id=cohort.id,
                  person_id=person_id, title=title, hours=Fraction(fact.hours), day=fact.day, actor_id=actor_id)[1]


def take_all(session: Session, now: datetime, cohort: CohortView, source: str, group: str, facts: Sequence[object],
             actor_id: int | None = None) -> tuple[int, int, list[tuple[str, str]]]:
    """(new, known, [(reference, why)]) of what a source told: each fact by itself: a wrong one spoils no other."""
    new, old, refused = 0, 0, []
    students = enrolled(session, cohort.id)
    references = [r for f in facts if isinstance(r := getattr(f, "reference", None), str) and r.isprintable()]
    times = Counter(references)
    standing = known_of(session, source, times.keys())
    for fact in facts:
        reference = getattr(fact, "reference", "?")
        try:
            if take(session, now, cohort, source, group, fact, students, standing.get(reference), actor_id):
                new += 1
                if times[reference] > 1:
                    standing |= known_of(session, source, {reference})
            else:
                old += 1
        except (Refused, TypeError) as wrong:
            shown = "".join(c for c in str(reference)[:120] if c.isprintable())
            refused.append((shown, str(wrong)[:300]))
    return new, old, refused


def enrolled(session: Session, cohort_id: int) -> dict[str, int]:
    """Normal address -> person, of who takes part now."""
    ids = [e.person_id for e in cohorts.enrolled(session, cohort_id) if not e.withdrawn_at]
    return {p.email: p.id for p in people.by_id(session, ids).values()}


def known_of(session: Session, source: str, references: Collection[str]) -> dict[str, Known]:
    """Reference -> what stands under it."""
    back = aliased(Credit)
    rows = session.execute(
        select(Credit.reference, Credit.id, Credit.kind, Credit.cohort_id, Credit.person_id, Credit.title, Credit.hours,
               Credit.day, back.source)
        .outerjoin(back, back.withdraws_id == Credit.id)
        .where(Credit.source == source, Credit.reference.in_(references), Credit.withdraws_id.is_(None)))
    return {reference: Known(*columns, withdrawn=by == source) for reference, *columns, by in rows}


def ask_soon(session: Session, now: datetime, *names: str) -> None:
    """For the rooms above: have these sources asked at once by the worker, once this transaction has been kept."""
    if not outbox.awaited(session, PULL, now, names=list(names)):
        outbox.put(session, now, PULL, names=list(names))


def note_pull(session: Session, actor_id: int | None, now: datetime, cohort_id: int, source: str, *, taken: int,
              known: int, refused: Sequence[tuple[str, str]], error: str, ms: int, asked_by: str) -> None:
    """How an asking went, whatever came of it."""
    session.add(SourcePull(source=source, cohort_id=cohort_id, pulled_at=now, taken=taken, known=known,
                           refused=json.dumps(refused[:MOST_TOLD], ensure_ascii=False), refused_count=len(refused),
                           error=error[:300], ms=ms, asked_by=asked_by))
    audit.record(session, actor_id, now, "credits.pulled", f"source:{source}", cohort_id, taken=taken, known=known,
                 refused=len(refused), error=bool(error))
