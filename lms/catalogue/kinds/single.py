"""Single choice: one of several options. The answer is the option's id: "b"."""

from dataclasses import dataclass
from fractions import Fraction

from lms.catalogue import rules
from lms.catalogue.kinds.kind import Flaw, Kind, Response, Values, clamped, doubled, dump, first, load, plain, shuffled
from lms.catalogue.notation import NOTHING, WHOLE, Answers, Body, commented, lettered, pieces, weighed
from lms.catalogue.rules import Option, Question

NO_MARK = ("Hay texto antes de la primera alternativa.", "Empiece cada alternativa con = o con ~.")


@dataclass(frozen=True)
class Choice(rules.Body):
    """How a choice, single or multiple, is shown and counted. None in its place: these defaults."""
    numbering: str = ""             # before each option: "" | abc | ABCD | 123 | iii | IIII
    instruction: bool = False       # the line "Seleccione una (o más):" before the options
    all_or_nothing: bool = False    # multiple: the points only for exactly the right options


class Single(Kind):
    """Field `q`: the id of the option chosen; an empty value clears it. An option may take points away: `raw`."""
    name = "single"
    label = "Selección única"

    def faults(self, q: Question) -> list[Flaw]:
        right = sum(option.share == 1 for option in q.options)
        flaws = super().faults(q) + doubled(plain(o.text) for o in q.options)
        if len(q.options) < 2:
            flaws.append(("Hay menos de dos alternativas.", "Agregue las incorrectas con ~."))
        if right == 0:
            flaws.append(("Ninguna alternativa es correcta.", "Marque la correcta con =."))
        if right > 1:
            flaws.append(("Hay más de una alternativa correcta.",
                          "Deje una con =, o reparta el puntaje con ~%50% en todas las correctas."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        chosen = first(values, "q")
        return dump(chosen) if self.option(q, chosen) else ""

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        chosen = self.chosen(q, answer)
        return {"q": (chosen.id,) if chosen else ()}

    def score(self, q: Question, answer: str) -> Fraction | None:
        chosen = self.chosen(q, answer)
        return clamped(chosen.share) if chosen else Fraction(0)

    def raw(self, q: Question, answer: str) -> Fraction | None:
        chosen = self.chosen(q, answer)
        return chosen.share if chosen else Fraction(0)

    def shown(self, q: Question, answer: str) -> str:
        chosen = self.chosen(q, answer)
        return plain(chosen.text) if chosen else ""

    def right(self, q: Question) -> str:
        return "; ".join(plain(option.text) for option in q.options if option.share == 1)

    def feedback_for(self, q: Question, answer: str) -> str:
        chosen = self.chosen(q, answer)
        return chosen.feedback if chosen else ""

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        return offered(q, seed)

    def claims(self, answers: str) -> bool:
        return "~" in answers and "=" in answers

    def read_gift(self, body: Body) -> Answers:
        return read_choices(body, self.name)

    def gift_answers(self, q: Question) -> list[str]:
        return [_written(option) for option in q.options]

    def complaint(self, q: Question, answer: str) -> str:
        return "" if self.chosen(q, answer) else "Elija una alternativa."

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        chosen = self.chosen(q, answer)
        return (_tallied(chosen, plain(chosen.text)),) if chosen else ()

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(_tallied(option, "") for option in q.options)

    def chosen(self, q: Question, answer: str) -> Option | None:
        return self.option(q, load(answer))

    def option(self, q: Question, identity: object) -> Option | None:
        return next((option for option in q.options if option.id == identity), None)


def read_choices(body: Body, kind: str) -> Answers:
    """The options of a choice, single or multiple, in file order."""
    found = pieces(body)
    troubles = [trouble for piece in found for trouble in piece.troubles]
    troubles += [(piece.line, *NO_MARK) for piece in found if not piece.mark]
    if any(piece.broken for piece in found):
        return Answers("", troubles=tuple(troubles))
    marked = [piece for piece in found if piece.mark]
    ids = lettered([plain(piece.html) for piece in marked])
    options = tuple(Option(i, p.html, p.worth(WHOLE if p.mark == "=" else NOTHING), p.feedback)
                    for i, p in zip(ids, marked, strict=True))
    return Answers(kind, options, troubles=tuple(troubles))


def offered(q: Question, seed: int) -> tuple[Option, ...]:
    return shuffled(q.options, seed, q.id) if q.shuffle else q.options


def choice_of(q: Question) -> Choice:
    return q.body if isinstance(q.body, Choice) else Choice()


def _tallied(option: Option, actual: str) -> Response:
    return Response("", plain(option.text), actual, option.share)


def _written(option: Option) -> str:
    mark, usual = ("=", 1) if option.share == 1 else ("~", 0)
    return weighed(mark, option.share, usual, option.text) + commented(option.text, option.feedback)

