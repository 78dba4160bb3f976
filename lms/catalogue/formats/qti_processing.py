"""A QTI item scored as it says itself: declarations, template, response and outcome processing. Pure; a seed draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.catalogue.formats.qti_expressions import value_of
from lms.catalogue.formats.qti_mappings import NotTaken, TooCostly, looked_up
from lms.catalogue.formats.qti_tree import Element, attribute, child, children
from lms.catalogue.formats.qti_values import NUMERIC, Value, made, matches, num, numeric, true

Response = str | Sequence[str] | None
TEMPLATES = ("match_correct", "map_response", "map_response_point", "match_nothing", "cc2_match", "cc2_map_response",
             "cc2_match_basic")
CONDITIONS = {"responseCondition": "response", "outcomeCondition": "outcome", "templateCondition": "template"}
FRAGMENTS = ("responseProcessingFragment", "outcomeProcessingFragment")
MASK = 0xFFFFFFFF
EFFORT = 40_000                 # expressions evaluated for one response, at most


class _Stop(Exception):
    """The processing asked to end."""


@dataclass(frozen=True)
class Result:
    """What processing left behind."""
    values: Mapping[str, Value | None]
    correct: Mapping[str, Value | None]
    spent: int = 0                      # expressions evaluated

    @property
    def score(self) -> Fraction:
        return num(self.values.get("SCORE")) or Fraction(0)


def process(item: Element, responses: Mapping[str, Response], seed: int = 0, effort: int = EFFORT) -> Result:
    """Score an item of unified names. Raises NotTaken with the name of what is not known, or takes too long."""
    run = Processing(item, seed, effort)
    run.template()
    run.begin(responses)
    run.process()
    return Result(run.values, run.corrects, effort - run.left)


class Processing:
    """One session of one item."""

    def __init__(self, item: Element, seed: int = 0, effort: int = EFFORT) -> None:
        self.item, self.state, self.left = item, seed & MASK, effort
        self.declared = {attribute(e, "identifier"): e for e in children(
            item, "responseDeclaration", "outcomeDeclaration", "templateDeclaration", "contextDeclaration")}
        self.defaults = {name: _declared_default(e) for name, e in self.declared.items()}
        self.corrects = {name: _listed(e, "correctResponse") for name, e in self.declared.items()}
        self.values: dict[str, Value | None] = {name: self.start(name) for name in self.declared}

    def spend(self, effort: int = 1) -> None:
        """Counts what was evaluated; a processing that does not end is not taken."""
        self.left -= effort
        if self.left < 0:
            raise TooCostly("responseProcessing")

    def declaration(self, name: str) -> Element | None:
        return self.declared.get(name)

    def correct(self, name: str) -> Value | None:
        return self.corrects.get(name)

    def default(self, name: str) -> Value | None:
        return self.defaults.get(name)

    def chance(self) -> Fraction:
        """From 0 to below 1, the same for the same seed (mulberry32)."""
        self.state = (self.state + 0x6D2B79F5) & MASK
        t = self.state
        t = ((t ^ (t >> 15)) * (t | 1)) & MASK
        t = (t ^ ((t + (((t ^ (t >> 7)) * (t | 61)) & MASK)) & MASK)) & MASK
        return Fraction(t ^ (t >> 14), 1 << 32)

    def start(self, name: str) -> Value | None:
        """The default; a numeric outcome without one begins at 0."""
        declared = self.declared[name]
        numeric_one = attribute(declared, "baseType") in NUMERIC and attribute(declared, "cardinality") == "single"
        if self.defaults[name] is None and declared.tag == "outcomeDeclaration" and numeric_one:
            return numeric(0, attribute(declared, "baseType"))
        return self.defaults[name]

    def template(self) -> None:
        rules = child(self.item, "templateProcessing")
        if rules is not None:
            self._all(rules)

    def begin(self, responses: Mapping[str, Response]) -> None:
        for name, given in responses.items():
            declared = self.declared.get(name)
            if declared is not None and declared.tag == "responseDeclaration":
                texts = [] if given is None else [given] if isinstance(given, str) else [str(g) for g in given]
                self.values[name] = made(attribute(declared, "baseType", "string"),
                                         attribute(declared, "cardinality", "single"), texts)

    def process(self) -> None:
        rules = child(self.item, "responseProcessing")
        if rules is not None:
            if children(rules):
                self._all(rules)
            elif attribute(rules, "template") or attribute(rules, "templateLocation"):
                self._by_template(attribute(rules, "template") or attribute(rules, "templateLocation"))
        if (rules := child(self.item, "outcomeProcessing")) is not None:
            self._all(rules)

    def _by_template(self, address: str) -> None:
        name = address.rstrip("/").rpartition("/")[2].partition(".")[0]
        if name not in TEMPLATES:
            raise NotTaken(f"responseProcessing template={address[:100]}")
        given, key = self.values.get("RESPONSE"), self.corrects.get("RESPONSE")
        outcome = self.declared.get("SCORE")
        base = attribute(outcome, "baseType", "float") if outcome is not None else "float"
        worth = num(self.values.get("MAXSCORE"))
        if "map" in name:
            area = "point" in name
            score = None if given is None else value_of(self, self.item.makeelement(
                "mapResponsePoint" if area else "mapResponse", {"identifier": "RESPONSE"}))
        else:
            right = given is None if name == "match_nothing" else bool(matches(given, key))
            score = numeric((Fraction(1) if worth is None else worth) * right, base)
        self.values["SCORE"] = numeric(0, base) if score is None else score

    def _all(self, rules: Element) -> None:
        try:
            for rule in children(rules):
                self._rule(rule)
        except _Stop:
            return

    def _rule(self, rule: Element) -> None:
        name = str(rule.tag)
        if name in CONDITIONS:
            self._condition(rule, CONDITIONS[name])
        elif name in FRAGMENTS:
            for inside in children(rule):
                self._rule(inside)
        elif name in ("exitResponse", "exitTest", "exitTemplate"):
            raise _Stop
        elif name == "lookupOutcomeValue":
            self._lookup(rule)
        elif name in ("setOutcomeValue", "setTemplateValue", "setResponseValue", "setCorrectResponse",
                      "setDefaultValue"):
            self._set(rule, name)
        elif name == "templateConstraint":
            self._constraint(rule)
        else:
            raise NotTaken(name)

    def _set(self, rule: Element, name: str) -> None:
        which, inside = attribute(rule, "identifier"), child(rule)
        found = value_of(self, inside) if inside is not None else None
        if name == "setCorrectResponse":
            self.corrects[which] = found
        elif name == "setDefaultValue" and inside is None:
            self.values[which] = self.defaults.get(which)
        elif name == "setDefaultValue":
            self.defaults[which] = self.values[which] = found
        else:
            self.values[which] = self._typed(which, found)

    def _typed(self, which: str, found: Value | None) -> Value | None:
        """A value as its variable declares it."""
        declared = self.declared.get(which)
        base = attribute(declared, "baseType") if declared is not None else ""
        if found is None or not base or base == found.base:
            return found
        if found.base in NUMERIC and base in NUMERIC:
            items = tuple(Fraction(int(i)) if base == "integer" and isinstance(i, Fraction) else i for i in found.items)
            return Value(base, items, found.cardinality)
        return Value(base, found.items, found.cardinality) if isinstance(found.one, str) else found

    def _condition(self, rule: Element, stem: str) -> None:
        for branch in children(rule):
            inside = children(branch)
            if branch.tag not in (f"{stem}If", f"{stem}ElseIf", f"{stem}Else"):
                raise NotTaken(str(branch.tag))
            if branch.tag != f"{stem}Else":
                if not inside or not true(value_of(self, inside[0])):
                    continue
                inside = inside[1:]
            for each in inside:
                self._rule(each)
            return

    def _lookup(self, rule: Element) -> None:
        which = attribute(rule, "identifier")
        declared, inside = self.declared.get(which), child(rule)
        table = child(declared, "matchTable", "interpolationTable")
        source = value_of(self, inside) if inside is not None else None
        base = attribute(declared, "baseType", "float") if declared is not None else "float"
        self.values[which] = looked_up(table, source, base)

    def _constraint(self, rule: Element) -> None:
        """One draw only: where it does not hold, the item can not be asked with this seed."""
        inside = child(rule)
        if inside is None or not true(value_of(self, inside)):
            raise NotTaken("templateConstraint")


def _listed(declared: Element, name: str) -> Value | None:
    """The values under correctResponse or defaultValue."""
    holder = child(declared, name)
    texts = [value.text or "" for value in children(holder, "value")]
    return made(attribute(declared, "baseType", "string"), attribute(declared, "cardinality", "single"), texts)


def _declared_default(declared: Element) -> Value | None:
    said = declared.get("defaultValue")
    if said is not None:
        return made(attribute(declared, "baseType", "string"), "single", [str(said)])
    return _listed(declared, "defaultValue")
