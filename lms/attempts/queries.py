"""One's own attempts and tasks, and one piece of work for who marks it. What is judged of many people is in `facts`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import Session

from lms.attempts import rules
from lms.attempts.arrivals import KEPT, Arrival, Decision, arrivals, arrivals_and_keys, decisions, kept
from lms.attempts.attachments import attached
from lms.attempts.correcting import Correction, Effect, corrected, corrections, effect
from lms.attempts.dates import apart as dates_apart
from lms.attempts.dates import cohort as own_cohort
from lms.attempts.dates import last_done
from lms.attempts.facts import (
    MARK,
    SITTING,
    SUBMISSION,
    WaitingItem,
    attempt_facts,
    best_quiz_shares,
    by_hand,
    counting,
    mark_fact,
    submission_facts,
    waiting,
    which,
)
from lms.attempts.handed import dates_of as dates_of
from lms.attempts.listed import Listed, Narrow, Reach, as_listed, count, count_need, following, groups, listed, page
from lms.attempts.listed import questions as questions
from lms.attempts.models import Answer, Attempt, Marking, Submission, SubmissionFile
from lms.attempts.planned import Planned, planned, quiz_due
from lms.attempts.receipts import FIRST
from lms.attempts.rubrics import rubric, rubrics, task_now, versions_of_rubric
from lms.attempts.rules import (
    AttemptFact,
    Given,
    Kept,
    MarkFact,
    Paper,
    Refusal,
    ScoreFact,
    Sitting,
    SubmissionFact,
    TaskRules,
)
from lms.attempts.sheets import Place, quiz_of, quizzes
from lms.attempts.steps import steps_of
from lms.attempts.tallies import GivenMark, Marks, Taken, asked, counts, given_marks, last_answers, marks, taken
from lms.attempts.worked import work_facts
from lms.attempts.worklist import Stage, differences, number

__all__ = ["Arrival", "AttemptFact", "Correction", "Decision", "Effect", "Given", "GivenMark", "Listed", "MarkFact",
           "Marks", "Narrow", "Paper", "Place", "Planned", "Reach", "ScoreFact", "Sheet", "Sitting", "Stage",
           "SubmissionFact", "SubmissionView", "Taken", "Version", "WaitingItem", "answer", "answers_of",
           "answers_of_many", "arrivals", "arrivals_and_keys", "as_listed", "asked", "attached", "attempt",
           "attempt_facts", "best_quiz_shares", "by_hand", "corrected", "corrections", "count", "count_need",
           "counting", "counts", "dates_apart", "decisions", "differences", "effect", "following", "given",
           "given_marks", "groups", "kept", "last_answers", "last_done", "listed", "markings_of", "marks", "number",
           "own_cohort", "page", "paper", "papers", "planned", "quiz_due", "quiz_of", "quizzes", "rubric", "rubrics",
           "sheet", "sitting", "sittings", "steps_of", "submission", "submission_facts", "submission_of", "taken",
           "task_now", "versions", "versions_of_rubric", "waiting", "work_facts"]

# Statements of hot pages are made once: building one anew for each request costs as much as running it.
MINE = select(*SITTING).where(Attempt.id == bindparam("attempt"), Attempt.cohort_id == bindparam("cohort"),
                              Attempt.person_id == bindparam("person"))
MINE_HELD = MINE.with_for_update(of=Attempt)
_NEWEST = select(func.max(Answer.id)).where(Answer.attempt_id == bindparam("attempt")).group_by(Answer.question)
_MINE = Answer.attempt_id == bindparam("attempt")
_OURS = union_all(select(Answer.id).where(_MINE, Answer.key.in_(bindparam("keys", expanding=True))),
                  select(func.max(Answer.id)).where(_MINE, Answer.sequence == select(
                      func.max(Answer.sequence)).where(_MINE).scalar_subquery()),
                  _NEWEST.where(Answer.question.in_(bindparam("questions", expanding=True))))
SHEET = (MINE.add_columns(*KEPT).outerjoin(Answer, Answer.id.in_(_OURS))
         .with_for_update(key_share=True, of=Attempt))
GIVEN = select(Answer.question, Answer.id, Answer.value, Answer.saved_at).where(Answer.id.in_(_NEWEST))
GIVEN_AT = select(Answer.question, Answer.id, Answer.value, Answer.saved_at).where(
    Answer.id.in_(_NEWEST.where(Answer.id <= bindparam("base"))))


# The student's own ----------------------------------------------------------------------------------------------------

def sittings(session: Session, cohort_id: int, person_id: int, module: str) -> list[Sitting]:
    """A person's attempts at one quiz, first to last."""
    rows = session.execute(select(*SITTING).where(Attempt.cohort_id == cohort_id, Attempt.person_id == person_id,
                                                  Attempt.module == module).order_by(Attempt.number))
    return [Sitting(*row) for row in rows]


