"""Attendance reports, row by row: durations, moments, heads, names, who is who, and minutes as a union of intervals."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.emails import skeleton
from lms.seminars.intervals import Interval, clipped, merged, seconds
from lms.seminars.marks import Sitting
from lms.seminars.matching import Alias, Registered, alias_values, book, likely, match
from lms.seminars.report_marks import Told, counted, facts, fitting, fresh, overlap, reference
from lms.seminars.reports import Unreadable, read
from lms.seminars.reports.attendees import attendees, name_keys, split
from lms.seminars.reports.times import Moment, duration, moment, orders

EVENING = (datetime(2026, 10, 7, 18), datetime(2026, 10, 7, 19, 30))
CHILE = "America/Santiago"
SITTING = Sitting(5, datetime(2026, 10, 7, 21, tzinfo=UTC), datetime(2026, 10, 7, 22, 30, tzinfo=UTC))     # 18:00–19:30
ZOOM = "Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida,Duración (minutos),Invitado,En sala de espera"
TEAMS = "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)"
BASE = datetime(2026, 10, 7, 18, tzinfo=UTC)


def zoom(*rows, window=EVENING, **ways):
    return read("zoom.csv", "\r\n".join([ZOOM, *rows]).encode(), window=window, **ways)


def stays(report):
    return [(f"{j.joined:%H:%M:%S}", f"{j.left:%H:%M:%S}") for j in report.joins]


# Union of intervals

@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(-50, 900)), max_size=60), st.integers(0, 3000), st.integers(1, 3000))
def test_the_union_clipped_to_the_session_is_the_set_of_its_seconds(pairs, begin, length):
    stretches = [Interval(BASE + timedelta(seconds=a), BASE + timedelta(seconds=a + n)) for a, n in pairs]
    window = BASE + timedelta(seconds=begin), BASE + timedelta(seconds=begin + length)
    inside = {s for a, n in pairs for s in range(a, a + n)} & set(range(begin, begin + length))
    assert seconds(clipped(merged(stretches), *window)) == seconds(merged(clipped(stretches, *window))) == len(inside)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 900)), max_size=60))
def test_what_is_merged_is_in_order_apart_and_merging_again_changes_nothing(pairs):
    found = merged([Interval(BASE + timedelta(seconds=a), BASE + timedelta(seconds=a + n)) for a, n in pairs])
    assert all(a.end < b.start for a, b in zip(found, found[1:], strict=False))
    assert merged(reversed(found)) == found


def test_a_person_on_two_devices_has_the_minutes_of_the_domain_reference():
    """domain.md §9.2: 85 minutes, not 108.8."""
    report = zoom("Carmen Núñez,c@example.org,07/10/2026 17:52:10,07/10/2026 18:20:00,28,No,No",
                  "Carmen Núñez,c@example.org,07/10/2026 18:15:00,07/10/2026 18:50:30,36,No,No",
                  "Carmen Núñez,c@example.org,07/10/2026 18:55:30,07/10/2026 19:41:00,46,No,No")
    assert counted(facts(report.joins, CHILE, SITTING), SITTING) == 85 * 60


# Moments and durations

@pytest.mark.parametrize(("text", "length"), [
    ("1h 2m 10s", 3730), ("45m", 2700), ("30s", 30), ("1 h 1 min 55 s", 3715), ("1 h 3 min 14s", 3794), ("01:02:10", 3730),
    ("1 hr 2 min", 3720), ("58 min", 3480), ("42m", 2520), ("1:00:00", 3600), ("32:14", 1934), ("64", 3840), ("45,5", 2730),
    ("2 hrs", 7200), ("1 hora e 2 minutos", 3720), ("1 hora, 2 minutos y 3 segundos", 3723), ("PT1H2M10S", 3730),
    ("1h02", 3720), ("1 d 2 h", 93600), ("1899-12-31 01:02:10", 3730), ("1\u00a0h\u202f2\u00a0min", 3720), ("0", 0)])
def test_durations_in_all_their_forms(text, length):
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "mucho", "abc 3", "12:3x", "-", "1h 2x", "9" * 200, "Ana 2 min"])
def test_what_is_no_duration_is_none(text):
    assert duration(text) is None


@pytest.mark.parametrize(("text", "hour"), [
    ("3/2/26, 8:57:00\u202fAM", 8), ("02/03/2026 06:02:11 p. m.", 18), ("02/03/2026 06:02:11 p.\u00a0m.", 18),
    ("02/03/2026 06:02:11 PM", 18), ("2/3/2026 12:05 a.m.", 0), ("2/3/2026 12:05 PM", 12), ("2026-03-02T09:00:00", 9),
    ("2 de marzo de 2026, 18:02", 18), ("Mar 2, 2026 08:57 AM", 8), ("2 de mar. de 2026 18:02:11", 18),
    ("02.03.2026 08:57:00", 8), ("lunes, 2 de marzo de 2026 8:57", 8), ("Monday, March 2, 2026 at 8:57 AM", 8),
    ("02/03/2026, 18h05", 18), ("\u200e3/2/2026\u200f 9:00", 9), ("2-mar-26 8:57", 8), ("6:02 PM", 18)])
def test_moments_with_and_without_halves_of_the_day(text, hour):
    assert moment(text).clock.hour == hour


@pytest.mark.parametrize("text", ["", "hola 12:00", "46083", "25:00", "02/03/2026", "Ana 2/3/2026 10:00", "12:61"])
def test_what_is_no_moment_is_none(text):
    assert moment(text) is None


def test_a_moment_with_its_own_offset_is_told_in_universal_time():
    assert moment("2026-03-02 09:00:00 -03:00").at("dm") == datetime(2026, 3, 2, 12)
    assert moment("2026-03-02T09:00:00Z").at("dm") == datetime(2026, 3, 2, 9)


@pytest.mark.parametrize(("dates", "day", "found"), [
    (["17/10/2026 1:00"], None, ("dm",)), (["10/17/2026 1:00"], None, ("md",)),
    (["07/10/2026 1:00"], None, ("dm", "md")), (["07/10/2026 1:00"], datetime(2026, 10, 7), ("dm",)),
    (["07/10/2026 1:00"], datetime(2026, 7, 10), ("md",)), (["07/10/2026 1:00"], datetime(2026, 12, 1), ("dm", "md")),
    (["17/10/2026 1:00", "10/17/2026 1:00"], None, ()), (["11/12/2026 23:00", "12/12/2026 0:10"], None, ("dm",)),
    (["10/10/2026 1:00"], None, ("dm",)), (["99/99/2026 1:00", "17/10/2026 1:00"], None, ("dm",))])
def test_the_order_of_dates_is_that_of_the_whole_file(dates, day, found):
    assert orders([moment(text) for text in dates], day and day.date()) == found


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers_of_cells(text):
    assert moment(text) is None or isinstance(moment(text), Moment)
    assert duration(text) is None or duration(text) >= 0


# Whole files

def test_the_waiting_room_does_not_count():
    report = zoom("iPhone de Jorge,,07/10/2026 18:01:00,07/10/2026 18:03:00,2,Sí,Sí",
                  "Ana,,07/10/2026 18:01:00,07/10/2026 18:03:00,2,Sí,No")
    assert [a.name for a in attendees(report.joins)] == ["Ana"]
    assert [j.waiting for j in report.joins] == [True, False]


def test_who_leaves_before_joining_is_told_with_the_row():
    report = zoom("Ana,,07/10/2026 18:30:00,07/10/2026 18:10:00,20,No,No", "Eva,,07/10/2026 18:01:00,07/10/2026 18:03:00,2,No,No")
    assert [(f.row, f.shown) for f in report.faults] == [(2, "Ana")] and "antes de entrar" in report.faults[0].message
    assert len(report.joins) == 1


def test_midnight_is_crossed_when_the_date_says_nothing_or_the_duration_agrees():
    night = datetime(2026, 10, 7, 23), datetime(2026, 10, 8, 1)
    meet = read("meet.csv", b"Name,Email,Duration,Time joined,Time exited\nAna,a@example.org,40 min,11:40 PM,12:20 AM\n"
                b"Eva,,20 min,12:10 AM,12:30 AM\n", window=night)
    assert (meet.joins[0].left, meet.joins[1].joined) == (datetime(2026, 10, 8, 0, 20), datetime(2026, 10, 8, 0, 10))
    dated = zoom("Ana,,07/10/2026 23:50:00,07/10/2026 00:10:00,20,No,No", window=night)
    assert dated.joins[0].left == datetime(2026, 10, 8, 0, 10)


def test_a_merged_row_with_absences_gives_minutes_and_no_interval():
    """Meet tells the first entry, the last exit and how long: never more than how long, nor than lies in the session."""
    meet = read("meet.csv", b"First name,Last name,Email,Duration,Time joined,Time exited\n"
                b"Ana,Vera,a@example.org,42 min,5:50 PM,7:20 PM\nEva,Mora,e@example.org,1 hr 30 min,6:00 PM,7:30 PM\n", window=EVENING)
    ana, eva = (facts(a.joins, CHILE, SITTING) for a in attendees(meet.joins))
    assert [(f.kind, f.minutes) for f in ana] == [("minutes", 42)] and [f.kind for f in eva] == ["interval"]
    assert (counted(ana, SITTING), counted(eva, SITTING)) == (42 * 60, 90 * 60)


def test_section_three_counts_and_section_two_completes_it():
    text = ("1. Resumen\nTítulo de la reunión\tMódulo 3, sesión 2\n2. Participantes\n"
            "Nombre\tPrimera entrada\tÚltima salida\tDuración de la reunión\tCorreo electrónico\tId. de participante (UPN)\tRol\n"
            "Ana Vera\t7/10/26, 18:00:00\t7/10/26, 19:30:00\t1 h\tana@example.org\tana@example.org\tAsistente\n"
            "Eva Mora\t7/10/26, 18:00:00\t7/10/26, 18:30:00\t30 min\teva@example.org\teva@example.org\tAsistente\n"
            "3. Palabras que nadie conoce\nAaa\tBbb\tCcc\tDdd\tEee\tFff\n"
            "Ana Vera\t7/10/26, 18:00:00\t7/10/26, 18:30:00\t30 min\t\tAsistente\n"
            "Ana Vera\t7/10/26, 19:00:00\t7/10/26, 19:30:00\t30 min\t\tAsistente\n")
    report = read("x.csv", text.encode("utf-16"), window=EVENING)
    assert (report.platform, report.title) == ("teams", "Módulo 3, sesión 2")
    assert [(j.shown, j.email) for j in report.joins] == [("Ana Vera", "ana@example.org")] * 2 + [("Eva Mora", "eva@example.org")]
    assert [counted(facts(a.joins, CHILE, SITTING), SITTING) for a in attendees(report.joins)] == [3600, 1800]


def test_section_two_serves_where_there_is_no_third():
    text = ("2. Participants\nName\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
            "Ana Vera\t10/7/26, 6:02:11 PM\t10/7/26, 7:31:40 PM\t1h 20m 5s\tana@example.org\tana@example.org\tAttendee\n")
    report = read("x.csv", text.encode("utf-16"), window=EVENING)
    assert report.order == "md" and [f.minutes for f in facts(report.joins, CHILE, SITTING)] == [80]


def test_portuguese_heads_and_a_semicolon_after_excel():
    text = ("Nome (nome original);E-mail;Hora de entrada;Hora de saída;Duração (minutos);Convidado;Na sala de espera\r\n"
            "Bia (Beatriz Souza);b@example.org;07/10/2026 18:00:00;07/10/2026 19:00:00;60;Sim;Não\r\n")
    report = read("x.csv", text.encode("cp1252"), window=EVENING)
    assert (report.platform, report.joins[0].original, stays(report)) == ("zoom", "Beatriz Souza", [("18:00:00", "19:00:00")])


def test_an_old_teams_table_under_its_summary_and_a_guest_of_another_organisation():
    text = ("Meeting Summary\nTotal Number of Participants\t2\nMeeting Title\tGrupo\nMeeting Start Time\t10/7/2026, 6:00:00 PM\n"
            f"Meeting End Time\t10/7/2026, 7:31:00 PM\n\n{TEAMS}\n"
            "Beto \"el Loco\" Díaz\t10/7/2026, 6:02:00 PM\t\t\t\tAttendee\tbeto_example.org#EXT#@otra.onmicrosoft.com\n")
    join, = read("x.csv", text.encode("utf-16-le"), window=EVENING).joins
    assert (join.email, join.left, join.open) == ("beto@example.org", datetime(2026, 10, 7, 19, 31), True)


def test_joined_before_begins_with_the_list_and_an_exit_without_entry_is_told():
    text = ("Nombre completo\tAcción del usuario\tMarca de tiempo\nAna\tSe unió antes\t7/10/2026, 18:00:00\n"
            "Ana\tSalió\t7/10/2026, 18:30:00\nEva\tSalió\t7/10/2026, 18:40:00\nBea\tUnido\t7/10/2026, 18:10:00\n")
    report = read("x.csv", text.encode("utf-16"), window=EVENING)
    assert [(j.shown, j.open) for j in report.joins] == [("Ana", False), ("Bea", True)]
    assert report.joins[1].left == EVENING[1] and [f.shown for f in report.faults] == ["Eva"]


def test_quoted_line_breaks_blank_lines_footers_and_rows_kept_in_one_cell():
    report = zoom('"Ana\nVera",,07/10/2026 18:00:00,07/10/2026 18:10:00,10,No,No', "", '"Soto, Eva",,07/10/2026 18:00,07/10/2026 18:10,10,No,No',
                  "", "Total de participantes,2")
    assert [(j.row, j.shown) for j in report.joins] == [(2, "Ana Vera"), (4, "Soto, Eva")] and not report.faults
    folded = read("x.csv", (f'"{ZOOM}"\n"""Soto, Eva"",,07/10/2026 18:00,07/10/2026 18:10,10,No,No"\n').encode(), window=EVENING)
    assert [j.shown for j in folded.joins] == ["Soto, Eva"]


