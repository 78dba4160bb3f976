"""The main menu: which doors each kind of person sees at the top of a page."""

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app, g, request, url_for

from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.foundation.database import session
from lms.foundation.language import _
from lms.internships.rules import asks
from lms.people.rules import Actor, Role


@dataclass(frozen=True)
class Item:
    key: str            # what a page's `here` names
    icon: str
    words: str
    url: str


def navigation(actor: Actor) -> list[Item]:
    """At most six items: on a phone they share one row. What the office looks into less often (the
    audit trail) is in the menu of the account."""
    found = [Item("start", "house", _("Inicio"), address("home.start"))]
    if actor.holds(Role.OFFICE, Role.AUDITOR):
        return found + [
            Item("cohorts", "calendar-days", _("Cohortes"), address("cohorts.cohorts")),
            Item("people", "users", _("Personas"), address("people.people")),
            Item("seminars", "presentation", _("Seminarios"), address("seminars.office")),
            Item("catalogue", "book-open", _("Catálogo"), address("catalogue.editions")),
            Item("bank", "layers", _("Banco"), address("bank.bank"))]
    if actor.holds(Role.INSTRUCTOR):
        found.append(Item("queue", "pencil", _("Por corregir"), address("grading.queue")))
    if actor.holds(Role.STUDENT):
        found += _studying(cohort_in_sight(actor))
    elif actor.holds(Role.INSTRUCTOR, Role.COORDINATOR):
        found += [Item("cohorts", "calendar-days", _("Cohortes"), address("cohorts.cohorts")),
                  Item("catalogue", "book-open", _("Catálogo"), address("catalogue.editions")),
                  Item("bank", "layers", _("Banco"), address("bank.bank"))]
    return found[:6]


def _studying(cohort_id: int) -> list[Item]:
    return [Item("modules", "layers", _("Módulos"), address("lessons.modules", cohort_id)),
            Item("grades", "chart-no-axes-column", _("Notas"), address("grading.grades", cohort_id)),
            Item("missing", "list-checks", _("Qué me falta"), address("completion.mine", cohort_id)),
            Item("certificates", "award", _("Certificados"), address("certificates.mine")),
            *([Item("internship", "handshake", _("Pasantía"), address("internships.internship", cohort_id))]
              if asks_internship(cohort_id) else [])]


def asks_internship(cohort_id: int) -> bool:
    """Whether the cohort's programme has an internship: asked once a process, for an edition is for ever."""
    known: dict[int, bool] = current_app.extensions.setdefault("internship_cohorts", {})
    if cohort_id not in known and not g.get("broken"):
        cohort = cohorts.cohort(session(), cohort_id)
        known[cohort_id] = cohort is not None and asks(catalogue.programme(session(), cohort.edition_id))
    return known.get(cohort_id, False)


def cohort_in_sight(actor: Actor) -> int:
    """The cohort the page is about, where the person studies in it; else their newest."""
    mine = actor.cohorts(Role.STUDENT)
    seen = (request.view_args or {}).get("cohort_id") or request.args.get("cohorte", type=int)
    return seen if seen in mine else mine[0]


@lru_cache(1024)
def address(endpoint: str, cohort_id: int | None = None) -> str:
    """url_for, asked once a process: building five of them on every page costs 30 µs."""
    return url_for(endpoint, cohort_id=cohort_id) if cohort_id else url_for(endpoint)
