"""Questions of the bank found and listed: by words, kind, tag, category, state and author; those alike."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from lms.bank import queries
from lms.bank.models import BankImport, BankQuestion, BankTag, BankVersion
from lms.bank.rules import asked_key
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Question
from lms.foundation.spanish import folded

STATES = ("", "ready", "draft", "retired", "all")
MOST_WORDS = 8
ALIKE, RAREST, MOST_COMPARED = 0.72, 5, 3_000   # share of words in common; words by which pairs are sought; questions
LATEST = and_(BankVersion.question_id == BankQuestion.id, BankVersion.number == BankQuestion.latest)


@dataclass(frozen=True)
class Asked:
    """What a list is to show."""
    words: str = ""
    kind: str = ""
    tag: str = ""
    category: int = 0
    state: str = ""             # "" those that can be used or are being written; a name in STATES
    author: int = 0
    imported: int = 0


@dataclass(frozen=True)
class Line:
    """A question in a list."""
    id: int
    code: str
    category_id: int
    latest: int
    ready: int
    retired_at: datetime | None
    kind: str
    author_id: int | None
    written_at: datetime
    question: Question
    tags: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.question.name or shortened(self.words, 90) or self.code

    @property
    def words(self) -> str:
        return plain(KINDS[self.question.kind].wording(self.question))

    @property
    def draft(self) -> bool:
        return self.ready != self.latest


def shortened(text: str, most: int) -> str:
    """As much of a text as there is room for, whole words."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]}…"


def _where(session: Session, asked: Asked) -> Select[Any]:
    found = select(BankQuestion.id).join(BankVersion, LATEST)
    if asked.state != "all":
        found = found.where(BankQuestion.retired_at.is_not(None) if asked.state == "retired"
                            else BankQuestion.retired_at.is_(None))
    if asked.state in ("ready", "draft"):
        found = found.where(BankQuestion.ready > 0 if asked.state == "ready"
                            else BankQuestion.ready != BankQuestion.latest)
    if asked.category:
        found = found.where(BankQuestion.category_id.in_(queries.tree(session).below(asked.category)))
    if asked.kind:
        found = found.where(BankVersion.kind == asked.kind)
    if asked.author:
        found = found.where(BankVersion.author_id == asked.author)
    if asked.imported:
        found = found.where(BankQuestion.import_id == asked.imported)
    if asked.tag:
        found = found.where(BankQuestion.id.in_(select(BankTag.question_id).where(BankTag.key == folded(asked.tag))))
    for word in folded(asked.words[:200]).split()[:MOST_WORDS]:
        found = found.where(BankVersion.search_key.contains(word, autoescape=True))
    return found


def ids(session: Session, asked: Asked) -> list[int]:
    """All that fit, in the order of their categories' making and their own."""
    return list(session.scalars(_where(session, asked).order_by(BankQuestion.category_id, BankQuestion.id)))


def lines(session: Session, wanted: Collection[int]) -> list[Line]:
    """These questions by their newest version, in the order given. Two statements."""
    rows = session.execute(
        select(BankQuestion.id, BankQuestion.code, BankQuestion.category_id, BankQuestion.latest, BankQuestion.ready,
               BankQuestion.retired_at, BankVersion.kind, BankVersion.author_id, BankVersion.written_at,
               BankVersion.content).join(BankVersion, LATEST).where(BankQuestion.id.in_(wanted)))
    tags = defaultdict(list)
    for question_id, tag in session.execute(select(BankTag.question_id, BankTag.tag).where(
            BankTag.question_id.in_(wanted)).order_by(BankTag.key)):
        tags[question_id].append(tag)
    found = {row.id: Line(*row[:9], queries.read(row.content), tuple(tags[row.id])) for row in rows}
    return [found[i] for i in wanted if i in found]


def line(session: Session, question_id: int) -> Line | None:
    return next(iter(lines(session, [question_id])), None)


def counts(session: Session) -> Counter[int]:
    """How many questions, not retired, stand in each category."""
    rows = session.execute(select(BankQuestion.category_id, func.count()).where(BankQuestion.retired_at.is_(None))
                           .group_by(BankQuestion.category_id))
    return Counter({row[0]: row[1] for row in rows})


