"""A sheet laid out in millimetres from its top left corner: what stands where, and what it is to someone who listens.

Nothing is drawn here. A sheet is a tree of parts in reading order; `painting` turns it into a PDF.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from lms.foundation.paper.faces import BODY, LINE, Style
from lms.foundation.paper.lines import Line, Text, TooLong, balance, fits, measure, runs, wrap

ARTIFACT = ""               # the role of what says nothing: rules, ornament, microtext


@dataclass(frozen=True)
class Words:
    """One line of text from its left end, on its baseline."""
    x: float
    y: float
    line: Line


@dataclass(frozen=True)
class Stroke:
    """A rule, or the outline of a box when `high` is given."""
    x: float
    y: float
    wide: float
    high: float = 0
    colour: str = LINE
    weight: float = 0.4                 # points
    dash: tuple[float, ...] = ()        # points


@dataclass(frozen=True)
class Drawing:
    """Operators kept once in the file under a name, origin at the top left, y down."""
    name: str
    ops: str
    x: float
    y: float
    wide: float             # millimetres on paper
    high: float
    scale: float = 1.0      # millimetres a unit of the operators


Piece: TypeAlias = Words | Stroke | Drawing


@dataclass
class Part:
    """A piece of the page with its role: Document, H1, P, Figure, Table, TR, TH, TD, or an artifact."""
    role: str
    alt: str = ""                       # what a Figure shows, in words
    pieces: list[Piece] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def add(self, role: str = "P", alt: str = "") -> "Part":
        part = Part(role, alt)
        self.parts.append(part)
        return part

    def line(self, x: float, y: float, text: Text, style: Style = BODY, align: str = "left") -> None:
        line = runs(text, style)
        self.pieces.append(Words(x - measure(line) if align == "right" else x, y, line))

    def paragraph(self, x: float, y: float, room: float, text: Text, style: Style = BODY, even: bool = False,
                  most: int | None = None) -> float:
        """Lines from baseline y; returns the baseline that would follow. Raises TooLong past `room` or `most`."""
        lines = (balance if even else wrap)(text, style, room)
        if not fits(lines, room) or (most is not None and len(lines) > most):
            raise TooLong(f"«{''.join(run for run, _ in lines[0])[:40]}…»: no cabe en la hoja.")
        for line in lines:
            self.pieces.append(Words(x, y, line))
            y += style.step
        return y

    def rule(self, x: float, y: float, wide: float, colour: str = LINE, weight: float = 0.4) -> None:
        self.add(ARTIFACT).pieces.append(Stroke(x, y, wide, colour=colour, weight=weight))


@dataclass
class Sheet(Part):
    """One page: the parts on it, and its size."""
    role: str = "Document"
    wide: float = 297
    high: float = 210
