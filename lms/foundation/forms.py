"""WTForms, speaking the page's language. The CSRF token is asked at the door, not here."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, Form
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import get_translations
from wtforms.widgets import TextInput

from lms.foundation.language import _, current_language


def options(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """The choices of a select or of radios from (value, words): bare pairs are deprecated since WTForms 3.3."""
    return [SelectChoice(value, words) for value, words in pairs]


def written() -> MultiDict[str, str]:
    """What was sent, without the NULs that no person writes and PostgreSQL refuses in any text."""
    return MultiDict((name, value.replace("\0", "")) for name, value in request.form.items(multi=True))


class PostForm(Form):
    """A form a person sends. Fields may name `description` (the hint shown below the label)."""

    class Meta:
        def get_translations(self, form: Form) -> Any:
            return get_translations([current_language()[:2], "es"])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*(args or (written() if request.method == "POST" else None,)), **kwargs)
        for field in self:          # written in Spanish once, when the class was made; said in the language of the page
            field.label.text = _(field.label.text) if field.label.text else ""
            field.description = _(field.description) if field.description else ""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good: bool = super().validate(*args, **kwargs)
        for field in self:
            if field.errors and all(isinstance(e, str) for e in field.errors):
                field.errors = [_(e) for e in field.errors]
        return good

    def accepted(self) -> bool:
        return request.method == "POST" and bool(self.validate())

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """(field id, label, message) of everything refused, for the list at the top of the form."""
        return [(f.id, f.label.text, str(message)) for f in self for message in _flat(f.errors)] + \
               [("", "", str(message)) for message in self.form_errors]


def _flat(errors: Any) -> list[str]:
    if isinstance(errors, dict):
        return [m for found in errors.values() for m in _flat(found)]
    return [m for e in errors for m in (_flat(e) if isinstance(e, (list, tuple, dict)) else [e])]


class CommaField(DecimalField):
    """A number written with a comma or a point: a browser's own field of numbers shows "16,5" as nothing."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([v.strip().replace(",", ".") for v in valuelist])
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}".replace(".", ",")

    def process_data(self, value: Any) -> None:
        super().process_data(Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value)
