"""The parts of the look a lesson is made of: headings, callouts, tables and notes, made from plain Markdown."""

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor

from lms.catalogue.manuscript import CALLOUTS, Manuscript
from lms.catalogue.rules import Heading

CAPTION = re.compile(r"Tabla \d+")
ROW_NAME = 60                   # characters: a longer first cell is text, not the name of its row
PLACEHOLDER = re.compile("\x02[^\x03]*\x03")


class LessonMarks(Treeprocessor):
    """Runs after all of Markdown's own steps, on the whole tree."""

    def __init__(self, page: Manuscript) -> None:
        super().__init__()
        self.page = page
        self.headings: list[Heading] = []
        self.ids: set[str] = set()
        self.text = ""
        self.tables = 0
        self.level = 1

    def footnotes(self) -> FootnoteExtension:
        return FootnoteExtension(USE_DEFINITION_ORDER=False)

    def join(self, md: Markdown) -> None:
        md.treeprocessors.register(self, "lesson", -5)

    def run(self, root: etree.Element) -> None:
        self._walk(root)
        self._notes(root)
        self.text = _plain(root)

    def check_anchors(self, html: str) -> None:
        """Links to a place in this page that is not there."""
        ids = set(re.findall(r'\bid="([^"]+)"', html))
        for target in re.findall(r'href="#([^"]*)"', html):
            if target not in ids:
                self.page.fault(self.page.line_of(f"#{target}"), f"El enlace #{target} no lleva a ninguna parte.",
                                f"Use el nombre de un subtítulo: {', '.join(h.id for h in self.headings[:3]) or 'no hay'}.")

    def _walk(self, parent: etree.Element) -> None:
        for child in list(parent):
            if re.fullmatch("h[1-6]", child.tag):
                self._heading(child)
            elif child.tag == "table":
                self._table(parent, child)
            elif child.tag == "div" and "admonition" in child.get("class", ""):
                self._callout(child)
            if child.tag in ("div", "aside", "blockquote", "ol", "ul", "li"):
                self._walk(child)

    def _heading(self, heading: etree.Element) -> None:
        level, text = int(heading.tag[1]), _plain(heading)
        at = self.page.line_of_heading(text)
        if not text:
            self.page.fault(at, "Hay un subtítulo vacío.", "Escriba su texto o quite los #.")
        elif level == 1:
            self.page.fault(at, f"«{text[:40]}» es otro título de nivel 1.", "Use ## para los subtítulos.")
        elif level > self.level + 1:
            self.page.fault(at, f"«{text[:40]}» salta del nivel {self.level} al {level}.", f"Use {'#' * (self.level + 1)}.")
        self.level = level = max(level, 2)
        heading.tag = f"h{level}"
        slug = f"u-{slugify(text, '-')[:60].strip('-') or 'parte'}"     # u-: never the name of a part of the page
        if slug in self.ids:
            slug = f"{slug}--{len(self.headings) + 1}"                  # slugs have no double hyphen
        self.ids.add(slug)
        heading.set("id", slug)
        self.headings.append(Heading(slug, text))

    def _callout(self, box: etree.Element) -> None:
        kind = box.get("class", "").split()[1:2]
        box.tag = "aside"
        box.attrib.clear()
        box.set("class", "callout stack stack-s")
        if not len(box) or box[0].get("class") != "admonition-title":
            box.insert(0, etree.Element("p"))
        title = box[0]
        title.tag = "b"
        title.attrib.clear()
        said = _plain(title)
        if not said or said == kind[0].capitalize():
            title.clear()
            title.text = said = CALLOUTS.get(kind[0], CALLOUTS["nota"])
        box.set("aria-label", self.page.unique(said))

    def _table(self, parent: etree.Element, table: etree.Element) -> None:
        self.tables += 1
        at = list(parent).index(table)
        above = parent[at - 1] if at else None
        name = f"Tabla {self.tables}"
        if above is not None and above.tag == "p" and CAPTION.match(_plain(above)):
            name = _plain(above)
            parent.remove(above)
            above.tag, above.tail = "caption", None
            table.insert(0, above)
            at -= 1
        table.set("class", "table")
        _head_cells(table)
        region = etree.Element("div", {"class": "scroll", "tabindex": "0", "role": "region",
                                       "aria-label": self.page.unique(name)})
        region.tail, table.tail = table.tail, None
        parent.remove(table)
        region.append(table)
        parent.insert(at, region)

    def _notes(self, root: etree.Element) -> None:
        notes = next((d for d in root.iter("div") if d.get("class") == "footnote"), None)
        if notes is None:
            return
        numbers: dict[str, int] = {}
        for n, item in enumerate(notes.iter("li"), start=1):
            if (name := item.get("id", "")).startswith("fn:"):
                numbers[name] = len(numbers) + 1
                item.set("id", f"n{numbers[name]}")
        _references(root, numbers)
        notes.tag = "section"
        notes.attrib.clear()
        notes.set("class", "notes")
        notes.set("aria-label", self.page.unique("Notas"))
        for rule in notes.findall("hr"):
            notes.remove(rule)
        for item in notes.iter("li"):
            paragraphs = list(item)
            if len(paragraphs) == 1 and paragraphs[0].tag == "p":
                item.text, item[:] = paragraphs[0].text, list(paragraphs[0])


def _references(root: etree.Element, numbers: dict[str, int]) -> None:
    """The marks in the text and the ways back, in the look's markup: one way back for each time a note is cited."""
    for mark in [s for s in root.iter("sup") if s.get("id", "").startswith("fnref")]:
        number = numbers.get(mark[0].get("href", "")[1:], 0)
        again = re.match(r"fnref(\d*):", mark.get("id", ""))
        suffix = f"-{again[1]}" if again and again[1] else ""
        mark.remove(mark[0])
        mark.tag, mark.text = "a", str(number)
        mark.attrib.clear()
        mark.attrib.update({"class": "fn", "id": f"r{number}{suffix}", "href": f"#n{number}",
                            "aria-label": f"Nota {number}"})
    for back in [a for a in root.iter("a") if a.get("class") == "footnote-backref"]:
        again = re.match(r"#fnref(\d*):(.*)", back.get("href", ""))
        number = numbers.get(f"fn:{again[2]}", 0) if again else 0
        suffix = f"-{again[1]}" if again and again[1] else ""
        back.attrib.clear()
        back.text = "↩"
        words = f"Volver al texto, nota {number}" + (f", cita {suffix[1:]}" if suffix else "")
        back.attrib.update({"href": f"#r{number}{suffix}", "aria-label": words})


def _head_cells(table: etree.Element) -> None:
    """Column heads, and the first column as names of the rows where it reads like names; numbers to the right."""
    rows = [list(row) for row in table.iter("tr")]
    first = [_plain(row[0]) for row in rows[1:] if row]
    named = bool(first) and all(0 < len(text) <= ROW_NAME for text in first) and len(rows[0]) > 1
    for n, row in enumerate(rows):
        for column, cell in enumerate(row):
            side = re.search(r"right", cell.attrib.pop("style", ""))
            if side:
                cell.set("class", "n")
            if n == 0 and not _plain(cell):
                cell.tag = "td"
            elif n == 0 or (named and column == 0):
                cell.tag = "th"
                cell.set("scope", "col" if n == 0 else "row")


def _plain(element: etree.Element) -> str:
    return " ".join(PLACEHOLDER.sub(" ", "".join(element.itertext())).split())
