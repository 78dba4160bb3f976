"""Pages of the ledger: what stands in it, writing and taking back, asking the sources."""

from secrets import token_urlsafe

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import queries as cohorts
from lms.credits import actions, hook_pages, push_pages, queries, scheduled  # noqa: F401
from lms.credits.asking import PATIENCE
from lms.credits.forms import EntryForm, WithdrawForm
from lms.credits.pulling import pull as pull_all
from lms.credits.room import LEDGER, room
from lms.credits.rules import KINDS, standing, total
from lms.foundation.clock import now
from lms.foundation.database import database, let_go, session
from lms.foundation.errors import Reason
from lms.foundation.forms import options
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import May

PAGE = 50           # entries


@room.get(LEDGER, allow=May.SEE_LEDGER)
def ledger(cohort_id: int) -> ResponseReturnValue:
    form = _form(cohort_id)
    form.key.data = token_urlsafe(12)
    return _page(cohort_id, form)


@room.post(LEDGER + "/nuevo", allow=May.CHANGE_LEDGER)
def record(cohort_id: int) -> ResponseReturnValue:
    form = _form(cohort_id)
    if not form.accepted():
        return _page(cohort_id, form), 422
    try:
        _credit, new = actions.record(
            session(), now(), source="office", reference=form.key.data[:120] or token_urlsafe(12), kind=form.kind.data,
            cohort_id=cohort_id, person_id=form.person.data, title=form.title.data, hours=form.work_hours,
            day=form.day.data, note=form.note.data or "", actor_id=current_actor().person_id)
    except actions.Refused as why:
        form.form_errors.append(str(why))
        return _page(cohort_id, form), 422
    tell(_("Horas anotadas.") if new else _("Esa anotación ya estaba; no se repitió."))
    return redirect(url_for("credits.ledger", cohort_id=cohort_id), 303)


@room.route(LEDGER + "/<int:credit_id>/retiro", methods=["GET", "POST"], allow=May.CHANGE_LEDGER)
def withdraw(cohort_id: int, credit_id: int) -> ResponseReturnValue:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    entry = next((e for e in standing(queries.entries(session(), cohort_id)) if e.id == credit_id), None) or abort(404)
    form = WithdrawForm()
    if form.accepted():
        actions.withdraw(session(), current_actor().person_id, now(), cohort_id, credit_id, form.reason.data)
        tell(_("Anotación retirada. Queda a la vista, con su motivo."))
        return redirect(url_for("credits.ledger", cohort_id=cohort_id), 303)
    person = people.by_id(session(), [entry.person_id])[entry.person_id]
    return render_template("credits/withdraw.html", cohort=cohort, entry=entry, person=person, form=form,
                           KINDS=KINDS), 422 if form.errors else 200


@room.post(LEDGER + "/consultar", allow=May.CHANGE_LEDGER)
def pull(cohort_id: int) -> ResponseReturnValue:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    sources = current_app.extensions["sources"]
    if not sources:
        abort(409, description=Reason(_("No hay ninguna fuente instalada. "
                                        "Se agregan como paquetes con un punto de entrada.")))
    let_go()                            # nothing is kept open while others are asked
    pulls = pull_all(database(), current_app.extensions["asker"], sources, now(), PATIENCE, asked_by="person",
                     cohort_ids=[cohort.id], actor_id=current_actor().person_id)
    if failed := [p.source for p in pulls if p.error]:
        tell(_("No respondieron bien: %(names)s. Nada cambió por ello.") % {"names": ", ".join(failed)}, "late")
    tell(ngettext("Fuentes consultadas: %(num)d anotación nueva.", "Fuentes consultadas: %(num)d anotaciones nuevas.",
                  sum(p.taken for p in pulls)) % {"num": sum(p.taken for p in pulls)})
    return redirect(url_for("credits.ledger", cohort_id=cohort_id), 303)


def _form(cohort_id: int) -> EntryForm:
    form = EntryForm()
    enrolled = [e.person_id for e in cohorts.enrolled(session(), cohort_id) if not e.withdrawn_at]
    form.person.choices = options((p.id, p.formal) for p in people.by_id(session(), enrolled).values())
    return form


def _page(cohort_id: int, form: EntryForm) -> str:
    """The entries a page at a time, of one person when asked for."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    entries, asked = queries.entries(session(), cohort_id), request.args.get("persona", type=int)
    names = people.by_id(session(), {e.person_id for e in entries})
    written = [e for e in entries if not e.withdraws_id and asked in (None, e.person_id)]
    pages = max(1, -(-len(written) // PAGE))
    number = min(max(1, request.args.get("pagina", 1, type=int)), pages)
    return render_template(
        "credits/ledger.html", cohort=cohort, form=form, names=names, people=list(names.values()), person_id=asked,
        entries=written[(number - 1) * PAGE:number * PAGE], number=number, pages=pages,
        withdrawn={e.withdraws_id: e for e in entries if e.withdraws_id}, totals=total(entries), KINDS=KINDS,
        sources=current_app.extensions["sources"],
        pulls={p.source: p for p in queries.last_pulls(session(), cohort_id)},
        due=scheduled.due_times(session(), current_app, now()))
