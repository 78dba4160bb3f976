"""A paper signed outside by an authority and sent back: taken when it is the frozen paper with signatures behind it, and
refused with the reason when it is anything else. Signed here by pyHanko's own signer, as other programs would."""

import random
import time
import tracemalloc
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko import stamp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.seals.outside import Accepted, accept
from tests.forged_pdf import body, drawing, find, last, page_of, raw_signed, revision, with_annotation
from tests.sealing import NOW, paper, ring_in, sealed
from tests.tsa import Authority, rsa_key

BOX = (200.0, 149.0, 46.0, 24.0)
POINTS = (567, 106, 697, 172)           # inside of it


class Certifier:
    """An accredited certifier and the rector whose certificate it signed."""

    def __init__(self):
        self.root_key, self.key = rsa_key(0), rsa_key(1)
        self.root = self._made([(NameOID.COMMON_NAME, "Certificadora Acreditada")], None, self.root_key, True)
        self.certificate = self._made([(NameOID.COMMON_NAME, "Rosa Rectora"), (NameOID.ORGANIZATION_NAME, "Universidad"),
                                       (NameOID.SERIAL_NUMBER, "12531909-2")], self.root, self.key, False)

    def _made(self, names, issuer, key, ca):
        subject = x509.Name([x509.NameAttribute(*pair) for pair in names])
        usage = x509.KeyUsage(True, True, False, False, False, ca, ca, False, False)
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject if issuer else subject)
                .public_key(key.public_key()).serial_number(x509.random_serial_number())
                .not_valid_before(NOW - timedelta(days=300)).not_valid_after(NOW + timedelta(days=300))
                .add_extension(x509.BasicConstraints(ca, None), critical=True).add_extension(usage, critical=True)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
                .sign(self.root_key, hashes.SHA256()))

    def sign(self, pdf, field="Firma", box=None, hash_name="sha256", prepare=lambda writer: None, stamper=None):
        store = SimpleCertificateStore()
        store.register(asn1.Certificate.load(self.root.public_bytes(Encoding.DER)))
        private = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        signer = SimpleSigner(signing_cert=asn1.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
                              signing_key=keys.PrivateKeyInfo.load(private), cert_registry=store)
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        prepare(writer)
        told = PdfSignatureMetadata(field_name=field, md_algorithm=hash_name, subfilter=SigSeedSubFilter.PADES, name="Rosa Rectora")
        style = stamp.TextStampStyle(stamp_text="Firmado por Rosa Rectora")
        spec = SigFieldSpec(field, box=box) if box else None
        return PdfSigner(told, signer, stamp_style=style, new_field_spec=spec, timestamper=stamper).sign_pdf(writer).getvalue()


@pytest.fixture(scope="module")
def certifier():
    return Certifier()


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    return ring_in(tmp_path_factory.mktemp("ring"))


@pytest.fixture(scope="module")
def frozen(ring):
    return sealed(ring)


@pytest.fixture(scope="module")
def signed(frozen, certifier):
    return certifier.sign(frozen)


def test_a_signature_behind_the_frozen_paper_is_taken_and_its_signer_named(ring, frozen, signed, certifier):
    found = accept(frozen, signed, ring, NOW)
    assert isinstance(found, Accepted)
    signer, = found.signers
    assert (signer.name, signer.organisation, signer.number, signer.known) == ("Rosa Rectora", "Universidad", "12531909-2", False)
    assert "Certificadora Acreditada" in signer.issuer and signer.at is not None
    assert signer.serial == f"{certifier.certificate.serial_number:X}"


def test_a_signature_whose_certifier_we_know_is_said_to_be_known(ring, frozen, signed, certifier):
    ring.anchors.mkdir(parents=True)
    (ring.anchors / "acreditada.crt").write_bytes(certifier.root.public_bytes(Encoding.PEM))
    try:
        assert accept(frozen, signed, ring, NOW).signers[0].known
    finally:
        (ring.anchors / "acreditada.crt").unlink()
        ring.anchors.rmdir()


