"""One QTI 2.x or 3 item as a question: its interactions by name, its feedback by what shows it, its scoring verified."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_embedded import EMBEDDED, read_embedded
from lms.catalogue.formats.qti_expressions import NotTaken
from lms.catalogue.formats.qti_feedback import Said, sorted_out
from lms.catalogue.formats.qti_interactions import (
    NO_KEY,
    Reading,
    read_choice,
    read_essay,
    read_order,
    read_slider,
    read_text,
    read_upload,
)
from lms.catalogue.formats.qti_media import Shelf
from lms.catalogue.formats.qti_places import read_gaps, read_hotspot, read_match, read_picture, read_points
from lms.catalogue.formats.qti_probing import Scorer, Taken, differing
from lms.catalogue.formats.qti_scoring import ItemScorer
from lms.catalogue.formats.qti_texts import Texts, prompted
from lms.catalogue.formats.qti_tree import Element, attribute, child, children
from lms.catalogue.formats.soundness import judged
from lms.catalogue.kinds import KINDS
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
    "customInteraction": "interacción propia del programa", "portableCustomInteraction": "interacción con código propio"}
BY_HAND = ("essay", "description")
DISCARD = "Cree la pregunta a mano con uno de los tipos disponibles."
BLANK = "_____"


def read_item(item: Element, file: str, version: str, shelf: Shelf) -> Question | None:
    """The question; None when it can not be taken, which is told in `shelf.told`."""
    texts = Texts(shelf, file, version)
    if attribute(item, "adaptive").lower() == "true":
        return _refused(texts, item, "El ítem es adaptativo (adaptive=\"true\"): varios intentos con cambios entre ellos.")
    template = child(item, "templateDeclaration", "templateProcessing")
    if template is not None:
        return _refused(texts, template, "El ítem genera sus valores con una plantilla (templateProcessing).")
    body = child(item, "itemBody")
    if body is None:
        texts.tell(Grade.FAULT, item, "El ítem no tiene cuerpo (itemBody).", "Agregue el enunciado.")
        return None
    reading = Reading(item, texts, ItemScorer(item))
    try:
        found = _taken(reading, body)
        return _made(reading, *found) if found else None
    except NotTaken as name:
        return _refused(texts, item, f"La puntuación usa «{name}», que aquí no se conoce.")


def _refused(texts: Texts, element: Element, message: str) -> None:
    texts.tell(Grade.UNSUPPORTED, element, message, DISCARD)


def interactions(body: Element) -> list[Element]:
    return [e for e in body.iterdescendants() if isinstance(e.tag, str) and e.tag.endswith("Interaction")]


def _taken(reading: Reading, body: Element) -> tuple[Taken, str] | None:
    """What is answered, and the text of the question."""
    found = interactions(body)
    for element in found:
        name = str(element.tag)
        if name not in READERS and name not in EMBEDDED:
            what = NAMES.get(name, "interacción desconocida")
            _refused(reading.texts, element, f"La pregunta pide {what} ({name}), que aquí no existe.")
            return None
    if not found:
        return Taken("description", Fraction(0)), reading.texts.html(body)
    first = found[0]
    if len(found) == 1 and first.tag != "inlineChoiceInteraction":
        taken = READERS[str(first.tag)](reading, first, reading.scorer)
        return (taken, _worded(reading, body, first, taken)) if taken else None
    other = next((e for e in found if e.tag not in EMBEDDED), None)
    if other is not None:
        _refused(reading.texts, other, f"El ítem mezcla {len(found)} interacciones, y {other.tag!s} no cabe en un texto "
                 "con respuestas incrustadas.")
        return None
    embedded = read_embedded(reading, found)
    if embedded is None:
        return None
    taken, marks = embedded
    put = {e: prompted(reading.texts, e) + mark for e, mark in marks.items()}
    return taken, reading.texts.html(body, put)


def _worded(reading: Reading, body: Element, element: Element, taken: Taken) -> str:
    """The text around one interaction, with what the interaction itself asks."""
    inside = taken.text if taken.text is not None else prompted(reading.texts, element)
    if element.tag == "textEntryInteraction":
        inside = BLANK
    if element.tag == "hottextInteraction":
        inside += reading.texts.inside(element, dict.fromkeys(children(element, "prompt"), ""))
    text = reading.texts.html(body, {element: inside} if inside else {})
    return text.replace("{ #", "{#").replace("[ [", "[[") if taken.kind not in ("dragwords",) else text


def _made(reading: Reading, taken: Taken, text: str) -> Question | None:
    item, texts = reading.item, reading.texts
    if taken.points <= 0 and taken.kind not in BY_HAND:
        texts.tell(Grade.FAULT, item, NO_KEY, "Márquela (correctResponse) y diga cómo se puntúa (responseProcessing).")
        return None
    if reading.scorer.implied and taken.kind not in BY_HAND:
        texts.tell(Grade.CHANGED, item, "El ítem no dice cómo se puntúa: se puntúa por su respuesta correcta.",
                   "Revise el puntaje.")
    question = Question(
        attribute(item, "identifier")[:100] or "item", taken.kind, text, taken.options, taken.points,
        numbers=taken.numbers, body=taken.body, name=attribute(item, "title")[:200], shuffle=taken.shuffle)
    said = sorted_out(reading, taken)
    question = replace(question, feedback=said.general, said=said.said, options=_with_feedback(question, taken, said))
    exact = verified(texts, item, question, taken, reading.scorer)
    if exact is None:
        return None
    tell_faults(texts, item, question, exact)
    return replace(question, media=texts.shelf.album.of(question))


def _with_feedback(question: Question, taken: Taken, said: Said) -> tuple:  # type: ignore[type-arg]
    return tuple(replace(option, feedback=said.options.get(n, option.feedback))
                 for n, option in enumerate(question.options))


def tell_faults(texts: Texts, item: Element, question: Question, exact: bool) -> None:
    """What our kind would mind; only a remark where it scores just as its file does."""
    for grade, message, remedy in judged(question):
        soft = exact and grade is Grade.FAULT and question.text.strip()
        texts.tell(Grade.REMARK if soft else grade, item, message, remedy)


def verified(texts: Texts, item: Element, question: Question, taken: Taken, scorer: Scorer) -> bool | None:
    """Whether our scoring is the item's own; a difference is told with an example; None where the right answer is not
    right here."""
    found = differing(taken, scorer)
    if not found:
        return True
    kind = KINDS[question.kind]
    if any(own == 1 and ours == 0 for _, own, ours in found if _.given == taken.right):
        _refused(texts, item, "La puntuación del ítem no se puede expresar con los tipos disponibles.")
        return None
    probe, own, ours = next((one for one in found if one[0].answer), found[0])
    shown = kind.shown(question, probe.answer)[:80] or "sin respuesta"
    texts.tell(Grade.CHANGED, item, f"Con la respuesta «{shown}» el archivo da {_percent(own)} del puntaje y aquí se da "
               f"{_percent(ours)}.", "Revise la puntuación de la pregunta.")
    return False


def _percent(share: Fraction) -> str:
    return f"{round(float(share) * 100)} %"


