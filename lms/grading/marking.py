"""Pages of who marks: a piece of work with its rubric or points, and what to do when two marked it."""

from fractions import Fraction
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.actions import Conflict
from lms.attempts.queries import Narrow
from lms.attempts.rules import MarkFact
from lms.foundation import leaves
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import actions, claims, comments, desk, pins, policies, queue
from lms.grading.desk import Desk
from lms.grading.explanation import compared, exact, table
from lms.grading.forms import AnswerForm, MarkForm, RubricForm, answer_form, rubric_form
from lms.grading.papers import seen
from lms.grading.queue import Piece
from lms.grading.routes import room
from lms.people import current_actor
from lms.people import queries as people
from lms.people.queries import PersonView
from lms.people.rules import Actor, May, Role

KINDS = {"tarea": "task", "control": "quiz"}
KEPT = ("cohorte", "modulo", "clase", "pregunta", "estado", "orden")


@room.route("/cohortes/<int:cohort_id>/corregir/entregas/<int:submission_id>", methods=["GET", "POST"], allow=May.GRADE)
def mark_submission(cohort_id: int, submission_id: int) -> ResponseReturnValue:
    on = desk.submission_desk(session(), actor(), cohort_id, submission_id) or abort(404)
    newer = on.newer and request.method == "POST" and desk.submission_desk(session(), actor(), cohort_id, on.newer)
    if not newer:
        return _mark(on, form_of(on))
    form = form_of(newer)                       # a version came while this one was marked: nothing is lost
    form.based_on.data = str(newer.latest.id) if newer.latest else ""
    return page(newer, form, notice="superseded"), 409


@room.route("/cohortes/<int:cohort_id>/corregir/intentos/<int:attempt_id>/<question>", methods=["GET", "POST"],
            allow=May.GRADE)
def mark_answer(cohort_id: int, attempt_id: int, question: str) -> ResponseReturnValue:
    on = desk.answer_desk(session(), actor(), cohort_id, attempt_id, question) or abort(404)
    return _mark(on, form_of(on))


def form_of(on: Desk) -> MarkForm:
    if on.submission is None:
        return answer_form(on.out_of, on.latest)
    return rubric_form(on.task, on.latest, on.rubric_id, on.lines(on.latest.levels) if on.latest else None)


# Keeping a marking ----------------------------------------------------------------------------------------------------

def _mark(on: Desk, form: MarkForm) -> ResponseReturnValue:
    if request.method == "GET":
        return page(on, form)
    if on.role is None:
        abort(409, description=Reason(_("Este trabajo espera ahora la corrección de otra persona.")))
    if form.then.data in ("preview", "insert"):
        return _inserted(on, form)
    if not form.validate():
        return page(on, form), 422
    if form.choice.data == "theirs":
        tell(_("Queda la corrección que ya estaba. La suya no se guardó."), "locked")
        return _onward(on, form)
    if form.choice.data == "edit":
        theirs, form.based_on.data = on.latest, str(on.latest.id) if on.latest else ""
        return page(on, form, notice="edit", theirs=theirs)
    return _keep(on, form)


def _keep(on: Desk, form: MarkForm) -> ResponseReturnValue:
    try:
        kept = actions.mark(session(), actor().person_id, now(), on, form.opinion,
                            queue.institution(actor(), on.cohort.id))
    except Conflict as found:
        return _conflict(on, form, found.latest), 409
    undo = (url_for("grading.undo", cohort_id=on.cohort.id, tag=on.piece.tag), _("Deshacer")) if (
        kept and not on.role) else None
    tell(_said(on, form) if kept else _("No había cambios que guardar."), url=url(on.piece, {}),
         link=_("Ver o corregir lo guardado"), undo=undo)
    return _onward(on, form)


def _inserted(on: Desk, form: MarkForm) -> ResponseReturnValue:
    """The page again with nothing lost: comments put into the words, or the words as they will be read."""
    wanted = request.form.getlist("usar")
    known = {str(c.id): c.text for c in comments.comments(session(), on.subject, actor().person_id)}
    if form.then.data == "insert":
        form.feedback.data = "\n\n".join([t for t in [(form.feedback.data or "").strip()] if t]
                                         + [known[i] for i in wanted if i in known])
    return page(on, form, notice="preview" if form.then.data == "preview" else "")


def _said(on: Desk, form: MarkForm) -> str:
    """"Corrección de Ana Pérez guardada: 9 de 12 puntos"."""
    return _("Corrección de %(name)s guardada: %(points)s de %(most)s puntos.") % {
        "name": on.person.name, "points": exact(form.points), "most": exact(on.out_of)}


