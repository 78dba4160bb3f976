"""The forms of a quiz's settings and of its exceptions, and what they say as values."""

import datetime as dt
import html
import re
from dataclasses import asdict
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from lms.attempts.behaviours import BEHAVIOURS
from lms.attempts.plan import Allowance
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import MOMENTS, SIGHTS, Quiz
from lms.cohorts.rules import BadDate, instant
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _

NEEDED = _("Falta completarlo.")
REASON = _("Queda registrado con su nombre. No escribir diagnósticos ni otros datos de salud.")
WORDS = {"attempt": _("Las preguntas y lo respondido"), "correctness": _("Si está bien o mal"),
         "max_marks": _("Cuánto vale cada pregunta"), "marks": _("Los puntos obtenidos"),
         "specific": _("Comentario a la respuesta dada"), "general": _("Comentario general de la pregunta"),
         "right": _("La respuesta correcta"), "overall": _("Comentario final, según el resultado")}
WHEN = {"during": _("Mientras responde"), "after": _("Recién entregado (2 minutos)"),
        "later": _("Después, con el control abierto"), "closed": _("Con el control cerrado")}
LINE = re.compile(r"(\d{1,3})\s{0,9}[:.)-]\s{0,9}(\S.*)")


def _between(least: int, most: int) -> NumberRange:
    return NumberRange(least, most, _("Entre %(a)s y %(b)s.") % {"a": least, "b": most})


class TuningForm(PostForm):
    behaviour = SelectField(_("Cuándo se corrige"), choices=options(
        (name, b.label) for name, b in BEHAVIOURS.items()))
    below_zero = BooleanField(_("Las respuestas incorrectas pueden restar"),
                              description=_("Una alternativa con puntaje negativo resta a las demás preguntas."))
    attempts = IntegerField(_("Intentos permitidos"), [InputRequired(NEEDED), _between(1, 20)])
    counts = SelectField(_("Qué intento vale"), choices=options([
        ("best", _("El mejor")), ("last", _("El último")), ("first", _("El primero")), ("mean", _("El promedio"))]))
    wait_minutes = IntegerField(_("Espera entre intentos, en minutos"), [InputRequired(NEEDED), _between(0, 43200)])
    minutes = IntegerField(_("Tiempo, en minutos"), [Optional(), _between(1, 600)],
                           description=_("Vacío: sin límite, hasta el plazo."))
    time_up = SelectField(_("Al terminar el tiempo"), choices=options([
        ("submit", _("Se entrega solo lo que esté guardado")),
        ("grace", _("Ya no se responde, y quedan unos minutos para entregar; si no, no cuenta")),
        ("abandon", _("Lo que no se entregó antes no cuenta"))]))
    grace_minutes = IntegerField(_("Minutos para entregar"), [InputRequired(NEEDED), _between(0, 1440)],
                                 description=_("Solo si se eligió dar unos minutos."))
    navigation = SelectField(_("Recorrido"), choices=options([
        ("free", _("Libre: se puede ir a cualquier página")),
        ("sequential", _("En orden: de una página no se vuelve a la anterior"))]))
    per_page = IntegerField(_("Preguntas por página"), [InputRequired(NEEDED), _between(1, 100)])
    shuffle_questions = BooleanField(_("Mezclar las preguntas"),
                                     description=_("Cada intento las ve en otro orden, dentro de su sección."))
    shuffle_options = BooleanField(_("Mezclar las alternativas"))
    sections = TextAreaField(_("Secciones"), [Optional(), Length(max=2000)], description=_(
        "Una por línea: el número de su primera pregunta, dos puntos y el título. Cada una empieza en página nueva."))
    password = StringField(_("Clave para empezar"), [Optional(), Length(max=60)],
                           description=_("Se pide al empezar cada intento. Vacía: sin clave."))
    hide_key = BooleanField(_("Guardar la respuesta correcta mientras pueda servir en otro intento"), description=_(
        "Recomendado: se muestra cuando ya no quedan intentos, cuando se obtuvo todo o cuando venció el plazo."))
    bands = TextAreaField(_("Comentario final"), [Optional(), Length(max=4000)], description=_(
        "Uno por línea: desde qué porcentaje, dos puntos y el texto. Por ejemplo «80: Muy buen trabajo»."))
    see_attempt, see_correctness, see_max_marks, see_marks, see_specific, see_general, see_right, see_overall = (
        SelectMultipleField(WORDS[sight], choices=options(WHEN.items())) for sight in SIGHTS)
    reason = StringField(_("Motivo del cambio"), [DataRequired(NEEDED), Length(min=5, max=300)],
                         description=_("Queda en la historia de este control, con su nombre."))

    def validate_sections(self, field: TextAreaField) -> None:
        if any(not LINE.fullmatch(line) for line in _lines(field.data)):
            raise ValidationError(_("Escribir cada sección como «5: Marco legal»."))

    def validate_bands(self, field: TextAreaField) -> None:
        found = [LINE.fullmatch(line) for line in _lines(field.data)]
        if any(line is None or int(line[1]) > 100 for line in found):
            raise ValidationError(_("Escribir cada comentario como «80: Muy buen trabajo», de 0 a 100."))

    def validate_grace_minutes(self, field: IntegerField) -> None:
        if self.time_up.data == "grace" and not field.data:
            raise ValidationError(_("Decir cuántos minutos se dan para entregar."))

    @property
    def said(self) -> dict[str, Any]:
        """The settings, as stored.quiz_settings writes them."""
        names = ("behaviour", "below_zero", "attempts", "counts", "wait_minutes", "minutes", "time_up", "grace_minutes",
                 "navigation", "per_page", "shuffle_questions", "shuffle_options")
        showing: dict[str, Any] = {sight: [m for m in MOMENTS if m in self[f"see_{sight}"].data] for sight in SIGHTS}
        return {name: self[name].data for name in names} | {
            "password": (self.password.data or "").strip(),
            "sections": [{"first": int(n), "title": title, "shuffle": True} for n, title in _pairs(self.sections.data)],
            "bands": [{"percent": int(n), "text": html.escape(text, quote=False)} for n, text in sorted(
                _pairs(self.bands.data), key=lambda pair: -int(pair[0]))],
            "showing": showing | {"hide_key": self.hide_key.data}}


