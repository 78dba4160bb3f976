"""Anyone may ask whether a paper is true; the register answers, never the file, and never a word too many."""

import random
import re
import subprocess
import sys

import pytest
from sqlalchemy import event

from lms.certificates import queries
from lms.certificates.verification import bench
from tests.certified import Desk


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


def text(response):
    return response.get_data(as_text=True)


def title(response):
    return re.search(r"<h1[^>]*>([^<]*)", text(response))[1].strip()


def url(certificate):
    return f"/v/{certificate.folio}/{certificate.code}"


def offer(stranger, content, name="certificado.pdf"):
    """The form as a browser sends it, written by hand: Flask's client leaves a temporary file open for large ones."""
    body = b"".join((
        b'--limit\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n', stranger.token().encode(),
        b'\r\n--limit\r\nContent-Disposition: form-data; name="file"; filename="', name.encode(),
        b'"\r\nContent-Type: application/pdf\r\n\r\n', content, b"\r\n--limit--\r\n"))
    return stranger.post("/verificar/archivo", data=body, content_type="multipart/form-data; boundary=limit")


def check(app, session, content):
    with app.app_context():
        return bench(session).check(content, desk_now(app))


def desk_now(app):
    return app.config["CLOCK"]()


def paper(desk, certificate):
    return desk.shop.store.read(certificate.sha256)


def test_the_page_shows_what_the_paper_must_say_and_no_more(certificate, stranger):
    answer = stranger.get(url(certificate))
    page = text(answer)
    assert title(answer) == "Certificado vigente"
    for said in ("Ana Pérez Soto", certificate.folio, "Diplomado en Cooperación", "54 horas", "20 de abril de 2027",
                 "RUN terminado en 9-2", "Universidad Nacional de Quilmes"):
        assert said in page, said
    for hidden in ("12.531.909", "12531909", "5,3", "cinco coma", "ana@example.org", "7 de 10"):
        assert hidden not in page, hidden
    assert certificate.sha256 in page.replace("<wbr>", "")


def test_no_search_engine_and_no_other_site_learns_the_address(certificate, stranger):
    answer = stranger.get(url(certificate))
    assert answer.headers["X-Robots-Tag"] == "noindex" and 'content="noindex"' in text(answer)
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"


def test_folio_and_code_are_taken_as_people_type_them(certificate, stranger):
    code = " ".join(re.findall("....|..$", certificate.code)).lower().replace("0", "o").replace("1", "l")
    typed = {"folio": certificate.folio.lower().replace("-", " "), "codigo": code}
    answer = stranger.get("/verificar", query_string=typed)
    assert answer.status_code == 303 and answer.location == url(certificate)
    assert stranger.get(f"/v/{certificate.folio.lower()}/{certificate.code.lower()}").status_code == 200


def test_two_figures_swapped_are_caught_before_the_register_is_asked(stranger):
    answer = stranger.get("/verificar?folio=EGL-2027-000132-04&codigo=" + "0" * 26)
    assert answer.status_code == 422 and "Compararlo con el papel" in text(answer)
    assert "EGL-2027-000132-04" in text(answer)             # what was typed is still there to be mended


@pytest.mark.parametrize("typed, says", [
    ("folio=&codigo=", "Escribir el folio"), ("folio=hola&codigo=x", "Un folio es como"),
    ("folio=EGL-2027-000123-04&codigo=corto", "al pie del certificado")])
def test_what_can_not_be_a_folio_or_a_code_is_said_by_its_field(stranger, typed, says):
    answer = stranger.get(f"/verificar?{typed}")
    assert answer.status_code == 422 and says in text(answer)


def test_a_wrong_code_and_an_unknown_folio_are_one_and_the_same_answer(certificate, stranger):
    wrong = ("0" if certificate.code[-1] != "0" else "1")
    bodies = set()
    for path in (f"/v/{certificate.folio}/{certificate.code[:-1]}{wrong}", f"/v/EGL-2027-000123-04/{certificate.code}",
                 f"/v/{certificate.folio}/x", f"/v/hola/{certificate.code}", f"/v/EGL-2027-000001-99/{'0' * 26}"):
        answer = stranger.get(path)
        assert answer.status_code == 404 and title(answer) == "No está en el registro"
        bodies.add(re.sub(r'name="csrf_token" value="[^"]*"', "", text(answer)).replace(path, ""))
    assert len(bodies) == 1


def test_the_code_is_compared_even_when_the_folio_is_unknown(certificate, desk, monkeypatch):
    asked = []
    monkeypatch.setattr(queries, "compare_digest", lambda a, b: asked.append((a, b)) or a == b)
    with desk.read() as session:
        assert queries.found(session, "EGL-2027-000123-04", certificate.code) is None
        assert queries.found(session, certificate.folio, certificate.code).id == certificate.id
        assert queries.found(session, "EGL-2027-000123-04", queries.NOBODYS) is None
    assert len(asked) == 3


def test_the_same_bytes_are_the_certificate(desk, certificate, stranger):
    answer = offer(stranger, paper(desk, certificate), "otro nombre.docx")
    assert answer.status_code == 200 and title(answer) == "Certificado vigente"
    assert "idéntico, byte a byte" in text(answer)


@pytest.mark.parametrize("spoil, called", [
    (lambda p: p + b"\n", "Copia con agregados"), (lambda p: p + b"%%EOF", "Copia con agregados"),
    (lambda p: p + p, "Copia con agregados"), (lambda p: p.replace(b"/Type", b"/Typo", 1), "Copia alterada"),
    (lambda p: p[:-20], "Copia alterada"), (lambda p: p.replace(b"EGL", b"EGX", 1), "Copia alterada"),
    (lambda p: b"x" + p, "Copia alterada")])
