"""Verdicts of people, gathered from the rooms below."""

from collections.abc import Collection, Iterable
from fractions import Fraction

from sqlalchemy import Date, Integer, String, bindparam, cast, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.cohorts.queries import CohortView
from lms.completion.rules import Record, Verdict, judge
from lms.credits.rules import Entry, Hours, total
from lms.foundation.database import Base
from lms.grading import queries as grading

CREDITS, PEOPLE = (Base.metadata.tables[name] for name in ("credits", "people"))
# What credits.hours and people.certificate_names ask one by one, asked at once: the student's page would pass its six
# statements otherwise. tests/web/test_completion.py holds it against the two.
BESIDES = union_all(
    select(CREDITS.c.person_id, CREDITS.c.kind, type_coerce(CREDITS.c.hours, String), CREDITS.c.id,
           CREDITS.c.withdraws_id, CREDITS.c.day).where(
        CREDITS.c.cohort_id == bindparam("cohort"), CREDITS.c.person_id.in_(bindparam("people", expanding=True))),
    select(PEOPLE.c.id, literal("name"), literal(""), cast(null(), Integer), cast(null(), Integer), cast(null(), Date))
    .where(PEOPLE.c.id.in_(bindparam("people", expanding=True)), PEOPLE.c.certificate_name_confirmed_at.is_not(None),
           PEOPLE.c.certificate_name != ""))


def verdicts(session: Session, cohort: CohortView, programme: Programme,
             person_ids: Iterable[int]) -> dict[int, Verdict]:
    """Person id -> verdict. As many statements for a thousand people as for one."""
    ids = list(person_ids)
    results = grading.results(session, cohort, programme, ids)
    hours, named = besides(session, cohort.id, ids)
    return {i: judge(programme, Record(results.get(i, {}), hours.get(i, Hours()), i in named)) for i in ids}


def besides(session: Session, cohort_id: int, person_ids: Collection[int]) -> tuple[dict[int, Hours], set[int]]:
    """(hours that hold by person, who has confirmed the name to be printed). One statement."""
    session.flush()
    entries, named = [], set()
    for person_id, kind, hours, credit_id, withdraws_id, day in session.execute(
            BESIDES, {"cohort": cohort_id, "people": list(person_ids)}):
        if kind == "name":
            named.add(person_id)
        else:
            entries.append(Entry(credit_id, "", "", kind, person_id, "", Fraction(hours), day,
                                 withdraws_id=withdraws_id))
    return total(entries), named
