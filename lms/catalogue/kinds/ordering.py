"""Ordering: items put in their order, which is that of the options. The answer is each one's place: {"b":1,"a":2}."""

import re
from fractions import Fraction

from lms.catalogue.kinds.kind import Flaw, Kind, Values, doubled, dump, first, load, plain, shuffled
from lms.catalogue.notation import Answers, Body, Trouble, escaped, lettered, to_html
from lms.catalogue.rules import Option, Question

SETTING = re.compile(           # Moodle's settings after ">": number, selection, layout, grading, what is shown
    r"\d+|ALL|EXACT|RANDOM|REL|CONTIG\w*|HORIZONTAL|HORI|H|VERTICAL|VERT|V|ALL_OR_NOTHING|ABSOLUTE\w*|ABS|RELATIVE\w*|"
    r"LONGEST\w*|SHOW|HIDE|TRUE|FALSE|YES|NO|NONE|ABCD|ABC|III?|123|NUMBER\w*", re.IGNORECASE)


class Ordering(Kind):
    """Fields `q.<option id>`: its place, from 1. The score is the share of items that stand in their place."""
    name = "ordering"
    label = "Ordenamiento"

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q) + doubled(plain(option.text) for option in q.options)
        if len(q.options) < 3:
            flaws.append(("Hay menos de tres elementos que ordenar.", "Escriba uno por línea."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        answer = {}
        for option in q.options:
            place = first(values, f"q.{option.id}")
            if place.isascii() and place.isdigit() and len(place) < 4 and 0 < int(place) <= len(q.options):
                answer[option.id] = int(place)
        return dump(answer)

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        places = self.places(q, answer)
        return {f"q.{o.id}": (str(places[o.id]),) if o.id in places else () for o in q.options}

    def score(self, q: Question, answer: str) -> Fraction | None:
        places = self.places(q, answer)
        right = sum(places.get(option.id) == n for n, option in enumerate(q.options, start=1))
        return Fraction(right, max(len(q.options), 1))

    def shown(self, q: Question, answer: str) -> str:
        places = self.places(q, answer)
        placed = sorted((o for o in q.options if o.id in places), key=lambda o: places[o.id])
        return "; ".join(f"{places[option.id]}. {plain(option.text)}" for option in placed)

    def right(self, q: Question) -> str:
        return "; ".join(f"{n}. {plain(option.text)}" for n, option in enumerate(q.options, start=1))

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        return shuffled(q.options, seed, q.id)

    def claims(self, answers: str) -> bool:
        return answers.startswith(">")

    def read_gift(self, body: Body) -> Answers:
        lines = body.text[1:].split("\n")
        words = lines[0].split()
        while words and SETTING.fullmatch(words[0]):
            words.pop(0)
        items = [(n, line) for n, line in enumerate([" ".join(words), *lines[1:]]) if line.strip()]
        texts: list[str] = []
        troubles: list[Trouble] = []
        for n, line in items:
            text, flaws = to_html(line, body.format)
            texts.append(text)
            troubles += [(body.line + n, *flaw) for flaw in flaws]
        ids = lettered([plain(text) for text in texts])
        options = tuple(Option(i, text, Fraction(1)) for i, text in zip(ids, texts, strict=True))
        return Answers(self.name, options, troubles=tuple(troubles))

    def gift_answers(self, q: Question) -> list[str]:
        return [">", *(_line(option.text) for option in q.options)]

    def places(self, q: Question, answer: str) -> dict[str, int]:
        found, ids = load(answer), {option.id for option in q.options}
        if not isinstance(found, dict):
            return {}
        return {i: n for i, n in found.items() if i in ids and type(n) is int and 0 < n <= len(ids)}


def _line(text: str) -> str:
    """An item on its line; one that begins with // would be taken for a comment."""
    return escaped(f"&#47;{text[1:]}" if text.startswith("//") else text)
