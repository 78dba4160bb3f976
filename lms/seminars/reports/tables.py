"""The records of a report's file: whatever its encoding, its separator, its extension; other kinds refused by name."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lms.foundation import spreadsheet
from lms.foundation.delimited import Unreadable as Unreadable
from lms.foundation.delimited import decode
from lms.seminars.reports.heads import is_head

Records = list[tuple[int, list[str]]]

MOST = 100_000                  # rows
LARGEST = 30 << 20              # bytes: 100 000 rows in UTF-16
LOOKED_AT = 300                 # records among which the head must be
SIGNS = ("\t", ",", ";", "|")
AGAIN = "Descargar el informe de asistencia (participantes) de la plataforma y subirlo tal como viene, .csv o .xlsx."
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(r"\s*<(!doctype|html|table|meta|head|body|style|\?xml)", re.IGNORECASE)
_ANNOUNCED = re.compile(r'"?sep=([^"\r\n])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SPOILT = re.compile("[ÃÂ][\u0080-\u00bf\u0152-\u0178\u2013-\u2122]")
_CHAT = (re.compile(r"\d{1,2}:\d\d:\d\d(?: ?[AP]M)?[ \t]+(?:From|De|Desde)[ \t].{0,200}:", re.IGNORECASE),
         re.compile(r"\d{1,2}:\d\d:\d\d\t[^\t]{1,200}:\t"))
_KINDS = ((re.compile(r"\s*WEBVTT"), "una transcripción"), (re.compile(r"\s*[{\[]\s*[\"{\[]"), "un archivo JSON"),
          (re.compile(r"\s*BEGIN:VCALENDAR"), "un calendario"))


@dataclass(frozen=True)
class Sheet:
    """The rows that hold anything, each with its number; `found`: a head was seen among them."""
    rows: Records
    found: bool
    separator: str = ""


def sheet(name: str, content: bytes) -> Sheet:
    """The records of a file, cut so that the head of a report stands in cells of its own."""
    if len(content) > LARGEST:
        raise Unreadable(f"«{name}» pasa de {LARGEST >> 20} MB.", AGAIN)
    rows = spreadsheet.workbook(name, content, MOST + LOOKED_AT)
    separator, found = "", rows is not None and _has_head(rows)
    if rows is None:
        text = _text(name, content)
        rows, separator, found = _cut(text)
    if not found and (unfolded := _unfolded(rows)):
        rows, found = unfolded, True
    if len(rows) >= MOST + LOOKED_AT:
        raise Unreadable(f"«{name}» tiene más de {MOST} filas.", "Dividirlo en varios archivos.")
    return Sheet([(number, [_tidy(cell) for cell in cells]) for number, cells in rows], found, separator)


def _text(name: str, content: bytes) -> str:
    text, _encoding = decode(content)
    text = _unspoilt(text.lstrip("\ufeff").removesuffix("\x1a"))
    if not text.strip():
        raise Unreadable(f"«{name}» está vacío.", AGAIN)
    if _MARKUP.match(text):
        raise Unreadable(f"«{name}» es una página web, no un informe.", AGAIN)
    head = [line for line in text[:20_000].splitlines() if line.strip()][:40]
    if sum(any(sign.match(line) for sign in _CHAT) for line in head) * 3 >= len(head):
        raise Unreadable(f"«{name}» es un chat, no un informe de asistencia.", AGAIN)
    for sign, what in _KINDS:
        if sign.match(text):
            raise Unreadable(f"«{name}» es {what}, no un informe de asistencia.", AGAIN)
    if strange := _CONTROL.search(text):
        row = len(re.findall(r"\r\n|\r|\n", text[:strange.start()])) + 1
        raise Unreadable("hay caracteres que no son de texto.", AGAIN, row)
    return text


def _unspoilt(text: str) -> str:
    """UTF-8 that a program took for Windows-1252 and kept so: "DuraciÃ³n" is made "Duración" again."""
    if not _SPOILT.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _cut(text: str) -> tuple[Records, str, bool]:
    """The text in records by the separator that shows a head; else by the one that cuts into most cells."""
    signs: tuple[str, ...] = SIGNS
    if announced := _ANNOUNCED.match(text):
        text, signs = text[announced.end():], (announced[1], *SIGNS)
    sample = text[:200_000]
    looks = {sign: list(islice(_lenient(sample, sign), LOOKED_AT)) for sign in signs}
    for sign in signs:
        if _has_head(looks[sign]):
            return _records(text, sign), sign, True
    widest = max(signs, key=lambda sign: sorted(len(cells) for _, cells in looks[sign])[-max(1, len(looks[sign]) // 2)])
    return _records(text, widest), widest, False


def _records(text: str, sign: str) -> Records:
    try:
        return list(islice(_strict(text, sign), MOST + LOOKED_AT))
    except csv.Error:
        if sign == "\t":            # Teams does not quote: a quotation mark there is part of a name
            return list(islice(_lenient(text, sign), MOST + LOOKED_AT))
    row = 1
    try:
        for row, _cells in _strict(text, sign):     # noqa: B007
            pass
    except csv.Error:
        pass
    raise Unreadable("hay una comilla (\") que no se cierra o que sobra.", AGAIN, row + 1)


def _strict(text: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    return _held(reader)


def _lenient(text: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    lines = io.StringIO(text, newline="")
    try:
        yield from _held(csv.reader(lines, delimiter=sign, quoting=csv.QUOTE_NONE) if sign == "\t" else
                         csv.reader(lines, delimiter=sign))
    except csv.Error:               # a cell of more than 128 kB: told by the strict reading
        return


def _held(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in enumerate(reader, start=1) if any(cell.strip() for cell in cells))


def _has_head(rows: Records) -> bool:
    return any(is_head(cells) for _, cells in rows[:LOOKED_AT])


def _unfolded(rows: Records) -> Records:
    """Rows that a spreadsheet program kept whole in their first cell, cut again; nothing when that shows no head."""
    for sign in SIGNS:
        whole = [(n, c[0] if len(c) == 1 or not any(c[1:]) else "") for n, c in rows[:LOOKED_AT]]
        if any(sign in text and is_head(_line(text, sign)) for _, text in whole):
            return [(n, _line(c[0], sign) if len(c) == 1 or not any(c[1:]) else c) for n, c in rows]
    return []


def _line(text: str, sign: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=sign), [])
    except csv.Error:
        return [text]


_BLANKS = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _tidy(cell: str) -> str:
    return cell if cell.isascii() and "  " not in cell and cell.isprintable() and cell.strip() is cell else (
        _BLANKS.sub(" ", _UNSEEN.sub("", cell)).strip())
