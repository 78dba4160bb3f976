"""The participant's pages: offers, applying, their placement, the plan, the report, the survey."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.internships import offering, offers, planning, queries, reporting
from lms.internships.forms import ApplyForm, PlanForm, ReportForm, RoomForm
from lms.internships.offers import LOOKS
from lms.internships.offers import STATES as APPLIED
from lms.internships.office_pages import WORDS, given
from lms.internships.pages import answered, kept, levels_sent, me, mine, place, pressed, rubric_page
from lms.internships.plans import Plan
from lms.internships.queries import PlacementView
from lms.internships.room import room
from lms.internships.rubrics import HEADINGS, SHEET
from lms.internships.states import PLANNING
from lms.people import queries as people
from lms.people.rules import May

HERE = "/cohortes/<int:cohort_id>/pasantia"
ONE = f"{HERE}/<int:placement_id>"


@room.get(HERE, allow=May.STUDY)
def internship(cohort_id: int) -> ResponseReturnValue:
    """One's placement, or where one may apply."""
    placed = queries.of_person(session(), cohort_id, me().person_id)
    return _page(placed[0], placed[1:]) if placed else _offers(cohort_id)


@room.get(f"{HERE}/ofertas", allow=May.STUDY)
def offered_places(cohort_id: int) -> ResponseReturnValue:
    return _offers(cohort_id)


@room.get(ONE, allow=May.STUDY)
def my_placement(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    placed = queries.of_person(session(), cohort_id, me().person_id)
    view = next((p for p in placed if p.id == placement_id), None) or abort(404)
    return _page(view, [p for p in placed if p is not view])


@room.route(f"{HERE}/ofertas/<int:offer_id>", methods=["GET", "POST"], allow=May.STUDY)
def apply(cohort_id: int, offer_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    offer = offers.offer(session(), cohort_id, offer_id)
    if offer is None or offer.published_at is None:
        abort(404)
    form = ApplyForm()

    def deed() -> None:
        file = kept(("pdf",))
        offering.apply(session(), me().person_id, now(), cohort_id, offer, form.motivation.data, file.sha256, file.name)
    answer = answered(form, deed, _("Postulación enviada. La oficina avisa cuando haya una decisión."),
                      url_for("internships.offered_places", cohort_id=cohort_id))
    return answer or (render_template(
        "internships/apply.html", cohort=cohort, offer=offer, form=form, mine=offer.of(me().person_id),
        refusal=offer.refusal(now()), APPLIED=APPLIED, LOOKS=LOOKS, **WORDS), 422 if form.faults else 200)


@room.post(f"{HERE}/postulaciones/<int:application_id>/retiro", allow=May.STUDY)
def withdraw_application(cohort_id: int, application_id: int) -> ResponseReturnValue:
    asked = offers.application(session(), cohort_id, application_id)
    if asked is None or asked.person_id != me().person_id:
        abort(404)
    return pressed(lambda: offering.withdraw(session(), me().person_id, now(), asked), _("Postulación retirada."),
                   url_for("internships.offered_places", cohort_id=cohort_id))


@room.route(f"{ONE}/plan", methods=["GET", "POST"], allow=May.STUDY)
def plan(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    view = mine(cohort_id, placement_id)
    told = queries.record(session(), view.id)
    present, seen = (told.plan.plan, told.plan.version) if told.plan else (Plan(), 0)
    form = PlanForm() if request.method == "POST" else PlanForm.of(present, seen)
    answer = answered(form, lambda: planning.write(
        session(), me().person_id, now(), view, form.plan(), _number(form.seen.data)),
        _("Plan guardado. Cuando esté completo, aprobarlo para proponerlo."), _url(view))
    standing = queries.standing(session(), view, told, now())
    return answer or (render_template(
        "internships/plan.html", cohort=cohort, view=view, record=told, form=form, standing=standing,
        writable=standing.state in PLANNING, **WORDS), 422 if form.faults else 200)


@room.post(f"{ONE}/plan/<int:version>/aprobacion", allow=May.STUDY)
def approve_plan(cohort_id: int, placement_id: int, version: int) -> ResponseReturnValue:
    """The participant's own yes: it proposes the plan to the other two."""
    view = mine(cohort_id, placement_id)
    return pressed(lambda: planning.approve(
        session(), now(), view, version, "participant", True, name=me().name, by_id=me().person_id),
        _("Plan aprobado y propuesto a las otras dos partes."), _url(view))


@room.route(f"{ONE}/informe", methods=["GET", "POST"], allow=May.STUDY)
def report(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    view = mine(cohort_id, placement_id)
    told = queries.record(session(), view.id)
    before = dict(told.report.content) if told.report else {}
    form = ReportForm() if request.method == "POST" else ReportForm(
        None, data={**before, "seen": told.report.version if told.report else 0})

    def deed() -> None:
        file = kept(("pdf",))
        content = {key: form[key].data or "" for key in HEADINGS | SHEET}
        reporting.hand_in(session(), me().person_id, now(), view, content, _number(form.seen.data), file.sha256,
                          file.name)
    answer = answered(form, deed, _("Informe entregado."), _url(view))
    standing = queries.standing(session(), view, told, now())
    return answer or (render_template(
        "internships/report.html", cohort=cohort, view=view, record=told, form=form, standing=standing,
        writable=standing.state in reporting.REPORTING, **WORDS), 422 if form.faults else 200)


@room.get(f"{ONE}/informes/<int:report_id>", allow=May.STUDY)
def my_report(cohort_id: int, placement_id: int, report_id: int) -> ResponseReturnValue:
    told = queries.record(session(), mine(cohort_id, placement_id).id)
    return given([r for r in told.reports if r.id == report_id])


@room.get(f"{ONE}/documentos/<int:paper_id>", allow=May.STUDY)
def my_paper(cohort_id: int, placement_id: int, paper_id: int) -> ResponseReturnValue:
    told = queries.record(session(), mine(cohort_id, placement_id).id)
    return given([p for p in told.papers if p.id == paper_id])


@room.route(f"{ONE}/encuesta", methods=["GET", "POST"], allow=May.STUDY)
def survey(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """What the participant says of the host."""
    view, form = mine(cohort_id, placement_id), RoomForm()
    answer = answered(form, lambda: reporting.evaluate(
        session(), now(), view, "participant", levels_sent("participant"), name=me().name,
        comment=request.form.get("comment", ""), by_id=me().person_id), _("Gracias: su opinión quedó registrada."),
        _url(view))
    return answer or rubric_page(view, form, "participant", back=_url(view),
                                 title=_("Cómo fue la institución anfitriona"))


def _page(view: PlacementView, others: list[PlacementView]) -> ResponseReturnValue:
    cohort, _programme = place(view.cohort_id)
    told = queries.record(session(), view.id)
    return render_template(
        "internships/internship.html", cohort=cohort, view=view, record=told, others=others,
        closed=told.closing,
        standing=queries.standing(session(), view, told, now()),
        names=people.by_id(session(), told.people | {i for i in (view.person_id, view.academic_id) if i}), **WORDS)


def _offers(cohort_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    placed = queries.of_person(session(), cohort_id, me().person_id)
    return render_template("internships/offered.html", cohort=cohort, rows=offers.published(session(), cohort_id),
                           me=me().person_id, now=now(), placed=placed, APPLIED=APPLIED, LOOKS=LOOKS, **WORDS)


def _url(view: PlacementView) -> str:
    return url_for("internships.my_placement", cohort_id=view.cohort_id, placement_id=view.id)


def _number(text: object) -> int:
    words = str(text or "0")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0
