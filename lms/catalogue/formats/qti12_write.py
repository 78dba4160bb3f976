"""QTI 1.2 as Canvas writes it, alone or as the question banks of a Common Cartridge, out of questions."""

from collections.abc import Callable, Mapping, Sequence

from lxml import etree

from lms.catalogue.formats.faithful import compared, unsayable
from lms.catalogue.formats.format import Written
from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.formats.qti12_gaps import calculated, cloze, gapselect, matching, ordering
from lms.catalogue.formats.qti12_words import (
    SAID,
    Item12,
    description,
    essay,
    material,
    multiple,
    numerical,
    rule,
    short,
    show,
    single,
)
from lms.catalogue.formats.qti_markup import Files, add, clean, figure, identifier, serialised
from lms.catalogue.formats.qti_reading import parcel
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.formats.qti_write import zipped
from lms.catalogue.rules import Question

SPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
LABELS = {"qti12": "QTI 1.2", "cartridge": "Common Cartridge"}
CONTENT = {"qti12": "http://www.imsglobal.org/xsd/imscp_v1p1",
           "cartridge": "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"}
TYPES = {"qti12": "imsqti_xmlv1p2", "cartridge": "imsqti_xmlv1p2/imscc_xmlv1p3/question-bank"}
SCHEMAS = {"qti12": ("IMS Content", "1.1.3"), "cartridge": ("IMS Common Cartridge", "1.3.0")}
KINDS12 = frozenset({"single", "truefalse", "multiple", "short", "numerical", "matching", "essay", "description",
                     "cloze", "gapselect", "ordering", "calculated"})
CANVAS = {"single": "multiple_choice", "truefalse": "true_false", "multiple": "multiple_answers",
          "short": "short_answer", "numerical": "numerical", "matching": "matching", "essay": "essay",
          "description": "text_only", "gapselect": "multiple_dropdowns", "ordering": "ordering",
          "calculated": "calculated"}
PROFILES = {"multiple_choice": "cc.multiple_choice.v0p1", "multiple_answers": "cc.multiple_response.v0p1",
            "true_false": "cc.true_false.v0p1", "short_answer": "cc.fib.v0p1", "essay": "cc.essay.v0p1"}
NAMES = {"text_only": "text_only_question"}
WRITERS: dict[str, Callable[[Item12, Element, Element], str]] = {
    "single": single, "truefalse": single, "multiple": multiple, "short": short, "numerical": numerical,
    "matching": matching, "ordering": ordering, "essay": essay, "description": description,
    "gapselect": gapselect, "cloze": cloze, "calculated": calculated}


def writer(name: str) -> Callable[[Sequence[Question], Mapping[str, bytes]], Written]:
    return lambda questions, media: package(name, questions, media)


def package(name: str, questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    """A zip with an object bank for each category. What could not be said is told by reading it again."""
    good, notices = unsayable(LABELS[name], questions, KINDS12)
    files = Files(media, good, "$IMS-CC-FILEBASE$/")
    banks: dict[str, Element] = {}
    asked: list[Question] = []
    for n, q in enumerate(good, 1):
        bank = banks.setdefault(q.category, _bank(q.category, len(banks) + 1))
        item = Item12(q, etree.Element("item", {"ident": clean(q.id), "title": clean(q.title)}), files, n)
        why = say(item)
        if why:
            notices.append(Notice(Grade.UNSUPPORTED, "", f"«{q.title}» no se puede escribir en {LABELS[name]}: {why}.",
                                  "Use Moodle XML para esta pregunta.", q.id))
            continue
        _about(item)
        bank.append(item.root)
        asked.append(q)
    parts = {f"banco-{n}/banco-{n}.xml": _file(bank) for n, bank in enumerate(banks.values(), 1)}
    used = {f"web_resources/{path}" if name == "cartridge" else path: content for path, content in files.used.items()}
    content = zipped({"imsmanifest.xml": _manifest(name, list(parts), sorted(used)), **parts, **used})
    back = parcel("", content, name).questions
    return Written(content, (*notices, *files.notices, *compared(LABELS[name], asked, _sorted(asked, back))))


def _sorted(asked: Sequence[Question], back: Sequence[Question]) -> list[Question]:
    """What came back, in the order asked: the banks were filled by category."""
    by = {q.id: q for q in back}
    return [by[q.id] for q in asked if q.id in by]


def _bank(category: str, number: int) -> Element:
    root = etree.Element("objectbank", {"ident": f"banco-{number}"})
    if category:
        _field(add(root, "qtimetadata"), "bank_title", category)
    return root


def _field(holder: Element, label: str, entry: str) -> None:
    one = add(holder, "qtimetadatafield")
    add(one, "fieldlabel", label)
    add(one, "fieldentry", entry)


def _about(item: Item12) -> None:
    """What Canvas and Common Cartridge want to know of an item before it begins."""
    about = etree.Element("itemmetadata")
    fields = add(about, "qtimetadata")
    profile = PROFILES.get(item.type)
    if profile:
        _field(fields, "cc_profile", profile)
    _field(fields, "question_type", NAMES.get(item.type, f"{item.type}_question"))
    _field(fields, "points_possible", figure(item.q.points))
    item.root.insert(0, about)


def _file(bank: Element) -> bytes:
    root = etree.Element("questestinterop")
    root.append(bank)
    return serialised(root, SPACE)


def _manifest(name: str, banks: Sequence[str], media: Sequence[str]) -> bytes:
    root = etree.Element("manifest", {"identifier": "manifest"})
    about = add(root, "metadata")
    for tag, said in zip(("schema", "schemaversion"), SCHEMAS[name], strict=True):
        add(about, tag, said)
    add(root, "organizations")
    resources = add(root, "resources")
    for path in banks:
        ident = identifier(path.partition("/")[0], 0)
        one = add(resources, "resource", "", identifier=ident, type=TYPES[name], href=path)
        add(one, "file", "", href=path)
    for n, path in enumerate(media, 1):
        one = add(resources, "resource", "", identifier=f"media-{n}", type="webcontent", href=path)
        add(one, "file", "", href=path)
    return serialised(root, CONTENT[name])


def say(item: Item12) -> str:
    """Write an item; why it can not be, in Spanish, "" when it is."""
    q = item.q
    item.type = CANVAS.get(q.kind, "")
    presentation = add(item.root, "presentation")
    processing = add(item.root, "resprocessing")
    least = "-100" if q.kind == "single" and any(option.share < 0 for option in q.options) else "0"
    add(add(processing, "outcomes"), "decvar", "", maxvalue="100", minvalue=least, varname="SCORE", vartype="Decimal")
    if q.feedback:
        part = rule(processing, "Yes")
        add(add(part, "conditionvar"), "other")
        show(item, part, "general_fb", q.feedback)
    why = WRITERS[q.kind](item, presentation, processing)
    for ident, text in zip(SAID, q.said, strict=True):
        if ident and text:
            item.shown.append((ident, text))
    for ident, text in dict(item.shown).items():
        made = add(item.root, "itemfeedback", "", ident=ident)
        material(item, add(made, "flow_mat"), text)
    return why
