"""Editors of texts with gaps: to choose, to drag words into, with questions of their own."""

import html
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField

from lms.bank.editors.choices import SHARE, share
from lms.bank.editors.editor import MOST_ROWS, Editor, Group, QuestionForm, Texts, blanks, kept_ids, named, rows
from lms.bank.editors.numbers import number_key
from lms.bank.fields import CountField, DecimalField, FractionField, RichField, ShareField
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.kinds.cloze import Cloze, Embedded
from lms.catalogue.kinds.gapped import Gaps, Word, stock
from lms.catalogue.kinds.kind import plain
from lms.catalogue.notation import letter
from lms.catalogue.rules import Option, Question
from lms.foundation.forms import options
from lms.foundation.language import _


class WordRow(Form):
    text = RichField(_("Palabra"), block=False, rows=1)
    group = CountField(_("Grupo"))
    unlimited = BooleanField(_("Se puede usar varias veces"))


class GapsForm(QuestionForm):
    words = FieldList(FormField(WordRow), max_entries=MOST_ROWS)


class GapSelectEditor(Editor):
    kind = "gapselect"
    form = GapsForm
    shuffles = True
    groups = (Group("words", _("Palabras"), _("Palabra"), more=_("Agregar palabra"), blank=4, hint=_(
        "La palabra 1 va en [[1]], la 2 en [[2]]… Las demás son distractores. Cada hueco ofrece las de su grupo.")),)
    gap = "[[n]]"
    places = {"texto no tiene": "text", "[[": "text", "etiqueta": "text", "palabra": "words"}
    help = _("Escribir en el enunciado [[1]], [[2]]… donde va cada hueco: «La [[1]] se reúne en [[2]]».")

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        choices = q.body.choices if isinstance(q.body, Gaps) else ()
        return {"words": blanks([{"text": texts.text(c.text), "group": c.group, "unlimited": c.unlimited}
                                 for c in choices], 4)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        found = [(texts.html(row.text.data, block=False), min(max(row.group.data or 1, 1), 20),
                  bool(row.unlimited.data)) for row in rows(form.words, "text")]
        if not isinstance(q.body, Gaps):
            return replace(q, body=stock(found))
        ids = named([plain(word[0]) for word in found], [(c.id, plain(c.text)) for c in q.body.choices])
        return replace(q, body=Gaps(tuple(Word(i, *word) for i, word in zip(ids, found, strict=True))))


class DragWordsEditor(GapSelectEditor):
    kind = "dragwords"


class PartAnswerRow(Form):
    text = StringField(_("Respuesta"))
    tolerance = DecimalField(_("Tolerancia, si es un número"))
    share = ShareField(SHARE)
    feedback = RichField(_("Comentario"), block=False, rows=1)


class PartRow(Form):
    kind = SelectField(_("Qué se pide"), choices=options((
        ("short", _("Escribir unas palabras")), ("numerical", _("Escribir un número")),
        ("single", _("Elegir una")), ("multiple", _("Marcar varias")))))
    layout = SelectField(_("Cómo se muestra"), choices=options((
        ("line", _("En la línea")), ("list", _("Lista desplegable")), ("column", _("Botones, uno bajo otro")),
        ("row", _("Botones en una fila")))))
    weight = FractionField(_("Peso frente a los otros"))
    answers = FieldList(FormField(PartAnswerRow), max_entries=30)


class ClozeForm(QuestionForm):
    parts = FieldList(FormField(PartRow), max_entries=MOST_ROWS)


class ClozeEditor(Editor):
    kind = "cloze"
    form = ClozeForm
    groups = (Group("parts", _("Huecos"), _("Hueco"), more=_("Agregar hueco"), blank=1, hint=_(
        "El hueco 1 está donde el enunciado dice {#1}, el 2 donde dice {#2}…")),)
    gap = "{#n}"
    places = {"texto no tiene": "text", "{#": "text", "en el texto": "text", "espuesta": "parts"}
    remedies = {"incrustadas": _("Escribir {#1} donde va el primer hueco."), "menos de dos": _("Agregar otra."),
                "Ninguna alternativa": _("Poner 100 en la correcta."), "puntaje completo": _("Poner 100 en una.")}
    help = _("Escribir en el enunciado {#1}, {#2}… donde va cada hueco: «La capital de Chile es {#1}».")
    inner = Group("answers", _("Respuestas de este hueco"), _("Respuesta"), more=_("Agregar respuesta"), blank=2,
                  hint=_("La correcta con 100 %; al elegir, también las incorrectas con 0."))

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        parts = q.body.parts if isinstance(q.body, Cloze) else ()
        found = [{"kind": p.question.kind, "layout": p.layout, "weight": p.weight,
                  "answers": _answer_rows(p.question, texts)} for p in sorted(parts, key=lambda p: int(p.id))]
        return {"parts": found or [{"weight": Fraction(1), "answers": [{}, {}]}]}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        old = {p.id: p.question for p in q.body.parts} if isinstance(q.body, Cloze) else {}
        parts = []
        for n, row in enumerate(form.parts, 1):
            base = old.get(str(n), Question(str(n), "short", ""))
            kind = row.kind.data or "short"
            inside = _embedded(replace(base, kind=kind, body=base.body if base.kind == kind else None), row, texts)
            layout = row.layout.data or "line"
            if kind in ("short", "numerical"):
                layout = "line"
            elif layout == "line" or (kind == "multiple" and layout == "list"):
                layout = "list" if kind == "single" else "column"
            parts.append(Embedded(str(n), row.weight.data or Fraction(1), inside, layout))
        return replace(q, body=Cloze(tuple(parts)))


def _answer_rows(q: Question, texts: Texts) -> list[dict[str, Any]]:
    if q.kind == "numerical":
        feedback = [texts.text(o.feedback) for o in q.options] + [""] * len(q.numbers)
        return [{"text": "*" if tolerance == ANY else f"{value:f}".replace(".", ","), "share": part,
                 "tolerance": None if tolerance == ANY else tolerance, "feedback": said}
                for (value, tolerance, part), said in zip(q.numbers, feedback, strict=False)]
    said = plain if q.kind == "short" else texts.text
    return [{"text": said(o.text), "share": o.share, "feedback": texts.text(o.feedback)} for o in q.options]


def _embedded(q: Question, row: Any, texts: Texts) -> Question:
    """The question inside a gap, as its rows say it."""
    found = rows(row.answers, "text")
    shares = [share(r, int(n == 0 or q.kind in ("short", "numerical"))) for n, r in enumerate(found)]
    feedback = [texts.html(r.feedback.data, block=False) for r in found]
    if q.kind == "numerical":
        numbers = tuple((*_number(r), part) for r, part in zip(found, shares, strict=True))
        return replace(q, numbers=numbers, options=tuple(
            Option(letter(n), number_key(number), number[2], said)
            for n, (number, said) in enumerate(zip(numbers, feedback, strict=True))))
    said = [html.escape(" ".join(r.text.data.split()), False) if q.kind == "short" else
            texts.html(r.text.data, block=False) for r in found]
    ids = named([plain(text) for text in said], kept_ids(q) if not q.numbers else ())
    return replace(q, numbers=(), options=tuple(map(Option, ids, said, shares, feedback)))


def _number(row: Any) -> tuple[Decimal, Decimal]:
    """A value and its tolerance; "*", or what is no number, is any."""
    try:
        value = Decimal(row.text.data.strip().replace(",", "."))
    except ArithmeticError:
        return Decimal(0), ANY
    return (value, row.tolerance.data or Decimal(0)) if value.is_finite() else (Decimal(0), ANY)
