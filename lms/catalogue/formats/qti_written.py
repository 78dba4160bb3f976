"""Items of QTI 2.x and 3 out of questions: bodies with gaps, pictures and embedded answers, feedback, outcomes."""

from collections.abc import Sequence
from fractions import Fraction

from lxml import etree

from lms.catalogue.formats.qti_markup import Files, add, clean, figure
from lms.catalogue.formats.qti_places import MARK
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.formats.qti_words import PARTS, Item, choice, outcome
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.dragimage import Picture
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.gapped import Gaps
from lms.catalogue.kinds.shapes import points
from lms.catalogue.kinds.spots import Spots
from lms.catalogue.media import ADDRESS
from lms.catalogue.rules import Question

KINDS2 = frozenset((*PARTS, "essay", "description", "cloze", "gapselect", "dragwords", "dragimage", "markers"))
SAID = ("right", "partly", "wrong")


class Unsaid(Exception):
    """Why a question can not be written, in Spanish."""


def written(q: Question, ident: str, files: Files) -> tuple[Element, list[str]]:
    """The item, and in words what of the question it does not hold. Raises Unsaid."""
    root = etree.Element("assessmentItem", {"identifier": ident, "title": clean(q.title), "adaptive": "false",
                                            "timeDependent": "false"})
    body = add(root, "itemBody")
    rules = add(root, "responseProcessing")
    item = Item(q, root, files, body, rules, worth=q.points or Fraction(1))
    outcome(item, "SCORE", "float", default="0")
    outcome(item, "MAXSCORE", "float", default=figure(q.points))
    try:
        _body(item, q)
    except ValueError as why:
        raise Unsaid(str(why)) from None
    _feedback(item, q)
    if not len(rules):
        root.remove(rules)
    if q.hints:
        item.lost.append("las pistas")
    return root, item.lost


def _body(item: Item, q: Question) -> None:
    match q.body:
        case Gaps() if q.kind == "gapselect":
            _gapselect(item, q, q.body)
        case Gaps():
            _dragwords(item, q, q.body)
        case Cloze():
            _cloze(item, q, q.body)
        case Picture():
            _picture(item, q, q.body)
        case Spots():
            _markers(item, q, q.body)
        case _:
            _block(item, q.text)
            if q.kind == "essay":
                _essay(item, q.body if isinstance(q.body, Essay) else Essay())
            elif q.kind != "description":
                made = PARTS[q.kind](item, q, "RESPONSE")
                inline = made.tag == "textEntryInteraction"
                (add(item.body, "p") if inline else item.body).append(made)


def _block(item: Item, text: str) -> Element:
    return item.files.put(add(item.body, "div"), text)


def _essay(item: Item, body: Essay) -> None:
    if body.grader_note:
        item.files.put(add(add(item.body, "rubricBlock", "", view="scorer"), "div"), body.grader_note)
    if body.text != "none":
        item.declare("RESPONSE", "string", "single", [])
        form = {"editor": "xhtml", "editorfilepicker": "xhtml", "monospaced": "preFormatted"}.get(body.form, "plain")
        add(item.body, "extendedTextInteraction", "", responseIdentifier="RESPONSE", expectedLines=str(body.lines),
            format=form)
    if body.attachments:
        if body.text != "none":
            item.lost.append("los archivos que se pueden adjuntar")
        else:
            item.declare("RESPONSE", "file", "single", [])
            add(item.body, "uploadInteraction", "", responseIdentifier="RESPONSE")
    if body.least_words or body.most_words or body.template:
        item.lost.append("los límites de palabras y la plantilla")


def _marked(item: Item, pieces: Sequence[tuple[str, str]], parent: Element, made: dict[str, Element]) -> None:
    """HTML with elements where marks stand: each mark is put as a sign, and the sign replaced by its element."""
    text = "".join(html + (f'<span class="lms-{mark}"></span>' if mark else "") for html, mark in pieces)
    item.files.put(parent, text)
    for span in list(parent.iterdescendants("span")):
        found = made.get(str(span.get("class", "")).removeprefix("lms-"))
        holder = span.getparent()
        if found is not None and holder is not None:
            found.tail = span.tail
            holder.replace(span, found)


