"""Where a student takes a quiz and hands in a task."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lms.attempts import actions, answering, forms, gates, handing_in, queries, rules
from lms.attempts.actions import Closed, KeyReused, Refused
from lms.attempts.forms import Malformed, Save
from lms.attempts.gates import Entry, Taking, room
from lms.attempts.queries import Sheet
from lms.attempts.rules import Given, Sitting
from lms.catalogue.kinds import KINDS
from lms.foundation.clock import arrived, now
from lms.foundation.database import let_go, session
from lms.foundation.doors import token
from lms.foundation.files import download, store
from lms.foundation.language import _, local
from lms.foundation.pages import tell
from lms.people.rules import May

# A quiz ---------------------------------------------------------------------------------------------------------------

@room.route("/modulos/<module>/control", methods=["GET", "POST"], allow=May.ANSWER)
def quiz(cohort_id: int, module: str) -> ResponseReturnValue:
    """What the quiz is and how many attempts are left; a POST begins one, or goes on with the one that runs."""
    entry = gates.entry(cohort_id, module)
    if request.method == "GET":
        return _front(entry)
    try:
        sitting = actions.start(session(), entry.actor.person_id, now(), entry.cohort, entry.module, entry.locked)
    except Refused:
        return _front(entry), 409
    return redirect(url_for(".attempt", cohort_id=cohort_id, attempt_id=sitting.id), 303)


def _front(entry: Entry) -> str:
    tried = queries.sittings(session(), entry.cohort.id, entry.actor.person_id, entry.module.code)
    return render_template(
        "attempts/quiz.html", entry=entry, quiz=entry.quiz, tried=tried, running=rules.running(tried), now=now(),
        refusal=rules.may_start(entry.locked, entry.window.quiz_due, entry.quiz.attempts, tried, now()),
        bell=rules.bell(now(), entry.quiz.minutes, entry.window.quiz_due), rung=rules.rung,
        minutes_left=answering.minutes_left, told_end=rules.told_end, minute=rules.MINUTE)


@room.get("/intentos/<int:attempt_id>", allow=May.ANSWER)
def attempt(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """A page of questions."""
    taking = gates.taking(cohort_id, attempt_id)
    if taking.sitting.submitted_at is not None:
        return redirect(_review(taking.sitting))
    given = queries.given(session(), attempt_id)
    if rules.rung(taking.sitting, now()):
        return _rung(taking, given)
    leaf = answering.leaf(taking.sitting, taking.quiz, given, request.args.get("pagina", 1, int))
    other = queries.answer(session(), attempt_id, _id(request.args, "otra")) if "otra" in request.args else None
    return render_template("attempts/attempt.html", taking=taking, leaf=leaf, now=now(), other=other, KINDS=KINDS,
                           saved_at=max((g.saved_at for g in given.values()), default=None),
                           minutes=answering.minutes_left(taking.sitting, now()))


@room.post("/intentos/<int:attempt_id>", allow=May.ANSWER)
def save_page(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """The way without script: keep what the page changed and go where the button says."""
    taking = gates.taking(cohort_id, attempt_id, hold=True)
    page, base, wanted = (_id(request.form, name) for name in ("pagina", "base", "usar"))
    numbers = [n for n, _q in forms.numbered(taking.quiz) if rules.page_of(taking.quiz, n) == page]
    sent = forms.answers(taking.quiz, numbers, request.form.items(multi=True))
    try:
        if wanted and (question := actions.use(session(), taking.sitting, wanted, now())):
            sent.pop(question, None)
        others = actions.save_page(session(), taking.sitting, sent, base, now())
    except Closed:
        return _rung(taking, queries.given(session(), attempt_id), unsaved=True), 409
    return redirect(_next(taking, page, others), 303)


def _id(sent: MultiDict[str, str], name: str) -> int:
    """A number a page sent, within what a database can compare; 0 when there is none."""
    return min(max(sent.get(name, 0, int), 0), 1 << 31)


def _next(taking: Taking, page: int, others: dict[str, Given]) -> str:
    """Where the button pressed leads; back to the same page where two devices gave two answers."""
    ids = {"cohort_id": taking.cohort.id, "attempt_id": taking.sitting.id}
    if others:
        question, other = next(iter(others.items()))
        number = next(n for n, q in forms.numbered(taking.quiz) if q.id == question)
        return url_for(".attempt", **ids, pagina=page, otra=other.id, _anchor=f"p{number}")
    aim, number = request.form.get("ir", "fin")[:1], request.form.get("ir", "fin")[1:]
    if not number.isdecimal() or len(number) > 4 or aim not in "pq" or request.form.get("usar"):
        return url_for(".attempt", **ids, pagina=page) if request.form.get("usar") else url_for(".hand_in_quiz", **ids)
    wanted = rules.page_of(taking.quiz, int(number)) if aim == "q" else int(number)
    return url_for(".attempt", **ids, pagina=wanted, _anchor=f"p{number}" if aim == "q" else None)


@room.post("/intentos/<int:attempt_id>/respuestas", allow=May.ANSWER)
def save(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """The script's way: answers as they are given. Three statements."""
    try:
        wanted = forms.saves(request.get_data())
        sheet = queries.sheet(session(), cohort_id, gates.me().person_id, attempt_id, [s.key for s in wanted],
                              [s.question for s in wanted]) or abort(404)
        sent = forms.sent(gates.asked(sheet.sitting)[0], wanted)
        kept = actions.save(session(), sheet, sent, now())
    except Malformed:
        return {"error": "malformed"}, 422
    except Closed:
        return {"error": "closed", "now": now().timestamp()}, 409
    except KeyReused:
        return {"error": "key_reused"}, 409
    return _acknowledged(sheet, wanted, kept)


