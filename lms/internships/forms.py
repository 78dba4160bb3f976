"""What a person may send of an internship: the office, the academic supervisor, the participant."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.foundation.forms import CommaField, PostForm, options
from lms.foundation.language import OFFERED
from lms.foundation.walltime import ZONES
from lms.internships.plans import MOST_REPORT_HOURS, Activity, Plan
from lms.internships.rubrics import HEADINGS, HINTS, SHEET, SHEET_HINTS
from lms.internships.rules import MODALITIES, PAPERS
from lms.people.rules import Refused

NEEDED = "Falta completarlo."
ACTIVITIES, BLANK = 4, 2        # rows of the plan's calendar: at first, and beyond those filled in
MOST_HOURS = 1000
PAPER = "PDF, PNG o JPG, hasta 10 MB."
LONG = Length(max=4000)


class RoomForm(PostForm):
    """A form to whose fields an action's refusal can be attached."""

    def refuse(self, refused: Refused) -> None:
        field = self._fields.get(refused.field)
        if field is None or isinstance(field, FieldList):
            self.form_errors.append(refused.message)
        else:
            field.errors = [*field.errors, refused.message]


def some(value: Any) -> int | None:
    return int(value) if value else None


class PlaceForm(RoomForm):
    """What an offer and a placement both say: where, when, how much."""
    host_id = SelectField("Institución anfitriona", [InputRequired(NEEDED)], coerce=int)
    city = StringField("Ciudad o comuna", [InputRequired(NEEDED), Length(max=120)])
    area = StringField("Área o unidad", [InputRequired(NEEDED), Length(max=160)],
                       description="Donde se hará: seguridad vial, relaciones internacionales…")
    modality = SelectField("Modalidad", [InputRequired(NEEDED)], choices=options(MODALITIES.items()))
    language = SelectField("Idioma", [InputRequired(NEEDED)], choices=options(
        (code, name) for code, name in OFFERED.items() if code != "es-AR"))
    starts_on = DateField("Comienza el", [InputRequired(NEEDED)])
    ends_on = DateField("Termina el", [InputRequired(NEEDED)])
    hours = CommaField("Horas de trabajo previstas", [InputRequired(NEEDED), NumberRange(Decimal("0.5"), MOST_HOURS)])
    agreement_id = SelectField("Convenio", [Optional()], coerce=some,
                               description="Los vigentes, y el que ya tenía.")
    supervisor_name = StringField("Quien supervisa en la institución anfitriona", [Optional(), Length(max=160)])
    supervisor_email = StringField("Su correo", [Optional(), Length(max=254)], render_kw={"type": "email"},
                                   description="No necesita cuenta: aprueba, firma y evalúa por enlaces que le llegan.")
    supervisor_office = StringField("Su cargo", [Optional(), Length(max=160)])

    @property
    def exact_hours(self) -> Fraction:
        return Fraction(self.hours.data)


class OfferForm(PlaceForm):
    title = StringField("Nombre de la oferta", [InputRequired(NEEDED), Length(max=200)])
    description = TextAreaField("Qué se hará", [Optional(), LONG], description="Se puede escribir con Markdown.")
    requirements = TextAreaField("Requisitos", [Optional(), LONG])
    places = IntegerField("Cupos", [InputRequired(NEEDED), NumberRange(1, 200)])
    apply_by = DateField("Se postula hasta el", [Optional()],
                         description="Inclusive, hasta las 23:59 de la cohorte. Vacío: hasta que se cierre.")
    everyone = BooleanField("Abierta a todas las cohortes")


class PlacementForm(PlaceForm):
    time_zone = SelectField("Hora oficial del lugar", [InputRequired(NEEDED)], choices=options(ZONES.items()))
    academic_id = SelectField("Supervisión académica", [Optional()], coerce=some)
    student_regime = BooleanField("Régimen de estudiantes (Ley 26.427, Argentina)",
                                  description="A lo más 20 horas por semana y 6,5 por día.")
    authority = BooleanField("Es alcalde, alcaldesa, concejal o concejala de Chile",
                             description="Salir del país, o de la comuna por más de 10 días, pide acuerdo del concejo.")
    emergency_contact = StringField("Contacto de emergencia", [Optional(), Length(max=200)])


class NewPlacementForm(PlacementForm):
    person = SelectField("Participante", [InputRequired(NEEDED)], coerce=int)


class PaperForm(RoomForm):
    kind = SelectField("Documento", [InputRequired(NEEDED)], choices=options(PAPERS.items()))
    issuer = StringField("Quién lo emite", [InputRequired(NEEDED), Length(max=200)],
                         description="Aseguradora, concejo municipal, institución anfitriona…")
    number = StringField("Número o póliza", [Optional(), Length(max=80)])
    dated_on = DateField("Con fecha", [Optional()])
    starts_on = DateField("Cubre desde", [Optional()], description="Solo el seguro.")
    ends_on = DateField("Cubre hasta", [Optional()], description="Solo el seguro.")
    note = StringField("Nota", [Optional(), Length(max=300)])
    file = FileField("Archivo", description=PAPER)


