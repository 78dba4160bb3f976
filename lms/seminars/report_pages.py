"""Pages of attendance reports: send the file, see how it is understood, say who is who, bring it in, take it back."""

import io
from functools import partial

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation import carried
from lms.foundation.clock import now
from lms.foundation.database import let_go, session
from lms.foundation.errors import Reason
from lms.foundation.files import store
from lms.foundation.language import _, current_language, ngettext
from lms.foundation.pages import tell
from lms.foundation.spreadsheet import write_csv
from lms.people import current_actor
from lms.people.rules import May, Refused
from lms.seminars import importing, report_forms, reported
from lms.seminars.matching import likely
from lms.seminars.report_forms import COLUMNS, ORDERS, ReadingForm, ReportForm, decisions, field_of, option_of, reading
from lms.seminars.report_marks import instant
from lms.seminars.reported import Place, ReportView, Review
from lms.seminars.reports import Question, Report, Unreadable
from lms.seminars.reports.tables import AGAIN, LARGEST
from lms.seminars.room import room
from lms.seminars.standing import words_of

AT = "/<int:seminar_id>/sesiones/<int:session_id>/informes"
ONE = AT + "/<int:report_id>"
PLATFORMS = {"zoom": "Zoom", "teams": "Microsoft Teams", "meet": "Google Meet", "other": _("No reconocida")}
HOW = {"email": _("por su correo"), "alias": _("ya reconocida antes"), "name": _("por su nombre, idéntico"),
       "chosen": _("elegida aquí")}
PAGE = 50           # callers to decide about on one page
SHOWN = 200         # known people listed


