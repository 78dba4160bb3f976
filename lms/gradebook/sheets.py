"""The gradebook as a file: CSV for Excel in Spanish, XLSX and ODS with true numbers; row by row, in flat memory."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, islice
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
from lms.gradebook.asking import Asked
from lms.gradebook.layout import token
from lms.gradebook.routes import asked_of, room
from lms.gradebook.rules import Cell, Column, Group, detailed, mark, marks
from lms.grading.queries import Policies, policies_of
from lms.grading.rules import Scale
from lms.people.queries import PersonView
from lms.people.rules import May

CHUNK = 1 << 16                 # bytes
LINES = 100                     # of a CSV sent at once
PACK = 1000                      # people whose results are in memory at once
KINDS = {"csv": "text/csv; charset=utf-8", "ods": "application/vnd.oasis.opendocument.spreadsheet",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WHO = ("Correo", "Participante", "Institución y cargo")
Told = tuple[tuple[str, str, str], tuple[Group, ...]]       # who, as WHO says, and what they have


@room.get("/cohortes/<int:cohort_id>/libro.<any(csv,xlsx,ods):ending>", allow=May.SEE_GRADEBOOK)
def sheet(cohort_id: int, ending: str) -> ResponseReturnValue:
    """The whole book, or what the page shows of it: every item, each module and the final grade on every scale."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    asked = asked_of(cohort)
    programme = queries.programme_of(session(), cohort)
    who = queries.taking_part(session(), cohort.id, asked.words)
    by = policies_of(session(), cohort.id, cohort.country)
    header, wanted, lines = table(database().reading, cohort, programme, who, asked, by)
    response = Response(_body(ending, cohort.title, header, lines, _Marks(wanted, by)), mimetype=KINDS[ending])
    name = f"notas-{cohort.code}{'-' + asked.module.code if asked.module else ''}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def table(reading: Callable[[], object], cohort: CohortView, programme: Programme, who: dict[int, PersonView],
          asked: Asked, by: Policies) -> tuple[list[str], list[Column], Iterator[Told]]:
    """The heading, and the lines as they are asked for. The same headings are understood when the file comes back."""
    wanted = [c for c in detailed(programme) if (asked.modules is None or c.module in asked.modules)
              and (asked.module is None or c.module == asked.module.code)]
    header = [*WHO, *(title(column, scale, by.shown) for column in wanted for scale in _scales(column, by))]
    return header, wanted, _lines(reading, cohort, programme, who, asked, wanted, by)


def _scales(column: Column, by: Policies) -> Sequence[Scale]:
    """An item is told on the home scale, a module on every one."""
    return by.shown[:1] if column.item else by.shown


def title(column: Column, scale: Scale, sides: Sequence[Scale]) -> str:
    """"G1 Control", "G1", "G1 (Argentina)"."""
    name = f"{column.module} {column.name}" if column.item else column.name
    return name if scale is sides[0] else f"{name} ({scale.place})"


def _lines(reading: Callable[[], object], cohort: CohortView, programme: Programme, who: dict[int, PersonView],
           asked: Asked, wanted: list[Column], by: Policies) -> Iterator[Told]:
    """By surname; computed in parts by id, of each person only the groups kept, and those are shared."""
    kept: dict[int, tuple[str, tuple[Group, ...]]] = {}
    ids = sorted(who)
    for start in range(0, len(ids), PACK):
        some = {i: who[i] for i in ids[start:start + PACK]}
        with reading() as opened:       # type: ignore[attr-defined]
            found = queries.seen(opened, cohort, programme, some, wanted=wanted, modules=asked.modules, view=asked.view)
        for line in found.book.lines:
            kept[line.person_id] = found.places.get(line.person_id, ""), line.groups
    for i, person in who.items():
        if i in kept:
            yield (person.email, person.formal, kept[i][0]), kept[i][1]


class _Marks:
    """The marks of a group as a file has them, made once for all who share it."""

    def __init__(self, wanted: Sequence[Column], by: Policies) -> None:
        self.home, self.scales = by.home, {c: [(s, marks(s, by.home)) for s in _scales(c, by)] for c in wanted}
        self.columns = [list(some) for _module, some in groupby(wanted, key=lambda c: c.module)]
        self.token = token("csv", by.home, tuple(by.shown), tuple(wanted))

    def values(self, groups: Sequence[Group]) -> list[Value]:
        return [None if cell.share is None else mark(cell.share, known, scale, self.home)
                for group, columns in zip(groups, self.columns, strict=True)
                for cell, column in zip(group.cells, columns, strict=True) for scale, known in self.scales[column]]

    def text(self, groups: Sequence[Group]) -> str:
        """As CSV: a mark is a number, and no program would compute it."""
        token = self.token
        try:
            return ";".join([group.made[token] for group in groups])
        except KeyError:
            for place, group in enumerate(groups):
                if token not in group.made:
                    group.made[token] = ";".join([self._written(*one) for cell, column in zip(
                        group.cells, self.columns[place], strict=True) for one in (
                        (cell, scale, known) for scale, known in self.scales[column])])
            return ";".join([group.made[token] for group in groups])

    def _written(self, cell: Cell, scale: Scale, known: dict[Fraction, Decimal]) -> str:
        value = "" if cell.share is None else str(mark(cell.share, known, scale, self.home)).replace(".", ",")
        return f'"{value}"'


def _body(kind: str, name: str, header: list[str], lines: Iterator[Told], told: _Marks) -> Iterator[bytes]:
    if kind == "csv":
        return _csv(header, lines, told)
    return _packed(kind, name, header, ([*who, *told.values(groups)] for who, groups in lines))


def _packed(kind: str, name: str, header: list[str], rows: Iterator[list[Value]]) -> Iterator[bytes]:
    with TemporaryFile() as file:
        if kind == "ods":
            ods.write(file, name, header, rows)
        else:
            _xlsx(file, header, rows)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _csv(header: list[str], lines: Iterator[Told], told: _Marks) -> Iterator[bytes]:
    """As foundation.spreadsheet writes it, some lines at a time."""
    yield from csv_lines(header, [])
    while some := [f"{csv_line(who)};{told.text(groups)}\r\n" for who, groups in islice(lines, LINES)]:
        yield "".join(some).encode()


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
