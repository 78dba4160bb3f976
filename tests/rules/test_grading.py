"""What a module and the diploma come to, and how it is explained."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction as F

import pytest

from lms.attempts.rules import AttemptFact, MarkFact, ScoreFact, SubmissionFact
from lms.grading.explanation import compared, conversion, exact, sides, table
from lms.grading.rules import (
    Handed,
    Opinion,
    Sat,
    final_result,
    handed,
    key_shown,
    levels_of,
    module_result,
    quiz_part,
    sat,
    task_part,
)
from lms.grading.scales import SCALES, grade
from tests.programme import PROGRAMME

G1, G2 = PROGRAMME.modules
CL = SCALES["CL"]
HALF = Decimal("0.5")


def written(share):
    return grade(share, CL).written


def test_the_best_sitting_counts():
    part = quiz_part(40, [Sat(1, F(3), F(7)), Sat(2, F(6), F(7))], 2, running=False)
    assert part.share == F(6, 7) and part.steps[0].values["number"] == 2


def test_a_sitting_with_an_essay_unmarked_waits_unless_another_is_complete():
    assert quiz_part(40, [Sat(1, F(3), F(6), waiting=1)], 2, False).state == "marking"
    assert quiz_part(40, [Sat(1, F(3), F(6), unreleased=1)], 2, False).state == "unreleased"
    assert quiz_part(40, [Sat(1, F(3), F(6), waiting=1), Sat(2, F(2), F(6))], 2, False).share == F(1, 3)


def test_a_late_task_loses_half_a_grade_a_day_and_never_falls_below_the_minimum():
    on_time = task_part(60, Handed(F(9), F(12)), HALF)
    late = task_part(60, Handed(F(9), F(12), days_late=2), HALF)
    assert (written(on_time.share), written(late.share)) == ("5,1", "4,1")
    assert written(task_part(60, Handed(F(0), F(12), days_late=3), HALF).share) == "1,0"


def test_a_mark_not_published_is_not_a_mark_for_the_student():
    assert task_part(60, Handed(F(9), F(12), released=False), HALF).state == "unreleased"


def test_a_module_is_the_weighted_mean_of_its_rounded_grades():
    result = module_result(G1, [quiz_part(40, [Sat(1, F(82), F(100))], 2, False),
                                task_part(60, Handed(F(90), F(100)), HALF)])
    assert written(result.share) == "6,1" and result.passed           # 0,4 x 5,7 + 0,6 x 6,3 = 6,06


def test_failing_the_task_fails_the_module_whatever_the_mean():
    result = module_result(G1, [quiz_part(40, [Sat(1, F(7), F(7))], 2, False),
                                task_part(60, Handed(F(6), F(12)), HALF)])
    assert written(result.share) == "3,9" and not result.passed
    assert [s.kind for s in result.steps] == ["mean", "must_pass"]
    lenient = replace(G1, task=replace(G1.task, must_pass=False))
    assert module_result(lenient, list(result.parts)).passed


@pytest.mark.parametrize("taken, best, closed, shown", [
    (1, F(1, 2), False, False), (2, F(1, 2), False, True), (1, F(1), False, True), (1, None, True, True), (1, None, False, False)])
def test_the_right_answers_are_shown_when_no_attempt_could_profit_from_them(taken, best, closed, shown):
    assert key_shown(taken, 2, best, closed) is shown


def test_nothing_handed_in_is_not_a_zero():
    result = module_result(G1, [quiz_part(40, [], 2, False), task_part(60, None, HALF)])
    assert result.share is None and result.passed is None and result.state == "none"


def test_the_final_grade_needs_every_module():
    good = {m.code: module_result(m, [quiz_part(40, [Sat(1, F(8), F(10))], 2, False),
                                      task_part(60, Handed(F(8), F(10)), HALF)]) for m in (G1, G2)}
    assert written(final_result(PROGRAMME, good).share) == "5,5"
    assert final_result(PROGRAMME, {"G1": good["G1"]}).share is None


# From facts to what counts --------------------------------------------------------------------------------------------

NOW = datetime(2027, 4, 20, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def score(question, points, marker=None, at=NOW):
    return ScoreFact(question, F(points), F(3) if question == "ensayo" else F(1), marker, at)


def attempt(*scores):
    return AttemptFact(1, 1, 1, "G2", 1, "e", NOW, None, NOW, scores)


MACHINE = (score("anio", 1), score("principios", 1), score("paba", 0))


def test_an_answer_without_a_mark_waits_and_counts_in_what_is_possible():
    found = sat(G2.quiz, attempt(*MACHINE), None)
    assert (found.points, found.out_of, found.waiting, found.unreleased) == (2, 6, 1, 0)


def test_a_persons_mark_is_hidden_until_published_and_not_from_who_marks():
    marked = attempt(*MACHINE, score("ensayo", 2, marker=9, at=LATER))
    assert sat(G2.quiz, marked, None).unreleased == 1
    assert sat(G2.quiz, marked, NOW).unreleased == 1
    assert sat(G2.quiz, marked, LATER).unreleased == 0
    assert sat(G2.quiz, marked, None, hide=False).unreleased == 0


def submission(points, handed_in, due):
    mark = None if points is None else MarkFact(1, F(points), F(12), "[]", "", 9, NOW)
    return SubmissionFact(1, 1, 1, "G1", "e", 1, handed_in, due, mark)


def test_a_task_is_late_by_the_day_up_to_the_last_on_which_it_is_taken():
    assert handed(submission(9, NOW, NOW), LATER).days_late == 0
    assert handed(submission(9, NOW + timedelta(days=1, minutes=5), NOW), LATER).days_late == 2
    assert handed(submission(9, NOW + timedelta(days=30), NOW), LATER, late_days=3).days_late == 3
    assert handed(submission(None, NOW, NOW), LATER).points is None
    assert not handed(submission(9, NOW, NOW), None).released


# Figures --------------------------------------------------------------------------------------------------------------

def test_a_figure_that_does_not_end_is_cut_never_rounded_up():
    assert [exact(F(n, d)) for n, d in ((505, 100), (5, 1), (0, 1))] == ["5,05", "5", "0"]
    assert [exact(F(n, 3)) for n in (2, -1)] == ["0,6666…", "−0,3333…"]
    assert exact(F(39495, 10000)) == "3,9495" and exact(F(199999999, 50000000)) == "3,9999…"
    assert exact(F(200, 3), 2) == "66,66…" and exact(Decimal("0.50")) == "0,5"


@pytest.mark.parametrize("points", range(0, 121, 7))
@pytest.mark.parametrize("country", ["CL", "AR"])
def test_the_arithmetic_shown_gives_the_grade_shown(points, country):
    """start + climb x part of the stretch = raw; raw rounds to the grade unless the guard says why not."""
    share = F(points, 120)
    v = conversion(share, SCALES[country]).values
    part = share / v["stretch"] if v["low"] else (share - v["demand"]) / v["stretch"]
    assert F(v["start"]) + F(v["climb"]) * part == v["raw"]
    assert v["alone"] == SCALES[country].rounded(v["raw"])
    assert v["guarded"] == (v["grade"].value != v["alone"])


@pytest.mark.parametrize("points", range(0, 1001, 13))
def test_a_cut_figure_rounds_to_the_grade_beside_it(points):
    raw = CL.raw(F(points, 1000) / 3)
    assert CL.rounded(F(exact(raw).rstrip("…").replace(",", "."))) == CL.rounded(raw)


def test_each_country_reads_its_own_side_first():
    assert [g.scale.place for g in sides(F(74, 100), "CL")] == ["Chile", "Argentina"]
    assert [(g.written, g.scale.place) for g in sides(F(74, 100), "AR")] == [("6", "Argentina"), ("5,1", "Chile")]
    assert [g.scale.place for g in sides(F(74, 100), "PE")] == ["Chile", "Argentina"]


def test_a_table_of_grades_has_a_line_for_each_share():
    assert table([F(0), F(1)], "CL") == ["1,0 Chile · 1 Argentina", "7,0 Chile · 10 Argentina"]


def test_two_texts_are_compared_word_by_word():
    mine, theirs = compared("La redacción es clara y útil.", "La redacción es confusa y útil.")
    assert [p for p in mine if p[1]] == [("clara", True)] and [p for p in theirs if p[1]] == [("confusa", True)]
    assert compared("igual", "igual") == ([("igual", False)], [("igual", False)])
    assert compared("", "algo") == ([], [("algo", True)])
    long = "palabra " * 2000
    assert compared(long, long + "x")[0] == [(long, True)]              # not worth the time word by word


def test_an_opinion_that_says_what_stands_is_no_news():
    mark = MarkFact(4, F(9), F(12), "[3, 3, 2, 1]", "Bien", 9, NOW)
    assert Opinion(F(9), "[3, 3, 2, 1]", "Bien", 4).repeats(mark)
    assert not Opinion(F(9), "[3, 2, 3, 1]", "Bien", 4).repeats(mark) and not Opinion(F(9), "", "Bien", 4).repeats(None)


def test_levels_that_can_not_be_read_are_none():
    assert levels_of(MarkFact(4, F(9), F(12), "[3, 1]", "", 9, NOW)) == [3, 1]
    assert levels_of(None) == levels_of(MarkFact(4, F(9), F(12), "{", "", 9, NOW)) == []
