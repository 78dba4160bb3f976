"""The office's pages of placements: all of a cohort, one with what it lacks, its data, its papers, its steps."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.internships import placing, queries
from lms.internships.forms import NewPlacementForm, PaperForm, PlacementForm
from lms.internships.pages import (
    answered,
    country_of,
    download,
    found,
    graded_at_home,
    kept,
    me,
    place,
    pressed,
    with_choices,
)
from lms.internships.placing import Draft
from lms.internships.queries import PlacementView
from lms.internships.room import room
from lms.internships.rubrics import ANSWERS, HEADINGS, LEVELS, RUBRICS, SHEET, SURVEY
from lms.internships.rules import MODALITIES, PAPERS, PARTIES, STATE_KINDS, STATES, STEPS, needs_council, offered
from lms.internships.states import ORDER
from lms.people import queries as people
from lms.people.rules import May

HERE = "/cohortes/<int:cohort_id>/pasantias"
ONE = f"{HERE}/<int:placement_id>"
WORDS = {"ANSWERS": ANSWERS, "HEADINGS": HEADINGS, "LEVELS": LEVELS, "RUBRICS": RUBRICS, "SHEET": SHEET,
         "SURVEY": SURVEY, "MODALITIES": MODALITIES, "PAPERS": PAPERS, "PARTIES": PARTIES, "STATE_KINDS": STATE_KINDS,
         "STATES": STATES, "STEPS": STEPS, "ORDER": ORDER}        # what the templates of a placement name


def placement_url(view: PlacementView) -> str:
    return url_for("internships.placement", cohort_id=view.cohort_id, placement_id=view.id)


@room.get(HERE, allow=May.SEE_PLACEMENTS)
def placements(cohort_id: int) -> ResponseReturnValue:
    cohort, programme = place(cohort_id)
    rows = queries.of_cohort(session(), cohort_id)
    asked = request.args.get("estado", "")
    stand = queries.standings(session(), rows, now())
    counts = {s: n for s in STATES if (n := sum(stand[p.id][0].state == s for p in rows))}
    return render_template(
        "internships/placements.html", cohort=cohort, programme=programme, counts=counts, asked=asked, stand=stand,
        rows=[p for p in rows if asked in ("", stand[p.id][0].state)], **WORDS,
        names=people.by_id(session(), {p.person_id for p in rows} | {p.academic_id for p in rows if p.academic_id}))


@room.route(f"{HERE}/nueva", methods=["GET", "POST"], allow=May.CHANGE_PLACEMENTS)
def new_placement(cohort_id: int) -> ResponseReturnValue:
    """Without an offer: what a municipality arranged by itself."""
    cohort, _programme = place(cohort_id)
    form = with_choices(NewPlacementForm(time_zone=cohort.time_zone), cohort_id)
    made: list[int] = []
    url = url_for("internships.placements", cohort_id=cohort_id)
    answer = answered(form, lambda: made.append(placing.make(
        session(), me().person_id, now(), cohort_id, form.person.data, _draft(form))), _("Pasantía creada."), url)
    return answer or (render_template("internships/placement_form.html", cohort=cohort, form=form, view=None, back=url,
                                      title=_("Nueva pasantía")), 422 if form.faults else 200)


@room.get(ONE, allow=May.SEE_PLACEMENTS)
def placement(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    return placement_page(cohort_id, placement_id)


def placement_page(cohort_id: int, placement_id: int, paper: PaperForm | None = None) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    view = found(cohort_id, placement_id)
    told = queries.record(session(), placement_id)
    standing = queries.standing(session(), view, told, now())
    blocked = {step: queries.refusals(step, standing.state, standing.facts, view.today(now()))
               for step in offered(standing.state)}
    return render_template(
        "internships/placement.html", cohort=cohort, view=view, record=told, standing=standing, blocked=blocked,
        council=needs_council(standing.facts), paper=paper or PaperForm(None),
        grade_at_home=graded_at_home(cohort_id, cohort.country),
        names=people.by_id(session(), told.people | {i for i in (view.person_id, view.academic_id) if i}),
        **WORDS), 422 if paper and paper.faults else 200


@room.route(f"{ONE}/datos", methods=["GET", "POST"], allow=May.CHANGE_PLACEMENTS)
def placement_settings(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    cohort, _programme = place(cohort_id)
    view = found(cohort_id, placement_id)
    form = with_choices(PlacementForm(obj=view), cohort_id, view.agreement_id)
    answer = answered(form, lambda: placing.change(session(), me().person_id, now(), view, _draft(form)),
                      _("Pasantía guardada."), placement_url(view))
    return answer or (render_template("internships/placement_form.html", cohort=cohort, form=form, view=view,
                                      back=placement_url(view), title=_("Datos de la pasantía")),
                      422 if form.faults else 200)


@room.post(f"{ONE}/pasos/<step>", allow=May.CHANGE_PLACEMENTS)
def take_step(cohort_id: int, placement_id: int, step: str) -> ResponseReturnValue:
    view = found(cohort_id, placement_id)
    if step not in STEPS or STEPS[step].by_fact or step in ("closed", "reopened"):
        abort(404)
    reason = request.form.get("reason", "").replace("\0", "")
    return pressed(lambda: placing.take(session(), me().person_id, now(), view, step, reason),
                   _("Hecho: %(step)s.") % {"step": _(STEPS[step].done).lower()}, placement_url(view))


@room.post(f"{ONE}/documentos", allow=May.CHANGE_PLACEMENTS)
def add_paper(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    view, form = found(cohort_id, placement_id), PaperForm()

    def add() -> None:
        file = kept()
        placing.add_paper(session(), me().person_id, now(), view, kind=form.kind.data, issuer=form.issuer.data,
                          number=form.number.data or "", dated_on=form.dated_on.data, starts_on=form.starts_on.data,
                          ends_on=form.ends_on.data, note=form.note.data or "", sha256=file.sha256, file_name=file.name)
    answer = answered(form, add, _("Documento agregado."), placement_url(view) + "#documentos")
    return answer or placement_page(cohort_id, placement_id, form)


@room.post(f"{ONE}/documentos/<int:paper_id>/retiro", allow=May.CHANGE_PLACEMENTS)
def withdraw_paper(cohort_id: int, placement_id: int, paper_id: int) -> ResponseReturnValue:
    view = found(cohort_id, placement_id)
    return pressed(lambda: placing.withdraw_paper(session(), me().person_id, now(), view, paper_id),
                   _("Documento retirado: ya no cuenta."), placement_url(view) + "#documentos")


@room.get(f"{ONE}/documentos/<int:paper_id>", allow=May.SEE_PLACEMENTS)
def paper(cohort_id: int, placement_id: int, paper_id: int) -> ResponseReturnValue:
    told = queries.record(session(), found(cohort_id, placement_id).id)
    return given([p for p in told.papers if p.id == paper_id])


@room.get(f"{ONE}/informes/<int:report_id>", allow=May.SEE_PLACEMENTS)
def report_file(cohort_id: int, placement_id: int, report_id: int) -> ResponseReturnValue:
    told = queries.record(session(), found(cohort_id, placement_id).id)
    return given([r for r in told.reports if r.id == report_id])


def given(rows: list) -> ResponseReturnValue:  # type: ignore[type-arg]
    """The file of the one row there is."""
    row = next(iter(rows), None) or abort(404)
    return download(row.sha256, row.file_name)


def _draft(form: PlacementForm) -> Draft:
    return Draft(
        form.host_id.data, country_of(form.host_id.data), form.city.data, form.area.data, form.modality.data,
        form.language.data, form.time_zone.data, form.starts_on.data, form.ends_on.data, form.exact_hours,
        form.supervisor_name.data or "", form.supervisor_email.data or "", form.supervisor_office.data or "",
        form.academic_id.data, form.agreement_id.data, form.student_regime.data, form.authority.data,
        form.emergency_contact.data or "")
