"""The bundle a university keeps tells good papers from others, with nothing of ours running and no database."""

import base64
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from lms.badges import queries as badges
from lms.certificates import queries
from lms.certificates.badges import facts_of
from lms.certificates.commands import certificates as command
from lms.certificates.link import proof, read
from tests.certified import Desk
from tests.forged_pdf import Forger
from tests.independent import unpadded
from tests.sealing import ring_in
from tests.world import NOW

URL = "http://localhost"


@pytest.fixture
def desk(app, world, monkeypatch):
    return Desk(app, world, monkeypatch)


@pytest.fixture
def papers(desk, app, world):
    """Of each kind a certificate with its file: good, replaced (by good), revoked."""
    desk.has_earned("ana", "beto")
    old, revoked = desk.issue("ana"), desk.issue("beto", cohort_id=2)
    world.later(days=1)
    new = desk.replace(old)
    desk.revoke(revoked, cohort_id=2)
    with desk.read() as session:
        found = {"valid": queries.one(session, 1, new), "replaced": queries.one(session, 1, old),
                 "revoked": queries.one(session, 2, revoked)}
    return {state: (one, desk.shop.store.read(one.sha256)) for state, one in found.items()}


def run(app: Flask, *words):
    with app.app_context():
        return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def bundle(app, papers, tmp_path):
    made = run(app, "escrow", "-o", tmp_path / "escrow.zip")
    assert made.exit_code == 0 and "3 certificates" in made.output, made.output
    with zipfile.ZipFile(tmp_path / "escrow.zip") as archive:
        for name in archive.namelist():
            assert not name.startswith("/") and ".." not in name
            (tmp_path / "escrow" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "escrow" / name).write_bytes(archive.read(name))
    return tmp_path / "escrow"


def alone(bundle, *asked):
    """verify.py by a Python that sees nothing of ours: isolated, without our folder, without an environment."""
    done = subprocess.run([sys.executable, "-I", str(bundle / "verify.py"), "--json", *map(str, asked)], cwd="/",
                          capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, timeout=60)
    return done.returncode, [one["answer"] for one in json.loads(done.stdout)["answers"]] if done.stdout else done.stderr


def test_it_holds_no_grade_no_document_no_name_and_no_code(bundle, papers):
    assert {p.name for p in bundle.iterdir()} == {"LEAME.txt", "README.txt", "verify.py", "verificar-sin-conexion.html",
                                                  "did.json", "keys", "register.json", "register.sig"}
    told = "".join(p.read_text() for p in bundle.rglob("*") if p.suffix in (".json", ".html", ".txt"))
    for certificate, _ in papers.values():
        assert certificate.folio in told and certificate.sha256 in told and certificate.code not in told
    for secret in ("Ana", "Pérez", "12.531.909", "12531909", "5,3", "PRIVATE"):
        assert secret not in told, secret
    names = {path.name.partition("-")[0] for path in (bundle / "keys").iterdir()}
    assert names == {"authority", "seal", "badge", "revoked.crl"}


def test_good_revoked_replaced_and_altered_papers(bundle, papers, tmp_path):
    for state, (certificate, content) in papers.items():
        paper = tmp_path / f"{state}.pdf"
        paper.write_bytes(content)
        assert alone(bundle, paper) == (0 if state == "valid" else 1, [state])
        assert alone(bundle, certificate.snapshot.link) == (0 if state == "valid" else 1, [state])
        paper.write_bytes(content.replace(b"EGL", b"EGX", 1))
        assert alone(bundle, paper) == (1, ["altered"])
        paper.write_bytes(content + b"\n% more\n")
        assert alone(bundle, paper) == (1, ["appended"])
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert alone(bundle, tmp_path / "other.pdf", tmp_path / "none.pdf", "hola") == (1, ["unknown", "unreadable", "unreadable"])
    assert alone(bundle) == (0, [])