def tags(session: Session) -> list[tuple[str, int]]:
    """Each tag in use with how many questions have it."""
    rows = session.execute(select(func.min(BankTag.tag), func.count())
                           .join(BankQuestion, BankQuestion.id == BankTag.question_id)
                           .where(BankQuestion.retired_at.is_(None)).group_by(BankTag.key).order_by(BankTag.key))
    return [(tag, many) for tag, many in rows]


def authors(session: Session) -> list[int]:
    """Who wrote the newest version of some question."""
    rows = session.scalars(select(BankVersion.author_id).join(BankQuestion, LATEST).distinct())
    return sorted(i for i in rows if i)


def with_digest(session: Session, digests: Collection[str]) -> dict[str, int]:
    """digest -> a question, not retired, that asks the same."""
    rows = session.execute(select(BankVersion.digest, BankQuestion.id).join(BankQuestion, LATEST).where(
        BankVersion.digest.in_(digests), BankQuestion.retired_at.is_(None)).order_by(BankQuestion.id.desc()))
    return {row.digest: row.id for row in rows}


def exact(session: Session) -> list[list[int]]:
    """Groups of questions that ask the same."""
    rows = session.execute(select(BankVersion.digest, BankQuestion.id).join(BankQuestion, LATEST).where(
        BankQuestion.retired_at.is_(None)).order_by(BankQuestion.id))
    groups = defaultdict(list)
    for found, question_id in rows:
        groups[found].append(question_id)
    return [group for group in groups.values() if len(group) > 1]


def near(session: Session) -> list[tuple[int, int, float]]:
    """Pairs whose questions share most of their words but are not the same: (one, other, share in common)."""
    rows = session.execute(select(BankQuestion.id, BankVersion.digest, BankVersion.content).join(
        BankQuestion, LATEST).where(BankQuestion.retired_at.is_(None)).order_by(BankQuestion.id)
        .limit(MOST_COMPARED)).all()
    words = {row.id: frozenset(asked_key(queries.read(row.content)).split()) for row in rows}
    digests = {row.id: row.digest for row in rows}
    often = Counter(word for found in words.values() for word in found)
    holding: dict[str, list[int]] = defaultdict(list)
    pairs: set[tuple[int, int]] = set()
    for question_id, found in words.items():
        for word in sorted(found, key=lambda w: (often[w], w))[:RAREST]:
            pairs |= {(other, question_id) for other in holding[word]}
            holding[word].append(question_id)
    alike = [(a, b, len(words[a] & words[b]) / max(len(words[a] | words[b]), 1)) for a, b in pairs
             if digests[a] != digests[b]]
    return sorted((pair for pair in alike if pair[2] >= ALIKE), key=lambda pair: (-pair[2], pair[:2]))


def alike_to(session: Session, asked: Sequence[Question]) -> dict[int, int]:
    """Place in `asked` -> a question of the bank that shares most of its words."""
    rows = session.execute(select(BankQuestion.id, BankVersion.content).join(BankVersion, LATEST).where(
        BankQuestion.retired_at.is_(None)).order_by(BankQuestion.id).limit(MOST_COMPARED)).all()
    words = {row.id: frozenset(asked_key(queries.read(row.content)).split()) for row in rows}
    holding: dict[str, set[int]] = defaultdict(set)
    for question_id, found in words.items():
        for word in found:
            holding[word].add(question_id)
    alike = {}
    for n, one in enumerate(asked[:MOST_COMPARED]):
        mine = frozenset(asked_key(one).split())
        rare = sorted((w for w in mine if w in holding), key=lambda w: (len(holding[w]), w))[:RAREST]
        near_ones = ((len(mine & words[i]) / max(len(mine | words[i]), 1), -i) for w in rare for i in holding[w])
        share, question_id = max(near_ones, default=(0.0, 0))
        if share >= ALIKE:
            alike[n] = -question_id
    return alike


def imports(session: Session) -> list[BankImport]:
    return list(session.scalars(select(BankImport).order_by(BankImport.id.desc()).limit(20)))
