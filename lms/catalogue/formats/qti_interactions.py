"""The interactions of QTI 2.x and 3 that are choices, orders, words, numbers and long texts."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_numbers import numerical
from lms.catalogue.formats.qti_probing import Listed, Scorer, Taken, multiple, ordered, short, single
from lms.catalogue.formats.qti_scoring import ItemScorer
from lms.catalogue.formats.qti_texts import Texts, candidate
from lms.catalogue.formats.qti_tree import Element, attribute, below, child, children, flag, number, words
from lms.catalogue.kinds.essay import Essay

NUMERIC = ("integer", "float")
PLAIN = re.compile(r"[^][{}()^$+?\\|*.]+")       # a regular expression that is but a text
ANY_ACCENTS = "lms-any-accents"         # our own word: a text without its accents is right too
ANOTHER = "Escriba la pregunta con otro tipo, o cárguela a mano."


@dataclass
class Reading:
    """One item being read."""
    item: Element
    texts: Texts
    scorer: ItemScorer

    def refuse(self, element: Element, message: str, remedy: str = ANOTHER) -> None:
        self.texts.tell(Grade.UNSUPPORTED, element, message, remedy)

    def changed(self, element: Element, message: str, remedy: str) -> None:
        self.texts.tell(Grade.CHANGED, element, message, remedy)

    def declaration(self, interaction: Element) -> Element | None:
        name = attribute(interaction, "responseIdentifier")
        return next((e for e in children(self.item, "responseDeclaration") if attribute(e, "identifier") == name), None)

    def correct(self, interaction: Element) -> list[str]:
        """The values of the right response."""
        holder = child(self.declaration(interaction), "correctResponse")
        return [" ".join((value.text or "").split()) for value in children(holder, "value")]

    def cardinality(self, interaction: Element) -> str:
        declared = self.declaration(interaction)
        return attribute(declared, "cardinality", "single") if declared is not None else "single"

    def listed(self, elements: list[Element], inline: bool = True) -> list[Listed]:
        return [Listed(attribute(e, "identifier"), self.texts.html(e, inline=inline) or attribute(e, "identifier"),
                       "") for e in elements]

    def sane(self, interaction: Element, listed: list[Listed]) -> bool:
        """Whether there are things to choose from, each with its own identifier."""
        idents = [one.ident for one in listed]
        if len(idents) >= 2 and len(set(idents)) == len(idents) and all(idents) and len(idents) <= 200:
            return True
        self.texts.tell(Grade.FAULT, interaction, "Hay menos de dos alternativas, o dos con el mismo identificador.",
                        "Dé a cada alternativa su identificador.")
        return False


Reader = Callable[[Reading, Element, Scorer], Taken | None]


def rid_of(interaction: Element) -> str:
    return attribute(interaction, "responseIdentifier")


def read_choice(reading: Reading, element: Element, scorer: Scorer, truthful: bool = True) -> Taken | None:
    listed = reading.listed(list(below(element, "simpleChoice", "inlineChoice", "hottext")))
    if not reading.sane(element, listed):
        return None
    most = number(attribute(element, "maxChoices"))
    if element.tag == "hottextInteraction":
        reading.changed(element, "Las palabras que se marcaban dentro del texto son alternativas aparte.",
                        "Revise que se entienda.")
    if reading.cardinality(element) == "single" or (most == 1 and reading.cardinality(element) != "multiple"):
        taken = single(scorer, rid_of(element), listed, truthful)
    else:
        taken = multiple(scorer, rid_of(element), listed, reading.correct(element), int(most or 0))
    return replace(taken, shuffle=flag(element, "shuffle") or element.tag == "hottextInteraction")


def read_order(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    listed = reading.listed(children(element, "simpleChoice"))
    correct = reading.correct(element)
    if not reading.sane(element, listed):
        return None
    if sorted(correct) != sorted(one.ident for one in listed):
        reading.refuse(element, "El orden correcto no nombra todos los elementos (orderInteraction).")
        return None
    return ordered(scorer, rid_of(element), listed, correct)


def read_text(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    """A short answer, or a number where the response is declared as one."""
    declared = reading.declaration(element)
    base = attribute(declared, "baseType", "string") if declared is not None else "string"
    found = _spoken(reading, element)
    if base in NUMERIC:
        marks = [m for text in found if (m := number(text)) is not None]
        return numerical(scorer, rid_of(element), _edges(reading, marks), base == "integer")
    pattern = _pattern(reading, rid_of(element))
    if pattern:
        reading.refuse(element, f"La respuesta se compara con una expresión regular (patternMatch): «{pattern[:60]}».")
        return None
    texts = [text for text in dict.fromkeys(found) if len(text) <= 200]
    taken = short(scorer, rid_of(element), [Listed(text, text) for text in texts],
                  accents=ANY_ACCENTS not in attribute(element, "class").split())
    return taken


def _pattern(reading: Reading, rid: str) -> str:
    """The regular expression that a response is compared with, "" where it is none, or but a text."""
    for rule in below(reading.item, "patternMatch"):
        names = {attribute(e, "identifier") for e in below(rule, "variable")}
        said = attribute(rule, "pattern") or "…"
        if (not names or rid in names) and not PLAIN.fullmatch(said):
            return said
    return ""


def _spoken(reading: Reading, element: Element) -> list[str]:
    """The texts an item speaks of where it says what is right."""
    declared = reading.declaration(element)
    found = [(value.text or "").strip() for value in children(child(declared, "correctResponse"), "value")]
    found += [attribute(entry, "mapKey") for entry in children(child(declared, "mapping"), "mapEntry")]
    if reading.scorer.rules is not None:
        found += [(e.text or "").strip() for e in below(reading.scorer.rules, "baseValue")]
        found += [attribute(e, "pattern") for e in below(reading.scorer.rules, "patternMatch")
                  if PLAIN.fullmatch(attribute(e, "pattern"))]
    return [text for text in found if text][:60]


def _edges(reading: Reading, marks: list[Fraction]) -> list[Fraction]:
    """Numbers between which the scoring may change: each, and each with its tolerances."""
    found = list(marks)
    for rule in below(reading.item, "equal", "equalRounded"):
        for text in attribute(rule, "tolerance").split():
            margin = number(text)
            if margin is not None:
                relative = attribute(rule, "toleranceMode") == "relative"
                found += [m + sign * (m * margin / 100 if relative else margin) for m in marks for sign in (1, -1)]
        figures = number(attribute(rule, "figures"))
        if rule.tag == "equalRounded" and figures is not None and abs(figures) <= 20:
            half = Fraction(1, 2) / Fraction(10) ** int(figures)
            found += [m + sign * half for m in marks for sign in (1, -1)]
    return found


def read_slider(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    low, high = number(attribute(element, "lowerBound")), number(attribute(element, "upperBound"))
    marks = [m for text in _spoken(reading, element) if (m := number(text)) is not None]
    reading.changed(element, f"El control deslizante (de {attribute(element, 'lowerBound')} a "
                    f"{attribute(element, 'upperBound')}) es aquí un número que se escribe.",
                    "Diga los límites en el enunciado.")
    declared = reading.declaration(element)
    known = [m for m in _edges(reading, marks) if (low is None or m >= low) and (high is None or m <= high)]
    whole = declared is not None and attribute(declared, "baseType") == "integer"
    return numerical(scorer, rid_of(element), known, whole, (low, high))


def read_essay(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    lines = number(attribute(element, "expectedLines"))
    form = {"xhtml": "editor", "preFormatted": "monospaced"}.get(attribute(element, "format"), "plain")
    body = child(reading.item, "itemBody")
    note = reading.texts.note(body) if body is not None else ""
    model = "; ".join(reading.correct(element))
    holder = child(reading.declaration(element), "correctResponse")
    if model and holder is not None:
        note += f"<p>{reading.texts.shelf.html(words(holder).replace('<', '&lt;'), '', '')}</p>"
    made = Essay(form=form, lines=min(max(int(lines), 1), 100) if lines else 10, grader_note=note)
    return Taken("essay", reading.scorer.worth(), body=None if made == Essay() else made)


def read_upload(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    body = child(reading.item, "itemBody")
    note = reading.texts.note(body) if body is not None else ""
    return Taken("essay", reading.scorer.worth(),
                 body=Essay(text="none", attachments=1, required=1, grader_note=note))


def shown_rubric(item: Element) -> bool:
    return any(not candidate(e) for e in below(item, "rubricBlock"))
