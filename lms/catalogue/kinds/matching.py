"""Matching: each left-hand item with its right-hand text. The answer is the text chosen for each: {"a":"Quito"}.

A form sends the number of the right-hand text in alphabetical order, so that the page's source does not give the key.
"""

import html
from fractions import Fraction

from lms.catalogue.kinds.kind import Flaw, Kind, Part, Response, Values, doubled, dump, first, load, plain, shuffled
from lms.catalogue.notation import Answers, Body, Trouble, bare, escaped, letter, pieces, to_html
from lms.catalogue.rules import Option, Question


class Matching(Kind):
    """Fields `q.<option id>`: the number of a right-hand text. A pair without left side only adds a text to choose."""
    name = "matching"
    label = "Relación de pares"

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q) + doubled(plain(pair.text) for pair in pairs(q))
        if len(q.options) < 3 or len(pairs(q)) < 2:
            flaws.append(("Hay menos de tres pares.",
                          "Escriba al menos tres líneas =izquierda -> derecha; a lo más una sin lado izquierdo."))
        if any(not option.match for option in q.options):
            flaws.append(("Un par no tiene lado derecho.", "Escríbalo después de ->."))
        elif len(texts(q)) < 2:
            flaws.append(("Todos los pares tienen el mismo lado derecho.", "Use textos distintos."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        offered = texts(q)
        answer = {}
        for pair in pairs(q):
            number = first(values, f"q.{pair.id}")
            if number.isascii() and number.isdigit() and len(number) < 4 and 0 < int(number) <= len(offered):
                answer[pair.id] = offered[int(number) - 1]
        return dump(answer)

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        offered, chosen = texts(q), self.chosen(q, answer)
        return {f"q.{p.id}": (str(offered.index(chosen[p.id]) + 1),) if p.id in chosen else () for p in pairs(q)}

    def score(self, q: Question, answer: str) -> Fraction | None:
        return sum((part.weight * part.share for part in self.parts(q, answer)), Fraction(0))

    def parts(self, q: Question, answer: str) -> tuple[Part, ...]:
        chosen, asked = self.chosen(q, answer), pairs(q)
        given = [(pair, chosen.get(pair.id, "")) for pair in asked]
        return tuple(Part(pair.id, Fraction(1, len(asked)), Fraction(text == pair.match), text, pair.match,
                          text == pair.match) for pair, text in given)

    def table(self, q: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
        parts = {part.id: part for part in self.parts(q, answer)}
        return tuple((p.text, parts[p.id].given, p.match, parts[p.id].correct) for p in pairs(q))

    def complaint(self, q: Question, answer: str) -> str:
        missing = sum(not part.given for part in self.parts(q, answer))
        return "" if not missing else f"Falta elegir {'1 par' if missing == 1 else f'{missing} pares'}."

    def without_wrong(self, q: Question, answer: str) -> str:
        return dump({part.id: part.given for part in self.parts(q, answer) if part.correct})

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        chosen = self.chosen(q, answer)
        return tuple(_tallied(pair, chosen[pair.id], chosen[pair.id]) for pair in pairs(q) if pair.id in chosen)

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(_tallied(pair, text, "") for pair in pairs(q) for text in texts(q))

    def shown(self, q: Question, answer: str) -> str:
        chosen = self.chosen(q, answer)
        return "; ".join(f"{plain(p.text)} → {chosen.get(p.id, '—')}" for p in pairs(q)) if chosen else ""

    def right(self, q: Question) -> str:
        return "; ".join(f"{plain(pair.text)} → {pair.match}" for pair in pairs(q))

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        """The right-hand texts: `id` is the number the form sends, `match` the text."""
        offered = [Option(str(n), html.escape(text, False), Fraction(0), match=text)
                   for n, text in enumerate(texts(q), start=1)]
        return shuffled(offered, seed, q.id)

    def claims(self, answers: str) -> bool:
        return "=" in answers and "->" in answers

    def read_gift(self, body: Body) -> Answers:
        options: list[Option] = []
        troubles: list[Trouble] = []
        whole = True
        for piece in pieces(body, "="):
            left, arrow, right = piece.source.partition("->")
            if not arrow or not piece.mark:
                troubles.append((piece.line, f"«{piece.raw[:40]}» no es un par.", "Escriba =izquierda -> derecha."))
                whole = False
                continue
            text, flaws = to_html(left, body.format)
            troubles += [(piece.line, *flaw) for flaw in flaws]
            options.append(Option(letter(len(options)), text, Fraction(1), match=" ".join(bare(right).split())))
        return Answers(self.name if whole else "", tuple(options), troubles=tuple(troubles))

    def gift_answers(self, q: Question) -> list[str]:
        return [f"={escaped(option.text)} -> {escaped(option.match)}" for option in q.options]

    def chosen(self, q: Question, answer: str) -> dict[str, str]:
        found, offered, asked = load(answer), texts(q), {pair.id for pair in pairs(q)}
        return {k: v for k, v in found.items() if k in asked and v in offered} if isinstance(found, dict) else {}


def pairs(q: Question) -> list[Option]:
    """The options that ask something: with a left side."""
    return [option for option in q.options if option.text]


def texts(q: Question) -> list[str]:
    """The right-hand texts, each once, in an order that tells nothing."""
    return sorted({option.match for option in q.options}, key=lambda text: (text.casefold(), text))


def _tallied(pair: Option, model: str, actual: str) -> Response:
    return Response(plain(pair.text), model, actual, Fraction(model == pair.match))
