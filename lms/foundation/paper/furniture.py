"""What papers share on the page: institutions at the head, a row of figures, signatures, QR, microtext."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lms.foundation.paper.faces import INK, INK2, LABEL, SMALL, Style, width
from lms.foundation.paper.lines import TooLong, balance, fits, keep, measure, wrap
from lms.foundation.paper.motif import mark
from lms.foundation.paper.qr import qr
from lms.foundation.paper.sheet import ARTIFACT, Drawing, Part, Stroke

# A body of a larger one takes two lines: "Escuela de Gobierno Local" over "Asociación de Municipalidades de Chile".
LARGER = re.compile(r"^(.+?) de (?:la|el|los|las) ((?:Asociación|Confederación|Federación|Universidad|Unión) .+)$")
HEADS = ((Style("serif-b", 14, 17), 1), (Style("serif-b", 11.5, 14), 2), (Style("serif-b", 9.5, 11.5), 3))

BENEATH = Style("sans", 9.5, 11.5, INK2)
RISE = 12.0


class Figure(NamedTuple):
    """One thing to be read at a glance: "Duración", "270", "horas"."""
    label: str
    number: str
    unit: str


def masthead(sheet: Part, x: float, y: float, room: float, bodies: Sequence[tuple[str, str]]) -> None:
    """The mark, then each body (name, what stands beneath it) in a column of its own, parted by rules."""
    sheet.add(ARTIFACT).pieces.append(Drawing("mark", mark(), x, y - 5.8, 12, 12, 12 / 36))
    heads = [(found[1], found[2]) if (found := LARGER.match(name)) else (name, beneath) for name, beneath in bodies]
    column = (room - 15) / len(heads)
    for style, most in HEADS:
        lines = [wrap(keep(name), style, column - 8) for name, _ in heads]
        if all(len(split) <= most and fits(split, column - 8) for split in lines):
            break
    else:
        raise TooLong("los nombres de las instituciones")
    for number, (name, beneath) in enumerate(heads):
        left = x + 15 + column * number
        if number:
            _divide(sheet, left - 6, y)
        part = sheet.add()
        low = part.paragraph(left, y if most == 1 else y - 2, column - 8, keep(name), style, even=True)
        if beneath:
            part.paragraph(left, low - style.step + 4.8, column - 8, keep(beneath), BENEATH, even=True)


def _divide(sheet: Part, x: float, y: float) -> None:
    sheet.add(ARTIFACT).pieces.append(Stroke(x, y - 5, 0, 11, weight=0.5))


def figures(sheet: Part, x: float, y: float, room: float, cells: Sequence[Figure]) -> None:
    """Between two rules, each as wide as it needs and evenly spaced."""
    big = Style("sans-b", 17)
    for size in (9.5, 8.5, 7.5):
        small = Style("sans", size)
        texts = [[(cell.number + " ", big), (cell.unit, small)] if cell.number else [(cell.unit, small)]
                 for cell in cells]
        widths = [max(measure(text), width(cell.label, "sans", 8)) for text, cell in zip(texts, cells, strict=True)]
        gap = (room - sum(widths)) / len(cells)
        if gap >= 4:
            break
    else:
        raise TooLong("las cifras")
    sheet.rule(x, y - 5.2, room)
    for cell, text, wide in zip(cells, texts, widths, strict=True):
        part = sheet.add()
        part.line(x, y - 0.4, cell.label, LABEL)
        part.line(x, y + 6.6, text, big)
        x += wide + gap
    sheet.rule(x - room, y + 9.6, room)


def signatures(sheet: Part, x: float, y: float, room: float, low: float,
               people: Sequence[tuple[str, str, str]]) -> None:
    """A rule to sign on, name, office and body; all rules rise from y, up to RISE mm, so that no words pass `low`."""
    gap = 8.0
    column = (room - gap * (len(people) - 1)) / max(len(people), 1)
    styles = (Style("sans-b", 9.5, 11.5), SMALL, SMALL)
    blocks = [[(balance(text, style, column), style) for text, style in zip(person, styles, strict=True)]
              for person in people]
    needed = max((sum(len(lines) * style.step for lines, style in block) for block in blocks), default=0)
    rise = max(0, y - (low - 0.6 - needed))
    if rise > RISE or not all(fits(lines, column) for block in blocks for lines, _ in block):
        raise TooLong("las firmas")
    y -= rise
    for block in blocks:
        sheet.rule(x, y, column, INK, 0.5)
        part, base = sheet.add(), y + 4.6
        for lines, style in block:
            for line in lines:
                part.line(x, base, line, style)
                base += style.step
        x += column + gap


def qr_figure(sheet: Part, x: float, y: float, size: float, text: str, alt: str) -> None:
    """Keep four modules of white around it."""
    ops, side = qr(text)
    sheet.add("Figure", alt).pieces.append(Drawing("qr", ops, x, y, size, size, size / side))


def microtext(sheet: Part, x: float, y: float, room: float, text: str) -> None:
    """A line too small for a copier, repeated over the whole width; for the eye only."""
    style = Style("sans", 1.7)
    whole = text * (int(room / width(text, style.face, style.size)) + 1)
    fits = int(len(whole) * room / width(whole, style.face, style.size))
    sheet.add(ARTIFACT).line(x, y, whole[:fits], style)
