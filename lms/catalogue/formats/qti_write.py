"""Packages of QTI 2.1, 2.2 and 3 out of questions: an item each, a test of them all, their files, a manifest."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from lms.catalogue.formats.faithful import compared, unsayable
from lms.catalogue.formats.format import Written
from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.formats.qti_markup import Files, add, as_qti3, identifier, serialised
from lms.catalogue.formats.qti_reading import parcel
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.formats.qti_written import KINDS2, Unsaid, written
from lms.catalogue.rules import Question

SPACES = {"qti21": "http://www.imsglobal.org/xsd/imsqti_v2p1", "qti22": "http://www.imsglobal.org/xsd/imsqti_v2p2",
          "qti3": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"}
CONTENT = {"qti21": "http://www.imsglobal.org/xsd/imscp_v1p1", "qti22": "http://www.imsglobal.org/xsd/imscp_v1p1",
           "qti3": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"}
TYPES = {"qti21": "imsqti_{}_xmlv2p1", "qti22": "imsqti_{}_xmlv2p2", "qti3": "imsqti_{}_xmlv3p0"}
SCHEMAS = {"qti21": ("QTIv2.1 Package", "1.0.0"), "qti22": ("QTIv2.2 Package", "1.0.0"),
           "qti3": ("QTI Package", "3.0.0")}
LOM = "http://ltsc.ieee.org/xsd/LOM"
LABELS = {"qti21": "QTI 2.1", "qti22": "QTI 2.2", "qti3": "QTI 3.0"}
EPOCH = (1980, 1, 1, 0, 0, 0)


def writer(name: str) -> Callable[[Sequence[Question], Mapping[str, bytes]], Written]:
    return lambda questions, media: package(name, questions, media)


def package(name: str, questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    """A zip. What could not be said is told by reading it again."""
    good, notices = unsayable(LABELS[name], questions, KINDS2)
    files = Files(media, good, "../")
    parts: dict[str, bytes] = {}
    rows: list[tuple[Question, str, str]] = []
    told: dict[str, list[str]] = {}
    for n, q in enumerate(good, 1):
        ident = identifier(q.id, n)
        try:
            root, told[q.id] = written(q, ident, files)
        except Unsaid as why:
            notices.append(Notice(Grade.UNSUPPORTED, "", f"«{q.title}» no se puede escribir en {LABELS[name]}: {why}.",
                                  "Use Moodle XML para esta pregunta.", q.id))
            continue
        if name == "qti3":
            as_qti3(root)
        rows.append((q, ident, f"items/{n:04d}.xml"))
        parts[rows[-1][2]] = serialised(root, SPACES[name])
    parts["test.xml"] = _test(name, rows)
    manifest = _manifest(name, rows, sorted(files.used))
    content = zipped({"imsmanifest.xml": manifest, **parts, **files.used})
    again = parcel("", content, name)
    ids = {ident: q.id for q, ident, _ in rows}
    back = [replace(q, id=ids.get(q.id, q.id)) for q in again.questions]
    notices += files.notices + _lost(LABELS[name], [q for q, _, _ in rows], back, told)
    return Written(content, tuple(notices))


def _lost(label: str, asked: Sequence[Question], back: Sequence[Question],
          told: Mapping[str, list[str]]) -> list[Notice]:
    """What differs once read again, with the words for what we know is lost."""
    found = compared(label, asked, back)
    lines = [Notice(Grade.CHANGED, "", f"En {label} no cabe de «{q.title}»: {', '.join(dict.fromkeys(told[q.id]))}.",
                    "Use Moodle XML si lo necesita.", q.id) for q in asked if told.get(q.id)]
    return lines + [notice for notice in found if notice.grade is not Grade.CHANGED or not told.get(notice.question)]


def _test(name: str, rows: Sequence[tuple[Question, str, str]]) -> bytes:
    root = etree.Element("assessmentTest", {"identifier": "test", "title": "Banco de preguntas"})
    part = add(root, "testPart", "", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    section = add(part, "assessmentSection", "", identifier="section", title="Banco de preguntas", visible="true")
    for _, ident, file in rows:
        add(section, "assessmentItemRef", "", identifier=ident, href=file)
    if name == "qti3":
        as_qti3(root)
    return serialised(root, SPACES[name])


def _manifest(name: str, rows: Sequence[tuple[Question, str, str]], media: Sequence[str]) -> bytes:
    root = etree.Element("manifest", {"identifier": "manifest"})
    about = add(root, "metadata")
    for tag, said in zip(("schema", "schemaversion"), SCHEMAS[name], strict=True):
        add(about, tag, said)
    add(root, "organizations")
    resources = add(root, "resources")
    test = add(resources, "resource", "", identifier="test", type=TYPES[name].format("test"), href="test.xml")
    add(test, "file", "", href="test.xml")
    for q, ident, file in rows:
        one = add(resources, "resource", "", identifier=ident, type=TYPES[name].format("item"), href=file)
        if q.tags:
            _keywords(add(one, "metadata"), q.tags)
        add(one, "file", "", href=file)
        add(test, "dependency", "", identifierref=ident)
    for n, path in enumerate(media, 1):
        one = add(resources, "resource", "", identifier=f"media-{n}", type="webcontent", href=path)
        add(one, "file", "", href=path)
    return serialised(root, CONTENT[name])


def _keywords(holder: Element, tags: Sequence[str]) -> None:
    lom = etree.SubElement(holder, f"{{{LOM}}}lom", nsmap={"imsmd": LOM})
    general = etree.SubElement(lom, f"{{{LOM}}}general")
    for tag in tags:
        word = etree.SubElement(etree.SubElement(general, f"{{{LOM}}}keyword"), f"{{{LOM}}}string")
        word.text = tag


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on nothing but its contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
