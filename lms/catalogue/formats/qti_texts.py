"""The words of a QTI 2.x or 3 item as HTML: its body with marks where answers go, prompts, choices and feedback."""

import html
from collections.abc import Mapping

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_media import Shelf
from lms.catalogue.formats.qti_tree import Element, attribute, children, local, place_of, words

LEFT_OUT = {
    "stylesheet": "una hoja de estilo propia", "infoControl": "un recuadro de ayuda (infoControl)",
    "catalogInfo": "textos alternativos de catálogo", "printedVariable": "un valor calculado (printedVariable)",
    "templateBlock": "un texto de plantilla", "templateInline": "un texto de plantilla", "include": "una inclusión"}
SILENT = ("feedbackInline", "feedbackBlock", "modalFeedback", "annotation", "annotation-xml", "value", "tts")
BARE = ("itemBody", "contentBody", "simpleChoice", "simpleAssociableChoice", "gapText", "inlineChoice", "stimulusBody",
        "positionObjectStage", "prompt")
KEPT = ("src", "alt", "href", "width", "height", "controls", "colspan", "rowspan", "scope")
VOID = ("br", "hr", "img", "source")


class Texts:
    """The texts of one item of a file in a package."""

    def __init__(self, shelf: Shelf, file: str, version: str) -> None:
        self.shelf, self.file, self.version = shelf, file, version
        self.folder = file.rpartition("/")[0]

    def place(self, element: Element) -> str:
        return place_of(self.file, element, self.version)

    def tell(self, grade: Grade, element: Element, message: str, remedy: str) -> None:
        self.shelf.tell(grade, self.place(element), message, remedy)

    def html(self, element: Element, put: Mapping[Element, str] | None = None, inline: bool = False) -> str:
        """Safe HTML of what stands inside an element."""
        raw = self.inside(element, put or {})
        return self.shelf.html(raw, self.folder, self.place(element), inline)

    def inside(self, element: Element, put: Mapping[Element, str]) -> str:
        found = [self._text(element.text, put)]
        for one in element:
            found += [self._one(one, put) if isinstance(one.tag, str) else "", self._text(one.tail, put)]
        return "".join(found)

    def _text(self, text: str | None, put: Mapping[Element, str]) -> str:
        said = html.escape(text or "", False)
        return said.replace("{#", "{ #").replace("[[", "[ [") if put else said

    def _one(self, element: Element, put: Mapping[Element, str]) -> str:
        name = local(element)
        if element in put:
            return put[element]
        if name in LEFT_OUT:
            self.tell(Grade.CHANGED, element, f"El ítem trae {LEFT_OUT[name]}, que aquí no se conserva.",
                      "Revise cómo se ve la pregunta.")
            return ""
        if name in SILENT or name.endswith("Interaction") or (name == "rubricBlock" and not candidate(element)):
            return ""
        if name == "object":
            return self._object(element, put)
        if name == "math":
            return f"<math>{html.escape(_formula(element), False)}</math>"
        inside = self.inside(element, put)
        if name == "hottext":
            return f"<b>{inside}</b>"
        if name in BARE:
            return inside
        attributes = "".join(f' {key}="{html.escape(attribute(element, key))}"' for key in KEPT if element.get(key))
        return f"<{name}{attributes}>" if name in VOID else f"<{name}{attributes}>{inside}</{name}>"

    def _object(self, element: Element, put: Mapping[Element, str]) -> str:
        address, kind = attribute(element, "data"), attribute(element, "type")
        if not address:
            return self.inside(element, put)
        sizes = "".join(f' {k}="{attribute(element, k)}"' for k in ("width", "height") if attribute(element, k))
        tag = kind.partition("/")[0] if kind.startswith(("audio/", "video/")) else "img"
        if kind.startswith("text/"):
            self.tell(Grade.CHANGED, element, f"El texto incluido «{address[:60]}» no se conserva.",
                      "Cópielo al enunciado.")
            return self.inside(element, put)
        end = "" if tag == "img" else f"</{tag}>"
        return f'<{tag} src="{html.escape(address)}" alt="{html.escape(words(element))}"{sizes}>{end}'

    def note(self, body: Element) -> str:
        """What is written for those who mark."""
        blocks = [e for e in body.iterdescendants("rubricBlock") if not candidate(e)]
        return "".join(self.html(block) for block in blocks)


def candidate(element: Element) -> bool:
    view = attribute(element, "view")
    return not view or "candidate" in view.split()


def prompted(texts: Texts, interaction: Element) -> str:
    return "".join(f"<p>{texts.inside(p, {})}</p>" for p in children(interaction, "prompt"))


def _formula(element: Element) -> str:
    """A formula's TeX if it carries it, or its words."""
    tex = [e for e in element.iterdescendants("annotation") if "tex" in attribute(e, "encoding").lower()]
    return words(tex[0]) if tex else words(element)
