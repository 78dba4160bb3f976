"""Canvas's formula questions as calculated ones: its formulas, variables and the sets of values it drew."""

import html
import re
from collections.abc import Callable
from fractions import Fraction

from lms.catalogue.formats.qti_numbers import decimal
from lms.catalogue.formats.qti_probing import Taken
from lms.catalogue.formats.qti_tree import Element, attribute, number, words
from lms.catalogue.formulas import BadFormula, read
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure
from lms.catalogue.rules import Option

NAME = re.compile(r"[A-Za-z_]\w*")
POWER = re.compile(r"\^")


def calculated(found: Element | None, text: str, points: Fraction | None,
               refuse: Callable[[str], None]) -> Taken | None:
    """The question; None, told, where its formula is none we can reckon."""
    formulas = [words(f) for f in found.iterdescendants("formula")] if found is not None else []
    if found is None or not formulas:
        refuse("La pregunta calculada no trae su fórmula: solo valores ya calculados.")
        return None
    names = [attribute(v, "name") for v in found.iterdescendants("var") if v.find("min") is not None]
    sets = list(found.iterdescendants("var_set"))[:500]
    rows = [{attribute(v, "name"): number(words(v)) for v in s.iterdescendants("var")} for s in sets]
    whole = [row for row in rows if all(row.get(name) is not None for name in names)]
    source = _joined(formulas, names)
    body = Calculation(tuple(_dataset(found, name, whole) for name in names), (_figure(found),))
    try:
        value = read(source).value(body.values(0)) if whole else None
    except BadFormula as why:
        refuse(f"La fórmula «{formulas[-1][:60]}» no se puede leer: {why}")
        return None
    answer = next((number(words(a)) for a in sets[0].iterdescendants("answer")), None) if sets else None
    if value is None or (answer is not None and abs(Fraction(repr(value)) - answer) > _room(answer, body.figures[0])):
        refuse(f"La fórmula «{formulas[-1][:60]}» no da el resultado que el archivo dice.")
        return None
    shown = text
    for name in names:
        shown = shown.replace(f"[{name}]", f"{{{name}}}")
    option = Option("a", html.escape(source, False), Fraction(1))
    return Taken("calculated", points or Fraction(1), (option,), body=body, text=shown)


def _joined(formulas: list[str], names: list[str]) -> str:
    """One formula of several: a = x + 1; a * 2 is (x + 1) * 2; names in braces, ^ as our language says power."""
    known: dict[str, str] = {name: f"{{{name}}}" for name in names}
    made = ""
    for formula in formulas[:20]:
        target, sign, rest = formula.rpartition("=")
        made = NAME.sub(lambda m: known.get(m[0], m[0]), rest.strip())[:2000]
        made = POWER.sub("**", made)
        if sign and NAME.fullmatch(target.strip()):
            known[target.strip()] = f"({made})"
    return made


def _dataset(found: Element, name: str, rows: list[dict[str, Fraction | None]]) -> Dataset:
    var = next(v for v in found.iterdescendants("var") if attribute(v, "name") == name and v.find("min") is not None)
    low, high = number(words(var.find("min"))), number(words(var.find("max")))
    scale = number(attribute(var, "scale")) or Fraction(0)
    values = tuple(decimal(row[name] or Fraction(0)) for row in rows)
    return Dataset(name, values, least=decimal(low or Fraction(0)), most=decimal(high or Fraction(0)),
                   decimals=min(max(int(scale), 0), 10))


def _figure(found: Element) -> Figure:
    said = words(found.find("answer_tolerance"))
    places = next((number(attribute(f, "decimal_places")) for f in found.iterdescendants("formulas")), None)
    digits = min(max(int(places or 0), 0), 10)
    margin = number(said.rstrip("% ")) or Fraction(0)
    if said.endswith("%"):
        return Figure(decimal(abs(margin) / 100), "relative", digits)
    return Figure(decimal(abs(margin)), "nominal", digits)


def _room(answer: Fraction, figure: Figure) -> Fraction:
    """How far from the file's own result ours may be: it was rounded."""
    return Fraction(1, 10 ** figure.digits) + abs(answer) / 1000

