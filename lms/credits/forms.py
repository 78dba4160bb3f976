"""What the office may write into the ledger."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.credits.rules import KINDS, MOST_HOURS
from lms.foundation.forms import CommaField, PostForm, options
from lms.people import names

NEEDED = "Falta completarlo."


class EntryForm(PostForm):
    """One entry by hand. `key` is the form's own: sent twice, it is kept once."""
    key = HiddenField()
    person = SelectField("Participante", coerce=int, validators=[InputRequired(NEEDED)])
    kind = SelectField("Clase", choices=options(KINDS.items()), validators=[InputRequired(NEEDED)])
    title = StringField("Seminario o institución receptora", [InputRequired(NEEDED), Length(max=200)])
    hours = CommaField("Horas", [InputRequired(NEEDED), NumberRange(Decimal("0.1"), MOST_HOURS)],
                       description="Horas de trabajo. Con coma si hace falta: 1,5")
    day = DateField("Fecha", [InputRequired(NEEDED)])
    note = StringField("Respaldo", [Optional(), Length(max=300)],
                       description="De dónde sale el dato: acta, lista firmada, correo.")

    def validate_day(self, field: DateField) -> None:
        if field.data and field.data < date(2010, 1, 1):
            raise ValidationError("Revisar el año de la fecha.")

    @property
    def work_hours(self) -> Fraction:
        return Fraction(self.hours.data)


class WithdrawForm(PostForm):
    """Why an entry is taken back."""
    reason = StringField("Motivo del retiro", [InputRequired(NEEDED), Length(min=5, max=300)])


class Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PushForm(PostForm):
    """A system that may tell facts by itself."""
    title = StringField("Sistema", [InputRequired(NEEDED), Length(max=120)],
                        description="Cómo se le conoce: «Registro de pasantías de la universidad».")
    name = StringField("Nombre corto", [InputRequired(NEEDED), Length(max=40)],
                       description="Va en la dirección y en el libro: registro-pasantias. No se cambia después.")
    kinds = Boxes("Qué puede anotar", choices=options(KINDS.items()))

    def validate_title(self, field: StringField) -> None:
        try:
            field.data = names.tidy(field.data or "")
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None

    def validate_kinds(self, field: Boxes) -> None:
        if not field.data:
            raise ValidationError("Elegir qué puede anotar.")
