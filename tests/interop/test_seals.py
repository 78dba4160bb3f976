"""Seals: keys that are kept, followed and revoked; papers sealed, stamped and inspected."""

import json
import stat
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lms.seals import envelope
from lms.seals.pdf import extend, inspect, seal
from lms.seals.ring import UnknownKey
from lms.seals.signing import Sealed
from lms.seals.timekeeping import NoTimeStamp, Unsound
from lms.seals.tokens import Address, NoToken
from tests.sealing import DAY, NAME, NOW, paper, ring_in, sealed
from tests.tsa import Authority, served


@pytest.fixture
def ring(tmp_path):
    return ring_in(tmp_path)


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def stamped(ring, authority):
    """Extends a paper by the local authority, whose clock tells what the test says."""
    authority.anchor(ring.anchors)
    authority.answer, authority.status = None, 200
    with served(authority) as url:
        def by(content, now=NOW, level="B-T"):
            authority.now = now
            return extend(content, ring, now, url, level)
        yield by


# Keys

def test_keys_are_made_on_first_use_for_this_user_only(ring):
    assert ring.known() == ()
    assert {key.kind for key in ring.public()} == {"authority", "seal", "badge"}
    assert ring.shelf.folder.stat().st_mode & 0o077 == 0
    for path in ring.shelf.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_another_process_finds_the_same_keys(ring, tmp_path):
    assert ring_in(tmp_path).public() == ring.public() == ring_in(tmp_path).public()


