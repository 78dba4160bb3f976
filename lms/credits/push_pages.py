"""The door of the systems that push, and the office's pages about them."""

import json
import time
from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.credits import pushing, queries
from lms.credits.forms import PushForm
from lms.credits.queries import PushView
from lms.credits.receiving import receive
from lms.credits.room import room
from lms.credits.rules import KINDS
from lms.foundation.clock import now
from lms.foundation.database import database, session
from lms.foundation.doors import Signed, row_number
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people.rules import HOME_ZONE, May, Refused

LONGEST = 16 << 10              # bytes of one message: a fact has a few hundred


# Signed: whoever sends has no page and no cookie, hence no token of a form; the signature over the whole body, checked
# by `receive` before anything else, is what lets it in.
@room.post("/entrada/<sender>", allow=Signed(LONGEST))
def arrive(sender: str) -> ResponseReturnValue:
    pace: Any = current_app.extensions["push_pace"]
    answer = receive(database(), current_app.extensions["vault"], now(), sender, request.headers, request.get_data(),
                     lambda: pace.allows(request.remote_addr or "?", time.time()))
    response = Response(json.dumps(answer.told, ensure_ascii=False), answer.status, content_type=(
        "application/json" if answer.status < 400 else "application/problem+json"))
    if answer.again:
        response.headers["Webhook-Repeated"] = "true"
    return response


@room.get("/ganchos/entradas", allow=May.SEE_HOOKS)
def incoming() -> ResponseReturnValue:
    before = request.args.get("antes", type=row_number)
    rows = queries.push_deliveries(session(), before=before)
    return render_template("credits/incoming.html", found=queries.push_sources(session(), now()), KINDS=KINDS,
                           zone=HOME_ZONE, rows=rows[:queries.PAGE], before=before, older=_older(rows))


@room.route("/ganchos/entradas/nueva", methods=["GET", "POST"], allow=May.CHANGE_HOOKS)
def open_source() -> ResponseReturnValue:
    form = PushForm()
    if form.accepted():
        try:
            made, secret = pushing.open_source(
                session(), current_app.extensions["vault"], current_actor().person_id, now(), form.name.data,
                form.title.data, form.kinds.data or [], current_app.extensions["sources"])
            return _secret(_found(made), secret, _("Entrada abierta"))
        except Refused as refused:
            form[refused.field].errors = [refused.message]
    return render_template("credits/open_source.html", form=form), 422 if form.errors else 200


@room.get("/ganchos/entradas/<int:source_id>", allow=May.SEE_HOOKS)
def push_source(source_id: int) -> ResponseReturnValue:
    rows = queries.push_deliveries(session(), source_id, request.args.get("antes", type=row_number))
    return render_template("credits/push_source.html", found=_found(source_id), rows=rows[:queries.PAGE], KINDS=KINDS,
                           older=_older(rows), zone=HOME_ZONE, url=f"{current_app.config['URL']}/entrada/")


@room.post("/ganchos/entradas/<int:source_id>/secretos", allow=May.CHANGE_HOOKS)
def add_secret(source_id: int) -> ResponseReturnValue:
    found = _standing(source_id)
    try:
        secret = pushing.add_secret(session(), current_app.extensions["vault"], current_actor().person_id, now(),
                                    source_id)
    except Refused as refused:
        abort(409, description=Reason(refused.message))
    return _secret(found, secret, _("Secreto nuevo"))


@room.post("/ganchos/entradas/<int:source_id>/secretos/<int:secret_id>/fin", allow=May.CHANGE_HOOKS)
def end_secret(source_id: int, secret_id: int) -> ResponseReturnValue:
    _standing(source_id)
    if not pushing.end_secret(session(), current_actor().person_id, now(), source_id, secret_id):
        abort(404)
    tell(_("El secreto ya no vale."))
    return redirect(url_for("credits.push_source", source_id=source_id), 303)


@room.route("/ganchos/entradas/<int:source_id>/fin", methods=["GET", "POST"], allow=May.CHANGE_HOOKS)
def end_source(source_id: int) -> ResponseReturnValue:
    found = _standing(source_id)
    if request.method == "POST":
        pushing.end_source(session(), current_actor().person_id, now(), source_id)
        tell(_("Entrada cerrada. Lo que ya contó queda en el libro."))
        return redirect(url_for("credits.incoming"), 303)
    return render_template("credits/end_source.html", found=found)


def _found(source_id: int) -> PushView:
    found = queries.push_sources(session(), now(), source_id)
    return found[0] if found else abort(404)


def _standing(source_id: int) -> PushView:
    found = _found(source_id)
    if found.ended_at:
        abort(409, description=Reason(_("Esta entrada se cerró. Abrir otra si hace falta.")))
    return found


def _secret(found: PushView, secret: str, title: str) -> str:
    """The only page that ever shows it."""
    return render_template("credits/push_secret.html", found=found, secret=secret, title=title,
                           url=f"{current_app.config['URL']}/entrada/{found.name}")


def _older(rows: list[queries.PushDeliveryView]) -> int | None:
    return rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None
