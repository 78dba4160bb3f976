"""Bytes and keys as text: base58 and base64url, multibase, multikeys and JSON Web Keys."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Public: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey | RSAPublicKey
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
URL64 = re.compile(r"[A-Za-z0-9_-]*")
LONGEST58 = 200                     # letters: its reading takes time by their square
ED25519, P256 = b"\xed\x01", b"\x80\x24"
SMALLEST_RSA, LARGEST_RSA = 2048, 8192


def base58(octets: bytes) -> str:
    number, made = int.from_bytes(octets, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        made = BASE58[rest] + made
    return "1" * (len(octets) - len(octets.lstrip(b"\0"))) + made


def of_base58(text: str) -> bytes:
    """Raises ValueError."""
    if len(text) > LONGEST58:
        raise ValueError("too long")
    number = 0
    for letter in text:
        number = number * 58 + BASE58.index(letter)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def of_base64url(text: str) -> bytes:
    """Only as RFC 7515 writes it: no padding, no other letters, no spare bits. Raises ValueError."""
    if not URL64.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("no base64url")
    octets = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(octets) != text:
        raise ValueError("base64url with spare bits")
    return octets


def of_multibase(text: str) -> bytes:
    """"z…" is base58btc, "u…" base64url. Raises ValueError."""
    if text[:1] == "z":
        return of_base58(text[1:])
    if text[:1] == "u":
        return of_base64url(text[1:])
    raise ValueError("no multibase of ours")


def multikey(public: Ed25519PublicKey) -> str:
    """"z6Mk…"."""
    return "z" + base58(ED25519 + public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def of_multikey(text: str) -> Public:
    """The key of "z6Mk…" (Ed25519) or "zDn…" (P-256). Raises ValueError."""
    octets = of_multibase(text)
    head, rest = octets[:2], octets[2:]
    if head == ED25519:
        return Ed25519PublicKey.from_public_bytes(rest)
    if head == P256 and len(rest) == 33:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), rest)
    raise ValueError("a key of another kind")


def of_jwk(jwk: Mapping[str, Any]) -> Public:
    """Ed25519, P-256 or RSA of 2048 to 8192 bits; never a secret. Raises ValueError."""
    try:
        if (jwk["kty"], jwk.get("crv")) == ("OKP", "Ed25519"):
            return Ed25519PublicKey.from_public_bytes(of_base64url(jwk["x"]))
        if (jwk["kty"], jwk.get("crv")) == ("EC", "P-256"):
            x, y = (of_base64url(jwk[name]) for name in "xy")
            if len(x) != 32 or len(y) != 32:
                raise ValueError("a point of another size")
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
        if jwk["kty"] == "RSA":
            n, e = (int.from_bytes(of_base64url(jwk[name]), "big") for name in "ne")
            if SMALLEST_RSA <= n.bit_length() <= LARGEST_RSA and 3 <= e < 1 << 32:
                return RSAPublicNumbers(e, n).public_key()
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError("no public key") from wrong
    raise ValueError("a key of another kind")


def same(one: Public, other: Public) -> bool:
    def plain(key: Public) -> bytes:
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return plain(one) == plain(other)
