"""What everybody may read: the diploma, its programme, help, accessibility, personal data; and the language of it."""

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.foundation.database import session
from lms.foundation.doors import OPEN
from lms.foundation.language import OFFERED
from lms.home.routes import room
from lms.lessons.rules import by_competency
from lms.people.rules import own_path

YEAR = 31_536_000
ROBOTS = "User-agent: *\nDisallow: /v/\nDisallow: /ingresar\nDisallow: /enlace/\nAllow: /\n"


def current_programme() -> Programme | None:
    """The programme as last loaded: what a cohort begun today would take."""
    newest = next(iter(catalogue.editions(session())), None)
    return catalogue.programme(session(), newest.id) if newest else None


@room.get("/", allow=OPEN)
def front() -> ResponseReturnValue:
    found = current_programme()
    return render_template("home/front.html", programme=found, groups=by_competency(found.modules) if found else [])


@room.get("/programa", allow=OPEN)
def programme() -> ResponseReturnValue:
    found = current_programme()
    return render_template("home/programme.html", programme=found, groups=by_competency(found.modules) if found else [])


@room.get("/ayuda", allow=OPEN)
def help() -> ResponseReturnValue:
    return render_template("home/help.html")


@room.get("/accesibilidad", allow=OPEN)
def accessibility() -> ResponseReturnValue:
    return render_template("home/accessibility.html")


@room.get("/datos-personales", allow=OPEN)
def privacy() -> ResponseReturnValue:
    return render_template("home/privacy.html")


@room.post("/idioma", allow=OPEN)
def language() -> ResponseReturnValue:
    """Keep the language on this device, and go back to a page of this site and of no other."""
    response: Response = redirect(own_path(request.form.get("next")) or url_for("home.front"), 303)  # type: ignore[assignment]
    if request.form.get("language") in OFFERED:
        response.set_cookie("language", request.form["language"], max_age=YEAR, samesite="Lax", httponly=True,
                            secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


@room.get("/robots.txt", allow=OPEN)
def robots() -> ResponseReturnValue:
    return Response(ROBOTS, mimetype="text/plain", headers={"Cache-Control": "public, max-age=86400"})
