"""What the kinds say in Canvas's QTI 1.2: their responses, conditions and feedback."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from lms.catalogue.formats.qti_markup import Files, add, figure
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.datasets import Calculation, formula_of
from lms.catalogue.kinds.essay import essay_of
from lms.catalogue.kinds.gapped import Gaps
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.matching import texts as right_texts
from lms.catalogue.kinds.numerical import numbers_of
from lms.catalogue.kinds.ordering import order_of
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import choice_of
from lms.catalogue.rules import Option, Question

KINDS12 = frozenset({"single", "truefalse", "multiple", "short", "numerical", "matching", "essay", "description",
                     "cloze", "gapselect", "ordering", "calculated"})
TYPES = {"single": "multiple_choice", "truefalse": "true_false", "multiple": "multiple_answers",
         "short": "short_answer", "numerical": "numerical", "matching": "matching", "essay": "essay",
         "description": "text_only", "gapselect": "multiple_dropdowns", "ordering": "ordering",
         "calculated": "calculated"}
PROFILES = {"multiple_choice": "cc.multiple_choice.v0p1", "multiple_answers": "cc.multiple_response.v0p1",
            "true_false": "cc.true_false.v0p1", "short_answer": "cc.fib.v0p1", "essay": "cc.essay.v0p1"}
NAMES = {"text_only": "text_only_question"}
SAID = ("correct_fb", "", "general_incorrect_fb")
FORMULA = re.compile(r"\{([^{}]+)\}")


@dataclass
class Item12:
    """One item being written."""
    q: Question
    root: Element
    files: Files
    number: int
    type: str = ""
    shown: list[tuple[str, str]] = field(default_factory=list)         # ident of a feedback, safe HTML


def say(item: Item12) -> str:
    """Write an item; why it can not be, in Spanish, "" when it is."""
    q = item.q
    item.type = TYPES.get(q.kind, "")
    presentation = add(item.root, "presentation")
    processing = add(item.root, "resprocessing")
    least = "-100" if q.kind == "single" and any(option.share < 0 for option in q.options) else "0"
    add(add(processing, "outcomes"), "decvar", "", maxvalue="100", minvalue=least, varname="SCORE", vartype="Decimal")
    if q.feedback:
        rule = _rule(processing, "Yes")
        add(add(rule, "conditionvar"), "other")
        _show(item, rule, "general_fb", q.feedback)
    why = WRITERS[q.kind](item, presentation, processing)
    for ident, text in zip(SAID, q.said, strict=True):
        if ident and text:
            item.shown.append((ident, text))
    for ident, text in dict(item.shown).items():
        made = add(item.root, "itemfeedback", "", ident=ident)
        _material(item, add(made, "flow_mat"), text)
    return why


def _material(item: Item12, parent: Element, text: str, words: bool = False) -> None:
    """Safe HTML as the escaped text of 1.2; words as plain text."""
    rich = not words and ("<" in text or "&" in text)
    add(add(parent, "material"), "mattext", item.files.raw(text) if rich else html.unescape(text),
        texttype="text/html" if rich else "text/plain")


def _html(item: Item12, parent: Element, text: str) -> None:
    add(add(parent, "material"), "mattext", item.files.raw(text), texttype="text/html")


def _rule(processing: Element, onwards: str) -> Element:
    return add(processing, "respcondition", "", **{"continue": onwards})


def _show(item: Item12, rule: Element, ident: str, text: str) -> None:
    add(rule, "displayfeedback", "", feedbacktype="Response", linkrefid=ident)
    item.shown.append((ident, text))


def _scored(rule: Element, share: Fraction, action: str = "Set") -> None:
    add(rule, "setvar", figure(share * 100), varname="SCORE", action=action)


def _choices(item: Item12, parent: Element, rid: str, options: list[tuple[str, str]], cardinality: str,
             label: str = "") -> None:
    made = add(parent, "response_lid", "", ident=rid, rcardinality=cardinality)
    if label:
        _material(item, made, label)
    render = add(made, "render_choice", "", shuffle="Yes" if item.q.shuffle else "No")
    for ident, text in options:
        _html(item, add(render, "response_label", "", ident=ident), text)


def _ident(item: Item12, option: str) -> str:
    """Canvas wants numbers for choices: unlike between items, so that feedback is named after them."""
    return f"{item.number}{sum(ord(c) * 31 ** n for n, c in enumerate(option)) % 100_000:05d}"


def _own_feedback(item: Item12, processing: Element, rid: str, options: tuple[Option, ...],
                  value: Callable[[Option], str], **more: str) -> None:
    for option in options:
        if option.feedback:
            rule = _rule(processing, "Yes")
            add(add(rule, "conditionvar"), "varequal", value(option), respident=rid, **more)
            _show(item, rule, f"{_ident(item, option.id)}_fb", option.feedback)


def _ended(item: Item12, processing: Element) -> None:
    """The feedback of who is right stands with the points; that of who is not, at the end."""
    if item.q.said[2]:
        rule = _rule(processing, "Yes")
        add(add(rule, "conditionvar"), "other")
        add(rule, "displayfeedback", "", feedbacktype="Response", linkrefid=SAID[2])


def _right(item: Item12, rule: Element, share: Fraction) -> None:
    _scored(rule, share)
    if share == 1 and item.q.said[0]:
        add(rule, "displayfeedback", "", feedbacktype="Response", linkrefid=SAID[0])


def _single(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    _html(item, presentation, q.text)
    _choices(item, presentation, "response1", [(_ident(item, o.id), o.text) for o in q.options], "Single")
    _own_feedback(item, processing, "response1", q.options, lambda o: _ident(item, o.id))
    for option in q.options:
        if option.share:
            rule = _rule(processing, "No")
            add(add(rule, "conditionvar"), "varequal", _ident(item, option.id), respident="response1")
            _right(item, rule, option.share)
    _ended(item, processing)
    return ""


def _multiple(item: Item12, presentation: Element, processing: Element) -> str:
    """Canvas scores all or nothing; other weights are added up, as 1.2 can."""
    q = item.q
    _html(item, presentation, q.text)
    _choices(item, presentation, "response1", [(_ident(item, o.id), o.text) for o in q.options], "Multiple")
    _own_feedback(item, processing, "response1", q.options, lambda o: _ident(item, o.id))
    if choice_of(q).all_or_nothing:
        rule = _rule(processing, "No")
        both = add(add(rule, "conditionvar"), "and")
        for option in q.options:
            holder = both if option.share > 0 else add(both, "not")
            add(holder, "varequal", _ident(item, option.id), respident="response1")
        _right(item, rule, Fraction(1))
    else:
        for option in q.options:
            if option.share:
                rule = _rule(processing, "Yes")
                add(add(rule, "conditionvar"), "varequal", _ident(item, option.id), respident="response1")
                _scored(rule, option.share, "Add")
    _ended(item, processing)
    return ""


def _field(presentation: Element, kind: str = "") -> None:
    made = add(presentation, "response_str", "", ident="response1", rcardinality="Single")
    render = add(made, "render_fib", "", **({"fibtype": kind} if kind else {}))
    add(render, "response_label", "", ident="answer1")


def _short(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    case = isinstance(q.body, Words) and q.body.case
    options = [o for o in q.options if "*" not in plain(o.text).replace("\\*", "")]
    if not options:
        return "solo tiene comodines"
    _html(item, presentation, q.text)
    _field(presentation)
    _own_feedback(item, processing, "response1", tuple(options), lambda o: plain(o.text).replace("\\*", "*"),
                  case="Yes" if case else "No")
    for option in options:
        rule = _rule(processing, "No")
        add(add(rule, "conditionvar"), "varequal", plain(option.text).replace("\\*", "*"), respident="response1",
            case="Yes" if case else "No")
        _right(item, rule, option.share)
    _ended(item, processing)
    return ""


def _numerical(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    _html(item, presentation, q.text)
    _field(presentation, "Decimal")
    kinds = numbers_of(q).tolerances
    for n, (value, tolerance, share) in enumerate(q.numbers):
        rule = _rule(processing, "No")
        condition = add(rule, "conditionvar")
        if tolerance == ANY:
            add(condition, "other")
        else:
            margin = abs(value * tolerance) if n < len(kinds) and kinds[n] == "relative" else tolerance
            both = add(add(condition, "or"), "and")
            add(both, "vargte", f"{value - margin:f}", respident="response1")
            add(both, "varlte", f"{value + margin:f}", respident="response1")
        _right(item, rule, share)
        if n < len(q.options) and q.options[n].feedback:
            _show(item, rule, f"{_ident(item, q.options[n].id)}_fb", q.options[n].feedback)
    _ended(item, processing)
    return ""


def _matching(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    offered = right_texts(q)
    sources = [o for o in q.options if o.text]
    _html(item, presentation, q.text)
    rows = [(f"{item.number}{n:03d}", html.escape(text, False)) for n, text in enumerate(offered, 1)]
    for option in sources:
        rid = f"response_{_ident(item, option.id)}"
        _choices(item, presentation, rid, rows, "Single", option.text)
        rule = _rule(processing, "Yes")
        add(add(rule, "conditionvar"), "varequal", rows[offered.index(option.match)][0], respident=rid)
        _scored(rule, Fraction(1, len(sources)), "Add")
    return ""


def _ordering(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    if order_of(q).grading != "all_or_nothing":
        return "1.2 solo puntúa el orden completo"
    _html(item, presentation, q.text)
    _choices(item, presentation, "response1", [(_ident(item, o.id), o.text) for o in q.options], "Ordered")
    rule = _rule(processing, "No")
    condition = add(rule, "conditionvar")
    for option in q.options:
        add(condition, "varequal", _ident(item, option.id), respident="response1")
    _right(item, rule, Fraction(1))
    return ""


def _essay(item: Item12, presentation: Element, processing: Element) -> str:
    body = essay_of(item.q)
    _html(item, presentation, item.q.text)
    if body.text == "none":
        item.type = "file_upload"
    else:
        _field(presentation)
    if body.grader_note:
        made = add(add(item.root, "itemfeedback", "", ident="solution"), "solution")
        _html(item, add(made, "solutionmaterial"), body.grader_note)
    add(add(_rule(processing, "No"), "conditionvar"), "other")
    return ""


def _description(item: Item12, presentation: Element, processing: Element) -> str:
    _html(item, presentation, item.q.text)
    item.root.remove(processing)
    return ""


def _gapselect(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    body = q.body if isinstance(q.body, Gaps) else Gaps(())
    pieces = body.pieces(q.text)
    slots = [slot for _, slot, _ in pieces if slot]
    _html(item, presentation, "".join(text + (f"[g{slot.id}]" if slot else "") + sign for text, slot, sign in pieces))
    for slot in slots:
        rid = f"response_g{slot.id}"
        rows = [(_ident(item, f"{slot.id}-{w.id}"), w.text) for w in body.choices if w.group == slot.group]
        _choices(item, presentation, rid, rows, "Single", f"g{slot.id}")
        rule = _rule(processing, "Yes")
        add(add(rule, "conditionvar"), "varequal", _ident(item, f"{slot.id}-{slot.key}"), respident=rid)
        _scored(rule, Fraction(1, len(slots)), "Add")
    return ""


def _cloze(item: Item12, presentation: Element, processing: Element) -> str:
    """All fields to fill, or all lists to choose from."""
    q = item.q
    body = q.body if isinstance(q.body, Cloze) else Cloze(())
    kinds = {part.question.kind for part in body.parts}
    if kinds == {"short"}:
        item.type = "fill_in_multiple_blanks"
    elif kinds == {"single"}:
        item.type = "multiple_dropdowns"
    else:
        return "1.2 no mezcla campos de tipos distintos en un texto"
    pieces = body.pieces(q.text)
    whole = sum((part.weight for part in body.parts), Fraction(0)) or Fraction(1)
    _html(item, presentation, "".join(text + (f"[p{p.id}]" if p else "") + sign for text, p, sign in pieces))
    for part in body.parts:
        rid = f"response_p{part.id}"
        options = part.question.options
        rows = [(_ident(item, f"{part.id}-{o.id}"), o.text) for o in options]
        _choices(item, presentation, rid, rows, "Single", f"p{part.id}")
        for option in options:
            if option.share > 0:
                rule = _rule(processing, "Yes")
                add(add(rule, "conditionvar"), "varequal", _ident(item, f"{part.id}-{option.id}"), respident=rid)
                _scored(rule, option.share * part.weight / whole, "Add")
            if option.feedback:
                item.shown.append((f"{_ident(item, f'{part.id}-{option.id}')}_fb", option.feedback))
    return ""


def _calculated(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    body = q.body if isinstance(q.body, Calculation) else Calculation()
    source = formula_of(q.options[0]) if len(q.options) == 1 else ""
    if not source or source == "*":
        return "1.2 tiene una sola fórmula"
    _html(item, presentation, FORMULA.sub(lambda m: f"[{m[1]}]", q.text))
    _field(presentation, "Decimal")
    figures = body.figure(0)
    found = add(add(item.root, "itemproc_extension"), "calculated")
    margin = f"{figures.tolerance * 100:f}%" if figures.kind == "relative" else f"{figures.tolerance:f}"
    add(found, "answer_tolerance", margin)
    add(add(found, "formulas", "", decimal_places=str(figures.digits)), "formula",
        FORMULA.sub(lambda m: m[1], source).replace("**", "^"))
    names = add(found, "vars")
    for dataset in body.datasets:
        one = add(names, "var", "", name=dataset.name, scale=str(dataset.decimals))
        add(one, "min", f"{dataset.least:f}")
        add(one, "max", f"{dataset.most:f}")
    sets = add(found, "var_sets")
    for n in range(body.variants if body.datasets and body.datasets[0].values else 0):
        one = add(sets, "var_set", "", ident=str(n + 1))
        for name, value in body.values(n).items():
            add(one, "var", f"{value:f}", name=name)
    return ""


WRITERS: dict[str, Callable[[Item12, Element, Element], str]] = {
    "single": _single, "truefalse": _single, "multiple": _multiple, "short": _short, "numerical": _numerical,
    "matching": _matching, "ordering": _ordering, "essay": _essay, "description": _description,
    "gapselect": _gapselect, "cloze": _cloze, "calculated": _calculated}
