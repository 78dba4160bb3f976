"""The page of the sources that are asked: how each stands, when it last answered and when it is asked again."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import queries as cohorts
from lms.credits import actions, queries, scheduled
from lms.credits.queries import PullView
from lms.credits.room import room
from lms.credits.schedule import failures
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people.rules import HOME_ZONE, May


@dataclass(frozen=True)
class SourceView:
    """A source as its page tells of it."""
    name: str
    group: str
    good_at: datetime | None
    next_at: datetime | None
    failures: int
    pulls: tuple[PullView, ...]

    @property
    def state(self) -> str:
        return "failing" if self.failures else "well" if self.pulls else "never"


@room.get("/ganchos", allow=May.SEE_HOOKS)
def hooks() -> ResponseReturnValue:
    at = now()
    due, good = scheduled.due_times(session(), current_app, at), queries.last_good(session())
    runs, pulls = queries.runs(session(), at), queries.last_pulls(session())
    found = [SourceView(name, group, good.get(name), due[name], failures(runs.get(name, [])),
                        tuple(p for p in pulls if p.source == name))
             for name, (group, _source) in current_app.extensions["sources"].items()]
    return render_template("credits/hooks.html", found=found, zone=HOME_ZONE, at=at,
                           codes={c.id: c.code for c in cohorts.cohorts(session(), {p.cohort_id for p in pulls})})


@room.post("/ganchos/<source>/consulta", allow=May.CHANGE_HOOKS)
def ask_now(source: str) -> ResponseReturnValue:
    if source not in current_app.extensions["sources"]:
        abort(404)
    actions.ask_soon(session(), now(), source)
    tell(_("Se le está preguntando. Recargar en unos segundos para ver la respuesta."))
    return redirect(url_for("credits.hooks"), 303)
