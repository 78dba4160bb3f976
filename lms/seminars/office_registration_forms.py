"""What the office sends about registrations: a decision, invitations, the questions that are asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.foundation.forms import PostForm, options
from lms.foundation.language import OFFERED, _
from lms.seminars.questions import CHOOSING, KINDS, LANGUAGES, Question
from lms.seminars.registering import MOST_ADDRESSES, MOST_DELEGATES, Line, addresses
from lms.seminars.registration_forms import NEEDED, RefusableForm, Tidy
from lms.seminars.rules import KINDS as PEOPLE
from lms.seminars.standing import STATES

MOST_OPTIONS = 30


class DecideForm(PostForm):
    """Another state for a registration, and why."""
    state = RadioField(_("Nuevo estado"), [InputRequired(NEEDED)], choices=options([]))
    reason = Tidy(_("Motivo"), [DataRequired(NEEDED), Length(max=300)], description=_(
        "Queda en el historial. A la persona se le escribe, con este motivo."))

    def offer(self, states: Sequence[str]) -> "DecideForm":
        self.state.choices = options((state, STATES[state]) for state in states)
        return self


class InviteForm(PostForm):
    """To whom a link is mailed."""
    emails = TextAreaField(_("Correos"), [DataRequired(NEEDED), Length(max=100_000)], description=_(
        "Uno por línea, o separados por coma o punto y coma. Vale pegar una lista «Nombre <correo>»."),
        render_kw={"rows": 6, "autocomplete": "off", "spellcheck": "false"})
    kind = SelectField(_("Se inscriben como"), [InputRequired()], choices=options(PEOPLE.items()), default="guest")
    most = IntegerField(_("Personas por invitación"), [InputRequired(NEEDED), NumberRange(1, MOST_DELEGATES, message=_(
        "De 1 a 20."))], default=1, description=_("Más de una: el enlace inscribe a una delegación."))
    language = SelectField(_("Idioma del correo"), [InputRequired()], choices=options(OFFERED.items()), default="es")
    lines: list[Line] = []

    def validate_emails(self, field: Field) -> None:
        self.lines = addresses(field.data or "")
        if wrong := [line for line in self.lines if line.fault]:
            raise ValidationError(_("Corregir o quitar: ") + "; ".join(
                f"línea {line.number}, «{line.text}»: {line.fault}" for line in wrong[:10])
                + (f" Y {len(wrong) - 10} más." if len(wrong) > 10 else ""))
        if len(self.lines) > MOST_ADDRESSES:
            raise ValidationError(_("Son más de 500 correos: enviarlos por partes."))


class Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class QuestionForm(RefusableForm):
    """One question, its words in each language, its options a line each."""
    kind = SelectField(_("Tipo de respuesta"), [InputRequired()], choices=options(KINDS.items()))
    label_es = Tidy(_("Pregunta, en español"), [DataRequired(NEEDED), Length(max=600)])
    label_pt = Tidy(_("En portugués"), [Optional(), Length(max=600)], description=_("Vacía: se muestra en español."))
    label_en = Tidy(_("En inglés"), [Optional(), Length(max=600)])
    options_es = TextAreaField(_("Opciones, en español"), [Optional(), Length(max=6000)], description=_(
        "Una por línea. Solo para «Una opción» y «Varias opciones»."), render_kw={"rows": 4})
    options_pt = TextAreaField(_("Opciones, en portugués"), [Optional(), Length(max=6000)], render_kw={"rows": 4},
                               description=_("En el mismo orden; vacías, se muestran en español."))
    options_en = TextAreaField(_("Opciones, en inglés"), [Optional(), Length(max=6000)], render_kw={"rows": 4})
    required = BooleanField(_("Hay que responderla"))
    restricted = BooleanField(_("Es de accesibilidad, salud o alimentación"), description=_(
        "Se guarda aparte: la ve solo quien tiene ese permiso, no sale en las listas y se borra 14 días después."))
    when = Boxes(_("Se pregunta solo si antes se respondió"), choices=options([]), description=_(
        "Sin marcar ninguna: siempre. Todas las marcadas deben ser de una misma pregunta."))

    def hang_on(self, earlier: Sequence[Question]) -> "QuestionForm":
        pairs = [(f"{q.code}|{code}", f"{q.label('es')}: {q.written(code)}") for q in earlier
                 if q.kind in (*CHOOSING, "yes") for code, _words in q.choices]
        self.when.choices = options(pairs)
        if not pairs:
            del self.when
        return self

    def show(self, question: Question) -> "QuestionForm":
        """Fill the fields with what a question is."""
        self.kind.data, self.required.data, self.restricted.data = question.kind, question.required, question.restricted
        for language in LANGUAGES:
            self[f"label_{language}"].data = question.labels.get(language, "")
            self[f"options_{language}"].data = "\n".join(
                words.get(language, "") for _code, words in question.options).rstrip("\n")
        if "when" in self and question.when:
            self.when.data = [f"{question.when[0]}|{code}" for code in question.when[1]]
        return self

    def validate_options_es(self, field: Field) -> None:
        lines = _lines(field.data)
        if self.kind.data in CHOOSING and len(lines) < 2:
            raise ValidationError(_("Hacen falta al menos dos opciones."))
        if len(lines) > MOST_OPTIONS or any(len(line) > 200 for line in lines):
            raise ValidationError(_("A lo más 30 opciones, de hasta 200 caracteres."))
        if len(set(lines)) < len(lines):
            raise ValidationError(_("Hay dos opciones iguales."))

    def validate_when(self, field: Field) -> None:
        if len({one.partition("|")[0] for one in field.data or []}) > 1:
            raise ValidationError(_("Las marcadas son de preguntas distintas. Dejar las de una sola."))

    def validate_options_pt(self, field: Field) -> None:
        if _lines(field.data) and len(_lines(field.data)) != len(_lines(self.options_es.data)):
            raise ValidationError(_("Debe tener tantas líneas como las opciones en español."))

    validate_options_en = validate_options_pt

    def question(self, code: str, before: Question | None = None) -> Question:
        """What was written, as a question; options keep the codes of the lines in whose place they stand."""
        kept = [option for option, _words in before.options] if before else []
        translated = {language: _lines(self[f"options_{language}"].data) for language in LANGUAGES}
        chosen = []
        for place, _line in enumerate(translated["es"] if self.kind.data in CHOOSING else []):
            words = {language: lines[place] for language, lines in translated.items() if place < len(lines)}
            chosen.append((kept[place] if place < len(kept) else f"o{place + 1}", words))
        labels = {language: self[f"label_{language}"].data for language in LANGUAGES
                  if self[f"label_{language}"].data}
        marked: list[Any] = self.when.data or [] if "when" in self else []
        when = (marked[0].partition("|")[0], tuple(one.partition("|")[2] for one in marked)) if marked else None
        made = Question(code, self.kind.data, labels, tuple(chosen), self.required.data, self.restricted.data, when)
        return replace(made, id=before.id, position=before.position) if before else made


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
