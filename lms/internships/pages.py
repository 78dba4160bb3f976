"""What the room's pages ask alike: who, which cohort, which placement; a file taken and given; a form answered."""

from collections.abc import Callable
from fractions import Fraction

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.exchange import queries as exchange
from lms.foundation import files, sent
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room as Room
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.foundation.sent import Kept
from lms.grading import policies
from lms.grading.rules import grade
from lms.internships import queries, reporting, rubrics
from lms.internships.forms import PlaceForm, RoomForm
from lms.internships.queries import PlacementView
from lms.internships.rules import STATES
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import Actor, Refused, Role, today

ACCEPTED = ("pdf", "png", "jpg", "jpeg")


def me() -> Actor:
    return current_actor() or abort(401)


def place(cohort_id: int) -> tuple[CohortView, Programme]:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    return cohort, catalogue.programme(session(), cohort.edition_id)


def found(cohort_id: int, placement_id: int) -> PlacementView:
    """Of the cohort in the address, or nothing."""
    return queries.placement(session(), placement_id, cohort_id) or abort(404)


def mine(cohort_id: int, placement_id: int) -> PlacementView:
    """The signed-in participant's own, or nothing."""
    view = found(cohort_id, placement_id)
    return view if view.person_id == me().person_id else abort(404)


def supervised(placement_id: int) -> PlacementView:
    """One that names the signed-in person as academic supervisor, or nothing."""
    return next(iter(queries.supervised(session(), me().person_id, placement_id)), None) or abort(404)


def kept(accepted: tuple[str, ...] = ACCEPTED) -> Kept:
    """The file that came with the form, stored; Refused at its field."""
    try:
        return sent.keep(request.files.get("file"), accepted)
    except sent.Refused as why:
        raise Refused(str(why), "file") from None


def download(digest: str, name: str) -> ResponseReturnValue:
    if not digest or not files.store().holds(digest):
        abort(404)
    return files.download(name, name.rpartition(".")[2].lower(), len(files.store().read(digest)), digest)


def answered(form: RoomForm, deed: Callable[[], object], message: str, url: str) -> ResponseReturnValue | None:
    """Do it when the form is accepted, and go there; None where the page is to be shown again with what is wrong."""
    if form.accepted():
        try:
            deed()
        except Refused as refused:
            form.refuse(refused)
        else:
            tell(message)
            return redirect(url, 303)
    return None


def pressed(deed: Callable[[], object], message: str, url: str) -> ResponseReturnValue:
    """A button without a form: done and told, or told why not, in the same place and with nothing half done."""
    try:
        with session().begin_nested():
            deed()
        tell(message)
    except Refused as refused:
        tell(_(refused.message), "late")
    return redirect(url, 303)


def with_choices(form: PlaceForm, cohort_id: int, agreement_id: int | None = None) -> PlaceForm:
    """Hosts and agreements to choose from; for a placement, who may supervise and, for a new one, who takes part."""
    day = today(now())
    form.host_id.choices = {i.id: i.name for i in people.institutions(session())}
    form.agreement_id.choices = {"": _("Ninguno")} | {
        a.id: a.title for a in exchange.agreements(session(), day) if a.in_force or a.id == agreement_id}
    if "academic_id" in form:
        teachers = {p.id: p.formal for role in (Role.INSTRUCTOR, Role.COORDINATOR)
                    for p, _post in people.holders(session(), role, cohort_id)}
        form["academic_id"].choices = {"": _("Por designar")} | teachers       # type: ignore[attr-defined]
    if "person" in form:
        ids = [e.person_id for e in cohorts.enrolled(session(), cohort_id) if not e.withdrawn_at]
        form["person"].choices = {p.id: p.formal for p in people.by_id(session(), ids).values()}  # type: ignore[attr-defined]
    return form


def graded_at_home(cohort_id: int, country: str) -> Callable[[Fraction], str]:
    """How a share is written on the scale that decides in this cohort."""
    home = policies.of(session(), cohort_id, country).home
    return lambda share: grade(share, home, home).written


def rubric_page(view: PlacementView, form: RoomForm, party: str, **said: object) -> ResponseReturnValue:
    """An evaluation's page: the rubric while it may be filled in, what was sent where something is wrong."""
    told = queries.record(session(), view.id)
    standing = queries.standing(session(), view, told, now())
    return render_template(
        "internships/evaluate.html", view=view, record=told, form=form, standing=standing, party=party,
        criteria=rubrics.RUBRICS.get(party, rubrics.SURVEY), sent=levels_sent(party),
        comment=request.form.get("comment", ""), writable=standing.state in reporting.EVALUATING[party],
        who=None if party == "participant" else people.by_id(session(), [view.person_id])[view.person_id],
        LEVELS=rubrics.LEVELS, ANSWERS=rubrics.ANSWERS, STATES=STATES, **said), 422 if form.faults else 200


def levels_sent(party: str) -> dict[str, int]:
    """What was chosen of a rubric: `nivel-calidad=2`; what is not a level is as if it were not there."""
    known, prefix = rubrics.LEVELS if party in rubrics.RUBRICS else rubrics.ANSWERS, "nivel-"
    return {name.removeprefix(prefix): int(value) for name, value in request.form.items()
            if name.startswith(prefix) and value in map(str, known)}


def country_of(host_id: int) -> str:
    return people.institutions_by_id(session(), [host_id])[host_id].country
