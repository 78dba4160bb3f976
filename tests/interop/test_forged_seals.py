"""Forged papers are told from genuine ones: 0 accepted. `./dev soak` makes many more (tests/soak.py, "forgeries")."""

import random
import re
import shutil
import subprocess
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms.seals import envelope
from lms.seals.envelope import SEQUENCE, der
from lms.seals.pdf import inspect
from tests.forged_pdf import NAMED, Forger, filled, flipped, hole, mixed
from tests.sealing import DAY, NAME, NOW, paper, ring_in, sealed

KEPT = Path(__file__).parents[1] / "kept" / "seals"
LATER = NOW + 10 * DAY
pdfsig = pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig is not installed (apt-get install poppler-utils)")


@pytest.fixture(scope="module")
def forger(tmp_path_factory):
    return Forger(tmp_path_factory.mktemp("forger"))


def test_the_genuine_ones_are_sound(forger):
    assert [inspect(one, forger.ring, LATER).sound for one in forger.genuine] == [True] * 5


def test_a_paper_stamped_in_2026_is_sound_as_this_version_reads_it(tmp_path):
    """tests/kept holds a paper with its public keys: what a new version of pyHanko writes otherwise shows here, before it
    makes papers in people's hands look as if something had been added (docs/decisions/0025)."""
    shutil.copytree(KEPT / "keys", tmp_path / "keys")
    found = inspect((KEPT / "lasting.pdf").read_bytes(), ring_in(tmp_path), datetime(2046, 1, 1, tzinfo=UTC))
    assert found.sound and found.signatures[0].level == "B-LTA"


@pytest.mark.parametrize("family", NAMED, ids=lambda f: f.__name__)
def test_no_forgery_is_accepted(forger, family):
    now = NOW + DAY
    accepted, made = [], 0
    for name, pdf in family(forger):
        assert pdf not in forger.genuine, f"{name} forges nothing"
        made += 1
        began = time.process_time()
        if inspect(pdf, forger.ring, now).sound:
            accepted.append(name)
        assert time.process_time() - began < 2, f"{name} took long"
    assert accepted == [] and made >= {"shadow": 10, "certification": 7}.get(family.__name__, 25)


def test_there_are_enough_of_them(forger):
    made = [pdf for family in NAMED for _, pdf in family(forger)]
    assert len(set(made)) >= 200


def test_no_flipped_byte_is_accepted(forger):
    chance = random.Random(20271120)
    for _ in range(400):
        assert not inspect(flipped(forger.plain, chance), forger.ring, LATER).sound
    for _ in range(100):
        assert not inspect(flipped(chance.choice(forger.genuine), chance), forger.ring, LATER).sound


def test_no_flip_in_the_hole_is_accepted(forger):
    """Where the signature itself stands: what it covers can not protect it."""
    start, end = hole(forger.plain)
    for at in random.Random(7).sample(range(start, start + 3700), 400):
        for mask in (1, 32):
            changed = bytearray(forger.plain)
            changed[at] ^= mask
            assert not inspect(bytes(changed), forger.ring, LATER).sound, (at - start, mask)
    assert end - start > 8000


def test_no_mixture_is_accepted(forger):
    chance = random.Random(20271121)
    for _ in range(300):
        kind, pdf = mixed(forger, chance)
        assert pdf in forger.genuine or not inspect(pdf, forger.ring, LATER).sound, kind


