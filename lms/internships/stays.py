"""The stays of a month and what each collides with, read in as many statements for one person as for hundreds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import extended
from lms.foundation.engagements import Engagement, engagements
from lms.internships.models import Placement, PlacementEvent
from lms.internships.queries import HOSTS
from lms.internships.rules import state
from lms.internships.where import Clash, Month, Stay, deadlines, overlapping, sessions
from lms.people.names import Name

# People by key, as the foreign key has it: one statement for placements, their steps, their hosts and names.
PEOPLE = table("people", *map(column, ("id", "given_names", "surname1", "surname2", "email", "sort_key")))
_P, _E = Placement.__table__.c, PlacementEvent.__table__.c
A_DAY = timedelta(days=1)


def stays(session: Session, cohort_ids: Collection[int] | None, month: Month, today: date) -> list[Stay]:
    """All that are not cancelled and touch the month, by surname. One statement."""
    query = select(
        _P.id, _P.cohort_id, _P.person_id, PEOPLE.c.given_names, PEOPLE.c.surname1, PEOPLE.c.surname2, PEOPLE.c.email,
        HOSTS.c.name, _P.city, _P.country, _P.time_zone, _P.starts_on, _P.ends_on, _P.modality, _E.kind).select_from(
        Placement.__table__.join(HOSTS, HOSTS.c.id == _P.host_id).join(PEOPLE, PEOPLE.c.id == _P.person_id)
        .outerjoin(PlacementEvent.__table__, _E.placement_id == _P.id)).where(
        _P.starts_on <= month.last, _P.ends_on >= month.first).order_by(
        PEOPLE.c.sort_key, _P.person_id, _P.starts_on, _P.id, _E.id)
    if cohort_ids is not None:
        query = query.where(_P.cohort_id.in_(cohort_ids))
    found: dict[int, tuple[Any, list[str]]] = {}
    for row in session.execute(query):
        steps = found.setdefault(row.id, (row, []))[1]
        if row.kind:
            steps.append(row.kind)
    every = [_stay(row, steps, today) for row, steps in found.values()]
    return [s for s in every if s.state != "cancelled"]


def _stay(row: Any, steps: Sequence[str], today: date) -> Stay:
    name = Name(row.given_names, row.surname1, row.surname2)
    return Stay(row.id, row.cohort_id, row.person_id, name.full, name.formal, row.email, row.name, row.city, row.country,
                row.time_zone, row.starts_on, row.ends_on, row.modality, state(steps, row.ends_on, today))


def clashes(app: Flask, session: Session, found: Sequence[Stay], of: Iterable[CohortView], month: Month) -> list[Clash]:
    """Within the month, the first first. At most three statements."""
    if not found:
        return []
    people = {s.person_id: s.email for s in found}
    known = {c.id: c for c in of}
    more = cohorts.more_time(session, known)
    done: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for cohort_id, person_id, module, item in attempts.handed(session, list(known), list(people)):
        done[cohort_id, person_id].append((module, item))
    since, until = (datetime.combine(day, time(), UTC) for day in (month.first - A_DAY, month.last + 2 * A_DAY))
    engaged: dict[int, list[Engagement]] = defaultdict(list)
    for one in engagements(app, session, people, since, until):
        engaged[one.person_id].append(one)
    every = overlapping(found)
    for stay in found:
        cohort = known[stay.cohort_id]
        windows = extended(cohort.calendar, cohort.starts_on, cohort.time_zone,
                           more.get((cohort.id, stay.person_id), ()))
        every += deadlines(stay, catalogue.programme(session, cohort.edition_id), windows, cohort.time_zone,
                           done[cohort.id, stay.person_id])
        every += sessions(stay, engaged[stay.person_id])
    return sorted((c for c in every if month.first <= c.day <= month.last),
                  key=lambda c: (c.day, c.stay.formal, c.what))


def nearest(session: Session, cohort_ids: Collection[int] | None, month: Month) -> tuple[Month | None, Month | None]:
    """The last month before and the first after in which somebody is somewhere. One statement."""
    query = select(func.max(_P.ends_on).filter(_P.ends_on < month.first),
                   func.min(_P.starts_on).filter(_P.starts_on > month.last))
    before, after = session.execute(query if cohort_ids is None else query.where(_P.cohort_id.in_(cohort_ids))).one()
    return (Month.of(before) if before else None), (Month.of(after) if after else None)
