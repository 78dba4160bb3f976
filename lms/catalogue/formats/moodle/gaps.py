"""Texts with gaps in Moodle's XML: embedded answers (cloze), select missing words, drag words into text."""

import html as entities
from fractions import Fraction

from lms.catalogue import cloze_notation
from lms.catalogue.cleaning import clean_inline
from lms.catalogue.formats.moodle.reading import Reading, Taken, source
from lms.catalogue.formats.moodle.writing import Writing
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.gapped import Gaps, stock
from lms.catalogue.markup import prose_checked
from lms.catalogue.notation import lined

NO_PARTS = ("El texto no tiene ninguna respuesta incrustada.", "Escriba al menos una: {1:SHORTANSWER:=respuesta}.")
NO_WORDS = ("La pregunta no tiene palabras para los huecos.", "Agréguelas en Moodle y exporte de nuevo.")


def read_cloze(reading: Reading) -> Taken | None:
    """Its answers are taken out of the text as it stands, before what is not safe is taken out of the text."""
    element = reading.element.find("questiontext")
    if element is None:
        reading.fault(*NO_PARTS)
        return None
    form = str(element.get("format") or "html")
    found = cloze_notation.read(reading.with_files(element, source(element).strip()), form != "plain_text")
    for _, message, remedy in found.troubles:
        reading.fault(message, remedy, element)
    if not found.parts and not found.troubles:
        reading.fault(*NO_PARTS, element)
    if not found.parts or found.troubles:
        return None
    if form == "plain_text":
        text = entities.escape(found.text, False).replace("\n", "<br>")
    elif form == "markdown":
        text = prose_checked(found.text)[0]
    else:
        text = reading.cleaned(lined(found.text) if form == "moodle_auto_format" else found.text)
    return Taken("cloze", body=Cloze(found.parts), text=text)


def cloze_points(body: object) -> Fraction:
    """What Moodle gives for a cloze question: the sum of its parts' weights."""
    weights = sum((part.weight for part in body.parts), Fraction(0)) if isinstance(body, Cloze) else Fraction(1)
    return weights or Fraction(1)


def write_cloze(writing: Writing) -> None:
    """The text itself is written by who writes every question's text."""


def cloze_text(text: str, body: object) -> str:
    """The text with its answers in it; what only looks like one keeps its brace as an entity."""
    if not isinstance(body, Cloze):
        return text
    return cloze_notation.write(cloze_notation.START.sub(lambda m: f"&#123;{m[0][1:]}", text), body.parts)


def read_gaps(reading: Reading) -> Taken | None:
    drags = reading.element.get("type") == "ddwtos"
    words = [
        (clean_inline(reading.raw("text", e)), reading.whole("group", 1, 1, 100, e), reading.flag("infinite", of=e))
        for e in reading.all("dragbox" if drags else "selectoption")]
    if not words:
        reading.fault(*NO_WORDS)
        return None
    return Taken("dragwords" if drags else "gapselect", body=stock(words),
                 shuffle=reading.flag("shuffleanswers", True))


def write_gaps(writing: Writing) -> None:
    drags = writing.q.kind == "dragwords"
    for choice in writing.q.body.choices if isinstance(writing.q.body, Gaps) else ():
        made = writing.add("dragbox" if drags else "selectoption")
        writing.add("text", choice.text, made)
        writing.add("group", choice.group, made)
        if choice.unlimited:
            writing.add("infinite", of=made)