def test_of_many_that_make_the_first_key_one_wins(tmp_path):
    rings, barrier, made = [ring_in(tmp_path) for _ in range(8)], threading.Barrier(8), []

    def begin(one):
        barrier.wait()
        made.append((one.pdf_signer(NOW).kid, one.ed25519[0]))
    threads = [threading.Thread(target=begin, args=(one,)) for one in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8 and len(set(made)) == 1


def test_a_certificate_says_who_signs_and_for_what(ring):
    made = ring.pdf_signer(NOW).certificate
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment and usage.digital_signature and not usage.key_cert_sign
    assert NAME in made.subject.rfc4514_string() and made.not_valid_before_utc <= NOW
    made.verify_directly_issued_by(ring.pdf_signer(NOW).chain[0])
    assert b"http" not in made.public_bytes(envelope.Encoding.DER)      # nothing in it needs a server


def test_rotation_keeps_what_was_signed_good_and_destroys_the_old_private_key(ring):
    old, (kid, signature) = sealed(ring), ring.sign(b"folio")
    first = ring.pdf_signer(NOW).kid
    later = NOW + 30 * DAY
    assert ring.rotate("seal", later) == ring.pdf_signer(later).kid != first
    assert ring.rotate("badge", later) == ring.ed25519[0] != kid
    assert not ring.shelf.path("seal-000001", "pem").exists() and not ring.shelf.path("badge-000001", "pem").exists()
    assert inspect(old, ring, later).sound and ring.verify(kid, b"folio", signature, NOW)
    assert inspect(sealed(ring, later), ring, later).sound
    assert {key.kid: key.until for key in ring.public()}[first] == later


def test_a_new_authority_certifies_a_new_seal(ring):
    old, before = sealed(ring), ring.pdf_signer(NOW)
    ring.rotate("authority", NOW + DAY)
    after = ring.pdf_signer(NOW + DAY)
    assert after.kid != before.kid and after.chain != before.chain
    assert inspect(old, ring, NOW + DAY).sound and inspect(sealed(ring, NOW + DAY), ring, NOW + DAY).sound


def test_a_seal_whose_certificate_ends_is_followed_by_itself(ring):
    first = ring.pdf_signer(NOW)
    late = first.certificate.not_valid_after_utc - DAY
    assert ring.pdf_signer(late).kid != first.kid
    assert inspect(sealed(ring, late), ring, late).sound


def test_after_a_theft_what_is_recorded_before_stays_good_and_the_rest_does_not(ring):
    old = sealed(ring)
    kid = ring.pdf_signer(NOW).kid
    ring.revoke(kid, NOW + 10 * DAY, "robo del servidor", NOW + 12 * DAY)
    now = NOW + 20 * DAY
    found = inspect(old, ring, now)
    assert not found.sound and found.problems == ("revoked",) and found.signatures[0].intact
    assert inspect(old, ring, now, recorded_at=NOW).sound
    assert not inspect(old, ring, now, recorded_at=NOW + 11 * DAY).sound
    assert ring.pdf_signer(now).kid != kid and inspect(sealed(ring, now), ring, now).sound


def test_after_a_theft_what_was_stamped_before_stays_good(ring, stamped):
    old, late = stamped(sealed(ring)), stamped(sealed(ring), NOW + 11 * DAY)
    ring.revoke(ring.pdf_signer(NOW).kid, NOW + 10 * DAY, "robo", NOW + 12 * DAY)
    assert inspect(old, ring, NOW + 20 * DAY).sound
    assert inspect(late, ring, NOW + 20 * DAY).problems == ("revoked",)


def test_after_a_theft_a_badge_key_is_believed_of_what_was_signed_before(ring):
    kid, signature = ring.sign(b"qr")
    ring.revoke(kid, NOW, "robo", NOW)
    assert ring.verify(kid, b"qr", signature, NOW - DAY) and not ring.verify(kid, b"qr", signature, NOW)
    assert ring.sign(b"qr")[0] != kid
    with pytest.raises(ValueError, match="before"):
        ring.revoke(kid, NOW - 9 * DAY, "otra", NOW)
    with pytest.raises(UnknownKey):
        ring.revoke("0" * 16, NOW, "otra", NOW)


def test_a_signature_of_another_ring_or_message_does_not_verify(ring, tmp_path):
    kid, signature = ring.sign(b"qr")
    other, theirs = ring_in(tmp_path / "other").sign(b"qr")
    assert not ring.verify(kid, b"qr!", signature, NOW) and not ring.verify(kid, b"qr", theirs, NOW)
    assert not ring.verify(other, b"qr", theirs, NOW) and not ring.verify(kid, b"qr", b"", NOW)


def test_the_revocation_list_names_what_was_revoked(ring):
    first = ring.pdf_signer(NOW).certificate
    ring.revoke(ring.pdf_signer(NOW).kid, NOW, "robo", NOW + DAY)
    listed = x509.load_der_x509_crl(ring.revocations(NOW + DAY))
    assert [one.serial_number for one in listed] == [first.serial_number]
    assert listed.is_signature_valid(ring.pdf_signer(NOW).chain[0].public_key())


def test_public_keys_read_as_jwk_and_pem(ring):
    for key in ring.public():
        json.dumps(key.jwk)
        public = (load_pem_public_key(key.pem.encode()) if key.kind == "badge"
                  else x509.load_pem_x509_certificate(key.pem.encode()).public_key())
        assert key.kid == envelope.sha256(public.public_bytes(
            envelope.Encoding.DER, format_of())).hexdigest()[:16]


def format_of():
    from cryptography.hazmat.primitives.serialization import PublicFormat  # noqa: PLC0415
    return PublicFormat.SubjectPublicKeyInfo


# Sealing

def test_a_sealed_paper_begins_with_the_paper_and_is_sound(ring):
    made = sealed(ring)
    assert made.startswith(paper())
    found = inspect(made, ring, NOW)
    assert found.sound and found.problems == ()
    one, = found.signatures
    assert (one.name, one.at, one.level, one.whole, one.ours) == (NAME, NOW, "B-B", True, True)


def test_the_same_paper_sealed_again_is_the_same(ring):
    assert sealed(ring) == sealed(ring) != sealed(ring, NOW + timedelta(seconds=1))


def test_the_papers_own_words_stay_as_they_were_drawn(ring):
    before, after = (PdfFileReader(BytesIO(one)) for one in (paper(), sealed(ring)))
    assert before.root["/Metadata"].data == after.root["/Metadata"].data
    assert dict(before.trailer["/Info"]) == dict(after.trailer["/Info"])


def test_what_is_signed_already_is_not_sealed(ring):
    with pytest.raises(Sealed):
        sealed(ring, content=sealed(ring))


@pytest.mark.parametrize("box", [None, (10, 20, 60, 25)])
def test_pyhanko_finds_it_valid_and_trusted(ring, box):
    made = seal(paper(), ring, NOW, reason="Certificado", place="Santiago", box=box)
    signature = PdfFileReader(BytesIO(made)).embedded_regular_signatures[0]
    root = asn1.Certificate.load(pem.unarmor(next(k.pem for k in ring.public() if k.kind == "authority").encode())[2])
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOW))
    assert status.bottom_line and status.coverage.name == "ENTIRE_FILE" and status.docmdp_ok
    assert status.signer_reported_dt == NOW
    rectangle = [float(side) for side in signature.sig_field["/Rect"]]
    assert rectangle == ([-9999] * 4 if box is None else pytest.approx([28.35, 467.72, 198.43, 538.58], abs=0.02))


