"""The main menu: which doors each kind of person sees at the top of a page."""

from dataclasses import dataclass
from functools import lru_cache

from flask import request, url_for

from lms.foundation.language import _
from lms.people.rules import Actor, Role


@dataclass(frozen=True)
class Item:
    key: str            # what a page's `here` names
    icon: str
    words: str
    url: str


def navigation(actor: Actor) -> list[Item]:
    """At most five items, six for the office: on a phone they share one row."""
    found = [Item("start", "house", _("Inicio"), address("home.start"))]
    if actor.holds(Role.OFFICE, Role.AUDITOR):
        return found + [
            Item("cohorts", "calendar-days", _("Cohortes"), address("cohorts.cohorts")),
            Item("people", "users", _("Personas"), address("people.people")),
            Item("catalogue", "book-open", _("Catálogo"), address("catalogue.editions")),
            Item("bank", "layers", _("Banco"), address("bank.bank")),
            Item("audit", "history", _("Bitácora"), address("people.audit"))]
    if actor.holds(Role.INSTRUCTOR):
        found.append(Item("queue", "pencil", _("Por corregir"), address("grading.queue")))
    if actor.holds(Role.STUDENT):
        found += _studying(cohort_in_sight(actor))
    elif actor.holds(Role.INSTRUCTOR, Role.COORDINATOR):
        found += [Item("cohorts", "calendar-days", _("Cohortes"), address("cohorts.cohorts")),
                  Item("catalogue", "book-open", _("Catálogo"), address("catalogue.editions")),
                  Item("bank", "layers", _("Banco"), address("bank.bank"))]
    return found[:5]


def _studying(cohort_id: int) -> list[Item]:
    return [Item("modules", "layers", _("Módulos"), address("lessons.modules", cohort_id)),
            Item("grades", "chart-no-axes-column", _("Notas"), address("grading.grades", cohort_id)),
            Item("missing", "list-checks", _("Qué me falta"), address("completion.mine", cohort_id)),
            Item("certificates", "award", _("Certificados"), address("certificates.mine"))]


def cohort_in_sight(actor: Actor) -> int:
    """The cohort the page is about, where the person studies in it; else their newest."""
    mine = actor.cohorts(Role.STUDENT)
    seen = (request.view_args or {}).get("cohort_id") or request.args.get("cohorte", type=int)
    return seen if seen in mine else mine[0]


@lru_cache(1024)
def address(endpoint: str, cohort_id: int | None = None) -> str:
    """url_for, asked once a process: building five of them on every page costs 30 µs."""
    return url_for(endpoint, cohort_id=cohort_id) if cohort_id else url_for(endpoint)