def test_a_webinar_leaves_out_who_did_not_come():
    text = ("Attendee Report\nTopic,Webinar ID,Actual Start Time\nCharla,123,10/07/2026 6:00:00 PM\nAttendee Details\n"
            "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Join Time,Leave Time,Time in Session (minutes)\n"
            "Yes,Ana V,Ana,Vera,ana@example.org,10/01/2026 6:00:00 PM,10/07/2026 6:00:00 PM,10/07/2026 7:30:00 PM,90\n"
            "No,Eva,Eva,Mora,eva@example.org,10/01/2026 6:00:00 PM,--,--,--\n")
    report = read("x.csv", text.encode(), window=EVENING)
    assert (report.title, [j.shown for j in report.joins], report.faults) == ("Charla", ["Ana V"], ())


def test_unknown_columns_are_asked_with_a_guess_and_read_once_answered():
    text = b"Persona;Desde;Hasta\nAna;07/10/2026 18:00;07/10/2026 18:30\nEva;07/10/2026 18:00;07/10/2026 18:30\n"
    asked, = read("x.csv", text, window=EVENING).questions
    assert (asked.kind, asked.heads, dict(asked.guess)) == ("columns", ("Persona", "Desde", "Hasta"), {"name": 0, "joined": 1, "left": 2})
    assert [j.span for j in read("x.csv", text, window=EVENING, mapping=asked.guess).joins] == [1800, 1800]


