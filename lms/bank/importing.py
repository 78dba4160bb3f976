"""Pages of an import: choose a file, see what was understood of it, choose what to take, undo it."""


from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import forms, queries, taking_in
from lms.bank.models import BankImport
from lms.bank.routes import CHANGE, SEE, may_change, me, room
from lms.catalogue import actions as catalogue
from lms.catalogue import formats
from lms.catalogue.formats import FORMATS, Parcel
from lms.catalogue.kinds import KINDS
from lms.foundation import carried
from lms.foundation.clock import now
from lms.foundation.database import let_go, session
from lms.foundation.files import store
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.people import queries as people

LARGEST = 30 << 20              # bytes of a file of questions


@room.route("/banco/importar", methods=["GET", "POST"], allow=CHANGE)
def import_file() -> ResponseReturnValue:
    """Without a file, where to choose it; with one, what would be taken. Nothing is written yet but the file itself."""
    if request.method == "POST":
        return _received()
    mark = request.args.get("archivo", "")
    if not mark:
        return _choose()
    parcel, _digest = _carried(mark)
    found = taking_in.candidates(session(), parcel, near=True)
    return render_template(
        "bank/preview.html", parcel=parcel, candidates=found, loose=taking_in.loose(parcel), mark=mark, KINDS=KINDS,
        format=FORMATS.get(parcel.format), choices=forms.category_choices(queries.tree(session())),
        category=request.args.get("categoria", 0, int), paths=sorted({c.question.category for c in found} - {""}))


@room.post("/banco/importar/confirmar", allow=CHANGE)
def confirm_import() -> ResponseReturnValue:
    mark = request.form.get("archivo", "")
    parcel, digest = _carried(mark)
    chosen = set(request.form.getlist("tomar", int))
    category = request.form.get("categoria", 0, int)
    if not chosen or (category and category not in queries.tree(session()).by_id):
        tell(_("Falta marcar qué preguntas importar."), "late")
        return redirect(url_for(".import_file", archivo=mark), 303)
    shown = {m.sha256: m.name for q in parcel.questions for m in q.media}
    if parcel.media:
        catalogue.keep_media(session(), store(), now(), dict(parcel.media), shown)
    made, many = taking_in.take_in(session(), me().person_id, now(), parcel, digest, chosen, category,
                                   request.form.get("categorias") == "archivo")
    tell(ngettext("%(num)d pregunta agregada.", "%(num)d preguntas agregadas.", many) % {"num": many})
    return redirect(url_for(".batch", import_id=made), 303)


@room.get("/banco/importaciones/<int:import_id>", allow=SEE)
def batch(import_id: int) -> ResponseReturnValue:
    made = _import(import_id)
    who = {i for i in (made.author_id, made.undone_by) if i}
    return render_template("bank/batch.html", batch=made, standing=taking_in.standing(session(), import_id),
                           names=people.by_id(session(), who), may_change=may_change())


@room.route("/banco/importaciones/<int:import_id>/deshacer", methods=["GET", "POST"], allow=CHANGE)
def undo_import(import_id: int) -> ResponseReturnValue:
    made = _import(import_id)
    if request.method == "GET" and not made.undone_at:
        many = taking_in.standing(session(), import_id)
        return render_template("bank/undo.html", title=_("Deshacer una importación"), words=ngettext(
            "%(num)d pregunta se retira del banco. Se conserva, y los controles que ya la usan no cambian.",
            "%(num)d preguntas se retiran del banco. Se conservan, y los controles que ya las usan no cambian.",
            many) % {"num": many})
    if request.method == "POST":
        ended = taking_in.undo(session(), me().person_id, now(), import_id)
        tell(_("Esta importación ya se había deshecho.") if ended is None else
             ngettext("%(num)d pregunta retirada.", "%(num)d preguntas retiradas.", ended) % {"num": ended})
    return redirect(url_for(".batch", import_id=import_id), 303)


def _received() -> ResponseReturnValue:
    """A file just sent: kept when questions can be read from it, else refused with what to do."""
    let_go()
    sent = carried.sent(LARGEST, _("Dividirlo y enviarlo por partes."))
    if sent.file is None:
        return _choose(sent.fault, sent.remedy), sent.status
    name = sent.file.name
    parcel = formats.read(name, sent.file.content)
    if not parcel.questions:
        return render_template("bank/import.html", fault=_("No se encontraron preguntas en «%(name)s».") % {
            "name": name}, remedy="", notices=parcel.notices[:50], FORMATS=FORMATS), 422
    return redirect(url_for(".import_file", archivo=carried.keep("bank", me().person_id, sent.file),
                            categoria=request.form.get("categoria", None, int)), 303)


def _choose(fault: str = "", remedy: str = "") -> str:
    return render_template("bank/import.html", fault=fault, remedy=remedy, notices=(), FORMATS=FORMATS)


def _carried(mark: str) -> tuple[Parcel, str]:
    file = carried.bring("bank", me().person_id, mark)
    return formats.read(file.name, file.content), file.sha256


def _import(import_id: int) -> BankImport:
    return taking_in.found(session(), import_id) or abort(404)
