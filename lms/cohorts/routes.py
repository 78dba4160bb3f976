"""The list of cohorts, making one, and what a cohort is: settings, partners, who signs."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from lms.catalogue import queries as catalogue
from lms.cohorts import actions, queries
from lms.cohorts.forms import NewCohortForm, PartnersForm, SettingsForm, SignatoriesForm
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import COUNTRIES
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere, Room
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import Actor, May, Refused, Role, permits, today

room = Room("cohorts", __name__)


def me() -> Actor:
    """Who acts, behind a door that lets in only who has signed in."""
    return current_actor() or _nobody()


def _nobody() -> Actor:
    raise Unauthorized


def the_cohort(cohort_id: int, person_id: int | None = None) -> CohortView:
    return queries.cohort(session(), cohort_id, person_id) or abort(404)


@room.get("/cohortes", allow=Anywhere(May.SEE_COHORT))
def cohorts() -> ResponseReturnValue:
    everywhere = permits(me(), May.SEE_COHORT)
    found = queries.cohorts(session(), None if everywhere else me().cohorts(Role.INSTRUCTOR, Role.COORDINATOR))
    return render_template("cohorts/cohorts.html", cohorts=found, now=now(),
                           counts=queries.counts(session(), [c.id for c in found]),
                           may_create=permits(me(), May.CHANGE_COHORT))


@room.route("/cohortes/nueva", methods=["GET", "POST"], allow=May.CHANGE_COHORT)
def new() -> ResponseReturnValue:
    form = NewCohortForm()
    editions = catalogue.editions(session())
    form.edition.choices = options((e.id, f"{e.title} · {e.loaded_at:%d-%m-%Y} · {e.short}") for e in editions)
    if form.accepted():
        try:
            cohort_id = actions.create(session(), me().person_id, now(), form.code.data, form.edition.data,
                                       _settings(form))
            tell(_("Cohorte creada. Falta elegir instituciones y firmantes, y cargar la nómina."))
            return redirect(url_for("cohorts.settings", cohort_id=cohort_id), 303)
        except Refused as refused:
            form.refuse(refused)
    return render_template("cohorts/new.html", form=form, editions=editions), 422 if form.faults else 200


@room.get("/cohortes/<int:cohort_id>/datos", allow=May.SEE_COHORT)
def settings(cohort_id: int) -> ResponseReturnValue:
    return settings_page(the_cohort(cohort_id))


@room.post("/cohortes/<int:cohort_id>/datos", allow=May.CHANGE_COHORT)
def change_settings(cohort_id: int) -> ResponseReturnValue:
    form, cohort = SettingsForm(), the_cohort(cohort_id)
    if form.accepted():
        try:
            actions.change(session(), me().person_id, now(), cohort_id, _settings(form))
            return _saved(cohort_id, _("Datos guardados."))
        except Refused as refused:
            form.refuse(refused)
    return settings_page(cohort, settings_form=form)


@room.post("/cohortes/<int:cohort_id>/datos/instituciones", allow=May.CHANGE_COHORT)
def set_partners(cohort_id: int) -> ResponseReturnValue:
    cohort, form = the_cohort(cohort_id), PartnersForm().offer(_institutions())
    if form.accepted():
        actions.set_partners(session(), me().person_id, now(), cohort_id, form.chosen)
        return _saved(cohort_id, _("Instituciones guardadas."))
    return settings_page(cohort, partners_form=form)


@room.post("/cohortes/<int:cohort_id>/datos/firmantes", allow=May.CHANGE_COHORT)
def set_signatories(cohort_id: int) -> ResponseReturnValue:
    cohort, form = the_cohort(cohort_id), SignatoriesForm()
    if form.accepted():
        actions.set_signatories(session(), me().person_id, now(), cohort_id, form.chosen)
        return _saved(cohort_id, _("Firmantes guardados. Los certificados ya emitidos conservan los suyos."))
    return settings_page(cohort, signatories_form=form)


def settings_page(cohort: CohortView, settings_form: SettingsForm | None = None,
                  partners_form: PartnersForm | None = None,
                  signatories_form: SignatoriesForm | None = None) -> ResponseReturnValue:
    """The page, with what was just refused still in its form."""
    partners = queries.partners(session(), cohort.id)
    signatories = queries.signatories(session(), cohort.id, today(now()))
    offered = PartnersForm(None, data={"partners": [p.id for p in partners]}).offer(_institutions())
    forms = {
        "settings_form": settings_form or SettingsForm(None, obj=cohort),
        "partners_form": partners_form or offered,
        "signatories_form": signatories_form or SignatoriesForm(None, data={"signatories": [
            {"name": n, "office": o, "institution": i} for n, o, i in signatories]})}
    taking_part = any(e.withdrawn_at is None for e in queries.enrolled(session(), cohort.id))
    held = people.holders(session(), Role.INSTRUCTOR, cohort.id)
    places = people.institutions_by_id(session(), {post.institution_id or 0 for _view, post in held})
    return render_template(
        "cohorts/settings.html", cohort=cohort, COUNTRIES=COUNTRIES, partners=partners, signatories=signatories,
        taking_part=taking_part, programme=catalogue.programme(session(), cohort.edition_id),
        instructors=[(view, post.module, places.get(post.institution_id or 0)) for view, post in held],
        coordinators=[view for view, _post in people.holders(session(), Role.COORDINATOR, cohort.id)],
        may_change=permits(me(), May.CHANGE_COHORT, cohort.id), may_people=permits(me(), May.SEE_PEOPLE),
        may_catalogue=permits(me(), May.SEE_CATALOGUE, anywhere=True), **forms,
    ), 422 if any(form.faults for form in forms.values()) else 200


def _settings(form: SettingsForm) -> actions.Settings:
    return actions.Settings(" ".join(form.title.data.split()), form.country.data, form.time_zone.data,
                            form.starts_on.data, form.ends_on.data)


def _institutions() -> list[tuple[int, str]]:
    return [(i.id, i.name) for i in people.institutions(session(), "school", "university", "association")]


def _saved(cohort_id: int, message: str) -> ResponseReturnValue:
    tell(message)
    return redirect(url_for("cohorts.settings", cohort_id=cohort_id), 303)
