"""Hours and credits of internships by host, country and year: on a page with plots, and as a table to take away."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.cohorts.queries import CohortView
from lms.foundation import tables
from lms.foundation.database import session
from lms.foundation.language import _
from lms.internships import queries, summing
from lms.internships.record import records
from lms.internships.room import room
from lms.internships.summing import Line
from lms.internships.where_pages import SEEN, chosen, visible

PARTS = {"host": "Institución anfitriona", "country": "País", "year": "Año de término"}


@room.get("/pasantias/resumen", allow=SEEN)
def summary() -> ResponseReturnValue:
    mine, cohort, told = _told()
    return render_template(
        "internships/summary.html", cohorts=mine, cohort=cohort, overall=summing.overall(told), exact=summing.exact,
        parts=[(part, words, summing.by(told, part)) for part, words in PARTS.items()])


@room.get(f"/pasantias/resumen.{tables.ENDINGS}", allow=SEEN)
def summary_file(ending: str) -> ResponseReturnValue:
    _mine, _cohort, told = _told()
    return tables.answer(ending, "pasantias-resumen", "Pasantías", [_(h) for h in summing.HEADER], summing.table(told))


def _told() -> tuple[list[CohortView], CohortView | None, list[Line]]:
    """Four statements, however many internships."""
    mine = visible()
    cohort = chosen(mine)
    scope = [cohort.id] if cohort else [c.id for c in mine]
    closed = queries.closed_in(session(), scope)
    those = {c.id for c in closed}
    others = [p for p in queries.of_cohorts(session(), scope) if p.id not in those]
    told = records(session(), [p.id for p in others])
    return mine, cohort, summing.lines(closed, [(p, told[p.id]) for p in others])
