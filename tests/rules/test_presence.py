"""From marks at the door to minutes, and the codes that a screen shows."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.seminars import codes
from lms.seminars.intervals import Interval, clipped, merged, seconds
from lms.seminars.marks import NO_ENTRY, NO_EXIT, Mark, Sitting, inside, presences

DAY = datetime(2026, 10, 7, 18, 0, tzinfo=UTC)
AFTER = DAY + timedelta(days=1)
TALK = Sitting(1, DAY, DAY + timedelta(minutes=90))
PANEL = Sitting(2, DAY + timedelta(minutes=120), DAY + timedelta(minutes=180))
BOTH = [TALK, PANEL]


def at(text):
    hour, minute, *second = (int(part) for part in text.split(":"))
    return DAY.replace(hour=hour, minute=minute, second=second[0] if second else 0)


class Path(list):
    """The marks of one person, numbered as they come."""

    def add(self, kind, when, session=None, **more):
        more = {name: at(value) if name == "until" else value for name, value in more.items()}
        self.append(Mark(len(self) + 1, 7, session, kind, more.pop("source", "scan"), at(when), **more))
        return self


def minutes(path, now=AFTER):
    return {session: there.minutes for session, there in presences(path, BOTH, now).items() if there.seconds}


def test_the_union_counts_not_the_sum():
    """domain.md §9.2: joins 17:52:10-18:20:00, 18:15:00-18:50:30, 18:55:30-19:41:00 in a session 18:00-19:30 are 85 minutes."""
    path = Path()
    for start, end in (("17:52:10", "18:20:00"), ("18:15:00", "18:50:30"), ("18:55:30", "19:41:00")):
        path.add("interval", start, 1, until=end, source="report")
    assert minutes(path) == {1: 85}


def test_a_person_enters_and_leaves_several_times():
    path = Path().add("in", "17:50").add("out", "18:30").add("in", "18:45").add("out", "19:10").add("in", "19:20").add("out", "20:15")
    assert minutes(path) == {1: 30 + 25 + 10, 2: 15}


def test_two_devices_that_see_one_person_count_once():
    assert minutes(Path().add("in", "18:00").add("in", "18:05").add("out", "19:00").add("out", "19:03")) == {1: 60}


def test_marks_that_arrive_late_are_put_in_their_place():
    assert minutes(Path().add("out", "19:00").add("in", "18:30")) == {1: 30}


def test_an_entry_without_exit_lasts_until_the_end_of_its_session_and_is_told():
    there = presences(Path().add("in", "18:30"), BOTH, AFTER)
    assert (there[1].minutes, there[1].remarks, 2 in there) == (60, (NO_EXIT,), False)


def test_while_the_session_runs_an_entry_counts_until_now():
    there = presences(Path().add("in", "18:30"), BOTH, at("18:50"))
    assert (there[1].minutes, there[1].remarks) == (20, ())


def test_an_exit_without_entry_counts_nothing_and_is_told():
    there = presences(Path().add("out", "19:00"), BOTH, AFTER)
    assert (there[1].seconds, there[1].remarks) == (0, (NO_ENTRY,))


def test_who_comes_before_the_session_has_come_for_it():
    assert minutes(Path().add("in", "19:45")) == {2: 60}


def test_a_room_of_its_own_counts_for_its_session_only():
    assert minutes(Path().add("in", "18:00", 2).add("out", "20:30", 2)) == {2: 30}


def test_the_office_has_the_last_word_until_it_is_taken_back():
    path = Path().add("in", "18:00").add("out", "19:30").add("manual", "18:00", 1, minutes=45).add("manual", "18:00", 1, minutes=50)
    assert minutes(path) == {1: 50} and presences(path, BOTH, AFTER)[1].manual
    assert minutes(path.add("void", "18:00", 1, voids_id=4)) == {1: 45}
    assert minutes(path.add("void", "18:00", 1, voids_id=3)) == {1: 90}


def test_by_hand_nobody_gets_more_than_the_session_had():
    assert minutes(Path().add("manual", "18:00", 1, minutes=500)) == {1: 90}


def test_a_report_without_times_brings_minutes_that_are_not_added_to_what_the_door_saw():
    path = Path().add("minutes", "18:00", 1, minutes=70, source="report").add("in", "18:00").add("out", "18:40")
    assert minutes(path) == {1: 70}


def test_marks_taken_back_count_for_nothing():
    assert minutes(Path().add("in", "18:00").add("out", "19:00").add("void", "18:00", voids_id=1)) == {}


def test_the_button_offered_is_the_other_one():
    path = Path()
    assert not inside(path, None)
    assert inside(path.add("in", "18:00"), None) and not inside(path, 1)
    assert not inside(path.add("out", "18:10"), None)


INSTANTS = st.integers(0, 4 * 3600).map(lambda s: DAY - timedelta(hours=1) + timedelta(seconds=s))
INTERVALS = st.lists(st.tuples(INSTANTS, INSTANTS).map(lambda pair: Interval(*sorted(pair))), max_size=12)


@given(INTERVALS)
def test_a_union_is_every_second_once(intervals):
    seen = {s for i in intervals for s in range(int(i.start.timestamp()), int(i.end.timestamp()))}
    assert seconds(intervals) == len(seen)
    united = merged(intervals)
    assert all(a.end < b.start for a, b in zip(united, united[1:], strict=False))
    assert merged(united) == united == merged(reversed(intervals))


@given(INTERVALS)
def test_clipping_never_counts_more_than_the_session(intervals):
    inside_it = clipped(merged(intervals), TALK.starts_at, TALK.ends_at)
    assert 0 <= seconds(inside_it) <= min(TALK.seconds, seconds(intervals))


@given(st.lists(st.tuples(st.sampled_from(["in", "out"]), INSTANTS, st.sampled_from([None, 1, 2])), max_size=12), st.randoms())
def test_the_order_of_arrival_never_matters_and_nobody_gains_by_scanning_twice(sent, random):
    # Marks of one instant are one look: which came first is told by their number, so they are not shuffled.
    sent = list({(door, when): (way, when, door) for way, when, door in sent}.values())
    marks = [Mark(n, 7, door, way, "scan", when) for n, (way, when, door) in enumerate(sent, 1)]
    once = presences(marks, BOTH, AFTER)
    assert all(there.seconds <= sitting.seconds for sitting in BOTH if (there := once.get(sitting.id)))
    twice = [*marks, *(m._replace(id=m.id + 100) for m in marks)]
    random.shuffle(twice)
    assert {s: t.seconds for s, t in presences(twice, BOTH, AFTER).items()} == {s: t.seconds for s, t in once.items()}


KEY = b"key of this test"


def test_a_code_of_the_screen_is_good_for_a_minute_and_told_by_its_time_afterwards():
    token = codes.screen(KEY, 7, None, DAY)
    for later in (0, 30, 80):
        assert codes.read_screen(KEY, token, DAY + timedelta(seconds=later)).device_id == 7
    with pytest.raises(codes.Stale) as stale:
        codes.read_screen(KEY, token, DAY + timedelta(days=1))
    assert stale.value.at == DAY


@pytest.mark.parametrize("other", ["7.0.1", "", "7.0.x.abc", "8" + codes.screen(KEY, 7, None, DAY)[1:], codes.screen(b"other", 7, None, DAY)])
def test_a_code_that_no_screen_of_ours_showed_is_none(other):
    assert codes.read_screen(KEY, other, DAY) is None


def test_a_pass_is_no_code_and_a_code_no_pass():
    shown = codes.read_screen(KEY, codes.screen(KEY, 7, 3, DAY), DAY)
    carried = codes.ticket_pass(KEY, shown, DAY)
    assert codes.read_pass(KEY, carried, DAY + codes.PASS) == codes.Shown(7, 3, DAY)
    assert codes.read_pass(KEY, carried, DAY + codes.PASS + timedelta(seconds=1)) is None
    assert codes.read_screen(KEY, carried, DAY) is None and codes.read_pass(KEY, codes.screen(KEY, 7, 3, DAY), DAY) is None


def test_the_typed_code_changes_with_the_screen_and_the_last_ones_are_taken():
    shown = codes.typed_screen(KEY, 7, None, DAY)
    assert len(shown) == 6 and shown in codes.typed_codes(KEY, 7, None, DAY + timedelta(seconds=60))
    assert shown not in codes.typed_codes(KEY, 7, None, DAY + timedelta(seconds=120))
    assert shown not in codes.typed_codes(KEY, 8, None, DAY)


@pytest.mark.parametrize(("scanned", "wanted"), [
    ("https://escuela.example/seminarios/entrada/Ab3dEf6hIj9kLmN0pQ", "Ab3dEf6hIj9kLmN0pQ"),
    ("https://escuela.example/seminarios/entrada/Ab3dEf6hIj9kLmN0pQ?x=1#y", "Ab3dEf6hIj9kLmN0pQ"),
    ("Ab3dEf6hIj9kLmN0pQ\n", "Ab3dEf6hIj9kLmN0pQ"), (" x4c-7gh9 ", "X4C7GH9"), ("", "")])
def test_what_a_scanner_gives_is_read_for_its_code(scanned, wanted):
    assert codes.wanted(scanned) == wanted


def test_minutes_are_exact():
    assert presences(Path().add("in", "18:00").add("out", "18:00:20"), BOTH, AFTER)[1].minutes == Fraction(1, 3)
