"""The gradebook as a file: CSV for Excel in Spanish, XLSX and ODS with true numbers; row by row, in flat memory."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from flask import Response, abort
from flask.typing import ResponseReturnValue

from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import ods
from lms.foundation.database import database, session
from lms.foundation.ods import Value
from lms.foundation.spreadsheet import csv_line, csv_lines
from lms.gradebook import queries
from lms.gradebook.routes import Asked, asked_of, room
from lms.gradebook.rules import Cell, Column, detailed, mark, marks
from lms.grading.queries import Policies, policies_of
from lms.grading.rules import Scale
from lms.people.queries import PersonView
from lms.people.rules import May

CHUNK = 1 << 16                 # bytes
PACK = 1000                      # people whose results are in memory at once
KINDS = {"csv": "text/csv; charset=utf-8", "ods": "application/vnd.oasis.opendocument.spreadsheet",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WHO = ("Correo", "Participante", "Institución y cargo")


@room.get("/cohortes/<int:cohort_id>/libro.<any(csv,xlsx,ods):ending>", allow=May.SEE_GRADEBOOK)
def sheet(cohort_id: int, ending: str) -> ResponseReturnValue:
    """The whole book, or what the page shows of it: every item, each module and the final grade on every scale."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    asked = asked_of(cohort)
    programme = queries.programme_of(session(), cohort)
    who = queries.taking_part(session(), cohort.id, asked.words)
    by = policies_of(session(), cohort.id, cohort.country)
    header, rows = table(database().reading, cohort, programme, who, asked, by)
    response = Response(_body(ending, cohort.title, header, rows), mimetype=KINDS[ending])
    name = f"notas-{cohort.code}{'-' + asked.module.code if asked.module else ''}.{ending}"
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


def _rows(reading: Callable[[], object], cohort: CohortView, programme: Programme, who: dict[int, PersonView],
          asked: Asked, wanted: list[Column], heads: list[tuple[Column, Scale]], by: Policies) -> Iterator[list[Value]]:
    """By surname; computed in parts by id, of each person only the marks kept, and those are the same few objects."""
    places = {column: i for i, column in enumerate(wanted)}
    heads_of = [(places[column], scale) for column, scale in heads]
    kept: dict[int, tuple[str, tuple[Value, ...]]] = {}
    known: dict[tuple[int, int], Value] = {}
    ids = sorted(who)
    for start in range(0, len(ids), PACK):
        some = {i: who[i] for i in ids[start:start + PACK]}
        with reading() as opened:       # type: ignore[attr-defined]
            found = queries.seen(opened, cohort, programme, some, wanted=wanted, modules=asked.modules, view=asked.view)
        for line in found.book.lines:
            kept[line.person_id] = found.places.get(line.person_id, ""), _marks(line.cells, heads_of, by, known)
        known.clear()                   # of cells that are gone: their names may be given to others
    for i, person in who.items():
        if i in kept:
            place, grades = kept[i]
            yield [person.email, person.formal, place, *grades]


def _marks(cells: Sequence[Cell], heads: Sequence[tuple[int, Scale]], by: Policies,
           known: dict[tuple[int, int], Value]) -> tuple[Value, ...]:
    """A person's marks. Equal cells are one object: `known` has what each comes to under each heading."""
    found = []
    for place, (i, scale) in enumerate(heads):
        cell = cells[i]
        if cell.share is None:
            found.append(None)
            continue
        name = id(cell), place
        if name not in known:
            known[name] = mark(cell.share, marks(scale, by.home), scale, by.home)
        found.append(known[name])
    return tuple(found)


def _body(kind: str, name: str, header: list[str], rows: Iterator[list[Value]]) -> Iterator[bytes]:
    if kind == "csv":
        return _csv(header, rows)
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


def _csv(header: list[str], rows: Iterator[list[Value]]) -> Iterator[bytes]:
    """As foundation.spreadsheet writes it; a mark is a number, and no program would compute it."""
    written: dict[Value, str] = {None: '""'}
    yield from csv_lines(header, [])
    for row in rows:
        for value in row[len(WHO):]:
            if value not in written:
                written[value] = f'"{value}"'.replace(".", ",")
        told = csv_line([str(v) for v in row[:len(WHO)]])
        yield f"{told};{';'.join([written[v] for v in row[len(WHO):]])}\r\n".encode()


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