def _acknowledged(sheet: Sheet, wanted: list[Save], kept: dict[str, Given]) -> dict[str, Any]:
    """What was kept and when, and what another device had put there that the sender did not know of."""
    zone = answering.zone(request.args.get("zona", ""))
    quiz = gates.asked(sheet.sitting)[0]
    saved: dict[str, Any] = {}
    for save in wanted:
        mine, other = kept[save.key], sheet.last.get(save.question)
        saved[save.key] = {"id": mine.id, "at": f"{local(mine.saved_at, zone):%H:%M:%S}"}
        if other and save.base < other.id < mine.id and other.value != mine.value:
            saved[save.key]["other"] = answering.told(
                quiz, save.question, other, sheet.last_key[save.question], zone)
    return {"saved": saved, "now": now().timestamp()}


@room.get("/intentos/<int:attempt_id>/respuestas", allow=May.ANSWER)
def state(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """What a page asks when it comes back to life: a fresh token, the server's clock, the newest answers' ids."""
    sitting = gates.own(cohort_id, attempt_id)
    given = queries.given(session(), attempt_id)
    return {"token": token(), "now": now().timestamp(), "closed": not rules.open_for_answers(sitting, now()),
            "last": {question: answer.id for question, answer in given.items()}}


@room.route("/intentos/<int:attempt_id>/entrega", methods=["GET", "POST"], allow=May.ANSWER)
def hand_in_quiz(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """What is answered and what is not, before handing in; a POST hands in, once."""
    if request.method == "POST":
        sitting = gates.own(cohort_id, attempt_id, hold=True)
        actions.submit(session(), sitting.person_id, now(), sitting)
        return redirect(_review(sitting), 303)
    taking = gates.taking(cohort_id, attempt_id)
    if taking.sitting.submitted_at is not None or rules.rung(taking.sitting, now()):
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


# A task ---------------------------------------------------------------------------------------------------------------

@room.get("/modulos/<module>/tarea", allow=May.ANSWER)
def task(cohort_id: int, module: str) -> ResponseReturnValue:
    """What is asked, by which rubric, until when, and what was handed in so far."""
    return _task(gates.entry(cohort_id, module), handing_in.Offer())


@room.post("/modulos/<module>/tarea", allow=May.ANSWER)
def hand_in(cohort_id: int, module: str) -> ResponseReturnValue:
    """Take a version of the task. It is as late as its first byte."""
    entry, moment = gates.entry(cohort_id, module), arrived()
    if rules.may_hand_in(entry.locked, entry.window.task_due, entry.programme.late_days, moment):
        return _task(entry, handing_in.Offer(forms.text(request.form.get("texto", "")))), 409
    offer = handing_in.look_at(entry.task, forms.text(request.form.get("texto", "")), request.files.getlist("archivos"))
    if offer.faults:
        return _task(entry, offer), 422
    let_go()                            # storing 30 MB takes a while: nobody else's save has to wait for it
    papers = handing_in.keep(store(), entry.task, offer.files)
    submission_id = actions.hand_in(session(), entry.actor.person_id, moment, entry.cohort, entry.module,
                                    entry.programme.late_days, entry.locked, offer.text, papers)
    tell(_("Entrega recibida."))
    return redirect(url_for(".receipt", cohort_id=cohort_id, submission_id=submission_id), 303)


def _task(entry: Entry, offer: handing_in.Offer) -> str:
    versions = queries.versions(session(), entry.cohort.id, entry.actor.person_id, entry.module.code)
    due, late_days = entry.window.task_due, entry.programme.late_days
    return render_template(
        "attempts/task.html", entry=entry, task=entry.task, offer=offer, versions=versions,
        papers=queries.papers(session(), [v.id for v in versions]) if versions else {},
        kinds=handing_in.kinds(entry.task), now=now(), due=due, late=rules.days_late(now(), due),
        last=rules.last_moment(due, late_days), days_late=rules.days_late,
        refusal=rules.may_hand_in(entry.locked, due, late_days, now()))


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
