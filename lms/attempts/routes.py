"""Where a student takes a quiz and hands in a task."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import actions, answering, attaching, attachments, forms, gates, handing_in, paging, queries, rules
from lms.attempts.actions import Refused
from lms.attempts.behaviours import BEHAVIOURS, plain
from lms.attempts.gates import Entry, Taking, room
from lms.attempts.paging import Turned
from lms.attempts.queries import Version
from lms.attempts.rules import Given, Refusal, Sitting
from lms.attempts.saving import Closed
from lms.attempts.steps import steps_of
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Task
from lms.foundation import leaves
from lms.foundation.clock import arrived, now
from lms.foundation.database import let_go, session
from lms.foundation.files import download, store
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people.rules import May

# A quiz ---------------------------------------------------------------------------------------------------------------

@room.route("/modulos/<module>/control", methods=["GET", "POST"], allow=May.ANSWER)
def quiz(cohort_id: int, module: str) -> ResponseReturnValue:
    """What the quiz is and how many attempts are left; a POST begins one, or goes on with the one that runs."""
    entry = gates.entry(cohort_id, module, quiz=True)
    if request.method == "GET":
        return _front(entry)
    try:
        sitting = actions.start(session(), entry.actor.person_id, now(), entry.cohort, entry.module, entry.locked,
                                request.form.get("clave", "")[:200], entry.plan)
    except Refused as no:
        wrong = no.refusal if no.refusal.why in ("password", "incomplete") else None
        return _front(entry, wrong), 422 if wrong and wrong.why == "password" else 409
    return redirect(url_for(".attempt", cohort_id=cohort_id, attempt_id=sitting.id), 303)


def _front(entry: Entry, wrong: Refusal | None = None) -> str:
    quiz, tried = entry.quiz, entry.tried
    return render_template(
        "attempts/quiz.html", entry=entry, quiz=quiz, plan=entry.plan, tried=tried, running=rules.running(tried),
        now=now(), wrong=wrong, how=BEHAVIOURS[quiz.behaviour],
        refusal=rules.may_start(entry.locked, entry.window.quiz_due, quiz.attempts, tried, now(), quiz.wait_minutes),
        bell=rules.bell(now(), quiz.minutes, entry.window.quiz_due), rung=rules.rung,
        minutes_left=answering.minutes_left, told_end=rules.told_end, minute=rules.MINUTE)


@room.get("/intentos/<int:attempt_id>", allow=May.ANSWER)
def attempt(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """A page of questions."""
    taking = gates.taking(cohort_id, attempt_id)
    if taking.sitting.over:
        return redirect(_abandoned(taking.sitting) if taking.sitting.abandoned else _review(taking.sitting))
    given = queries.given(session(), attempt_id)
    if rules.rung(taking.sitting, now()):
        return _rung(taking, given)
    steps = None if plain(taking.quiz) else steps_of(session(), [attempt_id])[attempt_id]
    leaf = answering.leaf(taking.sitting, taking.quiz, given, request.args.get("pagina", 1, int), steps)
    wanted = paging.number(request.args, "otra")
    other = queries.answer(session(), attempt_id, wanted) if wanted else None
    return render_template("attempts/attempt.html", taking=taking, leaf=leaf, now=now(), other=other, KINDS=KINDS,
                           saved_at=max((g.saved_at for g in given.values()), default=None),
                           minutes=answering.minutes_left(taking.sitting, now()))


@room.post("/intentos/<int:attempt_id>", allow=May.ANSWER)
def save_page(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """The way without script: keep what the page changed and go where the button says."""
    added = _files(cohort_id, attempt_id) if request.files else []
    taking = gates.taking(cohort_id, attempt_id, hold=True)
    try:
        turned = paging.keep(session(), taking.sitting, taking.quiz, _sheaf(taking, added), now())
    except Closed:
        return _rung(taking, queries.given(session(), attempt_id), unsaved=True), 409
    if turned.refused:
        tell(_("En este control no se vuelve atrás: esa página ya pasó y no se cambió nada en ella."), "locked")
    return redirect(_next(taking, turned), 303)


def _files(cohort_id: int, attempt_id: int) -> list[tuple[str, str]]:
    """Keep the files of a page before its attempt is held: nobody else's save has to wait for them."""
    taking = gates.taking(cohort_id, attempt_id)
    if not rules.open_for_answers(taking.sitting, now()):
        return []
    let_go()
    added, faults = attaching.kept(taking.quiz, paging.number(request.form, "pagina"))
    for fault in faults:
        tell(fault, "late")
    return added


