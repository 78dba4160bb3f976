"""An acta that is still open, computed from the facts of the moment: its rows, and what each still lacks."""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.actas.models import Acta
from lms.actas.queries import ClosedView, decisions
from lms.actas.rules import Content, Decision, Lack, Measure, Row, Signer, differences, graded, kept, state_of, told
from lms.catalogue.rules import Module, Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView, EnrolmentView
from lms.credits import queries as credits
from lms.foundation.language import local
from lms.grading import policies
from lms.grading import queries as grading
from lms.grading.policies import Policies
from lms.people import queries as people
from lms.people.rules import Role

EXEMPT = "eximido"              # in the place of the grade in words
CREDITS = {"CL": ("SCT-Chile", "CRE"), "AR": ("CRE", "SCT-Chile")}      # the country's own first


@dataclass(frozen=True)
class Draft:
    """What the acta would say now."""
    content: Content
    lacks: tuple[Lack, ...]

    @property
    def why(self) -> dict[int, str]:
        return {lack.person_id: lack.why for lack in self.lacks}


def draft(session: Session, cohort: CohortView, programme: Programme, acta: Acta, old: ClosedView | None) -> Draft:
    """`old`: the closed acta it rectifies, whose unchanged rows stay as they were presented."""
    module = programme.module(acta.module)
    if module is None:
        raise LookupError(acta.module)
    rows, lacks = _rows(session, cohort, programme, module, decisions(session, acta.id), old)
    scales = policies.of(session, cohort.id, cohort.country)
    window = cohort.calendar.get(module.code)
    ends = [at for at in (window.quiz_due, window.task_due) if at] if window else []
    measures = tuple(Measure(s.id, s.name, s.place) for s in scales.shown)
    if old:                             # a row kept may have been presented on a scale that is no longer shown
        measures += tuple(m for m in old.content.measures if m.id not in {s.id for s in scales.shown})
    content = Content(
        cohort.id, cohort.code, cohort.country, programme.title, module.code, module.title, module.hours,
        credited(Fraction(module.hours, programme.credit_hours), cohort.country),
        _day(window.opens_at if window else None, cohort.time_zone), _day(max(ends, default=None), cohort.time_zone),
        tuple((p.name, p.country) for p in cohorts.partners(session, cohort.id)), scales.home.id, scales.own.id,
        measures, signers(session, cohort.id, module.code), tuple(rows), reason=acta.reason, resolution=acta.resolution)
    if old:
        closed = local(old.closed_at, cohort.time_zone).date()
        content = replace(content, rectifies=old.folio, rectifies_on=closed.isoformat(), changed=tuple(
            (d.person_id, told(d.before, old.content)) for d in differences(old.content, content) if d.now))
    return Draft(content, tuple(lacks))


def signers(session: Session, cohort_id: int, module: str) -> tuple[Signer, ...]:
    """Who teaches the module now, each once."""
    held = [(person, post) for person, post in people.holders(session, Role.INSTRUCTOR, cohort_id)
            if post.module in (None, module)]
    bodies = people.institutions_by_id(session, [post.institution_id for _, post in held if post.institution_id])
    found: dict[int, Signer] = {}
    for person, post in held:
        body = bodies.get(post.institution_id or 0)
        found.setdefault(person.id, Signer(person.id, person.name, body.name if body else ""))
    return tuple(found.values())


def credited(number: Fraction, country: str) -> tuple[str, ...]:
    """"1,0 SCT-Chile", "1,0 CRE"."""
    return tuple(f"{tenths(number)} {unit}" for unit in CREDITS.get(country, CREDITS["CL"]))


def tenths(number: Fraction) -> str:
    """Half up, with a comma: 7/3 -> "2,3"."""
    whole = (20 * number.numerator + number.denominator) // (2 * number.denominator)
    return f"{whole // 10},{whole % 10}"


def attended(session: Session, cohort_id: int, programme: Programme, ids: list[int]) -> dict[int, Fraction]:
    """Person -> share of the attendance the programme asks for; nobody where it asks for none or none is recorded."""
    asked = sum((Fraction(r.hours) for r in programme.requirements if r.kind == "attendance"), Fraction(0))
    if not asked:
        return {}
    known = {i: hours for i, hours in credits.hours(session, cohort_id).items() if hours.attendance}
    if not known:                       # nothing was recorded of anybody: not the same as nobody came
        return {}
    return {i: min(known[i].attendance / asked, Fraction(1)) if i in known else Fraction(0) for i in ids}


def _rows(session: Session, cohort: CohortView, programme: Programme, module: Module, said: dict[int, Decision],
          old: ClosedView | None) -> tuple[list[Row], list[Lack]]:
    """Everyone who takes part, or did when the module began, in the order of surnames."""
    before = old.content.by_person if old else {}
    window = cohort.calendar.get(module.code)
    opens = window.opens_at if window else None
    parts = [e for e in cohorts.enrolled(session, cohort.id) if _belongs(e, opens, before)]
    ids, scales = [e.person_id for e in parts], policies.of(session, cohort.id, cohort.country)
    left = {e.person_id for e in parts if e.withdrawn_at}
    known = grading.results(session, cohort, programme, ids, modules=[module.code])
    whole = grading.results(session, cohort, programme, ids, released_only=False, modules=[module.code])
    documents, seen = people.documents(session, ids, cohort.country), attended(session, cohort.id, programme, ids)
    rows, lacks = [], []
    for person in people.by_id(session, ids).values():
        decision, earlier = said.get(person.id, Decision()), before.get(person.id)
        if not decision.state and earlier:
            decision = replace(decision, state=earlier.state)
        result = known[person.id][module.code]
        state, lack = state_of(result, whole[person.id][module.code], decision, person.id in left)
        attendance = decision.attendance if decision.attendance is not None else (
            earlier.attendance if earlier else seen.get(person.id))
        row = Row(person.id, documents.get(person.id, ""), person.formal, state, attendance=attendance,
                  words=EXEMPT if result.status == "exempt" and state == "approved" else "",
                  passed={"approved": True, "failed": False}.get(state))
        rows.append(kept(_with_grade(row, result.share, scales), earlier))
        if lack:
            lacks.append(Lack(person.id, lack))
    return rows, lacks


def _with_grade(row: Row, share: Fraction | None, scales: Policies) -> Row:
    """An absence may count as the least grade: then the acta says both."""
    if share is None or row.state not in ("approved", "failed", "absent"):
        return row
    return graded(replace(row, share=share), scales.grades(share), scales.home.id)


def _belongs(enrolment: EnrolmentView, opens: datetime | None, before: dict[int, Row]) -> bool:
    """Who left before the module began has no place in its acta."""
    left = enrolment.withdrawn_at
    return enrolment.person_id in before or left is None or opens is None or left > opens


def _day(at: datetime | None, zone: str) -> str:
    return local(at, zone).date().isoformat() if at else ""
