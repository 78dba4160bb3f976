"""What a person may send: to sign in, of themselves, and what the office writes of others."""

from typing import Any

from wtforms import BooleanField, DateField, EmailField, Field, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from lms.foundation.forms import PostForm
from lms.foundation.language import OFFERED, _
from lms.foundation.walltime import ZONES
from lms.people import countries
from lms.people.identifiers import KINDS, BadIdentifier, canonical, label
from lms.people.rules import LEAST_PASSWORD, ROLE_WORDS, Refused, Role

NEEDED = _("Falta completarlo.")
INSTITUTION_KINDS = {"school": _("Escuela"), "university": _("Universidad"), "municipality": _("Municipalidad"),
                     "association": _("Asociación de municipalidades")}
HOME_OF = {"cl_run": "CL", "ar_dni": "AR", "ar_cuil": "AR"}
# A student's post is given by enrolling, never by hand: it would be a student of no roster.
BY_HAND = (Role.INSTRUCTOR, Role.COORDINATOR, Role.OFFICE, Role.AUDITOR)
DAY = Optional()


def needed() -> DataRequired:
    return DataRequired(NEEDED)


class RoomForm(PostForm):
    """A form to whose fields an action's refusal can be attached."""

    def refuse(self, refused: Refused) -> None:
        if refused.field in self:
            field: Any = self[refused.field]
            field.errors = [*field.errors, refused.message]
        else:
            self.form_errors.append(refused.message)


class SignInForm(RoomForm):
    email = StringField(_("Correo electrónico"), [needed()],
                        render_kw={"type": "email", "autocomplete": "username", "inputmode": "email", "maxlength": 254})
    password = PasswordField(_("Contraseña"), [needed()],
                             render_kw={"autocomplete": "current-password", "maxlength": 200})
    lasting = BooleanField(_("Mantener la sesión en este equipo"),
                           description=_("Durante 30 días; 12 horas para docentes y equipo de la Escuela. "
                                         "No marcar en un equipo compartido."))


class ResetAskForm(RoomForm):
    email = StringField(_("Correo electrónico"), [needed()],
                        render_kw={"type": "email", "autocomplete": "username", "inputmode": "email", "maxlength": 254})


class NewPasswordForm(RoomForm):
    password = PasswordField(_("Contraseña nueva"), [needed()],
                             render_kw={"autocomplete": "new-password", "maxlength": 200})
    again = PasswordField(_("La misma, otra vez"), [needed()],
                          render_kw={"autocomplete": "new-password", "maxlength": 200})

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.password.description = _("Al menos %(n)s caracteres. Una frase de tres o cuatro palabras es fácil de "
                                      "recordar y difícil de adivinar.") % {"n": LEAST_PASSWORD}

    def validate_again(self, field: Field) -> None:
        if field.data and field.data != self.password.data:
            raise ValidationError(_("Las dos no son iguales. Escribirlas otra vez."))


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_("Contraseña actual"), [needed()],
                            render_kw={"autocomplete": "current-password", "maxlength": 200})


class NamesForm(RoomForm):
    given_names = StringField(_("Nombres"), [needed(), Length(max=120)])
    surname1 = StringField(_("Primer apellido"), [needed(), Length(max=80)])
    surname2 = StringField(_("Segundo apellido"), [Optional(), Length(max=80)],
                           description=_("Si no tiene, dejar vacío."))


class AccountForm(NamesForm):
    """What a person says of themselves."""
    given_names = StringField(_("Nombres"), [needed(), Length(max=120)], render_kw={"autocomplete": "given-name"})
    surname1 = StringField(_("Primer apellido"), [needed(), Length(max=80)], render_kw={"autocomplete": "family-name"})
    preferred_name = StringField(_("Nombre que prefiere"), [Optional(), Length(max=120)],
                                 description=_("Con el que se le saluda en los correos."),
                                 render_kw={"autocomplete": "nickname"})
    treatment = StringField(_("Tratamiento"), [Optional(), Length(max=20)],
                            description=_("Como se antepone al nombre en el certificado: doña, don. Vacío: ninguno."))
    time_zone = SelectField(_("Zona horaria"), [Optional()], choices={
        "": _("La de la cohorte"), **ZONES}, description=_("En ella se muestran los plazos como «su hora»."))
    language = SelectField(_("Idioma de las páginas públicas"), [InputRequired()], choices=OFFERED,
                           description=_("El diplomado mismo está en español."))


