"""Description: a text between questions, with nothing to answer."""

from fractions import Fraction

from lms.catalogue.kinds.kind import Kind, Values
from lms.catalogue.notation import Answers, Body
from lms.catalogue.rules import Question


class Description(Kind):
    """No field, no points; it never counts as unanswered."""
    name = "description"
    label = "Texto sin respuesta"
    asks = False

    def read(self, q: Question, values: Values) -> str:
        return ""

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        return {}

    def score(self, q: Question, answer: str) -> Fraction | None:
        return Fraction(0)

    def is_blank(self, answer: str) -> bool:
        return False

    def shown(self, q: Question, answer: str) -> str:
        return ""

    def right(self, q: Question) -> str:
        return ""

    def claims(self, answers: str) -> bool:
        return False

    def read_gift(self, body: Body) -> Answers:
        return Answers(self.name)

    def gift_answers(self, q: Question) -> list[str]:
        return []
