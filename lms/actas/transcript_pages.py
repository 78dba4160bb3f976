"""The transcript, for its student and for the office; and what anybody may read of a closed acta."""

from io import BytesIO
from urllib.parse import quote

from flask import Response, abort, current_app, make_response, render_template, send_file
from flask.typing import ResponseReturnValue

from lms.actas import press, queries
from lms.actas.routes import DEMONSTRATION, me, place, room
from lms.actas.rules import mistyped
from lms.actas.standing import Transcript, transcript
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.language import _, local
from lms.people.rules import HOME_ZONE, May
from lms.seals.queries import ring

HERE = "/cohortes/<int:cohort_id>/concentracion"


@room.get(HERE, allow=May.STUDY)
def my_transcript(cohort_id: int) -> ResponseReturnValue:
    return _page(cohort_id, me().person_id, mine=True)


@room.get(f"{HERE}.pdf", allow=May.STUDY)
def my_transcript_file(cohort_id: int) -> ResponseReturnValue:
    return _file(cohort_id, me().person_id)


@room.get(f"{HERE}/<int:person_id>", allow=May.SEE_PROGRESS)
def transcript_of(cohort_id: int, person_id: int) -> ResponseReturnValue:
    return _page(cohort_id, person_id)


@room.get(f"{HERE}/<int:person_id>.pdf", allow=May.SEE_PROGRESS)
def transcript_file(cohort_id: int, person_id: int) -> ResponseReturnValue:
    return _file(cohort_id, person_id)


@room.get("/a/<folio>/<code>", allow=OPEN)
def verified(folio: str, code: str) -> ResponseReturnValue:
    """What anybody who holds the paper may read: that it exists, of what, and its hash. No grade and no name."""
    folio = folio[:40].upper()
    if mistyped(folio):
        abort(404, description=Reason(_("El folio no calza con sus dos últimas cifras. Compararlo con el papel: puede "
                                        "haber una cifra equivocada o dos cambiadas de lugar.")))
    found = queries.by_code(session(), folio, "".join(code.split()).upper()[:40])
    if found is None:
        abort(404, description=Reason(_("Ninguna acta de la Escuela tiene ese folio con ese código.")))
    acta, later = found
    response = make_response(render_template("actas/verified.html", acta=acta, later=later, file=False,
                                             zone=HOME_ZONE))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _told(cohort_id: int, person_id: int) -> Transcript:
    cohort, programme = place(cohort_id)
    today = local(now(), HOME_ZONE).date()
    notice = DEMONSTRATION if current_app.config.get("DEMO") else ""
    return transcript(session(), cohort, programme, person_id, today, notice) or abort(404)


def _page(cohort_id: int, person_id: int, mine: bool = False) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    return render_template("actas/transcript.html", cohort=cohort, paper=_told(cohort_id, person_id), mine=mine,
                           person_id=person_id)


def _file(cohort_id: int, person_id: int) -> Response:
    told = _told(cohort_id, person_id)
    paper = press.seal(press.transcript(told), ring(), now(), told.kind)
    name = f"{told.kind} {told.cohort}.pdf"
    response = send_file(BytesIO(paper), mimetype="application/pdf", as_attachment=True, download_name=quote(name))
    response.headers["Cache-Control"] = "private, no-store"
    return response
