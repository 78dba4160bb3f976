"""Ordering: items put in their order, which is that of the options. The answer is each one's place: {"b":1,"a":2}."""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb, gcd

from lms.catalogue import rules
from lms.catalogue.kinds.gradings import GRADINGS, SAID, graded
from lms.catalogue.kinds.kind import Flaw, Kind, Part, Response, Values, doubled, dump, first, load, plain, shuffled
from lms.catalogue.kinds.order_words import read_settings, written
from lms.catalogue.notation import Answers, Body, Trouble, escaped, lettered, to_html
from lms.catalogue.rules import Option, Question

SELECTIONS = {"all": 0, "random": 1, "contiguous": 2}      # which items an attempt is asked


@dataclass(frozen=True)
class Order(rules.Body):
    """How items to order are drawn, shown and scored. None in its place: these defaults."""
    grading: str = "absolute"       # a name in GRADINGS
    selection: str = "all"          # a name in SELECTIONS
    count: int = 0                  # how many items are asked when they are drawn; 0 all
    horizontal: bool = False
    numbering: str = ""             # before each item: "" | abc | ABCD | 123 | iii | IIII
    show_grading: bool = True       # whether a review says how the score came about


class Ordering(Kind):
    """Fields `q.<option id>`: its place, from 1. Scored as its body says: by default the share of items that stand in
    their place. Two items in one place leave it empty for what counts neighbours."""
    name = "ordering"
    label = "Ordenamiento"
    countback = False

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q) + doubled(plain(option.text) for option in q.options)
        if len(q.options) < 3:
            flaws.append(("Hay menos de tres elementos que ordenar.", "Escriba uno por línea."))
        body = order_of(q)
        if body.grading not in GRADINGS or body.selection not in SELECTIONS:
            flaws.append(("El modo de puntuar o de elegir los elementos no se conoce.", "Elija uno de la lista."))
        if body.selection != "all" and not 2 <= body.count <= len(q.options):
            flaws.append(("No se sabe cuántos elementos elegir.", f"Escriba de 2 a {len(q.options)}."))
        return flaws

    def variants(self, q: Question) -> int:
        asked, n = asked_of(q), len(q.options)
        return n - asked + 1 if order_of(q).selection == "contiguous" else comb(n, asked)

    def realised(self, q: Question, seed: int) -> Question:
        """With the items drawn for an attempt, in their order."""
        asked, n, lot = asked_of(q), len(q.options), seed % self.variants(q)
        if asked == n:
            return q
        drawn = range(lot, lot + asked) if order_of(q).selection == "contiguous" else combination(n, asked, lot)
        return replace(q, options=tuple(q.options[place] for place in drawn),
                       body=replace(order_of(q), selection="all", count=0))

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
        parts = self.parts(q, answer)
        if order_of(q).grading == "all_or_nothing":
            return Fraction(bool(parts) and all(part.correct for part in parts))
        return sum((part.weight * part.share for part in parts), Fraction(0))

    def parts(self, q: Question, answer: str) -> tuple[Part, ...]:
        """What each item earns where it stands."""
        places, right = self.places(q, answer), [option.id for option in q.options]
        shares = graded(order_of(q).grading, right, places)
        return tuple(Part(i, Fraction(1, len(shares)), shares[i], str(places.get(i, "")), str(n), shares[i] == 1)
                     for n, i in enumerate(right, start=1) if i in shares)

    def table(self, q: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
        places, earned = self.places(q, answer), {part.id: part.correct for part in self.parts(q, answer)}
        return tuple((o.text, str(places.get(o.id, "")), str(n), earned.get(o.id, places.get(o.id) == n))
                     for n, o in enumerate(q.options, start=1)) if places else ()

    def complaint(self, q: Question, answer: str) -> str:
        places = list(self.places(q, answer).values())
        twice = sorted({place for place in places if places.count(place) > 1})
        if len(places) < len(q.options):
            return "Falta dar su lugar a cada elemento."
        return f"Hay más de un elemento en el lugar {twice[0]}." if twice else ""

    def without_wrong(self, q: Question, answer: str) -> str:
        right = {part.id for part in self.parts(q, answer) if part.correct}
        return dump({i: n for i, n in self.places(q, answer).items() if i in right})

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        places = self.places(q, answer)
        return tuple(_tallied(o, n, places[o.id], str(places[o.id]))
                     for n, o in enumerate(q.options, start=1) if o.id in places)

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(_tallied(o, n, place, "") for n, o in enumerate(q.options, start=1)
                     for place in range(1, len(q.options) + 1))

    def shown(self, q: Question, answer: str) -> str:
        places = self.places(q, answer)
        placed = sorted((o for o in q.options if o.id in places), key=lambda o: places[o.id])
        return "; ".join(f"{places[option.id]}. {plain(option.text)}" for option in placed)

    def right(self, q: Question) -> str:
        return "; ".join(f"{n}. {plain(option.text)}" for n, option in enumerate(q.options, start=1))

    def feedback_for(self, q: Question, answer: str) -> str:
        """How the score came about, where the question says it."""
        body, parts = q.body, self.parts(q, answer)
        if not isinstance(body, Order) or not body.show_grading or not self.places(q, answer) or not parts:
            return ""
        earned = sum(((part.share for part in parts)), Fraction(0)) if body.grading != "all_or_nothing" else \
            len(parts) * (self.score(q, answer) or Fraction(0))
        return f"Cuenta {SAID.get(body.grading, SAID['absolute'])}: {_decimal(earned)} de {len(parts)}."

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        return shuffled(q.options, seed, q.id)

    def claims(self, answers: str) -> bool:
        return answers.startswith(">")

    def read_gift(self, body: Body) -> Answers:
        lines = body.text[1:].split("\n")
        said, rest = read_settings(lines[0])
        items = [(n, line) for n, line in enumerate([rest, *lines[1:]]) if line.strip()]
        texts: list[str] = []
        troubles: list[Trouble] = []
        for n, line in items:
            text, flaws = to_html(line, body.format)
            texts.append(text)
            troubles += [(body.line + n, *flaw) for flaw in flaws]
        ids = lettered([plain(text) for text in texts])
        options = tuple(Option(i, text, Fraction(1)) for i, text in zip(ids, texts, strict=True))
        order = Order(**said)
        return Answers(self.name, options, troubles=tuple(troubles), body=None if order == Order() else order)

    def gift_answers(self, q: Question) -> list[str]:
        body = order_of(q)
        said = "" if body == Order() else written(body.grading, body.selection, body.count, body.horizontal,
                                                  body.numbering, body.show_grading)
        return [f">{said}", *(_line(option.text) for option in q.options)]

    def places(self, q: Question, answer: str) -> dict[str, int]:
        found, ids = load(answer), {option.id for option in q.options}
        if not isinstance(found, dict):
            return {}
        return {i: n for i, n in found.items() if i in ids and type(n) is int and 0 < n <= len(ids)}


def order_of(q: Question) -> Order:
    return q.body if isinstance(q.body, Order) else Order()


def asked_of(q: Question) -> int:
    """How many items an attempt is asked to order."""
    n, body = len(q.options), order_of(q)
    return n if body.selection not in ("random", "contiguous") else min(max(body.count, 2), n)


def combination(n: int, size: int, lot: int) -> list[int]:
    """One of the ways to take `size` of `n` things, by its number. Numbers that follow each other give ways that lie
    far apart: else small seeds would always take the first things."""
    ways = comb(n, size)
    step = max(ways * 618_033_988_749 // 10 ** 12, 1)
    while gcd(step, ways) != 1:
        step += 1
    lot = lot * step % ways
    taken: list[int] = []
    for thing in range(n):
        missing = size - len(taken)
        with_it = comb(n - thing - 1, missing - 1) if missing else 0
        if missing and lot < with_it:
            taken.append(thing)
        else:
            lot -= with_it
    return taken


def _decimal(number: Fraction) -> str:
    """2 -> "2", 7/3 -> "2,33"."""
    return f"{round(float(number), 2):g}".replace(".", ",")


def _tallied(option: Option, right: int, place: int, actual: str) -> Response:
    return Response(plain(option.text), f"Lugar {place}", f"Lugar {actual}" if actual else "", Fraction(place == right))


def _line(text: str) -> str:
    """An item on its line; one that begins with // would be taken for a comment."""
    return escaped(f"&#47;{text[1:]}" if text.startswith("//") else text)
