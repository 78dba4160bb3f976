"""Editors of the kinds whose answer is a number: given, or calculated from values that change with each attempt."""

import html
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField, TextAreaField

from lms.bank.editors.choices import NUMBERINGS, SHARE, read_options, share
from lms.bank.editors.editor import MOST_ROWS, Editor, Group, QuestionForm, Texts, blanks, rows
from lms.bank.editors.values import read_datasets, value_rows
from lms.bank.fields import CountField, DecimalField, RichField, ShareField
from lms.catalogue.kinds.amounts import ANY, Unit, Units
from lms.catalogue.kinds.datasets import Calculation, Figure
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.numerical import Numbers
from lms.catalogue.notation import letter
from lms.catalogue.rules import Option, Question
from lms.foundation.forms import options
from lms.foundation.language import _

TOLERANCE = (("nominal", _("± esta cantidad")), ("relative", _("± esta parte (0,05: cinco por ciento)")),
             ("geometric", _("por y entre (1 + esta parte)")))


class UnitRow(Form):
    name = StringField(_("Unidad"))
    multiplier = DecimalField(_("Cuántas hay en la primera"))


class UnitsForm(QuestionForm):
    """What every kind with numbers says of units."""
    units = FieldList(FormField(UnitRow), max_entries=MOST_ROWS)
    asked = SelectField(_("La unidad se pide"), choices=options((
        ("none", _("No se pide")), ("typed", _("Escrita junto al número")), ("radio", _("Eligiendo un botón")),
        ("menu", _("Eligiendo de una lista")))))
    graded = SelectField(_("Si la unidad falta o está mal"), choices=options((
        ("no", _("No importa")), ("response", _("Descuenta de lo obtenido")),
        ("question", _("Descuenta del puntaje total")))))
    unit_penalty = ShareField(_("Cuánto descuenta, en %"))
    left = BooleanField(_("La unidad va antes del número: $ 5"))


UNITS = Group("units", _("Unidades"), _("Unidad"), more=_("Agregar unidad"), hint=_(
    "La primera es la de la respuesta: m, 1; después las otras: cm, 100."))
UNIT_SETTINGS = ("asked", "graded", "unit_penalty", "left")


def fill_units(units: Units) -> dict[str, Any]:
    found = [{"name": u.name, "multiplier": Decimal(u.multiplier.numerator) / Decimal(u.multiplier.denominator)}
             for u in units.names]
    return {"units": found, "asked": units.asked, "graded": units.graded, "unit_penalty": units.penalty,
            "left": units.left}


def read_units(form: Any) -> Units:
    usual = Units()
    names = tuple(Unit(" ".join(row["name"].data.split()), Fraction(row.multiplier.data or 1))
                  for row in rows(form.units, "name"))
    return Units(names, form.graded.data or usual.graded,
                 usual.penalty if form.unit_penalty.data is None else form.unit_penalty.data,
                 form.asked.data or usual.asked, bool(form.left.data))


class NumberRow(Form):
    value = DecimalField(_("Número"))
    whatever = BooleanField(_("Cualquier otro número"))
    tolerance = DecimalField(_("Tolerancia"))
    measure = SelectField(_("La tolerancia es"), choices=options(TOLERANCE))
    share = ShareField(SHARE)
    feedback = RichField(_("Comentario"), rows=2)


class NumericalForm(UnitsForm):
    numbers = FieldList(FormField(NumberRow), max_entries=MOST_ROWS)


