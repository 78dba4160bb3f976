"""Actas and transcripts at the door where anybody asks whether a paper is true: the same door as certificates'."""

import re

import pytest

from lms.certificates.telling import facts_of
from lms.certificates.verification import bench
from tests.actas import F, Registry
from tests.web.test_verify import offer, text, title

GRADE = F(3, 10)


@pytest.fixture
def registry(app, world, monkeypatch):
    registry = Registry(app, world, monkeypatch, seal=True)
    registry.set("ana", "G1", F(82, 100))
    return registry


@pytest.fixture
def stranger(client_of):
    return client_of("nobody")


@pytest.fixture
def acta(registry):
    return registry.view(registry.closed()).closed


def url(acta):
    return f"/a/{acta.folio}/{acta.code}"


def paper(registry, acta):
    return registry.desk.store.read(acta.paper_sha256)


def test_folio_and_code_of_an_acta_lead_to_its_page(acta, stranger):
    code = " ".join(re.findall("....|..$", acta.code)).lower()
    answer = stranger.get("/verificar", query_string={"folio": acta.folio.lower(), "codigo": code}, follow_redirects=True)
    assert answer.request.path == url(acta) and answer.status_code == 200 and acta.sha256 in text(answer)
    assert answer.headers["X-Robots-Tag"] == "noindex" and answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_wrong_code_or_folio_of_an_acta_is_the_one_answer_of_the_register(acta, stranger):
    for path in (f"/v/{acta.folio}/{'0' * 26}", f"/v/EGA-2027-000009-97/{acta.code}"):
        answer = stranger.get(path)
        assert answer.status_code == 404 and title(answer) == "No está en el registro"
    answer = stranger.get(f"/a/{acta.folio}/{'0' * 26}")
    assert answer.status_code == 404 and "Ninguna acta de la Escuela" in text(answer)


@pytest.mark.parametrize("language, says", [("es", "sus dos últimas cifras"), ("pt", "dois últimos algarismos"),
                                            ("en", "its last two figures")])
def test_wrong_check_figures_are_told_by_name(acta, stranger, language, says):
    wrong = f"{acta.folio[:-2]}{(int(acta.folio[-2:]) + 1) % 100:02}"
    for path in (f"/verificar?folio={wrong}&codigo={acta.code}", f"/a/{wrong}/{acta.code}"):
        answer = stranger.get(path, headers={"Accept-Language": language})
        assert answer.status_code in (404, 422) and says in text(answer), path


def test_the_file_that_was_closed_is_known_and_no_grade_is_told(registry, acta, stranger):
    answer = offer(stranger, paper(registry, acta))
    page = text(answer)
    assert answer.status_code == 200 and acta.folio in page and "idéntico, byte a byte" in page and "Vigente" in page
    for hidden in ("Ana", "5,7", "ana@example.org"):
        assert hidden not in page, hidden


def test_a_rectified_acta_says_which_one_holds(registry, acta, stranger):
    later = registry.view(registry.rectified(acta.acta_id, "ana", GRADE)).closed
    page = text(offer(stranger, paper(registry, acta)))
    assert "Rectificada" in page and later.folio in page
    assert "Vigente" in text(offer(stranger, paper(registry, later)))


@pytest.mark.parametrize("spoil, called", [
    (lambda p: p + b"\n", "Copia de un acta con agregados"), (lambda p: p.replace(b"/Type", b"/Typo", 1), "Copia alterada de un acta"),
    (lambda p: p[:-20], "Copia alterada de un acta")])
def test_a_changed_copy_of_an_acta_is_told_from_it(registry, acta, stranger, spoil, called):
    answer = offer(stranger, spoil(paper(registry, acta)))
    assert answer.status_code == 200 and title(answer) == called and url(acta) in text(answer)


def test_a_transcript_is_known_by_its_seal_and_its_day(registry, acta, client_of, stranger):
    file = client_of("ana").get("/cohortes/1/concentracion.pdf").data
    answer = offer(stranger, file)
    page = text(answer)
    assert answer.status_code == 200 and title(answer) == "Concentración de notas de la Escuela"
    assert "20 de abril de 2027" in page and "Ana" not in page
    assert title(offer(stranger, file.replace(b"transcript=2027", b"transcript=2026", 1))) == "Copia alterada"
    forged = b"%PDF-1.7\n/Keywords (transcript=2027-04-20)"
    assert title(offer(stranger, forged)) == "No es un documento de la Escuela"


def test_programs_are_told_the_same(registry, acta, app, world):
    with registry.read() as session, app.app_context():
        finding = bench(session).check(paper(registry, acta), world.now)
        told = facts_of(finding)
    assert told["answer"] == "acta" and told["acta"] == acta.folio and told["rectified_by"] is None
    assert [one["ours"] for one in told["signatures"]] == [True]
