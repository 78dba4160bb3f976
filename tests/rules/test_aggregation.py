"""Totals of categories: other people's expected figures, and what must hold for any marks."""

import json
from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.grading.aggregation import HOWS, Cell, Rule, total

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "grades" / "aggregation.json"
KNOWN = json.loads(MATERIAL.read_text(), parse_float=str) if MATERIAL.exists() else None
needs = pytest.mark.skipif(KNOWN is None, reason="the material of expected totals is not here")
NAMES = ("one", "two", "three", "four", "Sub1", "Sub2")


def course_total(case, hidden):
    """A case of the material: two categories and items beside them, all totalled alike."""
    how, extra = case["aggregation"], set(case.get("extra_credit", ()))
    worth, weights = case.get("extra_credit_weight", {}), case.get("weights", {})

    def cell(name, share, most):
        fixed = weights.get(name) if how == "natural" else None
        return Cell(name, share, F(str(weights.get(name, weights.get("others", 1)))), F(str(most)),
                    F(str(worth.get(name, 1 if name in extra else 0))), None if fixed is None else F(str(fixed)))

    inside = {None: [], "Sub1": [], "Sub2": []}
    for name, most, category, points in KNOWN["course"]["items"]:
        if name not in hidden:
            share = None if points is None else F(str(points)) / F(str(most))
            inside[category].append(cell(name, share, most))
    for sub in ("Sub1", "Sub2"):
        made = total(inside[sub], Rule(how, empty="zero" if sub == "Sub2" else "skip"))
        inside[None].append(cell(sub, made.share, made.most))
    return total(inside[None], Rule(how))


@needs
@pytest.mark.parametrize("case", KNOWN["cases"] if KNOWN else [], ids=lambda c: c["aggregation"])
def test_expected_totals_of_a_course(case):
    hidden = set(KNOWN["course"]["hidden_items"]) | set(case.get("also_hidden", ()))
    for said, without in (("expected_teacher", ()), ("expected_student", hidden)):
        found = course_total(case, set(without))
        expected = F(str(case[said]))
        points = found.share * (found.most if case["aggregation"] == "natural" else 100)
        assert round(points * 100) == expected * 100, said


@needs
@pytest.mark.parametrize("case", KNOWN["limit_rules"]["cases"] if KNOWN else [], ids=str)
def test_what_is_dropped_and_what_is_kept(case):
    most = {"g0": 110, "g1": 100, "g2": 6, "g4": 100}
    extra = set(case.get("extra_credit", ()))
    cells = [Cell(name, F(str(figure)), most=F(most[name]), extra=F(name in extra))
             for name, figure in case["grades"].items()]
    rule = Rule(case.get("aggregation", "mean"), case.get("droplow", 0), case.get("keephigh", 0))
    dropped = {c.code for c in total(cells, rule).dropped}
    assert [c.code for c in cells if c.code not in dropped] == case["kept"]


def test_points_are_summed_naturally_and_a_weight_set_by_hand_holds():
    items = [Cell("a", F(1, 2), most=F(100)), Cell("b", F(1), most=F(50)), Cell("c", None, most=F(50))]
    found = total(items, Rule("natural"))
    assert (found.share, found.most) == (F(100, 150), 150)
    assert total(items, Rule("natural", empty="zero")).share == F(1, 2)
    extra = [*items, Cell("x", F(1), most=F(15), extra=F(1))]
    assert total(extra, Rule("natural")).share == F(115, 150)
    by_hand = [Cell("a", F(1, 2), most=F(100), fixed=F(1, 4)), Cell("b", F(1), most=F(100))]
    assert total(by_hand, Rule("natural")).share == F(7, 8)
    alone = [by_hand[0], Cell("b", None, most=F(100))]
    assert total(alone, Rule("natural")).share == F(1, 2)
    ignored = [Cell("a", F(1, 2), most=F(100), fixed=F(0)), Cell("b", F(1), most=F(100))]
    assert (total(ignored, Rule("natural")).share, total(ignored, Rule("natural")).most) == (1, 100)


def test_nothing_marked_is_no_total_and_only_extra_credit_is_what_it_adds():
    assert total([Cell("a", None)], Rule()).share is None and total([], Rule("natural")).share is None
    assert total([Cell("a", F(1, 2), weight=F(0))], Rule("weighted_mean")).share is None
    assert total([Cell("a", F(1, 2), extra=F(1, 2))], Rule("mean_with_extra_credit")).share == F(1, 4)


def test_every_figure_has_its_weight():
    found = total([Cell("a", F(1, 2), F(40)), Cell("b", F(1), F(60)), Cell("x", F(1), F(10), extra=F(1))],
                  Rule("weighted_mean"))
    assert [(c.code, w) for c, w in found.counted] == [("a", F(2, 5)), ("b", F(3, 5)), ("x", F(1, 10))]
    assert found.share == F(9, 10)


MARKS = st.lists(st.tuples(st.one_of(st.none(), st.fractions(0, 1, max_denominator=50)), st.integers(1, 9),
                           st.integers(1, 200), st.booleans()), min_size=1, max_size=8)


def built(marks, extras=True):
    return [Cell(f"g{n}", share, F(weight), F(most), F(extra and extras))
            for n, (share, weight, most, extra) in enumerate(marks)]


@given(MARKS, st.sampled_from(HOWS), st.sampled_from(["skip", "zero"]), st.integers(0, 3), st.integers(0, 3))
def test_a_total_lies_between_what_counts_and_only_extra_credit_lifts_it(marks, how, empty, drop, keep):
    found = total(built(marks, extras=False), Rule(how, drop, keep, empty))
    shares = [c.share or F(0) for c, _ in found.counted]
    assert (found.share is None) == (not shares)
    if shares:
        assert min(shares) <= found.share <= max(shares) and sum(w for _, w in found.counted) == 1
    lifted = total(built(marks), Rule(how, drop, keep, empty)).share
    assert lifted is None or 0 <= lifted <= 1


@given(MARKS, st.sampled_from([h for h in HOWS if h != "mode"]), st.integers(0, 2), st.integers(0, 7), st.fractions(0, 1))
def test_a_better_mark_never_makes_a_worse_total(marks, how, drop, which, more):
    """But for the mode, where a better mark may break up what comes most often; and where dropping, only of equal worth."""
    cells = [Cell(c.code, c.share or F(0), F(1), F(100), c.extra) for c in built(marks)]
    before = total(cells, Rule(how, drop)).share
    one = cells[which % len(cells)]
    better = [Cell(c.code, min(c.share + more, F(1)), c.weight, c.most, c.extra) if c is one else c for c in cells]
    after = total(better, Rule(how, drop)).share
    assert (before is None) == (after is None) and (before is None or after >= before)
