"""Writes to the bank: categories, questions with their versions, where they are used."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.bank import queries
from lms.bank.models import BankQuestion, BankTag, BankUse, BankVersion, Category
from lms.bank.rules import READY, bare, digest, search_key, split_path
from lms.catalogue.rules import Question
from lms.catalogue.stored import pack_question
from lms.foundation import audit
from lms.foundation.spanish import folded
from lms.people.rules import Refused

MOST_TAGS, LONGEST_TAG, DEEPEST = 20, 60, 8


class Conflict(Exception):
    """Somebody wrote a newer version meanwhile; `latest` is its number."""

    def __init__(self, latest: int) -> None:
        super().__init__(latest)
        self.latest = latest


# Categories -----------------------------------------------------------------------------------------------------------

def add_category(session: Session, actor_id: int | None, now: datetime, name: str, parent_id: int | None = None,
                 programme: str = "", institution_id: int | None = None) -> int:
    name = _checked_name(session, name, parent_id)
    made = Category(name=name, parent_id=parent_id, programme=programme, institution_id=institution_id, made_at=now)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "bank.category_added", f"category:{made.id}", name=name)
    return made.id


def change_category(session: Session, actor_id: int | None, now: datetime, category_id: int, name: str,
                    parent_id: int | None, programme: str, institution_id: int | None) -> None:
    """Rename or move it, with all that it holds."""
    if parent_id in queries.tree(session).below(category_id):
        raise Refused("Una categoría no puede estar dentro de sí misma. Elegir otra.", "parent")
    name = _checked_name(session, name, parent_id, category_id)
    session.execute(update(Category).where(Category.id == category_id).values(
        name=name, parent_id=parent_id, programme=programme, institution_id=institution_id))
    audit.record(session, actor_id, now, "bank.category_changed", f"category:{category_id}", name=name,
                 parent=parent_id)


def remove_category(session: Session, actor_id: int | None, now: datetime, category_id: int) -> None:
    """Take away a category that holds nothing, has held nothing that stands, and that no quiz draws from."""
    held = session.scalar(select(BankQuestion.id).where(BankQuestion.category_id == category_id).limit(1))
    drawn = session.scalar(select(BankUse.id).where(BankUse.category_id == category_id).limit(1))
    within = session.scalar(select(Category.id).where(Category.parent_id == category_id).limit(1))
    if held or drawn or within:
        raise Refused("No está vacía: mover antes sus preguntas, también las retiradas, y sus subcategorías.", "name")
    session.execute(delete(Category).where(Category.id == category_id))
    audit.record(session, actor_id, now, "bank.category_removed", f"category:{category_id}")


def category_of(session: Session, actor_id: int | None, now: datetime, path: str, under: int | None = None) -> int:
    """The category at a path, made where it is not there yet."""
    at, tree = under, queries.tree(session)
    for name in split_path(path)[:DEEPEST] or ([] if under else ["General"]):
        found = next((c.id for c in tree.by_id.values() if c.parent_id == at and folded(c.name) == folded(name[:120])),
                     None)
        at = found or add_category(session, actor_id, now, name[:120], at)
    return at or 0


def _checked_name(session: Session, name: str, parent_id: int | None, except_id: int = 0) -> str:
    name, tree = " ".join(name.split())[:120], queries.tree(session)
    if not name:
        raise Refused("Falta el nombre de la categoría.", "name")
    if parent_id is not None and parent_id not in tree.by_id:
        raise Refused("Esa categoría ya no está. Elegir otra.", "parent")
    if parent_id is not None and len(tree.way(parent_id)) >= DEEPEST:
        raise Refused(f"Las categorías no pasan de {DEEPEST} niveles.", "parent")
    if any(c.parent_id == parent_id and folded(c.name) == folded(name) and c.id != except_id
           for c in tree.by_id.values()):
        raise Refused(f"Ya hay una categoría «{name}» ahí.", "name")
    return name


# Questions ------------------------------------------------------------------------------------------------------------

def add(session: Session, actor_id: int | None, now: datetime, question: Question, category_id: int, *,
        code: str = "", tags: Iterable[str] = (), status: str = READY, note: str = "", import_id: int | None = None,
        told: bool = True) -> int:
    """A new question with its first version. `told=False`: the caller writes one audit line for many."""
    made = BankQuestion(code=free_code(session, code or question.id or question.name), category_id=category_id,
                        latest=1, ready=int(status == READY), made_at=now, import_id=import_id)
    session.add(made)
    session.flush()
    session.add(_version(made, 1, question, status, actor_id, now, note))
    set_tags(session, made.id, tags)
    if told:
        audit.record(session, actor_id, now, "bank.question_added", f"bank:{made.id}", kind=question.kind)
    return made.id


def write(session: Session, actor_id: int | None, now: datetime, question_id: int, question: Question, based_on: int,
          status: str = READY, note: str = "", told: bool = True) -> int:
    """A new version after `based_on`; raises Conflict when that is not the newest any more."""
    moved = session.execute(
        update(BankQuestion).where(BankQuestion.id == question_id, BankQuestion.latest == based_on)
        .values({"latest": based_on + 1} | ({"ready": based_on + 1} if status == READY else {})))
    kept = session.get(BankQuestion, question_id, populate_existing=True)
    if kept is None or not moved.rowcount:      # type: ignore[attr-defined]
        raise Conflict(kept.latest if kept else 0)
    session.add(_version(kept, based_on + 1, question, status, actor_id, now, note))
    session.flush()
    if told:
        audit.record(session, actor_id, now, "bank.question_written", f"bank:{question_id}", version=based_on + 1,
                     status=status)
    return based_on + 1


def place(session: Session, actor_id: int | None, now: datetime, question_id: int, category_id: int,
          tags: Iterable[str]) -> None:
    """Its category and its tags, which are no part of a version."""
    session.execute(update(BankQuestion).where(BankQuestion.id == question_id).values(category_id=category_id))
    set_tags(session, question_id, tags)
    audit.record(session, actor_id, now, "bank.question_placed", f"bank:{question_id}", category=category_id)


def restore(session: Session, actor_id: int | None, now: datetime, question_id: int, number: int, based_on: int) -> int:
    """An old version again, as a new one."""
    old = session.execute(select(BankVersion.content, BankVersion.status).where(
        BankVersion.question_id == question_id, BankVersion.number == number)).one()
    return write(session, actor_id, now, question_id, queries.read(old.content), based_on, old.status,
                 f"Como la versión {number}")


def retire(session: Session, actor_id: int | None, now: datetime, question_id: int, retired: bool = True) -> None:
    """Asked no more, or again. Attempts that were given it keep it."""
    session.execute(update(BankQuestion).where(BankQuestion.id == question_id)
                    .values(retired_at=now if retired else None))
    audit.record(session, actor_id, now, "bank.question_retired" if retired else "bank.question_returned",
                 f"bank:{question_id}")


def set_tags(session: Session, question_id: int, tags: Iterable[str]) -> None:
    session.execute(delete(BankTag).where(BankTag.question_id == question_id))
    kept = {folded(tag): tag for tag in (" ".join(t.split())[:LONGEST_TAG] for t in tags) if folded(tag)}
    session.add_all(BankTag(question_id=question_id, key=key[:LONGEST_TAG], tag=tag)
                    for key, tag in list(kept.items())[:MOST_TAGS])
    session.flush()


def free_code(session: Session, wanted: str) -> str:
    """A code like the one wanted that no question has."""
    stem = _stem(wanted)
    return free_like(wanted, set(session.scalars(select(BankQuestion.code).where(
        BankQuestion.code.startswith(stem, autoescape=True)))))


def _stem(wanted: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folded(wanted[:200])).strip("-")[:60] or "pregunta"


def free_like(wanted: str, taken: set[str]) -> str:
    """A code like the one wanted that is not taken."""
    stem = _stem(wanted)
    return stem if stem not in taken else next(
        code for n in range(2, len(taken) + 3) if (code := f"{stem}-{n}") not in taken)


def _version(of: BankQuestion, number: int, question: Question, status: str, author_id: int | None, now: datetime,
             note: str) -> BankVersion:
    return BankVersion(
        question_id=of.id, number=number, status=status, kind=question.kind, name=question.name[:200],
        content=pack_question(bare(question)), search_key=search_key(question, of.code), digest=digest(question),
        author_id=author_id, written_at=now, note=note[:300])


def load(session: Session, actor_id: int | None, now: datetime, questions: Iterable[Question], category_id: int,
         tags: Collection[str] = ()) -> list[int]:
    """Questions of a course into one category, all in four statements; those asked already are left alone."""
    wanted = {digest(q): q for q in questions}
    known = set(session.scalars(select(BankVersion.digest).where(BankVersion.digest.in_(wanted))))
    taken = set(session.scalars(select(BankQuestion.code)))
    made = []
    for question in (q for key, q in wanted.items() if key not in known):
        code = free_like(question.id or question.name, taken)
        taken.add(code)
        made.append((question, BankQuestion(code=code, category_id=category_id, latest=1, ready=1, made_at=now)))
    session.add_all(row for _question, row in made)
    session.flush()
    hung = {folded(tag): tag[:LONGEST_TAG] for tag in tags}
    session.add_all(_version(row, 1, question, READY, actor_id, now, "") for question, row in made)
    session.add_all(BankTag(question_id=row.id, key=key, tag=tag) for _q, row in made for key, tag in hung.items())
    session.flush()
    audit.record(session, actor_id, now, "bank.loaded", f"category:{category_id}", questions=len(made))
    return [row.id for _question, row in made]


# Where they are used --------------------------------------------------------------------------------------------------

def use(session: Session, actor_id: int | None, now: datetime, cohort_id: int, module: str, words: str,
        questions: Collection[int], categories: Collection[int] = ()) -> None:
    """From now on this quiz asks these questions and draws from these categories, and no longer what it did."""
    standing = session.execute(select(BankUse.question_id, BankUse.category_id).where(
        BankUse.cohort_id == cohort_id, BankUse.module == module, BankUse.ended_at.is_(None))).all()
    if {tuple(row) for row in standing} == {(i, None) for i in questions} | {(None, i) for i in categories}:
        return
    session.execute(update(BankUse).where(BankUse.cohort_id == cohort_id, BankUse.module == module,
                                          BankUse.ended_at.is_(None)).values(ended_at=now))
    common = {"cohort_id": cohort_id, "module": module, "words": words[:200], "used_at": now}
    session.add_all([*(BankUse(question_id=i, **common) for i in sorted(set(questions))),
                     *(BankUse(category_id=i, **common) for i in sorted(set(categories)))])
    session.flush()
    if questions or categories:
        audit.record(session, actor_id, now, "bank.used", f"quiz:{cohort_id}:{module}", cohort_id,
                     questions=len(set(questions)), categories=len(set(categories)))
