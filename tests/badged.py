"""A badge of ours and all that a forger can make of it: built with our own key wherever that helps him."""

import json
import zlib
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lms.badges import documents, proofs
from lms.badges.baking import KEYWORD, NAMESPACE, bake_png, bake_svg
from lms.badges.checking import check
from lms.badges.documents import BadgeFacts, Issuing
from lms.badges.encoding import base64url, multikey
from lms.badges.issuers import Issuer, IssuerKey
from lms.badges.queries import PICTURES

NOW = datetime(2028, 3, 1, 12, tzinfo=UTC)
KEY, THIEF = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (7, 8))
OLD = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
WHO = Issuing("https://escuela.example.cl", "Escuela de Gobierno Local")
EVIL = Issuing("https://evil.example", "Escuela de Gobierno Local")
FACTS = BadgeFacts(
    kind="certificate", code="7K3MQ2X9VB4HT8WZ1CDEFGHJKM", folio="EGL-2027-000123-04", index=4242,
    issued_at=datetime(2027, 12, 10, 15, tzinfo=UTC), title="Diplomado en Cooperación Internacional",
    programme="Diplomado en Cooperación Internacional", edition="e" * 64,
    institutions=("Escuela de Gobierno Local", "Universidad Nacional de Quilmes"), hours=270,
    started_on=date(2027, 4, 5), ended_on=date(2027, 11, 27), credits=Decimal("10"), credit_unit="SCT-Chile",
    verify_url="https://escuela.example.cl/v/EGL-2027-000123-04/7K3MQ2X9VB4HT8WZ1CDEFGHJKM",
    email="Ana.Perez@example.org ", issuing=WHO)
KID = WHO.jwk_url("k1")
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def key_of(private, kid, **more):
    return IssuerKey(frozenset({kid, WHO.jwk_url(kid), *([WHO.method(private.public_key())] if hasattr(
        private, "public_bytes_raw") or isinstance(private, Ed25519PrivateKey) else [])}), private.public_key(), **more)


OURS = Issuer(WHO.id, (key_of(KEY, "k1"), key_of(RSA_KEY, "rsa"), key_of(EC_KEY, "ec"),
                       key_of(OLD, "old", revoked_at=datetime(2027, 12, 31, tzinfo=UTC))), WHO.status_url)


def nothing_revoked(url, purpose, index):
    return False


def checked(content, issuers=(OURS,), status=nothing_revoked, now=NOW, **more):
    return check(content if isinstance(content, bytes) else content.encode(), issuers, status, now, **more)


def plain(**changed):
    return documents.credential(replace(FACTS, **changed))


def signed(document=None, key=KEY, who=WHO, **more):
    return proofs.with_proof(document or plain(), who.method(key.public_key()), key, **more)


def text(document) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def token(document=None, head=None, key=KEY, claims=None, sign=None) -> str:
    """A JWT made by hand: any header, any claims, any signature."""
    made = proofs.as_jwt(document or plain(), KID, key)
    if head is None and claims is None and sign is None:
        return made
    first = {"alg": "EdDSA", "kid": KID, "typ": "JWT"} if head is None else head
    body = json.loads(proofs.of_base64url(made.split(".")[1])) | (claims or {})
    body = {k: v for k, v in body.items() if v is not ...}
    start = f"{base64url(json.dumps(first).encode())}.{base64url(json.dumps(body).encode())}"
    return f"{start}.{base64url((sign or key.sign)(start.encode()))}"


def rs256(message):
    return RSA_KEY.sign(message, padding.PKCS1v15(), hashes.SHA256())


