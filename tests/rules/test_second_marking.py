"""Second marking by its stated rule, agreement figures, rubrics that change, and where a pinned passage stands."""

from datetime import UTC, datetime
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.attempts.rules import LateRule
from lms.catalogue.rules import Criterion, Level
from lms.grading import judging
from lms.grading.agreement import levels_agree, points_agree
from lms.grading.judging import Judged, dumped, lines, loaded, moved
from lms.grading.pins import PinView, found, paragraphs
from lms.grading.rules import Handed, less_late, task_part
from lms.grading.scales import HOME
from lms.grading.second import Plan, Voice, outcome, role_for
from lms.grading.second import loaded as loaded_plan

AT = datetime(2027, 5, 1, tzinfo=UTC)


def voice(role, points, marker, institution=None, levels="", feedback=""):
    return Voice(role, F(points), F(12), levels, feedback, marker, institution, AT)


def said(*voices):
    return {v.role: v for v in voices}


# The rule -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("close, far, second, need, rule, points", [
    ("mean", "third", 9, "", "mean", F(17, 2)), ("first", "third", 9, "", "first", 8),
    ("mean", "third", 11, "third", "", 0), ("mean", "talk", 11, "talk", "", 0),
    ("mean", "mean", 11, "", "mean", F(19, 2)), ("mean", "first", 11, "", "first", 8)])
def test_what_two_opinions_come_to(close, far, second, need, rule, points):
    came = outcome(Plan("all", tolerance=10, close=close, far=far), said(voice("first", 8, 1), voice("second", second, 2)))
    assert (came.need, came.rule, came.points) == (need, rule, points)


def test_the_tolerance_itself_is_still_close_and_a_third_decides():
    plan = Plan("all", tolerance=25)
    assert outcome(plan, said(voice("first", 6, 1), voice("second", 9, 2))).rule == "mean"
    assert outcome(plan, said(voice("first", 6, 1), voice("second", F("9.01"), 2))).need == "third"
    assert outcome(plan, said(voice("first", 2, 1), voice("second", 9, 2), voice("third", 5, 3))).points == 5


def test_who_may_speak_and_as_what():
    plan = Plan("all")
    first = said(voice("first", 8, 1, institution=2))
    assert role_for(plan, {}, 1, 2) == "first"
    assert role_for(plan, first, 1, 2) == "first"                   # may say it again until the second has spoken
    assert role_for(plan, first, 5, 2) is None                      # of the same university
    assert role_for(plan, first, 5, 3) == "second"
    assert role_for(Plan("all", across=False), first, 5, 2) == "second"
    apart = {**first, **said(voice("second", 2, 5, 3))}
    assert role_for(plan, apart, 9, 2) == "third" and role_for(plan, apart, 1, 2) == "first"
    assert role_for(Plan("all", far="talk"), apart, 1, 2) == "talk" and role_for(Plan("all", far="talk"), apart, 9, 2) is None
    assert role_for(plan, said(voice("first", 8, 1), voice("second", 8, 5)), 1, 2) is None


def test_a_sample_is_drawn_by_the_work_about_as_large_as_asked_and_a_quiz_whole():
    plan = Plan("sample", percent=20)
    drawn = sum(plan.takes(f"t{n}") for n in range(5000))
    assert 900 < drawn < 1100 and plan.takes("q7.a") == plan.takes("q7.b")
    assert not Plan().takes("t1") and loaded_plan(plan.dumped()) == plan and loaded_plan("") == Plan()


# Agreement ------------------------------------------------------------------------------------------------------------

def test_kappa_as_in_the_textbook():
    """Cohen's own kind of table: 20 both yes, 15 both no, 5 and 10 apart: 0.4 beyond chance."""
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    a = levels_agree(pairs)
    assert (a.pairs, a.same, a.near) == (50, 0.7, 1.0) and a.kappa == pytest.approx(0.4) and a.weighted == pytest.approx(0.4)
    assert a.difference == pytest.approx(0.1) and not a.few


def test_weighted_kappa_forgives_the_next_level_more_than_the_last():
    near, far = levels_agree([(0, 1), (1, 2), (2, 3), (3, 3), (0, 0)]), levels_agree([(0, 3), (1, 3), (3, 0), (3, 3), (0, 0)])
    assert near.weighted > far.weighted and near.near == 1.0 and near.few


def test_where_nothing_can_be_told_nothing_is():
    assert levels_agree([]).same is None and levels_agree([(2, 2)] * 3).kappa is None
    one = points_agree([(F(8), F(9))], F(1))
    assert (one.same, one.near, one.difference, one.spread) == (0.0, 1.0, 1.0, None)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_kappa_is_at_most_one_and_the_same_seen_from_either_side(pairs):
    a, b = levels_agree(pairs), levels_agree([(y, x) for x, y in pairs])
    assert a.kappa is None or a.kappa <= 1 + 1e-9
    assert (a.kappa is None) == (b.kappa is None) and (a.kappa is None or a.kappa == pytest.approx(b.kappa))


