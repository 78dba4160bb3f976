"""One QTI 2.x or 3 item as a question: its interactions by name; what is not among them is refused by name."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_canvas import taken_of
from lms.catalogue.formats.qti_canvas_items import CANVAS, neutral_of
from lms.catalogue.formats.qti_embedded import EMBEDDED, read_embedded
from lms.catalogue.formats.qti_feedback import Entry
from lms.catalogue.formats.qti_interactions import (
    Reading,
    read_choice,
    read_essay,
    read_order,
    read_slider,
    read_text,
    read_upload,
)
from lms.catalogue.formats.qti_making import BY_HAND, Source, made
from lms.catalogue.formats.qti_mappings import DISCARD, NotTaken, TooCostly
from lms.catalogue.formats.qti_media import Shelf
from lms.catalogue.formats.qti_places import read_gaps, read_hotspot, read_match, read_picture, read_points
from lms.catalogue.formats.qti_probing import Scorer, Taken
from lms.catalogue.formats.qti_scoring import ItemScorer
from lms.catalogue.formats.qti_texts import Texts, prompted
from lms.catalogue.formats.qti_tree import Element, attribute, below, child, children, number, words
from lms.catalogue.rules import Question

READERS: dict[str, Callable[[Reading, Element, Scorer], Taken | None]] = {
    "choiceInteraction": read_choice, "hottextInteraction": read_choice, "orderInteraction": read_order,
    "textEntryInteraction": read_text, "sliderInteraction": read_slider, "extendedTextInteraction": read_essay,
    "uploadInteraction": read_upload, "matchInteraction": read_match, "gapMatchInteraction": read_gaps,
    "graphicGapMatchInteraction": read_picture, "hotspotInteraction": read_hotspot,
    "selectPointInteraction": read_points, "positionObjectInteraction": read_points}
NAMES = {
    "associateInteraction": "asociar elementos de un mismo conjunto", "graphicOrderInteraction": "ordenar sobre imagen",
    "graphicAssociateInteraction": "unir puntos de una imagen", "drawingInteraction": "dibujar",
    "mediaInteraction": "reproducir un archivo", "endAttemptInteraction": "terminar el intento",
    "customInteraction": "algo propio de su programa", "portableCustomInteraction": "algo con código propio"}
BLANK = "_____"
MOST_ASKED = 100                # interactions of an item


def read_item(item: Element, file: str, version: str, shelf: Shelf, before: str = "", category: str = "",
              tags: tuple[str, ...] = ()) -> Question | None:
    """The question; None when it can not be taken, which is told in `shelf.told`. `before` is shown before its text."""
    texts = Texts(shelf, file, version)
    if attribute(item, "adaptive").lower() == "true":
        _refuse(texts, item, "El ítem es adaptativo (adaptive=\"true\"): cambia entre un intento y otro.")
        return None
    template = child(item, "templateDeclaration", "templateProcessing")
    if template is not None:
        _refuse(texts, template, "El ítem genera sus valores con una plantilla (templateProcessing).")
        return None
    body = child(item, "itemBody")
    if body is None:
        texts.tell(Grade.FAULT, item, "El ítem no tiene cuerpo (itemBody).", "Agregue el enunciado.")
        return None
    source = Source(attribute(item, "identifier"), attribute(item, "title"), texts.place(item), shelf,
                    category=category, tags=tags)
    try:
        return _read(item, body, texts, source, before)
    except NotTaken as why:
        texts.tell(Grade.UNSUPPORTED, item, *why.told)
        return None


def _read(item: Element, body: Element, texts: Texts, source: Source, before: str) -> Question | None:
    if sum(isinstance(e.tag, str) and e.tag.endswith("Interaction") for e in body.iterdescendants()) > MOST_ASKED:
        raise TooCostly("interactions")
    reading = Reading(item, texts, ItemScorer(item))
    fields = {attribute(f, "name"): attribute(f, "value") for f in below(item, "instructureField")}
    points = number(fields.get("points_possible"))
    source = replace(source, points=points) if points is not None and points >= 0 else source
    if fields.get("question_type", "").removesuffix("_question") in CANVAS:
        neutral = neutral_of(reading, body, fields, source)
        taken = taken_of(neutral)
        text = taken.text if taken and taken.text is not None else neutral.text
        scorer: Scorer = neutral.scorer
    else:
        found = _taken(reading, body)
        taken, text = found or (None, "")
        scorer = reading.scorer
    if taken is None:
        return None
    if reading.scorer.implied and taken.kind not in BY_HAND:
        source.tell(Grade.CHANGED, "El ítem no dice cómo se puntúa: se puntúa por su respuesta correcta.",
                    "Revise el puntaje.")
    return made(source, taken, before + text, scorer, _entries(reading))


def _entries(reading: Reading) -> list[Entry]:
    def entry(n: int, element: Element) -> Entry:
        return Entry(str(n), reading.texts.html(element), _apart(element), lambda: reading.changed(
            element, f"La retroalimentación «{words(element)[:60]}» depende de una condición que aquí no existe: no se "
            "conserva.", "Póngala donde corresponda."), attribute(element, "identifier"))
    return [entry(n, element) for n, element in enumerate(reading.scorer.feedbacks)]


def _alone(element: Element, parent: Element) -> bool:
    """Whether nothing but the field stands in its line."""
    return len(parent) == 1 and not (parent.text or "").strip() and not (
        element.tail or "").strip() and parent.tag != "itemBody"


def _apart(element: Element) -> bool:
    """Not in a choice, nor named after one as Canvas does ("FEEDBACK_123_fb") and we do."""
    own = attribute(element, "outcomeIdentifier") == "FEEDBACK_RESPONSE"
    return not own and element.tag == "modalFeedback" and not re.search(r"\d_fb$", attribute(element, "identifier"))


def _refuse(texts: Texts, element: Element, message: str) -> None:
    texts.tell(Grade.UNSUPPORTED, element, message, DISCARD)


def _taken(reading: Reading, body: Element) -> tuple[Taken, str] | None:
    """What is answered, and the text of the question."""
    found = [e for e in body.iterdescendants() if isinstance(e.tag, str) and e.tag.endswith("Interaction")]
    for element in found:
        name = str(element.tag)
        if name not in READERS and name not in EMBEDDED:
            what = NAMES.get(name, "una interacción desconocida")
            _refuse(reading.texts, element, f"La pregunta pide {what} ({name}), que aquí no existe.")
            return None
    if not found:
        return Taken("description", Fraction(0)), reading.texts.html(body)
    first = found[0]
    if len(found) == 1 and first.tag != "inlineChoiceInteraction":
        taken = READERS[str(first.tag)](reading, first, reading.scorer)
        return (taken, _worded(reading, body, first, taken)) if taken else None
    other = next((e for e in found if e.tag not in EMBEDDED), None)
    if other is not None:
        _refuse(reading.texts, other, f"El ítem tiene {len(found)} interacciones, y {str(other.tag)} no cabe en un "
                "texto con respuestas incrustadas.")
        return None
    embedded = read_embedded(reading, found)
    if embedded is None:
        return None
    put = {e: prompted(reading.texts, e) + mark for e, mark in embedded[1].items()}
    return embedded[0], reading.texts.html(body, put)


def _worded(reading: Reading, body: Element, element: Element, taken: Taken) -> str:
    """The text around one interaction, with what the interaction itself asks."""
    inside = taken.text if taken.text is not None else prompted(reading.texts, element)
    if element.tag == "textEntryInteraction":
        inside = BLANK
    if element.tag == "hottextInteraction":
        inside += reading.texts.inside(element, dict.fromkeys(children(element, "prompt"), ""))
    parent = element.getparent()
    lone = element.tag == "textEntryInteraction" and parent is not None and _alone(element, parent)
    text = reading.texts.html(body, {parent: ""} if lone and parent is not None else {element: inside})
    return text if taken.kind == "dragwords" else text.replace("{ #", "{#").replace("[ [", "[[")
