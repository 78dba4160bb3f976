"""Pages of dates: a cohort's calendar, the dates of one module, and more time for one person."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme, Step
from lms.cohorts import actions, queries
from lms.cohorts.forms import ExtensionForm, StepForm, filled
from lms.cohorts.queries import CohortView
from lms.cohorts.routes import me, room, the_cohort
from lms.cohorts.rules import ITEMS, BadDate, merged
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import queries as people
from lms.people.queries import PersonView
from lms.people.rules import May, Refused, permits


@room.get("/cohortes/<int:cohort_id>/calendario", allow=May.SEE_COHORT)
def calendar(cohort_id: int) -> ResponseReturnValue:
    cohort = the_cohort(cohort_id)
    return render_template(
        "cohorts/calendar.html", cohort=cohort, programme=catalogue.programme(session(), cohort.edition_id), now=now(),
        own={s.module for s in queries.steps(session(), cohort_id)}, reader_zone=me().time_zone or cohort.time_zone,
        may_change=permits(me(), May.CHANGE_COHORT, cohort_id))


@room.route("/cohortes/<int:cohort_id>/calendario/<module>", methods=["GET", "POST"], allow=May.CHANGE_COHORT)
def calendar_step(cohort_id: int, module: str) -> ResponseReturnValue:
    cohort = the_cohort(cohort_id)
    programme = catalogue.programme(session(), cohort.edition_id)
    found = programme.module(module) or abort(404)
    usual = merged(programme, ())[module]
    holds = merged(programme, queries.steps(session(), cohort_id))[module]
    form = StepForm(data=filled(holds, cohort.starts_on)).about(found, programme)
    if form.accepted() and _kept(cohort, programme, form, usual):
        tell(_("Fechas de %(module)s guardadas.") % {"module": module})
        return redirect(url_for("cohorts.calendar", cohort_id=cohort_id), 303)
    return render_template(
        "cohorts/calendar_step.html", cohort=cohort, module=found, form=form, changed=holds != usual,
    ), 422 if form.faults else 200


@room.post("/cohortes/<int:cohort_id>/calendario/<module>/programa", allow=May.CHANGE_COHORT)
def reset_step(cohort_id: int, module: str) -> ResponseReturnValue:
    """Back to the dates of the programme."""
    cohort = the_cohort(cohort_id)
    programme = catalogue.programme(session(), cohort.edition_id)
    if programme.module(module) is None:
        abort(404)
    actions.set_step(session(), me().person_id, now(), cohort, programme, Step(module))
    tell(_("%(module)s vuelve a las fechas del programa.") % {"module": module})
    return redirect(url_for("cohorts.calendar", cohort_id=cohort_id), 303)


def _kept(cohort: CohortView, programme: Programme, form: StepForm, usual: Step) -> bool:
    """Write the dates, or say in the form what can not be."""
    for name in ("opens", "quiz_due", "task_due"):
        if name in form and form[name].data and (fault := _fault(form, name, cohort)):
            form[name].errors = [*form[name].errors, fault]
    if form.faults:
        return False
    try:
        actions.set_step(session(), me().person_id, now(), cohort, programme,
                         form.step(usual.module, usual, cohort.starts_on))
    except Refused as refused:
        form.refuse(refused)
    except BadDate as bad:
        form.form_errors.append(str(bad))
    return not form.faults


def _fault(form: StepForm, name: str, cohort: CohortView) -> str:
    """Why a wall time can not be, such as one that the clocks skip."""
    try:
        form.instant(name, cohort.starts_on, cohort.time_zone)
    except BadDate as bad:
        return str(bad)
    return ""


@room.get("/cohortes/<int:cohort_id>/nomina/<int:person_id>/prorrogas", allow=May.SEE_ROSTER)
def extensions(cohort_id: int, person_id: int) -> ResponseReturnValue:
    cohort = the_cohort(cohort_id, person_id)
    return _extensions(cohort, _participant(cohort_id, person_id), _form(cohort, None))


@room.post("/cohortes/<int:cohort_id>/nomina/<int:person_id>/prorrogas", allow=May.CHANGE_ROSTER)
def give_extension(cohort_id: int, person_id: int) -> ResponseReturnValue:
    cohort, person = the_cohort(cohort_id, person_id), _participant(cohort_id, person_id)
    form = _form(cohort)
    if form.accepted():
        module, _dot, item = form.item.data.partition(".")
        try:
            actions.extend(session(), me().person_id, now(), cohort, person_id, module=module, item=item,
                           due_local=form.due_local, reason=form.reason.data.strip())
            tell(_("Prórroga dada. %(name)s ya la ve en sus fechas.") % {"name": person.name})
            return redirect(url_for("cohorts.extensions", cohort_id=cohort_id, person_id=person_id), 303)
        except Refused as refused:
            form.refuse(refused, "date")
        except BadDate as bad:
            form.date.errors = [*form.date.errors, str(bad)]
    return _extensions(cohort, person, form)


def _extensions(cohort: CohortView, person: PersonView, form: ExtensionForm) -> ResponseReturnValue:
    given = queries.extensions(session(), cohort.id, person.id)
    return render_template(
        "cohorts/extensions.html", cohort=cohort, person=person, form=form, given=given, ITEMS=ITEMS, now=now(),
        authors=people.by_id(session(), {e.author_id for e in given}),
        programme=catalogue.programme(session(), cohort.edition_id), reader_zone=me().time_zone or cohort.time_zone,
        may_change=permits(me(), May.CHANGE_ROSTER, cohort.id)), 422 if form.faults else 200


def _form(cohort: CohortView, *formdata: None) -> ExtensionForm:
    form = ExtensionForm(*formdata)
    programme = catalogue.programme(session(), cohort.edition_id)
    form.item.choices = options((f"{m.code}.{item}", f"{m.code} · {words}") for m in programme.modules
                                for item, words in ITEMS.items() if getattr(m, item))
    return form


def _participant(cohort_id: int, person_id: int) -> PersonView:
    """Someone who is or was enrolled here, or 404."""
    if not any(e.person_id == person_id for e in queries.enrolled(session(), cohort_id)):
        abort(404)
    return people.by_id(session(), [person_id])[person_id]
