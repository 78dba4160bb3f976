"""Sealing a PDF with pyHanko: the form field, the place for the signature, its hash; the envelope is ours."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    InvisSigSettings,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    VisibleSigSettings,
)
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from lms.seals import envelope
from lms.seals.inspecting import common_name
from lms.seals.keys import PdfKey
from lms.seals.showing import show
from lms.seals.wording import Box, institution_words

ROOM = 8192                         # hexadecimal digits kept for the envelope; ours needs about 3 000
FIELD = "Sello"
UNSEEN = InvisSigSettings(box_out_of_bounds=True)       # what stands outside the page needs no tag (PDF/UA 7.18.1)
MM = 72 / 25.4
RANGE = b"/ByteRange"


class Sealed(ValueError):
    """It is signed already, or holds what only a signed paper may: it can not be sealed."""


def seal(pdf: bytes, key: PdfKey, now: datetime, *, reason: str, place: str, box: Box | None,
         page: int) -> bytes:
    if RANGE in pdf:
        raise Sealed("the paper is signed already, or says /ByteRange")
    writer = opened(pdf, sha256(pdf).digest()[:16])
    writer.ensure_output_version((1, 7))
    writer.register_extension(ESIC_EXTENSION_1)
    told = SignatureObject(timestamp=now.astimezone(UTC), subfilter=SigSeedSubFilter.PADES, reason=reason or None,
                           location=place or None, name=common_name(key.certificate), bytes_reserved=ROOM)
    mdp = SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS)
    words = institution_words(common_name(key.certificate))
    return embed(writer, _field(writer, words, box, page), SigObjSetup(told, mdp),
                 lambda digest: envelope.envelope(digest, key.certificate, key.chain, key.sign),
                 lambda field: show(writer, field, words) if box else None)


class Addition(IncrementalPdfFileWriter):
    """Adds what it is told to add: title, dates and producer of the paper stay as they were drawn."""

    def _update_meta(self) -> None:
        pass


def opened(pdf: bytes, identity: bytes) -> Addition:
    """To be added to; the same addition to the same file gives the same bytes."""
    writer = Addition(BytesIO(pdf))
    writer._document_id[1] = generic.ByteStringObject(identity)
    return writer


def embed(writer: Addition, field: SigFieldSpec, setup: SigObjSetup, make: Callable[[bytes], bytes],
          dress: Callable[[generic.IndirectObject], None] = lambda _: None) -> bytes:
    """Write the revision; `make(digest)` gives what is put into the place that the hash leaves out."""
    steps = PdfCMSEmbedder(field).write_cms(field.sig_field_name, writer)
    dress(next(steps))
    steps.send(setup)
    prepared, output = steps.send(SigIOSetup("sha256"))
    steps.send(make(prepared.document_digest))
    found: bytes = output.getvalue()
    return found


def _field(writer: Addition, words: str, box: Box | None, page: int) -> SigFieldSpec:
    """`box` in millimetres from the top left corner of the page, as papers are drawn."""
    corners = None
    if box:
        x, y, wide, high = box
        reference, _ = writer.find_page_for_modification(page)
        top = float(reference.get_object()["/MediaBox"][3])
        corners = tuple(round(v * MM, 2) for v in (x, top / MM - y - high, x + wide, top / MM - y))
    return SigFieldSpec(FIELD, on_page=page, box=corners,      # type: ignore[arg-type]  # it takes any numbers
                        readable_field_name=words, invis_sig_settings=UNSEEN,
                        visible_sig_settings=VisibleSigSettings(), combine_annotation=True)
