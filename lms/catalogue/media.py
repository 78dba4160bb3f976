"""Files that questions show: which are taken, told by their content, and drawings cleaned of all that could act."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

import filetype
from lxml import etree

from lms.catalogue.rules import Media, Question

TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "svg": "image/svg+xml",
         "pdf": "application/pdf", "mp3": "audio/mpeg", "mp4": "video/mp4"}
ALIASES = {"jpeg": "jpg", "m4v": "mp4", "m4a": "mp4"}
BIGGEST = 20 << 20              # bytes of one file
BIGGEST_DRAWING = 1 << 20
ADDRESS = re.compile(r"/medios/([0-9a-f]{64})\.([a-z0-9]{2,4})")
NAMESPACE = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset("""svg g a title desc defs symbol use path rect circle ellipse line polyline polygon text tspan
    textPath image linearGradient radialGradient stop clipPath mask pattern marker switch view""".split())
INSIDE = re.compile(r"#[\w.:-]{1,200}|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
ACTING = re.compile(r"javascript|expression|@import|url\s*\(\s*[\"']?\s*(?!#)|\\", re.IGNORECASE)


def taken(name: str, content: bytes) -> tuple[Media, bytes] | str:
    """A file as it may be kept, its name with the ending of what it is; or why it is not taken, in Spanish."""
    if not content:
        return "está vacío"
    if len(content) > BIGGEST:
        return f"pesa más de {BIGGEST >> 20} MB"
    kind = _kind(content)
    if kind == "svg":
        drawing = clean_drawing(content)
        if drawing is None:
            return "es un dibujo SVG que no se puede leer sin riesgo"
        content = drawing
    if not kind:
        return "no es de un tipo que se muestre (png, jpg, gif, webp, svg, pdf, mp3 o mp4)"
    stem = re.sub(r"[\x00-\x1f/\\<>\"'&]", "-", name.rpartition("/")[2])
    stem = stem.rpartition(".")[0] or stem or "archivo"
    return Media(f"{stem[:80]}.{kind}", sha256(content).hexdigest(), len(content)), content


def _kind(content: bytes) -> str:
    found = filetype.guess(content[:8192])
    if found is not None:
        kind = ALIASES.get(found.extension, found.extension)
        return kind if kind in TYPES else ""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "svg" if head.startswith(b"<") and b"<svg" in head else ""


def clean_drawing(content: bytes) -> bytes | None:
    """An SVG without scripts, events, foreign content or addresses that lead out; None when it can not be read."""
    if len(content) > BIGGEST_DRAWING or re.search(rb"<!ENTITY", content, re.IGNORECASE):
        return None
    content = re.sub(rb"<!DOCTYPE[^>\[]{0,500}>", b"", content, count=1, flags=re.IGNORECASE)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.tag not in (f"{NAMESPACE}svg", "svg"):
        return None
    for element in list(root.iter()):
        _clean_shape(element)
    etree.cleanup_namespaces(root)
    cleaned: bytes = etree.tostring(root, encoding="utf-8")
    return cleaned


def _clean_shape(element: etree._Element) -> None:
    name = element.tag.removeprefix(NAMESPACE) if isinstance(element.tag, str) else ""
    parent = element.getparent()
    if name not in SHAPES:
        if parent is not None:
            _removed(parent, element)
        return
    for key, value in list(element.attrib.items()):
        short = str(key).rpartition("}")[2].lower()
        leads_out = short == "href" and not INSIDE.fullmatch(str(value).strip())
        if short.startswith("on") or leads_out or ACTING.search(str(value)) or short == "base":
            del element.attrib[key]


def _removed(parent: etree._Element, element: etree._Element) -> None:
    """The element goes; the words after it stay."""
    tail, before = element.tail or "", element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


class Album:
    """The files met while questions are read, each once."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.known: dict[str, Media] = {}

    def keep(self, name: str, content: bytes) -> Media | str:
        """The file as the album has it, or why it is not taken."""
        found = taken(name, content)
        if isinstance(found, str):
            return found
        media, kept = found
        self.contents[media.sha256] = kept
        return self.known.setdefault(media.sha256, media)

    def of(self, question: Question) -> tuple[Media, ...]:
        """The files a question's texts show, in the order of their names."""
        shown = {sha for text in texts_of(question) if "/medios/" in text for sha, _ in ADDRESS.findall(text)}
        return tuple(sorted((self.known[sha] for sha in shown & self.known.keys()), key=lambda m: (m.name, m.sha256)))


def texts_of(value: Any) -> Iterator[str]:
    """Every string in a question, its body and options."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_of(part)
    elif is_dataclass(value) and not isinstance(value, Media):
        for found in fields(value):
            yield from texts_of(getattr(value, found.name))
