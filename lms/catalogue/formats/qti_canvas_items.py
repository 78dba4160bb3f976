"""Items that Canvas's own converter made of QTI 1.2: written as 2.1, but they say what they were."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from lms.catalogue.formats.qti_canvas import BLANKS, DROPDOWNS, MATCHING, Asked, Neutral
from lms.catalogue.formats.qti_interactions import Reading
from lms.catalogue.formats.qti_making import Source
from lms.catalogue.formats.qti_probing import Given, Listed, Scorer
from lms.catalogue.formats.qti_tree import Element, attribute, below, child, children, number, words

CANVAS = (BLANKS, DROPDOWNS, MATCHING, "calculated", "Calculated", "numerical", "short_answer", "essay", "file_upload",
          "multiple_answers")
APART = (BLANKS, DROPDOWNS, MATCHING, "short_answer")


class Branches:
    """Every branch of a converted item by itself: they were separate conditions before they were made one chain."""

    def __init__(self, rules: Element | None, whole: Scorer) -> None:
        self.whole = whole
        self.worth: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for branch in below(rules, "responseIf", "responseElseIf") if rules is not None else ():
            change = child(branch, "setOutcomeValue")
            if change is None or attribute(change, "identifier") != "SCORE":
                continue
            earned = [n for e in below(change, "baseValue") if (n := number(words(e))) is not None]
            for match in below(branch, "match", "stringMatch"):
                name, value = child(match, "variable"), child(match, "baseValue")
                if name is not None and value is not None and earned:
                    self.worth[attribute(name, "identifier"), words(value).casefold()] += earned[0]

    def score(self, given: Given) -> Fraction:
        return sum((self.worth.get((rid, said.casefold()), Fraction(0))
                    for rid, answers in given.items() for said in answers), Fraction(0))

    def shown(self, given: Given) -> frozenset[str]:
        return self.whole.shown(given)


def _choices(reading: Reading, interaction: Element, kind: str) -> tuple[Listed, ...]:
    """The choices; where there are several lists, each with the feedback that is named after it."""
    found = reading.listed(children(interaction, "simpleChoice"))
    if kind not in (BLANKS, DROPDOWNS):
        return tuple(found)
    named = {attribute(e, "identifier").removeprefix("FEEDBACK_"): e for e in reading.scorer.feedbacks}
    said = {c.ident: named.get(f"{c.ident.removeprefix('RESPONSE_')}_fb") for c in found}
    reading.scorer.feedbacks = [e for e in reading.scorer.feedbacks if e not in said.values()]
    return tuple(replace(c, feedback=reading.texts.html(e) if (e := said[c.ident]) is not None else "") for c in found)


def neutral_of(reading: Reading, body: Element, fields: Mapping[str, str], source: Source) -> Neutral:
    """The item as 1.2 would have it."""
    kind = fields.get("question_type", "").removesuffix("_question")
    found = list(below(body, "choiceInteraction", "extendedTextInteraction", "textEntryInteraction"))
    spoken = tuple(dict.fromkeys(words(e) for e in below(reading.item, "baseValue")
                                 if attribute(e, "baseType") == "string" and words(e)))
    asked = [Asked(attribute(e, "responseIdentifier"), "".join(reading.texts.html(p) for p in children(e, "prompt")),
                   _choices(reading, e, kind), "lid" if e.tag == "choiceInteraction" else "str",
                   keys=spoken, numeric=kind == "numerical") for e in found]
    scorer: Scorer = Branches(reading.scorer.rules, reading.scorer) if kind in APART else reading.scorer
    text = reading.texts.html(body)
    return Neutral(kind, text, [replace(a, label=a.label or a.rid) for a in asked], scorer, source.shelf, source.place,
                   source.points, child(child(reading.item, "itemproc_extension"), "calculated"))
