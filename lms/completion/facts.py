"""What a verdict looks at beside marks: closed actas, recorded exceptions, recognised studies, hours. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar

from lms.credits.rules import Entry, Hours
from lms.grading.rules import ModuleResult


@dataclass(frozen=True)
class Closed:
    """What the acta in force says of a person in a module."""
    folio: str
    acta_id: int
    at: datetime
    state: str                      # actas.rules: approved | failed | absent | free | regular | withdrawn | pending
    share: Fraction | None = None


@dataclass(frozen=True)
class Waiver:
    """A recorded exception: this person need not meet this requirement. One that withdraws another names it."""
    id: int
    person_id: int
    requirement: str                # Item.key
    reason: str
    author: str
    at: datetime
    withdraws_id: int | None = None


@dataclass(frozen=True)
class Recognised:
    """An earlier study that stands for a module, with its evidence."""
    id: int
    person_id: int
    module: str
    study: str
    institution: str
    reason: str                     # the resolution, or why
    author: str
    at: datetime
    day: date | None = None         # when it was finished
    share: Fraction | None = None   # None: without a grade, it does not count in the final one
    withdraws_id: int | None = None


Kept = TypeVar("Kept", Waiver, Recognised)


def holding(rows: Iterable[Kept]) -> list[Kept]:
    """Those that nobody has withdrawn, first to last."""
    found = sorted(rows, key=lambda row: row.id)
    withdrawn = {row.withdraws_id for row in found if row.withdraws_id}
    return [row for row in found if row.withdraws_id is None and row.id not in withdrawn]


@dataclass(frozen=True)
class Record:
    """Everything a verdict may look at, and nothing else."""
    results: Mapping[str, ModuleResult]     # by module code; absent: nothing done yet
    hours: Hours = Hours()
    name_confirmed: bool = False
    closed: Mapping[str, Closed] = field(default_factory=dict)          # by module code
    waivers: Mapping[str, Waiver] = field(default_factory=dict)         # by Item.key
    recognised: Mapping[str, Recognised] = field(default_factory=dict)  # by module code
    credits: tuple[Entry, ...] = ()         # the lines of the ledger that hold, behind `hours`

    @property
    def plain(self) -> bool:
        """Whether marks alone decide the modules."""
        return not (self.closed or self.waivers or self.recognised)
