"""QTI items scored by others: our processing gives the outcomes they expect, and what we read of an item scores as it does itself."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from lms.catalogue import formats
from lms.catalogue.formats import qti_tree
from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.formats.qti_mappings import NotTaken
from lms.catalogue.formats.qti_processing import Processing, process
from lms.catalogue.formats.qti_scoring import ItemScorer
from lms.catalogue.formats.safe import parse_xml
from lms.catalogue.kinds.kind import plain

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "qti-scoring"
FOLDERS = sorted(path.parent for path in MATERIAL.rglob("item.xml"))
pytestmark = pytest.mark.skipif(not FOLDERS, reason=f"the items scored by others are not here: {MATERIAL}")


def each_case():
    for folder in FOLDERS:
        told = json.loads((folder / "cases.json").read_text())
        for case in told["cases"]:
            yield pytest.param(folder, case, told.get("seed", 0), id=f"{folder.name}: {case['name']}")


CASES = list(each_case())


def item_of(folder):
    root = parse_xml("", (folder / "item.xml").read_bytes())
    assert not isinstance(root, Notice)
    qti_tree.unified(root)
    return root


def given(responses):
    return {name: v if v is None or isinstance(v, str) else [str(x) for x in v] if isinstance(v, list) else str(v) for name, v in responses.items()}


def told(value):
    if value is None:
        return None
    items = [float(i) if isinstance(i, Fraction) else i for i in value.items]
    return items[0] if value.cardinality == "single" else items


def same(expected, found):
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        return isinstance(found, float) and abs(found - expected) < 1e-9
    return expected == found or (expected == "" and found is None)


@pytest.mark.parametrize("folder, case, seed", CASES)
def test_the_outcomes_are_those_expected(folder, case, seed):
    item = item_of(folder)
    if case.get("xfail"):
        with pytest.raises(NotTaken) as refused:
            process(item, given(case["responses"]), seed)
        assert str(refused.value) in case["xfailReason"]
        return
    result = process(item, given(case["responses"]), seed)
    expected = case["expect"]
    for name, value in expected.get("outcomes", {}).items():
        assert same(value, told(result.values.get(name))), name
    if "score" in expected:
        assert same(expected["score"], float(result.score))
    if "modalFeedbackIdentifiers" in expected:
        scorer = ItemScorer(item)
        shown = scorer.shown({k: (v,) if isinstance(v, str) else tuple(v or ()) for k, v in given(case["responses"]).items()})
        assert [scorer.feedbacks[int(n)].get("identifier") for n in sorted(shown)] == expected["modalFeedbackIdentifiers"]


@pytest.mark.parametrize("folder, case, seed", [c for c in CASES if "itemBodyContains" in c.values[1]["expect"]])
def test_drawn_values_are_those_others_draw_from_the_same_seed(folder, case, seed):
    run = Processing(item_of(folder), seed)
    run.template()
    body = next(item_of(folder).iter("itemBody"))
    for printed in list(body.iter("printedVariable")):
        value = told(run.values.get(printed.get("identifier")))
        printed.text = str(value)
    words = " ".join("".join(body.itertext()).split())
    assert all(said in words for said in case["expect"]["itemBodyContains"])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_what_is_read_scores_as_the_item_does_or_the_difference_is_told(folder):
    parcel = formats.read("item.xml", (folder / "item.xml").read_bytes())
    assert parcel.questions or parcel.faults, "neither read nor refused"
    for notice in parcel.faults:
        assert notice.place and notice.message and notice.remedy
    for question in parcel.questions:
        assert plain(question.text) or question.kind == "description"
        inside = (folder / "item.xml").read_text()
        differs = [n for n in parcel.notices if n.grade is Grade.CHANGED]
        if re.search(r"match_correct|map_response\b", inside) and question.kind in ("single", "multiple"):
            assert not differs
