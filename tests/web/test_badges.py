"""Badges at their public addresses and on their holder's page: from a certificate to a file that anyone checks."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from lms.badges import documents, proofs
from lms.badges import queries as badges
from lms.badges.checking import check, read_list
from lms.badges.issuers import Issuer
from lms.badges.status import Lists
from lms.certificates import actions, queries
from lms.certificates.badge_facts import facts_of
from lms.certificates.badges import CertificateRegister
from lms.certificates.checking import Bench
from tests.certified import Desk

HTTP = "http://localhost"


@pytest.fixture
def desk(app, world, monkeypatch):
    return Desk(app, world, monkeypatch)


@pytest.fixture
def stranger(client_of):
    return client_of("nobody")


@pytest.fixture
def certificate(desk):
    desk.has_earned("ana")
    made = desk.issue("ana")
    with desk.read() as session:
        return queries.one(session, 1, made)


def who(app):
    return badges.issuing(app.config["URL"], app)


def lists(stranger, app, *purposes, now):
    """The published lists, read as anyone reads them."""
    issuer = Issuer.of_document(stranger.get("/.well-known/did.json").json, who(app).status_url)
    return Lists(tuple(read_list(stranger.get(f"/insignias/estado/{purpose}/0").data, [issuer], now)
                       for purpose in purposes or ("revocation",)))


def verdict(stranger, app, content, now):
    """By what is published and nothing else: did.json and the status list."""
    issuer = Issuer.of_document(stranger.get("/.well-known/did.json").json, who(app).status_url)
    return check(content, [issuer], lists(stranger, app, now=now), now)


def test_a_stranger_reads_and_checks_a_badge(app, world, stranger, certificate):
    answer = stranger.get(f"/insignias/{certificate.code}")
    assert answer.mimetype == "application/vc" and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer.headers["Vary"] and "max-age" in answer.headers["Cache-Control"]
    found = verdict(stranger, app, answer.data, world.now)
    assert found.ok, found.problems
    badge = json.loads(answer.data)
    assert badge["credentialSubject"]["licenseNumber"] == certificate.folio and badge["id"].endswith(certificate.code)
    assert badge["evidence"][0]["id"] == certificate.snapshot.verify_url
    told = answer.get_data(as_text=True)
    assert "Ana" not in told and "ana@" not in told and "12.531" not in told and certificate.snapshot.grade not in (
        badge["credentialSubject"].get("result", ""),)


@pytest.mark.parametrize(("ending", "media"), [(".json", "application/vc"), (".jwt", "text/plain"), (".png", "image/png"),
                                               (".svg", "image/svg+xml")])
def test_each_form_at_its_address_holds(app, world, stranger, certificate, ending, media):
    answer = stranger.get(f"/insignias/{certificate.code}{ending}")
    assert answer.status_code == 200 and answer.mimetype == media
    assert verdict(stranger, app, answer.data, world.now).ok
    assert answer.data == stranger.get(f"/insignias/{certificate.code}{ending}").data         # the same each time


@pytest.mark.parametrize(("accept", "media"), [
    ("*/*", "application/vc"), ("application/vc", "application/vc"), ("application/vc+ld+json", "application/vc+ld+json"),
    ("application/json", "application/json"), ("application/vc+jwt", "application/vc+jwt"), ("image/webp", "application/vc")])
def test_the_asker_names_the_form(stranger, certificate, accept, media):
    answer = stranger.get(f"/insignias/{certificate.code}", headers={"Accept": accept})
    assert answer.mimetype == media and answer.data.startswith(b"ey" if "jwt" in media else b"{")


def test_a_browser_is_shown_the_page_in_words(stranger, certificate):
    answer = stranger.get(f"/insignias/{certificate.code}", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 303 and answer.location == certificate.snapshot.verify_url


@pytest.mark.parametrize("name", ["A" * 26, "A" * 60, "x", "../x", "emisor.json", "a.exe", "é" * 26, "' OR 1=1", "A" * 26 + ".pdf"])
def test_who_guesses_finds_nothing(stranger, certificate, name):
    assert stranger.get(f"/insignias/{name}").status_code == 404


def test_the_issuer_its_keys_and_its_pictures_are_public(app, stranger, certificate):
    stranger.get(f"/insignias/{certificate.code}")
    did = stranger.get("/.well-known/did.json")
    assert did.json["id"] == "did:web:localhost" and did.mimetype == "application/did+ld+json"
    profile = stranger.get("/insignias/emisor").json
    assert profile["id"] == did.json["id"] and profile["type"] == ["Profile"] and profile["url"] == HTTP
    kid = app.extensions["seals"].ed25519[0]
    key = stranger.get(f"/insignias/llaves/{kid}")
    assert key.mimetype == "application/jwk+json" and key.json["crv"] == "Ed25519" and "d" not in key.json
    assert stranger.get("/insignias/llaves/other").status_code == 404
    assert any(one["kid"] == kid for one in stranger.get("/.well-known/jwks.json").json["keys"])
    for kind in ("certificate", "module", "internship"):
        assert stranger.get(f"/insignias/imagenes/{kind}.svg").data.startswith(b"<svg")
        assert stranger.get(f"/insignias/imagenes/{kind}.png").data.startswith(b"\x89PNG")
    assert stranger.get("/insignias/imagenes/other.png").status_code == 404
    assert stranger.get("/insignias/imagenes/module.json").status_code == 404


def test_revoking_a_certificate_sets_its_bit(app, world, desk, stranger, certificate):
    badge = stranger.get(f"/insignias/{certificate.code}").data
    with desk.write() as session:
        actions.revoke(session, world.people["olga"], world.now, 1, certificate.id, "Error de digitación", HTTP)
    assert [one.name for one in verdict(stranger, app, badge, world.now).problems] == ["revoked"]
    after = stranger.get(f"/insignias/{certificate.code}")
    assert after.data == badge                          # what was said stays; that it ended is for the list to say
    assert lists(stranger, app, "suspension", now=world.now).lists[0].set_at(certificate.id) is False


def test_a_list_says_only_what_is_its_own(app, world, desk, certificate):
    with desk.write() as session:
        actions.revoke(session, world.people["olga"], world.now, 1, certificate.id, "Error de digitación", HTTP)
    register = CertificateRegister(HTTP)
    with desk.read() as session:
        assert register.status_bits(session, "revocation", 0, 131_072) == {certificate.id}
        assert register.status_bits(session, "revocation", certificate.id + 1, 131_072) == frozenset()
        assert register.status_bits(session, "suspension", 0, 131_072) == frozenset()


@pytest.mark.parametrize("url", ["/insignias/estado/revocation/64", "/insignias/estado/other/0", "/insignias/estado/revocation/-1",
                                 "/insignias/estado/revocation/x"])
def test_lists_that_there_are_not(stranger, url):
    assert stranger.get(url).status_code == 404


def test_lists_end_so_that_an_old_one_is_not_shown_for_ever(app, world, stranger, certificate):
    listed = stranger.get("/insignias/estado/revocation/0").data
    issuer = Issuer.of_document(stranger.get("/.well-known/did.json").json, who(app).status_url)
    assert read_list(listed, [issuer], world.now).purpose == "revocation"
    with pytest.raises(ValueError, match="expired"):
        read_list(listed, [issuer], world.now + timedelta(days=2))


def test_a_new_key_signs_anew_and_old_files_still_hold(app, world, stranger, certificate):
    before = stranger.get(f"/insignias/{certificate.code}").data
    old = app.extensions["seals"].ed25519[0]
    app.extensions["seals"].rotate("badge", world.now)
    after = stranger.get(f"/insignias/{certificate.code}").data
    assert before != after and verdict(stranger, app, before, world.now).ok and verdict(stranger, app, after, world.now).ok
    app.extensions["seals"].revoke(old, world.now - timedelta(days=1), "robada", world.now)
    assert stranger.get(f"/insignias/llaves/{old}").status_code == 410
    assert [one.name for one in verdict(stranger, app, before, world.now).problems] == ["key_unknown"]
    assert verdict(stranger, app, after, world.now).ok
    ourselves = badges.own(who(app), app.extensions["seals"])
    known = lists(stranger, app, now=world.now)
    register = {"since": world.now - timedelta(days=2)}
    assert check(before, [ourselves], known, world.now, lambda document: register["since"]).ok
    assert [p.name for p in check(before, [ourselves], known, world.now).problems] == ["key_revoked"]


def test_kinds_without_a_badge_have_none(app, certificate):
    for kind, badge in {"final": "certificate", "module": "module", "internship": "internship", "attendance": None}.items():
        made = facts_of(_like(certificate, kind), "ana@example.org", who(app))
        assert (made.kind if made else None) == badge


def _like(certificate, kind):
    return replace(certificate, snapshot=replace(certificate.snapshot, kind=kind, credits=("2,5 SCT-Chile",)))


# The holder

def test_the_holder_finds_the_badge_beside_the_paper(client_of, certificate):
    ana = client_of("ana")
    assert f"/mis-certificados/{certificate.id}/insignia" in ana.get("/mis-certificados").get_data(as_text=True)
    page = ana.get(f"/mis-certificados/{certificate.id}/insignia").get_data(as_text=True)
    assert f"{HTTP}/insignias/{certificate.code}" in page and "linkedin.com/profile/add?" in page
    assert "certId=EGL-2027-000001" in page and "Incluir mi nombre" in page


@pytest.mark.parametrize("form", ["png", "svg", "json", "jwt"])
def test_the_holder_chooses_whether_it_shows_their_name(app, world, client_of, stranger, certificate, form):
    ana = client_of("ana")
    url = f"/mis-certificados/{certificate.id}/insignia/archivo?formato={form}"
    for asked, shown in ((url, False), (url + "&nombre=1", True)):
        answer = ana.get(asked)
        assert answer.headers["Content-Disposition"].endswith(f'insignia-{certificate.folio}.{form}"')
        found = verdict(stranger, app, answer.data, world.now)
        assert found.ok and (certificate.snapshot.holder_name in json.dumps(found.document, ensure_ascii=False)) == shown


def test_nobody_else_gets_it_from_there(client_of, certificate):
    for person in ("beto", "olga", "ivan"):
        assert client_of(person).get(f"/mis-certificados/{certificate.id}/insignia").status_code == 404
        assert client_of(person).get(f"/mis-certificados/{certificate.id}/insignia/archivo").status_code == 404
    assert client_of("ana").get(f"/mis-certificados/{certificate.id}/insignia/archivo?formato=exe").status_code == 404


def test_an_ended_certificate_has_no_badge_to_save(desk, world, client_of, certificate):
    with desk.write() as session:
        actions.revoke(session, world.people["olga"], world.now, 1, certificate.id, "Error de digitación", HTTP)
    answer = client_of("ana").get(f"/mis-certificados/{certificate.id}/insignia")
    assert answer.status_code == 409 and "tampoco su insignia" in answer.get_data(as_text=True)


# Verifying here

def test_a_stolen_key_makes_no_badge_of_a_certificate_the_thief_holds(app, world, desk, stranger, certificate):
    """He knows its code, writes what he likes under it, and dates it before the theft."""
    ring, us = app.extensions["seals"], who(app)
    kid, key = ring.ed25519
    genuine = stranger.get(f"/insignias/{certificate.code}").data
    better = replace(facts_of(certificate, "", us), title="Doctorado")
    forged = json.dumps(proofs.with_proof(documents.credential(better), us.method(key.public_key()), key)).encode()
    ring.revoke(kid, world.now + timedelta(days=1), "robada", world.now)
    later = world.now + timedelta(days=2)
    with desk.read() as session:
        bench = Bench(queries.DatabaseRegister(session, app.extensions["files"]), ring, badges.own(us, ring))
        assert bench.check(genuine, later).answer == "valid"
        assert bench.check(forged, later).answer == "bad_badge"
