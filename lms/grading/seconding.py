"""Second marking as it is kept: plans, opinions, and the marking they come to."""

from collections.abc import Collection
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lms.attempts import actions as attempts
from lms.attempts.actions import Stage
from lms.foundation import audit
from lms.grading.models import Decision, OpinionRow, SecondPlan
from lms.grading.second import Outcome, Plan, Voice, Voices, loaded, outcome

VOICE = (OpinionRow.role, OpinionRow.points, OpinionRow.out_of, OpinionRow.levels, OpinionRow.feedback,
         OpinionRow.marker_id, OpinionRow.institution_id, OpinionRow.marked_at)
Item = tuple[int, str, str]                 # cohort, module, item


def plans(session: Session, cohort_ids: Collection[int] | None = None) -> dict[Item, Plan]:
    """What is planned; an item without a plan is absent. One statement."""
    query = select(SecondPlan.cohort_id, SecondPlan.module, SecondPlan.item, SecondPlan.content)
    if cohort_ids is not None:
        query = query.where(SecondPlan.cohort_id.in_(cohort_ids))
    return {(c, m, i): loaded(text) for c, m, i, text in session.execute(query.order_by(SecondPlan.id))}


def plan(session: Session, cohort_id: int, module: str, item: str) -> Plan:
    return plans(session, [cohort_id]).get((cohort_id, module, item), Plan())


def voices(session: Session, tag: str) -> dict[str, Voice]:
    """Role -> the last that was said of a piece in it."""
    return {row.role: Voice(*row) for row in session.execute(
        select(*VOICE).where(OpinionRow.tag == tag).order_by(OpinionRow.id))}


def voices_of(session: Session, cohort_id: int, module: str, item: str) -> dict[str, dict[str, Voice]]:
    """The same for every piece of an item. One statement."""
    found: dict[str, dict[str, Voice]] = {}
    for tag, *row in session.execute(select(OpinionRow.tag, *VOICE).where(
            OpinionRow.cohort_id == cohort_id, OpinionRow.module == module, OpinionRow.item == item)
            .order_by(OpinionRow.id)):
        voice = Voice(*row)
        found.setdefault(tag, {})[voice.role] = voice
    return found


def decided(session: Session, tags: Collection[str] | None = None) -> dict[str, str]:
    """Piece -> the rule by which its opinions became a marking."""
    query = select(Decision.tag, Decision.rule).order_by(Decision.id)
    if tags is not None:
        query = query.where(Decision.tag.in_(tags))
    return {tag: rule for tag, rule in session.execute(query)}  # noqa: C416 (a Row is no pair to mypy)


def keep_plan(session: Session, actor_id: int, now: datetime, where: Item, new: Plan) -> None:
    """From now on; what has an opinion already is finished as it was begun."""
    cohort_id, module, item = where
    session.execute(insert(SecondPlan).values(cohort_id=cohort_id, module=module, item=item, content=new.dumped(),
                                              author_id=actor_id, planned_at=now))
    audit.record(session, actor_id, now, "second.planned", f"module:{module}.{item}", cohort_id, **vars(new))


def say(session: Session, now: datetime, where: Item, tag: str, known: Voices, new: Voice, planned: Plan,
        work: dict[str, Any]) -> Outcome:
    """Keep an opinion; when the rule can decide, what they come to becomes the marking that counts."""
    cohort_id, module, item = where
    session.execute(insert(OpinionRow).values(tag=tag, cohort_id=cohort_id, module=module, item=item, **vars(new)))
    audit.record(session, new.marker_id, now, "work.opinion", f"work:{tag}", cohort_id, module=module, role=new.role)
    now_said = {**known, new.role: new}
    found = outcome(planned, now_said)
    if found.need:
        attempts.stage(session, tag, stage_of(cohort_id, planned, now_said, found))
    else:
        _decide(session, new.marker_id, now, tag, found, new.out_of, work)
    return found


def agree(session: Session, actor_id: int, now: datetime, tag: str, points: Fraction, out_of: Fraction, levels: str,
          feedback: str, work: dict[str, Any], rule: str = "talk") -> None:
    """The two have talked: what one of them writes down counts."""
    _decide(session, actor_id, now, tag, Outcome("", rule, points, levels, feedback), out_of, work)


def stages(session: Session) -> dict[str, Stage]:
    """Every piece that waits for another opinion: for the list made anew."""
    known = plans(session)
    found: dict[str, dict[str, Voice]] = {}
    places: dict[str, Item] = {}
    for tag, cohort_id, module, item, *row in session.execute(
            select(OpinionRow.tag, OpinionRow.cohort_id, OpinionRow.module, OpinionRow.item, *VOICE)
            .where(OpinionRow.tag.not_in(select(Decision.tag))).order_by(OpinionRow.id)):
        voice = Voice(*row)
        found.setdefault(tag, {})[voice.role], places[tag] = voice, (cohort_id, module, item)
    result = {}
    for tag, said in found.items():
        planned = known.get(places[tag], Plan())
        came = outcome(planned, said)
        if came.need:
            result[tag] = stage_of(places[tag][0], planned, said, came)
    return result


def stage_of(cohort_id: int, planned: Plan, said: Voices, came: Outcome) -> Stage:
    first, second = said.get("first"), said.get("second")
    apart = planned.across and first is not None and first.institution_id is not None
    return Stage(came.need, first.marker_id if first else None, second.marker_id if second else None,
                 f"{cohort_id}:{first.institution_id}" if apart and first else "")


def _decide(session: Session, actor_id: int, now: datetime, tag: str, found: Outcome, out_of: Fraction,
            work: dict[str, Any]) -> None:
    marking_id = attempts.mark(session, actor_id, now, **work, points=found.points, out_of=out_of,
                               levels=found.levels, feedback=found.feedback, based_on=None)
    session.execute(insert(Decision).values(tag=tag, marking_id=marking_id, rule=found.rule))
