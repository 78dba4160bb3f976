"""How far two markers agree: the same, within a step, kappa and weighted kappa, the mean difference. Pure.

Cohen (1960) and, with quadratic weights, Cohen (1968). Statistics, so with floats; points stay exact elsewhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

FEW = 30                            # pairs; below it a kappa may be anything


@dataclass(frozen=True)
class Agreement:
    """None where it can not be told: no pairs, or everybody always says the same."""
    pairs: int
    same: float | None = None       # share of the pairs
    near: float | None = None       # the same or the next level
    kappa: float | None = None
    weighted: float | None = None   # quadratic weights
    difference: float | None = None     # mean of second minus first
    spread: float | None = None         # its standard deviation

    @property
    def few(self) -> bool:
        return self.pairs < FEW


def levels_agree(pairs: Sequence[tuple[int, int]]) -> Agreement:
    """Of chosen levels, numbered from the least."""
    n = len(pairs)
    if not n:
        return Agreement(0)
    steps = max(max(pair) for pair in pairs) or 1
    ones, others = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)

    def kappa(power: int) -> float | None:
        def apart(a: int, b: int) -> float:
            return float(a != b) if not power else (abs(a - b) / steps) ** power
        seen = sum(apart(a, b) for a, b in pairs) / n
        chance = sum(apart(a, b) * ones[a] * others[b] for a in ones for b in others) / n ** 2
        return 1 - seen / chance if chance else None
    return Agreement(n, sum(a == b for a, b in pairs) / n, sum(abs(a - b) <= 1 for a, b in pairs) / n, kappa(0),
                     kappa(2), *_difference([Fraction(b - a) for a, b in pairs]))


def points_agree(pairs: Sequence[tuple[Fraction, Fraction]], near: Fraction) -> Agreement:
    """Of points: `near` is how far apart still counts as near."""
    n = len(pairs)
    if not n:
        return Agreement(0)
    return Agreement(n, sum(a == b for a, b in pairs) / n, sum(abs(a - b) <= near for a, b in pairs) / n, None, None,
                     *_difference([b - a for a, b in pairs]))


def _difference(found: Sequence[Fraction]) -> tuple[float, float | None]:
    mean = float(sum(found, Fraction(0)) / len(found))
    if len(found) < 2:
        return mean, None
    return mean, sqrt(sum((float(d) - mean) ** 2 for d in found) / (len(found) - 1))
