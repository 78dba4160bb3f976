"""Publishing at a time: its form, and the job of the outbox that does it."""

import re
from datetime import datetime
from typing import Any

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation import outbox
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _, clock_time, local, long_date
from lms.foundation.pages import tell
from lms.foundation.walltime import NoSuchTime, place, resolve
from lms.grading import planned
from lms.grading.marking import actor
from lms.grading.reports import scope_of
from lms.grading.routes import room
from lms.people.rules import May

RESULT = "/cohortes/{cohort}/modulos/{module}/resultado"


@room.post("/cohortes/<int:cohort_id>/publicar/<module>/<item>/hora", allow=May.RELEASE)
def plan_release(cohort_id: int, module: str, item: str) -> ResponseReturnValue:
    """A day and an hour in the cohort's own time, named by its place."""
    scope = scope_of(cohort_id, module, item)
    zone, back = scope.cohort.time_zone, url_for("grading.release", cohort_id=cohort_id)
    try:
        at = resolve(_wall(request.form.get("dia", ""), request.form.get("hora", "")), zone)
    except NoSuchTime as skipped:
        tell(str(skipped), "late")
        return redirect(url_for("grading.confirm_release", cohort_id=cohort_id, module=module, item=item), 303)
    except ValueError:
        at = None
    if at is None or at <= now():
        tell(_("Escribir un día y una hora que estén por venir. No se programó nada."), "late")
        return redirect(url_for("grading.confirm_release", cohort_id=cohort_id, module=module, item=item), 303)
    planned.plan(session(), actor().person_id, now(), cohort_id, module, item, at)
    there = local(at, zone)
    tell(_("Se publicará el %(day)s a las %(at)s, hora de %(place)s, lo que esté corregido entonces.") % {
        "day": long_date(there), "at": clock_time(there), "place": place(zone)}, "released")
    return redirect(back, 303)


@room.post("/cohortes/<int:cohort_id>/publicar/programadas/<int:planned_id>/retiro", allow=May.RELEASE)
def withdraw_release(cohort_id: int, planned_id: int) -> ResponseReturnValue:
    found = next((p for p in planned.standing(session(), cohort_id) if p.id == planned_id), None) or abort(404)
    scope_of(cohort_id, found.module, found.item)
    planned.withdraw(session(), actor().person_id, now(), cohort_id, planned_id)
    tell(_("Ya no se publicará por sí sola."), "released")
    return redirect(url_for("grading.release", cohort_id=cohort_id), 303)


def _wall(day: str, hour: str) -> datetime:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII) or not re.fullmatch(r"\d{2}:\d{2}", hour, re.ASCII):
        raise ValueError("no day and hour")
    return datetime.fromisoformat(f"{day}T{hour}")


def install(app: Flask) -> None:
    outbox.handles(app, planned.JOB, lambda job_id, **payload: _due(app, **payload))


def _due(app: Any, planned_id: int) -> None:
    with app.app_context(), app.extensions["database"].transaction() as opened:
        planned.carry_out(opened, now(), planned_id, app.config["URL"] + RESULT)
