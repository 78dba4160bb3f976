"""Quizzes as attempts were given them: packed, named by their digest, and unpacked once a process."""

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.attempts.behaviours import behaviour_of
from lms.attempts.models import Sheet, SheetQuestion
from lms.catalogue import queries as catalogue
from lms.catalogue import stored
from lms.catalogue.rules import Question, Quiz
from lms.foundation import journal
from lms.foundation.database import insert_of

MOST_SHEETS, MOST_QUESTIONS = 4000, 8000        # in memory; the oldest go first. A shuffled quiz is a sheet an attempt


@dataclass(frozen=True)
class Place:
    """Where a question of a sheet comes from."""
    question: str               # its id within the sheet
    slot: int                   # its number before shuffling
    bank: int = 0               # id in the bank; 0: of the edition
    version: int = 0
    drawn: bool = False         # by lot
    variant: int = 0            # which of the questions it can ask; see Kind.variants


@dataclass(frozen=True)
class Asked:
    """A quiz as it was given, with the origin of each question in the same order."""
    quiz: Quiz
    places: tuple[Place, ...]


class Taken(Protocol):
    """Whatever knows which quiz it was: a Sitting, an AttemptFact."""
    @property
    def edition_id(self) -> str: ...
    @property
    def module(self) -> str: ...
    @property
    def sheet(self) -> str | None: ...


@dataclass(frozen=True)
class Key:
    """Which quiz it was, for who has no attempt at hand."""
    edition_id: str
    module: str
    sheet: str | None


_sheets: dict[str, Asked] = {}
_questions: dict[str, Question] = {}


def quiz_of(session: Session, attempt: Taken) -> Quiz | None:
    """The quiz as an attempt was given it. No statement once it is known to this process."""
    if attempt.sheet is not None:
        return sheet(session, attempt.sheet).quiz
    module = catalogue.programme(session, attempt.edition_id).module(attempt.module)
    return module.quiz if module else None


def quizzes(session: Session, attempts: Iterable[Taken]) -> None:
    """Make the quizzes of many attempts known: two statements for any number, none when they are."""
    read(session, {a.sheet for a in attempts if a.sheet is not None})


def sheet(session: Session, digest: str) -> Asked:
    if (found := _sheets.get(digest)) is None:
        found = read(session, [digest])[digest]
    return found


def read(session: Session, digests: Iterable[str]) -> dict[str, Asked]:
    """These sheets, those not known yet in two statements."""
    wanted = set(digests)
    found = {digest: _sheets[digest] for digest in wanted if digest in _sheets}
    if not (lacking := sorted(wanted - found.keys())):
        return found
    packed = {digest: json.loads(gzip.decompress(content)) for digest, content in session.execute(
        select(Sheet.digest, Sheet.content).where(Sheet.digest.in_(lacking)))}
    questions = _questions_of(session, {name for _, names, _ in packed.values() for name in names})
    for digest, (settings, names, places) in packed.items():
        quiz = stored.quiz_with(settings, tuple(questions[name] for name in names))
        found[digest] = _keep(_sheets, MOST_SHEETS, digest, Asked(quiz, tuple(Place(**place) for place in places)))
    return found


def _questions_of(session: Session, names: set[str]) -> dict[str, Question]:
    found = {name: _questions[name] for name in names if name in _questions}
    if lacking := sorted(names - found.keys()):
        for digest, content in session.execute(select(SheetQuestion.digest, SheetQuestion.content)
                                               .where(SheetQuestion.digest.in_(lacking))):
            found[digest] = _keep(_questions, MOST_QUESTIONS, digest, stored.unpack_question(content))
    return found


def _keep(known: dict[str, Any], most: int, name: str, value: Any) -> Any:
    while len(known) >= most:
        known.pop(next(iter(known)), None)
    known[name] = value
    return value


def keep(session: Session, quiz: Quiz, places: Sequence[Place]) -> str:
    """Store a quiz as it is given to an attempt, what is not stored yet, and return its digest. Two statements."""
    packed = [_packed(question) for question in quiz.questions]
    content = gzip.compress(json.dumps(
        [stored.quiz_settings(replace(quiz, password="")), [name for name, _ in packed], [asdict(p) for p in places]],
        ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(), 6, mtime=0)
    digest = sha256(content).hexdigest()
    if digest in _sheets:               # another attempt of this process was given the same
        if session.scalar(select(Sheet.digest).where(Sheet.digest == digest)):
            return digest
    questions = [{"digest": name, "content": content} for name, content in dict(packed).items()]
    how = [behaviour_of(quiz, q).name for q in quiz.questions]
    whole = {"digest": digest, "content": content, "by_hand": "manual" in how,
             "asks": len(how) - how.count("information")}
    put_back(session, SheetQuestion, questions)
    put_back(session, Sheet, [whole])
    journal.note(session, "question", questions)
    journal.note(session, "sheet", [whole])
    return digest


@lru_cache(2000)
def _packed(question: Question) -> tuple[str, bytes]:
    """Its digest and bytes: 0.2 ms, and the same twenty questions are given to a whole cohort."""
    content = stored.pack_question(question)
    return sha256(content).hexdigest(), content


def put_back(session: Session, kind: Any, rows: list[dict[str, Any]]) -> None:
    """Insert sheets or their questions, those that are not there."""
    if not rows:
        return
    connection = session.connection()
    connection.execute(insert_of(connection.dialect.name)(kind.__table__).on_conflict_do_nothing(
        index_elements=["digest"]), rows)
