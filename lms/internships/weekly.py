"""Each Monday the hosts are asked to sign the hours of the week that ended: one job that plans the next one itself."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.foundation import outbox
from lms.foundation.clock import now as clock_now
from lms.internships import links, logbook, queries, reporting
from lms.internships.models import HostLink, LogEntry, Placement
from lms.people.rules import HOME_ZONE

JOB = "internships.weekly"
HOUR = 8                            # of Monday, by the Escuela's clock


def install(app: Flask) -> None:
    def ask(_job_id: int, **_: Any) -> None:
        with app.extensions["database"].transaction() as session:
            ask_for_weeks(session, clock_now(), app.config["URL"])
            plan_next(session, clock_now())

    def ask_one(_job_id: int, placement_id: int, purpose: str, subject: str) -> None:
        with app.extensions["database"].transaction() as session, suppress(links.Refused):     # the office sees to it
            on = logbook.book(session, placement_id, clock_now())
            asked = links.waiting(session, clock_now(), placement_id, purpose, subject)
            if on and not asked and (purpose, subject) in wanted(session, on):  # it may have come on paper by now
                links.ask(session, clock_now(), placement_id, purpose, subject, url=app.config["URL"])
    outbox.handles(app, JOB, ask)
    outbox.handles(app, links.JOB, ask_one)
    app.extensions.setdefault("repeating", []).append(begin)


def begin(app: Flask) -> None:
    """See that the job is planned: once is enough, for it plans itself again."""
    with app.app_context(), app.extensions["database"].transaction() as session:
        if not outbox.planned(session, JOB):
            plan_next(session, clock_now())


def plan_next(session: Session, now: datetime) -> None:
    outbox.put(session, now, JOB, run_after=next_monday(now))


def next_monday(now: datetime) -> datetime:
    """The next Monday at eight, by the Escuela's clock; never now. Pure."""
    here = now.astimezone(ZoneInfo(HOME_ZONE))
    monday = (here + timedelta(days=-here.weekday() % 7)).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return monday if monday > here else monday + timedelta(days=7)


def wanted(session: Session, on: logbook.Book) -> list[tuple[str, str]]:
    """(purpose, subject) of what the host still has to say, the weeks left out."""
    told, found = queries.record(session, on.id), []
    if told.plan and told.said("host") is None and on.state == "proposed":
        found.append(("plan", str(told.plan.version)))
    if told.evaluation("host") is None and on.state in reporting.EVALUATING["host"]:
        found.append(("evaluation", ""))
    return found


def ask_for_weeks(session: Session, now: datetime, url: str) -> int:
    """Ask for every week that is over, has hours, and that its host has not been asked about as it stands. How many."""
    asked = 0
    for placement_id in session.scalars(
            select(Placement.id).where(Placement.supervisor_email != "",
                                       Placement.id.in_(select(LogEntry.placement_id)),
                                       Placement.ends_on >= now.date() - timedelta(days=60)).order_by(Placement.id)):
        on = logbook.book(session, placement_id, now)
        if on is None or on.state not in logbook.OPEN:
            continue
        for week in logbook.weeks(session, placement_id):
            over = week.monday + timedelta(days=7) <= on.today(now)[0]
            if over and not week.signed and not _waiting(session, week, on.id):
                links.ask(session, now, placement_id, "week", str(week.monday), url=url)
                asked += 1
    return asked


def _waiting(session: Session, week: logbook.Week, placement_id: int) -> bool:
    """Has the host been asked about these hours, with nothing told since? A returned week waits for its correction."""
    last = session.scalar(select(HostLink.made_at).where(
        HostLink.placement_id == placement_id, HostLink.purpose == "week", HostLink.subject == str(week.monday),
        HostLink.revoked_at.is_(None)).order_by(HostLink.id.desc()).limit(1))
    return last is not None and all(line.received_at <= last for line in week.lines)
