"""Multiple choice and true/false in Moodle's XML."""

from dataclasses import replace
from fractions import Fraction

from lms.catalogue.formats.moodle.reading import Reading, Taken, source
from lms.catalogue.formats.moodle.writing import Writing
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.single import Choice
from lms.catalogue.kinds.truefalse import TEXTS
from lms.catalogue.notation import lettered
from lms.catalogue.rules import Option

NUMBERINGS = frozenset({"abc", "ABCD", "123", "iii", "IIII"})
OLD_NUMBERINGS = {"0": "abc", "1": "ABCD", "2": "123", "3": ""}
FEW = ("La pregunta no tiene alternativas.", "Agregue al menos dos en Moodle y exporte de nuevo.")
NO_KEY = ("La pregunta no dice si lo correcto es verdadero o falso.",
          "Ponga fraction=\"100\" en la respuesta correcta.")


def numbering(reading: Reading) -> str:
    said = reading.raw("answernumbering", usual="abc")
    said = OLD_NUMBERINGS.get(said, said)
    return said if said in NUMBERINGS else ""


def read_choice(reading: Reading) -> Taken | None:
    """multichoice, and the plug-in multichoiceset whose points come only for exactly the right ones."""
    together = reading.element.get("type") == "multichoiceset"
    single = not together and reading.raw("single", usual="true").lower() not in ("false", "0", "")
    options = read_options(reading)
    if options is None:
        return None
    if together:
        right = max(sum(option.share > 0 for option in options), 1)
        options = tuple(replace(o, share=Fraction(o.share > 0, right)) for o in options)
    body = Choice(numbering(reading), reading.flag("showstandardinstruction"),
                  together or reading.flag("lms-allornothing"))
    shuffle = reading.raw("shuffleanswers", usual="false").lower() not in ("false", "0", "")
    return Taken("single" if single else "multiple", options, body=None if body == Choice() else body, shuffle=shuffle)


def read_options(reading: Reading) -> tuple[Option, ...] | None:
    """The options of a choice; None, told, when one has no weight that can be read or there are none."""
    found = [(reading.html(element, inline=True), share, feedback) for element, share, feedback in reading.answers()]
    if not found:
        reading.fault(*FEW)
    if not found or any(share is None for _, share, _ in found):
        return None
    ids = lettered([plain(text) for text, _, _ in found])
    return tuple(Option(i, text, share or Fraction(0), feedback)
                 for i, (text, share, feedback) in zip(ids, found, strict=True))


def write_choice(writing: Writing) -> None:
    q = writing.q
    body = q.body if isinstance(q.body, Choice) else Choice()
    writing.add("single", "true" if q.kind == "single" else "false")
    writing.add("answernumbering", body.numbering or "none")
    writing.flag("showstandardinstruction", body.instruction)
    if body.all_or_nothing:
        writing.flag("lms-allornothing", True)
    write_options(writing)


def write_options(writing: Writing) -> None:
    for option in writing.q.options:
        made = writing.answer(option.share)
        writing.fill(made, option.text)
        writing.html("feedback", option.feedback, made)


def read_truefalse(reading: Reading) -> Taken | None:
    key, comments = "", {}
    for place, (element, share, feedback) in enumerate(reading.answers()):
        said = source(element).strip().lower()
        side = said if said in TEXTS else "true" if place == 0 else "false"     # an old file: in this order
        comments[side] = feedback
        if share is not None and share == 1:
            key = side
        elif share is not None and not key and place:
            key = "false" if side == "true" else "true"
    if not key:
        reading.fault(*NO_KEY)
        return None
    return Taken("truefalse", tuple(Option(side, text, Fraction(side == key), comments.get(side, ""))
                                    for side, text in TEXTS.items()))


def write_truefalse(writing: Writing) -> None:
    for option in writing.q.options:
        made = writing.answer(option.share)
        made.set("format", "moodle_auto_format")
        writing.add("text", option.id, made)
        writing.html("feedback", option.feedback, made)
