"""One <question> of Moodle's XML while it is read: its texts, numbers and files, and what there is to tell of it."""

import base64
import binascii
import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from urllib.parse import unquote

from lxml import etree

from lms.catalogue.cleaning import clean_block, clean_inline, dropped, loses
from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.formats.texts import absorbed
from lms.catalogue.markup import prose_checked
from lms.catalogue.media import Album
from lms.catalogue.notation import lined, share_of
from lms.catalogue.rules import Body, Media, Option

NUMBER = re.compile(r"\s*[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,2})?\s*")
PLUGINFILE = re.compile(r"""@@PLUGINFILE@@/([^"'<>\s?]{1,400})(?:\?[^"'<>\s]{0,200})?""")
LOST = ("Una imagen, un sonido o un video de esta pregunta no está en el archivo o no se puede mostrar.",
        "Agregue el archivo en Moodle y exporte de nuevo, o póngalo aquí.")
STYLED = re.compile(r"<[^<>]{0,500}\s(?:style|color|bgcolor)\s*=|<font\b", re.IGNORECASE)
YES = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Taken:
    """What a type understood of its question."""
    kind: str
    options: tuple[Option, ...] = ()
    numbers: tuple[tuple[Decimal, Decimal, Fraction], ...] = ()
    body: Body | None = None
    text: str | None = None         # instead of the question's text
    shuffle: bool | None = None     # instead of what the element says


class Reading:
    """An element and what to tell. Nothing here raises on what a file may say."""

    def __init__(self, element: etree._Element, album: Album) -> None:
        self.element, self.album = element, album
        self.notices: list[Notice] = []
        self.lost = self.styled = False
        self.gone: list[str] = []

    def tell(self, grade: Grade, message: str, remedy: str, at: etree._Element | None = None) -> None:
        where = self.element if at is None else at
        tag = f": <{str(where.tag)[:40]}>" if at is not None else ""
        self.notices.append(Notice(grade, f"línea {where.sourceline}{tag}", message, remedy))

    def fault(self, message: str, remedy: str, at: etree._Element | None = None) -> None:
        self.tell(Grade.FAULT, message, remedy, at)

    def all(self, name: str, of: etree._Element | None = None) -> list[etree._Element]:
        return (self.element if of is None else of).findall(name)

    def raw(self, name: str, of: etree._Element | None = None, usual: str = "") -> str:
        """The words of a child, which may stand in its <text>; outer spaces gone."""
        found = (self.element if of is None else of).find(name)
        return usual if found is None else source(found).strip()

    def has(self, name: str, of: etree._Element | None = None) -> bool:
        return (self.element if of is None else of).find(name) is not None

    def flag(self, name: str, usual: bool = False, of: etree._Element | None = None) -> bool:
        """<name>1</name>; an empty element says it by being there."""
        found = (self.element if of is None else of).find(name)
        return usual if found is None else source(found).strip().lower() in YES or not source(found).strip()

    def whole(self, name: str, usual: int, least: int = 0, most: int = 100_000,
              of: etree._Element | None = None) -> int:
        said = self.raw(name, of)
        number = decimal(said)
        return usual if number is None else int(min(max(number, Decimal(least)), Decimal(most)))

    def share(self, element: etree._Element) -> Fraction | None:
        """The fraction of an <answer>, 0 when it says none; None, told, when it is no share."""
        said = str(element.get("fraction") or "").strip() or self.raw("fraction", element) or "0"
        number = decimal(said)
        if number is None or abs(number) > 100:
            self.fault(f"«{said[:20]}» no es un peso.", "Escriba un número de -100 a 100 en fraction.", element)
            return None
        return share_of(f"{number:f}")

    def html(self, element: etree._Element | None, inline: bool = False) -> str:
        """Safe HTML of an element's text in its format, its files kept and its images pointing at them."""
        if element is None:
            return ""
        form = str(element.get("format") or "html")
        text = self.with_files(element, source(element).strip())
        if form == "plain_text":
            return clean_inline(entities.escape(text, False).replace("\n", "<br>"))
        if form == "markdown":
            made, flaws = prose_checked(text)
            for flaw in flaws:
                self.tell(Grade.CHANGED, *flaw, element)
            return clean_inline(made) if inline else made
        return self.cleaned(lined(text) if form == "moodle_auto_format" else text, inline)

    def cleaned(self, text: str, inline: bool = False) -> str:
        """Safe HTML; what does not come through is told once a question."""
        made = clean_inline(text) if inline else clean_block(text)
        if not self.lost and loses(text, made):
            self.lost = True
            self.tell(Grade.UNSUPPORTED, *LOST)
        if "<" in text and (gone := [tag for tag in dropped(text) if tag not in self.gone]):
            self.gone += gone
            names = ", ".join(f"<{tag}>" for tag in gone)
            self.tell(Grade.CHANGED, f"Se quitó lo que aquí no se muestra: {names[:200]}.",
                      "Revise que su texto se entienda sin eso.")
        self.styled = self.styled or STYLED.search(text) is not None
        return made

    def with_files(self, element: etree._Element, text: str) -> str:
        """The text with its @@PLUGINFILE@@ addresses, and those of data:, leading to the album."""
        files = {unquote(str(f.get("path") or "/") + str(f.get("name") or "")).lstrip("/"): f
                 for f in element.findall("file")}
        kept: dict[str, str] = {}
        for name, file in files.items():
            media = self.file(file)
            if media:
                kept[name] = media.path
        text, troubles = absorbed(text, self.album)
        for _, message, remedy in troubles:
            self.tell(Grade.UNSUPPORTED, message, remedy, element)
        return PLUGINFILE.sub(lambda m: kept.get(unquote(entities.unescape(m[1])), m[0]), text)

    def file(self, element: etree._Element, name: str = "") -> Media | None:
        """A <file> of the question, in the album; None, told, when it can not be kept."""
        name = name or str(element.get("name") or "archivo")
        try:
            said = re.sub(r"\s", "", element.text or "")
            content = base64.b64decode(said.partition(";base64,")[2] or said, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        media = self.album.keep(name, content)
        if isinstance(media, str):
            self.tell(Grade.UNSUPPORTED, f"El archivo «{name[:60]}» {media}.",
                      "Guárdelo como png, jpg, gif, webp o svg.", element)
            return None
        return media

    def answers(self, name: str = "answer") -> Iterator[tuple[etree._Element, Fraction | None, str]]:
        """Each answer with its share and its feedback."""
        for element in self.all(name):
            yield element, self.share(element), self.html(element.find("feedback"))


def source(element: etree._Element) -> str:
    """The characters of an element or of its <text>, as they stand."""
    inner = element.find("text")
    return (element if inner is None else inner).text or ""


def decimal(said: str) -> Decimal | None:
    return Decimal(said.strip()) if NUMBER.fullmatch(said) else None
