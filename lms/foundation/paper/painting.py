"""Sheets painted as one PDF: fonts embedded and subset, every mark inside a tag, the same bytes for the same sheets."""

import zlib
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from lms.foundation.paper.faces import MM, Style, font, kerning
from lms.foundation.paper.motif import rgb
from lms.foundation.paper.sheet import ARTIFACT, Drawing, Part, Sheet, Stroke, Words
from lms.foundation.paper.tagging import Card, Tag, describe, tag_tree

# A face is read with one cursor while it is subset: two threads in it at once would mix their glyphs.
ONE_AT_A_TIME = Lock()


def paint(sheets: list[Sheet], card: Card) -> bytes:
    """One page a sheet."""
    rl_config.useA85 = 0                # binary streams: a fifth smaller
    out = BytesIO()
    with ONE_AT_A_TIME:
        font("sans")                    # an initial face that is not embedded would put Helvetica into the file
        canvas: Any = Canvas(out, pageCompression=1, invariant=1, lang=card.language, initialFontSize=10,
                             initialFontName="sans", pdfVersion=(1, 7))     # type: ignore[arg-type]  # stub: float
        describe(canvas, card)
        pages = []
        for sheet in sheets:
            canvas.setPageSize((sheet.wide * MM, sheet.high * MM))
            pages.append(_Brush(canvas, sheet).page())
            canvas.showPage()
        tag_tree(canvas, pages)
        canvas.save()
    return out.getvalue()


class _Brush:
    """Writes the operators of one page and counts its marked pieces."""

    def __init__(self, canvas: Any, sheet: Sheet):
        self.canvas, self.sheet, self.marked = canvas, sheet, 0
        self.code: list[str] = canvas._code

    def page(self) -> list[Tag]:
        return [self._part(part) for part in self.sheet.parts if not self._artifact(part)]

    def _artifact(self, part: Part) -> bool:
        if part.role == ARTIFACT:
            self.code.append("/Artifact BMC")
            self._pieces(part)
            self.code.append("EMC")
        return part.role == ARTIFACT

    def _part(self, part: Part) -> Tag:
        mark, box = None, None
        if part.pieces:
            mark, self.marked = self.marked, self.marked + 1
            self.code.append(f"/{part.role} <</MCID {mark}>> BDC")
            self._pieces(part)
            self.code.append("EMC")
            box = self._box(part) if part.role == "Figure" else None
        return Tag(part.role, part.alt, mark, box, [self._part(p) for p in part.parts if not self._artifact(p)])

    def _pieces(self, part: Part) -> None:
        last = part.pieces[-1]
        for piece in part.pieces:
            if isinstance(piece, Words):
                self._words(piece, after="" if piece is last else " ")
            elif isinstance(piece, Stroke):
                self._stroke(piece)
            else:
                self._drawing(piece)

    def _up(self, y: float) -> float:
        return (self.sheet.high - y) * MM

    def _box(self, part: Part) -> list[float]:
        drawing = next(piece for piece in part.pieces if isinstance(piece, Drawing))
        left, top = drawing.x, drawing.y
        corners = (left * MM, self._up(top + drawing.high), (left + drawing.wide) * MM, self._up(top))
        return [round(corner, 2) for corner in corners]

    def _words(self, words: Words, after: str) -> None:
        """`after` parts the last word from the next line's for those who listen."""
        self.code.append(f"BT {words.x * MM:.2f} {self._up(words.y):.2f} Td")
        for number, (text, style) in enumerate(words.line, 1):
            ending = after if number == len(words.line) else ""
            self.code.append(f"{rgb(style.colour)} rg {self._shown(text + ending, style)}")
        self.code.append("ET")

    def _shown(self, text: str, style: Style) -> str:
        """The operators that show a run, each pair at its own distance."""
        face, doc, pairs = font(style.face), self.canvas._doc, kerning(style.face)
        ops = []
        for subset, codes in face.splitString(text, doc):
            ops.append(f"{face.getSubsetInternalName(subset, doc)} {style.size:.2f} Tf")
            pieces, start = [], 0
            for i in range(1, len(codes)) if pairs and len(codes) == len(text) else ():
                if by := pairs.get(text[i - 1:i + 1]):
                    pieces.append(f"({self.canvas._escape(codes[start:i])}) {-by}")
                    start = i
            pieces.append(f"({self.canvas._escape(codes[start:])})")
            ops.append(f"[{' '.join(pieces)}] TJ" if len(pieces) > 1 else f"{pieces[0]} Tj")
        return " ".join(ops)

    def _stroke(self, stroke: Stroke) -> None:
        x, y, wide = stroke.x * MM, self._up(stroke.y), stroke.wide * MM
        path = (f"{x:.2f} {y:.2f} {wide:.2f} {-stroke.high * MM:.2f} re" if stroke.high
                else f"{x:.2f} {y:.2f} m {x + wide:.2f} {y:.2f} l")
        dash = " ".join(f"{length:g}" for length in stroke.dash)
        self.code.append(f"q {rgb(stroke.colour)} RG {stroke.weight:g} w [{dash}] 0 d {path} S Q")

    def _drawing(self, drawing: Drawing) -> None:
        if not self.canvas.hasForm(drawing.name):
            box = [0, 0, round(drawing.wide / drawing.scale, 2), round(drawing.high / drawing.scale, 2)]
            stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary({
                "Type": pdfdoc.PDFName("XObject"), "Subtype": pdfdoc.PDFName("Form"), "BBox": pdfdoc.PDFArray(box),
                "Filter": pdfdoc.PDFName("FlateDecode"), "Resources": pdfdoc.PDFDictionary({}),
            }), _packed(drawing.ops))
            self.canvas._doc.Reference(stream, pdfdoc.xObjectName(drawing.name))
        scale = drawing.scale * MM
        self.code.append(f"q {scale:.4f} 0 0 {-scale:.4f} {drawing.x * MM:.2f} {self._up(drawing.y):.2f} cm")
        self.canvas.doForm(drawing.name)
        self.code.append("Q")


@lru_cache(16)              # the range is 40 kB of operators: packed once, not for every paper
def _packed(ops: str) -> bytes:
    return zlib.compress(ops.encode("ascii"), 9)
