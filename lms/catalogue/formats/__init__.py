"""The formats questions travel in, one file each: read into a parcel, written from questions.

A new format is a file with its FORMAT and its line in `_ALL`, where they stand in the order in which they are asked
whether a content is theirs: those that are sure of it first.
"""

from collections.abc import Mapping, Sequence
from traceback import extract_tb

from lms.catalogue.formats import aiken, cloze_text, gift, moodle_xml, qti, table
from lms.catalogue.formats.format import Format, Written
from lms.catalogue.formats.parcel import Grade, Notice, Parcel
from lms.catalogue.rules import Question
from lms.foundation.logs import log

_ALL: tuple[Format, ...] = (moodle_xml.FORMAT, table.FORMAT, *qti.FORMATS, aiken.FORMAT, cloze_text.FORMAT, gift.FORMAT)

FORMATS: dict[str, Format] = {found.name: found for found in _ALL}
LARGEST = 50 << 20              # bytes of one file
OURS = ("Este archivo no se pudo leer por una falla nuestra.", "Envíelo a quien administra el sitio.")
UNKNOWN = ("No se reconoce ningún formato de preguntas en este archivo.",
           "Se leen: {}.")

__all__ = ["FORMATS", "Format", "Grade", "Notice", "Parcel", "Written", "detect", "read", "write"]


def detect(file: str, content: bytes) -> Format | None:
    """Whose a file is, by its content."""
    return next((found for found in FORMATS.values() if found.claims(file, content)), None)


def read(file: str, content: bytes) -> Parcel:
    """A file of any format. What is wrong with it is in the notices; nothing is raised."""
    if len(content) > LARGEST:
        return _refused(file, "El archivo es demasiado grande.", f"Divídalo: hasta {LARGEST >> 20} MB.")
    if not content.strip():
        return _refused(file, "El archivo está vacío.", "Revise que sea el correcto y que esté guardado.")
    try:
        found = detect(file, content)
        if found is not None:
            return found.read(file, content)
    except Exception as wrong:          # a reader's mistake is ours: it is logged, and whoever sent the file is told
        at = extract_tb(wrong.__traceback__)[-1]
        log.error("a file of questions could not be read: %r at %s:%s", wrong, at.filename, at.lineno)
        return _refused(file, *OURS)
    return _refused(file, UNKNOWN[0], UNKNOWN[1].format(", ".join(f.label for f in FORMATS.values())))


def write(name: str, questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    """Questions in a format of FORMATS that can be written (a KeyError or ValueError is the caller's mistake)."""
    writer = FORMATS[name].write
    if writer is None:
        raise ValueError(f"{name} is only read")
    return writer(questions, media)


def _refused(file: str, message: str, remedy: str) -> Parcel:
    return Parcel(file, "", notices=(Notice(Grade.FAULT, "", message, remedy),))
