"""What a person may send: answers out of a page or a script, and a task."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lms.attempts.rules import KEY, Sent
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz

FIELD = re.compile(r"r(\d{1,3})\.(q(?:\..{1,100})?)", re.DOTALL)
MOST_SAVES, MOST_FIELDS = 100, 200      # in one request; of one question
SURE = "certeza"                        # the field, after a question's prefix, that says how sure one is
LONGEST_TEXT = 100_000                  # characters of a task's text
LAST_MOMENT = 1 << 42                   # milliseconds since 1970: in the year 2109
Pairs = Iterable[tuple[str, str]]


def prefix(number: int) -> str:
    """What the field names of a question begin with; its number in the quiz, which an edition never changes."""
    return f"r{number}."


def fields(pairs: Pairs) -> dict[int, dict[str, list[str]]]:
    """Question number -> field name (as its kind knows it) -> values. What is not an answer is left out."""
    found: dict[int, dict[str, list[str]]] = {}
    for name, value in pairs:
        if match := FIELD.fullmatch(name):
            found.setdefault(int(match[1]), {}).setdefault(match[2], []).append(value)
    return found


def answers(quiz: Quiz, numbers: Iterable[int], pairs: Pairs) -> dict[str, str]:
    """Question id -> canonical answer, for these questions; what came with no field is blank."""
    sent = fields(pairs)
    return {q.id: KINDS[q.kind].read(q, sent.get(n, {})) for n, q in numbered(quiz) if n in set(numbers)}


def certainty(number: int, pairs: Pairs) -> int | None:
    """How sure the person is of an answer, 1 to 3, if the page asked."""
    told = [value for name, value in pairs if name == f"{prefix(number)}{SURE}"]
    return int(told[-1]) if told and told[-1] in ("1", "2", "3") else None


def numbered(quiz: Quiz) -> list[tuple[int, Question]]:
    return list(enumerate(quiz.questions, 1))


class Malformed(ValueError):
    """Not something our script sends."""


@dataclass(frozen=True)
class Save:
    """One answer out of a script's request, not yet read by its kind."""
    key: str
    question: str
    pairs: tuple[tuple[str, str], ...]
    base: int                           # the last answer to the question that the page knew of
    client_at: datetime | None = None
    ahead: int | None = None


def saves(raw: bytes, now: datetime) -> list[Save]:
    """The answers of a request {"saves": [{"key", "question", "fields": [[name, value]], "base", "at"}], "clock"}.

    `at` and `clock` are milliseconds of the device's clock: when an answer was given, and when it was sent.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    found = body.get("saves") if isinstance(body, dict) else None
    if not isinstance(found, list) or not 0 < len(found) <= MOST_SAVES:
        raise Malformed("saves")
    sent_at = client_time(body.get("clock"))
    ahead = round((sent_at - now).total_seconds()) if sent_at else None
    read = [one_save(item, ahead) for item in found]
    if len({save.key for save in read}) < len(read) or len({save.question for save in read}) < len(read):
        raise Malformed("the same key or question twice")
    return read


def client_time(told: Any) -> datetime | None:
    """Milliseconds of a device's clock, which may say anything at all."""
    return datetime.fromtimestamp(told / 1000, UTC) if type(told) is int and 0 <= told < LAST_MOMENT else None


def one_save(item: Any, ahead: int | None) -> Save:
    if not isinstance(item, dict):
        raise Malformed("save")
    key, question, pairs, base = (item.get(name) for name in ("key", "question", "fields", "base"))
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Malformed("key")
    if not isinstance(question, str) or not 0 < len(question) <= 80 or not question.isprintable():
        raise Malformed("question")
    if type(base) is not int or not 0 <= base < 1 << 62:
        raise Malformed("base")
    if not isinstance(pairs, list) or len(pairs) > MOST_FIELDS or not all(_is_pair(pair) for pair in pairs):
        raise Malformed("fields")
    return Save(key, question, tuple((name, value) for name, value in pairs), base, client_time(item.get("at")), ahead)


def sent(quiz: Quiz, wanted: Iterable[Save]) -> list[Sent]:
    """What the saves of a script say, read by the kinds of their questions."""
    numbers = {q.id: n for n, q in numbered(quiz)}
    found = []
    for save in wanted:
        if save.question not in numbers:
            raise Malformed("question")
        value = answers(quiz, [numbers[save.question]], save.pairs)[save.question]
        sure = certainty(numbers[save.question], save.pairs)
        found.append(Sent(save.key, save.question, value, "", sure, save.client_at, save.ahead))
    return found


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)


def text(sent: str) -> str:
    """A task's text as it is kept: line ends of one kind, nothing a database refuses."""
    kept = sent.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return kept.encode("utf-8", "replace").decode().strip()