def _gapselect(item: Item, q: Question, body: Gaps) -> None:
    pieces, made = [], {}
    slots = [slot for _, slot, _ in body.pieces(q.text) if slot]
    for html, slot, sign in body.pieces(q.text):
        pieces.append((html, slot.id if slot else ""))
        if slot:
            made[slot.id] = _inline(item, body, slot.group, slot.key, f"RESPONSE_{slot.id}", item.worth / len(slots))
        pieces.append((sign, ""))
    _marked(item, pieces, add(item.body, "div"), made)


def _inline(item: Item, body: Gaps, group: int, key: str, rid: str, worth: Fraction) -> Element:
    declared = item.declare(rid, "identifier", "single", [f"w-{key}"])
    item.mapping(declared, [(f"w-{key}", worth)])
    made = item.root.makeelement("inlineChoiceInteraction", {
        "responseIdentifier": rid, "shuffle": str(item.q.shuffle).lower()})
    for word in body.choices:
        if word.group == group:
            item.files.put(add(made, "inlineChoice", "", identifier=f"w-{word.id}"), word.text)
    item.earn(item.rules, rid)
    return made


def _dragwords(item: Item, q: Question, body: Gaps) -> None:
    slots = [slot for _, slot, _ in body.pieces(q.text) if slot]
    if len({word.group for word in body.choices}) > 1:
        item.lost.append("los grupos de palabras")
    key = [f"w-{slot.key} g-{slot.id}" for slot in slots]
    declared = item.declare("RESPONSE", "directedPair", "multiple", key)
    item.mapping(declared, [(pair, item.worth / len(key)) for pair in key], item.worth)
    holder = add(item.body, "gapMatchInteraction", "", responseIdentifier="RESPONSE", shuffle=str(q.shuffle).lower())
    uses = [slot.key for slot in slots]
    for word in body.choices:
        most = "0" if word.unlimited else str(max(uses.count(word.id), 1))
        item.files.put(add(holder, "gapText", "", identifier=f"w-{word.id}", matchMax=most), word.text)
    pieces, made = [], {}
    for html, slot, sign in body.pieces(q.text):
        pieces += [(html, slot.id if slot else ""), (sign, "")]
        if slot:
            made[slot.id] = item.root.makeelement("gap", {"identifier": f"g-{slot.id}"})
    _marked(item, pieces, add(holder, "div"), made)
    item.earn(item.rules, "RESPONSE")


def _cloze(item: Item, q: Question, body: Cloze) -> None:
    whole = sum((part.weight for part in body.parts), Fraction(0)) or Fraction(1)
    worth, pieces, made = item.worth, [], {}
    for html, part, sign in body.pieces(q.text):
        pieces += [(html, part.id if part else ""), (sign, "")]
        if part:
            item.worth = worth * part.weight / whole
            kind = part.question.kind
            listed = kind == "single" and part.layout == "list"
            made[part.id] = (choice(item, part.question, f"R{part.id}", "inlineChoiceInteraction") if listed
                             else PARTS[kind](item, part.question, f"R{part.id}"))
            if kind in ("single", "multiple") and part.layout == "row":
                item.lost.append("que las alternativas vayan en una fila")
    item.worth = worth
    _marked(item, pieces, add(item.body, "div"), made)


def _where(item: Item, path: str) -> str:
    found = ADDRESS.search(path)
    return item.files.address(found[1], found[2]) if found else ""


def _image(item: Item, parent: Element, path: str, width: int, height: int, alt: str) -> None:
    kind = path.rpartition(".")[2]
    mime = {"jpg": "image/jpeg", "svg": "image/svg+xml"}.get(kind, f"image/{kind}")
    add(parent, "object", alt, data=_where(item, path), type=mime, width=str(width), height=str(height))


