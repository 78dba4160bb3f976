"""The office's pages of offers: made, published, closed; who applied, and who is selected."""

from dataclasses import replace
from datetime import datetime, time

from flask import abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _, local
from lms.foundation.walltime import resolve
from lms.internships import offering, offers, queries
from lms.internships.forms import OfferForm
from lms.internships.offering import Draft
from lms.internships.offers import LOOKS, OfferView
from lms.internships.offers import STATES as APPLIED
from lms.internships.office_pages import WORDS
from lms.internships.pages import answered, country_of, download, me, place, pressed, with_choices
from lms.internships.room import room
from lms.people import queries as people
from lms.people.rules import May, permits

HERE = "/cohortes/<int:cohort_id>/pasantias/ofertas"
ONE = f"{HERE}/<int:offer_id>"


def may_change(offer: OfferView) -> bool:
    """What is open to all cohorts is the office's."""
    return permits(me(), May.CHANGE_PLACEMENTS, offer.cohort_id)


@room.get(HERE, allow=May.SEE_PLACEMENTS)
def offer_list(cohort_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    return render_template("internships/offers.html", cohort=cohort, rows=offers.of_cohort(session(), cohort_id),
                           now=now(), **WORDS)


@room.route(f"{HERE}/nueva", methods=["GET", "POST"], allow=May.CHANGE_PLACEMENTS)
def new_offer(cohort_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    form = _form(cohort_id, OfferForm())
    url = url_for("internships.offer_list", cohort_id=cohort_id)
    whose = None if form.everyone.data and permits(me(), May.CHANGE_PLACEMENTS) else cohort_id
    answer = answered(form, lambda: offering.make(session(), me().person_id, now(), whose, _draft(form, cohort)),
                      _("Oferta guardada. Publicarla para que se pueda postular."), url)
    return answer or (render_template("internships/offer_form.html", cohort=cohort, form=form, offer=None, back=url,
                                      title=_("Nueva oferta")), 422 if form.faults else 200)


@room.get(ONE, allow=May.SEE_PLACEMENTS)
def offer(cohort_id: int, offer_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    found = _found(cohort_id, offer_id)
    placed = {p.application_id: p for p in queries.of_cohort(session(), cohort_id) if p.application_id}
    return render_template(
        "internships/offer.html", cohort=cohort, offer=found, placed=placed, now=now(), APPLIED=APPLIED, LOOKS=LOOKS,
        names=people.by_id(session(), {a.person_id for a in found.applications}), may_change=may_change(found),
        **WORDS)


@room.route(f"{ONE}/datos", methods=["GET", "POST"], allow=May.CHANGE_PLACEMENTS)
def offer_settings(cohort_id: int, offer_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    found = _changeable(cohort_id, offer_id)
    last = local(found.apply_by, cohort.time_zone).date() if found.apply_by else None      # the form asks a day
    form = _form(cohort_id, OfferForm(obj=replace(found, apply_by=last)), found.agreement_id)
    url = url_for("internships.offer", cohort_id=cohort_id, offer_id=offer_id)
    answer = answered(form, lambda: offering.change(session(), me().person_id, now(), found, _draft(form, cohort)),
                      _("Oferta guardada."), url)
    return answer or (render_template("internships/offer_form.html", cohort=cohort, form=form, offer=found, back=url,
                                      title=_("Datos de la oferta")), 422 if form.faults else 200)


@room.post(f"{ONE}/publicar", allow=May.CHANGE_PLACEMENTS)
def publish_offer(cohort_id: int, offer_id: int) -> ResponseReturnValue:
    found = _changeable(cohort_id, offer_id)
    return pressed(lambda: offering.publish(session(), me().person_id, now(), found),
                   _("Oferta publicada: ya se puede postular."), _url(cohort_id, offer_id))


@room.post(f"{ONE}/cerrar", allow=May.CHANGE_PLACEMENTS)
def close_offer(cohort_id: int, offer_id: int) -> ResponseReturnValue:
    found = _changeable(cohort_id, offer_id)
    return pressed(lambda: offering.close(session(), me().person_id, now(), found),
                   _("Oferta cerrada: no recibe más postulaciones."), _url(cohort_id, offer_id))


@room.post(f"{ONE}/postulaciones/<int:application_id>/<any(selected,reserve,declined):decision>",
           allow=May.CHANGE_PLACEMENTS)
def decide(cohort_id: int, offer_id: int, application_id: int, decision: str) -> ResponseReturnValue:
    """Of this cohort's own applicants; an offer open to all is shared, its applicants are not."""
    asked = offers.application(session(), cohort_id, application_id) or abort(404)
    found = _found(cohort_id, offer_id)
    said = {"selected": _("Seleccionada. Su pasantía quedó en preparación."), "reserve": _("En lista de reserva."),
            "declined": _("No seleccionada.")}[decision]
    mine = url_for("internships.internship", cohort_id=cohort_id)
    return pressed(lambda: offering.decide(session(), me().person_id, now(), found, asked.id, decision,
                                            url=f"{current_app.config['URL']}{mine}"), said,
                   _url(cohort_id, offer_id))


@room.get(f"{ONE}/postulaciones/<int:application_id>/archivo", allow=May.SEE_PLACEMENTS)
def application_file(cohort_id: int, offer_id: int, application_id: int) -> ResponseReturnValue:
    asked = offers.application(session(), cohort_id, application_id)
    if asked is None or asked.offer_id != offer_id:
        abort(404)
    return download(asked.sha256, asked.file_name)


def _url(cohort_id: int, offer_id: int) -> str:
    return url_for("internships.offer", cohort_id=cohort_id, offer_id=offer_id)


def _found(cohort_id: int, offer_id: int) -> OfferView:
    return offers.offer(session(), cohort_id, offer_id) or abort(404)


def _changeable(cohort_id: int, offer_id: int) -> OfferView:
    found = _found(cohort_id, offer_id)
    return found if may_change(found) else abort(403)


def _form(cohort_id: int, form: OfferForm, agreement_id: int | None = None) -> OfferForm:
    with_choices(form, cohort_id, agreement_id)
    return form


def _draft(form: OfferForm, cohort: CohortView) -> Draft:
    by = resolve(datetime.combine(form.apply_by.data, time(23, 59)), cohort.time_zone) if form.apply_by.data else None
    return Draft(
        form.host_id.data, country_of(form.host_id.data), form.city.data, form.area.data, form.title.data,
        form.description.data or "", form.requirements.data or "", form.modality.data, form.language.data,
        form.places.data, form.starts_on.data, form.ends_on.data, form.exact_hours, form.agreement_id.data, by,
        form.supervisor_name.data or "", form.supervisor_email.data or "", form.supervisor_office.data or "")
