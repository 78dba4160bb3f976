"""Pages for signing in, one's own account, and the office's lists of people and institutions."""

from lms.foundation.doors import OPEN, SIGNED_IN, Room

room = Room("people", __name__)


@room.route("/ingresar", methods=["GET", "POST"], allow=OPEN)
def sign_in():
    return "sign in"


@room.post("/salir", allow=SIGNED_IN)
def sign_out():
    return "out"


@room.get("/cuenta", allow=SIGNED_IN)
def account():
    return "account"


@room.get("/cuenta/sesiones", allow=SIGNED_IN)
def sessions():
    return "sessions"
