"""Recording exceptions and earlier studies, and taking them back: each a new row with who and why."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.completion.models import Recognition, RequirementException
from lms.completion.rules import Item, Verdict
from lms.foundation import audit
from lms.people.rules import Refused

LEAST_REASON, LONGEST = 5, 500
Row = TypeVar("Row", RequirementException, Recognition)


@dataclass(frozen=True)
class Kept:
    """A file that is in the store already."""
    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Study:
    """What was studied elsewhere."""
    title: str
    institution: str
    finished_on: date | None = None
    share: Fraction | None = None
    equivalence: str = ""


def exceptable(verdict: Verdict) -> list[Item]:
    """What may be waived: all that is missing but the printed name, without which nothing can be printed."""
    inside = [i for g in verdict.missing for way in g.ways for i in way if i.module and not i.done]
    found = {i.key: i for i in (*verdict.missing, *inside) if i.kind != "certificate_name"}
    return list(found.values())


def record_exception(session: Session, actor_id: int, now: datetime, cohort_id: int, person_id: int, verdict: Verdict,
                     requirement: str, reason: str) -> int:
    """This person need not meet it."""
    if requirement not in {item.key for item in exceptable(verdict)}:
        raise Refused("Ese requisito no le falta a esta persona, o no admite excepción.", "requirement")
    row = RequirementException(cohort_id=cohort_id, person_id=person_id, requirement=requirement,
                               reason=_reason(reason), author_id=actor_id, at=now)
    session.add(row)
    session.flush()
    audit.record(session, actor_id, now, "exception.recorded", f"exception:{row.id}", cohort_id, person=person_id,
                 requirement=requirement, reason=row.reason)
    return row.id


def recognise(session: Session, actor_id: int, now: datetime, cohort_id: int, person_id: int, programme: Programme,
              module: str, study: Study, reason: str, file: Kept) -> int:
    """An earlier study stands for a module."""
    if programme.module(module) is None:
        raise Refused("Ese módulo no es del programa.", "module")
    known = {e.code: e for e in programme.equivalences}
    if study.equivalence and (study.equivalence not in known or module not in known[study.equivalence].modules):
        raise Refused("Esa equivalencia no vale para ese módulo.", "equivalence")
    if standing(session, Recognition, cohort_id, person_id, module=module):
        raise Refused(f"{module} ya está reconocido. Para cambiarlo, retirar antes ese reconocimiento.", "module")
    row = Recognition(cohort_id=cohort_id, person_id=person_id, module=module, equivalence=study.equivalence,
                      study=study.title.strip(), institution=study.institution.strip(), finished_on=study.finished_on,
                      share=study.share, reason=_reason(reason), file_name=file.name, file_kind=file.kind,
                      file_size=file.size, sha256=file.sha256, author_id=actor_id, at=now)
    session.add(row)
    session.flush()
    audit.record(session, actor_id, now, "study.recognised", f"recognition:{row.id}", cohort_id, person=person_id,
                 module=module, reason=row.reason, sha256=file.sha256)
    return row.id


def withdraw(session: Session, actor_id: int, now: datetime, row: RequirementException | Recognition,
             reason: str) -> bool:
    """Take one back by a new row that names it. False when that was done already."""
    again = type(row)(**{c.key: getattr(row, c.key) for c in type(row).__table__.c if c.key != "id"})
    again.reason, again.author_id, again.at, again.withdraws_id = _reason(reason), actor_id, now, row.id
    try:
        with session.begin_nested():
            session.add(again)
    except IntegrityError:
        return False
    what = "exception" if isinstance(row, RequirementException) else "recognition"
    audit.record(session, actor_id, now, f"{what}.withdrawn", f"{what}:{row.id}", row.cohort_id, person=row.person_id,
                 reason=again.reason)
    return True


def standing(session: Session, kind: type[Row], cohort_id: int, person_id: int | None = None, **named: object
             ) -> list[Row]:
    """Rows of a cohort that nobody has withdrawn; `named`: columns and what they must be."""
    query = select(kind).where(kind.cohort_id == cohort_id, kind.withdraws_id.is_(None)).order_by(kind.id)
    if person_id is not None:
        query = query.where(kind.person_id == person_id)
    taken = select(kind.withdraws_id).where(kind.cohort_id == cohort_id, kind.withdraws_id.is_not(None))
    return list(session.scalars(query.filter_by(**named).where(kind.id.not_in(taken))))


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if len(text) < LEAST_REASON:
        raise Refused("Escribir por qué, y con qué resolución si la hay.", "reason")
    if len(text) > LONGEST:
        raise Refused(f"El motivo no puede pasar de {LONGEST} caracteres.", "reason")
    return text
