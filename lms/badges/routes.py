"""Public, without an account: the issuer and its keys, status lists, and each badge at an address nobody guesses."""

import json

from flask import Response, abort, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from lms.badges import documents, queries
from lms.badges.documents import Issuing
from lms.badges.ports import Register
from lms.badges.status import PURPOSES, SIZE
from lms.foundation.clock import now
from lms.foundation.database import database
from lms.foundation.doors import OPEN, Room

room = Room("badges", __name__)
MOST_LISTS = 64                 # eight million badges
LONGEST_CODE = 40
# What each form may be called, the first when the asker does not mind. W3C's names first, then Open Badges' own.
MEDIA = {"json": ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json"),
         "jwt": ("text/plain", "application/vc+jwt", "application/jwt"),
         "png": ("image/png",), "svg": ("image/svg+xml",)}


@room.get("/insignias/emisor", allow=OPEN)
def issuer() -> ResponseReturnValue:
    """The Open Badges profile of the school."""
    return _told(json.dumps(documents.profile(_who()), ensure_ascii=False), "application/ld+json", 3600)


@room.get("/.well-known/did.json", allow=OPEN)
@room.get("/did.json", allow=OPEN, endpoint="did_below")        # where the address of the school has a path
def did() -> ResponseReturnValue:
    """did:web: who the issuer is and which keys it may sign with."""
    return _told(json.dumps(queries.controller(_who(), queries.ring())), "application/did+ld+json", 300)


@room.get("/insignias/llaves/<kid>", allow=OPEN)
def key(kid: str) -> ResponseReturnValue:
    """The JSON Web Key a VC-JWT names in its header; a revoked one is gone."""
    found = next((known for known, _ in queries.public_keys(queries.ring()) if known.kid == kid), None)
    if found is None:
        abort(404)
    return abort(410) if found.revoked_at else _told(json.dumps(found.jwk), "application/jwk+json", 300)


@room.get("/insignias/estado/<purpose>/<int:number>", allow=OPEN)
def status(purpose: str, number: int) -> ResponseReturnValue:
    """A Bitstring status list, signed anew every five minutes."""
    if purpose not in PURPOSES or number >= MOST_LISTS:
        abort(404)
    first = number * SIZE
    with database().reading() as reading:
        bits = _register().status_bits(reading, purpose, first, first + SIZE)
    made = queries.status_list(_who(), queries.ring(), purpose, number, (bit - first for bit in bits), now())
    return _told(made, _media("json"), 300)


@room.get("/insignias/imagenes/<kind>.<form>", allow=OPEN)
def picture(kind: str, form: str) -> ResponseReturnValue:
    found = queries.picture(kind, form) or abort(404)
    return _told(found, MEDIA[form][0], 86_400)


@room.get("/insignias/<file>", allow=OPEN)
def badge(file: str) -> ResponseReturnValue:
    """A badge by its code, in the form its ending names; a browser is shown the page that says the same in words."""
    code, _, form = file.partition(".")
    if not (code.isascii() and code.isalnum() and len(code) <= LONGEST_CODE) or form and form not in MEDIA:
        abort(404)
    with database().reading() as reading:
        facts = _register().facts(reading, code) or abort(404)
    if not form and request.accept_mimetypes.best == "text/html":
        return _apart(make_response(redirect(facts.verify_url, 303)))
    form = form or _asked()
    ring = queries.ring()
    made = {"json": queries.as_json, "jwt": queries.as_jwt}[form](facts, ring) if form in ("json", "jwt") else (
        queries.baked(facts, ring, form))
    return _told(made, _media(form), 300, f"{facts.folio}.{form}" if "." in file else "")


def _asked() -> str:
    """JSON, unless a JWT is what the asker likes better."""
    best = request.accept_mimetypes.best_match([*MEDIA["json"], *MEDIA["jwt"][1:]], MEDIA["json"][0])
    return "jwt" if best in MEDIA["jwt"] else "json"


def _media(form: str) -> str:
    return request.accept_mimetypes.best_match(MEDIA[form], MEDIA[form][0]) or MEDIA[form][0]


def _who() -> Issuing:
    return queries.issuing(current_app.config["URL"])


def _register() -> Register:
    found: Register = current_app.extensions.get("badge_register") or abort(404)
    return found


def _told(content: str | bytes, media: str, seconds: int, name: str = "") -> Response:
    """For anyone's program to read, in any page, and for search engines not to list."""
    response = Response(content, content_type=f"{media}; charset=utf-8" if media == "text/plain" else media)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if name:
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return _apart(response)


def _apart(response: Response) -> Response:
    response.headers["Vary"] = "Accept"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
