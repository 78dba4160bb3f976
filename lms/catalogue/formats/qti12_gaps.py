"""What the kinds with several answers say in Canvas's QTI 1.2: pairs, orders, gaps; and formulas."""

import html
import re
from fractions import Fraction

from lms.catalogue.formats.qti12_words import Item12, choices, entry, html_of, ident, right, rule, scored
from lms.catalogue.formats.qti_markup import add
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.datasets import Calculation, formula_of
from lms.catalogue.kinds.gapped import Gaps
from lms.catalogue.kinds.matching import texts as right_texts
from lms.catalogue.kinds.ordering import order_of

FORMULA = re.compile(r"\{([^{}]+)\}")


def matching(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    offered = right_texts(q)
    sources = [o for o in q.options if o.text]
    html_of(item, presentation, q.text)
    rows = [(f"{item.number}{n:03d}", html.escape(text, False)) for n, text in enumerate(offered, 1)]
    for option in sources:
        rid = f"response_{ident(item, option.id)}"
        choices(item, presentation, rid, rows, "Single", option.text)
        part = rule(processing, "Yes")
        add(add(part, "conditionvar"), "varequal", rows[offered.index(option.match)][0], respident=rid)
        scored(part, Fraction(1, len(sources)), "Add")
    return ""


def ordering(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    if order_of(q).grading != "all_or_nothing":
        return "1.2 solo puntúa el orden completo"
    html_of(item, presentation, q.text)
    choices(item, presentation, "response1", [(ident(item, o.id), o.text) for o in q.options], "Ordered")
    part = rule(processing, "No")
    condition = add(part, "conditionvar")
    for option in q.options:
        add(condition, "varequal", ident(item, option.id), respident="response1")
    right(item, part, Fraction(1))
    return ""


def gapselect(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    body = q.body if isinstance(q.body, Gaps) else Gaps(())
    pieces = body.pieces(q.text)
    slots = [slot for _, slot, _ in pieces if slot]
    html_of(item, presentation, "".join(text + (f"[g{slot.id}]" if slot else "") + sign for text, slot, sign in pieces))
    for slot in slots:
        rid = f"response_g{slot.id}"
        rows = [(ident(item, f"{slot.id}-{w.id}"), w.text) for w in body.choices if w.group == slot.group]
        choices(item, presentation, rid, rows, "Single", f"g{slot.id}")
        part = rule(processing, "Yes")
        add(add(part, "conditionvar"), "varequal", ident(item, f"{slot.id}-{slot.key}"), respident=rid)
        scored(part, Fraction(1, len(slots)), "Add")
    return ""


def cloze(item: Item12, presentation: Element, processing: Element) -> str:
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
    html_of(item, presentation, "".join(text + (f"[p{p.id}]" if p else "") + sign for text, p, sign in pieces))
    for part in body.parts:
        rid = f"response_p{part.id}"
        options = part.question.options
        rows = [(ident(item, f"{part.id}-{o.id}"), o.text) for o in options]
        choices(item, presentation, rid, rows, "Single", f"p{part.id}")
        for option in options:
            if option.share > 0:
                made = rule(processing, "Yes")
                add(add(made, "conditionvar"), "varequal", ident(item, f"{part.id}-{option.id}"), respident=rid)
                scored(made, option.share * part.weight / whole, "Add")
            if option.feedback:
                item.shown.append((f"{ident(item, f'{part.id}-{option.id}')}_fb", option.feedback))
    return ""


def calculated(item: Item12, presentation: Element, processing: Element) -> str:
    q = item.q
    body = q.body if isinstance(q.body, Calculation) else Calculation()
    source = formula_of(q.options[0]) if len(q.options) == 1 else ""
    if not source or source == "*":
        return "1.2 tiene una sola fórmula"
    html_of(item, presentation, FORMULA.sub(lambda m: f"[{m[1]}]", q.text))
    entry(presentation, "Decimal")
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
