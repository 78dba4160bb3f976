"""What grading computes, as values: parts, modules, the diploma, and the lines that say how. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

from lms.grading.scales import HOME, Scale

DONE = ("marked", "excused", "exempt", "absent")        # states that wait for nobody
ORDER = ("none", "running", "marking", "unreleased", *DONE)


@dataclass(frozen=True)
class Step:
    """One line of "cómo se calculó": explanation.py says it in words."""
    kind: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A quiz, a task or another item within a module."""
    item: str                       # quiz | task | an own item's code
    weight: int                     # %
    share: Fraction | None          # None: no mark to show yet, or none that counts
    state: str                      # ORDER
    steps: tuple[Step, ...] = ()
    name: str = ""                  # of an own item; quiz and task are named by the page
    within: str = ""                # the category it is weighed in: then its weight is not one of the module
    extra: bool = False             # extra credit


@dataclass(frozen=True)
class ModuleResult:
    """What a module comes to. share is None while any part it needs is without a mark, and where it has no grade."""
    module: str
    share: Fraction | None
    passed: bool | None
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    status: str = ""                # excused (does not count) | exempt (counts as passed, without grade) | absent
    home: Scale = HOME              # the scale that decided

    @property
    def state(self) -> str:
        """The least advanced of its parts: what it waits for."""
        if self.status:
            return "marked"
        found = min((p.state for p in self.parts), key=ORDER.index, default="none")
        return "marked" if found in DONE else found

    def part(self, item: str) -> Part | None:
        return next((p for p in self.parts if p.item == item), None)

    @cached_property
    def units(self) -> int | None:
        """Its rounded grade in steps of the home scale (5,8 is 58): a result is shared by all who have the same."""
        return None if self.share is None or self.status else self.home.units(self.home.raw(self.share))


class Later(Sequence[Step]):
    """Steps that are only put together when somebody reads them."""

    def __init__(self, make: Callable[[], Sequence[Step]]):
        self.make = make

    @cached_property
    def made(self) -> Sequence[Step]:
        return self.make()

    def __len__(self) -> int:
        return len(self.made)

    def __getitem__(self, at: Any) -> Any:
        return self.made[at]


@dataclass(frozen=True)
class FinalResult:
    """The diploma's grade: each component from its modules, then the components at their weights."""
    share: Fraction | None
    steps: Sequence[Step]
    home: Scale = HOME


@dataclass(frozen=True)
class Change:
    """A grade that a person recorded by hand."""
    id: int
    person_id: int
    module: str
    item: str                       # "" the module
    kind: str                       # changes.KINDS
    share: Fraction | None
    reason: str
    author_id: int
    at: datetime


@dataclass(frozen=True)
class Recorded:
    """What the recorded changes of one item, or of a module, come to: the last word of each sort."""
    base: Change | None = None      # set | excused | exempt | absent
    resit: Change | None = None
    extra: Change | None = None

    @property
    def kind(self) -> str:
        return self.base.kind if self.base else ""


Records = Mapping[str, Recorded]    # by item; "" the module
NOTHING = Recorded()


def recorded(changes: Iterable[Change]) -> dict[str, Recorded]:
    """By item, from first to last: `cleared` takes back all that was recorded of an item."""
    found: dict[str, Recorded] = {}
    for c in changes:
        now = found.get(c.item, NOTHING)
        if c.kind == "cleared":
            found.pop(c.item, None)
        elif c.kind == "resit":
            found[c.item] = Recorded(now.base, c, now.extra)
        elif c.kind == "extra":
            found[c.item] = Recorded(now.base, now.resit, c)
        else:
            found[c.item] = Recorded(c, now.resit, now.extra)
    return found
