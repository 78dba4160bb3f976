"""The pages about one cohort that the office, coordinators, instructors and auditors move among."""

from flask import current_app, url_for

from lms.foundation.language import _
from lms.people.rules import Actor, May, permits

PAGES = (           # endpoint, who may, words; a page of a room that is not installed is left out
    ("cohorts.roster", May.SEE_ROSTER, "Nómina"), ("cohorts.calendar", May.SEE_COHORT, "Calendario"),
    ("gradebook.book", May.SEE_GRADEBOOK, "Notas"), ("completion.overall", May.SEE_PROGRESS, "Avance"),
    ("grading.assessments", May.SEE_STATISTICS, "Evaluaciones"), ("grading.release", May.RELEASE, "Publicar notas"),
    ("actas.actas", May.SEE_ACTAS, "Actas"), ("internships.placements", May.SEE_PLACEMENTS, "Pasantías"),
    ("credits.ledger", May.SEE_LEDGER, "Créditos"), ("certificates.certificates", May.SEE_CERTIFICATES, "Certificados"),
    ("grading.cohort_scales", May.SEE_COHORT, "Escalas"), ("cohorts.settings", May.SEE_COHORT, "Datos"))


def cohort_tabs(actor: Actor, cohort_id: int) -> list[tuple[str, str, str]]:
    """(endpoint, words, url) of what this person may open of this cohort."""
    return [(endpoint, _(words), url_for(endpoint, cohort_id=cohort_id)) for endpoint, allowed, words in PAGES
            if endpoint in current_app.view_functions and permits(actor, allowed, cohort_id)]
