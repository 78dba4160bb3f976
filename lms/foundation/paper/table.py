"""Tables: headings over a heavy rule, a hairline under each row, every cell tagged."""

from collections.abc import Sequence
from typing import NamedTuple

from lms.foundation.paper.faces import INK, LABEL, MM, Style
from lms.foundation.paper.lines import Text, TooLong, fits, measure, wrap
from lms.foundation.paper.sheet import Part

PAD = 1.75          # mm above and below a row


class Column(NamedTuple):
    heading: str
    wide: float
    align: str = "left"


def table(sheet: Part, x: float, y: float, columns: Sequence[Column], rows: Sequence[Sequence[Text]],
          style: Style) -> float:
    """Headings with their baseline at y; returns the y of the last hairline. An empty cell shows a dash."""
    room = sum(column.wide for column in columns)
    whole = sheet.add("Table")
    _row(whole.add("TR"), "TH", x, y, columns, [column.heading for column in columns], LABEL)
    y += 1.9
    sheet.rule(x, y, room, INK, 0.7)
    for row in rows:
        count = _row(whole.add("TR"), "TD", x, y + PAD + style.size * 0.72 / MM, columns, row, style)
        y += 2 * PAD + (count - 1) * style.step + style.size * 0.82 / MM
        sheet.rule(x, y, room, weight=0.25)
    return y


def _row(part: Part, role: str, x: float, base: float, columns: Sequence[Column], cells: Sequence[Text],
         style: Style) -> int:
    """Returns how many lines the highest cell has."""
    most = 1
    for column, cell in zip(columns, cells, strict=True):
        lines = wrap(cell or "—", style, column.wide - 2)
        if not fits(lines, column.wide):
            raise TooLong(f"{column.heading}: hay una palabra más ancha que su columna.")
        one = part.add(role)
        for number, line in enumerate(lines):
            left = x + column.wide - measure(line) if column.align == "right" else x
            one.line(left, base + number * style.step, line, style)
        x += column.wide
        most = max(most, len(lines))
    return most
