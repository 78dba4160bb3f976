"""One piece of work on a marker's desk: what was handed in, by what it is marked, and what was said of it before."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.queries import SubmissionView
from lms.attempts.rules import MarkFact, Sitting, days_late
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Module, Question, Task
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.grading.queue import Piece
from lms.grading.scales import HOME
from lms.people import queries as people
from lms.people.queries import PersonView
from lms.people.rules import Actor, graded_modules


@dataclass(frozen=True)
class Desk:
    """A submission, or one answer of an attempt."""
    cohort: CohortView
    module: Module
    person: PersonView
    markings: tuple[MarkFact, ...]              # first to last
    markers: dict[int, PersonView]
    late_per_day: Decimal
    late_days: int                              # the most that is taken off for
    submission: SubmissionView | None = None
    attempt: Sitting | None = None
    question: Question | None = None
    answer: str = ""                            # as plain text

    @property
    def task(self) -> Task:
        if self.module.task is None:
            raise LookupError(f"{self.module.code} has no task")
        return self.module.task

    @property
    def keys_are_points(self) -> bool:
        """Whether a level can be chosen by pressing its points: one digit each, none twice in a criterion."""
        return all(c.points <= 9 and len({lv.points for lv in c.levels}) == len(c.levels) for c in self.task.criteria)

    @property
    def latest(self) -> MarkFact | None:
        return self.markings[-1] if self.markings else None

    @property
    def out_of(self) -> Fraction:
        return self.question.points if self.question else Fraction(self.task.points)

    @property
    def late(self) -> int:
        work = self.submission
        return min(days_late(work.handed_in_at, work.due_at), self.late_days) if work else 0

    @property
    def less(self) -> Fraction:
        """What lateness takes away, in grades of the home scale."""
        return Fraction(self.late_per_day) * self.late

    def share_of(self, points: Fraction) -> Fraction:
        """What so many points come to, lateness taken away."""
        return HOME.share(max(HOME.raw(points / self.out_of) - self.less, Fraction(HOME.minimum)))

    @property
    def newer(self) -> int | None:
        """The submission that has taken this one's place."""
        if self.submission is None:
            return None
        last = self.submission.versions[-1]
        return last.id if last.id != self.submission.id else None

    @property
    def piece(self) -> Piece:
        """Its place in the queue."""
        window = self.cohort.calendar.get(self.module.code)
        if self.submission is not None:
            s = self.submission
            due = s.due_at or (window.due("task") if window else None)
            return Piece(s.cohort_id, s.person_id, s.module, "task", s.handed_in_at, due, self.late, s.id)
        a = self.attempt
        if a is None or a.submitted_at is None or self.question is None:
            raise LookupError("nothing on the desk")
        return Piece(a.cohort_id, a.person_id, a.module, "quiz", a.submitted_at,
                     window.due("quiz") if window else None, 0, a.id, self.question.id)


def submission_desk(session: Session, actor: Actor, cohort_id: int, submission_id: int) -> Desk | None:
    """A submission of the modules the actor marks; None for anyone else's and for one's own."""
    cohort = cohorts.cohort(session, cohort_id)
    work = attempts.submission(session, cohort_id, submission_id)
    if cohort is None or work is None or not _may_mark(actor, cohort_id, work.module, work.person_id):
        return None
    programme = catalogue.programme(session, work.edition_id)
    module = programme.module(work.module)
    if module is None or module.task is None:
        return None
    names = people.by_id(session, _names(work.person_id, work.markings))
    return Desk(cohort, module, names[work.person_id], work.markings, names, programme.late_per_day,
                programme.late_days, submission=work)


def answer_desk(session: Session, actor: Actor, cohort_id: int, attempt_id: int, question_id: str) -> Desk | None:
    """An answer that persons mark, of an attempt handed in, of the modules the actor marks."""
    cohort = cohorts.cohort(session, cohort_id)
    attempt = attempts.attempt(session, cohort_id, attempt_id)
    if (cohort is None or attempt is None or attempt.submitted_at is None
            or not _may_mark(actor, cohort_id, attempt.module, attempt.person_id)):
        return None
    programme = catalogue.programme(session, attempt.edition_id)
    module = programme.module(attempt.module)
    quiz = attempts.quiz_of(session, attempt)
    question = next((q for q in quiz.questions if q.id == question_id), None) if quiz else None
    if module is None or quiz is None or question is None or question_id not in attempts.by_hand(quiz):
        return None
    answer = attempts.answers_of(session, attempt_id).get(question_id, "")
    markings = tuple(attempts.markings_of(session, attempt_id, question_id).get(question_id, ()))
    names = people.by_id(session, _names(attempt.person_id, markings))
    return Desk(cohort, module, names[attempt.person_id], markings, names, programme.late_per_day,
                programme.late_days, attempt=attempt, question=question,
                answer=KINDS[question.kind].shown(question, answer))


def _may_mark(actor: Actor, cohort_id: int, module: str, author_id: int) -> bool:
    mine = graded_modules(actor, cohort_id)
    return (mine is None or module in mine) and author_id != actor.person_id


def _names(person_id: int, markings: tuple[MarkFact, ...]) -> set[int]:
    return {person_id} | {m.marker_id for m in markings if m.marker_id is not None}