@pytest.mark.parametrize(("content", "words"), [
    (b"", "vac"), (b"\x89PNG\r\n\x1a\n", "imagen"), (b"%PDF-1.7", "PDF"), (b"<html><table></table>", "web"), (b"hola", "no es un informe"),
    (b"WEBVTT\n\n00:01 --> 00:02\nHola\n", "transcripci"), (b'{"a": [1]}', "JSON"), (bytes(range(256)) * 20, "letras|caracteres"),
    (b"08:59:02 From  Jacob  to  Everyone:\n\tHola\n", "chat"), (b"08:59:02\tJacob:\tHola\n08:59:03\tEva:\tHola\n", "chat"),
    (b"08:59:02 De Ana a Todos: Hola\n", "chat"), (ZOOM.encode() + b"\n", "no tiene participantes"),
    (ZOOM.encode() + b'\n"Ana,,07/10/2026 18:00,07/10/2026 18:10,10,No,No\n', "comilla"),
    (ZOOM.encode() + b"\nAna,,17/10/2026 18:00,17/10/2026 18:10,10,No,No\nEva,,10/17/2026 18:00,10/17/2026 18:10,10,No,No\n", "mezcla")])
def test_other_files_are_refused_by_name(content, words):
    with pytest.raises(Unreadable, match=words):
        read("archivo.csv", content, window=EVENING)


