"""What the office says of an address that is told of events."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from wtforms import DateTimeLocalField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.events.rules import PUBLISHED, BadTarget, target
from lms.foundation.forms import PostForm, options
from lms.people import names
from lms.people.rules import HOME_ZONE

NEEDED = "Falta completarlo."


class Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SubscriptionForm(PostForm):
    name = StringField("Sistema", [InputRequired(NEEDED), Length(max=80)],
                       description="Cómo se le conoce: «Registro académico de la universidad».")
    address = StringField("Dirección", [InputRequired(NEEDED), Length(max=500)],
                          description="Empieza con https:// y es pública. Ahí se envía cada aviso, por POST.")
    kinds = Boxes("Avisos", choices=options([]))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kinds.choices = options((name, kind.words) for name, kind in PUBLISHED.items())

    def validate_name(self, field: StringField) -> None:
        try:
            field.data = names.tidy(field.data or "")
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None

    def validate_address(self, field: StringField) -> None:
        """Kept as it will be called, not as it was typed."""
        try:
            field.data = target(field.data or "", current_app.extensions["caller"].local).address
        except BadTarget as why:
            raise ValidationError(str(why)) from None

    def validate_kinds(self, field: Boxes) -> None:
        if not field.data:
            raise ValidationError("Elegir al menos una clase de aviso.")


class SinceForm(PostForm):
    since = DateTimeLocalField("Desde", [InputRequired(NEEDED)])

    def validate_since(self, field: DateTimeLocalField) -> None:
        if field.data and not 2020 <= field.data.year <= 2200:
            raise ValidationError("Revisar el año.")

    @property
    def instant(self) -> datetime:
        found: datetime = self.since.data.replace(tzinfo=ZoneInfo(HOME_ZONE))
        return found
