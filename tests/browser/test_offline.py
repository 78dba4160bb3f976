"""The page that is saved from the site: opened from a file with the network off, it tells genuine links from false ones."""

import json
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates import queries
from lms.certificates.link import mark_of, message
from tests.browser.acting import asked, saved_page
from tests.browser.live import AXE, STANDARD
from tests.certified import Desk

ORDER = 2 ** 252 + 27742317777372353535851937790883648493


@pytest.fixture
def desk(app, world, monkeypatch):
    return Desk(app, world, monkeypatch)


@pytest.fixture
def issued(desk):
    desk.has_earned("ana", "beto")
    ids = desk.issue("ana"), desk.issue("beto", cohort_id=2)

    def of(number):
        with desk.read() as session:
            return queries.one(session, number + 1, ids[number])
    return of


@pytest.fixture
def opened(client_of, chromium, tmp_path):
    """Saves the page as it is today and opens the file, without any network."""
    contexts = []

    def open_(language="es"):
        context, page = saved_page(chromium, client_of("nobody"), tmp_path / f"saved-{len(contexts)}.html", language)
        contexts.append(context)
        return page
    yield open_
    for context in contexts:
        context.close()


def test_a_genuine_link_is_told_with_what_it_can_not_know(issued, opened):
    page, certificate = opened(), issued(0)
    title, text = asked(page, certificate.snapshot.link)
    assert title == "Firma auténtica" and "Ana Pérez Soto" in text and certificate.folio in text
    assert "no constaba anulado" in text and "20 de abril de 2027" in text and "esta página no lo sabe" in text
    for hidden in ("12.531.909", "5,3", "ana@example.org"):
        assert hidden not in text and hidden not in page.content()
    assert page.told == [] and certificate.code not in page.content().replace(page.input_value("#link"), "")


def test_each_other_answer(desk, issued, opened, world, app):
    first, second = issued(0), issued(1)
    early = opened()
    world.later(days=1)
    with desk.read() as session:
        new = queries.one(session, 1, desk.replace(first.id))
    desk.revoke(second.id, cohort_id=2)
    page = opened()
    title, text = asked(page, first.snapshot.link)
    assert title == "Certificado reemplazado" and new.folio in text and "Corrección" not in text
    assert asked(page, second.snapshot.link)[0] == "Certificado anulado"
    assert asked(page, second.snapshot.verify_url)[0] == "Certificado anulado"      # even without signed words
    assert asked(page, new.snapshot.link)[0] == "Firma auténtica"
    assert asked(early, second.snapshot.link)[0] == "Firma auténtica"               # it can not know, and says so
    assert "no se sabe si sigue vigente" in asked(early, new.snapshot.link)[1]
    assert asked(page, new.snapshot.verify_url)[0] == "Sin firma que comprobar"
    for nothing in ("hola", "https://example.org/v/x/y#z", first.snapshot.link[:-30] + "!"):
        assert asked(page, nothing)[0] == "No se pudo leer", nothing
    ring = app.extensions["seals"]
    ring.revoke(ring.ed25519[0], world.now, "robo", world.now)
    last = opened()
    assert asked(last, first.snapshot.link)[0] == "Certificado reemplazado"         # known to be older than the theft
    title, text = asked(last, forged(ring, first, app))
    assert title == "No se pudo comprobar" or title == "Firma falsa"
    assert page.told == early.told == last.told == []


def forged(ring, certificate, app):
    """A link with another name, signed by a key of the thief's own that he names like the school's."""
    folio_code, _, text = certificate.snapshot.link.partition("#")
    told = urlsafe_b64decode(text + "=" * (-len(text) % 4))[:-64].replace(b"Ana", b"Eva")
    sign = Ed25519PrivateKey.generate().sign(message(certificate.folio, certificate.code, told))
    return f"{folio_code}#{urlsafe_b64encode(told + sign).decode().rstrip('=')}"


