"""Places to fill from a stock: what "select missing words", "drag words into text" and "drag onto image" share.

A text holds [[1]], [[2]] … as Moodle's does: the number is that of the word that belongs there, from 1, in the order of
the body. The gaps are counted apart, from 1, in the order of the text. The answer is what each place holds: {"1":"b"}.
"""

import html
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from lms.catalogue.kinds.kind import TAG, Flaw, Kind, Part, Response, Values, dump, first, load, plain, shuffled
from lms.catalogue.notation import lettered
from lms.catalogue.rules import Body, Option, Question

PLACE = re.compile(r"\[\[(\d{1,3})\]\]")
BLANK = "_____"
SIGNS = tuple(",.;:)?!»”%")
T = TypeVar("T")


@dataclass(frozen=True)
class Word:
    """A word of the stock."""
    id: str                     # "a", "b" … by the alphabet: see `stock`
    text: str                   # safe HTML (inline)
    group: int = 1              # only the gaps of its group offer it
    unlimited: bool = False     # dragwords: may fill any number of gaps


@dataclass(frozen=True)
class Slot:
    """A place to fill."""
    id: str
    group: int
    key: str                    # the id of what belongs there
    label: str                  # plain text: how people tell it from the others


@dataclass(frozen=True)
class Gaps(Body):
    """The body of gapselect and dragwords; word number 1 of [[1]] is the first."""
    choices: tuple[Word, ...]

    def pieces(self, text: str) -> list[tuple[str, Slot | None, str]]:
        """The text cut before each gap: safe HTML, the gap (None after the last piece), the sign right after it."""
        found: list[tuple[str, Slot | None]] = []
        *cuts, rest = cut(text, PLACE)
        count = 0
        for before, key in zip(cuts[::2], cuts[1::2], strict=True):
            word = self.choices[int(key) - 1] if 0 < int(key) <= len(self.choices) else None
            count += word is not None
            found.append((before, Slot(str(count), word.group, word.id, str(count))) if word else
                         (f"{before}[[{key}]]", None))
        return joined([*found, (rest, None)])


def joined(found: Sequence[tuple[str, T | None]]) -> list[tuple[str, T | None, str]]:
    """Each gap with the sign that follows it, taken from the text after it: a line must not break between the two."""
    signs = [text[:1] if gap and text[:1] in SIGNS else "" for (_, gap), (text, _) in itertools.pairwise(found)]
    return [(text[len(before):], gap, sign)
            for (text, gap), before, sign in zip(found, ["", *signs], [*signs, ""], strict=True)]


def blanked(pieces: Iterable[tuple[str, object, str]]) -> str:
    """The text with a numbered line for each gap."""
    numbers = itertools.count(1)
    return "".join(text + (f"({next(numbers)})\u00a0{BLANK}" if gap else "") + sign for text, gap, sign in pieces)


def stock(words: Sequence[tuple[str, int, bool]]) -> Gaps:
    """A body from (safe HTML, group, unlimited) in the author's order, with ids that do not tell it."""
    ids = lettered([plain(text) for text, _, _ in words])
    return Gaps(tuple(Word(i, *word) for i, word in zip(ids, words, strict=True)))


@lru_cache(1000)
def cut(text: str, place: re.Pattern[str]) -> tuple[str, ...]:
    """Safe HTML cut at its placeholders: text, key, text, key … text. One inside a tag is no gap."""
    tags = {at for tag in TAG.finditer(text) for at in range(tag.start(), tag.end())}
    found, at = [], 0
    for mark in place.finditer(text):
        if mark.start() not in tags:
            found += [text[at:mark.start()], mark[1]]
            at = mark.end()
    return (*found, text[at:])


