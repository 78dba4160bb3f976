"""The parts of the look a lesson is made of: headings, callouts, tables and notes, made from plain Markdown."""

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
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
                names = ", ".join(h.id for h in self.headings[:3]) or "no hay"
                self.page.fault(self.page.line_of(f"#{target}"), f"El enlace #{target} no lleva a ninguna parte.",
                                f"Use el nombre de un subtítulo: {names}.")

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
            self.page.fault(at, f"«{text[:40]}» salta del nivel {self.level} al {level}.",
                            f"Use {'#' * (self.level + 1)}.")
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
        items = {item.get("id", ""): item for item in notes[-1]}
        cited = _cited(root)
        order = [*cited, *(name for name in items if name not in cited)]
        for number, name in enumerate(order, start=1):
            _ways_back(items[name], number, cited.get(name, 0))
        notes[-1][:] = [items[name] for name in order]
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


def _cited(root: etree.Element) -> dict[str, int]:
    """The notes in the order in which the text first cites them (Markdown numbers those in lists last), with how many
    times; each mark takes its number and the look's markup."""
    times: dict[str, int] = {}
    for mark in [s for s in root.iter("sup") if s.get("id", "").startswith("fnref")]:
        name = mark[0].get("href", "")[1:]
        times[name] = times.get(name, 0) + 1
        number = list(times).index(name) + 1
        mark.remove(mark[0])
        mark.tag, mark.text = "a", str(number)
        mark.attrib.clear()
        mark.attrib.update({"class": "fn", "id": _place(number, times[name]), "href": f"#n{number}",
                            "aria-label": f"Nota {number}"})
    return times


def _ways_back(item: etree.Element, number: int, times: int) -> None:
    """A note's name, and a way back to each place that cites it."""
    item.set("id", f"n{number}")
    for holder in list(item.iter()):
        backs = [a for a in holder if a.get("class") == "footnote-backref"]
        for back in backs:
            holder.remove(back)
        for time in range(1, times + 1 if backs else 1):
            words = f"Volver al texto, nota {number}" + (f", cita {time}" if time > 1 else "")
            back = etree.SubElement(holder, "a", {"href": f"#{_place(number, time)}", "aria-label": words})
            back.text = "↩"


def _place(number: int, time: int) -> str:
    return f"r{number}" if time == 1 else f"r{number}-{time}"


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
