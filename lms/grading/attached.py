"""A file attached to an answer of a quiz, for who marks it."""

from flask import abort
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.foundation.database import session
from lms.foundation.files import download
from lms.grading.routes import room
from lms.people import current_actor
from lms.people.rules import May, graded_modules


@room.get("/cohortes/<int:cohort_id>/corregir/intentos/<int:attempt_id>/adjuntos/<sha256>", allow=May.GRADE)
def attached(cohort_id: int, attempt_id: int, sha256: str) -> ResponseReturnValue:
    actor = current_actor() or abort(403)
    sitting = attempts.attempt(session(), cohort_id, attempt_id) or abort(404)
    mine = graded_modules(actor, cohort_id)
    if mine is not None and sitting.module not in mine:
        abort(404)
    paper = attempts.attached(session(), sitting.id, sha256) or abort(404)
    return download(paper.name, paper.kind, paper.size, paper.sha256)
