"""Pages about a cohort's assessments: what there is to do with each, and the figures of a quiz and of its questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Module
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation.database import session
from lms.foundation.language import _, decimal
from lms.foundation.spreadsheet import write_csv
from lms.grading import fairness, numbers
from lms.grading.numbers import Figures
from lms.grading.routes import room
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import Actor, May, Role, graded_modules, permits


@dataclass(frozen=True)
class Scope:
    """A quiz of a cohort, and the cohorts whose attempts are counted."""
    cohort: CohortView
    module: Module
    counted: tuple[CohortView, ...]
    others: tuple[CohortView, ...]      # that have this module too and could be counted as well


@room.get("/cohortes/<int:cohort_id>/evaluaciones", allow=May.SEE_STATISTICS)
def assessments(cohort_id: int) -> ResponseReturnValue:
    """Every quiz and task of a cohort with the pages that belong to it."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    mine = _modules(cohort_id)
    return render_template("grading/assessments.html", cohort=cohort, counts=attempts.counts(session(), cohort_id),
                           modules=[m for m in programme.modules if mine is None or m.code in mine])


@room.get("/cohortes/<int:cohort_id>/modulos/<module>/estadisticas", endpoint="figures", allow=May.SEE_STATISTICS)
def quiz_figures(cohort_id: int, module: str) -> ResponseReturnValue:
    scope = scope_of(cohort_id, module)
    return render_template("grading/figures.html", scope=scope, cohort=scope.cohort, figures=_figures(scope))


@room.get("/cohortes/<int:cohort_id>/modulos/<module>/estadisticas.csv", endpoint="figures_csv",
          allow=May.SEE_STATISTICS)
def quiz_csv(cohort_id: int, module: str) -> ResponseReturnValue:
    scope = scope_of(cohort_id, module)
    name = f"estadisticas-{scope.cohort.code}-{scope.module.code}.csv"
    return Response(write_csv(COLUMNS, _rows(_figures(scope))), mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{name}"'})


@room.get("/cohortes/<int:cohort_id>/modulos/<module>/estadisticas/<question>", endpoint="question_figures",
          allow=May.SEE_STATISTICS)
def answer_figures(cohort_id: int, module: str, question: str) -> ResponseReturnValue:
    """How a question was answered: each answer with how many gave it."""
    scope = scope_of(cohort_id, module)
    ids = [c.id for c in scope.counted]
    counted = numbers.answers(session(), ids, scope.module.code, question) or abort(404)
    line = next((x for x in _figures(scope).lines if x.question and x.question.id == question), None)
    return render_template("grading/question_figures.html", scope=scope, cohort=scope.cohort, counted=counted,
                           line=line, kind=KINDS[counted.question.kind])


@room.get("/cohortes/<int:cohort_id>/modulos/<module>/equidad/<item>", endpoint="fairness", allow=May.RELEASE)
def fairness_panel(cohort_id: int, module: str, item: str) -> ResponseReturnValue:
    """Marks by marker, by cohort and along the sitting, before they are published."""
    scope = scope_of(cohort_id, module, item)
    ids = [c.id for c in scope.counted]
    given = attempts.given_marks(session(), ids, scope.module.code, item)
    names = people.by_id(session(), {g.marker_id for g in given} | {g.person_id for g in given})
    alphabet = sorted({names[g.person_id].sort_key for g in given})
    panel = fairness.panel([fairness.Given(
        float(Fraction(g.points) / Fraction(g.out_of)), g.marker_id, g.cohort_id,
        alphabet.index(names[g.person_id].sort_key) / max(len(alphabet) - 1, 1))
        for g in given if Fraction(g.out_of)])
    return render_template("grading/fairness.html", scope=scope, cohort=scope.cohort, item=item, panel=panel,
                           names=names, cohorts={c.id: c for c in scope.counted})


COLUMNS = ("Lugar", "Pregunta", "Variante", "Intentos", "Puntos", "Facilidad %", "Desviación %",
           "Índice de discriminación %", "Eficiencia discriminativa %", "Peso efectivo %")


def _rows(figures: Figures) -> Iterator[list[str]]:
    for line in figures.lines:
        f = line.figures
        yield [str(line.slot), line.question.title if line.question else _("Sorteo"), str(line.variant or ""),
               str(f.count), decimal(f.out_of, 2),
               *("" if v is None else decimal(v * 100, 2) for v in (f.facility, f.deviation, f.discrimination,
                                                                    f.efficiency, f.weight))]


def _figures(scope: Scope) -> Figures:
    return numbers.figures(session(), [c.id for c in scope.counted], scope.module.code)


def scope_of(cohort_id: int, module: str, item: str = "quiz") -> Scope:
    """The quiz, if the actor has to do with it. `?cohortes=todas` counts all of the actor's that teach it."""
    mine = _modules(cohort_id)
    if mine is not None and module not in mine:
        abort(404)
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    found = catalogue.programme(session(), cohort.edition_id).module(module) or abort(404)
    if {"quiz": found.quiz, "task": found.task}.get(item) is None:
        abort(404)
    others = tuple(c for c in cohorts.cohorts(session(), None) if c.id != cohort_id and _teaches(c, module))
    counted = (cohort, *others) if request.args.get("cohortes") == "todas" else (cohort,)
    return Scope(cohort, found, counted, others)


def _teaches(cohort: CohortView, module: str) -> bool:
    if not permits(_actor(), May.SEE_STATISTICS, cohort.id):
        return False
    mine = _modules(cohort.id)
    return ((mine is None or module in mine)
            and catalogue.programme(session(), cohort.edition_id).module(module) is not None)


def _modules(cohort_id: int) -> frozenset[str] | None:
    """The modules whose figures the actor may see in a cohort; None: all."""
    wide = any(p.role is not Role.INSTRUCTOR and p.cohort_id in (None, cohort_id) and p.role is not Role.STUDENT
               for p in _actor().posts)
    return None if wide else graded_modules(_actor(), cohort_id)


def _actor() -> Actor:
    return current_actor() or abort(403)
