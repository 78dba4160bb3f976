"""The signatures a PDF claims to have, found by their bytes alone: nothing of a hostile file is parsed as PDF.

A signature says over which bytes it goes (/ByteRange): all but one hole, which holds its own envelope. What such a
signature proves does not depend on how any reader understands the rest, so nothing else has to be understood here."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from hashlib import sha256, sha384, sha512

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lms.seals.envelope import length

SPACE = rb"[\0\t\n\f\r ]{0,64}"
NUMBER = rb"(\d{1,10})"
NUMBERS = rb"[\0\t\n\f\r ]{1,64}".join([NUMBER] * 4)
RANGE = re.compile(rb"/ByteRange" + SPACE + rb"\[" + SPACE + NUMBERS + SPACE + rb"\]")
DATE = re.compile(rb"/M ?\(D(?::|\\072)(\d{14})(?:Z|(\+|-|\\053|\\055)(\d\d)(?:'|\\047)(\d\d))?")
PLUS = (b"+", b"\\053")
HOLE = re.compile(rb"<([0-9A-Fa-f]*)>")
MOST = 32                           # signatures that are looked at in one file
LARGEST = 64 << 10                  # bytes of an envelope
HASHES = {"sha256": (sha256, hashes.SHA256()), "sha384": (sha384, hashes.SHA384()),
          "sha512": (sha512, hashes.SHA512())}        # SHA-1 and MD5 prove nothing any more


@dataclass(frozen=True)
class Claim:
    """One signature as the file tells of it: the hole goes from `start` to `stop`, what it covers ends at `end`."""
    pdf: bytes
    said_at: int                    # where its /ByteRange stands
    start: int
    stop: int
    end: int

    @cached_property
    def envelope(self) -> bytes:
        """What the hole holds, without the zeros behind it; empty when the hole is none."""
        hole = HOLE.fullmatch(self.pdf[self.start:self.stop])
        if hole is None or self.stop - self.start > 2 * LARGEST:
            return b""
        octets = bytes.fromhex(hole[1].decode() + "0" * (len(hole[1]) % 2))
        return octets[:length(octets)]

    @property
    def tidy(self) -> bool:
        """Is the hole written as we write it: capital digits, then zeros and nothing else, /ByteRange right behind it,
        and the file says /ByteRange only once up to its end?"""
        digits = self.envelope.hex().upper().encode()
        hole = self.pdf[self.start:self.stop]
        said = b"\n/ByteRange [0 %d %d %d]" % (self.start, self.stop, self.end - self.stop)
        return (bool(digits) and hole == b"<" + digits.ljust(len(hole) - 2, b"0") + b">"
                and self.pdf[self.stop:self.stop + len(said)] == said and self.said_at == self.stop + 1
                and self.pdf[:self.start].endswith(b"/Contents "))

    def digest(self, make: Callable[[bytes], "sha256"] = sha256) -> bytes:   # type: ignore[valid-type]
        whole = make(self.pdf[:self.start])
        whole.update(self.pdf[self.stop:self.end])          # type: ignore[attr-defined]
        found: bytes = whole.digest()                       # type: ignore[attr-defined]
        return found

    @property
    def said_time(self) -> datetime | None:
        """When it was signed, by its own word."""
        if found := DATE.search(self.pdf, self.stop, self.stop + 1000):
            with suppress(ValueError):
                moment = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                if found[2]:
                    away = timedelta(hours=int(found[3]), minutes=int(found[4]))
                    moment = moment.replace(tzinfo=timezone(away if found[2] in PLUS else -away)).astimezone(UTC)
                return moment
        return None

    @cached_property
    def read(self) -> "Envelope":
        return Envelope.of(self)


@dataclass(frozen=True)
class Envelope:
    """What an envelope says of itself. `holds`: by the key in it, which may be anyone's."""
    name: str = ""
    serial: int = 0
    stamp: bool = False             # a time stamp (RFC 3161), not a person's or a school's signature
    holds: bool = False
    readable: bool = False
    certificate: asn1.Certificate | None = None

    @classmethod
    def of(cls, claim: Claim) -> "Envelope":
        try:
            signed = cms.ContentInfo.load(claim.envelope, strict=True)["content"]
            signer, certificates = signed["signer_infos"][0], signed["certificates"]
            stamp = signed["encap_content_info"]["content_type"].native == "tst_info"
            serial = signer["sid"].chosen["serial_number"].native
            its = [one.chosen for one in certificates if one.name == "certificate"
                   and one.chosen.serial_number == serial and one.chosen.issuer == signer["sid"].chosen["issuer"]]
            name = next((str(value) for key, value in (its[0].subject.native if its else {}).items()
                         if key == "common_name"), "")
        except Exception:       # whatever a library says of bytes made to confuse it: it is no envelope
            return cls()
        holds = bool(its) and _holds(claim, signed, signer, its[0], stamp)
        return cls(name[:200], serial, stamp, holds, True, its[0] if its else None)


def _holds(claim: Claim, signed: cms.SignedData, signer: cms.SignerInfo, certificate: asn1.Certificate,
           stamp: bool) -> bool:
    """Is the hash right, and the signature over it?"""
    try:
        make, scheme = HASHES[signer["digest_algorithm"]["algorithm"].native]
        content = signed["encap_content_info"]["content"]
        if stamp:
            imprint = content.parsed["message_imprint"]
            taken, _ = HASHES[imprint["hash_algorithm"]["algorithm"].native]
            if imprint["hashed_message"].native != claim.digest(taken):
                return False
            digest = make(content.contents).digest()
        else:
            digest = claim.digest(make)
        attrs = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
        if attrs["message_digest"][0].native != digest or len(signed["signer_infos"]) != 1:
            return False
        public = load_der_public_key(certificate.public_key.dump())
        told = signer["signed_attrs"].untag().dump()
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signer["signature"].native, told, ec.ECDSA(scheme))
        elif isinstance(public, RSAPublicKey):
            public.verify(signer["signature"].native, told, padding.PKCS1v15(), scheme)
        else:
            return False
        return True
    except Exception:           # an unknown curve, a date that is none: what can not be checked does not hold
        return False


def claims(pdf: bytes) -> list[Claim]:
    """In the order in which they end; what goes beyond the file, or has no hole, is none."""
    found: list[Claim] = []
    for match in RANGE.finditer(pdf):
        first, start, stop, rest = (int(number) for number in match.groups())
        if first == 0 and 0 < start < stop <= stop + rest <= len(pdf) and len(found) < MOST:
            found.append(Claim(pdf, match.start(), start, stop, stop + rest))
    return sorted(found, key=lambda claim: claim.end)
