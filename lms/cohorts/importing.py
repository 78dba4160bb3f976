"""Pages of an import: choose the file, see every row's verdict, confirm, see what came of it, undo."""


from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import batches, queries
from lms.cohorts.batches import Preview, Sheet
from lms.cohorts.columns import TEMPLATE
from lms.cohorts.forms import RosterForm
from lms.cohorts.intake import as_csv, page_number
from lms.cohorts.queries import BatchView, CohortView
from lms.cohorts.routes import me, room, the_cohort
from lms.cohorts.verdicts import ALREADY, KNOWN, NEW, REFUSED, RETURNS, TAKEN, Verdict
from lms.foundation import carried
from lms.foundation.clock import now
from lms.foundation.database import let_go, session
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.foundation.spreadsheet import Unreadable, write_csv
from lms.people import queries as people
from lms.people.rules import May, permits

LARGEST = 5 << 20               # bytes of a roster
PAGE = 50                       # rows of the preview on a page
SHOWN = {"problemas": lambda v: bool(v.faults), "avisos": lambda v: bool(v.notices) and not v.faults,
         "importan": lambda v: v.outcome in TAKEN, "todas": lambda v: True}
WORDS = {NEW: _("Se agrega"), KNOWN: _("Se inscribe, ya tiene cuenta"), RETURNS: _("Se reincorpora"),
         ALREADY: _("Sin cambios, ya está"), REFUSED: _("No se importa")}


@room.route("/cohortes/<int:cohort_id>/nomina/importar", methods=["GET", "POST"], allow=May.CHANGE_ROSTER)
def import_roster(cohort_id: int) -> ResponseReturnValue:
    cohort = the_cohort(cohort_id)
    if request.method == "POST":
        return _received(cohort)
    if "archivo" not in request.args:
        return _choose(cohort)
    mark = request.args["archivo"]
    sheet, digest = _carried(cohort, mark)
    return _preview_page(cohort, batches.preview(session(), cohort, sheet), mark, digest)


@room.post("/cohortes/<int:cohort_id>/nomina/importar/confirmar", allow=May.CHANGE_ROSTER)
def confirm_import(cohort_id: int) -> ResponseReturnValue:
    cohort = the_cohort(cohort_id)
    let_go()                                    # reading the sheet again needs no lock
    sheet, digest = _carried(cohort, request.form.get("archivo", ""))
    batch_id, judged = batches.take_in(session(), me().person_id, now(), cohort, sheet, digest,
                                       current_app.config["URL"], better_names="mejorar" in request.form)
    if batch_id is None:
        earlier = batches.repeated(session(), cohort_id, digest)
        tell(_("Nada cambió: las filas correctas de esta planilla ya están en la nómina."))
        return redirect(url_for("cohorts.batch", cohort_id=cohort_id, batch_id=earlier.id) if earlier else
                        url_for("cohorts.roster", cohort_id=cohort_id), 303)
    tell(_("%(n)d filas importadas.") % {"n": judged.good} if judged.good > 1 else _("1 fila importada."))
    return redirect(url_for("cohorts.batch", cohort_id=cohort_id, batch_id=batch_id), 303)


@room.get("/cohortes/<int:cohort_id>/nomina/importar/problemas.csv", allow=May.CHANGE_ROSTER)
def refused_rows(cohort_id: int) -> ResponseReturnValue:
    """The rows left out, as they came and with what to mend, ready to be corrected and sent again."""
    cohort = the_cohort(cohort_id)
    sheet, _digest = _carried(cohort, request.args.get("archivo", ""))
    left = [v for v in batches.preview(session(), cohort, sheet).verdicts if v.outcome == REFUSED]
    cells = {row.number: row.cells for row in sheet.rows}
    rows = [(*cells[v.entry.row], " ".join(f"{r.column}: {r.message} {r.remedy}" for r in v.faults)) for v in left]
    return as_csv(write_csv((*sheet.columns.header, _("Qué corregir")), rows), f"corregir-{cohort.code}.csv")


@room.get("/cohortes/<int:cohort_id>/nomina/plantilla.csv", allow=May.CHANGE_ROSTER)
def template(cohort_id: int) -> ResponseReturnValue:
    the_cohort(cohort_id)
    return as_csv(write_csv(TEMPLATE, []), "plantilla-nomina.csv")


