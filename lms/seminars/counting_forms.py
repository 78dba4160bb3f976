"""What the office writes of a seminar's credit, and what who attended says of it."""

from decimal import Decimal
from fractions import Fraction

from wtforms import Field, FieldList, Form, FormField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.foundation.forms import CommaField, PostForm, options
from lms.foundation.language import _
from lms.seminars.counting import MOST_TIERS, CreditRule, Tier
from lms.seminars.survey import ANSWERS, QUESTIONS


class TierForm(Form):
    percent = IntegerField("Porcentaje de los minutos", [Optional()])
    sessions = IntegerField("Sesiones", [Optional()])
    hours = CommaField("Horas", [Optional()])

    @property
    def blank(self) -> bool:
        return self.percent.data is None and self.sessions.data is None and self.hours.data is None

    @property
    def whole(self) -> bool:
        return None not in (self.percent.data, self.sessions.data, self.hours.data)


class RuleForm(PostForm):
    """Up to four tiers; a line left empty is none."""
    tiers = FieldList(FormField(TierForm), min_entries=MOST_TIERS, max_entries=MOST_TIERS)

    @property
    def rule(self) -> CreditRule:
        return CreditRule(tuple(Tier(t.percent.data, t.sessions.data, Fraction(t.hours.data))
                                for t in self.lines if t.whole))

    @property
    def lines(self) -> list[TierForm]:
        return [entry.form for entry in self.tiers]  # type: ignore[misc]

    def validate_tiers(self, _field: Field) -> None:
        for number, line in enumerate(self.lines, start=1):
            if not line.blank and not line.whole:
                raise ValidationError(f"Tramo {number}: completar porcentaje, sesiones y horas, o dejar los tres en "
                                      "blanco.")

    def fill(self, rule: CreditRule) -> None:
        for line, tier in zip(self.lines, rule.tiers, strict=False):
            line.percent.data, line.sessions.data = tier.percent, tier.sessions
            line.hours.data = Decimal(tier.hours.numerator) / tier.hours.denominator


def _statement(code: str) -> RadioField:
    return RadioField(QUESTIONS[code], [InputRequired(_("Falta elegir una respuesta."))],
                      choices=options(ANSWERS.items()))


class SurveyForm(PostForm):
    """Five statements and a remark; what is answered is kept without who answered."""
    temas = _statement("temas")
    exposiciones = _statement("exposiciones")
    dialogo = _statement("dialogo")
    organizacion = _statement("organizacion")
    recomiendo = _statement("recomiendo")
    comment = TextAreaField(_("¿Qué mejoraría?"), [Optional(), Length(max=2000)])

    def __init__(self) -> None:
        super().__init__()
        for field in self:
            if isinstance(field, RadioField):
                field.choices = options((value, _(words)) for value, words in ANSWERS.items())
