"""The states of an internship and the steps between them, as one table. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

PARTIES = {"participant": "Participante", "host": "Institución anfitriona", "academic": "Supervisión académica"}
STATES = {"draft": "En preparación", "proposed": "Propuesta", "plan_approved": "Plan aprobado",
          "authorised": "Autorizada", "in_progress": "En curso", "report_due": "Informe pendiente",
          "evaluated": "Evaluada", "closed": "Cerrada", "cancelled": "Cancelada", "interrupted": "Interrumpida"}
STATE_KINDS = {"draft": "draft", "proposed": "due", "plan_approved": "due", "authorised": "now", "in_progress": "now",
               "report_due": "due", "evaluated": "released", "closed": "done", "cancelled": "revoked",
               "interrupted": "late"}                                               # how the look shows them
ORDER = ("draft", "proposed", "plan_approved", "authorised", "in_progress", "report_due", "evaluated", "closed")
MODALITIES = {"site": "Presencial", "remote": "A distancia", "mixed": "Mixta"}
PAPERS = {"insurance": "Seguro", "council": "Acuerdo del concejo", "decree": "Decreto",
          "invitation": "Carta de invitación", "other": "Otro documento"}


@dataclass(frozen=True)
class Step:
    """From one of these states to another. `by_fact`: nobody presses a button, the last fact takes it."""
    words: str                      # of the button
    done: str                       # in the history
    start: tuple[str, ...]
    to: str                         # "" : back to where it was interrupted
    by_fact: bool = False
    reasoned: bool = False          # asks for a reason


STEPS = {
    "proposed": Step("Proponer", "Propuesta", ("draft",), "proposed"),
    "replanned": Step("", "Plan cambiado: vuelve a la propuesta", ("plan_approved",), "proposed", by_fact=True),
    "plan_approved": Step("Dar el plan por aprobado", "Plan aprobado por las tres partes", ("proposed",),
                          "plan_approved", by_fact=True),
    "returned": Step("Volver a la propuesta", "Volvió a la propuesta", ("plan_approved", "authorised"), "proposed",
                     reasoned=True),
    "authorised": Step("Autorizar", "Autorizada", ("plan_approved",), "authorised"),
    "in_progress": Step("Dar inicio", "Iniciada", ("authorised",), "in_progress"),
    "report_due": Step("Dar por terminadas las horas", "Horas terminadas", ("in_progress",), "report_due"),
    "evaluated": Step("Dar por evaluada", "Evaluada por ambas supervisiones", ("report_due",), "evaluated",
                      by_fact=True),
    "closed": Step("Cerrar", "Cerrada", ("evaluated",), "closed"),
    "reopened": Step("Reabrir", "Reabierta", ("closed",), "evaluated", reasoned=True),
    "interrupted": Step("Interrumpir", "Interrumpida", ("authorised", "in_progress", "report_due"), "interrupted",
                        reasoned=True),
    "resumed": Step("Reanudar", "Reanudada", ("interrupted",), ""),
    "cancelled": Step("Cancelar", "Cancelada", ("draft", "proposed", "plan_approved", "authorised", "interrupted"),
                      "cancelled", reasoned=True),
}
STARTED = ("in_progress", "report_due", "evaluated", "closed", "interrupted")
SETTLED = ("closed", "cancelled")           # nothing is written any more
PLANNING = ("draft", "proposed", "plan_approved")      # a new version of the plan may be written


def state(events: Iterable[str], ends_on: date, today: date) -> str:
    """Where a placement stands: its steps folded, first to last. In progress after the last day, the report is due."""
    found, before = "draft", "draft"
    for kind in events:
        if (step := STEPS.get(kind)) is None:
            continue
        if kind == "interrupted":
            before = found
        found = step.to or before
    return "report_due" if found == "in_progress" and today > ends_on else found


def next_step(now: str) -> str:
    """The step that leads on, for who asks what is missing; "" at the end."""
    return {"draft": "proposed", "proposed": "plan_approved", "plan_approved": "authorised",
            "authorised": "in_progress", "in_progress": "report_due", "report_due": "evaluated", "evaluated": "closed",
            "interrupted": "resumed"}.get(now, "")


def offered(now: str) -> list[str]:
    """The steps somebody may press a button for."""
    return [name for name, step in STEPS.items() if now in step.start and not step.by_fact and name != "closed"]