@room.route(AT, endpoint="reports", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def all_reports(seminar_id: int, session_id: int) -> ResponseReturnValue:
    """The reports of a session, and sending one."""
    place = _place(seminar_id, session_id)
    return _received(place) if request.method == "POST" else _list(place)


@room.get(ONE, allow=May.CHANGE_SEMINARS)
def report(seminar_id: int, session_id: int, report_id: int) -> ResponseReturnValue:
    """How a report is understood, and who its callers are taken for."""
    place, view = _report(seminar_id, session_id, report_id)
    return _review_page(place, view, _reviewed(place, view))


@room.post(ONE + "/lectura", allow=May.CHANGE_SEMINARS)
def read_again(seminar_id: int, session_id: int, report_id: int) -> ResponseReturnValue:
    """Another zone, order of dates or meaning of columns."""
    place, view = _report(seminar_id, session_id, report_id)
    form = _reading_form(place, view, None)
    if not form.accepted():
        return _review_page(place, view, _reviewed(place, view), form), 422
    try:
        answered = reading(form, view.reading, _reviewed(place, view).report.heads)
        found, _zone = reported.parsed(place, view.file_name, _content(view), answered)
        importing.reread(session(), view, answered, found.platform)
    except (Unreadable, Refused) as refused:
        abort(409, description=Reason(refused.message))
    return redirect(_url("report", place, view), 303)


@room.post(ONE + "/confirmar", allow=May.CHANGE_SEMINARS)
def confirm_report(seminar_id: int, session_id: int, report_id: int) -> ResponseReturnValue:
    """Bring in everybody who is known or was chosen; who was left for later stays in the queue."""
    place, view = _report(seminar_id, session_id, report_id)
    parsed = _parsed(place, view)
    let_go()                                    # reading the file needs no lock
    before, (place, view) = view, _report(seminar_id, session_id, report_id)
    if before.reading != view.reading:
        abort(409)
    found = reported.review(session(), place, view, parsed)
    chosen, keep, faults = decisions(found)
    if faults:
        return _review_page(place, view, found, faults=faults), 422
    try:
        new = importing.apply(session(), _me(), now(), place, view, parsed, chosen, keep)
    except Refused as refused:
        abort(409, description=Reason(refused.message))
    tell(ngettext("%(num)d dato de asistencia nuevo.", "%(num)d datos de asistencia nuevos.", new) % {"num": new} if new
         else _("Nada nuevo: lo que dice este informe ya estaba."))
    return redirect(_url("report", place, view), 303)


@room.route(ONE + "/deshacer", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def undo_report(seminar_id: int, session_id: int, report_id: int) -> ResponseReturnValue:
    place, view = _report(seminar_id, session_id, report_id)
    if request.method == "GET" and view.undone_at is None:
        return _page("undo_report.html", place, report=view)
    if request.method == "POST":
        gone = importing.undo(session(), _me(), now(), place, view, store().read)
        tell(ngettext("Importación deshecha: se retiró %(num)d dato de asistencia.",
                      "Importación deshecha: se retiraron %(num)d datos de asistencia.", gone) % {"num": gone} if gone
             else _("El informe quedó descartado. No había traído ningún dato."))
    return redirect(_url("reports", place), 303)


@room.get(ONE + "/filas.csv", allow=May.CHANGE_SEMINARS)
def report_rows(seminar_id: int, session_id: int, report_id: int) -> ResponseReturnValue:
    """Every caller as understood, for a spreadsheet program."""
    place, view = _report(seminar_id, session_id, report_id)
    found = _reviewed(place, view)
    rows = [(line.attendee.shown, line.attendee.email, str(line.seconds // 60), _who(found, line.match.registration_id),
             ", ".join(str(join.row) for join in line.attendee.joins)) for line in found.lines]
    head = (_("Nombre en el archivo"), _("Correo"), _("Minutos en la sesión"), _("Persona inscrita"), _("Filas"))
    return Response(write_csv(head, rows), mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="asistencia-{view.id}.csv"',
        "Cache-Control": "private, no-store"})


def _me() -> int:
    """Who acts, behind a door that lets in only who has signed in."""
    actor = current_actor()
    return actor.person_id if actor else abort(401)


def _who(found: Review, registration_id: int | None) -> str:
    if registration_id is None:
        return ""
    return found.people[registration_id].formal if registration_id else _("No se cuenta")


def _place(seminar_id: int, session_id: int) -> Place:
    return reported.place(session(), seminar_id, session_id) or abort(404)


def _report(seminar_id: int, session_id: int, report_id: int) -> tuple[Place, ReportView]:
    return reported.report(session(), seminar_id, session_id, report_id) or abort(404)


def _content(view: ReportView) -> bytes:
    try:
        return store().read(view.sha256)
    except (OSError, ValueError):
        abort(422, description=Reason(_("El archivo ya no está a mano. No se cambió nada: subirlo de nuevo.")))


def _reviewed(place: Place, view: ReportView) -> Review:
    return reported.review(session(), place, view, _parsed(place, view))


def _parsed(place: Place, view: ReportView) -> tuple[Report, str]:
    try:
        return reported.parsed(place, view.file_name, _content(view), view.reading)
    except Unreadable as unreadable:
        abort(422, description=Reason(str(unreadable)))


def _url(endpoint: str, place: Place, view: ReportView | None = None) -> str:
    return url_for(f"seminars.{endpoint}", seminar_id=place.seminar_id, session_id=place.sitting.id,
                   report_id=view.id if view else None)


def _received(place: Place) -> ResponseReturnValue:
    """A file just sent: kept when it can be read as a report, else refused with place and remedy."""
    let_go()
    sent = carried.sent(LARGEST, AGAIN)
    if sent.file is None:
        return _list(place, sent.fault, sent.remedy), sent.status
    file, held = sent.file, reported.Reading()
    try:
        found, zone = reported.parsed(place, file.name, file.content, held)
        held = reported.remembered(session(), place.seminar_id, found.heads)
        if held.zone or held.columns:
            found, zone = reported.parsed(place, file.name, file.content, held)
    except Unreadable as unreadable:
        return _list(place, unreadable.message, unreadable.remedy), 422
    let_go()
    store().put(io.BytesIO(file.content), len(file.content))
    report_id, new = importing.receive(session(), _me(), now(), place, file.name, file.sha256,
                                       found.platform, held)
    if not new:
        tell(_("Este archivo ya se había subido para esta sesión: no cambió nada."), "due")
    return redirect(url_for("seminars.report", seminar_id=place.seminar_id, session_id=place.sitting.id,
                            report_id=report_id), 303)


def _list(place: Place, fault: str = "", remedy: str = "") -> str:
    return _page("reports.html", place, reports=reported.reports(session(), place.sitting.id), form=ReportForm(None),
                 fault=fault, remedy=remedy, PLATFORMS=PLATFORMS)


def _reading_form(place: Place, view: ReportView, found: Review | None) -> ReadingForm:
    zone = found.zone if found else view.reading.zone or place.zone
    form = ReadingForm(data={"zone": zone, "order": view.reading.order})
    form.offer(zone)
    return form


def _review_page(place: Place, view: ReportView, found: Review, form: ReadingForm | None = None,
                 faults: dict[str, str] | None = None) -> str:
    if form is None:
        form = ReadingForm(None, data={"zone": found.zone, "order": view.reading.order})
        form.offer(found.zone)
    asked: dict[str, Question | None] = {"order": None, "columns": None}
    asked |= {question.kind: question for question in found.report.questions}
    return _page(
        "report.html", place, report=view, found=found, read=found.report, form=form, asked=asked,
        questions=found.report.questions, faults=faults or {}, undecided=found.open[:PAGE],
        left_out=found.left_out[:PAGE], likely=partial(likely, known=found.book), waiting=_waiting(found),
        HOW=HOW, known=found.known[:SHOWN], COLUMNS=COLUMNS, ORDERS=ORDERS, PLATFORMS=PLATFORMS, field_of=field_of,
        option_of=option_of, sent=request.form, new=sum(line.new for line in found.lines), instant=instant,
        may_bring=not found.refusal, clocks=report_forms.clocks(found.zone),
        days=report_forms.days(asked["order"]), samples=report_forms.samples(asked["columns"]))


def _page(name: str, place: Place, **values: object) -> str:
    """A page of this session: its seminar's title stands in the head of the page, and both in the path."""
    language = current_language()
    return render_template(f"seminars/{name}", held=place, place=words_of(language, place.titles),
                           session_title=words_of(language, place.session_titles),
                           words_of=partial(words_of, language), **values)


def _waiting(found: Review) -> int:
    return len({join.shown for join in found.report.joins if join.waiting})
