"""The settings Moodle writes after the ">" of an ordering question in GIFT: `>3 RANDOM VERTICAL ABSOLUTE SHOW 123`."""

import re
from typing import Any

GRADED = {                      # our name -> Moodle's words, the one we write first
    "all_or_nothing": ("ALL_OR_NOTHING",), "absolute": ("ABSOLUTE_POSITION", "ABSOLUTE", "ABS"),
    "next_without_last": ("RELATIVE_NEXT_EXCLUDE_LAST", "RELATIVE", "REL"),
    "next_with_last": ("RELATIVE_NEXT_INCLUDE_LAST",), "one_each_side": ("RELATIVE_ONE_PREVIOUS_AND_NEXT",),
    "all_each_side": ("RELATIVE_ALL_PREVIOUS_AND_NEXT",), "longest_ordered": ("LONGEST_ORDERED_SUBSET",),
    "longest_contiguous": ("LONGEST_CONTIGUOUS_SUBSET",), "relative_to_correct": ("RELATIVE_TO_CORRECT",)}
GRADINGS = {word: name for name, words in GRADED.items() for word in words}
SELECTED = {"ALL": "all", "EXACT": "all", "RANDOM": "random", "REL": "random", "CONTIGUOUS": "contiguous",
            "CONTIG": "contiguous"}
LAID = {"HORIZONTAL": True, "HORI": True, "H": True, "VERTICAL": False, "VERT": False, "V": False}
SHOWN = {"SHOW": True, "TRUE": True, "YES": True, "HIDE": False, "FALSE": False, "NO": False}
NUMBERED = {"none": "", "abc": "abc", "ABCD": "ABCD", "123": "123", "iii": "iii", "IIII": "IIII", "III": "IIII",
            "ABC": "ABCD"}
NUMBER = re.compile(r"\d{1,4}")


def read_settings(line: str) -> tuple[dict[str, Any], str]:
    """The settings at the start of a line, by the fields of `Order`, and what follows them. Each is said once, in
    Moodle's order; any may be left out."""
    found: dict[str, Any] = {}
    words = line.split()
    if words and NUMBER.fullmatch(words[0]):
        found["count"] = int(words.pop(0))
    for name, known in (("selection", SELECTED), ("horizontal", LAID), ("grading", GRADINGS), ("show_grading", SHOWN)):
        if words and words[0].upper() in known and (found or len(words) > 1 or len(words[0]) > 3):
            found[name] = known[words.pop(0).upper()]
    if words and words[0] in NUMBERED and found:
        found["numbering"] = NUMBERED[words.pop(0)]
    if found.get("selection", "all") == "all":
        found.pop("count", None)
    return found, " ".join(words)


def written(grading: str, selection: str, count: int, horizontal: bool, numbering: str, show_grading: bool) -> str:
    """The settings as Moodle writes them."""
    return " ".join((str(count), selection.upper(), "HORIZONTAL" if horizontal else "VERTICAL", GRADED[grading][0],
                     "SHOW" if show_grading else "HIDE", numbering or "none"))
