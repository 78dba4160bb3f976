"""True or false. The answer is "true" or "false", the ids of its two options; never shuffled."""

import re
from fractions import Fraction

from lms.catalogue.kinds.kind import Flaw, Kind
from lms.catalogue.kinds.single import Single
from lms.catalogue.notation import Answers, Body, escaped, to_html
from lms.catalogue.rules import Option, Question

WORDS = {"T": "true", "TRUE": "true", "F": "false", "FALSE": "false"}
TEXTS = {"true": "Verdadero", "false": "Falso"}


class TrueFalse(Single):
    """Field `q`: "true" or "false"."""
    name = "truefalse"
    label = "Verdadero o falso"

    def faults(self, q: Question) -> list[Flaw]:
        flaws = Kind.faults(self, q)
        if [option.id for option in q.options] != ["true", "false"] or sum(o.share == 1 for o in q.options) != 1:
            flaws.append(("No se dice si es verdadero o falso.", "Escriba {T} o {F}."))
        return flaws

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        return q.options

    def claims(self, answers: str) -> bool:
        return answers.partition("#")[0].strip() in WORDS

    def read_gift(self, body: Body) -> Answers:
        said, *comments = body.text.split("#", 2)
        wrong, right = (*comments, "", "")[:2]
        key = WORDS[said.strip()]
        options, troubles = [], []
        for identity, text in TEXTS.items():
            feedback, flaws = to_html(right if identity == key else wrong, body.format, block=True)
            options.append(Option(identity, text, Fraction(identity == key), feedback))
            troubles += [(body.line, *flaw) for flaw in flaws]
        return Answers(self.name, tuple(options), troubles=tuple(troubles))

    def gift_answers(self, q: Question) -> list[str]:
        right = next(option for option in q.options if option.share == 1)
        wrong = next(option for option in q.options if option.share != 1)
        comments = f" #{escaped(wrong.feedback)} #{escaped(right.feedback)}" if wrong.feedback or right.feedback else ""
        return [("T" if right.id == "true" else "F") + re.sub(r"( #)$", "", comments)]
