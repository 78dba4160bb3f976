"""Weighs figures that stand within one another to one, in grades or in points, saying each step. Pure, exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms.catalogue.rules import Grading
from lms.grading.aggregation import Cell, Rule, Total, total
from lms.grading.scales import Scale
from lms.grading.values import Step

NONE, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Leaf:
    """A figure to be weighed: a part of a module, a module of a component."""
    code: str
    name: str
    share: Fraction | None
    weight: Fraction = ALL
    most: Fraction = Fraction(100)
    extra: bool = False


@dataclass(frozen=True)
class Pot:
    """What is weighed together to one figure."""
    code: str
    name: str
    rule: Rule
    inside: "tuple[Leaf | Pot, ...]"
    weight: Fraction = ALL
    extra: bool = False
    least: Decimal | None = None


@dataclass(frozen=True)
class Weighed:
    """The figure between the ends of the home scale (or of the points), 0..1; None where it waits or nothing counts."""
    figure: Fraction | None
    most: Fraction = Fraction(100)
    steps: tuple[Step, ...] = ()
    under: tuple[Step, ...] = ()            # what is below its own least grade


class Weigher:
    """Weighs in grades of the home scale, or in points."""

    def __init__(self, home: Scale, grading: Grading):
        self.home, self.points, self.missing = home, grading.unit == "points", grading.missing
        self.low, self.range = Fraction(home.minimum), Fraction(home.maximum - home.minimum)
        self.least = max((g for g in (home.least, grading.least) if g is not None), default=None)

    def figure(self, share: Fraction) -> Fraction:
        if self.points:
            return share
        raw = self.home.raw(share)
        return ((Fraction(self.home.rounded(raw)) if self.home.round_first else raw) - self.low) / self.range

    def share(self, figure: Fraction) -> Fraction:
        return figure if self.points else self.home.share(self.raw(figure))

    def raw(self, figure: Fraction) -> Fraction:
        return self.home.raw(figure) if self.points else self.low + figure * self.range

    def grade(self, figure: Fraction) -> Decimal:
        return self.home.rounded(self.raw(figure))

    def partial(self, figure: Fraction) -> Fraction:
        """A category's figure as it goes into what is around it: rounded, where partial grades are."""
        if self.points or not self.home.round_first:
            return figure
        return (Fraction(self.grade(figure)) - self.low) / self.range

    def weigh(self, pot: Pot, top: bool = True) -> Weighed:
        cells: list[Cell] = []
        steps: list[Step] = []
        under: list[Step] = []
        names: dict[str, str] = {}
        for one in pot.inside:
            inner = Weighed(None if one.share is None else self.figure(one.share), one.most) if isinstance(
                one, Leaf) else self.weigh(one, False)
            steps += inner.steps
            under += inner.under
            if inner.figure is None and self.missing == "wait" and not one.extra:
                return Weighed(None)
            if inner.figure is None and (self.missing == "skip" or one.extra):
                continue
            figure = Fraction(0) if inner.figure is None else inner.figure
            figure = figure if isinstance(one, Leaf) else self.partial(figure)
            least = one.least if isinstance(one, Pot) else None
            floor = max((g for g in (least, self.least if top else None) if g is not None), default=None)
            if floor is not None and not one.extra and self.grade(figure) < floor:
                under.append(Step("least", {"name": one.name, "item": one.code, "grade": self.grade(figure),
                                            "least": floor}))
            most = inner.most if isinstance(one, Leaf) or one.rule.how == "natural" else Fraction(100)
            cells.append(Cell(one.code, figure, one.weight, most, Fraction(one.weight, 100) if one.extra else NONE))
            names[one.code] = one.name
        found = total(cells, pot.rule)
        if found.share is None:
            return Weighed(None, steps=tuple(steps))
        said = self._said(pot, found, names, top)
        return Weighed(found.share, found.most, (*steps, *said), tuple(under))

    def _said(self, pot: Pot, found: Total, names: Mapping[str, str], top: bool) -> list[Step]:
        assert found.share is not None
        if len(pot.inside) < 2 and (not top or any(isinstance(one, Pot) for one in pot.inside)):
            return []                       # it repeats the figure it holds
        values: dict[str, Any] = {
            "name": pot.name, "how": pot.rule.how, "raw": self.raw(found.share), "grade": self.grade(found.share),
            "points": self.points, "share": found.share,
            "terms": [{"item": c.code, "name": names[c.code], "weight": w, "extra": bool(c.extra), "share": c.share,
                       "grade": self.grade(c.share or Fraction(0)), "most": c.most} for c, w in found.counted],
            "dropped": [{"item": c.code, "name": names[c.code], "grade": self.grade(c.share or Fraction(0))}
                        for c in found.dropped], "drop": pot.rule.drop, "keep": pot.rule.keep}
        return [Step("total" if top else "category", values)]
