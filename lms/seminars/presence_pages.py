"""The office's pages of presence: the doors that are open, a session's list, and every fact about one person."""

from datetime import timedelta
from secrets import token_urlsafe

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people.rules import May
from lms.seminars import devices, presence, queries
from lms.seminars.door_forms import DoorForm, MinutesForm, VoidForm
from lms.seminars.entries import registration
from lms.seminars.expected import expected
from lms.seminars.here_pages import drawn
from lms.seminars.marks import presences
from lms.seminars.queries import SeminarView
from lms.seminars.registration_pages import desk
from lms.seminars.room import room

PAGE = 100          # people on a page of the list


@room.get("/<int:seminar_id>/presencia", allow=May.SEE_SEMINARS)
def presence_page(seminar_id: int) -> ResponseReturnValue:
    """The doors, and how many have been in each session so far."""
    return _doors(_seminar(seminar_id), _door_form(seminar_id))


@room.post("/<int:seminar_id>/presencia/equipos", allow=May.CHANGE_SEMINARS)
def open_door(seminar_id: int) -> ResponseReturnValue:
    """Make a device; its link is shown here and never again."""
    seminar, form = _seminar(seminar_id), _door_form(seminar_id)
    if not form.accepted():
        return _doors(seminar, form), 422
    token = devices.make(session(), current_actor().person_id, now(), seminar_id, name=form.name.data,
                         does=form.does.data, session_id=form.session.data or None,
                         expires_at=now() + timedelta(hours=form.hours.data))
    link = desk().url + url_for("seminars.door" if form.does.data == "scan" else "seminars.screen", token_=token)
    return render_template("seminars/door_made.html", seminar=seminar, form=form, link=link, picture=drawn(link))


@room.post("/<int:seminar_id>/presencia/equipos/<int:device_id>/fin", allow=May.CHANGE_SEMINARS)
def close_door(seminar_id: int, device_id: int) -> ResponseReturnValue:
    if devices.end(session(), current_actor().person_id, now(), seminar_id, device_id):
        tell(_("Equipo cerrado. Lo que ya envió queda; lo que no, ya no se recibe."))
    return redirect(url_for("seminars.presence_page", seminar_id=seminar_id), 303)


