"""Inserting rows that may be there already: one statement, and who came first is told from who came second."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from lms.attempts.models import Answer, Attempt, Submission
from lms.foundation.database import insert_of

# What must be unique for a row to be new; of answers two things must be: the key, and the place in the chain.
UNIQUE: dict[Any, tuple[str, ...] | None] = {
    Attempt: ("cohort_id", "person_id", "module", "number"), Answer: None,
    Submission: ("cohort_id", "person_id", "module", "version")}
TOLD = {Attempt: "number", Answer: "key", Submission: "version"}


def insert_once(session: Session, kind: Any, rows: list[dict[str, Any]]) -> Sequence[Any]:
    """Insert rows unless they are there; returns (id, what is told of the kind) of those that were not."""
    connection = session.connection()
    return connection.execute(_insert(connection.dialect.name, kind), rows).all()


@lru_cache
def _insert(dialect: str, kind: Any) -> Any:
    """Made once: SQLAlchemy compiles an insert anew each time when its rows are part of it."""
    table = kind.__table__
    made = insert_of(dialect)(table).on_conflict_do_nothing(index_elements=UNIQUE[kind])
    return made.returning(table.c.id, table.c[TOLD[kind]])
