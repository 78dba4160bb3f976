"""Minutes and what they earn: for the office all of a seminar, for who attended their own; and the survey."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.credits import actions as credits
from lms.foundation import tables
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN
from lms.foundation.language import _, decimal
from lms.foundation.pages import tell
from lms.people import current_actor, names
from lms.people.rules import May
from lms.seminars import attendees, counting, crediting, queries, survey
from lms.seminars.attendees import Attendee, Count
from lms.seminars.counting_forms import RuleForm, SurveyForm
from lms.seminars.office_registration_pages import TABLE
from lms.seminars.own_pages import mine
from lms.seminars.registration_pages import keep_pace, quiet, told
from lms.seminars.room import room
from lms.seminars.showing import said
from lms.seminars.source import NAME

PAGE = 50
HERE = "/<int:seminar_id>/minutos"


@room.get(HERE, allow=May.SEE_SEMINARS)
def minutes(seminar_id: int) -> ResponseReturnValue:
    """Everybody's minutes per session and what they earn by the rule."""
    count = _count(seminar_id)
    asked, only = request.args.get("q", "").strip()[:80], request.args.get("ver", "")
    rows = _asked(count, asked, only)
    number = max(request.args.get("pagina", 1, int), 1)
    return render_template(
        "seminars/minutes.html", count=count, seminar=count.seminar, rows=rows[(number - 1) * PAGE:number * PAGE],
        asked=asked, only=only, number=number, pages=-(-len(rows) // PAGE), found=len(rows),
        bars=[(f"{s.code} · {s.title}", sum(a.minutes(s.id) > 0 for a in count.attendees)) for s in count.sessions],
        earning=sum(a.earned.hours > 0 for a in count.attendees), over=count.seminar.state(now()) == "over")


@room.get(f"{HERE}.{TABLE}", allow=May.SEE_SEMINARS)
def minutes_file(seminar_id: int, ending: str) -> ResponseReturnValue:
    count = _count(seminar_id)
    header = ["Apellidos y nombres", "Correo", "Institución", "País", *(s.title for s in count.sessions), "Minutos",
              "Horas"]
    rows = [[a.view.formal, a.view.email, a.view.institution, a.view.country,
             *(str(a.minutes(s.id)) for s in count.sessions), str(a.seconds // 60), decimal(a.earned.hours)]
            for a in _asked(count, request.args.get("q", "")[:80], request.args.get("ver", ""))]
    return tables.answer(ending, f"minutos-{count.seminar.slug}", count.seminar.title, header, rows)


@room.post(f"{HERE}/libro", allow=May.CHANGE_SEMINARS)
def to_ledger(seminar_id: int) -> ResponseReturnValue:
    """Ask our own source now instead of tonight."""
    queries.seminar(session(), seminar_id) or abort(404)
    credits.ask_soon(session(), now(), NAME)
    tell(_("Se están llevando las horas al libro de créditos de cada cohorte."))
    return redirect(url_for("seminars.minutes", seminar_id=seminar_id), 303)


@room.route("/<int:seminar_id>/horas", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def credit_rule(seminar_id: int) -> ResponseReturnValue:
    """How many minutes earn how many hours."""
    seminar, form = queries.seminar(session(), seminar_id) or abort(404), RuleForm()
    that_count = [s for s in queries.sessions(session(), seminar_id) if s.required]
    if request.method == "GET":
        form.fill(counting.read(seminar.credit_rule))
    elif form.accepted():
        form.form_errors.extend(_(fault) for fault in counting.faults(form.rule, len(that_count)))
        if not form.form_errors:
            crediting.set_rule(session(), current_actor().person_id, now(), seminar_id, counting.written(form.rule))
            tell(_("Regla guardada. Lo que cada persona gana se cuenta de nuevo."))
            return redirect(url_for("seminars.minutes", seminar_id=seminar_id), 303)
    return render_template("seminars/credit_rule.html", seminar=seminar, form=form,
                           sessions=that_count), 422 if request.method == "POST" else 200


@room.get("/<int:seminar_id>/encuesta", allow=May.SEE_SEMINARS)
def survey_results(seminar_id: int) -> ResponseReturnValue:
    seminar = queries.seminar(session(), seminar_id) or abort(404)
    return render_template(
        "seminars/survey_results.html", seminar=seminar, results=survey.results(session(), seminar_id),
        QUESTIONS=survey.QUESTIONS, ANSWERS=survey.ANSWERS, LEAST=survey.LEAST)


@room.get("/inscripcion/<token_>/minutos", allow=OPEN)
def own_minutes(token_: str) -> ResponseReturnValue:
    """What somebody was counted, how, and what it earns them."""
    head, view = mine(token_)
    count = attendees.count(session(), head.id, now(), [view.id]) or abort(404)
    one = next(iter(count.attendees), None) or abort(404)
    return quiet(render_template("seminars/own_minutes.html", seminar=head, count=count, one=one, token_=token_,
                                 over=count.seminar.state(now()) == "over", said=said,
                                 answered=survey.taken(session(), view.id), **told(head)))


@room.route("/inscripcion/<token_>/encuesta", methods=["GET", "POST"], allow=OPEN)
def take_survey(token_: str) -> ResponseReturnValue:
    """Once each, from the end of the first session."""
    head, view = mine(token_)
    sessions = queries.sessions(session(), head.id)
    if view.state != "confirmed" or not sessions or now() < sessions[0].ends_at:
        abort(404)
    form = SurveyForm()
    if form.accepted():
        keep_pace()
        new = survey.answer(session(), head.id, view.id, {code: form[code].data for code in survey.QUESTIONS},
                            form.comment.data or "")
        tell(_("Gracias por responder.") if new else _("Ya había respondido; no se guardó otra vez."))
        return redirect(url_for("seminars.own_minutes", token_=token_), 303)
    return quiet(render_template("seminars/survey.html", seminar=head, form=form, token_=token_,
                                 answered=survey.taken(session(), view.id), questions=list(survey.QUESTIONS),
                                 **told(head))), 422 if request.method == "POST" else 200


def _count(seminar_id: int) -> Count:
    return attendees.count(session(), seminar_id, now()) or abort(404)


def _asked(count: Count, asked: str, only: str) -> list[Attendee]:
    """Those looked for; `only`: "gana" (earns hours), "cerca" (one session short), "nada" (was never there)."""
    kept = {"gana": lambda a: a.earned.hours > 0, "cerca": lambda a: not a.earned.hours and a.earned.lacking == 1,
            "nada": lambda a: not a.seconds}.get(only, lambda a: True)
    parts = names.search_key(asked).split()
    return [a for a in count.attendees if kept(a) and all(
        part in names.search_key(f"{a.view.name} {a.view.email} {a.view.institution}") for part in parts)]
