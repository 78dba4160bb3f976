"""Documents as data: a badge from its facts, and the issuer's profile with its keys. Pure: same facts, same document.

Texts are plain Spanish (or the badge's language): Open Badges 3.0 allows no language maps where the data model would.
What a stranger abroad must understand, the criteria, is said in the two other languages too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms.badges import vocabulary
from lms.badges.encoding import multikey
from lms.badges.issuers import did_web
from lms.badges.status import SIZE, entry, stamp
from lms.badges.wording import caption, criteria, described

SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
# By the vocabulary of Open Badges. "Diploma" there is a degree, which this is not.
TYPES = {"certificate": "Certificate", "module": "Course", "internship": "Fieldwork"}


@dataclass(frozen=True)
class Issuing:
    """Who issues: the school at this address."""
    base_url: str                       # "https://escuela.example.cl", without a slash at the end
    name: str
    country: str = "CL"
    email: str = ""

    @property
    def id(self) -> str:
        return did_web(self.base_url)

    @property
    def profile_url(self) -> str:
        return f"{self.base_url}/insignias/emisor"

    @property
    def status_url(self) -> str:
        """What the addresses of its status lists begin with."""
        return f"{self.base_url}/insignias/estado/"

    def method(self, public: Ed25519PublicKey) -> str:
        """How a Data Integrity proof names the key."""
        return f"{self.id}#{multikey(public)}"

    def jwk_url(self, kid: str) -> str:
        """How a JWT names the key: an address that answers with the JSON Web Key."""
        return f"{self.base_url}/insignias/llaves/{kid}"

    def status_list(self, purpose: str, number: int) -> str:
        return f"{self.status_url}{purpose}/{number}"


@dataclass(frozen=True)
class BadgeFacts:
    """All that a badge says; nobody else's data, no grade, no identity document."""
    kind: str                           # certificate | module | internship
    code: str                           # unguessable: who knows it may read the badge
    folio: str
    index: int                          # its place in the status lists: the number of its row, never used again
    issued_at: datetime
    title: str                          # what was passed
    programme: str
    edition: str                        # digest of the programme's files; "" where unknown
    institutions: tuple[str, ...]
    hours: int
    started_on: date
    ended_on: date
    verify_url: str
    language: str = "es"
    credits: Decimal | None = None
    credit_unit: str = ""               # "SCT-Chile"
    email: str = ""                     # shown only as a salted hash
    name: str = ""                      # the holder's, only where the holder chose to show it
    notice: str = ""                    # "Documento de demostración, sin valor."
    issuing: Issuing = field(default=Issuing("https://example.org", ""))


