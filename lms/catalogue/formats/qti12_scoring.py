"""The response processing of QTI 1.2: conditions in their order, the variables they set and the feedback they show."""

from collections.abc import Mapping
from fractions import Fraction

from lms.catalogue.formats.qti_mappings import NotTaken, TooCostly
from lms.catalogue.formats.qti_probing import Given
from lms.catalogue.formats.qti_tree import Element, attribute, children, number, words

EFFORT = 120_000
LARGEST = Fraction(10) ** 12
QUIET = ("qticomment", "var_extension", "conditionvar_extension", "interpretvar", "duration", "durequal")
RIGHT, WRONG = "D2L_Correct", "D2L_Incorrect"          # what Brightspace counts: a wrong choice takes a right one away
TRUTH = {"true": Fraction(1), "false": Fraction(0)}      # Respondus_Correct
COMPARED = ("varequal", "vargte", "varlte", "vargt", "varlt", "varsubstring")
NUMBERS = {"vargte": lambda x, y: x >= y, "varlte": lambda x, y: x <= y, "vargt": lambda x, y: x > y,
           "varlt": lambda x, y: x < y}


class Scorer12:
    """The scoring of one item, its elements without namespaces."""

    def __init__(self, item: Element) -> None:
        self.rules = [r for p in item.iterdescendants("resprocessing") for r in children(p, "respcondition")]
        self.declared = {attribute(v, "varname", "SCORE"): v for v in item.iterdescendants("decvar")}
        self.ordered = {attribute(r, "ident") for r in item.iterdescendants("response_lid", "response_xy")
                        if attribute(r, "rcardinality").lower() == "ordered"}
        self.numeric = {attribute(r, "ident") for r in item.iterdescendants("response_num")}
        self.name = self._outcome()
        size = sum(1 for r in self.rules for _ in r.iter())
        self.left = max(EFFORT // (size + 20), 20)
        self.known: dict[tuple[tuple[str, tuple[str, ...]], ...], tuple[Fraction, frozenset[str]]] = {}

    def _outcome(self) -> str:
        named = [_variable(s) for r in self.rules for s in children(r, "setvar")]
        self.counts = WRONG in named and RIGHT in named
        usual = next((name for name in ("SCORE", "que_score") if name in named), None)
        return usual or (named[0] if named else "SCORE")

    @property
    def most(self) -> Fraction | None:
        declared = self.declared.get(self.name)
        return number(attribute(declared, "maxvalue")) if declared is not None else None

    def score(self, given: Given) -> Fraction:
        return self._result(given)[0]

    def shown(self, given: Given) -> frozenset[str]:
        return self._result(given)[1]

    def _result(self, given: Given) -> tuple[Fraction, frozenset[str]]:
        key = tuple(sorted(given.items()))
        if key not in self.known:
            self.left -= 1
            if self.left < 0:
                raise TooCostly("resprocessing")
            self.known[key] = self._processed(given)
        return self.known[key]

    def _processed(self, given: Given) -> tuple[Fraction, frozenset[str]]:
        declared = self.declared.get(self.name)
        totals = {name: number(attribute(v, "defaultval")) or Fraction(0) for name, v in self.declared.items()}
        shown: set[str] = set()
        scored = False                  # whether a condition was met that says what it is worth
        for rule in self.rules:
            scores = any(True for _ in children(rule, "setvar"))
            if not all(self._met(c, given) for c in children(rule, "conditionvar")) or (
                    scored and scores and _otherwise(rule)):
                continue
            scored = scored or scores
            for change in children(rule, "setvar"):
                name = _variable(change)
                totals[name] = _changed(totals.get(name, Fraction(0)), attribute(change, "action", "Set"),
                                        self._value(change, totals))
            shown |= {attribute(f, "linkrefid") for f in children(rule, "displayfeedback")}
            if _ends(rule):
                break
        total = totals.get(self.name, Fraction(0))
        if self.counts and self.name in (RIGHT, "que_score"):
            total = max(totals.get(RIGHT, Fraction(0)) - totals.get(WRONG, Fraction(0)), Fraction(0))
        if declared is not None:
            low, high = number(attribute(declared, "minvalue")), number(attribute(declared, "maxvalue"))
            total = total if low is None else max(total, low)
            total = total if high is None or high <= 0 else min(total, high)
        return total, frozenset(shown)

    def _value(self, change: Element, totals: Mapping[str, Fraction]) -> Fraction | None:
        """A number, another variable, or the most a variable may be; None for no words."""
        said = words(change)
        found = number(said)
        if found is not None or not said:
            return found
        if said.lower() in TRUTH:
            return TRUTH[said.lower()]
        if said in totals:
            return totals[said]
        if said.lower().endswith(".max"):
            declared = self.declared.get(said[:-4])
            return (number(attribute(declared, "maxvalue")) if declared is not None else None) or Fraction(1)
        if _variable(change) == self.name:
            raise NotTaken(f"setvar {said[:40]}")
        return None

    def _met(self, element: Element, given: Given) -> bool:
        """A group of conditions: all of them; of several equalities for one response that has one value, any."""
        inside = [e for e in children(element) if e.tag not in QUIET]
        if element.tag == "or":
            return any(self._one(e, given) for e in inside)
        same = [e for e in inside if e.tag == "varequal"]
        named = {attribute(e, "respident") for e in same}
        if len(same) > 1 and len(named) == 1:
            rid = next(iter(named))
            if rid in self.ordered:
                right = [words(e) for e in same]
                return list(given.get(rid, ())) == right and all(self._one(e, given) for e in inside if e not in same)
            if len(given.get(rid, ())) < 2 and element.tag == "conditionvar":
                return any(self._one(e, given) for e in same) and all(
                    self._one(e, given) for e in inside if e not in same)
        return all(self._one(e, given) for e in inside)

    def _one(self, element: Element, given: Given) -> bool:
        name, answers = str(element.tag), given.get(attribute(element, "respident"), ())
        said = words(element)
        match name:
            case "and" | "or":
                return self._met(element, given)
            case "not":
                return not all(self._one(e, given) for e in children(element))
            case "other":
                return True
            case "unanswered":
                return not any(answers)
            case "varequal":
                strict = attribute(element, "case", "No").lower() == "yes"
                return any(_same(answer, said, strict) for answer in answers)
            case "varsubstring":
                strict = attribute(element, "case", "No").lower() == "yes"
                return any(said in answer or (not strict and said.casefold() in answer.casefold())
                           for answer in answers)
            case "vargte" | "varlte" | "vargt" | "varlt":
                limit = number(said)
                found = [number(answer) for answer in answers]
                return limit is not None and any(n is not None and NUMBERS[name](n, limit) for n in found)
        raise NotTaken(name)


def _variable(change: Element) -> str:
    return attribute(change, "varname") or attribute(change, "variablename") or "SCORE"


def _otherwise(rule: Element) -> bool:
    """Whether it is for who met no other condition."""
    inside = [e for holder in children(rule, "conditionvar") for e in children(holder) if e.tag not in QUIET]
    return len(inside) == 1 and inside[0].tag == "other"


def _ends(rule: Element) -> bool:
    """Whether no later condition is looked at. Where a file does not say, those that set the score end it, and those
    that add to it do not: so those who write such files mean it."""
    said = attribute(rule, "continue").lower()
    sets = any(attribute(change, "action", "Set").lower() == "set" for change in children(rule, "setvar"))
    return said == "no" or (not said and sets)


def _same(answer: str, said: str, strict: bool) -> bool:
    if answer == said or (not strict and answer.casefold().strip() == said.casefold()):
        return True
    one, other = number(answer), number(said)
    return one is not None and one == other


def _changed(total: Fraction, action: str, value: Fraction | None) -> Fraction:
    if value is None:
        return total
    match action.lower():
        case "add":
            total += value
        case "subtract":
            total -= value
        case "multiply":
            total *= value
        case "divide":
            total = total / value if value else total
        case _:
            total = value
    return total if abs(total) < LARGEST else Fraction(0)
