"""QTI 1.2 and the question banks of Common Cartridge and Canvas: items in assessments, sections and object banks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html import escape

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti12_habits import conditions, foreign, metadata, patterns, standard
from lms.catalogue.formats.qti12_scoring import COMPARED, NUMBERS, QUIET, Scorer12
from lms.catalogue.formats.qti_canvas import BLANKS, DROPDOWNS, Asked, Neutral, taken_of
from lms.catalogue.formats.qti_feedback import Entry
from lms.catalogue.formats.qti_making import Source, made
from lms.catalogue.formats.qti_mappings import DISCARD, NotTaken, TooCostly
from lms.catalogue.formats.qti_media import Shelf
from lms.catalogue.formats.qti_probing import Listed
from lms.catalogue.formats.qti_tree import Element, attribute, children, inner, number, place_of, words
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Question

PROFILES = {
    "cc.multiple_choice.v0p1": "multiple_choice", "cc.multiple_response.v0p1": "multiple_answers",
    "cc.true_false.v0p1": "true_false", "cc.fib.v0p1": "short_answer", "cc.essay.v0p1": "essay",
    "cc.pattern_match.v0p1": "pattern_match"}
KNOWN = {"multiple_choice", "multiple_answers", "true_false", "short_answer", "essay", "matching", "numerical",
         "calculated", "fill_in_multiple_blanks", "multiple_dropdowns", "file_upload", "text_only", "categorization",
         "hot_spot", "ordering", "pattern_match", "stimulus", "missing_word", "fill_in_blank", "Calculated", ""}
MODEL = ("solution", "hint")
HOLDING = ("material", "material_ref", "matref", "mat_extension")
MOST_RESPONSES = 100            # of an item
FIGURES = re.compile(r"[-+]?[\d.,]+")
NUMERIC = ("decimal", "integer", "scientific")


@dataclass
class Reader12:
    """One XML file of a package."""
    file: str
    shelf: Shelf
    category: str = ""
    marks: dict[Element, str] = field(default_factory=dict)     # what stands in a text where a response goes

    def place(self, element: Element) -> str:
        return place_of(self.file, element, "2")

    def tell(self, grade: Grade, element: Element, message: str, remedy: str) -> None:
        self.shelf.tell(grade, self.place(element), message, remedy)

    def html(self, holder: Element, inline: bool = False) -> str:
        """The materials inside an element, in order, as safe HTML."""
        raw = "".join(self.marks.get(one) or self._material(one) for one in _materials(holder, self.marks))
        return self.shelf.html(raw, self.file.rpartition("/")[0], self.place(holder), inline)

    def _material(self, element: Element) -> str:
        name, said = str(element.tag), "".join(str(t) for t in element.itertext())
        if name in ("mattext", "matemtext", "mat_formattedtext"):
            kind = attribute(element, "texttype") or attribute(element, "type") or "text/plain"
            kind = kind.lower().replace("smart_text", "html")
            if len(element) and kind != "text/plain":
                return inner(element)
            if "html" in kind or "rtf" in kind or (len(element) and kind == "text/plain"):
                return inner(element) if len(element) else said
            return said.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ") + " "
        if name == "matbreak":
            return "<br>"
        address = attribute(element, "uri")
        tag = {"matimage": "img", "mataudio": "audio", "matvideo": "video"}.get(name, "")
        if tag and address:
            sizes = "".join(f' {k}="{attribute(element, k)}"' for k in ("width", "height") if attribute(element, k))
            end = "" if tag == "img" else f"</{tag}>"
            return f'<{tag} src="{escape(address)}" alt="{escape(attribute(element, "label"))}"{sizes}>{end}'
        self.tell(Grade.CHANGED, element, f"El material <{name}> no se conserva.", "Revise el enunciado.")
        return ""


def _materials(holder: Element, marks: Mapping[Element, str]) -> Iterator[Element]:
    """The mattext and images that are the holder's own words, not those of its answers."""
    for one in children(holder):
        name = str(one.tag)
        if name.startswith("mat") and name not in HOLDING:
            yield one
        elif one in marks:
            yield one
        elif name in ("material", "mat_extension", "flow", "flow_mat", "flow_label", "altmaterial"):
            yield from _materials(one, marks)


def read_item12(reader: Reader12, item: Element) -> Question | None:
    """One item; None, told, when it can not be taken."""
    fields = metadata(item)
    kind = fields.get("question_type", "").removesuffix("_question") or PROFILES.get(fields.get("cc_profile", ""), "")
    points = next((n for n in (number(fields.get(k)) for k in ("points_possible", "cc_weighting", "qmd_weighting",
                                                                           "qmd_absolutescore_max"))
                   if n is not None and n >= 0), None)
    source = Source(attribute(item, "ident"), attribute(item, "title"), reader.place(item), reader.shelf, points,
                    reader.category)
    if kind not in KNOWN:
        reader.tell(Grade.CHANGED, item, f"El tipo «{kind[:40]}» no se conoce: se leyó por sus respuestas.",
                    "Revise la pregunta.")
    presentation = next(iter(children(item, "presentation")), None)
    if presentation is None:
        reader.tell(Grade.FAULT, item, "El ítem no tiene enunciado (presentation).", "Agréguelo.")
        return None
    if what := foreign(presentation):
        reader.tell(Grade.UNSUPPORTED, item, f"La pregunta pide {what}, que aquí no existe.", DISCARD)
        return None
    try:
        return _made(reader, standard(item, fields), presentation, kind, source)
    except NotTaken as why:
        reader.tell(Grade.UNSUPPORTED, item, *why.told)
        return None


