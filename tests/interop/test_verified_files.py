"""Whatever a stranger gives the verification page: forged papers, signed and stamped ones, badges good and forged."""

import json
import random
import time
from datetime import timedelta
from io import BytesIO

import pytest

from lms.badges import queries as badges
from lms.badges.baking import bake_png
from lms.certificates import queries
from lms.certificates.badges import facts_of
from lms.certificates.checking import Bench
from lms.certificates.models import Certificate
from lms.certificates.queries import DatabaseRegister
from lms.seals.models import SealStamp
from lms.seals.pdf import extend
from tests.badged import forgeries as forged_badges
from tests.certified import Desk
from tests.forged_pdf import NAMED, Forger, flipped, mixed
from tests.hostile import SCRIPTS
from tests.interop.test_outside_signatures import Certifier
from tests.rules.test_paper import FINAL
from tests.sealing import DAY, NOW, ring_in, sealed
from tests.tsa import Authority, served
from tests.web.test_verify import offer, paper, text, title, url

SECONDS = 5


@pytest.fixture
def desk(app, world, monkeypatch):
    return Desk(app, world, monkeypatch)


@pytest.fixture
def certificate(desk):
    desk.has_earned("ana")
    made = desk.issue("ana")
    with desk.read() as session:
        return queries.one(session, 1, made)


@pytest.fixture
def stranger(client_of):
    return client_of("nobody")


@pytest.fixture
def pace(app):
    """Verifies again and again without being asked to wait."""
    return lambda: app.extensions["verification_pace"].counts.clear()


# Papers

def test_of_more_than_200_forgeries_of_a_known_paper_none_is_accepted(app, world, tmp_path):
    """Made with the school's own keys; the genuine paper is in the register, so that its hash and claims are known."""
    forger, store = Forger(tmp_path / "forger"), app.extensions["files"]
    with app.extensions["database"].transaction() as session:
        for one in forger.genuine[:1]:
            session.add(Certificate(series="EGL", year=2027, number=123, folio=FINAL.folio, code=FINAL.code, kind="final",
                                    module=None, cohort_id=1, person_id=1, snapshot=FINAL.to_json(),
                                    sha256=store.put(BytesIO(one), 1 << 20).sha256, issued_at=NOW, issued_by=None))
    accepted, answers, slowest, made = [], {}, 0.0, 0
    chance = random.Random(20271122)
    with app.app_context(), app.extensions["database"].reading() as session:
        bench = Bench(DatabaseRegister(session, store), forger.ring, badges.own(badges.issuing("http://localhost"), badges.ring()))
        for pdf in forger.genuine[:4]:
            found = bench.check(pdf, NOW + 10 * DAY)
            assert found.answer == "valid" and found.inspection.sound
        trials = [(family.__name__ + " " + name, pdf) for family in NAMED for name, pdf in family(forger)]
        trials += [("flipped", flipped(chance.choice(forger.genuine[:4]), chance)) for _ in range(200)]
        trials += [mixed(forger, chance) for _ in range(100)]
        for name, pdf in trials:
            if pdf in forger.genuine:
                continue
            began, made = time.process_time(), made + 1
            found = bench.check(pdf, NOW + DAY)
            slowest = max(slowest, time.process_time() - began)
            answers[found.answer] = answers.get(found.answer, 0) + 1
            if found.genuine and not found.signers:
                accepted.append(name)
            if found.signers:
                assert pdf.startswith(forger.plain), name       # told with the signer's name, as signed outside
    assert accepted == [] and made >= 400 and slowest < SECONDS, (slowest, answers)
    assert answers["altered"] > 200 and answers["appended"] > 100 and answers.get("valid", 0) <= 2, answers


