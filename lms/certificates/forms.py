"""What the office and the public may send about a certificate."""

from collections.abc import Callable

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.certificates.rules import Mistyped, read_code, read_folio
from lms.certificates.snapshot import LANGUAGES
from lms.foundation.forms import PostForm, options


class VerifyForm(PostForm):
    """Folio and code as somebody copied them from a paper; once accepted, as the register keeps them."""
    folio = StringField("Folio", [InputRequired("Escribir el folio."), Length(max=200)],
                        description="Como EGL-2027-000123-04. Da igual si se omiten los guiones.")
    codigo = StringField("Código", [InputRequired("Escribir el código."), Length(max=200)],
                         description="Los grupos de letras y cifras que están al pie del certificado.")

    def validate_folio(self, field: StringField) -> None:
        _read(field, read_folio)

    def validate_codigo(self, field: StringField) -> None:
        _read(field, read_code)


def _read(field: StringField, read: Callable[[str], str]) -> None:
    try:
        field.data = read(field.data or "")
    except Mistyped as wrong:
        raise ValidationError(str(wrong)) from wrong


class IssueForm(PostForm):
    """For whom: what the confirmation page showed. `people` are ids with commas between."""
    people = HiddenField()
    language = SelectField("Idioma del certificado", choices=options(LANGUAGES.items()), default="es", description=
                           "Los nombres de instituciones, programa y módulos quedan como son.")

    @property
    def chosen(self) -> set[int]:
        return {int(i) for i in (self.people.data or "").split(",") if i.isascii() and i.isdigit() and len(i) < 10}


class IssueAttendanceForm(IssueForm):
    """The same for a seminar's registrants, each of whom chose a language."""
    language = SelectField("Idioma del certificado", default="", choices=options(
        [("", "El que eligió cada persona al inscribirse"), *LANGUAGES.items()]))


class RevokeForm(PostForm):
    """Why a certificate no longer holds."""
    reason = StringField("Motivo de la anulación", [InputRequired("Escribir el motivo."), Length(min=5, max=300)],
                         description="Lo leerá quien verifique el certificado, y también su titular.")


class ReplaceForm(PostForm):
    """Why another is issued in its place."""
    reason = StringField("Motivo del reemplazo", [InputRequired("Escribir el motivo."), Length(min=5, max=300)],
                         description="Por ejemplo: corrección del nombre. Lo leerá quien verifique el anterior.")


class LanguageForm(PostForm):
    """In which language a paper is written."""
    language = SelectField("Idioma del certificado", choices=options(LANGUAGES.items()), default="es")
