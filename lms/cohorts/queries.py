"""Cohorts, their calendar, who is enrolled, who signs: as other rooms and our pages may see them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Step
from lms.cohorts.models import (
    Admission,
    CalendarStep,
    Cohort,
    CohortPartner,
    Enrolment,
    Extension,
    RosterBatch,
    Signatory,
    TaskRule,
)
from lms.cohorts.rules import MoreTime, Window, calendar, in_office, wall_time
from lms.people import queries as people
from lms.people.queries import InstitutionView
from lms.people.rules import Actor, Role

STEP = (CalendarStep.module, CalendarStep.opens, CalendarStep.quiz_due, CalendarStep.task_due, CalendarStep.after)
# Every page asks these: of the tables and made once they take 0.1 ms; the same selects of the classes took 0.6.
# Such a select does not flush what is pending: the actions of this room flush before they return.
_C, _S, _E = Cohort.__table__.c, CalendarStep.__table__.c, Extension.__table__.c
COHORTS = select(_C.id, _C.code, _C.title, _C.country, _C.time_zone, _C.starts_on, _C.ends_on, _C.edition_id, _S.module,
                 _S.opens, _S.quiz_due, _S.task_due, _S.after).select_from(
    Cohort.__table__.outerjoin(CalendarStep.__table__, _S.cohort_id == _C.id))
ALL = COHORTS.order_by(_C.starts_on.desc(), _C.code, _C.id)
SOME = ALL.where(_C.id.in_(bindparam("ids", expanding=True)))
COHORT = COHORTS.where(_C.id == bindparam("cohort"))
_T = TaskRule.__table__.c
INSTITUTION = select(Enrolment.institution_id).where(
    Enrolment.cohort_id == bindparam("cohort"), Enrolment.person_id == bindparam("person"),
    Enrolment.withdrawn_at.is_(None)).scalar_subquery()     # the person's, for statements of the rooms above
MORE_TIME_PARTS = (                     # and what the cohort says of its tasks: one statement for both
    select(_E.module, _E.item, _E.due_local, _E.id.label("id")).where(
        _E.person_id == bindparam("person"), _E.cohort_id == bindparam("cohort")),
    select(_T.module, literal("rules"), _T.content, _T.id).where(_T.cohort_id == bindparam("cohort")))
ALL_MORE_TIME_PARTS = (                 # of everybody, for a statement of a room above
    select(_E.person_id, cast(null(), Integer).label("institution_id"), _E.module, _E.item, _E.due_local,
           _E.id.label("id")).where(_E.cohort_id == bindparam("cohort")),)
MORE_TIME = union_all(*MORE_TIME_PARTS).order_by("id")


@dataclass(frozen=True)
class CohortView:
    """A cohort as every room knows it. `calendar` is a person's own when asked for with their id."""
    id: int
    code: str
    title: str
    country: str
    time_zone: str
    starts_on: date
    ends_on: date
    edition_id: str
    calendar: dict[str, Window]


@dataclass(frozen=True)
class EnrolmentView:
    id: int
    cohort_id: int
    person_id: int
    institution_id: int | None
    withdrawn_at: datetime | None
    withdrawn_why: str = ""
    batch_id: int | None = None
    enrolled_at: datetime | None = None


@dataclass(frozen=True)
class ExtensionView:
    module: str
    item: str
    due_local: str              # wall time in the cohort's zone
    reason: str
    author_id: int
    given_at: datetime

    def due(self, starts_on: date) -> datetime:
        return wall_time(self.due_local, starts_on)


@dataclass(frozen=True)
class BatchView:
    """One import of a roster; `rows` is what each row led to."""
    id: int
    file_name: str
    file_hash: str
    rows: list[dict[str, Any]]
    author_id: int | None
    imported_at: datetime
    undone_at: datetime | None
    undone_by: int | None


