"""What a student should do next, and which dates are coming. Pure: from what the rooms below know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from lms.attempts.rules import LateRule
from lms.catalogue.rules import Lesson, Module, Programme
from lms.cohorts.rules import Locked, Window, lock
from lms.completion.rules import Item, Verdict
from lms.grading.rules import ModuleResult
from lms.lessons.rules import Step, Work, pressing, quiz_open, steps, unread, waits, work

MOST_DATES, FAR = 5, 30          # dates on the first page; days after which what opens is no news yet


@dataclass(frozen=True)
class Standing:
    """One module as one student stands before it."""
    module: Module
    window: Window
    locked: Locked | None
    left: tuple[Lesson, ...]            # not read yet
    work: Work
    result: ModuleResult
    steps: tuple[Step, ...] = ()        # what is left to do in it, most pressing first; () while it is locked

    @property
    def read(self) -> int:
        return len(self.module.lessons) - len(self.left)

    @property
    def state(self) -> str:
        """locked | passed | failed | marking (all is handed in, no mark yet) | missed | open"""
        if self.result.passed is not None:
            return "passed" if self.result.passed else "failed"
        if self.locked:
            return "locked"
        done = {self.work.quiz, self.work.task}
        return "open" if done & {"none", "running"} else "missed" if "missed" in done else "marking"


@dataclass(frozen=True)
class Next:
    """The one next thing. kind: step | name | need | failed | opens | quiz_opens | hours | marking | missed |
    certificate."""
    kind: str
    standing: Standing | None = None
    step: Step | None = None
    at: datetime | None = None
    item: Item | None = None


@dataclass(frozen=True)
class Date:
    """Something with a date. kind: opens | quiz_opens | quiz | task; `days` from today, in the cohort's place."""
    kind: str
    at: datetime
    standing: Standing
    days: int
    late: int = 0


def standings(programme: Programme, calendar: Mapping[str, Window], read: Collection[tuple[str, str]],
              results: Mapping[str, ModuleResult], shares: Mapping[str, Fraction], now: datetime) -> list[Standing]:
    """Every module of the programme, in order."""
    return [_standing(programme, module, calendar[module.code], read, results[module.code], shares, now)
            for module in programme.modules]


def _standing(programme: Programme, module: Module, window: Window, read: Collection[tuple[str, str]],
              result: ModuleResult, shares: Mapping[str, Fraction], now: datetime) -> Standing:
    states = {part.item: part.state for part in result.parts}
    quiz = states.get("quiz", "none")
    done = work(module, window, quiz if quiz in ("none", "running") else "done", states.get("task", "none") != "none",
                LateRule.of(window.rules, programme).days, now)
    locked = lock(window, now, shares)
    return Standing(module, window, locked, tuple(unread(module, read)), done, result,
                    () if locked else tuple(steps(module, window, read, done, now)))


def next_action(standings: Collection[Standing], verdict: Verdict, now: datetime) -> Next:
    """Which one thing comes next: what can be done now, else why there is nothing to do and until when."""
    if verdict.complete:
        return Next("certificate")
    open_steps = [(step, s) for s in standings for step in s.steps if s.state == "open"]
    if open_steps:
        step, standing = min(open_steps, key=lambda pair: pressing(pair[0]))    # of equals the earliest module
        return Next("step", standing, step, step.due)
    return _waiting(standings, verdict, now)


def _waiting(standings: Collection[Standing], verdict: Verdict, now: datetime) -> Next:
    """Nothing is open: what can be done besides, or what is waited for."""
    why = {item.why: item for item in reversed(verdict.missing)}
    if "name" in why:
        return Next("name", item=why["name"])
    for standing in standings:
        if standing.locked and not standing.locked.until and standing.locked.need:
            return Next("need", standing)
    if failed := [s for s in standings if s.state == "failed"]:
        return Next("failed", failed[0])
    to_open = [s for s in standings if s.locked and s.locked.until]
    if to_open:
        standing = min(to_open, key=lambda s: s.locked.until if s.locked and s.locked.until else now)
        return Next("opens", standing, at=standing.locked.until if standing.locked else None)
    if own := [s for s in standings if s.work.quiz == "none" and waits(s.window, now)]:
        return Next("quiz_opens", own[0], at=own[0].window.quiz_opens_at)
    if missed := [s for s in standings if s.state == "missed"]:
        return Next("missed", missed[0])
    if any(s.state == "marking" for s in standings):
        return Next("marking", next(s for s in standings if s.state == "marking"))
    return Next("hours", item=why.get("hours"))


def upcoming(standings: Collection[Standing], zone: str, now: datetime, most: int = MOST_DATES) -> list[Date]:
    """What opens and what is due, soonest first; what is late and still taken stands before all."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    found = []
    for standing in standings:
        if own := _own_quiz(standing, now):
            kind, at = own
            found.append(Date(kind, at, standing, _days(at, today, place)))
        if standing.locked:
            if standing.locked.until and (days := _days(standing.locked.until, today, place)) <= FAR:
                found.append(Date("opens", standing.locked.until, standing, days))
            continue
        for step in standing.steps:
            if step.due:
                kind = "task" if step.kind == "task" else "quiz"
                found.append(Date(kind, step.due, standing, _days(step.due, today, place), step.late))
    return sorted(found, key=lambda date: date.at)[:most]


def _own_quiz(standing: Standing, now: datetime) -> tuple[str, datetime] | None:
    """What an exception says of a quiz that opens apart from its module: when it opens, or until when it is open while
    the rest of the module is not."""
    opens, due = standing.window.quiz_opens_at, standing.window.quiz_due
    if opens is None or standing.work.quiz != "none":
        return None
    if now < opens:
        return "quiz_opens", opens
    return ("quiz", due) if due and standing.locked and quiz_open(standing.window, standing.locked, now) else None


def _days(at: datetime, today: date, place: ZoneInfo) -> int:
    return (at.astimezone(place).date() - today).days


def kinds(roles: Collection[str]) -> list[str]:
    """The first pages a person may choose from, the one they land on first."""
    wanted = {"office": "office", "auditor": "office", "coordinator": "office", "instructor": "instructor",
              "student": "student"}
    found = {wanted[role] for role in roles}
    return [kind for kind in ("student", "instructor", "office") if kind in found]
