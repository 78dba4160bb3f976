"""QTI files and packages made by others: each is read whole or refused by name, with the place; what is broken is said, what is good is kept."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from lms.catalogue import formats, stored
from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_reading import parcel as read_as
from lms.catalogue.kinds import KINDS

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material"
FOLDERS = ("qti12", "qti21", "qti22", "qti3", "qti-bad", "cc")
pytestmark = pytest.mark.skipif(not (MATERIAL / "qti12").is_dir(), reason=f"the files made by others are not here: {MATERIAL}")
VERSIONS = {"qti12": {"qti12", "qti21", "qti22", "cartridge"}, "qti21": {"qti21", "qti22"}, "qti22": {"qti22"}, "qti3": {"qti3"}}
IDENTITIES = {
    "angel7-3": "Angel", "angel7-4": "Angel", "bb_learn": "Blackboard", "canvas": "Canvas", "cc1-0": "Common Cartridge 1.0", "cc1-1": "Common Cartridge 1.1",
    "cc1-2": "Common Cartridge 1.2", "cc1-3": "Common Cartridge 1.3", "cc1-3flat": "Common Cartridge 1.3", "d2l": "D2L", "ims_cp": "contenido IMS",
    "moodle1-9": "Moodle 1.9", "moodle2": "Moodle", "old_canvas": "Common Cartridge", "qti": "QTI", "scorm1-1": "SCORM 1.1", "scorm1-2": "SCORM 1.2",
    "scorm1-3": "SCORM 2004", "unknown": "zip", "webct": "WebCT", "webct4-1": "WebCT 4", "invalid": "formato"}


def zipped(folder: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return made.getvalue()


def every_file():
    for kind in FOLDERS:
        for path in sorted((MATERIAL / kind).rglob("*")):
            name = path.relative_to(MATERIAL).as_posix()
            within = any((above / "imsmanifest.xml").exists() for above in list(path.parents)[:4])
            if path.name == "imsmanifest.xml":
                yield pytest.param(kind, path.parent, id=name)
            elif path.suffix in (".zip", ".imscc") or (path.suffix in (".xml", ".qti") and not within):
                yield pytest.param(kind, path, id=name)


FILES = list(every_file())


def content_of(path: Path) -> bytes:
    return zipped(path) if path.is_dir() else path.read_bytes()


@pytest.mark.parametrize("kind, path", FILES)
def test_a_file_is_read_whole_or_refused_by_name(kind, path):
    content = content_of(path)
    parcel = formats.read(path.name, content)
    assert parcel.questions or parcel.notices, "silent"
    for notice in parcel.notices:
        assert notice.message and notice.remedy
        assert notice.question in {q.id for q in parcel.questions} | {""}
    if kind in VERSIONS and parcel.format:
        assert parcel.format in VERSIONS[kind]
    for question in parcel.questions:
        assert question.kind in KINDS
        assert stored.unpack_question(stored.pack_question(question)) == question
        assert set(re.findall(r"/medios/([0-9a-f]{64})", repr(question))) <= set(parcel.media)


@pytest.mark.parametrize("kind, source", [p for p in FILES if (p.values[1].is_dir() or p.values[1].suffix == ".xml") and p.values[0] != "cc"])
def test_no_item_is_lost_silently(kind, source):
    """As many items are in the file as questions were made and refused."""
    texts = [f.read_text(errors="replace") for f in (source.rglob("*.xml*") if source.is_dir() else [source])]
    items = sum(len(re.findall(r"<(?:qti-assessment-item|assessmentItem|item)(?=\s)(?=[^>]*(?:identifier|ident)=)(?![^>]*identifierref)", t)) for t in texts)
    parcel = formats.read(source.name, content_of(source))
    unread = len([n for n in parcel.faults if not n.question])
    doubled = "with_banks" in str(source)           # Canvas keeps its quizzes twice, and the questions of a bank in quizzes too
    assert len(parcel.questions) + unread >= items or doubled or "línea" in str(parcel.faults), (items, len(parcel.questions), unread)


@pytest.mark.parametrize("path", sorted((MATERIAL / "cc" / "canvas-ids").glob("*.*")), ids=lambda p: p.name)
def test_a_package_that_is_not_ours_is_called_by_its_name(path):
    if path.suffix == ".txt":
        pytest.skip("it says where the others are from")
    parcel = formats.read(path.name, path.read_bytes())
    assert not parcel.questions
    assert any(IDENTITIES[path.stem] in n.message for n in parcel.faults)


def test_broken_packages_keep_their_good_questions():
    wrong = MATERIAL / "qti-bad" / "tao-wrong" / "package" / "wrong"
    middle = formats.read("x.zip", (wrong / "MalformedItemInTheMiddleXml.zip").read_bytes())
    assert len(middle.questions) == 1 and any(n.place == "qti2.xml: línea 17" for n in middle.faults)
    manifest = formats.read("x.zip", (wrong / "MalformedManifest.zip").read_bytes())
    assert len(manifest.questions) == 1 and manifest.faults[0].place.startswith("imsmanifest.xml: línea")
    missing = formats.read("x.zip", (wrong / "WrongManifestFileItemHref.zip").read_bytes())
    assert any("wrong/path/to/qti.xml" in n.message for n in missing.faults)
    nested = formats.read("x.zip", (wrong / "NestedRootFolder.zip").read_bytes())
    assert len(nested.questions) == 1 and len(nested.media) == 1 and nested.graded(Grade.CHANGED)
    alone = formats.read("x.zip", (wrong / "MissingManifest.zip").read_bytes())
    assert len(alone.questions) == 1 and any("imsmanifest.xml" in n.message for n in alone.notices)


def test_canvas_question_types_become_our_kinds():
    course = MATERIAL / "cc" / "canvas-viewer" / "all-question-types"
    parcel = formats.read("x.imscc", zipped(course))
    assert parcel.format == "cartridge" and not parcel.faults
    assert set(parcel.counts) == {"calculated", "description", "essay", "gapselect", "matching", "multiple", "numerical", "single", "truefalse"} or \
        set(parcel.counts) >= {"calculated", "description", "essay", "matching", "multiple", "numerical", "single", "truefalse"}
    assert parcel.tests[0].title == "ALL QUESTION TYPES QUIZ" and len(parcel.tests[0].questions) == len(parcel.questions)


def test_banks_are_categories_and_a_quiz_takes_their_questions():
    parcel = formats.read("x.zip", zipped(MATERIAL / "qti12" / "instructure-qti" / "with_banks"))
    assert {q.category for q in parcel.questions} == {"First Bank", "Last Bank", "Unfiled Questions"}
    assert set(parcel.tests[0].questions) <= {q.id for q in parcel.questions}


def test_a_test_names_its_items_in_order_and_images_travel_along():
    parcel = formats.read("x.zip", zipped(MATERIAL / "qti21" / "instructure-qti" / "test_qti_2.2"))
    assert parcel.tests[0].title == "Simple Feedback Test" and len(parcel.tests[0].questions) == 5
    assert len(parcel.media) == 1 and any("/medios/" in q.text for q in parcel.questions)


def test_numbers_of_canvas_keep_their_ranges():
    folder = MATERIAL / "qti12" / "instructure-qti" / "items_1.2"
    def keys(name):
        return [(str(value), str(tolerance)) for q in formats.read(name, (folder / name).read_bytes()).questions for value, tolerance, share in q.numbers if share]
    assert keys("numeric_margin_error_percent.xml") == [("200", "40")]
    assert keys("numeric_precision.xml") == [("1000", "0.005")]         # more than 999.995: that number itself is a key of 0 %
    asked = formats.read("x", (folder / "numeric_precision.xml").read_bytes()).questions[0]
    assert [KINDS["numerical"].score(asked, f'"{n}"') for n in ("999.995", "999.9951", "1000.005", "1000.0051")] == [0, 1, 1, 0]
    assert set(keys("numeric_exact_match.xml")) >= {("1234", "0"), ("4321", "0"), ("1111", "0")}


@pytest.mark.parametrize("kind, path", [p for p in FILES if p.values[0] != "qti-bad"])
@pytest.mark.parametrize("name", ["qti21", "qti3", "qti12"])
def test_what_was_read_is_written_and_read_again_equal_or_the_loss_is_told(kind, path, name):
    parcel = formats.read(path.name, content_of(path))
    if not parcel.questions:
        return
    written = formats.write(name, parcel.questions, parcel.media)
    again = read_as("x.zip", written.content, name).questions
    told = {n.question for n in written.notices}
    missing = {n.question for n in written.notices if n.grade is Grade.UNSUPPORTED}
    assert len(again) == len(parcel.questions) - len(missing)
    kept = {q.id: q for q in again}
    for question in parcel.questions:
        if question.id not in told and question.id in kept:
            assert (kept[question.id].kind, kept[question.id].text, kept[question.id].points) == (question.kind, question.text, question.points)
