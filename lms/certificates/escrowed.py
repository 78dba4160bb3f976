"""Checking against an escrow bundle, without a database: its register, and a ring of the keys it names."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from lms.badges import queries as badges
from lms.badges.documents import Issuing
from lms.badges.issuers import Issuer
from lms.certificates.checking import Bench
from lms.certificates.escrow import FORMAT
from lms.certificates.link import mark
from lms.certificates.rules import End
from lms.seals.queries import Institution, PublicKey, Ring, Shelf


class BadBundle(ValueError):
    """No bundle, or one that was changed."""


@dataclass(frozen=True)
class Entry:
    """A certificate as a bundle tells of it."""
    folio: str
    kind: str
    sha256: str
    issued_at: datetime
    end: End | None

    @property
    def state(self) -> str:
        return self.end.kind if self.end else "valid"


class EscrowRegister:
    """certificates.checking.Register, over the register of a bundle."""

    def __init__(self, certificates: list[dict[str, Any]]):
        self.entries = {one["index"]: _entry(one) for one in certificates}
        self.hashes = {digest: one["index"] for one in certificates for digest in (one["sha256"], *one["stamped"])}
        self.marks = {one["mark"]: one["index"] for one in certificates}

    def by_hash(self, digest: str) -> Entry | None:
        return self.entries.get(self.hashes.get(digest, -1))

    def by_claim(self, folio: str, code: str) -> Entry | None:
        found = self.by_code(code)
        return found if found and found.folio == folio else None

    def by_code(self, code: str) -> Entry | None:
        return self.entries.get(self.marks.get(mark(code), -1))

    def acta_by_hash(self, digest: str) -> None:
        """A bundle tells of no acta."""

    def acta_by_claim(self, folio: str, code: str) -> None:
        """A bundle tells of no acta."""

    def ended(self, index: int) -> bool | None:
        found = self.entries.get(index)
        return found.end is not None if found else None

    def original(self, certificate: Any) -> None:
        """A bundle holds no papers."""


class EscrowRing(Ring):
    """The public keys of a bundle; it signs nothing."""

    def __init__(self, keys: tuple[PublicKey, ...], institution: Institution, folder: Path, now: datetime):
        super().__init__(Shelf(folder / "none"), institution, lambda: now, None, folder / "anchors")
        self.keys = keys

    def known(self) -> tuple[PublicKey, ...]:
        return self.keys

    def public(self) -> tuple[PublicKey, ...]:
        return self.keys

    def seals(self) -> tuple[tuple[PublicKey, x509.Certificate, tuple[x509.Certificate, ...]], ...]:
        loaded = [(key, x509.load_pem_x509_certificate(key.pem.encode())) for key in self.keys if key.kind != "badge"]
        return tuple((key, its, tuple(above for one, above in loaded if one.kind == "authority" and _above(its, above)))
                     for key, its in loaded if key.kind == "seal")


@dataclass(frozen=True)
class Escrow:
    made_at: datetime
    signed_by: str                      # to be compared with what the school published
    register: EscrowRegister
    ring: EscrowRing
    issuer: Issuer

    @property
    def bench(self) -> Bench:
        return Bench(self.register, self.ring, self.issuer)


def read(folder: Path, now: datetime) -> Escrow:
    """Raises BadBundle with what is wrong."""
    try:
        told, signature = (folder / "register.json").read_bytes(), (folder / "register.sig").read_bytes()
        found = json.loads(told)
        keys = tuple(_key(one) for one in found["keys"])
        if found["format"] != FORMAT:
            raise BadBundle(f"{folder} is of a form not known here: {found['format']}")
        _signed(told, signature, next((key for key in keys if key.kid == found["signed_by"]), None))
        for name, digest in found["files"].items():
            if sha256((folder / name).read_bytes()).hexdigest() != digest:
                raise BadBundle(f"{name} is not the one that was packed")
        ring = EscrowRing(keys, Institution(found["name"], found["country"]), folder, now)
        return Escrow(datetime.fromisoformat(found["made_at"]), found["signed_by"],
                      EscrowRegister(found["certificates"]), ring,
                      badges.own(Issuing(found["url"], found["name"], found["country"]), ring))
    except OSError as wrong:
        raise BadBundle(f"{folder} is no bundle: {wrong.strerror} ({wrong.filename})") from wrong
    except BadBundle:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BadBundle(f"{folder} can not be read: {wrong!r}") from wrong


def _signed(told: bytes, signature: bytes, key: PublicKey | None) -> None:
    public = load_pem_public_key(key.pem.encode()) if key and key.kind == "badge" else None
    if key is None or not isinstance(public, Ed25519PublicKey):
        raise BadBundle("register.json names no key that could have signed it")
    if key.revoked_at:
        raise BadBundle(f"register.json is signed by {key.kid}, which it says is revoked")
    try:
        public.verify(signature, told)
    except InvalidSignature:
        raise BadBundle("register.json was changed: its signature does not hold") from None


def _key(told: dict[str, Any]) -> PublicKey:
    return PublicKey(told["kid"], told["kind"], told["jwk"], told["pem"], datetime.fromisoformat(told["since"]),
                     _moment(told["until"]), _moment(told["revoked_at"]), told["reason"])


def _entry(told: dict[str, Any]) -> Entry:
    end = None if told["state"] == "valid" else End(told["state"], told["reason"],
                                                    datetime.fromisoformat(told["ended_at"]), told["replaced_by"] or "")
    return Entry(told["folio"], told["kind"], told["sha256"], datetime.fromisoformat(told["issued_at"]), end)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _above(its: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        its.verify_directly_issued_by(above)
        return True
    except (ValueError, TypeError, InvalidSignature):
        return False