def test_the_place_of_the_seal_is_tagged_and_what_is_not_seen_is_outside_the_page(ring):
    """PDF/UA 7.18: an annotation on the page is in the structure tree."""
    with pikepdf.open(BytesIO(sealed(ring))) as pdf:
        tree, widget = pdf.Root.StructTreeRoot, pdf.pages[0].Annots[0]
        form = tree.K.K[-1]
        assert form.S == "/Form" and form.K.Obj.objgen == widget.objgen and str(form.Alt) == f"Firma electrónica de la {NAME}"
        assert tree.ParentTree.Nums[-2] == widget.StructParent and tree.ParentTree.Nums[-1].objgen == form.objgen
        assert tree.ParentTreeNextKey == widget.StructParent + 1 and "/AP" in widget
    with pikepdf.open(BytesIO(seal(paper(), ring, NOW, reason="", place=""))) as pdf:
        assert [float(side) for side in pdf.pages[0].Annots[0].Rect] == [-9999] * 4


def test_what_a_retired_key_signs_later_is_not_believed(ring):
    key = ring.pdf_signer(NOW)
    ring.rotate("seal", NOW + DAY)
    ring.pdf_signer = lambda now: key           # someone kept a copy of what was destroyed
    assert inspect(sealed(ring), ring, NOW + 9 * DAY).sound
    assert inspect(sealed(ring, NOW + 2 * DAY), ring, NOW + 9 * DAY).problems == ("expired",)


def test_openssl_reads_the_envelope(ring, tmp_path):
    made = sealed(ring)
    start = made.index(b"/Contents <3") + 10
    octets = bytes.fromhex(made[start + 1:made.index(b">", start)].decode())
    (tmp_path / "cms").write_bytes(octets[:envelope.length(octets)])
    told = subprocess.run(["openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", tmp_path / "cms"],
                          capture_output=True, text=True)
    assert told.returncode == 0 and "signingCertificateV2" in told.stdout and "ecdsa-with-SHA256" in told.stdout


def test_of_two_equal_ecdsa_signatures_only_the_lower_is_taken(ring):
    made, key = sealed(ring), ring.pdf_signer(NOW)
    start = made.index(b"/Contents <3") + 10
    end = made.index(b">", start) + 1
    digest = envelope.sha256(made[:start] + made[end:]).digest()
    twin = envelope._closed(envelope.attributes(digest, key.certificate), other(key.sign(
        envelope.attributes(digest, key.certificate))), key.certificate, key.chain).hex().upper().encode()
    changed = made[:start] + b"<" + twin.ljust(end - start - 2, b"0") + b">" + made[end:]
    assert len(changed) == len(made) and not inspect(changed, ring, NOW).sound


def other(signature):
    r, s = envelope.decode_dss_signature(envelope.low(signature))
    return envelope.encode_dss_signature(r, envelope.ORDER - s)


# Time

def test_a_time_stamp_makes_it_b_t_and_pyhanko_agrees(ring, stamped):
    made = stamped(sealed(ring))
    found = inspect(made, ring, NOW)
    assert found.sound and found.signatures[0].level == "B-T" and found.signatures[1].stamp
    assert made.startswith(sealed(ring)) and len(PdfFileReader(BytesIO(made)).embedded_timestamp_signatures) == 1


