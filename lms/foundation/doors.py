"""No route without a door: a Room refuses a route that does not say who may enter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf, validate_csrf
from werkzeug.routing import IntegerConverter
from wtforms import ValidationError

from lms.foundation.database import SAFE

OPEN = "open to everyone"
SIGNED_IN = "anyone who has signed in"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
LONGEST_SCRIPT = 1 << 20        # bytes that a script, or a form without files, may send at once


@dataclass(frozen=True)
class Signed:
    """A door for other systems: open, asking for no token of a page, because whoever opens it must check a signature
    over the whole body before anything else. The body has at most `most` bytes."""
    most: int


@dataclass(frozen=True)
class Anywhere:
    """A door for whoever may do this in at least one place; the query then shows only their places."""
    may: Any


class Room(Blueprint):
    """A Blueprint whose every route must be given `allow=`."""

    def __init__(self, name: str, import_name: str, **options: Any):
        super().__init__(name, import_name, **options)
        self.doors: dict[str, object] = {}

    def add_url_rule(self, rule: str, endpoint: str | None = None, view_func: Any = None,  # type: ignore[override]
                     provide_automatic_options: bool | None = None, *, allow: object, **options: Any) -> None:
        name = endpoint or view_func.__name__
        self.doors[f"{self.name}.{name}"] = allow
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)


class RowNumber(IntegerConverter):
    """`<int:…>` of a URL: a number that no row can have is not found, rather than too large for the database."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **{"max": (1 << 31) - 1, **options})


def row_number(text: str) -> int:
    """The same of a word in an address: `request.args.get("antes", type=row_number)`. Raises ValueError."""
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) >= 1 << 31:
        raise ValueError(text)
    return int(text)


def token() -> str:
    """Every POST must bring it back. Asked here, so that no form can forget it."""
    made: str = generate_csrf()
    return made


def check_token() -> None:
    # The whole body is read here, before anything opens a transaction: a slow phone must not hold SQLite's write
    # lock while it sends. Forms are read by asking for their token; anything else is a script's. What brings no files
    # is small: 34 MB of "a&a&a&" would be millions of fields, and neither of Werkzeug's limits counts those.
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LONGEST_SCRIPT
    sent = _arriving(_token_of_form)
    try:
        validate_csrf(sent or request.headers.get("X-CSRF-Token"))
    except ValidationError as wrong:
        raise CSRFError(str(wrong)) from wrong


def read_signed(most: int) -> None:
    """The whole body, as it was signed; too large is 413 before it is read."""
    request.max_content_length = most
    _arriving(request.get_data)


def _token_of_form() -> str | None:
    if request.mimetype not in FORMS:
        request.get_data()
    return request.form.get("csrf_token")


def _arriving(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Exception as wrong:
        if type(wrong).__module__.startswith("gunicorn."):      # a body cut off, or malformed, on its way
            abort(400)
        raise


def install(app: Flask, actor: Callable[[], Any], permits: Callable[..., bool]) -> None:
    """`permits(actor, may, cohort_id)`; cohort_id comes from the URL, None where it has none."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None        # a quiz may lie open, offline, for hours
    app.config["WTF_CSRF_ENABLED"] = True
    app.config["WTF_CSRF_FIELD_NAME"] = "csrf_token"
    app.extensions["doors"] = {}
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.globals["token"] = token

    @app.before_request
    def knock() -> ResponseReturnValue | None:
        if request.endpoint is None:                 # no such URL, or wrong method: Flask answers
            return None
        if "\0" in request.path or b"%00" in request.query_string:      # PostgreSQL breaks on a NUL in any text
            abort(404)
        allow = current_app.extensions["doors"][request.endpoint]
        if isinstance(allow, Signed):
            g.machine = True            # what is refused is told as problem+json, not as a page
            read_signed(allow.most)
            return None
        if request.method not in SAFE:
            check_token()
        if allow is OPEN:
            return None
        who = actor()
        if who is None:
            return turned_away()
        if allow is SIGNED_IN:
            return None
        scope = (request.view_args or {}).get("cohort_id")
        allowed = (permits(who, allow.may, scope, anywhere=True) if isinstance(allow, Anywhere)
                   else permits(who, allow, scope))
        return None if allowed else abort(403)


def turned_away() -> ResponseReturnValue:
    """Not signed in: a page is sent to sign in and comes back; a script is told so and keeps what it has."""
    if request.accept_mimetypes.best == "application/json":
        return {"error": "signed_out"}, 401
    back = request.full_path.rstrip("?") if request.method in SAFE else None
    return redirect(url_for("people.sign_in", next=back), 303)


def open_rooms(app: Flask, rooms: list[Room]) -> None:
    for room in rooms:
        app.register_blueprint(room)
        app.extensions["doors"] |= room.doors
    bare = {rule.endpoint for rule in app.url_map.iter_rules()} - app.extensions["doors"].keys()
    if bare:
        raise RuntimeError(f"routes without a door: {sorted(bare)}")
