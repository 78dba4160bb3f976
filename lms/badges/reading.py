"""Reads JSON that a stranger sent: one meaning or none, and within bounds."""

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any

LARGEST = 1 << 20               # bytes of one document
MOST_VALUES = 4000
DEEPEST = 40
EXACT = 1 << 53                 # whole numbers beyond are rounded by half of all readers
ALLOWED = frozenset("\n\r\t")


class NotJson(ValueError):
    """No JSON, or JSON that two readers would understand in two ways."""


def read(content: bytes | str) -> Any:
    """The one value of a JSON text; raises NotJson with what is wrong."""
    if len(content) > LARGEST:
        raise NotJson("larger than 1 MB")
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
        found = json.loads(text, object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
    except NotJson:
        raise
    except RecursionError:
        raise NotJson("too deep") from None
    except ValueError as wrong:
        raise NotJson(str(wrong)[:200]) from None
    _bounded(found)
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJson("the same name twice in one object")
    return found


def _number(text: str) -> float | int:
    """10.0 is 10 to every reader that has one kind of number, and so in the canonical form."""
    number = float(text)
    if not isfinite(number):
        raise NotJson("a number without end")
    return int(number) if number.is_integer() else number


def _constant(text: str) -> Any:
    raise NotJson(f"{text} is no JSON")


def _bounded(found: Any) -> None:
    """No deeper, larger or stranger than a badge is."""
    layer, depth, count = [found], 0, 0
    while layer:
        depth, count = depth + 1, count + len(layer)
        if depth > DEEPEST:
            raise NotJson("too deep")
        if count > MOST_VALUES:
            raise NotJson("too many values")
        layer = [below for value in layer for below in _below(value)]


def _below(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value
    elif isinstance(value, str):
        if any(c < " " and c not in ALLOWED or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in value):
            raise NotJson("a control sign or half a letter in a text")
    elif isinstance(value, int) and abs(value) > EXACT:
        raise NotJson("a number too large to be exact")
