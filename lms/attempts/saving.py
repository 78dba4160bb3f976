"""Keeping answers: each once however often it is sent, each in its place in the attempt's chain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lms.attempts import queries, receipts, rules
from lms.attempts.arrivals import RESCUE
from lms.attempts.models import Answer
from lms.attempts.once import insert_once
from lms.attempts.queries import Sheet
from lms.attempts.rules import Given, Kept, Sent, Sitting
from lms.foundation import journal


class Closed(Exception):
    """The attempt takes no more answers: handed in, or the bell has rung."""


class KeyReused(Exception):
    """The key of an earlier save came back with other answers."""


def save(session: Session, sheet: Sheet, sent: Sequence[Sent], now: datetime, late: bool = False) -> dict[str, Kept]:
    """Keep answers and return key -> the answer kept. `late`: a person has decided that the end does not count.

    The sheet's attempt is held, so nobody else adds to its chain meanwhile; but PostgreSQL may have read its answers
    before it had to wait for that. Then what was inserted does not fit, is taken back, and the sheet is read anew.
    """
    for answer in sent:
        kept = sheet.brought.get(answer.key)
        if kept and _content(kept) != _content(answer):
            raise KeyReused
    new = [answer for answer in sent if answer.key not in sheet.brought]
    done = {answer.key: sheet.brought[answer.key] for answer in sent if answer.key in sheet.brought}
    if not new:
        return done
    if not late and not rules.open_for_answers(sheet.sitting, now):
        raise Closed
    rows = receipts.linked(sheet.sitting.id, sheet.head, new, now)
    made = [_row(sheet.sitting.id, row, answer) for row, answer in zip(rows, new, strict=True)]
    ids = insert_once(session, Answer, made)
    if len(ids) < len(new):
        session.execute(delete(Answer).where(Answer.id.in_([row.id for row in ids])))
        again = reread(session, sheet.sitting, [a.key for a in sent], [a.question for a in sent])
        return save(session, again, sent, now, late)
    heads = [sheet.head[1], *(row.chain for row in rows)]
    journal.note(session, "answer", [{**row, "before": before} for row, before in zip(made, heads, strict=False)])
    found = {row.key: row.id for row in ids}
    return done | {row.key: Kept(**{**vars(row), "id": found[row.key]}) for row in rows}


def add(session: Session, sitting: Sitting, sent: Sequence[Sent], now: datetime, late: bool = False) -> dict[str, Kept]:
    """Keep answers of an attempt that `queries.sitting` holds. Two statements."""
    return save(session, reread(session, sitting, [a.key for a in sent], [a.question for a in sent]), sent, now, late)


def save_page(session: Session, sitting: Sitting, sent: Mapping[str, str], base: int, now: datetime,
              sure: Mapping[str, int | None] | None = None) -> dict[str, Given]:
    """Keep what a page sent by form changed, and return what other devices had put there since the page was made.

    `base` is the newest answer the page knew of: what it sends unchanged is not sent again, or an old page would
    take back what another device wrote.
    """
    sheet = reread(session, sitting, [], list(sent))
    standing = sheet.last
    crossed = any(g.id > base for g in standing.values())
    known: Mapping[str, Given] = queries.given(session, sitting.id, base) if crossed else standing
    said = sure or {}
    changed = {q: value for q, value in sent.items() if value not in (_value(standing, q), _value(known, q))
               or (said.get(q) and said[q] != (standing[q].certainty if q in standing else None))}
    rows = [Sent(form_key(q, value, standing[q].id if q in standing else 0, said.get(q)), q, value, "", said.get(q))
            for q, value in changed.items()]
    save(session, sheet, rows, now)
    return {q: standing[q] for q in changed if q in standing and standing[q].id > base}


def use(session: Session, sitting: Sitting, answer_id: int, now: datetime) -> str | None:
    """Go back to an earlier answer of this attempt: it is written once more, as the last. Returns its question."""
    if (found := queries.answer(session, sitting.id, answer_id)) is None:
        return None
    question, earlier = found
    save_page(session, sitting, {question: earlier.value}, 1 << 62, now)
    return question


def press(session: Session, sitting: Sitting, button: Sent, now: datetime) -> None:
    """Keep what one question's button sends: "check" with the answer checked, "again" with what the next try begins
    with. The same button pressed twice on the same answer is one press."""
    sheet = reread(session, sitting, [], [button.question])
    last = sheet.last.get(button.question)
    if last and (last.value, last.act, last.certainty) == (button.value, button.act, button.certainty):
        return
    key = form_key(button.question, button.value, last.id if last else 0, button.certainty, button.act)
    save(session, sheet, [Sent(key, button.question, button.value, button.act, button.certainty)], now)


def form_key(question: str, value: str, after: int, sure: int | None = None, act: str = "") -> str:
    """The key of an answer that came by form: the same change of the same answer has the same."""
    more = f"\0{sure or ''}\0{act}" if sure or act else ""
    return sha256(f"{question}\0{value}\0{after}{more}".encode()).hexdigest()[:36]


def reread(session: Session, sitting: Sitting, keys: Sequence[str], questions: Sequence[str]) -> Sheet:
    """The sheet of an attempt as it is now."""
    sheet = queries.sheet(session, sitting.cohort_id, sitting.person_id, sitting.id, keys, questions)
    if sheet is None:
        raise Closed
    return sheet


def _content(answer: Sent | Kept) -> tuple[str, str, str, int | None]:
    """What two saves of one key must have in common; that it came by a file first makes no difference."""
    return answer.question, answer.value, "" if answer.act == RESCUE else answer.act, answer.certainty


def _row(attempt_id: int, row: Kept, sent: Sent) -> dict[str, object]:
    return {"attempt_id": attempt_id, "question": row.question, "value": row.value, "key": row.key,
            "saved_at": row.saved_at, "act": row.act, "certainty": row.certainty, "client_at": row.client_at,
            "ahead": sent.ahead, "sequence": row.sequence, "chain": row.chain}


def _value(given: Mapping[str, Given], question: str) -> str:
    return given[question].value if question in given else ""
