"""Marking oneself: the code that a screen shows and that changes, and the page it leads to."""

import segno
from flask import Response, abort, current_app, make_response, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.language import _, clock_time, current_language, local
from lms.people import current_actor
from lms.people.queries import token_hash
from lms.seminars import codes, devices, presence
from lms.seminars.codes import Shown, Stale
from lms.seminars.door_forms import HereForm
from lms.seminars.entries import RegistrationView
from lms.seminars.expected import expected
from lms.seminars.marks import inside
from lms.seminars.models import Registration
from lms.seminars.presence import Door, Seen, Told
from lms.seminars.room import room

AGAIN = 15                          # seconds after which the screen asks for its next code


@room.get("/pantalla/<token_>", allow=OPEN)
def screen(token_: str) -> Response:
    """What stands on the wall: a large code that is another half a minute later."""
    at = presence.door(session(), token_hash(token_))
    if at is None or at.does != "screen":
        abort(404)
    if not at.open(now()):
        abort(410, description=Reason(_("El enlace de esta pantalla venció o fue cerrado. Pedir otro a la oficina.")))
    token = codes.screen(_key(), at.id, at.session_id, now())
    site = current_app.config["URL"].rstrip("/")
    link = site + url_for("seminars.here", shown=token)
    response = make_response(render_template(
        "seminars/screen.html", door=at, name=at.called(current_language()), picture=drawn(link),
        typed=codes.typed_screen(_key(), at.id, at.session_id, now()),
        address=(site + url_for("seminars.here_typed")).partition("//")[2]))
    response.headers["Refresh"] = str(AGAIN)
    return response


@room.route("/aqui", methods=["GET", "POST"], allow=OPEN)
def here_typed() -> ResponseReturnValue:
    """Without a camera: one's own code and the one on the screen, both typed."""
    form = HereForm()
    if request.method == "GET":
        form.ticket.data = next(iter(_remembered()), "")
        return _form(form, None)
    if not form.accepted():
        return _form(form, None), 422
    at: Shown | None = None
    typed = codes.typed(form.shown.data or "")
    for seminar_id in _seminars_of(form.ticket.data):
        at = at or next((Shown(d, s, now()) for d, s in devices.screens(session(), seminar_id, now())
                         if typed in codes.typed_codes(_key(), d, s, now())), None)
    if at is None:
        form.form_errors.append(_("El código de la entrada y el de la pantalla no van juntos. El de la pantalla cambia "
                                  "cada medio minuto: escribir el que está ahora."))
        return _form(form, None), 422
    return _mark(form, at)


@room.route("/aqui/<shown>", methods=["GET", "POST"], allow=OPEN)
def here(shown: str) -> ResponseReturnValue:
    """The page that the screen's code leads to."""
    form = HereForm()
    if request.method == "POST":
        at = codes.read_pass(_key(), request.form.get("pase", ""), now()) or abort(
            409, description=Reason(_("Pasaron más de diez minutos desde que se leyó el código. Leer el de la pantalla "
                                      "otra vez.")))
        return _mark(form, at) if form.accepted() else (_form(form, at), 422)
    try:
        at = codes.read_screen(_key(), shown, now()) or abort(404)
    except Stale as wrong:
        told = local(wrong.at, "America/Santiago")
        abort(410, description=Reason(_("Ese código se mostró el %(day)s a las %(at)s (hora de Chile) y ya cambió. "
                                        "Leer el que está ahora en la pantalla.")
                                      % {"day": f"{told:%d-%m-%Y}", "at": clock_time(told)}))
    mine = _mine(at)
    if mine:
        form.ticket.data = mine.code
        form.sentido.data = "out" if inside(presence.marks(session(), _seminar(at), [mine.id]).get(mine.id, []),
                                            at.session_id) else "in"
    return _form(form, at, mine)


def _form(form: HereForm, at: Shown | None, mine: RegistrationView | None = None) -> str:
    return render_template("seminars/here.html", form=form, at=at, mine=mine,
                           carried=codes.ticket_pass(_key(), at, now()) if at else "")


def _mark(form: HereForm, at: Shown) -> ResponseReturnValue:
    code = codes.wanted(form.ticket.data)
    device = presence.door_by_id(session(), at.device_id)
    if device is None or device.ended_at:
        abort(410, description=Reason(_("Esa pantalla fue cerrada por la oficina.")))
    told = _taken(device, code, form.sentido.data, at)
    if not told.ok:
        form.ticket.errors = [*form.ticket.errors, _(told.words)]
        return _form(form, at), 422
    cookie["tickets"] = [code, *(c for c in _remembered() if c != code)][:5]
    return render_template("seminars/marked.html", outcome=told, way=form.sentido.data, at=local(at.at, device.zone),
                           name=device.called(current_language()))


def _taken(device: Door, code: str, way: str, at: Shown) -> Told:
    # One mark a person, way and half minute: the button pressed twice is one fact.
    key = f"screen:{at.device_id}:{way}:{int(at.at.timestamp()) // codes.SLOT}:{token_hash(code)[:16]}"
    return presence.take(session(), now(), device, [Seen(key, code, way, at.at)], source="screen")[key]


def _mine(at: Shown) -> RegistrationView | None:
    """Who holds this phone: signed in and registered, or known from a ticket that was shown on it before."""
    actor, kept = current_actor(), _remembered()
    people = expected(session(), _seminar(at)) if actor or kept else []
    return next((e for e in people if (actor and e.person_id == actor.person_id) or {e.code, e.short_code} & set(kept)),
                None)


def _seminar(at: Shown) -> int:
    found = presence.door_by_id(session(), at.device_id) or abort(404)
    return found.seminar_id


def _seminars_of(ticket: str) -> list[int]:
    """Where a ticket may be from: a short code is one seminar's own, and another may have given the same."""
    wanted = codes.wanted(ticket)
    return list(session().scalars(select(Registration.seminar_id).where(
        (Registration.code == wanted) | (Registration.short_code == wanted)).order_by(Registration.id.desc()).limit(5)))


def _remembered() -> list[str]:
    return [str(code) for code in cookie.get("tickets", [])]


def _key() -> bytes:
    key = current_app.config["SECRET_KEY"]
    return key if isinstance(key, bytes) else str(key).encode()


def drawn(text: str) -> tuple[str, int]:
    """A QR code as the `d` of an SVG path, and its side in modules."""
    rows = list(segno.make(text, error="m", micro=False).matrix)
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark), len(rows)
