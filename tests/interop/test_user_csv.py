"""Tables saved by other people's spreadsheet programs (test material, never copied here)."""

from pathlib import Path

import pytest

from lms.foundation.spreadsheet import Unreadable, read

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "user-csv"
NOTIFY = MATERIAL / "govuk-notify"

pytestmark = pytest.mark.skipif(not MATERIAL.is_dir(), reason=f"no test material at {MATERIAL}")

HEADER = ("phone number", "name", "favourite colour", "fruit")
ROWS = [(2, ("07739 468 050", "Pete", "Coral", "tomato")), (3, ("07527 125 974", "Not Pete", "Magenta", "Avacado")),
        (4, ("07512 058 823", "Still Not Pete", "Crimson", "Pear"))]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SOURCE.txt")


def ids(path: Path) -> str:
    return str(path.relative_to(MATERIAL))


@pytest.mark.parametrize("path", files(NOTIFY / "spreadsheet_files" / "equivalents"), ids=ids)
def test_one_table_saved_by_many_programs(path: Path) -> None:
    table = read(path.name, path.read_bytes())
    assert table.header == HEADER
    assert [(row.number, row.cells) for row in table.rows] == ROWS
    assert not any(row.extra for row in table.rows)


@pytest.mark.parametrize("path", files(NOTIFY / "spreadsheet_files" / "ragged_surplus_columns"), ids=ids)
def test_a_surplus_cell_is_told(path: Path) -> None:
    table = read(path.name, path.read_bytes())
    assert [(row.number, row.cells) for row in table.rows] == ROWS
    assert [row.extra for row in table.rows] == [(), ("hopefully ignored",), ()]


@pytest.mark.parametrize("path", files(NOTIFY / "spreadsheet_files" / "surplus_header_columns"), ids=ids)
def test_surplus_headings_are_kept(path: Path) -> None:
    table = read(path.name, path.read_bytes())
    assert [name for name in table.header if name] == [*HEADER, "unnecessary"]
    assert [(row.number, row.cells[:4]) for row in table.rows] == ROWS


@pytest.mark.parametrize("path", [*files(NOTIFY / "non_spreadsheet_files"), *files(NOTIFY / "text_files")], ids=ids)
def test_what_is_no_table_is_refused(path: Path) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(path.name, path.read_bytes())
    assert refusal.value.remedy


@pytest.mark.parametrize("path", files(MATERIAL / "moodle"), ids=ids)
def test_uploads_of_another_platform(path: Path) -> None:
    table = read(path.name, path.read_bytes())
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    assert table.header == tuple(lines[0].split(","))
    assert len(table.rows) == len(lines) - 1
    assert not any(row.extra for row in table.rows)
