"""Text tables as spreadsheets save them: which encoding, which separator, and the text cut into records."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

SEPARATORS = ("\t", ";", "|", ",")          # on a tie the sign that is rarest in ordinary writing wins
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_MARKUP = re.compile(r"\s*<(!doctype|html|table|meta|head|body|style|\?xml)", re.IGNORECASE)
_ANNOUNCED = re.compile(r'"?sep=([^"\r\n])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE = 50                                # records looked at to settle the separator
_NO_SEPARATOR = "\x1f"                      # for one column: a sign that `split` has refused before
_SAVE_AGAIN = "Guárdelo desde su programa de planillas como .xlsx o como CSV UTF-8."

# What "Macintosh" and "MS-DOS" of Excel's menu make of Spanish letters, when read as Windows: "N£¤ez", "Mar¡a".
_UNLIKELY = re.compile("[^\\W\\d_][‡ŽœŸƒ†„‚¡¢£¤¥µš]")
_SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑºª°¿¡")


class Unreadable(ValueError):
    """A file that can not be read as a table; says what is wrong, where, and what to do, in the reader's words."""

    def __init__(self, message: str, remedy: str, row: int | None = None) -> None:
        self.message = f"Fila {row}: {message}" if row else message
        self.remedy = remedy
        self.row = row
        super().__init__(f"{self.message} {remedy}")


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding: by the mark at the start, else by what fits and reads like Spanish."""
    mark, name = next(((mark, name) for mark, name in _BOMS if content.startswith(mark)), (b"", ""))
    name = name or _guessed(content)
    try:
        return content[len(mark):].decode(name), name
    except UnicodeDecodeError as error:
        row = len(_NEWLINE.findall(content[len(mark):][:error.start].decode("latin-1").replace("\0", ""))) + 1
        raise Unreadable("hay letras que no se pueden leer.", _SAVE_AGAIN, row) from None


def split(text: str, most: int) -> tuple[list[tuple[int, list[str]]], str]:
    """Up to `most` records that hold anything, each with its row as a spreadsheet numbers it, and the separator."""
    text = text.removesuffix("\x1a")        # the end mark of MS-DOS
    if not text.strip():
        raise Unreadable("El archivo está vacío.", "Revise que sea el correcto y que esté guardado.")
    if _MARKUP.match(text):
        raise Unreadable("El archivo es una página web con nombre de planilla.", f"Ábralo. {_SAVE_AGAIN}")
    if strange := _CONTROL.search(text):
        row = len(_NEWLINE.findall(text, 0, strange.start())) + 1
        raise Unreadable("hay caracteres que no son de texto.", _SAVE_AGAIN, row)
    if announced := _ANNOUNCED.match(text):     # Excel obeys this line and does not show it
        text, separator = text[announced.end():], announced[1]
    else:
        separator = _separator(text)
    held = ((number, cells) for number, cells in enumerate(_records(text, separator), start=1)
            if any(cell.strip() for cell in cells))
    return list(islice(held, most)), separator


def _guessed(content: bytes) -> str:
    sample = content[:2000]
    low, high = sample[1::2].count(0), sample[0::2].count(0)
    if max(low, high) * 4 > len(sample):    # every second byte mostly 0: UTF-16 without its mark
        return "utf-16-le" if low > high else "utf-16-be"
    for name in ("utf-8", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" or not _UNLIKELY.search(text):
            return name
    odd = bytes(sorted({byte for byte in content if byte > 127}))
    return next((name for name in ("mac_roman", "cp850") if set(odd.decode(name)) <= _SPANISH), "cp1252")


def _separator(text: str) -> str:
    """The sign that cuts the heading into most cells while the rows agree; "" when there is one column."""
    best, best_score, in_rows = "", (False, 1), ""
    for sign in SEPARATORS:
        heading, *rows = _sample(text, sign) or [[""]]
        agreeing = sum(len(cells) > 1 for cells in rows) * 2 >= len(rows)
        if len(heading) > 1 and (agreeing, len(heading)) > best_score:
            best, best_score = sign, (agreeing, len(heading))
        if agreeing and rows and sign != ",":
            in_rows = in_rows or sign           # only a title above: the surplus cells will be told row by row
    return best or in_rows


def _sample(text: str, sign: str) -> list[list[str]]:
    rows = []
    try:
        for cells in islice(_records(text, sign), _SAMPLE):
            rows.append(cells)
    except Unreadable:                          # quotes do not close: beside the wrong sign at once, else told later
        pass
    return [cells for cells in rows if any(cell.strip() for cell in cells)]


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _NO_SEPARATOR, strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable("hay una comilla (\") que no se cierra o que sobra.",
                             "Corrija esa celda, o guarde la planilla como .xlsx.", row) from None
        yield cells
