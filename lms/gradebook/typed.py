"""A grade as a person types it. Pure."""

from decimal import Decimal, InvalidOperation

from lms.foundation.language import _
from lms.grading.rules import Scale

MOST_SIGNS = 12                 # of a grade as it is typed


def read_grade(typed: str, scale: Scale) -> Decimal:
    """A grade as it is typed, "5,5" or "5.5"; raises ValueError, in words, for what is no grade of this scale."""
    text = typed.strip().replace(",", ".")
    try:
        value = Decimal(text) if len(text) <= MOST_SIGNS and text.isascii() else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    low, high = scale.written(scale.minimum), scale.written(scale.maximum)
    if not value.is_finite() or not scale.minimum <= value <= scale.maximum:
        raise ValueError(_("«%(typed)s» no es una nota de %(low)s a %(high)s. Escribirla con coma: %(example)s.")
                         % {"typed": typed[:20], "low": low, "high": high, "example": scale.written(scale.passing)})
    if value != value.quantize(scale.step):
        raise ValueError(_("Una nota de esta escala lleva %(n)d decimales como máximo.") % {"n": scale.decimals}
                         if scale.decimals else _("Una nota de esta escala no lleva decimales."))
    return value.quantize(scale.step)
