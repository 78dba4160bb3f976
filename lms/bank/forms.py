"""What a person may send to the bank: a category, a question by its kind, a change of many."""

import re
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from lms.bank.arranging import rearranged
from lms.bank.editors import EDITORS, Editor
from lms.bank.editors.editor import UNMARKED as MARKS
from lms.bank.editors.editor import Group, Texts
from lms.bank.editors.numbers import ValueRow
from lms.bank.editors.values import USUAL, read_datasets, spoken
from lms.bank.rules import Tree
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.datasets import Calculation, drawn
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Media, Question
from lms.foundation.forms import PostForm, options, written
from lms.foundation.language import _
from lms.people.rules import Refused

NEEDED = _("Falta completarlo.")
NUMBERED = re.compile(r"\b(?:zona|lugar|elemento|palabra|respuesta|marcador) (\d{1,3})\b", re.IGNORECASE)
INDENT = "\u00a0\u00a0\u00a0"


class CategoryForm(PostForm):
    name = StringField(_("Nombre"), [DataRequired(NEEDED), Length(max=120)])
    parent = SelectField(_("Dentro de"), coerce=int)
    programme = SelectField(_("Programa"), description=_("Para ordenar: la categoría se ve desde todos."))
    institution = SelectField(_("Institución"), coerce=int)

    def offer(self, tree: Tree, programmes: list[tuple[str, str]],
              institutions: list[tuple[int, str]]) -> "CategoryForm":
        self.parent.choices = options([(0, _("Ninguna: es de las primeras")), *category_choices(tree)])
        self.programme.choices = options([("", _("Todos")), *programmes])
        self.institution.choices = options([(0, _("De todas")), *institutions])
        return self

    def refuse(self, refused: Refused) -> None:
        field = self[refused.field] if refused.field in self else self["name"]
        field.errors = [*field.errors, refused.message]


def category_choices(tree: Tree) -> list[tuple[int, str]]:
    """Each category, set in by its depth."""
    return [(category.id, INDENT * depth + category.name) for category, depth in tree.ordered()]


def tags_of(text: str) -> list[str]:
    return [tag for tag in (" ".join(part.split()) for part in text.replace(";", ",").split(",")) if tag]


@dataclass
class Draft:
    """A question in its form: as it was kept, as it is written now, and what is wrong with it."""
    editor: Editor
    form: Any
    texts: Texts
    base: Question
    question: Question

    def judge(self) -> bool:
        """Whether it can be kept; what is wrong is told at its field. A draft may be unfinished."""
        good = bool(self.form.validate())
        if good and self.form.status.data == "ready":
            for message, remedy in KINDS[self.editor.kind].faults(self.question):
                self._tell(message, remedy)
                good = False
        return good

    def _tell(self, message: str, remedy: str) -> None:
        instead = next((words for piece, words in self.editor.remedies.items() if piece in message), "")
        if instead or MARKS & set(remedy):      # Kind's says how to mend a file, not a form
            remedy = instead
        field = self._place(message)
        field.errors = [*field.errors, f"{message} {remedy}".strip()]

    def _row(self, field: Any, message: str) -> Any:
        """Of rows, the one whose number the message says."""
        number = NUMBERED.search(message)
        entries = getattr(field, "entries", ())
        return next(iter(entries[int(number[1]) - 1].form)) if number and 0 < int(number[1]) <= len(entries) else field

    def _place(self, message: str) -> Any:
        if "enunciado" in message:
            return self.form.text
        for piece, name in self.editor.places.items():
            if piece in message and name in self.form:
                return self._row(self.form[name], message)
        for group in self.editor.groups:
            for row in self.form[group.name]:
                for part in row.form:
                    if isinstance(part.data, str) and part.data.strip() and f"«{plain(part.data)}»" in message:
                        return part
        return self.form[self.editor.groups[0].name] if self.editor.groups else self.form.text


def opened(editor: Editor, q: Question) -> Draft:
    """The form as it stands before anything was typed."""
    texts = Texts(q.media)
    return Draft(editor, editor.form(None, data=editor.filled(q, texts)), texts, q, q)


def sent(editor: Editor, base: Question, media: tuple[Media, ...], deed: str) -> Draft:
    """The form that came, after what its button asks of its rows."""
    known = Texts(base.media)
    editor.filled(base, known)
    texts = Texts(media, known.known if {m.path for m in base.media} <= {m.path for m in media} else {})
    form = editor.form(MultiDict(rearranged(written().items(multi=True), deed)))
    if deed == "valores" and "datasets" in form:
        _generate(form)
    editor.offer(form, texts)
    return Draft(editor, form, texts, base, editor.written(form, texts, base))


def _generate(form: Any) -> None:
    """Fill the variants of each value between its limits."""
    many = min(max(request.form.get("variantes", USUAL, int), 1), 100)
    seed = request.form.get("semilla", 0, int)
    made = {d.name: d for d in read_datasets(form.datasets, Calculation())}
    for row in form.datasets:
        found = made.get((row["name"].data or "").strip().strip("{}"))
        if found:
            row["values"].data = spoken(drawn(found, many, seed).values)
            row["values"].raw_data = None


def group_of(editor: Editor, name: str) -> Group | None:
    return next((g for g in editor.groups if g.name == name), None)


__all__ = ["EDITORS", "CategoryForm", "Draft", "ValueRow", "opened", "sent"]
