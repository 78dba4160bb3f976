"""What a marker sends: a level for each criterion or a number of points, and words for the student."""

import re
from fractions import Fraction
from typing import Any

from flask import request
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

from lms.attempts.rules import MarkFact
from lms.catalogue.rules import Criterion, Task
from lms.foundation.forms import PostForm
from lms.foundation.language import _
from lms.grading.explanation import exact
from lms.grading.judging import Judged, Line, dumped
from lms.grading.rules import Opinion

LONGEST = 10_000                # characters of feedback
POINTS = re.compile(r"[0-9]{1,4}([.,][0-9]{1,4})?")


class PointsField(Field):
    """Points from 0 to the most, written with a comma or a point; kept exact."""
    widget = TextInput()

    def __init__(self, label: str, most: Fraction, **options: Any):
        super().__init__(label, **options)
        self.most, self.written = most, ""
        self.data: Fraction | None = None

    def _value(self) -> str:
        return self.written or ("" if self.data is None else exact(self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.written, self.data = valuelist[0].strip()[:40], None
        if not self.written:
            return
        if not POINTS.fullmatch(self.written):
            raise ValueError(_("Escribir un número, con coma si hace falta: 2,5."))
        points = Fraction(self.written.replace(",", "."))
        if points > self.most:
            raise ValueError(_("El máximo es %(n)s.") % {"n": exact(self.most)})
        self.data = points


class MarkForm(PostForm):
    """What both kinds of marking share. `based_on`: the marking that stood when the page was made."""
    feedback = TextAreaField("Comentario para la persona", [Length(max=LONGEST)], description=(
        "Se ve cuando se publiquen las notas. Admite *cursiva*, **negrita**, listas y enlaces."))
    based_on = HiddenField()
    choice = HiddenField()      # after a conflict: mine | theirs | edit
    then = HiddenField()        # next | stay | preview | insert | pin

    @property
    def base(self) -> int | None:
        text = self.based_on.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    @property
    def points(self) -> Fraction:
        raise NotImplementedError

    @property
    def levels(self) -> str:
        return ""

    @property
    def opinion(self) -> Opinion:
        words = (self.feedback.data or "").replace("\r\n", "\n").strip()
        return Opinion(self.points, self.levels, words, self.base)


class AnswerForm(MarkForm):
    """Points for one answer: made by `answer_form`, which knows the most."""
    given: PointsField

    @property
    def points(self) -> Fraction:
        return self.given.data or Fraction(0)


class RubricForm(MarkForm):
    """For each criterion a radio field `c0` of its levels, points `p0` where they are free or a range, a note `n0` in a
    guide: made by `rubric_form`."""
    task: Task
    rubric_id: int | None

    @property
    def judged(self) -> list[Judged]:
        return [self._judged(i, c) for i, c in enumerate(self.task.criteria)]

    def _judged(self, i: int, criterion: Criterion) -> Judged:
        points = self[f"p{i}"].data if f"p{i}" in self else None
        if not criterion.levels:
            return Judged(None, points or Fraction(0), (self[f"n{i}"].data or "").strip())
        sent = self[f"c{i}"].data
        at = int(sent) if sent in {str(n) for n in range(len(criterion.levels))} else None
        return Judged(at, points if at is not None and criterion.levels[at].least is not None else None)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        for i, (criterion, judged) in enumerate(zip(self.task.criteria, self.judged, strict=True)):
            if criterion.levels and judged.level is not None and judged.points is not None:
                level = criterion.levels[judged.level]
                if not (level.least or 0) <= judged.points <= level.points:
                    self[f"p{i}"].errors = [_("«%(level)s» va de %(a)d a %(b)d puntos.") % {
                        "level": level.name, "a": level.least or 0, "b": level.points}]
                    good = False
        return good

    @property
    def chosen(self) -> list[int | None]:
        """The index of the level chosen for each criterion."""
        return [j.level for j in self.judged]

    @property
    def points(self) -> Fraction:
        return sum((j.worth(c) for c, j in zip(self.task.criteria, self.judged, strict=True)), Fraction(0))

    @property
    def levels(self) -> str:
        return dumped(self.judged, self.rubric_id)


def answer_form(most: Fraction, latest: MarkFact | None) -> AnswerForm:
    given = PointsField(_("Puntos"), most, validators=[InputRequired(_("Escribir los puntos."))],
                        description=_("De 0 a %(n)s. Con coma si hace falta: 0,5.") % {"n": exact(most)})
    kind = type("OneAnswerForm", (AnswerForm,), {"given": given})
    made: AnswerForm = kind(data={**_before(latest), "given": latest.points} if latest and _asked() else {})
    return made


def rubric_form(task: Task, latest: MarkFact | None, rubric_id: int | None = None, before: list[Line] | None = None
                ) -> RubricForm:
    fields: dict[str, Any] = {}
    data: dict[str, Any] = dict(_before(latest)) if latest and _asked() else {}
    lines = before if before and [line.criterion.name for line in before] == [c.name for c in task.criteria] else []
    for i, c in enumerate(task.criteria):
        if c.levels:
            fields[f"c{i}"] = RadioField(c.name, [InputRequired(_("Elegir un nivel."))], validate_choice=True,
                                         choices=[SelectChoice(str(n), lv.name) for n, lv in enumerate(c.levels)])
        if not c.levels or any(level.least is not None for level in c.levels):
            needed = [] if c.levels else [InputRequired(_("Escribir los puntos."))]
            fields[f"p{i}"] = PointsField(_("Puntos de «%(name)s»") % {"name": c.name}, Fraction(c.points),
                                          validators=needed)
        if not c.levels:
            fields[f"n{i}"] = StringField(_("Nota sobre «%(name)s»") % {"name": c.name}, [Length(max=500)])
        if i < len(lines) and _asked() and latest:
            said = lines[i].judged
            data |= {f"c{i}": None if said.level is None else str(said.level), f"p{i}": said.points, f"n{i}": said.note}
    kind = type("OneRubricForm", (RubricForm,), {**fields, "task": task, "rubric_id": rubric_id})
    made: RubricForm = kind(data={name: value for name, value in data.items() if value is not None})
    return made


def _before(latest: MarkFact) -> dict[str, Any]:
    return {"based_on": str(latest.id), "feedback": latest.feedback}


def _asked() -> bool:
    """Whether the page is only asked for. What is sent must say all: without its base it would pass as up to date."""
    return request.method == "GET"
