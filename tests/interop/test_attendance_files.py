"""Files of Zoom, Teams and Meet as they really are: each gives exactly the stays and minutes that its author expects."""

import csv
import json
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from lms.seminars.intervals import Interval, clipped, merged
from lms.seminars.reports import Unreadable, read

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "attendance"
pytestmark = pytest.mark.skipif(not MATERIAL.is_dir(), reason="the attendance material is not on this machine")

FILES = sorted(p.name for p in (MATERIAL / "reconstructed").glob("*.csv")) if MATERIAL.is_dir() else []
UNTIMED, LIVE = "zoom_es_variant_c_total_utf8bom.csv", "teams_2020_en_utf16le.csv"
SESSION = (datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10))


@pytest.fixture(scope="module")
def expected():
    told = json.loads((MATERIAL / "reconstructed" / "expected.json").read_text())
    return {p["name"]: ([Interval(*map(datetime.fromisoformat, pair)) for pair in p["intervals"]], p)
            for p in told["people"]}


def stays(report):
    found = {}
    for join in report.joins:
        found.setdefault(join.shown, []).append(join)
    return found


def length(intervals):
    return sum(i.seconds for i in merged(intervals))


@pytest.mark.parametrize("name", [f for f in FILES if f not in (UNTIMED, LIVE)])
def test_each_file_gives_every_stay_to_the_second(name, expected):
    report = read(name, (MATERIAL / "reconstructed" / name).read_bytes(), window=SESSION)
    assert not report.questions and not report.faults
    found = stays(report)
    assert found.keys() == expected.keys()
    for who, (intervals, told) in expected.items():
        mine = [Interval(j.joined, j.left) for j in found[who]]
        assert mine == intervals
        assert sum(i.seconds for i in mine) == told["seconds_sum"]
        assert length(mine) == told["seconds_union"]
        assert {j.email for j in found[who]} == {told["email"]}


@pytest.mark.parametrize("name", [f for f in FILES if f.startswith("teams_3")])
def test_the_summary_of_teams_names_the_meeting_and_when_it_was(name):
    report = read(name, (MATERIAL / "reconstructed" / name).read_bytes(), window=SESSION)
    assert (report.platform, report.title) == ("teams", "Seminario 1 – Ética")
    assert (report.starts, report.ends) == (datetime(2026, 3, 2, 8, 57), datetime(2026, 3, 2, 10, 0, 14))


def test_a_live_list_of_teams_lets_the_organiser_stay_to_the_end_of_the_session(expected):
    report = read(LIVE, (MATERIAL / "reconstructed" / LIVE).read_bytes(), window=SESSION)
    found = stays(report)
    assert [j.shown for j in report.joins if j.open] == ["Lucía Ibáñez Montoro"]
    for who, (intervals, _told) in expected.items():
        mine = [Interval(j.joined, j.left) for j in found[who]]
        assert clipped(mine, *SESSION) == clipped(intervals, *SESSION)


def test_a_report_of_unique_users_gives_minutes_and_no_stay(expected):
    report = read(UNTIMED, (MATERIAL / "reconstructed" / UNTIMED).read_bytes(), window=SESSION)
    assert not report.timed and {j.shown for j in report.joins} == expected.keys()
    for join in report.joins:
        assert join.seconds == -(-int(expected[join.shown][1]["seconds_sum"]) // 60) * 60      # whole minutes, rounded up


@pytest.mark.parametrize("name", [f for f in FILES if f != UNTIMED])
def test_without_the_sessions_day_the_order_of_dates_is_asked(name):
    report = read(name, (MATERIAL / "reconstructed" / name).read_bytes())
    assert [q.kind for q in report.questions] == ["order"]
    assert set(report.questions[0].choices.values()) == {"2026-03-02", "2026-02-03"}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_and_the_extension_do_not_matter(name, encoding):
    content = (MATERIAL / "reconstructed" / name).read_bytes()
    plain = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig")
    assert read("otra.xlsx", plain.encode(encoding), window=SESSION) == read(name, content, window=SESSION)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("separator", ["\t", ",", ";"])
def test_the_separator_does_not_matter_either(name, separator):
    content = (MATERIAL / "reconstructed" / name).read_bytes()
    rows = [line.split("\t") if "\t" in line else None for line in content.decode("utf-16").splitlines()
            ] if content[:2] == b"\xff\xfe" else [None]
    if None in rows and len(rows) == 1:
        pytest.skip("not a file of tabs")
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) if row else line
                       for row, line in zip(rows, content.decode("utf-16").splitlines(), strict=True))
    assert read(name, text.encode(), window=SESSION) == read(name, content, window=SESSION)


@pytest.mark.parametrize("name", FILES)
def test_a_workbook_made_of_it_reads_the_same_whatever_it_is_called(name):
    content = (MATERIAL / "reconstructed" / name).read_bytes()
    text = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig")
    kept = BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, cells in enumerate(csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ",")):
        sheet.write_row(row, 0, [int(cell) if cell.isdigit() else cell for cell in cells])
    book.close()
    assert read("informe.csv", kept.getvalue(), window=SESSION) == read(name, content, window=SESSION)


@pytest.mark.parametrize(("name", "people", "minutes"), [("participants_heroes.csv", 27, None),
                                                         ("participants_heroes_full.csv", 27, None)])
def test_public_zoom_reports_are_read_whole(name, people, minutes):
    report = read(name, (MATERIAL / "zoomclass" / name).read_bytes())
    assert (report.platform, report.order, report.faults, report.questions) == ("zoom", "md", (), ())
    assert len(report.joins) == 31 and all(0 <= j.seconds - j.span < 60 for j in report.joins)
    assert next(j for j in report.joins if j.row == report.joins[0].row).original == "Loki Laufeyson"


@pytest.mark.parametrize("name", ["20200901_lecture.csv", "20200903_lecture.csv", "20200905_lab.csv"])
def test_public_zoom_totals_are_read_under_their_summary(name):
    report = read(name, (MATERIAL / "har1eyk-zoom" / name).read_bytes(), window=(
        datetime(2020, 9, int(name[6:8]), 9), datetime(2020, 9, int(name[6:8]), 10, 10)))
    assert len(report.joins) == 30 and not report.timed and not report.questions
    assert report.title.startswith("Fall 2020") and report.starts.month == 9


@pytest.mark.parametrize("name", ["zoom-chat-1.txt", "zoom-chat-2.txt"])
def test_a_chat_is_refused_by_name(name):
    with pytest.raises(Unreadable, match="es un chat, no un informe"):
        read(name, (MATERIAL / "zoomclass" / name).read_bytes())
