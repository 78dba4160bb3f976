"""What every question kind offers, with what most of them share: cleaning, storing and shuffling."""

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from lms.catalogue.notation import Answers, Body, framed
from lms.catalogue.rules import Option, Question

Values = Mapping[str, list[str]]        # what a browser sent, by field name without its prefix
Flaw = tuple[str, str]                  # Spanish: what is wrong, what to do
SHORT, LONG = 200, 20_000               # characters kept of a short field and of an essay

TAG = re.compile(r"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
ALTERNATIVE = re.compile(r'\balt="([^"]*)"')
UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")     # a database or a JSON reader refuses these


@dataclass(frozen=True)
class Part:
    """One separately scored part of an answer: a gap, a pair, a place. `weight` of all parts adds up to 1."""
    id: str
    weight: Fraction
    share: Fraction             # of the part: 0 to 1 (a choice may take away: -1)
    given: str = ""             # what was answered, in plain text; "" blank
    right: str = ""             # its key, in plain text
    correct: bool = False


@dataclass(frozen=True)
class Response:
    """What one part of an answer counts as when answers are tallied, after Moodle's response analysis."""
    part: str                   # "" where the question has no parts
    model: str                  # the key it met, in plain text; "" none
    actual: str                 # what was answered, in plain text
    share: Fraction             # of the part's points


class Kind:
    """A question kind. The canonical answer is compact JSON, "" when blank; nothing here raises on hostile input."""

    name = ""
    label = ""                          # Spanish, for people
    waits = False                       # True: a person marks it
    asks = True                         # False: there is nothing to answer
    inline = False                      # True: the form controls stand within the text, which is not shown apart
    drags = False                       # True: a page that asks it loads drag.js
    pictured = False                    # True: its template has `drawn(q, fields, key)`, the picture as it was left
    countback = True                    # several tries pay each part as of the try since which it is right

    @property
    def template(self) -> str:
        """The file whose macro `field(q, answer, options, name_prefix, labelled_by)` shows the form controls."""
        return f"catalogue/kinds/{self.name}.html"

    def wording(self, q: Question) -> str:
        """Safe HTML of the text to read where nothing is to be answered: a gap is a line."""
        return q.text

    def faults(self, q: Question) -> list[Flaw]:
        """What is not well formed."""
        return [] if plain(q.text) else [("La pregunta no tiene enunciado.", "Escriba el enunciado antes de la llave.")]

    def read(self, q: Question, values: Values) -> str:
        """The canonical answer in what a browser sent."""
        raise NotImplementedError

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        """The values the form fields hold for an answer: the inverse of `read`, by field name."""
        raise NotImplementedError

    def score(self, q: Question, answer: str) -> Fraction | None:
        """The share of the points, from 0 to 1; None waits for a person."""
        raise NotImplementedError

    def raw(self, q: Question, answer: str) -> Fraction | None:
        """The share where a question may score less than nothing: a wrong choice that takes points away."""
        return self.score(q, answer)

    def is_blank(self, answer: str) -> bool:
        return load(answer) in (None, "", [], {})

    def realised(self, q: Question, seed: int) -> Question:
        """The question one attempt asks: numbers put into its formulas, texts drawn. Most kinds ask themselves.
        The seed says which of its variants: `seed % variants(q)`."""
        return q

    def variants(self, q: Question) -> int:
        """How many different questions it can ask."""
        return 1

    def complaint(self, q: Question, answer: str) -> str:
        """Why an answer can not be checked yet, in Spanish: blank, a gap is missing, no number; "" when it can."""
        return "Falta responder." if self.is_blank(answer) else ""

    def parts(self, q: Question, answer: str) -> tuple[Part, ...]:
        """The separately scored parts; () where the answer is one whole."""
        return ()

    def after_tries(self, q: Question, answers: Sequence[str]) -> Fraction | None:
        """The share for several tries, first to last, where each wrong try costs `q.penalty`. A part that was right
        from some try on is paid as of that try (Moodle's countback)."""
        if not answers:
            return Fraction(0)
        final = self.parts(q, answers[-1])
        if not (final and self.countback):
            share = self.score(q, answers[-1])
            return None if share is None else max(share - q.penalty * (len(answers) - 1) * (share > 0), Fraction(0))
        earlier = [{part.id: part for part in self.parts(q, answer)} for answer in answers]
        total = Fraction(0)
        for part in final:
            since = len(answers) - 1
            while since and earlier[since - 1].get(part.id) and earlier[since - 1][part.id].given == part.given:
                since -= 1
            total += part.weight * max(part.share - q.penalty * since * (part.share > 0), Fraction(0))
        return clamped(total)

    def table(self, q: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
        """For who looks back: of each part its name (safe HTML), what was answered, the key, and whether it is right.
        () where one line says it all."""
        return ()

    def without_wrong(self, q: Question, answer: str) -> str:
        """The answer with its wrong parts taken away: what a next try begins with when a hint says so."""
        return ""

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        """How this answer is tallied, a row for each part."""
        share = self.score(q, answer)
        return () if self.is_blank(answer) or share is None else (Response("", "", self.shown(q, answer), share),)

    def possible(self, q: Question) -> tuple[Response, ...]:
        """The answers foreseen, for a table that also shows those nobody gave."""
        return ()

    def shown(self, q: Question, answer: str) -> str:
        """What was answered, in plain text."""
        raise NotImplementedError

    def right(self, q: Question) -> str:
        """The key, in plain text."""
        raise NotImplementedError

    def feedback_for(self, q: Question, answer: str) -> str:
        """Safe HTML of what the author says to this answer; the question's own feedback is apart."""
        return ""

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        """What a given attempt shows to choose from, in its order."""
        return ()

    def claims(self, answers: str) -> bool:
        """Whether what stands between the braces of GIFT is of this kind."""
        raise NotImplementedError

    def read_gift(self, body: Body) -> Answers:
        raise NotImplementedError

    def gift_answers(self, q: Question) -> list[str]:
        """The lines between the braces of GIFT."""
        raise NotImplementedError

    def write_gift(self, q: Question) -> str:
        return framed(q, self.gift_answers(q))


def plain(safe: str) -> str:
    """The words of safe HTML; an image is its alternative text."""
    if "<" not in safe and "&" not in safe:
        return " ".join(safe.split())
    return " ".join(html.unescape(TAG.sub(_said, safe.replace("<br>", " "))).split())


def _said(tag: re.Match[str]) -> str:
    if not tag[0].startswith("<img"):
        return ""
    alternative = ALTERNATIVE.search(tag[0])
    return f" {alternative[1] if alternative and alternative[1].strip() else '[imagen]'} "


def clean(text: object, limit: int = SHORT) -> str:
    """One typed text, without what cannot be stored and no longer than `limit`."""
    if not isinstance(text, str):
        return ""
    kept = text[:4 * limit].replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub("", kept).strip()[:limit].strip()


def first(values: Values, name: str, limit: int = SHORT) -> str:
    found = every(values, name, limit)
    return found[0] if found else ""


def every(values: Values, name: str, limit: int = SHORT) -> list[str]:
    found = values.get(name) or []
    return [clean(value, limit) for value in ([found] if isinstance(found, str) else found)]


def dump(answer: Any) -> str:
    """The canonical stored form; "" when there is nothing in it."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")) if answer else ""


def load(answer: str) -> Any:
    """What a stored answer says; None when it is blank or not ours."""
    try:
        return json.loads(answer) if isinstance(answer, str) and 0 < len(answer) <= 8 * LONG else None
    except (ValueError, RecursionError):
        return None


def clamped(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), Fraction(1))


def shuffled(options: Iterable[Option], seed: int, question: str) -> tuple[Option, ...]:
    """The same order for the same seed on every machine and every Python."""
    def lot(option: Option) -> bytes:
        return sha256(f"{seed}\0{question}\0{option.id}".encode("utf-8", "replace")).digest()

    return tuple(sorted(options, key=lot))


def doubled(texts: Iterable[str]) -> list[Flaw]:
    """A fault for each text that stands twice."""
    seen: set[str] = set()
    flaws = []
    for text in texts:
        key = text.casefold()
        if not text:
            flaws.append(("Hay una alternativa vacía.", "Escriba su texto o quítela."))
        elif key in seen:
            flaws.append((f"La alternativa «{text}» está repetida.", "Deje una sola."))
        seen.add(key)
    return flaws
