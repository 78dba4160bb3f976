"""The one next thing, and the dates to come."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction as F

import pytest

from lms.cohorts.rules import calendar
from lms.completion.rules import Record, judge
from lms.credits.rules import Hours
from lms.grading.rules import ModuleResult, Part
from lms.home.rules import kinds, next_action, standings, upcoming
from tests.programme import PROGRAMME

ZONE = "America/Santiago"
CALENDAR = calendar(PROGRAMME, date(2027, 4, 5), ZONE)      # G1 from 5 April; G2 from 26 April, with 60 % in G1's quiz
NOW = datetime(2027, 4, 12, 15, tzinfo=UTC)
LATER = datetime(2027, 5, 12, 15, tzinfo=UTC)               # G2 is open, G1's dates are over
READ = {(m.code, lesson.slug) for m in PROGRAMME.modules for lesson in m.lessons}
NONE, ENOUGH = Hours(), Hours(F(12), F(20))
WELL = {"G1": F(1)}                                         # opens G2


def result(code, quiz="none", task="none", share=None):
    passed = None if share is None else share >= F(60, 100)
    parts = tuple(Part(item, 50, share, "marked" if share is not None else state)
                  for item, state in (("quiz", quiz), ("task", task)))
    return ModuleResult(code, share, passed, parts, ())


PASSED = {"G1": result("G1", share=F(3, 4)), "G2": result("G2", share=F(4, 5))}


def comes_next(read=(), now=NOW, shares=WELL, hours=NONE, named=False, **results):
    marks = {"G1": result("G1"), "G2": result("G2")} | results
    stand = standings(PROGRAMME, CALENDAR, read, marks, shares, now)
    return next_action(stand, judge(PROGRAMME, Record(marks, hours, named)), now)


def words(found):
    return (found.kind, found.standing.module.code if found.standing else None, found.step.kind if found.step else None)


@pytest.mark.parametrize("given, expected", [
    ({}, ("step", "G1", "lesson")),
    ({"read": READ}, ("step", "G1", "quiz")),
    ({"read": READ, "G1": result("G1", "running")}, ("step", "G1", "resume")),
    ({"read": READ, "G1": result("G1", "marked")}, ("step", "G1", "task")),
    # two modules are open: the earlier first, unless the later presses
    ({"now": LATER, "G1": result("G1", "marked", "none")}, ("step", "G2", "lesson")),
    ({"now": CALENDAR["G1"].task_due + timedelta(days=1), "G1": result("G1", "marked")}, ("step", "G1", "task")),
    ({"now": CALENDAR["G2"].quiz_due - timedelta(hours=5), "G1": result("G1", "marked", "marking")},
     ("step", "G2", "quiz")),
    # nothing is open: what can be done besides comes before what is waited for
    ({"read": READ, "G1": result("G1", "marked", "marking")}, ("name", None, None)),
    ({"read": READ, "named": True, "G1": result("G1", "marked", "marking")}, ("opens", "G2", None)),
    ({"read": READ, "named": True, "now": LATER, "shares": {"G1": F(59, 100)}, "G1": result("G1", "marked", "marking")},
     ("need", "G2", None)),
    ({"read": READ, "named": True, "now": LATER, "G1": result("G1", share=F(1, 2)),
      "G2": result("G2", "marked", "marking")}, ("failed", "G1", None)),
    ({"read": READ, "named": True, "now": LATER, "G1": PASSED["G1"], "G2": result("G2", "marking", "marking")},
     ("marking", "G2", None)),
    ({"read": READ, "named": True, "now": LATER, "G1": result("G1", "none", "marked"), "G2": PASSED["G2"]},
     ("missed", "G1", None)),
    ({"read": READ, "named": True, "now": LATER, **PASSED}, ("hours", None, None)),
    ({"read": READ, "named": True, "now": LATER, "hours": ENOUGH, **PASSED}, ("certificate", None, None)),
    # read or not, who has everything marked is not sent back to lessons
    ({"named": True, "now": LATER, "hours": ENOUGH, **PASSED}, ("certificate", None, None)),
    ({"named": True, "now": LATER, **PASSED}, ("hours", None, None)),
])
def test_what_comes_next(given, expected):
    assert words(comes_next(**given)) == expected


def test_what_opens_next_says_when():
    found = comes_next(READ, named=True, G1=result("G1", "marked", "marking"))
    assert found.at == CALENDAR["G2"].opens_at


def test_missing_hours_say_of_what():
    assert comes_next(READ, LATER, named=True, hours=Hours(F(12), F(3)), **PASSED).item.kind == "internship"


def dates(now, read=READ, shares=WELL, **results):
    marks = {"G1": result("G1"), "G2": result("G2")} | results
    return [(d.kind, d.standing.module.code, d.days, d.late) for d in
            upcoming(standings(PROGRAMME, CALENDAR, read, marks, shares, now), ZONE, now)]


def test_dates_come_in_order_with_days_counted_in_the_cohorts_place():
    assert dates(NOW) == [("opens", "G2", 14, 0), ("quiz", "G1", 18, 0), ("task", "G1", 21, 0)]
    almost_midnight = datetime(2027, 4, 30, 3, 59, tzinfo=UTC)      # still the 29th in Santiago
    assert ("quiz", "G1", 1, 0) in dates(almost_midnight)
    assert ("quiz", "G1", 0, 0) in dates(almost_midnight + timedelta(minutes=1))


def test_what_is_late_and_still_taken_stands_first():
    now = CALENDAR["G1"].task_due + timedelta(hours=25)
    assert dates(now, G1=result("G1", "marked"))[0] == ("task", "G1", -2, 2)


def test_what_was_handed_in_or_missed_is_no_date_any_more():
    assert dates(LATER, G1=result("G1", "marked", "marking")) == [("quiz", "G2", 9, 0), ("task", "G2", 12, 0)]


def test_a_module_that_waits_for_a_mark_has_no_date():
    assert dates(LATER, shares={}) == []


def test_what_opens_far_from_now_is_no_news_yet():
    far = {code: replace(w, opens_at=w.opens_at + timedelta(days=60)) for code, w in CALENDAR.items()}
    marks = {"G1": result("G1"), "G2": result("G2")}
    assert upcoming(standings(PROGRAMME, far, (), marks, {}, NOW), ZONE, NOW) == []


@pytest.mark.parametrize("roles, expected", [
    ([], []), (["student"], ["student"]), (["auditor"], ["office"]), (["coordinator", "office"], ["office"]),
    (["instructor", "student", "office"], ["student", "instructor", "office"]),
])
def test_the_first_pages_a_person_may_choose_from(roles, expected):
    assert kinds(roles) == expected
