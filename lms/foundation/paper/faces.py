"""The faces papers are set in: what they can print, how wide a text runs, and the styles and colours of the house."""

import json
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

MM = 72 / 25.4
HOME = Path(__file__).parent / "fonts"
FILES = {
    "serif": "Piazzolla_400Regular",
    "serif-i": "Piazzolla_400Regular_Italic",
    "serif-b": "Piazzolla_600SemiBold",
    "sans": "SourceSans3_400Regular",
    "sans-b": "SourceSans3_600SemiBold",
}
INK, INK2, LINE = "1a1f35", "525a73", "7f879f"
LAPIS, PYRITE = "24409a", "dca22b"
SPACES = " \u00a0"
WORD_SPACE = {"serif-b": 40}        # thousandths added to the space of the display face, which is too narrow in names


class Unprintable(ValueError):
    """A text holds a character that no face has, or that must not reach a paper: refuse before anything is promised."""

    def __init__(self, char: str, field: str = ""):
        self.char = char
        shown = "" if category(char)[0] in "CMZ" else f" «{char}»"
        super().__init__(f"{field + ': ' if field else ''}el carácter{shown} (U+{ord(char):04X}) no se puede imprimir. "
                         "Bórrelo o escriba el texto sin él.")


@cache
def font(face: str) -> Any:
    """A face, read once a process (5 ms each) when the first paper needs it."""
    found = TTFont(face, str(HOME / f"{FILES[face]}.ttf"), asciiReadable=False)
    registerFont(found)
    return found


@cache
def kerning(face: str) -> dict[str, int]:
    """How much closer or wider a pair is set, in thousandths of the size; only the display face has pairs.

    Taken once from the face's own GPOS table with HarfBuzz for the letters of Spanish and its neighbours (pairs under
    8 thousandths left out), so that names are kerned alike everywhere and no shaping library is needed to print.
    """
    path = HOME / f"{FILES[face]}.kerning.json"
    if not path.exists():
        return {}
    table = json.loads(path.read_text(encoding="utf-8"))
    pairs = {left + right: int(by) for left, row in table.items() for by, rights in row.items() for right in rights}
    return pairs | {space + chr(code): WORD_SPACE[face] for space in SPACES for code in font(face).face.charToGlyph}


@lru_cache(1024)            # bounded: names must not stay in memory for ever
def clean(text: str, face: str) -> str:
    """The text in NFC, every line break a space; raises Unprintable."""
    text = normalize("NFC", " ".join(text.split("\n")))
    glyphs = font(face).face.charToGlyph
    for char in text:
        if category(char)[0] in "CM" or ord(char) not in glyphs:     # a loose accent would stand over the wrong letter
            raise Unprintable(char)
    return text


@lru_cache(4096)
def advance(text: str, face: str) -> float:
    """How far a clean text runs, in thousandths of the size."""
    run = float(font(face).stringWidth(text, 1000))
    if pairs := kerning(face):
        run += sum(pairs.get(text[i:i + 2], 0) for i in range(len(text) - 1))
        run += WORD_SPACE[face] if text == " " else 0           # measured alone, it still parts two words
    return run


def width(text: str, face: str, size: float) -> float:
    """In millimetres."""
    return advance(text, face) * size / 1000 / MM


@dataclass(frozen=True)
class Style:
    face: str
    size: float                 # points
    lead: float = 0             # points from baseline to baseline; 1.35 of the size where not said
    colour: str = INK

    def __post_init__(self) -> None:
        if not self.lead:
            object.__setattr__(self, "lead", self.size * 1.35)

    @property
    def step(self) -> float:
        """From baseline to baseline in millimetres."""
        return self.lead / MM

    def but(self, **changes: Any) -> "Style":
        return replace(self, **changes)


BODY, STRONG = Style("sans", 10, 14), Style("sans-b", 10, 14)
LABEL, SMALL = Style("sans", 8, 10.5, INK2), Style("sans", 8, 10.8, INK2)
SMALL_B = Style("sans-b", 8, 10.8)
