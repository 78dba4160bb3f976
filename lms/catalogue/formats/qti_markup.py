"""Parts of QTI files as they are written: safe HTML as XML, files beside it, numbers, names of QTI 3."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from lxml import etree, html

from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.formats.qti_tree import LOWER, Element
from lms.catalogue.media import ADDRESS
from lms.catalogue.rules import Question

XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")     # what XML may not hold
CAPITAL = re.compile(r"([A-Z])")
PLAIN = frozenset("a abbr audio b blockquote br caption code del div em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s small "
                  "span strong sub sup table tbody td th thead tr u ul video source".split())


class Files:
    """The files of a package that is being written: those of its questions beside its XML."""

    def __init__(self, media: Mapping[str, bytes], questions: Sequence[Question], prefix: str) -> None:
        self.media, self.prefix = media, prefix
        self.names = {m.sha256: m.name for q in questions for m in q.media}
        self.used: dict[str, bytes] = {}
        self.notices: list[Notice] = []

    def address(self, sha: str, kind: str) -> str:
        """Where a file lies in the package: "media/ab12…/nombre.png"."""
        path = f"media/{sha[:12]}/{self.names.get(sha, f'archivo.{kind}')}"
        if sha in self.media:
            self.used[path] = self.media[sha]
        else:
            notice = Notice(Grade.CHANGED, "", f"El archivo {sha[:12]}….{kind} de una pregunta no está a mano.",
                            "Súbalo otra vez a la pregunta.")
            self.notices += [notice] if notice not in self.notices else []
        return self.prefix + path

    def raw(self, text: str) -> str:
        """HTML with our addresses of files as those of the package."""
        return ADDRESS.sub(lambda m: html_escape(self.address(m[1], m[2])), clean(text))

    def put(self, parent: Element, text: str) -> Element:
        """Safe HTML as the content of an element."""
        raw = self.raw(text)
        if "<" not in raw and "&" not in raw:
            parent.text = raw
            return parent
        found = html.fragment_fromstring(raw, create_parent="div")
        parent.text = found.text
        for one in list(found):
            parent.append(one)
        return parent


def html_escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def clean(text: str) -> str:
    return XML.sub("", text)


def add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    made = etree.SubElement(parent, tag, {key: clean(value) for key, value in attributes.items()})
    if text:
        made.text = clean(text)
    return made


def figure(value: Fraction) -> str:
    """A number as XML writes it: as many decimals as bring it back."""
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.12f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def as_qti3(root: Element) -> None:
    """Rename what was written with the names of 2.x to those of 3."""
    for element in root.iter():
        name = str(element.tag)
        if name in PLAIN and name not in LOWER:
            continue
        element.tag = "qti-" + _kebab(name)
        for key, value in list(element.attrib.items()):
            short = _kebab(str(key))
            if short != key and ":" not in str(key):
                del element.attrib[key]
                element.set(short, value)


def _kebab(name: str) -> str:
    return CAPITAL.sub(lambda m: "-" + m[1].lower(), name)


def serialised(root: Element, space: str) -> bytes:
    """The file, all its elements in one namespace."""
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    name = str(root.tag).encode()
    return content.replace(b"<" + name, b"<" + name + b' xmlns="' + space.encode() + b'"', 1)


def identifier(text: str, number: int) -> str:
    """A valid XML identifier that comes from an id."""
    made = re.sub(r"[^A-Za-z0-9_.-]", "_", text)[:60]
    return made if re.match(r"[A-Za-z_]", made) and made == text else f"q{number}-{made}"[:70]
