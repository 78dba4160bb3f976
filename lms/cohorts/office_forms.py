"""What a person may send about who signs and how people were admitted."""

from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from lms.cohorts.forms import NEEDED, RoomForm, _year
from lms.cohorts.rules import TRACKS
from lms.foundation.forms import options
from lms.foundation.language import _


class OfficeForm(RoomForm):
    """Somebody who signs from a day on."""
    name = StringField(_("Nombre"), [DataRequired(NEEDED), Length(max=120)])
    office = StringField(_("Cargo"), [DataRequired(NEEDED), Length(max=160)])
    institution = StringField(_("Institución"), [DataRequired(NEEDED), Length(max=200)])
    starts_on = DateField(_("Firma desde"), [InputRequired(NEEDED), _year],
                          description=_("Firma lo que se emita ese día y después."))
    instead_of = SelectField(_("En lugar de"), default="0", description=_(
        "Quien estaba firma hasta la víspera."))

    def offer(self, standing: list[tuple[int, str]]) -> "OfficeForm":
        self.instead_of.choices = options([("0", _("Nadie: firma además")), *((str(i), who) for i, who in standing)])
        return self

    @property
    def who(self) -> tuple[str, str, str]:
        fields = (self.name, self.office, self.institution)
        name, office, institution = (" ".join((f.data or "").split()) for f in fields)
        return name, office, institution


class EndForm(RoomForm):
    """The last day somebody signs."""
    ends_on = DateField(_("Firma hasta"), [InputRequired(NEEDED), _year])


class AdmissionForm(RoomForm):
    """By which way, and what shows it; for whom is beside it."""
    track = SelectField(_("Vía de ingreso"), choices=options([*TRACKS.items(), ("", _("Sin registrar"))]))
    evidence = StringField(_("Respaldo"), [DataRequired(NEEDED), Length(min=3, max=300)],
                           description=_("Título que se vio, o la resolución que admite: queda en la bitácora."))
