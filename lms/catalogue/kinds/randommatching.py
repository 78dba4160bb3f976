"""Random matching: short-answer questions drawn from a pool, each with its key to choose. Body: Draw."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb

from lms.catalogue import rules
from lms.catalogue.kinds.kind import Flaw, Kind, Response, plain
from lms.catalogue.kinds.matching import Matching
from lms.catalogue.kinds.ordering import combination
from lms.catalogue.notation import Answers, Body, letter
from lms.catalogue.rules import Option, Question

LARGEST = 500                   # questions in a pool


@dataclass(frozen=True)
class Drawn:
    """A question of the pool and its key."""
    text: str                   # safe HTML
    answer: str                 # plain text


@dataclass(frozen=True)
class Draw(rules.Body):
    """How many are drawn from which: the pool is filled from the short-answer questions of a category."""
    choose: int = 2
    subcategories: bool = True
    pool: tuple[Drawn, ...] = ()


class RandomMatching(Matching):
    """An attempt asks what `realised` gives, a matching question. An empty pool is no fault: it is filled from the
    bank (`filled`) when the question is put into a quiz."""
    name = "randommatching"
    label = "Pares al azar"

    def faults(self, q: Question) -> list[Flaw]:
        body, flaws = draw_of(q), Kind.faults(self, q)
        if body.choose < 2:
            flaws.append(("Se eligen menos de dos preguntas.", "Elija al menos dos."))
        if body.pool and len(body.pool) < body.choose:
            flaws.append((f"Hay {len(body.pool)} preguntas de respuesta breve y se eligen {body.choose}.",
                          "Agregue preguntas a la categoría o elija menos."))
        if body.pool and len({drawn.answer for drawn in body.pool}) < 2:
            flaws.append(("Todas las preguntas tienen la misma respuesta.", "Elija una categoría con otras."))
        return flaws

    def variants(self, q: Question) -> int:
        pool, asked = _asked(q)
        return comb(len(pool), asked)

    def realised(self, q: Question, seed: int) -> Question:
        pool, asked = _asked(q)
        drawn = [pool[n] for n in combination(len(pool), asked, seed % self.variants(q))]
        options = tuple(Option(letter(n), one.text, Fraction(1), match=one.answer) for n, one in enumerate(drawn))
        return replace(q, kind="matching", options=options, body=None)

    def right(self, q: Question) -> str:
        return "; ".join(f"{plain(drawn.text)} → {drawn.answer}" for drawn in draw_of(q).pool)

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(Response(plain(drawn.text), drawn.answer, "", Fraction(1)) for drawn in draw_of(q).pool)

    def claims(self, answers: str) -> bool:
        return False

    def read_gift(self, body: Body) -> Answers:
        return Answers("")

    def gift_answers(self, q: Question) -> list[str]:
        return []


def draw_of(q: Question) -> Draw:
    return q.body if isinstance(q.body, Draw) else Draw()


def filled(q: Question, others: Iterable[Question]) -> Question:
    """With the pool that short-answer questions give: those with one text that is fully right and no wildcard in it."""
    pool = [Drawn(other.text, answer) for other in others if other.kind == "short" and (answer := _key(other))]
    return replace(q, body=replace(draw_of(q), pool=tuple(dict.fromkeys(pool))[:LARGEST]))


def _key(short: Question) -> str:
    return next((text for option in short.options if option.share == 1 and "*" not in (text := plain(option.text))), "")


def _asked(q: Question) -> tuple[tuple[Drawn, ...], int]:
    body = draw_of(q)
    pool = body.pool[:LARGEST]
    return pool, min(max(body.choose, 0), len(pool))
