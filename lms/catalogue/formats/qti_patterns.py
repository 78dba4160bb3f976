"""Whether a regular expression out of a file could keep the machine busy. Pure."""

import re

LONGEST = 200                   # characters of a pattern
UNSAFE = re.compile(r"[*+}?]\)?[*+{]|\\[1-9]|\(\?")      # repeats of repeats, backward references, looks ahead


def slow(pattern: str, text: str) -> bool:
    """Whether it may take long on this text."""
    return len(pattern) > LONGEST or bool(UNSAFE.search(pattern)) or _nested(pattern) or _costly(pattern, text)


def _nested(pattern: str) -> bool:
    """Whether a group that repeats something is itself repeated."""
    inside: list[bool] = [False]
    for sign, following in zip(pattern, pattern[1:] + " ", strict=True):
        if sign == "(":
            inside.append(False)
        elif sign == ")" and len(inside) > 1:
            repeats = inside.pop()
            if repeats and following in "*+{":
                return True
            inside[-1] |= repeats
        elif sign in "*+{":
            inside[-1] = True
    return False


def _costly(pattern: str, text: str) -> bool:
    """Whether trying all ways in which a pattern may fit a text would take long."""
    repeats, ways = sum(pattern.count(c) for c in "*+{"), pattern.count("?") + pattern.count("|")
    return repeats > 2 or ways > 6 or (repeats + ways > 1 and len(text) > 60)
