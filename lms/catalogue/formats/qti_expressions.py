"""What the expressions of QTI 2.x and 3 give: logic, comparison, containers, mappings; `qti_maths` has reckoning."""

from collections.abc import Callable
from fractions import Fraction

from lms.catalogue.formats import qti_maths
from lms.catalogue.formats.qti_mappings import NotTaken, Run, looked_up, map_point, map_response
from lms.catalogue.formats.qti_patterns import Unreadable, fits
from lms.catalogue.formats.qti_tree import Element, attribute, child, children, flag, number
from lms.catalogue.formats.qti_values import (
    Value,
    boolean,
    inside,
    key,
    made,
    matches,
    num,
    numeric,
    rounded,
    true,
)

MOST_REPEATS = 200


Operator = Callable[[Run, Element], Value | None]


def value_of(run: Run, element: Element) -> Value | None:
    """What an expression gives; raises NotTaken where it is none we know."""
    run.spend()
    found = OPERATORS.get(str(element.tag))
    if found:
        return found(run, element)
    if str(element.tag) in qti_maths.OPERATORS:
        return qti_maths.OPERATORS[str(element.tag)](element, _all(run, element), run.chance)
    raise NotTaken(str(element.tag))


def _all(run: Run, element: Element) -> list[Value | None]:
    return [value_of(run, inside_it) for inside_it in children(element)]


def _two(run: Run, element: Element) -> tuple[Value | None, Value | None]:
    found = _all(run, element)
    return (found + [None, None])[0], (found + [None, None])[1]


def _base_value(run: Run, element: Element) -> Value | None:
    return made(attribute(element, "baseType", "string"), "single", [element.text or ""])


def _and(run: Run, element: Element) -> Value | None:
    found = _all(run, element)
    return boolean(False if any(v is not None and not true(v) for v in found) else None if None in found else True)


def _or(run: Run, element: Element) -> Value | None:
    found = _all(run, element)
    return boolean(True if any(map(true, found)) else None if None in found else False)


def _not(run: Run, element: Element) -> Value | None:
    found = _two(run, element)[0]
    return None if found is None else boolean(not true(found))


def _any_n(run: Run, element: Element) -> Value | None:
    found = _all(run, element)
    sure, maybe = sum(map(true, found)), found.count(None)
    least, most = (num(_named(run, attribute(element, name))) for name in ("min", "max"))
    if least is None or most is None or sure > most or sure + maybe < least:
        return boolean(False) if least is not None and most is not None else None
    return boolean(True) if least <= sure and sure + maybe <= most else None


def _named(run: Run, text: str) -> Value | None:
    """A number in an attribute, or the variable it names."""
    return numeric(found) if (found := number(text)) is not None else run.values.get(text)


def _match(run: Run, element: Element) -> Value | None:
    return boolean(matches(*_two(run, element)))


def _equal(run: Run, element: Element) -> Value | None:
    one, other = _two(run, element)
    x, y = num(one), num(other)
    if one is None or other is None:
        return None
    mode = attribute(element, "toleranceMode", "exact")
    if x is None or y is None or mode not in ("absolute", "relative"):
        return boolean(x == y if x is not None and y is not None else matches(one, other))
    found = [num(_named(run, text)) for text in attribute(element, "tolerance").split()]
    margins = [t for t in found if t is not None]
    if not margins or len(margins) != len(found):
        return None
    below, above = margins[0], margins[-1]
    low, high = ((x - below, x + above) if mode == "absolute" else
                 tuple(sorted((x * (1 - below / 100), x * (1 + above / 100)))))
    fits_low = low <= y if flag(element, "includeLowerBound", True) else low < y
    return boolean(fits_low and (y <= high if flag(element, "includeUpperBound", True) else y < high))


