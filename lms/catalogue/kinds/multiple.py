"""Multiple choice: every right option and no wrong one. The answer is the ids in order: ["a","c"]."""

from fractions import Fraction

from lms.catalogue.kinds.kind import Flaw, Kind, Values, clamped, doubled, dump, every, load, plain, shuffled
from lms.catalogue.kinds.single import read_choices
from lms.catalogue.notation import Answers, Body, commented, percent_of
from lms.catalogue.rules import Option, Question


class Multiple(Kind):
    """Field `q`, once for each option ticked. The score is the sum of their shares, never under 0."""
    name = "multiple"
    label = "Selección múltiple"

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q) + doubled(plain(o.text) for o in q.options)
        right = sum((o.share for o in q.options if o.share > 0), Fraction(0))
        if len(q.options) < 2:
            flaws.append(("Hay menos de dos alternativas.", "Agregue otras con ~."))
        if right == 0:
            flaws.append(("Ninguna alternativa es correcta.", "Marque la correcta con =, o las correctas con ~%50%."))
        elif right != 1:
            flaws.append((f"Los pesos de las correctas suman {percent_of(right)} y no 100.", "Ajuste los %."))
        elif any(o.share == 0 for o in q.options) and not any(o.share < 0 for o in q.options):
            flaws.append(("Marcar todo daría el puntaje completo.", "Dé peso negativo a las incorrectas: ~%-50%."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        ticked = set(every(values, "q"))
        return dump(sorted(option.id for option in q.options if option.id in ticked))

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        return {"q": tuple(option.id for option in self.chosen(q, answer))}

    def score(self, q: Question, answer: str) -> Fraction | None:
        return clamped(sum((option.share for option in self.chosen(q, answer)), Fraction(0)))

    def shown(self, q: Question, answer: str) -> str:
        return "; ".join(plain(option.text) for option in self.chosen(q, answer))

    def right(self, q: Question) -> str:
        return "; ".join(plain(option.text) for option in q.options if option.share > 0)

    def feedback_for(self, q: Question, answer: str) -> str:
        return "<br>".join(option.feedback for option in self.chosen(q, answer) if option.feedback)

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        return shuffled(q.options, seed, q.id)

    def claims(self, answers: str) -> bool:
        return "~" in answers

    def read_gift(self, body: Body) -> Answers:
        return read_choices(body, self.name)

    def gift_answers(self, q: Question) -> list[str]:
        return [f"~%{percent_of(option.share)}%{commented(option.text, option.feedback)}" for option in q.options]

    def chosen(self, q: Question, answer: str) -> list[Option]:
        ids = load(answer)
        return [option for option in q.options if isinstance(ids, list) and option.id in ids]
