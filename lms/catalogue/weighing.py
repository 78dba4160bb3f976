"""How a module's and the diploma's results are weighed, as an author says it. Pure values."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

HOWS = ("weighted_mean", "mean", "simple_weighted_mean", "mean_with_extra_credit", "median", "lowest", "highest",
        "mode", "natural")
EXTRA = ("weighted_mean", "simple_weighted_mean", "mean_with_extra_credit", "natural")     # where extra credit is one
MISSING = ("wait", "skip", "zero")
ABSENT = ("least", "none")
UNITS = ("grades", "points")


@dataclass(frozen=True)
class Item:
    """Work graded outside of the quiz and the task: its grades are recorded by hand."""
    code: str
    name: str
    weight: int                     # in its category, or in the module (%)
    points: int = 100               # what it is out of, where points are summed
    extra: bool = False             # extra credit: adds, and is not part of what it is divided by


@dataclass(frozen=True)
class Category:
    """Items, or other categories, that come to one figure before they count in what is around them."""
    code: str
    name: str
    weight: int
    items: tuple[str, ...]          # quiz, task, items' and categories' codes
    how: str = "weighted_mean"
    drop: int = 0                   # so many of the lowest do not count
    keep: int = 0                   # only so many of the highest count
    extra: bool = False
    least: Decimal | None = None    # a grade: under it one fails, whatever the mean


@dataclass(frozen=True)
class Resit:
    """A second chance for who came near: its grade replaces the first, up to a cap. Home grades."""
    least: Decimal                  # from this grade
    most: Decimal                   # to this one
    cap: Decimal


@dataclass(frozen=True)
class Exemption:
    """Who has at least this grade in the rest is spared the item."""
    item: str
    least: Decimal


@dataclass(frozen=True)
class Grading:
    """How parts become one result. By itself, as it always was: the weighted mean of rounded grades, all needed."""
    how: str = "weighted_mean"
    drop: int = 0
    keep: int = 0
    unit: str = "grades"            # what is averaged: grades of the home scale, or the shares of the points
    missing: str = "wait"           # a part without a mark: no result yet | it does not count | it counts as none
    absent: str = "least"           # who was absent gets the least grade | no grade
    least: Decimal | None = None    # a grade: under it in any part one fails, whatever the mean
    resit: Resit | None = None
    exemption: Exemption | None = None
    items: tuple[Item, ...] = ()
    categories: tuple[Category, ...] = ()
    extra: tuple[str, ...] = ()     # of quiz and task, what is extra credit
    points: tuple[Fraction, Fraction] = (Fraction(100), Fraction(100))     # what quiz and task are out of

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    @cached_property
    def plain(self) -> bool:
        """Whether only the weights say anything. A resit and who was absent matter only to what is recorded."""
        return replace(self, resit=None, absent=PLAIN.absent, points=PLAIN.points) == PLAIN

    @cached_property
    def inside(self) -> frozenset[str]:
        """What stands in a category."""
        return frozenset(code for category in self.categories for code in category.items)


PLAIN = Grading()
