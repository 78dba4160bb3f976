"""Numerical: a number within a tolerance. The answer is what was typed: "1.234,5"."""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lms.catalogue.kinds.kind import Flaw, Kind, Values, clamped, dump, first, load
from lms.catalogue.notation import Answers, Body, Piece, Trouble, commented, letter, percent_of, pieces
from lms.catalogue.rules import Option, Question

Number = tuple[Decimal, Decimal, Fraction]
ANY = Decimal("Infinity")                       # the tolerance of "*": whatever number was given
KEY = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,2})?")
TYPED = re.compile(r"[-+]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][-+]?\d{1,3})?")
GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")
NOISE = re.compile("[\\s\u00a0\u2009\u202f'’$%]")     # spaces and marks people put in numbers
NOT_NUMBER = "Escriba el número con punto decimal y sin separar los miles: 1234.5, 1234.5:0.1 o 1..5."


class Numerical(Kind):
    """Field `q`. Decimal comma or point, thousands or none: "1.234,5" = "1234.5". The best of several keys counts."""
    name = "numerical"
    label = "Numérica"

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q)
        if not any(share == 1 for _, _, share in q.numbers):
            flaws.append(("Ningún número da el puntaje completo.", "Escriba {#valor:tolerancia}."))
        if any(tolerance < 0 for _, tolerance, _ in q.numbers):
            flaws.append(("La tolerancia es negativa.", "Escriba el menor antes que el mayor: 1..5."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        return dump(first(values, "q"))

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        typed = self.shown(q, answer)
        return {"q": (typed,) if typed else ()}

    def score(self, q: Question, answer: str) -> Fraction | None:
        best = self.best(q, answer)
        return clamped(q.numbers[best][2]) if best is not None else Fraction(0)

    def shown(self, q: Question, answer: str) -> str:
        typed = load(answer)
        return typed if isinstance(typed, str) else ""

    def right(self, q: Question) -> str:
        return " o ".join(_spoken(value, tolerance) for value, tolerance, share in q.numbers if share == 1)

    def feedback_for(self, q: Question, answer: str) -> str:
        best = self.best(q, answer)
        return q.options[best].feedback if best is not None and best < len(q.options) else ""

    def best(self, q: Question, answer: str) -> int | None:
        """Which key the answer meets; of several, the one that gives most."""
        typed = readings(self.shown(q, answer))
        met = [n for n, (value, tolerance, _) in enumerate(q.numbers)
               if any(_within(number, value, tolerance) for number in typed)]
        return max(met, key=lambda n: (q.numbers[n][2], -n)) if met else None

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


def readings(text: str) -> set[Fraction]:
    """The numbers a text may be: "1.500" is one and a half or fifteen hundred, and both are believed."""
    text = NOISE.sub("", text.replace("−", "-").replace("–", "-"))[:60]
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


def _within(number: Fraction, value: Decimal, tolerance: Decimal) -> bool:
    return tolerance == ANY or abs(number - Fraction(value)) <= Fraction(tolerance)


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


def _spoken(value: Decimal, tolerance: Decimal) -> str:
    if tolerance == ANY:
        return "cualquier número"
    return f"{value:f} (± {tolerance:f})".replace(".", ",") if tolerance else f"{value:f}".replace(".", ",")

