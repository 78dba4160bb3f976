"""Many new questions at once: a handful of statements however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lms.bank.actions import LONGEST_TAG, MOST_TAGS, free_like
from lms.bank.models import BankQuestion, BankTag, BankVersion
from lms.bank.rules import PLACELESS, READY, search_key
from lms.catalogue.rules import Question
from lms.catalogue.stored import Told, packed
from lms.foundation.spanish import folded


@dataclass(frozen=True)
class New:
    """A question about to be added."""
    question: Question
    category_id: int
    status: str
    digest: str
    plain: Told                     # stored.told of it


def add_many(session: Session, actor_id: int | None, now: datetime, found: Sequence[New],
             import_id: int) -> list[int]:
    """Each with its first version and its tags, of one import. The caller writes the audit line."""
    if not found:
        return []
    taken = set(session.scalars(select(BankQuestion.code)))
    codes = []
    for new in found:
        codes.append(free_like(new.question.id or new.question.name, taken))
        taken.add(codes[-1])
    session.execute(insert(BankQuestion.__table__), [       # type: ignore[arg-type]
        {"code": code, "category_id": new.category_id, "latest": 1, "ready": int(new.status == READY), "made_at": now,
         "import_id": import_id} for code, new in zip(codes, found, strict=True)])
    numbers = {code: i for i, code in session.execute(
        select(BankQuestion.id, BankQuestion.code).where(BankQuestion.import_id == import_id))}
    ids = [numbers[code] for code in codes]
    session.execute(insert(BankVersion.__table__), [        # type: ignore[arg-type]
        {"question_id": i, "number": 1, "status": new.status, "kind": new.question.kind,
         "name": new.question.name[:200], "content": packed({**new.plain, **PLACELESS}),
         "search_key": search_key(new.question, code), "digest": new.digest, "author_id": actor_id, "written_at": now,
         "note": ""} for i, code, new in zip(ids, codes, found, strict=True)])
    tags = [tag for i, new in zip(ids, found, strict=True) for tag in _tags(i, new.question.tags)]
    if tags:
        session.execute(insert(BankTag.__table__), tags)        # type: ignore[arg-type]
    return ids


def _tags(question_id: int, tags: Sequence[str]) -> list[dict[str, object]]:
    kept = {folded(tag)[:LONGEST_TAG]: tag for tag in (" ".join(t.split())[:LONGEST_TAG] for t in tags) if folded(tag)}
    return [{"question_id": question_id, "key": key, "tag": tag} for key, tag in list(kept.items())[:MOST_TAGS]]
