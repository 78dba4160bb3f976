"""The grade scales: every published vector, and what must hold for any score."""

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.grading.scales import HOME, SCALES, Scale, grade, mean

CL, AR = SCALES["CL"], SCALES["AR"]


def with_demand(demand: F) -> Scale:
    return Scale("t", "t", "t", CL.minimum, CL.passing, CL.maximum, demand, 1)


def argentine(passing: int) -> Scale:
    return Scale("t", "t", "t", Decimal(1), Decimal(passing), Decimal(10), F(60, 100), 0)


@pytest.mark.parametrize("points, out_of, written, passed", [
    ("0", 100, "1,0", False), ("1", 100, "1,1", False), ("19", 100, "2,0", False), ("30", 100, "2,5", False),
    ("58", 100, "3,9", False), ("58.99", 100, "3,9", False), ("59", 100, "4,0", True), ("60", 100, "4,0", True),
    ("61", 100, "4,1", True), ("66", 100, "4,5", True), ("82", 100, "5,7", True), ("90", 100, "6,3", True),
    ("99", 100, "6,9", True), ("100", 100, "7,0", True), ("1", 20, "1,3", False), ("5", 20, "2,3", False),
    ("11", 20, "3,8", False), ("12", 20, "4,0", True), ("18", 20, "6,3", True), ("37", 50, "5,1", True),
    ("35.5", 45, "5,4", True), ("5.9", 10, "4,0", True)])
def test_chilean_grade_of_points_at_sixty_per_cent(points, out_of, written, passed):
    found = grade(F(points) / out_of, CL)
    assert (found.written, found.passed) == (written, passed)


@pytest.mark.parametrize("demand, percent, written", [
    (50, 30, "2,8"), (50, 49, "3,9"), (50, 50, "4,0"), (50, 60, "4,6"), (50, 80, "5,8"),
    (70, 50, "3,1"), (70, 60, "3,6"), (70, 69, "4,0"), (70, 70, "4,0"), (70, 80, "5,0")])
def test_chilean_grade_at_other_demands(demand, percent, written):
    scale = with_demand(F(demand, 100))
    assert grade(F(percent, 100), scale, scale).written == written


@pytest.mark.parametrize("share, four, six, seven", [
    ("0", 1, 1, 1), ("0.30", 3, 4, 4), ("0.50", 3, 5, 6), ("0.55", 3, 5, 6), ("0.58", 3, 5, 6), ("0.5899", 3, 5, 6),
    ("0.59", 4, 6, 7), ("0.60", 4, 6, 7), ("0.65", 5, 7, 7), ("0.70", 6, 7, 8), ("0.80", 7, 8, 9),
    ("0.85", 8, 9, 9), ("0.90", 9, 9, 9), ("0.95", 9, 10, 10), ("1", 10, 10, 10)])
def test_argentine_mark_agrees_with_the_chilean_verdict(share, four, six, seven):
    assert [int(grade(F(share), argentine(p)).value) for p in (4, 6, 7)] == [four, six, seven]


@given(st.fractions(0, 1), st.fractions(0, 1))
@settings(max_examples=100)
def test_more_points_never_give_a_lower_grade_in_either_country(a, b):
    low, high = sorted((a, b))
    for scale in (CL, AR):
        assert grade(low, scale).value <= grade(high, scale).value


@given(st.fractions(0, 1))
@settings(max_examples=100)
def test_a_pass_is_a_pass_on_both_sides_and_no_mark_leaves_its_scale(share):
    chile, argentina = grade(share, CL), grade(share, AR)
    assert chile.passed == argentina.passed == (chile.value >= CL.passing) == (argentina.value >= AR.passing)
    assert CL.minimum <= chile.value <= CL.maximum and AR.minimum <= argentina.value <= AR.maximum


@given(st.fractions(0, 1))
@settings(max_examples=100)
def test_a_grade_turned_back_into_a_share_is_the_same_grade(share):
    assert CL.share(CL.raw(share)) == share
    assert grade(CL.share(F(grade(share, CL).value)), CL).value == grade(share, CL).value


def test_the_ends_are_the_ends():
    assert [grade(F(0), CL).written, grade(F(1), CL).written, grade(F(3, 2), CL).written] == ["1,0", "7,0", "7,0"]


@pytest.mark.parametrize("raws, weights, first, after", [
    (["3.85", "3.95"], [1, 1], "4,0", "3,9"), (["5.4", "6.2", "6.6"], [60, 25, 15], "5,8", "5,8"),
    (["3.9", "4.0", "4.1"], [60, 25, 15], "4,0", "4,0"), (["3.8", "4.2", "4.0"], [60, 25, 15], "3,9", "3,9")])
def test_rounding_the_partials_first_can_decide_a_pass(raws, weights, first, after):
    parts = [(CL.share(F(raw)), weight) for raw, weight in zip(raws, weights, strict=True)]
    assert grade(mean(parts, HOME), CL).written == first
    assert grade(mean(parts, HOME, round_first=False), CL).written == after


@pytest.mark.parametrize("share, words", [("0.59", "cuatro coma cero"), ("1", "siete coma cero"), ("0.82", "cinco coma siete")])
def test_grades_in_words(share, words):
    assert grade(F(share), CL).words == words


def test_argentine_grade_in_words():
    assert grade(F(1), AR).words == "diez"