def test_of_200_changed_links_none_is_accepted(issued, opened):
    page, link, chance = opened(), issued(0).snapshot.link, random.Random(4)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    begin, changed = link.index("/v/") + 3, []
    while len(changed) < 200:
        at = chance.randrange(begin, len(link))
        other = link[:at] + chance.choice(letters) + link[at + 1:]
        if other != link:
            changed.append(other)
    titles = page.evaluate("links => Promise.all(links.map(async link => (await judge(link))[1]))", changed)
    assert set(titles) <= {"Firma falsa", "No se pudo leer", "No se pudo comprobar", "Sin firma que comprobar"}
    assert titles.count("Firma falsa") > 100


def test_the_key_that_was_stolen_is_not_believed(desk, issued, opened, world, app):
    ring, certificate = app.extensions["seals"], issued(0)
    world.later(days=1)
    ring.revoke(ring.ed25519[0], world.now, "robo", world.now)
    page = opened()
    assert asked(page, certificate.snapshot.link)[0] == "Firma auténtica"
    data = json.loads(page.inner_text("#data") or page.evaluate("document.getElementById('data').textContent"))
    (marks,) = data["before"].values()
    assert len(marks) == 2 and mark_of(b"x") not in marks
    page.evaluate("for (const kid in DATA.before) DATA.before[kid] = []")           # as of one made with it afterwards
    title, text = asked(page, certificate.snapshot.link)
    assert title == "Llave revocada" and "sin consultar en línea" in text


def test_its_own_ed25519_agrees_with_openssl_where_webcrypto_has_none(opened, issued):
    page, chance = opened(), random.Random(8032)
    trials = []
    for n in range(40):
        key, said = Ed25519PrivateKey.generate(), chance.randbytes(n * 7)
        public, signature = key.public_key().public_bytes_raw(), key.sign(said)
        at, bit = chance.randrange(64), 1 << chance.randrange(8)
        flipped = signature[:at] + bytes([signature[at] ^ bit]) + signature[at + 1:]
        greater = int.from_bytes(signature[32:], "little") + ORDER                  # the same point, said otherwise
        trials += [(public, said, signature, True), (public, said, flipped, False), (public, said + b"x", signature, False),
                   (public, said, signature[:32] + greater.to_bytes(32, "little"), False),
                   (public, said, signature[:-1], False)]
    trials += [(bytes.fromhex(a), bytes.fromhex(m), bytes.fromhex(s), True) for a, m, s in VECTORS]
    trials += [(b"\xff" * 32, b"", bytes(64), False), (bytes(31), b"", bytes(64), False), (b"\x02" + bytes(31), b"", bytes(64), False)]
    given = [[list(a), list(m), list(s)] for a, m, s, _ in trials]
    ours = page.evaluate("all => all.map(one => verifiesAlone(...one.map(x => new Uint8Array(x))))", given)
    assert ours == [right for *_, right in trials]
    theirs = page.evaluate("all => Promise.all(all.map(one => verifies(...one.map(x => new Uint8Array(x)))))", given)
    assert theirs == ours
    page.evaluate("() => { crypto.subtle.importKey = () => { throw new Error('none') } }")
    assert asked(page, issued(0).snapshot.link)[0] == "Firma auténtica"


VECTORS = [     # RFC 8032, 7.1: tests 1 and 2, and SHA(abc)
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]


@pytest.mark.parametrize("language, title", [("en", "Authentic signature"), ("pt", "Assinatura autêntica")])
def test_it_speaks_three_languages(issued, opened, language, title):
    page = opened(language)
    assert asked(page, issued(0).snapshot.link)[0] == title
    assert page.get_attribute("html", "lang") == language
    page.click("[data-language=es]")
    page.wait_for_function("document.querySelector('#verdict h2').textContent === 'Firma auténtica'")


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(issued, opened, width):
    page = opened()
    page.set_viewport_size({"width": width, "height": 800})
    asked(page, issued(0).snapshot.link)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run({runOnly: " + json.dumps(STANDARD) + "})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_it_also_works_where_it_is_served(issued, site, browse):
    page = browse("nobody").new_page()
    told = []
    page.on("console", lambda said: told.append(said.text))
    page.goto("/verificar/sin-conexion.html")
    assert asked(page, issued(0).snapshot.link)[0] == "Firma auténtica" and told == []
    page.evaluate("document.getElementById('online').href = self.origin === 'null' ? '/verificar' : '/'")
    page.click("#online")                               # it leaves for the site, and shares nothing with it
    page.wait_for_url("**/verificar")
