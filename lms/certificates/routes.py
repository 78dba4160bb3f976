"""Pages that issue, show and verify certificates."""

from lms.foundation.doors import OPEN, Room

room = Room("certificates", __name__)


@room.get("/verificar", allow=OPEN)
def verify():
    return "verify"
