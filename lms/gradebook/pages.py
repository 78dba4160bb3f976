"""One grade of one person: how it was calculated, what was recorded by hand, and recording another."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue.rules import Module
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.pages import tell
from lms.gradebook import queries
from lms.gradebook.forms import KINDS, ChangeForm, told
from lms.gradebook.routes import own_modules, room
from lms.gradebook.rules import Column, columns
from lms.grading import queries as grading
from lms.grading.actions import Stale, change
from lms.grading.queries import Change, Policies, policies_of, share_of
from lms.people import current_actor
from lms.people import queries as people
from lms.people.queries import PersonView
from lms.people.rules import May, Refused, permits


@dataclass(frozen=True)
class Place:
    """Where in the book one is."""
    cohort: CohortView
    module: Module
    column: Column
    person: PersonView
    by: Policies

    @property
    def item(self) -> str:
        return self.column.item

    @property
    def url(self) -> str:
        return url_for("gradebook.cell", cohort_id=self.cohort.id, person_id=self.person.id, module=self.module.code,
                       item=self.item or None)


@room.get("/cohortes/<int:cohort_id>/libro/<int:person_id>/<module>", allow=May.SEE_GRADEBOOK)
@room.get("/cohortes/<int:cohort_id>/libro/<int:person_id>/<module>/<item>", allow=May.SEE_GRADEBOOK)
def cell(cohort_id: int, person_id: int, module: str, item: str = "") -> ResponseReturnValue:
    place = place_of(cohort_id, person_id, module, item)
    return page(place, ChangeForm(place.by.home, kind="set", seen=newest(place)))


@room.post("/cohortes/<int:cohort_id>/libro/<int:person_id>/<module>", endpoint="change", allow=May.CHANGE_GRADE)
@room.post("/cohortes/<int:cohort_id>/libro/<int:person_id>/<module>/<item>", endpoint="change",
           allow=May.CHANGE_GRADE)
def record(cohort_id: int, person_id: int, module: str, item: str = "") -> ResponseReturnValue:
    place = place_of(cohort_id, person_id, module, item)
    form = ChangeForm(place.by.home)
    if not form.accepted():
        return page(place, form), 422
    share = None if form.value is None else share_of(form.value, place.by.home, place.by.home)
    programme = queries.programme_of(session(), place.cohort)
    try:
        change(session(), current_actor().person_id, now(), place.cohort, programme, person_id, module, item,
               kind=form.kind.data, share=share, reason=form.reason.data.strip(), seen=form.seen.data or 0)
    except Stale as stale:
        told(form, "reason", stale.message)
        form.seen.data, form.seen.raw_data = newest(place), None
        return page(place, form), 409
    except Refused as refused:
        told(form, "grade", refused.message)
        return page(place, form), 422
    tell(KINDS[form.kind.data] + f": {place.person.name}.")
    return redirect(place.url, 303)


def page(place: Place, form: ChangeForm) -> str:
    programme = queries.programme_of(session(), place.cohort)
    result = grading.results(session(), place.cohort, programme, [place.person.id], released_only=False,
                             modules=[place.module.code])[place.person.id][place.module.code]
    told_of = history(place)
    return render_template(
        "gradebook/cell.html", spot=place, cohort=place.cohort, result=result, form=form, history=told_of, KINDS=KINDS,
        column=place.column, columns=columns(programme, place.module),
        may_change=permits(current_actor(), May.CHANGE_GRADE, place.cohort.id),
        authors=people.by_id(session(), {c.author_id for c in told_of if c.author_id}),
        neighbours=neighbours(place))


def place_of(cohort_id: int, person_id: int, code: str, item: str) -> Place:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    module = queries.programme_of(session(), cohort).module(code) or abort(404)
    mine = own_modules(current_actor(), cohort_id)
    column = next((c for c in columns(queries.programme_of(session(), cohort), module) if c.item == item), None)
    if column is None or mine is not None and code not in mine:
        abort(404)
    person = queries.taking_part(session(), cohort_id).get(person_id) or abort(404)
    return Place(cohort, module, column, person, policies_of(session(), cohort_id, cohort.country))


def history(place: Place) -> list[Change]:
    """What was recorded in this place, the newest first."""
    found = grading.history(session(), place.cohort.id, place.person.id, place.module.code)
    return sorted((c for c in found if c.item == place.item), key=lambda c: -c.id)


def newest(place: Place) -> int:
    return max((c.id for c in history(place)), default=0)


def neighbours(place: Place) -> dict[str, PersonView]:
    """Who stands before and after in the book, to go on without going back."""
    who = list(queries.taking_part(session(), place.cohort.id).values())
    here = next(i for i, p in enumerate(who) if p.id == place.person.id)
    return {word: who[i] for word, i in (("before", here - 1), ("after", here + 1)) if 0 <= i < len(who)}
