"""Figures: an author's SVG, let through an allow-list of shapes and text so that it takes the page's colours."""

import re
from dataclasses import dataclass
from html import escape

from lxml import etree

from lms.catalogue.rules import Fault

BIGGEST, MOST, DEEPEST = 200_000, 3_000, 20         # bytes, elements, levels
SHAPES = frozenset("g title desc path rect circle ellipse line polyline polygon text tspan".split())
CLASSES = frozenset("box alt faint bar line strong dash small b".split())
NUMBERS = re.compile(r"[-+0-9.eE, \t\n]{1,20000}")
PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9.,eE+\s-]{1,60000}")
MOVES = re.compile(r"(?:(?:translate|rotate|scale|matrix|skewX|skewY)\([-+0-9.eE, ]{1,100}\)[ ,]*){1,20}")
ATTRIBUTES = {
    **dict.fromkeys("x y width height rx ry cx cy r points x1 y1 x2 y2 dx dy viewBox".split(), NUMBERS),
    "d": PATH, "transform": MOVES, "text-anchor": re.compile("start|middle|end"),
    "id": re.compile(r"[A-Za-z][\w-]{0,60}"),
}
IGNORED = frozenset({"role", "aria-labelledby", "aria-label", "version"})       # on the root: we write our own
NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Figure:
    markup: str
    faults: tuple[Fault, ...]


class _Drawing:
    """One file on its way through the list."""

    def __init__(self, file: str, prefix: str) -> None:
        self.file, self.prefix = file, prefix
        self.faults: list[Fault] = []
        self.elements = 0

    def refuse(self, line: int | None, message: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, line, message, remedy))

    def attributes(self, element: etree._Element, name: str) -> str:
        kept = []
        for key, value in element.attrib.items():
            key, value = str(key), str(value).strip()
            if name == "svg" and key in IGNORED:
                continue
            if key == "class":
                kept.append(self.classes(element, value))
            elif key not in ATTRIBUTES or (name == "svg") != (key == "viewBox"):
                self.refuse(element.sourceline, f"El atributo «{key}» de <{name}> no se acepta.",
                            "Quítelo: los colores, tamaños de letra y trazos los ponen las clases.")
            elif not ATTRIBUTES[key].fullmatch(value):
                self.refuse(element.sourceline, f"El valor de «{key}» en <{name}> no es geometría.",
                            "Use números, o solo las órdenes de un trazo.")
            else:
                kept.append(f' {key}="{escape(self.prefix + value if key == "id" else value)}"')
        return "".join(kept)

    def classes(self, element: etree._Element, value: str) -> str:
        known = [name for name in value.split() if name in CLASSES]
        for name in value.split():
            if name not in CLASSES:
                self.refuse(element.sourceline, f"La clase «{name}» no existe.", f"Use: {', '.join(sorted(CLASSES))}.")
        return f' class="{" ".join(known)}"' if known else ""

    def children(self, element: etree._Element, depth: int) -> str:
        words = str(element.tag).removeprefix(NAMESPACE) in ("text", "tspan", "title", "desc")
        parts = [escape(element.text or "", False) if words else ""]
        for child in element:
            parts.append(self.element(child, depth + 1))
            parts.append(escape(child.tail or "", False) if words else "")
        return "".join(parts)

    def element(self, element: etree._Element, depth: int) -> str:
        if not isinstance(element.tag, str):                        # comments and instructions
            return ""
        name = element.tag.removeprefix(NAMESPACE)
        self.elements += 1
        if name not in SHAPES or depth > DEEPEST or self.elements > MOST:
            if self.elements == MOST + 1 or name not in SHAPES or depth == DEEPEST + 1:
                self.refuse(element.sourceline, f"El elemento <{name}> no se acepta aquí.",
                            "Dibuje con formas y textos, sin anidar demasiado.")
            return ""
        return f"<{name}{self.attributes(element, name)}>{self.children(element, depth)}</{name}>"


def read(content: bytes, file: str, number: int, alternative: str) -> Figure:
    """An SVG file as markup to put in a page, named by its text alternative; `number` keeps its ids apart."""
    drawing = _Drawing(file, f"f{number}-")
    root = _root(content, drawing)
    if root is None:
        return Figure("", tuple(drawing.faults))
    size = str(root.get("viewBox", "")).strip()
    if not re.fullmatch(r"-?[\d.]+(?:[ ,]+-?[\d.]+){3}", size):
        drawing.refuse(root.sourceline, "La figura no dice su tamaño.", 'Ponga viewBox="0 0 640 360" en <svg>.')
    drawing.attributes(root, "svg")                                 # only for what it refuses
    for child in [c for c in root if c.tag in (f"{NAMESPACE}title", f"{NAMESPACE}desc", "title", "desc")]:
        root.remove(child)                                          # the text alternative says it all
    name = f"f{number}t"
    return Figure(f'<svg viewBox="{escape(size)}" role="img" aria-labelledby="{name}">'
                  f'<title id="{name}">{escape(alternative, False)}</title>{drawing.children(root, 0)}</svg>',
                  tuple(drawing.faults))


def _root(content: bytes, drawing: _Drawing) -> etree._Element | None:
    """The <svg>, read with no entities, no network and no doctype."""
    if len(content) > BIGGEST:
        drawing.refuse(None, f"La figura pesa {len(content) // 1000} kB.", f"Deje menos de {BIGGEST // 1000} kB.")
        return None
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        drawing.refuse(1, "La figura trae DOCTYPE o entidades.", "Quítelos: empiece en <svg …>.")
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else 1
        drawing.refuse(line, "La figura no es XML bien formado.", f"Corrija: {str(error).partition(', line')[0]}.")
        return None
    if root.tag not in (f"{NAMESPACE}svg", "svg"):
        drawing.refuse(root.sourceline, "La figura no empieza en <svg>.", "Ponga <svg viewBox=…> como raíz.")
        return None
    return root
