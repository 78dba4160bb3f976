"""One question of the bank: tried as a student would, its versions with what changed, where it is used."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import actions, finding, queries
from lms.bank.actions import Conflict
from lms.bank.describing import changes, described
from lms.bank.routes import CHANGE, SEE, may_change, me, room
from lms.bank.showing import shown
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import queries as people


@room.route("/banco/<int:question_id>", methods=["GET", "POST"], allow=SEE)
def question(question_id: int) -> ResponseReturnValue:
    """A POST is an answer to try: it is checked and told, and kept nowhere."""
    line = finding.line(session(), question_id) or abort(404)
    seed = request.values.get("semilla", 0, int) % 1_000_000
    sent = request.form.to_dict(flat=False) if request.form.get("hacer") == "comprobar" else None
    versions = queries.versions(session(), question_id)
    pairs = zip(versions, [*versions[1:], None], strict=True)
    return render_template(
        "bank/question.html", line=line, shown=shown(line.question, seed, sent), tree=queries.tree(session()),
        versions=[(v, changes(old.question, v.question) if old else []) for v, old in pairs],
        uses=[(use, _attempts(use)) for use in queries.uses(session(), question_id, line.category_id)],
        names=people.by_id(session(), {v.author_id for v in versions if v.author_id}), may_change=may_change())


def _attempts(use: queries.UseView) -> int | None:
    """How many attempts were begun while a quiz asked it: the rooms above know."""
    count = current_app.extensions.get("bank_attempts")
    return count(session(), use.cohort_id, use.module, use.used_at, use.ended_at) if count else None


@room.get("/banco/<int:question_id>/versiones/<int:number>", allow=SEE)
def version(question_id: int, number: int) -> ResponseReturnValue:
    line = finding.line(session(), question_id) or abort(404)
    found = next((v for v in queries.versions(session(), question_id) if v.number == number), None) or abort(404)
    earlier = queries.version(session(), question_id, number - 1)
    return render_template(
        "bank/version.html", line=line, version=found, lines=described(found.question),
        changes=changes(earlier, found.question) if earlier else [], preview=shown(found.question),
        author=people.by_id(session(), [found.author_id or 0]).get(found.author_id or 0), may_change=may_change())


@room.post("/banco/<int:question_id>/versiones/<int:number>/restaurar", allow=CHANGE)
def restore(question_id: int, number: int) -> ResponseReturnValue:
    line = finding.line(session(), question_id) or abort(404)
    if queries.version(session(), question_id, number) is None:
        abort(404)
    try:
        actions.restore(session(), me().person_id, now(), question_id, number,
                        request.form.get("sobre", line.latest, int))
    except Conflict:
        abort(409, description=Reason(_("Alguien guardó otra versión mientras tanto. Mirarla antes de restaurar.")))
    tell(_("Versión restaurada como versión nueva."))
    return redirect(url_for(".question", question_id=question_id), 303)


@room.post("/banco/<int:question_id>/retiro", allow=CHANGE)
def retire(question_id: int) -> ResponseReturnValue:
    if finding.line(session(), question_id) is None:
        abort(404)
    retired = request.form.get("hacer") != "volver"
    actions.retire(session(), me().person_id, now(), question_id, retired)
    tell(_("Pregunta retirada: no se usa en controles nuevos. Se conserva con sus versiones.") if retired else
         _("La pregunta volvió al banco."))
    return redirect(url_for(".question", question_id=question_id), 303)
