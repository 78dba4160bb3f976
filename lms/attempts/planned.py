"""What a quiz is for one person in one cohort: its edition's, as the cohort's plan and their exceptions change it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Text, bindparam, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lms.attempts.facts import SITTING
from lms.attempts.models import Attempt, QuizOverride, QuizPlan
from lms.attempts.plan import Allowance, Plan, Slot, loaded
from lms.attempts.rules import Sitting
from lms.bank import queries as bank
from lms.catalogue import stored
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Module, Quiz, Section
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import Window

CONTENT = 4                             # in a row: what, its number, person, institution, this; then SITTING
_NEWEST = select(func.max(QuizPlan.id)).where(
    QuizPlan.cohort_id == bindparam("cohort"), QuizPlan.module == bindparam("module")).scalar_subquery()
_NO_SITTING = [cast(null(), c.type) for c in SITTING]
_NO_TEXT = cast(null(), Text)
RULING: CompoundSelect[Any] = union_all(     # the plan in force, the exceptions of the person and of their institution,
    select(literal(0).label("what"), QuizPlan.id.label("row"), cast(null(), Integer).label("person"),
           cast(null(), Integer).label("institution"), QuizPlan.content, *_NO_SITTING).where(QuizPlan.id == _NEWEST),
    select(literal(1), QuizOverride.id, QuizOverride.person_id, QuizOverride.institution_id, QuizOverride.content,
           *_NO_SITTING).where(
        QuizOverride.cohort_id == bindparam("cohort"), QuizOverride.module == bindparam("module"),
        or_(QuizOverride.person_id == bindparam("person"), QuizOverride.institution_id == cohorts.INSTITUTION)),
    select(literal(2), Attempt.number, cast(null(), Integer), cast(null(), Integer), _NO_TEXT, *SITTING).where(
        Attempt.cohort_id == bindparam("cohort"), Attempt.module == bindparam("module"),
        Attempt.person_id == bindparam("person")))      # and the person's attempts: a page asks for all in one


@dataclass(frozen=True)
class Planned:
    """A quiz before it is begun. Its questions are the edition's; `slots`, if any, say what is asked instead."""
    quiz: Quiz
    slots: tuple[Slot, ...] | None = None
    allowance: Allowance = Allowance()
    outline: tuple[int, Fraction] | None = None         # of the slots: how many questions, for how many points

    @property
    def extra(self) -> int:
        """Minutes this person has beyond the others."""
        minutes = self.quiz.minutes
        return 0 if minutes is None else minutes - _before(minutes, self.allowance)

    @property
    def count(self) -> int:
        """How many questions get points."""
        return self.outline[0] if self.outline else sum(KINDS[q.kind].asks for q in self.quiz.questions)

    @property
    def points(self) -> Fraction:
        return self.outline[1] if self.outline else self.quiz.points

    def window(self, window: Window) -> Window:
        """The module's dates, as the person's exception changes them for the quiz."""
        return self.allowance.window(window)


def planned(session: Session, cohort_id: int, edition_id: str, module: Module, person_id: int) -> Planned | None:
    """The quiz of a module for one person; None where it has none. One statement."""
    found = ruled(session, cohort_id, edition_id, module, person_id)
    return found[0] if found else None


def ruled(session: Session, cohort_id: int, edition_id: str, module: Module, person_id: int
          ) -> tuple[Planned, list[Sitting]] | None:
    """The same, with the person's attempts at it, first to last."""
    if module.quiz is None:
        return None
    rows = sorted(session.execute(RULING, {"cohort": cohort_id, "module": module.code, "person": person_id}),
                  key=lambda row: (row[0], row[1]))
    content = next((row[CONTENT] for row in rows if row[0] == 0), "")
    own = {(row[2], row[3]): row[CONTENT] for row in rows if row[0] == 1}
    theirs = [text for (person, _), text in own.items() if person is not None and text]
    theirs += [text for (_, institution), text in own.items() if institution is not None and text]
    plan, allowance = loaded(content), merged(map(granted, theirs))
    quiz = settled(edition_id, module.code, content, module.quiz)
    outline = None if plan.slots is None else _outline(session, content, plan.slots, quiz)
    return (Planned(allowed(quiz, allowance), plan.slots, allowance, outline),
            [Sitting(*row[CONTENT + 1:]) for row in rows if row[0] == 2])


