"""Pages of the institutions, and of the audit trail."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.foundation.walltime import place
from lms.people import actions, countries, directory, queries, trail
from lms.people.forms import INSTITUTION_KINDS, InstitutionForm
from lms.people.routes import me, my_zone, room
from lms.people.rules import May, Refused, permits


@room.get("/instituciones", allow=May.SEE_PEOPLE)
def institutions() -> ResponseReturnValue:
    kind = request.args.get("clase", "")
    kind = kind if kind in INSTITUTION_KINDS else ""
    return render_template("people/institutions.html", rows=queries.institutions(session(), *([kind] if kind else [])),
                           kind=kind, kinds=INSTITUTION_KINDS, country=countries.name,
                           may_change=permits(me(), May.CHANGE_PEOPLE))


@room.route("/instituciones/nueva", methods=["GET", "POST"], allow=May.CHANGE_PEOPLE)
def new_institution() -> ResponseReturnValue:
    form = InstitutionForm()
    if form.accepted():
        try:
            actions.add_institution(session(), me().person_id, now(), form.kind.data, form.name.data,
                                    form.short_name.data or "", form.country.data, form.city.data or "")
            tell(_("Institución agregada."))
            return redirect(url_for("people.institutions"), 303)
        except Refused as refused:
            form.refuse(refused)
    return render_template("people/institution.html", form=form, found=None), 422 if form.faults else 200


@room.route("/instituciones/<int:institution_id>", methods=["GET", "POST"], allow=May.CHANGE_PEOPLE)
def institution(institution_id: int) -> ResponseReturnValue:
    found = queries.institutions_by_id(session(), [institution_id]).get(institution_id) or abort(404)
    form = InstitutionForm(obj=found)
    if form.accepted():
        try:
            actions.change_institution(session(), me().person_id, now(), institution_id, form.kind.data, form.name.data,
                                       form.short_name.data or "", form.country.data, form.city.data or "")
            tell(_("Institución guardada."))
            return redirect(url_for("people.institutions"), 303)
        except Refused as refused:
            form.refuse(refused)
    return render_template("people/institution.html", form=form, found=found), 422 if form.faults else 200


@room.get("/bitacora", allow=May.SEE_AUDIT)
def audit() -> ResponseReturnValue:
    words, deed = request.args.get("persona", "")[:directory.LONGEST_SEARCH].strip(), request.args.get("hecho", "")[:60]
    cohort_id, before = number("cohorte"), number("antes")
    lines, older = trail.lines(
        session(), person_ids=directory.ids_matching(session(), words) if words else None, deed=deed,
        cohort_id=cohort_id, before=before)
    return render_template("people/audit.html", lines=lines, older=older, words=words, deed=deed, cohort_id=cohort_id,
                           before=before, deeds=trail.DEEDS, cohorts=directory.cohorts(session()),
                           zone=my_zone(), zone_name=place(my_zone()))


def number(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
