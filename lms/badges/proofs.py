"""Signatures of badges: VC-JWT and Data Integrity (eddsa-rdfc-2022); made with Ed25519, read by a short list.

The key is always looked up among the issuer's own; what a badge says of keys is only a name to look for.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from lms.badges import canonical, reading
from lms.badges.encoding import Public, base58, base64url, of_base64url, of_jwk, of_multibase
from lms.badges.issuers import Issuer, IssuerKey
from lms.badges.problems import Problem
from lms.badges.shapes import address, moment

SUITE = "eddsa-rdfc-2022"
HEADERS = {"alg", "kid", "jwk", "typ", "cty"}
TYPES = {"typ": {"JWT", "vc+jwt"}, "cty": {"vc"}}
REGISTERED = {"iss", "jti", "nbf", "exp", "sub", "iat", "aud"}
PROOF_PARTS = {"id", "type", "cryptosuite", "created", "expires", "verificationMethod", "proofPurpose", "proofValue",
               "@context"}


class Unsigned(ValueError):
    """No signature of the issuer's; `problem` says which way."""

    def __init__(self, name: str, detail: str = ""):
        super().__init__(name, detail)
        self.problem = Problem(name, detail)


def as_jwt(document: Mapping[str, Any], kid: str, key: Ed25519PrivateKey) -> str:
    """A credential without proof as VC-JWT, in the way of Open Badges 3.0 §8.2."""
    subject = document.get("credentialSubject", {})
    claims: dict[str, Any] = {"iss": address(document["issuer"]), "jti": document["id"]}
    claims |= {claim: int(at.timestamp()) for claim, name in (("nbf", "validFrom"), ("exp", "validUntil"))
               if (at := moment(document.get(name)))}
    if "id" in subject:
        claims["sub"] = subject["id"]
    head = _text({"alg": "EdDSA", "kid": kid, "typ": "JWT"})
    body = _text({**{k: v for k, v in document.items() if k != "proof"}, **claims})
    return f"{head}.{body}.{base64url(key.sign(f'{head}.{body}'.encode()))}"


def with_proof(document: Mapping[str, Any], kid: str, key: Ed25519PrivateKey, created: str = "",
               extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A credential with its Data Integrity proof; signed at `created`, or else at its own beginning."""
    proof = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "created": created or document["validFrom"],
             "verificationMethod": kid, "proofPurpose": "assertionMethod"}
    plain = {k: v for k, v in document.items() if k != "proof"}
    signed = key.sign(digest(plain, proof, extra))
    return {**plain, "proof": {**proof, "proofValue": "z" + base58(signed)}}


def digest(document: Mapping[str, Any], proof: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> bytes:
    """What eddsa-rdfc-2022 signs: the hash of the proof's options, then of the document. Raises NotCanonical."""
    options = {"@context": document.get("@context", []), **{k: v for k, v in proof.items() if k != "proofValue"}}
    return b"".join(sha256(canonical.nquads(one, extra).encode()).digest() for one in (options, document))


# Reading --------------------------------------------------------------------------------------------------------------

def read_jwt(text: str, issuers: Iterable[Issuer]) -> tuple[dict[str, Any], dict[str, Any], IssuerKey]:
    """(credential, registered claims, key) of a VC-JWT whose signature holds; raises Unsigned."""
    parts = text.split(".")
    if len(parts) != 3:
        raise Unsigned("jwt", "not three parts")
    try:
        head, body = (reading.read(of_base64url(part)) for part in parts[:2])
        signature = of_base64url(parts[2])
    except ValueError as wrong:
        raise Unsigned("jwt", str(wrong)) from None
    if not isinstance(head, dict) or not isinstance(body, dict):
        raise Unsigned("jwt", "no objects")
    if strange := sorted(set(head) - HEADERS):
        raise Unsigned("jwt_header", strange[0][:100])
    if any(head[name] not in may for name, may in TYPES.items() if name in head and isinstance(head[name], str)) or any(
            not isinstance(head[name], str) for name in ("typ", "cty", "kid") if name in head):
        raise Unsigned("jwt_header", "typ")
    issuer = _issuer(address(body.get("issuer")), issuers)
    key = _key_of(head, issuer)
    if not _holds(key.public, head.get("alg"), f"{parts[0]}.{parts[1]}".encode(), signature):
        raise Unsigned("signature", "JWT")
    claims = {k: body.pop(k) for k in REGISTERED & set(body)}
    return body, claims, key


def _key_of(head: Mapping[str, Any], issuer: Issuer) -> IssuerKey:
    """By its name, or by being the very key the header shows; a header's key is never believed by itself."""
    found = issuer.key(head["kid"]) if "kid" in head else None
    if "jwk" in head:
        try:
            shown = issuer.same_key(of_jwk(head["jwk"]))
        except ValueError:
            shown = None
        if shown is None or found not in (None, shown) or ("kid" in head and found is None):
            raise Unsigned("key_unknown", "jwk")
        found = shown
    if found is None:
        raise Unsigned("key_unknown", str(head.get("kid", "no kid"))[:200])
    return found


def verify_proof(document: Mapping[str, Any], proof: Any, issuer: Issuer,
                 extra: Mapping[str, Any] | None = None) -> IssuerKey:
    """The issuer's key that made this proof of the document (given without its proofs); raises Unsigned."""
    if not isinstance(proof, dict) or set(proof) - PROOF_PARTS:
        raise Unsigned("proof_form", "proof")
    if proof.get("cryptosuite") != SUITE:
        raise Unsigned("proof_suite", str(proof.get("cryptosuite"))[:100])
    if proof.get("proofPurpose") != "assertionMethod":
        raise Unsigned("proof_purpose", str(proof.get("proofPurpose"))[:100])
    if moment(proof.get("created", "2000-01-01T00:00:00Z")) is None or (
            "expires" in proof and moment(proof["expires"]) is None):
        raise Unsigned("proof_form", "created")
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise Unsigned("proof_form", "@context")
    method = proof.get("verificationMethod")
    key = issuer.key(method) if isinstance(method, str) else None
    if key is None or not isinstance(key.public, Ed25519PublicKey):
        raise Unsigned("key_unknown", str(method)[:200])
    try:
        value = proof["proofValue"]
        signature = of_multibase(value) if isinstance(value, str) and value[:1] == "z" else b""
        key.public.verify(signature, digest(document, proof, extra))
    except (InvalidSignature, ValueError, KeyError) as wrong:
        if isinstance(wrong, canonical.NotCanonical):
            raise Unsigned("json_ld", str(wrong)) from None
        raise Unsigned("signature", "proof") from None
    return key


def _issuer(named: Any, issuers: Iterable[Issuer]) -> Issuer:
    found = next((one for one in issuers if one.id == named), None)
    if found is None:
        raise Unsigned("issuer_unknown", str(named)[:200])
    return found


def _holds(public: Public, algorithm: Any, message: bytes, signature: bytes) -> bool:
    """The algorithm is the key's own: a header can choose among none."""
    try:
        if isinstance(public, Ed25519PublicKey) and algorithm in ("EdDSA", "Ed25519"):
            public.verify(signature, message)
        elif isinstance(public, RSAPublicKey) and algorithm == "RS256":
            public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey) and algorithm == "ES256" and len(signature) == 64:
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            public.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        else:
            raise Unsigned("algorithm", str(algorithm)[:100])
    except InvalidSignature:
        return False
    return True


def _text(value: Any) -> str:
    return base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