def _sheaf(taking: Taking, added: list[tuple[str, str]]) -> paging.Sheaf:
    sent = paging.sheaf(taking.quiz, request.form, added)
    if not attaching.places(taking.quiz, sent.page):
        return sent
    return replace(sent, answers=attachments.honest_page(
        session(), taking.sitting.id, taking.quiz, sent.answers, [value for _name, value in added]))


def _next(taking: Taking, turned: Turned) -> str:
    """Where the button pressed leads; back to the same page where two devices gave two answers."""
    ids = {"cohort_id": taking.cohort.id, "attempt_id": taking.sitting.id}
    if turned.others:
        question, other = next(iter(turned.others.items()))
        number = next(n for n, q in forms.numbered(taking.quiz) if q.id == question)
        return url_for(".attempt", **ids, pagina=turned.page, otra=other.id, _anchor=f"p{number}")
    if turned.stays or turned.refused:
        return url_for(".attempt", **ids, pagina=turned.page, _anchor=f"p{turned.number}" if turned.number else None)
    aim, number = request.form.get("ir", "fin")[:1], request.form.get("ir", "fin")[1:]
    if not number.isdecimal() or len(number) > 4 or aim not in "pq":
        return url_for(".hand_in_quiz", **ids)
    wanted = rules.page_of(taking.quiz, int(number)) if aim == "q" else int(number)
    return url_for(".attempt", **ids, pagina=paging.turn(session(), taking.sitting, taking.quiz, wanted),
                   _anchor=f"p{number}" if aim == "q" else None)


