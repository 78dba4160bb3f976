"""The holder's badge: what it says, the files to keep, and where it can be shown."""

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from lms.badges import queries as badges
from lms.badges.documents import BadgeFacts
from lms.certificates import queries
from lms.certificates.badge_facts import linkedin
from lms.certificates.badges import of_holder
from lms.certificates.queries import CertificateView
from lms.certificates.routes import room
from lms.foundation.database import session
from lms.foundation.doors import SIGNED_IN
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.people import current_actor

HERE = "/mis-certificados/<int:certificate_id>/insignia"
MEDIA = {"png": "image/png", "svg": "image/svg+xml", "json": "application/vc", "jwt": "text/plain; charset=utf-8"}


@room.get(HERE, allow=SIGNED_IN)
def my_badge(certificate_id: int) -> ResponseReturnValue:
    certificate, facts = _held(certificate_id)
    return render_template("certificates/badge.html", certificate=certificate, facts=facts, linkedin=linkedin(facts),
                           address=f"{current_app.config['URL']}/insignias/{certificate.code}")


@room.get(f"{HERE}/archivo", allow=SIGNED_IN)
def my_badge_file(certificate_id: int) -> ResponseReturnValue:
    """`formato`: png, svg, json or jwt; `nombre`: with the holder's name in it, as they chose."""
    _, facts = _held(certificate_id, named=request.args.get("nombre") == "1")
    form, ring = request.args.get("formato", "png"), badges.ring()
    if form not in MEDIA:
        abort(404)
    made = {"json": badges.as_json, "jwt": badges.as_jwt}[form](facts, ring).encode() if form in ("json", "jwt") else (
        badges.baked(facts, ring, form))
    response = Response(made, content_type=MEDIA[form])
    response.headers["Content-Disposition"] = f'attachment; filename="insignia-{facts.folio}.{form}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _held(certificate_id: int, named: bool = False) -> tuple[CertificateView, BadgeFacts]:
    """A certificate of this person's that holds and is a badge too."""
    certificate = queries.mine(session(), current_actor().person_id, certificate_id) or abort(404)
    facts = of_holder(session(), certificate, current_app.config["URL"], named) or abort(404)
    if certificate.end:
        abort(409, description=Reason(_("El certificado %(folio)s ya no está vigente, y tampoco su insignia.")
                                      % {"folio": certificate.folio}))
    return certificate, facts
