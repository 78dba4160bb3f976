"""Seminars: what their dates say, what can not be announced, and what calendars and search engines are told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.foundation.ical import calendar
from lms.people.rules import Refused
from lms.seminars import rules
from lms.seminars.describing import described, events
from lms.seminars.queries import SeminarView, SessionView, SpeakerView
from lms.seminars.rules import Sitting, check_sitting, instant, slug, state
from lms.seminars.showing import days, page_sides

CHILE, ARGENTINA = "America/Santiago", "America/Argentina/Buenos_Aires"
AT = datetime(2027, 8, 5, 13, 30, tzinfo=UTC)               # 10:30 in Quilmes, 09:30 in Santiago
HOUR = timedelta(hours=1)


def sitting(start=0.0, length=1.5, place="Aula 1", mode="both", number=None, title="Panel"):
    return Sitting(AT + HOUR * start, AT + HOUR * (start + length), place, mode, title, number)


def refusal(one, *others, mode="both"):
    with pytest.raises(Refused) as why:
        check_sitting(one, others, mode)
    return why.value.field, why.value.message


def test_the_state_of_a_seminar_is_read_from_its_dates():
    day = timedelta(days=1)
    assert state(AT, None, None, AT, AT + day) == "draft"
    assert state(AT - day, AT - day, None, AT, AT + day) == "announced"
    assert state(AT, AT - day, None, AT, AT + day) == "running"
    assert state(AT + day, AT - day, None, AT, AT + day) == "over"
    assert state(AT + day, AT - day, AT, AT, AT + day) == "cancelled"
    assert state(AT, AT - day, None, None, None) == "announced"         # its sessions were all cancelled


def test_a_session_that_ends_before_it_begins_is_refused_at_its_end():
    assert refusal(sitting(length=-1))[0] == "ends" and "termina antes" in refusal(sitting(length=-1))[1]
    assert refusal(sitting(length=0))[0] == "ends"
    assert "12 horas" in refusal(sitting(length=13))[1]


def test_a_session_far_from_the_others_is_outside_the_seminar():
    field, message = refusal(sitting(24 * 365), sitting(title="Panel inaugural"))
    assert field == "starts" and "fuera del seminario" in message and "Panel inaugural" in message
    check_sitting(sitting(24 * 30), [sitting()], "both")


def test_two_sessions_in_one_place_at_one_time_are_refused_by_name():
    field, message = refusal(sitting(1, place="aula  1"), sitting(title="Taller"))
    assert field == "place" and "«Taller»" in message
    check_sitting(sitting(1, place="Aula 2"), [sitting()], "both")
    check_sitting(sitting(1.5), [sitting()], "both")                    # one begins when the other ends
    check_sitting(sitting(1, mode="online"), [sitting()], "both")       # nobody is in its way
    check_sitting(sitting(0.5, number=7), [sitting(number=7)], "both")  # itself, moved


def test_a_session_fits_the_mode_of_its_seminar():
    assert refusal(sitting(mode="online"), mode="venue")[0] == "mode"
    check_sitting(sitting(mode="online"), [], "both")


def test_a_wall_time_that_the_clocks_skip_or_show_twice_is_refused():
    with pytest.raises(Refused) as skipped:
        instant(datetime(2027, 9, 5, 0, 30), CHILE, "starts")
    assert skipped.value.field == "starts" and "no existe" in skipped.value.message
    with pytest.raises(Refused) as twice:
        instant(datetime(2027, 4, 3, 23, 30), CHILE, "ends")
    assert twice.value.field == "ends" and "dos veces" in twice.value.message
    assert instant(datetime(2027, 8, 5, 10, 30), ARGENTINA, "starts") == AT


@pytest.mark.parametrize(("title", "address"), [
    ("Tránsito y año 2027", "transito-y-ano-2027"), ("  ¿Qué? ", "que"), ("Ñandú—Ærø", "nandu-r"), ("¡¡!!", ""),
    ("a" * 200, "a" * 80)])
def test_an_address_is_made_of_the_title(title, address):
    assert slug(title) == address


SEMINAR = SeminarView(
    id=7, slug="quilmes", theme="transito", titles={"es": "Tránsito, hoy", "en": "Traffic"}, summaries={}, mode="both",
    time_zone=ARGENTINA, country="AR", city="Quilmes", venue="UNQ", address="", directions="", map_url="", online_url="x",
    organisers=("FLACMA",), by_invitation=False, opens_at=None, closes_at=None, offer_hours=48, credit_rule="{}",
    sequence=3, published_at=AT, cancelled_at=None, cancelled_why="", starts_at=AT, ends_at=AT + HOUR)
SESSION = SessionView(id=12, code="S1", title="Panel", starts_at=AT, ends_at=AT + HOUR, zone=ARGENTINA, place="Aula 1",
                      mode="both", required=True, titles={"es": "Panel"}, cancelled_at=None)
URL = "https://egl.example.org/seminarios/quilmes"


def file_of(seminar=SEMINAR, session=SESSION):
    return calendar("x", events(seminar, [session], URL, "es"), AT).decode().replace("\r\n ", "")


def test_a_calendar_knows_a_session_again_when_it_moves():
    before, after = file_of(), file_of(replace(SEMINAR, sequence=4, slug="otra", titles={"es": "Otro"}),
                                       replace(SESSION, starts_at=AT + HOUR, ends_at=AT + 2 * HOUR))
    assert "UID:seminar-session-12@egl.example.org\r\n" in before and "UID:seminar-session-12@egl.example.org" in after
    assert "SEQUENCE:3" in before and "SEQUENCE:4" in after
    assert "DTSTART:20270805T133000Z" in before and "DTEND:20270805T143000Z" in before
    assert r"SUMMARY:Panel · Tránsito\, hoy" in before and r"LOCATION:Aula 1\, UNQ\, Quilmes" in before
    assert "STATUS:CONFIRMED" in before


def test_what_is_cancelled_is_told_to_calendars():
    assert "STATUS:CANCELLED" in file_of(replace(SEMINAR, cancelled_at=AT))
    assert "STATUS:CANCELLED" in file_of(session=replace(SESSION, cancelled_at=AT))


def told(seminar=SEMINAR, full=False):
    speaker = SpeakerView(1, None, "Rosario Vidal", "Alcaldesa", "Municipalidad", "CL", "", False, 0)
    return described(seminar, [SESSION], [speaker], URL, URL + "/inscripcion", full, "De qué trata.", "en")


def test_search_engines_are_told_the_event():
    event = told()
    assert (event["@type"], event["name"], event["inLanguage"]) == ("Event", "Traffic", "en")
    assert event["startDate"] == "2027-08-05T10:30:00-03:00"            # the wall time of the place, with its offset
    assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert [one["@type"] for one in event["location"]] == ["Place", "VirtualLocation"]
    assert event["location"][1]["url"] == URL                           # never the link of the videoconference itself
    assert event["performer"][0]["name"] == "Rosario Vidal" and event["organizer"][0]["name"] == "FLACMA"
    assert event["offers"]["availability"] == "https://schema.org/InStock" and event["offers"]["price"] == "0"
    assert told(full=True)["offers"]["availability"] == "https://schema.org/SoldOut"


def test_search_engines_are_told_that_it_is_cancelled_and_offer_nothing():
    event = told(replace(SEMINAR, cancelled_at=AT))
    assert event["eventStatus"] == "https://schema.org/EventCancelled" and "offers" not in event
    assert event["subEvent"][0]["eventStatus"] == "https://schema.org/EventCancelled"
    assert told(replace(SEMINAR, mode="online", venue=""))["location"] == {"@type": "VirtualLocation", "url": URL}


def test_the_programme_goes_by_the_days_of_its_place_and_shows_both_sides():
    late = replace(SESSION, starts_at=datetime(2027, 8, 6, 2, 30, tzinfo=UTC), ends_at=datetime(2027, 8, 6, 3, 30, tzinfo=UTC))
    (day, (shown,)), = days([late], page_sides(ARGENTINA, "Europe/Madrid"))
    assert day == date(2027, 8, 5)
    assert shown.times == (("23:30–00:30", "Argentina", None), ("22:30–23:30", "Chile", None),
                           ("04:30–05:30", "España", date(2027, 8, 6)))
    # clocks that agree are told once
    assert len(days([SESSION], page_sides(ARGENTINA, "America/Montevideo"))[0][1][0].times) == 2


def test_a_text_that_lacks_a_language_is_told_in_spanish():
    assert rules.words_of("pt", {"es": "Hola", "en": "Hello"}) == "Hola"
    assert rules.words_of("en", {"es": "Hola", "en": "Hello"}) == "Hello"
