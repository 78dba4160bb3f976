"""What the kinds say in Canvas's QTI 1.2: their responses, conditions and feedback."""

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from lms.catalogue.formats.qti_markup import Files, add, figure
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.kinds.essay import essay_of
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.numerical import numbers_of
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import choice_of
from lms.catalogue.rules import Option, Question

SAID = ("correct_fb", "", "general_incorrect_fb")


@dataclass
class Item12:
    """One item being written."""
    q: Question
    root: Element
    files: Files
    number: int
    type: str = ""
    shown: list[tuple[str, str]] = field(default_factory=list)         # ident of a feedback, safe HTML


def material(item: Item12, parent: Element, text: str, words: bool = False) -> None:
    """Safe HTML as the escaped text of 1.2; words as plain text."""
    rich = not words and ("<" in text or "&" in text)
    add(add(parent, "material"), "mattext", item.files.raw(text) if rich else html.unescape(text),
        texttype="text/html" if rich else "text/plain")


def html_of(item: Item12, parent: Element, text: str) -> None:
    add(add(parent, "material"), "mattext", item.files.raw(text), texttype="text/html")


def rule(processing: Element, onwards: str) -> Element:
    return add(processing, "respcondition", "", **{"continue": onwards})


def show(item: Item12, rule: Element, ident: str, text: str) -> None:
    add(rule, "displayfeedback", "", feedbacktype="Response", linkrefid=ident)
    item.shown.append((ident, text))


def scored(rule: Element, share: Fraction, action: str = "Set") -> None:
    add(rule, "setvar", figure(share * 100), varname="SCORE", action=action)


def choices(item: Item12, parent: Element, rid: str, options: list[tuple[str, str]], cardinality: str,
             label: str = "") -> None:
    made = add(parent, "response_lid", "", ident=rid, rcardinality=cardinality)
    if label:
        material(item, made, label)
    render = add(made, "render_choice", "", shuffle="Yes" if item.q.shuffle else "No")
    for ident, text in options:
        html_of(item, add(render, "response_label", "", ident=ident), text)


def ident(item: Item12, option: str) -> str:
    """Canvas wants numbers for choices: unlike between items, so that feedback is named after them."""
    return f"{item.number}{sum(ord(c) * 31 ** n for n, c in enumerate(option)) % 100_000:05d}"


def _own_feedback(item: Item12, processing: Element, rid: str, options: tuple[Option, ...],
                  value: Callable[[Option], str], **more: str) -> None:
    for option in options:
        if option.feedback:
            part = rule(processing, "Yes")
            add(add(part, "conditionvar"), "varequal", value(option), respident=rid, **more)
            show(item, part, f"{ident(item, option.id)}_fb", option.feedback)


def _ended(item: Item12, processing: Element) -> None:
    """The feedback of who is right stands with the points; that of who is not, at the end."""
    if item.q.said[2]:
        part = rule(processing, "Yes")
        add(add(part, "conditionvar"), "other")
        add(part, "displayfeedback", "", feedbacktype="Response", linkrefid=SAID[2])


def right(item: Item12, rule: Element, share: Fraction) -> None:
    scored(rule, share)
    if share == 1 and item.q.said[0]:
        add(rule, "displayfeedback", "", feedbacktype="Response", linkrefid=SAID[0])


