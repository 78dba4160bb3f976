"""Putting a key right: what would change is shown first, then done; the markings of before stay."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import actions as attempts_actions
from lms.attempts import queries as attempts
from lms.attempts.queries import Correction, Effect, Taken
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question
from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import ngettext
from lms.foundation.pages import tell
from lms.grading import key_forms
from lms.grading.key_forms import Wanted
from lms.grading.reports import Scope, scope_of
from lms.grading.routes import room
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import May


@room.get("/cohortes/<int:cohort_id>/modulos/<module>/claves", endpoint="keys", allow=May.REGRADE)
def key_list(cohort_id: int, module: str) -> ResponseReturnValue:
    """The questions that attempts were asked, with the key of each and what was corrected already."""
    found = scope_of(cohort_id, module)
    return render_template("grading/keys.html", scope=found, cohort=found.cohort, KINDS=KINDS,
                           questions=list(_questions(found).values()),
                           corrections=attempts.corrections(session(), cohort_id, module))


@room.get("/cohortes/<int:cohort_id>/modulos/<module>/claves/<question>", endpoint="key", allow=May.REGRADE)
def one_key(cohort_id: int, module: str, question: str) -> ResponseReturnValue:
    found = scope_of(cohort_id, module)
    return _page(found, _question(found, question))


@room.post("/cohortes/<int:cohort_id>/modulos/<module>/claves/<question>", endpoint="correct_key", allow=May.REGRADE)
def correct(cohort_id: int, module: str, question: str) -> ResponseReturnValue:
    """Show what would change; once that very effect is confirmed, do it."""
    cohorts.hold(session(), cohort_id)                  # two people at once: the second sees what the first did
    found = scope_of(cohort_id, module)
    asked = _question(found, question)
    wanted = key_forms.read(asked, request.form)
    if wanted.faults:
        return _page(found, asked, wanted), 422
    known = {asked.id: Correction(wanted.question)}
    effect = attempts.effect(session(), cohort_id, module, known, [asked.id], wanted.spare)
    if request.form.get("efecto") != effect.token:
        return _page(found, asked, wanted, effect), 409 if "efecto" in request.form else 200
    attempts_actions.regrade(session(), _me(), now(), cohort_id, module, known, effect, wanted.reason)
    tell(ngettext("Clave corregida: cambió %(n)d nota. Las de antes quedan en el historial.",
                  "Clave corregida: cambiaron %(n)d notas. Las de antes quedan en el historial.",
                  len(effect.changes)) % {"n": len(effect.changes)})
    return redirect(url_for("grading.keys", cohort_id=cohort_id, module=module), 303)


def _page(found: Scope, question: Question, wanted: Wanted | None = None, effect: Effect | None = None) -> str:
    names = people.by_id(session(), {c.person_id for c in effect.changes}) if effect else {}
    return render_template("grading/key.html", scope=found, cohort=found.cohort, q=question, wanted=wanted,
                           effect=effect, names=names, sent=request.form, kind=KINDS[question.kind], form=key_forms,
                           anonymous=found.module.quiz.anonymous if found.module.quiz else False)


def _questions(found: Scope) -> dict[str, Question]:
    """What the quiz asks now, and what attempts were asked besides; each with the key that stands."""
    cohort, module = found.cohort, found.module
    known = attempts.corrections(session(), cohort.id, module.code)
    questions = {q.id: q for q in module.quiz.questions} if module.quiz else {}
    for pairs in attempts.asked(session(), _taken(found)).values():
        questions |= {q.id: q for q, place in pairs if q.id not in questions and not place.variant}
    return {name: _standing(q, known.get(name)) for name, q in questions.items() if KINDS[q.kind].asks}


def _standing(given: Question, correction: Correction | None) -> Question:
    return correction.question if correction and correction.question else given


def _taken(found: Scope) -> tuple[Taken, ...]:
    return attempts.taken(session(), [found.cohort.id], found.module.code)


def _question(found: Scope, name: str) -> Question:
    question = _questions(found).get(name) or abort(404)
    if KINDS[question.kind].waits:
        abort(404)
    return question


def _me() -> int:
    actor = current_actor() or abort(403)
    return actor.person_id
