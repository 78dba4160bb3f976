"""What the kinds say in QTI 2.x (and, renamed, 3): their interactions, declarations and scoring."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.formats.qti_interactions import ANY_ACCENTS
from lms.catalogue.formats.qti_markup import Files, add, figure
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.matching import texts as right_texts
from lms.catalogue.kinds.multiple import rights
from lms.catalogue.kinds.numerical import Numbers
from lms.catalogue.kinds.ordering import order_of
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import choice_of
from lms.catalogue.rules import Option, Question

MOST = "upperBound"


@dataclass
class Item:
    """One item being written."""
    q: Question
    root: Element
    files: Files
    body: Element
    rules: Element
    declared: int = 0                   # where the next responseDeclaration goes
    worth: Fraction = Fraction(1)       # points of the response being written
    feedback: list[tuple[str, str]] = field(default_factory=list)      # identifier, safe HTML
    lost: list[str] = field(default_factory=list)

    def declare(self, rid: str, base: str, cardinality: str, correct: list[str]) -> Element:
        made = self.root.makeelement("responseDeclaration", {
            "identifier": rid, "cardinality": cardinality, "baseType": base})
        self.root.insert(self.declared, made)
        self.declared += 1
        if correct:
            holder = add(made, "correctResponse")
            for value in correct:
                add(holder, "value", value)
        return made

    def mapping(self, declared: Element, rows: list[tuple[str, Fraction]], most: Fraction | None = None,
                **more: str) -> None:
        bounds = {"lowerBound": "0", MOST: figure(most)} if most is not None else {}
        holder = add(declared, "mapping", "", defaultValue="0", **bounds, **more)
        for key, value in rows:
            add(holder, "mapEntry", "", mapKey=key, mappedValue=figure(value))

    def earn(self, parent: Element, rid: str) -> None:
        """SCORE is SCORE and what the mapping of a response gives."""
        add(_sum(parent), "mapResponse", "", identifier=rid)


def _sum(parent: Element) -> Element:
    made = add(add(parent, "setOutcomeValue", "", identifier="SCORE"), "sum")
    add(made, "variable", "", identifier="SCORE")
    return made


def plus(parent: Element, value: Fraction) -> None:
    add(_sum(parent), "baseValue", figure(value), baseType="float")


def _when(item: Item) -> tuple[Element, Element]:
    """A condition, and where its first branch goes."""
    condition = add(item.rules, "responseCondition")
    return condition, add(condition, "responseIf")


def _option(item: Item, holder: Element, name: str, option: Option, rid: str) -> None:
    made = item.files.put(add(holder, name, "", identifier=f"o-{option.id}"), option.text)
    if option.feedback:
        inline = add(made, "feedbackInline", "", outcomeIdentifier=f"FEEDBACK_{rid}", identifier=f"o-{option.id}",
                     showHide="show")
        item.files.put(inline, option.feedback)


def choice(item: Item, q: Question, rid: str, tag: str = "choiceInteraction") -> Element:
    """single, truefalse, and the choices of gaps."""
    right = [f"o-{o.id}" for o in q.options if o.share == 1]
    declared = item.declare(rid, "identifier", "single", right[:1])
    item.mapping(declared, [(f"o-{o.id}", o.share * item.worth) for o in q.options if o.share])
    made = item.root.makeelement(tag, {"responseIdentifier": rid, "shuffle": str(q.shuffle).lower()})
    if tag == "choiceInteraction":
        made.set("maxChoices", "1")
    for option in q.options:
        _option(item, made, "inlineChoice" if tag.startswith("inline") else "simpleChoice", option, rid)
    _, branch = _when(item)
    add(add(branch, "not"), "isNull").append(item.root.makeelement("variable", {"identifier": rid}))
    item.earn(branch, rid)
    _echo(item, q, rid, "single", item.rules)
    return made


def _echo(item: Item, q: Question, rid: str, cardinality: str, parent: Element) -> None:
    """Feedback of the options chosen: the outcome is the response."""
    if any(option.feedback for option in q.options):
        outcome(item, f"FEEDBACK_{rid}", "identifier", cardinality)
        change = add(parent, "setOutcomeValue", "", identifier=f"FEEDBACK_{rid}")
        add(change, "variable", "", identifier=rid)


def outcome(item: Item, name: str, base: str, cardinality: str = "single", default: str = "") -> None:
    made = item.root.makeelement("outcomeDeclaration", {"identifier": name, "cardinality": cardinality,
                                                        "baseType": base})
    item.body.addprevious(made)
    if default:
        add(add(made, "defaultValue"), "value", default)


def several(item: Item, q: Question, rid: str) -> Element:
    """multiple: its shares, or all or nothing."""
    right = [f"o-{o.id}" for o in rights(q)]
    declared = item.declare(rid, "identifier", "multiple", right)
    made = item.root.makeelement("choiceInteraction", {
        "responseIdentifier": rid, "shuffle": str(q.shuffle).lower(), "maxChoices": "0"})
    for option in q.options:
        _option(item, made, "simpleChoice", option, rid)
    _, branch = _when(item)
    if choice_of(q).all_or_nothing:
        match = add(branch, "match")
        add(match, "variable", "", identifier=rid)
        add(match, "correct", "", identifier=rid)
        plus(branch, item.worth)
    else:
        item.mapping(declared, [(f"o-{o.id}", o.share * item.worth) for o in q.options if o.share], item.worth)
        within = add(branch, "lte")         # without negative shares, more ticks than right ones earn nothing
        add(add(within, "containerSize"), "variable", "", identifier=rid)
        most = len(q.options) if any(o.share < 0 for o in q.options) else len(right)
        add(within, "baseValue", str(most), baseType="integer")
        item.earn(branch, rid)
    _echo(item, q, rid, "multiple", item.rules)
    return made


def entry(item: Item, q: Question, rid: str) -> Element:
    """short: texts with their shares."""
    body = q.body if isinstance(q.body, Words) else Words()
    texts = [(plain(o.text).replace("\\*", "\0"), o) for o in q.options]
    if any("*" in text for text, _ in texts):
        item.lost.append("los comodines")
    rows = [(text.replace("\0", "*"), o.share * item.worth) for text, o in texts if "*" not in text]
    if not rows:
        raise ValueError("solo comodines")
    declared = item.declare(rid, "string", "single", [text for text, value in rows if value == item.worth][:1])
    item.mapping(declared, rows, None, **({} if body.case else {"caseSensitive": "false"}))
    item.earn(item.rules, rid)
    if any(o.feedback for o in q.options):
        _by_text(item, rid, [(text.replace("\0", "*"), o) for text, o in texts], body.case)
    made = item.root.makeelement("textEntryInteraction", {"responseIdentifier": rid})
    if not body.accents:
        made.set("class", ANY_ACCENTS)
    return made


def _by_text(item: Item, rid: str, rows: list[tuple[str, Option]], case: bool) -> None:
    outcome(item, f"FEEDBACK_{rid}", "identifier")
    for text, option in rows:
        if option.feedback:
            _, branch = _when(item)
            match = add(branch, "stringMatch", "", caseSensitive=str(case).lower())
            add(match, "variable", "", identifier=rid)
            add(match, "baseValue", text, baseType="string")
            _say(item, branch, rid, option)


def _say(item: Item, branch: Element, rid: str, option: Option) -> None:
    change = add(branch, "setOutcomeValue", "", identifier=f"FEEDBACK_{rid}")
    add(change, "baseValue", f"o-{option.id}", baseType="identifier")
    item.feedback.append((f"FEEDBACK_{rid}/o-{option.id}", option.feedback))


def amount(item: Item, q: Question, rid: str) -> Element:
    """numerical: the first number that is near enough."""
    body = q.body if isinstance(q.body, Numbers) else Numbers()
    right = next((value for value, _, share in q.numbers if share == 1), Decimal(0))
    item.declare(rid, "float", "single", [f"{right:f}"])
    condition = add(item.rules, "responseCondition")
    said = [o for o in q.options if o.feedback]
    if said:
        outcome(item, f"FEEDBACK_{rid}", "identifier")
    for n, (value, tolerance, share) in enumerate(q.numbers):
        branch = add(condition, "responseElseIf" if len(condition) else "responseIf")
        if tolerance == ANY:
            add(add(branch, "not"), "isNull").append(item.root.makeelement("variable", {"identifier": rid}))
        else:
            low, high = _stretch(value, tolerance, body.tolerances[n] if n < len(body.tolerances) else "nominal")
            both = add(branch, "and")
            for name, limit in (("gte", low), ("lte", high)):
                one = add(both, name)
                add(one, "variable", "", identifier=rid)
                add(one, "baseValue", f"{limit:f}", baseType="float")
        plus(branch, share * item.worth)
        if n < len(q.options) and q.options[n].feedback:
            _say(item, branch, rid, q.options[n])
    if body.units.names:
        item.lost.append("las unidades")
    return item.root.makeelement("textEntryInteraction", {"responseIdentifier": rid})


def _stretch(value: Decimal, tolerance: Decimal, kind: str) -> tuple[Decimal, Decimal]:
    if kind == "relative":
        tolerance = abs(value * tolerance)
    if kind == "geometric" and value:
        return tuple(sorted((value / (1 + tolerance), value * (1 + tolerance))))  # type: ignore[return-value]
    return value - tolerance, value + tolerance


def order(item: Item, q: Question, rid: str) -> Element:
    right = [f"o-{o.id}" for o in q.options]
    item.declare(rid, "identifier", "ordered", right)
    made = item.root.makeelement("orderInteraction", {"responseIdentifier": rid, "shuffle": "true"})
    for option in q.options:
        _option(item, made, "simpleChoice", option, rid)
    if order_of(q).grading == "all_or_nothing":
        _, branch = _when(item)
        match = add(branch, "match")
        add(match, "variable", "", identifier=rid)
        add(match, "correct", "", identifier=rid)
        plus(branch, item.worth)
        return made
    if order_of(q).grading != "absolute":
        item.lost.append("el modo de puntuar el orden")
    for n, ident in enumerate(right, 1):
        _, branch = _when(item)
        match = add(branch, "match")
        add(add(match, "index", "", n=str(n)), "variable", "", identifier=rid)
        add(match, "baseValue", ident, baseType="identifier")
        plus(branch, item.worth / len(right))
    return made


def pairs(item: Item, q: Question, rid: str) -> Element:
    """matching: each source with its target."""
    offered = right_texts(q)
    sources = [o for o in q.options if o.text]
    key = [(f"o-{o.id} t-{offered.index(o.match) + 1}") for o in sources]
    declared = item.declare(rid, "directedPair", "multiple", key)
    item.mapping(declared, [(pair, item.worth / len(key)) for pair in key], item.worth)
    made = item.root.makeelement("matchInteraction", {
        "responseIdentifier": rid, "shuffle": str(q.shuffle).lower(), "maxAssociations": str(len(key))})
    first, second = add(made, "simpleMatchSet"), add(made, "simpleMatchSet")
    for option in sources:
        one = add(first, "simpleAssociableChoice", "", identifier=f"o-{option.id}", matchMax="1")
        item.files.put(one, option.text)
    for n, text in enumerate(offered, 1):
        add(second, "simpleAssociableChoice", text, identifier=f"t-{n}", matchMax="0")
    item.earn(item.rules, rid)
    return made


PARTS: dict[str, Callable[[Item, Question, str], Element]] = {
    "single": choice, "truefalse": choice, "multiple": several, "short": entry, "numerical": amount,
    "ordering": order, "matching": pairs}


