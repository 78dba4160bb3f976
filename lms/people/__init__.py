"""People: accounts, sign-in, identifiers, institutions people belong to, and posts: who may do what, where."""

from flask import Flask
from flask.typing import ResponseReturnValue

from lms.foundation import errors
from lms.foundation.language import _
from lms.foundation.stores import open_store
from lms.people import account, countries, models, office, presence, records, routes  # noqa: F401
from lms.people.presence import current_actor
from lms.people.rules import THROTTLE, Refused
from lms.people.tries import Throttled

__all__ = ["current_actor", "install", "routes"]


def install(app: Flask) -> None:
    app.extensions["files"] = open_store(
        app.config.get("FILES", ""), app.config["INSTANCE"] / "files", app.config.get("S3", {}))
    presence.install(app)
    app.jinja_env.filters["country"] = countries.name         # "CL"|country: "Chile"
    app.register_error_handler(Throttled, throttled)
    app.register_error_handler(Refused, lambda refused: errors.page(422, refused.message))


def throttled(_error: Throttled) -> ResponseReturnValue:
    """The same for an account that exists and one that does not."""
    words = _("Hubo demasiados intentos de ingreso con este correo o desde este lugar. Para proteger "
              "las cuentas hay una pausa de 15 minutos. Quien olvidó su contraseña puede pedir mientras tanto un "
              "enlace para elegir otra.")
    page, status = errors.page(429, words)  # type: ignore[misc]
    return page, status, {"Retry-After": str(int(THROTTLE[1].total_seconds()))}
