"""The CMS envelope of a seal (PAdES B-B; RFC 5652, 5035): written in one way only, so that it is checked by writing it
again and comparing bytes. By hand, in DER: the usual library takes 8 ms, and all is constant but hash and signature.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551         # of P-256
SEQUENCE, SET, OCTETS, OID, INTEGER = 0x30, 0x31, 0x04, 0x06, 0x02
PKCS9, PKCS7 = "2a864886f70d0109", "2a864886f70d0107"


def der(tag: int, *parts: bytes) -> bytes:
    """One value: tag, length, content."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + body


def _oid(digits: str) -> bytes:
    return der(OID, bytes.fromhex(digits))


def _whole(number: int) -> bytes:
    return der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


DATA = _oid(PKCS7 + "01")
SHA256 = der(SEQUENCE, _oid("608648016503040201"))
ECDSA_SHA256 = der(SEQUENCE, _oid("2a8648ce3d040302"))
RSA_SHA256 = der(SEQUENCE, _oid("2a864886f70d01010b"), b"\x05\x00")
CONTENT_TYPE = der(SEQUENCE, _oid(PKCS9 + "03"), der(SET, DATA))


def attributes(digest: bytes, certificate: x509.Certificate) -> bytes:
    """What is signed: the hash of the paper, and which certificate's key signs it. A SET, sorted as DER wants."""
    issuer = der(SEQUENCE, der(SEQUENCE, der(0xA4, certificate.issuer.public_bytes())),
                 _whole(certificate.serial_number))
    known_by = der(SEQUENCE, der(OCTETS, sha256(certificate.public_bytes(Encoding.DER)).digest()), issuer)
    return der(SET, *sorted((
        CONTENT_TYPE,
        der(SEQUENCE, _oid(PKCS9 + "04"), der(SET, der(OCTETS, digest))),
        der(SEQUENCE, _oid(PKCS9 + "10022f"), der(SET, der(SEQUENCE, der(SEQUENCE, known_by)))))))


def _closed(attrs: bytes, signature: bytes, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> bytes:
    elliptic = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    signer = der(SEQUENCE, _whole(1),
                 der(SEQUENCE, certificate.issuer.public_bytes(), _whole(certificate.serial_number)), SHA256,
                 b"\xa0" + attrs[1:], ECDSA_SHA256 if elliptic else RSA_SHA256, der(OCTETS, signature))
    certificates = sorted(one.public_bytes(Encoding.DER) for one in (certificate, *chain))
    signed = der(SEQUENCE, _whole(1), der(SET, SHA256), der(SEQUENCE, DATA), der(0xA0, *certificates),
                 der(SET, signer))
    return der(SEQUENCE, _oid(PKCS7 + "02"), der(0xA0, signed))


def envelope(digest: bytes, certificate: x509.Certificate, chain: Sequence[x509.Certificate],
             sign: Callable[[bytes], bytes]) -> bytes:
    """In DER. `sign` is asked once, for the bytes of the attributes."""
    attrs = attributes(digest, certificate)
    signature = sign(attrs)
    if isinstance(certificate.public_key(), ec.EllipticCurvePublicKey):
        signature = low(signature)
    return _closed(attrs, signature, certificate, chain)


def low(signature: bytes) -> bytes:
    """Of two values that ECDSA takes for the same signature, the lower: else anyone could turn one into the other."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, ORDER - s))


def genuine(found: bytes, digest: bytes, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> bool:
    """Is this, byte by byte, the envelope that this certificate's key made for this hash?"""
    attrs, public = attributes(digest, certificate), certificate.public_key()
    sizes = range(8, 73) if isinstance(public, ec.EllipticCurvePublicKey) else (
        [public.key_size // 8] if isinstance(public, RSAPublicKey) else [])
    for size in sizes:                      # the signature is what stands last
        signature = found[-size:]
        if found.endswith(der(OCTETS, signature)) and _closed(attrs, signature, certificate, chain) == found:
            with suppress(ValueError, InvalidSignature):
                if isinstance(public, ec.EllipticCurvePublicKey):
                    public.verify(signature, attrs, ec.ECDSA(hashes.SHA256()))
                    return low(signature) == signature
                if isinstance(public, RSAPublicKey):
                    public.verify(signature, attrs, padding.PKCS1v15(), hashes.SHA256())
                    return True
    return False


def length(octets: bytes) -> int:
    """How long the DER value at the beginning is, with its head; 0 when there is none."""
    if len(octets) < 2 or octets[0] != SEQUENCE:
        return 0
    first = octets[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    if not 1 <= count <= 3 or len(octets) < 2 + count:
        return 0
    return 2 + count + int.from_bytes(octets[2:2 + count], "big")
