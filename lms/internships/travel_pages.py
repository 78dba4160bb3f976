"""The sheet of a journey: the office fills it in, the traveller and the office take it away as PDF and CSV."""

from io import BytesIO

from flask import Response, current_app, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts.queries import CohortView
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.spreadsheet import write_csv
from lms.internships import press, queries, travelling
from lms.internships.office_pages import ONE, WORDS
from lms.internships.pages import answered, found, me, mine, place, pressed
from lms.internships.queries import PlacementView
from lms.internships.room import room
from lms.internships.student_pages import ONE as OWN
from lms.internships.travel import CURRENCIES, DOCUMENTS, HEADER, ITEMS, NOTICE, PAYERS, Journey, lines, totals, written
from lms.internships.travel_forms import CostForm, GiftForm
from lms.internships.travelling import Moved
from lms.people.rules import May

DEMONSTRATION = "Documento de demostración, sin valor."
SHEET = {"CURRENCIES": CURRENCIES, "DOCUMENTS": DOCUMENTS, "ITEMS": ITEMS, "NOTICE": NOTICE, "PAYERS": PAYERS,
         "totals": totals, "money": written}


@room.get(f"{ONE}/viaje", allow=May.SEE_PLACEMENTS)
def journey(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    return _page(found(cohort_id, placement_id))


@room.post(f"{ONE}/viaje/costos", allow=May.CHANGE_PLACEMENTS)
def add_cost(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    view, form = found(cohort_id, placement_id), CostForm()
    answer = answered(form, lambda: travelling.add_cost(
        session(), me().person_id, now(), view, item=form.item.data or "", text=form.amount.data or "",
        currency=form.currency.data, payer=form.payer.data, note=form.note.data or ""), _("Costo anotado."),
        f"{_url(view)}#costos")
    return answer or (_page(view, cost=form), 422)


@room.post(f"{ONE}/viaje/regalos", allow=May.CHANGE_PLACEMENTS)
def add_gift(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    view, form = found(cohort_id, placement_id), GiftForm()

    def deed() -> None:
        assert form.on.data is not None
        travelling.add_gift(session(), me().person_id, now(), view, what=form.what.data or "", on=form.on.data,
                            occasion=form.occasion.data or "", giver=form.giver.data or "")
    answer = answered(form, deed, _("Regalo anotado."), f"{_url(view)}#regalos")
    return answer or (_page(view, gift=form), 422)


@room.post(f"{ONE}/viaje/costos/<int:cost_id>/retiro", allow=May.CHANGE_PLACEMENTS)
def withdraw_cost(cohort_id: int, placement_id: int, cost_id: int) -> ResponseReturnValue:
    view = found(cohort_id, placement_id)
    return pressed(lambda: travelling.withdraw(session(), me().person_id, now(), view, "cost", cost_id),
                   _("Costo retirado: ya no cuenta."), f"{_url(view)}#costos")


@room.post(f"{ONE}/viaje/regalos/<int:gift_id>/retiro", allow=May.CHANGE_PLACEMENTS)
def withdraw_gift(cohort_id: int, placement_id: int, gift_id: int) -> ResponseReturnValue:
    view = found(cohort_id, placement_id)
    return pressed(lambda: travelling.withdraw(session(), me().person_id, now(), view, "gift", gift_id),
                   _("Regalo retirado: ya no cuenta."), f"{_url(view)}#regalos")


@room.get(f"{ONE}/viaje.<any(pdf, csv):ending>", allow=May.SEE_PLACEMENTS)
def journey_file(cohort_id: int, placement_id: int, ending: str) -> ResponseReturnValue:
    return _file(found(cohort_id, placement_id), ending)


@room.get(f"{OWN}/viaje", allow=May.STUDY)
def my_journey(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    return _page(mine(cohort_id, placement_id), own=True)


@room.get(f"{OWN}/viaje.<any(pdf, csv):ending>", allow=May.STUDY)
def my_journey_file(cohort_id: int, placement_id: int, ending: str) -> ResponseReturnValue:
    return _file(mine(cohort_id, placement_id), ending)


def _page(view: PlacementView, own: bool = False, cost: CostForm | None = None, gift: GiftForm | None = None) -> str:
    cohort, sheet, rows = _told(view)
    return render_template(
        "internships/my_journey.html" if own else "internships/journey.html", cohort=cohort, view=view, sheet=sheet,
        rows=rows, cost=cost or CostForm(None), gift=gift or GiftForm(None), **SHEET, **WORDS)


def _told(view: PlacementView) -> tuple[CohortView, Journey, Moved]:
    cohort, programme = place(view.cohort_id)
    told = queries.record(session(), view.id)
    rows = travelling.moved(session(), [view.id])[view.id]
    notice = DEMONSTRATION if current_app.config.get("DEMO") else ""
    return cohort, travelling.journey(session(), cohort, programme.title, view, told, rows, now(), notice), rows


def _file(view: PlacementView, ending: str) -> Response:
    _cohort, sheet, _rows = _told(view)
    content = press.travel_sheet(sheet) if ending == "pdf" else write_csv(HEADER, lines(sheet))
    kind = "application/pdf" if ending == "pdf" else "text/csv; charset=utf-8"
    response = send_file(BytesIO(content), mimetype=kind, as_attachment=True,
                         download_name=f"ficha-de-viaje-{view.id}.{ending}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _url(view: PlacementView) -> str:
    return url_for("internships.journey", cohort_id=view.cohort_id, placement_id=view.id)