# Rubrics --------------------------------------------------------------------------------------------------------------

OLD = (Criterion("Uso", "", (Level(0, "No", ""), Level(2, "Sí", ""))), Criterion("Forma", "", (), most=5))


def test_levels_travel_as_plain_numbers_and_the_rest_beside_them():
    judged = [Judged(1), Judged(None, F(5, 2), "Casi")]
    assert loaded(dumped([Judged(1), Judged(0)])) == (None, (Judged(1), Judged(0))) and dumped([Judged(1)]) == "[1]"
    assert loaded(dumped(judged, 7)) == (7, tuple(judged))
    assert sum(line.points for line in lines(dumped(judged), OLD)) == F(9, 2)
    for broken in ("", "{", "[[1]]", '{"r":1}', '["x"]', "[1,2,3]"):
        assert lines(broken, OLD) == []


def test_a_changed_rubric_recalculates_what_it_can_and_leaves_the_rest_to_a_person():
    text = dumped([Judged(1), Judged(None, F(3))])
    dearer = (Criterion("Uso", "", (Level(0, "No", ""), Level(1, "Algo", ""), Level(4, "Sí", ""))), OLD[1])
    assert moved(OLD, dearer, text, {})[0] == 7
    assert moved(OLD, (OLD[0],), text, {})[0] == 2                                      # a criterion less
    assert moved(OLD, (*OLD, Criterion("Fuentes", "", (), most=2)), text, {}) is None     # something new is asked
    assert moved(OLD, (Criterion("Uso", "", (Level(0, "No", ""), Level(2, "Mucho", ""))), OLD[1]), text, {}) is None
    assert moved(OLD, (OLD[0], Criterion("Forma", "", (), most=2)), text, {}) is None     # more than there is now
    ranged = (Criterion("Uso", "", (Level(1, "No", "", 0), Level(6, "Sí", "", 3))),)
    assert moved(ranged, (Criterion("Uso", "", (Level(1, "No", "", 0), Level(4, "Sí", "", 3))),),
                 dumped([Judged(1, F(5))]), {})[0] == 4
    version, judged = judging.loaded(moved(OLD, dearer, text, {}, 9)[1])
    assert version == 9 and judged[0].level == 2


# Passages -------------------------------------------------------------------------------------------------------------

TEXT = "Uno dos tres.\nDos líneas  aquí.\n\nOtro párrafo con dos."


def test_a_passage_is_found_as_copied_and_nearest_to_where_it_was_selected():
    assert TEXT[slice(*found(TEXT, "tres.\nDos líneas aquí."))] == "tres.\nDos líneas  aquí."
    assert found(TEXT, "dos")[0] == 4 and found(TEXT, "dos", 50)[0] == TEXT.rindex("dos")
    assert found(TEXT, "cuatro") is None and found(TEXT, "  ") is None


def test_the_text_is_cut_where_a_passage_begins_and_ends_and_nothing_is_lost():
    pins = [PinView(1, 1, "a", 4, 18), PinView(2, 1, "b", 8, 12)]
    parts = paragraphs(TEXT, pins)
    assert "\n\n".join("\n".join("".join(r.text for r in line) for line in p) for p in parts) == TEXT
    marked = [(r.text, r.pins) for p in parts for line in p for r in line if r.pins]
    assert marked == [("dos ", (1,)), ("tres", (1, 2)), (".", (1,)), ("Dos ", (1,))]


@given(st.text("ab \n", max_size=60), st.data())
def test_any_passage_of_a_text_can_be_pinned(text, data):
    spans = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    shown = paragraphs(text, [PinView(1, 1, "x", spans[0], spans[1])])
    words = "".join(r.text for p in shown for line in p for r in line)
    assert "".join(words.split()) == "".join(text.split())


# Lateness -------------------------------------------------------------------------------------------------------------

def test_lateness_takes_grades_or_points_by_the_rule_of_its_day():
    points, grades = LateRule("2", 3, "points"), LateRule("0.5", 3)
    assert less_late(F(9, 12), F(12), points, 2, HOME) == F(5, 12)
    assert less_late(F(1, 12), F(12), points, 3, HOME) == 0
    assert HOME.raw(less_late(F(9, 12), F(12), grades, 1, HOME)) == HOME.raw(F(9, 12)) - F(1, 2)
    part = task_part(60, Handed(F(9), F(12), 2, rule=points), "0.5")
    assert part.share == F(5, 12) and part.steps[-1].values["unit"] == "points"
