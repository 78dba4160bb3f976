"""Questions of a file taken into the bank, all together, and taken out again together."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.bank import actions, finding
from lms.bank.adding import New, add_many
from lms.bank.models import BankImport, BankQuestion
from lms.bank.rules import DRAFT, READY, digest_of
from lms.catalogue.formats import Notice, Parcel
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question
from lms.catalogue.stored import Told, told
from lms.foundation import audit


@dataclass(frozen=True)
class Candidate:
    """A question of a file as the preview judges it."""
    number: int                     # its place in the file, from 1
    question: Question
    notices: tuple[Notice, ...]     # about it: changed, not supported
    faults: tuple[tuple[str, str], ...]     # not well formed: taken as a draft
    same: int = 0                   # a question of the bank that asks the same
    twice: int = 0                  # an earlier one of the file that does
    digest: str = ""                # of what it asks
    near: int = 0                   # a question of the bank with most of its words
    plain: Told = field(default_factory=dict, compare=False, repr=False)       # stored.told of it

    @property
    def wanted(self) -> bool:
        """Whether it is marked to be taken before anyone decides."""
        return not self.same and not self.twice


def candidates(session: Session, parcel: Parcel, near: bool = False) -> list[Candidate]:
    """What taking in a file would do, question by question; writes nothing. `near`: also what it is alike to."""
    alike = finding.alike_to(session, parcel.questions) if near else {}
    plain = [told(q) for q in parcel.questions]
    digests = [digest_of(one) for one in plain]
    known = finding.with_digest(session, set(digests))
    found, seen = [], dict[str, int]()
    about: dict[str, list[Notice]] = {}
    for notice in parcel.notices:
        if notice.question:
            about.setdefault(notice.question, []).append(notice)
    for n, (question, one) in enumerate(zip(parcel.questions, digests, strict=True), 1):
        notices = tuple(about.get(question.id, ()))
        faults = tuple(KINDS[question.kind].faults(question)) if question.kind in KINDS else ()
        found.append(Candidate(n, question, notices, faults, known.get(one, 0), seen.get(one, 0), one,
                               alike.get(n - 1, 0), plain[n - 1]))
        seen.setdefault(one, n)
    return found


def loose(parcel: Parcel) -> list[Notice]:
    """What a file says of no question that was taken."""
    there = {q.id for q in parcel.questions}
    return [notice for notice in parcel.notices if not notice.question or notice.question not in there]


def take_in(session: Session, actor_id: int | None, now: datetime, parcel: Parcel, file_hash: str,
            chosen: Collection[int], category_id: int = 0, keep_categories: bool = True) -> tuple[int, int]:
    """(the import, how many questions). Those chosen by their number; into a category, below it by the file's own."""
    made = BankImport(file_name=parcel.file[:200], file_hash=file_hash, format=parcel.format[:20], author_id=actor_id,
                      imported_at=now)
    session.add(made)
    session.flush()
    places: dict[str, int] = {}
    new: list[New] = []
    taken = [c for c in candidates(session, parcel) if c.number in chosen]
    for one in taken:
        path = one.question.category if keep_categories else ""
        if path not in places:
            places[path] = actions.category_of(session, actor_id, now, path, category_id or None) \
                if path or not category_id else category_id
        new.append(New(one.question, places[path], DRAFT if one.faults else READY, one.digest,
                       one.plain))
    add_many(session, actor_id, now, new, made.id)
    audit.record(session, actor_id, now, "bank.imported", f"import:{made.id}", file=parcel.file[:200],
                 sha256=file_hash, questions=len(taken))
    return made.id, len(taken)


def standing(session: Session, import_id: int) -> int:
    """How many questions that an import added are not retired."""
    return session.scalar(select(func.count()).select_from(BankQuestion).where(
        BankQuestion.import_id == import_id, BankQuestion.retired_at.is_(None))) or 0


def found(session: Session, import_id: int) -> BankImport | None:
    return session.get(BankImport, import_id)


def undo(session: Session, actor_id: int | None, now: datetime, import_id: int) -> int | None:
    """Retire every question that the import added. None when it was undone before."""
    claimed = session.execute(update(BankImport).where(BankImport.id == import_id, BankImport.undone_at.is_(None))
                              .values(undone_at=now, undone_by=actor_id))
    if not claimed.rowcount:        # type: ignore[attr-defined]
        return None
    ended = session.execute(update(BankQuestion).where(
        BankQuestion.import_id == import_id, BankQuestion.retired_at.is_(None)).values(retired_at=now))
    audit.record(session, actor_id, now, "bank.import_undone", f"import:{import_id}",
                 questions=ended.rowcount)       # type: ignore[attr-defined]
    return int(ended.rowcount)      # type: ignore[attr-defined]
