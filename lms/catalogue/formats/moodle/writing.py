"""Moodle's XML while it is written: elements with their texts, the files a text shows beside it."""

import base64
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from urllib.parse import quote

from lxml import etree

from lms.catalogue.media import ADDRESS
from lms.catalogue.notation import percent_of
from lms.catalogue.rules import Media, Question

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Writing:
    """One question on its way into an element."""

    def __init__(self, question: Question, element: etree._Element, media: Mapping[str, bytes]) -> None:
        self.q, self.element, self.media = question, element, media
        self.files = {m.sha256: m for m in question.media}
        self.missing: list[Media] = []

    def add(self, name: str, said: object = "", of: etree._Element | None = None) -> etree._Element:
        """<name>said</name>."""
        made = etree.SubElement(self.element if of is None else of, name)
        if said != "":
            made.text = writable(str(said))
        return made

    def flag(self, name: str, said: bool, of: etree._Element | None = None) -> None:
        self.add(name, int(said), of)

    def words(self, name: str, said: str, of: etree._Element | None = None) -> etree._Element:
        """<name><text>said</text></name>."""
        made = self.add(name, of=of)
        self.add("text", said, made)
        return made

    def html(self, name: str, said: str, of: etree._Element | None = None) -> etree._Element:
        """<name format="html"><text>…</text><file …></name>."""
        made = self.add(name, of=of)
        self.fill(made, said)
        return made

    def fill(self, made: etree._Element, said: str) -> None:
        made.set("format", "html")
        shown: dict[str, str] = {}

        def beside(found: re.Match[str]) -> str:
            if found[1] not in self.media:
                self.missing += [self.files[found[1]]] if found[1] in self.files else []
                return found[0]
            name = self.name_of(found[1], found[2])
            shown[found[1]] = name
            return f"@@PLUGINFILE@@/{quote(name, safe='()')}"

        text = self.add("text", of=made)
        said = ADDRESS.sub(beside, said)
        said = writable(said)
        text.text = etree.CDATA(said) if re.search("[<&]", said) and "]]>" not in said else said
        for sha256, name in shown.items():
            self.file(sha256, name, made)

    def name_of(self, sha256: str, kind: str) -> str:
        """The file's name; one that another file of the question has too is told apart by its digest."""
        name = self.files[sha256].name if sha256 in self.files else f"{sha256[:12]}.{kind}"
        same = sum(m.name == name for m in self.files.values())
        return f"{name.rpartition('.')[0]}-{sha256[:6]}.{kind}" if same > 1 else name

    def file(self, sha256: str, name: str, of: etree._Element | None = None) -> None:
        content = self.media.get(sha256)
        if content is None:
            if sha256 in self.files:
                self.missing.append(self.files[sha256])
            return
        made = self.add("file", base64.b64encode(content).decode(), of)
        made.set("name", name)
        made.set("path", "/")
        made.set("encoding", "base64")

    def answer(self, share: Fraction, name: str = "answer") -> etree._Element:
        made = self.add(name)
        made.set("fraction", percent_of(share))
        return made

    def picture(self, address: str, of: etree._Element | None = None) -> None:
        """The <file> of a picture that is not in a text."""
        if found := ADDRESS.fullmatch(address):
            self.file(found[1], self.name_of(found[1], found[2]), of)


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)


def number(value: Decimal | Fraction) -> str:
    """A number without exponent or trailing zeros: 0.3333333 for 1/3, as Moodle writes it."""
    exact = value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{round(exact, 7):f}" if isinstance(value, Fraction) else f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