_outlines: dict[tuple[int, str], tuple[int, Fraction]] = {}


def _outline(session: Session, content: str, slots: Sequence[Slot], quiz: Quiz) -> tuple[int, Fraction]:
    """How many questions a composed quiz asks, for how many points. Known to a process once it was asked; a question of
    the bank whose points change afterwards is noticed with the next edition of the plan or the next process."""
    key = (id(session.get_bind()), content)
    if key not in _outlines:
        known = bank.questions(session, [(slot.bank, slot.version) for slot in slots if slot.bank])
        own = {q.id: q for q in quiz.questions}
        asked = [(slot, known.get((slot.bank, slot.version)) or own.get(slot.edition)) for slot in slots]
        worth = [slot.worth if slot.worth is not None else q.points if q else Fraction(1) for slot, q in asked
                 if q is None or KINDS[q.kind].asks]
        while len(_outlines) >= 200:
            _outlines.pop(next(iter(_outlines)), None)
        _outlines[key] = (len(worth), sum(worth, Fraction(0)))
    return _outlines[key]


def quiz_due(session: Session, cohort: CohortView, module: Module, person_id: int) -> datetime | None:
    """Until when a person may begin a quiz, with all that was granted to them."""
    own = cohorts.cohort(session, cohort.id, person_id)
    window = own.calendar.get(module.code) if own else None
    plan = planned(session, cohort.id, cohort.edition_id, module, person_id)
    return plan.window(window or Window(module.code)).quiz_due if plan else None


def granted(text: str) -> Allowance:
    """The allowance that was dumped."""
    known = {f.name for f in fields(Allowance)}
    return Allowance(**{name: value for name, value in json.loads(text).items() if name in known})


def merged(allowances: Iterable[Allowance]) -> Allowance:
    """One out of several: of each thing the first that says something."""
    found = Allowance()
    for allowance in allowances:
        found = Allowance(**{f.name: getattr(found, f.name) or getattr(allowance, f.name) for f in fields(Allowance)})
    return found


def allowed(quiz: Quiz, allowance: Allowance) -> Quiz:
    """The quiz with the time and the attempts of an exception."""
    changed: dict[str, Any] = {}
    if quiz.minutes is not None and (allowance.extra_percent or allowance.extra_minutes):
        changed["minutes"] = -(-quiz.minutes * (100 + allowance.extra_percent) // 100) + allowance.extra_minutes
    if allowance.attempts > quiz.attempts:
        changed["attempts"] = allowance.attempts
    return replace(quiz, **changed) if changed else quiz


def _before(minutes: int, allowance: Allowance) -> int:
    """The minutes that an exception has made these."""
    rest = minutes - allowance.extra_minutes
    return rest * 100 // (100 + allowance.extra_percent)


def with_plan(quiz: Quiz, plan: Plan) -> Quiz:
    """An edition's quiz with what a plan says of it."""
    if plan.slots is not None:
        titles = tuple(Section(n, slot.section) for n, slot in enumerate(plan.slots, 1) if slot.section)
        quiz = replace(quiz, sections=titles)
    if not plan.settings:
        return quiz
    return stored.quiz_with({**stored.quiz_settings(quiz), **plan.settings}, quiz.questions)


def settled(edition_id: str, module: str, content: str, quiz: Quiz) -> Quiz:
    """The same, made once for each plan; without one the edition's own."""
    return _settled(edition_id, module, content, _Unhashed(quiz)) if content else quiz


class _Unhashed:
    """The quiz goes along to be read, not to be compared: its edition and module say which it is."""
    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unhashed)

    def __hash__(self) -> int:
        return 0


@lru_cache(500)
def _settled(edition_id: str, module: str, content: str, given: _Unhashed) -> Quiz:
    return with_plan(given.quiz, loaded(content))
