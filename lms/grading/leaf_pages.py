"""A file handed in as who marks may have it: whole, or a page of it as a picture."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.attempts.rules import Paper
from lms.foundation import leaves
from lms.foundation.database import session
from lms.foundation.files import download, shown
from lms.grading import desk
from lms.grading.desk import Desk
from lms.grading.papers import SEEN
from lms.grading.routes import room
from lms.people import current_actor
from lms.people.rules import May

BASE = "/cohortes/<int:cohort_id>/corregir/archivos/<int:file_id>"


@room.get(BASE, allow=May.GRADE)
def file(cohort_id: int, file_id: int) -> ResponseReturnValue:
    """A file handed in, to keep or (`?ver`) to look at; where the author is hidden, without its name and, of a PDF,
    without what it says of its author."""
    on, paper = _file(cohort_id, file_id)
    if on.hidden and paper.kind == "pdf":
        return _clean(paper)
    give = shown if "ver" in request.args and paper.kind in SEEN else download
    return give(paper.name, paper.kind, paper.size, paper.sha256)


@room.get(f"{BASE}/paginas/<int:number>", allow=May.GRADE)
def leaf(cohort_id: int, file_id: int, number: int) -> ResponseReturnValue:
    """A page of a PDF as a picture."""
    _on, paper = _file(cohort_id, file_id)
    if paper.kind != "pdf":
        abort(404)
    return leaves.leaf(paper.sha256, number, paper.size)


def _file(cohort_id: int, file_id: int) -> tuple[Desk, Paper]:
    """With the desk it lies on: who may not sit there gets nothing."""
    work = attempts.submission_of(session(), file_id) if file_id < 1 << 31 else None
    on = desk.submission_desk(session(), current_actor() or abort(403), cohort_id, work or abort(404)) or abort(404)
    files = on.submission.files if on.submission else ()
    return on, next((f for f in files if f.id == file_id), None) or abort(404)


def _clean(paper: Paper) -> Response:
    response = download(paper.name, paper.kind, paper.size, paper.sha256)
    try:
        response.set_data(leaves.press().clean(paper.sha256, paper.size))
    except leaves.Unseen:               # what can not be read can not be cleaned either: the page says so
        return response
    response.direct_passthrough = False
    return response
