"""The dates as they are for people of several cohorts, and what of it they have handed in already."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Text, case, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.attempts.dates import GROUP, PERSON, theirs
from lms.attempts.models import Attempt, QuizOverride, Submission
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import MoreTime, Window

Member = tuple[int, int]                # cohort, person


@dataclass
class Dates:
    """One person's in one cohort."""
    windows: dict[str, Window]
    done: set[tuple[str, str]] = field(default_factory=set)     # (module, "quiz" or "task") handed in


def dates_of(session: Session, known: Mapping[int, CohortView], members: Mapping[Member, int | None]
             ) -> dict[Member, Dates]:
    """Of each member, whose institution is told: exceptions may be its. Two statements, however many."""
    more = cohorts.more_time(session, known)
    own: dict[Member, list[MoreTime]] = {}
    groups: dict[tuple[int, int], list[MoreTime]] = {}
    done: dict[Member, set[tuple[str, str]]] = {}
    for cohort, person, institution, module, item, text in _rows(session, list(known), {p for _c, p in members}):
        if item in ("quiz", "task"):
            done.setdefault((cohort, person), set()).add((module, item))
        elif person is not None:
            own.setdefault((cohort, person), []).append(MoreTime(module, item, text))
        else:
            groups.setdefault((cohort, institution), []).append(MoreTime(module, item, text))
    found = {}
    for member, institution in members.items():
        told = [*more.get(member, ()), *groups.get((member[0], institution or 0), ()), *own.get(member, ())]
        found[member] = Dates(theirs(known[member[0]], told), done.get(member, set()))
    return found


def _rows(session: Session, cohort_ids: list[int], person_ids: Collection[int]) -> list[Any]:
    a, s, o = Attempt, Submission, QuizOverride
    nothing, no_text = cast(null(), Integer), cast(null(), Text)
    parts = [select(t.cohort_id, t.person_id, nothing, t.module, literal(item), no_text, literal(0).label("id")).where(
        t.cohort_id.in_(cohort_ids), t.person_id.in_(person_ids), at.is_not(None)).distinct()
        for t, at, item in ((a, a.submitted_at, "quiz"), (s, s.handed_in_at, "task"))]
    kind = case((o.person_id.is_not(None), PERSON), else_=GROUP)
    exceptions = select(o.cohort_id, o.person_id, o.institution_id, o.module, kind, o.content, o.id).where(
        o.cohort_id.in_(cohort_ids))
    return [row[:6] for row in session.execute(union_all(*parts, exceptions).order_by("id"))]
