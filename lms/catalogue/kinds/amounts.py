"""Numbers with units: as people write them, how near is near enough, and what a missing unit costs."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

TOLERANCES = {"relative": 1, "nominal": 2, "geometric": 3}      # our name -> Moodle's number
ASKED = ("none", "typed", "radio", "menu")
GRADED = ("no", "response", "question")
ANY = Decimal("Infinity")                       # the tolerance of "*": whatever number was given
LONGEST = 60                                    # characters of a number with its unit
TYPED = re.compile(r"[-+]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][-+]?\d{1,3})?")
GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")
POWER = re.compile(r"\s{0,9}(?:[x×*·]\s{0,9}10\s{0,9}(?:\^|\*\*)|[eE])\s{0,9}([-+]?\d)")
NUMBER = r"[-+]?\s*(?:\d(?:[\d.,'’\s]*\d)?[.,]?|[.,]\d+)(?:e[-+]?\d{1,3})?"
BEFORE, AFTER = re.compile(rf"({NUMBER})$"), re.compile(rf"({NUMBER})")
NOISE = re.compile("[\\s\u00a0\u2009\u202f'’$%]")     # spaces and marks people put in numbers
OTHER_UNIT = re.compile(r"[^\d\s.,;+-](?:(?!\s\d|\d\d)[^.,;+]){0,19}")    # a word, not a second number


@dataclass(frozen=True)
class Unit:
    name: str
    multiplier: Fraction = Fraction(1)      # a number in this unit is divided by it: cm is 100 where m is 1


@dataclass(frozen=True)
class Units:
    """How a question treats units. The first one is that of the key."""
    names: tuple[Unit, ...] = ()
    graded: str = "no"              # no | response (a share of what was earned) | question (of all points)
    penalty: Fraction = Fraction(1, 10)
    asked: str = "none"             # none | typed | radio | menu
    left: bool = False              # written before the number: $ 5

    @property
    def apart(self) -> bool:
        """Whether the unit has a field of its own."""
        return self.asked in ("radio", "menu")

    def multiplier(self, name: str) -> Fraction | None:
        """What a number in this unit is divided by; None where the unit is missing or unknown."""
        return next((unit.multiplier for unit in self.names if unit.name == name and unit.multiplier > 0), None)

    def joined(self, number: str, unit: str) -> str:
        return " ".join(part for part in ((unit, number) if self.left else (number, unit)) if part)

    def charged(self, share: Fraction, right: bool) -> Fraction:
        """What is left of a share when the unit is not right."""
        if right or self.graded not in ("response", "question"):
            return share
        return max(share - self.penalty * (share if self.graded == "response" else 1), Fraction(0))


@dataclass(frozen=True)
class Amount:
    """What was typed: the numbers it may be, and its unit."""
    numbers: frozenset[Fraction]
    unit: str = ""


def parse(text: str, units: Units = Units()) -> Amount:
    """A number with or without unit. A unit the question knows is taken off first, so that it may hold digits or
    signs ("m2", "%"); any other word is still a unit, only not a right one."""
    text = unicodedata.normalize("NFC", text[:4 * LONGEST]).replace("−", "-").replace("–", "-").strip()[:LONGEST]
    text = POWER.sub(r"e\1", text)
    for name in sorted((unit.name for unit in units.names if unit.name), key=len, reverse=True):
        known = unicodedata.normalize("NFC", name)
        if text.startswith(known) if units.left else text.endswith(known):
            rest = text[len(known):] if units.left else text[:-len(known)]
            if found := readings(rest):
                return Amount(frozenset(found), name)
    if found := readings(text):
        return Amount(frozenset(found))
    met = (BEFORE.search if units.left else AFTER.match)(text)
    rest = (text[:met.start()] if units.left else text[met.end():]).strip() if met else ""
    if met is None or not OTHER_UNIT.fullmatch(rest):
        return Amount(frozenset())
    return Amount(frozenset(readings(met[1])), rest)


def readings(text: str) -> set[Fraction]:
    """The numbers a text may be: "1.500" is one and a half or fifteen hundred, and both are believed."""
    text = NOISE.sub("", text.replace("−", "-").replace("–", "-"))[:LONGEST]
    if not TYPED.fullmatch(text):
        return set()
    digits, exponent, power = re.match(r"([^eE]*)([eE]?)(.*)", text).groups()  # type: ignore[union-attr]
    shapes = set()
    for thousands, point in ((".", ","), (",", ".")):
        before, mark, after = digits.partition(point)
        grouped = GROUPED.fullmatch(before)
        if thousands in after or (thousands in before and (grouped is None or grouped[1] != thousands)):
            continue
        shapes.add(before.replace(thousands, "") + (f".{after}" if mark and after else ""))
    return {Fraction(Decimal(f"{shape}{exponent}{power}")) for shape in shapes if re.search(r"\d", shape) and
            shape.count(".") < 2 and "," not in shape}


def within(number: Fraction, value: Decimal, tolerance: Decimal, kind: str = "nominal") -> bool:
    """Whether a number is near enough to a key."""
    if tolerance == ANY:
        return True
    if any(not part.is_finite() or abs(part.adjusted()) > 400 for part in (value, tolerance) if part):
        return False
    key, margin = Fraction(value), Fraction(tolerance)
    if kind == "relative":
        return abs(number - key) <= margin * abs(key)
    if kind == "geometric" and margin >= 0:
        low, high = sorted((key / (1 + margin), key * (1 + margin)))
        return low <= number <= high
    return abs(number - key) <= margin


def unit_flaws(units: Units) -> list[tuple[str, str]]:
    """What is not well formed in the units of a question."""
    flaws = []
    names = [unit.name for unit in units.names]
    if len(set(names)) < len(names) or not all(names):
        flaws.append(("Hay una unidad vacía o repetida.", "Escriba cada unidad una sola vez."))
    if any(unit.multiplier <= 0 for unit in units.names):
        flaws.append(("El multiplicador de una unidad no es positivo.",
                      "Escriba cuántas de esa unidad hacen una de la primera: 100 para cm si la primera es m."))
    if units.names and units.names[0].multiplier != 1:
        flaws.append(("La primera unidad no tiene multiplicador 1.", "Ponga primero la unidad de la respuesta."))
    if units.asked not in ASKED or units.graded not in GRADED:
        flaws.append(("El modo de pedir la unidad no se conoce.", "Elija uno de la lista."))
    if units.asked != "none" and not names:
        flaws.append(("Se pide la unidad, pero no hay ninguna.", "Agregue las unidades aceptadas."))
    if not 0 <= units.penalty <= 1:
        flaws.append(("La penalización de la unidad no está entre 0 y 1.", "Escriba por ejemplo 0,1."))
    return flaws


def written(value: Decimal) -> str:
    """A number as people here write it: decimal comma, no needless exponent."""
    plain = f"{value:f}" if value == 0 or -8 < value.adjusted() < 18 else f"{value:g}"
    return plain.replace(".", ",")
