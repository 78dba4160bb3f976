"""Writing the rule by which a seminar's minutes earn hours; what was earned is computed anew from then on."""

from datetime import datetime

from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.seminars.models import Seminar


def set_rule(session: Session, actor_id: int, now: datetime, seminar_id: int, written: str) -> None:
    row = session.get_one(Seminar, seminar_id)
    if row.credit_rule != written:
        audit.record(session, actor_id, now, "seminar.rule_set", f"seminar:{seminar_id}", before=row.credit_rule,
                     after=written)
        row.credit_rule = written
