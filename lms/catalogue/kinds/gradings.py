"""How an order of items is scored: what each item earns where it stands, by each of Moodle's ways of grading."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

GRADINGS = {            # our name -> Moodle's number
    "all_or_nothing": -1, "absolute": 0, "next_without_last": 1, "next_with_last": 2, "one_each_side": 3,
    "all_each_side": 4, "longest_ordered": 5, "longest_contiguous": 6, "relative_to_correct": 7}

SAID = {                # in Spanish, what counts
    "all_or_nothing": "todo o nada", "absolute": "cada elemento en su lugar",
    "next_without_last": "cada elemento y el que le sigue, sin contar el último",
    "next_with_last": "cada elemento y el que le sigue, también el último",
    "one_each_side": "los dos vecinos de cada elemento",
    "all_each_side": "todos los que van antes y después de cada elemento",
    "longest_ordered": "la serie más larga en orden",
    "longest_contiguous": "la serie más larga en orden y sin saltos",
    "relative_to_correct": "la distancia de cada elemento a su lugar"}

START, END = "\0start", "\0end"         # what stands before the first and after the last


def graded(grading: str, right: Sequence[str], places: Mapping[str, int]) -> dict[str, Fraction]:
    """The share of each item that earns anything, from 0 to 1; `places` counts from 1."""
    if grading in ("next_without_last", "next_with_last"):
        return _next(right, _standing(right, places), grading == "next_with_last")
    if grading == "one_each_side":
        return _sides(right, _standing(right, places))
    if grading == "all_each_side":
        return _all_sides(right, _standing(right, places))
    if grading in ("longest_ordered", "longest_contiguous"):
        return _longest(right, _standing(right, places), grading == "longest_contiguous")
    if grading == "relative_to_correct":
        far = len(right) - 1
        return {item: Fraction(max(far - abs(places[item] - n), 0), max(far, 1)) if item in places else Fraction(0)
                for n, item in enumerate(right, start=1)}
    return {item: Fraction(places.get(item) == n) for n, item in enumerate(right, start=1)}


def _standing(right: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """What stands in each place; "" where nothing does, or more than one."""
    found: list[list[str]] = [[] for _ in right]
    for item in right:
        if 1 <= places.get(item, 0) <= len(right):
            found[places[item] - 1].append(item)
    return [items[0] if len(items) == 1 else "" for items in found]


def _next(right: Sequence[str], standing: Sequence[str], last: bool) -> dict[str, Fraction]:
    """Each item that is followed by what should follow it."""
    after = dict(zip(standing, [*standing[1:], END], strict=True))
    wanted = dict(zip(right, [*right[1:], END], strict=True))
    return {item: Fraction(after.get(item) == wanted[item]) for item in (right if last else right[:-1])}


def _sides(right: Sequence[str], standing: Sequence[str]) -> dict[str, Fraction]:
    """Half for what stands before each item, half for what stands after it."""
    before = dict(zip(standing, [START, *standing], strict=False))
    after = dict(zip(standing, [*standing[1:], END], strict=True))
    return {item: Fraction((before.get(item) == left) + (after.get(item) == next_one), 2)
            for item, left, next_one in zip(right, [START, *right], [*right[1:], END], strict=False)}


def _all_sides(right: Sequence[str], standing: Sequence[str]) -> dict[str, Fraction]:
    """The share of all the others that stand on their side of each item."""
    at = {item: n for n, item in enumerate(standing) if item}
    return {item: Fraction(sum((at[other] < at[item]) == (m < n) for m, other in enumerate(right)
                               if m != n and other in at and item in at), max(len(right) - 1, 1))
            for n, item in enumerate(right)}


def _longest(right: Sequence[str], standing: Sequence[str], contiguous: bool) -> dict[str, Fraction]:
    """The longest run of items in their order, though others stand between them; one alone is no run. Contiguous: each
    is the very next one of the key."""
    wanted = {item: n for n, item in enumerate(right)}
    best: list[str] = []
    runs: dict[str, list[str]] = {}             # the longest run that ends with each item
    for item in standing:
        if not item:
            continue
        before = [runs[other] for other in runs
                  if (wanted[other] == wanted[item] - 1 if contiguous else wanted[other] < wanted[item])]
        runs[item] = [*max(before, key=len, default=[]), item]
        if len(runs[item]) > max(len(best), 1):
            best = runs[item]
    return {item: Fraction(item in best) for item in right}