def sitting(session: Session, cohort_id: int, person_id: int, attempt_id: int, hold: bool = False) -> Sitting | None:
    """One's own attempt, or None: the gate. `hold` keeps others from changing it until this transaction ends."""
    row = session.execute(MINE_HELD if hold else MINE,
                          {"attempt": attempt_id, "cohort": cohort_id, "person": person_id}).one_or_none()
    return Sitting(*row) if row else None


@dataclass(frozen=True)
class Sheet:
    """An attempt about to take answers: what these keys already brought, and what stands in these questions."""
    sitting: Sitting
    brought: dict[str, Kept]                    # by key
    last: dict[str, Kept]                       # question -> its last answer
    head: tuple[int, str]                       # how many answers the attempt's chain has, and its end


def sheet(session: Session, cohort_id: int, person_id: int, attempt_id: int, keys: Collection[str],
          questions: Collection[str]) -> Sheet | None:
    """One's own attempt, held, as saving answers to these questions needs to know it. One statement."""
    rows = session.execute(SHEET, {"attempt": attempt_id, "cohort": cohort_id, "person": person_id,
                                   "keys": list(keys), "questions": list(questions)}).all()
    if not rows:
        return None
    width = len(SITTING)
    found = sorted((Kept(*row[width:]) for row in rows if row[width] is not None), key=lambda answer: answer.id)
    head = max(((a.sequence, a.chain) for a in found if a.sequence and a.chain), default=(0, FIRST))
    return Sheet(Sitting(*rows[0][:width]), {a.key: a for a in found if a.key in keys},
                 {a.question: a for a in found}, head)


def given(session: Session, attempt_id: int, base: int | None = None) -> dict[str, Given]:
    """Question -> its last answer; with `base`, the last one that a page made at that answer id knew of."""
    rows = session.execute(GIVEN if base is None else GIVEN_AT, {"attempt": attempt_id, "base": base})
    return {question: Given(*rest) for question, *rest in rows}


def answer(session: Session, attempt_id: int, answer_id: int) -> tuple[str, Given] | None:
    """One answer of an attempt, of whatever time, with its question."""
    row = session.execute(select(Answer.question, Answer.id, Answer.value, Answer.saved_at)
                          .where(Answer.id == answer_id, Answer.attempt_id == attempt_id)).one_or_none()
    return (row.question, Given(*row[1:])) if row else None


def answers_of(session: Session, attempt_id: int) -> dict[str, str]:
    """Question -> canonical answer that stands."""
    return {question: answer.value for question, answer in given(session, attempt_id).items()}


