"""A paper that an authority signed outside, with its own means (firma electrónica avanzada, firma digital), comes back.

It must begin with the bytes of the paper as it was frozen, and hold behind them signatures and nothing else. Whose they
are is told, and whether their certificates lead to one that this installation knows; whether that is enough, the caller
decides."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from lms.seals.added import listed, well_made
from lms.seals.claims import Claim, claims
from lms.seals.clockwork import known_anchors
from lms.seals.inspecting import inspect
from lms.seals.ring import Ring
from lms.seals.wording import Box

LARGEST = 10 << 20                  # bytes
MOST = 24                           # revisions behind the paper: a signature is one, its evidence and time stamp two
MM = 72 / 25.4
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)        # it tells a page of trace for each change it finds
LTA = ModificationLevel.LTA_UPDATES
POLICY = StandardDiffPolicy(
    global_rules=[CatalogModificationRule(), *(rule.as_qualified(LTA) for rule in (
        DocInfoRule(), XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(), MetadataUpdateRule()))],
    form_rule=FormUpdatingRule(field_rules=[
        SigFieldCreationRule(allow_new_visible_after_certify=True), SigFieldModificationRule()]),
    ignore_orphaned_objects=False)


@dataclass(frozen=True)
class Signer:
    """Who signed outside, as the certificate says it."""
    name: str
    organisation: str
    issuer: str
    serial: str                     # in hexadecimal, as certificate viewers show it
    number: str                     # of the person, where the certificate tells it (RUN, CUIL)
    at: datetime | None             # by the signer's own word
    known: bool                     # leads to a certificate in the folder of anchors
    certificate: bytes              # DER


@dataclass(frozen=True)
class Accepted:
    """The frozen paper with signatures behind it, and nothing else."""
    signers: tuple[Signer, ...]


def accept(original: bytes, uploaded: bytes, ring: Ring, now: datetime, *,
           free: Sequence[tuple[int, Box]] = ()) -> Accepted | tuple[str, ...]:
    """Accepted, or the problems as codes (seals.wording.outside_words says each). Never raises.

    `free`: (page, box) where a signature may be seen; elsewhere it would cover what was frozen, so there it may only be
    invisible."""
    if len(uploaded) > LARGEST:
        return ("too_large",)
    if not uploaded.startswith(b"%PDF-"):
        return ("not_pdf",)
    if not uploaded.startswith(original):
        return ("other_document",)
    if uploaded[len(original):].strip() == b"":
        return ("nothing_added",)
    if not inspect(original, ring, now, now).sound:
        return ("unsealed",)        # only behind our own seal can what was added be told from what was there
    try:
        return _accept(original, uploaded, ring, now, free)
    except Exception:               # whatever pyHanko says of a file made to confuse it
        return ("unreadable",)


def _accept(original: bytes, uploaded: bytes, ring: Ring, now: datetime,
            free: Sequence[tuple[int, Box]]) -> Accepted | tuple[str, ...]:
    if uploaded.count(b"startxref", len(original)) > MOST:
        return ("changed",)         # each revision is gone through: so many no signing program makes
    added = [claim for claim in claims(uploaded) if claim.end > len(original)]
    people = [claim for claim in added if not claim.read.stamp]
    if not people:
        return ("not_signed",)
    if not all(claim.read.holds for claim in added):
        return ("broken",)
    if max(claim.end for claim in added) != len(uploaded):
        return ("changed",)
    reader = PdfFileReader(BytesIO(uploaded))
    before = PdfFileReader(BytesIO(original)).xrefs.total_revisions - 1
    embedded = [one for one in reader.embedded_signatures if _end(one) > len(original)]
    if sorted(_end(one) for one in embedded) != sorted(claim.end for claim in added):
        return ("changed",)         # a reader sees other signatures than the bytes tell of
    if isinstance(POLICY.review_file(reader, before), SuspiciousModification) or not _same_card(reader, original):
        return ("changed",)
    if not well_made(uploaded, len(original), listed(reader, before)):
        return ("changed",)
    if problem := _seen(reader, [one.sig_field for one in embedded], free):
        return (problem,)
    anchors = known_anchors(ring.anchors)
    return Accepted(tuple(_signer(claim, anchors, now) for claim in people))


def _end(signature: Any) -> int:
    return int(signature.byte_range[2]) + int(signature.byte_range[3])


def _same_card(reader: PdfFileReader, original: bytes) -> bool:
    """Title, author, subject and keywords (which hold folio and code) are as they were."""
    cards = [one.trailer["/Info"] if "/Info" in one.trailer else {} for one in (
        reader, PdfFileReader(BytesIO(original)))]
    names = ("/Title", "/Author", "/Subject", "/Keywords")
    return all((cards[0][name] if name in cards[0] else "") == (cards[1][name] if name in cards[1] else "")
               for name in names)


def _seen(reader: PdfFileReader, fields: list[Any], free: Sequence[tuple[int, Box]]) -> str:
    """Does a signature cover what was frozen, or do something when touched?"""
    pages = _pages(reader.root["/Pages"])
    for field in fields:
        for widget in [kid.get_object() for kid in field["/Kids"]] if "/Kids" in field else [field]:
            if "/A" in widget or "/AA" in widget:
                return "changed"
            sides = [float(side) / MM for side in widget["/Rect"]]
            (left, right), (low, high) = sorted(sides[::2]), sorted(sides[1::2])
            if right - left < 0.01 or high - low < 0.01:
                continue
            on = [number for number, page in enumerate(pages) if any(
                one.get_object().container_ref == widget.container_ref
                for one in (page["/Annots"] if "/Annots" in page else ()))]
            if len(on) != 1 or not any(_within(pages[number], (left, low, right, high), box)
                                       for number, box in free if number == on[0]):
                return "covers"
    return ""


def _within(page: Any, sides: tuple[float, float, float, float], box: Box) -> bool:
    """Is the rectangle (measured from below) inside the box (measured from above)?"""
    (left, low, right, high), (x, y, wide, tall), top = sides, box, float(page["/MediaBox"][3]) / MM
    return x - 0.1 <= left and right <= x + wide + 0.1 and y - 0.1 <= top - high and top - low <= y + tall + 0.1


def _pages(node: Any) -> list[Any]:
    return [page for kid in node["/Kids"] for page in _pages(kid.get_object())] if "/Kids" in node else [node]


def _signer(claim: Claim, anchors: list[asn1.Certificate], now: datetime) -> Signer:
    its = claim.read.certificate
    assert its is not None
    subject, at = its.subject.native, claim.said_time
    return Signer(claim.read.name, str(subject.get("organization_name", "")), its.issuer.human_friendly,
                  f"{its.serial_number:X}", str(subject.get("serial_number", "")), at,
                  _leads_to(claim, its, anchors, at or now), its.dump())


def _leads_to(claim: Claim, its: asn1.Certificate, anchors: list[asn1.Certificate], at: datetime) -> bool:
    """As things stood when it says to have been signed. Revocation is not asked: that needs the certifier's server."""
    if not anchors:
        return False
    with suppress(Exception):       # no path, or none that can be read
        bag = [one.chosen for one in cms.ContentInfo.load(claim.envelope)["content"]["certificates"]]
        context = ValidationContext(trust_roots=anchors, other_certs=bag, moment=at, allow_fetching=False,
                                    revocation_mode="soft-fail")
        asyncio.run(CertificateValidator(its, validation_context=context).async_validate_usage(set()))
        return True
    return False
