"""What is written behind a seal: evidence (certificates, revocation lists) and a time stamp over all before it.

Written in one way only: the same evidence and the same token behind the same paper give the same bytes. So it is
checked by writing it again, and nothing else can stand there."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from lms.seals import signing

ROOM = 24_576                       # hexadecimal digits kept for a token
MOST = 64                           # pieces of evidence in one revision
STREAM = re.compile(rb"\d{1,7} 0 obj\n<<\n/Length (\d{1,7})\n>>\nstream\n")
LISTS = {"certificates": "/Certs", "lists": "/CRLs"}


@dataclass(frozen=True)
class Evidence:
    """What a reader needs later to believe the signatures, in DER."""
    certificates: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()


def add(pdf: bytes, evidence: Evidence, token_for: Callable[[bytes], bytes]) -> bytes:
    """`token_for(digest)` gives the token over the file as it will stand."""
    writer = signing.opened(pdf, sha256(pdf).digest()[:16])
    if evidence != Evidence():
        _keep(writer, evidence)
    number = len(writer.root["/AcroForm"]["/Fields"])
    field = SigFieldSpec(f"Sello-de-tiempo-{number}", invis_sig_settings=signing.UNSEEN,
                         readable_field_name=f"Sello de tiempo {number}", combine_annotation=True)
    return signing.embed(writer, field, SigObjSetup(DocumentTimestamp(bytes_reserved=ROOM)), token_for)


def _keep(writer: signing.Addition, evidence: Evidence) -> None:
    """The document security store: what was in it, and what is new."""
    store = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/DSS")})
    before = writer.root["/DSS"] if "/DSS" in writer.root else {}
    for part, name in LISTS.items():
        kept = generic.ArrayObject(_references(before, name))
        for octets in getattr(evidence, part):
            kept.append(writer.add_object(generic.StreamObject(stream_data=octets)))
        if kept:
            store[pdf_name(name)] = kept
    writer.root[pdf_name("/DSS")] = writer.add_object(store)
    writer.update_root()


def _references(store: Mapping[str, Any], name: str) -> list[generic.IndirectObject]:
    listed: Any = store[name] if name in store else []
    return [listed.raw_get(i) for i in range(len(listed))]


def evidence_in(revision: bytes) -> Evidence:
    """What a revision seems to keep. Believed only once writing it again gave the same bytes."""
    certificates, lists, at = [], [], 0
    for _ in range(MOST):
        if (found := STREAM.search(revision, at)) is None:
            break
        at = found.end() + int(found[1])
        octets = revision[found.end():at]
        with suppress(ValueError):
            x509.load_der_x509_crl(octets)
            lists.append(octets)
            continue
        certificates.append(octets)
    return Evidence(tuple(certificates), tuple(lists))
