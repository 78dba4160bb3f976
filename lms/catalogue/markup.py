"""Markdown as our authors may write it: no raw HTML, no strange links, and every refusal told."""

import html
import re
import xml.etree.ElementTree as etree
from threading import Lock

from markdown import Markdown
from markdown.inlinepatterns import HTML_RE, InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from lms.catalogue.cleaning import ABROAD, MEDIA, clean_block, clean_inline, is_link

Flaw = tuple[str, str, str]             # what is wrong, what to do, a piece of the source to find its line by
LONGEST_INLINE = 20_000                 # characters of a question's text
BRACKETS = 200                          # "[" in one paragraph: the engine's time grows with their square (5 000: 2.5 s)
DEEP = re.compile(r"^[ \t]*(?:(?:[-+*>]|\d+[.)])[ \t]*){12,}", re.MULTILINE)    # "- - - - …" recurses once a mark

BLOCKS = ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference")

RAW = ("Hay HTML suelto: «{}».", "Use Markdown; para escribir < como texto, ponga &lt;.")
LINK = ("El enlace «{}» no se acepta.", "Use una dirección completa que empiece con https://.")
IMAGE = ("Hay una imagen dentro del texto: «{}».", "Póngala sola en su párrafo: ![lo que dice](figures/nombre.svg).")
NESTED = ("El texto anida demasiadas listas, citas o corchetes.", "Divida el párrafo o escape los signos con \\.")


class _Told(InlineProcessor):
    """Raw HTML becomes the text it is written as, and is told."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__(HTML_RE)
        self.flaws = flaws

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        said = m.group(1)
        self.flaws.append((RAW[0].format(said[:60]), RAW[1], said.partition("\n")[0]))
        return AtomicString(said), m.start(0), m.end(0)


class _Entity(InlineProcessor):
    """&nbsp; and its like are the character itself, so that later steps see plain text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        return AtomicString(html.unescape(m.group(0))), m.start(0), m.end(0)


class _Mail(InlineProcessor):
    """<a@b.cl> is a link to write to."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]
        link = etree.Element("a", href=f"mailto:{m.group(1)}")
        link.text = AtomicString(m.group(1))
        return link, m.start(0), m.end(0)


class _Links(Treeprocessor):
    """Links that lead nowhere we accept lose their address; images have no place inside a text."""

    def __init__(self, md: Markdown, flaws: list[Flaw], anchors: bool) -> None:
        super().__init__(md)
        self.flaws, self.anchors = flaws, anchors

    def run(self, root: etree.Element) -> None:
        for link in root.iter("a"):
            address = html.unescape(link.get("href", "")).strip()
            link.attrib.pop("title", None)
            if is_link(address):
                link.set("href", address)
                link.set("rel", ABROAD)
            elif not (self.anchors and address.startswith("#")):
                self.flaws.append((LINK[0].format(address[:60]), LINK[1], link.attrib.pop("href", "")))
        for image in list(root.iter("img")):
            said = image.get("alt", "")
            if not self.anchors and MEDIA.fullmatch(image.get("src", "")):
                image.attrib.pop("title", None)
                continue
            self.flaws.append((IMAGE[0].format(said[:60]), IMAGE[1], image.get("src", "")))
            image.attrib.clear()
            image.tag, image.text = "em", AtomicString(said)


def engine(flaws: list[Flaw], extensions: list[str], anchors: bool = False) -> Markdown:
    """A Markdown reader that refuses what may not be shown and tells it in `flaws`."""
    md = Markdown(extensions=extensions)
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.register(_Told(flaws), "html", 90)
    md.inlinePatterns.register(_Entity(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});"), "entity", 80)
    md.inlinePatterns.register(_Mail(r"<([\w.+-]{1,64}@[\w.-]{1,100})>"), "automail", 110)
    md.treeprocessors.register(_Links(md, flaws, anchors), "links", 18)
    return md


def too_deep(text: str) -> bool:
    """Whether a text would keep the engine busy for long, or make it recurse without end."""
    return bool(DEEP.search(text)) or any(p.count("[") > BRACKETS for p in re.split(r"\n\s*\n", text))


class _Short:
    """An engine kept for short texts: building one takes a millisecond, and a quiz has a hundred texts."""

    def __init__(self, blocks: bool) -> None:
        self.flaws: list[Flaw] = []
        self.lock = Lock()
        self.md = engine(self.flaws, ["sane_lists"] if blocks else [])
        if not blocks:
            for name in BLOCKS:
                self.md.parser.blockprocessors.deregister(name)

    def convert(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        if len(text) > LONGEST_INLINE or too_deep(text):
            return html.escape(text[:LONGEST_INLINE], False), [NESTED]
        with self.lock:
            self.flaws.clear()
            try:
                made = self.md.reset().convert(text)
            except RecursionError:
                return html.escape(text, False), [NESTED]
            return made, [(message, remedy) for message, remedy, _ in self.flaws]


INLINE, PROSE = _Short(blocks=False), _Short(blocks=True)


def inline_checked(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Safe HTML of short Markdown, only words: "1. Roma" is not a list. With what had to be refused."""
    made, flaws = INLINE.convert(re.sub(r"\n\s*\n", "\n", text.strip()))
    return clean_inline(" ".join(filter(None, map(str.strip, made.split("\n"))))), flaws


def prose_checked(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Safe HTML of Markdown with lists and paragraphs, for a text that asks for it."""
    made, flaws = PROSE.convert(text.strip())
    return clean_block(made), flaws