def test_evidence_makes_it_b_lta_and_renewing_keeps_it_sound(ring, stamped):
    made = stamped(sealed(ring), level="B-LTA")
    for years in (5, 10, 20):
        now = NOW + timedelta(days=365 * years)
        made = stamped(made, now, "B-LTA")
        found = inspect(made, ring, now)
        assert found.sound and found.signatures[0].level == "B-LTA"
    assert len(found.signatures) == 5
    store = PdfFileReader(BytesIO(made)).root["/DSS"]
    assert len(store["/Certs"]) == 3 and len(store["/CRLs"]) == 4


def test_a_paper_may_be_stamped_long_after_its_key_has_gone(ring, stamped):
    made, later = sealed(ring), NOW + timedelta(days=365 * 15)
    ring.rotate("seal", NOW + DAY)
    for level in ("B-T", "B-LTA"):
        found = inspect(stamped(made, later, level), ring, later)
        assert found.sound and found.signatures[0].level == level


def test_a_stamp_older_than_the_seal_says_of_itself_is_not_believed(ring, stamped, authority):
    late = sealed(ring, NOW + 2 * DAY)
    with pytest.raises(NoTimeStamp, match="expired"), served(authority) as url:
        authority.now = NOW
        extend(late, ring, NOW + 3 * DAY, url, "B-T")


def test_decades_later_it_is_sound_by_the_keys_we_kept(ring, stamped):
    kept = [sealed(ring), stamped(sealed(ring)), stamped(sealed(ring), level="B-LTA")]
    for year in (2036, 2046, 2076):
        assert all(inspect(one, ring, datetime(year, 1, 1, tzinfo=UTC)).sound for one in kept)


def test_a_paper_signed_in_the_future_is_not_believed(ring):
    assert inspect(sealed(ring, NOW + DAY), ring, NOW).problems == ("expired",)


def test_a_time_stamp_of_nobody_known_is_not_kept(ring, authority):
    authority.now = NOW
    with served(authority) as url, pytest.raises(NoTimeStamp, match="anchors"):
        extend(sealed(ring), ring, NOW, url, "B-T")


@pytest.mark.parametrize(("answer", "status"), [(b"", 200), (b"<html>", 200), (b"0\x80", 200), (b"x" * 70_000, 200),
                                                (None, 503), (None, 302)])
def test_an_authority_that_answers_badly_is_told_clearly(ring, authority, answer, status):
    authority.anchor(ring.anchors)
    authority.answer, authority.status, authority.now = answer, status, NOW
    try:
        with served(authority) as url, pytest.raises(NoTimeStamp, match="authority"):
            extend(sealed(ring), ring, NOW, url, "B-T")
    finally:
        authority.answer, authority.status = None, 200


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/tsa", "file:///etc/passwd", "gopher://127.0.0.1/", "https://", ""])
def test_an_authority_that_is_away_is_told_clearly(ring, url):
    with pytest.raises(NoTimeStamp):
        extend(sealed(ring), ring, NOW, url, "B-T")


def test_the_answer_to_another_question_is_not_taken(ring, authority):
    authority.anchor(ring.anchors)
    authority.now = NOW
    with served(authority) as url:
        from asn1crypto import tsp  # noqa: PLC0415
        authority.answer = authority.stamp(tsp.TimeStampReq({"version": "v1", "nonce": 5, "cert_req": True,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}}).dump())
        with pytest.raises(NoTimeStamp, match="something else"):
            extend(sealed(ring), ring, NOW, url, "B-T")
        authority.answer = None


def test_only_sound_papers_are_stamped(ring, stamped):
    with pytest.raises(Unsound):
        stamped(paper())
    with pytest.raises(Unsound):
        stamped(sealed(ring) + b"\n% more")


# Keys in a token

@pytest.mark.parametrize("text", ["", "pkcs11:token=a", "pkcs11:token=a;object=b", "http://x", "pkcs11:token=a;object=b?module-path=/x&pin-value=1"])
def test_a_wrong_token_address_is_told(text):
    with pytest.raises(NoToken):
        Address.read(text)


def test_a_token_address_is_read_and_told_without_its_pin():
    found = Address.read("pkcs11:token=mi%20escuela;object=sello?module-path=/usr/lib/x.so&pin-source=file:/etc/pin")
    assert found == Address("/usr/lib/x.so", "mi escuela", "sello", "/etc/pin")
    assert found.told == "pkcs11:token=mi escuela;object=sello"
