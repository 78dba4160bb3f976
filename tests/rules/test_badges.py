"""Badges: what they say, their signatures, their lists, their pictures; and a verdict on whatever comes."""

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from lxml import etree
from PIL import Image

from lms.badges import documents, drawing, encoding, shapes, vocabulary
from lms.badges import status as lists
from lms.badges.baking import NotBaked, bake_png, bake_svg, unbake
from lms.badges.canonical import NotCanonical, nquads
from lms.badges.checking import read_list
from lms.badges.issuers import Issuer, did_web, did_web_address
from lms.badges.queries import PICTURES
from lms.badges.reading import NotJson, read
from lms.badges.status import NotAList, StatusList
from lms.badges.wording import CRITERIA, WORDS
from tests import badged
from tests.badge_fuzz import fuzz
from tests.badged import FACTS, KEY, NOW, OLD, OURS, THIEF, WHO, checked, plain, signed, text, token

FORGED = list(badged.forgeries())


def test_a_badge_says_what_the_certificate_says_and_no_more():
    badge = plain()
    subject, achievement = badge["credentialSubject"], badge["credentialSubject"]["achievement"]
    assert subject["licenseNumber"] == FACTS.folio and subject["creditsEarned"] == 10
    assert achievement["achievementType"] == "Certificate" and "270 horas" in achievement["description"]
    assert "Pass every module" in achievement["criteria"]["narrative"] and achievement["inLanguage"] == "es"
    assert badge["evidence"][0]["id"] == FACTS.verify_url and badge["issuer"]["id"] == "did:web:escuela.example.cl"
    assert "result" not in subject and "Ana" not in json.dumps(badge) and "ana.perez" not in json.dumps(badge).lower()
    assert badge["credentialStatus"]["statusListIndex"] == "4242"


@pytest.mark.parametrize("kind", ["certificate", "module", "internship"])
@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_kind_in_every_language_holds(kind, language):
    badge = plain(kind=kind, language=language, credits=Decimal("2.5"))
    assert checked(text(signed(badge))).problems == ()
    assert badge["credentialSubject"]["creditsEarned"] == 2.5 and (kind, language) in CRITERIA


def test_the_recipient_is_a_salted_hash_that_the_holder_can_show():
    (identity,) = plain()["credentialSubject"]["identifier"]
    assert identity["identityHash"] == documents.identity_hash("ana.perez@example.org", identity["salt"])
    assert documents.identity_hash("ana.perez@example.org", "deadbeef") == (
        "sha256$3196434608212ce248e7492d8a6f9078399b60a1e1ffa038fb730e43c67808c2")
    other = plain(code="B" * 26)["credentialSubject"]["identifier"][0]
    assert other["identityHash"] != identity["identityHash"]        # two badges of one person do not tell so


def test_a_name_is_in_it_only_when_chosen():
    named = plain(name="Ana Pérez")["credentialSubject"]["identifier"]
    assert [one["identityType"] for one in named] == ["emailAddress", "name"] and named[1]["identityHash"] == "Ana Pérez"
    assert checked(text(signed(plain(name="Ana Pérez")))).ok


def test_all_ways_to_carry_a_badge_hold():
    good = json.dumps(signed())
    png, svg = ((PICTURES / f"certificate.{end}").read_bytes() for end in ("png", "svg"))
    for content in (good, token(), bake_png(png, good), bake_png(png, token()), bake_svg(svg, good), bake_svg(svg, token()),
                    f"\n{good}\n", token() + "\n"):
        found = checked(content)
        assert found.ok and found.document["id"].endswith(FACTS.code) and found.key is OURS.keys[0], found.problems


def test_baking_again_replaces_and_keeps_the_picture():
    png = (PICTURES / "module.png").read_bytes()
    again = bake_png(bake_png(png, "a.b.c"), "d.e.f")
    assert unbake(again) == "d.e.f" and again.count(b"openbadgecredential") == 1 and bake_png(png, "d.e.f") == again
    svg = bake_svg(bake_svg((PICTURES / "module.svg").read_bytes(), "a.b.c"), '{"x": "]]>"}')
    assert json.loads(unbake(svg)) == {"x": "]]>"} and svg.count(b"<openbadges:credential") == 1


def test_other_algorithms_of_our_keys_are_read():
    assert checked(token(head={"alg": "RS256", "kid": WHO.jwk_url("rsa")}, sign=badged.rs256)).ok
    assert checked(token(head={"alg": "ES256", "kid": "ec", "typ": "vc+jwt", "cty": "vc"}, sign=badged.es256)).ok
    assert checked(token(head={"alg": "Ed25519", "kid": "k1"})).ok
    shown = {"kty": "OKP", "crv": "Ed25519", "x": encoding.base64url(KEY.public_key().public_bytes_raw())}
    assert checked(token(head={"alg": "EdDSA", "jwk": shown})).ok       # a key that shows itself, and is ours


