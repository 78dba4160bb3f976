"""A seal whose key never leaves a PKCS#11 token, tried on SoftHSM. Needs `apt-get install softhsm2` and the package
python-pkcs11, neither of which this project installs: an installation without a token needs neither."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from lms.seals.pdf import inspect
from lms.seals.ring import Ring
from lms.seals.tokens import Address, NoToken, _Session
from tests.sealing import DAY, NOW, ring_in, sealed

MODULE = next((path for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so") if Path(path).exists()), "")
pytestmark = pytest.mark.skipif(not (MODULE and shutil.which("softhsm2-util") and find_spec("pkcs11")),
                                reason="SoftHSM or python-pkcs11 is not installed")


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A token with an elliptic curve key and an RSA key, made as docs/signatures.md says."""
    import pkcs11  # noqa: PLC0415  (only where the test can run)
    from pkcs11.util.ec import encode_named_curve_parameters  # noqa: PLC0415
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "escuela", "--so-pin", "0000", "--pin", "1234"],
                   check=True, capture_output=True)
    (folder / "pin").write_text("1234\n")
    with pkcs11.lib(MODULE).get_token(token_label="escuela").open(rw=True, user_pin="1234") as session:
        curve = session.create_domain_parameters(pkcs11.KeyType.EC, {
            pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True)
        curve.generate_keypair(store=True, label="sello")
        session.generate_keypair(pkcs11.KeyType.RSA, 3072, store=True, label="rsa")
        session.generate_keypair(pkcs11.KeyType.RSA, 1024, store=True, label="corta")
    return folder


def address(token, key="sello", pin="pin"):
    return Address(MODULE, "escuela", key, str(token / pin))


def ring_with(folder, found) -> Ring:
    plain = ring_in(folder)
    return Ring(plain.shelf, plain.institution, plain.clock, found)


@pytest.mark.parametrize("key", ["sello", "rsa"])
def test_a_paper_sealed_by_a_token_is_sound_and_no_private_key_is_on_the_disk(token, tmp_path, key):
    ring = ring_with(tmp_path, address(token, key))
    made = sealed(ring)
    assert inspect(made, ring, NOW).sound and inspect(made, ring_in(tmp_path), NOW).sound
    assert not list(ring.shelf.folder.glob("seal-*.pem"))
    (tmp_path / "a.pdf").write_bytes(made)
    if shutil.which("pdfsig"):
        assert "Signature is Valid." in subprocess.run(["pdfsig", tmp_path / "a.pdf"], capture_output=True, text=True).stdout


def test_coming_from_a_file_key_to_a_token_is_a_rotation(token, tmp_path):
    old = sealed(ring_in(tmp_path))
    ring = ring_with(tmp_path, address(token))
    ring.rotate("seal", NOW + DAY)
    assert inspect(old, ring, NOW + DAY).sound and inspect(sealed(ring, NOW + DAY), ring, NOW + DAY).sound


def test_a_token_key_that_sealed_before_is_not_certified_again(token, tmp_path):
    ring = ring_with(tmp_path, address(token))
    sealed(ring)
    with pytest.raises(NoToken, match="has sealed before"):
        ring.rotate("seal", NOW + DAY)
    assert inspect(sealed(ring, NOW + DAY), ring, NOW + DAY).sound      # the one there is goes on


@pytest.mark.parametrize(("key", "pin", "why"), [("nada", "pin", "no public key"), ("corta", "pin", "neither"), ("sello", "absent", "opened")])
def test_what_is_wrong_with_a_token_is_told(token, tmp_path, key, pin, why):
    _Session.opened.clear()
    with pytest.raises(NoToken, match=why):
        sealed(ring_with(tmp_path, address(token, key, pin)))
    _Session.opened.clear()


def test_without_its_setting_a_token_seal_does_not_sign_and_says_so(token, tmp_path):
    sealed(ring_with(tmp_path, address(token)))
    with pytest.raises(NoToken, match="LMS_PKCS11 is not set"):
        sealed(ring_in(tmp_path))
