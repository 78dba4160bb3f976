"""What stands in each place of a gradebook: columns, lines, means, who is shown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeAlias

from lms.catalogue.rules import Module, Programme
from lms.grading.rules import HOME, ModuleResult, Scale, final_result, grade

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
class Line:
    person_id: int
    cells: tuple[Cell, ...]

    @property
    def waits(self) -> bool:
        return any(c.state in ("marking", "unreleased") for c in self.cells)

    @property
    def low(self) -> bool:
        return any(c.passed is False for c in self.cells)


@dataclass(frozen=True)
class Book:
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def telling(self) -> int:
        """The place of the last module (or the final grade) that anybody has a grade in; else of the last column."""
        return next((i for i in reversed(range(len(self.columns))) if not self.columns[i].item
                     and any(line.cells[i].share is not None for line in self.lines)), len(self.columns) - 1)

    def means(self, home: Scale = HOME) -> list[Fraction | None]:
        """The mean of each column's grades on the home scale, as it is shown: of what has a grade."""
        return [mean_grade(self.grades(i, home)) for i in range(len(self.columns))]

    def grades(self, place: int, home: Scale = HOME) -> list[Decimal]:
        """What a column's cells come to on the home scale, of what has a grade. Equal cells are one object: each is
        looked up once, by what it is and not by its exact share, whose hash costs ten times as much."""
        known, found, grades = marks(home, home), {}, []
        for line in self.lines:
            cell = line.cells[place]
            if cell.share is not None:
                if (name := id(cell)) not in found:
                    found[name] = mark(cell.share, known, home, home)
                grades.append(found[name])
        return grades


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


def book(programme: Programme, results: Mapping[int, Mapping[str, ModuleResult]], people: Iterable[int],
         wanted: Sequence[Column], home: Scale = HOME,
         changed: frozenset[tuple[int, str, str]] = frozenset()) -> Book:
    """`changed`: (person, module, item) of what somebody recorded by hand; item "" is the module.

    Who has the same marks in a module shares one result, and so its cells: each is made once."""
    made: dict[tuple[int, str], Cell] = {}
    by_hand = {person for person, _, _ in changed}
    lines = []
    for person in people:
        mine, cells = results[person], []
        for column in wanted:
            if column.module == FINAL:
                cells.append(final(programme, mine, home))
            elif person in by_hand:
                key = person, column.module, column.item
                cells.append(cell(mine[column.module], column.item, home, key in changed))
            else:
                name = id(mine[column.module]), column.item
                if name not in made:
                    made[name] = cell(mine[column.module], column.item, home)
                cells.append(made[name])
        lines.append(Line(person, tuple(cells)))
    return Book(tuple(wanted), tuple(lines))


def final(programme: Programme, results: Mapping[str, ModuleResult], home: Scale = HOME) -> Cell:
    share = final_result(programme, dict(results), home).share
    return Cell(share, "marked" if share is not None else "none", _passes(share, home))


def cell(result: ModuleResult, item: str, home: Scale = HOME, changed: bool = False) -> Cell:
    if not item:
        return Cell(result.share, result.status or result.state, result.passed if result.share is not None else None,
                    changed)
    part = result.part(item)
    share = part.share if part else None
    return Cell(share, part.state if part else "none", _passes(share, home), changed)


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
    return Book(found.columns, tuple(filter(keep, found.lines))) if keep else found


def mean_grade(grades: Sequence[Decimal]) -> Fraction | None:
    return Fraction(sum(grades, Decimal(0))) / len(grades) if grades else None


def spread(grades: Iterable[Decimal], home: Scale = HOME) -> list[tuple[int, int]]:
    """How many have a grade that begins with 1, 2, … of the home scale; the last takes the maximum in."""
    low, high = int(home.minimum), int(home.maximum)
    counts = dict.fromkeys(range(low, high), 0)
    for found in grades:
        counts[min(int(found), high - 1)] += 1
    return list(counts.items())


def _passes(share: Fraction | None, home: Scale = HOME) -> bool | None:
    return None if share is None else mark(share, marks(home, home), home, home) >= home.passing
