"""How a cohort's task is handed in: what lateness takes away, until when, and whether again. With a reason."""

from decimal import Decimal

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DecimalField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import TextInput

from lms.attempts.rules import LateRule, TaskRules
from lms.catalogue import queries as catalogue
from lms.cohorts import actions, queries
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading.explanation import exact
from lms.grading.marking import actor
from lms.grading.reports import scope_of
from lms.grading.routes import room
from lms.people.rules import May

UNITS = {"grade": "Puntos de nota (escala chilena)", "points": "Puntos de la tarea"}
AGAIN = {"always": "Sí, mientras se reciba; vale la última", "due": "Sí, pero solo hasta el plazo",
         "feedback": "Hasta el plazo, y de nuevo después de la corrección, dentro de una semana",
         "once": "No: una sola vez"}


class Comma(DecimalField):
    """A number that may be written with a comma, and is shown so: a field of type number would refuse it."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else exact(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([v.strip().replace(",", ".") for v in valuelist])
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(_("Escribir un número, con coma si hace falta: 0,5."))


class RulesForm(PostForm):
    per_day = Comma("Descuento por cada día o parte de día", [InputRequired(), NumberRange(0, 100)], places=2)
    unit = RadioField("En qué se descuenta", [InputRequired()], choices=options(UNITS.items()))
    days = IntegerField("Días en que todavía se recibe", [InputRequired(), NumberRange(0, 60)])
    again = RadioField("Otra versión", [InputRequired()], choices=options(AGAIN.items()))
    times = IntegerField("Veces después de la corrección", [InputRequired(), NumberRange(1, 5)])
    reason = StringField("Por qué", [InputRequired("Escribir por qué se cambia."), Length(max=300)])


@room.route("/cohortes/<int:cohort_id>/modulos/<module>/reglas-de-la-tarea", methods=["GET", "POST"],
            allow=May.CHANGE_QUIZ)
def task_rules(cohort_id: int, module: str) -> ResponseReturnValue:
    scope = scope_of(cohort_id, module, "task")
    programme = catalogue.programme(session(), scope.cohort.edition_id)
    text = queries.task_rule(session(), cohort_id, module)
    rules = TaskRules.of(text, programme)
    form = RulesForm(data={"per_day": rules.late.per_day, "unit": rules.late.unit, "days": rules.late.days,
                           "again": rules.again, "times": rules.times}) if request.method == "GET" else RulesForm()
    if request.method == "POST" and form.validate():
        per_day = Decimal(form.per_day.data).quantize(Decimal("0.01")).normalize()
        new = TaskRules(LateRule(per_day, form.days.data, form.unit.data), form.again.data, form.times.data)
        actions.keep_task_rule(session(), actor().person_id, now(), cohort_id, module, new.dumped(), form.reason.data)
        tell(_("Reglas guardadas. Lo ya entregado conserva las de su día."))
        return redirect(url_for("grading.task_rules", cohort_id=cohort_id, module=module), 303)
    page = render_template("grading/task_rules.html", cohort=scope.cohort, module=scope.module, form=form,
                           own=bool(text))
    return page, 422 if form.errors else 200