def test_more_rows_than_any_meeting_are_refused():
    with pytest.raises(Unreadable, match="filas"):
        read("x.csv", (ZOOM + "\n" + "Ana,,07/10/2026 18:00,07/10/2026 18:10,10,No,No\n" * 100_400).encode(), window=EVENING)


# Names and who is who

@pytest.mark.parametrize(("shown", "name", "original"), [
    ("Carmen Núñez (Municipalidad de Pucón)", "Carmen Núñez", "Municipalidad de Pucón"), ("Adrià Puig (Externo)", "Adrià Puig", ""),
    ("iPhone de Begoña (No comprobado)", "iPhone de Begoña", ""), ("Ana (Guest)", "Ana", ""), ("Eva (ella) (Eva Mora)", "Eva", "Eva Mora"),
    ("Ana (Unverified) (External)", "Ana", ""), ("(Ana)", "(Ana)", ""), ("015_Loki (Loki Laufeyson)", "015_Loki", "Loki Laufeyson")])
def test_a_shown_name_and_its_original(shown, name, original):
    assert split(shown) == (name, original)


def test_names_are_compared_without_case_accents_order_or_what_follows_a_dash():
    assert name_keys("PÉREZ SOTO, Ana")[0] == name_keys("Ana Perez Soto")[0] == "ana perez soto"
    assert "ana perez" in name_keys("Ana Pérez - Municipalidad de Pucón")


