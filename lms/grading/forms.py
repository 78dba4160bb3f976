"""What a marker sends: a level for each criterion or a number of points, and words for the student."""

import json
import re
from fractions import Fraction
from typing import Any

from flask import request
from wtforms import Field, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

from lms.attempts.rules import MarkFact
from lms.catalogue.rules import Task
from lms.foundation.forms import PostForm
from lms.foundation.language import _
from lms.grading.explanation import exact
from lms.grading.rules import Opinion, levels_of

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
    then = HiddenField()        # next | stay

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
    """One radio field a criterion (`c0`, `c1`, …): made by `rubric_form`."""
    task: Task

    @property
    def chosen(self) -> list[int | None]:
        """The index of the level chosen for each criterion."""
        found = [self[f"c{i}"].data for i in range(len(self.task.criteria))]
        levels = [{str(n): n for n in range(len(c.levels))} for c in self.task.criteria]
        return [known.get(v) for known, v in zip(levels, found, strict=True)]

    @property
    def points(self) -> Fraction:
        return Fraction(sum(c.levels[i].points for c, i in zip(self.task.criteria, self.chosen, strict=True)
                            if i is not None))

    @property
    def levels(self) -> str:
        return json.dumps(self.chosen)


def answer_form(most: Fraction, latest: MarkFact | None) -> AnswerForm:
    given = PointsField(_("Puntos"), most, validators=[InputRequired(_("Escribir los puntos."))],
                        description=_("De 0 a %(n)s. Con coma si hace falta: 0,5.") % {"n": exact(most)})
    kind = type("OneAnswerForm", (AnswerForm,), {"given": given})
    made: AnswerForm = kind(data={**_before(latest), "given": latest.points} if latest and _asked() else {})
    return made


def rubric_form(task: Task, latest: MarkFact | None) -> RubricForm:
    fields = {f"c{i}": RadioField(c.name, [InputRequired(_("Elegir un nivel."))], validate_choice=True,
                                  choices=[SelectChoice(str(n), level.name) for n, level in enumerate(c.levels)])
              for i, c in enumerate(task.criteria)}
    kind = type("OneRubricForm", (RubricForm,), {**fields, "task": task})
    before = {f"c{i}": str(n) for i, n in enumerate(levels_of(latest))}
    made: RubricForm = kind(data={**_before(latest), **before} if latest and _asked() else {})
    return made


def _before(latest: MarkFact) -> dict[str, Any]:
    return {"based_on": str(latest.id), "feedback": latest.feedback}


def _asked() -> bool:
    """Whether the page is only asked for. What is sent must say all: without its base it would pass as up to date."""
    return request.method == "GET"
