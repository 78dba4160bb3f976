"""Handing in a task: text and files, versions and receipt; what is refused, and with what words."""

import io
import re
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from lxml import html
from sqlalchemy import select

from lms.attempts import queries
from lms.attempts.models import Submission, SubmissionFile
from lms.foundation.audit import AuditLine
from lms.foundation.stores import Folder
from lms.people.models import Person
from tests.web.test_attempts import statements, words

TASK = "/cohortes/1/modulos/G1/tarea"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
DUE_LAST_SECOND = {"month": 5, "day": 4, "hour": 3, "minute": 0, "second": 59}      # 3 May 2027, 23:00:59 in Chile


def docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


def attached(*files):
    return {"archivos": [(io.BytesIO(content), name) for name, content in files]}


@pytest.fixture
def ana(client_of):
    return client_of("ana")


@pytest.fixture
def rows(app):
    def read(query):
        with app.extensions["database"].reading() as session:
            return [tuple(row) for row in session.execute(query)]
    return read


def test_the_page_says_what_is_asked_by_which_rubric_until_when_and_what_lateness_costs(ana):
    text = words(ana.get(TASK))
    assert "Entregue una ficha de una página." in text and "4 criterios, 12 puntos en total" in text
    assert "Pertinencia · 3 puntos" in text and "Destacado en pertinencia." in text
    assert "lunes 3 de mayo de 2027, 23:00" in text
    assert "Cada día o parte de día descuenta 0,5 puntos de la nota. Después de 3 días no se recibe." in text
    assert "PDF, DOCX. Hasta 3 archivos, de hasta 10 MB cada uno." in text


def test_a_reader_elsewhere_sees_both_clocks(ana, app, world):
    with app.extensions["database"].transaction() as session:
        session.get(Person, world.people["ana"]).time_zone = "America/Argentina/Buenos_Aires"
    assert "23:00 h Chile · 00:00 h su hora, martes 4" in words(ana.get(TASK))


def test_text_and_files_are_kept_and_the_receipt_can_be_verified(ana, app, rows, world):
    files = attached(("ficha año.pdf", PDF), ("b.docx", docx()))
    response = ana.send(TASK, {"texto": "Mi ficha,\r\nen dos líneas.", **files})
    assert response.status_code == 303
    page = ana.get(response.location)
    document = html.document_fromstring(page.get_data(as_text=True))
    number, canonical = document.find_class("hash")[0].text, document.find(".//pre").text_content()
    assert sha256(canonical.encode()).hexdigest() == number
    assert "texto " + sha256("Mi ficha,\nen dos líneas.".encode()).hexdigest() in canonical
    assert f"archivo {sha256(PDF).hexdigest()} {len(PDF)} ficha año.pdf" in canonical
    assert "martes 20 de abril de 2027, 1" in words(page) and "A tiempo" in words(page)
    ((deed, detail),) = rows(select(AuditLine.deed, AuditLine.detail).where(AuditLine.deed == "task.handed_in"))
    assert number in detail and "ficha" not in detail
    assert app.extensions["files"].read(sha256(PDF).hexdigest()) == PDF


def test_versions_are_kept_and_the_last_is_the_fact(ana, app, world):
    for n in (1, 2, 3):
        ana.send(TASK, {"texto": f"Versión {n}"})
        world.later(hours=1)
    assert re.findall(r"Versión \d", words(ana.get(TASK))) == ["Versión 3", "Versión 2", "Versión 1"]
    with app.extensions["database"].reading() as session:
        (fact,) = queries.submission_facts(session, 1)
        assert (fact.version, fact.id) == (3, 3)
        view = queries.submission(session, 1, 1)
        assert view.text == "Versión 1" and [v.version for v in view.versions] == [1, 2, 3]
        assert [item.submission_id for item in queries.waiting(session, [(1, None)])] == [3]
    assert "ver la última" in words(ana.get("/cohortes/1/entregas/1"))


