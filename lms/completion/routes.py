"""What is missing, for the student: why each thing counts, what to do by when, and what if."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import lock
from lms.completion import queries
from lms.completion.forms import field_of, supposed
from lms.completion.queries import Own
from lms.completion.rules import progress
from lms.completion.supposing import least_to_pass, open_items, what_if
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.foundation.files import download
from lms.grading.queries import policies_of
from lms.people import current_actor
from lms.people.rules import May

room = Room("completion", __name__)
MINE = "/cohortes/<int:cohort_id>/que-me-falta"


@room.get(MINE, allow=May.STUDY)
def mine(cohort_id: int) -> ResponseReturnValue:
    cohort, programme, own = _own(cohort_id)
    moment = now()
    locks = {code: lock(window, moment, own.quiz_shares) for code, window in cohort.calendar.items()}
    return render_template(
        "completion/mine.html", cohort=cohort, programme=programme, verdict=own.verdict, record=own.record, locks=locks,
        progress=progress(own.verdict), now=moment, coming=bool(open_items(programme, own.record)))


@room.get(f"{MINE}/supuesto", endpoint="what_if", allow=May.STUDY)
def supposing(cohort_id: int) -> ResponseReturnValue:
    """The same rule with grades that are not there yet. Nothing is written."""
    cohort, programme, own = _own(cohort_id)
    policies = policies_of(session(), cohort.id, cohort.country)
    items = open_items(programme, own.record)
    shares, wrong = supposed(request.args, items, policies.own, policies.home)
    found = what_if(programme, own.record, shares, own.kept)
    alone = [one for one in items if sum(o.module == one.module for o in items) == 1]
    needed = {field_of(one): policies.own.written(least) for one in alone if (least := least_to_pass(
        programme, own.record, one, policies.own, own.kept)) is not None}
    page = render_template(
        "completion/what_if.html", cohort=cohort, programme=programme, items=items, field_of=field_of, wrong=wrong,
        written=request.args, supposed=shares, found=found, own=own, policies=policies, needed=needed)
    return page, 422 if wrong else 200


@room.get(f"{MINE}/respaldos/<int:recognition_id>", allow=May.STUDY)
def my_evidence(cohort_id: int, recognition_id: int) -> ResponseReturnValue:
    file = queries.evidence(session(), cohort_id, recognition_id, current_actor().person_id) or abort(404)
    return download(file.name, file.kind, file.size, file.sha256)


def _own(cohort_id: int) -> tuple[CohortView, Programme, Own]:
    person_id = current_actor().person_id
    cohort = attempts.own_cohort(session(), cohort_id, person_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    return cohort, programme, queries.own(session(), cohort, programme, person_id)
