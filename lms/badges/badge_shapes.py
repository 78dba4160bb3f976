"""The form of an Open Badge 3.0: which parts a badge and an endorsement have, of which type, and what each must say."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lms.badges import shapes, vocabulary
from lms.badges.problems import Problem
from lms.badges.shapes import is_url, listed, moment, types

BADGE, ENDORSEMENT = ("OpenBadgeCredential", "AchievementCredential"), ("EndorsementCredential",)
# A part by its name: of which type it is, what it must have, and which parts it has. `Text`: a text; `Url`: an address.
PARTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "Profile": (("id", "type"), {
        "id": "Url", "url": "Url", "image": "Image", "parentOrg": "Profile", "otherIdentifier": "IdentifierEntry",
        "address": "Address", "endorsement": "Endorsement", "dateOfBirth": "Any", "email": "Text", "phone": "Text"}),
    "Achievement": (("id", "type", "name", "description", "criteria"), {
        "id": "Url", "name": "Text", "description": "Text", "criteria": "Criteria", "image": "Image",
        "creator": "Profile", "alignment": "Alignment", "resultDescription": "ResultDescription", "related": "Related",
        "otherIdentifier": "IdentifierEntry", "endorsement": "Endorsement", "achievementType": "Text",
        "creditsAvailable": "Number", "inLanguage": "Text", "tag": "Text", "humanCode": "Text"}),
    "AchievementSubject": (("type", "achievement"), {
        "id": "Url", "achievement": "Achievement", "identifier": "IdentityObject", "image": "Image",
        "result": "Result", "source": "Profile", "activityStartDate": "Date", "activityEndDate": "Date",
        "creditsEarned": "Number", "licenseNumber": "Text", "narrative": "Text", "role": "Text", "term": "Text"}),
    "EndorsementSubject": (("id", "type"), {"id": "Url", "endorsementComment": "Text"}),
    "IdentityObject": (("type", "identityHash", "identityType", "hashed"), {
        "identityHash": "Text", "identityType": "Text", "hashed": "Truth", "salt": "Text"}),
    "Evidence": (("type",), {"id": "Url", "name": "Text", "narrative": "Text", "description": "Text"}),
    "Image": (("id", "type"), {"id": "Url", "caption": "Text"}),
    "Criteria": ((), {"id": "Url", "narrative": "Text"}),
    "Result": (("type",), {"alignment": "Alignment", "value": "Text", "achievedLevel": "Url",
                           "resultDescription": "Url", "status": "Text"}),
    "ResultDescription": (("id", "type", "name", "resultType"), {
        "id": "Url", "name": "Text", "resultType": "Text", "alignment": "Alignment",
        "rubricCriterionLevel": "RubricCriterionLevel", "allowedValue": "Text", "requiredValue": "Text",
        "valueMin": "Text", "valueMax": "Text", "requiredLevel": "Url"}),
    "RubricCriterionLevel": (("id", "type", "name"), {"id": "Url", "name": "Text", "alignment": "Alignment"}),
    "Alignment": (("type", "targetName", "targetUrl"), {"targetName": "Text", "targetUrl": "Url"}),
    "IdentifierEntry": (("type", "identifier", "identifierType"), {"identifier": "Text", "identifierType": "Text"}),
    "Related": (("id", "type"), {"id": "Url", "inLanguage": "Text"}),
    "Address": (("type",), {"geo": "GeoCoordinates"}),
    "GeoCoordinates": (("type", "latitude", "longitude"), {"latitude": "Number", "longitude": "Number"}),
}
UNTYPED = {"Criteria"}
RIGHT: dict[str, Callable[[Any], bool]] = {
    "Text": lambda value: isinstance(value, str), "Url": is_url, "Any": lambda value: True,
    "Truth": lambda value: isinstance(value, bool), "Date": lambda value: moment(value) is not None,
    "Number": lambda value: isinstance(value, int | float) and not isinstance(value, bool)}


def faults(document: Mapping[str, Any]) -> list[Problem]:
    """What an Open Badge asks beyond a credential; `shapes.faults` is asked before."""
    return list(_faults(document))


def _faults(document: Mapping[str, Any]) -> Iterator[Problem]:
    contexts, said = shapes.listed(document.get("@context", [])), types(document)
    if any(not isinstance(one, str) for one in contexts) or len(set(map(str, contexts))) != len(contexts):
        yield Problem("context", "@context")
    elif unknown := [one for one in contexts if one not in vocabulary.FILES]:
        yield Problem("context_unknown", str(unknown[0])[:200])
    elif len(contexts) < 2 or contexts[1] not in vocabulary.BADGE_CONTEXTS:
        yield Problem("context", "the Open Badges context comes second")
    if not said & {*BADGE, *ENDORSEMENT}:
        yield Problem("type", "no Open Badge")
    yield from (Problem("keyword", where) for where in _keywords(document))
    if "validFrom" not in document:
        yield Problem("date", "validFrom")
    if "awardedDate" in document and moment(document["awardedDate"]) is None:
        yield Problem("date", "awardedDate")
    for name in ("name", "description"):
        if name in document and not isinstance(document[name], str):
            yield Problem("text", name)
    yield from _part(document.get("issuer"), "Profile", "issuer") if isinstance(document.get("issuer"), dict) else ()
    kind = "EndorsementSubject" if said & set(ENDORSEMENT) else "AchievementSubject"
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        yield Problem("subject", "credentialSubject")
        return
    yield from _part(subject, kind, "credentialSubject")
    if kind == "AchievementSubject" and not ("id" in subject or subject.get("identifier")):
        yield Problem("subject", "credentialSubject has neither id nor identifier")
    for one in (("evidence", "Evidence"), ("image", "Image"), ("endorsement", "Endorsement")):
        yield from _each(document, *one, "")


def _each(of: Mapping[str, Any], name: str, kind: str, where: str) -> Iterator[Problem]:
    if name in of:
        for value in listed(of[name]):
            yield from _value(value, kind, where + name)


def _value(value: Any, kind: str, where: str) -> Iterator[Problem]:
    if kind in RIGHT:
        if not RIGHT[kind](value):
            yield Problem("value", where)
    elif kind == "Endorsement":
        yield from _endorsement(value, where)
    elif kind in ("Image", "Profile") and isinstance(value, str):       # an address alone, as older badges have it
        if not is_url(value):
            yield Problem("value", where)
    else:
        yield from _part(value, kind, where)


def _part(value: Any, kind: str, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("value", where)
        return
    must, parts = PARTS[kind]
    if kind not in UNTYPED and kind not in types(value):
        yield Problem("part_type", f"{where}.type: {kind}")
    yield from (Problem("missing", f"{where}.{name}") for name in must if name not in value)
    for name, of in parts.items():
        yield from _each(value, name, of, f"{where}.")


def _endorsement(value: Any, where: str) -> Iterator[Problem]:
    """A credential inside: its form only; its proof is its own matter and vouches for nothing here."""
    if not isinstance(value, dict) or not types(value) & set(ENDORSEMENT):
        yield Problem("part_type", f"{where}.type: EndorsementCredential")
    elif not isinstance(value.get("credentialSubject"), dict) or not is_url(shapes.address(value.get("issuer"))):
        yield Problem("value", where)


def _keywords(document: Mapping[str, Any], where: str = "", top: bool = True) -> Iterator[str]:
    """JSON-LD's own words let one text be read in two ways: none but @context, where a credential begins."""
    for name, value in document.items():
        inner = name in ("endorsement",)
        if name.startswith("@") and not (name == "@context" and top):
            yield where + name
        for one in listed(value) if name != "@context" else ():
            if isinstance(one, dict):
                yield from _keywords(one, f"{where}{name}.", inner)