def answers_of_many(session: Session, attempt_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The same for several attempts, in one statement."""
    newest = (select(func.max(Answer.id)).where(Answer.attempt_id.in_(attempt_ids))
              .group_by(Answer.attempt_id, Answer.question))
    found: dict[int, dict[str, str]] = {attempt_id: {} for attempt_id in attempt_ids}
    for attempt_id, question, value in session.execute(
            select(Answer.attempt_id, Answer.question, Answer.value).where(Answer.id.in_(newest))):
        found[attempt_id][question] = value
    return found


# One piece of work ----------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class SubmissionView:
    """One version of a task in full, with every marking it was given and the versions beside it."""
    id: int
    cohort_id: int
    person_id: int
    module: str
    edition_id: str
    version: int
    handed_in_at: datetime
    due_at: datetime | None
    text: str
    receipt: str
    late: str = ""                              # rules.LateRule as it was then
    files: tuple[Paper, ...] = ()
    markings: tuple[MarkFact, ...] = ()         # first to last
    versions: tuple["Version", ...] = ()        # all of the person's for this task, first to last

    @property
    def marking(self) -> MarkFact | None:
        return self.markings[-1] if self.markings else None


@dataclass(frozen=True)
class Version:
    """One of the versions of a task."""
    id: int
    version: int
    handed_in_at: datetime
    due_at: datetime | None
    receipt: str


def submission(session: Session, cohort_id: int, submission_id: int,
               person_id: int | None = None) -> SubmissionView | None:
    """A submission of this cohort; with `person_id`, only that person's. Four statements."""
    query = select(*SUBMISSION, Submission.text, Submission.receipt, Submission.late).where(
        Submission.id == submission_id, Submission.cohort_id == cohort_id)
    if person_id is not None:
        query = query.where(Submission.person_id == person_id)
    if (row := session.execute(query).one_or_none()) is None:
        return None
    markings = session.execute(select(*MARK).where(Marking.submission_id == submission_id).order_by(Marking.id))
    return SubmissionView(*row, files=tuple(papers(session, [submission_id]).get(submission_id, ())),
                          markings=tuple(mark_fact(m) for m in markings),
                          versions=tuple(versions(session, cohort_id, row.person_id, row.module)))


def versions(session: Session, cohort_id: int, person_id: int, module: str) -> list[Version]:
    """What a person has handed in for a task, first to last."""
    rows = session.execute(select(Submission.id, Submission.version, Submission.handed_in_at, Submission.due_at,
                                  Submission.receipt)
                           .where(Submission.cohort_id == cohort_id, Submission.person_id == person_id,
                                  Submission.module == module).order_by(Submission.version))
    return [Version(*row) for row in rows]


def may_again(session: Session, task: TaskRules, due: datetime | None, before: Sequence[Version], now: datetime
              ) -> tuple[Refusal | None, datetime | None]:
    """(why another version may not be handed in, its deadline). One statement where corrections matter."""
    marked: list[datetime] = []
    if task.again == "feedback" and before:
        marked = list(session.scalars(select(Marking.marked_at).where(
            Marking.submission_id.in_([v.id for v in before])).order_by(Marking.id)))
    return rules.may_again(task, due, [v.handed_in_at for v in before], marked, now)


def papers(session: Session, submission_ids: Collection[int]) -> dict[int, list[Paper]]:
    """Submission id -> its files, in the order they were sent."""
    found: dict[int, list[Paper]] = {}
    for submission_id, *row in session.execute(
            select(SubmissionFile.submission_id, SubmissionFile.name, SubmissionFile.kind, SubmissionFile.size,
                   SubmissionFile.sha256, SubmissionFile.id)
            .where(SubmissionFile.submission_id.in_(submission_ids)).order_by(SubmissionFile.id)):
        found.setdefault(submission_id, []).append(Paper(*row))
    return found


def paper(session: Session, cohort_id: int, file_id: int, person_id: int | None = None,
          modules: Collection[str] | None = None) -> Paper | None:
    """A file handed in in this cohort: a person's own, or of the modules an instructor marks."""
    ours = which(Submission, cohort_id, None if person_id is None else [person_id], modules)
    row = session.execute(select(SubmissionFile.name, SubmissionFile.kind, SubmissionFile.size, SubmissionFile.sha256,
                                 SubmissionFile.id)
                          .join(Submission, Submission.id == SubmissionFile.submission_id)
                          .where(SubmissionFile.id == file_id, *ours)).one_or_none()
    return Paper(*row) if row else None


def submission_of(session: Session, file_id: int) -> int | None:
    """The version a file was handed in with."""
    return session.scalar(select(SubmissionFile.submission_id).where(SubmissionFile.id == file_id))


def attempt(session: Session, cohort_id: int, attempt_id: int) -> Sitting | None:
    """An attempt of this cohort, whoever's: for who marks."""
    found = select(*SITTING).where(Attempt.id == attempt_id, Attempt.cohort_id == cohort_id)
    row = session.execute(found).one_or_none()
    return Sitting(*row) if row else None


def markings_of(session: Session, attempt_id: int, question: str | None = None) -> dict[str, list[MarkFact]]:
    """Question -> every marking it was given, first to last."""
    query = select(Marking.question, *MARK).where(Marking.attempt_id == attempt_id).order_by(Marking.id)
    if question is not None:
        query = query.where(Marking.question == question)
    found: dict[str, list[MarkFact]] = {}
    for name, *row in session.execute(query):
        found.setdefault(name, []).append(mark_fact(row))
    return found
