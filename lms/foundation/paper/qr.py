"""QR codes as one vector path, always the same for the same text."""

from functools import lru_cache

import segno


@lru_cache(16)           # a paper is checked, then drawn
def qr(text: str) -> tuple[str, int]:
    """Operators of the code, one unit a module from its top left corner, and its side in modules.

    Level M. Mask and level are fixed: left alone, segno picks the mask by score, and another version could pick anew.
    """
    rows = segno.make(text, error="m", mask=2, micro=False, boost_error=False).matrix
    ops = ["0 0 0 rg"]
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                ops.append(f"{x} {y} {end - x} 1 re")
            x = end + 1
    return " ".join(ops) + " f", len(rows)
