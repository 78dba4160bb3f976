"""A table to take away, as CSV (`;`, decimal comma), XLSX or ODS: numbers are numbers, nothing typed is computed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from flask import Response

from lms.foundation import ods
from lms.foundation.ods import Value
from lms.foundation.spreadsheet import csv_lines

CHUNK = 1 << 16                 # bytes
TYPES = {"csv": "text/csv; charset=utf-8", "ods": "application/vnd.oasis.opendocument.spreadsheet",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
ENDINGS = "<any(csv, xlsx, ods):ending>"        # of an address
LONGEST = 31                    # letters of the name of a sheet in a workbook
Rows = Iterable[Sequence[Value]]


def answer(ending: str, name: str, title: str, header: Sequence[str], rows: Rows) -> Response:
    """The file `name.ending`, kept by no cache."""
    response = Response(body(ending, title, header, rows), content_type=TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def body(ending: str, title: str, header: Sequence[str], rows: Rows) -> Iterator[bytes]:
    if ending == "csv":
        yield from csv_lines(header, ([_cell(v) for v in row] for row in rows))
        return
    with TemporaryFile() as file:
        if ending == "ods":
            ods.write(file, title, header, rows)
        else:
            _xlsx(file, title, header, rows)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _cell(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return "" if value is None else str(value)


def _xlsx(file: IO[bytes], title: str, header: Sequence[str], rows: Rows) -> None:
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, settings) as workbook:
        page = workbook.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:LONGEST].strip() or None)
        page.freeze_panes(1, 1)
        page.set_column(0, 1, 30)
        page.write_row(0, 0, header, workbook.add_format({"bold": True, "bottom": 1}))
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, str) and value:
                    page.write_string(number, place, value)
                elif isinstance(value, Decimal | int):
                    page.write_number(number, place, value)
