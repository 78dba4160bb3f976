"""Who may have issued a badge: an address, its keys and where its status lists are. Never learnt from the badge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lms.badges.encoding import Public, of_jwk, of_multikey, same


@dataclass(frozen=True)
class IssuerKey:
    """A public key under all the names by which a proof may call it."""
    names: frozenset[str]
    public: Public
    revoked_at: datetime | None = None

    def trusted_at(self, at: datetime | None) -> bool:
        """`at` is when it signed, as known from elsewhere than the badge; None: nobody knows."""
        return self.revoked_at is None or (at is not None and at < self.revoked_at)


@dataclass(frozen=True)
class Issuer:
    id: str
    keys: tuple[IssuerKey, ...]
    status: str = ""                # what the addresses of its status lists begin with; empty: it keeps none

    def key(self, name: str) -> IssuerKey | None:
        return next((key for key in self.keys if name in key.names), None)

    def same_key(self, public: Public) -> IssuerKey | None:
        return next((key for key in self.keys if same(key.public, public)), None)

    @classmethod
    def of_document(cls, document: Mapping[str, Any], status: str = "",
                    revoked: Mapping[str, datetime] | None = None) -> "Issuer":
        """From a did.json or another controller document; only keys it may sign with (assertionMethod).
        Raises ValueError."""
        try:
            mine = document["id"]
            may = {one["id"] if isinstance(one, dict) else one for one in document["assertionMethod"]}
            keys = [_key(method, (revoked or {}).get(method["id"])) for method in document["verificationMethod"]
                    if method["id"] in may and method["controller"] == mine]
        except (KeyError, TypeError) as wrong:
            raise ValueError(f"no controller document: {wrong}") from wrong
        return cls(mine, tuple(keys), status)

    @classmethod
    def of_did_key(cls, did: str) -> "Issuer":
        """A did:key is its own document. Raises ValueError."""
        scheme, _, text = did.partition("did:key:")
        if scheme or not text:
            raise ValueError("no did:key")
        return cls(did, (IssuerKey(frozenset({f"{did}#{text}", did}), of_multikey(text)),))

    @classmethod
    def of_jwks(cls, id_: str, jwks: Iterable[Mapping[str, Any]], status: str = "") -> "Issuer":
        """From a set of JSON Web Keys, named by their `kid`. Raises ValueError."""
        return cls(id_, tuple(IssuerKey(frozenset({str(jwk["kid"])}), of_jwk(jwk)) for jwk in jwks if "kid" in jwk),
                   status)


def _key(method: Mapping[str, Any], revoked: datetime | None) -> IssuerKey:
    public = of_multikey(method["publicKeyMultibase"]) if "publicKeyMultibase" in method else of_jwk(
        method["publicKeyJwk"])
    return IssuerKey(frozenset({method["id"]}), public, revoked)


def did_web(base_url: str) -> str:
    """"https://escuela.example.cl:8443/x" -> "did:web:escuela.example.cl%3A8443:x"."""
    parts = urlsplit(base_url)
    path = [quote(part, safe="") for part in parts.path.split("/") if part]
    return ":".join(["did:web", quote(parts.netloc, safe=""), *path])


def did_web_address(did: str) -> str:
    """Where its document is: "https://escuela.example.cl/.well-known/did.json". Raises ValueError."""
    head, method, host, *path = [*did.split(":"), "", ""][:max(3, did.count(":") + 1)]
    if (head, method) != ("did", "web") or not host:
        raise ValueError("no did:web")
    place = "/".join(unquote(part) for part in path) or ".well-known"
    return f"https://{unquote(host)}/{place}/did.json"
