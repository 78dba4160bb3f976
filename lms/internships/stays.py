"""The stays of a month and what each collides with, read in as many statements for one person as for hundreds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Select, column, func, select, table
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.catalogue import queries as catalogue
from lms.cohorts.queries import CohortView
from lms.foundation.engagements import Engagement, engagements
from lms.internships.models import Placement, PlacementEvent
from lms.internships.queries import HOSTS
from lms.internships.rules import state
from lms.internships.where import Clash, Month, Stay, deadlines, overlapping, sessions
from lms.people import names

# By key, as the foreign keys have it: one statement for placements, their steps, hosts, names and institutions.
ENROLMENTS = table("enrolments", *map(column, ("cohort_id", "person_id", "institution_id", "withdrawn_at")))
PEOPLE = table("people", *map(column, ("id", "given_names", "surname1", "surname2", "email", "sort_key")))
_P, _E = Placement.__table__.c, PlacementEvent.__table__.c
A_DAY = timedelta(days=1)


def stays(session: Session, cohort_ids: Collection[int] | None, month: Month, today: date) -> list[Stay]:
    """All that are not cancelled and touch the month, by surname. One statement."""
    query = _stays().where(_P.starts_on <= month.last, _P.ends_on >= month.first)
    return _read(session, query if cohort_ids is None else query.where(_P.cohort_id.in_(cohort_ids)), today)


def of_person(session: Session, person_id: int, today: date) -> list[Stay]:
    """All of one person's that are not cancelled, in whatever cohort. One statement."""
    return _read(session, _stays().where(_P.person_id == person_id), today)


def _stays() -> Select[Any]:
    return select(
        _P.id, _P.cohort_id, _P.person_id, PEOPLE.c.given_names, PEOPLE.c.surname1, PEOPLE.c.surname2, PEOPLE.c.email,
        HOSTS.c.name, _P.city, _P.country, _P.time_zone, _P.starts_on, _P.ends_on, _P.modality, _E.kind,
        ENROLMENTS.c.institution_id).select_from(
        Placement.__table__.join(HOSTS, HOSTS.c.id == _P.host_id).join(PEOPLE, PEOPLE.c.id == _P.person_id)
        .outerjoin(PlacementEvent.__table__, _E.placement_id == _P.id)
        .outerjoin(ENROLMENTS, (ENROLMENTS.c.cohort_id == _P.cohort_id) & (ENROLMENTS.c.person_id == _P.person_id)
                   & ENROLMENTS.c.withdrawn_at.is_(None))).order_by(
        PEOPLE.c.sort_key, _P.person_id, _P.starts_on, _P.id, _E.id)


def _read(session: Session, query: Select[Any], today: date) -> list[Stay]:
    session.flush()
    found: dict[int, tuple[Any, list[str]]] = {}
    for row in session.execute(query):
        steps = found.setdefault(row.id, (row, []))[1]
        if row.kind:
            steps.append(row.kind)
    every = [_stay(row, steps, today) for row, steps in found.values()]
    return [s for s in every if s.state != "cancelled"]


def _stay(row: Any, steps: Sequence[str], today: date) -> Stay:
    who = names.Name(row.given_names, row.surname1, row.surname2)
    return Stay(row.id, row.cohort_id, row.person_id, who.full, who.formal, row.email, row.name, row.city, row.country,
                row.time_zone, row.starts_on, row.ends_on, row.modality, state(steps, row.ends_on, today),
                row.institution_id)


def clashes(app: Flask, session: Session, found: Sequence[Stay], of: Iterable[CohortView],
            span: Month | Stay) -> list[Clash]:
    """Within a month, or the days of one stay, the first first. At most three statements."""
    if not found:
        return []
    people = {s.person_id: s.email for s in found}
    known = {c.id: c for c in of}
    own = attempts.dates_of(session, known, {(s.cohort_id, s.person_id): s.institution_id for s in found})
    since, until = (datetime.combine(day, time(), UTC) for day in (span.first - A_DAY, span.last + 2 * A_DAY))
    engaged: dict[int, list[Engagement]] = defaultdict(list)
    for one in engagements(app, session, people, since, until):
        engaged[one.person_id].append(one)
    every = overlapping(found)
    for stay in found:
        cohort, theirs = known[stay.cohort_id], own[stay.cohort_id, stay.person_id]
        every += deadlines(stay, catalogue.programme(session, cohort.edition_id), theirs.windows, cohort.time_zone,
                           theirs.done)
        every += sessions(stay, engaged[stay.person_id])
    return sorted((c for c in every if span.first <= c.day <= span.last),
                  key=lambda c: (c.day, c.stay.formal, c.what))


def nearest(session: Session, cohort_ids: Collection[int] | None, month: Month) -> tuple[Month | None, Month | None]:
    """The last month before and the first after in which somebody is somewhere. One statement."""
    query = select(func.max(_P.ends_on).filter(_P.ends_on < month.first),
                   func.min(_P.starts_on).filter(_P.starts_on > month.last))
    before, after = session.execute(query if cohort_ids is None else query.where(_P.cohort_id.in_(cohort_ids))).one()
    return (Month.of(before) if before else None), (Month.of(after) if after else None)
