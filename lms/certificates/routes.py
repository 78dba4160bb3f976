"""The office's pages: who may be given a certificate, issuing, revoking and replacing."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from flask import Flask, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.certificates import actions, batches, papers, queries
from lms.certificates.actions import Shop
from lms.certificates.forms import IssueForm, ReplaceForm, RevokeForm
from lms.certificates.queries import CertificateView, Standing
from lms.certificates.rules import KINDS
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion.rules import lacking
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.foundation.errors import Reason
from lms.foundation.files import download as as_download
from lms.foundation.files import store
from lms.foundation.language import _
from lms.foundation.logs import log
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import HOME_ZONE, May, Refused, today
from lms.seals.queries import latest, ring, standings

room = Room("certificates", __name__)
HERE = "/cohortes/<int:cohort_id>/certificados"
AGAIN = 2                       # seconds after which the page of a running batch asks again
DEMONSTRATION = "Documento de demostración, sin valor."      # on every paper of a demonstration


@room.get(HERE, allow=May.SEE_CERTIFICATES)
def certificates(cohort_id: int) -> ResponseReturnValue:
    cohort, programme, module = place(cohort_id)
    standing = queries.standing(session(), cohort, programme, module)
    names = people.by_id(session(), [*standing.verdicts, *(c.person_id for c in standing.register)])
    counts = _counts(standing, module)
    asked = request.args.get("ver", "")
    tab = asked if asked in counts else next((t for t in counts if counts[t]), "listos")
    return render_template(
        "certificates/certificates.html", cohort=cohort, programme=programme, module=module, standing=standing,
        names=names, counts=counts, tab=tab, lacking=lacking, zone=HOME_ZONE,
        running=batches.running(session(), cohort_id))


@room.route(f"{HERE}/emitir", methods=["GET", "POST"], allow=May.ISSUE)
def issue(cohort_id: int) -> ResponseReturnValue:
    cohort, programme, module = place(cohort_id)
    standing = queries.standing(session(), cohort, programme, module)
    one = request.values.get("persona", type=int)
    if one is not None and one not in standing.verdicts:
        abort(404)
    form = IssueForm()
    if request.method == "GET":
        return _confirm(cohort, programme, module, standing, one, form)
    if not form.accepted():
        return _confirm(cohort, programme, module, standing, one, form), 422
    if one:
        with told():
            actions.issue(session(), shop(), current_actor().person_id, now(), cohort, programme, one, module,
                          form.language.data)
        tell(_("1 certificado emitido."))
        return redirect(_list(cohort.id, module, "emitidos"), 303)
    ready = [p for p in standing.groups.ready if p in form.chosen]
    if not ready:
        abort(409, description=Reason(_("Nadie de esa lista está listo ahora. Volver a la lista: pudo emitirse ya.")))
    batch_id = batches.ask(session(), current_actor().person_id, now(), cohort.id, module, ready,
                           form.language.data)
    return redirect(url_for("certificates.batch", cohort_id=cohort.id, batch_id=batch_id), 303)


@room.get(f"{HERE}/lotes/<int:batch_id>", allow=May.SEE_CERTIFICATES)
def batch(cohort_id: int, batch_id: int) -> ResponseReturnValue:
    """How far the worker is. The page asks again by itself until all have an outcome; closing it stops nothing."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    found = batches.batch(session(), batch_id, cohort_id) or abort(404)
    closed = shop().facts.closed(session(), cohort_id) if found.kind == "internship" else ()
    placed = {f.placement_id: f.person_id for f in closed}
    names = people.by_id(session(), [placed.get(p, p) for p in found.people])
    back = (url_for("certificates.further", cohort_id=cohort_id) if found.kind else
            _list(cohort_id, found.module, "emitidos"))
    page = make_response(render_template(
        "certificates/batch.html", cohort=cohort, batch=found, back=back,
        called={p: names[placed.get(p, p)].formal for p in found.people if placed.get(p, p) in names}))
    if not found.finished:
        page.headers["Refresh"] = str(AGAIN)
    return page


@room.get(f"{HERE}.zip", allow=May.SEE_CERTIFICATES)
def everything(cohort_id: int) -> ResponseReturnValue:
    """The papers of a cohort that hold today, with a list of them."""
    cohort, _programme, module = place(cohort_id)
    issued = queries.of_cohort(session(), cohort_id, "module" if module else "final")
    kept = [c for c in issued if c.end is None and c.module == module]
    if not kept:
        abort(404)
    latest = {o: one.latest for o, one in standings(session(), [c.sha256 for c in kept]).items()}
    response = Response(papers.packed(store(), kept, latest), mimetype="application/zip")
    name = f"certificados-{cohort.code}{'-' + module if module else ''}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@room.route(f"{HERE}/<int:certificate_id>/anular", methods=["GET", "POST"], allow=May.ISSUE)
def revoke(cohort_id: int, certificate_id: int) -> ResponseReturnValue:
    cohort, certificate = _held(cohort_id, certificate_id)
    form = RevokeForm()
    if form.accepted():
        with told():
            actions.revoke(session(), current_actor().person_id, now(), cohort_id, certificate_id, form.reason.data,
                           current_app.config["URL"])
        tell(_("Certificado %(folio)s anulado.") % {"folio": certificate.folio})
        return redirect(back_to(certificate, "terminados"), 303)
    return render_template("certificates/revoke.html", cohort=cohort, certificate=certificate,
                           form=form, back=back_to(certificate)), 422 if form.errors else 200


