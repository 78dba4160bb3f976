"""A gradebook put together from results: what stands in a module's columns is made once for all who share a result.

Results are shared by all who have the same marks (grading.anew), so a cohort has some thousand different ones and not
fifty for each person. Nothing is stored: a result is computed from the facts each time, and a new one is drawn anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from lms.catalogue.rules import Programme
from lms.gradebook.rules import FINAL, Book, Cell, Column, Group, Line, cell, passes
from lms.grading.rules import HOME, ModuleResult, Scale, final_result

MOST = 20_000                   # groups remembered by this process
Changed = frozenset[tuple[int, str, str]]
Known = dict[int, Group]
_known: dict[tuple[str, tuple[str, ...], int], tuple[Scale, Known]] = {}


class Shape:
    """The columns of one module, and what is known to stand in them: by the result's id, which the group holds."""

    def __init__(self, module: str, items: tuple[str, ...], home: Scale) -> None:
        self.module, self.items, self.home = module, items, home
        self.known = _known.setdefault((module, items, id(home)), (home, {}))[1]

    def of(self, result: ModuleResult) -> Group:
        if (found := self.known.get(id(result))) is None:
            if sum(len(known) for _, known in _known.values()) >= MOST:
                for _, known in list(_known.values()):
                    known.clear()
            found = self.known[id(result)] = self.drawn(result)
        return found

    def drawn(self, result: ModuleResult, changed: frozenset[str] = frozenset()) -> Group:
        cells = tuple(cell(result, item, self.home, item in changed) for item in self.items)
        return Group(cells, units(cells, self.home), result)


def book(programme: Programme, results: Mapping[int, Mapping[str, ModuleResult]], people: Iterable[int],
         wanted: Sequence[Column], home: Scale = HOME, changed: Changed = frozenset()) -> Book:
    """`changed`: (person, module, item) of what somebody recorded by hand; item "" is the module."""
    shapes = [Shape(module, tuple(c.item for c in found), home)
              for module, found in groupby(wanted, key=lambda c: c.module) if module != FINAL]
    places = [(shape.known, shape.module) for shape in shapes]
    by_hand: dict[int, dict[str, set[str]]] = {}
    for person, module, item in changed:
        by_hand.setdefault(person, {}).setdefault(module, set()).add(item)
    ends = any(c.module == FINAL for c in wanted)
    lines, finals = [], dict[tuple[int, int], Group]()
    for person in people:
        mine = results[person]
        if person in by_hand:
            touched = by_hand[person]
            groups = [s.drawn(mine[s.module], frozenset(touched[s.module])) if s.module in touched
                      else s.of(mine[s.module]) for s in shapes]
        else:
            try:
                groups = [known[id(mine[code])] for known, code in places]
            except KeyError:
                groups = [shape.of(mine[shape.module]) for shape in shapes]
        if ends:
            groups.append(final(programme, mine, home, finals))
        lines.append(Line(person, tuple(groups)))
    return Book(tuple(wanted), tuple(lines), home)


def final(programme: Programme, results: Mapping[str, ModuleResult], home: Scale,
          known: dict[tuple[int, int], Group]) -> Group:
    share = final_result(programme, results, home).share
    name = (-1, 0) if share is None else (share.numerator, share.denominator)
    if name not in known:
        cells = (Cell(share, "marked" if share is not None else "none", passes(share, home)),)
        known[name] = Group(cells, units(cells, home))
    return known[name]


def units(cells: Sequence[Cell], home: Scale) -> tuple[int | None, ...]:
    return tuple(None if c.share is None else home.units(home.raw(c.share)) for c in cells)


@lru_cache(64)
def token(*form: object) -> object:
    """A name for what is made of groups in one form, the same for equal forms and quick to look up."""
    return object()
