"""What a person may send: answers out of a page or a script, and a task."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lms.attempts.rules import KEY, Sent
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz

FIELD = re.compile(r"r(\d{1,3})\.(q(?:\..{1,100})?)", re.DOTALL)
MOST_SAVES, MOST_FIELDS = 100, 200      # in one request; of one question
LONGEST_TEXT = 100_000                  # characters of a task's text
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


def saves(raw: bytes) -> list[Save]:
    """The answers of a request {"saves": [{"key", "question", "fields": [[name, value]], "base"}]}."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    found = body.get("saves") if isinstance(body, dict) else None
    if not isinstance(found, list) or not 0 < len(found) <= MOST_SAVES:
        raise Malformed("saves")
    read = [_save(item) for item in found]
    if len({save.key for save in read}) < len(read) or len({save.question for save in read}) < len(read):
        raise Malformed("the same key or question twice")
    return read


def _save(item: Any) -> Save:
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
    return Save(key, question, tuple((name, value) for name, value in pairs), base)


def sent(quiz: Quiz, wanted: Iterable[Save]) -> list[Sent]:
    """What the saves of a script say, read by the kinds of their questions."""
    numbers = {q.id: n for n, q in numbered(quiz)}
    found = []
    for save in wanted:
        if save.question not in numbers:
            raise Malformed("question")
        value = answers(quiz, [numbers[save.question]], save.pairs)[save.question]
        found.append(Sent(save.key, save.question, value))
    return found


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)


def text(sent: str) -> str:
    """A task's text as it is kept: line ends of one kind, nothing a database refuses."""
    kept = sent.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return kept.encode("utf-8", "replace").decode().strip()
