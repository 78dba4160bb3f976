"""Second marking of an item as its coordinator sees it: the rule, how far each piece is, how far the markers agree."""

from dataclasses import dataclass
from fractions import Fraction

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from lms.attempts import queries as attempts
from lms.catalogue.rules import Criterion
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import agreement, judging, queue, seconding
from lms.grading.agreement import Agreement
from lms.grading.marking import actor
from lms.grading.reports import Scope, scope_of
from lms.grading.routes import room
from lms.grading.second import CLOSE, FAR, MODES, Plan, Voice, outcome
from lms.people import queries as people
from lms.people.rules import May


class PlanForm(PostForm):
    """How the works are marked twice."""
    mode = RadioField("Qué se corrige dos veces", [InputRequired()], choices=options(MODES.items()))
    percent = IntegerField("Tamaño de la muestra, en % de los trabajos", [NumberRange(1, 100)], description=(
        "La sortea el sistema: nadie la elige ni la conoce antes."))
    tolerance = IntegerField("Diferencia que se tolera, en % de los puntos", [NumberRange(0, 100)])
    close = RadioField("Si difieren hasta ahí", [InputRequired()], choices=options(CLOSE.items()))
    far = RadioField("Si difieren más", [InputRequired()], choices=options(FAR.items()))
    across = BooleanField("La segunda persona es de otra institución")


@dataclass(frozen=True)
class State:
    """One piece: who has spoken, what they said, what it waits for or came to."""
    code: str
    voices: dict[str, Voice]
    waits: str                      # second | third | talk | ""
    rule: str                       # by which it was decided


@room.route("/cohortes/<int:cohort_id>/modulos/<module>/segunda-correccion/<item>", methods=["GET", "POST"],
            allow=May.RELEASE)
def second_marking(cohort_id: int, module: str, item: str) -> ResponseReturnValue:
    scope = scope_of(cohort_id, module, item)
    where = (cohort_id, scope.module.code, item)
    plan = seconding.plan(session(), *where)
    form = PlanForm(data=vars(plan)) if request.method == "GET" else PlanForm()
    if request.method == "POST" and form.validate():
        seconding.keep_plan(session(), actor().person_id, now(), where, Plan(**form.data))
        tell(_("Regla guardada. Vale para lo que se corrija desde ahora."))
        return redirect(url_for("grading.second_marking", cohort_id=cohort_id, module=module, item=item), 303)
    spoken = seconding.voices_of(session(), *where)
    done = seconding.decided(session(), list(spoken))
    states = [State(queue.code(tag), said, "" if tag in done else outcome(plan, said).need, done.get(tag, ""))
              for tag, said in spoken.items()]
    names = people.by_id(session(), {v.marker_id for s in states for v in s.voices.values()})
    page = render_template(
        "grading/second.html", cohort=scope.cohort, module=scope.module, item=item, form=form, plan=plan, names=names,
        states=sorted(states, key=lambda s: (not s.waits, s.code)), agreements=_agreements(scope, item, spoken, plan))
    return page, 422 if form.errors else 200


def _agreements(scope: Scope, item: str, spoken: dict[str, dict[str, Voice]], plan: Plan
                ) -> list[tuple[str, Agreement]]:
    """First against second, in all and by criterion."""
    pairs = [(s["first"], s["second"]) for s in spoken.values() if "first" in s and "second" in s]
    near = pairs[0][0].out_of * plan.tolerance / 100 if pairs else Fraction(0)
    found = [(_("Puntos en total"), agreement.points_agree([(a.points, b.points) for a, b in pairs], near))]
    for n, criterion in enumerate(_criteria(scope, item)):
        levels = [(x[n].level, y[n].level) for x, y in (
            (judging.loaded(a.levels)[1], judging.loaded(b.levels)[1]) for a, b in pairs) if n < min(len(x), len(y))]
        chosen = [(a, b) for a, b in levels if a is not None and b is not None]
        found.append((criterion.name, agreement.levels_agree(chosen)))
    return found


def _criteria(scope: Scope, item: str) -> tuple[Criterion, ...]:
    module = scope.module
    if item != "task" or module.task is None:
        return ()
    task, _version = attempts.task_now(session(), scope.cohort.id, module.code, module.task)
    return tuple(c for c in task.criteria if c.levels) if all(c.levels for c in task.criteria) else ()