def test_a_changed_copy_is_told_from_the_true_one(desk, certificate, stranger, spoil, called):
    answer = offer(stranger, spoil(paper(desk, certificate)))
    assert answer.status_code == 200 and title(answer) == called
    assert url(certificate) in text(answer) and "vigente" not in title(answer)
    assert "Ana Pérez" not in text(answer)


def test_of_500_copies_with_one_byte_changed_none_is_accepted_and_all_are_told_altered(desk, certificate, app):
    true, chance = paper(desk, certificate), random.Random(20270420)
    answers = []
    with desk.read() as session:
        for _ in range(500):
            at, bit = chance.randrange(len(true)), 1 << chance.randrange(8)
            answers.append(check(app, session, true[:at] + bytes([true[at] ^ bit]) + true[at + 1:]))
    assert {a.answer for a in answers} == {"altered"} and all(a.certificate.id == certificate.id for a in answers)


def test_a_byte_changed_where_the_folio_stands_is_found_by_the_second_place_it_stands(desk, certificate, app):
    true = paper(desk, certificate)
    spots = [m.start() + 6 + i for m in re.finditer(b"folio=", true) for i in range(18)] + \
            [m.start() + 5 + i for m in re.finditer(b"code=", true) for i in range(26)]
    assert len(spots) >= 60
    with desk.read() as session:
        for at in spots:
            checked = check(app, session, true[:at] + bytes([true[at] ^ 1]) + true[at + 1:])
            assert checked.answer == "altered", at


def test_a_forged_claim_with_a_wrong_code_learns_nothing(certificate, stranger):
    forged = b"%PDF-1.7\n/Keywords (folio=" + certificate.folio.encode() + b"; code=" + b"0" * 26 + b")"
    answer = offer(stranger, forged)
    assert answer.status_code == 200 and title(answer) == "No es un documento de la Escuela"
    assert certificate.folio not in text(answer) and certificate.code not in text(answer)


def test_another_pdf_is_no_document_of_the_school(stranger):
    assert title(offer(stranger, b"%PDF-1.7\nnothing of ours")) == "No es un documento de la Escuela"


@pytest.mark.parametrize("content, status, says", [
    (b"", 422, "vacío"), (b"\x89PNG\r\n\x1a\n" + b"x" * 2000, 422, "no es un PDF ni una insignia"),
    (b"PK\3\4", 422, "no es un PDF ni una insignia"), (b"%PDF-" + b"x" * (5 << 20), 413, "5 MB")])
def test_what_is_no_paper_is_told_what_to_do(stranger, content, status, says):
    answer = offer(stranger, content)
    assert answer.status_code == status and says in text(answer) and title(answer) == "Verificar un certificado"


def test_no_file_at_all_is_said(stranger):
    assert stranger.send("/verificar/archivo").status_code == 422


def test_revoked_and_replaced_are_told_apart_with_day_and_reason(desk, certificate, stranger, world):
    world.later(days=30)
    with desk.read() as session:
        new = queries.one(session, 1, desk.replace(certificate.id))
    answer = stranger.get(url(certificate))
    assert title(answer) == "Certificado reemplazado" and "20 de mayo de 2027" in text(answer)
    assert "Corrección del nombre" in text(answer) and url(new) in text(answer) and new.folio in text(answer)
    assert title(offer(stranger, paper(desk, certificate))) == "Certificado reemplazado"
    assert title(offer(stranger, paper(desk, certificate) + b" ")) == "Copia con agregados"
    desk.revoke(new.id)
    answer = stranger.get(url(new))
    assert title(answer) == "Certificado anulado" and "Documento mal inscrito" in text(answer)
    assert "No acredita" in text(answer) and title(offer(stranger, paper(desk, new))) == "Certificado anulado"


def test_too_many_questions_in_a_minute_are_asked_to_wait(world, stranger):
    for _ in range(60):
        assert stranger.get("/v/EGL-2027-000123-04/x").status_code == 404
    answer = stranger.get("/v/EGL-2027-000123-04/x")
    assert answer.status_code == 429 and "Esperar" in text(answer)
    assert offer(stranger, b"x").status_code == stranger.get("/verificar?folio=a&codigo=b").status_code == 429
    assert stranger.get("/verificar").status_code == 200            # the page itself is not a question
    world.later(minutes=1)
    assert stranger.get("/v/EGL-2027-000123-04/x").status_code == 404


def test_verifying_never_takes_the_lock_for_writing(desk, certificate, stranger, app):
    said = []
    event.listen(app.extensions["database"].engine, "before_cursor_execute", lambda _c, _k, s, *_: said.append(s))
    offer(stranger, paper(desk, certificate))
    stranger.get(url(certificate))
    assert said and "BEGIN IMMEDIATE" not in said


def test_the_pages_need_no_account_and_no_script(stranger):
    page = text(stranger.get("/verificar"))
    assert 'method="get"' in page and 'type="file"' in page and "Verificar un certificado" in page


def test_a_stranger_s_words_are_never_markup(stranger):
    answer = stranger.get("/verificar", query_string={"folio": "<script>alert(1)</script>", "codigo": '"><b>'})
    assert "<script>alert" not in text(answer) and "<b>&" not in text(answer)


def test_a_web_process_that_only_verifies_never_loads_the_press(app):
    code = "import sys, lms; from lms.certificates import verification, commands; sys.exit('reportlab' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
