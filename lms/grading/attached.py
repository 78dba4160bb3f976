"""A file attached to an answer of a quiz, for who marks it."""

from dataclasses import replace

from flask import abort
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.cohorts import queries as cohorts
from lms.foundation.database import session
from lms.foundation.files import download
from lms.grading import queue, seconding
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
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    twice = seconding.plan(session(), cohort_id, sitting.module, "quiz").mode != "none"
    if twice or queue.anonymous(session(), cohort, sitting.module, "quiz"):         # a file's name may be its author's
        paper = replace(paper, name=f"{queue.code(f'q{sitting.id}')}.{paper.kind}")
    return download(paper.name, paper.kind, paper.size, paper.sha256)
