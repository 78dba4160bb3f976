"""Qué me falta: the verdict says exactly what is missing and why."""

from decimal import Decimal
from fractions import Fraction as F

from lms.completion.rules import Record, judge, overview, progress
from lms.credits.rules import Hours
from lms.grading.rules import Handed, Sat, module_result, quiz_part, task_part
from tests.programme import PROGRAMME

HALF = Decimal("0.5")


def result(module, quiz=None, task=None, running=False):
    sittings = [Sat(1, F(quiz), F(10))] if quiz is not None else []
    return module_result(module, [quiz_part(40, sittings, 2, running), task_part(60, task, HALF)])


def good(module):
    return result(module, 8, Handed(F(9), F(12)))


G1, G2 = PROGRAMME.modules
ALL = Record({"G1": good(G1), "G2": good(G2)}, Hours(F(12), F(20)), True)


def whys(record):
    return [(i.module or i.kind, i.why) for i in judge(PROGRAMME, record).missing]


def test_who_has_everything_is_complete():
    verdict = judge(PROGRAMME, ALL)
    assert verdict.complete and not verdict.missing and progress(verdict) == (5, 5)


def test_a_beginner_is_told_everything():
    assert whys(Record({})) == [("G1", "not_started"), ("G2", "not_started"), ("attendance", "hours"),
                                ("internship", "hours"), ("certificate_name", "name")]


def test_each_reason_has_its_name():
    assert whys(Record({**ALL.results, "G2": result(G2, 8)}, ALL.hours, True)) == [("G2", "task")]
    assert whys(Record({**ALL.results, "G2": result(G2, None, Handed(F(9), F(12)))}, ALL.hours, True)) == [("G2", "quiz")]
    assert whys(Record({**ALL.results, "G2": result(G2, 8, Handed(None, F(12)))}, ALL.hours, True)) == [("G2", "marking")]
    unpublished = Handed(F(9), F(12), released=False)
    assert whys(Record({**ALL.results, "G2": result(G2, 8, unpublished)}, ALL.hours, True)) == [("G2", "unreleased")]
    assert whys(Record({**ALL.results, "G2": result(G2, 1, Handed(F(1), F(12)))}, ALL.hours, True)) == [("G2", "failed")]


def test_hours_count_to_the_minute():
    almost = Record(ALL.results, Hours(F(12) - F(1, 60), F(20)), True)
    item = judge(PROGRAMME, almost).missing[0]
    assert item.kind == "attendance" and item.values["left"] == F(1, 60)


def test_what_waits_for_a_marker_is_not_the_persons_to_do():
    verdict = judge(PROGRAMME, Record({**ALL.results, "G2": result(G2, 8, Handed(None, F(12)))}, ALL.hours, True))
    assert verdict.missing and not verdict.yours and not verdict.complete


def test_the_office_sees_who_is_where():
    found = overview({1: judge(PROGRAMME, ALL), 2: judge(PROGRAMME, Record(ALL.results, ALL.hours, False)),
                      3: judge(PROGRAMME, Record({}))})
    assert found == {"done": [1], "step": [2], "waiting": [], "under_way": [3]}