@room.get("/cohortes/<int:cohort_id>/nomina/lotes/<int:batch_id>", allow=May.SEE_ROSTER)
def batch(cohort_id: int, batch_id: int) -> ResponseReturnValue:
    cohort, found = the_cohort(cohort_id), _batch(cohort_id, batch_id)
    may_change = permits(me(), May.CHANGE_ROSTER, cohort_id)
    return render_template(
        "cohorts/batch.html", cohort=cohort, batch=found, WORDS=WORDS, TAKEN=TAKEN, may_change=may_change,
        persons=people.by_id(session(), {row["person"] for row in found.rows if row["person"]} | {
            i for i in (found.author_id, found.undone_by) if i}),
        standing=_standing(cohort_id, found), mark=carried.mark("roster", cohort_id, found.file_hash, found.file_name))


@room.route("/cohortes/<int:cohort_id>/nomina/lotes/<int:batch_id>/deshacer", methods=["GET", "POST"],
            allow=May.CHANGE_ROSTER)
def undo_import(cohort_id: int, batch_id: int) -> ResponseReturnValue:
    cohort, found = the_cohort(cohort_id), _batch(cohort_id, batch_id)
    if request.method == "GET" and not found.undone_at:
        return render_template("cohorts/undo_import.html", cohort=cohort, batch=found,
                               standing=_standing(cohort_id, found))
    if request.method == "POST":
        ended = batches.undo(session(), me().person_id, now(), cohort_id, found)
        tell(_("Importación deshecha: %(n)d personas salieron de la nómina.") % {"n": ended} if ended is not None else
             _("Esta importación ya se había deshecho."))
    return redirect(url_for("cohorts.batch", cohort_id=cohort_id, batch_id=batch_id), 303)


def _received(cohort: CohortView) -> ResponseReturnValue:
    """A file just sent: kept when it can be read as a roster, else refused with place and remedy."""
    let_go()
    sent = carried.sent(LARGEST, _("Dejar en la planilla solo la tabla, sin imágenes, y enviarla de nuevo."))
    if sent.file is None:
        return _choose(cohort, sent.fault, sent.remedy), sent.status
    name = sent.file.name
    try:
        batches.read(name, sent.file.content, cohort.country)
    except Unreadable as unreadable:
        fault = unreadable.message if name in unreadable.message else f"{name}: {unreadable.message}"
        return _choose(cohort, fault, unreadable.remedy), 422
    return redirect(url_for("cohorts.import_roster", cohort_id=cohort.id,
                            archivo=carried.keep("roster", cohort.id, sent.file)), 303)


def _choose(cohort: CohortView, fault: str = "", remedy: str = "") -> str:
    return render_template("cohorts/import.html", cohort=cohort, form=RosterForm(None), fault=fault, remedy=remedy)


def _preview_page(cohort: CohortView, judged: Preview, mark: str, digest: str) -> str:
    counts = {name: sum(map(shows, judged.verdicts)) for name, shows in SHOWN.items()}
    asked = request.args.get("ver", "")
    shown = asked if asked in SHOWN else "problemas" if counts["problemas"] else "todas"
    rows: list[Verdict] = [v for v in judged.verdicts if SHOWN[shown](v)]
    pages = -(-len(rows) // PAGE)
    number = min(page_number(), max(pages, 1))
    return render_template(
        "cohorts/preview.html", cohort=cohort, judged=judged, mark=mark, counts=counts, shown=shown, pages=pages,
        number=number, rows=rows[(number - 1) * PAGE:number * PAGE], WORDS=WORDS, outcomes=judged.counts,
        earlier=batches.repeated(session(), cohort.id, digest))


def _carried(cohort: CohortView, mark: str) -> tuple[Sheet, str]:
    """The sheet that a mark names."""
    file = carried.bring("roster", cohort.id, mark)
    try:
        return batches.read(file.name, file.content, cohort.country), file.sha256
    except Unreadable as unreadable:
        abort(422, description=Reason(str(unreadable)))


def _batch(cohort_id: int, batch_id: int) -> BatchView:
    return queries.batch(session(), cohort_id, batch_id) or abort(404)


def _standing(cohort_id: int, found: BatchView) -> int:
    """How many enrolments that the import began still stand."""
    return sum(e.batch_id == found.id and e.withdrawn_at is None for e in queries.enrolled(session(), cohort_id))
