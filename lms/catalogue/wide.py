"""Tables of questions' texts, wider than a phone: each scrolls by itself, and by keyboard, and the page stays still."""

import re
from collections.abc import Iterable
from html import escape, unescape

from lms.foundation.language import _

TABLE = re.compile(r"<(/?)table(?=[\s>])[^>]*>")
CAPTION = re.compile(r"\s*<caption>((?:(?!</caption>).){1,300})</caption>", re.DOTALL)
TAGS = re.compile(r"<[^>]{0,300}>")
LOOKED_AT, LONGEST_NAME = 600, 60       # characters: of a table without caption, and of its name


def wide(html: str) -> str:
    """Safe HTML with each outermost table in a region of its own; what was safe stays so."""
    return framed(html, 0)[0]


def wide_pieces(pieces: Iterable[tuple[str, object, str]]) -> list[tuple[str, object, str]]:
    """The same of a text cut at its gaps: a table may begin in one piece and end in another."""
    found, depth = [], 0
    for html, gap, sign in pieces:
        made, depth = framed(html, depth)
        found.append((made, gap, sign))
    return found


def framed(html: str, depth: int) -> tuple[str, int]:
    """(the text, how many tables are still open at its end); `depth`: how many were at its beginning."""
    if "table" not in html:
        return html, depth
    made, at = [], 0
    for tag in TABLE.finditer(html):
        depth += -1 if tag[1] else 1
        if tag[1] and depth == 0:
            made.append(f"{html[at:tag.end()]}</div>")
            at = tag.end()
        elif not tag[1] and depth == 1:
            made.append(f'{html[at:tag.start()]}<div class="scroll wide" tabindex="0" role="region" '
                        f'aria-label="{escape(_name(html, tag.end()))}">')
            at = tag.start()
    return "".join([*made, html[at:]]), max(depth, 0)


def _name(html: str, start: int) -> str:
    """"Tabla: " and its caption, else its first words: two tables of a page are seldom called the same."""
    said = CAPTION.match(html, start)
    text = said[1] if said else html[start:start + LOOKED_AT].partition("</table>")[0].rpartition("<")[0]
    words = " ".join(unescape(TAGS.sub(" ", text)).split())
    cut = words if len(words) <= LONGEST_NAME else words[:LONGEST_NAME].rpartition(" ")[0] + "…"
    return _("Tabla: %(words)s") % {"words": cut} if cut else _("Tabla")
