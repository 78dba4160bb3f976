"""Pages of the register of agreements."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.exchange import actions, queries
from lms.exchange.actions import Paper, Party
from lms.exchange.forms import AgreementForm, EndForm, PaperForm, RenewForm, RoomForm
from lms.exchange.queries import AgreementView
from lms.exchange.rules import KINDS, LOOKS
from lms.foundation import files, sent
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import HOME_ZONE, May, Refused, permits, today

room = Room("exchange", __name__, url_prefix="/convenios")
PAGE = 50
LONGEST_SEARCH = 80


@room.get("", allow=May.SEE_AGREEMENTS)
def agreements() -> ResponseReturnValue:
    words = request.args.get("q", "")[:LONGEST_SEARCH]
    kind = request.args.get("estado", "")
    everything = queries.found(session(), now())
    rows = queries.chosen(everything, words, kind if kind in KINDS else "")
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, request.args.get("pagina", 1, type=int)), pages)
    counts = {k: sum(a.standing.kind == k for a in everything) for k in KINDS}
    return render_template("exchange/agreements.html", rows=rows[(number - 1) * PAGE:number * PAGE], count=len(rows),
                           number=number, pages=pages, words=words, kind=kind, KINDS=KINDS, LOOKS=LOOKS, counts=counts,
                           may_change=permits(current_actor(), May.CHANGE_AGREEMENTS))


@room.route("/nuevo", methods=["GET", "POST"], allow=May.CHANGE_AGREEMENTS)
def new() -> ResponseReturnValue:
    form = AgreementForm()
    choices = {"": _("Ninguna")} | {i.id: i.name for i in people.institutions(session())}
    for entry in form.parties:
        entry.form.institution.choices = choices
    if form.accepted():
        try:
            paper = _paper()
            made = actions.record(
                session(), current_actor().person_id, now(), title=form.title.data, object=form.object.data or "",
                signed_on=form.signed_on.data, starts_on=form.starts_on.data or form.signed_on.data,
                expires_on=form.expires_on.data, paper=paper, parties=[
                    Party(p.institution.data, p.signatory.data or "", p.office.data or "") for p in
                    (entry.form for entry in form.parties) if p.institution.data])
            return _back(made, _("Convenio registrado."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("exchange/new.html", form=form), 422 if form.faults else 200


@room.get("/<int:agreement_id>", allow=May.SEE_AGREEMENTS)
def agreement(agreement_id: int) -> ResponseReturnValue:
    return _page(agreement_id)


@room.post("/<int:agreement_id>/firmado", allow=May.CHANGE_AGREEMENTS)
def attach(agreement_id: int) -> ResponseReturnValue:
    _found(agreement_id)
    form = PaperForm()
    try:
        actions.attach(session(), current_actor().person_id, now(), agreement_id, _paper(needed=True))
        return _back(agreement_id, _("Convenio firmado adjuntado."))
    except Refused as refused:
        form.refuse(refused)
    return _page(agreement_id, form)


@room.route("/<int:agreement_id>/renovacion", methods=["GET", "POST"], allow=May.CHANGE_AGREEMENTS)
def renew(agreement_id: int) -> ResponseReturnValue:
    found, form = _found(agreement_id), RenewForm()
    if form.accepted():
        try:
            paper = _paper()
            actions.renew(session(), current_actor().person_id, now(), agreement_id, on=form.on.data,
                          expires_on=form.expires_on.data, reason=form.reason.data or "", paper=paper)
            return _back(agreement_id, _("Renovación registrada."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("exchange/change.html", form=form, found=found, title=_("Renovar"),
                           button=_("Registrar la renovación")), 422 if form.faults else 200


@room.route("/<int:agreement_id>/termino", methods=["GET", "POST"], allow=May.CHANGE_AGREEMENTS)
def end(agreement_id: int) -> ResponseReturnValue:
    found, form = _found(agreement_id), EndForm()
    if form.accepted():
        try:
            paper = _paper()
            actions.end(session(), current_actor().person_id, now(), agreement_id, on=form.on.data,
                        reason=form.reason.data, paper=paper)
            return _back(agreement_id, _("Término registrado. El convenio y sus documentos quedan a la vista."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("exchange/change.html", form=form, found=found, title=_("Dar por terminado"),
                           button=_("Registrar el término")), 422 if form.faults else 200


@room.get("/<int:agreement_id>/firmado", allow=May.SEE_AGREEMENTS)
def paper(agreement_id: int) -> ResponseReturnValue:
    found = _found(agreement_id)
    return _download(found.sha256, found.file_name)


@room.get("/<int:agreement_id>/cambios/<int:change_id>/firmado", allow=May.SEE_AGREEMENTS)
def change_paper(agreement_id: int, change_id: int) -> ResponseReturnValue:
    change = next((c for c in _found(agreement_id).changes if c.id == change_id), None) or abort(404)
    return _download(change.sha256, change.file_name)


def _found(agreement_id: int) -> AgreementView:
    return queries.agreement(session(), agreement_id, today(now())) or abort(404)


def _paper(needed: bool = False) -> Paper:
    """The signed PDF that came with the form, kept."""
    try:
        kept = sent.keep(request.files.get("file"), ("pdf",))
    except sent.Refused as why:
        raise Refused(str(why), "file") from None
    if needed and not kept.sha256:
        raise Refused(_("Elegir el archivo."), "file")
    return Paper(kept.sha256, kept.name)


def _download(digest: str, name: str) -> ResponseReturnValue:
    if not digest or not files.store().holds(digest):
        abort(404)
    return files.download(name, "pdf", len(files.store().read(digest)), digest)


def _back(agreement_id: int, message: str) -> ResponseReturnValue:
    tell(message)
    return redirect(url_for("exchange.agreement", agreement_id=agreement_id), 303)


def _page(agreement_id: int, form: RoomForm | None = None) -> ResponseReturnValue:
    found = _found(agreement_id)
    names = people.by_id(session(), {i for i in (found.recorded_by, *(c.recorded_by for c in found.changes)) if i})
    return render_template("exchange/agreement.html", found=found, form=form or PaperForm(None), names=names,
                           KINDS=KINDS, LOOKS=LOOKS, zone=HOME_ZONE,
                           may_change=permits(current_actor(), May.CHANGE_AGREEMENTS)), 422 if form else 200
