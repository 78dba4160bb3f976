"""The list of what waits for a person: kept as work comes in and is marked, made anew from the facts at will."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from lms.attempts.facts import WaitingItem, waiting
from lms.attempts.models import Attempt as AttemptRow
from lms.attempts.models import LookAgain, Marking, Submission, WorkItem
from lms.cohorts import queries as cohorts
from lms.foundation.database import insert_of

PRIME = (1 << 31) - 1       # numbers of works lie below it; multiplied by a marker's own they come in another order
END = datetime(9999, 1, 1, tzinfo=UTC)      # of time: where there is no deadline
STAGES = ("second", "third", "talk")


@dataclass(frozen=True)
class Stage:
    """How far the second marking of a piece is: who else is needed, and who has said something."""
    need: str                       # second | third | talk
    first_by: int | None = None
    second_by: int | None = None
    not_place: str = ""             # "cohort:institution" of the first, where the second must be of another


def tag_of(submission_id: int | None, attempt_id: int | None = None, question: str | None = None) -> str:
    """A piece's name: "t12", "q7.ensayo"."""
    return f"t{submission_id}" if submission_id is not None else f"q{attempt_id}.{question}"


def number(tag: str) -> int:
    """A number of the work's own, that tells nothing about it."""
    return int.from_bytes(sha256(tag.partition(".")[0].encode()).digest()[:8], "big") % (PRIME - 1) + 1


def row_of(item: WaitingItem, need: str = "mark") -> dict[str, Any]:
    tag = tag_of(item.submission_id, item.attempt_id, item.question)
    return {"tag": tag, "place": f"{item.cohort_id}:{item.module}", "cohort_id": item.cohort_id,
            "person_id": item.person_id, "module": item.module, "question": item.question or "",
            "item": "task" if item.submission_id is not None else "quiz",
            "work_id": item.submission_id if item.submission_id is not None else item.attempt_id,
            "handed_in_at": item.handed_in_at, "due_at": item.due_at, "sort_at": item.due_at or END,
            "shuffle": number(tag), "need": need, "first_by": None, "second_by": None, "not_place": ""}


# As it happens --------------------------------------------------------------------------------------------------------

def task_waits(session: Session, item: WaitingItem) -> None:
    """A version was handed in: it waits, and the earlier ones no more."""
    session.execute(delete(WorkItem).where(
        WorkItem.place == f"{item.cohort_id}:{item.module}", WorkItem.person_id == item.person_id,
        WorkItem.item == "task"))
    _add(session, [row_of(item)])


def answers_wait(session: Session, items: Iterable[WaitingItem]) -> None:
    """Answers that the machine can not mark. One or two statements, none where there are none."""
    found = list(items)
    if not found:
        return
    dues = _dues(session, {item.cohort_id for item in found})
    _add(session, [row_of(_dated(item, dues)) for item in found])


def _add(session: Session, rows: list[dict[str, Any]]) -> None:
    """Once each, however often it is said that they wait."""
    connection = session.connection()
    connection.execute(insert_of(connection.dialect.name)(WorkItem.__table__).on_conflict_do_nothing(
        index_elements=["tag"]), rows)


def gone(session: Session, tags: Collection[str]) -> None:
    """They wait no more."""
    if tags:
        session.execute(delete(WorkItem).where(WorkItem.tag.in_(tags)))


def stage(session: Session, tag: str, at: Stage) -> None:
    """Second marking goes on: another person is needed for a piece."""
    session.execute(update(WorkItem).where(WorkItem.tag == tag).values(
        need=at.need, first_by=at.first_by, second_by=at.second_by, not_place=at.not_place))


def look_again(session: Session, actor_id: int, now: datetime, marking_ids: Collection[int], reason: str) -> None:
    """Put marked work back on the list. What was marked stands until it is marked again."""
    if not marking_ids:
        return
    session.execute(insert(LookAgain), [{"marking_id": i, "reason": reason, "asked_by": actor_id, "asked_at": now}
                                        for i in marking_ids])
    rows = _looked(session, Marking.id.in_(list(marking_ids)))
    if rows:
        _add(session, rows)


# Anew -----------------------------------------------------------------------------------------------------------------

def due_list(session: Session, stages: Mapping[str, Stage] | None = None) -> dict[str, dict[str, Any]]:
    """The list as the facts say it should be, by tag."""
    all_cohorts = [cohort.id for cohort in cohorts.cohorts(session, None)]
    dues = _dues(session, all_cohorts)
    rows = [row_of(_dated(item, dues)) for item in waiting(session, [(c, None) for c in all_cohorts])]
    rows += _looked(session, Marking.id.in_(select(LookAgain.marking_id)))
    found = {row["tag"]: row for row in rows}
    for tag, at in (stages or {}).items():
        if tag in found and found[tag]["need"] == "mark":
            found[tag] |= {"need": at.need, "first_by": at.first_by, "second_by": at.second_by,
                           "not_place": at.not_place}
    return found


def rebuild(session: Session, stages: Mapping[str, Stage] | None = None) -> int:
    """Make the list anew. Returns how many pieces wait."""
    found = due_list(session, stages)
    session.execute(delete(WorkItem))
    if found:
        session.execute(insert(WorkItem), list(found.values()))
    return len(found)


def differences(session: Session, stages: Mapping[str, Stage] | None = None) -> int:
    """How many pieces are on the list wrongly, or missing: what `lms doctor` tells."""
    should = {(tag, row["need"]) for tag, row in due_list(session, stages).items()}
    return len(should ^ {(tag, need) for tag, need in session.execute(select(WorkItem.tag, WorkItem.need))})


def _looked(session: Session, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Marked work to be looked at again, where that marking is still the last of it."""
    rows: list[dict[str, Any]] = []
    later = Marking.__table__.alias("later")
    for table, about in ((Submission, Marking.submission_id), (AttemptRow, Marking.attempt_id)):
        ours = later.c.submission_id == Marking.submission_id if table is Submission else (
            (later.c.attempt_id == Marking.attempt_id) & (later.c.question == Marking.question))
        last = select(func.max(later.c.id)).where(ours).scalar_subquery()
        when = (Submission.handed_in_at, Submission.due_at) if table is Submission else (
            AttemptRow.submitted_at, AttemptRow.submitted_at)
        for row in session.execute(select(table.cohort_id, table.person_id, table.module, *when, table.id,
                                          Marking.question).join(Marking, about == table.id)
                                   .where(which, Marking.id == last)):
            made = WaitingItem(*row[:4], row[4] if table is Submission else None,
                               *((row[5],) if table is Submission else (None, row[5], row[6])))
            rows.append(row_of(made, "look"))
    return rows


def _dues(session: Session, cohort_ids: Collection[int]) -> dict[tuple[int, str], datetime | None]:
    """(cohort, module) -> when its quiz was due."""
    return {(cohort.id, code): window.due("quiz") for cohort in cohorts.cohorts(session, cohort_ids)
            for code, window in cohort.calendar.items()}


def _dated(item: WaitingItem, dues: Mapping[tuple[int, str], datetime | None]) -> WaitingItem:
    if item.submission_id is not None:
        return item
    return replace(item, due_at=dues.get((item.cohort_id, item.module)))
