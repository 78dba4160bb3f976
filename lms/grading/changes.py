"""Grades that a person records by hand: each a fact with its author and reason, never over one they had not seen."""

from collections.abc import Collection, Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.catalogue.rules import Module, Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import audit
from lms.grading.models import GradeChange
from lms.grading.values import Change
from lms.people.rules import Refused, tidied

KINDS = ("set", "excused", "exempt", "absent", "resit", "extra", "cleared")
NEEDS_SHARE = ("set", "resit", "extra")
COLUMNS = (GradeChange.id, GradeChange.person_id, GradeChange.module, GradeChange.item, GradeChange.kind,
           GradeChange.share, GradeChange.reason, GradeChange.author_id, GradeChange.at)


class Stale(Refused):
    """Another change has come since the page was made."""

    def __init__(self, latest: Change):
        super().__init__("Mientras tanto se registró otro cambio de esta nota. Revisarlo antes de guardar el suyo.",
                         "seen")
        self.latest = latest


class Settled(Refused):
    """The grade stands in something closed: the message says in what."""


def change(session: Session, actor_id: int, now: datetime, cohort: CohortView, programme: Programme, person_id: int,
           module: str, item: str, *, kind: str, share: Fraction | None = None, reason: str, seen: int) -> Change:
    """Record a grade, or what stands for one. `seen`: the last change of it that the page showed, 0 for none.

    Refused: what can not be; Settled: what is closed (whoever closes says so in app.extensions["grades_settled"]);
    Stale: another change came. Not judged here: whether the actor may.
    """
    share = _checked(programme.module(module), item, kind, share)
    why = tidied(reason.replace("\0", ""), "Motivo", "reason", 300)
    cohorts.hold(session, cohort.id)            # one at a time: two pages can not both be the last
    if person_id not in _taking_part(session, cohort.id, person_id):
        raise Refused("No es participante de esta cohorte.", "person")
    for closed in session.info.get("grades_settled", ()):
        if said := closed(session, cohort.id, module):
            raise Settled(f"La nota ya no se cambia: {said}.", "seen")
    latest = session.execute(select(*COLUMNS).where(
        GradeChange.cohort_id == cohort.id, GradeChange.person_id == person_id, GradeChange.module == module,
        GradeChange.item == item).order_by(GradeChange.id.desc()).limit(1)).one_or_none()
    if latest and latest.id > seen:
        raise Stale(Change(*latest))
    row = GradeChange(cohort_id=cohort.id, person_id=person_id, module=module, item=item, kind=kind, share=share,
                      reason=why, author_id=actor_id, at=now)
    session.add(row)
    session.flush()
    audit.record(session, actor_id, now, "grade.changed", f"grade:{person_id}.{module}.{item}", cohort.id, kind=kind,
                 reason=why)
    return Change(row.id, person_id, module, item, kind, share, why, actor_id, now)


def history(session: Session, cohort_id: int, person_id: int | None = None, module: str | None = None
            ) -> tuple[Change, ...]:
    """All that was recorded in a cohort (of a person, of a module), first to last."""
    query = select(*COLUMNS).where(GradeChange.cohort_id == cohort_id)
    if person_id is not None:
        query = query.where(GradeChange.person_id == person_id)
    if module is not None:
        query = query.where(GradeChange.module == module)
    return tuple(Change(*row) for row in session.execute(query.order_by(GradeChange.id)))


def last(session: Session, cohort_id: int, person_ids: Collection[int] | None = None
         ) -> dict[tuple[int, str, str], int]:
    """(person, module, item) -> the id of its last change: what a page of many grades sends back as `seen`."""
    query = select(GradeChange.person_id, GradeChange.module, GradeChange.item, func.max(GradeChange.id)).where(
        GradeChange.cohort_id == cohort_id).group_by(GradeChange.person_id, GradeChange.module, GradeChange.item)
    if person_ids is not None:
        query = query.where(GradeChange.person_id.in_(list(person_ids)))
    return {(person, module, item): found for person, module, item, found in session.execute(query)}


def items_of(module: Module) -> Sequence[str]:
    """What a grade can be recorded of, the module as a whole last."""
    own = [name for name, there in (("quiz", module.quiz), ("task", module.task)) if there]
    return [*own, *(item.code for item in module.grading.items), ""]


def _checked(module: Module | None, item: str, kind: str, share: Fraction | None) -> Fraction | None:
    if module is None or not module.graded:
        raise Refused("Ese módulo no da nota.", "module")
    if item not in items_of(module):
        raise Refused("El módulo no tiene esa evaluación.", "item")
    if kind not in KINDS:
        raise Refused("Elegir qué se registra.", "kind")
    if kind not in NEEDS_SHARE:
        return None
    if share is None:
        raise Refused("Escribir la nota.", "share")
    if not 0 <= share <= 1 or (kind == "extra" and not share):
        raise Refused("La nota no está dentro de la escala.", "share")
    exact = Fraction(share)
    if len(str(exact)) > 60:                    # what the column holds
        raise Refused("La nota tiene demasiados decimales.", "share")
    return exact


def _taking_part(session: Session, cohort_id: int, person_id: int) -> set[int]:
    """Asked again only for who is not known: an import records a grade for each."""
    found: dict[int, set[int]] = session.info.setdefault("taking_part", {})
    if person_id not in found.get(cohort_id, ()):
        found[cohort_id] = {e.person_id for e in cohorts.enrolled(session, cohort_id)}
    return found[cohort_id]
