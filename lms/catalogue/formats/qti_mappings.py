"""What a QTI response is worth by a mapping, by areas of a picture or by a table; and what a processing lets it ask."""

from fractions import Fraction
from typing import Protocol

from lms.catalogue.formats.qti_tree import Element, attribute, child, children, flag, number
from lms.catalogue.formats.qti_values import NUMERIC, Scalar, Value, inside, key, made, num, numeric

DISCARD = "Cree la pregunta a mano con uno de los tipos disponibles."


class NotTaken(Exception):
    """An element this engine does not know: its name."""

    @property
    def told(self) -> tuple[str, str]:
        """What is so and what to do, in Spanish."""
        return f"La puntuación usa «{self}», que aquí no se conoce.", DISCARD


class NotSaid(NotTaken):
    """A scoring that is understood, and that no kind of question can say: what it is, in Spanish."""

    def __init__(self, message: str, remedy: str = DISCARD) -> None:
        super().__init__(message)
        self.remedy = remedy

    @property
    def told(self) -> tuple[str, str]:
        return str(self), self.remedy


class TooCostly(NotTaken):
    """A scoring with more to work out than is fair to the machine."""

    @property
    def told(self) -> tuple[str, str]:
        return ("La corrección de esta pregunta tiene demasiadas condiciones o alternativas para revisarla entera: no "
                "se leyó.", "Divídala en preguntas más simples, o créela a mano.")


class Run(Protocol):
    """What an expression may ask of the processing it is part of."""
    values: dict[str, Value | None]

    def declaration(self, name: str) -> Element | None: ...
    def correct(self, name: str) -> Value | None: ...
    def default(self, name: str) -> Value | None: ...
    def chance(self) -> Fraction: ...
    def spend(self, effort: int = 1) -> None: ...


def map_response(run: Run, element: Element) -> Value | None:
    name = attribute(element, "identifier")
    declared = run.declaration(name)
    mapping = child(declared, "mapping")
    run.spend(len(mapping) // 2 if mapping is not None else 0)
    return numeric(mapped(mapping, run.values.get(name))) if mapping is not None else numeric(0)


def mapped(mapping: Element, response: Value | None) -> Fraction:
    """The sum of what each item is worth, within the bounds."""
    usual = number(attribute(mapping, "defaultValue")) or Fraction(0)
    base, strict = response.base if response else "", flag(mapping, "caseSensitive", True)
    exact: dict[str, Element] = {}
    loose: dict[str, Element] = {}
    for entry in reversed(children(mapping, "mapEntry") if response else []):
        said = _said(str(entry.get("mapKey", "")), base)
        exact[said] = entry
        if not flag(entry, "caseSensitive", strict):
            loose[said.casefold()] = entry
    total = Fraction(0)
    for item in response.items if response else ():
        said = _said(item, base)
        met = exact.get(said, loose.get(said.casefold()))
        total += usual if met is None else number(attribute(met, "mappedValue")) or Fraction(0)
    return bounded(mapping, total)


def _said(item: Scalar, base: str) -> str:
    """What an item and the key it meets have in common."""
    if base in NUMERIC and isinstance(item, str):
        return str(number(item))
    return key(item, base).strip()


def bounded(mapping: Element, total: Fraction) -> Fraction:
    low, high = number(attribute(mapping, "lowerBound")), number(attribute(mapping, "upperBound"))
    total = total if low is None else max(total, low)
    return total if high is None else min(total, high)


def map_point(run: Run, element: Element) -> Value | None:
    """Each area counts once, however many points lie in it."""
    name = attribute(element, "identifier")
    mapping, response = child(run.declaration(name), "areaMapping"), run.values.get(name)
    if mapping is None:
        return numeric(0)
    usual, total, used = number(attribute(mapping, "defaultValue")) or Fraction(0), Fraction(0), set()
    for point in response.items if response else ():
        areas = [(n, e) for n, e in enumerate(children(mapping, "areaMapEntry"))
                 if inside(attribute(e, "shape"), attribute(e, "coords"), str(point))]
        fresh = next(((n, e) for n, e in areas if n not in used), None)
        if fresh:
            used.add(fresh[0])
            total += number(attribute(fresh[1], "mappedValue")) or Fraction(0)
        elif not areas:
            total += usual
    return numeric(bounded(mapping, total))


def looked_up(table: Element | None, source: Value | None, base: str) -> Value | None:
    """What a lookup table gives for a number; its default where it has no such row."""
    if table is None:
        return None
    given = num(source)
    for row in children(table, "matchTableEntry", "interpolationTableEntry"):
        at = number(attribute(row, "sourceValue"))
        if given is None or at is None:
            continue
        edge = given == at and flag(row, "includeBoundary", True)
        if given == at if row.tag == "matchTableEntry" else given > at or edge:
            return made(base, "single", [attribute(row, "targetValue")])
    return made(base, "single", [attribute(table, "defaultValue")])
