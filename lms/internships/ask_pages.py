"""Asking the host for a signature: the participant's button for a week, and the office's list of links."""

from datetime import date, timedelta

from flask import abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.internships import links, logbook, weekly
from lms.internships.room import room
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import May

DEEDS = {"opened": _("abierto"), "used": _("usado"), "revoked": _("anulado"), "refused": _("rechazado"),
         "refused: used": _("rechazado: ya usado"), "refused: revoked": _("rechazado: anulado"),
         "refused: expired": _("rechazado: vencido")}
STATES = {"used": ("done", _("Usado")), "revoked": ("revoked", _("Anulado")), "expired": ("late", _("Vencido")),
          "open": ("due", _("Enviado"))}


@room.post("/cohortes/<int:cohort_id>/pasantia/<int:placement_id>/bitacora/semanas/<week>/firma", allow=May.STUDY)
def ask_for_week(cohort_id: int, placement_id: int, week: str) -> ResponseReturnValue:
    """The participant asks for the signature of a week before Monday comes."""
    me = current_actor().person_id
    on = logbook.book(session(), placement_id, now(), person_id=me, cohort_id=cohort_id) or abort(404)
    found = logbook.week_of(logbook.weeks(session(), on.id), _day(week)) or abort(404)
    if found.signed:
        tell(_("Esa semana ya está firmada."))
    elif _asked_today(on.id, str(found.monday)):
        tell(_("El enlace para firmar esa semana ya se envió hoy."), "due")
    else:
        _ask(placement_id, "week", str(found.monday))
    return redirect(url_for("internships.log", cohort_id=cohort_id, placement_id=placement_id), 303)


@room.get("/cohortes/<int:cohort_id>/pasantias/<int:placement_id>/bitacora", allow=May.SEE_PLACEMENTS)
def office_log(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """The log as the office sees it, with every link to the host and what happened with it."""
    on = logbook.book(session(), placement_id, now(), cohort_id=cohort_id) or abort(404)
    return render_template(
        "internships/office_log.html", on=on, wanted=weekly.wanted(session(), on),
        weeks=logbook.weeks(session(), on.id), links=links.links(session(), on.id), now=now(),
        who=people.by_id(session(), [on.person_id])[on.person_id], DEEDS=DEEDS, STATES=STATES,
        PURPOSES=links.PURPOSES)


@room.post("/cohortes/<int:cohort_id>/pasantias/<int:placement_id>/enlaces/<purpose>/<subject>",
           allow=May.CHANGE_PLACEMENTS)
def ask_host(cohort_id: int, placement_id: int, purpose: str, subject: str) -> ResponseReturnValue:
    """Send the host a link, or send it again: the earlier one ends. `subject` is "-" where there is none."""
    on = logbook.book(session(), placement_id, now(), cohort_id=cohort_id) or abort(404)
    about = "" if subject == "-" else subject
    if (purpose, about) not in weekly.wanted(session(), on) and (purpose != "week" or not logbook.week_of(
            logbook.weeks(session(), on.id), _day(about))):
        abort(404)
    _ask(on.id, purpose, about)
    return redirect(url_for("internships.office_log", cohort_id=cohort_id, placement_id=placement_id), 303)


@room.post("/cohortes/<int:cohort_id>/pasantias/<int:placement_id>/enlaces/<int:link_id>/fin",
           allow=May.CHANGE_PLACEMENTS)
def end_link(cohort_id: int, placement_id: int, link_id: int) -> ResponseReturnValue:
    """Revoke a link that nobody used."""
    on = logbook.book(session(), placement_id, now(), cohort_id=cohort_id) or abort(404)
    done = links.revoke(session(), now(), on.id, link_id=link_id, actor_id=current_actor().person_id)
    tell(_("Enlace anulado.") if done else _("Ese enlace ya no estaba abierto."))
    return redirect(url_for("internships.office_log", cohort_id=cohort_id, placement_id=placement_id), 303)


def _ask(placement_id: int, purpose: str, subject: str) -> None:
    try:
        links.ask(session(), now(), placement_id, purpose, subject, url=current_app.config["URL"],
                  actor_id=current_actor().person_id)
        tell(_("Enlace enviado a la institución anfitriona."))
    except links.Refused as why:
        tell(str(why), "late")


def _asked_today(placement_id: int, week: str) -> bool:
    return any((link.purpose, link.subject, link.state(now())) == ("week", week, "open")
               and now() - link.made_at < timedelta(days=1) for link, _visits in links.links(session(), placement_id))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
