"""What a person may send about cohorts: settings, dates, more time, enrolments, a roster file."""

import datetime as dt
import re
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    FileField,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from lms.catalogue.rules import Module, Programme, Step
from lms.cohorts.rules import COUNTRIES, ITEMS, instant, need, wall_time, written, zone_name, zones_of
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _
from lms.people import identifiers
from lms.people.rules import Refused

NEEDED = _("Falta completarlo.")
FIRST_YEAR, LAST_YEAR = 2010, 2100
PARTNERS, SIGNATORIES = 6, 4            # places on the form; a certificate has room for no more
OPENS, DUE = dt.time(8, 0), dt.time(23, 0)      # the usual hours
EMPTY = ("", _("Ninguno"))


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


class SettingsForm(RoomForm):
    title = StringField(_("Nombre"), [DataRequired(NEEDED), Length(max=120)],
                        description=_("Como lo verán participantes y docentes: Cohorte Chile 2027."))
    country = SelectField(_("País"), choices=options(COUNTRIES.items()),
                          description=_("Decide la escala de notas, los documentos y la forma de las fechas."))
    time_zone = SelectField(_("Hora oficial"), choices=options(
        (zone, zone_name(zone)) for country in COUNTRIES for zone in zones_of(country)),
        description=_("Los plazos se entienden en esta hora. Cada persona los ve además en la suya."))
    starts_on = DateField(_("Comienza"), [InputRequired(NEEDED), _year],
                          description=_("Las fechas del programa se cuentan desde este día."))
    ends_on = DateField(_("Termina"), [InputRequired(NEEDED), _year], description=_("Se imprime en el certificado."))

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data not in zones_of(self.country.data):
            raise ValidationError(_("Esa hora no es del país elegido. Elegir otra."))

    def validate_ends_on(self, field: DateField) -> None:
        if field.data and self.starts_on.data and field.data <= self.starts_on.data:
            raise ValidationError(_("Debe ser después del comienzo."))


class NewCohortForm(SettingsForm):
    code = StringField(_("Código"), [DataRequired(NEEDED), Length(max=20)],
                       description=_("Corto y para siempre, por ejemplo CL-2027. Aparece en listas y comandos."))
    edition = SelectField(_("Edición del programa"), description=_(
        "Lo que se enseñará: queda fija para esta cohorte aunque el programa cambie después."))

    def validate_code(self, field: StringField) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", field.data.strip()):
            raise ValidationError(_("Solo letras sin tilde, números y guiones."))


class PartnersForm(RoomForm):
    """One select for each place, in the order of the certificate."""
    partners = FieldList(SelectField(_("Institución"), coerce=int, default=0), label=_("Instituciones"),
                         min_entries=PARTNERS, max_entries=PARTNERS)

    def offer(self, choices: list[tuple[int, str]]) -> "PartnersForm":
        for field in self.partners:
            field.choices = options([(0, _("Ninguna")), *choices])
        return self

    @property
    def places(self) -> list[SelectField]:
        """Those to show: what is chosen and two more."""
        return list(self.partners)[:len(self.chosen) + 2]

    @property
    def chosen(self) -> list[int]:
        return list(dict.fromkeys(i for i in self.partners.data if i))


class SignatoryForm(Form):
    class Meta(PostForm.Meta):
        """It speaks as the form around it does."""

    name = StringField(_("Nombre"), [Optional(), Length(max=120)])
    office = StringField(_("Cargo"), [Optional(), Length(max=160)])
    institution = StringField(_("Institución"), [Optional(), Length(max=200)])


class SignatoriesForm(RoomForm):
    signatories = FieldList(FormField(SignatoryForm), min_entries=SIGNATORIES, max_entries=SIGNATORIES,
                            label=_("Firmantes"))

    @property
    def places(self) -> list[FormField]:
        """Those to show: who signs and one more, at least two."""
        return list(self.signatories)[:max(2, len(self.chosen) + 1)]

    @property
    def chosen(self) -> list[tuple[str, str, str]]:
        rows = ((" ".join((row[k] or "").split()) for k in ("name", "office", "institution"))
                for row in self.signatories.data)
        return [(name, office, institution) for name, office, institution in rows if name or office or institution]

    def validate_signatories(self, field: FieldList) -> None:
        if any(not all(row) for row in self.chosen):
            raise ValidationError(_("Cada firmante lleva nombre, cargo e institución. Completar o vaciar la fila."))