PEOPLE = [Registered(1, "Ana Pérez Soto", ("ana@example.org",)), Registered(2, "Jorge Díaz Mora", ("jorge@example.org", "jd@example.com")),
          Registered(3, "Ana Pérez Soto", ("otra.ana@example.org",)), Registered(4, "Eva Mora Vera", ("eva@example.org",))]


def caller(name, email=""):
    found, = attendees(zoom(f'"{name}",{email},07/10/2026 18:00,07/10/2026 18:10,10,No,No').joins)
    return found


@pytest.mark.parametrize(("name", "email", "who", "how"), [
    ("Quien sea", "ANA@example.org", 1, "email"), ("Quien sea", "jd@example.com", 2, "email"), ("MORA VERA, Eva", "", 4, "name"),
    ("Eva (Eva Mora Vera)", "x@example.net", 4, "name"), ("Ana Pérez Soto", "", None, ""), ("Eva Mora", "", None, ""),
    ("Jorgito", "", 2, "alias"), ("Quien sea", "casa@example.net", 2, "alias")])
def test_people_are_known_by_address_then_alias_then_the_very_same_name(name, email, who, how):
    aliases = [Alias("name", "jorgito", skeleton("jorge@example.org")), Alias("email", skeleton("casa@example.net"), skeleton("jorge@example.org"))]
    found = match(caller(name, email), book(PEOPLE, aliases))
    assert (found.registration_id, found.how) == (who, how)


def test_a_likeness_is_only_suggested():
    known = book(PEOPLE, [])
    assert match(caller("Eva Mora"), known).registration_id is None
    assert [s.registration_id for s in likely(caller("Eva Mora"), known)][0] == 4
    assert [s.registration_id for s in likely(caller("iPhone de Jorge"), known)] == [2]
    assert {s.registration_id for s in likely(caller("Ana Pérez Soto"), known)} == {1, 3}
    assert caller("iPhone de Jorge").device and not caller("Jorge Díaz").device


def test_what_was_chosen_in_this_report_counts_before_all():
    one = caller("Jorge Díaz Mora")
    assert match(one, book(PEOPLE, []), {one.key: 4}).registration_id == 4
    assert alias_values(one) == (("name", "jorge diaz mora"),)


# Facts

def test_a_fact_stands_once_and_what_the_office_took_back_stays_away():
    fact, = facts(zoom("Ana,,07/10/2026 18:00,07/10/2026 18:10,10,No,No").joins, CHILE, SITTING)
    name = reference(fact, 5, 7)
    assert fresh(name, {}) == name and fresh(name, {name: [Told(name, False, False)]}) is None
    assert fresh(name, {name: [Told(name, True, False)]}) == f"{name}~2" and fresh(name, {name: [Told(name, True, True)]}) is None
    assert len(name) <= 70


