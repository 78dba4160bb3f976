"""What a module and the diploma come to, and how it is explained."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F

from lms.grading.rules import Handed, Sat, final_result, module_result, quiz_part, task_part
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
    result = module_result(G1, [quiz_part(40, [Sat(1, F(82), F(100))], 2, False), task_part(60, Handed(F(90), F(100)), HALF)])
    assert written(result.share) == "6,1" and result.passed           # 0,4 x 5,7 + 0,6 x 6,3 = 6,06


def test_failing_the_task_fails_the_module_whatever_the_mean():
    result = module_result(G1, [quiz_part(40, [Sat(1, F(7), F(7))], 2, False), task_part(60, Handed(F(6), F(12)), HALF)])
    assert written(result.share) == "3,9" and not result.passed
    assert [s.kind for s in result.steps] == ["mean", "must_pass"]
    lenient = replace(G1, task=replace(G1.task, must_pass=False))
    assert module_result(lenient, list(result.parts)).passed


def test_nothing_handed_in_is_not_a_zero():
    result = module_result(G1, [quiz_part(40, [], 2, False), task_part(60, None, HALF)])
    assert result.share is None and result.passed is None and result.state == "none"


def test_the_final_grade_needs_every_module():
    good = {m.code: module_result(m, [quiz_part(40, [Sat(1, F(8), F(10))], 2, False),
                                      task_part(60, Handed(F(8), F(10)), HALF)]) for m in (G1, G2)}
    assert written(final_result(PROGRAMME, good).share) == "5,5"
    assert final_result(PROGRAMME, {"G1": good["G1"]}).share is None
