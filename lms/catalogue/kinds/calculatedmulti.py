"""Calculated choice: options with {a} and {={a}*2} in their text. Body: Calculation."""

from dataclasses import replace

from lms.catalogue.kinds.datasets import calculation_of, data_flaws, put, realised_texts
from lms.catalogue.kinds.kind import Flaw
from lms.catalogue.kinds.multiple import Multiple
from lms.catalogue.kinds.single import Choice, Single
from lms.catalogue.notation import Answers, Body
from lms.catalogue.rules import Question


class CalculatedMulti(Single):
    """An attempt asks what `realised` gives: a single or multiple choice with the numbers of one variant."""
    name = "calculatedmulti"
    label = "Calculada de selección"

    def faults(self, q: Question) -> list[Flaw]:
        first = Single() if calculation_of(q).single else Multiple()
        return first.faults(q) + data_flaws(q, ())

    def variants(self, q: Question) -> int:
        return calculation_of(q).variants

    def realised(self, q: Question, seed: int) -> Question:
        body = calculation_of(q)
        values = body.values(seed % body.variants)
        options = tuple(replace(option, text=put(option.text, values, body.figure(n)),
                                feedback=put(option.feedback, values, body.figure(n)))
                        for n, option in enumerate(q.options))
        return replace(realised_texts(q, values), kind="single" if body.single else "multiple", options=options,
                       body=Choice(body.numbering))

    def claims(self, answers: str) -> bool:
        return False

    def read_gift(self, body: Body) -> Answers:
        return Answers("")

    def gift_answers(self, q: Question) -> list[str]:
        return []
