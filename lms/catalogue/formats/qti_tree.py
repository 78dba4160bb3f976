"""QTI 2.x and 3 elements under one set of names, those of 2.x: `qti-choice-interaction` is `choiceInteraction`."""

import html
import re
from collections.abc import Iterator
from fractions import Fraction

from lxml import etree

Element = etree._Element
LOWER = frozenset("""and or not sum product subtract divide power mod truncate round random match member contains delete
    index ordered multiple variable default correct null equal gt lt gte lte inside substring max min gcd lcm repeat gap
    prompt hottext value mapping product stylesheet include math record""".split())
HOLDERS = ("item", "assessmentItem", "assessmentTest", "assessment")
WORD = re.compile(r"-([a-z0-9])")
NUMBER = re.compile(r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,2})?")


def local(element: Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def unified(root: Element) -> str:
    """Rename all elements in place; "3" if they were those of QTI 3, else "2"."""
    version = "3" if local(root).startswith("qti-") else "2"
    for element in root.iter():
        name = local(element)
        if name.startswith("qti-"):
            element.tag = _camel(name[4:])
            for key, value in list(element.attrib.items()):
                if "-" in str(key) and not str(key).startswith(("data-", "aria-", "{")):
                    del element.attrib[key]
                    element.set(_camel(str(key)), value)
        elif name:
            element.tag = name
    return version


def _camel(name: str) -> str:
    return WORD.sub(lambda m: m[1].upper(), name)


def path_of(element: Element, version: str) -> str:
    """Where an element stands, in the names its file uses: "/assessmentItem/itemBody/p[2]"."""
    path = element.getroottree().getpath(element)
    if version != "3":
        return path
    return "/".join(_kebab(step) for step in path.split("/"))


def place_of(file: str, element: Element, version: str) -> str:
    """Where an element stands, for people: file, line, item and path."""
    item = next((e for e in (element, *element.iterancestors()) if e.tag in HOLDERS), None)
    ident = (attribute(item, "ident") or attribute(item, "identifier")) if item is not None else ""
    line = f"línea {element.sourceline}" if element.sourceline else ""
    return ": ".join(filter(None, (file, line, f"«{ident[:60]}»" if ident else "", path_of(element, version))))


def _kebab(step: str) -> str:
    name, bracket, rest = step.partition("[")
    if not name or not (name in LOWER or any(c.isupper() for c in name)):
        return step
    return "qti-" + re.sub(r"([A-Z])", lambda m: "-" + m[1].lower(), name) + bracket + rest


def attribute(element: Element, name: str, otherwise: str = "") -> str:
    return str(element.get(name, otherwise)).strip()


def children(element: Element | None, *names: str) -> list[Element]:
    """The elements directly inside, of these names or all."""
    return [] if element is None else [e for e in element if isinstance(e.tag, str) and (not names or e.tag in names)]


def child(element: Element | None, *names: str) -> Element | None:
    return next(iter(children(element, *names)), None)


def below(element: Element, *names: str) -> Iterator[Element]:
    """Every element inside of these names, in the order of the file."""
    return element.iterdescendants(*names)


def words(element: Element | None) -> str:
    """The text inside an element, in one line."""
    return " ".join("".join(str(t) for t in element.itertext()).split()) if element is not None else ""


def inner(element: Element) -> str:
    """What stands inside an element, as HTML not yet clean."""
    found = [html.escape(element.text or "", False)]
    for inside in element:
        found.append(str(etree.tostring(inside, encoding="unicode", method="html", with_tail=False)))
        found.append(html.escape(inside.tail or "", False))
    return "".join(found)


def number(text: str | None) -> Fraction | None:
    """A number as XML writes it; None for anything else, and for what is too large to reckon with."""
    found = (text or "").strip()
    return Fraction(found) if NUMBER.fullmatch(found) else None


def flag(element: Element, name: str, otherwise: bool = False) -> bool:
    said = attribute(element, name).lower()
    return said in ("true", "1", "yes") if said else otherwise
