"""The calendar of who is where, of the cohorts the reader may see, with what each stay collides with."""

from dataclasses import dataclass, field
from itertools import groupby

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere
from lms.foundation.language import MONTHS
from lms.internships import stays as reading
from lms.internships.office_pages import WORDS
from lms.internships.pages import me
from lms.internships.room import room
from lms.internships.student_pages import ONE as OWN
from lms.internships.where import COMING, Clash, Month, Stay
from lms.people import countries
from lms.people.rules import May, permits, today

SEEN = Anywhere(May.SEE_PLACEMENTS)


@dataclass
class Row:
    """One person of the month: where they are, and the marks on their line."""
    name: str
    stays: list[Stay]
    clashes: list[Clash] = field(default_factory=list)


def visible() -> list[CohortView]:
    """The cohorts whose placements this person may see, newest first. One statement."""
    actor = me()
    ids = None if permits(actor, May.SEE_PLACEMENTS) else [
        p.cohort_id for p in actor.posts if p.cohort_id and permits(actor, May.SEE_PLACEMENTS, p.cohort_id)]
    return cohorts.cohorts(session(), ids)


def chosen(found: list[CohortView]) -> CohortView | None:
    """The one that is asked for, of those; None: all."""
    wanted = request.args.get("cohorte", "")
    return next((c for c in found if str(c.id) == wanted), None)


@room.get(f"{OWN}/choques", allow=May.STUDY)
def my_clashes(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """What one's own stay collides with, for who is to go."""
    own = reading.of_person(session(), me().person_id, today(now()))
    stay = next((s for s in own if (s.id, s.cohort_id) == (placement_id, cohort_id)), None) or abort(404)
    of = cohorts.cohorts(session(), {s.cohort_id for s in own})
    found = reading.clashes(current_app, session(), own, of, stay)
    return render_template("internships/my_clashes.html", cohort=next(c for c in of if c.id == cohort_id), stay=stay,
                           clashes=[c for c in found if c.stay == stay or c.other == stay])


@room.get("/pasantias/calendario", allow=SEEN)
def calendar() -> ResponseReturnValue:
    mine, day = visible(), today(now())
    month = Month.read(request.args.get("mes", ""), day)
    cohort, country = chosen(mine), request.args.get("pais", "").upper()
    scope = [cohort.id] if cohort else [c.id for c in mine]
    there = reading.stays(session(), scope, month, day)
    clashes = reading.clashes(current_app, session(), there, mine, month)
    offered = {s.country: countries.name(s.country) for s in there}
    shown = [s for s in there if country not in offered or s.country == country]
    rows = [Row(name, list(group)) for (_person, name), group in groupby(shown, key=lambda s: (s.person_id, s.formal))]
    for row in rows:
        row.clashes = [c for c in clashes if c.stay in row.stays]
    return render_template(
        "internships/calendar.html", cohorts=mine, cohort=cohort, country=country if country in offered else "",
        countries=offered, month=month, words=f"{MONTHS['es'][month.number - 1]} de {month.year}", rows=rows, today=day,
        clashes=[c for row in rows for c in row.clashes], COMING=COMING, codes={c.id: c.code for c in mine},
        nearest=(None, None) if rows else reading.nearest(session(), scope, month), **WORDS)
