"""Moodle's XML: its questions with their categories, files, hints and messages, read and written."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from lxml import etree

from lms.catalogue.formats.faithful import compared
from lms.catalogue.formats.format import Format, Written
from lms.catalogue.formats.gift_lines import Unused, category_of
from lms.catalogue.formats.moodle import gaps
from lms.catalogue.formats.moodle.reading import Reading, Taken, decimal
from lms.catalogue.formats.moodle.types import PLUGINS, PRESENT_IS_YES, READERS, SHUFFLED, WRITERS
from lms.catalogue.formats.moodle.writing import Writing, number
from lms.catalogue.formats.parcel import Grade, Notice, Parcel
from lms.catalogue.formats.safe import parse_xml
from lms.catalogue.formats.sniffing import root
from lms.catalogue.formats.soundness import hopeless, judged
from lms.catalogue.kinds.kind import plain
from lms.catalogue.media import Album
from lms.catalogue.notation import share_of
from lms.catalogue.rules import Hint, Question

LABEL = "Moodle XML"
SAID = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
MOST, MOST_PARTS = 20_000, 2_000        # questions of a file, elements of a question
TOO_MANY = (f"El archivo tiene más de {MOST} preguntas.", "Divídalo en varios.")
LONG = ("La pregunta tiene demasiados elementos.", f"Deje menos de {MOST_PARTS}.")
MOST_POINTS = Fraction(10_000)
NO_TYPE = ("Una pregunta no dice su tipo.", "Ponga type=\"multichoice\" u otro en <question>.")
NO_NAME = ("La pregunta no tiene nombre: se tomó el comienzo de su enunciado.", "Póngale uno.")
CHANGE = "Cámbiela en Moodle por un tipo estándar."
STYLES = ("Se quitaron colores, tamaños y otros estilos del texto, desde aquí.", "Revise que se entienda sin ellos.")
NO_QUESTIONS = ("No hay ninguna pregunta.", "Revise que sea una exportación de preguntas de Moodle.")


def parcel(file: str, content: bytes) -> Parcel:
    top = parse_xml("", content)
    if isinstance(top, Notice):
        return Parcel(file, "moodle_xml", notices=(top,))
    reader = _Reader()
    for element in [top] if top.tag == "question" else top.iterchildren():
        if len(reader.questions) == MOST:
            reader.notices.append(Notice(Grade.FAULT, f"línea {element.sourceline}", *TOO_MANY))
            break
        if element.tag == "question":
            reader.question(element)
        elif isinstance(element.tag, str):
            reader.notices.append(Notice(Grade.UNSUPPORTED, f"línea {element.sourceline}: <{element.tag[:40]}>",
                                         "Hay un elemento que no es una pregunta.", "Quítelo."))
    if not reader.questions and not reader.notices:
        reader.notices.append(Notice(Grade.FAULT, "", *NO_QUESTIONS))
    return Parcel(file, "moodle_xml", tuple(reader.questions), tuple(reader.notices), reader.album.contents)


class _Reader:
    """What has been read of a file so far."""

    def __init__(self) -> None:
        self.album = Album()
        self.questions: list[Question] = []
        self.notices: list[Notice] = []
        self.category = ""
        self.unused = Unused()
        self.styled = False

    def question(self, element: etree._Element) -> None:
        kind = str(element.get("type") or "").strip().lower()
        reading = Reading(element, self.album)
        identity = ""
        if kind == "category":
            self.category = category_of(reading.raw("category"))
            return
        if not kind:
            reading.fault(*NO_TYPE)
        elif len(element) > MOST_PARTS:
            reading.fault(*LONG)
        elif kind not in READERS:
            reading.tell(Grade.UNSUPPORTED, *_unknown(kind, _name(reading)))
        else:
            taken = READERS[kind](reading)
            if taken:
                identity = self._keep(reading, taken)
        self.notices += [replace(notice, question=identity) for notice in reading.notices]
        if reading.styled and not self.styled:
            self.styled = True
            self.notices.append(Notice(Grade.CHANGED, f"línea {element.sourceline}", *STYLES))

    def _keep(self, reading: Reading, taken: Taken) -> str:
        text = reading.html(reading.element.find("questiontext")) if taken.text is None else taken.text
        if image := _old_image(reading):
            text = f"{text}{image}"
        name = _name(reading)
        if not name:
            name = plain(text)[:80].strip() or f"pregunta-{len(self.questions) + 1}"
            reading.tell(Grade.CHANGED, *NO_NAME)
        said = reading.raw("idnumber")
        identity = self.unused.like(said or name)
        if said and identity != said[:100]:
            reading.tell(Grade.CHANGED, f"El identificador «{said[:40]}» ya se usó: quedó como «{identity}».",
                         "Dé otro a esta pregunta.")
        question = Question(
            identity, taken.kind, text, taken.options, _points(reading, taken),
            reading.html(reading.element.find("generalfeedback")), taken.numbers, taken.body,
            "" if name == identity else name, _said(reading), _hints(reading), _penalty(reading),
            True if taken.shuffle is None else taken.shuffle, self.category, _tags(reading))
        if self.album.contents:
            question = replace(question, media=self.album.of(question))
        for grade, message, remedy in judged(question):
            reading.tell(grade, message, remedy)
        if question.kind == "cloze" and hopeless(question):
            return ""                   # Moodle does not take it either
        self.questions.append(question)
        return identity


def _name(reading: Reading) -> str:
    return " ".join(plain(reading.raw("name")).split())[:200]


def _said(reading: Reading) -> tuple[str, str, str]:
    right, partly, wrong = (reading.html(reading.element.find(name)) for name in SAID)
    return right, partly, wrong


def _hints(reading: Reading) -> tuple[Hint, ...]:
    """Ordering questions of before Moodle 4.4 say nothing of how many are right: they show it."""
    old = reading.element.get("type") == "ordering" and not reading.has("shownumcorrect")
    return tuple(Hint(reading.html(e), reading.flag("clearwrong", of=e), old or reading.flag("shownumcorrect", of=e))
                 for e in reading.all("hint"))


def _tags(reading: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (" ".join(reading.raw("text", e).split())[:100].strip()
                                             for e in reading.all("tags/tag")))))


def _points(reading: Reading, taken: Taken) -> Fraction:
    found = decimal(reading.raw("defaultgrade"))
    if taken.kind == "description":
        return Fraction(0)
    if found is None or not 0 <= found <= MOST_POINTS:
        return gaps.cloze_points(taken.body)
    exact = share_of(f"{found * 100:f}") if found < 100 else Fraction(found)
    return exact


def _penalty(reading: Reading) -> Fraction:
    """Per wrong try; 0.3333333 stands for a third, as old files' 0.33333 does."""
    found = decimal(reading.raw("penalty"))
    if found is None:
        return Fraction(1, 3)
    if abs(found - Decimal("0.3333333")) < Decimal("0.005"):
        return Fraction(1, 3)
    return share_of(f"{found * 100:f}") if 0 <= found <= 1 else Fraction(1)


