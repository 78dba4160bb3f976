"""Short answer, essay and description in Moodle's XML."""

import html
from fractions import Fraction

from lms.catalogue.formats.moodle.reading import Reading, Taken, source
from lms.catalogue.formats.moodle.writing import Writing
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.short import Words
from lms.catalogue.notation import lettered
from lms.catalogue.rules import Option

FORMS = {"editor": "editor", "editorfilepicker": "editorfilepicker", "plain": "plain", "monospaced": "monospaced",
         "noinline": "plain"}
NONE = ("La pregunta no tiene respuestas.", "Agregue al menos una en Moodle y exporte de nuevo.")


def read_short(reading: Reading) -> Taken | None:
    found = [(" ".join(source(element).split()), share, feedback) for element, share, feedback in reading.answers()]
    if not found:
        reading.fault(*NONE)
    if not found or any(share is None for _, share, _ in found):
        return None
    ids = lettered([text for text, _, _ in found])
    options = tuple(Option(i, html.escape(text, False), share or Fraction(0), feedback)
                    for i, (text, share, feedback) in zip(ids, found, strict=True))
    body = Words(reading.flag("usecase"), reading.flag("lms-accents"))
    return Taken("short", options, body=None if body == Words() else body)


def write_short(writing: Writing) -> None:
    body = writing.q.body if isinstance(writing.q.body, Words) else Words()
    writing.flag("usecase", body.case)
    if body.accents:
        writing.flag("lms-accents", True)
    for option in writing.q.options:
        made = writing.answer(option.share)
        made.set("format", "moodle_auto_format")
        writing.add("text", html.unescape(option.text), made)
        writing.html("feedback", option.feedback, made)


def read_essay(reading: Reading) -> Taken:
    form = reading.raw("responseformat", usual="editor")
    required = reading.flag("responserequired", True)
    least, most = reading.whole("minwordlimit", 0), reading.whole("maxwordlimit", 0)
    kinds = reading.raw("filetypeslist").replace(";", ",").replace(" ", ",").split(",")
    body = Essay(
        "none" if form == "noinline" else "required" if required else "optional", FORMS.get(form, "editor"),
        reading.whole("responsefieldlines", 15, 1, 200), plain(reading.html(reading.element.find("responsetemplate"))),
        least or None, most or None, reading.whole("attachments", 0, -1, 100),
        reading.whole("attachmentsrequired", 0, 0, 100),
        tuple(dict.fromkeys(kind.lower()[:20] for kind in kinds if kind)),
        reading.whole("maxbytes", 0, 0, 1 << 31), reading.html(reading.element.find("graderinfo")))
    return Taken("essay", body=None if body == Essay() else body)


def write_essay(writing: Writing) -> None:
    body = writing.q.body if isinstance(writing.q.body, Essay) else Essay()
    writing.add("responseformat", "noinline" if body.text == "none" else body.form)
    writing.flag("responserequired", body.text == "required")
    writing.add("responsefieldlines", body.lines)
    if body.least_words:
        writing.add("minwordlimit", body.least_words)
    if body.most_words:
        writing.add("maxwordlimit", body.most_words)
    writing.add("attachments", body.attachments)
    writing.add("attachmentsrequired", body.required)
    writing.add("maxbytes", body.most_bytes)
    writing.add("filetypeslist", ",".join(body.kinds))
    writing.html("graderinfo", body.grader_note)
    writing.html("responsetemplate", html.escape(body.template, False))


def read_description(reading: Reading) -> Taken:
    return Taken("description")


def write_description(writing: Writing) -> None:
    """Its text is all there is."""