def test_the_same_work_sent_twice_is_one_version(ana, rows):
    first = ana.send(TASK, {"texto": "Lo mismo", **attached(("a.pdf", PDF))})
    again = ana.send(TASK, {"texto": "Lo mismo", **attached(("a.pdf", PDF))})
    assert first.location == again.location and len(rows(select(Submission.id))) == 1


def test_the_deadlines_minute_is_in_time_and_the_next_is_a_day_late(ana, world):
    world.now = world.now.replace(**DUE_LAST_SECOND) + timedelta(milliseconds=900)
    assert "A tiempo" in words(ana.get(ana.send(TASK, {"texto": "a"}).location))
    world.later(seconds=1)
    assert "Entregar con 1 día de atraso" in words(ana.get(TASK))
    assert "La versión 1 llegó antes" in words(ana.get(TASK))
    assert "1 día tarde" in words(ana.get(ana.send(TASK, {"texto": "b"}).location))


def test_after_the_late_days_it_is_refused_with_the_reason_and_the_text_is_shown_again(ana, world, rows):
    world.now = world.now.replace(**DUE_LAST_SECOND) + timedelta(days=3)
    assert ana.send(TASK, {"texto": "último minuto"}).status_code == 303
    world.later(seconds=2)
    refused = ana.send(TASK, {"texto": "llegué tarde"})
    assert refused.status_code == 409 and "Ya no se reciben entregas" in words(refused)
    assert "llegué tarde" in words(refused) and len(rows(select(Submission.id))) == 1


def test_a_locked_module_takes_nothing_and_says_why(ana, rows):
    refused = ana.send("/cohortes/1/modulos/G2/tarea", {"texto": "temprano"})
    assert refused.status_code == 409 and "Todavía no se puede entregar" in words(refused)
    assert rows(select(Submission.id)) == []
    assert "ficha de una página" not in words(ana.get("/cohortes/1/modulos/G2/tarea"))


@pytest.mark.parametrize(("files", "message"), [
    ([("virus.pdf", b"MZ\x90\x00" + b"\0" * 300)], "«virus.pdf» dice ser pdf, pero su contenido no lo es"),
    ([("nota.exe", b"MZ\x90\x00" + b"\0" * 300)], "«nota.exe» no es de un tipo que se reciba aquí"),
    ([("sin-tipo", PDF)], "«sin-tipo» no es de un tipo que se reciba aquí"),
    ([("texto.pdf", b"hola")], "dice ser pdf, pero su contenido no lo es"),
    ([("pagina.pdf", b"<html><script>alert(1)</script></html>")], "dice ser pdf, pero su contenido no lo es"),
    ([("hoja.docx", PDF)], "dice ser docx, pero su contenido no lo es"),
    ([("vacío.pdf", b"")], "«vacío.pdf» está vacío"),
    ([(f"{n}.pdf", PDF) for n in range(4)], "Se adjuntaron 4 archivos y se reciben 3"),
    ([], "Escriba un texto o adjunte al menos un archivo"),
])
def test_what_may_not_be_handed_in_is_refused_with_what_to_do(ana, rows, app, files, message):
    refused = ana.send(TASK, attached(*files))
    assert refused.status_code == 422 and message in words(refused)
    assert rows(select(Submission.id)) == [] and not list(app.extensions["files"].folder.rglob("*.*"))


def test_all_faults_are_told_at_once_and_the_text_is_not_lost(ana):
    refused = ana.send(TASK, {"texto": "Mi texto largo", **attached(("a.exe", b"MZ"), ("b.pdf", b""), ("c.pdf", b"x"))})
    listed = html.document_fromstring(refused.get_data(as_text=True)).find_class("error-list")[0]
    assert len(listed.findall(".//li")) == 3
    assert "Mi texto largo" in html.document_fromstring(refused.get_data(as_text=True)).findtext(".//textarea")


def test_a_text_longer_than_what_is_taken_is_refused(ana):
    refused = ana.send(TASK, {"texto": "ñ" * 100_001})
    assert refused.status_code == 422 and "Tiene 100001 caracteres" in words(refused)


