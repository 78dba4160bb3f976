"""What waits, as one marker sees it: grouped, in an order of the marker's own, a page at a time, and the next one."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from lms.attempts.models import WorkItem
from lms.attempts.worklist import END, PRIME, number, tag_of

W = WorkItem.__table__.c
COLUMNS = (W.cohort_id, W.person_id, W.module, W.item, W.handed_in_at, W.due_at, W.work_id, W.question, W.need,
           W.sort_at, W.shuffle, W.tag)
# Eligible: within the marker's posts, not their own work; a second opinion by another person of another institution.
_ME = bindparam("me")
MAY = and_(
    or_(W.cohort_id.in_(bindparam("whole", expanding=True)), W.place.in_(bindparam("narrow", expanding=True))),
    W.person_id != _ME,
    or_(W.need.in_(("mark", "look")),
        and_(W.need == "second", W.first_by != _ME, W.not_place.not_in(bindparam("own", expanding=True))),
        and_(W.need == "third", W.first_by != _ME, W.second_by != _ME),
        and_(W.need == "talk", or_(W.first_by == _ME, W.second_by == _ME))))
MIXED = (W.shuffle * bindparam("seed", type_=BigInteger)) % literal(PRIME, BigInteger)
BY_QUESTION = (W.sort_at, W.cohort_id, W.module, W.item, W.question, MIXED, W.tag)
BY_WORK = (W.sort_at, W.cohort_id, W.module, W.item, MIXED, W.question, W.tag)
BY_ARRIVAL = (W.sort_at, W.cohort_id, W.module, W.item, W.question, W.handed_in_at, W.tag)
ORDERS: dict[str, tuple[Any, ...]] = {"": BY_QUESTION, "persona": BY_WORK, "llegada": BY_ARRIVAL}
GROUP = (W.cohort_id, W.module, W.item)
_inner = {name: select(
    *COLUMNS, func.row_number().over(partition_by=GROUP, order_by=order).label("place_in"),
    func.count().over(partition_by=GROUP).label("many"),
    func.min(W.handed_in_at).over(partition_by=GROUP).label("oldest")).where(MAY).subquery()
    for name, order in ORDERS.items()}
GROUPS = {name: select(*(inner.c[column.name] for column in COLUMNS), inner.c.many, inner.c.oldest)
          .where(inner.c.place_in == 1).order_by(inner.c.sort_at, inner.c.cohort_id, inner.c.module, inner.c.item)
          for name, inner in _inner.items()}

QUESTIONS = select(W.cohort_id, W.module, W.question).where(MAY, W.item == "quiz").distinct().order_by(
    W.module, W.cohort_id, W.question)


@dataclass(frozen=True)
class Reach:
    """What one marker may mark."""
    person_id: int
    whole: tuple[int, ...]              # cohorts, all modules
    narrow: tuple[str, ...] = ()        # "cohort:module"
    own: tuple[str, ...] = ()           # "cohort:institution" on whose behalf they mark

    @property
    def seed(self) -> int:
        """The marker's own order of everything, always the same."""
        return (self.person_id * 2_654_435_761 + 1_013_904_223) % (PRIME - 1) + 1

    @property
    def values(self) -> dict[str, Any]:
        return {"me": self.person_id, "whole": list(self.whole), "narrow": list(self.narrow), "own": list(self.own),
                "seed": self.seed}


@dataclass(frozen=True)
class Listed:
    """One piece that waits. `need`: mark | look (again) | second | third | talk."""
    cohort_id: int
    person_id: int
    module: str
    item: str
    handed_in_at: datetime
    due_at: datetime | None
    work_id: int
    question: str
    need: str
    sort_at: datetime
    shuffle: int
    tag: str

    def key(self, order: str, seed: int) -> tuple[Any, ...]:
        """Its place in that order: see ORDERS."""
        mixed, head = self.shuffle * seed % PRIME, (self.sort_at, self.cohort_id, self.module, self.item)
        return (*head, *{"": (self.question, mixed), "persona": (mixed, self.question),
                         "llegada": (self.question, self.handed_in_at)}[order], self.tag)


