"""What cannot be taken back: signing, closing, annulling and rectifying. The first two ask for the password again."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actas import actions, closing, heads, queries, witnesses
from lms.actas.actions import drafted
from lms.actas.forms import AnnulForm, CloseForm, RectifyForm, SignForm
from lms.actas.queries import View
from lms.actas.routes import HERE, desk, me, place, room, said, seen, stale, told
from lms.actas.rules import STATES
from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import afterwards, database, keep, session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import actions as people
from lms.people.rules import HOME_ZONE, May
from lms.seals.queries import ring

WRONG = _("No es su contraseña.")


@room.route(f"{HERE}/<int:acta_id>/firma", methods=["GET", "POST"], allow=May.SIGN_ACTA)
def sign(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    cohort, programme = place(cohort_id)
    view, form = seen(cohort_id, acta_id), SignForm()
    if form.accepted() and confirmed(form):
        with told():
            actions.sign(session(), me().person_id, now(), cohort, programme, acta_id, form.seen.data or "",
                         current_app.config["URL"])
        tell(_("Acta firmada."))
        return redirect(url_for("actas.acta", cohort_id=cohort_id, acta_id=acta_id), 303)
    return _page("sign", cohort, view, form)


@room.route(f"{HERE}/<int:acta_id>/cierre", methods=["GET", "POST"], allow=May.CLOSE_ACTA)
def close(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    cohort, programme = place(cohort_id)
    view, form = seen(cohort_id, acta_id), CloseForm()
    if form.accepted() and confirmed(form):
        with told():
            closing.close(session(), desk(), me().person_id, now(), cohort, programme, acta_id, form.book.data or "",
                          form.page.data or "")
        given = queries.last(session())
        witnesses.plan(session(), current_app, now())
        afterwards(keep_head)
        tell(_("Acta cerrada con el folio %(folio)s.") % {"folio": given.folio if given else ""})
        return redirect(url_for("actas.acta", cohort_id=cohort_id, acta_id=acta_id), 303)
    return _page("close", cohort, view, form)


@room.route(f"{HERE}/<int:acta_id>/anulacion", methods=["GET", "POST"], allow=May.CLOSE_ACTA)
def annul(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    view, form = seen(cohort_id, acta_id), AnnulForm()
    if form.accepted():
        with told():
            actions.annul(session(), me().person_id, now(), cohort, acta_id, form.reason.data or "",
                          current_app.config["URL"])
        tell(_("Acta anulada."))
        return redirect(url_for("actas.actas", cohort_id=cohort_id), 303)
    return _page("annul", cohort, view, form)


@room.route(f"{HERE}/<int:acta_id>/rectificacion", methods=["GET", "POST"], allow=May.CLOSE_ACTA)
def rectify(cohort_id: int, acta_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    view, form = seen(cohort_id, acta_id), RectifyForm()
    if form.accepted():
        with told():
            made = actions.rectify(session(), me().person_id, now(), cohort, acta_id, form.reason.data or "",
                                   form.resolution.data or "")
        tell(_("Acta rectificatoria abierta: ya se puede corregir la nota. Después, presentarla y firmarla."))
        return redirect(url_for("actas.acta", cohort_id=cohort_id, acta_id=made), 303)
    return _page("rectify", cohort, view, form)


def confirmed(form: SignForm | CloseForm) -> bool:
    """The password of who acts, looked at before anything is written."""
    if people.confirm_password(session(), me().person_id, form.password.data or "", now(), request.remote_addr or "",
                               keep):
        return True
    form.password.errors = [*form.password.errors, WRONG]
    return False


def keep_head() -> None:
    """After the commit: the new end of the chain goes into the file beside the database."""
    with database().reading() as opened:
        if found := heads.head(opened, ring(), now()):
            heads.keep(current_app.config["INSTANCE"] / "actas", found)


def _page(name: str, cohort: CohortView, view: View, form: Any) -> ResponseReturnValue:
    """The question before the deed, with all it is about."""
    _cohort, programme = place(cohort.id)
    now_so = None if view.end or view.closed else drafted(session(), cohort, programme, view)
    if isinstance(form, SignForm):
        form.seen.data = view.submission.sha256 if view.submission else ""
    return render_template(
        f"actas/{name}.html", cohort=cohort, view=view, form=form, content=said(view), draft=now_so,
        module=programme.module(view.acta.module), stale=stale(view, now_so), zone=HOME_ZONE, actor_id=me().person_id,
        STATES=STATES.get(cohort.country, STATES["CL"])), 422 if form.faults else 200
