"""The transcript: each module with its hours, its credits and what its closed acta says. No acta, no grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.actas import queries
from lms.actas.drafting import tenths
from lms.actas.queries import ClosedView
from lms.actas.rules import Row
from lms.catalogue.rules import Module, Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation.language import local
from lms.grading import policies
from lms.grading.policies import Policies
from lms.grading.rules import ModuleResult, final_result
from lms.people import queries as people
from lms.people.rules import HOME_ZONE

NAMES = {"CL": "Concentración de notas", "AR": "Certificado analítico"}


@dataclass(frozen=True)
class Line:
    """One module. What its acta does not say is empty."""
    code: str
    title: str
    hours: int
    credit: str                 # "1,0": the same number as SCT and as CRE, from one figure of hours
    state: str = ""
    mark: str = ""
    words: str = ""
    equivalent: str = ""
    closed_on: date | None = None
    folio: str = ""
    passed: bool = False


@dataclass(frozen=True)
class Transcript:
    """All that a transcript says on a day."""
    kind: str                   # what its country calls it
    name: str
    document: str
    institution: str
    cohort: str
    country: str
    programme: str
    state: str
    lines: tuple[Line, ...]
    own: str                    # the places of the two presentations: "Chile", "Argentina"
    other: str
    hours: int                  # of what is passed
    credit: str
    policy: str
    day: date
    bodies: tuple[tuple[str, str], ...]
    signatories: tuple[tuple[str, str, str], ...]
    place: str = "Santiago de Chile"
    mark: str = ""              # the final grade, once every acta is closed
    words: str = ""
    equivalent: str = ""
    notice: str = ""


def transcript(session: Session, cohort: CohortView, programme: Programme, person_id: int, day: date,
               notice: str = "") -> Transcript | None:
    """Of somebody enrolled in the cohort; None where they never were."""
    enrolment = next((e for e in cohorts.enrolled(session, cohort.id) if e.person_id == person_id), None)
    if enrolment is None:
        return None
    scales, actas = policies.of(session, cohort.id, cohort.country), queries.in_force(session, cohort.id)
    rows = {code: row for code, acta in actas.items() if (row := acta.content.by_person.get(person_id))}
    lines = tuple(_line(m, programme, actas.get(m.code), rows.get(m.code)) for m in programme.modules)
    passed = [line for line in lines if line.passed]
    hours = sum(line.hours for line in passed)
    name, _ = people.certificate_name(session, person_id)
    body = people.institutions_by_id(session, [enrolment.institution_id] if enrolment.institution_id else [])
    mark, words, equivalent = _final(programme, scales, rows)
    others = [s for s in scales.shown if s.id != scales.own.id]
    return Transcript(
        NAMES.get(cohort.country, NAMES["CL"]), name, people.document(session, person_id, cohort.country),
        next((b.name for b in body.values()), ""), cohort.code, cohort.country, programme.title,
        "Retirado" if enrolment.withdrawn_at else "Aprobado" if len(passed) == len(lines) else "En curso", lines,
        scales.own.place, others[0].place if others else "", hours,
        tenths(Fraction(hours, programme.credit_hours)), _policy(programme, scales), day,
        tuple((p.name, p.country) for p in cohorts.partners(session, cohort.id)),
        tuple(cohorts.signatories(session, cohort.id, day)[:1]), mark=mark, words=words, equivalent=equivalent,
        notice=notice)


def _line(module: Module, programme: Programme, acta: ClosedView | None, row: Row | None) -> Line:
    credit = tenths(Fraction(module.hours, programme.credit_hours))
    if acta is None or row is None:
        return Line(module.code, module.title, module.hours, credit)
    said = acta.content
    return Line(module.code, module.title, module.hours, credit, said.states.get(row.state, ""),
                said.figures(row) or said.in_words(row), said.in_words(row),
                said.figures(row, said.others[0]) if said.others else "", local(acta.closed_at, HOME_ZONE).date(),
                acta.folio, bool(row.passed))


def _final(programme: Programme, scales: Policies, rows: Mapping[str, Row]) -> tuple[str, str, str]:
    """(figures, words, equivalent) of the diploma's grade, from closed actas alone."""
    results = {code: ModuleResult(code, row.share, row.passed, (), (), row.result, scales.home)
               for code, row in rows.items()}
    whole = {m.code: results.get(m.code, ModuleResult(m.code, None, None, (), (), home=scales.home))
             for m in programme.modules}
    share = final_result(programme, whole).share
    if share is None:
        return "", "", ""
    grades = scales.grades(share)
    own = next(g for g in grades if g.scale.id == scales.own.id)
    return own.written, own.words, next((g.written for g in grades if g.scale.id != scales.own.id), "")


def _policy(programme: Programme, scales: Policies) -> str:
    others = "; ".join(f"{s.place}, {s.name} ({s.id})" for s in scales.shown if s.id != scales.own.id)
    equivalent = f" Equivalencia referencial: {others}." if others else ""
    return (f"Nota: {scales.own.place}, {scales.own.name} ({scales.own.id}).{equivalent} La aprobación se decide una "
            f"sola vez, en la escala de {scales.home.place}. Créditos de {programme.credit_hours}\u00a0horas de "
            "trabajo total, válidos como SCT-Chile y como CRE.")
