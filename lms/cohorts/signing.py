"""Who signs, in which office, from when until when; and how each participant was admitted."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import offices, queries
from lms.cohorts.office_forms import AdmissionForm, EndForm, OfficeForm
from lms.cohorts.routes import me, room, the_cohort
from lms.cohorts.rules import TRACKS, in_office
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import queries as people
from lms.people.rules import May, Refused, permits, today

HERE, SCHOOL = "/cohortes/<int:cohort_id>/firmantes", "/firmantes"


@room.get(HERE, allow=May.SEE_COHORT)
def signatories(cohort_id: int) -> ResponseReturnValue:
    return _page(cohort_id)


@room.post(HERE, allow=May.CHANGE_COHORT)
def begin_office(cohort_id: int) -> ResponseReturnValue:
    return _begin(cohort_id)


@room.post(f"{HERE}/<int:signatory_id>/termino", allow=May.CHANGE_COHORT)
def end_office(cohort_id: int, signatory_id: int) -> ResponseReturnValue:
    return _end(cohort_id, signatory_id)


@room.get(SCHOOL, allow=May.SEE_COHORT)
def school_signatories() -> ResponseReturnValue:
    return _page(None)


@room.post(SCHOOL, allow=May.CHANGE_COHORT)
def begin_school_office() -> ResponseReturnValue:
    return _begin(None)


@room.post(f"{SCHOOL}/<int:signatory_id>/termino", allow=May.CHANGE_COHORT)
def end_school_office(signatory_id: int) -> ResponseReturnValue:
    return _end(None, signatory_id)


@room.route("/cohortes/<int:cohort_id>/ingreso", methods=["GET", "POST"], allow=May.CHANGE_ROSTER)
def admissions(cohort_id: int) -> ResponseReturnValue:
    """How each was let into the diploma: the certificate's words go by it."""
    cohort, form = the_cohort(cohort_id), AdmissionForm()
    taking_part = {e.person_id for e in queries.enrolled(session(), cohort_id) if not e.withdrawn_at}
    chosen = [p for p in request.form.getlist("person", int) if p in taking_part]
    if form.accepted() and chosen:
        many = offices.admit(session(), me().person_id, now(), cohort_id, chosen, form.track.data, form.evidence.data)
        tell(_("Vía de ingreso registrada de %(n)d.") % {"n": many})
        return redirect(url_for("cohorts.admissions", cohort_id=cohort_id), 303)
    if request.method == "POST" and not chosen:
        form.form_errors.append(_("Marcar al menos a una persona."))
    return render_template(
        "cohorts/admissions.html", cohort=cohort, form=form, names=people.by_id(session(), taking_part), chosen=chosen,
        tracks=queries.tracks(session(), cohort_id), TRACKS=TRACKS), 422 if form.faults else 200


def _begin(cohort_id: int | None) -> ResponseReturnValue:
    form = OfficeForm().offer(_standing(cohort_id))
    if form.accepted():
        try:
            offices.begin(session(), me().person_id, now(), cohort_id, form.who, form.starts_on.data,
                          int(form.instead_of.data or 0) or None)
            return _saved(cohort_id, _("Firmante agregado. Los certificados ya emitidos conservan los suyos."))
        except Refused as refused:
            form.refuse(refused)
    return _page(cohort_id, form)


def _end(cohort_id: int | None, signatory_id: int) -> ResponseReturnValue:
    if all(row.id != signatory_id for row in queries.offices(session(), _known(cohort_id))):
        abort(404)
    form = EndForm()
    if form.accepted():
        try:
            offices.end(session(), me().person_id, now(), cohort_id, signatory_id, form.ends_on.data)
            return _saved(cohort_id, _("Término registrado."))
        except Refused as refused:
            form.refuse(refused)
    return _page(cohort_id, ending=form, ended=signatory_id)


def _page(cohort_id: int | None, form: OfficeForm | None = None, ending: EndForm | None = None, ended: int = 0
          ) -> ResponseReturnValue:
    cohort = the_cohort(cohort_id) if cohort_id else None
    day, rows = today(now()), queries.offices(session(), cohort_id)
    present = [r for r in rows if in_office(r.starts_on, r.ends_on, day)]
    return render_template(
        "cohorts/signatories.html", cohort=cohort, present=present, day=day, ended=ended,
        future=[r for r in rows if r.starts_on and r.starts_on > day],
        past=[r for r in rows if r.ends_on and r.ends_on < day],
        form=form or OfficeForm(None, data={"starts_on": day}).offer(_standing(cohort_id)),
        ending=ending or EndForm(None, data={"ends_on": day}),
        may_change=permits(me(), May.CHANGE_COHORT, cohort_id),
    ), 422 if (form and form.faults) or (ending and ending.faults) else 200


def _standing(cohort_id: int | None) -> list[tuple[int, str]]:
    """Whom somebody may follow in office."""
    return [(r.id, f"{r.name}, {r.office}") for r in queries.offices(session(), _known(cohort_id))
            if r.ends_on is None or r.ends_on >= today(now())]


def _known(cohort_id: int | None) -> int | None:
    return the_cohort(cohort_id).id if cohort_id else None


def _saved(cohort_id: int | None, message: str) -> ResponseReturnValue:
    tell(message)
    endpoint = "cohorts.signatories" if cohort_id else "cohorts.school_signatories"
    return redirect(url_for(endpoint, cohort_id=cohort_id), 303)
