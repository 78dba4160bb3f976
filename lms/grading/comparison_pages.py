"""The office says whether a cohort's students see how the group stands, with its reason."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import PostForm
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import comparing
from lms.grading.comparison import LEAST
from lms.grading.marking import actor
from lms.grading.routes import room
from lms.people import queries as people
from lms.people.rules import May, Refused, permits


class CompareForm(PostForm):
    """`allow`: what is asked for, "si" or "no"; another than what stands."""
    allow = HiddenField(validators=[AnyOf(("si", "no"))])
    why = TextAreaField(_("Por qué"), [DataRequired(_("Falta el motivo: queda en la bitácora.")), Length(max=300)])


@room.get("/cohortes/<int:cohort_id>/comparacion", allow=May.SEE_COHORT)
def compared(cohort_id: int) -> ResponseReturnValue:
    return _page(cohort_id, CompareForm(None))


@room.post("/cohortes/<int:cohort_id>/comparacion", endpoint="compare", allow=May.CHANGE_COHORT)
def compare(cohort_id: int) -> ResponseReturnValue:
    form = CompareForm()
    if not form.accepted():
        return _page(cohort_id, form), 422
    try:
        comparing.choose(session(), actor().person_id, now(), cohort_id, form.allow.data == "si", form.why.data or "")
    except Refused as refused:
        form[refused.field or "why"].errors = [refused.message]
        return _page(cohort_id, form), 422
    tell(_("Anotado. Vale desde ahora."))
    return redirect(url_for("grading.compared", cohort_id=cohort_id), 303)


def _page(cohort_id: int, form: CompareForm) -> str:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    chosen = comparing.choices(session(), cohort_id)
    return render_template("grading/comparison.html", cohort=cohort, form=form, chosen=chosen, LEAST=LEAST,
                           allowed=bool(chosen) and chosen[0].allowed,
                           names=people.by_id(session(), {c.chosen_by for c in chosen}),
                           may_change=permits(actor(), May.CHANGE_COHORT, cohort_id))
