"""A program of its own: the cells of a workbook from standard input, as JSON. Run by `spreadsheet`, never imported.

A workbook of 5 kB with one cell in its last row and column makes the reader (calamine, Rust) ask for terabytes and
abort the whole process; measured, and no check of the file's size sees it. So it runs apart, with a ceiling.
"""

import contextlib
import datetime as dt
import io
import json
import sys
from decimal import Decimal

import python_calamine as calamine

if sys.platform != "win32":     # Windows has no such ceilings: there the process apart is all the protection
    import resource

CEILING = 192 << 20             # bytes of address space; 5 000 rows of 100 columns pass in a second
SECONDS = 5
MOST_TEXT = 20_000_000          # characters handed on: one long text may stand in every cell of a small file


def limit() -> None:
    if sys.platform != "win32":
        with contextlib.suppress(ValueError, OSError):      # macOS refuses this one
            resource.setrlimit(resource.RLIMIT_AS, (CEILING, CEILING))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def shown(value: object) -> str:
    """A cell's value as text: integers without ".0", dates in ISO order."""
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}').normalize() + 0:f}"      # the 15 digits Excel keeps, never an exponent
    if isinstance(value, dt.datetime):
        whole = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return str(whole).removesuffix(" 00:00:00")
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    return str(value)


def rows(content: io.BytesIO, most: int) -> list[tuple[int, list[str]]]:
    """Up to `most` rows that hold anything, numbered as a person sees them, from the first visible sheet with any."""
    workbook = calamine.load_workbook(content)
    length = 0
    for sheet in workbook.sheets_metadata:
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet or sheet.visible != calamine.SheetVisibleEnum.Visible:
            continue
        found: list[tuple[int, list[str]]] = []
        for number, values in enumerate(workbook.get_sheet_by_name(sheet.name).iter_rows(), start=1):
            cells = [shown(value) for value in values]
            length += sum(map(len, cells))
            if length > MOST_TEXT:
                raise ValueError("too much text")
            if any(cell.strip() for cell in cells):
                found.append((number, cells))
                if len(found) == most:
                    break
        if found:
            return found
    return []


def main() -> None:
    limit()
    try:
        answer: dict[str, object] = {"rows": rows(io.BytesIO(sys.stdin.buffer.read()), int(sys.argv[1]))}
    except calamine.PasswordError:
        answer = {"fault": "password"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
