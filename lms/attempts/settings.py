"""Pages where a cohort's quiz is set: how it is asked, what is shown of it and when, and the exceptions in it."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import exceptions, gates, planned, planning
from lms.attempts.behaviours import BEHAVIOURS
from lms.attempts.gates import Entry, room
from lms.attempts.plan import Plan
from lms.attempts.tuning import WHEN, ExceptionForm, TuningForm, WithdrawForm, filled
from lms.catalogue import stored
from lms.catalogue.rules import MOMENTS, SIGHTS, Quiz
from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import queries as people
from lms.people.rules import May, Role


@room.route("/modulos/<module>/control/ajustes", methods=["GET", "POST"], allow=May.CHANGE_QUIZ)
def quiz_settings(cohort_id: int, module: str) -> ResponseReturnValue:
    """All settings of a quiz on one page; a change is a new plan, with its reason."""
    entry, quiz = _own(cohort_id, module)
    plan_id, plan = planning.plan_of(session(), cohort_id, module)
    form = TuningForm(data=filled(planned.with_plan(quiz, plan)))
    if plan.slots is not None:
        del form.sections
    if not form.accepted():
        return _page(entry, form, plan, request.form.get("plan", plan_id, int)), 422 if form.faults else 200
    if request.form.get("plan", plan_id, int) != plan_id:
        form.form_errors.append(_("Otra persona cambió este control mientras tanto: lo suyo sigue aquí, y al guardar "
                                  "de nuevo reemplaza a lo de ella. La historia, abajo, dice qué cambió."))
        return _page(entry, form, plan, plan_id), 409
    changed = Plan(_differing(quiz, form, plan), plan.slots)
    if changed == plan:
        tell(_("No había cambios que guardar."))
    else:
        planning.keep_plan(session(), entry.actor.person_id, now(), cohort_id, module, changed, form.reason.data or "",
                           f"{entry.cohort.code} · {entry.module.code}")
        tell(_("Ajustes guardados. Los intentos ya empezados conservan los que recibieron."))
    return redirect(url_for(".quiz_settings", cohort_id=cohort_id, module=module), 303)


def _differing(quiz: Quiz, form: TuningForm, plan: Plan) -> dict[str, object]:
    """Only what is not as the edition has it; what other pages set stays."""
    usual = stored.quiz_settings(quiz)
    said = form.said if "sections" in form else {k: v for k, v in form.said.items() if k != "sections"}
    others = {name: value for name, value in plan.settings.items() if name not in said}
    return others | {name: value for name, value in said.items() if value != usual[name]}


def _page(entry: Entry, form: TuningForm, plan: Plan, plan_id: int) -> str:
    past = planning.history(session(), entry.cohort.id, entry.module.code)
    return render_template(
        "attempts/settings.html", entry=entry, form=form, plan=plan, plan_id=plan_id, past=past, WHEN=WHEN,
        MOMENTS=MOMENTS, SIGHTS=SIGHTS, BEHAVIOURS=BEHAVIOURS,
        begun=exceptions.begun(session(), entry.cohort.id, entry.module.code),
        authors=people.by_id(session(), [p.author_id for p in past]))


@room.route("/modulos/<module>/control/excepciones", methods=["GET", "POST"], allow=May.CHANGE_QUIZ)
def overrides(cohort_id: int, module: str) -> ResponseReturnValue:
    """Who has more time, other dates or more attempts in a quiz, and why; a POST grants."""
    entry, quiz = _own(cohort_id, module)
    form = ExceptionForm()
    names = _offered(entry, form)
    if form.accepted() and (allowance := form.allowance(entry.cohort.time_zone)):
        whose, _colon, number = form.who.data.partition(":")
        exceptions.grant(session(), entry.actor.person_id, now(), entry.cohort, entry.module, allowance,
                         form.reason.data or "", **{f"{whose}_id": int(number)})
        tell(_("Excepción concedida a %(name)s.") % {"name": names[form.who.data]})
        return redirect(url_for(".overrides", cohort_id=cohort_id, module=module), 303)
    granted = exceptions.listed(session(), cohort_id, module)
    authors = people.by_id(session(), [g.author_id for g in granted])
    return render_template("attempts/exceptions.html", entry=entry, quiz=quiz, form=form, granted=granted, names=names,
                           authors=authors, end=WithdrawForm(None)), 422 if form.faults else 200


@room.post("/modulos/<module>/control/excepciones/<int:exception_id>/retiro", allow=May.CHANGE_QUIZ)
def withdraw_exception(cohort_id: int, module: str, exception_id: int) -> ResponseReturnValue:
    entry, _quiz = _own(cohort_id, module)
    form = WithdrawForm()
    who, why = entry.actor.person_id, form.reason.data or ""
    if not form.accepted():
        tell(_("Para retirar una excepción hay que decir por qué."), "late")
    elif exceptions.withdraw(session(), who, now(), cohort_id, module, exception_id, why):
        tell(_("Excepción retirada. Los intentos empezados con ella la conservan."))
    else:
        tell(_("Esa excepción ya no estaba en vigor."), "locked")
    return redirect(url_for(".overrides", cohort_id=cohort_id, module=module), 303)


def _offered(entry: Entry, form: ExceptionForm) -> dict[str, str]:
    """Whom an exception may be for, put into the form: the cohort's institutions and people, by name."""
    enrolled = [e for e in cohorts.enrolled(session(), entry.cohort.id) if not e.withdrawn_at]
    known = people.by_id(session(), [e.person_id for e in enrolled])
    places = people.institutions_by_id(session(), [e.institution_id for e in enrolled if e.institution_id])
    names = {f"person:{i}": person.formal for i, person in known.items()} | {
        f"institution:{i}": _("Todas las personas de %(name)s") % {"name": place.name} for i, place in places.items()}
    form.who.choices = options([("", _("Elegir")), *names.items()])
    return names


def _own(cohort_id: int, module: str) -> tuple[Entry, Quiz]:
    """The edition's quiz, for who may change it: an instructor of one module only theirs."""
    entry = gates.view(cohort_id, module)
    posts = [p for p in entry.actor.posts if p.cohort_id in (None, cohort_id)]
    if posts and all(p.role is Role.INSTRUCTOR and p.module not in (None, module) for p in posts):
        abort(404)
    return entry, entry.module.quiz or abort(404)
