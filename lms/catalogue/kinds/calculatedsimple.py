"""Simple calculated: as calculated, but its values are its own and were made together with it. Body: Calculation."""

from lms.catalogue.kinds.calculated import Calculated


class CalculatedSimple(Calculated):
    """All as calculated."""
    name = "calculatedsimple"
    label = "Calculada simple"
