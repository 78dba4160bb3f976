"""The office's page of a cohort's other papers: enrolment, internships, and where transcripts are."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.certificates import actions, batches, queries
from lms.certificates.forms import IssueForm, LanguageForm
from lms.certificates.further import took_part
from lms.certificates.kinds import KINDS as KNOWN
from lms.certificates.routes import HERE, room, shop, told
from lms.certificates.rules import KINDS
from lms.certificates.snapshot import LANGUAGES
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import SIGNED_IN
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import HOME_ZONE, May, Refused, Role, today

MOST = 300                      # certificates that the page lists, the newest


@room.get(f"{HERE}/constancias", allow=May.SEE_CERTIFICATES)
def further(cohort_id: int) -> ResponseReturnValue:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    closed = shop().facts.closed(session(), cohort_id)
    issued = queries.of_cohort(session(), cohort_id, "internship") if closed else []
    held = {c.about: c for c in issued if not c.end}
    enrolled = [e.person_id for e in cohorts.enrolled(session(), cohort_id) if not e.withdrawn_at]
    register = queries.of_cohort(session(), cohort_id, "internship", "participation", "enrolment", most=MOST)
    return render_template(
        "certificates/further.html", cohort=cohort, closed=closed, held=held, KNOWN=KNOWN, KINDS=KINDS, zone=HOME_ZONE,
        LANGUAGES=LANGUAGES,
        register=register, enrolled=enrolled, took_part=_took_part(cohort),
        names=people.by_id(session(), [*enrolled, *(f.person_id for f in closed)]), form=LanguageForm(),
        over=today(now()) > cohort.ends_on, running=batches.running(session(), cohort_id))


@room.post(f"{HERE}/constancias/matricula", allow=May.ISSUE)
def issue_enrolment(cohort_id: int) -> ResponseReturnValue:
    """For one participant, at once."""
    cohort, form = cohorts.cohort(session(), cohort_id) or abort(404), LanguageForm()
    person = request.form.get("persona", type=int) or abort(404)
    if not form.accepted():
        abort(409, description=Reason(_("Elegir un idioma de la lista.")))
    tell(_("Constancia emitida: %(folio)s.") % {"folio": enrolment_of(cohort_id, person, form.language.data)})
    return redirect(url_for("certificates.further", cohort_id=cohort.id), 303)


@room.post(f"{HERE}/constancias/pasantias", allow=May.ISSUE)
def issue_internships(cohort_id: int) -> ResponseReturnValue:
    """For every closed placement the page showed without one: the worker's."""
    cohort, form = cohorts.cohort(session(), cohort_id) or abort(404), IssueForm()
    closed = {f.placement_id for f in shop().facts.closed(session(), cohort_id)}
    if not form.accepted() or not (chosen := [p for p in sorted(form.chosen) if p in closed]):
        abort(409, description=Reason(_("Nadie de esa lista está listo ahora. Volver a la lista: pudo emitirse ya.")))
    batch_id = batches.ask(session(), current_actor().person_id, now(), cohort.id, None, chosen, form.language.data,
                           "internship")
    return redirect(url_for("certificates.batch", cohort_id=cohort.id, batch_id=batch_id), 303)


@room.post(f"{HERE}/constancias/participacion", allow=May.ISSUE)
def issue_participation(cohort_id: int) -> ResponseReturnValue:
    """For those the page showed who took part to the end without passing: the worker's."""
    cohort, form = cohorts.cohort(session(), cohort_id) or abort(404), IssueForm()
    fit = _took_part(cohort)
    if not form.accepted() or not (chosen := [p for p in sorted(form.chosen) if p in fit]):
        abort(409, description=Reason(_("Nadie de esa lista está listo ahora. Volver a la lista: pudo emitirse ya.")))
    batch_id = batches.ask(session(), current_actor().person_id, now(), cohort.id, None, chosen, form.language.data,
                           "participation")
    return redirect(url_for("certificates.batch", cohort_id=cohort.id, batch_id=batch_id), 303)


@room.post("/mis-certificados/constancia", allow=SIGNED_IN)
def my_enrolment() -> ResponseReturnValue:
    """A participant takes the certificate of their own enrolment, at once; the same one again on the same day."""
    cohort_id = request.form.get("cohorte", type=int)
    if cohort_id not in current_actor().cohorts(Role.STUDENT):
        abort(404)
    language = request.form.get("language", "es")
    folio = enrolment_of(cohort_id, current_actor().person_id, language if language in LANGUAGES else "es")
    tell(_("Constancia emitida: %(folio)s.") % {"folio": folio})
    return redirect(url_for("certificates.mine"), 303)


def _took_part(cohort: CohortView) -> list[int]:
    """Who may be given a certificate of participation and never had one; nobody before the cohort has ended."""
    if today(now()) <= cohort.ends_on:
        return []
    had = {c.person_id for c in queries.of_cohort(session(), cohort.id, "participation")}
    return [p for p, why in took_part(session(), cohort, None, now()).items() if not why and p not in had]


def enrolment_of(cohort_id: int, person_id: int, language: str) -> str:
    """Its folio; what refuses it is told."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    with told():
        (made,) = actions.issue_enrolment(session(), shop(), current_actor().person_id, now(), cohort, [person_id],
                                          language)
        if made.certificate_id is None:
            raise Refused(made.problem)
    return queries.folio_of(session(), made.certificate_id)
