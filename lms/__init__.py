"""The front door: builds the app. The only file that knows every room."""

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lms import (
    actas,
    attempts,
    badges,
    bank,
    catalogue,
    certificates,
    cohorts,
    completion,
    credits,
    events,
    exchange,
    gradebook,
    grading,
    home,
    internships,
    lessons,
    people,
    seals,
    seminars,
)
from lms.foundation import assets, database, doors, errors, health, language, logs, mail, pages, settings, vault
from lms.people.rules import permits

ROOMS = [seals, badges, people, events, catalogue, bank, cohorts, exchange, attempts, credits, grading, lessons,
         seminars, internships, actas, gradebook, completion, certificates, home]
LONGEST_REQUEST = 34 << 20      # bytes: three files of 10 MB and their form


def create_app(**changed: Any) -> Flask:
    """The application; `changed` settings win over the environment's (see foundation.settings)."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(changed if "INSTANCE" in changed else {**settings.read(), **changed})
    app.config.update(
        ROOMS=Path(__file__).parent, SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="__Host-lms" if app.config["URL"].startswith("https:") else "lms",
        SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=app.config["URL"].startswith("https:"),
        MAX_CONTENT_LENGTH=LONGEST_REQUEST, MAX_FORM_MEMORY_SIZE=1 << 20, MAX_FORM_PARTS=1000)
    if app.config.get("PROXIES"):
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.extensions["preparations"] = []          # what `lms serve` does before it serves
    pages.install(app)
    logs.install(app)
    database.install(app)
    language.install(app)
    errors.install(app)
    assets.install(app)
    mail.install(app)
    vault.install(app)
    doors.install(app, actor=people.current_actor, permits=permits)
    for room in ROOMS:
        if hasattr(room, "install"):
            room.install(app)
    doors.open_rooms(app, [health.room, *(room.routes.room for room in ROOMS if hasattr(room, "routes"))])
    pages.load_macros(app)
    return app
