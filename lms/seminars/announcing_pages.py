"""The office's pages of a seminar: all of them, one and its parts, its data, publishing, cancelling, copying."""

from datetime import timedelta

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _, local
from lms.foundation.pages import tell
from lms.foundation.walltime import place
from lms.people import countries, current_actor
from lms.people.rules import May, Refused, permits
from lms.seminars import announcing, copying, drafts, queries, rules
from lms.seminars.forms import CancelForm, CopyForm, RoomForm, SeminarForm
from lms.seminars.queries import SeminarView, SessionView
from lms.seminars.reminders import desk_of
from lms.seminars.room import room
from lms.seminars.showing import page_sides, times
from lms.seminars.telling import tell_cancelled

WORDS = {"THEMES": rules.THEMES, "MODES": rules.MODES, "STATES": rules.STATES, "KINDS": rules.KINDS,
         "MATERIALS": rules.MATERIALS, "OPEN_TO": rules.OPEN_TO, "zone_place": place, "country_name": countries.name,
         "MARKS": {"draft": "draft", "announced": "due", "running": "now", "over": "done", "cancelled": "revoked"}}

WAYS = (("seminars.registrations_page", _("Inscripciones"), May.SEE_SEMINARS),
        ("seminars.questions", _("Preguntas al inscribirse"), May.CHANGE_SEMINARS),
        ("seminars.invitations", _("Invitaciones"), May.CHANGE_SEMINARS),
        ("seminars.presence_page", _("Presencia"), May.SEE_SEMINARS),
        ("seminars.minutes", _("Minutos y horas"), May.SEE_SEMINARS),
        ("seminars.survey_results", _("Encuesta"), May.SEE_SEMINARS),
        ("certificates.seminar", _("Certificados de asistencia"), May.SEE_CERTIFICATES))


@room.get("", allow=May.SEE_SEMINARS)
def office() -> ResponseReturnValue:
    """All seminars, the latest first."""
    theme = request.args.get("tema", "")
    found = [s for s in queries.seminars(session()) if theme not in rules.THEMES or s.theme == theme]
    return render_template("seminars/office.html", seminars=found, theme=theme, now=now(), **WORDS)


@room.route("/nuevo", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def new() -> ResponseReturnValue:
    form = SeminarForm()
    if form.accepted():
        try:
            made = announcing.create(session(), current_actor().person_id, now(), drafts.seminar(form))
            tell(_("Seminario en preparación. Falta agregar sus sesiones y publicarlo."))
            return redirect(url_for("seminars.edit", seminar_id=made), 303)
        except Refused as why:
            form.refuse(why)
    return _refused_or(form, render_template("seminars/seminar_form.html", seminar=None, form=form))


@room.get("/<int:seminar_id>", allow=May.SEE_SEMINARS)
def edit(seminar_id: int) -> ResponseReturnValue:
    """What is announced, and the way to each thing that belongs to it."""
    seminar = seminar_of(seminar_id)
    zones = page_sides(seminar.time_zone, "")

    def sides(one: SessionView) -> list[tuple[str, str]]:
        return [(text, where) for text, where, _day in times(one, zones)]
    return render_template(
        "seminars/seminar.html", seminar=seminar, now=now(), state=seminar.state(now()), ways=_ways(seminar_id),
        places=queries.room(session(), seminar_id), sides=sides,
        sessions=queries.sessions(session(), seminar_id, cancelled=True),
        speakers=queries.speakers(session(), seminar_id), materials=queries.materials(session(), seminar_id), **WORDS)


@room.route("/<int:seminar_id>/datos", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def settings(seminar_id: int) -> ResponseReturnValue:
    seminar = seminar_of(seminar_id)
    form = SeminarForm(**({} if request.method == "POST" else drafts.of_seminar(seminar)))
    if form.accepted():
        try:
            announcing.change(session(), current_actor().person_id, now(), seminar_id, drafts.seminar(form))
            tell(_("Datos guardados."))
            return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)
        except Refused as why:
            form.refuse(why)
    return _refused_or(form, render_template("seminars/seminar_form.html", seminar=seminar, form=form))


@room.post("/<int:seminar_id>/publicacion", allow=May.CHANGE_SEMINARS)
def publish(seminar_id: int) -> ResponseReturnValue:
    seminar = seminar_of(seminar_id)
    try:
        if announcing.publish(session(), current_actor().person_id, now(), seminar_id):
            tell(_("Publicado."), "done", url_for("seminars.page", slug=seminar.slug), _("Ver la página pública"))
    except Refused as why:
        tell(why.message, "due")
    return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)


@room.route("/<int:seminar_id>/cancelacion", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def cancel(seminar_id: int) -> ResponseReturnValue:
    """For good, with the reason: who registered is written to."""
    seminar, form = seminar_of(seminar_id), CancelForm()
    if form.accepted():
        reason = form.reason.data.strip()
        if announcing.cancel(session(), current_actor().person_id, now(), seminar_id, reason):
            told = tell_cancelled(session(), now(), desk_of(current_app), seminar_id, reason)
            tell(_("Seminario cancelado. Personas a quienes se avisa por correo: %(n)d.") % {"n": told})
        return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)
    return _refused_or(form, render_template("seminars/cancel.html", seminar=seminar, form=form))


@room.route("/<int:seminar_id>/copia", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def copy(seminar_id: int) -> ResponseReturnValue:
    """The same seminar on other days."""
    seminar = seminar_of(seminar_id)
    form = CopyForm()
    if form.accepted():
        try:
            made = copying.copy(session(), current_actor().person_id, now(), seminar_id, form.title.data.strip(),
                                form.starts_on.data)
            tell(_("Copia en preparación. Revisar sus fechas antes de publicarla."))
            return redirect(url_for("seminars.edit", seminar_id=made), 303)
        except Refused as why:
            form.refuse(why)
    if request.method == "GET":
        form.title.data = seminar.title
        first = local(seminar.starts_at or now(), seminar.time_zone).date()
        form.starts_on.data = first + timedelta(days=364)       # the same day of the week
    return _refused_or(form, render_template("seminars/copy.html", seminar=seminar, form=form))


def seminar_of(seminar_id: int) -> SeminarView:
    return queries.seminar(session(), seminar_id) or abort(404)


def _ways(seminar_id: int) -> list[tuple[str, str]]:
    """To the pages of registering and of presence, as far as who asks may see them."""
    actor = current_actor()
    return [(url_for(endpoint, seminar_id=seminar_id), words) for endpoint, words, may in WAYS if permits(actor, may)]


def _refused_or(form: RoomForm, page: str) -> ResponseReturnValue:
    return page, 422 if form.faults else 200