@pytest.mark.parametrize(("name", "content", "problem"), FORGED, ids=[name for name, *_ in FORGED])
def test_what_is_forged_does_not_hold(name, content, problem):
    found = checked(content)
    names = {one.name for one in found.problems}
    assert not found.ok and problem in names and "broken" not in names, found.problems


def test_the_forgeries_are_many_and_their_words_exist():
    assert len(FORGED) > 150 and len({name for name, *_ in FORGED}) == len(FORGED)
    assert {one.name for _, content, _ in FORGED for one in checked(content).problems} <= set(WORDS)


def test_a_key_revoked_later_is_believed_of_what_the_register_knows_to_be_older():
    old = text(signed(key=OLD))
    assert checked(old, issued_at=lambda document: FACTS.issued_at).ok
    late = checked(old, issued_at=lambda document: datetime(2028, 1, 15, tzinfo=UTC))
    assert [one.name for one in late.problems] == ["key_revoked"]


def test_an_unknown_proof_beside_ours_is_left_aside_and_told():
    good = signed()
    found = checked(text({**good, "proof": [{"type": "SomeProof"}, good["proof"]]}))
    assert found.ok and [note.name for note in found.notes] == ["proof_ignored"]


def test_an_enveloped_badge_is_opened():
    envelope = {"@context": [vocabulary.CREDENTIALS], "type": "EnvelopedVerifiableCredential",
                "id": f"data:application/vc+jwt,{token()}"}
    assert checked(text(envelope)).ok


# Status lists

TOMORROW = NOW + badged.days(1)


def revoking(*indices, key=KEY, begins=NOW, ends=TOMORROW, purpose="revocation"):
    url = WHO.status_list(purpose, 0)
    return text(signed(lists.credential(WHO.id, url, purpose, indices, begins, ends), key))


@pytest.mark.parametrize(("purpose", "problem"), [("revocation", "revoked"), ("suspension", "suspended")])
def test_a_bit_ends_a_badge(purpose, problem):
    asked = lists.Lists((read_list(revoking(4242, purpose=purpose), [OURS], NOW),))
    entry = lists.entry(WHO.status_list(purpose, 0), 4242, purpose)
    badge = text(signed({**plain(), "credentialStatus": [entry]}))
    assert [one.name for one in checked(badge, status=asked).problems] == [problem]
    spared = lists.Lists((read_list(revoking(4241, 4243, purpose=purpose), [OURS], NOW),))
    assert checked(badge, status=spared).ok


def test_a_list_that_is_not_at_hand_or_too_short_is_no_clean_record():
    assert [one.name for one in checked(text(signed()), status=lists.Lists()).problems] == ["status_unknown"]
    beyond = text(signed(plain(index=lists.SIZE - 1)))
    asked = lists.Lists((StatusList(WHO.status_list("revocation", 0), "revocation", bytes(8)),))
    assert [one.name for one in checked(beyond, status=asked).problems] == ["status_unknown"]


def test_the_second_list_begins_where_the_first_is_full():
    entry = plain(index=lists.SIZE + 5)["credentialStatus"]
    assert entry["statusListCredential"].endswith("/revocation/1") and entry["statusListIndex"] == "5"


@pytest.mark.parametrize("content", [
    revoking(1, key=THIEF), revoking(1, ends=NOW - badged.days(2), begins=NOW - badged.days(3)),
    revoking(1, begins=NOW + badged.days(1), ends=NOW + badged.days(2)), text(signed()), b"{}", b"", b"\x89PNG\r\n\x1a\n",
    revoking(1).replace(b'"revocation"', b'"suspension"')], ids=range(8))
def test_a_list_of_somebody_else_or_of_yesterday_is_none(content):
    with pytest.raises(NotAList):
        read_list(content, [OURS], NOW)


def test_encoding_and_decoding_a_list():
    made = lists.encode({0, 7, 8, 131_071})
    bits = lists.decode(made)
    assert len(bits) == 16_384 and bits[:2] == b"\x81\x80" and bits[-1] == 1
    recommended = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert lists.decode(recommended) == bytes(16_384) == lists.decode(lists.encode(()))


@pytest.mark.parametrize("packed", [
    gzip.compress(bytes(100)), gzip.compress(bytes(64 << 20)), gzip.compress(bytes(16_384))[:-5],
    gzip.compress(bytes(16_384)) + b"more", b"", b"no gzip"], ids=["short", "bomb", "cut", "more", "empty", "none"])
def test_a_list_within_bounds_only(packed):
    with pytest.raises(NotAList):
        lists.decode("u" + encoding.base64url(packed))
    with pytest.raises(NotAList):
        lists.decode("z111")


# Keys and issuers

def test_multikeys_and_json_web_keys_come_back():
    public = KEY.public_key()
    assert encoding.same(encoding.of_multikey(encoding.multikey(public)), public)
    did = f"did:key:{encoding.multikey(public)}"
    assert encoding.same(Issuer.of_did_key(did).keys[0].public, public)
    for bad in ("", "z", "z6Mk", "x6Mk", "zzzz", "z" + "1" * 500, "z6MkjZRsdasZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"):
        with pytest.raises(ValueError):
            encoding.of_multikey(bad)


