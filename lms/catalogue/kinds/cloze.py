"""Cloze: a text with questions embedded in it. The answer is what each was given: {"1":"Owl","2":"b","3":["a","c"]}.

The text holds {#1}, {#2} … where the parts of those ids stand. A part is a whole question of a simple kind.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.catalogue.kinds.gapped import blanked, cut, joined
from lms.catalogue.kinds.kind import Flaw, Kind, Part, Response, Values, clamped, doubled, dump, load, plain
from lms.catalogue.kinds.multiple import Multiple
from lms.catalogue.kinds.numerical import Numerical
from lms.catalogue.kinds.short import Short
from lms.catalogue.kinds.single import Single
from lms.catalogue.rules import Body, Option, Question

PLACE = re.compile(r"\{#(\d{1,3})\}")
SIMPLE: dict[str, Kind] = {kind.name: kind for kind in (Short(), Numerical(), Single(), Multiple())}
LAYOUTS = {"short": ("line",), "numerical": ("line",), "single": ("list", "column", "row"),
           "multiple": ("column", "row")}


@dataclass(frozen=True)
class Embedded:
    """One question inside the text. `question.kind` is short, numerical, single or multiple; its text is "" and its
    points do not count; its id is its own ("1")."""
    id: str                     # "1" stands at {#1}
    weight: Fraction            # against the other parts; Moodle's is a whole number
    question: Question
    layout: str = "line"        # line (a field), list (a drop-down), column, row (buttons)


@dataclass(frozen=True)
class Cloze(Body):
    parts: tuple[Embedded, ...]

    def pieces(self, text: str) -> list[tuple[str, Embedded | None, str]]:
        """The text cut before each part: safe HTML, the part (None after the last piece), the sign right after it."""
        known = {part.id: part for part in self.parts}
        *cuts, rest = cut(text, PLACE)
        found: list[tuple[str, Embedded | None]] = []
        for html, key in zip(cuts[::2], cuts[1::2], strict=True):
            part = known.pop(key, None)         # a second place for the same part would be a second field of its name
            found.append((html if part else f"{html}{{#{key}}}", part))
        return joined([*found, (rest, None)])


class ClozeKind(Kind):
    """Fields `q.<part>`, as often as its kind sends them."""
    name = "cloze"
    label = "Texto con respuestas incrustadas"
    inline = True

    def asked(self, q: Question) -> tuple[Embedded, ...]:
        """The parts that stand in the text, in its order."""
        return tuple(part for _, part, _ in _body(q).pieces(q.text) if part and part.question.kind in SIMPLE)

    def faults(self, q: Question) -> list[Flaw]:
        flaws = super().faults(q)
        places, known = list(cut(q.text, PLACE)[1::2]), {part.id for part in _body(q).parts}
        if not places:
            flaws.append(("El texto no tiene respuestas incrustadas.", "Escriba una: {1:SHORTANSWER:=respuesta}."))
        for key in sorted({key for key in places if key not in known or places.count(key) > 1}):
            flaws.append((f"El lugar {{#{key}}} no tiene respuesta o está repetido.", "Deje uno por respuesta."))
        flaws += [(f"La respuesta {part.id} no está en el texto.", f"Escriba {{#{part.id}}} donde va, o quítela.")
                  for part in _body(q).parts if part.id not in places]
        if known and sum(part.weight for part in _body(q).parts) <= 0:
            flaws.append(("Ninguna respuesta da puntos.", "Dé a alguna un peso mayor que 0."))
        return flaws + [(f"Respuesta {part.id}: {what}", remedy)
                        for part in _body(q).parts for what, remedy in _flaws(part)]

    def wording(self, q: Question) -> str:
        return blanked(_body(q).pieces(q.text))

    def read(self, q: Question, values: Values) -> str:
        sent = {part.id: _kind(part).read(part.question, {"q": values.get(f"q.{part.id}") or []})
                for part in self.asked(q)}
        return dump({key: load(answer) for key, answer in sent.items() if answer})

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        return {f"q.{part.id}": _kind(part).given(part.question, own)["q"] for part, own in self.each(q, answer)}

    def each(self, q: Question, answer: str) -> list[tuple[Embedded, str]]:
        """Each part with its own kind's answer."""
        found = load(answer)
        known = found if isinstance(found, dict) else {}
        own = [(part, dump(known.get(part.id))) for part in self.asked(q)]
        return [(part, "" if _kind(part).is_blank(value) or not any(_kind(part).given(part.question, value).values())
                 else value) for part, value in own]

    def parts(self, q: Question, answer: str) -> tuple[Part, ...]:
        whole = sum((part.weight for part in self.asked(q)), Fraction(0)) or Fraction(1)
        found = []
        for part, own in self.each(q, answer):
            kind, share = _kind(part), _share(part, own)
            found.append(Part(part.id, part.weight / whole, share, kind.shown(part.question, own),
                              kind.right(part.question), share >= 1))
        return tuple(found)

    def score(self, q: Question, answer: str) -> Fraction | None:
        """A wrong choice of an embedded single choice may take from the other parts, as in Moodle."""
        return clamped(sum((part.weight * part.share for part in self.parts(q, answer)), Fraction(0)))

    def complaint(self, q: Question, answer: str) -> str:
        each = self.each(q, answer)
        missing = [str(n) for n, (_, own) in enumerate(each, 1) if not own]
        if len(missing) == len(each):
            return "Falta responder."
        if missing:
            return f"Falta llenar {'espacio' if len(missing) == 1 else 'espacios'}: {', '.join(missing)}."
        said = [(n, _kind(part).complaint(part.question, own)) for n, (part, own) in enumerate(each, 1)]
        return next((f"Espacio {n}: {words}" for n, words in said if words), "")

    def table(self, q: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
        return tuple((f"Espacio {n}", part.given, part.right, part.correct)
                     for n, part in enumerate(self.parts(q, answer), 1))

    def without_wrong(self, q: Question, answer: str) -> str:
        kept = {part.id: own if _share(part, own) >= 1 else _kind(part).without_wrong(part.question, own)
                for part, own in self.each(q, answer) if own}
        return dump({key: load(own) for key, own in kept.items() if own})

    def shown(self, q: Question, answer: str) -> str:
        each = self.each(q, answer)
        said = [f"{n}: {_kind(part).shown(part.question, own) or '—'}" for n, (part, own) in enumerate(each, 1)]
        return "; ".join(said) if any(own for _, own in each) else ""

    def right(self, q: Question) -> str:
        return "; ".join(f"{n}: {_kind(part).right(part.question)}" for n, part in enumerate(self.asked(q), 1))

    def feedback_for(self, q: Question, answer: str) -> str:
        said = [(n, _kind(part).feedback_for(part.question, own))
                for n, (part, own) in enumerate(self.each(q, answer), 1)]
        return "<br>".join(f"<b>{n}:</b> {html}" for n, html in said if html)

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        return tuple(replace(row, part=part.id) for part, own in self.each(q, answer) if own
                     for row in _kind(part).responses(part.question, own))

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(replace(row, part=part.id)
                     for part in self.asked(q) for row in _kind(part).possible(part.question))

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        """What each part offers, one after the other; `match` is the part's id."""
        found: list[Option] = []
        for part in self.asked(q):
            own = replace(part.question, id=f"{q.id}#{part.id}")
            mixed = q.shuffle and own.shuffle and part.layout != "line"
            offered = _kind(part).choices(own, seed) if mixed else own.options if part.layout != "line" else ()
            found += [replace(option, match=part.id) for option in offered]
        return tuple(found)

    def claims(self, answers: str) -> bool:
        return False


def _body(q: Question) -> Cloze:
    return q.body if isinstance(q.body, Cloze) else Cloze(())


def _kind(part: Embedded) -> Kind:
    return SIMPLE[part.question.kind]


def _share(part: Embedded, answer: str) -> Fraction:
    """Of the part's points. An embedded single choice may take away, as in Moodle."""
    if part.question.kind == "single":
        chosen = next((o for o in part.question.options if dump(o.id) == answer), None)
        return min(chosen.share, Fraction(1)) if chosen else Fraction(0)
    return _kind(part).score(part.question, answer) or Fraction(0)


def _flaws(part: Embedded) -> list[Flaw]:
    """What is not well formed in a part. Several right options are allowed in one, unlike in a question of its own."""
    q = part.question
    if part.weight < 0 or q.kind not in SIMPLE or part.layout not in LAYOUTS[q.kind]:
        return [("No es de una clase conocida.", "Use SHORTANSWER, NUMERICAL, MULTICHOICE o MULTIRESPONSE.")]
    if q.kind in ("short", "numerical"):
        return _kind(part).faults(replace(q, text="x"))
    flaws = doubled(plain(option.text) for option in q.options)
    if len(q.options) < 2:
        flaws.append(("Hay menos de dos alternativas.", "Agregue otras con ~."))
    if q.kind == "single" and not any(option.share == 1 for option in q.options):
        flaws.append(("Ninguna alternativa da el puntaje completo.", "Marque la correcta con =."))
    if q.kind == "multiple" and not any(option.share > 0 for option in q.options):
        flaws.append(("Ninguna alternativa es correcta.", "Marque las correctas con =."))
    return flaws
