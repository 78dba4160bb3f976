"""Who may fall behind, and by which fact: plain rules about work and dates, never a score of a person. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.catalogue.rules import Programme
from lms.cohorts.rules import Window
from lms.completion.rules import Record, Verdict
from lms.completion.standing import settled
from lms.completion.supposing import resat
from lms.foundation.walltime import deadline_passed
from lms.grading.rules import may_resit

QUIET, SOON = timedelta(days=14), timedelta(days=7)
KINDS = ("overdue", "failed", "quiet", "soon")
ITEMS = ("quiz", "task")


@dataclass(frozen=True)
class Risk:
    """One reason. overdue: a deadline went by without the work; failed: a module, and no second chance is left;
    quiet: nothing done for days; soon: a deadline within days, and nothing handed in."""
    kind: str
    module: str = ""
    item: str = ""
    at: datetime | None = None          # the deadline, or the last activity (None: none ever)
    days: int = 0                       # since, or until


def risks(programme: Programme, record: Record, verdict: Verdict, calendar: Mapping[str, Window],
          last: datetime | None, since: datetime, ends_on: date, now: datetime) -> tuple[Risk, ...]:
    """All of them, gravest first. `last`: the latest thing the person did; `since`: when they could begin."""
    if verdict.complete:
        return ()
    wanted = wanted_modules(verdict)
    found = [risk for code in wanted for risk in _of_module(programme, record, code, calendar.get(code), now)]
    quiet = now - max(last or since, since)
    undone = any(record.results[code].share is None and _open(calendar.get(code), now) for code in wanted
                 if code in record.results)
    if undone and quiet >= QUIET and now.date() <= ends_on:
        found.append(Risk("quiet", at=last, days=quiet.days))
    return tuple(sorted(found, key=lambda risk: KINDS.index(risk.kind)))


def wanted_modules(verdict: Verdict) -> list[str]:
    """Modules that are asked and not done; of a choice only those that were begun, for nobody is late in the others."""
    asked = [i.module for i in verdict.missing if i.kind == "module" and i.module]
    begun = [i.module for g in verdict.missing for way in g.ways for i in way
             if i.module and not i.done and i.why != "not_started"]
    return list(dict.fromkeys(asked + begun))


def _open(window: Window | None, now: datetime) -> bool:
    return window is None or window.opens_at is None or window.opens_at <= now


def _of_module(programme: Programme, record: Record, code: str, window: Window | None, now: datetime) -> Iterator[Risk]:
    result, by = settled(code, record)
    module = programme.by_code.get(code) or programme.module(code)
    if module is None or result is None:
        return
    if result.passed is False and (by == "acta" or resat(record, code) or not may_resit(
            result.share, module.grading.resit, result.home)):
        yield Risk("failed", code)
    if window is None or by or not _open(window, now):
        return
    for part in result.parts:
        due = window.due(part.item) if part.item in ITEMS else None
        if due is None or part.state not in ("none", "running"):
            continue
        if deadline_passed(now, due):
            yield Risk("overdue", code, part.item, due, (now - due).days)
        elif due - now <= SOON:
            yield Risk("soon", code, part.item, due, (due - now).days)
