"""Receipts of answers: what each says word for word, its place in the chain, its signature, its verification. Pure.

docs/receipts.md gives the format to those who want to verify without this program.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.attempts.rules import Kept, Sent

FIRST = "0" * 64                        # the chain before the first answer of an attempt
HEAD = "lms-recibo 1"
LABELS = ("sitio", "clave", "persona", "intento", "evento", "pregunta", "acto", "certeza", "respuesta", "orden",
          "recibida", "equipo", "cadena", "firma")
CHAINED = slice(LABELS.index("intento"), LABELS.index("cadena"))
MOST = 100_000                          # receipts in one file


def instant(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else "-"


def facts(attempt_id: int, answer: Kept) -> str:
    """The lines that the chain goes over."""
    return (f"intento {attempt_id}\nevento {answer.key}\npregunta {answer.question}\nacto {answer.act or '-'}\n"
            f"certeza {answer.certainty or '-'}\nrespuesta {sha256(answer.value.encode()).hexdigest()}\n"
            f"orden {answer.sequence}\nrecibida {instant(answer.saved_at)}\nequipo {instant(answer.client_at)}\n")


def link(before: str, told: str) -> str:
    """The chain up to and with these lines."""
    return sha256(f"{before}\n{told}".encode()).hexdigest()


def linked(attempt_id: int, last: tuple[int, str], sent: Iterable[Sent], now: datetime) -> list[Kept]:
    """Answers about to be kept, each in its place after the last (sequence, chain) of the attempt."""
    found = []
    for answer in sent:
        row = Kept(0, answer.value, now, answer.question, answer.key, answer.act, answer.certainty, answer.client_at,
                   last[0] + 1)
        last = (last[0] + 1, link(last[1], facts(attempt_id, row)))
        found.append(Kept(**{**vars(row), "chain": last[1]}))
    return found


@dataclass(frozen=True)
class Signer:
    """Who signs: the site, its key and the key's name."""
    site: str
    key_id: str
    key: Ed25519PrivateKey


def key_id(public: bytes) -> str:
    """What a key is called: the beginning of the SHA-256 of its 32 bytes."""
    return sha256(public).hexdigest()[:16]


def receipt(signer: Signer, person_id: int, attempt_id: int, answer: Kept) -> str:
    """The receipt of one answer; "" for what was kept before there were receipts."""
    if answer.sequence is None:
        return ""
    text = (f"{HEAD}\nsitio {signer.site}\nclave {signer.key_id}\npersona {person_id}\n{facts(attempt_id, answer)}"
            f"cadena {answer.chain}\n")
    return f"{text}firma {b64encode(signer.key.sign(text.encode())).decode()}\n"


def with_value(text: str, value: str) -> str:
    """A receipt with the answer it speaks of, for who wants to show what was answered."""
    return f"{text}valor {json.dumps(value, ensure_ascii=False)}\n" if text else ""


# Verifying ------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Wrong(Exception):
    """The first line that does not hold, and why."""
    line: int
    why: str


@dataclass
class Verified:
    """What a file of receipts proves."""
    count: int = 0
    attempts: dict[str, int] = field(default_factory=dict)      # attempt -> how many receipts
    gaps: list[str] = field(default_factory=list)               # places in a chain of which the file has no receipt
    keys: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Receipt:
    line: int                           # where it begins
    text: str                           # what is signed
    said: dict[str, str]
    value: str | None = None

    def at(self, label: str) -> int:
        return self.line + 1 + LABELS.index(label)

    @property
    def facts(self) -> str:
        return "".join(f"{label} {self.said[label]}\n" for label in LABELS[CHAINED])


