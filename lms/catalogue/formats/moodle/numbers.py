"""Numerical and calculated questions in Moodle's XML: tolerances, units, formulas and their datasets."""

import html
from decimal import Decimal
from fractions import Fraction

from lxml import etree

from lms.catalogue.formats.moodle.choices import numbering, read_options, write_options
from lms.catalogue.formats.moodle.reading import Reading, Taken, decimal, source
from lms.catalogue.formats.moodle.units import read_units, write_units
from lms.catalogue.formats.moodle.writing import Writing, number
from lms.catalogue.kinds.amounts import ANY, TOLERANCES, Units
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure
from lms.catalogue.kinds.numerical import Numbers
from lms.catalogue.notation import letter, lettered
from lms.catalogue.rules import Option

KINDS_OF_TOLERANCE = {str(n): name for name, n in TOLERANCES.items()}
MOST_ITEMS = 10_000
NOT_NUMBER = "Escriba el número con punto decimal, o * para cualquiera."
LOOK = "Corríjalo en Moodle y exporte de nuevo."
NO_ANSWER = ("La pregunta no tiene respuestas.", "Agregue al menos una en Moodle y exporte de nuevo.")


def read_numerical(reading: Reading) -> Taken | None:
    numbers: list[tuple[Decimal, Decimal, Fraction]] = []
    options: list[Option] = []
    whole = True
    for element, share, feedback in reading.answers():
        said = source(element).strip() or "*"
        value = Decimal(0) if said == "*" else decimal(said)
        margin = ANY if said == "*" else decimal(reading.raw("tolerance", element) or "0")
        if value is None or margin is None:
            reading.fault(f"«{said[:40]}» o su tolerancia no es un número.", NOT_NUMBER, element)
        if value is None or margin is None or share is None:
            whole = False
            continue
        numbers.append((value, margin, share))
        text = "*" if margin == ANY else f"{value:f}:{margin:f}" if margin else f"{value:f}"
        options.append(Option(letter(len(options)), text, share, feedback))
    if not numbers and whole:
        reading.fault(*NO_ANSWER)
    if not numbers or not whole:
        return None
    body = Numbers(units=read_units(reading))
    return Taken("numerical", tuple(options), tuple(numbers), None if body == Numbers() else body)


def write_numerical(writing: Writing) -> None:
    q = writing.q
    body = q.body if isinstance(q.body, Numbers) else Numbers()
    for place, (value, tolerance, share) in enumerate(q.numbers):
        made = writing.answer(share)
        made.set("format", "moodle_auto_format")
        writing.add("text", "*" if tolerance == ANY else f"{value:f}", made)
        writing.html("feedback", q.options[place].feedback if place < len(q.options) else "", made)
        writing.add("tolerance", "0" if tolerance == ANY else f"{tolerance:f}", made)
    write_units(writing, body.units)


def read_calculated(reading: Reading) -> Taken | None:
    """calculated, calculatedsimple and calculatedmulti."""
    kind = str(reading.element.get("type"))
    figures = tuple(_figure(reading, element) for element in reading.all("answer"))
    if kind == "calculatedmulti":
        options = read_options(reading)
    else:
        found = [(html.escape(" ".join(source(e).split()), False), share, said) for e, share, said in reading.answers()]
        options = None if any(share is None for _, share, _ in found) else tuple(
            Option(i, text, share or Fraction(0), said)
            for i, (text, share, said) in zip(lettered([text for text, _, _ in found]), found, strict=True))
    if options is None:
        return None
    if not options:
        reading.fault(*NO_ANSWER)
        return None
    single = reading.raw("single", usual="true").lower() not in ("false", "0")
    many = kind == "calculatedmulti"
    body = Calculation(
        tuple(filter(None, (_dataset(reading, e) for e in reading.all("dataset_definitions/dataset_definition")))),
        figures, Units() if many else read_units(reading), single if many else True,
        numbering(reading) if many else "", reading.raw("synchronize") not in ("", "0"))
    return Taken(kind, options, body=body, shuffle=reading.flag("shuffleanswers", True) if many else None)


def _figure(reading: Reading, at: etree._Element) -> Figure:
    margin = decimal(reading.raw("tolerance", at) or "0.01")
    return Figure(Decimal("0.01") if margin is None else margin,
                  KINDS_OF_TOLERANCE.get(reading.raw("tolerancetype", at, "1"), "relative"),
                  reading.whole("correctanswerlength", 2, 0, 20, at), reading.raw("correctanswerformat", at) == "2")


def _dataset(reading: Reading, at: etree._Element) -> Dataset | None:
    name = reading.raw("name", at)
    items: list[tuple[int, Decimal]] = []
    for item in reading.all("dataset_items/dataset_item", at)[:MOST_ITEMS]:
        value, place = decimal(reading.raw("value", item)), reading.whole("number", len(items) + 1, of=item)
        if value is None:
            reading.fault(f"Un valor de «{name[:40]}» no es un número.", LOOK, item)
            return None
        items.append((place, value))
    if not name:
        return None
    least, most = decimal(reading.raw("minimum", at)), decimal(reading.raw("maximum", at))
    return Dataset(
        name[:60].strip(), tuple(value for _, value in sorted(items, key=lambda item: item[0])),
        "loguniform" if reading.raw("distribution", at) == "loguniform" else "uniform",
        Decimal(1) if least is None else least, Decimal(10) if most is None else most,
        reading.whole("decimals", 1, 0, 15, at), reading.raw("status", at) == "shared")


def write_calculated(writing: Writing) -> None:
    q = writing.q
    body = q.body if isinstance(q.body, Calculation) else Calculation()
    many = q.kind == "calculatedmulti"
    writing.flag("synchronize", body.synchronised)
    writing.flag("single", body.single)
    writing.add("answernumbering", body.numbering or "none")
    if many:
        write_options(writing)
    else:
        for option in q.options:
            made = writing.answer(option.share)
            writing.add("text", html.unescape(option.text), made)
            writing.html("feedback", option.feedback, made)
    for made, figure in zip(writing.element.findall("answer"), body.figures, strict=False):
        writing.add("tolerance", f"{figure.tolerance:f}", made)
        writing.add("tolerancetype", TOLERANCES.get(figure.kind, 1), made)
        writing.add("correctanswerformat", 2 if figure.significant else 1, made)
        writing.add("correctanswerlength", figure.digits, made)
    if not many:
        write_units(writing, body.units)
    _write_datasets(writing, body.datasets)


def _write_datasets(writing: Writing, datasets: tuple[Dataset, ...]) -> None:
    definitions = writing.add("dataset_definitions")
    for dataset in datasets:
        made = writing.add("dataset_definition", of=definitions)
        writing.words("status", "shared" if dataset.shared else "private", made)
        writing.words("name", dataset.name, made)
        writing.add("type", "calculated", made)
        writing.words("distribution", dataset.distribution, made)
        writing.words("minimum", number(dataset.least), made)
        writing.words("maximum", number(dataset.most), made)
        writing.words("decimals", str(dataset.decimals), made)
        writing.add("itemcount", len(dataset.values), made)
        items = writing.add("dataset_items", of=made)
        for place, value in enumerate(dataset.values, start=1):
            item = writing.add("dataset_item", of=items)
            writing.add("number", place, item)
            writing.add("value", f"{value:f}", item)
        writing.add("number_of_items", len(dataset.values), made)