@room.route("/intentos/<int:attempt_id>/entrega", methods=["GET", "POST"], allow=May.ANSWER)
def hand_in_quiz(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """What is answered and what is not, before handing in; a POST hands in, once."""
    if request.method == "POST":
        sitting = gates.own(cohort_id, attempt_id, hold=True)
        if not actions.submit(session(), sitting.person_id, now(), sitting):
            return redirect(_abandoned(sitting), 303)
        return redirect(_review(sitting), 303)
    taking = gates.taking(cohort_id, attempt_id)
    if taking.sitting.over or rules.rung(taking.sitting, now()):
        return redirect(url_for(".attempt", cohort_id=cohort_id, attempt_id=attempt_id))
    given = queries.given(session(), attempt_id)
    squares = answering.squares(taking.quiz, {question: answer.value for question, answer in given.items()})
    return render_template("attempts/hand_in.html", taking=taking, squares=squares, now=now(),
                           saved_at=max((g.saved_at for g in given.values()), default=None),
                           minutes=answering.minutes_left(taking.sitting, now()))


def _rung(taking: Taking, given: dict[str, Given], unsaved: bool = False) -> str:
    squares = answering.squares(taking.quiz, {question: answer.value for question, answer in given.items()})
    return render_template("attempts/rung.html", taking=taking, squares=squares, unsaved=unsaved, now=now())


def _review(sitting: Sitting) -> str:
    return url_for("grading.review", cohort_id=sitting.cohort_id, attempt_id=sitting.id)


def _abandoned(sitting: Sitting) -> str:
    return url_for(".quiz", cohort_id=sitting.cohort_id, module=sitting.module)


# A task ---------------------------------------------------------------------------------------------------------------

@room.get("/modulos/<module>/tarea", allow=May.ANSWER)
def task(cohort_id: int, module: str) -> ResponseReturnValue:
    """What is asked, by which rubric, until when, and what was handed in so far."""
    return _task(gates.entry(cohort_id, module), handing_in.Offer())


@room.post("/modulos/<module>/tarea", allow=May.ANSWER)
def hand_in(cohort_id: int, module: str) -> ResponseReturnValue:
    """Take a version of the task. It is as late as its first byte."""
    entry, moment = gates.entry(cohort_id, module), arrived()
    if _refusal(entry, moment)[0]:
        return _task(entry, handing_in.Offer(forms.text(request.form.get("texto", "")))), 409
    offer = handing_in.look_at(entry.task, forms.text(request.form.get("texto", "")), request.files.getlist("archivos"))
    if offer.faults:
        return _task(entry, offer), 422
    let_go()                            # storing 30 MB takes a while: nobody else's save has to wait for it
    papers = handing_in.keep(store(), entry.task, offer.files)
    submission_id = actions.hand_in(session(), entry.actor.person_id, moment, entry.cohort, entry.module,
                                    entry.rules.late.days, entry.locked, offer.text, papers,
                                    entry.rules if entry.window.rules else None)
    tell(_("Entrega recibida."))
    return redirect(url_for(".receipt", cohort_id=cohort_id, submission_id=submission_id), 303)


def _task(entry: Entry, offer: handing_in.Offer) -> str:
    versions = queries.versions(session(), entry.cohort.id, entry.actor.person_id, entry.module.code)
    late_days = entry.rules.late.days
    refusal, due = _refusal(entry, now(), versions)
    return render_template(
        "attempts/task.html", entry=entry, task=_task_now(entry), offer=offer, versions=versions,
        papers=queries.papers(session(), [v.id for v in versions]) if versions else {},
        kinds=handing_in.kinds(entry.task), now=now(), due=due, late=rules.days_late(now(), due),
        last=rules.last_moment(due, late_days), days_late=rules.days_late,
        refusal=refusal)


def _task_now(entry: Entry) -> Task:
    """The task with the rubric that counts in this cohort."""
    return queries.task_now(session(), entry.cohort.id, entry.module.code, entry.task)[0]


def _refusal(entry: Entry, moment: datetime, versions: Sequence[Version] | None = None
             ) -> tuple[Refusal | None, datetime | None]:
    """Why nothing (more) may be handed in, and the deadline of what may."""
    due = entry.window.task_due
    if entry.rules.again != "always":
        if versions is None:
            versions = queries.versions(session(), entry.cohort.id, entry.actor.person_id, entry.module.code)
        refusal, due = queries.may_again(session(), entry.rules, due, versions, moment)
        if refusal:
            return refusal, due
    return rules.may_hand_in(entry.locked, due, entry.rules.late.days, moment), due


@room.get("/entregas/<int:submission_id>", allow=May.ANSWER)
def receipt(cohort_id: int, submission_id: int) -> ResponseReturnValue:
    """The proof that it was handed in: what, when, and the number anyone can compute again."""
    actor = gates.me()
    work = queries.submission(session(), cohort_id, submission_id, actor.person_id) or abort(404)
    entry = gates.view(cohort_id, work.module)
    canonical = rules.receipt_text(cohort_id=cohort_id, person_id=work.person_id, module=work.module,
                                   version=work.version, handed_in_at=work.handed_in_at, text=work.text,
                                   files=work.files)
    return render_template("attempts/receipt.html", entry=entry, work=work, canonical=canonical,
                           late=rules.days_late(work.handed_in_at, work.due_at))


@room.get("/archivos/<int:file_id>", allow=May.ANSWER)
def file(cohort_id: int, file_id: int) -> ResponseReturnValue:
    """One's own file, as it was sent."""
    paper = queries.paper(session(), cohort_id, file_id, gates.me().person_id) or abort(404)
    return download(paper.name, paper.kind, paper.size, paper.sha256)


@room.get("/archivos/<int:file_id>/paginas/<int:number>", allow=May.ANSWER)
def leaf(cohort_id: int, file_id: int, number: int) -> ResponseReturnValue:
    """A page of one's own PDF as a picture."""
    paper = queries.paper(session(), cohort_id, file_id, gates.me().person_id) or abort(404)
    if paper.kind != "pdf":
        abort(404)
    return leaves.leaf(paper.sha256, number, paper.size)
