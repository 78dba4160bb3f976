"""Groups and reasons in words."""

from collections.abc import Iterable

from lms.catalogue.rules import Programme
from lms.completion.risks import Risk
from lms.foundation.language import _, ngettext

GROUPS = {          # in Spanish: said by `_` where they are shown
    "done": "Cumplen todo", "step": "A un paso", "waiting": "Esperan nota",
    "under_way": "En camino", "risk": "En riesgo"}
ITEMS = {"quiz": "el control", "task": "la tarea"}

HOURS = {"attendance": "Horas de seminario", "internship": "Horas de pasantía"}


def said(requirement: str, programme: Programme) -> str:
    """A requirement by its key, Item.key, in words."""
    kind, _colon, name = requirement.partition(":")
    module = programme.module(name) if kind == "module" else None
    return f"{name}: {module.title}" if module else name or _(HOURS.get(kind, kind))


def risk_words(risk: Risk) -> str:
    """One reason: "la tarea de G1 venció hace 3 días"."""
    named = {"item": _(ITEMS.get(risk.item, risk.item)), "module": risk.module, "num": risk.days}
    match risk.kind:
        case "overdue":
            return ngettext("%(item)s de %(module)s venció hace %(num)d día sin entrega",
                            "%(item)s de %(module)s venció hace %(num)d días sin entrega", risk.days) % named \
                if risk.days else _("%(item)s de %(module)s venció hoy sin entrega") % named
        case "soon":
            return ngettext("%(item)s de %(module)s vence en %(num)d día y no está entregado",
                            "%(item)s de %(module)s vence en %(num)d días y no está entregado", risk.days) % named \
                if risk.days else _("%(item)s de %(module)s vence en menos de un día y no está entregado") % named
        case "failed":
            return _("%(module)s reprobado, sin examen recuperativo por rendir") % named
        case _:
            return ngettext("sin actividad desde hace %(num)d día", "sin actividad desde hace %(num)d días", risk.days
                            ) % named


def risk_line(risks: Iterable[Risk]) -> str:
    return "; ".join(risk_words(risk) for risk in risks)
