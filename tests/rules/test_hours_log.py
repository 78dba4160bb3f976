"""What the hours log takes from a phone, what a host signs, and when hosts are asked."""

import json
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.internships.hours import Entry, Limits, Signed
from lms.internships.link_letters import letter
from lms.internships.log_forms import Malformed, Sent, SentPhoto, sent
from lms.internships.logbook import Book, Line, Photo, Week, sheet
from lms.internships.weekly import next_monday

NOW = datetime(2027, 9, 10, 20, 0, tzinfo=UTC)
MONDAY = date(2027, 9, 6)
ON = Book(4, 1, 9, None, 3, "America/Santiago", Limits(date(2027, 9, 1), date(2027, 9, 30)), "Rosa Paz", "in_progress")


def line(id=1, starts="09:00", ends="13:00", activity="Entrevistas", photos=()):
    return Line(Entry(MONDAY, starts, ends, 0, id, False, activity), f"key-{id}", NOW, 0, photos)


def body(*entries, clock=NOW):
    return json.dumps({"clock": clock.timestamp() * 1000, "entries": entries}).encode()


def told(**more):
    return {"key": "1234-abcd", "at": NOW.timestamp() * 1000, "day": "2027-09-06", "starts": "09:00", "ends": "13:00", "pause": 15,
            "activity": "Entrevistas", "outcome": "", "remote": False, "replaces": None, **more}


def test_what_a_phone_sends_is_read_at_our_clock():
    ahead = NOW + timedelta(days=3)                     # the phone's clock is three days ahead
    item, = sent(body(told(at=(ahead - timedelta(hours=2)).timestamp() * 1000), clock=ahead), NOW)
    assert item == Sent("1234-abcd", Entry(MONDAY, "09:00", "13:00", 15, 0, False, "Entrevistas"), NOW - timedelta(hours=2), None)


def test_a_photo_comes_after_its_entry_and_names_it():
    item, = sent(body({"key": "p-1234567", "of": "1234-abcd", "name": "IMG.jpg", "data": b64encode(b"photo").decode()}), NOW)
    assert item == SentPhoto("p-1234567", "1234-abcd", "IMG.jpg", b"photo")


@pytest.mark.parametrize("wrong", [
    b"", b"{}", b"[]", body(), body(told(key="x")), body(told(day="2027-13-01")), body(told(pause="1")), body(told(activity=3)),
    body(told(at=True)), body(told(replaces="7")), body(*[told()] * 21), body({"key": "p-1234567", "of": "1", "name": "x", "data": "%%"}),
    body({"key": "p-1234567", "of": "1", "name": "x", "data": "A" * 2_000_000}), body(told(at=1e300))])
def test_what_the_page_never_sends_is_refused_whole(wrong):
    with pytest.raises(Malformed):
        sent(wrong, NOW)


def test_the_hash_is_of_exactly_what_is_shown():
    text, digest = sheet(ON, MONDAY, [line(1), line(2, "14:00", "18:00")])
    assert json.loads(text)["entries"][0]["activity"] == "Entrevistas" and len(digest) == 64
    others = [[line(1)], [line(1), line(2, "14:00", "17:59")], [line(1, activity="Otra"), line(2, "14:00", "18:00")],
              [line(1, photos=(Photo(1, "a" * 64, "f.jpg", 9),)), line(2, "14:00", "18:00")]]
    assert len({digest, *(sheet(ON, MONDAY, other)[1] for other in others)}) == 5
    assert sheet(ON, MONDAY, [line(1), line(2, "14:00", "18:00")]) == (text, digest)


def test_a_week_is_signed_as_it_stands_and_no_more_when_it_changes():
    signed = Signed(MONDAY, frozenset({1}), True, 240)
    assert Week(MONDAY, (line(1),), signed).signed
    assert not Week(MONDAY, (line(1), line(2, "14:00", "18:00")), signed).signed
    assert not Week(MONDAY, (line(1),), Signed(MONDAY, frozenset({1}), False)).signed
    assert not Week(MONDAY, (line(1),), None).signed


def test_hosts_are_asked_on_mondays_at_eight_by_the_schools_clock():
    assert next_monday(NOW) == datetime(2027, 9, 13, 11, 0, tzinfo=UTC)                         # -03 in September
    assert next_monday(datetime(2027, 9, 13, 10, 59, tzinfo=UTC)) == datetime(2027, 9, 13, 11, 0, tzinfo=UTC)
    assert next_monday(datetime(2027, 9, 13, 11, 0, tzinfo=UTC)) == datetime(2027, 9, 20, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(("language", "hello"), [("es", "Estimado/a Rosa"), ("pt", "Prezado/a Rosa"), ("en", "Dear Rosa"), ("fr", "Estimado/a Rosa")])
@pytest.mark.parametrize(("purpose", "about"), [("plan", "2"), ("week", "2027-09-06"), ("evaluation", "")])
def test_the_letter_speaks_the_hosts_language_and_says_until_when(language, hello, purpose, about):
    title, text = letter(language, purpose, about, "Rosa", "Ana Pérez", "https://escuela.example/anfitriona/x", NOW, "America/Santiago")
    assert hello in text and "https://escuela.example/anfitriona/x" in text and "Ana Pérez" in title + text and "{" not in title + text
    assert "\n" not in title