def single(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    html_of(item, presentation, q.text)
    choices(item, presentation, "response1", [(ident(item, o.id), o.text) for o in q.options], "Single")
    _own_feedback(item, processing, "response1", q.options, lambda o: ident(item, o.id))
    for option in q.options:
        if option.share:
            part = rule(processing, "No")
            add(add(part, "conditionvar"), "varequal", ident(item, option.id), respident="response1")
            right(item, part, option.share)
    _ended(item, processing)
    return ""


def multiple(item: Item12, presentation: Element, processing: Element) -> str:
    """Canvas scores all or nothing; other weights are added up, as 1.2 can."""
    q = item.q
    html_of(item, presentation, q.text)
    choices(item, presentation, "response1", [(ident(item, o.id), o.text) for o in q.options], "Multiple")
    _own_feedback(item, processing, "response1", q.options, lambda o: ident(item, o.id))
    if choice_of(q).all_or_nothing:
        part = rule(processing, "No")
        both = add(add(part, "conditionvar"), "and")
        for option in q.options:
            holder = both if option.share > 0 else add(both, "not")
            add(holder, "varequal", ident(item, option.id), respident="response1")
        right(item, part, Fraction(1))
    else:
        for option in q.options:
            if option.share:
                part = rule(processing, "Yes")
                add(add(part, "conditionvar"), "varequal", ident(item, option.id), respident="response1")
                scored(part, option.share, "Add")
    _ended(item, processing)
    return ""


def entry(presentation: Element, kind: str = "") -> None:
    made = add(presentation, "response_str", "", ident="response1", rcardinality="Single")
    render = add(made, "render_fib", "", **({"fibtype": kind} if kind else {}))
    add(render, "response_label", "", ident="answer1")


def short(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    case = isinstance(q.body, Words) and q.body.case
    options = [o for o in q.options if _asterisks(o) == 0 or _inside(o)]
    if not options:
        return "sus comodines no son de la forma *texto*"
    html_of(item, presentation, q.text)
    entry(presentation)
    exact = tuple(o for o in options if not _inside(o))
    _own_feedback(item, processing, "response1", exact, lambda o: plain(o.text).replace("\\*", "*"),
                  case="Yes" if case else "No")
    for option in options:
        part = rule(processing, "No")
        add(add(part, "conditionvar"), "varsubstring" if _inside(option) else "varequal",
            _inside(option) or plain(option.text).replace("\\*", "*"), respident="response1",
            case="Yes" if case else "No")
        right(item, part, option.share)
    _ended(item, processing)
    return ""


def _asterisks(option: Option) -> int:
    """How many wildcards a key has."""
    return plain(option.text).replace("\\*", "").count("*")


def _inside(option: Option) -> str:
    """What any text with it fits, where that is all a key says (*text*), as it is written there; "" for other keys."""
    text = plain(option.text)
    found = text[1:-1] if text[:1] == text[-1:] == "*" and _asterisks(option) == 2 and len(text) > 2 else ""
    return found.replace("\\*", "*") if found == found.strip() else ""


def numerical(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    html_of(item, presentation, q.text)
    entry(presentation, "Decimal")
    kinds = numbers_of(q).tolerances
    for n, (value, tolerance, share) in enumerate(q.numbers):
        part = rule(processing, "No")
        condition = add(part, "conditionvar")
        if tolerance == ANY:
            both = add(condition, "or")
            add(both, "vargte", "0", respident="response1")
            add(both, "varlt", "0", respident="response1")
        else:
            margin = abs(value * tolerance) if n < len(kinds) and kinds[n] == "relative" else tolerance
            both = add(add(condition, "or"), "and")
            add(both, "vargte", f"{value - margin:f}", respident="response1")
            add(both, "varlte", f"{value + margin:f}", respident="response1")
        right(item, part, share)
        if n < len(q.options) and q.options[n].feedback:
            show(item, part, f"{ident(item, q.options[n].id)}_fb", q.options[n].feedback)
    _ended(item, processing)
    return ""


def essay(item: Item12, presentation: Element, processing: Element) -> str:
    body = essay_of(item.q)
    html_of(item, presentation, item.q.text)
    if body.text == "none":
        item.type = "file_upload"
    else:
        entry(presentation)
    if body.grader_note:
        made = add(add(item.root, "itemfeedback", "", ident="solution"), "solution")
        html_of(item, add(made, "solutionmaterial"), body.grader_note)
    add(add(rule(processing, "No"), "conditionvar"), "other")
    return ""


def description(item: Item12, presentation: Element, processing: Element) -> str:
    html_of(item, presentation, item.q.text)
    item.root.remove(processing)
    return ""
