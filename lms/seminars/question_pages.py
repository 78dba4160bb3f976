"""The office defines what is asked of who registers."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people.rules import May, Refused
from lms.seminars import asking
from lms.seminars.entries import Head, head
from lms.seminars.office_registration_forms import QuestionForm
from lms.seminars.questions import KINDS, Question, condition
from lms.seminars.room import room
from lms.seminars.standing import words_of

HERE = "/<int:seminar_id>/preguntas"


@room.get(HERE, allow=May.CHANGE_SEMINARS)
def questions(seminar_id: int) -> ResponseReturnValue:
    seminar = the_seminar(seminar_id)
    return render_template("seminars/questions_list.html", seminar=seminar, title=words_of("es", seminar.titles),
                           questions=asking.questions(session(), seminar_id), kinds=KINDS, condition=condition,
                           answered=asking.answered(session(), seminar_id))


@room.route(f"{HERE}/nueva", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def new_question(seminar_id: int) -> ResponseReturnValue:
    return _edit(the_seminar(seminar_id), None)


@room.route(f"{HERE}/<int:question_id>", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def question(seminar_id: int, question_id: int) -> ResponseReturnValue:
    found = next((q for q in asking.questions(session(), seminar_id) if q.id == question_id), None)
    return _edit(the_seminar(seminar_id), found or abort(404))


def _edit(seminar: Head, before: Question | None) -> ResponseReturnValue:
    known = asking.questions(session(), seminar.id)
    earlier = [q for q in known if before is None or q.position < before.position]
    form = QuestionForm().hang_on(earlier)
    if form.accepted():
        try:
            asking.keep(session(), current_actor().person_id, now(), seminar.id,
                        form.question(before.code if before else asking.new_code(session(), seminar.id), before))
            tell(_("Pregunta guardada."))
            return redirect(url_for("seminars.questions", seminar_id=seminar.id), 303)
        except Refused as refused:
            form.refuse(refused)
    elif before and not form.errors:
        form.show(before)
    return render_template("seminars/question.html", seminar=seminar, title=words_of("es", seminar.titles), form=form,
                           before=before), 422 if form.errors else 200


@room.post(f"{HERE}/usuales", allow=May.CHANGE_SEMINARS)
def usual_questions(seminar_id: int) -> ResponseReturnValue:
    the_seminar(seminar_id)
    added = asking.add_usual(session(), current_actor().person_id, now(), seminar_id)
    tell(_("Agregadas: revisarlas y quitar lo que sobre.") if added else _("Ya estaban."))
    return redirect(url_for("seminars.questions", seminar_id=seminar_id), 303)


@room.post(f"{HERE}/<int:question_id>/retiro", allow=May.CHANGE_SEMINARS)
def retire_question(seminar_id: int, question_id: int) -> ResponseReturnValue:
    try:
        if not asking.retire(session(), current_actor().person_id, now(), seminar_id, question_id):
            abort(404)
        tell(_("Pregunta retirada."))
    except Refused as refused:
        tell(refused.message, "late")
    return redirect(url_for("seminars.questions", seminar_id=seminar_id), 303)


@room.post(f"{HERE}/<int:question_id>/subir", allow=May.CHANGE_SEMINARS)
def raise_question(seminar_id: int, question_id: int) -> ResponseReturnValue:
    the_seminar(seminar_id)
    try:
        asking.raise_up(session(), seminar_id, question_id)
    except Refused as refused:
        tell(refused.message, "late")
    return redirect(url_for("seminars.questions", seminar_id=seminar_id), 303)


def the_seminar(seminar_id: int) -> Head:
    return head(session(), seminar_id) or abort(404)
