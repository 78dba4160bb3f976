"""Pages of who marks: the queue, a piece of work with its rubric or points, and what to do when two marked it."""

from fractions import Fraction
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.attempts.actions import Conflict
from lms.attempts.rules import MarkFact
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere
from lms.foundation.files import download
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import actions, desk, queue
from lms.grading.desk import Desk
from lms.grading.explanation import compared, exact, table
from lms.grading.forms import AnswerForm, MarkForm, RubricForm, answer_form, rubric_form
from lms.grading.queue import Narrowed, Piece, Queue
from lms.grading.routes import room
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import Actor, May, graded_modules

KINDS = {"tarea": "task", "control": "quiz"}


@room.get("/por-corregir", endpoint="queue", allow=Anywhere(May.GRADE))
def waiting() -> ResponseReturnValue:
    found = queue.queue(session(), _actor())
    wanted, kept = _narrowed()
    shown = found.narrowed(wanted)
    number = min(max(request.args.get("pagina", 1, type=int), 1), shown.pages)
    pieces = shown.page(number)
    return render_template(
        "grading/queue.html", queue=found, shown=shown, pieces=pieces, number=number, wanted=wanted, kept=kept,
        names=people.by_id(session(), [p.person_id for p in pieces]), programmes=_programmes(found), url_of=_url,
        now=now(), page_url=lambda n: url_for("grading.queue", **kept, pagina=n))


@room.get("/por-corregir/siguiente", allow=Anywhere(May.GRADE))
def following() -> ResponseReturnValue:
    """The next piece after the one named by `tras`, wherever it waits."""
    found = queue.queue(session(), _actor()).narrowed(_narrowed()[0])
    here = next((p.key for p in found.pieces if p.tag == request.args.get("tras")), None)
    return _on_to(found.after(here), request.args.get("tras", ""))


@room.route("/cohortes/<int:cohort_id>/corregir/entregas/<int:submission_id>", methods=["GET", "POST"], allow=May.GRADE)
def mark_submission(cohort_id: int, submission_id: int) -> ResponseReturnValue:
    on = desk.submission_desk(session(), _actor(), cohort_id, submission_id) or abort(404)
    newer = on.newer and request.method == "POST" and desk.submission_desk(session(), _actor(), cohort_id, on.newer)
    if not newer:
        return _mark(on, rubric_form(on.task, on.latest))
    form = rubric_form(newer.task, newer.latest)            # a version came while this one was marked: nothing is lost
    form.based_on.data = str(newer.latest.id) if newer.latest else ""
    return _page(newer, form, notice="superseded"), 409


@room.route("/cohortes/<int:cohort_id>/corregir/intentos/<int:attempt_id>/<question>", methods=["GET", "POST"],
            allow=May.GRADE)
def mark_answer(cohort_id: int, attempt_id: int, question: str) -> ResponseReturnValue:
    on = desk.answer_desk(session(), _actor(), cohort_id, attempt_id, question) or abort(404)
    return _mark(on, answer_form(on.out_of, on.latest))


@room.get("/cohortes/<int:cohort_id>/corregir/archivos/<int:file_id>", allow=May.GRADE)
def file(cohort_id: int, file_id: int) -> ResponseReturnValue:
    modules = graded_modules(_actor(), cohort_id)
    paper = attempts.paper(session(), cohort_id, file_id, modules=modules) or abort(404)
    return download(paper.name, paper.kind, paper.size, paper.sha256)


# Keeping a marking ----------------------------------------------------------------------------------------------------

def _mark(on: Desk, form: MarkForm) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(on, form)
    if not form.validate():
        return _page(on, form), 422
    if form.choice.data == "theirs":
        tell(_("Queda la corrección que ya estaba. La suya no se guardó."), "locked")
        return _onward(on, form)
    if form.choice.data == "edit":
        theirs, form.based_on.data = on.latest, str(on.latest.id) if on.latest else ""
        return _page(on, form, notice="edit", theirs=theirs)
    try:
        kept = actions.mark(session(), _actor().person_id, now(), on, form.opinion)
    except Conflict as found:
        return _conflict(on, form, found.latest), 409
    said = _said(on, form) if kept else _("No había cambios que guardar.")
    tell(said, url=_url(on.piece, {}), link=_("Ver o corregir lo guardado"))
    return _onward(on, form)


def _said(on: Desk, form: MarkForm) -> str:
    """"Corrección de Ana Pérez guardada: 9 de 12 puntos"."""
    return _("Corrección de %(name)s guardada: %(points)s de %(most)s puntos.") % {
        "name": on.person.name, "points": exact(form.points), "most": exact(on.out_of)}


def _onward(on: Desk, form: MarkForm) -> ResponseReturnValue:
    """Back to the same work, or on to the next that waits in what the marker is going through."""
    if form.then.data != "next":
        return redirect(_url(on.piece, _narrowed()[1]), 303)
    found = queue.queue(session(), _actor()).narrowed(_narrowed()[0])
    return _on_to(found.after(on.piece.key), on.piece.tag)


def _on_to(piece: Piece | None, here: str) -> ResponseReturnValue:
    kept = _narrowed()[1]
    if piece is None or piece.tag == here:
        tell(_("No queda nada más por corregir aquí."))
        return redirect(url_for("grading.queue", **kept), 303)
    return redirect(_url(piece, kept), 303)


def _page(on: Desk, form: MarkForm, notice: str = "", theirs: MarkFact | None = None) -> str:
    kept = _narrowed()[1]
    page = "grading/mark_task.html" if on.submission else "grading/mark_answer.html"
    shares = [on.share_of(Fraction(n)) for n in range(on.task.points + 1)] if on.submission else []
    return render_template(page, desk=on, form=form, notice=notice, theirs=theirs, kept=kept,
                           here_url=_url(on.piece, kept), live=table(shares, on.cohort.country))


def _conflict(on: Desk, form: MarkForm, latest: MarkFact) -> str:
    """Both markings side by side; whatever is chosen is a new marking on top of the latest."""
    mine, theirs = compared(form.opinion.feedback, latest.feedback)
    return render_template(
        "grading/conflict.html", desk=on, form=form, latest=latest, mine=mine, theirs=theirs, kept=_narrowed()[1],
        who=people.by_id(session(), [latest.marker_id or 0]).get(latest.marker_id or 0), now=now(),
        here_url=_url(on.piece, _narrowed()[1]), chosen=form.chosen if isinstance(form, RubricForm) else [],
        written=form.given.written if isinstance(form, AnswerForm) else "")


# Where one is ---------------------------------------------------------------------------------------------------------

def _actor() -> Actor:
    return current_actor() or abort(403)


def _narrowed() -> tuple[Narrowed, dict[str, Any]]:
    """What of the queue the URL asks for, and the part of the URL that says so."""
    kept = {name: request.args[name] for name in ("cohorte", "modulo", "clase") if request.args.get(name)}
    cohort = request.args.get("cohorte", type=int)
    return Narrowed(cohort, kept.get("modulo", ""), KINDS.get(kept.get("clase", ""), "")), kept


def _url(piece: Piece, kept: dict[str, Any]) -> str:
    if piece.item == "task":
        return url_for("grading.mark_submission", cohort_id=piece.cohort_id, submission_id=piece.id, **kept)
    return url_for("grading.mark_answer", cohort_id=piece.cohort_id, attempt_id=piece.id, question=piece.question,
                   **kept)


def _programmes(found: Queue) -> dict[int, Programme]:
    return {c.id: catalogue.programme(session(), c.edition_id) for c in found.cohorts.values()}
