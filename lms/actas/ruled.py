"""The rows of a printed acta: its columns in the order each country reads them, one line a person."""

from lms.actas.rules import Content, Row, tally
from lms.foundation.paper.faces import INK2, Style, width
from lms.foundation.paper.lines import TooLong, fits, wrap
from lms.foundation.paper.sheet import Part

LEFT, RIGHT = 20.0, 190.0
ROOM = RIGHT - LEFT
TEXT, STRONG = Style("sans", 9), Style("sans-b", 9.5)
SMALLER = ((2, 7.0), (2, 6.5), (2, 6.0), (2, 5.5), (3, 5.0), (3, 4.5))      # lines in a row, points
Heads = tuple[tuple[str, float, str], ...]      # heading, mm, align


def columns(c: Content) -> Heads:
    if c.others:
        return (("Nº", 7, "left"), ("Documento", 28, "left"), ("Apellidos y nombres", 48.5, "left"),
                ("Nota", 9, "right"), ("En palabras", 26, "left"), (f"Equiv. {c.others[0].place}"[:16], 22.5, "right"),
                ("Asist.", 11, "right"), ("Situación", 18, "left"))
    return (("Nº", 8, "left"), ("Documento", 31, "left"), ("Apellidos y nombres", 61, "left"), ("Nota", 11, "right"),
            ("En palabras", 26, "left"), ("Asist.", 14, "right"), ("Situación", 19, "left"))


def cells(c: Content, number: int, row: Row) -> list[tuple[str, Style]]:
    mark = c.figures(row)
    percent = "—" if row.attendance is None else f"{_whole(row)} %"
    state = Style("sans-b", 9) if row.state != "approved" else TEXT
    found = [(str(number), TEXT.but(colour=INK2)), (row.document or "—", TEXT), (row.name, TEXT), (mark or "—", STRONG),
             (c.in_words(row) or "sin nota", TEXT), (percent, TEXT), (c.states.get(row.state, "—"), state)]
    if c.others:
        found.insert(5, (c.figures(row, c.others[0]) or "—", TEXT))
    return found


def _whole(row: Row) -> int:
    """Per cent, half up."""
    share = (row.attendance or 0) * 100
    return int((2 * share + 1) // 2)


def summed(c: Content, rows: tuple[Row, ...]) -> str:
    counts = tally(rows)
    return f"{len(rows)} filas: " + ", ".join(f"{counts[state]} {words if counts[state] == 1 else _many(words)}"
                                              for state, words in c.states.items() if state in counts) + "."


def _many(words: str) -> str:
    return words + ("es" if words.endswith("r") else "s")


def table_row(table: Part, role: str, base: float, heads: Heads, cells: list[tuple[str, Style]]) -> None:
    """Each cell in its column, but for a gap to the next."""
    row, x = table.add("TR"), LEFT
    for (_, wide, align), (text, style) in zip(heads, cells, strict=True):
        _cell(row.add(role), x, base, RIGHT - x if x + wide > RIGHT - 1 else wide - 2.2, text, style, align)
        x += wide


def _cell(part: Part, x: float, y: float, room: float, text: str, style: Style, align: str) -> None:
    """On one line, down to 7 pt; else on two, or three, as large as they fit."""
    size = style.size
    while size > 7 and width(text, style.face, size) > room:
        size -= 0.25
    if width(text, style.face, size) <= room:
        return part.line(x + (room if align == "right" else 0), y, text, style.but(size=size), align)
    for most, size in SMALLER:
        lines = wrap(text, style.but(size=size), room)
        if len(lines) <= most and fits(lines, room):
            break
    else:
        raise TooLong(f"«{text[:40]}…»: no cabe en una fila del acta.")
    step = size * 0.372
    for n, line in enumerate(lines):
        part.line(x, y + (n - (len(lines) - 1) / 2) * step, line)
