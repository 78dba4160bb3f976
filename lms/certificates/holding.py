"""The holder's pages: their certificates, the papers, and how to share them."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from lms.certificates import queries
from lms.certificates.routes import paper_of, room
from lms.certificates.rules import KINDS, STATES
from lms.foundation.database import session
from lms.foundation.doors import SIGNED_IN
from lms.people import current_actor


@room.get("/mis-certificados", allow=SIGNED_IN)
def mine() -> ResponseReturnValue:
    found = queries.of_person(session(), current_actor().person_id)
    return render_template("certificates/mine.html", certificates=found, KINDS=KINDS, STATES=STATES)


@room.get("/mis-certificados/<int:certificate_id>.pdf", allow=SIGNED_IN)
def my_file(certificate_id: int) -> ResponseReturnValue:
    return paper_of(queries.mine(session(), current_actor().person_id, certificate_id) or abort(404))
