"""Small tables in and out: reads whatever an office's spreadsheet saves, and writes a CSV its Excel opens well."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

from lms.foundation.delimited import Unreadable, decode, split

__all__ = ["Row", "Table", "Unreadable", "read", "write_csv"]

Kind = Literal["csv", "xlsx", "xls", "ods"]
Records = list[tuple[int, list[str]]]

LARGEST = 50 << 20              # bytes, of the file and of all it unpacks to
MOST_PACKED = 200               # times; a true sheet of 5 000 equal rows packs about 40 times
MOST_COLUMNS = 256
READER = Path(__file__).with_name("cells.py")
PATIENCE = 10                   # seconds for the reader of workbooks; it gives itself five of computing

_ANOTHER = "Suba la planilla como .xlsx, .xls, .ods o .csv."
_MAGIC = ((b"\x89PNG", "una imagen"), (b"\xff\xd8\xff", "una imagen"), (b"GIF8", "una imagen"), (b"%PDF", "un PDF"),
          (b"{\\rtf", "un texto con formato"), (b"Rar!", "un archivo comprimido"),
          (b"\x1f\x8b", "un archivo comprimido"), (b"7z\xbc\xaf", "un archivo comprimido"))
_LOCKED = ("La planilla está protegida con contraseña.", "Guárdela sin contraseña y súbala de nuevo.")
_ENCODINGS = {"cp1252": "Windows-1252", "mac_roman": "Macintosh", "cp850": "MS-DOS"}
_SIGNS = {";": "punto y coma", ",": "coma", "\t": "tabulación", "|": "barra vertical"}

# A spreadsheet program computes a cell that begins so; the wide forms too, in Excel. Apostrophes already in front
# count, so that what `write_csv` adds is exactly what `read` takes away.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Row:
    """One row below the heading, as wide as the heading."""
    number: int                 # as the spreadsheet program shows it, blank rows counted
    cells: tuple[str, ...]
    extra: tuple[str, ...] = ()     # what stands to the right of the heading: a fault for the caller to tell


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str               # "" for a workbook
    separator: str              # "" for a workbook or a single column
    kind: Kind

    @property
    def reading(self) -> str:
        """How the file was understood, for the person to check: "Windows-1252, separado por punto y coma"."""
        if self.kind != "csv":
            return f"planilla .{self.kind}"
        how = f", separado por {_SIGNS.get(self.separator, self.separator)}" if self.separator else ""
        return _ENCODINGS.get(self.encoding, self.encoding.upper()) + how


def read(name: str, content: bytes, max_rows: int = 5000) -> Table:
    """The table in a file, told by its content; `name` is only for the message. Cells come without outer spaces."""
    kind = _kind(name, content)
    encoding = separator = ""
    if kind == "csv":
        text, encoding = decode(content)
        records, separator = split(text, max_rows + 2)
        records = [(number, [_plain(cell) for cell in cells]) for number, cells in records]
    else:
        records = _workbook(content, max_rows + 2)
    return _table(records, max_rows, encoding, separator, kind)


def workbook(name: str, content: bytes, most: int) -> Records | None:
    """Up to so many rows of a workbook as they stand, none taken for a heading; None when the file is text."""
    return None if _kind(name, content) == "csv" else _workbook(content, most)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV for Excel in Spanish: `;`, UTF-8 with its mark, CRLF, and no cell it would take for a formula."""
    return b"".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """`write_csv` a row at a time, for tables that are not held in memory whole."""
    yield b"\xef\xbb\xbf"
    for row in chain([header], rows):
        yield (csv_line(row) + "\r\n").encode()


def csv_line(cells: Iterable[str]) -> str:
    return ";".join(['"' + _inert(cell).replace('"', '""') + '"' for cell in cells])


def _inert(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _kind(name: str, content: bytes) -> Kind:
    if not content.strip():
        raise Unreadable(f"«{name}» está vacío.", "Revise que sea el archivo correcto y que esté guardado.")
    if len(content) > LARGEST:
        raise Unreadable(f"«{name}» pasa de {LARGEST >> 20} MB.", "Deje en la planilla solo la tabla.")
    for magic, what in _MAGIC:
        if content.startswith(magic):
            raise Unreadable(f"«{name}» no es una planilla: es {what}.", _ANOTHER)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:      # an .xlsx with a password goes in the old wrapping
            raise Unreadable(*_LOCKED)
        return "xls"
    return _packed_kind(name, content) if content.startswith(b"PK") else "csv"


def _packed_kind(name: str, content: bytes) -> Kind:
    """Whether a zip is a workbook, and of a size that may be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unreadable(f"«{name}» está dañado o incompleto.",
                         "Ábralo, guárdelo de nuevo y vuelva a subirlo.") from None
    size = sum(part.file_size for part in parts)
    if size > LARGEST or (size > 1 << 20 and size > MOST_PACKED * len(content)):
        raise Unreadable(f"«{name}» ocupa demasiado al desempaquetarlo.",
                         "Copie la tabla sola, sin imágenes ni formatos, a una planilla nueva.")
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    if any(re.fullmatch(r"xl/workbook\w*\.xml", part) for part in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Unreadable(f"«{name}» no es una planilla que se pueda leer.", _ANOTHER)


def _workbook(content: bytes, most: int) -> Records:
    """The rows of a workbook, read by a process apart: see `cells`."""
    try:
        done = subprocess.run([sys.executable, "-P", str(READER), str(most)],
                              input=content, capture_output=True, timeout=PATIENCE, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Unreadable("La planilla está dañada o tiene celdas escritas muy lejos de la tabla.",
                         "Copie la tabla sola a una planilla nueva, guárdela y súbala.") from None
    answer = json.loads(done.stdout)
    if answer.get("fault") == "password":
        raise Unreadable(*_LOCKED)
    return [(number, [cell.strip() for cell in cells]) for number, cells in answer["rows"]]


def _table(records: Records, max_rows: int, encoding: str, separator: str, kind: Kind) -> Table:
    if len(records) < 2:
        raise Unreadable("El archivo no tiene filas debajo del encabezado.",
                         "La primera fila lleva los nombres de las columnas; las siguientes, una persona cada una.")
    if len(records) > max_rows + 1:
        raise Unreadable(f"El archivo tiene más de {max_rows} filas.", "Divídalo en varios archivos.")
    header = tuple(records[0][1])
    while header and not header[-1]:
        header = header[:-1]
    width = len(header)
    if width > MOST_COLUMNS:
        raise Unreadable(f"El encabezado tiene más de {MOST_COLUMNS} columnas.", "Deje solo las que se piden.",
                         records[0][0])
    rows = tuple(Row(number, tuple((cells + [""] * width)[:width]), tuple(filter(None, cells[width:])))
                 for number, cells in records[1:])
    return Table(header, rows, encoding, separator, kind)
