"""Makes and changes cohorts, gives more time, enrols and withdraws: one audit line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme, Step
from lms.cohorts import queries
from lms.cohorts.models import CalendarStep, Cohort, CohortPartner, Enrolment, Extension, Signatory, TaskRule
from lms.cohorts.rules import circle, disorder, instant, merged
from lms.foundation import audit
from lms.foundation.language import _
from lms.people import actions as people
from lms.people.rules import Refused, Role, today


@dataclass(frozen=True)
class Settings:
    """What a cohort is, apart from its code and its edition."""
    title: str
    country: str
    time_zone: str
    starts_on: date
    ends_on: date


def create(session: Session, actor_id: int | None, now: datetime, code: str, edition_id: str,
           settings: Settings) -> int:
    """A cohort pinned to an edition; its code is for ever."""
    made = Cohort(code=code.strip().upper(), edition_id=edition_id, created_at=now, **vars(settings))
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        raise Refused(_("Ya hay una cohorte con ese código. Elegir otro."), "code") from None
    audit.record(session, actor_id, now, "cohort.created", f"cohort:{made.id}", made.id, code=made.code,
                 edition=edition_id)
    return made.id


def change(session: Session, actor_id: int | None, now: datetime, cohort_id: int, settings: Settings) -> None:
    """Country and zone decide scale and deadlines, so they stand once someone is enrolled."""
    cohort = session.get_one(Cohort, cohort_id)
    moved = [field for field, value in vars(settings).items() if getattr(cohort, field) != value]
    if {"country", "time_zone"} & set(moved) and queries.enrolled(session, cohort_id):
        raise Refused(_("Ya hay personas inscritas: el país y la zona horaria no se cambian. Crear otra cohorte."),
                      "country")
    cohort.title, cohort.country, cohort.time_zone = settings.title, settings.country, settings.time_zone
    cohort.starts_on, cohort.ends_on = settings.starts_on, settings.ends_on
    session.flush()
    if moved:
        audit.record(session, actor_id, now, "cohort.changed", f"cohort:{cohort_id}", cohort_id, fields=moved)


def set_partners(session: Session, actor_id: int | None, now: datetime, cohort_id: int,
                 institution_ids: Sequence[int]) -> None:
    """The institutions that take part, in the order of the certificate."""
    session.execute(delete(CohortPartner).where(CohortPartner.cohort_id == cohort_id))
    session.add_all(CohortPartner(cohort_id=cohort_id, institution_id=i, position=n)
                    for n, i in enumerate(dict.fromkeys(institution_ids)))
    session.flush()
    audit.record(session, actor_id, now, "cohort.partners_set", f"cohort:{cohort_id}", cohort_id,
                 institutions=list(institution_ids))


def set_signatories(session: Session, actor_id: int | None, now: datetime, cohort_id: int | None,
                    signatories: Sequence[tuple[str, str, str]]) -> None:
    """Who signs the certificates issued from now on, in order; who no longer does held the office until yesterday.
    Without a cohort: for the Escuela, what belongs to none."""
    day = today(now)
    rows = list(session.scalars(select(Signatory).where(
        Signatory.cohort_id == cohort_id if cohort_id else Signatory.cohort_id.is_(None))))
    standing = {(r.name, r.office, r.institution): r for r in rows if r.ends_on is None or r.ends_on >= day}
    for who, row in standing.items():
        if who not in signatories:
            row.ends_on = day - timedelta(days=1)
    for n, (name, office, institution) in enumerate(signatories):
        if row := standing.get((name, office, institution)):
            row.position = n
        else:
            session.add(Signatory(cohort_id=cohort_id, name=name, office=office, institution=institution, position=n,
                                  starts_on=day if rows else None))
    session.flush()
    audit.record(session, actor_id, now, "cohort.signatories_set", f"cohort:{cohort_id or 'none'}", cohort_id,
                 offices=[office for _name, office, _institution in signatories])


def set_step(session: Session, actor_id: int | None, now: datetime, cohort: queries.CohortView, programme: Programme,
             step: Step) -> None:
    """The dates of a module in this cohort. None is as the programme says; "" is without. Raises BadDate, Refused."""
    others = [s for s in queries.steps(session, cohort.id) if s.module != step.module]
    steps = merged(programme, [*others, step])
    for spec in (step.opens, step.quiz_due, step.task_due):
        if spec:
            instant(spec, cohort.starts_on, cohort.time_zone)
    if fault := disorder(steps[step.module], cohort.starts_on, cohort.time_zone):
        raise Refused(fault, "opens")
    if waiting := circle(steps):
        raise Refused(_("Así nadie podría avanzar: %(path)s se esperan entre sí. Elegir otra condición.")
                      % {"path": " → ".join(waiting)}, "after")
    session.execute(delete(CalendarStep).where(CalendarStep.cohort_id == cohort.id, CalendarStep.module == step.module))
    if any(value is not None for value in (step.opens, step.quiz_due, step.task_due, step.after)):
        session.add(CalendarStep(cohort_id=cohort.id, **vars(step)))
    session.flush()
    audit.record(session, actor_id, now, "calendar.changed", f"module:{step.module}", cohort.id,
                 **{k: v for k, v in vars(step).items() if k != "module" and v is not None})


def extend(session: Session, actor_id: int, now: datetime, cohort: queries.CohortView, person_id: int, *, module: str,
           item: str, due_local: str, reason: str) -> None:
    """More time for one person on one item; the common date stays. `cohort` has the person's calendar."""
    if not any(e.person_id == person_id and not e.withdrawn_at for e in queries.enrolled(session, cohort.id)):
        raise Refused(_("Esa persona no está inscrita en esta cohorte."))
    due = instant(due_local, cohort.starts_on, cohort.time_zone)
    common = queries.cohort(session, cohort.id)
    if common and (usual := common.calendar[module].due(item)) and due <= usual:
        raise Refused(_("El plazo común ya llega hasta esa fecha o más. Elegir una fecha posterior."), "date")
    session.add(Extension(cohort_id=cohort.id, person_id=person_id, module=module, item=item, due_local=due_local,
                          reason=reason, author_id=actor_id, given_at=now))
    session.flush()
    audit.record(session, actor_id, now, "extension.given", f"person:{person_id}", cohort.id, module=module, item=item,
                 until=due_local)


