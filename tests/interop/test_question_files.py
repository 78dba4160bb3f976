"""Question files written by others, compared with what Moodle itself made of them, and written out and read again."""

import json
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path

import pytest

from lms.catalogue import formats
from lms.catalogue.formats import FORMATS, Grade, aiken, cloze_text, gift, moodle_xml
from lms.catalogue.kinds.gradings import GRADINGS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.ordering import SELECTIONS, order_of
from lms.catalogue.notation import percent_of

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material"
JUDGED = sorted(path for folder in ("gift", "aiken", "moodle-xml") for path in (MATERIAL / folder / "_moodle-parse").rglob("*.json"))
READERS = {"gift": gift.parcel, "aiken": aiken.parcel, "xml": moodle_xml.parcel, "multianswer": cloze_text.parcel}
NAMES = {"single": "multichoice", "multiple": "multichoice", "matching": "match", "short": "shortanswer", "cloze": "multianswer",
         "dragwords": "gapselect", "dragimage": "ddimageortext", "markers": "ddmarker", "randommatching": "randomsamatch"}

# Where we read otherwise than Moodle, and why that is better.
BETTER_COUNTS = {
    "moodle-xml/moodle-qtypes/ordering/tests/fixtures/testexport.moodle.xml": "one <question> without <quiz> is plain enough; Moodle says nothing and takes none",
    "moodle-xml/moodle-qtypes/ordering/tests/fixtures/testimport.moodle.xml": "as above",
    "moodle-xml/moodle-qtypes/ordering/tests/fixtures/testimportlong.moodle.xml": "as above",
}
BETTER_TEXTS = {
    "gift/moodle/format/gift/tests/fixtures/questions_encoding_windows-1252.gift.txt": "Windows-1252 is told and read; Moodle drops its letters",
    "moodle-xml/sonsoleslp-es/test/test.xml": "a text that stands in its element without <text> is read; Moodle leaves it empty",
}

pytestmark = pytest.mark.skipif(not JUDGED, reason=f"the files made by others are not here: {MATERIAL}")


def cases():
    return [pytest.param(path, id=str(path.relative_to(MATERIAL)).replace("_moodle-parse/", "").removesuffix(".json")) for path in JUDGED]


def load(path):
    """(the file's name within the material, our parcel, what Moodle found)."""
    folder = path.relative_to(MATERIAL).parts[0]
    source = MATERIAL / folder / path.relative_to(MATERIAL / folder / "_moodle-parse").with_suffix("")
    judged = json.loads(path.read_text())
    return str(source.relative_to(MATERIAL)), READERS[judged["format"]](source.name, source.read_bytes()), judged


def asked(judged):
    return [q for q in judged["questions"] if q["qtype"] != "category"]


def words(text) -> str:
    """What a person reads, whatever the format: tags and spaces may differ."""
    text = text.get("text", "") if isinstance(text, dict) else str(text or "")
    return letters(plain(re.sub(r"<!--.*?-->|<img[^>]*>|@@PLUGINFILE@@[^\"\s]*", "", text, flags=re.DOTALL)))


def letters(text) -> str:
    return "".join(c for c in unescape(unescape(text)) if c.isalnum())


def same_number(ours: Decimal, theirs) -> bool:
    """Moodle reckons in floats; a file of ours in decimals."""
    return abs(Decimal(str(theirs)) - ours) < Decimal("1e-9")


def percents(shares):
    return [f"{Decimal(str(share)) * 100:.5f}".rstrip("0").rstrip(".") for share in shares]


@pytest.mark.parametrize("path", cases())
def test_as_many_questions_of_each_kind_as_moodle_finds(path):
    name, parcel, judged = load(path)
    if name not in BETTER_COUNTS:
        theirs = Counter(q["qtype"] for q in asked(judged))
        assert Counter(NAMES.get(q.kind, q.kind) for q in parcel.questions) == theirs
    if "messages" in judged:
        assert parcel.faults, "Moodle complains, we do not"
    assert all(notice.message and notice.remedy for notice in parcel.notices)


@pytest.mark.parametrize("path", cases())
def test_names_texts_points_and_what_is_said_are_those_of_moodle(path):
    name, parcel, judged = load(path)
    if name in BETTER_COUNTS:
        pytest.skip(BETTER_COUNTS[name])
    category = None
    theirs = iter(judged["questions"])
    for ours in parcel.questions:
        while (their := next(theirs))["qtype"] == "category":
            category = their["category"]
        if ours.kind != "cloze" and name not in BETTER_TEXTS:
            assert words(ours.text) == words(their["questiontext"])
        assert words(ours.feedback) == words(their.get("generalfeedback", "")) or name in BETTER_TEXTS
        assert letters(ours.title).startswith(letters(their.get("name", "").rstrip(".…"))[:60]) or name in BETTER_TEXTS
        assert ours.points == Fraction(str(their["defaultmark"])) or ours.kind in ("cloze", "description")
        assert abs(float(ours.penalty) - float(their["penalty"])) < 1e-6 or float(their["penalty"]) > 1 or judged["format"] == "gift"
        assert list(ours.tags) == their.get("tags", [])
        if their.get("idnumber"):
            assert ours.id == unescape(their["idnumber"])
        if category is not None:
            assert ours.category == moodle_xml.category_of(category)
        for place, side in enumerate(("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")):
            assert words(ours.said[place]) == words(their.get(side, "")) or judged["format"] != "xml"
        assert [words(hint.text) for hint in ours.hints] == [words(hint) for hint in their.get("hint", [])]
        assert [hint.clear_wrong for hint in ours.hints] == their.get("hintclearwrong", [h.clear_wrong for h in ours.hints])
        assert [hint.show_count for hint in ours.hints] == their.get("hintshownumcorrect", [h.show_count for h in ours.hints])