def as_listed(cohort_id: int, person_id: int, module: str, item: str, handed_in_at: datetime,
              due_at: datetime | None, work_id: int, question: str) -> Listed:
    """A piece that may be on the list no more, with the place it had."""
    tag = tag_of(work_id) if item == "task" else tag_of(None, work_id, question)
    return Listed(cohort_id, person_id, module, item, handed_in_at, due_at, work_id, question, "mark", due_at or END,
                  number(tag), tag)


@dataclass(frozen=True)
class Narrow:
    """What of the list is wanted; empty: all."""
    cohort_id: int | None = None
    module: str = ""
    item: str = ""
    question: str = ""
    need: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it narrows."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) not in (None, ""))

    @property
    def values(self) -> dict[str, Any]:
        return {f"wanted_{name}": getattr(self, name) for name in self.names}

    @property
    def where(self) -> list[ColumnElement[bool]]:
        return [W[name] == bindparam(f"wanted_{name}") for name in self.names]


def groups(session: Session, reach: Reach, order: str = "") -> list[tuple[Listed, int, datetime]]:
    """(first of them, how many, oldest arrival) of each cohort, module and item. One statement."""
    rows = session.execute(GROUPS[order], reach.values)
    return [(Listed(*row[:-2]), row.many, row.oldest) for row in rows]


def count(session: Session, reach: Reach, narrow: Narrow) -> int:
    """How many wait of what is wanted. One statement."""
    counted = select(func.count()).select_from(WorkItem.__table__).where(MAY, *narrow.where)
    return session.scalar(counted, {**reach.values, **narrow.values}) or 0


def questions(session: Session, reach: Reach) -> list[tuple[int, str, str]]:
    """(cohort, module, question) of every quiz question of which some answer waits. One statement."""
    rows = session.execute(QUESTIONS, reach.values)
    return [(cohort_id, module, question) for cohort_id, module, question in rows]


@lru_cache
def _page(order: str, names: tuple[str, ...]) -> Select[Any]:
    """Put together once: that costs more than to ask it."""
    wanted = select(*COLUMNS).where(MAY, *(W[name] == bindparam(f"wanted_{name}") for name in names))
    return wanted.order_by(*ORDERS[order]).limit(bindparam("most")).offset(bindparam("skip"))


def page(session: Session, reach: Reach, narrow: Narrow, order: str, most: int, skip: int) -> list[Listed]:
    """A page of what waits. One statement."""
    rows = session.execute(_page(order, narrow.names), {**reach.values, **narrow.values, "most": most, "skip": skip})
    return [Listed(*row) for row in rows]


def following(session: Session, reach: Reach, narrow: Narrow, order: str, after: tuple[Any, ...] | None,
              but: Collection[str] = ()) -> Listed | None:
    """The next one after a place in the order, and from the start again at its end; never one of `but`."""
    values = {**reach.values, **narrow.values}
    wanted = select(*COLUMNS).where(MAY, *narrow.where, W.tag.not_in(list(but)) if but else ~false())
    wanted = wanted.order_by(*ORDERS[order]).limit(1)
    if after is not None:
        types = [column.type for column in ORDERS[order]]
        beyond = tuple_(*ORDERS[order]) > tuple_(*(literal(v, t) for v, t in zip(after, types, strict=True)))
        if row := session.execute(wanted.where(beyond), values).one_or_none():
            return Listed(*row)
    row = session.execute(wanted, values).one_or_none()
    return Listed(*row) if row else None


def listed(session: Session, reach: Reach, tag: str) -> Listed | None:
    """A piece by its name, if it waits and the marker may mark it."""
    row = session.execute(select(*COLUMNS).where(MAY, W.tag == tag), reach.values).one_or_none()
    return Listed(*row) if row else None


def count_need(session: Session, cohort_id: int, module: str, item: str, need: str) -> int:
    """How many pieces of an item wait for that. One statement."""
    return session.scalar(select(func.count()).select_from(WorkItem).where(
        W.cohort_id == cohort_id, W.module == module, W.item == item, W.need == need)) or 0
