"""What is missing: for the student, and for the office over a whole cohort."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.completion import queries
from lms.completion.rules import lacking, overview, progress
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import May

room = Room("completion", __name__, url_prefix="/cohortes/<int:cohort_id>")
GROUPS = ("done", "step", "waiting", "under_way")


@room.get("/que-me-falta", allow=May.STUDY)
def mine(cohort_id: int) -> ResponseReturnValue:
    person_id = current_actor().person_id
    cohort = attempts.own_cohort(session(), cohort_id, person_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    verdict = queries.verdicts(session(), cohort, programme, [person_id])[person_id]
    return render_template("completion/mine.html", cohort=cohort, programme=programme, verdict=verdict,
                           progress=progress(verdict), now=now())


@room.get("/avance", allow=May.SEE_PROGRESS)
def overall(cohort_id: int) -> ResponseReturnValue:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    ids = [e.person_id for e in cohorts.enrolled(session(), cohort_id) if not e.withdrawn_at]
    found = queries.verdicts(session(), cohort, programme, ids)
    groups = overview(found)
    wanted = request.args.get("grupo", "")
    names = people.by_id(session(), ids)
    shown = [p for p in names.values() if wanted not in GROUPS or p.id in groups[wanted]]
    return render_template("completion/overall.html", cohort=cohort, programme=programme, verdicts=found, groups=groups,
                           people=shown, wanted=wanted, progress=progress, lacking=lacking)


@room.get("/avance/<int:person_id>", allow=May.SEE_PROGRESS)
def person(cohort_id: int, person_id: int) -> ResponseReturnValue:
    cohort = cohorts.cohort(session(), cohort_id, person_id) or abort(404)
    if person_id not in {e.person_id for e in cohorts.enrolled(session(), cohort_id)}:
        abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    verdict = queries.verdicts(session(), cohort, programme, [person_id])[person_id]
    return render_template("completion/person.html", cohort=cohort, programme=programme, verdict=verdict,
                           who=people.by_id(session(), [person_id])[person_id], progress=progress(verdict), now=now())