class NumericalEditor(Editor):
    kind = "numerical"
    places = {"nidad": "units"}
    form = NumericalForm
    groups = (Group("numbers", _("Respuestas"), _("Respuesta"), more=_("Agregar respuesta"), blank=1, hint=_(
        "Quien responde puede escribir 1.234,5 o 1234.5: se entienden los dos.")), UNITS)
    settings = UNIT_SETTINGS
    remedies = {"puntaje completo": _("Escribir el número correcto y 100 en su puntaje."),
                "negativa": _("Escribir una tolerancia mayor o igual que cero.")}

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Numbers) else Numbers()
        found = []
        for n, (value, tolerance, part) in enumerate(q.numbers):
            found.append({"value": None if tolerance == ANY else value, "whatever": tolerance == ANY,
                          "tolerance": None if tolerance == ANY else tolerance, "share": part,
                          "measure": body.tolerances[n] if n < len(body.tolerances) else "nominal",
                          "feedback": texts.text(q.options[n].feedback) if n < len(q.options) else ""})
        return {"numbers": blanks(found, 1), **fill_units(body.units)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        found = [row for row in form.numbers if row.value.data is not None or row.whatever.data]
        numbers = tuple((Decimal(0), ANY, share(row, 0)) if row.whatever.data else
                        (row.value.data, row.tolerance.data or Decimal(0), share(row, 1)) for row in found)
        measures = tuple(row.measure.data or "nominal" for row in found)
        body = Numbers(measures if set(measures) - {"nominal"} else (), read_units(form))
        said = tuple(Option(letter(n), number_key(number), number[2], texts.html(row.feedback.data))
                     for n, (row, number) in enumerate(zip(found, numbers, strict=True)))
        bare = not q.options and not any(option.feedback for option in said)
        return replace(q, numbers=numbers, body=None if body == Numbers() else body, options=() if bare else said)


def number_key(number: tuple[Decimal, Decimal, Fraction]) -> str:
    value, tolerance, _share = number
    return "*" if tolerance == ANY else f"{value:f}:{tolerance:f}" if tolerance else f"{value:f}"


class ValueRow(Form):
    name = StringField(_("Nombre"))
    least = DecimalField(_("Desde"))
    most = DecimalField(_("Hasta"))
    decimals = CountField(_("Decimales"))
    distribution = SelectField(_("Reparto"), choices=options((
        ("uniform", _("Parejo")), ("loguniform", _("Más valores chicos")))))
    values = TextAreaField(_("Valores, uno por variante"))


class FormulaRow(Form):
    formula = StringField(_("Fórmula"))
    tolerance = DecimalField(_("Tolerancia"))
    measure = SelectField(_("La tolerancia es"), choices=options(TOLERANCE))
    digits = CountField(_("Cifras que se muestran"))
    significant = BooleanField(_("Son cifras significativas, no decimales"))
    share = ShareField(SHARE)
    feedback = RichField(_("Comentario"), rows=2)


class CalculatedForm(UnitsForm):
    formulas = FieldList(FormField(FormulaRow), max_entries=MOST_ROWS)
    datasets = FieldList(FormField(ValueRow), max_entries=26)
    synchronised = BooleanField(_("Todas las preguntas del control usan la misma variante"))


VALUES = Group("datasets", _("Valores que cambian"), _("Valor"), more=_("Agregar valor"), hint=_(
    "Un nombre por cada {letra} del texto o de la fórmula. «Generar valores» llena las variantes entre los límites."))


class CalculatedEditor(Editor):
    kind = "calculated"
    places = {"órmula": "formulas", "olerancia": "formulas", "cifras": "formulas", "nidad": "units", "dato": "datasets",
              "variantes": "datasets"}
    form = CalculatedForm
    groups = (VALUES, Group("formulas", _("Respuesta"), _("Fórmula"), more=_("Agregar fórmula"), blank=1, hint=_(
        "Con los nombres entre llaves y + - * / : {a} * 2 + {b}.")), UNITS)
    settings = (*UNIT_SETTINGS, "synchronised")
    help = _("Escribir en el enunciado {a}, {b}… donde va cada valor: «¿Cuánto es {a} más {b}?»")

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Calculation) else Calculation()
        figures = [*body.figures, *[Figure()] * len(q.options)]
        found = [{"formula": plain(o.text), "share": o.share, "feedback": texts.text(o.feedback),
                  "tolerance": f.tolerance, "measure": f.kind, "digits": f.digits, "significant": f.significant}
                 for o, f in zip(q.options, figures, strict=False)]
        return {"formulas": blanks(found, 1), "datasets": value_rows(body, q), "synchronised": body.synchronised,
                **fill_units(body.units)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        found = rows(form.formulas, "formula")
        base = q.body if isinstance(q.body, Calculation) else Calculation()
        usual = Figure()
        figures = tuple(Figure(
            usual.tolerance if row.tolerance.data is None else row.tolerance.data, row.measure.data or usual.kind,
            usual.digits if row.digits.data is None else row.digits.data, bool(row.significant.data)) for row in found)
        return replace(
            q, options=tuple(Option(letter(n), html.escape(row.formula.data.strip().lstrip("="), False), share(row, 1),
                                    texts.html(row.feedback.data)) for n, row in enumerate(found)),
            body=replace(base, datasets=read_datasets(form.datasets, base), figures=figures, units=read_units(form),
                         synchronised=bool(form.synchronised.data)))


class CalculatedSimpleEditor(CalculatedEditor):
    kind = "calculatedsimple"


class CalcChoiceRow(Form):
    text = RichField(_("Texto"), block=False, rows=2)
    digits = CountField(_("Cifras que se muestran"))
    share = ShareField(SHARE)
    feedback = RichField(_("Comentario si se elige"), rows=2)


class CalculatedMultiForm(QuestionForm):
    answers = FieldList(FormField(CalcChoiceRow), max_entries=MOST_ROWS)
    datasets = FieldList(FormField(ValueRow), max_entries=26)
    several = BooleanField(_("Se puede marcar más de una"))
    numbering = SelectField(_("Cada alternativa lleva"), choices=options(NUMBERINGS))
    synchronised = BooleanField(_("Todas las preguntas del control usan la misma variante"))


class CalculatedMultiEditor(Editor):
    kind = "calculatedmulti"
    places = {"órmula": "answers", "alternativa": "answers", "dato": "datasets", "variantes": "datasets"}
    form = CalculatedMultiForm
    shuffles = True
    groups = (VALUES, Group("answers", _("Alternativas"), _("Alternativa"), more=_("Agregar alternativa"), blank=3,
                            hint=_("Con {=fórmula} donde va un resultado: «{={a}*2} metros».")))
    settings = ("several", "numbering", "synchronised")
    help = CalculatedEditor.help

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Calculation) else Calculation()
        figures = [*body.figures, *[Figure()] * len(q.options)]
        found = [{"text": texts.text(o.text), "share": o.share, "feedback": texts.text(o.feedback), "digits": f.digits}
                 for o, f in zip(q.options, figures, strict=False)]
        return {"answers": blanks(found, 3), "datasets": value_rows(body, q), "several": not body.single,
                "numbering": body.numbering, "synchronised": body.synchronised}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        base = q.body if isinstance(q.body, Calculation) else Calculation()
        digits = [row.digits.data for row in rows(form.answers, "text", "feedback")]
        old = [*base.figures, *[Figure()] * len(digits)]
        figures = tuple(f if n is None else replace(f, digits=n) for f, n in zip(old, digits, strict=False))
        return replace(q, options=read_options(form.answers, texts, q), body=replace(
            base, datasets=read_datasets(form.datasets, base), figures=figures, single=not form.several.data,
            numbering=form.numbering.data or "", synchronised=bool(form.synchronised.data)))