def _equal_rounded(run: Run, element: Element) -> Value | None:
    x, y = map(num, _two(run, element))
    figures = num(_named(run, attribute(element, "figures")))
    if x is None or y is None or figures is None or abs(figures) > 100:
        return None
    mode = attribute(element, "roundingMode", "significantFigures")
    return boolean(rounded(x, mode, int(figures)) == rounded(y, mode, int(figures)))


def _string_match(run: Run, element: Element) -> Value | None:
    one, other = _two(run, element)
    if one is None or other is None:
        return None
    texts = [key(value.one, "string") for value in (one, other)]
    if not flag(element, "caseSensitive", True):
        texts = [text.casefold() for text in texts]
    part = flag(element, "substring")
    return boolean(texts[1] in texts[0] if part else texts[0] == texts[1])


def _substring(run: Run, element: Element) -> Value | None:
    """Whether the first is part of the second; with three operands, the part of the first from a place on."""
    found = _all(run, element)
    if len(found) == 3:
        text, start, length = found[0], num(found[1]), num(found[2])
        if text is None or start is None or length is None or start < 1 or length < 0:
            return None
        return made("string", "single", [str(text.one)[int(start) - 1:int(start) - 1 + int(length)]])
    one, other = (found + [None, None])[:2]
    if one is None or other is None:
        return None
    texts = [str(one.one), str(other.one)]
    texts = texts if flag(element, "caseSensitive", True) else [text.casefold() for text in texts]
    return boolean(texts[0] in texts[1])


def _pattern_match(run: Run, element: Element) -> Value | None:
    """An XML Schema regular expression, where it is one that can not keep the machine busy."""
    found = _all(run, element)
    pattern = attribute(element, "pattern") or (str(found[1].one) if len(found) > 1 and found[1] else "")
    if not found or found[0] is None:
        return None
    try:
        met, effort = fits(pattern, str(found[0].one), flag(element, "caseSensitive", True))
    except Unreadable:
        raise NotTaken("patternMatch") from None
    run.spend(effort // 10)
    return boolean(met)


def _compare(sign: Callable[[Fraction, Fraction], bool]) -> Operator:
    def compare(run: Run, element: Element) -> Value | None:
        found = [v.one if v is not None and v.base == "duration" and isinstance(v.one, Fraction) else num(v)
                 for v in _two(run, element)]
        x, y = (f if isinstance(f, Fraction) else None for f in found)
        return None if x is None or y is None else boolean(sign(x, y))
    return compare


def _inside(run: Run, element: Element) -> Value | None:
    found = _two(run, element)[0]
    if found is None:
        return None
    shape, coords = attribute(element, "shape"), attribute(element, "coords")
    return boolean(any(inside(shape, coords, str(point)) for point in found.items))


def _container(cardinality: str) -> Operator:
    def gathered(run: Run, element: Element) -> Value | None:
        found = [v for v in _all(run, element) if v is not None]
        items = tuple(item for value in found for item in value.items)
        return Value(found[0].base, items, cardinality) if items else None
    return gathered


def _record(run: Run, element: Element) -> Value | None:
    fields = tuple((attribute(f, "fieldIdentifier") or attribute(f, "identifier"), value_of(run, inner))
                   for f in children(element) if (inner := child(f)) is not None)
    return Value("record", (True,), "record", fields) if fields else None


def _field(run: Run, element: Element) -> Value | None:
    found = _two(run, element)[0]
    return dict(found.fields).get(attribute(element, "fieldIdentifier")) if found else None


def _member(run: Run, element: Element) -> Value | None:
    one, all_of = _two(run, element)
    if one is None or all_of is None:
        return None
    return boolean(key(one.one, all_of.base) in {key(item, all_of.base) for item in all_of.items})


def _contains(run: Run, element: Element) -> Value | None:
    """Whether the first container holds all of the second, in a row where they are ordered."""
    whole, part = _two(run, element)
    if whole is None or part is None:
        return None
    mine, sought = ([key(item, whole.base) for item in value.items] for value in (whole, part))
    if whole.cardinality == "ordered":
        return boolean(any(mine[n:n + len(sought)] == sought for n in range(len(mine))))
    return boolean(all(mine.count(item) >= sought.count(item) for item in sought))


def _delete(run: Run, element: Element) -> Value | None:
    one, all_of = _two(run, element)
    if one is None or all_of is None:
        return None
    kept = tuple(item for item in all_of.items if key(item, all_of.base) != key(one.one, all_of.base))
    return Value(all_of.base, kept, all_of.cardinality) if kept else None


def _index(run: Run, element: Element) -> Value | None:
    found = _all(run, element)
    place = num(found[1]) if len(found) > 1 else num(_named(run, attribute(element, "n")))
    whole = found[0] if found else None
    if whole is None or place is None or not 1 <= place <= len(whole.items):
        return None
    return Value(whole.base, (whole.items[int(place) - 1],))


def _random(run: Run, element: Element) -> Value | None:
    found = _two(run, element)[0]
    return Value(found.base, (found.items[int(run.chance() * len(found.items))],)) if found else None


def _repeat(run: Run, element: Element) -> Value | None:
    times = num(_named(run, attribute(element, "numberRepeats")))
    if times is None or times < 1:
        return None
    found = [v for _ in range(min(int(times), MOST_REPEATS)) for v in _all(run, element) if v is not None]
    items = tuple(item for value in found for item in value.items)[:MOST_REPEATS]
    return Value(found[0].base, items, "ordered") if items else None


def _variable(run: Run, element: Element) -> Value | None:
    return run.values.get(attribute(element, "identifier"))


def _lookup(run: Run, element: Element) -> Value | None:
    return looked_up(child(element, "matchTable", "interpolationTable"), _two_but_table(run, element), "float")


def _two_but_table(run: Run, element: Element) -> Value | None:
    source = next((e for e in children(element) if e.tag not in ("matchTable", "interpolationTable")), None)
    return value_of(run, source) if source is not None else None


def _custom(run: Run, element: Element) -> Value | None:
    """The comparisons of 1.2 that Canvas's converter left as custom operators."""
    found = CUSTOM.get(attribute(element, "class"))
    x, y = (number(str(value.one)) if value is not None else None for value in _two(run, element))
    if found is None:
        raise NotTaken(f"customOperator {attribute(element, 'class')[:40]}".strip())
    return None if x is None or y is None else boolean(found(x, y))


CUSTOM: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "vargte": lambda x, y: x >= y, "varlte": lambda x, y: x <= y, "vargt": lambda x, y: x > y,
    "varlt": lambda x, y: x < y}
