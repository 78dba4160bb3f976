"""The units of a numerical or calculated question in Moodle's XML."""

from fractions import Fraction

from lms.catalogue.formats.moodle.reading import Reading, decimal
from lms.catalogue.formats.moodle.writing import Writing, number
from lms.catalogue.kinds.amounts import Unit, Units

GRADED = {"0": "no", "1": "response", "2": "question"}
ASKED = {"0": "typed", "1": "radio", "2": "menu", "3": "none"}


def read_units(reading: Reading) -> Units:
    names = []
    for unit in reading.all("units/unit"):
        multiplier = decimal(reading.raw("multiplier", unit) or "1")
        name = reading.raw("unit_name", unit)
        if not multiplier or not name:
            reading.fault("Una unidad no tiene nombre o multiplicador.", "Corríjala en Moodle y exporte de nuevo.",
                          unit)
            continue
        names.append(Unit(name[:60].strip(), Fraction(multiplier)))
    penalty = decimal(reading.raw("unitpenalty") or "0.1")
    graded = GRADED.get(reading.raw("unitgradingtype", usual="0"), "no")
    asked = ASKED.get(reading.raw("showunits", usual="0" if names else "3"), "none")
    cost = Fraction(1, 10) if penalty is None or not 0 <= penalty <= 1 else Fraction(penalty)
    return Units(tuple(names), graded, cost, asked, reading.flag("unitsleft"))


def write_units(writing: Writing, units: Units) -> None:
    writing.add("unitgradingtype", next(n for n, name in GRADED.items() if name == units.graded))
    writing.add("unitpenalty", number(units.penalty))
    writing.add("showunits", next(n for n, name in ASKED.items() if name == units.asked))
    writing.flag("unitsleft", units.left)
    if units.names:
        holder = writing.add("units")
        for unit in units.names:
            made = writing.add("unit", of=holder)
            writing.add("multiplier", number(unit.multiplier), made)
            writing.add("unit_name", unit.name, made)
