"""The holder's pages: their certificates, the papers, and how to share them."""

from dataclasses import replace

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from lms.certificates import queries
from lms.certificates.routes import paper_of, room
from lms.certificates.rules import STATES
from lms.certificates.snapshot import LANGUAGES
from lms.certificates.terms import kind_line
from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import SIGNED_IN
from lms.people import current_actor
from lms.people.rules import Role, today


@room.get("/mis-certificados", allow=SIGNED_IN)
def mine() -> ResponseReturnValue:
    found = queries.of_person(session(), current_actor().person_id)
    day = today(now())
    studied = [c for c in cohorts.cohorts(session(), current_actor().cohorts(Role.STUDENT)) if day <= c.ends_on]
    return render_template("certificates/mine.html", certificates=found, STATES=STATES, studied=studied,
                           named={c.id: kind_line(replace(c.snapshot, language="es")) for c in found},
                           LANGUAGES=LANGUAGES)


@room.get("/mis-certificados/<int:certificate_id>.pdf", allow=SIGNED_IN)
def my_file(certificate_id: int) -> ResponseReturnValue:
    return paper_of(queries.mine(session(), current_actor().person_id, certificate_id) or abort(404))
