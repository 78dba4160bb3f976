"""GIFT files written by others, compared with what Moodle itself made of them."""

import json
import re
from collections import Counter
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from lms.catalogue.formats import gift
from lms.catalogue.kinds.kind import plain
from lms.catalogue.notation import percent_of

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "gift"
JUDGED = sorted((MATERIAL / "_moodle-parse").rglob("*.json"))
NAMES = {"single": "multichoice", "multiple": "multichoice", "matching": "match", "short": "shortanswer"}

pytestmark = pytest.mark.skipif(not JUDGED, reason=f"the files made by others are not here: {MATERIAL}")


def cases():
    return [pytest.param(path, id=path.name.removesuffix(".json")) for path in JUDGED]


def load(path: Path):
    source = MATERIAL / path.relative_to(MATERIAL / "_moodle-parse").with_suffix("")
    questions, faults = gift.read(source.read_bytes().decode("utf-8", "replace"), source.name)
    judged = [q for q in json.loads(path.read_text())["questions"] if q["qtype"] not in ("category", "description")]
    return questions, faults, judged


def words(text: str) -> str:
    """What a person reads, whatever the format: our Markdown and Moodle's own differ in tags only."""
    return "".join(c for c in unescape(plain(re.sub("<!--.*?-->", "", text))) if c.isalnum())


def near(number: str | float, other: Decimal) -> bool:
    """Moodle reckons in floats; a file of ours in decimals."""
    return abs(Decimal(str(number)) - other) < Decimal("1e-9")


@pytest.mark.parametrize("path", cases())
def test_as_many_questions_of_each_kind_as_moodle_finds(path):
    questions, faults, judged = load(path)
    assert Counter(NAMES.get(q.kind, q.kind) for q in questions) == Counter(q["qtype"] for q in judged)
    assert all(fault.line for fault in faults)


@pytest.mark.parametrize("path", cases())
def test_texts_weights_tolerances_pairs_and_feedback_are_those_of_moodle(path):
    questions, _, judged = load(path)
    for ours, theirs in zip(questions, judged, strict=True):
        assert words(ours.text) == words(theirs["questiontext"])
        assert words(ours.feedback) == words(theirs.get("generalfeedback", ""))
        if not ours.id.startswith("pregunta-"):
            assert words(ours.id) == words(theirs["name"])
        if "fraction" in theirs and ours.kind != "ordering":
            assert [percent_of(o.share) for o in ours.options] == [
                f"{Decimal(str(f)) * 100:.5f}".rstrip("0").rstrip(".") for f in theirs["fraction"]]
            assert [words(o.feedback) for o in ours.options] == [words(f["text"]) for f in theirs["feedback"]]
        if "tolerance" in theirs:
            for (value, tolerance, _), a, t in zip(ours.numbers, theirs["answer"], theirs["tolerance"], strict=True):
                assert tolerance.is_infinite() if a == "*" else near(a, value) and near(t, tolerance)
        elif "answer" in theirs:
            said = [a["text"] if isinstance(a, dict) else a for a in theirs["answer"]]
            assert [words(o.text) for o in ours.options] == [words(text) for text in said]
        if "subanswers" in theirs:
            assert [o.match for o in ours.options] == [" ".join(text.split()) for text in theirs["subanswers"]]
            assert [words(o.text) for o in ours.options] == [words(s["text"]) for s in theirs["subquestions"]]
        if "correctanswer" in theirs:
            right, wrong = ("true", "false") if theirs["correctanswer"] else ("false", "true")
            assert next(o.id for o in ours.options if o.share == 1) == right
            for side in (right, wrong):
                assert words(next(o.feedback for o in ours.options if o.id == side)) == words(
                    theirs.get(f"feedback{side}", {}).get("text", ""))


@pytest.mark.parametrize("path", cases())
def test_what_others_wrote_survives_our_writer(path):
    questions, _, _ = load(path)
    assert gift.read(gift.write(questions), "again")[0] == questions
