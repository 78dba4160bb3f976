"""The door of a seminar: a page for an official's phone, opened by a link, that goes on while the network is down."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation import pages
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN, token
from lms.foundation.errors import Reason
from lms.foundation.language import _, current_language
from lms.people.queries import token_hash
from lms.seminars import presence
from lms.seminars.codes import wanted
from lms.seminars.door_forms import Malformed, ScanForm, seen
from lms.seminars.expected import expected
from lms.seminars.presence import Door, Seen, Told
from lms.seminars.room import room


@room.get("/puerta/<token_>", allow=OPEN)
def door(token_: str) -> ResponseReturnValue:
    """What the official's phone shows: one field, one button, and the list by name."""
    form = ScanForm()
    form.key.data = token_urlsafe(12)
    return _page(token_, _door(token_), form)


@room.post("/puerta/<token_>/marca", allow=OPEN)
def scan(token_: str) -> ResponseReturnValue:
    """The same without script."""
    at, form = _door(token_), ScanForm()
    if not form.accepted():
        return _page(token_, at, form), 422
    key = (form.key.data or token_urlsafe(12))[:60]
    mark = Seen(key, wanted(form.codigo.data), form.sentido.data, now())
    told = presence.take(session(), now(), at, [mark])[key]
    form.codigo.data, form.key.data = "", token_urlsafe(12)
    return _page(token_, at, form, told, mark), 200 if told.ok else 422


@room.post("/puerta/<token_>/marcas", allow=OPEN)
def marks(token_: str) -> ResponseReturnValue:
    """What the page kept and sends. Three statements, however many marks."""
    found = presence.door(session(), token_hash(token_))
    if found is None or found.does != "scan" or found.ended_at or now() > found.expires_at + presence.GRACE:
        return {"error": "gone"}, 410
    try:
        sent = seen(request.get_data(), now())
    except Malformed:
        return {"error": "malformed"}, 422
    late = [s for s in sent if s.at > found.expires_at]
    told = presence.take(session(), now(), found, [s for s in sent if s not in late])
    told |= {s.key: Told(False, _("El enlace de este equipo ya no valía a esa hora.")) for s in late}
    return {"results": {key: {"ok": t.ok, "words": _(t.words) if t.words else "", "name": t.name}
                        for key, t in told.items()}}


@room.get("/puerta/<token_>/lista", allow=OPEN)
def expected_list(token_: str) -> ResponseReturnValue:
    """Who is expected, for the time without a network: tickets as hashes, so that the phone holds no one's ticket."""
    at = _door(token_)
    people = [(sha256(e.code.encode()).hexdigest()[:16], e.short_code, e.name, e.institution)
              for e in expected(session(), at.seminar_id)]
    return {"people": people, "at": now().timestamp(), "token": token()}


@room.get("/puerta/obrero.js", allow=OPEN)
def worker() -> Response:
    """The service worker of the door's page; its folder is all it may answer for."""
    return pages.worker()


def _door(token_: str) -> Door:
    found = presence.door(session(), token_hash(token_))
    if found is None or found.does != "scan":
        abort(404)
    if not found.open(now()):
        abort(410, description=Reason(_("El enlace de este equipo venció o fue cerrado. Pedir otro a la oficina.")))
    return found


def _page(token_: str, at: Door, form: ScanForm, told: Told | None = None, mark: Seen | None = None) -> Response:
    asked = request.args.get("q", "").strip()[:80]
    found = expected(session(), at.seminar_id, asked)[:20] if len(asked) > 1 else []
    response = pages.with_worker(make_response(render_template(
        "seminars/door.html", token_=token_, door=at, name=at.called(current_language()), form=form, outcome=told,
        mark=mark, asked=asked, found=found, running=_running(at),
        worker=url_for("seminars.worker", nombre="door"))), camera=True)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _running(at: Door) -> Any:
    """The session that runs now, or the next one."""
    ahead: Callable[[Any], bool] = lambda s: s.ends_at > now() - timedelta(minutes=15)  # noqa: E731
    return next((s for s in at.sittings if ahead(s) and at.session_id in (None, s.id)), None)
