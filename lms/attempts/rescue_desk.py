"""Where an instructor takes a student's file of answers that could not be sent, looks into it, and decides."""

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import arrivals, forms, gates, queries, rescuing, rules, sealing
from lms.attempts.gates import room
from lms.attempts.rescuing import Seen
from lms.attempts.rules import Sitting
from lms.attempts.sealing import Unreadable
from lms.catalogue.kinds import KINDS
from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.people import queries as people
from lms.people.rules import May, graded_modules

LEAST_REASON, MOST_REASON = 10, 500     # characters
NOTHING: dict[str, Any] = {"sitting": None, "quiz": None, "decided": (), "persons": {}, "why": "", "seen": None,
                           "content": "", "fault": "", "reason": "", "wanted": None, "KINDS": KINDS}
WHY = {
    "not_ours": _("No es un archivo de rescate. Es el que ofrece la página del control con «Guardar en un archivo»."),
    "other_attempt": _("Es de otro intento. Recibirlo en la página de ese intento."),
    "other_person": _("Es de otra persona: no corresponde a quien rindió este intento."),
    "altered": _("El archivo fue alterado o está incompleto: su sello no corresponde. Pedir a quien rindió que lo "
                 "guarde otra vez desde su equipo."),
    "running": _("El intento sigue abierto: las respuestas se envían solas desde la página del control."),
    "abandoned": _("El intento quedó abandonado: este control pide entregar antes de que termine el tiempo, y sus "
                   "respuestas no cuentan. Si hubo una razón, se puede dar otro intento en «Excepciones»."),
    "decided": _("Ya se decidió sobre este archivo. La decisión figura abajo."),
    "received": _("Todo lo que trae ya está recibido: no hay nada que agregar."),
    "other_past": _("Continúa una serie de respuestas que este intento no tiene. No se puede aceptar."),
    "not_yours": _("Es de un intento que no está entre los que usted corrige en esta cohorte."),
    "settled": _("El acta ya se cerró: no se agregan respuestas."),
}


@room.route("/rescate", methods=["GET", "POST"], allow=May.GRADE)
def rescue_any(cohort_id: int) -> ResponseReturnValue:
    """A file whose attempt one does not know: it says so itself."""
    if request.method == "GET":
        return _blank(cohort_id)
    found = sealing.attempt_of(_sent())
    if found is None or _attempt(cohort_id, found) is None:
        return _blank(cohort_id, WHY["not_ours"] if found is None else WHY["not_yours"]), 422
    return _desk(cohort_id, found)


@room.route("/intentos/<int:attempt_id>/rescate", methods=["GET", "POST"], allow=May.GRADE)
def rescue(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    return _desk(cohort_id, attempt_id)


def _blank(cohort_id: int, why: str = "") -> str:
    return render_template("attempts/rescue.html", cohort=cohorts.cohort(session(), cohort_id) or abort(404),
                           **{**NOTHING, "why": why})


def _desk(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    sitting = _attempt(cohort_id, attempt_id, hold=request.method == "POST") or abort(404)
    if request.method == "GET":
        return _page(sitting)
    content = _sent()
    quiz = gates.asked(sitting)[0]
    try:
        seen = _opened(sitting, content)
    except Unreadable as refused:
        return _page(sitting, why=WHY[refused.why]), 422
    if "decision" not in request.form:
        return _page(sitting, seen=seen, content=content.decode())
    reason = forms.text(request.form.get("motivo", ""))
    offered = {line.sent.key for line in seen.new if line.sent}
    wanted = [key for key in request.form.getlist("respuesta") if key in offered]
    fault = _fault(reason, request.form["decision"], wanted)
    if fault:
        return _page(sitting, seen=seen, content=content.decode(), fault=fault, reason=reason, wanted=wanted), 422
    accepted = wanted if request.form["decision"] == "aceptar" else []
    count = rescuing.decide(session(), gates.me().person_id, now(), sitting, quiz, seen, accepted, reason)
    handed_in = bool(count) and rules.accepting(sitting, quiz.time_up) == "hand_in"
    tell(_("Las respuestas se agregaron y el intento quedó entregado.") if handed_in else
         ngettext("Se agregó %(num)d respuesta al intento.", "Se agregaron %(num)d respuestas al intento.", count)
         % {"num": count} if count else _("El archivo quedó rechazado, con su motivo."))
    return redirect(url_for(".rescue", cohort_id=cohort_id, attempt_id=attempt_id), 303)


def _opened(sitting: Sitting, content: bytes) -> Seen:
    opened = sealing.opened(content, current_app.config["SECRET_KEY"], sitting.person_id, sitting.id)
    if any(settled(session(), sitting) for settled in current_app.extensions["settled"]):
        raise Unreadable("settled")
    return rescuing.look(session(), sitting, gates.asked(sitting)[0], opened)


def _fault(reason: str, decision: str, wanted: list[str]) -> str:
    if decision == "aceptar" and not wanted:
        return _("Marcar al menos una respuesta para aceptar, o rechazar el archivo.")
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        return _("Escribir el motivo, en una o dos frases: lo lee también quien rindió.")
    return ""


def _sent() -> bytes:
    file = request.files.get("archivo")
    if file is None:
        return request.form.get("sellado", "").encode("utf-8", "replace")
    file.stream.seek(0)
    return file.stream.read(sealing.LONGEST + 1)


def _attempt(cohort_id: int, attempt_id: int, hold: bool = False) -> Sitting | None:
    """An attempt of a module this instructor marks."""
    sitting = queries.attempt(session(), cohort_id, attempt_id)
    modules = graded_modules(gates.me(), cohort_id)
    if sitting is None or modules is not None and sitting.module not in modules:
        return None
    return queries.sitting(session(), cohort_id, sitting.person_id, attempt_id, hold=True) if hold else sitting


def _page(sitting: Sitting, **more: object) -> str:
    quiz, _module = gates.asked(sitting)
    decided = arrivals.decisions(session(), sitting.id)
    persons = people.by_id(session(), {sitting.person_id, *(d.decided_by for d in decided)})
    return render_template("attempts/rescue.html", cohort=cohorts.cohort(session(), sitting.cohort_id),
                           **{**NOTHING, "sitting": sitting, "quiz": quiz, "decided": decided, "persons": persons,
                              **more})
