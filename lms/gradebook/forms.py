"""What a person may send to the gradebook: a grade recorded by hand, a spreadsheet of grades."""

from decimal import Decimal
from typing import Any

from wtforms import FileField, Form, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from lms.foundation.forms import PostForm, options
from lms.foundation.language import _
from lms.gradebook.typed import MOST_SIGNS, read_grade
from lms.grading.rules import Scale

NEEDED = _("Falta completarlo.")
KINDS = {"set": _("Registrar una nota"), "excused": _("Eximir: no cuenta"), "absent": _("Ausente"),
         "cleared": _("Volver a la nota calculada")}


class ChangeForm(PostForm):
    """`scale` is the one the grade is written on."""
    kind = RadioField(_("Qué se registra"), [DataRequired(NEEDED)], choices=options(KINDS.items()))
    grade = StringField(_("Nota"), [Length(max=MOST_SIGNS)])
    reason = TextAreaField(_("Motivo"), [DataRequired(_("Falta el motivo: queda en el historial de la nota.")),
                                         Length(max=500)],
                           description=_("Lo leen quienes ven el libro y la persona: «Error de suma en la pauta»."))
    seen = IntegerField(_("Último cambio visto"), [Optional()])

    def __init__(self, scale: Scale, **given: Any) -> None:
        self.scale = scale
        super().__init__(**given)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        self.value: Decimal | None = None
        if self.kind.data != "set":
            return good
        if not (self.grade.data or "").strip():
            told(self, "grade", _("Falta la nota."))
            return False
        try:
            self.value = read_grade(self.grade.data, self.scale)
        except ValueError as wrong:
            told(self, "grade", str(wrong))
            return False
        return good


class BringForm(PostForm):
    """A spreadsheet as the gradebook gives it, with grades filled in."""
    file = FileField(_("Planilla de notas"), description=_(
        "XLSX, ODS, XLS o CSV, con las mismas columnas que da «Descargar». Las celdas vacías no cambian nada."))


class TakeForm(PostForm):
    """The confirmation of what a spreadsheet changes."""
    archivo = HiddenField(validators=[DataRequired(NEEDED)])
    seen = IntegerField(validators=[Optional()])
    reason = StringField(_("Motivo"), [DataRequired(_("Falta el motivo: queda en el historial de cada nota.")),
                                       Length(max=500)])


def told(form: Form, name: str, message: str) -> None:
    """Say a refusal beside its field."""
    form[name].errors = [*form[name].errors, message]