OPERATORS: dict[str, Operator] = {
    "customOperator": _custom, "baseValue": _base_value, "variable": _variable, "null": lambda run, e: None,
    "correct": lambda run, e: run.correct(attribute(e, "identifier")),
    "default": lambda run, e: run.default(attribute(e, "identifier")),
    "and": _and, "or": _or, "not": _not, "anyN": _any_n, "match": _match, "equal": _equal,
    "equalRounded": _equal_rounded, "stringMatch": _string_match, "substring": _substring,
    "patternMatch": _pattern_match, "isNull": lambda run, e: boolean(_two(run, e)[0] is None),
    "lt": _compare(lambda x, y: x < y), "lte": _compare(lambda x, y: x <= y),
    "gt": _compare(lambda x, y: x > y), "gte": _compare(lambda x, y: x >= y),
    "durationLT": _compare(lambda x, y: x < y), "durationGTE": _compare(lambda x, y: x >= y),
    "inside": _inside, "multiple": _container("multiple"), "ordered": _container("ordered"), "record": _record,
    "fieldValue": _field, "member": _member, "contains": _contains, "delete": _delete, "index": _index,
    "random": _random, "repeat": _repeat, "mapResponse": map_response, "mapResponsePoint": map_point,
    "lookupTable": _lookup,
    "containerSize": lambda run, e: numeric(len(found.items) if (found := _two(run, e)[0]) else 0, "integer"),
}
