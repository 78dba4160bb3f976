"""Grades in from a spreadsheet: choose the file, see what would change, confirm with a reason."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import carried
from lms.foundation.clock import now
from lms.foundation.database import let_go, session
from lms.foundation.errors import Reason
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.foundation.spreadsheet import Table, Unreadable, read
from lms.gradebook import intake, queries
from lms.gradebook.forms import BringForm, TakeForm
from lms.gradebook.intake import Known, Offer, Wanted
from lms.gradebook.routes import own_modules, room
from lms.gradebook.rules import FINAL, detailed
from lms.gradebook.sheets import WHO, title
from lms.grading import queries as grading
from lms.grading.actions import change
from lms.grading.queries import policies_of, share_of
from lms.grading.rules import Scale
from lms.people import current_actor
from lms.people.queries import PersonView
from lms.people.rules import May, Refused

LARGEST = 5 << 20               # bytes of a sheet
SALT = "gradebook"
SHOWN = 200                     # changes that the preview lists


@room.route("/cohortes/<int:cohort_id>/libro/importar", methods=["GET", "POST"], allow=May.CHANGE_GRADE)
def bring(cohort_id: int) -> ResponseReturnValue:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    if request.method == "POST":
        return _received(cohort)
    if "archivo" not in request.args:
        return _choose(cohort)
    return _preview(cohort, request.args["archivo"], TakeForm())


@room.post("/cohortes/<int:cohort_id>/libro/importar/confirmar", endpoint="take", allow=May.CHANGE_GRADE)
def take(cohort_id: int) -> ResponseReturnValue:
    """All that is good is recorded, each with the same reason; nothing when someone changed the book meanwhile."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    form = TakeForm()
    if not form.accepted():
        return _preview(cohort, form.archivo.data or "", form), 422
    offer, _who = _offer(cohort, form.archivo.data)
    if newest(cohort.id) != (form.seen.data or 0):
        form.reason.errors = [_("Alguien registró otro cambio mientras tanto. Esta es la comparación de ahora: "
                                "revisarla y confirmar de nuevo.")]
        return _preview(cohort, form.archivo.data, form), 409
    try:
        for one in offer.wanted:
            _record(cohort, one, form.reason.data.strip())
    except Refused as refused:
        abort(409, description=Reason(refused.message))
    tell(ngettext("%(num)d nota registrada.", "%(num)d notas registradas.", len(offer.wanted)) % {
        "num": len(offer.wanted)})
    return redirect(url_for("gradebook.book", cohort_id=cohort_id), 303)


def newest(cohort_id: int) -> int:
    return max((c.id for c in grading.history(session(), cohort_id)), default=0)


def _record(cohort: CohortView, one: Wanted, reason: str) -> None:
    programme = queries.programme_of(session(), cohort)
    home = _home(cohort)
    standing = max((c.id for c in grading.history(session(), cohort.id, one.person_id, one.column.module)
                    if c.item == one.column.item), default=0)
    change(session(), current_actor().person_id, now(), cohort, programme, one.person_id, one.column.module,
                   one.column.item, kind="set", share=share_of(one.value, home, home), reason=reason, seen=standing)


def _home(cohort: CohortView) -> Scale:
    return policies_of(session(), cohort.id, cohort.country).home


def _received(cohort: CohortView) -> ResponseReturnValue:
    let_go()
    sent = carried.sent(LARGEST, _("Dejar en la planilla solo la tabla y enviarla de nuevo."))
    if sent.file is None:
        return _choose(cohort, sent.fault, sent.remedy), sent.status
    try:
        read(sent.file.name, sent.file.content)
    except Unreadable as unreadable:
        return _choose(cohort, unreadable.message, unreadable.remedy), 422
    mark = carried.keep(SALT, cohort.id, sent.file)
    return redirect(url_for("gradebook.bring", cohort_id=cohort.id, archivo=mark), 303)


def _choose(cohort: CohortView, fault: str = "", remedy: str = "") -> str:
    return render_template("gradebook/bring.html", cohort=cohort, form=BringForm(None), fault=fault, remedy=remedy)


def _preview(cohort: CohortView, mark: str, form: TakeForm) -> str:
    offer, who = _offer(cohort, mark)
    return render_template("gradebook/preview.html", cohort=cohort, offer=offer, people=who, mark=mark, form=form,
                           seen=newest(cohort.id), SHOWN=SHOWN, home=_home(cohort))


def _offer(cohort: CohortView, mark: str) -> tuple[Offer, dict[int, PersonView]]:
    file = carried.bring(SALT, cohort.id, mark)
    try:
        table: Table = read(file.name, file.content)
    except Unreadable as unreadable:
        abort(422, description=Reason(str(unreadable)))
    who = queries.taking_part(session(), cohort.id)
    return intake.read(table, _known(cohort, who)), who


def _known(cohort: CohortView, who: dict[int, PersonView]) -> Known:
    """The book as it is, of the modules this actor has to do with."""
    programme, mine = queries.programme_of(session(), cohort), own_modules(current_actor(), cohort.id)
    wanted = [c for c in detailed(programme) if c.module != FINAL and (mine is None or c.module in mine)]
    seen = queries.seen(session(), cohort, programme, who, wanted=wanted)
    sides = seen.policies.shown
    titles = {title(c, seen.policies.home, [seen.policies.home]): c for c in wanted}
    every = {title(c, s, sides) for c in detailed(programme) for s in sides}
    return Known(seen.book, titles, frozenset(every - titles.keys() | set(WHO[1:])),
                 {p.email.casefold(): p.id for p in who.values()}, seen.policies.home)
