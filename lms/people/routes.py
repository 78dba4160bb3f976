"""Pages for signing in and out, and for the one-time links that come by mail."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response
from werkzeug.exceptions import Unauthorized

from lms.foundation.clock import now
from lms.foundation.database import keep, session
from lms.foundation.doors import OPEN, SIGNED_IN, Room, token
from lms.foundation.language import SOURCE, _
from lms.foundation.pages import tell
from lms.people import devices, links, signing
from lms.people.forms import NewPasswordForm, ResetAskForm, SignInForm
from lms.people.presence import come_in, current_actor, go_out
from lms.people.rules import HOME_ZONE, Actor, Refused, own_path

room = Room("people", __name__)
YEAR = 31_536_000               # seconds
WRONG = _("El correo y la contraseña no corresponden. Revisar ambos; en la contraseña cuentan mayúsculas y espacios.")


def me() -> Actor:
    """Who acts, behind a door that lets in only who has signed in."""
    actor = current_actor()
    if actor is None:
        raise Unauthorized
    return actor


def my_zone() -> str:
    return me().time_zone or HOME_ZONE


def base_url() -> str:
    """Where this installation lives, from its settings: the Host header is whatever the sender wrote."""
    url: str = current_app.config["URL"]
    return url


def device() -> str:
    return devices.words(request.user_agent.string)


def address() -> str:
    return request.remote_addr or ""


@room.route("/ingresar", methods=["GET", "POST"], allow=OPEN)
def sign_in() -> ResponseReturnValue:
    form, back = SignInForm(data={"lasting": True}), own_path(request.values.get("next"))
    if form.accepted():
        token = signing.sign_in(session(), form.email.data, form.password.data, now(), address(), device(),
                                lasting=form.lasting.data, keep=keep)
        if token:
            return welcome(token, back, form.lasting.data)
        form.refuse(Refused(WRONG))
    return render_template("people/sign_in.html", form=form, back=back), 422 if request.method == "POST" else 200


@room.route("/ingresar/aqui", methods=["GET", "POST"], allow=OPEN)
def sign_in_here() -> ResponseReturnValue:
    """Signing in again without leaving a page, for its script: a token and who is signed in, then that person only."""
    if request.method == "GET":
        actor = current_actor()
        return {"token": token(), "person": actor.person_id if actor else None}
    told = request.get_json(silent=True)
    told = told if isinstance(told, dict) else {}
    email, password, person = (told.get(name) for name in ("email", "password", "person"))
    if not (isinstance(email, str) and isinstance(password, str) and type(person) is int):
        return {"error": "malformed"}, 422
    opened = signing.sign_in(session(), email[:254], password[:200], now(), address(), device(), keep=keep, only=person)
    if opened is None:
        return {"error": "wrong", "message": _("La contraseña no corresponde a quien estaba en esta página. Cuentan "
                                               "mayúsculas y espacios.")}, 422
    actor = come_in(opened)
    return {"token": token(), "person": actor.person_id}


def welcome(token: str, back: str | None = None, lasting: bool = False) -> ResponseReturnValue:
    """To where the person was going, or to their first page; in their language, if this device has chosen none."""
    actor = come_in(token, lasting)
    doors = tuple(url_for(f"people.{name}") for name in ("sign_in", "sign_out", "reset_ask"))
    response = redirect(back if back and not back.startswith(doors) else url_for("home.start"), 303)
    if actor.language != SOURCE and "language" not in request.cookies:
        remember_language(response, actor.language)
    return response


def remember_language(response: Response, language: str) -> None:
    response.set_cookie("language", language, max_age=YEAR, samesite="Lax", httponly=True,
                        secure=current_app.config["SESSION_COOKIE_SECURE"])


@room.post("/salir", allow=SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    signing.sign_out(session(), me().person_id, now(), me().session_id or 0)
    go_out()
    tell(_("Sesión terminada en este equipo."))
    return redirect(url_for("people.sign_in"), 303)


@room.route("/clave", methods=["GET", "POST"], allow=OPEN)
def reset_ask() -> ResponseReturnValue:
    form = ResetAskForm()
    if form.accepted():
        links.ask_reset(session(), now(), form.email.data, address(), base_url())
        return redirect(url_for("people.reset_ask", enviado=1), 303)
    sent = request.method == "GET" and "enviado" in request.args
    return render_template("people/reset_ask.html", form=form, sent=sent), 422 if form.faults else 200


@room.route("/enlace/<token>", methods=["GET", "POST"], allow=OPEN)
def one_time_link(token: str) -> ResponseReturnValue:
    link, form = links.look(session(), token, now()), NewPasswordForm()
    if link and form.accepted():
        try:
            if opened := links.use(session(), token, form.password.data, now(), device(), base_url()):
                return greet(opened)
            link = None         # used a moment ago, by another request
        except Refused as refused:
            form.refuse(refused)
    status = 410 if link is None else 422 if form.faults else 200
    return render_template("people/one_time_link.html", link=link, form=form), status, {
        "Referrer-Policy": "no-referrer"}


def greet(token: str) -> ResponseReturnValue:
    response = welcome(token)
    tell(_("Contraseña guardada. Desde ahora se ingresa con ella."))
    return response
