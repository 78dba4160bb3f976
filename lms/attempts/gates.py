"""The room's door, and behind it the gates: what of a cohort's quizzes and tasks is the actor's, or a 404."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort, current_app

from lms.attempts import answering, queries, rules, sealing
from lms.attempts.forms import numbered
from lms.attempts.planned import Planned, ruled
from lms.attempts.rules import Given, Sent, Sitting, TaskRules
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Module, Programme, Quiz, Task
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import Locked, Window, lock
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.people import current_actor
from lms.people.rules import Actor

room = Room("attempts", __name__, url_prefix="/cohortes/<int:cohort_id>")


@dataclass(frozen=True)
class Entry:
    """A module of the actor's cohort, its dates for them, and why it is still locked, if it is."""
    actor: Actor
    cohort: CohortView
    programme: Programme
    module: Module
    window: Window
    locked: Locked | None
    planned: Planned | None = None      # of its quiz, where asked for,
    tried: Sequence[Sitting] = ()       # with the actor's attempts at it, first to last

    @property
    def plan(self) -> Planned:
        return self.planned or abort(404)

    @property
    def quiz(self) -> Quiz:
        return self.plan.quiz

    @property
    def task(self) -> Task:
        return self.module.task or abort(404)

    @property
    def rules(self) -> TaskRules:
        """Of handing in its task, in this cohort."""
        return TaskRules.of(self.window.rules, self.programme)

    def sides(self, instant: datetime) -> list[tuple[str, str]]:
        return answering.sides(instant, self.cohort.time_zone, self.actor.time_zone or self.cohort.time_zone)


@dataclass(frozen=True)
class Taking:
    """An attempt of the actor's with what it asks."""
    actor: Actor
    sitting: Sitting
    quiz: Quiz
    module: Module
    cohort: CohortView

    @property
    def zone(self) -> str:
        return self.actor.time_zone or self.cohort.time_zone

    @property
    def ends(self) -> datetime | None:
        """The end as the person is told it."""
        s = self.sitting
        return rules.told_end(s.started_at, s.ends_at, self.quiz.minutes) if s.ends_at else None

    @property
    def seal(self) -> str:
        """The key with which this person's page seals what it could not send."""
        return sealing.seal(current_app.config["SECRET_KEY"], self.sitting.person_id, self.sitting.id)

    def sides(self, instant: datetime) -> list[tuple[str, str]]:
        return answering.sides(instant, self.cohort.time_zone, self.zone)


def me() -> Actor:
    return current_actor() or abort(401)


def entry(cohort_id: int, code: str, quiz: bool = False) -> Entry:
    """A module, with `quiz` as its quiz sees it. Two statements, for a quiz three; one more where another module must
    be passed first."""
    actor = me()
    cohort = cohorts.cohort(session(), cohort_id, actor.person_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    module = programme.module(code) or abort(404)
    ruling = ruled(session(), cohort_id, cohort.edition_id, module, actor.person_id) or abort(404) if quiz else None
    plan, tried = ruling or (None, [])
    window = cohort.calendar.get(code) or Window(code)
    window = plan.window(window) if plan else window
    needed = [window.after.module] if window.after else []
    shares = queries.best_quiz_shares(session(), cohort_id, actor.person_id, needed)
    return Entry(actor, cohort, programme, module, window, lock(window, now(), shares), plan, tried)


def view(cohort_id: int, code: str) -> Entry:
    """A module as one that is past its dates may look at it: without asking whether it is locked. One statement."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    return Entry(me(), cohort, programme, programme.module(code) or abort(404), Window(code), None)


def own(cohort_id: int, attempt_id: int, hold: bool = False) -> Sitting:
    """One's own attempt."""
    return queries.sitting(session(), cohort_id, me().person_id, attempt_id, hold) or abort(404)


def taking(cohort_id: int, attempt_id: int, hold: bool = False) -> Taking:
    """One's own attempt with all that its pages show. Three statements."""
    sitting = own(cohort_id, attempt_id, hold)
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    quiz, module = asked(sitting)
    return Taking(me(), sitting, quiz, module, cohort)


def asked(sitting: Sitting) -> tuple[Quiz, Module]:
    """What an attempt asks, as it was given it."""
    module = catalogue.programme(session(), sitting.edition_id).module(sitting.module)
    quiz = queries.quiz_of(session(), sitting)
    if module is None or quiz is None:
        abort(404)
    return quiz, module


def left_behind(quiz: Quiz, sitting: Sitting, last: Mapping[str, Given], sent: Sequence[Sent]) -> bool:
    """Whether these would change answers on another page than the one a quiz without way back has come to."""
    if quiz.navigation != "sequential":
        return False
    here = {q.id for n, q in numbered(quiz) if rules.page_of(quiz, n) == sitting.page}
    return any(s.question not in here and (s.question not in last or last[s.question].value != s.value) for s in sent)
