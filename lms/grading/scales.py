"""Grade scales as data: one exact share of the points, presented as each country writes it. Pure, exact.

Sources: the Chilean 1,0-7,0 scale with a kink at the demanded share, its linear counterpart for other scales anchored
at the pass mark (the family of the modified Bavarian formula), and tables of equivalence as agreements print them.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from lms.foundation.spanish import decimal_words

ROUNDINGS = ("half_up", "half_even", "half_down", "up", "down")
Table = tuple[tuple[Decimal, Decimal], ...]         # from this home grade on -> this mark
NONE, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Scale:
    """A straight line from `minimum` to `passing` at the demanded share, and on to `maximum`; or a table."""
    id: str                     # versioned name: a changed scale is a new one
    name: str                   # as a paper says it
    place: str                  # as a page labels it
    minimum: Decimal
    passing: Decimal
    maximum: Decimal
    demand: Fraction            # share of the points at which one passes, 0 < demand < 1
    decimals: int
    country: str = ""           # whose own scale it is
    rounding: str = "half_up"   # ROUNDINGS; up and down are towards the maximum and the minimum
    round_first: bool = True    # partial grades are rounded before they are averaged
    least: Decimal | None = None    # under this in any part that counts one fails, whatever the mean
    guard: bool = True          # a mark never stands on the other side of the pass line than the home grade
    table: Table = ()           # an agreement's equivalences, which take the place of the line
    labels: tuple[tuple[Decimal, str], ...] = ()    # from this grade on -> "suficiente"

    @cached_property
    def known_shares(self) -> dict[tuple[int, int], Fraction]:
        """What `share` was asked already: by a grade's numerator and denominator."""
        return {}

    @property
    def step(self) -> Decimal:
        return Decimal(1).scaleb(-self.decimals)

    def raw(self, share: Fraction) -> Fraction:
        """Share 0..1 (bonus clamps) -> exact grade, not rounded."""
        f = min(max(share, NONE), ALL)
        low, mid, high = Fraction(self.minimum), Fraction(self.passing), Fraction(self.maximum)
        if f <= self.demand:
            return low + (mid - low) * f / self.demand
        return mid + (high - mid) * (f - self.demand) / (1 - self.demand)

    def share(self, grade: Fraction) -> Fraction:
        """The inverse of `raw`: the share that a grade stands for."""
        low, mid, high = Fraction(self.minimum), Fraction(self.passing), Fraction(self.maximum)
        g = min(max(grade, low), high)
        if g <= mid:
            return (g - low) / (mid - low) * self.demand
        return self.demand + (g - mid) / (high - mid) * (1 - self.demand)

    def rounded(self, raw: Fraction) -> Decimal:
        """`round(float, 1)` gives another grade in 46 of 433 whole-point scores; Decimal of a float too."""
        return Decimal(self.units(raw)).scaleb(-self.decimals)

    def units(self, raw: Fraction) -> int:
        """A rounded grade in steps of the scale: 5,8 is 58."""
        return self.whole(raw.numerator * 10 ** self.decimals, raw.denominator)

    def whole(self, up: int, down: int) -> int:
        """`up` / `down` rounded to a whole number, as the scale rounds."""
        if self.rounding == "half_up":
            return (2 * up + down) // (2 * down)            # floor(x + 1/2)
        if self.rounding == "half_down":
            return -((down - 2 * up) // (2 * down))         # ceil(x - 1/2)
        if self.rounding == "half_even":
            return round(Fraction(up, down))
        return -(-up // down) if self.rounding == "up" else up // down

    def listed(self, home_grade: Decimal) -> Decimal:
        """The mark that the table has for a grade of the home scale."""
        return self.table[max(bisect_right(self.table, home_grade, key=lambda row: row[0]) - 1, 0)][1]

    def written(self, value: Decimal | Fraction) -> str:
        """"5,8"; "8": with a comma, with the decimals the scale has."""
        return f"{Decimal(value) if isinstance(value, int) else value:.{self.decimals}f}".replace(".", ",")

    def words(self, value: Decimal) -> str:
        """"cinco coma ocho"; "diez"."""
        return decimal_words(self.written(value))

    def label(self, value: Decimal) -> str:
        """What the scale calls this grade ("suficiente"); "" where it names none."""
        return next((words for since, words in reversed(self.labels) if value >= since), "")


@dataclass(frozen=True)
class Grade:
    """A grade as shown: the rounded value, and whether it passes (decided once, on the home scale)."""
    value: Decimal
    passed: bool
    raw: Fraction
    scale: Scale

    @property
    def written(self) -> str:
        return self.scale.written(self.value)

    @property
    def words(self) -> str:
        return self.scale.words(self.value)


CHILEAN_WORDS = ("muy malo", "malo", "deficiente", "suficiente", "más que suficiente", "bueno", "muy bueno")
SCALES = {          # the seeds: what every cohort has until the office chooses otherwise (grading.policies)
    "CL": Scale("cl-60-2026", "escala de 1,0 a 7,0, nota mínima de aprobación 4,0", "Chile", Decimal("1.0"),
                Decimal("4.0"), Decimal("7.0"), Fraction(60, 100), 1, "CL",
                labels=tuple((Decimal(n), words) for n, words in enumerate(CHILEAN_WORDS, 1))),
    "AR": Scale("ar-4-2026", "escala de 1 a 10, nota mínima de aprobación 4", "Argentina", Decimal(1), Decimal(4),
                Decimal(10), Fraction(60, 100), 0, "AR"),
}
HOME = SCALES["CL"]             # the school's own: it decides who passes


def grade(share: Fraction, shown: Scale, home: Scale = HOME) -> Grade:
    """Present a share on a scale. Passing is decided by the rounded home grade; the guard keeps both sides agreeing."""
    at_home = home.rounded(home.raw(share))
    passed = at_home >= home.passing
    if shown is home or shown == home:
        return Grade(at_home, passed, home.raw(share), home)
    if shown.table:
        value = shown.listed(at_home)
        raw = Fraction(value)
    else:
        raw = shown.raw(share)
        value = shown.rounded(raw)
    if shown.guard:
        value = max(value, shown.passing) if passed else min(value, shown.passing - shown.step)
    return Grade(value, passed, raw, shown)


def share_of(value: Decimal, shown: Scale, home: Scale = HOME) -> Fraction:
    """The share that a written mark stands for, so that it is written the same again: for grades that come without
    points. A mark of a table stands for the least home grade it is given for; one that the guard moves, for the nearest
    share on its own side of the pass line."""
    fails = home.share(Fraction(home.passing - home.step))
    if shown.table:
        found = [home.share(Fraction(since)) for since, mark in shown.table if mark == value]
        return found[0] if found else home.share(Fraction(shown.table[-1][0] if value > shown.table[-1][1] else
                                                          shown.table[0][0]))
    plain = shown.share(Fraction(value))
    if shown is home or not shown.guard:
        return plain
    half = home.share(Fraction(home.passing) - Fraction(home.step) / 2)
    tries = [plain, max(plain, home.demand), max(plain, half)] if value >= shown.passing else [
        plain, min(plain, half), min(plain, fails)]
    return next((t for t in tries if grade(t, shown, home).value == value), tries[1] if value >= shown.passing
                else tries[2])


def mean(parts: Sequence[tuple[Fraction, int]], home: Scale = HOME, round_first: bool | None = None) -> Fraction:
    """The weighted mean of shares, taken in grades as Chilean practice does (each partial rounded first), as a share.

    `parts`: (share, weight). The order of rounding matters: 3,85 and 3,95 pass together only when rounded first.
    """
    first = home.round_first if round_first is None else round_first
    weights = sum(weight for _, weight in parts)
    grades = [(Fraction(home.rounded(home.raw(share))) if first else home.raw(share), weight)
              for share, weight in parts]
    return home.share(sum((g * w for g, w in grades), Fraction(0)) / weights)
