"""What was read, by whom, and what the quizzes done so far open."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.rules import AttemptFact, share
from lms.catalogue.rules import Quiz
from lms.lessons.models import LessonRead


def read(session: Session, cohort_id: int, person_id: int) -> set[tuple[str, str]]:
    """(module, lesson) of what a person has read in a cohort. One statement."""
    rows = session.execute(select(LessonRead.module, LessonRead.lesson).where(
        LessonRead.cohort_id == cohort_id, LessonRead.person_id == person_id))
    return {(module, lesson) for module, lesson in rows}


def last_read(session: Session, cohort_id: int) -> dict[int, datetime]:
    """Person -> when they last marked a lesson as read. One statement."""
    rows = session.execute(select(LessonRead.person_id, func.max(LessonRead.read_at)).where(
        LessonRead.cohort_id == cohort_id).group_by(LessonRead.person_id))
    return {row[0]: row[1] for row in rows}


def shares(session: Session, tried: Iterable[AttemptFact]) -> dict[str, Fraction]:
    """Module -> the best share among attempts at hand, as `attempts.best_quiz_shares` asks for it. No statement."""
    done = [attempt for attempt in tried if attempt.submitted_at]
    attempts.quizzes(session, done)
    found: dict[str, list[tuple[int, Quiz, Fraction]]] = {}
    for attempt in done:
        if quiz := attempts.quiz_of(session, attempt):
            found.setdefault(attempt.module, []).append((attempt.id, quiz, share(quiz, attempt)))
    return {module: attempts.counting(each) for module, each in found.items()}