def cohort(session: Session, cohort_id: int, person_id: int | None = None, more: Sequence[MoreTime] = ()
           ) -> CohortView | None:
    """A cohort with its calendar in one statement; with a person's own extensions in two, unless they are at hand."""
    rows = session.execute(COHORT, {"cohort": cohort_id}).all()
    if not rows:
        return None
    return _view(session, rows, _more_time(session, cohort_id, person_id) if person_id is not None else more)


def cohorts(session: Session, ids: Iterable[int] | None) -> list[CohortView]:
    """These cohorts, or all of them, newest start first; one statement."""
    rows = (session.execute(ALL) if ids is None else session.execute(SOME, {"ids": list(ids)})).all()
    return [_view(session, list(group)) for _, group in groupby(rows, key=lambda row: row.id)]


def hold(session: Session, cohort_id: int) -> None:
    """Wait until nobody else is changing this cohort, and let nobody else until the transaction ends (PostgreSQL; on
    SQLite a writing transaction is alone anyway)."""
    session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())


def by_code(session: Session, code: str) -> CohortView | None:
    """The cohort that people call by this code, in whatever case."""
    found = session.scalar(select(Cohort.id).where(func.upper(Cohort.code) == code.strip().upper()))
    return cohort(session, found) if found else None


def enrolled(session: Session, cohort_id: int) -> list[EnrolmentView]:
    """Everyone who is or was enrolled, once each; who left has `withdrawn_at`."""
    rows = session.execute(select(
        Enrolment.id, Enrolment.cohort_id, Enrolment.person_id, Enrolment.institution_id, Enrolment.withdrawn_at,
        Enrolment.withdrawn_why, Enrolment.batch_id, Enrolment.enrolled_at)
        .where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id))
    return [EnrolmentView(*row) for row in rows]


_TAKING_PART = select(Enrolment.person_id).where(Enrolment.cohort_id == bindparam("cohort"),
                                                 Enrolment.withdrawn_at.is_(None)).distinct()


def taking_part(session: Session, cohort_id: int) -> list[int]:
    """The ids of everyone who is enrolled now."""
    return list(session.scalars(_TAKING_PART, {"cohort": cohort_id}))


def enrolment(session: Session, cohort_id: int, enrolment_id: int) -> EnrolmentView | None:
    """One enrolment of this cohort."""
    return next((e for e in enrolled(session, cohort_id) if e.id == enrolment_id), None)


def studied(session: Session, actor: Actor) -> set[str]:
    """The editions that a person studies now. One statement, none for who studies nothing."""
    mine = actor.cohorts(Role.STUDENT)
    return {cohort.edition_id for cohort in cohorts(session, mine)} if mine else set()


