"""What a host's supervisor sees who has no account: exactly what is signed, one button for yes and one for no."""


from flask import abort, make_response, request
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import keep, session
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.language import _, local
from lms.internships import host_answers, links, logbook
from lms.internships.links import Link
from lms.internships.room import room


@room.route("/anfitriona/<token_>", methods=["GET", "POST"], allow=OPEN)
def host_link(token_: str) -> ResponseReturnValue:
    """One address for all three purposes: the link itself says which."""
    link = links.found(session(), token_) or abort(404)
    if (why := link.state(now())) != "open":
        _ended(link, why)
    on = logbook.book(session(), link.placement_id, now(), hold=request.method == "POST") or abort(404)
    if on.state == "cancelled":
        abort(410, description=Reason(_("Esta pasantía fue cancelada.")))
    page = {"week": host_answers.week, "plan": host_answers.plan, "evaluation": host_answers.evaluation}[link.purpose]
    response = make_response(page(link, on))
    response.headers["Referrer-Policy"], response.headers["X-Robots-Tag"] = "no-referrer", "noindex"
    return response


def _ended(link: Link, why: str) -> None:
    """Say what became of the link. Coming back with a used one is written down too."""
    if request.method == "POST":
        links.note(session(), now(), link, f"refused: {why}")
        keep()
    words = {"used": _("Este enlace ya se usó el %(day)s: lo firmado quedó guardado y no hace falta nada más."),
             "revoked": _("Este enlace fue reemplazado o anulado. Si se esperaba su firma, usar el del correo más "
                          "reciente o pedir otro a la Escuela."),
             "expired": _("Este enlace venció el %(day)s. Pedir otro a la Escuela.")}[why]
    day = link.used_at if why == "used" else link.expires_at
    abort(410, description=Reason(words % {"day": f"{local(day or now(), 'America/Santiago'):%d-%m-%Y}"}))