def test_links_that_are_none_of_ours(bundle, papers, tmp_path):
    certificate, _ = papers["valid"]
    link = certificate.snapshot.link
    thief = ring_in(tmp_path / "thief")
    theirs = replace(certificate.snapshot, holder_name="Eva Pérez Soto")
    for forged in (f"{theirs.verify_url}#{proof(theirs, thief)}", link.replace(certificate.code, papers["revoked"][0].code),
                   link[:-1] + ("A" if link[-1] != "A" else "Q"), link.replace("#A", "#B")):
        code, answers = alone(bundle, forged)
        assert code == 1 and answers in (["forged"], ["unreadable"]), forged
    assert alone(bundle, certificate.snapshot.verify_url) == (1, ["unsigned"])
    assert read(link).holder == "Ana Pérez Soto"


def test_a_bundle_that_was_touched_says_so(bundle, papers, tmp_path, app):
    (tmp_path / "a.pdf").write_bytes(papers["revoked"][1])
    register, good = bundle / "register.json", (bundle / "register.json").read_text()
    for spoil in (good.replace('"revoked"', '"valid"', 1), good + " ", "{}", "", good.replace("lms-escrow 1", "lms-escrow 2")):
        register.write_text(spoil)
        code, said = alone(bundle, tmp_path / "a.pdf")
        assert code == 2 and "NOT WHOLE" in said
        assert run(app, "verify", tmp_path / "a.pdf", "--escrow", bundle).exit_code == 1
    register.write_text(good)
    kid = json.loads(good)["signed_by"]
    assert alone(bundle, "--key", kid)[0] == 0 and alone(bundle, "--key", "0" * 16)[0] == 2
    page = bundle / "verificar-sin-conexion.html"
    page.write_text(page.read_text().replace("Firma falsa", "Firma buena"))
    assert alone(bundle)[0] == 2
    shutil.rmtree(bundle / "keys")
    assert "NOT WHOLE" in alone(bundle)[1]


def test_a_bundle_signed_by_a_thief_names_the_thief_s_key(bundle, tmp_path, app):
    """He may make a whole bundle of his own; what he can not have is the key the school published."""
    kid = json.loads((bundle / "register.json").read_text())["signed_by"]
    thief = ring_in(tmp_path / "thief")
    told = json.loads((bundle / "register.json").read_text())
    told["keys"] = [{**key, "pem": next(k.pem for k in thief.public() if k.kind == "badge")} if key["kid"] == kid else key
                    for key in told["keys"]]
    forged = json.dumps(told).encode()
    (bundle / "register.json").write_bytes(forged)
    (bundle / "register.sig").write_bytes(thief.sign(forged)[1])
    assert alone(bundle, "--key", kid)[0] == 2          # a key's name is its own hash


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_openssl_agrees_on_the_register_and_the_chain(bundle):
    kid = json.loads((bundle / "register.json").read_text())["signed_by"]
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", f"keys/badge-{kid}.pem", "-rawin", "-in",
                           "register.json", "-sigfile", "register.sig"], cwd=bundle, capture_output=True, text=True)
    assert "Verified Successfully" in done.stdout, done
    (above,), (seal,) = bundle.glob("keys/authority-*.pem"), bundle.glob("keys/seal-*.pem")
    done = subprocess.run(["openssl", "verify", "-no_check_time", "-purpose", "any", "-CAfile", above, seal],
                          capture_output=True, text=True)
    assert done.returncode == 0, done


