"""Editors of what is put together or in order: pairs, pairs at random, a sequence."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField

from lms.bank.editors.choices import NUMBERINGS
from lms.bank.editors.editor import MOST_ROWS, Editor, Group, QuestionForm, Texts, blanks, kept_ids, named, rows
from lms.bank.fields import CountField, RichField
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.kinds.randommatching import Draw, Drawn
from lms.catalogue.notation import letter
from lms.catalogue.rules import Option, Question
from lms.foundation.forms import options
from lms.foundation.language import _

GRADED = (("absolute", _("Cada elemento en su lugar")), ("all_or_nothing", _("Todo o nada")),
          ("next_without_last", _("Cada uno seguido del suyo, sin contar el último")),
          ("next_with_last", _("Cada uno seguido del suyo, también el último")),
          ("one_each_side", _("Con los vecinos inmediatos")), ("all_each_side", _("Con todos los de cada lado")),
          ("longest_ordered", _("La serie ordenada más larga")),
          ("longest_contiguous", _("La serie seguida más larga")),
          ("relative_to_correct", _("Según cuán lejos quedó de su lugar")))


class PairRow(Form):
    left = RichField(_("Lado izquierdo"), block=False, rows=2)
    right = StringField(_("Le corresponde"))


class MatchingForm(QuestionForm):
    pairs = FieldList(FormField(PairRow), max_entries=MOST_ROWS)


class MatchingEditor(Editor):
    kind = "matching"
    form = MatchingForm
    shuffles = True
    groups = (Group("pairs", _("Pares"), _("Par"), more=_("Agregar par"), blank=4, hint=_(
        "Al menos tres. Una fila sin lado izquierdo agrega una opción que no le corresponde a nada.")),)
    remedies = {"menos de tres": _("Completar al menos tres filas."), "lado derecho.": _("Escribirlo en la fila.")}

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        return {"pairs": blanks([{"left": texts.text(o.text), "right": o.match} for o in q.options], 4)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        found = rows(form.pairs, "left", "right")
        said = [texts.html(row.left.data, block=False) for row in found]
        ids = named([plain(t) for t in said], kept_ids(q)) if q.options else [letter(n) for n in range(len(said))]
        return replace(q, options=tuple(
            Option(i, text, Fraction(1), match=" ".join((row.right.data or "").split()))
            for i, text, row in zip(ids, said, found, strict=True)))


class ItemRow(Form):
    text = RichField(_("Elemento"), block=False, rows=2)
    feedback = RichField(_("Comentario"), rows=2)


class OrderingForm(QuestionForm):
    items = FieldList(FormField(ItemRow), max_entries=MOST_ROWS)
    grading = SelectField(_("Cómo se puntúa"), choices=options(GRADED))
    selection = SelectField(_("Qué elementos recibe cada intento"), choices=options((
        ("all", _("Todos")), ("random", _("Algunos al azar")), ("contiguous", _("Algunos seguidos")))))
    count = CountField(_("Cuántos, si son algunos"))
    horizontal = BooleanField(_("Mostrarlos en línea, uno al lado del otro"))
    numbering = SelectField(_("Cada elemento lleva"), choices=options(NUMBERINGS))
    show_grading = BooleanField(_("Mostrar en la revisión de dónde sale el puntaje"))


class OrderingEditor(Editor):
    kind = "ordering"
    places = {"puntuar": "grading", "cuántos": "count"}
    form = OrderingForm
    groups = (Group("items", _("Elementos, en el orden correcto"), _("Elemento"), more=_("Agregar elemento"), blank=4,
                    ordered=True, hint=_("Al menos tres. Quien responde los recibe mezclados.")),)
    settings = ("grading", "selection", "count", "horizontal", "numbering", "show_grading")
    remedies = {"menos de tres": _("Completar al menos tres filas.")}

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Order) else Order()
        return {"items": blanks([{"text": texts.text(o.text), "feedback": texts.text(o.feedback)}
                                 for o in q.options], 4), "grading": body.grading,
                "selection": body.selection, "count": body.count or None, "horizontal": body.horizontal,
                "numbering": body.numbering, "show_grading": body.show_grading}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        found = rows(form.items, "text")
        said = [texts.html(row.text.data, block=False) for row in found]
        body = Order(form.grading.data or "absolute", form.selection.data or "all", form.count.data or 0,
                     bool(form.horizontal.data), form.numbering.data or "", bool(form.show_grading.data))
        return replace(q, body=None if body == Order() else body, options=tuple(
            Option(i, text, Fraction(1), texts.html(row.feedback.data))
            for i, text, row in zip(named([plain(t) for t in said], kept_ids(q)), said, found, strict=True)))


class DrawnRow(Form):
    text = RichField(_("Pregunta"), rows=2)
    answer = StringField(_("Su respuesta"))


class RandomMatchingForm(QuestionForm):
    choose = CountField(_("Cuántos pares se sortean en cada intento"))
    pool = FieldList(FormField(DrawnRow), max_entries=MOST_ROWS)


class RandomMatchingEditor(Editor):
    kind = "randommatching"
    places = {"eligen": "choose"}
    remedies = {"misma respuesta": _("Escribir pares con respuestas distintas."), "respuesta breve": _(
        "Agregar pares, o sortear menos.")}
    form = RandomMatchingForm
    shuffles = True
    groups = (Group("pool", _("De dónde se sortea"), _("Par"), more=_("Agregar par"), blank=4, hint=_(
        "Cada fila es una pregunta breve con su respuesta.")),)
    settings = ("choose",)

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Draw) else Draw()
        return {"choose": body.choose, "pool": blanks([{"text": texts.text(d.text), "answer": d.answer}
                                                       for d in body.pool], 4)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        pool = tuple(Drawn(texts.html(row.text.data), " ".join((row.answer.data or "").split()))
                     for row in rows(form.pool, "text", "answer"))
        base = q.body if isinstance(q.body, Draw) else Draw()
        return replace(q, body=replace(base, choose=form.choose.data or 2, pool=pool))