def test_what_the_page_says_of_a_paper_s_signature(desk, certificate, stranger):
    page = text(offer(stranger, paper(desk, certificate)))
    assert "Lo que se comprobó" in page and "íntegra, que cubre todo el documento" in page
    assert "La huella SHA-256 del archivo es la que está en el registro" in page and 'href="/llaves"' in page
    page = text(offer(stranger, paper(desk, certificate) + b"\n% more\n"))
    assert "Copia con agregados" in page and "pero no cubre todo el archivo" in page and "se le agregó algo" in page


def test_a_later_time_stamped_version_is_the_same_paper(desk, certificate, stranger, app, tmp_path):
    ring, authority = app.extensions["seals"], Authority()
    authority.now = desk.world.now + timedelta(hours=1)
    with served(authority) as address:
        authority.anchor(ring.anchors)
        stamped = extend(paper(desk, certificate), ring, authority.now, address, "B-T")
    desk.world.later(days=1)
    answer = offer(stranger, stamped)                   # not in the register, and yet nothing but a known stamp
    assert title(answer) == "Certificado vigente" and "Sello de tiempo de Autoridad de tiempo de prueba" in text(answer)
    stored = app.extensions["files"].put(BytesIO(stamped), 1 << 20)
    with desk.write() as session:
        session.add(SealStamp(original=certificate.sha256, number=1, sha256=stored.sha256, size=stored.size, level="B-T",
                              stamped_at=authority.now, until=None))
    answer = offer(stranger, stamped)
    assert title(answer) == "Certificado vigente" and "sello de tiempo agregado después" in text(answer)
    desk.revoke(certificate.id)
    assert title(offer(stranger, stamped)) == "Certificado anulado"
    assert title(offer(stranger, stamped[:-9])) == "Copia con agregados"


def test_a_paper_signed_outside_afterwards_is_told_with_its_signer(desk, certificate, stranger):
    certifier = Certifier()
    signed = certifier.sign(paper(desk, certificate))
    answer = offer(stranger, signed)
    assert title(answer) == "Certificado vigente" and "no se comprueba quién lo respalda" in text(answer)
    assert "idéntico, byte a byte" not in text(answer) and "Firma agregada por «" in text(answer)
    assert title(offer(stranger, signed + b"\n% more\n")) == "Copia con agregados"


def test_a_foreign_signature_in_the_school_s_name(desk, certificate, stranger, app, tmp_path):
    twin = ring_in(tmp_path / "twin", app.extensions["seals"].institution.name)
    answer = offer(stranger, sealed(twin))
    assert title(answer) == "Firma falsa con el nombre de la Escuela" and "No aceptarlo" in text(answer)
    assert title(offer(stranger, sealed(ring_in(tmp_path / "other", "Otra Escuela")))) == "No es un documento de la Escuela"
    assert title(offer(stranger, sealed(app.extensions["seals"], desk.world.now))) == "De la Escuela, pero no es un certificado del registro"


def test_a_paper_of_a_key_revoked_later_stays_good_by_the_register(desk, certificate, stranger, app, world):
    ring = app.extensions["seals"]
    world.later(days=5)
    ring.revoke(ring.pdf_signer(world.now).kid, world.now, "robo", world.now)
    assert "íntegra, que cubre todo el documento" in text(offer(stranger, paper(desk, certificate)))


# Badges

@pytest.fixture
def forms(app, certificate):
    """The badge of Ana's certificate in each form."""
    ring = app.extensions["seals"]
    facts = facts_of(certificate, "ana@example.org", badges.issuing("http://localhost", app))
    return {"json": badges.as_json(facts, ring).encode(), "jwt": badges.as_jwt(facts, ring).encode(),
            "png": badges.baked(facts, ring, "png"), "svg": badges.baked(facts, ring, "svg")}


def test_a_badge_in_every_form_leads_to_its_certificate(desk, certificate, stranger, forms):
    for form, content in forms.items():
        answer = offer(stranger, content, f"insignia.{form}")
        assert title(answer) == "Certificado vigente", form
        assert "La insignia es auténtica" in text(answer) and certificate.folio in text(answer)
    with desk.read() as session:
        new = queries.one(session, 1, desk.replace(certificate.id))
    answer = offer(stranger, forms["png"])
    assert title(answer) == "Certificado reemplazado" and url(new) in text(answer)


