"""A paper as long as what it tells: paragraphs and tables run on over sheets, a heading never alone at a foot."""

from collections.abc import Callable, Sequence
from unicodedata import category, normalize

from lms.foundation.paper.faces import MM, Style, font, width
from lms.foundation.paper.lines import Line, Text, runs, wrap
from lms.foundation.paper.sheet import Sheet
from lms.foundation.paper.table import PAD, Column, table

UNKNOWN = "?"                           # stands for what the face has no letter for: an emoji, another script


class Flow:
    """A column of A4 down to `low` mm; `head` draws what each further sheet begins with and says where that ends."""

    def __init__(self, left: float, room: float, low: float, head: Callable[[Sheet], float]):
        self.left, self.room, self.low, self.head = left, room, low, head
        self.sheets = [Sheet(wide=210, high=297)]
        self.y = 0.0

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def need(self, high: float) -> None:
        """Go on to a further sheet where so much does not fit on this one."""
        if self.y + high > self.low:
            self.turn()

    def turn(self) -> None:
        self.sheets.append(Sheet(wide=210, high=297))
        self.y = self.head(self.sheet)

    def heading(self, text: str, style: Style, role: str = "H2", after: float = 22) -> None:
        """With room for at least `after` mm of what it heads."""
        self.need(style.step + after)
        low = self.sheet.add(role).paragraph(self.left, self.y + style.step - 2, self.room, text, style)
        self.y = low - style.step + 5.4

    def paragraph(self, text: Text, style: Style, gap: float = 1.6) -> None:
        parts = printable(text, style) if isinstance(text, str) else text
        lines = [line for whole in wrap(parts, style, self.room) for line in broken(whole, self.room)]
        part = None
        for line in lines:
            before = self.sheet
            self.need(style.step)
            part = self.sheet.add() if part is None or before is not self.sheet else part
            part.line(self.left, self.y, line, style)
            self.y += style.step
        self.y += gap

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], style: Style) -> None:
        """Headings again on each sheet."""
        cells: list[list[Text]] = [[fitted(cell, style, column.wide - 2)
                                    for cell, column in zip(row, columns, strict=True)] for row in rows]
        while cells:
            count = self._fitting(cells, columns, style)
            if not count:
                self.turn()
                count = max(1, self._fitting(cells, columns, style))
            self.y = table(self.sheet, self.left, self.y, columns, cells[:count], style)
            cells = cells[count:]
        self.y += 5.2

    def _fitting(self, cells: Sequence[Sequence[Text]], columns: Sequence[Column], style: Style) -> int:
        """How many rows this sheet still takes, the headings counted."""
        low = self.y + 2
        for count, row in enumerate(cells):
            low += _height(row, columns, style)
            if low > self.low:
                return count
        return len(cells)


def _height(row: Sequence[Text], columns: Sequence[Column], style: Style) -> float:
    most = max(len(wrap(cell or "—", style, column.wide - 2)) for cell, column in zip(row, columns, strict=True))
    return 2 * PAD + (most - 1) * style.step + style.size * 0.82 / MM


def printable(text: str, style: Style) -> str:
    """What the face can print; UNKNOWN for the rest, so that one sign does not keep a whole sheet from being drawn."""
    glyphs = font(style.face).face.charToGlyph
    return "".join(c if ord(c) in glyphs and category(c)[0] not in "CM" else " " if category(c)[0] in "CZ" else UNKNOWN
                   for c in normalize("NFC", text))


def fitted(text: str, style: Style, room: float) -> str:
    """Printable, and a word wider than its column in pieces."""
    return " ".join(piece for word in printable(text, style).split(" ") for piece in _pieces(word, style, room))


def broken(line: Line, room: float) -> list[Line]:
    """A line of one word that is too wide, in pieces."""
    if len(line) != 1 or " " in line[0][0]:
        return [line]
    text, style = line[0]
    return [runs(piece, style) for piece in _pieces(text, style, room)]


def _pieces(word: str, style: Style, room: float) -> list[str]:
    found, rest = [], word
    while width(rest, style.face, style.size) > room:
        size = max(1, int(len(rest) * room / width(rest, style.face, style.size)))
        while size > 1 and width(rest[:size], style.face, style.size) > room:
            size -= 1
        found.append(rest[:size])
        rest = rest[size:]
    return [*found, rest]
