"""Calculated: a number that a formula gives from drawn values. Body: Calculation."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.formulas import BadFormula, read
from lms.catalogue.kinds.amounts import ANY, TOLERANCES, unit_flaws
from lms.catalogue.kinds.datasets import (
    Figure,
    calculation_of,
    data_flaws,
    formula_of,
    put,
    realised_texts,
    rounded,
)
from lms.catalogue.kinds.kind import Flaw, Kind, Response
from lms.catalogue.kinds.numerical import Number, Numbers, Numerical
from lms.catalogue.notation import Answers, Body
from lms.catalogue.rules import Option, Question


class Calculated(Numerical):
    """An attempt asks what `realised` gives: a numerical question with the numbers of one variant. The tolerance is
    around the exact result; who answers the result as it is shown, rounded, is right too."""
    name = "calculated"
    label = "Calculada"

    def faults(self, q: Question) -> list[Flaw]:
        body = calculation_of(q)
        formulas = [formula for option in q.options if (formula := formula_of(option)) != "*"]
        flaws = Kind.faults(self, q) + unit_flaws(body.units) + data_flaws(q, formulas)
        if not any(option.share == 1 for option in q.options):
            flaws.append(("Ninguna fórmula da el puntaje completo.", "Dé a una el 100 %."))
        if any(figure.tolerance < 0 or figure.kind not in TOLERANCES for figure in body.figures):
            flaws.append(("Una tolerancia no es posible.", "Escriba un número no negativo y su tipo."))
        if any(not 0 <= figure.digits <= 15 for figure in body.figures):
            flaws.append(("El número de cifras de una respuesta no es posible.", "Escriba de 0 a 15."))
        return flaws

    def variants(self, q: Question) -> int:
        return calculation_of(q).variants

    def realised(self, q: Question, seed: int) -> Question:
        body = calculation_of(q)
        values = body.values(seed % body.variants)
        keys: list[tuple[Number, str, str, Option]] = []
        for n, option in enumerate(q.options):
            figure = body.figure(n)
            feedback = put(option.feedback, values, figure)
            found = _key(formula_of(option), values, option.share, figure)
            if found:
                keys.append((*found, figure.kind, replace(option, feedback=feedback)))
        asked = Numbers(tuple(key[2] for key in keys), body.units, tuple(key[1] for key in keys))
        return replace(realised_texts(q, values), kind="numerical", body=asked,
                       options=tuple(key[3] for key in keys), numbers=tuple(key[0] for key in keys))

    def right(self, q: Question) -> str:
        return " o ".join(formula_of(option) for option in q.options if option.share == 1)

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(Response("", formula_of(option), "", option.share) for option in q.options)

    def claims(self, answers: str) -> bool:
        return False

    def read_gift(self, body: Body) -> Answers:
        return Answers("")

    def gift_answers(self, q: Question) -> list[str]:
        return []


def _key(formula: str, values: dict[str, Decimal], share: Fraction, figure: Figure) -> tuple[Number, str] | None:
    """The key a formula gives and how it is shown; None where it has no value (told by `faults`)."""
    if formula == "*":
        return (Decimal(0), ANY, share), ""
    try:
        value = read(formula).value(values)
    except BadFormula:
        return None
    return (Decimal(repr(value)), figure.tolerance, share), rounded(value, figure)
