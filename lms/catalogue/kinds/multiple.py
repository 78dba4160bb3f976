"""Multiple choice: every right option and no wrong one. The answer is the ids in order: ["a","c"]. Body: Choice."""

from fractions import Fraction

from lms.catalogue.kinds.kind import Flaw, Kind, Part, Response, Values, clamped, doubled, dump, every, load, plain
from lms.catalogue.kinds.single import choice_of, offered, read_choices
from lms.catalogue.notation import Answers, Body, commented, percent_of
from lms.catalogue.rules import Option, Question


class Multiple(Kind):
    """Field `q`, once for each option ticked. The score is the sum of their shares, from 0 to 1. Where no option takes
    points away, ticking more than there are right ones gives nothing: otherwise ticking all would give everything."""
    name = "multiple"
    label = "Selección múltiple"
    countback = False

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q) + doubled(plain(o.text) for o in q.options)
        right = sum((o.share for o in q.options if o.share > 0), Fraction(0))
        if len(q.options) < 2:
            flaws.append(("Hay menos de dos alternativas.", "Agregue otras con ~."))
        if right == 0:
            flaws.append(("Ninguna alternativa es correcta.", "Marque la correcta con =, o las correctas con ~%50%."))
        elif right != 1 and not choice_of(q).all_or_nothing:
            flaws.append((f"Los pesos de las correctas suman {percent_of(right)} y no 100.", "Ajuste los %."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        ticked = set(every(values, "q"))
        return dump(sorted(option.id for option in q.options if option.id in ticked))

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        return {"q": tuple(option.id for option in self.chosen(q, answer))}

    def score(self, q: Question, answer: str) -> Fraction | None:
        chosen = self.chosen(q, answer)
        if choice_of(q).all_or_nothing:
            return Fraction({o.id for o in chosen} == {o.id for o in rights(q)})
        if forgiving(q) and len(chosen) > len(rights(q)):
            return Fraction(0)
        return clamped(sum((option.share for option in chosen), Fraction(0)))

    def complaint(self, q: Question, answer: str) -> str:
        return "" if self.chosen(q, answer) else "Marque al menos una alternativa."

    def parts(self, q: Question, answer: str) -> tuple[Part, ...]:
        """The right options, ticked or not, and the wrong ones ticked."""
        chosen = self.chosen(q, answer)
        return tuple(Part(o.id, abs(o.share), Fraction(o in chosen) * (1 if o.share > 0 else -1 if o.share < 0 else 0),
                          plain(o.text) if o in chosen else "", plain(o.text) if o.share > 0 else "",
                          o in chosen and o.share > 0)
                     for o in q.options if o in chosen or o.share > 0)

    def without_wrong(self, q: Question, answer: str) -> str:
        """Nothing is taken away while more are ticked than are right: what is left would be the key."""
        chosen = self.chosen(q, answer)
        kept = chosen if len(chosen) > len(rights(q)) else [option for option in chosen if option.share > 0]
        return dump(sorted(option.id for option in kept))

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        return tuple(Response(plain(o.text), plain(o.text), plain(o.text), o.share) for o in self.chosen(q, answer))

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(Response(plain(o.text), plain(o.text), "", o.share) for o in q.options)

    def shown(self, q: Question, answer: str) -> str:
        return "; ".join(plain(option.text) for option in self.chosen(q, answer))

    def right(self, q: Question) -> str:
        return "; ".join(plain(option.text) for option in q.options if option.share > 0)

    def feedback_for(self, q: Question, answer: str) -> str:
        return "<br>".join(option.feedback for option in self.chosen(q, answer) if option.feedback)

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        return offered(q, seed)

    def claims(self, answers: str) -> bool:
        return "~" in answers

    def read_gift(self, body: Body) -> Answers:
        return read_choices(body, self.name)

    def gift_answers(self, q: Question) -> list[str]:
        return [f"~%{percent_of(option.share)}%{commented(option.text, option.feedback)}" for option in q.options]

    def chosen(self, q: Question, answer: str) -> list[Option]:
        ids = load(answer)
        return [option for option in q.options if isinstance(ids, list) and option.id in ids]


def rights(q: Question) -> list[Option]:
    return [option for option in q.options if option.share > 0]


def forgiving(q: Question) -> bool:
    """Whether no option takes points away."""
    return not any(option.share < 0 for option in q.options)
