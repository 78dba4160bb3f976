"""Bitstring status lists: one bit a badge, so that who asks after one does not say which."""

import gzip
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.badges import vocabulary
from lms.badges.encoding import base64url, of_multibase
from lms.badges.issuers import Issuer
from lms.badges.problems import Problem
from lms.badges.shapes import listed

SIZE = 131_072                  # bits of a list, by the Recommendation the least: the list hides each one among so many
LARGEST = 1 << 21               # bytes of a list that is read: 16 million bits
PURPOSES = ("revocation", "suspension")
INDEX = re.compile(r"0|[1-9]\d{0,11}")


class NotAList(ValueError):
    """No status list, or none within bounds."""


@dataclass(frozen=True)
class StatusList:
    """What one published list says."""
    url: str
    purpose: str
    bits: bytes

    def set_at(self, index: int) -> bool | None:
        """None: the list is not so long."""
        if not 0 <= index < len(self.bits) * 8:
            return None
        return bool(self.bits[index // 8] >> (7 - index % 8) & 1)


@dataclass(frozen=True)
class Lists:
    """The lists at hand, as checking asks them."""
    lists: tuple[StatusList, ...] = ()

    def __call__(self, url: str, purpose: str, index: int) -> bool | None:
        found = next((one for one in self.lists if (one.url, one.purpose) == (url, purpose)), None)
        return found.set_at(index) if found else None


def encode(indices: Iterable[int], size: int = SIZE) -> str:
    """"u" and base64url of the gzipped bits; bit 0 is the left-most."""
    bits = bytearray(max(size, SIZE) // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64url(gzip.compress(bytes(bits), 9, mtime=0))


def decode(text: str) -> bytes:
    """The bits; raises NotAList for what is none, too short, or grows too large."""
    try:
        packed = of_multibase(text) if text[:1] == "u" else b""
        unpacking = zlib.decompressobj(wbits=31)
        bits = unpacking.decompress(packed, LARGEST + 1)
    except (ValueError, zlib.error) as wrong:
        raise NotAList(str(wrong)) from None
    if len(bits) > LARGEST or not unpacking.eof or unpacking.unused_data:
        raise NotAList("too large, or not whole")
    if len(bits) * 8 < SIZE:
        raise NotAList("shorter than 131072 bits")
    return bits


def entry(url: str, index: int, purpose: str = "revocation") -> dict[str, str]:
    """What a badge says of where its bit is."""
    return {"id": f"{url}#{index}", "type": "BitstringStatusListEntry", "statusPurpose": purpose,
            "statusListIndex": str(index), "statusListCredential": url}


def credential(issuer: str, url: str, purpose: str, indices: Iterable[int], begins: datetime,
               ends: datetime) -> dict[str, Any]:
    """A list as a credential, still without proof. It ends, so that an old one can not be shown for ever."""
    return {"@context": [vocabulary.CREDENTIALS], "id": url,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"], "issuer": issuer,
            "validFrom": stamp(begins), "validUntil": stamp(ends),
            "credentialSubject": {"id": f"{url}#list", "type": "BitstringStatusList", "statusPurpose": purpose,
                                  "encodedList": encode(indices)}}


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def list_of(document: Mapping[str, Any]) -> StatusList:
    """What a status list credential says, once its proof is known to hold. Raises NotAList."""
    subject = document.get("credentialSubject")
    if "BitstringStatusListCredential" not in listed(document.get("type")) or not isinstance(subject, dict) or (
            "BitstringStatusList" not in listed(subject.get("type"))):
        raise NotAList("another type")
    purpose, packed = subject.get("statusPurpose"), subject.get("encodedList")
    if purpose not in PURPOSES or not isinstance(packed, str) or not isinstance(document.get("id"), str):
        raise NotAList("without purpose, list or address")
    return StatusList(document["id"], purpose, decode(packed))


def problems(document: Mapping[str, Any], issuer: Issuer, status: Any) -> list[Problem]:
    """What the lists say of a badge. `status(url, purpose, index)`: whether its bit is set; None: nobody knows."""
    found = []
    for one in listed(document.get("credentialStatus", [])):
        name, detail = _problem(one, issuer, status)
        found += [Problem(name, detail)] if name else []
    return found


def _problem(one: Any, issuer: Issuer, status: Any) -> tuple[str, str]:
    if not isinstance(one, dict) or one.get("type") not in ("BitstringStatusListEntry", ["BitstringStatusListEntry"]):
        return "status_form", str(one.get("type") if isinstance(one, dict) else "")[:100]
    url, purpose, index = (one.get(name) for name in ("statusListCredential", "statusPurpose", "statusListIndex"))
    if purpose not in PURPOSES or not isinstance(index, str) or not INDEX.fullmatch(index) or one.get(
            "statusSize", 1) != 1 or not isinstance(url, str):
        return "status_form", "credentialStatus"
    if not issuer.status or not url.startswith(issuer.status):
        return "status_elsewhere", url[:200]
    answer = status(url, purpose, int(index))
    if answer is None:
        return "status_unknown", f"{url[:200]}#{index}"
    return ("revoked" if purpose == "revocation" else "suspended", "") if answer else ("", "")
