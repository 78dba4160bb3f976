"""What was read, by whom, and what the quizzes done so far open."""

from collections.abc import Iterable
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.attempts.rules import AttemptFact, share
from lms.catalogue import queries as catalogue
from lms.lessons.models import LessonRead


def read(session: Session, cohort_id: int, person_id: int) -> set[tuple[str, str]]:
    """(module, lesson) of what a person has read in a cohort. One statement."""
    rows = session.execute(select(LessonRead.module, LessonRead.lesson).where(
        LessonRead.cohort_id == cohort_id, LessonRead.person_id == person_id))
    return {(module, lesson) for module, lesson in rows}


def shares(session: Session, tried: Iterable[AttemptFact]) -> dict[str, Fraction]:
    """Module -> the best share among attempts at hand, as `attempts.best_quiz_shares` asks for it. No statement."""
    best: dict[str, Fraction] = {}
    for attempt in tried:
        module = catalogue.programme(session, attempt.edition_id).module(attempt.module)
        if module and module.quiz and attempt.submitted_at:
            best[attempt.module] = max(best.get(attempt.module, Fraction(0)), share(module.quiz, attempt))
    return best
