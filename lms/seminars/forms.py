"""What the office may send about a seminar: what it is, its sessions, speakers, places and materials."""

import datetime as dt
import re
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from lms.cohorts.rules import zone_name
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _
from lms.foundation.walltime import ZONES
from lms.people import countries
from lms.people.rules import Refused
from lms.seminars import rules
from lms.seminars.queries import SessionView

NEEDED = _("Falta completarlo.")
FIRST_YEAR, LAST_YEAR = 2010, 2100
MOST = 20 * 1024 * 1024             # bytes of a material
FILES = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "png", "jpg", "jpeg")
ADDRESS = re.compile(r"https?://([^\s/?#]{4,253})(?:[/?#]\S{0,380})?")


class RoomForm(PostForm):
    """A form to whose fields a refusal can be attached."""

    def refuse(self, refused: Refused, instead: str = "") -> None:
        name = refused.field or instead
        if name in self:
            self[name].errors = [*self[name].errors, refused.message]
        else:
            self.form_errors.append(refused.message)


def _year(_form: Form, field: Any) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Revisar el año de la fecha."))


def _link(_form: Form, field: Any) -> None:
    found = ADDRESS.fullmatch((field.data or "")[:500].strip())
    if field.data and (found is None or "." not in found[1]):
        raise ValidationError(_("Escribir la dirección completa, desde https://"))


def _country(empty: str) -> list[Any]:
    return options([("", empty), *countries.choices().items()])


class SeminarForm(RoomForm):
    """What is announced, in the languages of the public page."""
    title = StringField(_("Título"), [DataRequired(NEEDED), Length(max=160)])
    title_pt = StringField(_("Título en portugués"), [Length(max=160)],
                           description=_("Si falta, la página en portugués lo dice en español."))
    title_en = StringField(_("Título en inglés"), [Length(max=160)])
    slug = StringField(_("Dirección"), [Length(max=80)], description=_(
        "Cómo termina su dirección pública: minúsculas, números y guiones. En blanco se toma del título."))
    theme = SelectField(_("Tema"), choices=options(rules.THEMES.items()))
    mode = SelectField(_("Modalidad"), choices=options(rules.MODES.items()))
    time_zone = SelectField(_("Hora oficial"), choices=options((z, zone_name(z)) for z in ZONES), description=_(
        "La del lugar. Las sesiones se escriben en ella y se muestran además en la de Chile y la de Argentina."))
    country = SelectField(_("País"), choices=[], default="")
    city = StringField(_("Ciudad"), [Length(max=120)])
    venue = StringField(_("Recinto"), [Length(max=200)])
    address = StringField(_("Dirección del recinto"), [Length(max=200)])
    directions = TextAreaField(_("Cómo llegar y acceso"), [Length(max=2000)], description=_(
        "Transporte, entrada sin escalones, baños accesibles, a quién preguntar."))
    map_url = StringField(_("Enlace al mapa"), [Length(max=400), _link])
    online_url = StringField(_("Enlace a la videoconferencia"), [Length(max=400), _link],
                             description=_("Lo ve solo quien tiene la inscripción confirmada."))
    summary = TextAreaField(_("Presentación"), [Length(max=6000)],
                            description=_("Admite Markdown: **negrita**, listas y enlaces."))
    summary_pt = TextAreaField(_("Presentación en portugués"), [Length(max=6000)])
    summary_en = TextAreaField(_("Presentación en inglés"), [Length(max=6000)])
    organisers = TextAreaField(_("Organizan"), [Length(max=1000)], description=_("Una por línea, en orden."))
    by_invitation = BooleanField(_("Solo con invitación"))
    opens = DateField(_("Inscripción desde"), [Optional(), _year])
    opens_time = TimeField(_("Hora de apertura"), [Optional()], default=dt.time(9, 0))
    closes = DateField(_("Inscripción hasta"), [Optional(), _year])
    closes_time = TimeField(_("Hora de cierre"), [Optional()], default=dt.time(23, 0))
    offer_hours = IntegerField(_("Horas para aceptar un cupo ofrecido"), default=48, validators=[
        InputRequired(NEEDED), NumberRange(1, 336, _("Entre 1 y 336."))])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country.choices = _country(_("Sin país: solo en línea"))

    def validate_slug(self, field: StringField) -> None:
        if field.data and rules.slug(field.data) != field.data.strip():
            raise ValidationError(_("Solo minúsculas sin tilde, números y guiones, por ejemplo transito-2027."))

    def validate_venue(self, field: StringField) -> None:
        if self.mode.data != "online" and not (field.data or "").strip():
            raise ValidationError(_("Un seminario con presencia necesita el nombre del recinto."))

    def validate_country(self, field: SelectField) -> None:
        if self.mode.data != "online" and not field.data:
            raise ValidationError(_("Elegir el país del recinto."))