class DocumentForm(RoomForm):
    """An identity document. `identifier` is (kind, country, canonical value) once the form was accepted."""
    kind = SelectField(_("Documento"), [InputRequired()], choices={kind: label(kind) for kind in KINDS})
    number = StringField(_("Número"), [needed(), Length(max=60)], render_kw={"autocomplete": "off"})
    country = SelectField(_("País que lo emite"), [Optional()], validate_choice=True,
                          choices=lambda: {"": _("El del documento"), **countries.choices()},
                          description=_("Necesario para pasaporte y otro documento."))
    identifier: tuple[str, str, str] | None = None

    def validate_number(self, field: Field) -> None:
        if field.data:
            country = self.country.data or HOME_OF.get(self.kind.data)
            if country is None:
                raise ValidationError(_("Elegir abajo el país que lo emite."))
            try:
                self.identifier = (self.kind.data, country, canonical(self.kind.data, field.data, country))
            except BadIdentifier as bad:
                raise ValidationError(str(bad)) from None


class CertificateNameForm(RoomForm):
    name = StringField(_("Nombre para el certificado"), [needed(), Length(max=200)], render_kw={"autocomplete": "off"})


class CorrectForm(NamesForm):
    email = EmailField(_("Correo electrónico"), [needed(), Length(max=254)], render_kw={"autocomplete": "off"},
                       description=_("Con él se ingresa. Al cambiarlo se cierran las sesiones y se avisa al anterior."))


class NewPersonForm(DocumentForm):
    email = EmailField(_("Correo electrónico"), [needed(), Length(max=254)], render_kw={"autocomplete": "off"},
                       description=_("Ahí llega la invitación, y con él se ingresa."))
    given_names = StringField(_("Nombres"), [needed(), Length(max=120)])
    surname1 = StringField(_("Primer apellido"), [needed(), Length(max=80)])
    surname2 = StringField(_("Segundo apellido"), [Optional(), Length(max=80)])
    number = StringField(_("Número"), [Optional(), Length(max=60)], render_kw={"autocomplete": "off"},
                         description=_("Sin documento a mano, dejar vacío: la persona lo agrega en su cuenta."))


class PostGrantForm(RoomForm):
    role = SelectField(_("Papel"), [InputRequired()], choices={r.value: ROLE_WORDS[r] for r in BY_HAND})
    cohort = SelectField(_("Cohorte"), [Optional()], coerce=lambda v: int(v) if v else None)
    institution = SelectField(_("Institución"), [Optional()], coerce=lambda v: int(v) if v else None)
    module = StringField(_("Módulo"), [Optional(), Regexp(r"[A-Za-z0-9]{1,20}$", message=_(
        "El código lleva solo letras y números, por ejemplo G1."))],
        description=_("Código del módulo que corrige, por ejemplo G1. Vacío: todos."))
    starts_on = DateField(_("Desde"), [DAY])
    ends_on = DateField(_("Hasta"), [DAY], description=_("Inclusive. Vacío: sin fecha de término."))

    def validate_ends_on(self, field: Field) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Termina antes de empezar."))


class OfficeForm(RoomForm):
    """An office held in an institution."""
    held_at = SelectField(_("Institución"), [InputRequired(NEEDED)], coerce=lambda v: int(v) if v else None)
    office = StringField(_("Cargo"), [needed(), Length(max=120)],
                         description=_("Como la persona lo dice: Concejala, Directora de Desarrollo Comunitario."))


class InstitutionForm(RoomForm):
    kind = SelectField(_("Clase"), [InputRequired()], choices=INSTITUTION_KINDS)
    name = StringField(_("Nombre"), [needed(), Length(max=200)], description=_("Completo, como va en los papeles."))
    short_name = StringField(_("Nombre corto"), [Optional(), Length(max=60)],
                             description=_("Para listas: UNQ, Pucón."))
    country = SelectField(_("País"), [InputRequired()], choices=countries.choices)
    city = StringField(_("Ciudad"), [Optional(), Length(max=120)])
