"""The first page of each kind of person."""

from flask import Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actas import queries as actas
from lms.cohorts import queries as cohorts
from lms.foundation import ical, outbox
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import SIGNED_IN, Room
from lms.grading.queries import Piece, queue
from lms.home import queries
from lms.home.rules import kinds
from lms.internships import queries as internships
from lms.lessons.rules import by_competency
from lms.people import current_actor
from lms.people.rules import HOME_ZONE, Actor, May, Role, permits

room = Room("home", __name__)
STAFF = (Role.OFFICE, Role.AUDITOR, Role.COORDINATOR)


@room.get("/inicio", allow=SIGNED_IN)
def start() -> ResponseReturnValue:
    """A person of several kinds lands on the first and may change to another."""
    actor = current_actor()
    offered = kinds([post.role for post in actor.posts])
    wanted = request.args.get("como", "")
    page = {"student": student, "instructor": instructor, "office": office, "": guest}
    return page[wanted if wanted in offered else offered[0] if offered else ""](actor, offered)


def student(actor: Actor, offered: list[str]) -> ResponseReturnValue:
    mine = actor.cohorts(Role.STUDENT)
    others = cohorts.cohorts(session(), mine) if len(mine) > 1 else []
    asked = request.args.get("cohorte", type=int)
    chosen = asked if asked in mine else queries.running(others, now().date()) if others else mine[0]
    found = queries.student(session(), chosen, actor.person_id, now()) or abort(404)
    return render_template("home/student.html", s=found, offered=offered, kind="student", others=others,
                           groups=by_competency(found.programme.modules),
                           stand={s.module.code: s for s in found.standings},
                           base=url_for("lessons.modules", cohort_id=chosen))


@room.get("/cohortes/<int:cohort_id>/fechas.ics", allow=May.STUDY)
def dates(cohort_id: int) -> ResponseReturnValue:
    """The student's own dates, to be taken into a calendar."""
    def address(module: str) -> str:
        return current_app.config["URL"].rstrip("/") + url_for("lessons.module", cohort_id=cohort_id, module=module)
    found = queries.events(session(), cohort_id, current_actor().person_id, address) or abort(404)
    return Response(ical.calendar(*found, now()), mimetype="text/calendar", headers={
        "Content-Disposition": 'attachment; filename="fechas.ics"', "Cache-Control": "private, no-store"})


def instructor(actor: Actor, offered: list[str]) -> ResponseReturnValue:
    """What waits, and the way to the first of it in one tap."""
    found = queue(session(), actor)
    ids = actor.cohorts(Role.INSTRUCTOR)
    return render_template("home/instructor.html", queue=found, offered=offered, kind="instructor", now=now(),
                           groups=[(piece, count, url_of(piece)) for piece, count in found.groups],
                           actas=actas.waiting_for(session(), actor.person_id, ids),
                           supervised=len(internships.supervised(session(), actor.person_id)),
                           cohorts=list(found.cohorts.values()) or cohorts.cohorts(session(), ids))


def url_of(piece: Piece) -> str:
    if piece.item == "task":
        return url_for("grading.mark_submission", cohort_id=piece.cohort_id, submission_id=piece.id)
    return url_for("grading.mark_answer", cohort_id=piece.cohort_id, attempt_id=piece.id, question=piece.question)


def office(actor: Actor, offered: list[str]) -> ResponseReturnValue:
    """Cohorts in numbers and what is to be done; an auditor reads the same."""
    everywhere = permits(actor, May.SEE_COHORT)
    found = queries.overviews(session(), None if everywhere else actor.cohorts(*STAFF), now())
    late, dead = outbox.waiting(session(), now()) if everywhere else (0, 0)
    return render_template("home/office.html", overviews=found, late=late, dead=dead, offered=offered, kind="office",
                           supervised=len(internships.supervised(session(), actor.person_id)), everywhere=everywhere,
                           now=now(), zone=actor.time_zone or HOME_ZONE)


def guest(actor: Actor, offered: list[str]) -> ResponseReturnValue:
    return render_template("home/guest.html", offered=offered)
