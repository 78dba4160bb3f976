"""Short answer: a few words, forgiven their case and accents unless asked; "*" is any text. The answer: "SUBDERE"."""

import html
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from lms.catalogue import rules
from lms.catalogue.kinds.kind import Flaw, Kind, Response, Values, clamped, doubled, dump, first, load, plain
from lms.catalogue.notation import WHOLE, Answers, Body, Trouble, commented, lettered, pieces, weighed
from lms.catalogue.rules import Option, Question

NO_MARK = ("La respuesta no empieza con =.", "Escriba {=respuesta}; verdadero y falso se escriben {T} y {F}.")


@dataclass(frozen=True)
class Words(rules.Body):
    """How strictly a short answer is compared. None in its place: these defaults, which forgive both."""
    case: bool = False              # capitals must be as in the key
    accents: bool = False           # accents must be as in the key


class Short(Kind):
    """Field `q`. Of several accepted texts that fit, the first counts, as in Moodle: authors catch what is particular
    before what is wider. A text with the very accents goes before one that fits only without them."""
    name = "short"
    label = "Respuesta breve"

    def faults(self, q: Question) -> list[Flaw]:
        strict = isinstance(q.body, Words) and q.body.case
        texts = [plain(option.text) for option in q.options]
        flaws = super().faults(q) + (doubled(texts) if not strict or len(set(texts)) < len(texts) else [])
        if not any(option.share == 1 for option in q.options):
            flaws.append(("Ninguna respuesta da el puntaje completo.", "Deje al menos una sin peso, o con %100%."))
        if any(option.share > 0 and not plain(option.text).replace("*", "").strip() for option in q.options):
            flaws.append(("Cualquier texto da puntaje.", "Escriba algo más que * o dé a * peso %0%."))
        if any("->" in plain(option.text) for option in q.options):
            flaws.append(("Una respuesta contiene «->», que se lee como par.", "Escriba la flecha con palabras."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        return dump(" ".join(first(values, "q").split()))

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        typed = self.shown(q, answer)
        return {"q": (typed,) if typed else ()}

    def score(self, q: Question, answer: str) -> Fraction | None:
        best = self.best(q, answer)
        return clamped(best.share) if best else Fraction(0)

    def shown(self, q: Question, answer: str) -> str:
        typed = load(answer)
        return typed if isinstance(typed, str) else ""

    def right(self, q: Question) -> str:
        return " / ".join(plain(option.text) for option in q.options if option.share == 1)

    def feedback_for(self, q: Question, answer: str) -> str:
        best = self.best(q, answer)
        return best.feedback if best else ""

    def best(self, q: Question, answer: str) -> Option | None:
        """The accepted text an answer fits."""
        words = q.body if isinstance(q.body, Words) else Words()
        typed = self.shown(q, answer)
        fitting = [option for option in q.options if typed and met(typed, option, words.case, words.accents)]
        exact = [option for option in fitting if met(typed, option, words.case, True)]
        if not fitting or fitting[0] in exact:
            return fitting[0] if fitting else None
        return next((option for option in exact if "*" not in option.text), fitting[0])

    def complaint(self, q: Question, answer: str) -> str:
        return "" if self.shown(q, answer) else "Escriba una respuesta."

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        typed, best = self.shown(q, answer), self.best(q, answer)
        model, share = (plain(best.text), clamped(best.share)) if best else ("", Fraction(0))
        return (Response("", model, typed, share),) if typed else ()

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(Response("", plain(option.text), "", clamped(option.share)) for option in q.options)

    def claims(self, answers: str) -> bool:
        return True

    def read_gift(self, body: Body) -> Answers:
        found = pieces(body, "=")
        troubles: list[Trouble] = [(p.line, *NO_MARK) for p in found if not p.mark]
        for piece in found:         # a key is plain text: what it would mean in Markdown is no fault
            troubles += [t for t in piece.troubles if piece.broken or "sin escapar" in t[1]]
        if not found or any(piece.broken for piece in found):
            return Answers("", troubles=tuple(troubles) or ((body.line, *NO_MARK),))
        ids = lettered([piece.raw for piece in found])
        options = tuple(Option(i, html.escape(p.raw, False), p.worth(WHOLE), p.feedback)
                        for i, p in zip(ids, found, strict=True))
        return Answers(self.name, options, troubles=tuple(troubles))

    def gift_answers(self, q: Question) -> list[str]:
        return [weighed("=", option.share, 1, option.text) + commented(html.unescape(option.text), option.feedback)
                for option in q.options]


def met(typed: str, option: Option, case: bool, accents: bool) -> bool:
    return fits(compared(typed, case, accents), plain(option.text), case, accents)


def folded(text: str) -> str:
    """Without case, accents or spare spaces; ñ stays, for "ano" is not "año"."""
    return compared(text, False, False)


@lru_cache(4096)
def compared(text: str, case: bool, accents: bool) -> str:
    """A text in the form that is compared: composed alike, without spare spaces, and without what does not count."""
    text = unicodedata.normalize("NFKC", text)
    text = text if case else unicodedata.normalize("NFKC", text.casefold())
    if not accents:
        parts = unicodedata.normalize("NFKD", text.replace("ñ", "\ue0f1").replace("Ñ", "\ue0d1"))
        text = "".join(c for c in parts if not unicodedata.combining(c)).replace("\ue0f1", "ñ").replace("\ue0d1", "Ñ")
    return " ".join(text.split())


def fits(typed: str, pattern: str, case: bool = False, accents: bool = False) -> bool:
    """Whether a text in its compared form is an accepted one, where * is any text and \\* is an asterisk. Each part is
    sought from where the last one ended: a regular expression of thirty stars would take for ever."""
    parts = [part.replace("\0", "*") for part in re.sub(r"\\\*", "\0", pattern).split("*")]
    parts = [_part(part, case, accents) for part in parts]
    if len(parts) == 1:
        return typed == parts[0].strip()
    start, *middle, end = parts[0].lstrip(), *parts[1:-1], parts[-1].rstrip()
    at = len(start)
    if not typed.startswith(start) or len(typed) < at + len(end) or not typed.endswith(end):
        return False
    stop = len(typed) - len(end)
    for part in middle:
        found = typed.find(part, at, stop)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _part(part: str, case: bool, accents: bool) -> str:
    """In its compared form, with the spaces at its ends kept: "ley *" wants the space."""
    return ((" " if part[:1].isspace() else "") + compared(part, case, accents)
            + (" " if part[-1:].isspace() and part.strip() else ""))
