"""What calculated questions are made of: named values for each variant, and figures calculated from them."""

import html
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from lms.catalogue.formulas import IN_TEXT, BadFormula, flaw, names_in, read, substituted
from lms.catalogue.kinds.amounts import Units, written
from lms.catalogue.kinds.kind import Flaw
from lms.catalogue.rules import Body, Option, Question

MOST_VARIANTS = 500
MOST_DIGITS = 15


@dataclass(frozen=True)
class Dataset:
    """The values one name takes: one for each variant."""
    name: str
    values: tuple[Decimal, ...] = ()
    distribution: str = "uniform"       # uniform | loguniform
    least: Decimal = Decimal(1)
    most: Decimal = Decimal(10)
    decimals: int = 1
    shared: bool = False                # Moodle: with other questions of its category


@dataclass(frozen=True)
class Figure:
    """One formula of `Calculation.figures`, as `Question.options` in the same order (their text is the formula)."""
    tolerance: Decimal = Decimal("0.01")
    kind: str = "relative"              # a name in amounts.TOLERANCES
    digits: int = 2                     # of the right answer as shown, and of {=…} in a choice
    significant: bool = False           # they are significant figures, not decimals


@dataclass(frozen=True)
class Calculation(Body):
    """calculated and calculatedsimple: each option's text is a formula, escaped. calculatedmulti: each option's text
    is HTML with {a} and {={a}+{b}} in it."""
    datasets: tuple[Dataset, ...] = ()
    figures: tuple[Figure, ...] = ()
    units: Units = Units()
    single: bool = True                 # calculatedmulti: one option may be chosen
    numbering: str = ""                 # calculatedmulti: as in Choice
    synchronised: bool = False          # Moodle: the questions of a quiz use the same variant

    def figure(self, n: int) -> Figure:
        return self.figures[n] if n < len(self.figures) else Figure()

    @property
    def variants(self) -> int:
        """How many variants have a value for every name."""
        return max(min((len(dataset.values) for dataset in self.datasets), default=1), 1)

    def values(self, lot: int) -> dict[str, Decimal]:
        """The values of one variant, counted from 0."""
        return {dataset.name: dataset.values[lot] for dataset in self.datasets if lot < len(dataset.values)}


def calculation_of(q: Question) -> Calculation:
    return q.body if isinstance(q.body, Calculation) else Calculation()


def formula_of(option: Option) -> str:
    return html.unescape(option.text).strip()


def shown(value: Decimal | float) -> str:
    """A number within a text: a datum as it was given, a result with the digits that are sure."""
    return written(value if isinstance(value, Decimal) else Decimal(f"{value:.14g}"))


def rounded(value: float, figure: Figure) -> str:
    """A result as its answer is to be given: so many decimals or so many significant figures, half away from zero."""
    exact, digits = Decimal(repr(value)), max(min(figure.digits, MOST_DIGITS), 0)
    if figure.significant:
        last = exact.adjusted() - max(digits, 1) + 1 if exact else 0
    else:
        last = -digits
    if exact and exact.adjusted() - last > 25:
        return written(exact)
    near = exact.quantize(Decimal(1).scaleb(last), ROUND_HALF_UP)
    if figure.significant and near.adjusted() > exact.adjusted():       # 0,9996 became 1,000: one figure too many
        near = near.quantize(Decimal(1).scaleb(last + 1))
    return written(near)


def put(text: str, values: dict[str, Decimal], figure: Figure | None = None) -> str:
    """A text with the numbers of a variant; with a figure, its {=…} have the figure's digits."""
    def said(value: Decimal | float) -> str:
        return rounded(value, figure) if figure and isinstance(value, float) else shown(value)

    return substituted(text, values, said) if "{" in text else text


def realised_texts(q: Question, values: dict[str, Decimal]) -> Question:
    """The question with the numbers of a variant in all that is said apart from its options."""
    right, partly, wrong = (put(text, values) for text in q.said)
    return replace(q, text=put(q.text, values), feedback=put(q.feedback, values), said=(right, partly, wrong),
                   hints=tuple(replace(hint, text=put(hint.text, values)) for hint in q.hints))


def drawn(dataset: Dataset, count: int, seed: int) -> Dataset:
    """A dataset with new values from its distribution; the same seed gives the same ones."""
    low, high = sorted((float(dataset.least), float(dataset.most)))
    even = dataset.distribution != "loguniform" or low <= 0

    def value(n: int) -> Decimal:
        digest = sha256(f"{seed}\0{dataset.name}\0{n}".encode("utf-8", "replace")).digest()
        lot = int.from_bytes(digest[:7], "big") / 2 ** 56
        number = low + (high - low) * lot if even else math.exp(math.log(low) + math.log(high / low) * lot)
        places = max(min(dataset.decimals, MOST_DIGITS), 0)
        return Decimal(rounded(number, Figure(digits=places)).replace(",", "."))
    return replace(dataset, values=tuple(value(n) for n in range(max(min(count, MOST_VARIANTS), 0))))


def data_flaws(q: Question, formulas: Iterable[str]) -> list[Flaw]:
    """What is wrong with the names, their values and the formulas of a calculated question."""
    body, formulas = calculation_of(q), list(formulas)
    texts = [q.text, q.feedback, *q.said, *(hint.text for hint in q.hints),
             *(text for option in q.options for text in (option.text, option.feedback))]
    inside = [html.unescape(formula) for text in texts for formula in IN_TEXT.findall(text)]
    flaws = [(f"La fórmula «{formula}» no se entiende: {problem}", "Corríjala: {a}+{b}*sin(pi()) es un ejemplo.")
             for formula in dict.fromkeys([*formulas, *inside]) if (problem := flaw(formula))]
    names = [dataset.name for dataset in body.datasets]
    unknown = [name for name in dict.fromkeys(name for formula in [*formulas, *inside] for name in names_in(formula))
               if name not in names]
    flaws += [(f"No hay datos para {{{name}}}.", "Agregue sus valores, o quítelo de la fórmula.") for name in unknown]
    flaws += [(f"El dato {{{dataset.name}}} no tiene valores.", "Genérelos o escríbalos.")
              for dataset in body.datasets if not dataset.values]
    if len(set(names)) < len(names):
        flaws.append(("Un dato está definido dos veces.", "Deje uno solo con cada nombre."))
    if body.variants > MOST_VARIANTS:
        flaws.append((f"Hay más de {MOST_VARIANTS} variantes.", "Deje menos valores."))
    return flaws or list(_without_value(body, [*formulas, *inside]))


def _without_value(body: Calculation, formulas: list[str]) -> Iterator[Flaw]:
    """For each formula the first variant it has no value in."""
    for formula in dict.fromkeys(formulas):
        value: Callable[..., float] = read(formula).value
        for lot in range(min(body.variants, MOST_VARIANTS)):
            try:
                value(body.values(lot))
            except BadFormula as bad:
                yield (f"Con los datos n.º {lot + 1}, la fórmula «{formula}» no tiene valor: {bad}",
                       "Cambie esos datos o la fórmula.")
                break
