"""Noise at the badge checker: JSON, JWTs, pictures and lists, mutated; never an exception, never a network, never a yes."""

import json
import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from lms.badges import baking, shapes, status
from tests import badged
from tests.badged import OURS, changed, checked, plain, signed, text, token

SLOW = 5.0                      # seconds for one file of at most 1 MB, on a machine that does other things
VALUES = [None, True, False, 0, -1, 10**15, 1.5, "", "x", "https://evil.example/x", "did:web:evil.example", "2028-01-01T00:00:00Z",
          [], {}, [[]], [{}], {"id": "urn:x:y"}, {"@value": "x"}, ["VerifiableCredential"], "urn:uuid:1", "\u202e", "é" * 300]
NAMES = ["id", "type", "@context", "@id", "@type", "@graph", "@set", "@list", "@reverse", "@included", "@vocab", "issuer",
         "proof", "credentialSubject", "credentialStatus", "name", "x", "", "validUntil", "endorsement", "evidence", "result"]


@dataclass
class Fuzzed:
    count: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: float = 0
    verdicts: dict[str, int] = field(default_factory=dict)


@contextmanager
def no_network() -> Iterator[list[object]]:
    """Nobody opens a socket meanwhile; who tries is listed."""
    tried: list[object] = []
    before = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network here")

    socket.socket.connect = refuse  # type: ignore[assignment,method-assign]
    try:
        yield tried
    finally:
        socket.socket.connect = before  # type: ignore[method-assign]


def paths(value: object, at: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """The way to each value of a document."""
    if at:
        yield at
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in below:
        yield from paths(one, (*at, step))


def structures(chance: random.Random) -> Callable[[], tuple[bytes, bool]]:
    """One to four values of a badge put in place of others, taken out, doubled or renamed."""
    good = signed()

    def made() -> tuple[bytes, bool]:
        document = good
        for _ in range(chance.randint(1, 4)):
            ways = list(paths(document))
            if not ways:
                break
            way = chance.choice(ways)
            to = chance.choice([..., chance.choice(VALUES), _at(document, chance.choice(ways))])
            document = changed(document, *way, to=to)
            if chance.random() < 0.3:
                inner = [p for p in paths(document) if isinstance(_at(document, p), dict)]
                if inner:
                    document = changed(document, *chance.choice(inner), chance.choice(NAMES), to=chance.choice(VALUES))
        if chance.random() < 0.3:
            with suppress(ValueError, KeyError, AttributeError, TypeError):
                return text(signed(document, created="2027-12-10T15:00:00Z")), True     # only its form can betray it
        return text(document), False
    return made


def bytewise(chance: random.Random) -> Callable[[], tuple[bytes, bool]]:
    """JSON, JWT, PNG and SVG with bytes changed, cut, doubled and mixed."""
    badge, jwt = json.dumps(signed()), token()
    png, svg = ((baking.bake_png((badged.PICTURES / "module.png").read_bytes(), badge)),
                baking.bake_svg((badged.PICTURES / "module.svg").read_bytes(), badge))
    listed = text(signed(status.credential(OURS.id, badged.WHO.status_list("revocation", 0), "revocation", [1],
                                           badged.NOW, badged.NOW)))
    seeds = [badge.encode(), badge.encode(), jwt.encode(), png, svg, listed]

    def made() -> tuple[bytes, bool]:
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(content) + 1)
            what = chance.randrange(5)
            if what == 0 and at < len(content):
                content[at] ^= 1 << chance.randrange(8)
            elif what == 1:
                del content[at:at + chance.randint(1, 40)]
            elif what == 2:
                content[at:at] = content[at:at + chance.randint(1, 60)]
            elif what == 3:
                content[at:at] = chance.choice([b'{', b'}', b'"', b"[", b",", b".", b"\0", b"<", b"&a;", b"\xff", b"1e999", b'"@id":1,'])
            else:
                other = chance.choice(seeds)
                content[at:at + 20] = other[:chance.randint(0, 80)]
        return bytes(content), False
    return made


def _at(document: object, way: tuple[object, ...]) -> object:
    for step in way:
        document = document[step]  # type: ignore[index]
    return document


def fuzz(seed: int, count: int = 0, seconds: float = 0) -> Fuzzed:
    """`count` files, or as many as there is time for."""
    chance, found, end = random.Random(seed), Fuzzed(), time.monotonic() + seconds
    makers = [structures(chance), bytewise(chance)]
    good = _essence(json.loads(text(plain())))
    with no_network() as tried:
        while found.count < count if count else time.monotonic() < end:
            content, ours = makers[found.count % 2]()
            found.count += 1
            _one(content, ours, good, found)
        found.faults += [f"tried to reach {address}" for address in tried]
    return found


def _one(content: bytes, ours: bool, good: object, found: Fuzzed) -> None:
    began = time.monotonic()
    try:
        verdict = checked(content)
        if content[:1] == b"{" and verdict.document is not None:
            shapes.faults(verdict.document)
    except Exception as wrong:
        found.faults.append(f"{type(wrong).__name__}: {wrong}: {content[:400]!r}")
        return
    taken = time.monotonic() - began
    found.slowest = max(found.slowest, taken)
    if taken > SLOW:
        found.faults.append(f"{taken:.1f} s for {content[:400]!r}")
    for problem in verdict.problems:
        found.verdicts[problem.name] = found.verdicts.get(problem.name, 0) + 1
        if problem.name == "broken":
            found.faults.append(f"broken by {problem.detail}: {content[:2000]!r}")
    found.verdicts["ok"] = found.verdicts.get("ok", 0) + verdict.ok
    if verdict.ok and not ours and _essence(verdict.document) != good:
        found.faults.append(f"accepted: {content[:2000]!r}")


def _essence(document: object) -> object:
    """What a badge says: a list is a set, one value and a list of it are the same, and an empty list says nothing."""
    if isinstance(document, list):
        several = sorted({json.dumps(_essence(one), sort_keys=True) for one in document})
        return json.loads(several[0]) if len(several) == 1 else several
    if isinstance(document, dict):
        return {k: _essence(v) for k, v in document.items() if v not in ([], None)}
    return document