def raw(client, *files):
    """A form with files, as bytes: the test client would spool large ones to a file that it leaves open."""
    parts = [f'--xxx\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{client.token()}\r\n'.encode()]
    for content, name in files:
        head = f'--xxx\r\nContent-Disposition: form-data; name="archivos"; filename="{name}"\r\n\r\n'.encode()
        parts += [head, content, b"\r\n"]
    return {"data": b"".join([*parts, b"--xxx--\r\n"]), "content_type": "multipart/form-data; boundary=xxx"}


def test_a_file_over_the_tasks_limit_is_refused_by_name(ana, rows):
    refused = ana.post(TASK, **raw(ana, (PDF + b"\0" * (10 << 20), "grande.pdf")))
    assert refused.status_code == 422 and "«grande.pdf» pesa 11 MB y el límite es 10 MB" in words(refused)
    assert ana.post(TASK, **raw(ana, (PDF + b"\0" * ((10 << 20) - len(PDF)), "justo.pdf"))).status_code == 303


def test_more_than_the_server_takes_is_413(ana):
    refused = ana.post(TASK, **raw(ana, *[(PDF + b"\0" * (12 << 20), f"{n}.pdf") for n in range(3)]))
    assert refused.status_code == 413 and "demasiado grande" in words(refused)


@pytest.mark.parametrize(("sent", "kept"), [
    ("../../../etc/passwd.pdf", "passwd.pdf"), ("/tmp/x/ficha.pdf", "ficha.pdf"),
    ("<img src=x onerror=alert(1)>.pdf", "img src=x onerror=alert(1).pdf")])
def test_a_path_or_markup_in_a_files_name_is_dropped(ana, rows, sent, kept):
    assert ana.send(TASK, attached((sent, PDF))).status_code == 303
    assert rows(select(SubmissionFile.name)) == [(kept,)]


def test_ones_own_file_comes_back_whole_as_an_attachment_that_runs_nothing(ana):
    ana.send(TASK, attached(("ficha año.pdf", PDF)))
    response = ana.get("/cohortes/1/archivos/1")
    assert response.data == PDF and response.headers["Content-Length"] == str(len(PDF))
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"ficha a_o.pdf\"; filename*=UTF-8''ficha%20a%C3%B1o.pdf")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]


def test_nobody_else_finds_a_file_or_a_receipt(ana, client_of):
    ana.send(TASK, {"texto": "x", **attached(("a.pdf", PDF))})
    beto = client_of("beto")
    for part in ("archivos/1", "entregas/1"):
        assert ana.get(f"/cohortes/1/{part}").status_code == 200
        assert beto.get(f"/cohortes/1/{part}").status_code == 403
        assert beto.get(f"/cohortes/2/{part}").status_code == 404
        assert ana.get(f"/cohortes/2/{part}").status_code == 403
        assert client_of("nobody").get(f"/cohortes/1/{part}").status_code == 303


def test_hostile_text_is_shown_as_text(ana):
    location = ana.send(TASK, {"texto": "<script>alert(1)</script>\0 {% x %}"}).location
    page = ana.get(location).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


@pytest.mark.parametrize("extra", ["version", "handed_in_at", "due_at", "person_id", "receipt", "module"])
def test_no_other_field_is_believed(ana, rows, world, extra):
    ana.send(TASK, {"texto": "x", extra: "2"})
    assert rows(select(Submission.version, Submission.person_id, Submission.module)) == [(1, world.people["ana"], "G1")]


def test_task_pages_cost_at_most_six_statements(ana, app):
    ana.send(TASK, {"texto": "x", **attached(("a.pdf", PDF))})
    for url in (TASK, "/cohortes/1/entregas/1", "/cohortes/1/archivos/1"):
        with statements(app) as seen:
            assert ana.get(url).status_code == 200
        assert len(seen) <= 6, (url, seen)


def test_storing_a_file_holds_no_write_lock(ana, app, monkeypatch):
    free = []
    put = Folder.put

    def watched(store, stream, most):
        with app.extensions["database"].transaction():
            free.append(True)
        return put(store, stream, most)
    monkeypatch.setattr(Folder, "put", watched)
    assert ana.send(TASK, attached(("a.pdf", PDF))).status_code == 303 and free == [True]
