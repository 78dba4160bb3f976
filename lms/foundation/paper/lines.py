"""Breaking text into lines: text is a list of runs, never markup, so there is nothing to escape."""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from lms.foundation.paper.faces import Style, clean, width

Run: TypeAlias = tuple[str, Style]
Line: TypeAlias = list[Run]
Text: TypeAlias = str | Iterable[str | Run]     # a bare string takes the style of its paragraph
PARTICLE = re.compile(r"\b(?:de|del|al|en|y|e|o|u|el|la|los|las|da|dos|van|von) (?=\w)")


class TooLong(ValueError):
    """The content does not fit where the paper has room for it: shorten it, never overlap."""


def keep(text: str) -> str:
    """No line ends in a particle: "María de los Ángeles" breaks before "de"."""
    return PARTICLE.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def spaced(code: str, step: int = 4) -> str:
    """In groups, to be read aloud or typed."""
    return " ".join(code[i:i + step] for i in range(0, len(code), step))


def runs(text: Text, style: Style) -> Line:
    """What is to be set, each run clean and with its style."""
    parts = [text] if isinstance(text, str) else text
    styled = ((part, style) if isinstance(part, str) else part for part in parts)
    return [(clean(words, own.face), own) for words, own in styled]


def measure(line: Line) -> float:
    return sum(width(text, style.face, style.size) for text, style in line)


def wrap(text: Text, style: Style, room: float) -> list[Line]:
    """Lines no wider than `room` mm, but for a single word that is wider: it is never cut, see `fits`."""
    lines: list[Line] = [[]]
    used = 0.0
    for word in _words(runs(text, style)):
        size = measure(word)
        space = (" ", word[0][1])
        gap = measure([space])
        if lines[-1] and used + gap + size > room:
            lines.append([])
            used = 0.0
        if lines[-1]:
            lines[-1].append(space)
            used += gap
        lines[-1] += word
        used += size
    return [_joined(line) for line in lines if line]


def fits(lines: Iterable[Line], room: float) -> bool:
    return all(measure(line) <= room for line in lines)


def balance(text: Text, style: Style, room: float) -> list[Line]:
    """The same number of lines, as even as possible: for titles, names and short paragraphs."""
    parts = text if isinstance(text, str) else list(text)
    lines = wrap(parts, style, room)
    low, high = room / 3, room
    while len(lines) > 1 and high - low > 0.5:
        middle = (low + high) / 2
        closer = wrap(parts, style, middle)
        if len(closer) == len(lines) and fits(closer, middle):
            high, lines = middle, closer
        else:
            low = middle
    return lines


def _words(line: Line) -> Iterator[Line]:
    """Words may change style inside: "2027" in bold before a comma in regular is one word."""
    word: Line = []
    for text, style in line:
        first, *rest = text.split(" ")
        if first:
            word.append((first, style))
        for part in rest:
            if word:
                yield word
            word = [(part, style)] if part else []
    if word:
        yield word


def _joined(line: Line) -> Line:
    """Neighbouring runs of one style become one, so that pairs over a space are kerned and the file is shorter."""
    joined: Line = []
    for text, style in line:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    return joined
