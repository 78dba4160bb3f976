"""The comments a marker keeps for use again, their own and those shared by all who mark the same task."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.grading.models import CommentUse, SavedComment

LONGEST, MOST = 2000, 300


@dataclass(frozen=True)
class Comment:
    id: int
    owner_id: int
    shared: bool
    text: str
    uses: int


def comments(session: Session, subject: str, person_id: int) -> list[Comment]:
    """What this person may use for a task, most used first. One statement."""
    uses = func.count(CommentUse.marking_id)
    rows = session.execute(
        select(SavedComment.id, SavedComment.owner_id, SavedComment.shared, SavedComment.text, uses)
        .outerjoin(CommentUse, CommentUse.comment_id == SavedComment.id)
        .where(SavedComment.subject == subject, SavedComment.retired_at.is_(None),
               or_(SavedComment.owner_id == person_id, SavedComment.shared))
        .group_by(SavedComment.id).order_by(uses.desc(), SavedComment.id).limit(MOST))
    return [Comment(*row) for row in rows]


def keep(session: Session, actor_id: int, now: datetime, subject: str, text: str, shared: bool,
         replaces: int | None = None) -> int:
    """Keep a comment; one that takes another's place keeps its count."""
    made: int = session.execute(insert(SavedComment).values(
        subject=subject, owner_id=actor_id, shared=shared, text=text, made_at=now, replaces=replaces)
        .returning(SavedComment.id)).scalar_one()
    if replaces and retire(session, actor_id, now, subject, replaces):
        session.execute(insert(CommentUse).from_select(
            ["comment_id", "marking_id"],
            select(literal(made), CommentUse.marking_id).where(CommentUse.comment_id == replaces)))
    audit.record(session, actor_id, now, "comment.kept", f"comment:{made}", shared=shared)
    return made


def retire(session: Session, actor_id: int, now: datetime, subject: str, comment_id: int) -> bool:
    """One's own: it is offered no more."""
    gone = session.execute(update(SavedComment).where(
        SavedComment.id == comment_id, SavedComment.owner_id == actor_id, SavedComment.subject == subject,
        SavedComment.retired_at.is_(None)).values(retired_at=now).returning(SavedComment.id)).scalar_one_or_none()
    return gone is not None


def used(session: Session, subject: str, actor_id: int, marking_id: int, feedback: str) -> None:
    """Count the comments that stand in the words of a marking."""
    if not feedback:
        return
    found = [c.id for c in comments(session, subject, actor_id) if c.text in feedback]
    if found:
        session.execute(insert(CommentUse), [{"comment_id": i, "marking_id": marking_id} for i in found])
