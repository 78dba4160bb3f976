"""What an attempt asks, made concrete at its start: draws from the bank, variants, the order of the questions."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from random import Random

from sqlalchemy import case, func, insert, select
from sqlalchemy.orm import Session

from lms.attempts.models import Attempt, SheetDraw
from lms.attempts.plan import Slot
from lms.attempts.planned import Planned
from lms.attempts.sheets import Asked, Place
from lms.bank import queries as bank
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz

MANY = 1_000_000                # variants beyond which a question is as good as endless
_vary: dict[tuple[str, str], bool] = {}


class Incomplete(Exception):
    """There is not a question for every place."""


def asked(session: Session, planned: Planned, edition: Quiz, edition_id: str, cohort_id: int, module: str,
          person_id: int, number: int, seed: int) -> Asked | None:
    """The quiz of one attempt; None where it is the edition's as it stands. Raises Incomplete."""
    if planned.slots is None:
        if planned.quiz == edition and not _known_to_vary(edition_id, module, edition):
            return None
        found = [(q, Place(q.id, n)) for n, q in enumerate(planned.quiz.questions, 1)]
    else:
        found = _placed(session, planned.slots, planned.quiz, cohort_id, module, person_id, seed)
    turn = person_id + number           # neighbours and a person's next attempt get other variants
    varied = [_varied(question, place, f"{cohort_id}.{module}", turn) for question, place in found]
    if planned.quiz.shuffle_questions:
        varied = shuffled(varied, planned.quiz, seed)
    quiz = replace(planned.quiz, questions=tuple(q for q, _ in varied), password="")
    return Asked(quiz, tuple(place for _, place in varied))


def _known_to_vary(edition_id: str, module: str, quiz: Quiz) -> bool:
    """Asked on every start: to look at twenty questions anew would cost as much as starting."""
    key = (edition_id, module)
    if key not in _vary:
        _vary[key] = varies(quiz)
    return _vary[key]


def varies(quiz: Quiz) -> bool:
    """Whether two attempts at it may be asked different things."""
    return quiz.shuffle_questions or any(KINDS[q.kind].variants(q) > 1 or KINDS[q.kind].realised(q, 0) is not q
                                         for q in quiz.questions)


def shuffled(items: Sequence[tuple[Question, Place]], quiz: Quiz, seed: int) -> list[tuple[Question, Place]]:
    """The questions of each section in an order of this attempt's."""
    starts = sorted({1, *(s.first for s in quiz.sections if 1 < s.first <= len(items))})
    fixed = {s.first for s in quiz.sections if not s.shuffle}
    lot, found = Random(seed), []
    for first, following in zip(starts, [*starts[1:], len(items) + 1], strict=True):
        part = list(items[first - 1:following - 1])
        if first not in fixed:
            lot.shuffle(part)
        found += part
    return found


def _varied(question: Question, place: Place, salt: str, turn: int) -> tuple[Question, Place]:
    kind = KINDS[question.kind]
    most = kind.variants(question)
    if most <= 1:
        return kind.realised(question, turn), place
    start = int.from_bytes(sha256(f"{salt}.{question.id}".encode()).digest()[:4])
    variant = (start + turn) % most if most < MANY else start + turn
    return kind.realised(question, variant), replace(place, variant=variant)


def _placed(session: Session, slots: Sequence[Slot], quiz: Quiz, cohort_id: int, module: str, person_id: int, seed: int
            ) -> list[tuple[Question, Place]]:
    """A question for every slot: those named, and for each draw the one least drawn so far, never one twice."""
    own = {q.id: q for q in quiz.questions}
    chosen: dict[int, tuple[int, int]] = {n: (slot.bank, slot.version) for n, slot in enumerate(slots) if slot.bank}
    drawn = _drawn(session, slots, {question for question, _ in chosen.values()}, cohort_id, module, person_id, seed)
    known = bank.questions(session, [*chosen.values(), *drawn.values()]) if chosen or drawn else {}
    found = []
    for n, slot in enumerate(slots):
        wanted = chosen.get(n) or drawn.get(n)
        question = known.get(wanted) if wanted else own.get(slot.edition)
        if question is None:
            raise Incomplete
        worth = Fraction(1) if slot.worth is None and n in drawn else slot.worth       # by lot all are worth the same
        question = question if worth is None else replace(question, points=worth)
        place = Place(question.id, n + 1, *(wanted or (0, 0)), drawn=n in drawn)
        found.append((question, place))
    return found


def _drawn(session: Session, slots: Sequence[Slot], taken: set[int], cohort_id: int, module: str, person_id: int,
           seed: int) -> dict[int, tuple[int, int]]:
    """Slot -> (question, version). The slots with least to choose from draw first."""
    draws = {n: slot for n, slot in enumerate(slots) if slot.category and not slot.bank and not slot.edition}
    if not draws:
        return {}
    pools = {key: bank.drawable(session, *key) for key in {_pool(slot) for slot in draws.values()}}
    mine, all_ = _counts(session, cohort_id, module, person_id)
    lot, found = Random(seed), {}
    for n in sorted(draws, key=lambda n: (len(pools[_pool(draws[n])]), n)):
        left = [item for item in pools[_pool(draws[n])] if item[0] not in taken]
        if not left:
            raise Incomplete
        lot.shuffle(left)
        found[n] = min(left, key=lambda item: (mine.get(item[0], 0), all_.get(item[0], 0)))
        taken.add(found[n][0])
    return found


def _pool(slot: Slot) -> tuple[int, bool, tuple[str, ...]]:
    return slot.category, slot.below, slot.tags


def _counts(session: Session, cohort_id: int, module: str, person_id: int) -> tuple[dict[int, int], dict[int, int]]:
    """Question -> how often this person, and everyone in this quiz of the cohort, has drawn it. One statement."""
    rows = session.execute(select(
        SheetDraw.question_id, func.sum(case((Attempt.person_id == person_id, 1), else_=0)), func.count())
        .join(Attempt, Attempt.id == SheetDraw.attempt_id)
        .where(Attempt.cohort_id == cohort_id, Attempt.module == module).group_by(SheetDraw.question_id)).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


def remember(session: Session, attempt_id: int, places: Sequence[Place]) -> None:
    """Keep what was drawn, for the next draws."""
    if rows := [{"attempt_id": attempt_id, "question_id": p.bank, "version": p.version} for p in places if p.drawn]:
        session.execute(insert(SheetDraw), rows)