def enrol(session: Session, actor_id: int | None, now: datetime, cohort_id: int, person_id: int,
          institution_id: int | None = None, batch_id: int | None = None) -> int:
    """Enrol, or take back who had left; asking twice, or two asking at once, makes one enrolment."""
    queries.hold(session, cohort_id)
    row = _enrolment(session, cohort_id, person_id)
    if row is None:
        made = Enrolment(cohort_id=cohort_id, person_id=person_id, institution_id=institution_id, batch_id=batch_id,
                         enrolled_at=now, enrolled_by=actor_id)
        try:
            with session.begin_nested():
                session.add(made)
                session.flush()
            row = made
            audit.record(session, actor_id, now, "enrolment.created", f"enrolment:{row.id}", cohort_id,
                         person=person_id)
        except IntegrityError:
            if (row := _enrolment(session, cohort_id, person_id)) is None:
                raise
    if row.withdrawn_at is not None:
        row.withdrawn_at, row.withdrawn_why, row.batch_id = None, "", batch_id
        row.enrolled_at, row.enrolled_by = now, actor_id
        row.institution_id = institution_id or row.institution_id
        audit.record(session, actor_id, now, "enrolment.resumed", f"enrolment:{row.id}", cohort_id, person=person_id)
    session.flush()
    people.grant(session, actor_id, now, person_id, Role.STUDENT, cohort_id=cohort_id)
    return row.id


def withdraw(session: Session, actor_id: int | None, now: datetime, cohort_id: int, enrolment_id: int,
             why: str) -> bool:
    """End an enrolment and the post that came with it; what was done stays. False when it had ended already."""
    person_id = session.scalar(update(Enrolment).where(
        Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_why=why).returning(Enrolment.person_id))
    if person_id is None:
        return False
    people.end_posts(session, actor_id, now, person_id, Role.STUDENT, cohort_id)
    audit.record(session, actor_id, now, "enrolment.withdrawn", f"enrolment:{enrolment_id}", cohort_id, why=why)
    return True


def _enrolment(session: Session, cohort_id: int, person_id: int) -> Enrolment | None:
    return session.scalar(select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id)
                          .execution_options(populate_existing=True))


def keep_task_rule(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str, content: str,
                   reason: str) -> None:
    """How a module's task is handed in from now on: what was handed in keeps the rule of its day."""
    session.add(TaskRule(cohort_id=cohort_id, module=module, content=content, reason=reason, author_id=actor_id,
                         made_at=now))
    session.flush()
    audit.record(session, actor_id, now, "task.rules_changed", f"module:{module}", cohort_id, rules=content,
                 reason=reason)
