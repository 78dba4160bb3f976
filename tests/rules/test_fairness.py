"""What is worth a second look before marks are published."""

from hypothesis import given
from hypothesis import strategies as st

from lms.grading import fairness
from lms.grading.fairness import Given, panel

MARKS = st.lists(st.builds(Given, st.floats(0, 1), st.integers(1, 3), st.integers(1, 2), st.floats(0, 1)), max_size=40)


def test_nothing_is_notable_where_everybody_marks_alike():
    found = panel([Given(0.5 + 0.1 * (n % 3), n % 2, 1, (n * 7 % 20) / 20) for n in range(40)])
    assert not found.notable and found.count == 40


def test_a_marker_who_gives_less_than_the_others_is_named():
    found = panel([Given(0.8 if n % 2 else 0.6, n % 2, 1, (n * 7 % 20) / 20) for n in range(40)])
    assert {group.name: round(group.apart, 2) for group in found.markers} == {0: -0.2, 1: 0.2}
    assert all(group.notable for group in found.markers)


def test_marks_that_fall_along_the_sitting_are_seen():
    found = panel([Given(0.9 - n * 0.02, 7, 1, (n * 7 % 20) / 20) for n in range(20)])
    assert found.trends[0].correlation < -0.99 and found.trends[0].notable
    assert found.trends[0].first > found.trends[0].rest


def test_marks_that_go_with_the_alphabet_are_seen():
    found = panel([Given(0.9 - 0.5 * (n * 7 % 20) / 20, 7, 1, (n * 7 % 20) / 20) for n in range(20)])
    assert found.alphabet_notable and found.alphabet < -0.99


def test_a_cohort_that_gets_more_is_named_and_one_alone_is_not():
    two = panel([Given(0.8 if n % 2 else 0.5, 1, n % 2, (n * 7 % 20) / 20) for n in range(40)])
    assert all(group.notable for group in two.groups)
    one = panel([Given(0.8, 1, 1) for _ in range(40)])
    assert one.groups[0].apart == 0 and not one.notable


def test_few_marks_are_shown_and_not_judged():
    found = panel([Given(n / 5, 1, n % 2) for n in range(5)])
    assert not found.notable and found.trends[0].points == (0, 0.2, 0.4, 0.6, 0.8)


@given(MARKS)
def test_any_marks_give_a_panel(marks):
    found = panel(marks)
    assert sum(group.count for group in found.markers) == len(marks)
    assert all(t.correlation is None or -1.001 <= t.correlation <= 1.001 for t in found.trends)
    assert found.alphabet is None or abs(found.alphabet) <= 1.001


def test_two_points_make_no_correlation():
    assert fairness.correlation([1, 2], [1, 2]) is None and fairness.correlation([1, 1, 1], [1, 2, 3]) is None
