"""The fields of the question editor: a text with its toolbar, a share in percent, a number with a comma."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import ValidationError

from lms.catalogue.notation import percent_of, share_of
from lms.foundation.language import _

LONGEST_NUMBER = 30


class RichField(TextAreaField):
    """A text with a toolbar; `block=False`: of one paragraph, for what stands beside a button."""

    def __init__(self, label: str = "", block: bool = True, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.block, self.rows = block, rows

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0].replace("\r\n", "\n")


class ShareField(StringField):
    """Percent of the points: "33,33333" is a third, and so is "100/3"."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        said = percent_of(self.data)
        return said.replace(".", ",") if share_of(said) == self.data else str(self.data * 100)

    def process_formdata(self, valuelist: list[str]) -> None:
        said = (valuelist[0] if valuelist else "").replace("%", "").replace(",", ".").replace("−", "-").strip()
        self.data = None
        if not said:
            return
        try:
            self.data = Fraction(said[:LONGEST_NUMBER]) / 100 if "/" in said else share_of(
                f"{Decimal(said[:LONGEST_NUMBER]):f}")
        except (ValueError, InvalidOperation, ArithmeticError):
            raise ValidationError(_("Escribir un número, por ejemplo 100, 50 o 33,33.")) from None
        if abs(self.data) > 1:
            raise ValidationError(_("El puntaje va de -100 a 100."))


class FractionField(StringField):
    """Points: "1,5" or "1/3"."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return written(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        said = (valuelist[0] if valuelist else "").replace(",", ".").strip()[:LONGEST_NUMBER]
        self.data = None
        try:
            self.data = Fraction(said if "/" in said else Decimal(said)) if said else None
        except (ValueError, InvalidOperation, ArithmeticError):
            raise ValidationError(_("Escribir un número, por ejemplo 1 o 2,5.")) from None
        if self.data is not None and not 0 <= self.data <= 1000:
            raise ValidationError(_("Debe estar entre 0 y 1000."))


class DecimalField(StringField):
    """A number as people write it: comma or point. `any_word`: "*" stands for whatever number."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        said = (valuelist[0] if valuelist else "").replace("−", "-").replace(",", ".").strip()
        self.data = None
        try:
            self.data = Decimal(said) if said and len(said) < LONGEST_NUMBER else None
        except InvalidOperation:
            pass
        if said and (self.data is None or not self.data.is_finite() or abs(self.data) > Decimal("1e15")):
            self.data = None
            raise ValidationError(_("Escribir un número sin separador de miles, por ejemplo 1234,5."))


class CountField(IntegerField):
    """A whole number that may stay empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        said = valuelist[0].strip() if valuelist else ""
        self.data = None
        if said:
            try:
                self.data = int(said[:9])
            except ValueError:
                raise ValidationError(_("Escribir un número entero.")) from None


def written(value: Fraction) -> str:
    """3/2 -> "1,5"; 1/3 -> "1/3"."""
    found = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{found.normalize():f}".replace(".", ",") if Fraction(found) == value else str(value)