@pytest.mark.parametrize("path", cases())
def test_answers_fractions_tolerances_pairs_and_feedback_are_those_of_moodle(path):
    name, parcel, judged = load(path)
    if name in BETTER_COUNTS:
        pytest.skip(BETTER_COUNTS[name])
    for ours, theirs in zip(parcel.questions, asked(judged), strict=True):
        if name not in BETTER_TEXTS:
            same_answers(ours, theirs)
        if ours.kind == "cloze":
            parts = theirs["options"]["questions"]
            assert ours.points == sum(part.weight for part in ours.body.parts)
            for part in ours.body.parts:
                assert part.weight == Fraction(parts[part.id]["defaultmark"])
                assert NAMES.get(part.question.kind, part.question.kind) == parts[part.id]["qtype"]
                same_answers(part.question, parts[part.id])


def same_answers(ours, theirs):
    if "fraction" in theirs and ours.kind != "ordering":
        shares = [n[2] for n in ours.numbers] if ours.kind == "numerical" else [o.share for o in ours.options]
        assert [percent_of(share) for share in shares] == percents(theirs["fraction"])
        assert [words(o.feedback) for o in ours.options] == [words(f) for f in theirs["feedback"]]
    if "tolerance" in theirs:
        for (value, tolerance, _), a, t in zip(ours.numbers, theirs["answer"], theirs["tolerance"], strict=True):
            assert tolerance.is_infinite() if a == "*" else same_number(value, a) and same_number(tolerance, t or 0)
    elif isinstance(theirs.get("answer"), list):
        said = [unescape(o.text) if ours.kind == "short" else o.text for o in ours.options]     # a key's tags are letters
        assert [words(text) for text in said] == [words(a) for a in theirs["answer"]]
    if "subanswers" in theirs:
        assert [o.match for o in ours.options] == [" ".join(text.split()) for text in theirs["subanswers"]]
        assert [words(o.text) for o in ours.options] == [words(s) for s in theirs["subquestions"]]
    if "correctanswer" in theirs:
        right, wrong = ("true", "false") if int(theirs["correctanswer"]) else ("false", "true")
        assert next(o.id for o in ours.options if o.share == 1) == right
        for side in (right, wrong):
            assert words(next(o.feedback for o in ours.options if o.id == side)) == words(theirs.get(f"feedback{side}", {}))
    if "gradingtype" in theirs:
        order = order_of(ours)
        assert (GRADINGS[order.grading], SELECTIONS[order.selection], order.horizontal, order.numbering or "none", order.show_grading) == (
            theirs["gradingtype"], theirs["selecttype"], theirs["layouttype"], theirs["numberingstyle"] or "none", theirs["showgrading"])
    if "choices" in theirs:
        assert [words(c.text) for c in ours.body.choices] == [words(c["answer"]) for c in theirs["choices"]]
        assert [str(c.group) for c in ours.body.choices] == [c["choicegroup"] for c in theirs["choices"]]


@pytest.mark.parametrize("path", cases())
def test_what_others_wrote_survives_moodle_xml_whole(path):
    _, parcel, _ = load(path)
    written = formats.write("moodle_xml", parcel.questions, parcel.media)
    again = formats.read("otra.xml", written.content)
    assert not written.notices and again.format == "moodle_xml" if parcel.questions else True
    assert again.questions == parcel.questions


@pytest.mark.parametrize("path", cases())
@pytest.mark.parametrize("name", ["gift", "table", "aiken"])
def test_what_a_format_can_say_comes_back_and_the_rest_is_told(path, name):
    _, parcel, _ = load(path)
    written = formats.write(name, parcel.questions, parcel.media)
    again = FORMATS[name].read("otra", written.content).questions if written.content else ()
    told = {notice.question for notice in written.notices}
    kept = {q.id: q for q in again}
    assert all(q.id in told or kept[q.id] == q for q in parcel.questions)


@pytest.mark.parametrize("path", cases())
def test_the_format_is_told_by_the_content_whatever_the_name(path):
    _, parcel, judged = load(path)
    folder = path.relative_to(MATERIAL).parts[0]
    content = (MATERIAL / folder / path.relative_to(MATERIAL / folder / "_moodle-parse").with_suffix("")).read_bytes()
    if parcel.questions:
        name = parcel.file if {q.kind for q in parcel.questions} == {"description"} else "datos.bin"    # words are only words
        assert formats.read(name, content).format == parcel.format
    assert all(n.grade in Grade for n in formats.read("datos.bin", content).notices)
