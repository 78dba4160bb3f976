"""The office's pages of grade scales: all versions, one with its table, a new version, which one a cohort goes by."""

from dataclasses import dataclass
from fractions import Fraction

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import policies
from lms.grading.marking import actor
from lms.grading.routes import room
from lms.grading.scale_forms import ROUNDINGS, ChoiceForm, ScaleForm, before
from lms.grading.scales import HOME, Grade, Scale, grade
from lms.grading.soundness import faults
from lms.people import queries as people
from lms.people.rules import May, Refused, permits

STEPS = (*range(0, 50, 10), *range(50, 70), 70, 75, 80, 85, 90, 95, 100)       # %: closer where one passes
ROLES = {"home": "Decide quién aprueba", "shown": "Se muestra", "hidden": "Deja de mostrarse"}


@dataclass(frozen=True)
class Line:
    """A share as a scale presents it, beside how it was before, or beside the home scale."""
    share: Fraction
    grade: Grade
    other: Grade
    crosses: bool               # without its guard it would read as if it did (not) pass


def lines(scale: Scale, other: Scale) -> list[Line]:
    """A table of shares: what each comes to; a scale of the school's own country is tried as the one that decides."""
    home = scale if scale.country == HOME.country and not scale.table else HOME
    found = []
    for percent in STEPS:
        shown = grade(Fraction(percent, 100), scale, home)
        found.append(Line(Fraction(percent, 100), shown, grade(
            Fraction(percent, 100), other, other if other.country == HOME.country and not other.table else HOME),
            shown.passed != (shown.value >= scale.passing)))
    return found


@room.get("/escalas", allow=May.SEE_SCALES)
def scales() -> ResponseReturnValue:
    return render_template("grading/scales.html", versions=policies.versions(session()), ROUNDINGS=ROUNDINGS)


@room.get("/escalas/<scale>", allow=May.SEE_SCALES)
def scale(scale: str) -> ResponseReturnValue:
    found = policies.version(session(), scale) or abort(404)
    who = people.by_id(session(), [found.made_by]).get(found.made_by) if found.made_by else None
    return render_template("grading/scale.html", version=found, scale=found.scale, who=who, ROUNDINGS=ROUNDINGS,
                           lines=lines(found.scale, HOME))


@room.route("/escalas/<scale>/nueva", methods=["GET", "POST"], allow=May.CHANGE_SCALES)
def new_scale(scale: str) -> ResponseReturnValue:
    base = (policies.version(session(), scale) or abort(404)).scale
    form = ScaleForm(data=before(base)) if request.method == "GET" else ScaleForm()
    good = request.method == "GET" or form.validate()
    made = form.scale(base) if request.method == "POST" else base
    if made and good and request.form.get("hacer") == "guardar":
        try:
            kept = policies.add(session(), actor().person_id, now(), made, (form.reason.data or "").strip(), base.id)
        except Refused as refused:
            form[refused.field or "name"].errors = [refused.message]
        else:
            tell(_("Versión %(name)s guardada. Vale para las cohortes que la elijan.") % {"name": kept.id})
            return redirect(url_for("grading.scale", scale=kept.id), 303)
    looking = request.form.get("hacer") == "ver"
    if looking and not form.reason.data:
        form.reason.errors = []             # asked for when it is kept, not while looking
    page = render_template("grading/new_scale.html", base=base, form=form, made=made,
                           lines=lines(made, base) if made else None,
                           unfit=[words for _field, words in faults(made, HOME)] if made and made.table else [])
    return page, 422 if form.errors and not looking else 200


# Which one a cohort goes by -------------------------------------------------------------------------------------------

@room.get("/cohortes/<int:cohort_id>/escalas", allow=May.SEE_COHORT)
def cohort_scales(cohort_id: int) -> ResponseReturnValue:
    return _cohort_page(cohort_id, _choice_form())


@room.post("/cohortes/<int:cohort_id>/escalas", allow=May.CHANGE_SCALES)
def choose_scale(cohort_id: int) -> ResponseReturnValue:
    cohort, form = cohorts.cohort(session(), cohort_id) or abort(404), _choice_form()
    if form.validate():
        cohorts.hold(session(), cohort_id)
        try:
            policies.choose(session(), actor().person_id, now(), cohort_id, cohort.country, form.role.data,
                            form.policy.data, form.why.data or "")
        except Refused as refused:
            form[refused.field or "policy"].errors = [refused.message]
        else:
            tell(_("Escala elegida. Lo ya cerrado conserva la suya."))
            return redirect(url_for("grading.cohort_scales", cohort_id=cohort_id), 303)
    return _cohort_page(cohort_id, form), 422


def _choice_form() -> ChoiceForm:
    form = ChoiceForm()
    form.policy.choices = options((v.scale.id, f"{v.scale.place}: {v.scale.name} ({v.scale.id})")
                                  for v in policies.versions(session()))
    return form


def _cohort_page(cohort_id: int, form: ChoiceForm) -> str:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    chosen = policies.choices(session(), cohort_id)
    return render_template(
        "grading/cohort_scales.html", cohort=cohort, form=form, chosen=chosen, ROLES=ROLES, ROUNDINGS=ROUNDINGS,
        policies=policies.of(session(), cohort_id, cohort.country), may_see=permits(actor(), May.SEE_SCALES),
        may_change=permits(actor(), May.CHANGE_SCALES, cohort_id),
        names=people.by_id(session(), {c.chosen_by for c in chosen}))
