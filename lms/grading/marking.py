"""Pages of who marks: the queue, a piece of work with its rubric or points, and what to do when two marked it."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.attempts.actions import Conflict
from lms.attempts.rules import MarkFact
from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere
from lms.foundation.files import download
from lms.foundation.language import _, clock_time, local, short_date
from lms.foundation.pages import tell
from lms.foundation.walltime import place
from lms.grading import actions, desk, queries, queue
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
    return render_template(
        "grading/queue.html", queue=found, shown=shown, groups=_groups(found), number=number, wanted=wanted, now=now(),
        rows=_rows(found, shown.page(number), kept), first=_url(shown.pieces[0], kept) if shown.pieces else "",
        page_url=lambda n: url_for("grading.queue", **kept, pagina=n))


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


class Row(NamedTuple):
    """A piece as a line of the queue: what a template would ask for thirty times over, asked here."""
    url: str
    who: str                    # "Pérez Soto, Ana"
    what: str                   # "G2, control, pregunta 4"
    cohort: str
    day: str                    # received, in the cohort's time
    clock: str                  # "22:00 h Chile"
    late: int
    open: bool                  # another version may still come


def _rows(found: Queue, pieces: Sequence[Piece], kept: dict[str, Any]) -> list[Row]:
    names = people.by_id(session(), [p.person_id for p in pieces])
    present, called = now(), {(p.cohort_id, p.module, p.question): "" for p in pieces}
    for cohort_id, module, question in called:
        called[cohort_id, module, question] = _called(found.cohorts[cohort_id], module, question)
    rows = []
    for p in pieces:
        cohort = found.cohorts[p.cohort_id]
        at = local(p.handed_in_at, cohort.time_zone)
        rows.append(Row(
            _url(p, kept), names[p.person_id].formal, called[p.cohort_id, p.module, p.question], cohort.code,
            short_date(at), f"{clock_time(at)} {place(cohort.time_zone)}", p.late,
            p.item == "task" and p.due_at is not None and p.due_at > present))
    return rows


class Group(NamedTuple):
    """What waits of one module's tasks or answers in one cohort."""
    url: str                    # of its first piece, the rest to follow
    module: str
    what: str                   # "G1, tarea"
    cohort: str
    number: int
    due: str
    open: bool


def _groups(found: Queue) -> list[Group]:
    groups, words = [], {"task": _("%(code)s, tarea"), "quiz": _("%(code)s, control")}
    for p, count in found.groups:
        cohort, kind = found.cohorts[p.cohort_id], "tarea" if p.item == "task" else "control"
        groups.append(Group(
            _url(p, {"cohorte": p.cohort_id, "modulo": p.module, "clase": kind}), p.module,
            words[p.item] % {"code": p.module}, cohort.code, count,
            short_date(local(p.due_at, cohort.time_zone)) if p.due_at else "", bool(p.due_at and p.due_at > now())))
    return groups


def _called(cohort: CohortView, module: str, question: str) -> str:
    if not question:
        return _("%(code)s, tarea") % {"code": module}
    quiz = queries.quiz_of(session(), cohort.edition_id, module)
    numbers = {q.id: n for n, q in enumerate(quiz.questions, 1)} if quiz else {}
    return _("%(code)s, control, pregunta %(n)s") % {"code": module, "n": numbers.get(question, question)}


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
    where = _base(piece.item, piece.cohort_id) + str(piece.id)
    if piece.question:
        where += f"/{quote(piece.question, safe='')}"
    return f"{where}?{urlencode(kept)}" if kept else where


@lru_cache(1024)
def _base(item: str, cohort_id: int) -> str:
    """The address of a piece up to its number: url_for costs 20 microseconds, and a page has thirty."""
    if item == "task":
        return url_for("grading.mark_submission", cohort_id=cohort_id, submission_id=0).removesuffix("0")
    return url_for("grading.mark_answer", cohort_id=cohort_id, attempt_id=0, question="x").removesuffix("0/x")