class StepForm(RoomForm):
    """The dates of a module. They are shown as days and hours, and kept as they should move or stand."""
    opens = DateField(_("Se abre"), [Optional(), _year], description=_("Antes de este momento no se puede entrar."))
    opens_time = TimeField(_("Hora de apertura"), [InputRequired(NEEDED)], default=OPENS)
    quiz_due = DateField(_("Vence el control"), [Optional(), _year],
                         description=_(
                             "Hasta el último segundo del minuto indicado. Se sugiere un viernes a las 23:00."))
    quiz_due_time = TimeField(_("Hora del control"), [InputRequired(NEEDED)], default=DUE)
    task_due = DateField(_("Vence la tarea"), [Optional(), _year],
                         description=_("Después se recibe con descuento, los días que diga el programa."))
    task_due_time = TimeField(_("Hora de la tarea"), [InputRequired(NEEDED)], default=DUE)
    moves = RadioField(_("Si cambia el comienzo de la cohorte"), choices=options([
        ("yes", _("Estas fechas se mueven con él")), ("no", _("Estas fechas quedan donde están"))]), default="yes")
    after = SelectField(_("Condición para abrir"), default="",
                        description=_("Además de la fecha, exige un mínimo en otro control."))
    percent = IntegerField(_("Mínimo en ese control, en %%") % (), default=60, validators=[
        InputRequired(NEEDED), NumberRange(1, 100, _("Entre 1 y 100."))])

    def about(self, module: Module, programme: Programme) -> "StepForm":
        """Leave out what the module has not, and offer the modules that may be asked for."""
        for item in ITEMS:
            if getattr(module, item) is None:
                del self[f"{item}_due"], self[f"{item}_due_time"]
        self.after.choices = options([EMPTY, *((m.code, f"{m.code} · {m.title}") for m in programme.modules
                                               if m.quiz and m.code != module.code)])
        return self

    def step(self, module: str, usual: Step, starts_on: dt.date) -> Step:
        """What to keep: None where it is as the programme says, "" where nothing is wanted."""
        said = {name: self._spec(name, starts_on) for name in ("opens", "quiz_due", "task_due") if name in self}
        said["after"] = f"{self.after.data}.quiz>={self.percent.data or 60}" if self.after.data else ""
        for name, value in said.items():
            programme = getattr(usual, name) or ""
            if value == programme or (value and programme and _same(name, value, programme, starts_on)
                                      and self.moves.data == "yes"):
                said[name] = None
        return Step(module, said.get("opens"), said.get("quiz_due"), said.get("task_due"), said["after"])

    def instant(self, name: str, starts_on: dt.date, zone: str) -> dt.datetime | None:
        """When this is, in UTC; raises BadDate for a wall time that is not."""
        spec = self._spec(name, starts_on)
        return instant(spec, starts_on, zone) if spec else None

    def _spec(self, name: str, starts_on: dt.date) -> str | None:
        day, time = self[name].data, self[f"{name}_time"].data or (OPENS if name == "opens" else DUE)
        return written(dt.datetime.combine(day, time), starts_on, self.moves.data == "yes") if day else ""


def _same(name: str, one: str, other: str, starts_on: dt.date) -> bool:
    if name == "after":
        return need(one) == need(other)
    return wall_time(one, starts_on) == wall_time(other, starts_on)


def filled(step: Step, starts_on: dt.date) -> dict[str, Any]:
    """The form's values for a step as it holds now."""
    values: dict[str, Any] = {"moves": "no" if any(
        spec and not spec.startswith("+") for spec in (step.opens, step.quiz_due, step.task_due)) else "yes"}
    for name in ("opens", "quiz_due", "task_due"):
        if spec := getattr(step, name):
            wall = wall_time(spec, starts_on)
            values |= {name: wall.date(), f"{name}_time": wall.time()}
    if step.after:
        asked = need(step.after)
        values |= {"after": asked.module, "percent": asked.percent}
    return values


class ExtensionForm(RoomForm):
    item = SelectField(_("Para"), [DataRequired(NEEDED)])
    date = DateField(_("Nuevo plazo"), [InputRequired(NEEDED), _year])
    time = TimeField(_("Hora"), [InputRequired(NEEDED)], default=DUE, description=_("En la hora de la cohorte."))
    reason = StringField(_("Motivo"), [DataRequired(NEEDED), Length(min=5, max=300)], description=_(
        "Queda registrado con su nombre. No escribir diagnósticos ni otros datos de salud."))

    @property
    def due_local(self) -> str:
        return f"{self.date.data:%Y-%m-%d} {self.time.data:%H:%M}"


class EnrolForm(RoomForm):
    """Someone with an account by their address alone; for someone without, what opens one."""
    email = EmailField(_("Correo electrónico"), [DataRequired(NEEDED), Length(max=254)],
                       description=_("Si ya tiene cuenta, basta con esto."))
    institution = SelectField(_("Institución"), coerce=int, default=0, description=_("La que la persona representa."))
    given_names = StringField(_("Nombres"), [Optional(), Length(max=120)])
    surname1 = StringField(_("Primer apellido"), [Optional(), Length(max=80)])
    surname2 = StringField(_("Segundo apellido"), [Optional(), Length(max=80)])
    kind = SelectField(_("Tipo de documento"), default="", choices=options(
        [EMPTY, *((k, identifiers.label(k)) for k in identifiers.KINDS)]))
    country = SelectField(_("País del documento"), default="")
    number = StringField(_("Número de documento"), [Optional(), Length(max=40)])
    office = StringField(_("Cargo"), [Optional(), Length(max=120)], description=_("Concejala, director de Secplan…"))
    staff = BooleanField(_("Sí, esta persona también va a estudiar en esta cohorte"))

    def validate_number(self, field: StringField) -> None:
        try:
            if field.data and self.identifier is None:
                raise ValidationError(_("Elegir el tipo de documento."))
        except identifiers.BadIdentifier as bad:
            raise ValidationError(str(bad)) from None

    @property
    def identifier(self) -> tuple[str, str, str] | None:
        """(kind, country, canonical value); raises BadIdentifier when there can be no such document."""
        if not self.number.data or not self.kind.data:
            return None
        home = {"cl_run": "CL", "ar_dni": "AR", "ar_cuil": "AR"}.get(self.kind.data, self.country.data)
        return self.kind.data, home, identifiers.canonical(self.kind.data, self.number.data, home)


class WithdrawForm(RoomForm):
    reason = StringField(_("Motivo del retiro"), [DataRequired(NEEDED), Length(min=5, max=300)],
                         description=_("Queda en la nómina, a la vista de la oficina y la coordinación."))


class RosterForm(RoomForm):
    file = FileField(_("Planilla"), description=_(
        "Excel (.xlsx, .xls), LibreOffice (.ods) o CSV, hasta 5 MB y 1000 filas. Una persona por fila."))
