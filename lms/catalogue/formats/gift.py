"""GIFT, the text format of questions. A course's file is read strictly: each question has its title, and texts are
Markdown. A file from elsewhere is read as Moodle reads it."""


from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lms.catalogue.formats.faithful import compared, unsayable
from lms.catalogue.formats.format import Format, Written
from lms.catalogue.formats.gift_lines import blocks, marks
from lms.catalogue.formats.gift_reader import Reader
from lms.catalogue.formats.parcel import Grade, Notice, Parcel
from lms.catalogue.formats.sniffing import is_text
from lms.catalogue.formats.texts import absorbed, decoded, with_files_inside
from lms.catalogue.kinds import KINDS
from lms.catalogue.media import Album
from lms.catalogue.rules import Fault, Question

BIGGEST = 8_000_000             # characters
MOST = 20_000                   # questions
LABEL = "GIFT"
SAYABLE = frozenset({"single", "multiple", "truefalse", "short", "numerical", "matching", "ordering", "essay",
                     "description"})
Told = list[tuple[int, Notice]]


def read(text: str, file: str) -> tuple[tuple[Question, ...], list[Fault]]:
    """A course's file: every question that can be understood, and everything wrong. A question with a fault is given
    too if it could be read at all: who keeps questions refuses the file while there are faults."""
    questions, told = _read(text, bank=False)
    return questions, [Fault(file, line, notice.message, notice.remedy) for line, notice in told]


def write(questions: Iterable[Question]) -> str:
    """Questions as GIFT, each followed by a blank line; their category above the first of each."""
    parts, category = [], ""
    for q in questions:
        if q.category != category:
            category = q.category
            parts.append(f"$CATEGORY: {category}\n")
        parts.append(marks(q.id if q.name else "", q.tags) + KINDS[q.kind].write_gift(replace(q, id=q.title)))
    return "\n".join(parts)


def parcel(file: str, content: bytes) -> Parcel:
    """A file from elsewhere, as Moodle reads it: no title needed; categories, ids and tags taken."""
    found = decoded(content)
    if isinstance(found, Notice):
        return Parcel(file, "gift", notices=(found,))
    text, notices = found
    album = Album()
    text, troubles = absorbed(text, album)
    questions, told = _read(text, bank=True)
    told = sorted([(line, Notice(Grade.UNSUPPORTED, "", *what)) for line, *what in troubles] + told, key=_line)
    placed = [replace(notice, place=f"línea {line}") for line, notice in told]
    if not questions and not placed:
        placed = [Notice(Grade.FAULT, "", "No hay ninguna pregunta.", "Revise que sea el archivo correcto.")]
    if album.contents:
        questions = tuple(replace(q, media=album.of(q)) for q in questions)
    return Parcel(file, "gift", questions, (*notices, *placed), album.contents)


def _line(told: tuple[int, Notice]) -> int:
    return told[0]


def _read(text: str, bank: bool) -> tuple[tuple[Question, ...], Told]:
    reader = Reader(bank)
    if len(text) > BIGGEST:
        reader.tell(1, "El archivo es demasiado grande.", f"Divídalo: hasta {BIGGEST // 1_000_000} MB.")
        return (), reader.told
    for block in blocks(text):
        reader.block(block)
        if len(reader.questions) > MOST:
            reader.tell(block.line, f"El archivo tiene más de {MOST} preguntas.", "Divídalo en varios.")
            break
    reader.told.sort(key=_line)
    return tuple(reader.questions), reader.told


def _write(questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    good, notices = unsayable(LABEL, questions, SAYABLE)
    content = with_files_inside(write(good), iter(good), media, gift=True).encode("utf-8", "replace")
    return Written(content, (*notices, *compared(LABEL, good, parcel("", content).questions)))


def _claims(file: str, content: bytes) -> bool:
    """A text with braces around answers, or with titles. What other formats are sure of was asked before."""
    if not is_text(content):
        return False
    found = decoded(content)
    if isinstance(found, Notice):
        return False
    text = found[0]
    return ("{" in text and "}" in text) or text.lstrip().startswith(("::", "$CATEGORY:")) or "\n::" in text or (
        file.lower().endswith(".gift"))


FORMAT = Format("gift", "GIFT", ("gift", "txt"), _claims, parcel, _write)