def test_a_stay_outside_the_session_says_nothing_and_a_wrong_clock_is_noticed():
    report = zoom("Ana,,07/10/2026 21:00,07/10/2026 22:30,90,No,No")
    assert facts(report.joins, CHILE, SITTING) == () and overlap(report, CHILE, SITTING) == 0
    assert "UTC" in fitting(report, CHILE, SITTING) and CHILE not in fitting(report, CHILE, SITTING)


def test_a_clock_that_is_an_hour_off_is_noticed_although_the_meeting_still_meets_the_session():
    late = zoom("Ana,,07/10/2026 17:00,07/10/2026 18:30,90,No,No")
    assert overlap(late, CHILE, SITTING) == 1800 and "America/Bogota" not in fitting(late, CHILE, SITTING)
    assert "America/La_Paz" in fitting(late, CHILE, SITTING)
    assert fitting(zoom("Ana,,07/10/2026 17:50,07/10/2026 19:35,90,No,No"), CHILE, SITTING) == ()


# What programs do to files on the way

@pytest.mark.parametrize(("name", "first", "dayless"), [
    ("Reunión 2026-10-07.csv", "2026-10-07", False), ("Reunión 2026-09-30.csv", "2026-09-30", False), ("a.csv", "2026-10-07", True)])
def test_the_day_of_a_meet_report_is_in_its_name_or_taken_from_the_session(name, first, dayless):
    report = read(name, b"Name,Email,Duration,Time joined,Time exited\nAna,a@x.org,40 min,6:00 PM,6:40 PM\n", window=EVENING)
    assert (f"{report.first:%Y-%m-%d}", report.dayless) == (first, dayless)


def test_utf8_kept_as_windows_letters_and_moments_cut_at_their_comma_are_made_whole():
    spoilt = (ZOOM + "\nAna Núñez,,07/10/2026 18:00,07/10/2026 18:10,10,No,No\n").encode().decode("cp1252").encode()
    assert [j.shown for j in read("x.csv", spoilt, window=EVENING).joins] == ["Ana Núñez"]
    cut = (b"1. Summary\nStart time,10/7/26, 6:00:00 PM\n3. In-Meeting Activities\nName,Join Time,Leave Time,Duration,Email,Role\n"
           b"Ana,10/7/26, 6:00:00 PM,10/7/26, 7:30:00 PM,1h 30m,ana@example.org,Attendee\n")
    report = read("x.csv", cut, window=EVENING)
    assert (stays(report), report.starts) == ([("18:00:00", "19:30:00")], EVENING[0])


def test_an_open_stay_of_another_meeting_does_not_reach_into_the_session():
    morning = ("Full Name\tUser Action\tTimestamp\nOlga\tJoined\t7/10/2026, 9:00:00\nAna\tJoined\t7/10/2026, 9:05:00\n"
               "Ana\tLeft\t7/10/2026, 9:50:00\n")
    report = read("x.csv", morning.encode("utf-16"), window=EVENING)
    assert [f"{j.left:%H:%M}" for j in report.joins] == ["09:50", "09:50"] and overlap(report, CHILE, SITTING) == 0
    two = morning + "Olga\tJoined\t7/10/2026, 18:00:00\nEva\tJoined before\t17/9/2026, 18:00:00\n"
    assert [(j.shown, j.span) for j in read("x.csv", two.encode("utf-16"), window=EVENING).joins if j.row > 4] == [("Olga", 5400), ("Eva", 0)]


def test_a_meet_report_tells_its_day_above_the_table_and_further_sections_of_teams_are_left_alone():
    meet = read("x.csv", b"Meeting title,Date,Start time,End time\nGrupo,2026-09-30,18:00,19:32\n\n"
                b"Name,Email,Duration,Time joined,Time exited\nAna,a@x.org,32m,18:00:12,18:32:01\n", window=EVENING)
    assert (meet.title, meet.first, meet.dayless) == ("Grupo", datetime(2026, 9, 30, 18, 0, 12), False)
    teams = read("x.csv", b"3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\nAna\t10/7/26, 6:00:00 PM\t10/7/26, 7:30:00 PM\t1h 30m\n"
                 b"4. Other things\nAlgo\tUno\tDos\nEva\t10/7/26, 6:00:00 PM\t10/7/26, 7:30:00 PM\n", window=EVENING)
    assert [j.shown for j in teams.joins] == ["Ana"]
