"""Whoever is to do something next is told by mail: the participant what is to be changed, the academic supervisor what
waits for them. The worker writes it, and only while it is still so."""

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from lms.foundation import mail, outbox
from lms.foundation.clock import now as clock_now
from lms.internships import letters, queries
from lms.people import emails
from lms.people import queries as people

JOB = "internships.notice"
MINE, SUPERVISED = "/cohortes/{cohort_id}/pasantia/{id}", "/supervision/{id}"       # the worker knows of no request
PATHS = {"plan": MINE, "week": f"{MINE}/bitacora", "answer": SUPERVISED, "evaluation": SUPERVISED}


def soon(session: Session, now: datetime, placement_id: int, what: str, about: str = "", by: str = "",
         comment: str = "") -> None:
    """`what`: plan | week, returned with a comment of `by`; answer | evaluation, which the academic supervisor owes."""
    outbox.put(session, now, JOB, placement_id=placement_id, what=what, about=about, by=by, comment=comment)


def install(app: Flask) -> None:
    def tell(_job_id: int, placement_id: int, what: str, about: str, by: str, comment: str) -> None:
        with app.extensions["database"].transaction() as session:
            write(session, clock_now(), app.config["URL"], placement_id, what, about, by, comment)
    outbox.handles(app, JOB, tell)


def write(session: Session, now: datetime, url: str, placement_id: int, what: str, about: str, by: str, comment: str
          ) -> bool:
    """The mail itself; False where nobody waits any more."""
    view = queries.placement(session, placement_id)
    if view is None or not _still(session, now, view, what, about):
        return False
    to_id = view.academic_id if what in ("answer", "evaluation") else view.person_id
    names = people.by_id(session, {view.person_id} | ({to_id} if to_id else set()))
    if to_id not in names:
        return False
    link = url.rstrip("/") + PATHS[what].format(cohort_id=view.cohort_id, id=view.id)
    title, text = letters.returned(what, about, by, comment, names[to_id].name, link) if what in ("plan", "week") else \
        letters.waiting(what, names[view.person_id].name, view.host, names[to_id].name, link)
    mail.send(session, now, emails.deliverable(names[to_id].email), title, text)
    return True


def _still(session: Session, now: datetime, view: queries.PlacementView, what: str, about: str) -> bool:
    """Does it still wait for them?"""
    told = queries.record(session, view.id)
    state = queries.standing(session, view, told, now).state
    if what in ("plan", "answer"):
        return told.plan is not None and str(told.plan.version) == about and state == "proposed" and (
            what == "plan" or told.said("academic") is None)
    if what == "evaluation":
        return told.evaluation("academic") is None and state in ("in_progress", "report_due")
    return state in ("in_progress", "report_due")