def counts(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Cohort -> how many take part now."""
    rows = session.execute(select(Enrolment.cohort_id, func.count()).where(
        Enrolment.cohort_id.in_(list(ids)), Enrolment.withdrawn_at.is_(None)).group_by(Enrolment.cohort_id))
    return {row[0]: row[1] for row in rows}


def partners(session: Session, cohort_id: int) -> list[InstitutionView]:
    """The institutions that take part, in the order of the certificate."""
    ids = list(session.scalars(select(CohortPartner.institution_id).where(CohortPartner.cohort_id == cohort_id)
                               .order_by(CohortPartner.position, CohortPartner.institution_id)))
    found = people.institutions_by_id(session, ids)
    return [found[i] for i in ids]


def signatories(session: Session, cohort_id: int | None, day: date) -> list[tuple[str, str, str]]:
    """Who signs what is issued that day: (name, office, institution), in order. Of no cohort: for the Escuela."""
    return [(row.name, row.office, row.institution) for row in offices(session, cohort_id)
            if in_office(row.starts_on, row.ends_on, day)]


def offices(session: Session, cohort_id: int | None) -> list[Any]:
    """Everybody who ever signs: rows of id, name, office, institution, position, starts_on, ends_on."""
    return list(session.execute(select(
        Signatory.id, Signatory.name, Signatory.office, Signatory.institution, Signatory.position, Signatory.starts_on,
        Signatory.ends_on).where(Signatory.cohort_id == cohort_id if cohort_id else Signatory.cohort_id.is_(None))
        .order_by(Signatory.position, Signatory.starts_on.nulls_first(), Signatory.id)))


def tracks(session: Session, cohort_id: int) -> dict[int, str]:
    """How each person was admitted, of those of whom it is on record: rules.TRACKS."""
    rows = session.execute(select(Admission.person_id, Admission.track).where(Admission.cohort_id == cohort_id)
                           .order_by(Admission.id))
    return {row.person_id: row.track for row in rows}


def steps(session: Session, cohort_id: int) -> list[Step]:
    """What this cohort says otherwise than the programme."""
    return [Step(*row) for row in session.execute(select(*STEP).where(CalendarStep.cohort_id == cohort_id))]


def extensions(session: Session, cohort_id: int, person_id: int) -> list[ExtensionView]:
    """More time given to a person, first to last."""
    rows = session.execute(select(
        Extension.module, Extension.item, Extension.due_local, Extension.reason, Extension.author_id,
        Extension.given_at).where(Extension.cohort_id == cohort_id, Extension.person_id == person_id)
        .order_by(Extension.id))
    return [ExtensionView(*row) for row in rows]


def task_rule(session: Session, cohort_id: int, module: str) -> str:
    """What this cohort says of handing in a module's task; "" the programme's."""
    return session.scalar(select(TaskRule.content).where(TaskRule.cohort_id == cohort_id, TaskRule.module == module)
                          .order_by(TaskRule.id.desc()).limit(1)) or ""


def more_time(session: Session, cohort_ids: Iterable[int]) -> dict[tuple[int, int], list[MoreTime]]:
    """(cohort, person) -> all the dates of their own they were ever given, first to last. One statement."""
    found: dict[tuple[int, int], list[MoreTime]] = {}
    for row in session.execute(select(_E.cohort_id, _E.person_id, _E.module, _E.item, _E.due_local).where(
            _E.cohort_id.in_(set(cohort_ids))).order_by(_E.id)):
        found.setdefault((row.cohort_id, row.person_id), []).append(MoreTime(*row[2:]))
    return found


def extended_people(session: Session, cohort_id: int) -> set[int]:
    """Who was ever given more time in this cohort."""
    return set(session.scalars(select(Extension.person_id).where(Extension.cohort_id == cohort_id).distinct()))


def batches(session: Session, cohort_id: int) -> list[BatchView]:
    """The imports of this cohort, newest first."""
    rows = session.scalars(select(RosterBatch).where(RosterBatch.cohort_id == cohort_id)
                           .order_by(RosterBatch.id.desc()))
    return [BatchView(b.id, b.file_name, b.file_hash, json.loads(b.rows), b.author_id, b.imported_at, b.undone_at,
                      b.undone_by) for b in rows]


def batch(session: Session, cohort_id: int, batch_id: int) -> BatchView | None:
    """One import of this cohort."""
    return next((b for b in batches(session, cohort_id) if b.id == batch_id), None)


def _more_time(session: Session, cohort_id: int, person_id: int) -> list[MoreTime]:
    return [MoreTime(*row[:3]) for row in session.execute(MORE_TIME, {"person": person_id, "cohort": cohort_id})]


def _view(session: Session, rows: Sequence[Any], extensions: Sequence[MoreTime] = ()) -> CohortView:
    """One cohort from its rows: one for each step it changed, at least one."""
    first = rows[0]
    programme = catalogue.programme(session, first.edition_id)
    changed = [Step(row.module, row.opens, row.quiz_due, row.task_due, row.after) for row in rows
               if row.module is not None]
    return CohortView(
        first.id, first.code, first.title, first.country, first.time_zone, first.starts_on, first.ends_on,
        first.edition_id, calendar(programme, first.starts_on, first.time_zone, changed, extensions))
