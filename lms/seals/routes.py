"""Public: the keys of the school, what their signatures legally are, and how to check them without us."""

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.doors import OPEN, Room
from lms.seals import queries, wording
from lms.seals.keys import PublicKey

room = Room("seals", __name__, template_folder="templates")
HOME_ZONE = "America/Santiago"
KINDS = ("authority", "seal", "badge")      # in the order of the page: the first is what a PDF reader is given


@room.get("/llaves", allow=OPEN)
def keys() -> ResponseReturnValue:
    ring = queries.ring()
    newest = sorted(ring.known(), key=lambda key: (KINDS.index(key.kind), -key.since.timestamp(), bool(key.until)))
    return render_template("seals/keys.html", keys=newest, zone=HOME_ZONE, kind_words=wording.kind_words,
                           name=ring.institution.name)


@room.get("/.well-known/jwks.json", allow=OPEN)
def jwks() -> ResponseReturnValue:
    """All keys with their states, oldest first: those that no longer sign still verify."""
    told = {"issuer": current_app.config["URL"], "keys": [_told(key) for key in queries.ring().known()]}
    return told, 200, {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}


@room.get("/llaves/<kid>.pem", allow=OPEN)
def pem(kid: str) -> ResponseReturnValue:
    key = next((one for one in queries.ring().known() if one.kid == kid), None) or abort(404)
    return _file(key.pem.encode(), f"{key.kind}-{kid}.pem", "application/x-pem-file")


@room.get("/llaves/revocadas.crl", allow=OPEN)
def revoked() -> ResponseReturnValue:
    """The list of revoked seals, in DER, signed by the school's authority."""
    if not any(key.kind == "authority" for key in queries.ring().known()):
        abort(404)
    return _file(queries.ring().revocations(now()), "revocadas.crl", "application/pkix-crl")


def _told(key: PublicKey) -> dict[str, object]:
    return {**key.jwk, "kind": key.kind, "since": key.since.isoformat(),
            "until": key.until.isoformat() if key.until else None,
            "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None, "revoked_reason": key.reason or None}


def _file(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
