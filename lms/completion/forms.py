"""What the office writes of an exception or of an earlier study; what a student supposes of a grade to come."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from wtforms import DateField, FileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lms.completion.supposing import Open, read_grade
from lms.foundation.forms import PostForm
from lms.foundation.language import _
from lms.grading.rules import Scale, share_of
from lms.people.rules import Refused

NEEDED = "Falta completarlo."
WHY = [InputRequired(NEEDED), Length(min=5, max=500)]


class ExceptionForm(PostForm):
    """One requirement that a person need not meet."""
    requirement = SelectField("Requisito", validators=[InputRequired(NEEDED)])
    reason = TextAreaField("Por qué", WHY, description=(
        "Con la resolución o el acuerdo que lo decide. La persona lo lee en su página."))


class RecognitionForm(PostForm):
    """An earlier study that stands for a module."""
    module = SelectField("Módulo", validators=[InputRequired(NEEDED)])
    equivalence = SelectField("Equivalencia del programa", validators=[Optional()], description=(
        "Las que el programa ya conoce; sin ninguna, se resuelve para esta persona."))
    study = StringField("Estudio", [InputRequired(NEEDED), Length(max=200)], description=(
        "Nombre del curso o de la asignatura, como está en su certificado."))
    institution = StringField("Institución que lo dictó", [InputRequired(NEEDED), Length(max=200)])
    finished_on = DateField("Terminado el", [Optional()])
    grade = StringField("Nota reconocida", [Optional(), Length(max=8)], description=(
        "En la escala de la cohorte. Vacío: se reconoce sin nota, y el módulo no entra en la nota final."))
    reason = TextAreaField("Resolución y motivo", WHY)
    file = FileField("Respaldo", description="Certificado o programa del curso: PDF, PNG o JPG, hasta 10 MB.")


class WithdrawForm(PostForm):
    reason = StringField("Motivo del retiro", WHY)


def field_of(one: Open) -> str:
    """The name of a supposed grade's field: "G1.task"."""
    return f"{one.module}.{one.item}"


def supposed(written: Mapping[str, str], items: Iterable[Open], own: Scale, home: Scale
             ) -> tuple[dict[tuple[str, str], Fraction], dict[str, str]]:
    """(what was supposed, by module and item; field -> what is wrong with it), as written on one's own scale."""
    found, wrong = {}, {}
    for one in items:
        try:
            value = read_grade(written.get(field_of(one), ""), own.minimum, own.maximum)
        except Refused as why:
            wrong[field_of(one)] = _(why.message)
            continue
        if value is not None:
            found[one.module, one.item] = share_of(value, own, home)
    return found, wrong
