"""The file of last resort: its key, and what it says once it is opened. Pure; docs/receipts.md tells its format."""

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "lms-rescate 1"
LONGEST = 900_000                       # bytes of a file


class Unreadable(ValueError):
    """Not a file of this attempt, or not as it was made. why: not_ours | other_attempt | other_person | altered."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Left:
    """One answer out of such a file; when it was given, by the device's clock and by ours as the page knew it."""
    key: str
    question: str
    fields: Any
    at: int                             # milliseconds
    server: int


@dataclass(frozen=True)
class Opened:
    """What a file says."""
    made: int                           # when, in milliseconds of the device's clock
    since: str                          # the end of the attempt's chain as the device last knew it
    left: tuple[Left, ...]
    sha256: str


def key(secret: str, person_id: int, attempt_id: int) -> bytes:
    """The key a page is given for its attempt."""
    return hmac.digest(secret.encode(), _head(person_id, attempt_id), "sha256")


def seal(secret: str, person_id: int, attempt_id: int) -> str:
    return b64encode(key(secret, person_id, attempt_id)).decode()


def attempt_of(content: bytes) -> int | None:
    """Which attempt a file says it is of: not yet believed."""
    told = _loaded(content)
    found = told.get("intento") if told else None
    return found if type(found) is int and 0 < found < 1 << 31 else None


def opened(content: bytes, secret: str, person_id: int, attempt_id: int) -> Opened:
    """What a file of this attempt says, or Unreadable."""
    told = _loaded(content)
    if told is None or told.get("formato") != FORMAT:
        raise Unreadable("not_ours")
    if told.get("intento") != attempt_id:
        raise Unreadable("other_attempt")
    if told.get("persona") != person_id:
        raise Unreadable("other_person")
    try:
        iv, data = (b64decode(told[name], validate=True) for name in ("iv", "datos"))
        inside = AESGCM(key(secret, person_id, attempt_id)).decrypt(iv, data, _head(person_id, attempt_id))
        said = json.loads(inside)
        return Opened(_whole(said["ahora"]), _text(said["desde"]), _left(said["respuestas"], said["desde"]),
                      sha256(iv + data).hexdigest())
    except (InvalidTag, ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable("altered") from None


def _left(told: Any, chain: str) -> tuple[Left, ...]:
    found = []
    for one in told:
        said = _text(one["dicho"])
        chain = sha256(f"{chain}\n{said}".encode()).hexdigest()
        if chain != one["cadena"]:
            raise ValueError("the answers are not in their order")
        answer = json.loads(said)
        found.append(Left(_text(answer["key"]), _text(answer["question"]), answer["fields"], _whole(answer["at"]),
                          _whole(answer["server"])))
    return tuple(found)


def _head(person_id: int, attempt_id: int) -> bytes:
    return f"{FORMAT} {person_id} {attempt_id}".encode()


def _loaded(content: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(content) if len(content) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 42:
        raise ValueError("not a moment")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value

