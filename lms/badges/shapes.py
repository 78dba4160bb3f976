"""The form of a credential and of a presentation (W3C Data Model 2.0): every fault, not the first."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import new
from typing import Any

from lms.badges import canonical, vocabulary
from lms.badges.encoding import of_multibase
from lms.badges.problems import Problem

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
WEB = re.compile(r"https?://[^/?#\s]+([/?#].*)?", re.I)
STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
WORDED = {"@value", "@language", "@direction"}      # of a text with its language
# What must have a type, and what an address beside it.
TYPED = {"credentialStatus": False, "credentialSchema": True, "refreshService": True, "termsOfUse": False,
         "evidence": False, "proof": False, "renderMethod": False, "confidenceMethod": False}
MULTIHASH = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}


def faults(document: Any, extra: Mapping[str, Any] | None = None) -> list[Problem]:
    """Of a credential or a presentation, whichever it says it is."""
    if not isinstance(document, dict):
        return [Problem("not_object")]
    if "VerifiablePresentation" in listed(document.get("type")):
        return presentation_faults(document, extra)
    return credential_faults(document, extra)


def credential_faults(document: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> list[Problem]:
    found = [*_frame(document, "VerifiableCredential"), *_issuer(document), *_subjects(document), *_dates(document),
             *_typed(document), *_texts(document, ""), *_related(document, extra)]
    return found or list(_meaning(document, extra))


def presentation_faults(document: Mapping[str, Any], extra: Mapping[str, Any] | None = None,
                        self_asserted: bool = False) -> list[Problem]:
    """`self_asserted`: credentials without a proof of their own must be of the holder."""
    found, holder = list(_frame(document, "VerifiablePresentation")), address(document.get("holder"))
    if "holder" in document and not is_url(holder):
        found.append(Problem("holder", "holder"))
    for one in listed(document.get("verifiableCredential", [])):
        if isinstance(one, dict) and "EnvelopedVerifiableCredential" in listed(one.get("type")):
            found += _enveloped(one)
        elif isinstance(one, dict):
            found += credential_faults(one, extra)
            if self_asserted and "proof" not in one and address(one.get("issuer")) != holder:
                found.append(Problem("holder", "verifiableCredential.issuer"))
        else:
            found.append(Problem("not_object", "verifiableCredential"))
    return found or list(_meaning({**document, "verifiableCredential": []}, extra))


def _frame(document: Mapping[str, Any], kind: str) -> Iterator[Problem]:
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != vocabulary.CREDENTIALS:
        yield Problem("context_first", "@context")
    elif not all(isinstance(one, dict) or is_url(one) for one in contexts):
        yield Problem("context", "@context")
    types = document.get("type")
    if not _is_type(types) or kind not in listed(types):
        yield Problem("type", "type")
    yield from _id(document, "id")


def _issuer(document: Mapping[str, Any]) -> Iterator[Problem]:
    issuer = document.get("issuer")
    if not is_url(address(issuer)):
        yield Problem("issuer_form", "issuer")
    if isinstance(issuer, dict):
        yield from _texts(issuer, "issuer.")


def _subjects(document: Mapping[str, Any]) -> Iterator[Problem]:
    subjects = listed(document.get("credentialSubject", []))
    if not subjects:
        yield Problem("subject", "credentialSubject")
    for subject in subjects:
        if not isinstance(subject, dict) or not subject:
            yield Problem("subject", "credentialSubject")
        else:
            yield from _id(subject, "credentialSubject.id")


def _dates(document: Mapping[str, Any]) -> Iterator[Problem]:
    given = {name: moment(document[name]) for name in ("validFrom", "validUntil") if name in document}
    yield from (Problem("date", name) for name, at in given.items() if at is None)
    begins, ends = given.get("validFrom"), given.get("validUntil")
    if begins and ends and ends < begins:
        yield Problem("date", "validUntil before validFrom")


def _typed(document: Mapping[str, Any]) -> Iterator[Problem]:
    for name, addressed in TYPED.items():
        for one in listed(document.get(name, [])):
            if not isinstance(one, dict) or not _is_type(one.get("type")):
                yield Problem("no_type", name)
            elif addressed and "id" not in one:
                yield Problem("id", f"{name}.id")
            else:
                yield from _id(one, f"{name}.id")


def _texts(document: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for name in ("name", "description"):
        for one in listed(document.get(name, [])):
            worded = isinstance(one, dict) and "@value" in one and set(one) <= WORDED and all(
                isinstance(part, str) for part in one.values())
            if not worded and not isinstance(one, str):
                yield Problem("text", where + name)


def _related(document: Mapping[str, Any], extra: Mapping[str, Any] | None) -> Iterator[Problem]:
    """Addresses with digests: of what is bundled, the digest must be right; the rest is not fetched."""
    seen = set()
    for one in listed(document.get("relatedResource", [])):
        if not isinstance(one, dict) or not is_url(one.get("id")) or one["id"] in seen:
            yield Problem("related", "relatedResource.id")
            continue
        seen.add(one["id"])
        if not ("digestSRI" in one or "digestMultibase" in one):
            yield Problem("related", "relatedResource without digest")
        elif "digestMultibase" in one and not _right_digest(one["id"], one["digestMultibase"]):
            yield Problem("related", "relatedResource.digestMultibase")


def _right_digest(url: str, digest: Any) -> bool:
    try:
        octets = of_multibase(digest)
    except (ValueError, TypeError):
        return False
    algorithm = MULTIHASH.get(octets[:2])
    if algorithm is None or len(octets) - 2 != octets[1]:
        return False
    return url not in vocabulary.FILES or new(algorithm, vocabulary.content(url)).digest() == octets[2:]


def _enveloped(one: Mapping[str, Any]) -> Iterator[Problem]:
    if vocabulary.CREDENTIALS not in listed(one.get("@context", [])):
        yield Problem("context_first", "verifiableCredential.@context")
    if not isinstance(one.get("id"), str) or not one["id"].startswith("data:"):
        yield Problem("id", "verifiableCredential.id")


def _meaning(document: Mapping[str, Any], extra: Mapping[str, Any] | None) -> Iterator[Problem]:
    """Whether JSON-LD makes something certain of it: no term redefined, none without a definition."""
    try:
        loose = canonical.undefined({k: v for k, v in document.items() if k != "proof"}, extra)
    except canonical.NotCanonical as wrong:
        yield Problem("json_ld", str(wrong))
    else:
        yield from (Problem("undefined", term[:100]) for term in sorted(loose))


# What other files ask too ---------------------------------------------------------------------------------------------

def is_url(text: Any) -> bool:
    """An absolute address: "did:web:…", "urn:uuid:…", "https://…"."""
    if not isinstance(text, str) or not URL.fullmatch(text):
        return False
    return not text.lower().startswith(("http:", "https:")) or bool(WEB.fullmatch(text))


def address(of: Any) -> Any:
    """The id of what may be an address itself or an object that has one."""
    return of.get("id") if isinstance(of, dict) else of


def types(of: Any) -> set[str]:
    """The types something says it has."""
    return {one for one in listed(of.get("type") if isinstance(of, dict) else None) if isinstance(one, str)}


def moment(text: Any) -> datetime | None:
    """xsd:dateTimeStamp, that is with its zone; None where it is none."""
    if not isinstance(text, str) or not (parts := STAMP.fullmatch(text)):
        return None
    try:
        return datetime.fromisoformat(text.replace(parts[7], f"{parts[7]:0<7}"[:7]) if parts[7] else text)
    except ValueError:
        return None


def _id(document: Mapping[str, Any], where: str) -> Iterator[Problem]:
    if "id" in document and not is_url(document["id"]):
        yield Problem("id", where)


def _is_type(value: Any) -> bool:
    return bool(listed(value)) and all(isinstance(one, str) and one for one in listed(value))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