def credential(facts: BadgeFacts) -> dict[str, Any]:
    """The AchievementCredential, still without proof.

    Nothing is described in two places (so no `creator`): a Data Integrity proof covers facts, not where they stand,
    and would hold for a copy in which a name is moved from the one place to the other."""
    who, url = facts.issuing, f"{facts.issuing.base_url}/insignias/{facts.code}"
    number, index = divmod(facts.index, SIZE)
    return {
        "@context": [vocabulary.CREDENTIALS, vocabulary.BADGES, vocabulary.EXTENSIONS], "id": url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.title, "description": described(facts),
        "issuer": issuer(who), "validFrom": stamp(facts.issued_at), "awardedDate": stamp(facts.issued_at),
        "credentialSubject": {
            "id": f"urn:uuid:{uuid5(NAMESPACE_URL, url + '#holder')}", "type": ["AchievementSubject"],
            "identifier": _recipient(facts), "licenseNumber": facts.folio,
            "activityStartDate": f"{facts.started_on}T00:00:00Z", "activityEndDate": f"{facts.ended_on}T00:00:00Z",
            **({"creditsEarned": _number(facts.credits)} if facts.credits is not None else {}),
            "achievement": achievement(facts)},
        "evidence": [{"id": facts.verify_url, "type": ["Evidence"],
                      "name": "Registro público del certificado",
                      "narrative": f"Estado, firmas y huella del certificado de folio {facts.folio}."}],
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": entry(who.status_list("revocation", number), index)}


def agrees(document: Mapping[str, Any], facts: BadgeFacts) -> bool:
    """Does a badge say what these facts say? Whom it names and who issued it are not compared."""
    def plain(one: Mapping[str, Any]) -> dict[str, Any]:
        subject = one.get("credentialSubject")
        kept = {k: v for k, v in subject.items() if k != "identifier"} if isinstance(subject, dict) else subject
        return {**{k: v for k, v in one.items() if k not in ("issuer", "proof")}, "credentialSubject": kept}
    return plain(document) == plain(credential(facts))


def achievement(facts: BadgeFacts) -> dict[str, Any]:
    """What was achieved: the same for everyone of an edition."""
    of = f"{facts.issuing.base_url}/{facts.edition}/{facts.kind}/{facts.title}"
    return {"id": f"urn:uuid:{uuid5(NAMESPACE_URL, of)}", "type": ["Achievement"], "name": facts.title,
            "description": described(facts), "achievementType": TYPES[facts.kind], "inLanguage": facts.language,
            "criteria": {"narrative": criteria(facts)}, "image": _image(facts),
            **({"creditsAvailable": _number(facts.credits)} if facts.credits is not None else {})}


def issuer(who: Issuing) -> dict[str, Any]:
    told = {"id": who.id, "type": ["Profile"], "name": who.name, "url": who.base_url,
            "address": {"type": ["Address"], "addressCountryCode": who.country}}
    return {**told, **({"email": who.email} if who.email else {})}


def _image(facts: BadgeFacts) -> dict[str, str]:
    return {"id": f"{facts.issuing.base_url}/insignias/imagenes/{facts.kind}.png", "type": "Image",
            "caption": caption(facts.kind)}


def _recipient(facts: BadgeFacts) -> list[dict[str, Any]]:
    """Whose it is: the salted hash of their address, and their name where they chose so."""
    found: list[dict[str, Any]] = []
    if facts.email:
        salt = sha256(f"badge salt {facts.code}".encode()).hexdigest()[:32]
        found.append({"type": "IdentityObject", "identityType": "emailAddress", "hashed": True, "salt": salt,
                      "identityHash": identity_hash(facts.email, salt)})
    if facts.name:
        found.append({"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": facts.name})
    return found


def identity_hash(email: str, salt: str) -> str:
    return "sha256$" + sha256((email.strip().lower() + salt).encode()).hexdigest()


def _number(value: Decimal) -> int | float:
    """10 and not 10.0, which JSON readers with one kind of number write back as 10."""
    return int(value) if value == value.to_integral_value() else float(value)


# The issuer's own document -------------------------------------------------------------------------------------------

def controller(who: Issuing, keys: list[tuple[str, dict[str, Any], Ed25519PublicKey]]) -> dict[str, Any]:
    """The did:web document: each key (kid, JWK, key) as a Multikey and as a JSON Web Key, all of them to assert with.

    Revoked keys are left out by the caller; keys that only stopped signing stay, so that old badges verify."""
    methods: list[dict[str, Any]] = []
    for kid, jwk, public in keys:
        methods += [{"id": who.method(public), "type": "Multikey", "controller": who.id,
                     "publicKeyMultibase": multikey(public)},
                    {"id": who.jwk_url(kid), "type": "JsonWebKey", "controller": who.id, "publicKeyJwk": jwk}]
    return {"@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1",
                         "https://w3id.org/security/jwk/v1"],
            "id": who.id, "alsoKnownAs": [who.profile_url], "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods]}


def profile(who: Issuing) -> dict[str, Any]:
    """The Open Badges profile, at its own address."""
    return {"@context": [vocabulary.CREDENTIALS, vocabulary.BADGES], **issuer(who)}
