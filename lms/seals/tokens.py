"""Keys in a PKCS#11 token (smart card, HSM, SoftHSM), named by an RFC 7512 address; needs the package python-pkcs11."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key


class NoToken(RuntimeError):
    """The token can not be used; says why and what to do."""


@dataclass(frozen=True)
class Address:
    """pkcs11:token=escuela;object=sello?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/lms/pin"""
    module: str
    token: str
    key: str
    pin_file: str

    @property
    def told(self) -> str:
        """What may be written down: never the PIN."""
        return f"pkcs11:token={self.token};object={self.key}"

    @classmethod
    def read(cls, text: str) -> "Address":
        scheme, _, rest = text.partition(":")
        path, _, query = rest.partition("?")
        named = dict(part.split("=", 1) for part in path.split(";") if "=" in part)
        asked = dict(parse_qsl(query))
        if scheme != "pkcs11" or not named.get("token") or not named.get("object") or not asked.get("module-path"):
            raise NoToken("LMS_PKCS11 must say pkcs11:token=…;object=…?module-path=…&pin-source=file:… (RFC 7512).")
        if "pin-value" in asked:
            raise NoToken("LMS_PKCS11 must not hold the PIN: put it into a file and say pin-source=file:…")
        return cls(asked["module-path"], unquote(named["token"]), unquote(named["object"]),
                   asked.get("pin-source", "").removeprefix("file:"))


class _Session:
    """One open session a process; a token does one thing at a time."""
    lock = Lock()
    opened: dict[tuple[str, str], Any] = {}         # (module, token)


def _session(address: Address) -> Any:
    pkcs11 = _package()
    name = (address.module, address.token)
    if name not in _Session.opened:
        try:
            pin = Path(address.pin_file).read_text("utf-8").strip() if address.pin_file else None
            token = pkcs11.lib(address.module).get_token(token_label=address.token)
            try:
                _Session.opened[name] = token.open(user_pin=pin)
            except pkcs11.exceptions.UserAlreadyLoggedIn:       # a token knows one login a process
                _Session.opened[name] = token.open()
        except (pkcs11.exceptions.PKCS11Error, RuntimeError, OSError) as wrong:
            raise NoToken(f"The token {address.token!r} can not be opened by {address.module}: "
                          f"{type(wrong).__name__} {wrong}. Is it plugged in, and the PIN right?") from wrong
    return _Session.opened[name]


def _package() -> Any:
    try:
        import pkcs11  # noqa: PLC0415  (optional: only an installation with a token has it)
        import pkcs11.util.ec  # noqa: PLC0415
        import pkcs11.util.rsa  # noqa: PLC0415
    except ImportError as wrong:
        raise NoToken("LMS_PKCS11 is set, but the package python-pkcs11 is not installed. Run "
                      "`.venv/bin/pip install python-pkcs11`, or unset LMS_PKCS11: then the key is a file.") from wrong
    return pkcs11


def public_key(address: Address) -> EllipticCurvePublicKey | RSAPublicKey:
    """The token's key of this label: made there beforehand, elliptic curve P-256 or RSA of 3072 bits or more."""
    pkcs11 = _package()
    with _Session.lock:
        try:
            found = _session(address).get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=address.key)
            encode = (pkcs11.util.ec.encode_ec_public_key if found.key_type == pkcs11.KeyType.EC
                      else pkcs11.util.rsa.encode_rsa_public_key)
            der = encode(found)
        except pkcs11.exceptions.PKCS11Error as wrong:
            raise NoToken(f"The token {address.token!r} has no public key labelled {address.key!r}: make one there, "
                          "elliptic curve P-256 or RSA 3072.") from wrong
    public = load_der_public_key(_as_info(der, found.key_type == pkcs11.KeyType.EC))
    if isinstance(public, EllipticCurvePublicKey) and public.curve.name == "secp256r1":
        return public
    if isinstance(public, RSAPublicKey) and public.key_size >= 3072:
        return public
    raise NoToken(f"The key {address.key!r} is neither elliptic curve P-256 nor RSA of 3072 bits or more.")


def _as_info(der: bytes, curve: bool) -> bytes:
    """A bare RSAPublicKey gets its wrapping; an EC key comes with it."""
    if curve:
        return der
    oid = bytes.fromhex("300d06092a864886f70d0101010500")
    bits = b"\x03" + _length(len(der) + 1) + b"\0" + der
    return b"\x30" + _length(len(oid) + len(bits)) + oid + bits


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def signer(address: Address | None, certificate: x509.Certificate) -> Callable[[bytes], bytes]:
    """Signs by the token's private key with SHA-256."""
    if address is None:
        raise NoToken("The seal in use is kept in a PKCS#11 token, but LMS_PKCS11 is not set. Set it, or begin with a "
                      "new key: lms seals rotate.")
    pkcs11 = _package()
    elliptic = isinstance(certificate.public_key(), EllipticCurvePublicKey)
    kind = pkcs11.Mechanism.ECDSA if elliptic else pkcs11.Mechanism.SHA256_RSA_PKCS

    def sign(message: bytes) -> bytes:
        with _Session.lock:
            try:
                key = _session(address).get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=address.key)
                told = sha256(message).digest() if elliptic else message     # not every token hashes for this kind
                made = bytes(key.sign(told, mechanism=kind))
            except pkcs11.exceptions.PKCS11Error as wrong:
                _Session.opened.pop((address.module, address.token), None)          # the next use opens it anew
                raise NoToken(f"The token {address.token!r} did not sign: {type(wrong).__name__}.") from wrong
        half = len(made) // 2
        return encode_dss_signature(int.from_bytes(made[:half], "big"), int.from_bytes(made[half:], "big")) \
            if elliptic else made
    return sign