def filled(quiz: Quiz) -> dict[str, Any]:
    """The form's values for a quiz as it is."""
    values = {name: getattr(quiz, name) for name in TuningForm.__dict__ if hasattr(quiz, name)}
    return values | {f"see_{sight}": list(getattr(quiz.showing, sight)) for sight in SIGHTS} | {
        "hide_key": quiz.showing.hide_key,
        "sections": "\n".join(f"{s.first}: {s.title}" for s in quiz.sections),
        "bands": "\n".join(f"{band.percent}: {plain(band.text)}" for band in quiz.bands)}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _pairs(text: str | None) -> list[tuple[str, str]]:
    found = (LINE.fullmatch(line) for line in _lines(text))
    return [(line[1], line[2][:300]) for line in found if line]


class ExceptionForm(PostForm):
    who = SelectField(_("Para"), [DataRequired(NEEDED)], description=_("Una persona, o todas las de una institución."))
    extra_percent = IntegerField(_("Tiempo adicional, en %%") % (), [Optional(), _between(0, 300)],
                                 description=_("Del tiempo del control. Por ejemplo 25, 50 o 100."))
    extra_minutes = IntegerField(_("Tiempo adicional, en minutos"), [Optional(), _between(0, 600)])
    attempts = IntegerField(_("Intentos en total"), [Optional(), _between(1, 50)],
                            description=_("Vacío: los de todos. Si ya vio las respuestas correctas, un intento más "
                                          "las tendrá a la vista."))
    opens = DateField(_("Puede empezar desde"), [Optional()])
    opens_time = TimeField(_("Hora"), [Optional()], default=dt.time(8, 0), description=_("En la hora de la cohorte."))
    due = DateField(_("Puede empezar hasta"), [Optional()])
    due_time = TimeField(_("Hora"), [Optional()], default=dt.time(23, 0), description=_("En la hora de la cohorte."))
    reason = StringField(_("Motivo"), [DataRequired(NEEDED), Length(min=5, max=300)], description=REASON)

    def allowance(self, zone: str) -> Allowance | None:
        """What is granted; None, with the fields' errors, where that can not be."""
        moments = {}
        for name, usual in (("opens", dt.time(8, 0)), ("due", dt.time(23, 0))):
            moments[name] = ""
            if day := self[name].data:
                try:
                    spec = f"{day:%Y-%m-%d} {self[f'{name}_time'].data or usual:%H:%M}"
                    moments[name] = instant(spec, day, zone).isoformat()
                except BadDate as bad:
                    self[name].errors = [*self[name].errors, str(bad)]
        if self.opens.errors or self.due.errors:
            return None
        if moments["opens"] and moments["due"] and moments["due"] <= moments["opens"]:
            self.due.errors = [_("Debe ser después de cuando puede empezar.")]
            return None
        made = Allowance(self.extra_percent.data or 0, self.extra_minutes.data or 0, self.attempts.data or 0, **moments)
        if not any(asdict(made).values()):
            self.form_errors.append(_("Decir qué se concede: más tiempo, más intentos u otras fechas."))
            return None
        return made


class WithdrawForm(PostForm):
    reason = StringField(_("Motivo"), [DataRequired(NEEDED), Length(min=5, max=300)], description=REASON)
