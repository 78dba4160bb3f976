"""The expressions of QTI that reckon: exact with fractions where that can be, with floats in functions and roots."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

from lms.catalogue.formats.qti_tree import Element, attribute, number
from lms.catalogue.formats.qti_values import LARGEST, Value, boolean, num, numbers, numeric, real, rounded, trimmed

Chance = Callable[[], Fraction]
Found = Sequence[Value | None]
Operator = Callable[[Element, Found, Chance], Value | None]


def _flat(found: Found) -> list[Fraction] | None:
    """All numbers of the operands, containers opened; None where one is NULL or no number."""
    each = [numbers(value) for value in found]
    return None if any(part is None for part in each) else [n for part in each for n in part or ()]


def _added(flat: Sequence[Fraction]) -> Fraction:
    return reduce(lambda total, n: trimmed(total + n), flat, Fraction(0))


def _multiplied(flat: Sequence[Fraction]) -> Fraction:
    """Past the largest number it stays there, where it is none any more."""
    return reduce(lambda total, n: trimmed(total * n) if abs(total) <= LARGEST else total, flat, Fraction(1))


def _base(found: Found) -> str:
    return "integer" if all(v is not None and v.base == "integer" for v in found) else "float"


def _reduced(how: Callable[[list[Fraction]], Fraction]) -> Operator:
    def reduced(element: Element, found: Found, chance: Chance) -> Value | None:
        flat = _flat(found)
        return numeric(how(flat), _base(found)) if flat else None
    return reduced


def _binary(how: Callable[[Fraction, Fraction], Fraction | None], base: str = "") -> Operator:
    def binary(element: Element, found: Found, chance: Chance) -> Value | None:
        x, y = (num(value) for value in [*found, None, None][:2])
        return None if x is None or y is None else numeric(how(x, y), base or _base(found))
    return binary


def _power(x: Fraction, y: Fraction) -> Fraction | None:
    if y.denominator == 1 and abs(y) <= 200 and abs(x) < 10 ** 6 and x.denominator < 10 ** 6 and (x or y >= 0):
        return Fraction(x ** int(y))
    return _float(lambda: float(x) ** float(y))


def _float(how: Callable[[], float | complex]) -> Fraction | None:
    """What a function on floats gives, if it is a number."""
    try:
        found = how()
        return Fraction(repr(found)) if isinstance(found, int | float) and math.isfinite(found) else None
    except (ValueError, OverflowError, ZeroDivisionError):
        return None


def _whole(how: Callable[[Fraction], int]) -> Operator:
    def whole(element: Element, found: Found, chance: Chance) -> Value | None:
        x = num(found[0]) if found else None
        return None if x is None else numeric(how(x), "integer")
    return whole


def _round_to(element: Element, found: Found, chance: Chance) -> Value | None:
    x, figures = num(found[0]) if found else None, number(attribute(element, "figures"))
    if x is None or figures is None or abs(figures) > 100:
        return None
    return numeric(rounded(x, attribute(element, "roundingMode", "decimalPlaces"), int(figures)))


def _integers(how: Callable[..., int]) -> Operator:
    def integers(element: Element, found: Found, chance: Chance) -> Value | None:
        flat = _flat(found)
        return numeric(how(*map(int, flat)), "integer") if flat else None
    return integers


FUNCTIONS: dict[str, Callable[..., float]] = {
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "atan2": math.atan2, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "exp": math.exp, "ln": math.log,
    "log": math.log10, "sec": lambda x: 1 / math.cos(x), "csc": lambda x: 1 / math.sin(x),
    "cot": lambda x: 1 / math.tan(x), "asec": lambda x: math.acos(1 / x), "acsc": lambda x: math.asin(1 / x),
    "acot": lambda x: math.atan(1 / x), "sech": lambda x: 1 / math.cosh(x), "csch": lambda x: 1 / math.sinh(x),
    "coth": lambda x: 1 / math.tanh(x), "toDegrees": math.degrees, "toRadians": math.radians}
EXACT: dict[str, Callable[[Fraction], Fraction | int]] = {
    "abs": abs, "floor": math.floor, "ceil": math.ceil, "signum": lambda x: (x > 0) - (x < 0)}


def _function(element: Element, found: Found, chance: Chance) -> Value | None:
    name, given = attribute(element, "name"), [num(value) for value in found]
    known = [x for x in given if x is not None]
    if len(known) != len(given) or len(known) != (2 if name == "atan2" else 1):
        return None
    if name in EXACT:
        return numeric(EXACT[name](known[0]), "float" if name == "abs" else "integer")
    return numeric(_float(lambda: FUNCTIONS[name](*map(float, known)))) if name in FUNCTIONS else None


def _stats(element: Element, found: Found, chance: Chance) -> Value | None:
    """Mean, variance and deviation of a container. A member without value leaves the whole without one."""
    name = attribute(element, "name") or str(element.tag)
    inside = element[0] if len(element) else None
    flat = _flat(found)
    listed = inside is not None and inside.tag in ("multiple", "ordered")
    if not flat or (listed and inside is not None and len(flat) < len(inside)):
        return None
    mean = _added(flat) / len(flat)
    if name == "mean":
        return numeric(mean)
    sample = name.startswith("sample")
    if len(flat) - sample < 1:
        return None
    variance = _added([trimmed((x - mean) ** 2) for x in flat]) / (len(flat) - sample)
    if name.endswith("Variance"):
        return numeric(variance)
    return numeric(_float(lambda: math.sqrt(variance))) if name.endswith("SD") else None


def _random_integer(element: Element, found: Found, chance: Chance) -> Value | None:
    low, high = number(attribute(element, "min", "0")), number(attribute(element, "max"))
    step = number(attribute(element, "step", "1")) or Fraction(1)
    if low is None or high is None or high < low or step < 0:
        return None
    return numeric(low + step * math.floor(chance() * (math.floor((high - low) / step) + 1)), "integer")


def _random_float(element: Element, found: Found, chance: Chance) -> Value | None:
    low, high = number(attribute(element, "min", "0")), number(attribute(element, "max"))
    return None if low is None or high is None else numeric(low + chance() * (high - low))


def _constant(element: Element, found: Found, chance: Chance) -> Value | None:
    return real({"pi": math.pi, "e": math.e}.get(attribute(element, "name"), math.nan))


def _type(element: Element, found: Found, chance: Chance) -> Value | None:
    one, name = [*found, None, None][:2]
    return boolean(one.base == name.one) if one is not None and name is not None else None


OPERATORS: dict[str, Operator] = {
    "sum": _reduced(_added),
    "product": _reduced(_multiplied),
    "max": _reduced(max), "min": _reduced(min), "gcd": _integers(math.gcd), "lcm": _integers(math.lcm),
    "subtract": _binary(lambda x, y: x - y), "divide": _binary(lambda x, y: x / y if y else None, "float"),
    "power": _binary(_power, "float"),
    "integerDivide": _binary(lambda x, y: Fraction(x // y) if y else None, "integer"),
    "integerModulus": _binary(lambda x, y: x % y if y else None, "integer"),
    "mod": _binary(lambda x, y: x % y if y else None), "truncate": _whole(math.trunc),
    "round": _whole(lambda x: math.floor(x + Fraction(1, 2))), "roundTo": _round_to,
    "integerToFloat": lambda e, found, c: numeric(num(found[0])) if found else None,
    "mathOperator": _function, "mathConstant": _constant, "statsOperator": _stats,
    "randomInteger": _random_integer, "randomFloat": _random_float, "isTypeOf": _type,
    **dict.fromkeys(("mean", "sampleVariance", "sampleSD", "popVariance", "popSD"), _stats),
}
