"""What the office sends of a scale: its figures, its table and words, which one a cohort goes by."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

from lms.cohorts.rules import COUNTRIES
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _
from lms.grading.scales import Scale
from lms.grading.soundness import faults, read_table

ROUNDINGS = {"half_up": "Al más cercano; la mitad, hacia arriba (0,05 → 0,1)",
             "half_even": "Al más cercano; la mitad, al par", "half_down": "Al más cercano; la mitad, hacia abajo",
             "up": "Siempre hacia arriba", "down": "Siempre hacia abajo (truncar)"}
DECIMALS = {"0": "Ninguno: notas enteras", "1": "Uno", "2": "Dos"}


class Figure(Field):
    """A number written with a comma or a point; kept exact."""
    widget = TextInput()

    def __init__(self, label: str, validators: list[Any] | None = None, **more: Any):
        super().__init__(label, validators or [], **more)
        self.written = ""

    def _value(self) -> str:
        return self.written or ("" if self.data is None else f"{self.data:f}".replace(".", ","))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data, self.written = None, valuelist[0].strip()[:20] if valuelist else ""
        if not self.written:
            return
        try:
            self.data = Decimal(self.written.replace(",", ".") if self.written.isascii() else "x")
        except InvalidOperation:
            self.data = None
        if self.data is None or not self.data.is_finite() or self.data.as_tuple().exponent < -4:
            self.data = None
            raise ValueError(_("Escribir un número, con coma si hace falta: 4,0."))


class ScaleForm(PostForm):
    name = StringField("Cómo la nombra un papel", [InputRequired(), Length(max=200)])
    country = SelectField("País", [InputRequired()], choices=options(COUNTRIES.items()))
    minimum = Figure("Nota mínima", [InputRequired()])
    passing = Figure("Nota de aprobación", [InputRequired()])
    maximum = Figure("Nota máxima", [InputRequired()])
    decimals = SelectField("Decimales", [InputRequired()], choices=options(DECIMALS.items()))
    demand = Figure("Exigencia, en % de los puntos", [InputRequired()], description=(
        "Con este porcentaje se llega justo a la nota de aprobación."))
    rounding = SelectField("Redondeo", [InputRequired()], choices=options(ROUNDINGS.items()))
    round_first = BooleanField("Redondear cada nota parcial antes de promediar")
    guard = BooleanField("Resguardar la línea de aprobación", description=(
        "Una nota nunca queda al otro lado de la aprobación que la de la escala de la Escuela."))
    least = Figure("Mínimo por componente", description=(
        "Con menos que esto en una parte no se aprueba, cualquiera sea el promedio. Vacío: sin mínimo."))
    table = TextAreaField("Tabla de equivalencias", [Length(max=4000)], description=(
        "Solo si un convenio la fija: reemplaza a la fórmula. Una línea por fila: la nota de la Escuela desde la que "
        "vale y la nota que da, como «4,0 = 4»."))
    labels = TextAreaField("Conceptos", [Length(max=2000)], description=(
        "Si los hay. Una línea por concepto: la nota desde la que vale y la palabra, como «6 bueno»."))
    reason = StringField("Por qué se hace esta versión", [InputRequired("Escribir por qué se hace."), Length(max=300)])

    def scale(self, base: Scale) -> Scale | None:
        """The scale as it stands in the form; None, with what is wrong beside its field, where it is not sound."""
        made: dict[str, Any] = {}
        for field, read in ((self.table, read_table), (self.labels, read_labels)):
            try:
                made[field.short_name] = read(field.data or "")
            except ValueError as wrong:
                field.errors = [str(wrong)]
        figures = (self.minimum, self.passing, self.maximum, self.demand)
        chosen = (self.country, self.decimals, self.rounding)       # of the choices there are, or nothing can be made
        if len(made) < 2 or any(f.data is None or f.errors for f in figures) or self.least.errors or any(
                f.errors or f.data not in [value for value, *_ in f.iter_choices()] for f in chosen):
            return None
        places = Decimal(1).scaleb(-int(self.decimals.data))
        low, mid, high = (_placed(f.data, places) for f in (self.minimum, self.passing, self.maximum))
        least = None if self.least.data is None else _placed(self.least.data, places)
        scale = replace(base, name=(self.name.data or "").strip() or base.name, country=self.country.data,
                        place=COUNTRIES[self.country.data], minimum=low, passing=mid, maximum=high,
                        demand=Fraction(self.demand.data) / 100, decimals=int(self.decimals.data),
                        rounding=self.rounding.data, round_first=self.round_first.data, guard=self.guard.data,
                        least=least, **made)
        found = faults(scale)
        for name, words in found:
            self[name].errors = [*self[name].errors, words]
        return None if found else scale


class ChoiceForm(PostForm):
    role = SelectField("Para qué", [InputRequired()], choices=options((
        ("home", "Decide quién aprueba (escala de la Escuela)"), ("shown", "Se muestra junto a ella"),
        ("hidden", "Deja de mostrarse"))))
    policy = SelectField("Escala", [InputRequired()], choices=[])
    why = StringField("Por qué", [InputRequired("Escribir por qué se elige."), Length(max=300)])


def before(scale: Scale) -> dict[str, Any]:
    """What the form begins with."""
    return {"name": scale.name, "country": scale.country if scale.country in COUNTRIES else "CL",
            "minimum": scale.minimum, "passing": scale.passing, "maximum": scale.maximum,
            "decimals": str(scale.decimals), "demand": Decimal(str(float(scale.demand * 100))).normalize(),
            "rounding": scale.rounding, "round_first": scale.round_first, "guard": scale.guard, "least": scale.least,
            "table": "\n".join(f"{_plain(a)} = {scale.written(b)}" for a, b in scale.table),
            "labels": "\n".join(f"{_plain(a)} {words}" for a, words in scale.labels)}


def read_labels(text: str) -> tuple[tuple[Decimal, str], ...]:
    """"6 bueno", a line each. ValueError tells the line."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        figure, _space, words = line.strip().partition(" ")
        if not figure:
            continue
        try:
            since = Decimal(figure.replace(",", ".") if figure.isascii() else "x")
        except InvalidOperation:
            since = Decimal("NaN")
        if not since.is_finite() or not 0 <= since <= 100 or not 0 < len(words.strip()) <= 60:
            raise ValueError(_("Línea %(n)d: escribir la nota y su concepto: «6 bueno».") % {"n": number})
        rows.append((since, words.strip()))
    return tuple(rows)


def _placed(value: Decimal, places: Decimal) -> Decimal:
    """"4" in a scale of one decimal is 4,0; what has more decimals stays as it is, and is refused."""
    if not 0 <= value <= 1000 or value != value.quantize(places):
        return value
    return value.quantize(places)


def _plain(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
