"""Writes down that a lesson was read."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.lessons.models import LessonRead


def mark_read(session: Session, now: datetime, cohort_id: int, person_id: int, module: str, lesson: str) -> bool:
    """Written once, however often and by however many devices it is said; False when it was known already."""
    try:
        with session.begin_nested():
            session.add(LessonRead(cohort_id=cohort_id, person_id=person_id, module=module, lesson=lesson, read_at=now))
            session.flush()
    except IntegrityError:
        return False
    audit.record(session, person_id, now, "lesson.read", f"lesson:{module}/{lesson}", cohort_id)
    return True
