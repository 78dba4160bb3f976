"""What a host is shown and may answer, by purpose: the hours of a week, a version of the plan, the evaluation."""

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.files import download
from lms.foundation.language import _
from lms.internships import links, logbook, notices, planning, queries, reporting, rubrics
from lms.internships.links import Link
from lms.internships.log_forms import SignForm
from lms.internships.logbook import Book, Week
from lms.internships.queries import PlacementView
from lms.internships.room import room
from lms.people import queries as people
from lms.people.rules import Refused


def week(link: Link, on: Book) -> ResponseReturnValue:
    """The hours of a week, to be signed or returned."""
    week = logbook.week_of(logbook.weeks(session(), on.id), date.fromisoformat(link.subject))
    if week is None:
        abort(410, description=Reason(_("Las horas de esa semana fueron retiradas: no hay nada que firmar.")))
    shown, form = logbook.sheet(on, week.monday, week.lines)[1], SignForm()
    if request.method == "GET":
        form.shown.data, form.name.data = shown, on.supervisor
        return _week_page(link, on, week, form)
    if form.shown.data != shown:
        form.form_errors.append(_("Las horas cambiaron desde que se abrió esta página. Revisarlas otra vez: aquí abajo "
                                  "están como quedaron."))
        form.shown.data = shown
        return _week_page(link, on, week, form), 409
    signed = form.decision.data == "yes"
    if not form.accepted() or not answered(form, signed):
        return _week_page(link, on, week, form), 422
    if not links.use(session(), now(), link):
        abort(410)
    logbook.sign(session(), now(), on, week, signed=signed, comment=form.comment.data or "", name=form.name.data,
                 link_id=link.id)
    if not signed:
        notices.soon(session(), now(), link.placement_id, "week", f"{week.monday:%d-%m-%Y}",
                     form.name.data or "", form.comment.data or "")
    return render_template("internships/host_done.html", signed=signed, who=who(on.person_id),
                           what=links.PURPOSES["week"])


def answered(form: SignForm, signed: bool) -> bool:
    """A no says what is to be changed."""
    if form.decision.data not in ("yes", "no"):
        form.form_errors.append(_("Elegir una de las dos respuestas."))
        return False
    if not signed and len((form.comment.data or "").strip()) < 5:
        form.comment.errors = [*form.comment.errors, _("Decir qué habría que cambiar.")]
        return False
    return True


def who(person_id: int) -> str:
    return people.by_id(session(), [person_id])[person_id].name


def _week_page(link: Link, on: Book, week: Week, form: SignForm) -> str:
    return render_template("internships/host_week.html", link=link, on=on, week=week, form=form, who=who(on.person_id),
                           view=_view(link))


def plan(link: Link, on: Book) -> ResponseReturnValue:
    """The plan as it is to be approved: exactly this version."""
    view, told = _view(link), queries.record(session(), link.placement_id).plan
    if told is None or str(told.version) != link.subject:
        abort(410, description=Reason(_("Hay una versión más nueva del plan: usar el enlace del correo más reciente.")))
    form = SignForm()
    if request.method == "GET":
        form.shown.data, form.name.data = told.sha256, view.supervisor_name
    yes = form.decision.data == "yes"
    if request.method == "POST" and form.accepted() and answered(form, yes) and form.shown.data == told.sha256:
        try:
            planning.approve(session(), now(), view, told.version, "host", yes, name=form.name.data,
                             comment=form.comment.data or "", link_id=link.id)
            _used(link)
            return render_template("internships/host_done.html", signed=yes, who=who(view.person_id),
                                   what=links.PURPOSES["plan"])
        except Refused as why:
            form.form_errors.append(_(str(why)))
    page = render_template("internships/host_plan.html", on=on, view=view, told=told, form=form,
                           who=who(view.person_id))
    return page, 422 if request.method == "POST" else 200


def evaluation(link: Link, on: Book) -> ResponseReturnValue:
    """The rubric of the host: one level of each criterion, and a comment."""
    view, form = _view(link), SignForm()
    levels = {c.key: int(value) for c in rubrics.RUBRICS["host"]
              if (value := request.form.get(f"nivel-{c.key}", "")) in {str(level) for level in rubrics.LEVELS}}
    if request.method == "GET":
        form.name.data = view.supervisor_name
    elif form.accepted():
        try:
            reporting.evaluate(session(), now(), view, "host", levels, name=form.name.data,
                               comment=form.comment.data or "", link_id=link.id)
            _used(link)
            return render_template("internships/host_done.html", signed=True, who=who(view.person_id),
                                   what=links.PURPOSES["evaluation"])
        except Refused as why:
            form.form_errors.append(_(str(why)))
    page = render_template("internships/host_evaluation.html", on=on, view=view, form=form, levels=levels,
                           RUBRIC=rubrics.RUBRICS["host"], LEVELS=rubrics.LEVELS, who=who(view.person_id))
    return page, 422 if request.method == "POST" else 200


def _used(link: Link) -> None:
    """The answer stands only with the link's one use: whoever comes second changes nothing."""
    if not links.use(session(), now(), link):
        abort(410)


def _view(link: Link) -> PlacementView:
    return queries.placement(session(), link.placement_id) or abort(404)


@room.get("/anfitriona/<token_>/fotos/<int:photo_id>", allow=OPEN)
def host_photo(token_: str, photo_id: int) -> ResponseReturnValue:
    """A photo of the entries that are to be signed."""
    link = links.found(session(), token_) or abort(404)
    if link.state(now()) != "open" or link.purpose != "week":
        abort(410)
    found = logbook.photo(session(), link.placement_id, photo_id) or abort(404)
    return download(found.file_name, "jpg", found.size, found.sha256)