def test_two_authorities_may_sign_one_after_the_other(ring, frozen, signed, certifier):
    twice = certifier.sign(signed, "Firma2")
    assert len(accept(frozen, twice, ring, NOW).signers) == 2


def test_a_time_stamp_in_the_signature_is_no_hindrance(ring, frozen, certifier):
    authority = Authority()
    stamper = DummyTimeStamper(Authority._asn1(authority.certificate), authority.key, fixed_dt=NOW)
    assert isinstance(accept(frozen, certifier.sign(frozen, stamper=stamper), ring, NOW), Accepted)


def test_a_signature_may_be_seen_only_where_nothing_stands(ring, frozen, certifier):
    inside, across = certifier.sign(frozen, box=POINTS), certifier.sign(frozen, box=(90, 280, 500, 330))
    assert isinstance(accept(frozen, inside, ring, NOW, free=[(0, BOX)]), Accepted)
    assert accept(frozen, inside, ring, NOW) == ("covers",) == accept(frozen, inside, ring, NOW, free=[(1, BOX)])
    assert accept(frozen, across, ring, NOW, free=[(0, BOX)]) == ("covers",)


def changes(pdf):
    size = int(pdf.rpartition(b"/Size ")[2].split()[0])
    yield "note", with_annotation_or_new(pdf, b"<</Type/Annot/Subtype/Text/Rect[9 9 99 99]/Contents(x)>>")
    yield "page", revision(pdf, {page_of(pdf): b"<</Type/Page/MediaBox[0 0 9 9]>>"})
    yield "drawing", revision(pdf, {size: drawing()})
    yield "title", revision(pdf, {int(pdf.rpartition(b"/Info ")[2].split()[0]): b"<</Title(Otro)>>"})
    yield "root", revision(pdf, {size: b"<</Type/Catalog>>"}, root=size)


def with_annotation_or_new(pdf, annotation):
    if b"/Annots" in pdf:
        return with_annotation(pdf, annotation)
    page, size = page_of(pdf), int(pdf.rpartition(b"/Size ")[2].split()[0])
    told = pdf[pdf.index(b"%d 0 obj" % page):]
    told = told[told.index(b"<<"):told.index(b"endobj")].rstrip()[:-2] + b"/Annots[%d 0 R]>>" % size
    return revision(pdf, {page: told, size: annotation})


def test_a_change_below_the_signature_is_refused(ring, frozen, certifier):
    for name, changed in changes(frozen):
        try:
            signed = certifier.sign(changed)
        except Exception:           # pyHanko would not sign this; another program might
            continue
        found = accept(frozen, signed, ring, NOW)
        assert not isinstance(found, Accepted) and found[0] in ("changed", "unreadable"), (name, found)


def test_a_change_behind_the_signature_is_refused(ring, frozen, signed):
    for name, changed in changes(signed):
        assert accept(frozen, changed, ring, NOW)[0] in ("changed", "unreadable"), name


@pytest.mark.parametrize("make, why", [
    (lambda f, s: f, "nothing_added"), (lambda f, s: f + b"\n", "nothing_added"), (lambda f, s: b"%PDF-1.7\n" + s, "other_document"),
    (lambda f, s: s.replace(b"/Sello", b"/Otros", 1) if b"/Sello" in f else s[:50] + b" " + s[51:], "other_document"),
    (lambda f, s: s[1:], "not_pdf"), (lambda f, s: b"", "not_pdf"), (lambda f, s: f + b"\n% words\n", "not_signed"),
    (lambda f, s: s + b"\n% words\n", "changed"), (lambda f, s: s + bytes(11 << 20), "too_large"), (lambda f, s: s[:-300], "not_signed")])
def test_what_is_not_the_signed_paper_is_refused_with_its_reason(ring, frozen, signed, make, why):
    assert accept(frozen, make(frozen, signed), ring, NOW) == (why,)