def _onward(on: Desk, form: MarkForm) -> ResponseReturnValue:
    """Back to the same work, or on to the next that waits in what the marker is going through."""
    if form.then.data != "next":
        return redirect(url(on.piece, narrowed()[1]), 303)
    return on_to(on.piece)


def on_to(here: Piece | None) -> ResponseReturnValue:
    """To the next piece that nobody else has in hands; on a POST the marker takes it."""
    wanted, kept = narrowed()
    order = kept.get("orden", "")
    others = {tag for tag, held in claims.held(session(), now(), [c for c, _ in queue.scopes(actor())]).items()
              if held.marker_id != actor().person_id}
    piece = queue.following(session(), actor(), wanted, order, queue.listed_as(here) if here else None, others)
    if piece is None or (here and piece.tag == here.tag):
        tell(_("No queda nada más por corregir aquí."))
        return redirect(url_for("grading.queue", **kept), 303)
    if request.method == "POST":
        claims.take(session(), actor().person_id, now(), piece.cohort_id, piece.tag)
    return redirect(url(piece, kept), 303)


def page(on: Desk, form: MarkForm, notice: str = "", theirs: MarkFact | None = None, pin: dict[str, str] | None = None
         ) -> str:
    """The desk. A comment half written stays in its place, unless the caller says what stands there (`pin`)."""
    kept, me = narrowed()[1], actor().person_id
    template = "grading/mark_task.html" if on.submission else "grading/mark_answer.html"
    shares = [on.share_of(Fraction(n)) for n in range(on.task.points + 1)] if on.submission else []
    held = claims.holder(session(), now(), on.piece.tag)
    holder = people.by_id(session(), [i for i in (held.marker_id, held.given_by) if i]) if held else {}
    typed = {n: v for n, v in request.form.items() if n[:4] == "pin_"} if request.form.get("pin_comment") else {}
    return render_template(
        template, desk=on, form=form, notice=notice, theirs=theirs, kept=kept, pin=typed if pin is None else pin,
        here_url=url(on.piece, kept),
        live=table(shares, policies.of(session(), on.cohort.id, on.cohort.country)),
        held=held if held and (held.marker_id != me or held.given_by) else None,
        holder=holder, bank=comments.comments(session(), on.subject, me), me=me, spots=pins.SPOTS,
        paragraphs=pins.paragraphs(on.text, on.pins),
        papers=seen(on.submission.files if on.submission else ()),
        leaf_pins=pins.by_leaf(on.pins), why_unseen=leaves.why_unseen, at_width=leaves.at_width,
        base=url_for("grading.queue") + "/" + quote(on.piece.tag, safe=""),
        others=colleagues(on.piece) if not on.newer else [])


def _conflict(on: Desk, form: MarkForm, latest: MarkFact) -> str:
    """Both markings side by side; whatever is chosen is a new marking on top of the latest."""
    mine, theirs = compared(form.opinion.feedback, latest.feedback)
    hidden = [(n, v) for n, v in request.form.items() if n[:1] in "cpn" and n[1:].isdigit()]
    return render_template(
        "grading/conflict.html", desk=on, form=form, latest=latest, mine=mine, theirs=theirs, kept=narrowed()[1],
        who=people.by_id(session(), [latest.marker_id or 0]).get(latest.marker_id or 0), now=now(),
        here_url=url(on.piece, narrowed()[1]), sent=hidden if isinstance(form, RubricForm) else [],
        ours=on.lines(form.levels), others=on.lines(latest.levels),
        written=form.given.written if isinstance(form, AnswerForm) else "")


def colleagues(piece: Piece) -> list[PersonView]:
    """Who else marks this module in this cohort."""
    found = people.holders(session(), Role.INSTRUCTOR, piece.cohort_id)
    return [p for p, post in found if post.module in (None, piece.module) and p.id not in (
        actor().person_id, piece.person_id)]


# Where one is ---------------------------------------------------------------------------------------------------------

def actor() -> Actor:
    return current_actor() or abort(403)


def narrowed() -> tuple[Narrow, dict[str, Any]]:
    """What of the queue the URL asks for, and the part of the URL that says so."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    if kept.get("orden") not in ("persona", "llegada"):
        kept.pop("orden", None)
    cohort = request.args.get("cohorte", type=int)
    cohort = cohort if cohort is None or abs(cohort) < 1 << 31 else 0
    return Narrow(cohort, kept.get("modulo", ""), KINDS.get(kept.get("clase", ""), ""), kept.get("pregunta", ""),
                  kept.get("estado", "")), kept


def url(piece: Piece, kept: dict[str, Any]) -> str:
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