def _picture(item: Item, q: Question, body: Picture) -> None:
    _block(item, q.text)
    key = [f"d-{zone.drag} z-{zone.id}" for zone in body.zones]
    if not key:
        raise ValueError("no tiene zonas")
    declared = item.declare("RESPONSE", "directedPair", "multiple", key)
    item.mapping(declared, [(pair, item.worth / len(key)) for pair in key], item.worth)
    holder = add(item.body, "graphicGapMatchInteraction", "", responseIdentifier="RESPONSE")
    _image(item, holder, body.image, body.width, body.height, body.alt)
    uses = [zone.drag for zone in body.zones]
    for drag in body.drags:
        most = "0" if drag.unlimited else str(max(uses.count(drag.id), 1))
        if drag.image:
            made = add(holder, "gapImg", "", identifier=f"d-{drag.id}", matchMax=most, objectLabel=drag.text)
            _image(item, made, drag.image, drag.width, drag.height, drag.text)
        else:
            add(holder, "gapText", drag.text, identifier=f"d-{drag.id}", matchMax=most)
    for zone in body.zones:
        found = body.drag(zone.drag)
        wide, high = found.room(body.letter) if found else (24, 24)
        add(holder, "associableHotspot", "", identifier=f"z-{zone.id}", matchMax="1", shape="rect",
            coords=f"{zone.x},{zone.y},{zone.x + wide},{zone.y + high}",
            **({"hotspotLabel": zone.label} if zone.label else {}))
    if len({drag.group for drag in body.drags}) > 1:
        item.lost.append("los grupos de lo que se arrastra")
    item.earn(item.rules, "RESPONSE")


def _markers(item: Item, q: Question, body: Spots) -> None:
    if len(body.markers) != 1 or not body.places:
        raise ValueError("tiene varios marcadores distintos")
    _block(item, q.text)
    declared = item.declare("RESPONSE", "point", "multiple", [])
    areas = add(declared, "areaMapping", "", defaultValue="0", lowerBound="0", upperBound=figure(item.worth))
    for place in body.places:
        corners = points(place.shape, place.coords)
        if corners is None:
            raise ValueError("un lugar no tiene coordenadas")
        n = [figure(number) for pair in corners for number in pair]
        right, bottom = figure(corners[0][0] + corners[1][0]), figure(corners[0][1] + corners[1][1])
        shape, coords = {"circle": ("circle", n[:3]), "rectangle": ("rect", [n[0], n[1], right, bottom])}.get(
            place.shape, ("poly", n))
        add(areas, "areaMapEntry", "", shape=shape, coords=",".join(coords),
            mappedValue=figure(item.worth / len(body.places)))
    most = body.markers[0].number
    holder = add(item.body, "selectPointInteraction", "", responseIdentifier="RESPONSE", maxChoices=str(most))
    _image(item, holder, body.image, body.width, body.height, body.alt)
    change = add(item.rules, "setOutcomeValue", "", identifier="SCORE")
    add(change, "mapResponsePoint", "", identifier="RESPONSE")
    if body.markers[0].text != MARK or body.misplaced:
        item.lost.append("el nombre del marcador y si se dicen los lugares errados")


def _feedback(item: Item, q: Question) -> None:
    """The question's own feedback, always and by result, and that of numbers and texts."""
    if any(q.said) and q.kind not in ("essay", "description"):
        outcome(item, "RESULT", "identifier")
        condition = add(item.rules, "responseCondition")
        for n, limit in enumerate((q.points or Fraction(1), Fraction(0))):
            branch = add(condition, "responseElseIf" if n else "responseIf")
            sign = add(branch, "gt" if n else "gte")
            add(sign, "variable", "", identifier="SCORE")
            add(sign, "baseValue", figure(limit * Fraction(9999, 10000)), baseType="float")
            _set(branch, SAID[n])
        _set(add(condition, "responseElse"), SAID[2])
    elif any(q.said):
        item.lost.append("los mensajes según el resultado")
    if q.feedback:
        outcome(item, "GENERAL", "identifier", default="general")
    every = [(f"RESULT/{name}", text) for name, text in zip(SAID, q.said, strict=True) if text]
    every += [("GENERAL/general", q.feedback)] if q.feedback else []
    for where, text in [*item.feedback, *(every if q.kind not in ("essay", "description") or q.feedback else [])]:
        name, _, ident = where.partition("/")
        made = add(item.root, "modalFeedback", "", outcomeIdentifier=name, identifier=ident, showHide="show")
        item.files.put(add(made, "div"), text)


def _set(branch: Element, ident: str) -> None:
    change = add(branch, "setOutcomeValue", "", identifier="RESULT")
    add(change, "baseValue", ident, baseType="identifier")

