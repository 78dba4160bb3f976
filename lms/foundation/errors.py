"""Pages for when something is refused or broken: what it is, what was kept, what to do next."""

import errno
from dataclasses import dataclass

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from lms.foundation.language import _
from lms.foundation.logs import log

DISK = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS") if hasattr(errno, name)}


@dataclass(frozen=True)
class Words:
    title: str
    text: str
    remedy: str


def words(status: int) -> Words:
    """The title, the explanation and the next step of a status code."""
    return {
        400: Words(_("La solicitud no se entendió"),
                   _("Lo enviado llegó incompleto o no corresponde a esta página. No se cambió nada."),
                   _("Volver a la página anterior, recargarla y enviar de nuevo.")),
        403: Words(_("Esta página no está entre sus permisos"),
                   _("Su cuenta no tiene el papel que pide esta página."),
                   _("Si debiera tenerlo, escribir a la oficina de la Escuela indicando la dirección de la página.")),
        404: Words(_("No hay nada en esta dirección"),
                   _("La página no existe, cambió de lugar o pertenece a otra persona."),
                   _("Revisar la dirección o volver al inicio.")),
        405: Words(_("Esta dirección no recibe ese tipo de solicitud"),
                   _("No se cambió nada."), _("Volver al inicio y seguir desde ahí.")),
        409: Words(_("Otra persona cambió esto mientras usted lo tenía abierto"),
                   _("No se guardó nada encima de lo suyo ni de lo ajeno."),
                   _("Recargar la página para ver lo último y decidir.")),
        410: Words(_("Este enlace ya no vale"),
                   _("Venció, ya se usó o fue anulado."), _("Pedir otro a quien lo envió.")),
        413: Words(_("Lo enviado es demasiado grande"),
                   _("El archivo o el texto supera el límite. No se guardó."),
                   _("Reducir el archivo o dividirlo en partes y enviarlo de nuevo.")),
        422: Words(_("No se puede hacer así"),
                   _("Algo de lo pedido no corresponde. No se cambió nada."), _("Volver atrás y corregirlo.")),
        429: Words(_("Demasiados intentos seguidos"),
                   _("Para proteger las cuentas se pide una pausa."), _("Esperar unos minutos y probar otra vez.")),
        503: Words(_("El sistema no puede guardar en este momento"),
                   _("Lo escrito queda en este equipo; no se ha perdido nada."),
                   _("Esperar un momento y enviar de nuevo.")),
    }.get(status, Words(_("Algo falló de nuestro lado"),
                        _("El error quedó registrado y no se guardó nada a medias."),
                        _("Probar de nuevo en unos minutos. Si sigue, escribir a la oficina con el número de abajo.")))


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, broken)
    # Flask's own line names the URL, which may hold a one-time token.
    app.log_exception = lambda wrong: log.error("failed", exc_info=wrong)   # type: ignore[method-assign]


def refused(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if cause := getattr(error, "original_exception", None):     # the commit failed; it has been logged
        return page(status_of(cause))
    reason = str(error.description) if isinstance(error.description, Reason) else ""
    if isinstance(error, CSRFError):
        reason = _("La página estuvo abierta mucho tiempo o la sesión cambió. Lo escrito no se perdió: volver atrás, "
                   "recargar y enviar otra vez.")
    return page(error.code, reason)


def broken(error: Exception) -> ResponseReturnValue:
    if (status := status_of(error)) == 409:
        g.broken = True                 # on PostgreSQL nothing more can be asked in this transaction
        return page(409)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    log.error("failed", exc_info=error)
    g.broken = True                     # who reads the page is not asked again: what knows may be what broke
    return page(status)


def status_of(error: Exception) -> int:
    """409 for who came second to what can be there once; 503 for what may well work later; else 500."""
    if isinstance(error, IntegrityError) and (
            getattr(error.orig, "sqlstate", "") == "23505" or str(error.orig).startswith("UNIQUE")):
        return 409
    return 503 if passing(error) else 500


def passing(error: Exception) -> bool:
    """Whether it may well work a little later: the database is away or busy, the disk full or failing."""
    return isinstance(error, OperationalError) or isinstance(error, OSError) and error.errno in DISK


class Reason(str):
    """A description written for the person, given to abort(): shown on the page as it stands."""


def page(status: int, reason: str = "") -> ResponseReturnValue:
    if g.get("machine"):                # see doors.Signed: whoever asks reads no pages
        detail = reason or words(status).text
        return {"type": "about:blank", "title": words(status).title, "status": status, "code": "http", "detail": detail
                }, status, {"Content-Type": "application/problem+json"}
    if request.accept_mimetypes.best == "application/json":
        return {"error": status, "message": reason or words(status).text}, status
    return render_template("foundation/error.html", status=status, words=words(status), reason=reason,
                           request_id=g.get("request_id", "")), status
