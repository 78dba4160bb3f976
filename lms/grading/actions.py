"""Marking a piece of work and publishing marks: new facts, one audit line each."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from lms.attempts import actions as attempts
from lms.attempts.actions import Conflict
from lms.catalogue.rules import Module
from lms.foundation import audit, mail
from lms.grading import claims, comments, letters, seconding
from lms.grading.changes import Stale, change
from lms.grading.desk import Desk
from lms.grading.models import Release
from lms.grading.rules import Opinion
from lms.grading.second import Voice
from lms.people import queries as people

__all__ = ["Conflict", "Stale", "change", "mark", "release", "tell", "undo"]


def mark(session: Session, actor_id: int, now: datetime, desk: Desk, said: Opinion, institution_id: int | None = None
         ) -> bool:
    """Keep an opinion of what is on the desk; False when it says what stands already (a double click, no change).

    Raises Conflict when another marking has come since the page was made. Where the piece is marked twice it is kept
    as one of the opinions, and counts when the rule has decided.
    """
    tag = desk.piece.tag
    if desk.role is None:
        raise LookupError("another person is waited for")
    if desk.role:
        if desk.role != "talk" and said.repeats(desk.latest):
            return False
        _opine(session, now, desk, said, actor_id, institution_id)
        claims.leave(session, now, tag, "marked")
        return True
    if said.repeats(desk.latest):
        return False
    try:
        marking_id = attempts.mark(session, actor_id, now, **desk.work, points=said.points, out_of=desk.out_of,
                                   levels=said.levels, feedback=said.feedback, based_on=said.based_on)
    except Conflict as found:
        if found.latest.marker_id == actor_id and said.repeats(found.latest):       # the second of two clicks
            return False
        raise
    comments.used(session, desk.subject, actor_id, marking_id, said.feedback)
    claims.leave(session, now, tag, "marked")
    return True


def _opine(session: Session, now: datetime, desk: Desk, said: Opinion, actor_id: int, institution_id: int | None
           ) -> None:
    piece = desk.piece
    if desk.role == "talk":
        seconding.agree(session, actor_id, now, piece.tag, said.points, desk.out_of, said.levels, said.feedback,
                        desk.work)
        return
    voice = Voice(desk.role or "first", said.points, desk.out_of, said.levels, said.feedback, actor_id, institution_id,
                  now)
    known = seconding.voices(session, piece.tag)            # the desk knows only what its marker may see
    seconding.say(session, now, (piece.cohort_id, piece.module, piece.item), piece.tag, known, voice, desk.plan,
                  desk.work)


def undo(session: Session, actor_id: int, now: datetime, desk: Desk) -> bool:
    """Take back one's own last marking: what stood before stands again, as a new marking; where nothing did, the piece
    is back on the list. False when it is not one's own, or not the last."""
    latest = desk.markings[-1] if desk.markings else None
    if latest is None or latest.marker_id != actor_id or desk.voices:
        return False
    if len(desk.markings) < 2:
        attempts.look_again(session, actor_id, now, [latest.id], "undone")
        return True
    before = desk.markings[-2]
    attempts.mark(session, actor_id, now, **desk.work, points=before.points, out_of=before.out_of, levels=before.levels,
                  feedback=before.feedback, based_on=latest.id)
    return True


def release(session: Session, actor_id: int, now: datetime, cohort_id: int, module: str, item: str, marks: int) -> None:
    """Publish what persons have marked of an item up to now."""
    session.add(Release(cohort_id=cohort_id, module=module, item=item, released_at=now, released_by=actor_id))
    audit.record(session, actor_id, now, "marks.published", f"module:{module}.{item}", cohort_id, marks=marks)


def tell(session: Session, now: datetime, person_ids: Iterable[int], module: Module, item: str, url: str) -> None:
    """Mail each of them that there is something new at `url`."""
    for person in people.by_id(session, person_ids).values():
        mail.send(session, now, person.email, *letters.published(person.name, module.code, module.title, item, url))
