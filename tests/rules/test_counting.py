"""Minutes into hours, by a seminar's rule."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.seminars.counting import CreditRule, Tier, earned, faults, read, written
from lms.seminars.marks import Presence, Sitting

DAY = datetime(2027, 5, 12, 13, 0, tzinfo=UTC)
FOUR = [Sitting(n, DAY + timedelta(hours=2 * n), DAY + timedelta(hours=2 * n, minutes=90)) for n in range(1, 5)]
RULE = CreditRule((Tier(75, 3, F(12)),))
TWO = CreditRule((Tier(75, 2, F(8)), Tier(75, 4, F(16))))


def there(*minutes):
    return {n: Presence(m * 60) for n, m in enumerate(minutes, 1) if m}


@pytest.mark.parametrize(("minutes", "hours", "lacking"), [
    ((90, 90, 90, 0), 12, 0), ((68, 68, 68, 0), 12, 0), ((67, 90, 90, 0), 0, 1), ((90, 90, 90, 90), 12, 0), ((90, 0, 0, 0), 0, 2), ((), 0, 3)])
def test_three_quarters_of_the_minutes_in_three_sessions_earn_twelve_hours(minutes, hours, lacking):
    """68 of 90 minutes are 75.6 %; 67 are 74.4 %."""
    found = earned(RULE, there(*minutes), FOUR)
    assert (found.hours, found.lacking) == (hours, lacking)


def test_long_sessions_do_not_make_up_for_missed_ones():
    assert earned(RULE, there(90, 90, 60, 60), FOUR).hours == 0


def test_the_best_tier_counts_and_the_next_is_told():
    found = earned(TWO, there(90, 90, 80, 0), FOUR)
    assert (found.hours, found.tier, found.next, found.lacking) == (8, TWO.tiers[0], TWO.tiers[1], 1)
    assert found.reached == (1, 2, 3)


def test_no_rule_no_hours():
    assert earned(CreditRule(), there(90, 90, 90, 90), FOUR).hours == 0


def test_a_rule_is_kept_as_it_was_written():
    rule = CreditRule((Tier(80, 2, F(15, 2)),))
    assert read(written(rule)) == rule and read("") == read("{}") == CreditRule()


@pytest.mark.parametrize(("rule", "words"), [
    (CreditRule((Tier(0, 1, F(1)),)), "porcentaje"), (CreditRule((Tier(101, 1, F(1)),)), "porcentaje"), (CreditRule((Tier(75, 5, F(1)),)), "4 sesiones"),
    (CreditRule((Tier(75, 1, F(0)),)), "horas"), (CreditRule((Tier(75, 1, F(9)), Tier(75, 2, F(8)))), "daría menos horas")])
def test_a_rule_that_can_not_be_is_refused_by_name(rule, words):
    assert any(words in fault for fault in faults(rule, 4))


@pytest.mark.parametrize("rule", [RULE, TWO, CreditRule()])
def test_a_sound_rule_has_no_fault(rule):
    assert faults(rule, 4) == ()


MINUTES = st.lists(st.integers(0, 90), min_size=4, max_size=4)


@given(MINUTES, st.integers(0, 3), st.integers(0, 90))
def test_being_there_longer_never_earns_less(minutes, which, more):
    longer = [max(m, more) if n == which else m for n, m in enumerate(minutes)]
    for rule in (RULE, TWO):
        assert earned(rule, there(*longer), FOUR).hours >= earned(rule, there(*minutes), FOUR).hours
