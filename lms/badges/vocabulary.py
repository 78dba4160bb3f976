"""The published contexts this house knows, bundled: nothing is ever fetched. Where each is from: docs/badges.md."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"      # names the kind of credentialSchema
FOLDER = Path(__file__).parent / "contexts"
FILES = {
    CREDENTIALS: "credentials-v2.json",
    BADGES: "ob-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "ob-3.0.1.json",
    EXTENSIONS: "ob-extensions.json",
}
BADGE_CONTEXTS = frozenset(url for url in FILES if "/context-3.0." in url)


@cache
def content(url: str) -> bytes:
    """The published bytes, as their digests are told; raises KeyError for what is not bundled."""
    return (FOLDER / FILES[url]).read_bytes()


@cache
def context(url: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(content(url))
    return found
