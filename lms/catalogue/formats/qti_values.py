"""The values of QTI: numbers, words, pairs, points in single, multiple, ordered or record containers. None is NULL."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.formats.qti_tree import number

Scalar = bool | Fraction | str
NUMERIC = ("integer", "float")
DURATION = re.compile(r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?")
LARGEST = Fraction(10) ** 300
FINEST = 10 ** 60


@dataclass(frozen=True)
class Value:
    """A value that is not NULL. Numbers and durations are fractions, pairs and points are words with one space."""
    base: str                           # boolean, integer, float, string, identifier, pair, directedPair, point …
    items: tuple[Scalar, ...]
    cardinality: str = "single"
    fields: tuple[tuple[str, "Value | None"], ...] = ()     # of a record

    @property
    def one(self) -> Scalar:
        return self.items[0]


def scalar(base: str, text: str) -> Scalar | None:
    """One value as a file writes it; None when it is not of its type."""
    said = text.strip()
    match base:
        case "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(said.lower())
        case "integer" | "float":
            found = number(said)
            return found if found is None or base == "float" or found.denominator == 1 else Fraction(math.trunc(found))
        case "duration":
            return duration(said)
        case "string":
            return text
        case "pair" | "directedPair" | "point":
            return " ".join(sorted(said.split()) if base == "pair" else said.split())
    return said


def duration(text: str) -> Fraction | None:
    """Seconds, or an ISO 8601 duration, in seconds."""
    found = DURATION.fullmatch(text)
    if not found or text in ("P", "PT"):
        return number(text)
    days, hours, minutes, seconds = (Fraction(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def made(base: str, cardinality: str, texts: list[str]) -> Value | None:
    """A value from the words of a file or a response; an empty text or container is NULL."""
    found = [s for s in (scalar(base, text) for text in texts) if s is not None and s != ""]
    if not found:
        return None
    return Value(base, (found[-1],)) if cardinality == "single" else Value(base, tuple(found), cardinality)


def num(value: Value | None) -> Fraction | None:
    """The number a single value is."""
    if value is None or value.cardinality != "single" or isinstance(value.one, bool):
        return None
    return value.one if isinstance(value.one, Fraction) else None


def numbers(value: Value | None) -> list[Fraction] | None:
    """The numbers of a value, single or container; None if there is anything else in it."""
    if value is None:
        return None
    found = [item for item in value.items if isinstance(item, Fraction) and not isinstance(item, bool)]
    return found if len(found) == len(value.items) else None


def true(value: Value | None) -> bool:
    """A value where a condition is asked: NULL, false, 0 and "" are not."""
    return value is not None and (len(value.items) > 1 or bool(value.items and value.one))


def boolean(value: bool | None) -> Value | None:
    return None if value is None else Value("boolean", (value,))


def numeric(value: Fraction | int | None, base: str = "float") -> Value | None:
    return None if value is None or abs(Fraction(value)) > LARGEST else Value(base, (trimmed(Fraction(value)),))


def trimmed(value: Fraction) -> Fraction:
    """A number with no more digits than anybody needs: without this a product of many would never end."""
    return value if value.denominator.bit_length() < 400 else Fraction(round(value * FINEST), FINEST)


def real(value: float) -> Value | None:
    """A number that had to be reckoned with floats."""
    return numeric(Fraction(repr(value))) if math.isfinite(value) else None


def matches(one: Value | None, other: Value | None) -> bool | None:
    """QTI's match: the same items; in the same order where they are ordered. None where either is NULL."""
    if one is None or other is None:
        return None
    mine, theirs = (_keys(value, {one.base, other.base}) for value in (one, other))
    if "ordered" in (one.cardinality, other.cardinality) or "single" in (one.cardinality, other.cardinality):
        return mine == theirs
    return sorted(mine) == sorted(theirs)


def _keys(value: Value, bases: set[str]) -> list[str]:
    return [key(item, "pair" if "pair" in bases else value.base) for item in value.items]


def key(item: Scalar, base: str) -> str:
    """Two items are the same when their keys are."""
    if isinstance(item, str):
        text = item if base == "string" else " ".join(item.split())
        return " ".join(sorted(text.split())) if base == "pair" else text
    return str(item).lower() if isinstance(item, bool) else str(item)


def rounded(value: Fraction, mode: str, figures: int) -> Fraction:
    """To so many decimal places or significant figures, halves away from zero."""
    if not value:
        return value
    if mode.startswith("significant"):
        figures -= _magnitude(abs(value)) + 1
    scale = Fraction(10) ** figures
    whole = math.floor(abs(value) * scale + Fraction(1, 2))
    return (1 if value > 0 else -1) * Fraction(whole) / scale


def _magnitude(value: Fraction) -> int:
    """The power of ten a positive number begins at."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).adjusted()


def inside(shape: str, coords: str, point: str) -> bool:
    """Whether "x y" lies in a QTI shape; its edge is part of it. Percentages are not known here: False."""
    place = [number(part) for part in point.split()]
    found = [number(part) for part in coords.split(",")]
    if len(place) != 2 or place[0] is None or place[1] is None:
        return False
    x, y = place[0], place[1]
    marks = [n for n in found if n is not None]
    if shape == "default":
        return True
    if len(marks) != len(found) or len(marks) > 400:
        return False
    match shape, marks:
        case "rect", [left, top, right, bottom]:
            return min(left, right) <= x <= max(left, right) and min(top, bottom) <= y <= max(top, bottom)
        case "circle", [cx, cy, radius]:
            return (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2
        case "ellipse", [cx, cy, wide, high] if wide and high:
            return ((x - cx) / wide) ** 2 + ((y - cy) / high) ** 2 <= 1
        case "poly", _ if len(marks) >= 6:
            return _within(list(zip(marks[::2], marks[1::2], strict=False)), x, y)
    return False


def _within(corners: list[tuple[Fraction, Fraction]], x: Fraction, y: Fraction) -> bool:
    within = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if across == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and (across > 0) == (by > ay):
            within = not within
    return within