def _made(reader: Reader12, item: Element, presentation: Element, kind: str, source: Source) -> Question | None:
    scorer = Scorer12(item)
    feedback = {attribute(f, "ident"): f for f in children(item, "itemfeedback")}
    responses, spoken = _responses(presentation), conditions(item)
    if len(responses) > MOST_RESPONSES:
        raise TooCostly("responses")
    asked = [_asked(reader, spoken.get(attribute(one, "ident"), []), one, kind) for one in responses]
    if kind in (BLANKS, DROPDOWNS):
        asked = [replace(one, choices=tuple(replace(c, feedback=_own(reader, feedback, c)) for c in one.choices))
                 for one in asked]
    extension = next(item.iterdescendants("calculated"), None)
    reader.marks = {e: f"\u2983{n}\u2984" for n, e in enumerate(responses)
                    if len(asked) > 1 and e.tag in ("response_str", "response_num")}
    marks = {attribute(e, "ident"): mark for e, mark in reader.marks.items()}
    neutral = Neutral("" if kind not in KNOWN else kind, reader.html(presentation), asked, scorer, reader.shelf,
                      source.place, source.points, extension, _note(reader, feedback), marks)
    reader.marks = {}
    taken = taken_of(neutral)
    if taken is None:
        return None
    if source.points is None:
        source = replace(source, points=Fraction(1) if scorer.most == 100 or taken.points == 100 else None)
    text = taken.text if taken.text is not None else neutral.text

    def entry(ident: str, element: Element) -> Entry:
        return Entry(ident, reader.html(element), True, lambda: reader.tell(
            Grade.CHANGED, element, f"La retroalimentación «{words(element)[:60]}» depende de una condición que aquí "
            "no existe: no se conserva.", "Póngala donde corresponda."), ident)

    entries = [entry(ident, element) for ident, element in feedback.items()
               if not any(True for _ in element.iterdescendants(*MODEL))]
    named = re.compile(r"\d_fb$")           # Canvas names the feedback of choice 123 "123_fb"
    return made(source, taken, text, scorer, [replace(e, apart=not named.search(e.ident)) for e in entries])


def _own(reader: Reader12, feedback: dict[str, Element], choice: Listed) -> str:
    """The feedback named after a choice, taken from among the others."""
    element = feedback.pop(f"{choice.ident}_fb", None)
    return reader.html(element) if element is not None else ""


def _note(reader: Reader12, feedback: dict[str, Element]) -> str:
    return "".join(reader.html(m) for f in feedback.values() for m in f.iterdescendants("solutionmaterial"))


def _responses(presentation: Element) -> list[Element]:
    return list(presentation.iterdescendants("response_lid", "response_str", "response_num", "response_xy",
                                             "response_grp"))


def _asked(reader: Reader12, spoken: list[Element], response: Element, kind: str) -> Asked:
    """One response, with the conditions that speak of it."""
    rid, shape = attribute(response, "ident"), str(response.tag).removeprefix("response_")
    strange = next((e for e in spoken if e.tag not in (*COMPARED, *QUIET, "unanswered")), None)
    if strange is not None and shape in ("lid", "str", "num"):
        raise NotTaken(str(strange.tag)[:60])
    fib = next(response.iterdescendants("render_fib"), None)
    said = [words(e) for e in spoken if e.tag in COMPARED]
    compared = any(e.tag in NUMBERS for e in spoken)
    typed = attribute(fib, "fibtype").lower() in NUMERIC if fib is not None else False
    choices = tuple(Listed(attribute(label, "ident"), reader.html(label, inline=True) or _bare(reader, label))
                    for label in response.iterdescendants("response_label")) if shape == "lid" else ()
    shuffle = any(attribute(r, "shuffle").lower() == "yes" for r in response.iterdescendants("render_choice"))
    parts = {words(e) for e in spoken if e.tag == "varsubstring"}
    wild = patterns(spoken, rid, kind == "pattern_match") if shape == "str" and not compared else {}
    keys = tuple(dict.fromkeys((*(key for key in said if key and (key not in parts or not wild)), *wild)))
    numeric = compared or (typed and bool(keys) and (all(number(key) is not None for key in keys)
                                                     or any("," in key and FIGURES.fullmatch(key) for key in keys)))
    return Asked(rid, reader.html(response), choices, shape, attribute(response, "rcardinality", "Single").lower(),
                 keys if shape != "lid" else tuple(said), numeric, shuffle, wild)


def _bare(reader: Reader12, label: Element) -> str:
    if not words(label):
        reader.tell(Grade.CHANGED, label, "Una alternativa no tiene texto: se muestra su identificador.",
                    "Escríbale un texto.")
    return re.sub(r"[<>&]", "", words(label)) or attribute(label, "ident")


def bank_title(bank: Element) -> str:
    own = {words(f.find("fieldlabel")): words(f.find("fieldentry"))
           for h in children(bank, "qtimetadata") for f in children(h, "qtimetadatafield")}
    return plain(own.get("bank_title", "") or attribute(bank, "title"))[:100]
