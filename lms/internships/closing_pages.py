"""The office closes and reopens a placement, and records what the host said on paper instead of by its link."""


from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import changes
from lms.internships import closing, planning, queries, reporting
from lms.internships.forms import CloseForm, ReasonForm, RoomForm, WordForm
from lms.internships.office_pages import ONE, WORDS, placement_url
from lms.internships.pages import answered, found, levels_sent, me, place, pressed, rubric_page
from lms.internships.room import room
from lms.people import queries as people
from lms.people.rules import May


@room.route(f"{ONE}/cierre", methods=["GET", "POST"], allow=May.CHANGE_PLACEMENTS)
def close(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """What closing would freeze, and the deed."""
    cohort, programme = place(cohort_id)
    view = found(cohort_id, placement_id)
    told = queries.record(session(), placement_id)
    reckoning = closing.reckon(session(), cohort, programme, told)
    form = CloseForm()
    form.item.choices = options([*closing.items(reckoning.module), ("-", _("En ninguna parte: solo en el cierre"))])

    def deed() -> None:
        closing.close(session(), me().person_id, now(), cohort, programme, view, value=form.grade.data,
                      reason=form.reason.data or "", item=form.item.data or "", seen=_seen(form.seen.data))
    if request.method == "GET":
        last = changes.last(session(), cohort_id, [view.person_id])
        code = reckoning.module.code if reckoning.module else ""
        form.seen.data = max([n for (_p, m, _i), n in last.items() if m == code], default=0)
        form.grade.raw_data = [reckoning.home.written(reckoning.proposal.value)] if reckoning.proposal else None
    answer = answered(form, deed, _("Pasantía cerrada. Sus horas pasan al libro de créditos."), placement_url(view))
    return answer or (render_template(
        "internships/close.html", cohort=cohort, view=view, record=told, form=form, reckoning=reckoning,
        standing=queries.standing(session(), view, told, now()),
        who=people.by_id(session(), [view.person_id])[view.person_id], **WORDS), 422 if form.faults else 200)


@room.post(f"{ONE}/reapertura", allow=May.CHANGE_PLACEMENTS)
def reopen(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    view, form = found(cohort_id, placement_id), ReasonForm()
    if not form.accepted():
        tell(_("Para reabrir hay que decir el motivo."), "late")
        return redirect(placement_url(view), 303)
    return pressed(lambda: closing.reopen(session(), me().person_id, now(), view, form.reason.data),
                   _("Reabierta: sus horas se retiran del libro de créditos."), placement_url(view))


@room.route(f"{ONE}/anfitriona/plan", methods=["GET", "POST"], allow=May.CHANGE_PLACEMENTS)
def host_plan_on_paper(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """The host's word on the plan, when it came on paper."""
    cohort, _programme = place(cohort_id)
    view = found(cohort_id, placement_id)
    told = queries.record(session(), placement_id)
    form = WordForm() if request.method == "POST" else WordForm(
        None, data={"version": told.plan.version if told.plan else 0})
    answer = answered(form, lambda: planning.approve(
        session(), now(), view, form.version.data, "host", form.answer.data == "yes",
        name=view.supervisor_name or _("Institución anfitriona"), comment=form.comment.data or "",
        by_id=me().person_id), _("Respuesta de la institución anfitriona registrada."), placement_url(view))
    standing = queries.standing(session(), view, told, now())
    return answer or (render_template(
        "internships/host_plan_on_paper.html", cohort=cohort, view=view, record=told, form=form, standing=standing,
        writable=standing.state == "proposed" and not told.said("host"), **WORDS), 422 if form.faults else 200)


@room.route(f"{ONE}/anfitriona/evaluacion", methods=["GET", "POST"], allow=May.CHANGE_PLACEMENTS)
def host_evaluation_on_paper(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """The host's evaluation, when it came on paper."""
    view, form = found(cohort_id, placement_id), RoomForm()
    answer = answered(form, lambda: reporting.evaluate(
        session(), now(), view, "host", levels_sent("host"), name=view.supervisor_name or _("Institución anfitriona"),
        comment=request.form.get("comment", ""), by_id=me().person_id), _("Evaluación registrada."),
        placement_url(view))
    return answer or rubric_page(view, form, "host", back=placement_url(view),
                                 title=_("Evaluación de la institución anfitriona, en papel"))


def _seen(text: object) -> int:
    words = str(text or "0")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0
