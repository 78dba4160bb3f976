"""An item's own scoring as the probes ask it: the processing it carries, or its right answers where it carries none."""

from collections.abc import Mapping
from fractions import Fraction

from lms.catalogue.formats.qti_probing import Given, Scorer
from lms.catalogue.formats.qti_processing import Result, process
from lms.catalogue.formats.qti_tree import Element, attribute, below, child, children, number
from lms.catalogue.formats.qti_values import matches, num

FEEDBACK = ("modalFeedback", "feedbackInline", "feedbackBlock")
EFFORT = 80_000                 # expressions evaluated for one item, at most
SETTING = ("setOutcomeValue", "lookupOutcomeValue")


class ItemScorer:
    """The processing of a 2.x or 3 item, with unified names."""

    def __init__(self, item: Element) -> None:
        self.item = item
        self.rules = child(item, "responseProcessing")
        template = self.rules is not None and (attribute(self.rules, "template")
                                               or attribute(self.rules, "templateLocation"))
        self.implied = not template and (self.rules is None or not children(self.rules))
        self.left = EFFORT
        self.name = self._outcome()
        self.feedbacks = list(below(item, *FEEDBACK))
        self.known: dict[tuple[tuple[str, tuple[str, ...]], ...], Result] = {}

    def _outcome(self) -> str:
        declared = [attribute(e, "identifier") for e in children(self.item, "outcomeDeclaration")
                    if attribute(e, "baseType") in ("integer", "float")]
        named = [attribute(e, "identifier") for e in below(self.rules, *SETTING)] if self.rules is not None else []
        if "SCORE" in declared or "SCORE" in named or not named:
            return "SCORE"
        return next((name for name in named if name in declared), "SCORE")

    def result(self, given: Given) -> Result:
        key = tuple(sorted(given.items()))
        if key not in self.known:
            found = process(self.item, given, effort=max(self.left, 0))
            self.left -= found.spent + 20
            self.known[key] = found
        return self.known[key]

    def score(self, given: Given) -> Fraction:
        found = self.result(given)
        if not self.implied:
            return num(found.values.get(self.name)) or Fraction(0)
        return Fraction(sum(bool(matches(found.values.get(name), right))
                            for name, right in found.correct.items() if right is not None))

    def shown(self, given: Given) -> frozenset[str]:
        """The numbers of the feedback elements that this response shows."""
        values = self.result(given).values
        found = set()
        for n, element in enumerate(self.feedbacks):
            value = values.get(attribute(element, "outcomeIdentifier"))
            met = value is not None and attribute(element, "identifier") in {str(item) for item in value.items}
            if met == (attribute(element, "showHide", "show") != "hide"):
                found.add(str(n))
        return frozenset(found)

    def worth(self) -> Fraction:
        """What the item says it is worth, for what a person marks."""
        for element in children(self.item, "outcomeDeclaration"):
            name, most = attribute(element, "identifier"), attribute(element, "normalMaximum")
            default = child(child(element, "defaultValue"), "value")
            found = number(most) if name == "SCORE" else number(default.text) if default is not None else None
            if found is not None and name in ("SCORE", "MAXSCORE") and 0 < found <= 10_000:
                return found
        return Fraction(1)


class Partly:
    """The scoring of one of several responses, the others held at what they are."""

    def __init__(self, scorer: Scorer, others: Given) -> None:
        self.scorer, self.others = scorer, others
        self.base = scorer.score(others)

    def score(self, given: Given) -> Fraction:
        return self.scorer.score(_with(self.others, given)) - self.base

    def shown(self, given: Given) -> frozenset[str]:
        return self.scorer.shown(_with(self.others, given))


def _with(others: Given, given: Given) -> Mapping[str, tuple[str, ...]]:
    return {**others, **given}
