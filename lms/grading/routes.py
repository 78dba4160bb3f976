"""Pages of marks: a student's own, each explained; and publishing them to a cohort on purpose."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.attempts.rules import MarkFact
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Task
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import leaves
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.foundation.walltime import deadline_passed
from lms.grading import actions, comparison, judging, pins, planned, queries, review
from lms.grading.judging import Line
from lms.grading.papers import written_on
from lms.grading.queries import ItemState
from lms.grading.rules import final_result
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import Actor, May, Role, graded_modules

room = Room("grading", __name__)


# A student's own ------------------------------------------------------------------------------------------------------

@room.get("/cohortes/<int:cohort_id>/notas", allow=May.STUDY)
def grades(cohort_id: int) -> ResponseReturnValue:
    cohort, person_id = _cohort(cohort_id), _actor().person_id
    programme = catalogue.programme(session(), cohort.edition_id)
    results = queries.results(session(), cohort, programme, [person_id])[person_id]
    lacking = [code for c in programme.components for code in c.modules if results[code].share is None]
    return render_template("grading/my_grades.html", cohort=cohort, programme=programme, results=results,
                           lacking=lacking, final=final_result(programme, results),
                           among=comparison.mine(session(), cohort, programme, results))


@room.get("/cohortes/<int:cohort_id>/modulos/<module>/resultado", allow=May.STUDY)
def result(cohort_id: int, module: str) -> ResponseReturnValue:
    cohort, person_id = _cohort(cohort_id), _actor().person_id
    programme = catalogue.programme(session(), cohort.edition_id)
    found = programme.module(module) or abort(404)
    known = queries.facts(session(), cohort_id, [person_id], [module])
    came_to = queries.judged(session(), programme, known, [person_id], modules=[module])[person_id][module]
    work = known.work.get((person_id, module))
    mark = work.marking if work and (part := came_to.part("task")) and part.state == "marked" else None
    marker = people.by_id(session(), [mark.marker_id]).get(mark.marker_id) if mark and mark.marker_id else None
    task = review.task_of(session(), work)
    tried = known.attempts.get((person_id, module), [])
    lines = _lines(mark, task)
    noted = pins.of_module(session(), f"t{work.id}" if work and mark else "", known.releases.get((module, "task")),
                           [a.id for a in tried if a.submitted_at], known.releases.get((module, "quiz")))
    on_task = [p for tag, p in noted if work and p.file_id and tag == f"t{work.id}"]
    numbers = pins.by_leaf(sorted(on_task, key=pins.place))
    return render_template("grading/result.html", cohort=cohort, module=found, result=came_to, work=work, mark=mark,
                           lines=lines, noted=noted, numbers=numbers, why_unseen=leaves.why_unseen,
                           papers=written_on(session(), work.id, numbers) if work else {},
                           marker=marker, tried=known.attempts.get((person_id, module), []),
                           task=task)


def _lines(mark: MarkFact | None, task: Task | None) -> list[Line]:
    """What a published marking says of each criterion, by the rubric it was made with."""
    if mark is None or task is None:
        return []
    used = judging.loaded(mark.levels)[0]
    return judging.lines(mark.levels, task.criteria, attempts.rubrics(session(), [] if used is None else [used]))


@room.get("/cohortes/<int:cohort_id>/intentos/<int:attempt_id>/revision", endpoint="review", allow=May.STUDY)
def reviewed(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    cohort, person_id = _cohort(cohort_id), _actor().person_id
    seen = review.review(session(), cohort_id, person_id, attempt_id) or abort(404)
    if seen.attempt.submitted_at is None:
        return redirect(url_for("attempts.attempt", cohort_id=cohort_id, attempt_id=attempt_id), 303)
    closed = _really_closed(cohort, seen)
    return render_template("grading/review.html", cohort=cohort, seen=seen, sight=review.sight(seen, closed, now()),
                           overall=review.overall(seen), past="historia" in request.args, KINDS=KINDS)


def _really_closed(cohort: CohortView, seen: review.Review) -> bool:
    """By the cohort's calendar, by the person's own, and where an attempt is left also by their exceptions."""
    if not _closed(cohort, seen) or not _closed(cohorts.cohort(session(), cohort.id, _actor().person_id), seen):
        return False
    if not seen.may_profit:
        return True
    due = attempts.quiz_due(session(), cohort, seen.module, _actor().person_id)
    return due is None or deadline_passed(now(), due)


def _closed(cohort: CohortView | None, seen: review.Review) -> bool:
    """Has the quiz's time passed, for the cohort or (when the calendar is the person's own) for them?"""
    window = cohort.calendar.get(seen.module.code) if cohort else None
    due = window.due("quiz") if window else None
    return due is not None and deadline_passed(now(), due)


# Publishing -----------------------------------------------------------------------------------------------------------

@room.get("/cohortes/<int:cohort_id>/publicar", endpoint="release", allow=May.RELEASE)
def publishing(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id)
    programme = catalogue.programme(session(), cohort.edition_id)
    return render_template("grading/release.html", cohort=cohort, programme=programme,
                           planned=planned.standing(session(), cohort_id, _published_by(cohort_id)),
                           states=queries.release_state(session(), cohort, _published_by(cohort_id)))


@room.get("/cohortes/<int:cohort_id>/publicar/<module>/<item>", endpoint="confirm_release", allow=May.RELEASE)
def confirm(cohort_id: int, module: str, item: str) -> ResponseReturnValue:
    return _confirmation(cohort_id, _state(cohort_id, module, item))


@room.post("/cohortes/<int:cohort_id>/publicar", endpoint="publish", allow=May.RELEASE)
def publish(cohort_id: int) -> ResponseReturnValue:
    """Publish what the page showed: if there is more by now, it is shown again first."""
    cohorts.hold(session(), cohort_id)              # two clicks at once: the second sees what the first published
    module, item = (request.form.get(name, "").replace("\0", "") for name in ("module", "item"))
    state = _state(cohort_id, module, item)
    back = redirect(url_for("grading.release", cohort_id=cohort_id), 303)
    if not state.unpublished:
        tell(_("No había nada nuevo que publicar."), "released")
        return back
    if request.form.get("marks") != str(state.unpublished):
        return _confirmation(cohort_id, state, changed=True), 409
    _publish(cohort_id, state)
    return back


def _publish(cohort_id: int, state: ItemState) -> None:
    module = catalogue.programme(session(), _cohort(cohort_id).edition_id).module(state.module) or abort(404)
    actions.release(session(), _actor().person_id, now(), cohort_id, state.module, state.item, state.unpublished)
    path = url_for("grading.result", cohort_id=cohort_id, module=state.module)
    actions.tell(session(), now(), state.people, module, state.item, current_app.config["URL"] + path)
    tell(ngettext("%(n)d corrección de %(module)s publicada. Ya se ve, y se avisa por correo.",
                  "%(n)d correcciones de %(module)s publicadas. Ya se ven, y se avisa por correo.",
                  state.unpublished) % {"n": state.unpublished, "module": state.module}, "released")


def _confirmation(cohort_id: int, state: ItemState, changed: bool = False) -> str:
    cohort = _cohort(cohort_id)
    programme = catalogue.programme(session(), cohort.edition_id)
    return render_template("grading/release_confirm.html", cohort=cohort, state=state, changed=changed,
                           module=programme.module(state.module), look=planned.looking(session(), cohort_id, state))


def _state(cohort_id: int, module: str, item: str) -> ItemState:
    scope = _published_by(cohort_id)
    if scope is not None and module not in scope:
        abort(404)
    states = queries.release_state(session(), _cohort(cohort_id), [module])
    return next((s for s in states if s.item == item), None) or abort(404)


def _published_by(cohort_id: int) -> frozenset[str] | None:
    """The modules whose marks the actor may publish; None: all."""
    wide = any(p.role in (Role.OFFICE, Role.COORDINATOR) and p.cohort_id in (None, cohort_id) for p in _actor().posts)
    return None if wide else graded_modules(_actor(), cohort_id)


def _cohort(cohort_id: int) -> CohortView:
    return cohorts.cohort(session(), cohort_id) or abort(404)


def _actor() -> Actor:
    return current_actor() or abort(403)
