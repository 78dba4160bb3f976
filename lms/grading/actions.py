"""Marking a piece of work and publishing marks: new facts, one audit line each."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from lms.attempts import actions as attempts
from lms.attempts.actions import Conflict
from lms.catalogue.rules import Module
from lms.foundation import audit, mail
from lms.grading import letters
from lms.grading.desk import Desk
from lms.grading.models import Release
from lms.grading.rules import Opinion
from lms.people import queries as people

__all__ = ["Conflict", "mark", "release", "tell"]


def mark(session: Session, actor_id: int, now: datetime, desk: Desk, said: Opinion) -> bool:
    """Keep an opinion of what is on the desk; False when it says what stands already (a double click, no change).

    Raises Conflict when another marking has come since the page was made.
    """
    if said.repeats(desk.latest):
        return False
    subject = ({"submission_id": desk.submission.id} if desk.submission else
               {"attempt_id": desk.attempt.id if desk.attempt else None,
                "question": desk.question.id if desk.question else None})
    try:
        attempts.mark(session, actor_id, now, **subject, points=said.points, out_of=desk.out_of, levels=said.levels,
                      feedback=said.feedback, based_on=said.based_on)
    except Conflict as found:
        if found.latest.marker_id == actor_id and said.repeats(found.latest):       # the second of two clicks
            return False
        raise
    return True


def release(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str, item: str, marks: int) -> None:
    """Publish what persons have marked of an item up to now."""
    session.add(Release(cohort_id=cohort_id, module=module, item=item, released_at=now, released_by=actor_id))
    audit.record(session, actor_id, now, "marks.published", f"module:{module}.{item}", cohort_id, marks=marks)


def tell(session: Session, now: datetime, person_ids: Iterable[int], module: Module, item: str, url: str) -> None:
    """Mail each of them that there is something new at `url`."""
    for person in people.by_id(session, person_ids).values():
        mail.send(session, now, person.email, *letters.published(person.name, module.code, module.title, item, url))
