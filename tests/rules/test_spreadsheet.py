"""Small tables: every way an office saves one, what is refused and how, and what a spreadsheet may not compute."""

import csv
import datetime as dt
import io
import struct
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from lms.foundation.spreadsheet import Row, Table, Unreadable, read, write_csv

HEADER = ("RUN", "Apellidos", "Correo")
ROWS = [("12.531.909-2", "Núñez Ibáñez", "m@x.cl"), ("6-K", "Peña; Soto", "p@x.cl"), ("7-8", 'Muñoz "Ñato"', "ñ@x.cl")]
TEXT = ('RUN;Apellidos;Correo\r\n12.531.909-2;Núñez Ibáñez;m@x.cl\r\n'
        '6-K;"Peña; Soto";p@x.cl\r\n7-8;Muñoz "Ñato";ñ@x.cl\r\n')


def workbook(*sheets: Sequence[Sequence[object]], hidden: int = 0) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    for place, cells in enumerate(sheets):
        sheet = book.add_worksheet()
        for row, values in enumerate(cells):
            sheet.write_row(row, 0, values)
        if place < hidden:
            sheet.hide()
    book.get_worksheet_by_name(f"Sheet{hidden + 1}").activate()
    book.close()
    return file.getvalue()


def repacked(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    file = io.BytesIO()
    with (zipfile.ZipFile(io.BytesIO(content)) as source,
          zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target):
        for item in source.infolist():
            held = source.read(item)
            target.writestr(item.filename, held.replace(old, new) if part in item.filename else held)
    return file.getvalue()


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def refusal(content: bytes, name: str = "nomina.csv", **limits: int) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(name, content, **limits)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy.endswith(".")
    return caught.value


@pytest.mark.parametrize(("encoding", "mark"), [
    ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("mac_roman", b""), ("cp850", b""),
    ("utf-16-le", b"\xff\xfe"), ("utf-16-le", b""), ("utf-16-be", b"\xfe\xff"), ("utf-16-be", b"")])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_text_in_every_encoding_newline_and_separator(encoding: str, mark: bytes, newline: str, separator: str) -> None:
    text = TEXT.replace("Peña; Soto", "<>").replace(";", separator).replace("<>", "Peña; Soto").replace("\r\n", newline)
    table = read("nomina.csv", mark + text.encode(encoding))
    assert (table.header, cells(table), table.kind) == (HEADER, ROWS, "csv")
    assert (table.encoding, table.separator) == (encoding, separator)


def test_how_it_was_read_is_said() -> None:
    assert read("x.csv", TEXT.encode("cp1252")).reading == "Windows-1252, separado por punto y coma"
    assert read("x.csv", "correo\nñ@x.cl".encode()).reading == "UTF-8"
    assert read("x.xlsx", workbook([["a"], ["b"]])).reading == "planilla .xlsx"


@pytest.mark.parametrize("text", ["Apellido\nO’Higgins\n", "Lugar\nSantiago–Mendoza\n", "Precio\n€ 5 “neto”…\n",
                                  "Nombre\nJoão François\n", "N°\n1º\n", "Nombre\nJosé\u00a0Pérez\n"])
def test_windows_punctuation_is_not_taken_for_another_system(text: str) -> None:
    table = read("x.csv", text.encode("cp1252"))
    assert table.encoding == "cp1252"
    assert table.header + table.rows[0].cells == tuple(text.split("\n")[:2])


def test_the_separator_is_the_headings_not_the_rows() -> None:
    assert read("x.csv", b"Apellidos, nombres;RUT\nPerez, Ana;1-9\n").header == ("Apellidos, nombres", "RUT")
    assert read("x.csv", b'nombre,correo\n"Perez; Soto",x\n"a;b",y\n').header == ("nombre", "correo")
    assert read("x.csv", b'"a;b";c\n1;2\n').header == ("a;b", "c")
    assert read("x.csv", b"nota;obs\n5,5;a,b,c\n6,1;d,e,f\n").header == ("nota", "obs")
    assert cells(read("x.csv", b"Nombre\nPerez, Ana\nSoto, Luis\n")) == [("Perez, Ana",), ("Soto, Luis",)]


def test_a_line_that_announces_the_separator() -> None:
    for first in ("sep=|\r\n", '"sep=|"\n', "SEP=|\r"):
        table = read("x.csv", (first + "a,b|c\n1|2\n").encode())
        assert (table.header, table.separator, table.rows) == (("a,b", "c"), "|", (Row(2, ("1", "2")),))


def test_rows_keep_the_number_the_person_sees() -> None:
    table = read("x.csv", b'a;b\n\n"1\n2";3\n;\n   \n4;5\n\x1a')
    assert table.rows == (Row(3, ("1\n2", "3")), Row(6, ("4", "5")))
    book = read("x.xlsx", workbook([[], ["", "a", "b"], [], ["", "1", "2"], ["", " "], ["", "3"]]))
    assert (book.header, book.rows) == (("a", "b"), (Row(4, ("1", "2")), Row(6, ("3", ""))))


def test_ragged_rows_are_padded_and_a_surplus_is_told() -> None:
    table = read("x.csv", b"a;b;;\n1\n1;2;; \n1;2;;x;\n")
    assert table.header == ("a", "b")
    assert table.rows == (Row(2, ("1", "")), Row(3, ("1", "2")), Row(4, ("1", "2"), ("x",)))
    assert read("x.csv", b"Nomina 2027\na;b\n1;2\n").rows[0] == Row(2, ("a",), ("b",))


def test_workbook_cells_as_people_write_them() -> None:
    values = [125319092, 1e15, 0.1 + 0.2, 5.5, -3.0, True, dt.date(2027, 7, 16),
              dt.datetime(2027, 7, 16, 22, 5), "Núñez"]
    table = read("x.xlsx", workbook([["c"] * len(values), values]))
    assert table.kind == "xlsx"
    assert table.rows[0].cells == ("125319092", "1000000000000000", "0.3", "5.5", "-3", "VERDADERO", "2027-07-16",
                                   "2027-07-16 22:05:00", "Núñez")


def test_the_first_visible_sheet_with_content() -> None:
    lists = [["lista"], ["oculta"]]
    assert read("x.xlsx", workbook(lists, [], [["a"], ["b"]], hidden=1)).header == ("a",)
    refusal(workbook(lists, [], hidden=1), "x.xlsx")


def test_content_decides_not_the_name() -> None:
    assert read("nomina.csv", workbook([["a"], ["b"]])).kind == "xlsx"
    assert read("nomina.xlsx", TEXT.encode()).kind == "csv"


@pytest.mark.parametrize(("content", "said"), [
    (b"", "está vacío"), (b" \r\n", "está vacío"), (b"\xef\xbb\xbf\n", "está vacío"), (b"\xff\xfe", "está vacío"),
    (b"a;b\n", "no tiene filas"), (b"example", "no tiene filas"), (b"\x89PNG\r\n\x1a\n\0\0", "es una imagen"),
    (b"%PDF-1.7", "es un PDF"), (b"<html><table><tr><td>RUN", "página web"),
    (b'<?xml version="1.0"?><Workbook>', "página web"), (b"PK\x03\x04", "dañado"),
    (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "dañada"),
    (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "contraseña"),
    (b"a;b\n1;2\n3;\0\n", "Fila 3: hay caracteres"), (b"a;b\n1;\x07\n", "Fila 2: hay caracteres"),
    (b'a;b\n1;2\n3;"4\n5;6\n', "Fila 3: hay una comilla"), (b'a;b\n"1"2;3\n', "Fila 2: hay una comilla"),
    (b"\xef\xbb\xbfa;b\r\n1;2\r\n\xf1;3", "Fila 3: hay letras"),
    (b"\xff\xfea\0;\0b\0\n\0\x00\xd8", "Fila 2: hay letras")])
def test_refused_with_the_place_and_what_to_do(content: bytes, said: str) -> None:
    assert said in refusal(content).message


def test_an_archive_that_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "no es una planilla" in refusal(file.getvalue(), "carta.xlsx").message


def test_limits() -> None:
    text = "a\n" + "1\n" * 11
    assert len(read("x.csv", text.encode(), max_rows=11).rows) == 11
    assert "más de 10 filas" in refusal(text.encode(), max_rows=10).message
    assert "más de 10 filas" in refusal(workbook([["a"]] * 12), max_rows=10).message
    assert "columnas" in refusal(b"a;" * 300 + b"a\n1\n").message


def test_bombs_are_refused_before_and_while_unpacking() -> None:
    book = workbook([["a"], ["b"]])
    bomb = repacked(book, "sheet1", b"</worksheet>", b" " * (51 << 20) + b"</worksheet>")
    assert "ocupa demasiado" in refusal(bomb, "x.xlsx").message
    small = repacked(book, "sheet1", b"</worksheet>", b" " * (2 << 20) + b"</worksheet>")
    assert "ocupa demasiado" in refusal(small, "x.xlsx").message
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    refusal(bomb.replace(struct.pack("<I", size), struct.pack("<I", 900)), "x.xlsx")


def test_a_cell_in_the_last_corner_does_not_end_the_process() -> None:
    book = workbook([["a"], ["b"]])
    corner = repacked(book, "sheet1", b"</sheetData>",
                      b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert "muy lejos" in refusal(corner, "x.xlsx").message


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda tail: b"a;b\n1;2\n" + tail))
def test_anything_is_read_or_refused(content: bytes) -> None:
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return                  # a process each: too slow for a hundred
    try:
        table = read("x.csv", content)
    except Unreadable as error:
        assert error.message
        assert error.remedy
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff")
               | st.sampled_from(";,\t|\"'\n=+-@0"), max_size=12).filter(lambda text: text == text.strip())