@room.route(f"{HERE}/<int:certificate_id>/reemplazar", methods=["GET", "POST"], allow=May.ISSUE)
def replace(cohort_id: int, certificate_id: int) -> ResponseReturnValue:
    cohort, certificate = _held(cohort_id, certificate_id)
    form = ReplaceForm()
    if form.accepted():
        programme = catalogue.programme(session(), cohort.edition_id)
        with told():
            made = actions.replace(session(), shop(), current_actor().person_id, now(), cohort, programme,
                                   certificate_id, form.reason.data)
        new = queries.one(session(), cohort_id, made)
        tell(_("Se emitió %(new)s, que reemplaza a %(old)s.") % {"new": new.folio, "old": certificate.folio})
        return redirect(back_to(certificate), 303)
    name, confirmed = people.certificate_name(session(), certificate.person_id)
    return render_template(
        "certificates/replace.html", cohort=cohort, certificate=certificate, form=form, name=name,
        back=back_to(certificate), confirmed=confirmed,
        document=people.document(session(), certificate.person_id, cohort.country)), 422 if form.errors else 200


@room.get(f"{HERE}/<int:certificate_id>.pdf", allow=May.SEE_CERTIFICATES)
def download(cohort_id: int, certificate_id: int) -> ResponseReturnValue:
    return paper_of(queries.one(session(), cohort_id, certificate_id) or abort(404))


def shop() -> Shop:
    """What issuing needs of this installation."""
    return shop_of(current_app)


def shop_of(app: Flask) -> Shop:
    """The same, where there is no request."""
    return Shop(app.extensions["files"], app.config["URL"], ring(app), DEMONSTRATION if app.config.get("DEMO") else "",
                stamping=app.extensions["stamping"], facts=app.extensions["certificate_facts"])


def paper_of(certificate: CertificateView) -> Response:
    """The bytes that were issued (with their last time stamp, where there is one), or nothing: a file that was lost or
    has changed on disk is not handed out."""
    digest = latest(session(), certificate.sha256)
    try:
        content = store().read(digest)
    except OSError:
        content = b""
    if sha256(content).hexdigest() != digest:
        log.error("paper", extra={"facts": {"certificate": certificate.id, "error": "lost or changed on disk"}})
        abort(503, description=Reason(_(
            "El archivo de este certificado no está en buen estado en el servidor. El registro sí: la verificación "
            "funciona. La oficina debe reponerlo desde un respaldo.")))
    return as_download(f"{certificate.folio}.pdf", "pdf", len(content), digest)


@contextmanager
def told() -> Iterator[None]:
    """What an action refuses is told to the person, and nothing is kept."""
    try:
        yield
    except Refused as why:
        abort(409, description=Reason(why.message))


def _counts(standing: Standing, module: str | None) -> dict[str, int]:
    """How many stand under each tab; a module has no requirements to be a step away from."""
    ended, groups = sum(c.end is not None for c in standing.register), standing.groups
    counts = {"listos": len(groups.ready) + len(groups.again), "paso": len(groups.step),
              "pendientes": len(groups.pending), "emitidos": len(standing.register) - ended, "terminados": ended}
    return {tab: n for tab, n in counts.items() if tab != "paso" or not module}


def place(cohort_id: int) -> tuple[CohortView, Programme, str | None]:
    """Where we are: the cohort, its programme, and the module asked for (None: the diploma)."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    module = request.values.get("modulo") or None
    if module and not programme.module(module):
        abort(404)
    return cohort, programme, module


def _held(cohort_id: int, certificate_id: int) -> tuple[CohortView, CertificateView]:
    """A certificate that can still be ended."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    return cohort, standing_one(queries.one(session(), cohort_id, certificate_id) or abort(404))


def standing_one(certificate: CertificateView) -> CertificateView:
    """A page that ends a certificate is not shown of one that has ended; of one sent twice the action says so."""
    if certificate.end and request.method == "GET":
        abort(409, description=Reason(_("El certificado %(folio)s ya fue anulado o reemplazado.")
                                      % {"folio": certificate.folio}))
    return certificate


def _confirm(cohort: CohortView, programme: Programme, module: str | None, standing: Standing,
             one: int | None, form: IssueForm) -> ResponseReturnValue:
    """What is about to be issued, to whom, and who is left out and why."""
    groups = standing.groups
    ready = [one] if one else list(groups.ready)
    form.people.data = ",".join(map(str, ready))
    out = [] if one else [*groups.again, *groups.step, *groups.pending]
    return render_template(
        "certificates/issue.html", cohort=cohort, programme=programme, module=module, form=form, one=one, ready=ready,
        groups=groups, out=out, verdicts=standing.verdicts, names=people.by_id(session(), [*ready, *out]),
        printed={p: people.certificate_name(session(), p) for p in ready},
        documents={p: people.document(session(), p, cohort.country) for p in ready}, lacking=lacking, KINDS=KINDS,
        declared=people.documents(session(), ready, cohort.country, declared=True),
        signatories=cohorts.signatories(session(), cohort.id, today(now())), today=today(now()))


def back_to(certificate: CertificateView, tab: str = "emitidos") -> str:
    """The list a certificate stands in."""
    if certificate.cohort_id is None:
        return url_for("certificates.seminar", seminar_id=int(certificate.about.rpartition(":")[2]))
    if certificate.kind in ("final", "module"):
        return _list(certificate.cohort_id, certificate.module, tab)
    return url_for("certificates.further", cohort_id=certificate.cohort_id)


def _list(cohort_id: int, module: str | None, tab: str) -> str:
    return url_for("certificates.certificates", cohort_id=cohort_id, modulo=module, ver=tab)
