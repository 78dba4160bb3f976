"""What a system pushes, read: {type, data} and nothing else. Pure."""

import json
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from lms.credits.rules import LONGEST, Attended, Earned

# type -> (kind of credit, the group whose facts it tells, the name of its title, whether it takes back)
TYPES = {"attendance.recorded": ("attendance", "lms.seminars", "seminar", False),
         "attendance.withdrawn": ("attendance", "lms.seminars", "seminar", True),
         "internship.recorded": ("internship", "lms.internships", "host", False),
         "internship.withdrawn": ("internship", "lms.internships", "host", True)}
HOURS = re.compile(r"\d{1,4}(?:\.\d{1,6}|/\d{1,4})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
OUTER = {"type", "data", "timestamp"}


class Unread(ValueError):
    """Not a message we take. `code` is for programs, the words for people."""

    def __init__(self, code: str, words: str, status: int = 422):
        super().__init__(words)
        self.code, self.words, self.status = code, words, status


class Number(str):
    """A number as it was written: read only where one is wanted, and never as a float."""


@dataclass(frozen=True)
class Arrived:
    """A message that is well formed. Of a withdrawal, only the reference and the cohort count."""
    type: str
    kind: str
    group: str
    cohort: str
    fact: Attended | Earned


def read(body: bytes) -> Arrived:
    """Raises Unread, naming what is wrong, with no word of what was sent."""
    told = _json(body)
    if not isinstance(told, dict) or not isinstance(told.get("type"), str) or not isinstance(told.get("data"), dict):
        raise Unread("bad_shape", "El cuerpo debe ser {\"type\": …, \"data\": {…}}.")
    if told["type"] not in TYPES:
        raise Unread("unknown_type", f"«type» es uno de: {', '.join(TYPES)}.")
    kind, group, title, back = TYPES[told["type"]]
    data = told["data"]
    wanted = {"reference", "email", "cohort", title, "hours", "day"}
    needed = {"reference", "cohort"} if back else wanted
    if extra := (told.keys() - OUTER) | (data.keys() - wanted):
        raise Unread("unknown_field", f"Hay campos que no se conocen: {_names(extra)}.")
    if missing := needed - data.keys():
        raise Unread("missing_field", f"En «data» faltan: {', '.join(sorted(missing))}.")
    texts = {name: _text(data, name, LONGEST.get("title" if name == title else name, 40))
             for name in ("reference", "cohort", *(() if back else ("email", title)))}
    hours, day = (Fraction(0), date(2000, 1, 1)) if back else (_hours(data["hours"]), _day(data["day"]))
    made = Attended if kind == "attendance" else Earned
    return Arrived(told["type"], kind, group, texts["cohort"],
                   made(texts["reference"], texts.get("email", ""), texts.get(title, ""), hours, day, back))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_float=Number, parse_int=Number, parse_constant=_refuse,
                          object_pairs_hook=_once)
    except (ValueError, RecursionError) as wrong:
        if isinstance(wrong, Unread):
            raise
        raise Unread("bad_json", "El cuerpo no es JSON en UTF-8.", 400) from None


def _refuse(_: str) -> Any:
    raise Unread("bad_json", "El cuerpo lleva NaN o Infinity, que no son JSON.", 400)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise Unread("repeated_field", "Un campo viene dos veces.")
    return dict(pairs)


def _names(names: set[str]) -> str:
    return ", ".join(n for n in sorted(names)[:5] if re.fullmatch(r"\w{1,30}", n, re.A)) or "de nombre extraño"


def _text(data: dict[str, Any], name: str, most: int) -> str:
    value = data[name]
    written = isinstance(value, str) and not isinstance(value, Number)
    if not written or not value.strip() or len(value) > most or not value.isprintable():
        raise Unread("bad_field", f"«{name}» debe ser un texto de una línea, de 1 a {most} caracteres.")
    return str(value).strip()


def _hours(value: Any) -> Fraction:
    if not isinstance(value, str) or not HOURS.fullmatch(value) or value.endswith(("/0", "/00", "/000", "/0000")):
        raise Unread("bad_field", "«hours» son horas de trabajo: 12, 1.5 o \"41/2\".")
    return Fraction(value)


def _day(value: Any) -> date:
    try:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise Unread("bad_field", "«day» es una fecha: 2027-04-09.") from None