def test_forged_badges_are_named_and_none_accepted(app, stranger, forms, pace):
    count = 0
    for name, content, *_ in forged_badges():
        pace()
        answer = offer(stranger, content if isinstance(content, bytes) else content.encode())
        assert answer.status_code in (200, 413, 422) and title(answer) != "Certificado vigente", name
        count += 1
    assert count > 150


@pytest.mark.parametrize("change, says", [
    (lambda d: {**d, "name": "Doctorado"}, "La firma no corresponde al contenido"),
    (lambda d: {k: v for k, v in d.items() if k != "proof"}, "No trae firma"),
    (lambda d: {**d, "nota": "7,0"}, "Trae datos que ninguna firma cubre")])
def test_what_is_wrong_with_a_badge_is_said(stranger, forms, certificate, change, says):
    answer = offer(stranger, json.dumps(change(json.loads(forms["json"]))).encode())
    assert title(answer) == "Insignia que no vale" and says in text(answer)
    assert "Ana Pérez" not in text(answer)


def test_a_badge_of_others_and_a_picture_without_one(stranger, forms, app):
    other = json.dumps({**json.loads(forms["json"]), "issuer": {"id": "did:web:evil.example", "type": "Profile"}}).encode()
    assert title(offer(stranger, other)) == "No es una insignia de la Escuela"
    assert title(offer(stranger, bake_png(badges.picture("module", "png"), other.decode()))) == "No es una insignia de la Escuela"
    answer = offer(stranger, badges.picture("module", "png"))
    assert answer.status_code == 422 and "no es un PDF ni una insignia" in text(answer)


# Bounds and languages

def test_hostile_files_get_an_answer_in_bounded_time(stranger, desk, certificate, forms, pace):
    true = paper(desk, certificate)
    files = {"ranges": b"%PDF-1.7\n" + b"/ByteRange [0 10 20 30] " * 200_000, "claims": b"folio=EGL-2027-000123-04; code=" * 150_000,
             "revisions": true + b"\n/ByteRange [0 1 2 3]startxref" * 100_000, "zeros": bytes(5 << 20),
             "braces": b"{" * (4 << 20), "brackets": b'{"a":' + b"[" * (4 << 20), "jwt": b"ey" + b"A" * (4 << 20) + b".A.A",
             "long": forms["json"][:-1] + b',"x":"' + b"y" * (4 << 20) + b'"}', "names": json.dumps(
                 {**json.loads(forms["json"]), **{f"n{i}": i for i in range(100_000)}}).encode(),
             "many": true + true * 60, "signed": true[:-8] + b"/ByteRange [0 100 200 %d]" % (len(true) - 400) * 5000}
    for name, content in {**files, **dict(enumerate(SCRIPTS))}.items():
        pace()
        content = content if isinstance(content, bytes) else str(content).encode()
        began = time.process_time()
        answer = offer(stranger, content)
        assert answer.status_code in (200, 413, 422), name
        assert title(answer) not in ("Certificado vigente",), name
        assert time.process_time() - began < SECONDS, name


@pytest.mark.parametrize("language, said", [
    ("en", ("What was checked", "intact, covering the whole document")),
    ("pt", ("O que foi verificado", "íntegra, que cobre todo o documento"))])
def test_it_is_said_in_three_languages(desk, certificate, stranger, language, said):
    stranger.set_cookie("language", language)
    page = text(offer(stranger, paper(desk, certificate)))
    for words in said:
        assert words in page
    assert "Lo que se" not in page and "huella" not in page
    for content in (paper(desk, certificate) + b" ", b'{"type": 1}', b"%PDF-1.7"):
        assert "La firma" not in text(offer(stranger, content))
