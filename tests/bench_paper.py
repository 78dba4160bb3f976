"""The floor of a certificate drawn and signed: a bare page of the same stack (ReportLab with the same two faces subset, the
words, the mark, a vector QR by segno), signed by pyHanko's own signer with the key kept loaded."""

from dataclasses import replace
from functools import cache
from io import BytesIO

import segno
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lms.certificates.paper import draw
from lms.certificates.snapshot import Snapshot
from lms.foundation.paper.faces import FILES, HOME
from lms.seals.pdf import seal
from lms.seals.ring import Ring
from tests.rules.test_paper import FINAL
from tests.sealing import NOW

LINKED = replace(FINAL, proof="A" * 232)        # its code says signed words too


class Kept(SimpleSigner):
    """pyHanko's signer reads and checks its key at each signature: this one does not."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        return self.loaded.sign(data, ec.ECDSA(hashes.SHA256()))


@cache
def faces() -> tuple[str, str]:
    for name, file in (("bare-sans", FILES["sans"]), ("bare-serif", FILES["serif-b"])):
        registerFont(TTFont(name, str(HOME / f"{file}.ttf"), asciiReadable=False))
    return "bare-sans", "bare-serif"


@cache
def signer(ring: Ring) -> Kept:
    key, pdf_key = ec.generate_private_key(ec.SECP256R1()), ring.pdf_signer(NOW)
    store = SimpleCertificateStore()
    store.register_multiple(asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in pdf_key.chain)
    made = Kept(signing_cert=asn1.Certificate.load(pdf_key.certificate.public_bytes(Encoding.DER)), cert_registry=store,
                signing_key=keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())))
    made.loaded = key
    return made


def bare_page(s: Snapshot) -> bytes:
    sans, serif = faces()
    out = BytesIO()
    canvas = Canvas(out, pagesize=(841.89, 595.28), invariant=1, pageCompression=1)
    canvas.setFont(serif, 30)
    canvas.drawString(230, 380, s.holder_name)
    canvas.setFont(sans, 11)
    words = [s.programme, *s.institutions, s.holder_document, s.grade_words, s.scale, s.folio, s.code, s.issued_place,
             *(part for person in s.signatories for part in person)]
    for line, text in enumerate(words):
        canvas.drawString(230, 350 - 14 * line, text)
    for row, cells in enumerate(segno.make(s.link, error="m", mask=0).matrix):
        for column, dark in enumerate(cells):
            if dark:
                canvas.rect(740 + 1.6 * column, 120 - 1.6 * row, 1.6, 1.6, stroke=0, fill=1)
    canvas.drawString(40, 40, "Escuela de Gobierno Local")
    canvas.save()
    return out.getvalue()


def floor(ring: Ring) -> bytes:
    told = PdfSignatureMetadata(field_name="Firma", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
                                reason="Certificado de aprobación", location="Santiago de Chile")
    writer = IncrementalPdfFileWriter(BytesIO(bare_page(LINKED)))
    return PdfSigner(told, signer(ring)).sign_pdf(writer, bytes_reserved=8192).getvalue()


def ours(ring: Ring) -> bytes:
    return seal(draw(LINKED), ring, NOW, reason="Certificado de aprobación", place="Santiago de Chile",
                box=(200.0, 149.0, 46.0, 24.0))
