"""The office's pages of what a seminar consists of: its sessions, who speaks, how many there is room for."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.foundation.walltime import place
from lms.people import current_actor
from lms.people.rules import May, Refused
from lms.seminars import announcing, drafts, queries, rules
from lms.seminars.announcing_pages import seminar_of
from lms.seminars.entries import counts, limits, registrations
from lms.seminars.forms import PlacesForm, SessionForm, SpeakerForm, places_form
from lms.seminars.places import fill, held
from lms.seminars.queries import SeminarView
from lms.seminars.registration_pages import desk
from lms.seminars.room import room


@room.route("/<int:seminar_id>/sesiones/nueva", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def new_session(seminar_id: int) -> ResponseReturnValue:
    seminar = seminar_of(seminar_id)
    form = SessionForm(mode=seminar.mode)
    if request.method == "GET" and (known := queries.sessions(session(), seminar_id)):
        form.day.data = drafts.of_sitting(known[-1])["day"]
    return _session(seminar, None, form)


@room.route("/<int:seminar_id>/sesiones/<int:session_id>", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def change_session(seminar_id: int, session_id: int) -> ResponseReturnValue:
    seminar = seminar_of(seminar_id)
    view = next((s for s in queries.sessions(session(), seminar_id) if s.id == session_id), None) or abort(404)
    return _session(seminar, session_id, SessionForm(**({} if request.method == "POST" else drafts.of_sitting(view))))


@room.post("/<int:seminar_id>/sesiones/<int:session_id>/cancelacion", allow=May.CHANGE_SEMINARS)
def cancel_session(seminar_id: int, session_id: int) -> ResponseReturnValue:
    """Off the programme, or back on it."""
    gone = request.form.get("back") != "1"
    try:
        if announcing.cancel_session(session(), current_actor().person_id, now(), seminar_id, session_id, gone):
            tell(_("Sesión cancelada: la página pública lo dice.") if gone else _("Sesión repuesta."))
    except Refused as why:
        tell(why.message, "due")
    return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)


@room.route("/<int:seminar_id>/ponentes/nueva", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def new_speaker(seminar_id: int) -> ResponseReturnValue:
    return _speaker(seminar_of(seminar_id), None, SpeakerForm())


@room.route("/<int:seminar_id>/ponentes/<int:speaker_id>", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def change_speaker(seminar_id: int, speaker_id: int) -> ResponseReturnValue:
    seminar = seminar_of(seminar_id)
    view = next((s for s in queries.speakers(session(), seminar_id) if s.id == speaker_id), None) or abort(404)
    return _speaker(seminar, speaker_id, SpeakerForm(**({} if request.method == "POST" else drafts.of_speaker(view))))


@room.post("/<int:seminar_id>/ponentes/<int:speaker_id>/retiro", allow=May.CHANGE_SEMINARS)
def remove_speaker(seminar_id: int, speaker_id: int) -> ResponseReturnValue:
    if announcing.remove_speaker(session(), current_actor().person_id, now(), seminar_id, speaker_id):
        tell(_("Retirada del programa."))
    return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)


@room.route("/<int:seminar_id>/cupos", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def places(seminar_id: int) -> ResponseReturnValue:
    """How many of each kind of person there is room for."""
    seminar, form = seminar_of(seminar_id), places_form()
    if form.accepted():
        held(session(), seminar_id)         # nobody registers in between
        announcing.set_places(session(), current_actor().person_id, now(), seminar_id, form.chosen)
        offered = fill(session(), now(), seminar_id, desk())
        tell(_("Cupos guardados. Se ofrecieron %(n)d a quienes esperaban.") % {"n": offered} if offered else
             _("Cupos guardados."))
        return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)
    if request.method == "GET":
        _shown(form, limits(session(), seminar_id))
    taken = counts(registrations(session(), seminar_id))
    return render_template("seminars/places.html", seminar=seminar, form=form, kinds=rules.KINDS,
                           taken=taken), 422 if form.faults else 200


def _shown(form: PlacesForm, kept: dict[str, int | None]) -> None:
    for kind in rules.KINDS:
        form[f"open_{kind}"].data, form[f"places_{kind}"].data = kind in kept, kept.get(kind)


def _session(seminar: SeminarView, session_id: int | None, form: SessionForm) -> ResponseReturnValue:
    if form.accepted():
        try:
            announcing.put_session(session(), current_actor().person_id, now(), seminar.id, session_id,
                                   drafts.sitting(form, seminar.time_zone))
            tell(_("Sesión guardada."))
            return redirect(url_for("seminars.edit", seminar_id=seminar.id), 303)
        except Refused as why:
            form.refuse(why)
    return render_template("seminars/session_form.html", seminar=seminar, session_id=session_id, form=form,
                           zone_place=place), 422 if form.faults else 200


def _speaker(seminar: SeminarView, speaker_id: int | None, form: SpeakerForm) -> ResponseReturnValue:
    form.offer(queries.sessions(session(), seminar.id))
    if form.accepted():
        try:
            announcing.put_speaker(session(), current_actor().person_id, now(), seminar.id, speaker_id,
                                   drafts.speaker(form))
            tell(_("Guardado."))
            return redirect(url_for("seminars.edit", seminar_id=seminar.id), 303)
        except Refused as why:
            form.refuse(why)
    return render_template("seminars/speaker_form.html", seminar=seminar, speaker_id=speaker_id,
                           form=form), 422 if form.faults else 200
