"""Every step that was taken in the questions of attempts, for behaviours where more than the last answer counts."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.attempts.behaviours import Step
from lms.attempts.models import Answer


def steps_of(session: Session, attempt_ids: Collection[int]) -> dict[int, dict[str, list[Step]]]:
    """Attempt -> question -> its steps, first to last. One statement."""
    found: dict[int, dict[str, list[Step]]] = {attempt_id: {} for attempt_id in attempt_ids}
    for attempt_id, question, value, act, certainty in session.execute(
            select(Answer.attempt_id, Answer.question, Answer.value, Answer.act, Answer.certainty)
            .where(Answer.attempt_id.in_(attempt_ids)).order_by(Answer.id)):
        found[attempt_id].setdefault(question, []).append(Step(value, act, certainty))
    return found
