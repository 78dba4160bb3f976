"""What a person has done in a module and what comes next in it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.attempts.rules import AttemptFact
from lms.cohorts.rules import calendar
from lms.lessons.rules import Work, by_competency, neighbours, sat, steps, unread, work
from tests.programme import PROGRAMME

G1 = PROGRAMME.modules[0]
WINDOW = calendar(PROGRAMME, date(2027, 4, 5), "America/Santiago")["G1"]        # quiz due 30 April 23:00, task 3 May
EARLY = datetime(2027, 4, 12, 15, tzinfo=UTC)
ALL = {("G1", "01-inicio"), ("G1", "02-desarrollo")}
NOTHING = Work("none", "none")


def told(read=(), done=NOTHING, at=EARLY):
    return [(s.kind, s.late) for s in steps(G1, WINDOW, read, done, at)]


def test_a_module_is_read_then_answered_then_handed_in():
    assert told() == [("lesson", 0), ("quiz", 0), ("task", 0)]
    assert told(ALL) == [("quiz", 0), ("task", 0)]
    assert told(ALL, Work("done", "none")) == [("task", 0)]
    assert told(ALL, Work("done", "done")) == []


def test_the_lesson_offered_is_the_first_that_was_not_read():
    assert steps(G1, WINDOW, {("G1", "02-desarrollo")}, NOTHING, EARLY)[0].lesson.slug == "01-inicio"
    assert steps(G1, WINDOW, {("G1", "01-inicio")}, NOTHING, EARLY)[0].lesson.slug == "02-desarrollo"


def test_a_running_quiz_comes_before_all_else():
    assert told((), Work("running", "none"))[0] == ("resume", 0)


def test_what_is_due_within_two_days_comes_before_reading_on():
    before = WINDOW.quiz_due - timedelta(hours=47)
    assert told((), NOTHING, before)[0] == ("quiz", 0)
    assert told((), NOTHING, before - timedelta(hours=2))[0] == ("lesson", 0)


def test_a_late_task_that_is_still_taken_comes_before_reading_on():
    assert told((), Work("missed", "none"), WINDOW.task_due + timedelta(hours=30))[0] == ("task", 2)


@pytest.mark.parametrize("after, quiz, task", [
    (timedelta(0), "none", "none"),
    (timedelta(minutes=1), "missed", "none"),                  # 23:00 holds through 23:00:59
])
def test_a_quiz_is_missed_once_its_minute_is_over(after, quiz, task):
    assert work(G1, WINDOW, "none", False, 3, WINDOW.quiz_due + after) == Work(quiz, task)


def test_a_task_is_missed_when_its_late_days_are_over_too():
    last = WINDOW.task_due + timedelta(days=3, seconds=59)
    assert work(G1, WINDOW, "done", False, 3, last).task == "none"
    assert work(G1, WINDOW, "done", False, 3, last + timedelta(seconds=1)).task == "missed"
    assert work(G1, WINDOW, "done", True, 3, last + timedelta(days=9)).task == "done"


def test_how_far_a_quiz_is():
    def attempt(submitted):
        return AttemptFact(1, 1, 1, "G1", 1, "e", EARLY, None, submitted)
    assert [sat([]), sat([attempt(None)]), sat([attempt(EARLY)]), sat([attempt(EARLY), attempt(None)])] == \
        ["none", "running", "done", "running"]


def test_lessons_know_their_neighbours():
    first, last = (neighbours(G1.lessons, lesson.slug) for lesson in G1.lessons)
    assert (first.number, first.before, first.after.slug) == (1, None, "02-desarrollo")
    assert (last.number, last.before.slug, last.after) == (2, "01-inicio", None)
    assert neighbours(G1.lessons, "99-no-hay") is None


def test_another_modules_lesson_of_the_same_name_was_not_read_here():
    assert len(unread(G1, {("G2", "01-inicio")})) == 2


def test_groups_without_modules_are_left_out():
    assert [(name, [m.code for m in found]) for name, found in by_competency(PROGRAMME.modules)] == \
        [("general", ["G1"]), ("specific", ["G2"])]
