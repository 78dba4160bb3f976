"""Many figures into one: every way a category may be totalled, exactly. Pure.

A figure is a share 0..1 of what it is out of (or a grade put between its scale's ends); the rules are those that
teachers know from Moodle, so that a course moved from there totals the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

NONE, ALL = Fraction(0), Fraction(1)
EXTRA = ("weighted_mean", "simple_weighted_mean", "mean_with_extra_credit", "natural")      # where extra credit is one
HOWS = ("weighted_mean", "mean", "simple_weighted_mean", "mean_with_extra_credit", "median", "lowest", "highest",
        "mode", "natural")
MODE_PLACES = 5                 # figures that agree to so many decimals are one to the mode


@dataclass(frozen=True)
class Cell:
    """One figure of a category."""
    code: str
    share: Fraction | None                  # None: no mark
    weight: Fraction = ALL                  # for the weighted mean; 0 or less does not count
    most: Fraction = Fraction(100)          # points it is out of: simple weighted mean, natural, ties when dropping
    extra: Fraction = NONE                  # more than 0: extra credit, at this weight in the mean with extra credit
    fixed: Fraction | None = None           # natural: a share of the total set by hand; None: by its points


@dataclass(frozen=True)
class Rule:
    """How a category is totalled."""
    how: str = "mean"                       # HOWS
    drop: int = 0                           # so many of the lowest do not count
    keep: int = 0                           # only so many of the highest count; looked at where nothing is dropped
    empty: str = "skip"                     # what has no mark: skip | zero


@dataclass(frozen=True)
class Total:
    """What a category comes to. share is None where nothing counts."""
    share: Fraction | None
    most: Fraction = Fraction(100)          # natural: the points of what counts
    counted: tuple[tuple[Cell, Fraction], ...] = ()     # each with its weight in the total
    dropped: tuple[Cell, ...] = ()


def total(cells: Sequence[Cell], rule: Rule) -> Total:
    """The total of a category: empties skipped or zero, the lowest dropped or the highest kept, then what `how` says.
    Extra credit never lifts a total above all."""
    given = [Cell(c.code, NONE, c.weight, c.most, c.extra, c.fixed) if c.share is None else c for c in cells
             if c.share is not None or rule.empty == "zero"]
    kept = _limited(given, rule)
    dropped = tuple(c for c in given if c not in kept) if len(kept) < len(given) else ()
    if rule.how == "natural":
        share, most, counted = _natural(cells, kept)
    else:
        (share, counted), most = (WAYS[rule.how](kept) if kept else (None, [])), Fraction(100)
    return Total(None if share is None else min(max(share, NONE), ALL), most, tuple(counted), dropped)


def _limited(cells: list[Cell], rule: Rule) -> list[Cell]:
    """Without the lowest, or only with the highest; extra credit stays. Of equals the one out of most points goes."""
    spared = [c for c in cells if rule.how in EXTRA and c.extra > 0]
    rest = [c for c in cells if not (rule.how in EXTRA and c.extra > 0)]
    if rule.drop:
        gone = sorted(range(len(rest)), key=lambda i: (_of(rest[i]), -rest[i].most, i))[:rule.drop]
        rest = [c for i, c in enumerate(rest) if i not in gone]
    elif rule.keep:
        best = sorted(range(len(rest)), key=lambda i: (-_of(rest[i]), i))[:rule.keep]
        rest = [c for i, c in enumerate(rest) if i in best]
    return [c for c in cells if c in rest or c in spared]


def _of(cell: Cell) -> Fraction:
    return NONE if cell.share is None else cell.share


Found = tuple[Fraction | None, list[tuple[Cell, Fraction]]]


def _weighed(cells: list[tuple[Cell, Fraction]], extra: list[tuple[Cell, Fraction]]) -> Found:
    """The weighted mean of `cells`; `extra` adds to the sum and not to what it is divided by."""
    whole = sum((weight for _, weight in cells), NONE)
    counted = [(c, w / whole if whole else w) for c, w in (*cells, *extra)]
    return (sum((_of(c) * w for c, w in counted), NONE) if counted else None), counted


def _weighted_mean(cells: list[Cell]) -> Found:
    return _weighed([(c, c.weight) for c in cells if c.weight > 0 and not c.extra],
                    [(c, c.weight) for c in cells if c.weight > 0 and c.extra])


def _mean(cells: list[Cell]) -> Found:
    return _weighed([(c, ALL) for c in cells], [])


def _simple_weighted_mean(cells: list[Cell]) -> Found:
    return _weighed([(c, c.most) for c in cells if c.most > 0 and not c.extra],
                    [(c, c.most) for c in cells if c.most > 0 and c.extra])


def _mean_with_extra_credit(cells: list[Cell]) -> Found:
    return _weighed([(c, ALL) for c in cells if not c.extra], [(c, c.extra) for c in cells if c.extra > 0])


def _median(cells: list[Cell]) -> Found:
    ordered, half = sorted(cells, key=_of), len(cells) // 2
    middle = ordered[half - 1:half + 1] if len(cells) % 2 == 0 else [ordered[half]]
    return _weighed([(c, ALL) for c in middle], [])


def _lowest(cells: list[Cell]) -> Found:
    return _weighed([(min(cells, key=_of), ALL)], [])


def _highest(cells: list[Cell]) -> Found:
    return _weighed([(max(cells, key=_of), ALL)], [])


def _mode(cells: list[Cell]) -> Found:
    """The figure that comes most often; of several the highest."""
    alike: dict[int, list[Cell]] = {}
    for c in cells:
        alike.setdefault(round(_of(c) * 10 ** MODE_PLACES), []).append(c)
    figure = max(alike, key=lambda f: (len(alike[f]), f))
    return _weighed([(c, ALL) for c in alike[figure]], [])


def _natural(cells: Sequence[Cell], kept: list[Cell]) -> tuple[Fraction | None, Fraction, list[tuple[Cell, Fraction]]]:
    """The sum of points out of the points of what counts; a weight set by hand holds among those that count."""
    base = _base_weights([c for c in cells if not c.extra])
    plain = [c for c in kept if not c.extra]
    whole = sum((base[c.code] for c in plain), NONE)
    by_hand = {c.code: base[c.code] / whole for c in plain if c.fixed is not None and whole}
    free = [c for c in plain if c.fixed is None and c.most > 0]
    points = sum((c.most for c in free), NONE)
    left = ALL - sum(by_hand.values(), NONE)
    weights = {**by_hand, **{c.code: c.most / points * left for c in free}}
    most = sum((c.most for c in plain if weights.get(c.code)), NONE)
    if not most:
        return None, NONE, []
    extra = [(c, c.most / most if c.fixed is None else c.fixed) for c in kept if c.extra]
    counted = [(c, weights[c.code]) for c in plain if weights.get(c.code)] + extra
    return sum((_of(c) * w for c, w in counted), NONE), most, counted


def _base_weights(cells: list[Cell]) -> dict[str, Fraction]:
    """The weight of each in the whole category, whoever has a mark: those set by hand, the rest by points."""
    fixed = {c.code: max(c.fixed, NONE) for c in cells if c.fixed is not None}
    free = [c for c in cells if c.fixed is None]
    taken, points = sum(fixed.values(), NONE), sum((c.most for c in free), NONE)
    if taken > 1 or (taken and not points):
        fixed = {code: weight / taken for code, weight in fixed.items()}
        taken = ALL
    return {**fixed, **{c.code: c.most / points * (1 - taken) if points else NONE for c in free}}


WAYS: dict[str, Callable[[list[Cell]], Found]] = {
    "weighted_mean": _weighted_mean, "mean": _mean, "simple_weighted_mean": _simple_weighted_mean,
    "mean_with_extra_credit": _mean_with_extra_credit, "median": _median, "lowest": _lowest, "highest": _highest,
    "mode": _mode}