def _old_image(reading: Reading) -> str:
    """The picture that Moodle 1.9 kept beside the text."""
    for path in ("image_base64", "image/image_base64"):
        file = reading.element.find(path)
        if file is not None and (file.text or "").strip():
            media = reading.file(file, reading.raw("image").rpartition("/")[2] or "imagen")
            return f'<br><img src="{media.path}" alt="">' if media else ""
    if name := reading.raw("image"):
        reading.tell(Grade.UNSUPPORTED, f"La imagen «{name[:60]}» no está en el archivo.", "Agréguela a la pregunta.",
                     reading.element.find("image"))
    return ""


def _unknown(kind: str, name: str) -> tuple[str, str]:
    which = f"«{name[:60]}» es de tipo" if name else "Hay una pregunta de tipo"
    if kind in PLUGINS:
        return f"{which} «{kind[:40]}» ({PLUGINS[kind]}), que aquí no existe.", CHANGE
    return f"{which} «{kind[:40]}», que no es de Moodle mismo.", CHANGE


def write(questions: Sequence[Question], media: Mapping[str, bytes]) -> tuple[bytes, list[Notice]]:
    """The file, and what of its images was not at hand."""
    top = etree.Element("quiz")
    category, notices = "", []
    for q in questions:
        if q.category != category or (q is questions[0] and category):
            category = q.category
            element = etree.SubElement(top, "question", type="category")
            path = "/".join(filter(None, ("$course$/top", category)))
            etree.SubElement(etree.SubElement(element, "category"), "text").text = path
        notices += _write_question(q, etree.SubElement(top, "question", type=WRITERS[q.kind][0]), media)
    etree.indent(top)
    content: bytes = etree.tostring(top, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return content, notices


def _write_question(q: Question, element: etree._Element, media: Mapping[str, bytes]) -> list[Notice]:
    writing = Writing(q, element, media)
    kind, words = WRITERS[q.kind]
    writing.words("name", q.title if plain(q.title) == q.title else html.escape(q.title, False))
    writing.html("questiontext", gaps.cloze_text(q.text, q.body))
    writing.html("generalfeedback", q.feedback)
    writing.add("defaultgrade", number(q.points))
    writing.add("penalty", number(q.penalty))
    writing.add("hidden", 0)
    writing.add("idnumber", q.id if q.name else "")
    if kind in SHUFFLED:
        writing.add("shuffleanswers", str(q.shuffle).lower())
    elif kind in PRESENT_IS_YES and q.shuffle:
        writing.add("shuffleanswers")
    for name, text in zip(SAID, q.said, strict=True):
        if text:
            writing.html(name, text)
    words(writing)
    for hint in q.hints:
        made = writing.html("hint", hint.text)
        for name, yes in (("shownumcorrect", hint.show_count), ("clearwrong", hint.clear_wrong)):
            if yes:
                writing.add(name, of=made)
    if q.tags:
        holder = writing.add("tags")
        for tag in q.tags:
            writing.words("tag", tag, holder)
    return [Notice(Grade.CHANGED, "", f"El archivo «{m.name}» no está guardado y no va en el XML.",
                   "Súbalo de nuevo a la pregunta.", q.id) for m in dict.fromkeys(writing.missing)]


def _write(questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    content, notices = write(questions, media)
    return Written(content, (*notices, *compared(LABEL, questions, parcel("", content).questions)))


def _claims(file: str, content: bytes) -> bool:
    space, name = root(content)
    return name in ("quiz", "question") and not space


FORMAT = Format("moodle_xml", LABEL, ("xml",), _claims, parcel, _write)
