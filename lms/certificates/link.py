"""What a paper's QR code says behind its address: the words of the certificate, signed, to be checked without us.

They stand in the fragment, which no browser sends: the server sees the address it always saw. Folio and code are signed
too but not said twice. docs/verification.md tells the form byte by byte. Pure."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha512
from typing import Protocol

from lms.certificates.snapshot import CODE, FOLIO, Snapshot

VERSION = 1
HEAD = b"lms-qr 1\n"                        # nothing else that the key signs begins so
KINDS = ("final", "module", "attendance", "internship", "enrolment", "participation")
FIRST = date(2000, 1, 1)                    # days are counted from here
ROOM = 120                                  # bytes of UTF-8 for name and title: a title that is longer is cut
LONGEST_NAME = 90
CUT = "…"
LINK = re.compile(rf"/v/({FOLIO})/({CODE})#([A-Za-z0-9_-]{{120,400}})$")


class Unread(ValueError):
    """No link of a paper, or none of a form known here."""


class Signer(Protocol):
    @property
    def ed25519(self) -> tuple[str, "Key"]: ...


class Key(Protocol):
    def sign(self, message: bytes, /) -> bytes: ...


@dataclass(frozen=True)
class Words:
    """What the code tells of a certificate. `title` or `holder` ends with "…" where it was cut."""
    folio: str
    code: str
    kid: str
    kind: str
    issued_on: date
    started_on: date
    ended_on: date
    hours: int
    holder: str
    title: str
    message: bytes                          # what was signed
    signature: bytes


def proof(snapshot: Snapshot, ring: Signer) -> str:
    """The fragment of this certificate's link."""
    kid, key = ring.ed25519
    told = _told(snapshot, kid)
    return _text(told + key.sign(message(snapshot.folio, snapshot.code, told)))


def message(folio: str, code: str, told: bytes) -> bytes:
    return HEAD + f"{folio}\n{code}\n".encode() + told


def mark(code: str) -> str:
    """By what a list names a certificate to those who hold it and to nobody else: its code has 130 bits."""
    return sha512(f"lms-mark 1\n{code}".encode()).hexdigest()[:32]


def mark_of(words: bytes) -> str:
    """The same of a whole signed message: for what a key signed before it was lost."""
    return sha512(words).hexdigest()[:32]


def read(link: str) -> Words:
    """What a scanned link says; nothing is checked. Raises Unread."""
    found = LINK.search(link.strip())
    if not found:
        raise Unread("no link of a certificate with signed words")
    folio, code, text = found.groups()
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as wrong:
        raise Unread(str(wrong)) from wrong
    told, signature = packed[:-64], packed[-64:]
    if _text(packed) != text or len(told) < 19 or told[0] != VERSION or told[9] >= len(KINDS):
        raise Unread("not of a form known here")
    days = [FIRST + timedelta(int.from_bytes(told[at:at + 2])) for at in (10, 12, 14)]
    name = 19 + told[18]
    try:
        holder, title = told[19:name].decode(), told[name:].decode()
    except UnicodeDecodeError as wrong:
        raise Unread(str(wrong)) from wrong
    return Words(folio, code, told[1:9].hex(), KINDS[told[9]], days[0], days[1], days[2],
                 int.from_bytes(told[16:18]), holder, title, message(folio, code, told), signature)


def _told(s: Snapshot, kid: str) -> bytes:
    name = _cut(s.holder_name, LONGEST_NAME)
    return b"".join((
        bytes([VERSION]), bytes.fromhex(kid), bytes([KINDS.index(s.kind)]),
        *((day - FIRST).days.to_bytes(2) for day in (s.issued_on, s.started_on, s.ended_on)),
        s.hours.to_bytes(2), bytes([len(name)]), name, _cut(s.title, ROOM - len(name))))


def _cut(text: str, most: int) -> bytes:
    whole = text.encode()
    if len(whole) <= most:
        return whole
    return whole[:most - len(CUT.encode())].decode(errors="ignore").rstrip().encode() + CUT.encode()


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
