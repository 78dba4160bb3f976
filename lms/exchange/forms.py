"""What the office writes of an agreement."""

from wtforms import DateField, FieldList, FileField, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lms.foundation.forms import PostForm
from lms.people.rules import Refused

NEEDED = "Falta completarlo."
PAPER = "El PDF firmado, hasta 10 MB."
PARTIES = 4             # rows of the form


class RoomForm(PostForm):
    """A form to whose fields an action's refusal can be attached."""

    def refuse(self, refused: Refused) -> None:
        field = self._fields.get(refused.field)
        if field is None or isinstance(field, FieldList):
            self.form_errors.append(refused.message)
        else:
            field.errors = [*field.errors, refused.message]


class PartyForm(Form):
    institution = SelectField("Institución", [Optional()], coerce=lambda v: int(v) if v else None)
    signatory = StringField("Firmante", [Optional(), Length(max=160)])
    office = StringField("Cargo", [Optional(), Length(max=160)])


class AgreementForm(RoomForm):
    """A new agreement, as it was signed."""
    title = StringField("Nombre", [InputRequired(NEEDED), Length(max=200)],
                        description="Como se le llama: «Convenio marco con …».")
    object = TextAreaField("Objeto", [Optional(), Length(max=4000)], description="Para qué se firmó, en pocas líneas.")
    signed_on = DateField("Firmado el", [InputRequired(NEEDED)])
    starts_on = DateField("Rige desde", [Optional()], description="Vacío: desde la firma.")
    expires_on = DateField("Vence el", [Optional()], description="Vacío: sin vencimiento.")
    parties = FieldList(FormField(PartyForm), "Partes", min_entries=PARTIES, max_entries=PARTIES)
    file = FileField("Convenio firmado", description=PAPER)


class PaperForm(RoomForm):
    file = FileField("Convenio firmado", description=PAPER)


class RenewForm(RoomForm):
    on = DateField("Renovación firmada el", [InputRequired(NEEDED)])
    expires_on = DateField("Vence el", [Optional()], description="Vacío: sin vencimiento.")
    reason = StringField("Observación", [Optional(), Length(max=300)])
    file = FileField("Renovación firmada", description=PAPER)


class EndForm(RoomForm):
    on = DateField("Deja de regir el", [InputRequired(NEEDED)])
    reason = StringField("Motivo", [InputRequired(NEEDED), Length(min=5, max=300)])
    file = FileField("Documento que lo respalda", description=PAPER)
