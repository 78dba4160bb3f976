"""The calendar file: what calendars ask of it."""

from datetime import UTC, datetime, timedelta, timezone

from lms.foundation.ical import Event, calendar

NOW = datetime(2027, 4, 20, 15, tzinfo=UTC)


def lines(*events):
    return calendar("Cohorte CL-2027", events, NOW).decode()


def test_moments_are_told_in_utc_and_in_their_order():
    chile = timezone(timedelta(hours=-4))
    told = lines(Event("b", datetime(2027, 4, 30, 23, tzinfo=chile), "Vence: Control", "https://x.cl/b"),
                 Event("a", NOW, "Se abre G1", "https://x.cl/a"))
    assert "DTSTART:20270501T030000Z" in told and told.index("UID:a@x.cl") < told.index("UID:b@x.cl")
    assert told.startswith("BEGIN:VCALENDAR\r\n") and told.endswith("END:VCALENDAR\r\n")
    assert "\n" not in told.replace("\r\n", "")


def test_commas_and_semicolons_are_marked_and_a_title_can_not_begin_a_line():
    told = lines(Event("a", NOW, "Control: redes, foros; y más\r\nBEGIN:VEVENT", "https://x.cl/a"))
    assert r"SUMMARY:Control: redes\, foros\; y más BEGIN:VEVENT" in told and told.count("\r\nBEGIN:VEVENT") == 1


def test_long_lines_are_folded_between_letters_at_75_octets():
    words = "ñandú " * 40
    told = lines(Event("a", NOW, words, "https://x.cl/a"))
    assert all(len(line.encode()) <= 75 for line in told.split("\r\n"))
    assert f"SUMMARY:{words}".strip() in told.replace("\r\n ", "")
