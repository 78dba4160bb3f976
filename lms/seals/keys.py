"""What is known of a key: what anybody may know, and what the one needs that seals papers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

Private = EllipticCurvePrivateKey | Ed25519PrivateKey


@dataclass(frozen=True)
class PublicKey:
    """What anybody may know of a key. `pem` is its certificate, or the bare public key where it has none."""
    kid: str
    kind: str                               # authority | seal | badge
    jwk: dict[str, Any]
    pem: str
    since: datetime
    until: datetime | None                  # since when it no longer signs; None: it still does
    revoked_at: datetime | None             # what it signed from then on is not to be trusted
    reason: str

    def trusted_at(self, at: datetime) -> bool:
        """May what it signed at this moment be believed? The moment must be known from elsewhere than the signature."""
        return self.revoked_at is None or at < self.revoked_at


@dataclass(frozen=True)
class PdfKey:
    """Who seals papers now: the loaded key, so that it is not read and checked again for each."""
    kid: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    sign: Callable[[bytes], bytes] = field(repr=False)


def ecdsa(key: Private) -> Callable[[bytes], bytes]:
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("a seal is an elliptic curve key")
    how = ECDSA(hashes.SHA256(), deterministic_signing=True)      # the same paper sealed twice is the same
    return lambda message: key.sign(message, how)


def pem_of(key: Private) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
