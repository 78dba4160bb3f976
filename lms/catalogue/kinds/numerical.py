"""Numerical: a number within a tolerance. The answer is what was typed: "1.234,5"."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lms.catalogue import rules
from lms.catalogue.kinds.amounts import ANY, TOLERANCES, Units, parse, unit_flaws, within, written
from lms.catalogue.kinds.kind import Flaw, Kind, Response, Values, clamped, dump, first, load, plain
from lms.catalogue.notation import Answers, Body, Piece, Trouble, commented, letter, percent_of, pieces
from lms.catalogue.rules import Option, Question

Number = tuple[Decimal, Decimal, Fraction]
KEY = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,2})?")
NOT_NUMBER = "Escriba el número con punto decimal y sin separar los miles: 1234.5, 1234.5:0.1 o 1..5."


@dataclass(frozen=True)
class Numbers(rules.Body):
    """What numbers have beyond value, tolerance and share (those are in `Question.numbers`, their feedback in
    `Question.options`, in the same order). None in its place: these defaults."""
    tolerances: tuple[str, ...] = ()    # kind of each tolerance, a name in amounts.TOLERANCES; where none: nominal
    units: Units = Units()
    shown: tuple[str, ...] = ()         # a calculated key as people see it, rounded; who answers just that is right


class Numerical(Kind):
    """Field `q`, and `q.unit` where the unit is chosen; the answer is then a pair: ["1.234,5","m"]. Decimal comma or
    point, thousands or none: "1.234,5" = "1234.5". Of several keys the first that fits counts."""
    name = "numerical"
    label = "Numérica"

    def faults(self, q: Question) -> list[Flaw]:
        body = numbers_of(q)
        flaws = super().faults(q) + unit_flaws(body.units)
        if not any(share == 1 for _, _, share in q.numbers):
            flaws.append(("Ningún número da el puntaje completo.", "Escriba {#valor:tolerancia}."))
        if any(tolerance < 0 for _, tolerance, _ in q.numbers):
            flaws.append(("La tolerancia es negativa.", "Escriba el menor antes que el mayor: 1..5."))
        if not all(kind in TOLERANCES for kind in body.tolerances):
            flaws.append(("El tipo de tolerancia no se conoce.", "Elija absoluta, relativa o geométrica."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        number, units = first(values, "q"), numbers_of(q).units
        unit = first(values, "q.unit") if units.apart else ""
        return dump([number, unit] if units.multiplier(unit) is not None else number)

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        number, unit = self.typed(q, answer)
        fields: dict[str, tuple[str, ...]] = {"q": (number,) if number else ()}
        return fields | ({"q.unit": (unit,) if unit else ()} if numbers_of(q).units.apart else {})

    def is_blank(self, answer: str) -> bool:
        found = load(answer)
        return not (found[0] if isinstance(found, list) and found else found)

    def typed(self, q: Question, answer: str) -> tuple[str, str]:
        """The number and the unit chosen apart, as text."""
        found = load(answer)
        if isinstance(found, list) and len(found) == 2 and all(isinstance(part, str) for part in found):
            known = numbers_of(q).units.apart and numbers_of(q).units.multiplier(found[1]) is not None
            return found[0], found[1] if known else ""
        return (found, "") if isinstance(found, str) else ("", "")

    def complaint(self, q: Question, answer: str) -> str:
        number, chosen = self.typed(q, answer)
        units = numbers_of(q).units
        if not number:
            return "Escriba un número."
        amount = parse(number, units)
        if not amount.numbers:
            return "Escriba solo un número" + (" con su unidad." if units.asked == "typed" else ", sin letras.")
        if amount.unit and units.asked != "typed":
            return "Escriba solo el número, sin unidad."
        return "Elija la unidad." if units.apart and not chosen else ""

    def score(self, q: Question, answer: str) -> Fraction | None:
        met = self.met(q, answer)
        return clamped(met[1]) if met else Fraction(0)

    def met(self, q: Question, answer: str) -> tuple[int, Fraction] | None:
        """Which key the answer meets, and its share less what the unit costs. Of several keys the first counts, as in
        Moodle: authors put what is to be caught before what is wider."""
        body = numbers_of(q)
        typed, chosen = self.typed(q, answer)
        amount = parse(typed, body.units)
        divisor = body.units.multiplier(chosen if body.units.apart else amount.unit)
        for n, (_, _, share) in enumerate(q.numbers):
            if any(_meets(q, n, number / (divisor or 1)) for number in amount.numbers):
                return n, body.units.charged(share, divisor is not None or body.units.asked == "none")
            if divisor not in (None, 1) and any(_meets(q, n, number) for number in amount.numbers):
                return n, body.units.charged(share, False)
        return None

    def shown(self, q: Question, answer: str) -> str:
        number, unit = self.typed(q, answer)
        return numbers_of(q).units.joined(number, unit) if number else ""

    def right(self, q: Question) -> str:
        units = numbers_of(q).units
        unit = units.names[0].name if units.names and units.asked != "none" else ""
        return " o ".join(units.joined(_spoken(q, n), unit) for n, number in enumerate(q.numbers) if number[2] == 1)

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        met = self.met(q, answer)
        actual = self.shown(q, answer)
        model, share = (_model(q, met[0]), met[1]) if met else ("", Fraction(0))
        return (Response("", model, actual, share),) if actual else ()

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(Response("", _model(q, n), "", share) for n, (_, _, share) in enumerate(q.numbers))

    def feedback_for(self, q: Question, answer: str) -> str:
        met = self.met(q, answer)
        return q.options[met[0]].feedback if met and met[0] < len(q.options) else ""

    def claims(self, answers: str) -> bool:
        return answers.startswith("#")

    def read_gift(self, body: Body) -> Answers:
        """`#value:tolerance`, `#min..max`, several `=%weight%value`, and `~#` for who is wrong."""
        rest = Body(body.text[1:], body.line, body.format)
        troubles: list[Trouble] = []
        numbers: list[Number] = []
        options: list[Option] = []
        whole = True
        for piece in pieces(rest):
            number = _read(piece)
            troubles += piece.troubles
            if number is None:
                troubles.append((piece.line, f"«{piece.raw[:40]}» no es un número.", _remedy(piece.raw)))
            whole = whole and number is not None and not piece.broken
            if number is not None:
                numbers.append(number)
                options.append(Option(letter(len(options)), _key(*number[:2]), number[2], piece.feedback))
        return Answers(self.name if whole else "", tuple(options), tuple(numbers), tuple(troubles))

    def gift_answers(self, q: Question) -> list[str]:
        comments = [option.feedback for option in q.options] + [""] * len(q.numbers)
        return ["#", *(f"=%{percent_of(share)}%{_key(value, tolerance)}{commented('', comment)}"
                       for (value, tolerance, share), comment in zip(q.numbers, comments, strict=False))]


def numbers_of(q: Question) -> Numbers:
    return q.body if isinstance(q.body, Numbers) else Numbers()


def _meets(q: Question, n: int, number: Fraction) -> bool:
    value, tolerance, _ = q.numbers[n]
    body = numbers_of(q)
    if n < len(body.shown) and KEY.fullmatch(key := body.shown[n].replace(",", ".")) and number == Fraction(key):
        return True
    return within(number, value, tolerance, body.tolerances[n] if n < len(body.tolerances) else "nominal")


def _read(piece: Piece) -> Number | None:
    share = piece.worth(Fraction(piece.mark != "~"))
    text = piece.raw
    if text == "*" or (piece.mark == "~" and not text):
        return Decimal(0), ANY, share if text else Fraction(0)
    low, dots, high = text.partition("..")
    value, colon, tolerance = text.partition(":")
    if dots and (bottom := _decimal(low)) is not None and (top := _decimal(high)) is not None:
        return (top + bottom) / 2, (top - bottom) / 2, share
    if (found := _decimal(value)) is None or (margin := _decimal(tolerance) if colon else Decimal(0)) is None:
        return None
    return found, margin, share


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip()) if KEY.fullmatch(text.strip()) else None
    except InvalidOperation:
        return None


def _remedy(text: str) -> str:
    with_point = text.replace(",", ".")
    if "," in text and all(KEY.fullmatch(part.strip()) for part in re.split(r":|\.\.", with_point)):
        return f"Escriba el decimal con punto: {with_point}."
    return NOT_NUMBER


def _key(value: Decimal, tolerance: Decimal) -> str:
    """A key as GIFT writes it."""
    return "*" if tolerance == ANY else f"{value:f}:{tolerance:f}" if tolerance else f"{value:f}"


def _spoken(q: Question, n: int) -> str:
    """A key for people: "3,14 (± 0,01)"."""
    value, tolerance, _ = q.numbers[n]
    body = numbers_of(q)
    if tolerance == ANY:
        return "cualquier número"
    shown = body.shown[n] if n < len(body.shown) else written(value)
    kind = body.tolerances[n] if n < len(body.tolerances) else "nominal"
    margin = written(tolerance) if kind == "nominal" else f"{written(tolerance * 100)} %"
    return f"{shown} (± {margin})" if tolerance else shown


def _model(q: Question, n: int) -> str:
    """How a key is named where answers are tallied: its formula if it was calculated."""
    if numbers_of(q).shown and n < len(q.options):
        return plain(q.options[n].text)
    return "*" if q.numbers[n][1] == ANY else _spoken(q, n)
