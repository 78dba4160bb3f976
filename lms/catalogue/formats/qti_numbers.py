"""A number asked for by an item: the stretches of the line that its scoring pays for, as keys with tolerances."""

import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.formats.qti_mappings import NotSaid, TooCostly
from lms.catalogue.formats.qti_probing import Probe, Scorer, Taken, tidy
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.kinds.kind import dump
from lms.catalogue.notation import letter
from lms.catalogue.rules import Option

MOST_EDGES = 200                # numbers an item speaks of
Stretch = tuple[Fraction, Fraction, Fraction]           # from, to, what a number in it earns


def numerical(scorer: Scorer, rid: str, marks: Iterable[Fraction], whole: bool = False,
              bounds: tuple[Fraction | None, Fraction | None] = (None, None)) -> Taken:
    """A number: the stretches of the line that earn points, found between the numbers the item speaks of. Raises
    NotSaid for what no numbers with tolerances can say: all that are more than one, or less."""
    edges = sorted(set(marks))
    if not edges:
        return Taken("numerical", Fraction(0))
    if len(edges) > MOST_EDGES:
        raise TooCostly("numerical")
    if whole:
        edges = sorted({edge + step for edge in edges for step in (-1, 0, 1)})
    edges = sorted({*edges, *(b for b in bounds if b is not None)})
    line = _line(edges, whole, bounds)
    scores = [max(scorer.score({rid: (written(x),)}), Fraction(0)) for _, x, _ in line]
    best = max(scores)
    if best <= 0:
        return Taken("numerical", Fraction(0))
    beyond = _beyond(line, scores, bounds)
    found = _stretches(line, scores, beyond)
    ends = [(x, x, s) for (low, x, high), s in zip(line, scores, strict=True) if low == high and s != next(
        (share for start, end, share in found if start <= x <= end), beyond)]
    keys = [(decimal((low + high) / 2), decimal((high - low) / 2), tidy(share / best)) for low, high, share in
            (*ends, *found)]
    keys += [(Decimal(0), ANY, tidy(beyond / best))] if beyond else []
    spoken = [x for _, x, _ in line]
    spoken += [spoken[0] - 1000, spoken[-1] + 1000] if bounds == (None, None) else []
    probes = (Probe({}, ""), *(Probe({rid: (text,)}, dump(text)) for text in (*map(written, spoken), "xyz")))
    options = tuple(Option(letter(n), "", k[2]) for n, k in enumerate(keys))
    right = {rid: (written(line[scores.index(best)][1]),)}
    return Taken("numerical", best, options, tuple(keys), probes=probes, right=right)


def _line(edges: Sequence[Fraction], whole: bool, bounds: tuple[Fraction | None, Fraction | None]) -> list[Stretch]:
    """The line cut at the edges: each edge, and what lies between and beyond them as (from, a number inside, to)."""
    low, high = bounds
    cuts: list[Stretch] = []
    for edge, after in itertools.zip_longest(edges, edges[1:]):
        cuts.append((edge, edge, edge))
        if after is not None and not whole:
            cuts.append((edge, (edge + after) / 2, after))
    before = [(edges[0] - 1, edges[0] - 1, edges[0])] if low is None else []
    beyond = [(edges[-1], edges[-1] + 1, edges[-1] + 1)] if high is None else []
    return [*before, *cuts, *beyond]


def _beyond(line: Sequence[Stretch], scores: Sequence[Fraction],
            bounds: tuple[Fraction | None, Fraction | None]) -> Fraction:
    """What numbers earn that are smaller or larger than all the item speaks of: the same, or it can not be said."""
    least = scores[0] if bounds[0] is None else Fraction(0)
    most = scores[-1] if bounds[1] is None else Fraction(0)
    if least == most:
        return least
    up = most > least
    n = len(scores) - 1 if up else 0
    while scores[n - 1 if up else n + 1] == scores[n]:
        n += -1 if up else 1
    edge = line[n][0 if up else 2]
    itself = line[n][0] == line[n][2]
    side = ("desde" if itself else "mayor que") if up else ("hasta" if itself else "menor que")
    raise NotSaid(f"Da puntaje cualquier número {side} {written(edge)}, sin un segundo límite: aquí una respuesta "
                  "numérica tiene dos.", "Póngale también el otro límite donde se hizo, o créela a mano.")


def _stretches(line: Sequence[Stretch], scores: Sequence[Fraction], beyond: Fraction) -> list[Stretch]:
    """The longest stretches with one score other than the one beyond; those that earn most first."""
    found, n = [], 0
    while n < len(line):
        end = n
        while end + 1 < len(line) and scores[end + 1] == scores[n]:
            end += 1
        if scores[n] != beyond and (n < end or _alone(line, scores, n, beyond)):
            found.append((line[n][0], line[end][2], scores[n]))
        n = end + 1
    return sorted(found, key=lambda one: -one[2])


def _alone(line: Sequence[Stretch], scores: Sequence[Fraction], n: int, beyond: Fraction) -> bool:
    """Whether a cut that stands for itself is a key of its own, not only the end left out of its neighbours."""
    return line[n][0] < line[n][2] or all(
        scores[m] == beyond for m in (n - 1, n + 1) if 0 <= m < len(line))


def decimal(value: Fraction) -> Decimal:
    """A fraction as a decimal, without zeros at its end."""
    found = Decimal(value.numerator) / Decimal(value.denominator)
    whole = found == found.to_integral_value() and abs(found) < 10 ** 20
    return found.quantize(Decimal(1)) if whole else found.normalize()


def written(value: Fraction) -> str:
    return f"{decimal(value):f}"
