"""Pages of a cohort's actas: the list, one acta as it stands, and what is said before it is signed."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from hashlib import sha256

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actas import actions, queries
from lms.actas.actions import drafted
from lms.actas.closing import Desk
from lms.actas.queries import View
from lms.actas.rules import DECIDED, MEANS, STATES, Content, Decision, differences
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.foundation.errors import Reason
from lms.foundation.files import download as as_download
from lms.foundation.files import store
from lms.foundation.language import _, ngettext
from lms.foundation.logs import log
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import HOME_ZONE, Actor, May, Refused, Role, graded_modules, permits
from lms.seals.queries import ring

room = Room("actas", __name__)
HERE = "/cohortes/<int:cohort_id>/actas"
DEMONSTRATION = "Documento de demostración, sin valor."
KINDS = {"open": ("draft", _("Borrador")), "submitted": ("due", _("Por firmar")), "signed": ("due", _("Por cerrar")),
         "closed": ("done", _("Cerrada")), "rectified": ("revoked", _("Rectificada")),
         "annulled": ("revoked", _("Anulada"))}
WHY = {"running": _("Control en curso"), "marking": _("Por corregir"), "unreleased": _("Corregido, sin publicar"),
       "undecided": _("Sin nota: falta decir la situación")}


@room.get(HERE, allow=May.SEE_ACTAS)
def actas(cohort_id: int) -> ResponseReturnValue:
    cohort, programme = place(cohort_id)
    found: dict[str, list[View]] = {}
    for view in queries.of_cohort(session(), cohort_id):
        found.setdefault(view.acta.module, []).append(view)
    return render_template("actas/actas.html", cohort=cohort, programme=programme, found=found, KINDS=KINDS,
                           mine=my_modules(cohort_id), zone=HOME_ZONE)


@room.post(f"{HERE}/abrir", allow=May.PREPARE_ACTA)
def open_acta(cohort_id: int) -> ResponseReturnValue:
    cohort, programme = place(cohort_id)
    module = request.form.get("modulo", "")
    if not teaches(cohort_id, module):
        abort(404)
    with told():
        made = actions.open_acta(session(), me().person_id, now(), cohort, programme, module)
    return redirect(url_for("actas.acta", cohort_id=cohort_id, acta_id=made), 303)


@room.get(f"{HERE}/<int:acta_id>", allow=May.SEE_ACTAS)
def acta(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    cohort, programme = place(cohort_id)
    view = seen(cohort_id, acta_id)
    now_so = None if view.end else drafted(session(), cohort, programme, view)
    content = said(view) or (now_so.content if now_so else None)
    changed = differences(content, now_so.content) if content and now_so else ()
    if view.state == "rectified":
        changed = ()
    return render_template(
        "actas/acta.html", cohort=cohort, programme=programme, module=programme.module(view.acta.module), view=view,
        content=content, draft=now_so, changed=changed, stale=stale(view, now_so), KINDS=KINDS, WHY=WHY,
        STATES=STATES.get(cohort.country, STATES["CL"]), DECIDED=DECIDED, MEANS=MEANS, zone=HOME_ZONE,
        decisions=queries.decisions(session(), acta_id) if view.state == "open" or view.submission else {},
        names=people.by_id(session(), _named(view)), lacking=Counter(now_so.why.values()) if now_so else {},
        teaches=teaches(cohort_id, view.acta.module))


@room.post(f"{HERE}/<int:acta_id>/situaciones", allow=May.PREPARE_ACTA)
def decide(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    """Situation and attendance of each person who is named: `estado-17`, `asistencia-17` (per cent)."""
    cohort, _programme = place(cohort_id)
    writable(cohort_id, acta_id)
    with told():
        decided = [(person, _decision(person)) for person in _persons()]
        count = actions.decide(session(), me().person_id, now(), cohort, acta_id, decided)
    tell(ngettext("Guardada la situación de %d persona.", "Guardada la situación de %d personas.", count) % count
         if count else _("No había nada que cambiar."))
    return redirect(url_for("actas.acta", cohort_id=cohort_id, acta_id=acta_id), 303)


@room.post(f"{HERE}/<int:acta_id>/presentar", allow=May.PREPARE_ACTA)
def submit(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    cohort, programme = place(cohort_id)
    writable(cohort_id, acta_id)
    with told():
        actions.submit(session(), me().person_id, now(), cohort, programme, acta_id, current_app.config["URL"])
    tell(_("Acta presentada. Sus docentes recibieron un correo para firmarla."))
    return redirect(url_for("actas.acta", cohort_id=cohort_id, acta_id=acta_id), 303)


@room.get(f"{HERE}/<int:acta_id>.pdf", allow=May.SEE_ACTAS)
def download(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    """The bytes that were closed, or nothing: a file that was lost or has changed on disk is not handed out."""
    closed = seen(cohort_id, acta_id).closed or abort(404)
    try:
        content = store().read(closed.paper_sha256)
    except OSError:
        content = b""
    if sha256(content).hexdigest() != closed.paper_sha256:
        log.error("paper", extra={"facts": {"acta": acta_id, "error": "lost or changed on disk"}})
        abort(503, description=Reason(_("El archivo de esta acta no está en buen estado en el servidor. El registro "
                                        "sí. La oficina debe reponerlo desde un respaldo.")))
    return as_download(f"{closed.folio}.pdf", "pdf", len(content), closed.paper_sha256)


# What the other pages of the room ask too -----------------------------------------------------------------------------

def me() -> Actor:
    return current_actor() or abort(401)


def desk() -> Desk:
    return Desk(store(), ring(), current_app.config["URL"], DEMONSTRATION if current_app.config.get("DEMO") else "")


def place(cohort_id: int) -> tuple[CohortView, Programme]:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    return cohort, catalogue.programme(session(), cohort.edition_id)


def my_modules(cohort_id: int) -> frozenset[str] | None:
    """The modules whose actas this person may see and prepare; None: all."""
    posts = [p for p in me().posts if p.cohort_id in (None, cohort_id)]
    if any(p.role in (Role.OFFICE, Role.AUDITOR, Role.COORDINATOR) for p in posts):
        return None
    return graded_modules(me(), cohort_id)


def teaches(cohort_id: int, module: str) -> bool:
    mine = my_modules(cohort_id)
    return permits(me(), May.PREPARE_ACTA, cohort_id) and (mine is None or module in mine)


def seen(cohort_id: int, acta_id: int) -> View:
    """An acta this person may see, or 404."""
    view, mine = queries.one(session(), cohort_id, acta_id), my_modules(cohort_id)
    if view is None or mine is not None and view.acta.module not in mine:
        abort(404)
    return view


def writable(cohort_id: int, acta_id: int) -> View:
    view = seen(cohort_id, acta_id)
    return view if teaches(cohort_id, view.acta.module) else abort(404)


def said(view: View) -> Content | None:
    """What the acta says by now: what was closed, or what was last presented."""
    return view.closed.content if view.closed else view.submission.content if view.submission else None


def stale(view: View, now_so: object) -> bool:
    """Is what was presented no longer so?"""
    draft = getattr(now_so, "content", None)
    return bool(view.submission and not view.closed and draft and draft.digest != view.submission.sha256)


@contextmanager
def told() -> Iterator[None]:
    """What an action refuses is told to the person, and nothing is kept."""
    try:
        yield
    except Refused as why:
        abort(409, description=Reason(why.message))


def _named(view: View) -> list[int]:
    ids = [view.acta.opened_by, *([view.end.by] if view.end else [])]
    return [*ids, *([view.submission.submitted_by] if view.submission else [])]


def _persons() -> list[int]:
    found = (name.removeprefix("estado-") for name in request.form if name.startswith("estado-"))
    return [int(n) for n in found if n.isascii() and n.isdigit() and len(n) < 10]


def _decision(person_id: int) -> Decision:
    text = request.form.get(f"asistencia-{person_id}", "").strip().removesuffix("%").strip().replace(",", ".")
    if not text:
        return Decision(request.form[f"estado-{person_id}"])
    try:
        if len(text) > 6 or not text.isascii() or "e" in text.lower() or "/" in text or "_" in text:
            raise ValueError
        return Decision(request.form[f"estado-{person_id}"], Fraction(text) / 100)
    except ValueError:
        raise Refused(_("La asistencia se escribe en por ciento, de 0 a 100.")) from None
