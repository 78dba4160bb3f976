"""Asking a source, which is someone else's code: in a thread with a time limit, with no transaction open meanwhile.

A thread and not a process: see docs/decisions/0030-a-source-is-asked-in-a-thread.md.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from threading import Lock, Thread
from typing import Any

from lms.credits.rules import GROUPS

LIMIT = 60.0                    # seconds that a source has for all it is asked, in the scheduled job and by command
PATIENCE = 12.0                 # seconds that a person who presses the button waits
MOST = 20_000                   # facts of one cohort: more is a fault of the source


@dataclass
class Told:
    """What a source said of one cohort, or why it said nothing."""
    facts: list[object] = field(default_factory=list)
    error: str = ""
    ms: int = 0


@dataclass
class Asked:
    """One source being asked for some cohorts: (code, since) each."""
    name: str
    group: str
    source: Any
    cohorts: Sequence[tuple[str, datetime | None]]
    told: dict[str, Told] = field(default_factory=dict)

    def run(self) -> None:
        ask = getattr(self.source, "attendance" if GROUPS[self.group][2] == "attendance" else "credits")
        for code, since in self.cohorts:
            began, told = time.monotonic(), Told()
            try:
                told.facts = _some(ask(code, since))
            except BaseException as wrong:      # whatever it is, sys.exit() included: it is told and goes no further
                told.error = _words(wrong)
            told.ms = round((time.monotonic() - began) * 1000)
            self.told[code] = told


class Asker:
    """Asks sources side by side. One that has not come back from an earlier asking is not asked again until it has: it
    holds one thread, never two."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self.clock, self.lock, self.away = clock, Lock(), dict[str, tuple[Thread, float]]()

    def ask(self, asked: Sequence[Asked], limit: float) -> dict[str, dict[str, Told]]:
        """Source -> cohort -> what it said within the limit."""
        began = self.clock()
        found = {one.name: thread for one in asked if (thread := self._begin(one, began)) is not None}
        for thread in found.values():
            thread.join(max(0.0, began + limit - self.clock()))
        with self.lock:
            away = {name: at for name, (thread, at) in self.away.items() if thread.is_alive()}
            self.away = {name: self.away[name] for name in away}
        return {one.name: self._what(one, one.name in found, away.get(one.name), limit) for one in asked}

    def _begin(self, one: Asked, at: float) -> Thread | None:
        with self.lock:
            if one.name in self.away and self.away[one.name][0].is_alive():
                return None
            thread = Thread(target=one.run, name=f"source-{one.name}", daemon=True)
            self.away[one.name] = thread, at
        thread.start()
        return thread

    def _what(self, one: Asked, begun: bool, since: float | None, limit: float) -> dict[str, Told]:
        missing = (f"No respondió en {limit:g} segundos." if begun else
                   f"Sigue sin responder desde hace {(self.clock() - (since or self.clock())) / 60:.0f} minutos; "
                   "no se le preguntó otra vez.")
        said = dict(one.told) if begun else {}
        return {code: said.get(code) or Told(error=missing, ms=round(limit * 1000) if begun else 0)
                for code, _since in one.cohorts}


def _some(facts: Iterable[object]) -> list[object]:
    """All of them, unless they are beyond all measure: then none, so that nothing is half applied."""
    found = list(islice(facts, MOST + 1))
    if len(found) > MOST:
        raise ValueError(f"more than {MOST} facts for one cohort")
    return found


def _words(wrong: BaseException) -> str:
    try:
        text = f"{type(wrong).__name__}: {wrong}"
    except Exception:                           # its own __str__ may fail
        text = type(wrong).__name__
    return "".join(c if c.isprintable() else " " for c in text)[:300]
