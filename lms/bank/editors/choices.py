"""Editors of the kinds with alternatives: one right, several right, true or false, a short text."""

import html
from dataclasses import replace
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField, StringField

from lms.bank.editors.editor import MOST_ROWS, Editor, Group, QuestionForm, Texts, blanks, kept_ids, named, rows
from lms.bank.fields import RichField, ShareField
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import Choice
from lms.catalogue.kinds.truefalse import TEXTS
from lms.catalogue.rules import Option, Question
from lms.foundation.forms import options
from lms.foundation.language import _

NUMBERINGS = (("", _("Sin número")), ("abc", "a. b. c."), ("ABCD", "A. B. C."), ("123", "1. 2. 3."),
              ("iii", "i. ii. iii."), ("IIII", "I. II. III."))
SHARE = _("% del puntaje")


class ChoiceRow(Form):
    text = RichField(_("Texto"), block=False, rows=2)
    share = ShareField(SHARE)
    feedback = RichField(_("Comentario si se elige"), rows=2)


class ChoiceForm(QuestionForm):
    answers = FieldList(FormField(ChoiceRow), max_entries=MOST_ROWS)
    numbering = SelectField(_("Cada alternativa lleva"), choices=options(NUMBERINGS))
    instruction = BooleanField(_("Mostrar la línea «Seleccione una»"))


class MultipleForm(ChoiceForm):
    all_or_nothing = BooleanField(_("Todo o nada: el puntaje solo con exactamente las correctas"))


class SingleEditor(Editor):
    kind = "single"
    form = ChoiceForm
    shuffles = True
    groups = (Group("answers", _("Alternativas"), _("Alternativa"), more=_("Agregar alternativa"), blank=4, hint=_(
        "La correcta lleva 100 %. Una incorrecta, 0 %; con un número negativo descuenta.")),)
    settings: tuple[str, ...] = ("numbering", "instruction")
    remedies = {"menos de dos": _("Agregar al menos una más."), "Ninguna alternativa": _("Poner 100 en la correcta."),
                "más de una": _("Dejar 100 en una sola, o elegir el tipo «Selección múltiple».")}

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Choice) else Choice()
        found = [{"text": texts.text(o.text), "share": o.share, "feedback": texts.text(o.feedback)} for o in q.options]
        return {"answers": blanks(found, self.groups[0].blank), "numbering": body.numbering,
                "instruction": body.instruction, "all_or_nothing": body.all_or_nothing}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        body = replace(q.body if isinstance(q.body, Choice) else Choice(), numbering=form.numbering.data or "",
                       instruction=bool(form.instruction.data))
        if "all_or_nothing" in form:
            body = replace(body, all_or_nothing=bool(form.all_or_nothing.data))
        return replace(q, options=read_options(form.answers, texts, q), body=None if body == Choice() else body)


class MultipleEditor(SingleEditor):
    kind = "multiple"
    form = MultipleForm
    groups = (Group("answers", _("Alternativas"), _("Alternativa"), more=_("Agregar alternativa"), blank=4, hint=_(
        "Repartir 100 % entre las correctas (dos correctas: 50 y 50). Una incorrecta puede descontar: -50.")),)
    settings = ("numbering", "instruction", "all_or_nothing")
    remedies = {"menos de dos": _("Agregar al menos una más."), "100": _("Repartir 100 entre las correctas."),
                "correcta": _("Repartir 100 entre las correctas.")}


class TrueFalseForm(QuestionForm):
    right = RadioField(_("La afirmación es"), choices=options((("true", _("Verdadera")), ("false", _("Falsa")))))
    feedback_true = RichField(_("Comentario a quien responde «Verdadero»"), rows=2)
    feedback_false = RichField(_("Comentario a quien responde «Falso»"), rows=2)


class TrueFalseEditor(Editor):
    kind = "truefalse"
    form = TrueFalseForm
    settings = ("right", "feedback_true", "feedback_false")
    says_result = False

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        found = {o.id: o for o in q.options}
        said = {f"feedback_{i}": texts.text(found[i].feedback) if i in found else "" for i in TEXTS}
        return {"right": next((i for i, o in found.items() if o.share == 1), "true"), **said}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        said = {"true": form.feedback_true.data, "false": form.feedback_false.data}
        return replace(q, options=tuple(Option(i, text, Fraction(i == (form.right.data or "true")), texts.html(said[i]))
                                        for i, text in TEXTS.items()))


class ShortRow(Form):
    text = StringField(_("Respuesta aceptada"))
    share = ShareField(SHARE)
    feedback = RichField(_("Comentario"), rows=2)


class ShortForm(QuestionForm):
    answers = FieldList(FormField(ShortRow), max_entries=MOST_ROWS)
    case = BooleanField(_("Distinguir mayúsculas de minúsculas"))
    accents = BooleanField(_("Exigir las tildes"))


class ShortEditor(Editor):
    kind = "short"
    form = ShortForm
    groups = (Group("answers", _("Respuestas aceptadas"), _("Respuesta"), more=_("Agregar respuesta"), blank=3, hint=_(
        "Una por fila, con 100 % las correctas. Un asterisco vale por cualquier texto: «Ley * de 1999».")),)
    settings = ("case", "accents")
    remedies = {"puntaje completo": _("Poner 100 en la correcta."), "Cualquier texto": _(
        "Escribir algo más que un asterisco, o darle 0.")}

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Words) else Words()
        found = [{"text": plain(o.text), "share": o.share, "feedback": texts.text(o.feedback)} for o in q.options]
        return {"answers": blanks(found, 3), "case": body.case, "accents": body.accents}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        body = Words(bool(form.case.data), bool(form.accents.data))
        found = rows(form.answers, "text", "feedback")
        ids = named([" ".join((row.text.data or "").split()) for row in found], kept_ids(q))
        return replace(q, body=None if body == Words() else body, options=tuple(
            Option(i, html.escape(" ".join((row.text.data or "").split()), False), share(row, 1),
                   texts.html(row.feedback.data)) for i, row in zip(ids, found, strict=True)))


def read_options(entries: Any, texts: Texts, q: Question) -> tuple[Option, ...]:
    """The alternatives written, with ids that do not tell which is right."""
    found = rows(entries, "text", "feedback")
    said = [texts.html(row.text.data, block=False) for row in found]
    return tuple(Option(i, text, share(row, 0), texts.html(row.feedback.data))
                 for i, text, row in zip(named([plain(t) for t in said], kept_ids(q)), said, found, strict=True))


def share(row: Any, usual: int) -> Fraction:
    return Fraction(usual) if row.share.data is None else row.share.data
