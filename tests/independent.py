"""Verdicts on what we issue by programs that are not ours: poppler's pdfsig; joserfc, pyld and cryptography for badges."""

import base64
import gzip
import json
import subprocess
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pyld import jsonld

from lms.badges import vocabulary  # files only: no code of ours judges anything here

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def pdfsig(file: Path) -> str:
    """total: signed, valid, and covering the whole document; partial: valid, but something was added; bad; none."""
    told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False)
    said = told.stdout + told.stderr
    if "Signature is Valid" in said:
        return "total" if "Total document signed" in said and "Not total" not in said else "partial"
    return "bad" if "Signature Validation" in said else "none"


def of_base58(text: str) -> bytes:
    number = 0
    for letter in text:
        number = number * 58 + BASE58.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def jwt_of(token: str, key: Mapping[str, str]) -> dict | None:
    """The claims of a VC-JWT by joserfc, with the JWK the issuer publishes; None when it does not hold."""
    try:
        return jwt.decode(token, OKPKey.import_key(dict(key)), algorithms=["EdDSA"]).claims
    except (JoseError, ValueError):
        return None


def proof_holds(whole: Mapping, public: Ed25519PublicKey, contexts: Mapping[str, dict]) -> bool:
    """eddsa-rdfc-2022 by pyld and cryptography alone."""
    document, proof = {k: v for k, v in whole.items() if k != "proof"}, dict(whole["proof"])
    value = proof.pop("proofValue")
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": lambda url, _: {
        "contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": contexts[url]}}
    hashes = [sha256(jsonld.normalize(one, options).encode()).digest()
              for one in ({**proof, "@context": document["@context"]}, document)]
    try:
        public.verify(of_base58(value[1:]).rjust(64, b"\0"), b"".join(hashes))
        return True
    except InvalidSignature:
        return False


def revoked(status_list: Mapping, index: int) -> bool:
    """The bit of a badge in a Bitstring status list, unpacked by hand."""
    bits = gzip.decompress(unpadded(status_list["credentialSubject"]["encodedList"][1:]))
    return bool(bits[index // 8] & 0x80 >> index % 8)


def unpadded(text: str) -> bytes:
    """Of base64url without its `=`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_of(jwk: Mapping[str, str]) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(unpadded(jwk["x"]))


def contexts() -> dict[str, dict]:
    """The published contexts, from where they are kept; their agreement with the published ones has a test of its own."""
    return {url: json.loads(vocabulary.content(url)) for url in vocabulary.FILES}
