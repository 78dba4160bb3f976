"""By what a cohort's task is marked: its edition's rubric, or the last version the cohort was given."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from lms.attempts.models import RubricVersion
from lms.catalogue.rules import Criterion, Level, Task
from lms.foundation import audit

Criteria = tuple[Criterion, ...]


def dumped(criteria: Sequence[Criterion]) -> str:
    return json.dumps([asdict(c) for c in criteria], ensure_ascii=False, separators=(",", ":"))


def loaded(text: str) -> Criteria:
    return tuple(Criterion(**{**c, "levels": tuple(Level(**level) for level in c["levels"])}) for c in json.loads(text))


def rubric(session: Session, cohort_id: int, module: str) -> tuple[int | None, Criteria]:
    """(version, criteria) that count now in a cohort; (None, ()) where the edition's do. One statement."""
    row = session.execute(select(RubricVersion.id, RubricVersion.content).where(
        RubricVersion.cohort_id == cohort_id, RubricVersion.module == module)
        .order_by(RubricVersion.id.desc()).limit(1)).one_or_none()
    return (row.id, loaded(row.content)) if row else (None, ())


def task_now(session: Session, cohort_id: int, module: str, task: Task) -> tuple[Task, int | None]:
    """A task with the criteria that count now, and their version."""
    version, criteria = rubric(session, cohort_id, module)
    return (replace(task, criteria=criteria), version) if version else (task, None)


def rubrics(session: Session, ids: Collection[int]) -> dict[int, Criteria]:
    """Earlier versions too, by id: an old marking is read by the rubric it was made with."""
    if not ids:
        return {}
    return {row.id: loaded(row.content) for row in session.execute(
        select(RubricVersion.id, RubricVersion.content).where(RubricVersion.id.in_(ids)))}


def keep_rubric(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str,
                criteria: Sequence[Criterion], reason: str) -> int:
    """The criteria from now on."""
    made: int = session.execute(insert(RubricVersion).values(
        cohort_id=cohort_id, module=module, content=dumped(criteria), reason=reason, author_id=actor_id, made_at=now)
        .returning(RubricVersion.id)).scalar_one()
    audit.record(session, actor_id, now, "rubric.changed", f"module:{module}", cohort_id, reason=reason, version=made)
    return made


def versions_of_rubric(session: Session, cohort_id: int, module: str) -> int:
    return session.scalar(select(func.count()).select_from(RubricVersion).where(
        RubricVersion.cohort_id == cohort_id, RubricVersion.module == module)) or 0