@pytest.mark.parametrize("jwk", [
    {}, {"kty": "oct", "k": "AAAA"}, {"kty": "OKP", "crv": "Ed25519", "x": "AA"}, {"kty": "OKP", "crv": "Ed25519", "x": 1},
    {"kty": "RSA", "n": encoding.base64url(b"\xff" * 128), "e": "AQAB"},
    {"kty": "RSA", "n": encoding.base64url(b"\xff" * 4096), "e": "AQAB"},
    {"kty": "RSA", "n": encoding.base64url(b"\xff" * 256), "e": "AQ"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": "P-256", "x": encoding.base64url(bytes(32)), "y": encoding.base64url(bytes(32))}, "text"])
def test_a_weak_or_broken_key_is_none(jwk):
    with pytest.raises(ValueError):
        encoding.of_jwk(jwk)


def test_our_document_names_the_keys_as_badges_do():
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encoding.base64url(KEY.public_key().public_bytes_raw())}
    issuer = Issuer.of_document(documents.controller(WHO, [("k1", jwk, KEY.public_key())]), WHO.status_url)
    assert checked(text(signed()), [issuer]).ok and checked(token(), [issuer]).ok
    told = documents.controller(WHO, [("k1", jwk, KEY.public_key())])
    for broken in ({}, {**told, "assertionMethod": []}, {**told, "verificationMethod": [
            {**told["verificationMethod"][0], "controller": "did:web:evil.example"}]}):
        try:
            found = checked(text(signed()), [Issuer.of_document(broken, WHO.status_url)])
        except ValueError:
            continue
        assert not found.ok


def test_did_web_addresses():
    assert did_web("https://a.cl:8443/x") == "did:web:a.cl%3A8443:x"
    assert did_web_address("did:web:a.cl%3A8443:x") == "https://a.cl:8443/x/did.json"
    assert did_web_address("did:web:a.cl") == "https://a.cl/.well-known/did.json"
    for bad in ("did:key:z6", "did:web", "web:a.cl", ""):
        with pytest.raises(ValueError):
            did_web_address(bad)


# What is bundled, drawn and read

def test_the_context_is_the_published_one_byte_for_byte():
    digests = {name: sha256(vocabulary.content(name)).hexdigest() for name in vocabulary.FILES}
    assert digests[vocabulary.CREDENTIALS] == "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
    assert digests[vocabulary.BADGES] == "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"


def test_nothing_is_fetched():
    with pytest.raises(NotCanonical, match="unknown context"):
        nquads({"@context": "https://www.w3.org/ns/credentials/examples/v2", "id": "urn:x:y"})


def test_a_poisoned_document_is_given_up_soon():
    ring = [{"id": f"_:b{i}", "urn:x:p": [{"id": f"_:b{j}"} for j in range(12) if j != i]} for i in range(12)]
    with pytest.raises(NotCanonical, match="equal blank nodes"):
        nquads({"@context": {"id": "@id"}, "@graph": ring})


@pytest.mark.parametrize("kind", drawing.SCENES)
def test_the_pictures_are_what_is_drawn(kind):
    made = PICTURES / f"{kind}.svg"
    assert made.read_text() == drawing.svg(kind)
    root = etree.fromstring(made.read_bytes())
    assert root.get("viewBox") == "0 0 600 600" and root[0].text
    with Image.open(PICTURES / f"{kind}.png") as picture:
        assert picture.size == (600, 600) and picture.convert("RGBA").getpixel((0, 0))[3] == 0


def test_noise_gets_a_verdict_and_never_a_yes():
    found = fuzz(seed=20270405, count=200)
    assert found.faults == [] and found.count == 200 and len(found.verdicts) > 20


def test_json_has_one_meaning():
    assert read('{"a": 10.0, "b": [1e2, 2.5, -1]}') == {"a": 10, "b": [100, 2.5, -1]}
    assert isinstance(read('{"a": 10.0}')["a"], int)
    for bad in ('{"a":1,"a":2}', "NaN", "[-Infinity]", "1e400", '"\\ud83d"', '"\\u0000"', "9007199254740993", "", "{", "'a'",
                '{"a":' * 60 + "1" + "}" * 60, "[" + "1," * 5000 + "1]", "9" * 5000, b"\xff"):
        with pytest.raises(NotJson):
            read(bad)


def test_an_empty_picture_is_no_badge():
    for content in (b"", b"<", b"<svg", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        with pytest.raises(NotBaked):
            unbake(content)


def test_moments_have_a_zone():
    assert shapes.moment("2027-12-10T15:00:00-03:00") == datetime(2027, 12, 10, 18, tzinfo=UTC)
    assert shapes.moment("2027-12-10T15:00:00.123456789Z").microsecond == 123456
    for bad in ("2027-12-10", "2027-12-10T15:00:00", "2027-02-30T00:00:00Z", "2027-12-10T25:00:00Z", 5, None, "", "Z"):
        assert shapes.moment(bad) is None
