"""The office's page of a seminar's certificates of attendance: who may be given one, issuing, ending, the archive."""

from flask import Response, abort, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.certificates import actions, batches, papers, queries
from lms.certificates.facts import AttendanceFacts
from lms.certificates.forms import IssueAttendanceForm, ReplaceForm, RevokeForm
from lms.certificates.further import unattended
from lms.certificates.queries import CertificateView
from lms.certificates.routes import AGAIN, back_to, paper_of, room, shop, standing_one, told
from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.errors import Reason
from lms.foundation.files import store
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people.rules import HOME_ZONE, May, today
from lms.seals.queries import standings

HERE = "/seminarios/<int:seminar_id>/certificados"


@room.get(HERE, allow=May.SEE_CERTIFICATES)
def seminar(seminar_id: int) -> ResponseReturnValue:
    register = queries.of_seminar(session(), seminar_id)
    known = _known(seminar_id, bool(register))
    ready, held = _ready(known, register), _held(known, register)
    form = IssueAttendanceForm()
    form.people.data = ",".join(str(f.registration_id) for f in ready)
    return render_template(
        "certificates/seminar.html", seminar_id=seminar_id, title=_title(known, register), known=known, ready=ready,
        held=held, register=register, form=form, unattended=unattended, zone=HOME_ZONE,
        signatories=cohorts.signatories(session(), None, today(now())),
        running=batches.running(session(), None, f"seminar:{seminar_id}"))


@room.post(f"{HERE}/emitir", allow=May.ISSUE)
def issue_attendance(seminar_id: int) -> ResponseReturnValue:
    """For those the page showed and who still have none; the worker does it."""
    form, register = IssueAttendanceForm(), queries.of_seminar(session(), seminar_id)
    ready = {f.registration_id for f in _ready(_known(seminar_id, bool(register)), register)}
    if not form.accepted() or not (chosen := [r for r in sorted(form.chosen) if r in ready]):
        abort(409, description=Reason(_("Nadie de esa lista está listo ahora. Volver a la lista: pudo emitirse ya.")))
    batch_id = batches.ask(session(), current_actor().person_id, now(), None, None, chosen, form.language.data,
                           "attendance", f"seminar:{seminar_id}")
    return redirect(url_for("certificates.seminar_batch", seminar_id=seminar_id, batch_id=batch_id), 303)


@room.get(f"{HERE}/lotes/<int:batch_id>", allow=May.SEE_CERTIFICATES)
def seminar_batch(seminar_id: int, batch_id: int) -> ResponseReturnValue:
    found = batches.batch(session(), batch_id, about=f"seminar:{seminar_id}") or abort(404)
    known = shop().facts.attended(session(), seminar_id, now(), "es")
    page = make_response(render_template("certificates/batch.html", cohort=None, batch=found, seminar_id=seminar_id,
                                         called={f.registration_id: f.name for f in known}, zone=HOME_ZONE,
                                         back=url_for("certificates.seminar", seminar_id=seminar_id)))
    if not found.finished:
        page.headers["Refresh"] = str(AGAIN)
    return page


@room.get(f"{HERE}.zip", allow=May.SEE_CERTIFICATES)
def seminar_papers(seminar_id: int) -> ResponseReturnValue:
    kept = [c for c in queries.of_seminar(session(), seminar_id) if c.end is None]
    if not kept:
        abort(404)
    latest = {o: one.latest for o, one in standings(session(), [c.sha256 for c in kept]).items()}
    response = Response(papers.packed(store(), kept, latest), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="certificados-seminario-{seminar_id}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@room.get(f"{HERE}/<int:certificate_id>.pdf", allow=May.SEE_CERTIFICATES)
def seminar_paper(seminar_id: int, certificate_id: int) -> ResponseReturnValue:
    return paper_of(_one(seminar_id, certificate_id))


@room.route(f"{HERE}/<int:certificate_id>/anular", methods=["GET", "POST"], allow=May.ISSUE)
def revoke_attendance(seminar_id: int, certificate_id: int) -> ResponseReturnValue:
    certificate, form = standing_one(_one(seminar_id, certificate_id)), RevokeForm()
    if form.accepted():
        with told():
            actions.revoke(session(), current_actor().person_id, now(), None, certificate_id, form.reason.data,
                           current_app.config["URL"], shop().facts)
        tell(_("Certificado %(folio)s anulado.") % {"folio": certificate.folio})
        return redirect(back_to(certificate), 303)
    return render_template("certificates/revoke.html", cohort=None, certificate=certificate, form=form,
                           back=back_to(certificate)), 422 if form.errors else 200


@room.route(f"{HERE}/<int:certificate_id>/reemplazar", methods=["GET", "POST"], allow=May.ISSUE)
def replace_attendance(seminar_id: int, certificate_id: int) -> ResponseReturnValue:
    certificate, form = standing_one(_one(seminar_id, certificate_id)), ReplaceForm()
    if form.accepted():
        with told():
            made = actions.replace(session(), shop(), current_actor().person_id, now(), None, None, certificate_id,
                                   form.reason.data)
        tell(_("Se emitió %(new)s, que reemplaza a %(old)s.")
             % {"new": queries.folio_of(session(), made), "old": certificate.folio})
        return redirect(back_to(certificate), 303)
    return render_template("certificates/replace.html", cohort=None, certificate=certificate, form=form, name=None,
                           document=None, confirmed=True, back=back_to(certificate)), 422 if form.errors else 200


def _known(seminar_id: int, issued: bool) -> list[AttendanceFacts]:
    found = list(shop().facts.attended(session(), seminar_id, now(), "es"))
    return found if found or issued else abort(404)


def _held(known: list[AttendanceFacts], register: list[CertificateView]) -> dict[int, CertificateView]:
    """Registration -> its certificate that holds."""
    by_holder = {c.holder: c for c in register if not c.end and c.holder}
    by_person = {c.person_id: c for c in register if not c.end and c.person_id}
    found = {f.registration_id: by_holder.get(f"registration:{f.registration_id}") or by_person.get(f.person_id or 0)
             for f in known}
    return {number: one for number, one in found.items() if one}


def _ready(known: list[AttendanceFacts], register: list[CertificateView]) -> list[AttendanceFacts]:
    """Who attended enough and never had one; whose was revoked is not given another with the rest."""
    had = {c.holder for c in register if c.holder} | {f"person:{c.person_id}" for c in register if c.person_id}
    return [f for f in known if not unattended(f) and f"registration:{f.registration_id}" not in had
            and f"person:{f.person_id}" not in had]


def _title(known: list[AttendanceFacts], register: list[CertificateView]) -> str:
    return known[0].title if known else register[0].snapshot.programme


def _one(seminar_id: int, certificate_id: int) -> CertificateView:
    found = queries.one(session(), None, certificate_id)
    return found if found and found.about == f"seminar:{seminar_id}" else abort(404)
