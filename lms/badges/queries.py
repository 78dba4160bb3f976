"""Badges of this installation: who issues them, with which keys, and the signed documents themselves."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from lms.badges import documents, proofs
from lms.badges import status as lists
from lms.badges.baking import bake_png, bake_svg
from lms.badges.documents import TYPES, BadgeFacts, Issuing
from lms.badges.encoding import of_jwk
from lms.badges.issuers import Issuer, IssuerKey
from lms.badges.ports import PublicKey, Ring
from lms.foundation.installed import installed

PICTURES = Path(__file__).parent / "pictures"
FRESH = timedelta(minutes=5)            # how long a signed status list is handed out again
LIST_ENDS = timedelta(days=1)           # after which one that somebody kept is no longer believed


def ring(app: Flask | None = None) -> Ring:
    found: Ring = app.extensions["seals"] if app else installed("seals")
    return found


def issuing(base_url: str, app: Flask | None = None) -> Issuing:
    """Who issues: the school under the name its seal has."""
    institution: Any = app.extensions["seals"].institution if app else installed("seals").institution
    return Issuing(base_url, institution.name, institution.country)


def public_keys(of: Ring) -> list[tuple[PublicKey, Ed25519PublicKey]]:
    """The keys that sign or signed badges, oldest first."""
    found = ((known, of_jwk(known.jwk)) for known in of.known() if known.kind == "badge")
    return [(known, key) for known, key in found if isinstance(key, Ed25519PublicKey)]


def own(who: Issuing, of: Ring) -> Issuer:
    """Ourselves, as checking believes: every key there ever was, with when it was revoked."""
    keys = tuple(IssuerKey(frozenset({known.kid, who.jwk_url(known.kid), who.method(key)}), key, known.revoked_at)
                 for known, key in public_keys(of))
    return Issuer(who.id, keys, who.status_url)


def controller(who: Issuing, of: Ring) -> dict[str, Any]:
    """The did:web document; revoked keys are not in it."""
    return documents.controller(who, [(known.kid, dict(known.jwk), key) for known, key in public_keys(of)
                                      if known.revoked_at is None])


def as_json(facts: BadgeFacts, of: Ring) -> str:
    """With its Data Integrity proof. The same as long as the key is."""
    return _signed(facts, of, of.ed25519[0])[0]


def as_jwt(facts: BadgeFacts, of: Ring) -> str:
    return _signed(facts, of, of.ed25519[0])[1]


@lru_cache(256)
def _signed(facts: BadgeFacts, of: Ring, kid: str) -> tuple[str, str]:
    """Ed25519 gives one signature for one text, so a badge is the same whenever it is asked for."""
    _, key = of.ed25519
    since = next((known.since for known in of.known() if known.kid == kid), facts.issued_at)
    document, who = documents.credential(facts), facts.issuing
    signed = proofs.with_proof(document, who.method(key.public_key()), key, lists.stamp(max(facts.issued_at, since)))
    return json.dumps(signed, ensure_ascii=False), proofs.as_jwt(document, who.jwk_url(kid), key)


def picture(kind: str, form: str) -> bytes | None:
    """The drawing of a kind of badge, without a badge in it."""
    return _picture(kind, form) if kind in TYPES and form in ("png", "svg") else None


@cache
def _picture(kind: str, form: str) -> bytes:
    return (PICTURES / f"{kind}.{form}").read_bytes()


def baked(facts: BadgeFacts, of: Ring, form: str) -> bytes:
    """The picture with the signed JSON in it."""
    bake = bake_png if form == "png" else bake_svg
    return bake(_picture(facts.kind, form), as_json(facts, of))


def status_list(who: Issuing, of: Ring, purpose: str, number: int, bits: Iterable[int], now: datetime) -> str:
    """The signed list of a purpose; its indices count within the list."""
    turn = int(now.timestamp() // FRESH.total_seconds())
    return _signed_list(who, of, of.ed25519[0], purpose, number, frozenset(bits), turn)


@lru_cache(16)
def _signed_list(who: Issuing, of: Ring, kid: str, purpose: str, number: int, bits: frozenset[int],
                 turn: int) -> str:
    _, key = of.ed25519
    begins = datetime.fromtimestamp(turn * FRESH.total_seconds(), UTC)
    document = lists.credential(who.id, who.status_list(purpose, number), purpose, bits, begins, begins + LIST_ENDS)
    return json.dumps(proofs.with_proof(document, who.method(key.public_key()), key), ensure_ascii=False)
