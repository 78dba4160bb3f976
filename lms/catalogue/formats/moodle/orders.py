"""Matching, random matching and ordering in Moodle's XML."""

import html
from fractions import Fraction

from lms.catalogue.formats.moodle.reading import Reading, Taken
from lms.catalogue.formats.moodle.writing import Writing
from lms.catalogue.formats.parcel import Grade
from lms.catalogue.kinds.gradings import GRADINGS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.ordering import SELECTIONS, Order
from lms.catalogue.kinds.randommatching import Draw, Drawn
from lms.catalogue.notation import letter, lettered
from lms.catalogue.rules import Option

GRADING = {**{name.upper(): name for name in GRADINGS}, "ALL_OR_NOTHING": "all_or_nothing",
           "ABSOLUTE_POSITION": "absolute", "RELATIVE_NEXT_EXCLUDE_LAST": "next_without_last",
           "RELATIVE_NEXT_INCLUDE_LAST": "next_with_last", "RELATIVE_ONE_PREVIOUS_AND_NEXT": "one_each_side",
           "RELATIVE_ALL_PREVIOUS_AND_NEXT": "all_each_side", "LONGEST_ORDERED_SUBSET": "longest_ordered",
           "LONGEST_CONTIGUOUS_SUBSET": "longest_contiguous", "RELATIVE_TO_CORRECT": "relative_to_correct"}
SAID = {ours: theirs for theirs, ours in GRADING.items()}        # Moodle's own name stands after ours
NUMBERINGS = frozenset({"abc", "ABCD", "123", "iii", "IIII"})
NO_PAIRS = ("La pregunta no tiene pares.", "Agregue al menos dos en Moodle y exporte de nuevo.")
NO_ITEMS = ("La pregunta no tiene elementos que ordenar.", "Agréguelos en Moodle y exporte de nuevo.")
POOL = ("Los pares al azar salen de las respuestas breves de una categoría, que no están en este archivo.",
        "Elija la categoría después de importar.")


def read_matching(reading: Reading) -> Taken | None:
    found = [(reading.html(element, inline=True), " ".join(reading.raw("answer", element).split()))
             for element in reading.all("subquestion")]
    pairs = [(text, match) for text, match in found if text or match]
    if not pairs:
        reading.fault(*NO_PAIRS)
        return None
    options = tuple(Option(letter(n), text, Fraction(1), match=match) for n, (text, match) in enumerate(pairs))
    return Taken("matching", options, shuffle=reading.flag("shuffleanswers", True))


def write_matching(writing: Writing) -> None:
    for option in writing.q.options:
        made = writing.html("subquestion", option.text)
        writing.words("answer", option.match, made)


def read_ordering(reading: Reading) -> Taken | None:
    found = [(reading.html(element, inline=True), reading.html(element.find("feedback")))
             for element in reading.all("answer")]
    if not found:
        reading.fault(*NO_ITEMS)
        return None
    ids = lettered([plain(text) for text, _ in found])
    options = tuple(Option(i, text, Fraction(1), said) for i, (text, said) in zip(ids, found, strict=True))
    numbers = {str(n): name for name, n in {**GRADINGS}.items()}
    said = reading.raw("gradingtype", usual="ABSOLUTE_POSITION").upper()
    picked = reading.raw("selecttype", usual="ALL").upper()
    selection = {"1": "random", "2": "contiguous"}.get(picked, picked.lower())
    style = reading.raw("numberingstyle")
    body = Order(GRADING.get(said) or numbers.get(said, "absolute"), selection if selection in SELECTIONS else "all",
                 reading.whole("selectcount", 0, 0, 9999) if selection in ("random", "contiguous") else 0,
                 reading.raw("layouttype").upper() in ("HORIZONTAL", "1"), style if style in NUMBERINGS else "",
                 reading.raw("showgrading", usual="SHOW").upper() in ("SHOW", "1"))
    return Taken("ordering", options, body=None if body == Order() else body)


def write_ordering(writing: Writing) -> None:
    body = writing.q.body if isinstance(writing.q.body, Order) else Order()
    writing.add("layouttype", "HORIZONTAL" if body.horizontal else "VERTICAL")
    writing.add("selecttype", body.selection.upper())
    writing.add("selectcount", body.count)
    writing.add("gradingtype", SAID[body.grading])
    writing.add("showgrading", "SHOW" if body.show_grading else "HIDE")
    writing.add("numberingstyle", body.numbering or "none")
    writing.flag("shownumcorrect", True)
    for place, option in enumerate(writing.q.options, start=1):
        made = writing.add("answer")
        made.set("fraction", str(place))
        writing.fill(made, option.text)
        writing.html("feedback", option.feedback, made)


def read_random_matching(reading: Reading) -> Taken:
    """Its pool is not in Moodle's file, only how many are drawn; ours adds the pool."""
    pool = tuple(Drawn(reading.html(element), html.unescape(reading.raw("answer", element)))
                 for element in reading.all("lms-drawn"))
    if not pool:
        reading.tell(Grade.CHANGED, *POOL)
    body = Draw(reading.whole("choose", 2, 2, 100), reading.flag("subcats", True), pool)
    return Taken("randommatching", body=body, shuffle=reading.flag("shuffleanswers", True))


def write_random_matching(writing: Writing) -> None:
    body = writing.q.body if isinstance(writing.q.body, Draw) else Draw()
    writing.add("choose", body.choose)
    writing.flag("subcats", body.subcategories)
    for drawn in body.pool:
        made = writing.html("lms-drawn", drawn.text)
        writing.words("answer", drawn.answer, made)
