"""Editors of a long answer that a person marks, and of a text with nothing to answer."""

from dataclasses import replace
from typing import Any

from wtforms import SelectField, StringField, TextAreaField

from lms.bank.editors.editor import Editor, QuestionForm, Texts
from lms.bank.fields import CountField, RichField
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.rules import Question
from lms.foundation.forms import options
from lms.foundation.language import _


class EssayForm(QuestionForm):
    asked = SelectField(_("Texto"), choices=options((
        ("required", _("Obligatorio")), ("optional", _("Opcional")), ("none", _("No se pide: solo archivos")))))
    lines = CountField(_("Alto del cuadro, en líneas"))
    least_words = CountField(_("Palabras, al menos"))
    most_words = CountField(_("Palabras, a lo más"))
    template = TextAreaField(_("Texto con que empieza el cuadro"), description=_("Por ejemplo, los subtítulos."))
    attachments = SelectField(_("Archivos que se pueden adjuntar"), coerce=int, choices=options(
        ((0, _("Ninguno")), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (-1, _("Los que quiera")))))
    required = CountField(_("Archivos obligatorios"))
    kinds = StringField(_("Tipos de archivo"), description=_("Por ejemplo: .pdf, .docx. Vacío: los que acepta el "
                                                             "sitio."))
    grader_note = RichField(_("Pauta para quien corrige"), description=_("No la ve quien responde."))


class EssayEditor(Editor):
    kind = "essay"
    places = {"palabras": "most_words", "archivos": "attachments", "texto se pide": "asked"}
    form = EssayForm
    says_result = False
    settings = ("asked", "lines", "least_words", "most_words", "template", "attachments", "required", "kinds",
                "grader_note")
    help = _("La corrige una persona. En «Comentario general» conviene decir qué tiene una buena respuesta.")

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Essay) else Essay()
        return {"asked": body.text, "lines": body.lines, "least_words": body.least_words, "template": body.template,
                "most_words": body.most_words, "attachments": body.attachments, "required": body.required or None,
                "kinds": ", ".join(body.kinds), "grader_note": texts.text(body.grader_note)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        base = q.body if isinstance(q.body, Essay) else Essay()
        kinds = tuple(f".{k.strip().lstrip('.').lower()}" for k in (form["kinds"].data or "").split(",") if k.strip())
        body = replace(
            base, text=form.asked.data or "required", lines=min(max(form.lines.data or 10, 2), 60),
            least_words=form.least_words.data, most_words=form.most_words.data,
            template=(form.template.data or "").replace("\r\n", "\n").strip(), attachments=form.attachments.data or 0,
            required=max(form.required.data or 0, 0), kinds=kinds, grader_note=texts.html(form.grader_note.data))
        return replace(q, body=None if body == Essay() else body)


class DescriptionEditor(Editor):
    kind = "description"
    says_result = False
    help = _("Un texto entre preguntas: no se responde ni da puntaje.")

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        return replace(q, options=(), body=None)