def es256(message):
    r, s = decode_dss_signature(EC_KEY.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def by_hmac(secret):
    def sign(message):
        made = hmac.HMAC(secret, hashes.SHA256())
        made.update(message)
        return made.finalize()
    return sign


def changed(document, *path, to=...):
    """A copy with one value changed (or taken out)."""
    copied = deepcopy(document)
    at = copied
    for step in path[:-1]:
        at = at[step]
    if to is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return copied


def twice(content: bytes, name: str, value) -> bytes:
    """JSON in which an object has one name twice; the second wins with most readers."""
    mark = f'"{name}":'.encode()
    return content.replace(mark, mark + b" " + json.dumps(value).encode() + b", " + mark, 1)


JWK = {"kty": "OKP", "crv": "Ed25519", "x": base64url(THIEF.public_key().public_bytes_raw())}
SPKI = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
RSA_PEM = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
SUBJECT = "credentialSubject"


def altered():
    """(name, content, problem): a proof that held, and a document changed after it."""
    good = signed()
    swaps = {
        "title": (("name",), "Doctorado"), "achievement": ((SUBJECT, "achievement", "name"), "Doctorado"),
        "credits": ((SUBJECT, "creditsEarned"), 300), "folio": ((SUBJECT, "licenseNumber"), "EGL-2027-000124-01"),
        "subject": ((SUBJECT, "id"), "did:example:thief"), "validFrom": (("validFrom",), "2020-01-01T00:00:00Z"),
        "id": (("id",), "https://escuela.example.cl/insignias/OTHER"),
        "recipient": ((SUBJECT, "identifier", 0, "identityHash"), "sha256$" + "0" * 64),
        "salt": ((SUBJECT, "identifier", 0, "salt"), "beef"), "type": ((SUBJECT, "achievement", "achievementType"), "Degree"),
        "criteria": ((SUBJECT, "achievement", "criteria", "narrative"), "Pagar."),
        "evidence": (("evidence", 0, "id"), "https://evil.example/v"), "image": ((SUBJECT, "achievement", "image", "id"), "https://evil.example/i.png"),
        "issuer name": (("issuer", "name"), "Universidad de Chile"), "issuer url": (("issuer", "url"), "https://evil.example"),
        "status index": (("credentialStatus", "statusListIndex"), "1"), "hours": (("description",), "1000 horas"),
        "status purpose": (("credentialStatus", "statusPurpose"), "suspension")}
    for name, (path, value) in swaps.items():
        yield f"altered {name}", text(changed(good, *path, to=value)), "signature"
    for name, path in {"status": ("credentialStatus",), "evidence": ("evidence",), "dates": ("awardedDate",),
                       "identifier": (SUBJECT, "identifier"), "schema": ("credentialSchema",)}.items():
        yield f"without {name}", text(changed(good, *path)), "signature"
    yield "expiry added", text({**good, "validUntil": "2099-01-01T00:00:00Z"}), "signature"
    yield "claim no context knows", text({**good, "nota": "7,0"}), "undefined"
    yield "claim within the subject", text(changed(good, SUBJECT, "rank", to="1")), "undefined"
    yield "claim in the profile", text(changed(good, "issuer", "accredited", to=True)), "undefined"
    yield "a type no context knows", text(changed(good, "type", to=[*good["type"], "PhD"])), "undefined"
    yield "status list elsewhere", text(changed(good, "credentialStatus", "statusListCredential",
                                                to="https://evil.example/list")), "status_elsewhere"
    yield "one name twice", twice(text(good), "licenseNumber", "EGL-2027-999999-99"), "json"
    yield "issuer twice", twice(text(good), "issuer", EVIL.id), "json"
    yield "keyword beside type", text(changed(good, SUBJECT, "@type", to=["AchievementSubject"])), "keyword"
    yield "included", text({**good, "@included": [{"id": "urn:x:y", "type": "Profile"}]}), "keyword"
    yield "context within", text(changed(good, SUBJECT, "@context", to={"name": "https://schema.org/x"})), "keyword"


def recontexted():
    """The words redefined: what was signed would mean something else, or nothing."""
    good = signed()
    first, second, third = good["@context"]
    for name, contexts, problem in (
            ("swapped", [second, first, third], "context_first"), ("alone", [first], "context"), ("none", [], "context_first"),
            ("twice", [first, second, second, third], "context"), ("inline", [first, second, third, {"name": "urn:x:n"}], "context"),
            ("vocabulary", [first, second, third, {"@vocab": "urn:x:"}], "context"),
            ("of others", [first, second, third, "https://evil.example/context"], "context_unknown"),
            ("older", [first, second.replace("3.0.3", "3.0.1"), third], "json_ld"), ("text", first, "context_first"),
            ("null", [first, None, second], "context"), ("cut", [first, second], "undefined"),
            ("order", [first, third, second], "context"),
            ("first version", ["https://www.w3.org/2018/credentials/v1", second], "context_first")):
        yield f"context {name}", text({**good, "@context": contexts}), problem


def misproved():
    """A document as it was, and another proof."""
    good = signed()
    proof = good["proof"]
    for name, change, problem in (
            ("purpose", {"proofPurpose": "authentication"}, "proof_purpose"),
            ("suite", {"cryptosuite": "ecdsa-rdfc-2019"}, "proof_suite"),
            ("jcs", {"cryptosuite": "eddsa-jcs-2022"}, "proof_suite"),
            ("type", {"type": "Ed25519Signature2020"}, "proof_suite"),
            ("created", {"created": "2027-12-10T15:00:01Z"}, "signature"),
            ("created badly", {"created": "yesterday"}, "proof_form"),
            ("expired", {"expires": "2028-01-01T00:00:00Z"}, "signature"),
            ("method", {"verificationMethod": EVIL.method(THIEF.public_key())}, "key_unknown"),
            ("did:key", {"verificationMethod": f"did:key:{multikey(THIEF.public_key())}#{multikey(THIEF.public_key())}"},
             "key_unknown"),
            ("method object", {"verificationMethod": {"id": WHO.method(KEY.public_key())}}, "key_unknown"),
            ("value", {"proofValue": proof["proofValue"][:-3] + "abc"}, "signature"),
            ("value empty", {"proofValue": ""}, "signature"), ("value base64", {"proofValue": "uAAAA"}, "signature"),
            ("value number", {"proofValue": 1}, "signature"), ("value long", {"proofValue": "z" + "2" * 100_000}, "signature"),
            ("chained", {"previousProof": "urn:uuid:1"}, "proof_form"), ("strange", {"jku": "https://evil.example"}, "proof_form"),
            ("own context", {"@context": ["https://www.w3.org/ns/credentials/v2"]}, "proof_form")):
        yield f"proof {name}", text({**good, "proof": {**proof, **change}}), problem
    yield "proof none", text(changed(good, "proof")), "proof_missing"
    yield "proof empty", text({**good, "proof": []}), "proof_missing"
    yield "proof text", text({**good, "proof": "trust me"}), "proof_suite"
    yield "proof of a thief", text(signed(key=THIEF)), "key_unknown"
    yield "second proof, a thief's", text({**good, "proof": [proof, signed(key=THIEF, who=WHO)["proof"]]}), "key_unknown"
    yield "second proof, of another badge", text({**good, "proof": [proof, signed(plain(index=1))["proof"]]}), "signature"
    yield "second proof first", text({**good, "proof": [signed(plain(index=1))["proof"], proof]}), "signature"
    yield "five proofs", text({**good, "proof": [proof] * 5}), "proof_form"
    yield "only a proof unknown", text({**good, "proof": {"type": "SomeProof"}}), "proof_suite"
    yield "signed from tomorrow", text(signed(created="2028-03-02T12:00:00Z")), "proof_dates"


def others():
    """Rightly signed, and yet nothing of ours that holds."""
    yield "another issuer of the same name", text(signed(plain(issuing=EVIL), THIEF, EVIL)), "issuer_unknown"
    yield "our key for another issuer", text(signed(plain(issuing=EVIL))), "issuer_unknown"
    yield "issuer as text, another", text(signed({**plain(), "issuer": EVIL.id})), "issuer_unknown"
    yield "not yet", text(signed({**plain(), "validFrom": "2030-01-01T00:00:00Z"}, created="2027-12-10T15:00:00Z")), "not_yet"
    yield "expired", text(signed({**plain(), "validUntil": "2028-02-01T00:00:00Z"})), "expired"
    yield "of a key revoked since", text(signed(key=OLD)), "key_revoked"
    yield "status list elsewhere, signed", text(signed(changed(
        plain(), "credentialStatus", "statusListCredential", to="https://evil.example/1"))), "status_elsewhere"
    yield "status prefix alike", text(signed(changed(
        plain(), "credentialStatus", "statusListCredential", to="https://escuela.example.cl.evil.example/1"))), "status_elsewhere"
    yield "status of another kind", text(signed(changed(plain(), "credentialStatus", to={
        "id": "https://escuela.example.cl/r", "type": "1EdTechRevocationList"}))), "status_form"
    yield "status index beyond", text(signed(changed(plain(), "credentialStatus", "statusListIndex", to="-1"))), "status_form"
    yield "no subject", text(signed(changed(plain(), SUBJECT, to={"type": "AchievementSubject"}))), "missing"
    yield "nobody's", text(signed(changed(changed(plain(), SUBJECT, "identifier"), SUBJECT, "id"))), "subject"
    yield "no credential", text(signed({**plain(), "type": ["VerifiableCredential"]})), "type"
    yield "a presentation", text(signed({**plain(), "type": ["VerifiablePresentation"]})), "type"
    yield "no criteria", text(signed(changed(plain(), SUBJECT, "achievement", "criteria"))), "missing"
    yield "no date", text(signed(changed(plain(), "validFrom"), created="2027-12-10T15:00:00Z")), "date"


def tokens():
    """JWTs: what RFC 8725 and jwt_tool know."""
    yield "alg none", token(head={"alg": "none"}).rpartition(".")[0] + ".", "key_unknown"
    for alg in ("none", "nOnE", "None", "", None, 1, ["EdDSA"], "HS256", "RS256", "ES256", "PS256", "EdDSA2", "A256GCM"):
        yield f"alg {alg!r}", token(head={"alg": alg, "kid": KID}), "algorithm"
    yield "no alg", token(head={"kid": KID}), "algorithm"
    yield "HS256 with our public key", token(head={"alg": "HS256", "kid": KID}, sign=by_hmac(SPKI)), "algorithm"
    yield "HS256 with the RSA key", token(head={"alg": "HS256", "kid": WHO.jwk_url("rsa")}, sign=by_hmac(RSA_PEM)), "algorithm"
    yield "RS256 for another key", token(head={"alg": "RS256", "kid": KID}, sign=rs256), "algorithm"
    yield "EdDSA for the RSA key", token(head={"alg": "EdDSA", "kid": WHO.jwk_url("rsa")}), "algorithm"
    yield "ES256 as DER", token(head={"alg": "ES256", "kid": WHO.jwk_url("ec")}, sign=lambda m: EC_KEY.sign(
        m, ec.ECDSA(hashes.SHA256()))), "algorithm"
    yield "ES256 of zeros", token(head={"alg": "ES256", "kid": WHO.jwk_url("ec")}, sign=lambda m: bytes(64)), "signature"
    yield "no kid", token(head={"alg": "EdDSA"}), "key_unknown"
    for kid in ("", "../../keys", "' OR 1=1 --", "https://evil.example/key", "file:///dev/null", "|id", "K1"):
        yield f"kid {kid!r}", token(head={"alg": "EdDSA", "kid": kid}), "key_unknown"
    yield "kid with a NUL", token(head={"alg": "EdDSA", "kid": "k1\0"}), "jwt"
    yield "kid a number", token(head={"alg": "EdDSA", "kid": 1}), "jwt_header"
    yield "jwk of a thief", token(head={"alg": "EdDSA", "jwk": JWK}, key=THIEF), "key_unknown"
    yield "jwk of a thief, our kid", token(head={"alg": "EdDSA", "kid": KID, "jwk": JWK}, key=THIEF), "key_unknown"
    for name, value in {"jku": "https://evil.example/jwks", "x5u": "https://evil.example/x", "x5c": ["AAAA"], "x5t": "AA",
                        "crit": ["exp"], "b64": False, "zip": "DEF", "enc": "A128GCM", "iss": WHO.id, "epk": JWK}.items():
        yield f"header {name}", token(head={"alg": "EdDSA", "kid": KID, name: value}), "jwt_header"
    yield "typ at+jwt", token(head={"alg": "EdDSA", "kid": KID, "typ": "at+jwt"}), "jwt_header"
    yield "cty JWT", token(head={"alg": "EdDSA", "kid": KID, "cty": "JWT"}), "jwt_header"
    yield "of a thief", token(key=THIEF), "signature"
    good = token()
    head, body, signature = good.split(".")
    yield "signature null", f"{head}.{body}.", "signature"
    yield "signature of zeros", f"{head}.{body}.{base64url(bytes(64))}", "signature"
    yield "signature padded", good + "==", "jwt"
    yield "signature with spare bits", good[:-1] + chr(ord(good[-1]) + 1), "jwt"
    yield "one part more", good + ".e30", "not_badge"
    yield "body of another", f"{head}.{token(plain(index=1)).split('.')[1]}.{signature}", "signature"
    twin = base64url(twice(proofs.of_base64url(head), "alg", "none"))
    yield "alg twice", f"{twin}.{body}.{base64url(KEY.sign(f'{twin}.{body}'.encode()))}", "jwt"
    inner = base64url(twice(proofs.of_base64url(body), "licenseNumber", "EGL-2027-999999-99"))
    yield "a claim twice", f"{head}.{inner}.{base64url(KEY.sign(f'{head}.{inner}'.encode()))}", "jwt"
    for claim, value in {"iss": EVIL.id, "jti": "urn:uuid:1", "sub": "did:example:thief", "nbf": 0, "exp": 4_000_000_000,
                         "iat": "today"}.items():
        yield f"claim {claim}", token(claims={claim: value}), "claims"
    yield "no iss", token(claims={"iss": ...}), "claims"
    yield "wrapped in vc", token(claims={"vc": {"id": "urn:x:y"}}), "second_proof"
    yield "a proof within", token(claims={"proof": {"type": "X"}}), "second_proof"
    yield "issuer of others", token(plain(issuing=EVIL)), "issuer_unknown"
    yield "claim unknown", token(claims={"nota": "7,0"}), "undefined"


def pictures():
    """PNG and SVG that are none, hide two badges, or swell."""
    good, other = signed(), signed(key=THIEF)
    png, svg = ((PICTURES / f"certificate.{end}").read_bytes() for end in ("png", "svg"))
    both = bake_png(png, json.dumps(good))
    more = both[:33] + _badge_chunk(json.dumps(other).encode()) + both[33:]
    yield "two badges in a PNG", more, "picture"
    yield "no badge in a PNG", png, "picture"
    yield "a PNG cut short", both[:len(both) // 2], "picture"
    yield "a PNG damaged", both[:60] + bytes([both[60] ^ 1]) + both[61:], "picture"
    yield "a PNG's chunk of 4 GB", both[:33] + b"\xff\xff\xff\xffiTXt" + both[33:], "picture"
    yield "a PNG bomb", both[:33] + _badge_chunk(zlib.compress(bytes(30 << 20), 9), b"\1") + png[33:], "picture"
    yield "a PNG, no UTF-8", png[:33] + _badge_chunk(b"\xff\xfe") + png[33:], "picture"
    yield "a thief's badge in our PNG", bake_png(png, json.dumps(other)), "key_unknown"
    yield "no badge in an SVG", svg, "picture"
    yield "a thief's badge in our SVG", bake_svg(svg, json.dumps(other)), "key_unknown"
    tag = f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"'.encode()
    yield "two badges in an SVG", svg.replace(b"<title>", tag + b' verify="a.b.c"/>' + tag + b' verify="a.b.c"/><title>'), "picture"
    yield "two ways in an SVG", svg.replace(b"<title>", tag + b' verify="a.b.c">{}</openbadges:credential><title>'), "picture"
    laughs = b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(9))
    yield "laughing SVG", b'<!DOCTYPE svg [<!ENTITY a0 "ha">' + laughs + b"]><svg>&a9;</svg>", "picture"
    yield "SVG that reads files", (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>' + tag +
                                   b">&x;</openbadges:credential></svg>"), "picture"
    yield "XML, no SVG", b"<html/>", "picture"
    yield "SVG cut short", svg[:200], "picture"


def _badge_chunk(said: bytes, packed=b"\0") -> bytes:
    data = KEYWORD + b"\0" + packed + b"\0\0\0" + said
    return len(data).to_bytes(4, "big") + b"iTXt" + data + zlib.crc32(b"iTXt" + data).to_bytes(4, "big")


def odd():
    """No badges at all."""
    for name, content in {"nothing": b"", "spaces": b"  \n", "a number": b"1", "a list": b"[]", "noise": bytes(range(256)),
                          "a PDF": b"%PDF-1.7\n", "half": text(signed())[:-1], "deep": b'{"a":' * 3000 + b"1" + b"}" * 3000,
                          "wide": b'{"a":[' + b"1," * 200_000 + b"1]}"}.items():
        yield f"file {name}", content, "json" if content[:1] == b"{" else "not_badge"
    yield "NaN", text(signed()).replace(b'"creditsEarned": 10', b'"creditsEarned": NaN'), "json"
    yield "infinite", text(signed()).replace(b'"creditsEarned": 10', b'"creditsEarned": 1e999'), "json"
    yield "half a letter", text(signed()).replace(b'"Escuela', b'"\\ud800Escuela', 1), "json"
    yield "a bell in a text", text(signed()).replace(b'"Escuela', b'"\\u0007Escuela', 1), "json"
    yield "object empty", b"{}", "issuer_unknown"


def forgeries():
    for made in (altered, recontexted, misproved, others, tokens, pictures, odd):
        yield from made()


def days(count):
    return timedelta(days=count)
