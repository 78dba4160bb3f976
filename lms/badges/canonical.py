"""JSON-LD to canonical N-Quads (RDFC-1.0) by pyld, with bundled contexts only, and within bounds."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from math import factorial
from typing import Any

from lms.badges import vocabulary

MOST_STEPS = 20_000             # of the search for equal blank nodes: a rich badge needs 3000, a "poisoned" millions
UNDEFINED = "urn:x-undefined:"  # what a term without definition would expand to
RELATIVE = "https://relative.invalid/"
IRI = re.compile(r"(_:|[A-Za-z][A-Za-z0-9+.-]*:)[^\s<>\"{}|\\^`]*")


class NotCanonical(ValueError):
    """A document that means nothing certain: its context is unknown, redefined or endless."""


def nquads(document: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> str:
    """The canonical N-Quads of a document; raises NotCanonical. `extra`: more contexts, by address."""
    try:
        dataset = _pyld().to_rdf(_plain(document), _options(extra))
        made: str = _bounded().main(dataset, {"format": "application/n-quads"})
    except NotCanonical:
        raise
    except Exception as wrong:      # pyld raises of every kind when a document is odd
        raise NotCanonical(f"{type(wrong).__name__}: {_root(wrong)}") from wrong
    return made


def undefined(document: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> set[str]:
    """The terms, types and addresses that no context defines: no signature covers them. Raises NotCanonical."""
    given = document.get("@context", [])
    listed = given if isinstance(given, list) else [given]
    seen = {**_plain(document), "@context": [{"@vocab": UNDEFINED}, *listed]}
    try:
        expanded = _pyld().expand(seen, {**_options(extra), "base": RELATIVE})
    except Exception as wrong:      # the same
        raise NotCanonical(f"{type(wrong).__name__}: {_root(wrong)}") from wrong
    return set(_loose(expanded))


def _loose(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _loose(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            named = [*(value if isinstance(value, list) else [value])] if key in ("@id", "@type") else [key]
            for one in map(str, named):
                if one[:1] != "@" and (one.startswith((UNDEFINED, RELATIVE)) or not IRI.fullmatch(one)):
                    yield one.removeprefix(UNDEFINED).removeprefix(RELATIVE)
            if key not in ("@id", "@type", "@value"):
                yield from _loose(value)


def _options(extra: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"documentLoader": _loader(extra or {}), "processingMode": "json-ld-1.1", "base": ""}


def _loader(extra: Mapping[str, Any]) -> Any:
    def load(url: str, options: Any) -> dict[str, Any]:
        try:
            found = extra[url] if url in extra else vocabulary.context(url)
        except KeyError:
            raise NotCanonical(f"unknown context {url[:200]}") from None
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": found}
    return load


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that pyld may write in."""
    copied: dict[str, Any] = json.loads(json.dumps(document))
    return copied


def _root(wrong: BaseException) -> str:
    while wrong.__cause__ is not None:
        wrong = wrong.__cause__
    return str(wrong)[:200]


@cache
def _pyld() -> Any:
    from pyld import jsonld  # noqa: PLC0415  (0.5 s and 20 MB that a process without badges never needs)
    return jsonld


@cache
def _canon() -> Any:
    from pyld.canon import URDNA2015  # noqa: PLC0415  (the same)

    class Bounded(URDNA2015):  # type: ignore[misc]
        """Stops at a "poisoned" document, made so that finding its canonical form takes years."""
        steps = 0

        def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
            related = super().create_hash_to_related(id_, issuer)
            self.steps += 1 + sum(factorial(min(len(equal), 12)) for equal in related.values())
            if self.steps > MOST_STEPS:
                raise NotCanonical("too many equal blank nodes")
            return related

    return Bounded


def _bounded() -> Any:
    return _canon()()
