"""Short answer: a few words, compared without case or accents; "*" stands for any text. The answer: "SUBDERE"."""

import html
import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

from lms.catalogue.kinds.kind import Flaw, Kind, Values, clamped, doubled, dump, first, load, plain
from lms.catalogue.notation import Answers, Body, Trouble, commented, lettered, pieces, weighed
from lms.catalogue.rules import Option, Question

NO_MARK = ("La respuesta no empieza con =.", "Escriba {=respuesta}; verdadero y falso se escriben {T} y {F}.")


class Short(Kind):
    """Field `q`. Of several accepted texts that fit, the one that gives most counts."""
    name = "short"
    label = "Respuesta breve"

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q) + doubled(plain(option.text) for option in q.options)
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
        typed = folded(self.shown(q, answer))
        fitting = [option for option in q.options if typed and fits(typed, plain(option.text))]
        return max(fitting, key=lambda option: option.share, default=None)

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
        options = tuple(Option(i, html.escape(p.raw, False), p.worth(Fraction(1)), p.feedback)
                        for i, p in zip(ids, found, strict=True))
        return Answers(self.name, options, troubles=tuple(troubles))

    def gift_answers(self, q: Question) -> list[str]:
        return [weighed("=", option.share, 1, option.text) + commented(html.unescape(option.text), option.feedback)
                for option in q.options]


@lru_cache(4096)
def folded(text: str) -> str:
    """Without case, accents or spare spaces; ñ stays, for "ano" is not "año"."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ñ", "\ue0f1")
    parts = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).replace("\ue0f1", "ñ").split())


def fits(typed: str, pattern: str) -> bool:
    """Whether a folded text is an accepted one, where * is any text and \\* is an asterisk. Each part is sought from
    where the last one ended: a regular expression of thirty stars would take for ever."""
    parts = [part.replace("\0", "*") for part in re.sub(r"\\\*", "\0", pattern).split("*")]
    parts = [_folded_part(part) for part in parts]
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


def _folded_part(part: str) -> str:
    """Folded, with the spaces at its ends kept: "ley *" wants the space."""
    return (" " if part[:1].isspace() else "") + folded(part) + (" " if part[-1:].isspace() and part.strip() else "")
