"""Essay: free text marked by a person. The answer is the text: "En mi municipio …"."""

from fractions import Fraction

from lms.catalogue.kinds.kind import LONG, Kind, Values, dump, first, load, plain
from lms.catalogue.notation import Answers, Body
from lms.catalogue.rules import Question


class Essay(Kind):
    """Field `q`. Waits for a person, unless nothing was written: that scores 0 by itself."""
    name = "essay"
    label = "Desarrollo"
    waits = True

    def read(self, q: Question, values: Values) -> str:
        return dump(first(values, "q", LONG))

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        written = self.shown(q, answer)
        return {"q": (written,) if written else ()}

    def score(self, q: Question, answer: str) -> Fraction | None:
        return None if self.shown(q, answer) else Fraction(0)

    def shown(self, q: Question, answer: str) -> str:
        written = load(answer)
        return written if isinstance(written, str) else ""

    def right(self, q: Question) -> str:
        """What a good answer has: the question's feedback."""
        return plain(q.feedback)

    def claims(self, answers: str) -> bool:
        return not answers.strip()

    def read_gift(self, body: Body) -> Answers:
        return Answers(self.name)

    def gift_answers(self, q: Question) -> list[str]:
        return []
