"""Verdicts of people, gathered from the rooms below, and who of a cohort may fall behind."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView, EnrolmentView
from lms.completion.beside import Beside as Beside  # for the rooms above
from lms.completion.beside import beside
from lms.completion.beside import folded as folded  # for the first page, which asks more at once
from lms.completion.beside import parts as parts
from lms.completion.models import Recognition, RequirementException
from lms.completion.risks import Risk, risks
from lms.completion.rules import Record, Verdict, judge, overview
from lms.credits.rules import Hours
from lms.grading import queries as grading
from lms.grading.rules import Records
from lms.lessons import queries as lessons


def records(session: Session, cohort: CohortView, programme: Programme, person_ids: Iterable[int]) -> dict[int, Record]:
    """Person id -> all that their verdict looks at. As many statements for a thousand people as for one."""
    ids = list(person_ids)
    results = grading.results(session, cohort, programme, ids)
    more = beside(session, cohort.id, ids)
    return {i: more.record(i, results.get(i, {})) for i in ids}


def verdicts(session: Session, cohort: CohortView, programme: Programme,
             person_ids: Iterable[int]) -> dict[int, Verdict]:
    """Person id -> verdict. As many statements for a thousand people as for one."""
    return {i: judge(programme, record) for i, record in records(session, cohort, programme, person_ids).items()}


def besides(session: Session, cohort_id: int, person_ids: Collection[int]) -> tuple[dict[int, Hours], set[int]]:
    """(hours that hold by person, who has confirmed the name to be printed). One statement."""
    found = beside(session, cohort_id, person_ids)
    return found.hours, found.named


@dataclass(frozen=True)
class Own:
    """One person's record and verdict, with what their own page needs besides."""
    record: Record
    verdict: Verdict
    quiz_shares: Mapping[str, Fraction]         # what unlocks modules
    kept: Mapping[str, Records]                 # module -> what was recorded of it by hand


def own(session: Session, cohort: CohortView, programme: Programme, person_id: int) -> Own:
    """Three statements."""
    facts = grading.facts(session, cohort.id, [person_id])
    results = grading.judged(session, programme, facts, [person_id])[person_id]
    record = beside(session, cohort.id, [person_id]).record(person_id, results)
    shares = lessons.shares(session, (a for tried in facts.attempts.values() for a in tried))
    return Own(record, judge(programme, record), shares,
               {module: kept for (person, module), kept in facts.records.items() if person == person_id})


@dataclass(frozen=True)
class Progress:
    """A cohort as the office sees it."""
    verdicts: Mapping[int, Verdict]
    groups: Mapping[str, list[int]]
    risks: Mapping[int, tuple[Risk, ...]]       # only of who has any
    enrolled: Mapping[int, EnrolmentView]

    @property
    def people(self) -> int:
        return len(self.verdicts)

    def passed(self, module: str) -> int:
        """How many have a module done, in whatever way."""
        return sum(any(i.done for i in v.leaves if i.module == module) for v in self.verdicts.values())


def progress_of(session: Session, cohort: CohortView, programme: Programme, now: datetime) -> Progress:
    """As many statements for a thousand people as for one."""
    enrolled = {e.person_id: e for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at}
    found = records(session, cohort, programme, enrolled)
    judged = {i: judge(programme, record) for i, record in found.items()}
    own_dates = attempts.dates_apart(session, cohort, {i: e.institution_id for i, e in enrolled.items()})
    last = attempts.last_done(session, cohort.id)
    for person, at in lessons.last_read(session, cohort.id).items():
        last[person] = max(last.get(person, at), at)
    began = datetime.combine(cohort.starts_on, time(), UTC)
    behind = {i: risks(programme, found[i], judged[i], own_dates.get(i, cohort.calendar), last.get(i),
                       max(began, e.enrolled_at or began), cohort.ends_on, now) for i, e in enrolled.items()}
    return Progress(judged, overview(judged), {i: those for i, those in behind.items() if those}, enrolled)


@dataclass(frozen=True)
class Evidence:
    """The file behind a recognition."""
    person_id: int
    name: str
    kind: str
    size: int
    sha256: str


def evidence(session: Session, cohort_id: int, recognition_id: int, person_id: int | None = None) -> Evidence | None:
    """Of this cohort and, where asked, of this person."""
    query = select(Recognition.person_id, Recognition.file_name, Recognition.file_kind, Recognition.file_size,
                   Recognition.sha256).where(Recognition.id == recognition_id, Recognition.cohort_id == cohort_id,
                                             Recognition.withdraws_id.is_(None))
    if person_id is not None:
        query = query.where(Recognition.person_id == person_id)
    row = session.execute(query).one_or_none()
    return Evidence(*row) if row else None


def history(session: Session, cohort_id: int, person_id: int) -> tuple[list[RequirementException], list[Recognition]]:
    """All that was ever recorded of a person, withdrawals too, first to last."""
    return tuple(list(session.scalars(select(row).where(  # type: ignore[return-value]
        row.cohort_id == cohort_id, row.person_id == person_id).order_by(row.id)))
        for row in (RequirementException, Recognition))
