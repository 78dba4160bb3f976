"""What a spreadsheet of grades would change: read by its headings, each cell judged before anything is kept. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.foundation.spreadsheet import Row, Table
from lms.gradebook.rules import Book, Cell, Column
from lms.gradebook.typed import read_grade
from lms.grading.rules import Scale
from lms.people.rules import search_key

ADDRESS = ("correo", "correo electronico", "email", "e mail", "mail", "email address", "direccion de correo",
           "direccion de correo electronico")
TOLD = ("participante", "institucion y cargo", "nombre", "nombres", "apellidos", "apellido", "first name", "last name",
        "surname", "documento", "id number")            # columns that say who it is, and are not grades


@dataclass(frozen=True)
class Wanted:
    """A grade that the sheet has and the book has not."""
    row: int
    person_id: int
    column: Column
    value: Decimal
    before: Decimal | None


@dataclass(frozen=True)
class Remark:
    """What can not be taken, where, and what to do."""
    row: int                    # 0: the heading
    column: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Offer:
    """All that came of a sheet."""
    wanted: tuple[Wanted, ...]
    faults: tuple[Remark, ...]
    notices: tuple[Remark, ...]
    same: int                   # cells that say what the book says already
    reading: str                # how the file was understood


@dataclass(frozen=True)
class Known:
    """What the sheet is held against."""
    book: Book
    titles: Mapping[str, Column]        # heading on the home scale -> column
    computed: frozenset[str]            # headings of the book that are not taken in: another scale, the final grade
    people: Mapping[str, int]           # address -> person
    home: Scale


def key(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", search_key(heading)).strip()


def read(table: Table, known: Known) -> Offer:
    """Judge every cell; good ones are offered, whatever stands beside them."""
    keys = [key(head) for head in table.header]
    address = next((keys.index(name) for name in ADDRESS if name in keys), None)
    if address is None:
        fault = Remark(0, "", "Falta la columna «Correo».", "Bajar la planilla del libro y llenar esa: por el correo "
                       "se sabe de quién es cada nota.")
        return Offer((), (fault,), (), 0, table.reading)
    titles = {key(title): column for title, column in known.titles.items()}
    places = {i: titles[k] for i, k in enumerate(keys) if k in titles}
    faults, notices = _headings(table.header, keys, address, places, {key(c) for c in known.computed})
    wanted: list[Wanted] = []
    same, rows = 0, {}
    standing = {line.person_id: dict(zip(known.book.columns, line.cells, strict=True)) for line in known.book.lines}
    for row in table.rows:
        who = row.cells[address].strip().casefold()
        person = known.people.get(who)
        if not who and not any(row.cells[i] for i in places):
            continue
        if person is None or person not in standing or person in rows:
            faults.append(_nobody(row.number, table.header[address], row.cells[address], rows.get(person or 0)))
            continue
        rows[person] = row.number
        for place, column in places.items():
            found = _judged(row, place, person, column, standing[person][column], known.home, table.header[place])
            if isinstance(found, Remark):
                faults.append(found)
            elif found is not None:
                same += found.before == found.value
                wanted += [] if found.before == found.value else [found]
    return Offer(tuple(wanted), tuple(faults), tuple(notices), same, table.reading)


def _judged(row: Row, place: int, person: int, column: Column, cell: Cell, home: Scale, head: str
            ) -> Wanted | Remark | None:
    """What one cell asks for; None where it is empty."""
    if not (typed := row.cells[place].strip()) or typed in ("-", "–"):
        return None
    try:
        value = read_grade(typed, home)
    except ValueError as wrong:
        return Remark(row.number, head, str(wrong), "Corregir la celda y subirla de nuevo.")
    before = None if cell.share is None else home.rounded(home.raw(cell.share))
    return Wanted(row.number, person, column, value, before)


def _headings(header: Sequence[str], keys: Sequence[str], address: int, places: Mapping[int, Column],
              computed: set[str]) -> tuple[list[Remark], list[Remark]]:
    faults, notices = [], []
    twice = [i for i, k in enumerate(keys) if i in places and keys.index(k) != i]
    for i, head in enumerate(header):
        if i in twice:
            faults.append(Remark(0, head, "La columna está dos veces.", "Dejar una sola."))
        elif i in places or i == address or keys[i] in TOLD or not head.strip():
            continue
        elif keys[i] in computed:
            notices.append(Remark(0, head, "No se toma: se calcula sola.", ""))
        else:
            notices.append(Remark(0, head, "No se toma: no es una columna de este libro.",
                                  "Si es de notas, ponerle el mismo nombre que tiene en la planilla descargada."))
    if not places:
        faults.append(Remark(0, "", "Ninguna columna es de notas de este libro.",
                             "Bajar la planilla del libro y llenar esa."))
    return faults, notices


def _nobody(row: int, head: str, typed: str, before: int | None) -> Remark:
    if before:
        return Remark(row, head, f"«{typed[:60]}» ya está en la fila {before}.", "Dejar una sola fila por persona.")
    return Remark(row, head, f"«{typed[:60]}» no es el correo de nadie que participe en esta cohorte." if typed.strip()
                  else "Falta el correo.", "Revisarlo en la nómina.")
