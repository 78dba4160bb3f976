"""What the bank holds: its categories, what can be drawn from them, a question as it stands or stood."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from lms.bank.models import BankQuestion, BankTag, BankUse, BankVersion
from lms.bank.models import Category as CategoryRow
from lms.bank.rules import Category, Tree
from lms.catalogue.rules import Question
from lms.catalogue.stored import unpack_question
from lms.foundation.spanish import folded


class UnknownQuestion(LookupError):
    """No such question, or no such version of it, in the bank."""


def tree(session: Session) -> Tree:
    """All categories."""
    rows = session.execute(select(CategoryRow.id, CategoryRow.parent_id, CategoryRow.name, CategoryRow.programme,
                                  CategoryRow.institution_id))
    return Tree({row.id: Category(*row) for row in rows})


def drawable(session: Session, category_id: int, below: bool = True,
             tags: Collection[str] = ()) -> list[tuple[int, int]]:
    """(question, its newest ready version) of all that a draw may give, in a fixed order."""
    places = tree(session).below(category_id) if below else {category_id}
    asked = select(BankQuestion.id, BankQuestion.ready).where(
        BankQuestion.category_id.in_(places), BankQuestion.retired_at.is_(None), BankQuestion.ready > 0)
    if keys := {folded(tag) for tag in tags}:
        having = (select(BankTag.question_id).where(BankTag.key.in_(keys)).group_by(BankTag.question_id)
                  .having(func.count() == len(keys)))
        asked = asked.where(BankQuestion.id.in_(having))
    return [(row.id, row.ready) for row in session.execute(asked.order_by(BankQuestion.id))]


def question(session: Session, question_id: int, version: int = 0) -> Question:
    """A question of the bank; version 0 is the newest that is ready. Raises UnknownQuestion."""
    found = questions(session, [(question_id, version)])
    if (question_id, version) not in found:
        raise UnknownQuestion(question_id, version)
    return found[question_id, version]


def questions(session: Session, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Question]:
    """(question, version) -> question, of those that are there. Its `id` is "b" and its number: no edition's is so.
    Its name is the code where it has none; three statements for any number."""
    newest = {row.id: row.ready for row in session.execute(select(BankQuestion.id, BankQuestion.ready).where(
        BankQuestion.id.in_({i for i, version in wanted if not version})))}
    exact = {(i, version): (i, version or newest.get(i, 0)) for i, version in wanted}
    rows = session.execute(
        select(BankVersion.question_id, BankVersion.number, BankVersion.content, BankQuestion.code)
        .join(BankQuestion, BankQuestion.id == BankVersion.question_id)
        .where(tuple_(BankVersion.question_id, BankVersion.number).in_(set(exact.values())))).all()
    tags: dict[int, list[str]] = {}
    for question_id, tag in session.execute(select(BankTag.question_id, BankTag.tag).where(
            BankTag.question_id.in_({row.question_id for row in rows})).order_by(BankTag.key)):
        tags.setdefault(question_id, []).append(tag)
    there = {(row.question_id, row.number): _named(unpack_question(row.content), row.question_id, row.code,
                                                   tags.get(row.question_id, [])) for row in rows}
    return {asked: there[meant] for asked, meant in exact.items() if meant in there}


def _named(kept: Question, question_id: int, code: str, tags: list[str]) -> Question:
    return replace(kept, id=f"b{question_id}", name=kept.name or code, tags=tuple(tags))


def read(content: bytes) -> Question:
    """A version's content, without its place in the bank."""
    return unpack_question(content)


def version(session: Session, question_id: int, number: int) -> Question | None:
    """What one version said, as it was kept: without its place in the bank."""
    content = session.scalar(select(BankVersion.content).where(
        BankVersion.question_id == question_id, BankVersion.number == number))
    return read(content) if content else None


@dataclass(frozen=True)
class VersionView:
    number: int
    status: str
    author_id: int | None
    written_at: datetime
    note: str
    question: Question


def versions(session: Session, question_id: int) -> list[VersionView]:
    """All of a question's, the newest first."""
    rows = session.execute(select(
        BankVersion.number, BankVersion.status, BankVersion.author_id, BankVersion.written_at, BankVersion.note,
        BankVersion.content).where(BankVersion.question_id == question_id).order_by(BankVersion.number.desc()))
    return [VersionView(*row[:5], read(row.content)) for row in rows]


@dataclass(frozen=True)
class UseView:
    """A quiz that asks a question, or may draw it."""
    cohort_id: int
    module: str
    words: str
    used_at: datetime
    ended_at: datetime | None
    drawn: bool


def uses(session: Session, question_id: int, category_id: int) -> list[UseView]:
    """Where a question is or was asked, the newest first: by itself, or because its category is drawn from."""
    above = [c.id for c in tree(session).way(category_id)]
    rows = session.execute(select(BankUse.cohort_id, BankUse.module, BankUse.words, BankUse.used_at, BankUse.ended_at,
                                  BankUse.category_id.is_not(None)).where(
        or_(BankUse.question_id == question_id, BankUse.category_id.in_(above))).order_by(BankUse.id.desc()))
    found = [UseView(*row) for row in rows]
    fixed = {(use.cohort_id, use.module, use.used_at) for use in found if not use.drawn}
    return [use for use in found if not use.drawn or (use.cohort_id, use.module, use.used_at) not in fixed]


def found(session: Session, words: str, category_id: int = 0, most: int = 30) -> list[tuple[int, Question]]:
    """Questions that may be asked and have all these words, within a category, to pick from."""
    asked = select(BankQuestion.id).join(BankVersion, and_(
        BankVersion.question_id == BankQuestion.id, BankVersion.number == BankQuestion.ready)).where(
        BankQuestion.retired_at.is_(None))
    if category_id:
        asked = asked.where(BankQuestion.category_id.in_(tree(session).below(category_id)))
    for word in folded(words[:200]).split()[:8]:
        asked = asked.where(BankVersion.search_key.contains(word, autoescape=True))
    ids = list(session.scalars(asked.order_by(BankQuestion.id).limit(most)))
    known = questions(session, [(i, 0) for i in ids])
    return [(i, known[i, 0]) for i in ids]