class ReasonForm(RoomForm):
    reason = StringField("Motivo", [InputRequired(NEEDED), Length(min=5, max=300)])


class ApplyForm(RoomForm):
    motivation = TextAreaField("Por qué le interesa y qué llevaría a su municipio", [InputRequired(NEEDED), LONG])
    file = FileField("Currículum u otro respaldo", description="PDF, hasta 10 MB.")


class ActivityForm(Form):
    what = StringField("Actividad", [Optional(), Length(max=300)])
    since = DateField("Desde", [Optional()])
    until = DateField("Hasta", [Optional()])
    hours = CommaField("Horas", [Optional(), NumberRange(0, MOST_HOURS)])


class PlanForm(RoomForm):
    seen = HiddenField()
    objectives = TextAreaField("Objetivos", [Optional(), LONG],
                               description="Cada uno comienza con un verbo que se puede comprobar.")
    outcomes = TextAreaField("Resultados de aprendizaje", [Optional(), LONG], description="Uno por línea.")
    activities = FieldList(FormField(ActivityForm), "Actividades", min_entries=ACTIVITIES, max_entries=30)
    products = TextAreaField("Productos esperados", [Optional(), LONG])
    indicators = TextAreaField("Indicadores", [Optional(), LONG], description="Cómo se sabrá que resultó.")
    report_hours = CommaField("Horas para preparar el informe", [Optional(), NumberRange(0, MOST_REPORT_HOURS)],
                              description="Cuentan para el crédito junto a las de la bitácora.")

    def plan(self) -> Plan:
        rows = [entry.form for entry in self.activities if (entry.form.what.data or "").strip()]
        return Plan(
            _clean(self.objectives.data), tuple(line for line in map(str.strip, _clean(self.outcomes.data).splitlines())
                                                if line),
            tuple(Activity(_clean(r.what.data), r.since.data.isoformat() if r.since.data else "",
                           r.until.data.isoformat() if r.until.data else "",
                           "" if r.hours.data is None else str(Fraction(r.hours.data))) for r in rows),
            _clean(self.products.data), _clean(self.indicators.data), str(Fraction(self.report_hours.data or 0)))

    @classmethod
    def of(cls, plan: Plan, seen: int) -> "PlanForm":
        """Filled in with a plan."""
        return cls(None, data={
            "seen": seen, "objectives": plan.objectives, "outcomes": "\n".join(plan.outcomes),
            "products": plan.products, "indicators": plan.indicators, "report_hours": _decimal(plan.report_hours),
            "activities": [
                {"what": a.what, "since": a.days[0], "until": a.days[1], "hours": _decimal(a.hours)}
                for a in plan.activities] + [{}] * (BLANK if plan.activities else ACTIVITIES)})


class WordForm(RoomForm):
    """Yes or no to a plan, and what should change."""
    version = IntegerField("Versión", [InputRequired(NEEDED)])
    answer = SelectField("Respuesta", [InputRequired(NEEDED)], choices=options([
        ("yes", "La apruebo"), ("no", "Pido cambios")]))
    comment = TextAreaField("Comentario", [Optional(), Length(max=1000)],
                            description="Al pedir cambios: qué debe cambiar.")


class ReviewForm(RoomForm):
    on = DateField("Fecha de la revisión", [InputRequired(NEEDED)])
    findings = TextAreaField("Cómo va", [InputRequired(NEEDED), LONG])
    adjustments = TextAreaField("Qué se ajusta", [Optional(), LONG])


def _report_fields() -> dict[str, Any]:
    """The headings that the course asks, then the sheet of the practice."""
    hints = HINTS | SHEET_HINTS
    return {key: TextAreaField(name, [Optional(), Length(max=12000)], description=hints[key])
            for key, name in (HEADINGS | SHEET).items()} | {
        "seen": HiddenField(), "file": FileField("Informe con figuras y anexos", description="PDF, hasta 10 MB.")}


ReportForm = type(RoomForm)("ReportForm", (RoomForm,), _report_fields())


class CloseForm(RoomForm):
    grade = CommaField("Nota", [Optional()], description="Vacío o igual: la propuesta.")
    reason = StringField("Motivo, si no es la propuesta", [Optional(), Length(max=300)])
    item = SelectField("Dónde se registra la nota", [Optional()])
    seen = HiddenField()


def _clean(text: str | None) -> str:
    return (text or "").replace("\0", "").replace("\r\n", "\n").strip()


def _decimal(text: str) -> Decimal | None:
    if not text:
        return None
    value = Fraction(text)
    return Decimal(value.numerator) / Decimal(value.denominator)
