"""Grade scales as data: one exact share of the points, presented as each country writes it. Pure, exact.

Sources: the Chilean 1,0-7,0 scale with a kink at the demanded share, and its linear counterpart for other scales
anchored at the pass mark (the family of the modified Bavarian formula).
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

UNITS = "cero uno dos tres cuatro cinco seis siete ocho nueve diez".split()


@dataclass(frozen=True)
class Scale:
    """A straight line from `minimum` to `passing` at the demanded share, and on to `maximum`."""
    id: str                     # versioned name: a changed scale is a new one
    name: str                   # as a paper says it
    place: str                  # as a page labels it
    minimum: Decimal
    passing: Decimal
    maximum: Decimal
    demand: Fraction            # share of the points at which one passes, 0 < demand < 1
    decimals: int

    @property
    def step(self) -> Decimal:
        return Decimal(1).scaleb(-self.decimals)

    def raw(self, share: Fraction) -> Fraction:
        """Share 0..1 (bonus clamps) -> exact grade, not rounded."""
        f = min(max(share, Fraction(0)), Fraction(1))
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
        """Half up. `round(float, 1)` gives another grade in 46 of 433 whole-point scores; Decimal of a float too."""
        scaled = raw * 10 ** self.decimals
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)      # floor(x + 1/2)
        return Decimal(whole).scaleb(-self.decimals)


@dataclass(frozen=True)
class Grade:
    """A grade as shown: the rounded value, and whether it passes (decided once, on the home scale)."""
    value: Decimal
    passed: bool
    raw: Fraction
    scale: Scale

    @property
    def written(self) -> str:
        """"5,8"; "8"."""
        return f"{self.value:.{self.scale.decimals}f}".replace(".", ",")

    @property
    def words(self) -> str:
        """"cinco coma ocho"; "ocho"."""
        whole, _, part = self.written.partition(",")
        return UNITS[int(whole)] + (f" coma {UNITS[int(part)]}" if part else "")


SCALES = {
    "CL": Scale("cl-60-2026", "escala de 1,0 a 7,0, nota mínima de aprobación 4,0", "Chile", Decimal("1.0"),
                Decimal("4.0"), Decimal("7.0"), Fraction(60, 100), 1),
    "AR": Scale("ar-4-2026", "escala de 1 a 10, nota mínima de aprobación 4", "Argentina", Decimal(1), Decimal(4),
                Decimal(10), Fraction(60, 100), 0),
}
HOME = SCALES["CL"]             # the school's own: it decides who passes


def grade(share: Fraction, shown: Scale, home: Scale = HOME) -> Grade:
    """Present a share on a scale. Passing is decided by the rounded home grade; the guard keeps both sides agreeing."""
    at_home = home.rounded(home.raw(share))
    passed = at_home >= home.passing
    if shown is home:
        return Grade(at_home, passed, home.raw(share), home)
    raw = shown.raw(share)
    value = shown.rounded(raw)
    value = max(value, shown.passing) if passed else min(value, shown.passing - shown.step)
    return Grade(value, passed, raw, shown)


def mean(parts: list[tuple[Fraction, int]], home: Scale = HOME, round_first: bool = True) -> Fraction:
    """The weighted mean of shares, taken in grades as Chilean practice does (each partial rounded first), as a share.

    `parts`: (share, weight). The order of rounding matters: 3,85 and 3,95 pass together only when rounded first.
    """
    weights = sum(weight for _, weight in parts)
    grades = [(Fraction(home.rounded(home.raw(share))) if round_first else home.raw(share), weight)
              for share, weight in parts]
    return home.share(sum((g * w for g, w in grades), Fraction(0)) / weights)