class Filled(Kind):
    """Fields `q.<place>`: the id of what lies there. Each place is an equal share of the points."""
    noun, place, places = "Espacio", "espacio", "espacios"
    reuses = False              # True: everything may be used again and again

    def slots(self, q: Question) -> tuple[Slot, ...]:
        """The places, in order."""
        raise NotImplementedError

    def stock(self, q: Question) -> tuple[Word, ...]:
        """What can be put into them."""
        raise NotImplementedError

    def reusable(self, q: Question) -> set[str]:
        keys = Counter(slot.key for slot in self.slots(q))
        return {word.id for word in self.stock(q) if self.reuses or word.unlimited or keys[word.id] > 1}

    def read(self, q: Question, values: Values) -> str:
        groups = {word.id: word.group for word in self.stock(q)}
        sent = {slot: first(values, f"q.{slot.id}") for slot in self.slots(q)}
        return dump({slot.id: word for slot, word in sent.items() if groups.get(word) == slot.group})

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        chosen = self.chosen(q, answer)
        return {f"q.{slot.id}": (chosen[slot.id],) if slot.id in chosen else () for slot in self.slots(q)}

    def chosen(self, q: Question, answer: str) -> dict[str, str]:
        found, groups = load(answer), {word.id: word.group for word in self.stock(q)}
        if not isinstance(found, dict):
            return {}
        kept = [(slot, found.get(slot.id)) for slot in self.slots(q)]
        return {slot.id: word for slot, word in kept if isinstance(word, str) and groups.get(word) == slot.group}

    def parts(self, q: Question, answer: str) -> tuple[Part, ...]:
        """Two words that read the same are the same; what is used once counts only in the first place it lies in."""
        texts = {word.id: plain(word.text) for word in self.stock(q)}
        chosen, twice, slots = self.chosen(q, answer), self.twice(q, answer), self.slots(q)
        found = []
        for slot in slots:
            word, right = texts.get(chosen.get(slot.id, ""), ""), texts.get(slot.key, "")
            correct = slot.id in chosen and word == right and slot.id not in twice
            found.append(Part(slot.id, Fraction(1, len(slots)), Fraction(correct), word, right, correct))
        return tuple(found)

    def twice(self, q: Question, answer: str) -> dict[str, str]:
        """The places that hold what an earlier one holds and can lie in one only."""
        spent, again, free = set(), {}, self.reusable(q)
        for slot, word in self.chosen(q, answer).items():
            if word in spent and word not in free:
                again[slot] = word
            spent.add(word)
        return again

    def score(self, q: Question, answer: str) -> Fraction | None:
        return sum((part.weight * part.share for part in self.parts(q, answer)), Fraction(0))

    def after_tries(self, q: Question, answers: Sequence[str]) -> Fraction | None:
        """A place is paid as of the try from which on it was right, as in Moodle."""
        tries = [{part.id: part.correct for part in self.parts(q, answer)} for answer in answers]
        total, slots = Fraction(0), self.slots(q)
        for slot in slots:
            wrong = [n for n, right in enumerate(tries, 1) if not right[slot.id]]
            if answers and wrong[-1:] != [len(answers)]:
                total += max(1 - q.penalty * (wrong[-1] if wrong else 0), Fraction(0))
        return total / max(len(slots), 1)

    def complaint(self, q: Question, answer: str) -> str:
        if not (chosen := self.chosen(q, answer)):
            return "Falta responder."
        missing = [slot.label for slot in self.slots(q) if slot.id not in chosen]
        if missing:
            return f"Falta llenar {self.place if len(missing) == 1 else self.places}: {', '.join(missing)}."
        texts = {word.id: plain(word.text) for word in self.stock(q)}
        return "".join(f"«{texts[word]}» se usa una sola vez y está repetido."
                       for word in sorted(set(self.twice(q, answer).values()))[:1])

    def table(self, q: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
        labels = {slot.id: html.escape(f"{self.noun} {slot.label}", False) for slot in self.slots(q)}
        return tuple((labels[part.id], part.given, part.right, part.correct) for part in self.parts(q, answer))

    def without_wrong(self, q: Question, answer: str) -> str:
        chosen = self.chosen(q, answer)
        return dump({part.id: chosen[part.id] for part in self.parts(q, answer) if part.correct})

    def shown(self, q: Question, answer: str) -> str:
        parts = self.parts(q, answer) if self.chosen(q, answer) else ()
        labels = {slot.id: slot.label for slot in self.slots(q)}
        return "; ".join(f"{labels[part.id]}: {part.given or '—'}" for part in parts)

    def right(self, q: Question) -> str:
        labels = {slot.id: slot.label for slot in self.slots(q)}
        return "; ".join(f"{labels[part.id]}: {part.right}" for part in self.parts(q, ""))

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        return tuple(Response(part.id, part.given, part.given, part.share)
                     for part in self.parts(q, answer) if part.given)

    def possible(self, q: Question) -> tuple[Response, ...]:
        words = [(word, plain(word.text)) for word in self.stock(q)]
        keys = {word.id: text for word, text in words}
        return tuple(Response(slot.id, text, "", Fraction(text == keys.get(slot.key)))
                     for slot in self.slots(q) for word, text in words if word.group == slot.group)

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        """The stock: `match` is its group, and "∞" after it where it can be used again."""
        free = self.reusable(q)
        found = [Option(w.id, w.text, Fraction(0), match=f"{w.group}{'∞' * (w.id in free)}") for w in self.stock(q)]
        return shuffled(found, seed, q.id) if q.shuffle else tuple(found)

    def claims(self, answers: str) -> bool:
        return False


class Worded(Filled):
    """The places are gaps in the text, the things are words."""
    inline = True

    def slots(self, q: Question) -> tuple[Slot, ...]:
        body = q.body if isinstance(q.body, Gaps) else Gaps(())
        return tuple(slot for _, slot, _ in body.pieces(q.text) if slot)

    def stock(self, q: Question) -> tuple[Word, ...]:
        return q.body.choices if isinstance(q.body, Gaps) else ()

    def wording(self, q: Question) -> str:
        body = q.body if isinstance(q.body, Gaps) else Gaps(())
        return blanked(body.pieces(q.text))

    def faults(self, q: Question) -> list[Flaw]:
        words = self.stock(q)
        flaws = super().faults(q)
        if not self.slots(q):
            flaws.append(("El texto no tiene espacios.", "Escriba [[1]] donde va la primera palabra."))
        for key in cut(q.text, PLACE)[1::2]:
            if not 0 < int(key) <= len(words):
                flaws.append((f"El espacio [[{key}]] no tiene palabra.", f"Agregue la palabra {key} o quítelo."))
        if set(PLACE.findall(q.text)) - set(cut(q.text, PLACE)[1::2]):
            flaws.append(("Un espacio está dentro de una etiqueta HTML.", "Póngalo en el texto, fuera de < y >."))
        flaws += [(f"La palabra {n} está vacía.", "Escríbala o quítela.")
                  for n, word in enumerate(words, 1) if not plain(word.text)]
        return flaws
