"""All that some people have done in a cohort, attempts and tasks with their marks, in one statement for any number."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.attempts.facts import DONE_OR_RUNNING, FACT, MARK, exact, mark_fact
from lms.attempts.models import Attempt, Marking, Submission
from lms.attempts.rules import AttemptFact, ScoreFact, SubmissionFact

Published = Mapping[tuple[str, str], datetime]      # (module, "quiz" or "task") -> up to when persons' marks are shown
WORK = (Submission.id, Submission.cohort_id, Submission.person_id, Submission.module, Submission.version,
        Submission.edition_id, Submission.handed_in_at, Submission.due_at)         # typed as FACT is, column by column
SAID = (Marking.question, *MARK)
LATE = (Submission.late, *(cast(null(), c.type) for c in MARK))
PERSON, MODULE, NUMBER = 3, 4, 5                    # in a row: its kind, then FACT or WORK, then SAID
QUESTION = 1 + len(FACT)
SHEET = QUESTION - 1
MARKING = QUESTION + 1
POINTS, OUT_OF, _, FEEDBACK, MARKER, MARKED_AT = range(MARKING + 1, MARKING + 7)


def work_facts(session: Session, cohort_id: int, person_ids: Collection[int] | None = None,
               modules: Collection[str] | None = None, published: Published | None = None
               ) -> tuple[list[AttemptFact], list[SubmissionFact]]:
    """As `attempt_facts` and `submission_facts`. With `published`, a mark that replaced a published one without being
    published itself does not count: the one that students were shown stands."""
    rows = session.execute(_statement(person_ids is not None, modules is not None), {
        "cohort": cohort_id, **({} if person_ids is None else {"people": list(person_ids)}),
        **({} if modules is None else {"modules": list(modules)})}).all()
    parts: dict[str, list[Any]] = {"attempt": [], "submission": [], "score": [], "mark": []}
    for row in rows:
        parts[row[0]].append(row)
    tried, work = sorted(parts["attempt"], key=itemgetter(1)), sorted(parts["submission"], key=itemgetter(NUMBER))
    scores = _counting(parts["score"], {row[1]: (row[MODULE], "quiz") for row in tried}, published)
    marks = _counting(parts["mark"], {row[1]: (row[MODULE], "task") for row in work}, published)
    latest = {(row[PERSON], row[MODULE]): row for row in work}
    return ([AttemptFact(*row[1:SHEET], tuple([_score(m) for m in scores.get(row[1], {}).values()]), row[SHEET])
             for row in tried],
            [_submission(row, marks.get(row[1], {}).get(None)) for row in latest.values()])


@lru_cache
def _statement(by_person: bool, by_module: bool) -> CompoundSelect[Any]:
    """Put together once: its 68 columns cost more to write down than to fetch."""
    def of(table: type[Attempt] | type[Submission]) -> list[ColumnElement[bool]]:
        return [table.cohort_id == bindparam("cohort"), *([DONE_OR_RUNNING] if table is Attempt else []),
                *([table.person_id.in_(bindparam("people", expanding=True))] if by_person else []),
                *([table.module.in_(bindparam("modules", expanding=True))] if by_module else [])]
    return union_all(
        _part("attempt", FACT).where(*of(Attempt)), _part("submission", WORK, LATE).where(*of(Submission)),
        _part("score", (Marking.attempt_id,), SAID).join(Attempt, Attempt.id == Marking.attempt_id).where(*of(Attempt)),
        _part("mark", (Marking.submission_id,), SAID).join(
            Submission, Submission.id == Marking.submission_id).where(*of(Submission)))


def _part(kind: str, work: Sequence[Any], said: Sequence[Any] = ()) -> Select[Any]:
    """One part of the union; what it lacks is NULL of the right type."""
    return select(literal(kind).label("kind"), *work, *(cast(null(), c.type) for c in FACT[len(work):]),
                  *(said or [cast(null(), c.type) for c in SAID]))


def _counting(rows: list[Any], items: Mapping[int, tuple[str, str]], published: Published | None
              ) -> dict[int, dict[str | None, Any]]:
    """Of the marks of each work and question the last, unless only an earlier one is published."""
    found: dict[int, dict[str | None, Any]] = {}
    for row in sorted(rows, key=itemgetter(MARKING)):
        given = found.setdefault(row[1], {})
        before = given.get(row[QUESTION])
        if before is not None and published is not None:
            until = published.get(items[row[1]])
            if _shown(before, until) and not _shown(row, until):
                continue
        given[row[QUESTION]] = row
    return found


def _shown(row: Any, until: datetime | None) -> bool:
    return row[MARKER] is None or (until is not None and row[MARKED_AT] <= until)


def _score(row: Any) -> ScoreFact:
    return ScoreFact(row[QUESTION], exact(row[POINTS]), exact(row[OUT_OF]), row[MARKER], row[MARKED_AT], row[FEEDBACK])


def _submission(row: Any, mark: Any) -> SubmissionFact:
    return SubmissionFact(*row[1:NUMBER], row[NUMBER + 1], row[NUMBER], *row[NUMBER + 2:1 + len(WORK)],
                          mark_fact(mark[MARKING:]) if mark else None, row[QUESTION] or "")
