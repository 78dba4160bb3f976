"""A lesson's Markdown turned into safe HTML with the parts of the look, and everything wrong with it told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from posixpath import dirname, normpath

from lms.catalogue import figures
from lms.catalogue.cleaning import ABROAD, clean_lesson, is_link
from lms.catalogue.lesson_marks import LessonMarks
from lms.catalogue.manuscript import Manuscript, paragraphs
from lms.catalogue.markup import engine, inline_checked, prose_checked, too_deep
from lms.catalogue.rules import Fault, Heading

LONGEST = 200_000               # characters of a lesson
LONGEST_BLOCK = 8_000           # characters of a short text read as Markdown
# What a lesson may hold of the marks whose cost grows with their square or is multiplied (measured: 500 columns by
# 75 000 rows in 150 kB give 250 MB of HTML).
MOST = {"[": 3_000, "[^": 600, "|": 20_000, "!!!": 300, "\\": 20_000}
MOST_ROWS, MOST_COLUMNS, MOST_HEADINGS = 2_000, 30, 500
HEADING = re.compile(r"^[ \t]*(?:#|[-=]+[ \t]*$)", re.MULTILINE)
PLACE = "\ue000{}\ue000"        # where a figure or a video stands while the text around it is cleaned
PRIVATE = re.compile("[\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")
EXTENSIONS = ["tables", "footnotes", "admonition", "sane_lists"]
WORD = re.compile(r"\w+(?:[.,’'-]\w+)*")


@dataclass(frozen=True)
class Rendered:
    """What came of a text. `html` is empty when it could not be shown at all."""
    title: str
    html: str
    headings: tuple[Heading, ...]
    words: int
    faults: tuple[Fault, ...]
    figures: frozenset[str] = frozenset()       # the files it shows

    @property
    def minutes(self) -> int:
        return max(1, round(self.words / 180))


def inline(text: str) -> str:
    """Safe HTML of short Markdown: only words, links and emphasis."""
    return inline_checked(text)[0]


def block(text: str) -> str:
    """Safe HTML of a short Markdown text with paragraphs and lists; each line stays a line.

    Of a long one only the paragraphs are kept: Markdown takes quadratic time on what is made to be slow."""
    if len(text) > LONGEST_BLOCK:
        return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
    return prose_checked(re.sub(r"(?<=\S)\n(?=\S)", "  \n", text))[0]


def render(text: str, file: str, files: Mapping[str, bytes], titled: bool = True, first_line: int = 1) -> Rendered:
    """The page of a Markdown text that stands in `file` from `first_line` on; `files` holds the figures by path."""
    page = Manuscript(PRIVATE.sub("", text), file, first_line)
    title = page.take_title() if titled else ""
    if too_much(text):
        page.fault(None, "El texto es demasiado largo, o tiene demasiadas tablas, notas o listas anidadas.",
                   f"Divídalo en lecciones de menos de {LONGEST // 1000} kB.")
        return Rendered(title, "", (), 0, tuple(page.faults))
    shown = _Shown(page, files)
    source = shown.taken_out()
    page.check()
    marks = LessonMarks(page)
    flaws: list[tuple[str, str, str]] = []
    md = engine(flaws, EXTENSIONS, anchors=True)
    marks.join(md)
    try:
        made = md.convert(source)
    except RecursionError:
        page.fault(None, "El texto anida demasiadas listas o citas.", "Aplane las listas.")
        return Rendered(title, "", (), 0, tuple(page.faults))
    for message, remedy, piece in flaws:
        page.fault(page.line_of(piece), message, remedy)
    marks.check_anchors(made)
    body = shown.put_back(clean_lesson(made))
    words = len(WORD.findall(f"{marks.text} {shown.words}"))
    if not words:
        page.fault(None, "El texto está vacío.", "Escriba su contenido.")
    page.faults.sort(key=lambda fault: (fault.file != file, fault.line or 0))
    return Rendered(title, body, tuple(marks.headings), words, tuple(page.faults), frozenset(shown.used))


def too_much(text: str) -> bool:
    """Whether a text would take the machine longer than any lesson should."""
    rows = [line.count("|") for line in text.split("\n") if "|" in line] if "|" in text else []
    return (len(text) > LONGEST or len(rows) > MOST_ROWS or max(rows, default=0) > MOST_COLUMNS or too_deep(text)
            or len(HEADING.findall(text)) > MOST_HEADINGS
            or any(text.count(mark) > most for mark, most in MOST.items()))


class _Shown:
    """The figures and videos of a text: taken out before Markdown, put back after the cleaning."""

    def __init__(self, page: Manuscript, files: Mapping[str, bytes]) -> None:
        self.page, self.files = page, files
        self.blocks: list[str] = []
        self.used: set[str] = set()
        self.words = ""

    def taken_out(self) -> str:
        lines = list(self.page.lines)
        for at, indent, text in paragraphs(lines):
            made = None
            if text.startswith("![") and text.endswith(")"):
                made = self.figure(text, at)
            elif text.startswith("[video:") and text.endswith(")"):
                made = self.video(text, at)
            if made is not None:
                end = at
                while end < len(lines) and lines[end].strip():
                    lines[end] = ""
                    end += 1
                lines[at] = indent + PLACE.format(len(self.blocks))
                self.blocks.append(made)
        return "\n".join(lines)

    def put_back(self, html: str) -> str:
        return re.sub(r"<p>\ue000(\d+)\ue000</p>|\ue000(\d+)\ue000", lambda m: self.blocks[int(m[1] or m[2])], html)

    def figure(self, text: str, at: int) -> str:
        alternative, _, rest = text[2:-1].rpartition("](")
        path, _, caption = rest.strip().partition(" ")
        caption = caption.strip().strip('"').strip()
        alternative = " ".join(alternative.split())
        number = len(self.blocks) + 1
        if not alternative:
            self.page.fault(at, f"La figura {path} no tiene texto alternativo.",
                            "Escriba entre los corchetes todo lo que la figura dice.")
        file = normpath(f"{dirname(self.page.file)}/{path}").lstrip("/")
        if file not in self.files or not file.endswith(".svg"):
            self.page.fault(at, f"No existe la figura {path}.", "Revise el nombre, o agregue el archivo .svg.")
            return ""
        self.used.add(file)
        drawn = figures.read(self.files[file], file, number, alternative)
        self.page.faults.extend(drawn.faults)
        label = re.match(r"Figura \d+", caption)
        name = self.page.unique(label[0] if label else f"Figura {number}")
        words, flaws = inline_checked(caption)
        for flaw in flaws:
            self.page.fault(at, *flaw)
        self.words += f" {caption}"
        under = f"<figcaption>{words}</figcaption>" if caption else ""
        return (f'<figure class="sheet"><div class="scroll fig" tabindex="0" role="region" aria-label="{escape(name)}">'
                f"{drawn.markup}</div>{under}</figure>")

    def video(self, text: str, at: int) -> str | None:
        said, _, address = text[len("[video:"):-1].rpartition("](")
        if not address.startswith("https://") or not is_link(address):
            self.page.fault(at, "El video no lleva a una dirección https://.",
                            "Escriba [video: Título, 12 min](https://…) en un párrafo propio.")
            return None
        title, _, length = said.strip().rpartition(", ")
        if not re.fullmatch(r"\d+ (?:min|h)\.?(?: \d+ min\.?)?", length):
            title, length = said.strip(), ""
        place = address.split("/")[2]
        self.words += f" {title}"
        return clean_lesson(
            f'<div class="sheet stack stack-s"><p><a href="{escape(address)}" rel="{ABROAD}"><b>Video: '
            f'{escape(title)}</b></a></p><p class="mute small">{escape(length + " · " if length else "")}'
            f"Se abre en {escape(place)}</p></div>")