NAMED = CELL.filter(bool).filter(lambda text: not text.lower().startswith(("sep=", "<")))


@given(st.data(), st.integers(1, 4))
def test_what_is_written_is_read_back(data: st.DataObject, width: int) -> None:
    header = data.draw(st.tuples(*[NAMED] * width))
    rows = data.draw(st.lists(st.tuples(*[CELL] * width).filter(any), min_size=1, max_size=6))
    table = read("x.csv", write_csv(header, rows))
    assert table.header == header
    assert cells(table) == rows


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "=HYPERLINK(1)",
                                  "+56 9 1234", "-", "'=1", "－1", "＋1", "＠x", "-1-2", "-1,2\n"])
def test_formulas_are_neutralised(cell: str) -> None:
    written = write_csv(("a",), [(cell,)])
    assert f"\"'{cell}\"\r\n".encode() in written
    inside = next(csv.reader(io.StringIO(written.decode("utf-8-sig").split("\r\n", 1)[1], newline="")))[0]
    assert inside == "'" + cell


@pytest.mark.parametrize("cell", ["-5,5", "+3", "5.5", "-1.234,50", "+56912345678", "12.531.909-2", "a=b", "O'Higgins",
                                  "'tis", ""])
def test_numbers_and_plain_texts_stay(cell: str) -> None:
    assert f'"{cell}";"x"\r\n'.encode() in write_csv(("a", "b"), [(cell, "x")])


def test_a_csv_excel_opens() -> None:
    assert write_csv(("Año",), [("Ñ",)]) == b"\xef\xbb\xbf" + '"Año"\r\n"Ñ"\r\n'.encode()