def verify(file: str, keys: Mapping[str, bytes]) -> Verified:
    """Check each receipt of a file against the public keys (name -> 32 bytes), or raise Wrong at the first bad line."""
    told = Verified()
    seen: dict[tuple[str, str], Receipt] = {}
    last: dict[str, Receipt] = {}
    for found in read(file):
        _check_signature(found, keys)
        attempt, sequence = found.said["intento"], found.said["orden"]
        if twin := seen.get((attempt, sequence)):
            if twin.facts != found.facts:
                raise Wrong(found.at("orden"), f"another receipt, at line {twin.line}, has the same place in this "
                            "attempt: the site contradicts itself")
            continue
        seen[attempt, sequence] = found
        _check_link(found, last.get(attempt), told)
        last[attempt] = found
        told.count += 1
        told.attempts[attempt] = told.attempts.get(attempt, 0) + 1
        told.keys.add(found.said["clave"])
    if not told.count:
        raise Wrong(1, "there is no receipt in this file")
    return told


def _check_signature(found: Receipt, keys: Mapping[str, bytes]) -> None:
    public = keys.get(found.said["clave"])
    if public is None:
        raise Wrong(found.at("clave"), "no public key of this name is known")
    if key_id(public) != found.said["clave"]:
        raise Wrong(found.at("clave"), "the public key given under this name is another")
    try:
        signature = b64decode(found.said["firma"], validate=True)
        if b64encode(signature).decode() != found.said["firma"]:        # the last letter has bits that say nothing
            raise ValueError
        Ed25519PublicKey.from_public_bytes(public).verify(signature, found.text.encode())
    except (InvalidSignature, NotBase64, ValueError):
        raise Wrong(found.at("firma"), "the signature does not hold: something in this receipt was changed") from None
    if found.value is not None and sha256(found.value.encode()).hexdigest() != found.said["respuesta"]:
        raise Wrong(found.at("firma") + 1, "this is not the answer that the receipt speaks of")


def _check_link(found: Receipt, before: Receipt | None, told: Verified) -> None:
    sequence, earlier = int(found.said["orden"]), int(before.said["orden"]) if before else 0
    if sequence <= earlier:
        raise Wrong(found.at("orden"), "receipts of one attempt must stand in their order")
    if sequence > earlier + 1:
        missing = f"{earlier + 1}" if sequence == earlier + 2 else f"{earlier + 1}-{sequence - 1}"
        told.gaps.append(f"{found.said['intento']}: {missing}")
    elif link(before.said["cadena"] if before else FIRST, found.facts) != found.said["cadena"]:
        raise Wrong(found.at("cadena"), "the chain does not continue the receipt before: the site has changed the past")


def read(file: str) -> Iterator[Receipt]:
    """The receipts of a file, first to last. Empty lines and lines that begin with # stand between them."""
    lines = file.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    at = count = 0
    while at < len(lines):
        if not lines[at].strip() or lines[at].startswith("#"):
            at += 1
            continue
        if lines[at] != HEAD:
            raise Wrong(at + 1, f"a receipt begins with «{HEAD}»")
        found = _one(lines, at)
        at += 1 + len(LABELS) + (found.value is not None)
        if (count := count + 1) > MOST:
            raise Wrong(at, f"more than {MOST} receipts in one file")
        yield found


def _one(lines: list[str], at: int) -> Receipt:
    said = {}
    for n, label in enumerate(LABELS, at + 1):
        name, _, text = (lines[n] if n < len(lines) else "").partition(" ")
        if name != label or not text:
            raise Wrong(n + 1, f"here a receipt says «{label} …»")
        said[label] = text
    if not (said["orden"].isascii() and said["orden"].isdecimal() and len(said["orden"]) < 10):
        raise Wrong(at + 2 + LABELS.index("orden"), "here stands a number")
    text, after = "\n".join(lines[at:at + len(LABELS)]) + "\n", at + 1 + len(LABELS)
    return Receipt(at + 1, text, said, _value(lines[after], after + 1) if after < len(lines) else None)


def _value(line: str, number: int) -> str | None:
    if not line.startswith("valor "):
        return None
    try:
        value = json.loads(line.removeprefix("valor "))
        if isinstance(value, str):
            value.encode()
            return value
    except (ValueError, RecursionError):
        pass
    raise Wrong(number, "here stands an answer in quotation marks")
