"""What a report says, whichever platform wrote it: who was there from when to when, by the clock of its own zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Join:
    """One row: one stay of one person, or, where the platform tells no more, one person."""
    row: int                            # as a spreadsheet program numbers it
    shown: str                          # the name as the file has it
    name: str                           # without what the platform adds to it
    original: str = ""                  # the one in parentheses, of who changed the name shown
    email: str = ""
    joined: datetime | None = None      # wall time, without a zone
    left: datetime | None = None
    seconds: int | None = None          # as the file says
    role: str = ""
    waiting: bool = False               # in the waiting room: never counts
    whole: bool = True                  # False: from the first entry to the last exit, perhaps with absences between
    open: bool = False                  # no exit was written: until the end of the meeting

    @property
    def span(self) -> int | None:
        """Seconds from entry to exit."""
        return None if self.joined is None or self.left is None else int((self.left - self.joined).total_seconds())

    @property
    def certain(self) -> bool:
        """Was the person there all the time from entry to exit? Durations in whole minutes may fall short by one."""
        return self.span is not None and (self.whole or self.seconds is None or self.seconds > self.span - 60)


@dataclass(frozen=True)
class Fault:
    """A row that says nothing usable, and why."""
    row: int
    shown: str
    message: str


@dataclass(frozen=True)
class Question:
    """What only a person can say: how dates read ("order"), what day it was ("day"), what columns are ("columns")."""
    kind: str
    choices: Mapping[str, str] = field(default_factory=dict)    # order -> what the first date would be, in ISO form
    heads: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    guess: Mapping[str, int] = field(default_factory=dict)      # field -> column


@dataclass(frozen=True)
class Report:
    platform: str                       # zoom | teams | meet | other
    title: str = ""
    starts: datetime | None = None      # as the file says, in its own wall time
    ends: datetime | None = None
    order: str = ""                     # dm | md: how its dates were read; "" when they read one way only
    utc: bool = False                   # the file says its zone: times are in UTC
    joins: tuple[Join, ...] = ()
    faults: tuple[Fault, ...] = ()
    questions: tuple[Question, ...] = ()
    heads: tuple[str, ...] = ()         # of the table that was read
    dayless: bool = False               # neither its times nor anything else says of what day it is

    @property
    def timed(self) -> bool:
        """Does it say when, or only how long?"""
        return any(j.joined for j in self.joins)

    @property
    def first(self) -> datetime | None:
        return min((j.joined for j in self.joins if j.joined), default=self.starts)

    @property
    def last(self) -> datetime | None:
        return max((j.left for j in self.joins if j.left), default=self.ends)