class CopyForm(RoomForm):
    title = StringField(_("Título"), [DataRequired(NEEDED), Length(max=160)])
    starts_on = DateField(_("Primer día"), [InputRequired(NEEDED), _year], description=_(
        "Las sesiones se copian a las mismas horas, contadas desde este día."))


class CancelForm(RoomForm):
    reason = StringField(_("Motivo"), [DataRequired(NEEDED), Length(max=300)],
                         description=_("Se muestra en la página pública y se escribe a quienes se inscribieron."))


class SessionForm(RoomForm):
    """Wall times in the seminar's zone."""
    title = StringField(_("Título"), [DataRequired(NEEDED), Length(max=160)])
    title_pt = StringField(_("Título en portugués"), [Length(max=160)])
    title_en = StringField(_("Título en inglés"), [Length(max=160)])
    day = DateField(_("Día"), [InputRequired(NEEDED), _year])
    starts = TimeField(_("Comienza"), [InputRequired(NEEDED)])
    ends = TimeField(_("Termina"), [InputRequired(NEEDED)])
    ends_day = DateField(_("Día en que termina"), [Optional(), _year], description=_("Solo si no es el mismo."))
    place = StringField(_("Sala"), [Length(max=200)], description=_("En blanco: el recinto del seminario."))
    mode = SelectField(_("Modalidad"), choices=options(rules.MODES.items()), default="both")
    counts = BooleanField(_("Cuenta para el crédito"), default=True)

    @property
    def walls(self) -> tuple[dt.datetime, dt.datetime]:
        """Beginning and end as a clock on the wall shows them."""
        return (dt.datetime.combine(self.day.data, self.starts.data),
                dt.datetime.combine(self.ends_day.data or self.day.data, self.ends.data))


class _OfSession(RoomForm):
    """What may belong to one session or to the whole seminar."""
    session = SelectField(_("Sesión"), coerce=int, default=0)

    def offer(self, sessions: tuple[SessionView, ...]) -> "_OfSession":
        self.session.choices = options([(0, _("Todo el seminario")), *((s.id, s.title) for s in sessions)])
        return self


class SpeakerForm(_OfSession):
    name = StringField(_("Nombre"), [DataRequired(NEEDED), Length(max=160)])
    office = StringField(_("Cargo"), [Length(max=160)])
    institution = StringField(_("Institución"), [Length(max=200)])
    country = SelectField(_("País"), choices=[], default="")
    biography = TextAreaField(_("Reseña"), [Length(max=1200)])
    moderates = BooleanField(_("Modera"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country.choices = _country(_("Sin indicar"))


class PlacesForm(RoomForm):
    """For each kind of person: may they register by themselves, and how many of them."""

    @staticmethod
    def of(kinds: dict[str, str]) -> type["PlacesForm"]:
        fields: dict[str, Any] = {}
        for kind, words in kinds.items():
            fields[f"open_{kind}"] = BooleanField(words)
            fields[f"places_{kind}"] = IntegerField(_("Cupos"), [
                Optional(), NumberRange(0, 100_000, _("Entre 0 y 100000."))])
        return type("KindsForm", (PlacesForm,), fields)

    @property
    def chosen(self) -> dict[str, int | None]:
        return {kind: self[f"places_{kind}"].data for kind in rules.KINDS if self[f"open_{kind}"].data}


class MaterialForm(_OfSession):
    kind = SelectField(_("Clase"), choices=options(rules.MATERIALS.items()))
    title = StringField(_("Título"), [DataRequired(NEEDED), Length(max=200)])
    file = FileField(_("Archivo"), description=_("PDF, documento, planilla, presentación o imagen, hasta 20 MB."))
    url = StringField(_("Enlace"), [Length(max=400), _link], description=_("De un enlace o de una grabación."))
    open_to = SelectField(_("Quién lo ve"), choices=options(rules.OPEN_TO.items()), default="registered")

    def validate_url(self, field: StringField) -> None:
        if self.kind.data != "file" and not (field.data or "").strip():
            raise ValidationError(_("Escribir la dirección del enlace o de la grabación."))


places_form = PlacesForm.of(rules.KINDS)
