"""The sheet of a journey (*ficha de viaje*): what the law asks of an authority who travels, what is missing. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from lms.foundation.language import decimal
from lms.internships.plans import Activity, Plan
from lms.internships.record import PaperView
from lms.internships.rules import Facts, needs_council

PAYERS = {"municipality": "Municipalidad", "association": "AMUCH", "host": "Institución anfitriona",
          "own": "Quien viaja", "other": "Otro"}
CURRENCIES = {                          # ISO 4217: name and decimals
    "CLP": ("Peso chileno", 0), "ARS": ("Peso argentino", 2), "USD": ("Dólar estadounidense", 2), "EUR": ("Euro", 2),
    "BOB": ("Boliviano", 2), "BRL": ("Real brasileño", 2), "COP": ("Peso colombiano", 2),
    "CRC": ("Colón costarricense", 2), "MXN": ("Peso mexicano", 2), "PEN": ("Sol peruano", 2),
    "PYG": ("Guaraní", 0), "UYU": ("Peso uruguayo", 2), "CAD": ("Dólar canadiense", 2), "GBP": ("Libra esterlina", 2),
    "CNY": ("Yuan", 2), "JPY": ("Yen", 0)}
ITEMS = ("Pasajes", "Alojamiento", "Viáticos", "Traslados", "Alimentación", "Seguro", "Inscripción")
NOTICE = ("Esta ficha es un insumo para el registro de agenda pública que lleva la propia autoridad (Ley 20.730, arts. "
          "8 y 9) y para dar cuenta del cometido al concejo (LOC 18.695, art. 79 ll). No es ese registro ni lo "
          "reemplaza.")
MOST = 10 ** 12                         # of any currency
TWO_WAYS = re.compile(r"\d{1,3},\d{3}", re.ASCII)
DOTTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?", re.ASCII)
COMMAED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:,\d{3}|\.\d{1,2})", re.ASCII)
PLAIN = re.compile(r"\d{1,15}(?:[.,]\d{1,2})?", re.ASCII)


class BadAmount(ValueError):
    """What was written is no amount, in words for who wrote it."""


@dataclass(frozen=True)
class Cost:
    id: int
    item: str
    amount: Fraction
    currency: str
    payer: str
    note: str = ""
    added_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Gift:
    id: int
    what: str
    on: date
    occasion: str
    giver: str
    added_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Journey:
    """All that the sheet says."""
    person: str
    office: str
    programme: str
    cohort: str
    host: str
    area: str
    city: str
    country: str                        # in words
    starts_on: date
    ends_on: date
    modality: str                       # in words
    state: str                          # in words
    supervisor: str
    plan: Plan
    papers: tuple[PaperView, ...]
    costs: tuple[Cost, ...]
    gifts: tuple[Gift, ...]
    missing: tuple[str, ...]
    day: date                           # on which it is drawn up
    notice: str = field(default="")     # that all in it is invented, in a demonstration

    def of(self, kind: str) -> tuple[PaperView, ...]:
        return tuple(p for p in self.papers if p.kind == kind)

    @property
    def activities(self) -> tuple[Activity, ...]:
        return self.plan.activities

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def amount(text: str, currency: str) -> Fraction:
    """What a person wrote, as they write it in Chile: "450.000" is four hundred and fifty thousand, "12,5" twelve and a
    half. Raises BadAmount; what reads two ways is never guessed."""
    words = re.sub(r"\s", "", text).removeprefix("US").removeprefix("$")
    if TWO_WAYS.fullmatch(words):
        raise BadAmount(f"«{text.strip()}» se lee de dos maneras. Escribir {words.replace(',', '')}, sin separar los "
                        "miles, o con dos decimales.")
    if DOTTED.fullmatch(words):
        words = words.replace(".", "")
    elif COMMAED.fullmatch(words):
        words = words.replace(",", "")
    elif not PLAIN.fullmatch(words):
        raise BadAmount("Escribir el monto en cifras, por ejemplo 450.000 o 1250,50.")
    words = words.replace(",", ".")
    found = Fraction(words)
    if not 0 < found < MOST:
        raise BadAmount("El monto debe ser mayor que cero." if found <= 0 else "El monto es demasiado grande.")
    name, places = CURRENCIES[currency]
    if (found * 10 ** places).denominator != 1:
        raise BadAmount(f"{name}: se escribe {'sin decimales' if not places else f'con {places} decimales a lo más'}.")
    return found


def written(value: Fraction, currency: str, grouped: bool = True) -> str:
    """"450.000", "1.250,50"; for a spreadsheet "450000", "1250,50"."""
    places = CURRENCIES.get(currency, ("", 2))[1]
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact:,.{places if value.denominator != 1 else 0}f}"
    swapped = text.replace(",", "\0").replace(".", ",")
    return swapped.replace("\0", "." if grouped else "")


def totals(costs: Iterable[Cost]) -> list[tuple[str, dict[str, Fraction], Fraction]]:
    """(currency, payer -> sum, all), in the order of CURRENCIES. Currencies are never added to each other."""
    found: dict[str, dict[str, Fraction]] = {}
    for cost in costs:
        sums = found.setdefault(cost.currency, {})
        sums[cost.payer] = sums.get(cost.payer, Fraction(0)) + cost.amount
    order = list(CURRENCIES)
    return [(currency, {p: sums[p] for p in PAYERS if p in sums}, sum(sums.values(), Fraction(0)))
            for currency, sums in sorted(found.items(), key=lambda pair: order.index(pair[0]))]


def missing(facts: Facts, papers: Sequence[PaperView], plan: Plan, costs: Sequence[Cost]) -> tuple[str, ...]:
    """What the sheet can not say yet, each thing by name and with what is to be done."""
    kinds = {p.kind for p in papers}
    found = []
    if why := needs_council(facts):
        if not facts.council:
            found.append(f"Acuerdo del concejo: todavía no hay, y la pasantía {why}. Agregarlo con su número y fecha.")
        elif min(facts.council) >= facts.starts_on:
            found.append(f"Acuerdo del concejo: es del {min(facts.council):%d-%m-%Y}, y debe ser anterior al inicio.")
        if "decree" not in kinds:
            found.append("Decreto que ordena el cometido: todavía no hay. Agregarlo con su número y fecha.")
    if "invitation" not in kinds:
        found.append("Carta de invitación: todavía no hay.")
    if not plan.objectives:
        found.append("Objeto del viaje: sale de los objetivos del plan de trabajo, que no se ha escrito.")
    if not plan.activities:
        found.append("Programa de actividades: sale del plan de trabajo, que no tiene actividades.")
    if not costs:
        found.append("Costo total y quién lo pagó: no hay ningún costo anotado. También se anota lo que pagó la "
                     "institución anfitriona.")
    return tuple(found)


def paper_words(paper: PaperView) -> str:
    """"N.º 112, del 25-04-2027, Concejo Municipal"."""
    return ", ".join(filter(None, (f"N.º {paper.number}" if paper.number else "",
                                   f"del {paper.dated_on:%d-%m-%Y}" if paper.dated_on else "", paper.issuer)))


def activity_days(activity: Activity) -> str:
    since, until = activity.days
    days = [f"{day:%d-%m-%Y}" for day in (since, until) if day]
    return " al ".join(dict.fromkeys(days))


HEADER = ("Sección", "Dato", "Detalle", "Fecha", "Monto", "Moneda", "Quién paga")


def lines(j: Journey) -> list[list[str]]:
    """The sheet as the rows of a table, one fact a row."""
    facts = (("Persona", "Nombre", j.person), ("Persona", "Cargo", j.office), ("Viaje", "Programa", j.programme),
             ("Viaje", "Cohorte", j.cohort), ("Viaje", "Institución", j.host), ("Viaje", "Área", j.area),
             ("Viaje", "Ciudad", j.city), ("Viaje", "País", j.country), ("Viaje", "Modalidad", j.modality),
             ("Viaje", "Estado", j.state), ("Viaje", "Quien recibe", j.supervisor),
             ("Viaje", "Objeto", j.plan.objectives))
    rows = [[section, name, text, "", "", "", ""] for section, name, text in facts if text]
    rows += [["Viaje", name, "", f"{day:%d-%m-%Y}", "", "", ""] for name, day in (("Desde", j.starts_on),
                                                                                 ("Hasta", j.ends_on))]
    rows += [["Programa de actividades", a.what, f"{decimal(Fraction(a.hours), 1)} h" if a.hours else "",
              activity_days(a), "", "", ""] for a in j.activities]
    rows += [["Documentos", name, paper_words(p), f"{p.dated_on:%d-%m-%Y}" if p.dated_on else "", "", "", ""]
             for kind, name in DOCUMENTS.items() for p in j.of(kind)]
    rows += [["Costos", c.item, c.note, "", written(c.amount, c.currency, False), c.currency, PAYERS[c.payer]]
             for c in j.costs]
    rows += [["Costo total", "", "", "", written(total, currency, False), currency, ""]
             for currency, _sums, total in totals(j.costs)]
    rows += [["Regalos", g.what, f"{g.occasion}. De: {g.giver}", f"{g.on:%d-%m-%Y}", "", "", ""] for g in j.gifts]
    rows += [["Falta", what, "", "", "", "", ""] for what in j.missing]
    return [*rows, ["Nota", NOTICE, j.notice, f"{j.day:%d-%m-%Y}", "", "", ""]]


DOCUMENTS = {"invitation": "Carta de invitación", "council": "Acuerdo del concejo", "decree": "Decreto"}