def test_our_own_command_asks_the_bundle_instead_of_a_database(bundle, papers, tmp_path, app):
    """Even with another installation's database and keys."""
    file = tmp_path / "file"
    ring, issuing = app.extensions["seals"], badges.issuing(URL, app)
    for state, (certificate, content) in papers.items():
        facts = facts_of(certificate, "ana@example.org", issuing)
        for form in (content, badges.as_json(facts, ring).encode(), badges.as_jwt(facts, ring).encode(),
                     badges.baked(facts, ring, "png"), badges.baked(facts, ring, "svg")):
            file.write_bytes(form)
            told = run(app, "verify", file, "--escrow", bundle, "--json")
            found = json.loads(told.output)
            assert (told.exit_code, found["answer"]) == (0 if state == "valid" else 1, state), found
            assert found["folio"] == certificate.folio and found["register_signed_by"] == ring.ed25519[0]
            here = json.loads(run(app, "verify", file, "--json").output)
            assert here["answer"] == state and here["holder"]
    file.write_bytes(papers["valid"][1])
    seen = json.loads(run(app, "verify", file, "--escrow", bundle, "--json").output)["signatures"]
    assert [(one["ours"], one["holds"], one["trusted"], one["covers_all"]) for one in seen] == [(True, True, True, True)]
    for table in ("certificates", "certificate_ends"):
        assert table not in run(app, "verify", file, "--escrow", bundle).output
    assert run(app, "verify", file, "--escrow", tmp_path).exit_code == 1


def test_verify_py_checks_a_badge_s_jwt_and_says_of_the_other_forms_that_it_did_not(bundle, papers, tmp_path, app):
    file, ring, issuing = tmp_path / "file", app.extensions["seals"], badges.issuing(URL, app)
    for state, (certificate, _) in papers.items():
        facts = facts_of(certificate, "ana@example.org", issuing)
        token = badges.as_jwt(facts, ring)
        file.write_text(token + "\n")
        assert alone(bundle, file) == (0 if state == "valid" else 1, [state])
        for form in (badges.as_json(facts, ring).encode(), badges.baked(facts, ring, "png"), badges.baked(facts, ring, "svg")):
            file.write_bytes(form)
            assert alone(bundle, file) == (1, ["unproven"])
        head, body, signature = token.split(".")
        said = json.loads(unpadded(body))
        for forged in (".".join((head, packed({**said, "name": "Doctorado"}), signature)), f"{head}.{body}.{signature[:-6]}AAAAAA",
                       ".".join((packed({"alg": "none", "kid": json.loads(unpadded(head))["kid"]}), body, signature)),
                       by_a_thief(tmp_path, said, json.loads(unpadded(head)))):
            file.write_text(forged)
            assert alone(bundle, file) == (1, ["forged"])
    file.write_text("eyJhbGciOiJFZERTQSJ9.eyJpZCI6ImhvbGEifQeyJpZCI6ImhvbGEifQ." + "A" * 86)
    assert alone(bundle, file) == (1, ["forged"])


def packed(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def by_a_thief(tmp_path, said, head) -> str:
    text = f"{packed(head)}.{packed(said)}"
    sign = Ed25519PrivateKey.generate().sign(text.encode())
    return f"{text}.{base64.urlsafe_b64encode(sign).decode().rstrip('=')}"


def test_without_a_database_at_all(bundle, papers, tmp_path):
    (tmp_path / "a.pdf").write_bytes(papers["valid"][1])
    done = subprocess.run([sys.executable, "-m", "lms", "certificates", "verify", str(tmp_path / "a.pdf"), "--escrow",
                           str(bundle), "--json"], capture_output=True, text=True, timeout=60, env={
                               "PATH": "/usr/bin:/bin", "LMS_INSTANCE": str(tmp_path / "instance"), "LMS_SECRET": "x" * 40,
                               "LMS_DATABASE": "postgresql+psycopg://nobody@127.0.0.1:9/none"})
    assert done.returncode == 0 and json.loads(done.stdout)["answer"] == "valid", done.stderr


def test_forged_papers_are_not_accepted_by_the_bundle(bundle, tmp_path, app):
    forger = Forger(tmp_path / "forger")
    (tmp_path / "f.pdf").write_bytes(forger.plain)
    assert alone(bundle, tmp_path / "f.pdf") == (1, ["unknown"])
    told = json.loads(run(app, "verify", tmp_path / "f.pdf", "--escrow", bundle, "--json").output)
    assert told["answer"] == "own_name" and NOW.year == 2027
