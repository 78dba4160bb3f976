"""The gradebook as a file: CSV for Excel in Spanish, XLSX and ODS with true numbers; row by row, in flat memory."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from flask import Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import ods
from lms.foundation.database import database, session
from lms.foundation.ods import Value
from lms.foundation.spreadsheet import csv_lines
from lms.gradebook import queries
from lms.gradebook.routes import Asked, asked_of, room
from lms.gradebook.rules import FINAL, Cell, Column, columns
from lms.grading.queries import Policies, policies_of
from lms.grading.rules import Scale
from lms.people.queries import PersonView
from lms.people.rules import May

CHUNK = 1 << 16                 # bytes
PACK = 200                      # people whose results are in memory at once
KINDS = {"csv": "text/csv; charset=utf-8", "ods": "application/vnd.oasis.opendocument.spreadsheet",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WHO = ("Correo", "Participante", "Institución y cargo")


@room.get("/cohortes/<int:cohort_id>/libro.<any(csv,xlsx,ods):kind>", allow=May.SEE_GRADEBOOK)
def sheet(cohort_id: int, kind: str) -> ResponseReturnValue:
    """The whole book, or what the page shows of it: every item, each module and the final grade on every scale."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    asked = asked_of(cohort)
    programme = queries.programme_of(session(), cohort)
    who = queries.taking_part(session(), cohort.id, asked.words)
    by = policies_of(session(), cohort.id, cohort.country)
    header, rows = table(database().reading, cohort, programme, who, asked, by)
    response = Response(_body(kind, cohort.title, header, rows), mimetype=KINDS[kind])
    name = f"notas-{cohort.code}{'-' + asked.module.code if asked.module else ''}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def table(reading: Callable[[], object], cohort: CohortView, programme: Programme, who: dict[int, PersonView],
          asked: Asked, by: Policies) -> tuple[list[str], Iterator[list[Value]]]:
    """The heading, and the rows as they are asked for. The same headings are understood when the file comes back."""
    wanted = [c for c in detailed(programme) if (asked.modules is None or c.module in asked.modules)
              and (asked.module is None or c.module == asked.module.code)]
    sides = by.shown
    heads = [(c, s) for c in wanted for s in (sides[:1] if c.item else sides)]
    header = [*WHO, *(title(column, scale, sides) for column, scale in heads)]
    return header, _rows(reading, cohort, programme, who, asked, wanted, heads, by)


def title(column: Column, scale: Scale, sides: Sequence[Scale]) -> str:
    """"G1 Control", "G1", "G1 (Argentina)"."""
    name = f"{column.module} {column.name}" if column.item else column.name
    return name if scale is sides[0] else f"{name} ({scale.place})"


def detailed(programme: Programme) -> list[Column]:
    """Every item of every module, each module, and the final grade."""
    return [*(c for m in programme.modules for c in columns(programme, m)), Column(FINAL)]


def _rows(reading: Callable[[], object], cohort: CohortView, programme: Programme, who: dict[int, PersonView],
          asked: Asked, wanted: list[Column], heads: list[tuple[Column, Scale]], by: Policies) -> Iterator[list[Value]]:
    places = {column: i for i, column in enumerate(wanted)}
    people = list(who.values())
    for start in range(0, len(people), PACK):
        some = {p.id: p for p in people[start:start + PACK]}
        with reading() as opened:       # type: ignore[attr-defined]
            found = _some(opened, cohort, programme, some, asked, wanted)
        for line in found.book.lines:
            person = found.people[line.person_id]
            yield [person.email, person.formal, found.places.get(person.id, ""),
                   *(_value(line.cells[places[column]], scale, by) for column, scale in heads)]


def _some(opened: Session, cohort: CohortView, programme: Programme, some: dict[int, PersonView], asked: Asked,
          wanted: list[Column]) -> queries.Seen:
    return queries.seen(opened, cohort, programme, some, wanted=wanted, modules=asked.modules, view=asked.view)


def _value(cell: Cell, scale: Scale, by: Policies) -> Value:
    return None if cell.share is None else by.grade(cell.share, scale).value


def _body(kind: str, name: str, header: list[str], rows: Iterator[list[Value]]) -> Iterator[bytes]:
    if kind == "csv":
        return csv_lines(header, ([_text(v) for v in row] for row in rows))
    return _packed(kind, name, header, rows)


def _packed(kind: str, name: str, header: list[str], rows: Iterator[list[Value]]) -> Iterator[bytes]:
    with TemporaryFile() as file:
        if kind == "ods":
            ods.write(file, name, header, rows)
        else:
            _xlsx(file, header, rows)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _text(value: Value) -> str:
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


def _xlsx(file: IO[bytes], header: Sequence[str], rows: Iterator[list[Value]]) -> None:
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, settings) as workbook:
        page = workbook.add_worksheet("Notas")
        bold = workbook.add_format({"bold": True, "bottom": 1})
        tenth, whole = (workbook.add_format({"num_format": code}) for code in ("0.0", "0"))
        page.freeze_panes(1, 2)
        page.set_column(0, 2, 30)
        page.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, Decimal):
                    page.write_number(number, place, float(value), tenth if value.as_tuple().exponent else whole)
                elif value not in (None, ""):
                    page.write_string(number, place, str(value))
