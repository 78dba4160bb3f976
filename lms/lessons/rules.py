"""What a person has done in a module and what comes next in it. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.attempts.rules import AttemptFact, days_late
from lms.catalogue.rules import Lesson, Module
from lms.cohorts.rules import Locked, Window
from lms.foundation.walltime import deadline_passed, elapsed

SOON = timedelta(hours=48)      # what is due within this comes before reading on


@dataclass(frozen=True)
class Work:
    """How far a person is with a quiz and a task: none, running, done, missed; "" where the module has none."""
    quiz: str = ""
    task: str = ""


@dataclass(frozen=True)
class Step:
    """One thing to do in a module. kind: resume | lesson | quiz | task; `late` counts days past the deadline."""
    kind: str
    lesson: Lesson | None = None
    due: datetime | None = None
    late: int = 0
    soon: bool = False


def work(module: Module, window: Window, quiz: str, handed_in: bool, late_days: int, now: datetime) -> Work:
    """What was found of a quiz ("none", "running", "done") and a task, seen with their deadlines."""
    if quiz == "none" and window.quiz_due and deadline_passed(now, window.quiz_due):
        quiz = "missed"
    task = "done" if handed_in else "missed" if days_late(now, window.task_due) > late_days else "none"
    return Work(quiz if module.quiz else "", task if module.task else "")


def sat(tried: Collection[AttemptFact]) -> str:
    """How far a quiz is by the attempts at it."""
    return "none" if not tried else "done" if all(a.submitted_at for a in tried) else "running"


def unread(module: Module, read: Collection[tuple[str, str]]) -> list[Lesson]:
    """The lessons nobody has marked as read yet, in order."""
    return [lesson for lesson in module.lessons if (module.code, lesson.slug) not in read]


def steps(module: Module, window: Window, read: Collection[tuple[str, str]], done: Work, now: datetime) -> list[Step]:
    """What is left to do in an open module, most pressing first: what runs, what is late, what is due soon, then
    reading, quiz and task in the order in which the module is meant to be taken."""
    found = []
    if done.quiz == "running" or done.quiz == "none" and not waits(window, now):
        found.append(Step("resume" if done.quiz == "running" else "quiz", due=window.quiz_due,
                          soon=_soon(window.quiz_due, now)))
    if done.task == "none":
        found.append(Step("task", due=window.task_due, late=days_late(now, window.task_due),
                          soon=_soon(window.task_due, now)))
    left = unread(module, read)
    reading = [Step("lesson", left[0])] if left else []
    return sorted([*reading, *found], key=pressing)


def waits(window: Window, now: datetime) -> bool:
    """Whether a person's own quiz opens later than its module."""
    return window.quiz_opens_at is not None and now < window.quiz_opens_at


def quiz_open(window: Window, locked: Locked | None, now: datetime) -> bool:
    """Whether a person may go to the quiz: with its module, unless an exception opens it at another time."""
    if window.quiz_opens_at is None:
        return locked is None
    return now >= window.quiz_opens_at and not (locked and locked.need)


def pressing(step: Step) -> int:
    """The order of steps, least first; of two alike the earlier in the module stays first."""
    return 0 if step.kind == "resume" else 1 if step.late else 2 if step.soon else 3


def _soon(due: datetime | None, now: datetime) -> bool:
    return due is not None and elapsed(now, due) <= SOON


@dataclass(frozen=True)
class Neighbours:
    number: int                 # from 1
    before: Lesson | None
    after: Lesson | None


def neighbours(lessons: Iterable[Lesson], slug: str) -> Neighbours | None:
    """Where a lesson stands in its module; None when it is not there."""
    found = list(lessons)
    for place, lesson in enumerate(found):
        if lesson.slug == slug:
            return Neighbours(place + 1, found[place - 1] if place else None, next(iter(found[place + 1:]), None))
    return None



def by_competency(modules: Iterable[Module]) -> list[tuple[str, list[Module]]]:
    """The programme's groups in order: general, specific, and "practice" for project and internship."""
    groups: dict[str, list[Module]] = {"general": [], "specific": [], "practice": []}
    for module in modules:
        groups.get(module.competency, groups["practice"]).append(module)
    return [(name, found) for name, found in groups.items() if found]
