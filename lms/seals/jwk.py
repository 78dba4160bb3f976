"""A public key as JSON Web Key (RFC 7517), with its certificate where it has one."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def jwk_of(public: PublicKeyTypes, kid: str, chain: Sequence[x509.Certificate] = ()) -> dict[str, Any]:
    told: dict[str, Any] = {"kid": kid, "use": "sig"}
    if isinstance(public, Ed25519PublicKey):
        told |= {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA",
                 "x": _text(public.public_bytes(Encoding.Raw, PublicFormat.Raw))}
    elif isinstance(public, EllipticCurvePublicKey):
        numbers = public.public_numbers()
        told |= {"kty": "EC", "crv": "P-256", "alg": "ES256", "x": _text(numbers.x.to_bytes(32, "big")),
                 "y": _text(numbers.y.to_bytes(32, "big"))}
    elif isinstance(public, RSAPublicKey):
        rsa = public.public_numbers()
        told |= {"kty": "RSA", "alg": "RS256", "n": _number(rsa.n), "e": _number(rsa.e)}
    else:
        raise TypeError(f"{type(public).__name__} is no key of a ring")
    if chain:
        told["x5c"] = [b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]
    return told


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
