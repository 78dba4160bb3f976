"""The modules of a cohort, one module, one lesson, and the word that it was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.attempts.rules import LateRule
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Lesson, Module, Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import Locked, Window, lock
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.lessons import actions, queries
from lms.lessons.rules import by_competency, neighbours, quiz_open, sat, steps, unread, work
from lms.people import current_actor
from lms.people.rules import May

room = Room("lessons", __name__, url_prefix="/cohortes/<int:cohort_id>/modulos")


@dataclass(frozen=True)
class Place:
    """A module of a cohort as the signed-in student stands before it."""
    cohort: CohortView
    programme: Programme
    module: Module
    window: Window
    locked: Locked | None

    def lesson(self, slug: str) -> Lesson:
        return self.module.lesson(slug) or abort(404)


def place(cohort_id: int, code: str) -> Place:
    """The module, or 404. Marks are asked for only where something must be reached first."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    windows = [cohort.calendar[code]] if code in cohort.calendar else abort(404)
    shares = attempts.best_quiz_shares(session(), cohort_id, current_actor().person_id, needed(windows))
    return standing(cohort, code, shares)


def standing(cohort: CohortView, code: str, shares: Mapping[str, Fraction]) -> Place:
    programme = catalogue.programme(session(), cohort.edition_id)
    module = programme.module(code) or abort(404)
    window = cohort.calendar[code]
    return Place(cohort, programme, module, window, lock(window, now(), shares))


def base(stand: Place) -> str:
    """The module's address; those of its lessons begin with it. url_for costs 5 µs each, and a page has twenty."""
    return url_for(".module", cohort_id=stand.cohort.id, module=stand.module.code)


def needed(windows: Iterable[Window]) -> set[str]:
    """The modules whose quiz opens another: where there are none, no mark is looked at."""
    return {window.after.module for window in windows if window.after}


@room.get("", allow=May.STUDY)
def modules(cohort_id: int) -> ResponseReturnValue:
    person_id = current_actor().person_id
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    shares = attempts.best_quiz_shares(session(), cohort_id, person_id, needed(cohort.calendar.values()))
    locks = {code: lock(window, now(), shares) for code, window in cohort.calendar.items()}
    read = queries.read(session(), cohort_id, person_id)
    counts = {m.code: len(m.lessons) - len(unread(m, read)) for m in programme.modules}
    return render_template("lessons/modules.html", cohort=cohort, programme=programme, locks=locks, read=read,
                           counts=counts, groups=by_competency(programme.modules),
                           base=url_for(".modules", cohort_id=cohort_id))


@room.get("/<module>", allow=May.STUDY)
def module(cohort_id: int, module: str) -> ResponseReturnValue:
    person_id = current_actor().person_id
    cohort = cohorts.cohort(session(), cohort_id, person_id) or abort(404)
    plan = _planned(cohort, module, person_id)
    window = cohort.calendar.get(module) or abort(404)
    if plan:                            # this person's own deadline, if an exception gave them one
        window = plan.allowance.dates(window)
        cohort = replace(cohort, calendar={**cohort.calendar, module: window})
    tried, handed = attempts.work_facts(session(), cohort_id, [person_id], {module} | needed([window]))
    stand = standing(cohort, module, queries.shares(session(), tried))
    sittings = [a for a in tried if a.module == module]
    task = next((s for s in handed if s.module == module), None)
    done = work(stand.module, window, sat(sittings), task is not None, LateRule.of(window.rules, stand.programme).days,
                now())
    read = queries.read(session(), cohort_id, person_id)
    return render_template(
        "lessons/module.html", stand=stand, plan=plan, read=read, left=unread(stand.module, read), done=done,
        sittings=sittings, task=task, quiz_open=quiz_open(window, stand.locked, now()),
        steps=[] if stand.locked else steps(stand.module, window, read, done, now()), base=base(stand))


def _planned(cohort: CohortView, code: str, person_id: int) -> attempts.Planned | None:
    """The module's quiz as this person would be given it."""
    found = catalogue.programme(session(), cohort.edition_id).module(code)
    return attempts.planned(session(), cohort.id, cohort.edition_id, found, person_id) if found else None


@room.get("/<module>/lecciones/<lesson>", allow=May.STUDY)
def lesson(cohort_id: int, module: str, lesson: str) -> ResponseReturnValue:
    stand = place(cohort_id, module)
    shown = stand.lesson(lesson)
    known = queries.read(session(), cohort_id, current_actor().person_id)
    return render_template(
        "lessons/lesson.html", stand=stand, lesson=shown, near=neighbours(stand.module.lessons, lesson), read=known,
        left=unread(stand.module, known), base=base(stand))


@room.post("/<module>/lecciones/<lesson>/leida", allow=May.STUDY)
def read(cohort_id: int, module: str, lesson: str) -> ResponseReturnValue:
    stand = place(cohort_id, module)
    shown = stand.lesson(lesson)
    if stand.locked:
        abort(409, description=Reason(_("Este módulo todavía no se abre: no se anotó nada.")))
    actions.mark_read(session(), now(), cohort_id, current_actor().person_id, module, lesson)
    after = neighbours(stand.module.lessons, shown.slug).after
    return redirect(f"{base(stand)}/lecciones/{after.slug}" if after else base(stand), 303)
