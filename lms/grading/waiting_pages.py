"""The queue of who marks: what waits, in whose hands it is; taking a piece, leaving it, handing it over."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries as attempts
from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere
from lms.foundation.language import _, clock_time, local, short_date
from lms.foundation.pages import tell
from lms.foundation.walltime import place
from lms.grading import claims, queries, queue
from lms.grading.claims import Held
from lms.grading.marking import actor, colleagues, narrowed, on_to, url
from lms.grading.queue import BLIND, PAGE, Piece, Queue
from lms.grading.routes import room
from lms.people import queries as people
from lms.people.rules import May

NEEDS = {"mark": "Sin corregir", "look": "Otra mirada", "second": "Segunda corrección", "third": "Tercera corrección",
         "talk": "Acordar la nota"}


@room.get("/por-corregir", endpoint="queue", allow=Anywhere(May.GRADE))
def waiting() -> ResponseReturnValue:
    wanted, kept = narrowed()
    order = kept.get("orden", "")
    found = queue.queue(session(), actor(), order)
    exact = wanted.question or wanted.need
    some = found.matching(wanted)
    many = attempts.count(session(), queue.reach(actor()), wanted) if exact else sum(n for _, n in some)
    pages = max(-(-many // PAGE), 1)
    number = min(max(request.args.get("pagina", 1, type=int), 1), pages)
    listed = attempts.page(session(), queue.reach(actor()), wanted, order, PAGE, (number - 1) * PAGE) if found else []
    pieces = [queue.piece_of(one) for one in listed]
    held = claims.held(session(), now(), list(found.cohorts)) if found else {}
    rows = _rows(found, pieces, kept, held)
    first = url(some[0][0], kept) if some and not exact else rows[0].url if rows else ""
    return render_template(
        "grading/queue.html", queue=found, groups=_groups(found), number=number, pages=pages, wanted=wanted, now=now(),
        rows=rows, first=first, asked=_asked(found, wanted.question), order=order, kept=kept, needs=NEEDS, many=many,
        page_url=lambda n: url_for("grading.queue", **kept, pagina=n))


@room.get("/por-corregir/siguiente", allow=Anywhere(May.GRADE))
def following() -> ResponseReturnValue:
    """The next piece after the one named by `tras`, wherever it waits."""
    return on_to(_piece(request.args.get("tras", "")))


@room.post("/por-corregir/<tag>/tomar", allow=Anywhere(May.GRADE))
def take(tag: str) -> ResponseReturnValue:
    """Have a piece in hands, so that nobody marks it at the same time; a script is told who has it instead."""
    piece = _piece(tag) or abort(404)
    other = claims.take(session(), actor().person_id, now(), piece.cohort_id, tag)
    if request.accept_mimetypes.best == "application/json":
        return {"taken": other is None}
    return redirect(url(piece, narrowed()[1]), 303)


@room.post("/por-corregir/<tag>/soltar", allow=Anywhere(May.GRADE))
def leave(tag: str) -> ResponseReturnValue:
    """Leave a piece for later or for others, and go on with the next."""
    piece = _piece(tag)
    claims.leave(session(), now(), tag, "left", actor().person_id)
    return on_to(piece)


@room.post("/por-corregir/<tag>/pasar", allow=Anywhere(May.GRADE))
def hand_over(tag: str) -> ResponseReturnValue:
    """Give a piece to a colleague who marks the same, with a word of why."""
    piece = _piece(tag) or abort(404)
    to = next((p for p in colleagues(piece) if str(p.id) == request.form.get("a")), None)
    if to is None:
        tell(_("Elegir a quién pasarlo. No se pasó nada."), "late")
        return redirect(url(piece, narrowed()[1]), 303)
    note = request.form.get("nota", "").replace("\0", "").strip()[:500]
    claims.hand_over(session(), actor().person_id, now(), piece.cohort_id, tag, to.id, note)
    tell(_("Lo tiene ahora %(name)s.") % {"name": to.name})
    return on_to(piece)


def _piece(tag: str) -> Piece | None:
    """A piece on the list, if it is for this marker."""
    found = attempts.listed(session(), queue.reach(actor()), tag.replace("\0", "")[:100]) if tag else None
    return queue.piece_of(found) if found else None


class Row(NamedTuple):
    """A piece as a line of the queue: what a template would ask for thirty times over, asked here."""
    url: str
    who: str                    # "Pérez Soto, Ana", or "Trabajo 7F3K"
    what: str                   # "G2, control, pregunta 4"
    cohort: str
    day: str                    # received, in the cohort's time
    clock: str                  # "22:00 h Chile"
    late: int
    open: bool                  # another version may still come
    need: str
    held: str                   # "Irma Ñuñez, desde las 15:03 h"
    note: str = ""              # handed over to this marker with these words


def _rows(found: Queue, pieces: Sequence[Piece], kept: dict[str, Any], held: dict[str, Held]) -> list[Row]:
    hands = {p.tag: held[p.tag] for p in pieces if p.tag in held}
    names = people.by_id(session(), [p.person_id for p in pieces] + [
        i for h in hands.values() for i in (h.marker_id, h.given_by) if i])
    places = {(p.cohort_id, p.module, p.item, p.question) for p in pieces}
    called = {where: _called(found.cohorts[where[0]], where[1], where[3]) for where in places}
    blind = {where[:3]: queue.anonymous(session(), found.cohorts[where[0]], where[1], where[2]) for where in places}
    rows, present, me = [], now(), actor().person_id
    for p in pieces:
        cohort = found.cohorts[p.cohort_id]
        at = local(p.handed_in_at, cohort.time_zone)
        hidden = p.need in BLIND or blind[p.cohort_id, p.module, p.item]
        hand = hands.get(p.tag)
        taken = _("%(name)s, desde las %(at)s") % {
            "name": _("Otra persona") if p.need in BLIND else names[hand.marker_id].name,
            "at": clock_time(local(hand.claimed_at, cohort.time_zone))} if hand and hand.marker_id != me else ""
        given = hand.given_by if hand and hand.marker_id == me else None
        rows.append(Row(
            url(p, kept), _("Trabajo %(code)s") % {"code": queue.code(p.tag)} if hidden else names[p.person_id].formal,
            called[p.cohort_id, p.module, p.item, p.question], cohort.code,
            short_date(at), f"{clock_time(at)} {place(cohort.time_zone)}", p.late,
            p.item == "task" and p.due_at is not None and p.due_at > present, NEEDS[p.need] if p.need != "mark" else "",
            taken, f"{names[given].name}: {hand.note}" if hand and given else ""))
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
            url(p, {"cohorte": p.cohort_id, "modulo": p.module, "clase": kind}), p.module,
            words[p.item] % {"code": p.module}, cohort.code, count,
            short_date(local(p.due_at, cohort.time_zone)) if p.due_at else "", bool(p.due_at and p.due_at > now())))
    return groups


def _asked(found: Queue, chosen: str) -> list[tuple[str, str]]:
    """The questions one may go through alone: (its name in the address, "G2, pregunta 4"). One asked of several modules
    or cohorts is one line; the chosen one stays on offer when nothing of it is left."""
    waits = attempts.questions(session(), queue.reach(actor())) if any(
        p.item == "quiz" for p, _many in found.groups) else []
    words: dict[str, dict[str, None]] = {chosen: {}} if chosen else {}
    for cohort_id, module, question in waits:
        number = _number(found.cohorts[cohort_id], module, question)
        words.setdefault(question, {})[_("%(code)s, pregunta %(n)s") % {"code": module, "n": number}] = None
    return [(question, "; ".join(said) or question) for question, said in words.items()]


def _called(cohort: CohortView, module: str, question: str) -> str:
    if not question:
        return _("%(code)s, tarea") % {"code": module}
    return _("%(code)s, control, pregunta %(n)s") % {"code": module, "n": _number(cohort, module, question)}


def _number(cohort: CohortView, module: str, question: str) -> int | str:
    """Its place in the quiz as the edition has it; of a question of the bank its own name."""
    quiz = queries.quiz_of(session(), cohort.edition_id, module)
    return next((n for n, q in enumerate(quiz.questions, 1) if q.id == question), question) if quiz else question
