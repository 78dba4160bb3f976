"""What a cohort's quiz asks and how, where it differs from its edition; what one person or group is allowed. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from lms.cohorts.rules import Window


@dataclass(frozen=True)
class Slot:
    """One place of a composed quiz: a question of the edition, one of the bank, or a random draw from the bank."""
    edition: str = ""                   # id of a question of the edition's quiz
    bank: int = 0                       # id of a question of the bank
    version: int = 0                    # of that question; 0: the newest when an attempt begins
    category: int = 0                   # draw: one question of this category of the bank,
    below: bool = True                  # and of those below it,
    tags: tuple[str, ...] = ()          # that has all of these tags; no attempt draws the same question twice
    points: str = ""                    # a fraction, "3/2"; "": the question's own
    section: str = ""                   # a title that begins a section here

    @property
    def worth(self) -> Fraction | None:
        return Fraction(self.points) if self.points else None


@dataclass(frozen=True)
class Plan:
    """Settings by name of a field of catalogue.rules.Quiz (only what differs), and the slots (None: the edition's)."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    slots: tuple[Slot, ...] | None = None

    def dumped(self) -> str:
        return json.dumps({"settings": dict(self.settings),
                           "slots": None if self.slots is None else [asdict(slot) for slot in self.slots]},
                          ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def loaded(text: str) -> Plan:
    """The plan that was dumped; "" is the edition's own."""
    told = json.loads(text) if text else {}
    slots = told.get("slots")
    return Plan(told.get("settings", {}), None if slots is None else tuple(
        Slot(**{**slot, "tags": tuple(slot["tags"])}) for slot in slots))


@dataclass(frozen=True)
class Allowance:
    """What an exception grants; "" and 0 leave the quiz's own."""
    extra_percent: int = 0              # of the time limit
    extra_minutes: int = 0
    attempts: int = 0                   # how many in all
    opens: str = ""                     # ISO instant
    due: str = ""                       # ISO instant

    @property
    def opens_at(self) -> datetime | None:
        return datetime.fromisoformat(self.opens) if self.opens else None

    @property
    def due_at(self) -> datetime | None:
        return datetime.fromisoformat(self.due) if self.due else None

    def window(self, window: Window) -> Window:
        """The module's dates as the quiz of who has this goes by them. More time given besides is never shortened."""
        opens, until = self.opens_at, self.due_at
        if opens:
            window = replace(window, opens_at=opens)
        if until and not ("quiz" in window.extended and window.quiz_due and window.quiz_due > until):
            window = replace(window, quiz_due=until, extended=(*window.extended, "quiz"))
        return window

    def dates(self, window: Window) -> Window:
        """The same where the whole module is shown: it opens when it opens, only its quiz may open at another time."""
        own = self.window(window)
        return replace(own, opens_at=window.opens_at,
                       quiz_opens_at=own.opens_at if own.opens_at != window.opens_at else None)
