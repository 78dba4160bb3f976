"""Text tables as spreadsheets save them: which encoding, which separator, and the text cut into records."""

import csv
import io
import re
from collections import Counter
from itertools import islice

SEPARATORS = ("\t", ";", "|", ",")          # on a tie the sign that is rarest in ordinary writing wins
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32-le"), (b"\xff\xfe", "utf-16-le"),
         (b"\xfe\xff", "utf-16-be"))
_SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
_ALSO_PUNCTUATION = frozenset("‘’“”•–—…\u00a0")     # bytes that cp1252 uses where others have a letter
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_SAMPLE = 50                                # records looked at to settle the separator


class Unreadable(ValueError):
    """A file that can not be read as a table; says what is wrong, where, and what to do, in the reader's words."""

    def __init__(self, message: str, remedy: str, row: int | None = None) -> None:
        self.message = f"Fila {row}: {message}" if row else message
        self.remedy = remedy
        self.row = row
        super().__init__(f"{self.message} {remedy}")


def decode(content: bytes) -> tuple[str, str]:
    """The text and the encoding it is in: a mark at the start, then what fits, then what reads like Spanish."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            text = content[len(mark):].decode(name, errors="replace")
            return text.removeprefix("\ufeff"), name
    if name := _unmarked_utf16(content):
        return content.decode(name, errors="replace"), name
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        name = _single_byte(content)
        return content.decode(name, errors="replace"), name


def split(text: str, most: int) -> tuple[list[tuple[int, list[str]]], str]:
    """Up to `most` records that hold anything, each with its row as a spreadsheet numbers it, and the separator."""
    text = text.removesuffix("\x1a")        # the end mark of MS-DOS
    _refuse_other_contents(text)
    announced = re.match(r'"?sep=([^"\r\n])"?(?:\r\n|\r|\n|$)', text, re.IGNORECASE)
    if announced:                           # Excel reads this line and does not show it
        text, separator = text[announced.end():], announced[1]
    else:
        separator = _separator(text)
    records = []
    for number, cells in enumerate(_records(text, separator), start=1):
        if any(cell.strip() for cell in cells):
            records.append((number, cells))
            if len(records) == most:
                break
    return records, separator


def _unmarked_utf16(content: bytes) -> str | None:
    sample = content[:2000]
    low, high = sample[1::2].count(0), sample[0::2].count(0)
    if len(content) % 2 or max(low, high) * 4 < len(sample):        # at least half of one byte of each pair is 0
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _single_byte(content: bytes) -> str:
    """cp1252, unless it gives no Spanish letter and the "Macintosh" or "MS-DOS" of Excel's menu gives only those."""
    def odd(name: str) -> list[str]:
        return re.findall(r"(?<=[A-Za-z])[^\x00-\x7f]+|[^\x00-\x7f]+(?=[A-Za-z])|[^\x00-\x7f]+",
                          content.decode(name, errors="replace"))
    windows = set("".join(odd("cp1252")))
    if windows & _SPANISH or windows <= _ALSO_PUNCTUATION:
        return "cp1252"
    for name in ("mac_roman", "cp850"):
        if set("".join(odd(name))) <= _SPANISH:
            return name
    return "cp1252"


def _refuse_other_contents(text: str) -> None:
    if not text.strip("\ufeff \t\r\n"):
        raise Unreadable("El archivo está vacío.", "Revise que sea el correcto y que se haya guardado.")
    if re.match(r"\s*<(!doctype|html|table|meta|head|body|\?xml|style)", text, re.IGNORECASE):
        raise Unreadable("El archivo es una página web con nombre de planilla.",
                         "Ábralo en su programa de planillas y guárdelo como .xlsx o .csv.")
    if strange := _CONTROL.search(text):
        line = len(re.findall(r"\r\n|\r|\n", text[:strange.start()])) + 1
        raise Unreadable("El archivo no es una planilla ni un texto: contiene caracteres que no son de texto.",
                         "Guárdelo desde su programa de planillas como .xlsx o .csv.", line)


def _separator(text: str) -> str:
    """The sign that cuts the heading into most cells with the rows agreeing; "" when there is one column only."""
    best, best_score = "", (0.0, 1)
    for sign in SEPARATORS:
        try:
            rows = [cells for cells in islice(_records(text, sign), _SAMPLE) if any(c.strip() for c in cells)]
        except Unreadable:                  # quotes that do not close beside this sign
            continue
        width = len(_trimmed(rows[0])) if rows else 0
        common = Counter(len(_trimmed(cells)) for cells in rows[1:] if len(cells) > 1).most_common(1)
        if width < 2 and common and common[0][1] * 2 > len(rows) - 1:
            width, agreeing = common[0][0], 0.0         # a title above the table: the rows decide, as a last resort
        else:
            agreeing = sum(len(_trimmed(cells)) <= width for cells in rows) / max(len(rows), 1)
        if width > 1 and (agreeing > 0.5, width) > best_score:
            best, best_score = sign, (agreeing > 0.5, width)
    return best


def _records(text: str, separator: str) -> "csv._reader":
    raise NotImplementedError


def _trimmed(cells: list[str]) -> list[str]:
    return cells
