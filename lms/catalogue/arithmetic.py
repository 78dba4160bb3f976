"""What the operators and functions of formulas do, as in PHP, on floats. They raise ValueError, OverflowError or
ZeroDivisionError where there is no value."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

MANY = 99                               # values a function may have at most
BIGGEST = 2 ** 63                       # of what is treated bit by bit


def _whole(number: float) -> int:
    if not abs(number) < BIGGEST:
        raise OverflowError
    return int(number)


def _remainder(a: float, b: float) -> float:
    if _whole(b) == 0:
        raise ZeroDivisionError
    return math.fmod(_whole(a), _whole(b))


def _shifted(a: float, places: float) -> float:
    by = _whole(places)
    if not -64 < by < 64:
        raise ValueError
    return float(_whole(a) << by if by >= 0 else _whole(a) >> -by)


def rounded(number: float, places: float = 0) -> float:
    """Half away from zero, on the digits people see: 1.005 with two places is 1.01."""
    if not math.isfinite(number):
        raise ValueError
    unit = Decimal(1).scaleb(-max(min(_whole(places), 30), -30))
    exact = Decimal(repr(float(number)))
    if exact.adjusted() - unit.adjusted() > 25:
        return number                                   # its last digit is far above that place
    return float(exact.quantize(unit, ROUND_HALF_UP))


def _from_base(base: int) -> Callable[[float], float]:
    """101 read as a binary number is 5; digits that are none of the base are passed over."""
    def read(number: float) -> float:
        digits = [int(digit) for digit in str(_whole(abs(number))) if int(digit) < base]
        return float(sum(digit * base ** place for place, digit in enumerate(reversed(digits))))
    return read


def _to_base(form: str) -> Callable[[float], float]:
    return lambda number: float(format(_whole(abs(number)), form))


def _logarithm(number: float, base: float = math.e) -> float:
    return math.log(number) if base == math.e else math.log(number, base)


# How tightly each operator binds (loosest 0) and what it gives.
OPERATIONS: dict[str, tuple[int, Callable[[float, float], float]]] = {
    "||": (0, lambda a, b: float(bool(a or b))), "&&": (1, lambda a, b: float(bool(a and b))),
    "|": (2, lambda a, b: float(_whole(a) | _whole(b))), "^": (3, lambda a, b: float(_whole(a) ^ _whole(b))),
    "&": (4, lambda a, b: float(_whole(a) & _whole(b))),
    "==": (5, lambda a, b: float(a == b)), "!=": (5, lambda a, b: float(a != b)), "<>": (5, lambda a, b: float(a != b)),
    "<": (6, lambda a, b: float(a < b)), "<=": (6, lambda a, b: float(a <= b)),
    ">": (6, lambda a, b: float(a > b)), ">=": (6, lambda a, b: float(a >= b)),
    "<<": (7, _shifted), ">>": (7, lambda a, b: _shifted(a, -b)),
    "+": (8, lambda a, b: a + b), "-": (8, lambda a, b: a - b),
    "*": (9, lambda a, b: a * b), "/": (9, lambda a, b: a / b), "%": (9, _remainder),
    "**": (10, math.pow),
}
SIGNS: dict[str, Callable[[float], float]] = {
    "-": lambda a: -a, "+": lambda a: a, "!": lambda a: float(not a), "~": lambda a: float(~_whole(a))}

# Fewest and most values, and what it gives.
FUNCTIONS: dict[str, tuple[int, int, Callable[..., float]]] = {
    "pi": (0, 0, lambda: math.pi), "log": (1, 2, _logarithm), "round": (1, 2, rounded),
    "atan2": (2, 2, math.atan2), "fmod": (2, 2, math.fmod), "pow": (2, 2, math.pow),
    "min": (2, MANY, min), "max": (2, MANY, max),
    "abs": (1, 1, abs), "ceil": (1, 1, math.ceil), "floor": (1, 1, math.floor), "sqrt": (1, 1, math.sqrt),
    "exp": (1, 1, math.exp), "expm1": (1, 1, math.expm1), "log10": (1, 1, math.log10), "log1p": (1, 1, math.log1p),
    "sin": (1, 1, math.sin), "cos": (1, 1, math.cos), "tan": (1, 1, math.tan),
    "asin": (1, 1, math.asin), "acos": (1, 1, math.acos), "atan": (1, 1, math.atan),
    "sinh": (1, 1, math.sinh), "cosh": (1, 1, math.cosh), "tanh": (1, 1, math.tanh),
    "asinh": (1, 1, math.asinh), "acosh": (1, 1, math.acosh), "atanh": (1, 1, math.atanh),
    "deg2rad": (1, 1, math.radians), "rad2deg": (1, 1, math.degrees),
    "bindec": (1, 1, _from_base(2)), "octdec": (1, 1, _from_base(8)),
    "decbin": (1, 1, _to_base("b")), "decoct": (1, 1, _to_base("o")),
    "is_finite": (1, 1, math.isfinite), "is_infinite": (1, 1, math.isinf), "is_nan": (1, 1, math.isnan),
}