def nested(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        inner = der(SEQUENCE, inner)
    return inner


def hostile(forger):
    """Up to 5 MB, made to cost time or memory."""
    start, _ = hole(forger.plain)
    heads = b"%PDF-1.7\n"
    claim = b"/ByteRange [0 40 50 %d]\n"
    yield "claims over all", heads + (claim % (5_000_000 - 60)) * 32 + bytes(5_000_000 - 2000)
    yield "nested", filled(forger.plain, nested(1500).hex().upper().encode())
    yield "nested and foreign", filled(forger.plain.replace(b"(Sello)", b"(Otro.)"), nested(1800).hex().upper().encode())
    yield "many certificates", filled(forger.plain, der(SEQUENCE, envelope._oid(envelope.PKCS7 + "02"), der(0xA0, der(
        SEQUENCE, envelope._whole(1), der(0x31), der(SEQUENCE, envelope.DATA), der(0xA0, der(SEQUENCE, b"") * 900)))).hex().upper().encode())
    yield "a long hole", heads + b"/Contents <" + b"30" * 2_000_000 + b">\n/ByteRange [0 19 4000021 60]" + bytes(100)
    yield "behind a seal: zeros", forger.plain + bytes(4_900_000)
    yield "behind a seal: claims", forger.plain + (claim % len(forger.plain)) * 100_000
    yield "behind a seal: streams", forger.plain + b"7 0 obj\n<<\n/Length 9\n>>\nstream\n123456789\nendstream\n" * 60_000
    tail = forger.genuine[1][len(forger.plain):]
    yield "behind a seal: many stamps", forger.genuine[1] + tail * 150
    yield "behind a seal: brackets", forger.plain + b"[" * 2_000_000 + b"<<" * 1_000_000
    chance = random.Random(5)
    for size in (10, 1000, 100_000, 3_000_000):
        yield f"noise {size}", heads + chance.randbytes(size)
        yield f"noise behind a seal {size}", forger.plain + chance.randbytes(size)
    for _ in range(60):
        yield "noise in the hole", forger.plain[:start] + b"<" + chance.randbytes(4096).hex().upper().encode() + b">" + forger.plain[start + 8194:]


def test_hostile_bytes_are_answered_in_bounded_time_and_memory(forger):
    for name, pdf in hostile(forger):
        tracemalloc.start()
        began = time.process_time()
        found = inspect(pdf, forger.ring, LATER)
        spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert not found.sound and found.problems != ("unreadable",), name
        assert spent < 3 and peak < 80 << 20, (name, spent, peak >> 20)


def test_what_who_stole_the_key_made_is_not_believed_without_proof(tmp_path):
    ring = ring_in(tmp_path)
    before, back = sealed(ring), sealed(ring, NOW - 300 * DAY)
    ring.revoke(ring.pdf_signer(NOW).kid, NOW - DAY, "robo", NOW)
    assert not inspect(before, ring, LATER).sound and not inspect(back, ring, LATER).sound


def test_each_kind_of_problem_is_named(forger):
    named = {}
    for family in NAMED:
        for _, pdf in family(forger):
            for problem in inspect(pdf, forger.ring, NOW + DAY).problems:
                named[problem] = named.get(problem, 0) + 1
    assert {"no_signature", "empty", "broken", "own_name", "appended", "several", "expired", "stamp", "not_pdf",
            "too_large"} <= named.keys()
    assert "unreadable" not in named, "a surprise inside: look into it"


def test_another_school_is_told_apart_by_its_key_and_not_by_its_name(forger, tmp_path):
    theirs = sealed(ring_in(tmp_path, "Universidad de Otra Parte"))
    assert inspect(theirs, forger.ring, NOW).problems == ("foreign",)
    twin = sealed(ring_in(tmp_path / "twin", NAME))
    assert inspect(twin, forger.ring, NOW).problems == ("own_name",) and inspect(twin, forger.ring, NOW).signatures[0].intact


@pdfsig
def test_poppler_agrees_on_the_genuine_ones_and_sees_what_was_changed(forger, tmp_path):
    def told(pdf):
        (tmp_path / "a.pdf").write_bytes(pdf)
        return subprocess.run(["pdfsig", tmp_path / "a.pdf"], capture_output=True, text=True).stdout
    plain = told(forger.plain)
    assert "Signature is Valid." in plain and "Total document signed" in plain and f"Common Name: {NAME}" in plain
    for stamped in forger.genuine[1:4]:
        first, *_, last = re.split(r"Signature #\d", told(stamped))[1:]
        assert "Signature is Valid." in first and "Total document signed" in last
    assert "Signature is Valid." not in told(forger.plain.replace("Núñez".encode(), "Muñoz".encode(), 1))
    assert "Not total document signed" in told(forger.plain + b"\n% more\n")
    assert "is not signed" in told(paper()) or "Signature" not in told(paper())


@pdfsig
def test_poppler_trusts_the_certificate_once_it_has_our_authority(forger, tmp_path):
    if not shutil.which("certutil"):
        pytest.skip("certutil is not installed (apt-get install libnss3-tools)")
    (tmp_path / "ca.pem").write_text(next(key.pem for key in forger.ring.public() if key.kind == "authority"))
    (tmp_path / "nss").mkdir()
    run = ["certutil", "-d", f"sql:{tmp_path}/nss"]
    subprocess.run([*run, "-N", "--empty-password"], check=True)
    subprocess.run([*run, "-A", "-n", "escuela", "-t", "CT,C,C", "-i", tmp_path / "ca.pem"], check=True)
    (tmp_path / "a.pdf").write_bytes(forger.plain)
    told = subprocess.run(["pdfsig", "-nssdir", f"sql:{tmp_path}/nss", tmp_path / "a.pdf"], capture_output=True, text=True).stdout
    assert "Certificate is Trusted." in told