@room.route("/<int:seminar_id>/sesiones/<int:session_id>/lista", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def tick(seminar_id: int, session_id: int) -> ResponseReturnValue:
    """The list of a session: who is ticked was there from beginning to end."""
    seminar = _seminar(seminar_id)
    sitting = next((s for s in presence.sittings(session(), seminar_id) if s.id == session_id), None) or abort(404)
    if request.method == "POST":
        wanted, shown = (_ids(name) for name in ("presente", "vista"))
        added, gone = presence.tick(session(), current_actor().person_id, now(), seminar_id, sitting, wanted, shown)
        tell(_("Lista guardada: %(added)d anotadas, %(gone)d retiradas.") % {"added": added, "gone": gone})
        return redirect(url_for("seminars.tick", seminar_id=seminar_id, session_id=session_id, q=request.args.get("q"),
                                pagina=request.args.get("pagina", type=int)), 303)
    asked = request.args.get("q", "").strip()[:80]
    people, page = expected(session(), seminar_id, asked), max(request.args.get("pagina", 1, int), 1)
    some = people[(page - 1) * PAGE:page * PAGE]
    told = presence.marks(session(), seminar_id, [e.id for e in some])
    return render_template(
        "seminars/tick.html", seminar=seminar, sitting=sitting, people=some, asked=asked, page=page,
        pages=-(-len(people) // PAGE), count=len(people), seminar_session=_named(seminar_id, session_id),
        ticked={m.registration_id for m in presence.listed(told, session_id)},
        found={who: presences(marks, [sitting], now()).get(session_id) for who, marks in told.items()})


@room.get("/<int:seminar_id>/inscripciones/<int:registration_id>/presencia", allow=May.SEE_SEMINARS)
def person_presence(seminar_id: int, registration_id: int) -> ResponseReturnValue:
    """Every fact about one person's presence, and what it comes to."""
    return _person(_seminar(seminar_id), registration_id, _minutes_form(seminar_id))


@room.post("/<int:seminar_id>/inscripciones/<int:registration_id>/presencia/minutos", allow=May.CHANGE_SEMINARS)
def say_minutes(seminar_id: int, registration_id: int) -> ResponseReturnValue:
    seminar, form = _seminar(seminar_id), _minutes_form(seminar_id)
    if not form.accepted():
        return _person(seminar, registration_id, form), 422
    if registration(session(), seminar_id, id=registration_id) is None:
        abort(404)
    sitting = next(s for s in presence.sittings(session(), seminar_id) if s.id == form.session.data)
    try:
        new = presence.say(session(), current_actor().person_id, now(), seminar_id, registration_id, sitting,
                           form.minutes.data, form.reason.data.strip(), f"office:{form.key.data}")
    except presence.Refused as why:
        form.minutes.errors = [*form.minutes.errors, str(why)]
        return _person(seminar, registration_id, form), 422
    tell(_("Minutos anotados.") if new else _("Esa anotación ya estaba; no se repitió."))
    return redirect(url_for("seminars.person_presence", seminar_id=seminar_id, registration_id=registration_id), 303)


@room.route("/<int:seminar_id>/inscripciones/<int:registration_id>/presencia/marcas/<int:mark_id>/retiro",
            methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def take_mark_back(seminar_id: int, registration_id: int, mark_id: int) -> ResponseReturnValue:
    """Take one mark back, with the reason; the mark stays in sight."""
    seminar, form = _seminar(seminar_id), VoidForm()
    person = registration(session(), seminar_id, id=registration_id) or abort(404)
    mark = next((m for m in presence.marks(session(), seminar_id, [registration_id]).get(registration_id, [])
                 if m.id == mark_id and m.kind != "void"), None) or abort(404)
    if request.method == "GET" or not form.accepted():
        return render_template("seminars/take_back.html", seminar=seminar, person=person, mark=mark, form=form,
                               seminar_session=_named(seminar_id, mark.session_id)), 422 if form.errors else 200
    actor = current_actor()
    done = presence.take_back(session(), actor.person_id, now(), seminar_id, mark_id, form.reason.data.strip())
    tell(_("Marca retirada.") if done else _("Esa marca ya estaba retirada."))
    return redirect(url_for("seminars.person_presence", seminar_id=seminar_id, registration_id=registration_id), 303)


def _seminar(seminar_id: int) -> SeminarView:
    return queries.seminar(session(), seminar_id) or abort(404)


def _named(seminar_id: int, session_id: int | None) -> object:
    return next((s for s in queries.sessions(session(), seminar_id) if s.id == session_id), None)


def _ids(name: str) -> set[int]:
    return {int(value) for value in request.form.getlist(name) if value.isdecimal() and len(value) < 10}


def _door_form(seminar_id: int) -> DoorForm:
    form = DoorForm()
    form.session.choices = [(0, _("En el recinto: vale para la sesión que haya a esa hora")),
                            *((s.id, s.title) for s in queries.sessions(session(), seminar_id))]
    return form


def _minutes_form(seminar_id: int) -> MinutesForm:
    form = MinutesForm()
    form.session.choices = options([(s.id, s.title) for s in queries.sessions(session(), seminar_id)])
    if request.method == "GET":
        form.key.data = token_urlsafe(12)
    return form


def _doors(seminar: SeminarView, form: DoorForm) -> str:
    return render_template(
        "seminars/presence.html", seminar=seminar, form=form, devices=devices.devices(session(), seminar.id), now=now(),
        counts=presence.counts(session(), seminar.id, now()), **_sessions(seminar.id))


def _person(seminar: SeminarView, registration_id: int, form: MinutesForm) -> str:
    person = registration(session(), seminar.id, id=registration_id) or abort(404)
    marks = presence.marks(session(), seminar.id, [registration_id]).get(registration_id, [])
    return render_template(
        "seminars/person_presence.html", seminar=seminar, person=person, form=form, marks=marks,
        gone={m.voids_id: m for m in marks if m.kind == "void"}, **_sessions(seminar.id),
        found=presences(marks, presence.sittings(session(), seminar.id), now()))


def _sessions(seminar_id: int) -> dict[str, object]:
    found = queries.sessions(session(), seminar_id)
    return {"sessions": found, "titles": {s.id: s.title for s in found}}