def test_a_broken_or_weak_signature_is_refused(ring, frozen, signed, certifier):
    at = signed.index(b"0" * 100, signed.index(b"/Contents <30", len(frozen))) - 9        # in the signature itself
    assert accept(frozen, signed[:at] + (b"0" if signed[at:at + 1] != b"0" else b"1") + signed[at + 1:], ring, NOW) == ("broken",)
    assert accept(frozen, certifier.sign(frozen, hash_name="sha1"), ring, NOW) == ("broken",)


def test_a_paper_of_another_person_is_refused(ring, certifier):
    mine, other = sealed(ring), sealed(ring, NOW + timedelta(seconds=5))
    assert accept(mine, certifier.sign(other), ring, NOW) == ("other_document",)


def test_only_a_paper_that_we_sealed_can_come_back(ring, certifier):
    assert accept(paper(), certifier.sign(paper()), ring, NOW) == ("unsealed",)


def test_a_signature_that_acts_when_touched_is_refused(ring, frozen, certifier):
    def arm(writer):
        from pyhanko.pdf_utils import generic  # noqa: PLC0415
        from pyhanko.sign.fields import append_signature_field  # noqa: PLC0415
        append_signature_field(writer, SigFieldSpec("Firma"))
        field = writer.root["/AcroForm"]["/Fields"][1]
        field["/AA"] = generic.DictionaryObject()
    assert accept(frozen, certifier.sign(frozen, prepare=arm), ring, NOW)[0] == "changed"




def hostile(f):
    """What a stranger may put between the paper and a signature of his own, up to a megabyte."""
    chance, root, start = random.Random(1), int(last(rb"/Root (\d+) 0 R", f)), int(last(rb"startxref\s+(\d+)", f))
    bomb = zlib.compress(bytes(100_000_000), 9)
    yield "noise", f + chance.randbytes(900_000)
    yield "brackets", f + b"[" * 900_000
    yield "an object nobody lists", f + b"9 0 obj\n<</Evil true>>\nendobj\n"
    yield "objects without end", f + b"9 0 obj " * 100_000
    yield "bomb", revision(f, {900: b"<</Length %d/Filter/FlateDecode/Type/ObjStm/N 1/First 5>>\nstream\n%b\nendstream" % (len(bomb), bomb)})
    yield "deep", revision(f, {900: b"[" * 200_000 + b"]" * 200_000})
    yield "deep root", revision(f, {root: body(f, root)[:-2] + b"/X " + b"[" * 100_000 + b"]" * 100_000 + b">>"})
    for name, table, before in (("loop", b"0 1\n0000000000 65535 f \n", len(f)), ("huge table", b"0 99999999\n0000000000 65535 f \n", start)):
        yield name, f + b"xref\n%btrailer\n<</Size 99/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (table, root, before, len(f))
    pages, form = int(last(rb"/Pages (\d+) 0 R", f)), find(f, b"/SigFlags")
    yield "pages in a circle", revision(f, {pages: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % pages})
    yield "fields in a circle", revision(f, {form: b"<</SigFlags 3/Fields[%b]>>" % (b"%d 0 R " % form * 1000)})
    for count in (20, 400):
        many = f
        for number in range(count):
            many = revision(many, {900 + number: b"null"})
        yield f"{count} revisions", many


def test_what_a_stranger_puts_below_his_signature_is_refused_in_bounded_time_and_memory(ring, frozen, tmp_path):
    stranger = ring_in(tmp_path, "Alguien")
    assert isinstance(accept(frozen, raw_signed(frozen, stranger, frozen), ring, NOW), Accepted)
    for name, below in hostile(frozen):
        pdf = raw_signed(below, stranger, frozen)
        tracemalloc.start()
        began = time.process_time()
        found = accept(frozen, pdf, ring, NOW)
        spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert found in (("changed",), ("unreadable",)), (name, found)
        assert spent < 3 and peak < 64 << 20, (name, spent, peak >> 20)
