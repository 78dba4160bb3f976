"""What stands in each place of a gradebook: columns, lines, means, who is shown. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, Literal, TypeAlias

from lms.catalogue.rules import Module, Programme
from lms.grading.rules import HOME, ModuleResult, Scale, grade

Which: TypeAlias = Literal["home", "other", "both"]
ITEMS = {"quiz": "Control", "task": "Tarea"}
WAITS = {"excused": "excusado", "exempt": "eximido", "absent": "ausente", "none": "sin nota", "running": "en curso",
         "marking": "por corregir", "unreleased": "sin publicar"}
VIEWS = ("todas", "pendientes", "bajo")     # whom a page shows: all, with work to mark, with a grade that does not pass
FINAL = "final"
PAGE = 100                                  # participants a page


@dataclass(frozen=True)
class Column:
    """A module, an item of one, or the final grade."""
    module: str
    item: str = ""
    edge: bool = field(default=False, compare=False)        # a heavier line before it: another component begins
    label: str = field(default="", compare=False)           # of an item that is neither quiz nor task

    @property
    def name(self) -> str:
        return ITEMS.get(self.item) or self.label or self.item or ("Final" if self.module == FINAL else self.module)


@dataclass(frozen=True)
class Cell:
    """What one person has in one column. `share` is None while there is no grade."""
    share: Fraction | None
    state: str = "none"
    passed: bool | None = None
    changed: bool = False           # somebody recorded it by hand


@dataclass(frozen=True)
class Group:
    """What one person has in the columns of one module, or as the final grade. Who has the same marks there shares one,
    from one page to the next, and with it what pages make of it: `made`, by a token of the page's form."""
    cells: tuple[Cell, ...]
    units: tuple[int | None, ...] = ()      # the grades in steps of the home scale: 5,8 is 58
    of: object = field(default=None, compare=False, repr=False)     # held, so that nothing else can have its id
    made: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def waits(self) -> bool:
        return any(c.state in ("marking", "unreleased") for c in self.cells)

    @cached_property
    def low(self) -> bool:
        return any(c.passed is False for c in self.cells)


@dataclass(frozen=True)
class Line:
    person_id: int
    groups: tuple[Group, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(chain.from_iterable(group.cells for group in self.groups))

    @property
    def waits(self) -> bool:
        return any(group.waits for group in self.groups)

    @property
    def low(self) -> bool:
        return any(group.low for group in self.groups)


@dataclass(frozen=True)
class Book:
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    home: Scale = HOME

    @cached_property
    def units(self) -> list[list[int]]:
        """Each column's grades in steps of the home scale, of what has one."""
        side_by_side = zip(*(line.groups for line in self.lines), strict=True)
        return [[n for n in column if n is not None] for groups in side_by_side
                for column in zip(*(group.units for group in groups), strict=True)]

    def of(self, person_id: int) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.person_id == person_id)

    def telling(self) -> int:
        """The place of the last module (or the final grade) that anybody has a grade in; else of the last column."""
        return next((i for i in reversed(range(len(self.units))) if not self.columns[i].item and self.units[i]),
                    len(self.columns) - 1)

    def means(self) -> list[Fraction | None]:
        """The mean of each column's grades on the home scale, as it is shown: of what has a grade."""
        whole = 10 ** self.home.decimals
        return [Fraction(sum(found), whole * len(found)) if found else None
                for found in self.units or [[]] * len(self.columns)]

    def grades(self, place: int) -> list[Decimal]:
        """What a column's cells come to on the home scale, of what has a grade."""
        return [Decimal(n).scaleb(-self.home.decimals) for n in self.units[place]] if self.units else []


def detailed(programme: Programme) -> tuple[Column, ...]:
    """Every item of every module, each module, and the final grade."""
    return (*(c for m in programme.modules for c in columns(programme, m)), Column(FINAL, edge=True))


def columns(programme: Programme, module: Module | None = None) -> tuple[Column, ...]:
    """Of a module its items and itself; else every module in the programme's order, and the final grade."""
    if module is not None:
        items = [Column(module.code, name) for name, part in (("quiz", module.quiz), ("task", module.task)) if part]
        own = [Column(module.code, item.code, label=item.name) for item in module.grading.items]
        return (*items, *own, Column(module.code, edge=True))
    first = {component.modules[0] for component in programme.components[1:] if component.modules}
    return (*(Column(m.code, edge=m.code in first) for m in programme.modules), Column(FINAL, edge=True))


def cell(result: ModuleResult, item: str, home: Scale = HOME, changed: bool = False) -> Cell:
    if not item:
        return Cell(result.share, result.status or result.state, result.passed if result.share is not None else None,
                    changed)
    part = result.part(item)
    share = part.share if part else None
    return Cell(share, part.state if part else "none", passes(share, home), changed)


@lru_cache(16)
def marks(shown: Scale, home: Scale) -> "dict[Fraction, Decimal]":
    """What is known of these two scales: share -> mark. Ask by `mark`."""
    return {}


MOST_KNOWN = 20_000             # shares whose mark is remembered, for each scale


def mark(share: Fraction, known: dict[Fraction, Decimal], shown: Scale, home: Scale) -> Decimal:
    """The mark of a share. `known` is `marks` of the same scales: ten thousand cells have some hundred different."""
    if (found := known.get(share)) is None:
        if len(known) >= MOST_KNOWN:
            known.clear()
        found = known[share] = grade(share, shown, home).value
    return found


def shown(found: Book, view: str) -> Book:
    """The lines of one view."""
    keep = {"pendientes": lambda line: line.waits, "bajo": lambda line: line.low}.get(view)
    return Book(found.columns, tuple(filter(keep, found.lines)), found.home) if keep else found


def spread(grades: Iterable[Decimal], home: Scale = HOME) -> list[tuple[int, int]]:
    """How many have a grade that begins with 1, 2, … of the home scale; the last takes the maximum in."""
    low, high = int(home.minimum), int(home.maximum)
    counts = dict.fromkeys(range(low, high), 0)
    for found in grades:
        counts[min(int(found), high - 1)] += 1
    return list(counts.items())


def passes(share: Fraction | None, home: Scale = HOME) -> bool | None:
    return None if share is None else mark(share, marks(home, home), home, home) >= home.passing
