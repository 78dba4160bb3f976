"""The academic supervisor's pages: the placements that name them, their word on the plan, mid review, evaluation."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere
from lms.foundation.language import _
from lms.internships import planning, queries, reporting
from lms.internships.forms import ReviewForm, RoomForm, WordForm
from lms.internships.office_pages import WORDS, given
from lms.internships.pages import answered, graded_at_home, levels_sent, me, place, rubric_page, supervised
from lms.internships.queries import PlacementView
from lms.internships.room import room
from lms.people import queries as people
from lms.people.rules import May

HERE = "/supervision"
ONE = f"{HERE}/<int:placement_id>"
MINE = Anywhere(May.SUPERVISE)      # and the fetch is the gate: only those that name them


@room.get(HERE, allow=MINE)
def supervision() -> ResponseReturnValue:
    rows = queries.supervised(session(), me().person_id)
    return render_template("internships/supervision.html", rows=rows, stand=queries.standings(session(), rows, now()),
                           names=people.by_id(session(), {p.person_id for p in rows}), **WORDS)


@room.get(ONE, allow=MINE)
def supervised_placement(placement_id: int) -> ResponseReturnValue:
    return _page(supervised(placement_id))


@room.post(f"{ONE}/plan", allow=MINE)
def academic_word(placement_id: int) -> ResponseReturnValue:
    """Approve the version that was on the page, or say what should change."""
    view, form = supervised(placement_id), WordForm()
    answer = answered(form, lambda: planning.approve(
        session(), now(), view, form.version.data, "academic", form.answer.data == "yes", name=me().name,
        comment=form.comment.data or "", by_id=me().person_id), _("Respuesta registrada."), _url(view))
    return answer or _page(view, word=form)


@room.post(f"{ONE}/revision", allow=MINE)
def mid_review(placement_id: int) -> ResponseReturnValue:
    view, form = supervised(placement_id), ReviewForm()
    answer = answered(form, lambda: reporting.review(
        session(), me().person_id, now(), view, form.on.data, form.findings.data, form.adjustments.data or ""),
        _("Revisión anotada."), _url(view))
    return answer or _page(view, review=form)


@room.route(f"{ONE}/evaluacion", methods=["GET", "POST"], allow=MINE)
def academic_evaluation(placement_id: int) -> ResponseReturnValue:
    view, form = supervised(placement_id), RoomForm()
    answer = answered(form, lambda: reporting.evaluate(
        session(), now(), view, "academic", levels_sent("academic"), name=me().name,
        comment=request.form.get("comment", ""), by_id=me().person_id), _("Evaluación registrada."), _url(view))
    return answer or rubric_page(view, form, "academic", back=_url(view),
                                 title=_("Evaluación de la supervisión académica"))


@room.get(f"{ONE}/informes/<int:report_id>", allow=MINE)
def supervised_report(placement_id: int, report_id: int) -> ResponseReturnValue:
    told = queries.record(session(), supervised(placement_id).id)
    return given([r for r in told.reports if r.id == report_id])


def _url(view: PlacementView) -> str:
    return url_for("internships.supervised_placement", placement_id=view.id)


def _page(view: PlacementView, word: WordForm | None = None, review: ReviewForm | None = None) -> ResponseReturnValue:
    told = queries.record(session(), view.id)
    form = word or WordForm(None, data={"version": told.plan.version if told.plan else 0})
    return render_template(
        "internships/supervised.html", view=view, record=told, standing=queries.standing(session(), view, told, now()),
        grade_at_home=graded_at_home(view.cohort_id, place(view.cohort_id)[0].country),
        names=people.by_id(session(), told.people | {view.person_id, me().person_id}), word=form,
        review=review or ReviewForm(None, data={"on": view.today(now())}),
        **WORDS), 422 if any(f and f.faults for f in (word, review)) else 200
