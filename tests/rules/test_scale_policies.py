"""Any sound scale: total, monotone, both ends reached, one verdict on both sides of the line, the same when written again."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.grading.policies import standing
from lms.grading.scales import HOME, ROUNDINGS, SCALES, Scale, grade, share_of
from lms.grading.soundness import digest, dumped, faults, loaded, read_table

SHARES = st.fractions(0, 1, max_denominator=2000)


@st.composite
def linear(draw, minimums=(0, 1), country="AR"):
    decimals = draw(st.integers(0, 2))
    step = D(1).scaleb(-decimals)
    low, high = D(draw(st.sampled_from(minimums))), D(draw(st.sampled_from([5, 7, 10, 20, 100])))
    passing = low + step * draw(st.integers(1, int((high - low) / step) - 1))
    return Scale("x-1", "una escala", "Argentina", low.quantize(step), passing.quantize(step), high.quantize(step),
                 F(draw(st.integers(1, 99)), 100), decimals, country, rounding=draw(st.sampled_from(ROUNDINGS)))


@st.composite
def tabled(draw, home):
    """A table that is sound for a home scale: the pass line between two of its rows."""
    size = int((home.maximum - home.minimum) / home.step)
    line = int((home.passing - home.minimum) / home.step)
    below = draw(st.sets(st.integers(1, max(line - 1, 1)), max_size=4)) if line > 1 else set()
    above = draw(st.sets(st.integers(min(line + 1, size), size), max_size=5)) if line < size else set()
    fails, passes = sorted({0, *(b for b in below if b < line)}), sorted({line, *(a for a in above if a > line)})
    marks = [0, *sorted(draw(st.lists(st.integers(0, 3), min_size=len(fails) - 1, max_size=len(fails) - 1)))]
    marks += sorted(draw(st.lists(st.integers(4, 10), min_size=len(passes), max_size=len(passes))))
    marks[-1] = 10
    rows = tuple((home.minimum + home.step * at, D(mark)) for at, mark in zip([*fails, *passes], marks, strict=True))
    return Scale("t-1", "una tabla", "Argentina", D(0), D(4), D(10), F(1, 2), 0, "AR", table=rows)


@st.composite
def pairs(draw):
    home = draw(linear(country="CL"))
    return home, draw(st.one_of(linear(), tabled(home)))


@given(pairs())
@settings(max_examples=150)
def test_made_scales_are_sound_and_kept_as_they_are(pair):
    for scale in pair:
        assert faults(scale, pair[0]) == []
        assert loaded(dumped(scale)) == scale and digest(loaded(dumped(scale))) == digest(scale)


@given(pairs(), SHARES, SHARES)
@settings(max_examples=300)
def test_more_points_never_give_less_and_no_mark_leaves_its_scale(pair, a, b):
    home, shown = pair
    low, high = sorted((a, b))
    for scale in pair:
        first, second = grade(low, scale, home), grade(high, scale, home)
        assert scale.minimum <= first.value <= second.value <= scale.maximum
        assert first.value == first.value.quantize(scale.step)


@given(pairs(), SHARES)
@settings(max_examples=300)
def test_a_pass_is_a_pass_on_both_sides(pair, share):
    home, shown = pair
    own, other = grade(share, home, home), grade(share, shown, home)
    assert own.passed == other.passed == (own.value >= home.passing) == (other.value >= shown.passing)


@given(pairs())
@settings(max_examples=150)
def test_nothing_is_the_least_and_all_is_the_most(pair):
    home, shown = pair
    for scale in pair:
        assert grade(F(0), scale, home).value == scale.minimum and grade(F(1), scale, home).value == scale.maximum
        assert grade(F(3, 2), scale, home).value == scale.maximum and grade(F(-1), scale, home).value == scale.minimum


@given(pairs(), SHARES)
@settings(max_examples=400)
def test_what_was_written_is_written_again_from_the_share_it_stands_for(pair, share):
    home, shown = pair
    for scale in pair:
        value = grade(share, scale, home).value
        assert grade(share_of(value, scale, home), scale, home).value == value


@given(SHARES)
def test_the_unlike_roundings_stand_in_their_order(share):
    found = {how: replace(HOME, rounding=how).rounded(HOME.raw(share)) for how in ROUNDINGS}
    assert found["down"] <= min(found["half_down"], found["half_even"]) and found["half_up"] <= found["up"]
    assert found["half_down"] <= found["half_even"] <= found["half_up"] and found["up"] - found["down"] <= HOME.step


@pytest.mark.parametrize("how, raw, rounded", [
    ("half_up", "3.95", "4.0"), ("half_down", "3.95", "3.9"), ("half_even", "3.95", "4.0"), ("half_even", "3.85", "3.8"),
    ("up", "3.91", "4.0"), ("down", "3.99", "3.9"), ("up", "3.9", "3.9"), ("half_down", "3.96", "4.0")])
def test_roundings(how, raw, rounded):
    assert replace(HOME, rounding=how).rounded(F(raw)) == D(rounded)


# What is not sound ----------------------------------------------------------------------------------------------------

ROWS = "1,0 = 1\n3,0 = 3\n4,0 = 4\n5,5;7\n\n7,0\t10"


def table(text):
    return replace(SCALES["AR"], table=read_table(text))


def test_a_table_as_a_person_writes_it():
    assert faults(table(ROWS), HOME) == []
    assert [grade(F(n, 100), table(ROWS)).written for n in (0, 58, 59, 60, 79, 80, 99, 100)] == [
        "1", "3", "4", "4", "4", "7", "7", "10"]
    for text in ("4,0", "a = b", "4,0 = 4 = 5", "1,0 = -1", "NaN = 4", "1,0 = 1000"):
        with pytest.raises(ValueError, match="Línea 1"):
            read_table(text)


@pytest.mark.parametrize("rows, said", [
    ("1,0 = 1\n4,0 = 4\n3,0 = 3\n7,0 = 10", "ordenar de menos a más"),
    ("1,0 = 1\n4,0 = 7\n5,0 = 6\n7,0 = 10", "no puede valer menos"),
    ("2,0 = 1\n4,0 = 4\n7,0 = 10", "empieza en 2"), ("1,0 = 2\n4,0 = 4\n7,0 = 10", "la mínima (1)"),
    ("1,0 = 1\n4,0 = 4\n7,0 = 9", "la máxima (10)"), ("1,0 = 1\n4,0 = 3\n7,0 = 10", "Con 4,0 se aprueba"),
    ("1,0 = 1\n3,0 = 4\n4,0 = 4\n7,0 = 10", "Con 4,0 se aprueba"), ("1,0 = 1\n4,0 = 11\n7,0 = 10", "no es una nota"),
    ("1,0 = 1\n4,0 = 4,5\n7,0 = 10", "no es una nota"), ("1,0 = 1\n4,0 = 4\n8,0 = 10", "llega a 7")])
def test_a_table_that_is_not_total_or_not_monotone_or_crosses_the_line(rows, said):
    assert any(said in words for _, words in faults(table(rows), HOME)), faults(table(rows), HOME)


@pytest.mark.parametrize("changed, field", [
    ({"minimum": D("NaN")}, "minimum"), ({"maximum": D("Infinity")}, "maximum"), ({"passing": D("4.05")}, "passing"),
    ({"passing": D("1.0")}, "passing"), ({"passing": D("7.0")}, "passing"), ({"demand": F(0)}, "demand"),
    ({"demand": F(1)}, "demand"), ({"rounding": "nearest"}, "rounding"), ({"least": D("0.5")}, "least"),
    ({"labels": ((D(4), "b"), (D(1), "a"))}, "labels")])
def test_figures_that_make_no_scale(changed, field):
    assert field in [name for name, _ in faults(replace(HOME, **changed))]


def test_the_words_of_a_scale():
    assert HOME.label(D("5.8")) == "más que suficiente" and SCALES["AR"].label(D(8)) == ""
    assert replace(HOME, decimals=2).words(D("5.05")) == "cinco coma cero cinco" and SCALES["AR"].words(D(10)) == "diez"


# Which scales a cohort reads ------------------------------------------------------------------------------------------

def test_one_s_own_country_reads_first_and_the_home_scale_decides():
    seventy = replace(HOME, id="cl-v2", demand=F(7, 10))
    six = replace(SCALES["AR"], id="ar-v2", passing=D(6))
    chosen = standing("AR", (("home", seventy), ("shown", six)))
    assert (chosen.home, chosen.shown) == (seventy, (six, seventy))
    assert [g.written for g in chosen.grades(F(65, 100))] == ["5", "3,8"]
    assert standing("AR", (("shown", six), ("hidden", six))).shown == (HOME,)
    assert chosen.at("CL") == seventy and chosen.at("PE") == seventy
    uruguay = replace(six, id="uy-1", country="UY", place="Uruguay")
    assert [s.country for s in standing("CL", (("shown", uruguay),)).shown] == ["CL", "AR", "UY"]
