"""The office issues, revokes and replaces; the holder downloads; what is promised stays as it was."""

import email
import json
import zipfile
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import event, func, select, update

from lms.certificates import actions, batches, press, queries
from lms.certificates.commands import certificates as command
from lms.certificates.models import Certificate, CertificateEnd, FolioSeries
from lms.cohorts.models import Enrolment
from lms.foundation.audit import AuditLine
from lms.foundation.outbox import OutboxJob, work
from lms.people.models import Person
from lms.people.rules import Refused
from lms.seals.pdf import inspect
from tests.certified import Desk, complete, step_away


@pytest.fixture
def desk(app, world, monkeypatch):
    return Desk(app, world, monkeypatch)


def text(response):
    return response.get_data(as_text=True)


def held(desk, certificate_id):
    with desk.read() as session:
        return queries.one(session, 1, certificate_id) or queries.one(session, 2, certificate_id)


def count(desk, model):
    with desk.read() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_the_office_issues_one_and_the_holder_is_written(desk, world, client_of):
    desk.has_earned("ana")
    olga, ana = client_of("olga"), world.people["ana"]
    asked = text(olga.get(f"/cohortes/1/certificados/emitir?persona={ana}"))
    assert "Ana Pérez Soto" in asked and "RUN 12.531.909-2" in asked and "Emitir 1 certificado" in asked
    assert "hasta el día de su emisión" in asked     # the cohort ends in November, and a paper does not tell of days to come
    answer = olga.send("/cohortes/1/certificados/emitir", {"persona": ana})
    assert answer.status_code == 303 and "emitidos" in answer.location
    page = text(olga.get(answer.location))
    assert "EGL-2027-000001-" in page and "1 certificado emitido." in page
    with desk.read() as session:
        (mail,) = session.scalars(select(OutboxJob).where(OutboxJob.kind == "mail"))
        sent = json.loads(mail.payload)
        assert sent["to"] == "ana@example.org" and "http://localhost/v/EGL-2027-000001-" in sent["text"]
        (line,) = session.scalars(select(AuditLine).where(AuditLine.deed == "certificate.issued"))
        assert line.actor_id == world.people["olga"] and "12531909" not in line.detail


def test_a_double_click_gives_the_same_certificate(desk, world, client_of):
    desk.has_earned("ana")
    olga = client_of("olga")
    for _ in range(2):
        assert olga.send("/cohortes/1/certificados/emitir", {"persona": world.people["ana"]}).status_code == 303
    assert count(desk, Certificate) == 1 and count(desk, OutboxJob) == 1


def test_the_paper_says_what_it_must(desk, world):
    desk.has_earned("ana")
    certificate = held(desk, desk.issue("ana"))
    s = certificate.snapshot
    assert (s.grade, s.grade_words, s.equivalence) == ("5,3", "cinco coma tres", "7 de 10, escala argentina")
    assert s.hours == 54 and s.credits == ("2 SCT-Chile", "2 CRE")
    assert s.modules[0] == ("Cooperación internacional", 27, "5,3")
    assert s.holder_document == "RUN 12.531.909-2" and s.signatories[1][1] == "Rector"
    assert s.institutions[1] == "Universidad Nacional de Quilmes" and s.countries[1] == "República Argentina"
    assert s.verify_url == f"http://localhost/v/{certificate.folio}/{certificate.code}"
    with pikepdf.open(desk.shop.store.path(certificate.sha256)) as pdf:
        assert certificate.folio in str(pdf.docinfo["/Subject"])


def test_an_argentine_cohort_is_graded_in_its_own_scale(desk, world):
    desk.has_earned("beto")
    s = held(desk, desk.issue("beto", 2)).snapshot
    assert (s.grade, s.grade_words, s.equivalence) == ("7", "siete", "5,3 de 7,0, escala chilena")
    assert s.holder_document == "DNI 20.123.456" and s.credits == ("2 CRE", "2 SCT-Chile")


def test_a_module_has_its_own_certificate_and_series(desk, world, client_of):
    desk.verdicts[world.people["ana"]] = step_away()
    desk.confirm("ana")
    olga, asked = client_of("olga"), {"persona": world.people["ana"], "modulo": "G1"}
    assert "Pérez Soto, Ana" in text(olga.get("/cohortes/1/certificados?modulo=G1"))
    assert olga.send("/cohortes/1/certificados/emitir", asked).status_code == 303
    page = text(olga.get("/cohortes/1/certificados?modulo=G1&ver=emitidos"))
    assert "EGM-2027-000001-" in page
    assert "EGM-2027" not in text(olga.get("/cohortes/1/certificados?ver=emitidos"))
    s = held(desk, desk.issue("ana", module="G1")).snapshot
    assert s.kind == "module" and s.module == "Cooperación internacional" and s.hours == 27 and not s.modules
    assert olga.get("/cohortes/1/certificados?modulo=G9").status_code == 404


def test_who_is_not_complete_is_refused_by_what_is_missing(desk, world, client_of):
    desk.verdicts[world.people["ana"]] = step_away()
    olga = client_of("olga")
    assert "4 h de pasantía" in text(olga.get("/cohortes/1/certificados"))
    assert "4 h de pasantía" in text(olga.get(f"/cohortes/1/certificados/emitir?persona={world.people['ana']}"))
    answer = olga.send("/cohortes/1/certificados/emitir", {"persona": world.people["ana"]})
    assert answer.status_code == 409 and "Falta 4 h de pasantía" in text(answer)
    assert count(desk, Certificate) == count(desk, FolioSeries) == count(desk, OutboxJob) == 0


def test_the_name_must_be_confirmed_and_someone_must_sign(desk, world, client_of):
    desk.verdicts[world.people["ana"]] = complete()
    answer = client_of("olga").send("/cohortes/1/certificados/emitir", {"persona": world.people["ana"]})
    assert answer.status_code == 409 and "No ha confirmado el nombre" in text(answer)


def test_someone_else_s_student_is_not_there(desk, world, client_of):
    desk.has_earned("beto")
    olga = client_of("olga")
    assert olga.send("/cohortes/1/certificados/emitir", {"persona": world.people["beto"]}).status_code == 404
    assert count(desk, Certificate) == 0


def test_an_unprintable_name_is_refused_with_the_remedy_before_a_folio_is_taken(desk, world, client_of):
    desk.has_earned("ana", as_printed="Ana Pérez 🏔")
    answer = client_of("olga").send("/cohortes/1/certificados/emitir", {"persona": world.people["ana"]})
    assert answer.status_code == 409 and "Nombre para el certificado" in text(answer) and "Bórrelo" in text(answer)
    assert count(desk, FolioSeries) == count(desk, Certificate) == 0


@pytest.mark.parametrize("name", ['<b>&"ñ', "<img src=/etc/hostname>", "<para>Núñez</para>", "&lt;i&gt;", "%s {0}"])
def test_markup_in_a_name_is_printed_as_it_stands(desk, world, client_of, name):
    desk.has_earned("ana", as_printed=f"Ana {name}")
    certificate = held(desk, desk.issue("ana"))
    with pikepdf.open(desk.shop.store.path(certificate.sha256)) as pdf:
        assert f"Ana {name}" in str(pdf.docinfo["/Title"])
    page = text(client_of("nobody").get(f"/v/{certificate.folio}/{certificate.code}"))
    assert "<b>&" not in page and "<img" not in page


def test_a_promise_stays_as_it_was_when_the_person_s_name_changes(desk, world, client_of):
    desk.has_earned("ana")
    made = desk.issue("ana")
    ana = client_of("ana")
    before = ana.get(f"/mis-certificados/{made}.pdf")
    with desk.write() as session:
        person = session.get(Person, world.people["ana"])
        person.certificate_name, person.surname1 = "Otro Nombre", "Otro"
    after = ana.get(f"/mis-certificados/{made}.pdf")
    assert before.data == after.data and before.data.startswith(b"%PDF-")
    assert "Ana Pérez Soto" in text(ana.get("/mis-certificados"))


def test_the_same_snapshot_is_drawn_to_the_same_bytes(desk, world):
    desk.has_earned("ana")
    certificate = held(desk, desk.issue("ana"))
    assert desk.shop.store.read(certificate.sha256).startswith(press.draw(certificate.snapshot)), "the signature is added behind it"


def test_the_paper_is_a_private_attachment(desk, world, client_of):
    desk.has_earned("ana")
    made = desk.issue("ana")
    folio = held(desk, made).folio
    for who, url in (("ana", f"/mis-certificados/{made}.pdf"), ("olga", f"/cohortes/1/certificados/{made}.pdf")):
        answer = client_of(who).get(url)
        assert answer.mimetype == "application/pdf" and f"{folio}.pdf" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_nobody_gets_another_s_paper(desk, world, client_of):
    desk.has_earned("ana", "beto")
    hers, his = desk.issue("ana"), desk.issue("beto", 2)
    assert client_of("ana").get(f"/mis-certificados/{his}.pdf").status_code == 404
    assert client_of("beto").get(f"/mis-certificados/{hers}.pdf").status_code == 404
    assert "EGL-" not in text(client_of("ivan").get("/mis-certificados"))
    assert client_of("nobody").get(f"/mis-certificados/{hers}.pdf").status_code == 303
    assert client_of("coral").get(f"/cohortes/1/certificados/{hers}.pdf").status_code == 200
    assert client_of("coral").get(f"/cohortes/1/certificados/{his}.pdf").status_code == 404      # by another's cohort
    assert client_of("coral").get(f"/cohortes/2/certificados/{his}.pdf").status_code == 403


@pytest.mark.parametrize("who, status", [("nobody", 303), ("ana", 403), ("ivan", 403), ("coral", 403), ("aldo", 403)])
def test_only_the_office_issues_and_ends(desk, world, client_of, who, status):
    desk.has_earned("ana")
    made = desk.issue("ana")
    client = client_of(who)
    for url in ("/cohortes/1/certificados/emitir", f"/cohortes/1/certificados/{made}/anular",
                f"/cohortes/1/certificados/{made}/reemplazar"):
        assert client.get(url).status_code == status
        assert client.send(url, {"reason": "por qué no", "persona": world.people["ana"]}).status_code == status
    assert held(desk, made).state == "valid"


def test_a_paper_that_changed_on_disk_is_not_handed_out(desk, world, client_of):
    desk.has_earned("ana")
    made = desk.issue("ana")
    path = desk.shop.store.path(held(desk, made).sha256)
    for spoil in (lambda: path.write_bytes(path.read_bytes()[:-1] + b"x"), path.unlink):
        spoil()
        answer = client_of("ana").get(f"/mis-certificados/{made}.pdf")
        assert answer.status_code == 503 and "respaldo" in text(answer)


def test_all_who_are_ready_are_issued_and_each_failure_is_told_by_name(desk, world, client_of):
    ids = desk.add(6)
    with desk.write() as session:
        session.get(Person, ids[2]).certificate_name = "Ana 🏔"
    olga = client_of("olga")
    asked = text(olga.get("/cohortes/1/certificados/emitir"))
    assert "Emitir 6 certificados" in asked and "Queda fuera 1 persona" in asked and "Pérez Soto, Ana" in asked
    answer = olga.send("/cohortes/1/certificados/emitir", {"people": ",".join(map(str, ids))})
    before = olga.get(answer.location)
    assert "0 de 6" in text(before) and before.headers["Refresh"] and "Se están emitiendo" in text(olga.get("/cohortes/1/certificados"))
    work(desk.app)
    after = olga.get(answer.location)
    assert "5 emitidos" in text(after) and "1 sin emitir" in text(after) and "Refresh" not in after.headers
    assert "Persona 2" in text(after).split("Emitidos")[0] and "U+1F3D4" in text(after)
    with desk.read() as session:
        assert sorted(session.scalars(select(Certificate.number))) == [1, 2, 3, 4, 5]


def test_only_those_the_page_showed_are_issued(desk, world, client_of):
    ids = desk.add(3)
    answer = client_of("olga").send("/cohortes/1/certificados/emitir", {"people": f"{ids[0]},{ids[1]},99999,x,-1"})
    work(desk.app)
    assert answer.status_code == 303 and count(desk, Certificate) == 2


def test_asked_twice_a_batch_is_one_and_nobody_is_given_two(desk, world, client_of):
    ids, olga = desk.add(4), client_of("olga")
    first, second = (olga.send("/cohortes/1/certificados/emitir", {"people": ",".join(map(str, ids))}) for _ in range(2))
    assert first.location == second.location
    work(desk.app)
    work(desk.app)
    assert count(desk, Certificate) == 4
    late = olga.send("/cohortes/1/certificados/emitir", {"people": ",".join(map(str, ids))})
    assert late.status_code == 409 and "pudo emitirse ya" in text(late)


def test_a_worker_killed_in_between_leaves_no_gap_and_the_next_goes_on(desk, world, client_of, monkeypatch):
    ids, olga = desk.add(20), client_of("olga")
    answer = olga.send("/cohortes/1/certificados/emitir", {"people": ",".join(map(str, ids))})
    kept, calls = actions.issue_some, []

    def dies(*args):
        calls.append(1)
        found = kept(*args)
        if len(calls) == 2:
            raise SystemExit            # after its papers are drawn, before anything of it is kept
        return found
    monkeypatch.setattr(actions, "issue_some", dies)
    with pytest.raises(SystemExit):
        work(desk.app)
    assert count(desk, Certificate) == batches.HELPING and "8 de 20" in text(olga.get(answer.location))
    with desk.write() as session:       # its lease runs out
        session.execute(update(OutboxJob).values(run_after=world.now))
    work(desk.app)
    with desk.read() as session:
        assert session.scalars(select(Certificate.number).order_by(Certificate.number)).all() == list(range(1, 21))
        assert all(desk.shop.store.holds(digest) for digest in session.scalars(select(Certificate.sha256)))


def test_the_papers_of_a_cohort_come_in_one_archive_with_a_list(desk, world, client_of):
    desk.has_earned("ana")
    made = held(desk, desk.issue("ana"))
    answer = client_of("olga").get("/cohortes/1/certificados.zip")
    archive = zipfile.ZipFile(BytesIO(answer.data))
    assert archive.read(f"{made.folio}.pdf") == desk.shop.store.read(made.sha256)
    assert made.folio in archive.read("lista.csv").decode("utf-8-sig") and client_of("olga").get("/cohortes/2/certificados.zip").status_code == 404


def test_the_office_sees_the_paper_for_any_name_before_one_is_issued(desk, client_of):
    olga = client_of("olga")
    page = text(olga.get("/cohortes/1/certificados/muestra?nombre=Ng"))
    assert "Ng" in page and "Con este nombre no se podría" not in page
    seen = olga.get("/cohortes/1/certificados/muestra/1?nombre=Ng")
    assert seen.mimetype == "image/webp" and seen.data[8:12] == b"WEBP" and olga.get("/cohortes/1/certificados/muestra/9").status_code == 404
    refused = text(olga.get("/cohortes/1/certificados/muestra?nombre=Ana 🏔"))
    assert "Con este nombre no se podría emitir" in refused and "U+1F3D4" in refused
    assert "&lt;b&gt;" in text(olga.get("/cohortes/1/certificados/muestra?nombre=<b>x</b>"))
    assert count(desk, Certificate) == 0 and count(desk, FolioSeries) == 0, "a sample takes no folio"


def test_a_batch_may_be_asked_for_in_english_and_a_replacement_keeps_it(desk, client_of):
    ids, olga = desk.add(2), client_of("olga")
    olga.send("/cohortes/1/certificados/emitir", {"people": ",".join(map(str, ids)), "language": "en"})
    work(desk.app)
    with desk.read() as session:
        (first, *_rest) = session.scalars(select(Certificate.id).order_by(Certificate.id))
    assert held(desk, first).snapshot.language == "en" and held(desk, desk.replace(first)).snapshot.language == "en"
    assert olga.send("/cohortes/1/certificados/emitir", {"people": "1", "language": "xx"}).status_code == 422


def test_the_letter_carries_the_paper(desk, world, app):
    desk.has_earned("ana")
    made = held(desk, desk.issue("ana"))
    work(app)
    (letter,) = (email.message_from_bytes(path.read_bytes()) for path in (app.config["INSTANCE"] / "mail").iterdir())
    (paper,) = [part for part in letter.walk() if part.get_content_type() == "application/pdf"]
    assert paper.get_filename() == f"{made.folio}.pdf" and paper.get_payload(decode=True) == desk.shop.store.read(made.sha256)


def test_what_is_issued_bears_the_school_s_signature(desk, world, app):
    desk.has_earned("ana")
    made = held(desk, desk.issue("ana"))
    found = inspect(desk.shop.store.read(made.sha256), app.extensions["seals"], world.now)
    assert found.sound and len(found.signatures) == 1


def test_revoking_needs_a_reason_is_said_everywhere_and_can_not_be_done_twice(desk, world, client_of):
    desk.has_earned("ana")
    made = desk.issue("ana")
    olga, url = client_of("olga"), f"/cohortes/1/certificados/{made}/anular"
    assert olga.get(url).status_code == 200
    assert olga.send(url, {"reason": ""}).status_code == 422 and held(desk, made).state == "valid"
    assert olga.send(url, {"reason": "Documento mal inscrito"}).status_code == 303
    assert "Documento mal inscrito" in text(olga.get("/cohortes/1/certificados?ver=terminados"))
    again = olga.send(url, {"reason": "Otra vez por si acaso"})
    assert again.status_code == 409 and olga.get(url).status_code == 409
    assert count(desk, CertificateEnd) == 1
    mine = text(client_of("ana").get("/mis-certificados"))
    assert "Anulado" in mine and "Documento mal inscrito" in mine and "Descargar" not in mine


def test_who_had_one_revoked_is_not_given_another_with_the_rest(desk, world, client_of):
    desk.has_earned("ana")
    desk.revoke(desk.issue("ana"))
    olga, ana = client_of("olga"), world.people["ana"]
    assert "Tuvo uno anulado" in text(olga.get("/cohortes/1/certificados?ver=listos"))
    assert olga.send("/cohortes/1/certificados/emitir", {"people": str(ana)}).status_code == 409
    assert count(desk, Certificate) == 1
    assert "se le anuló" in text(olga.get(f"/cohortes/1/certificados/emitir?persona={ana}"))
    assert olga.send("/cohortes/1/certificados/emitir", {"persona": ana}).status_code == 303
    assert count(desk, Certificate) == 2


def test_replacing_prints_what_is_true_today_and_the_old_one_names_the_new(desk, world, client_of):
    desk.has_earned("ana")
    old = desk.issue("ana")
    desk.confirm("ana", "Ana Pérez-Soto Ñáñez")
    olga, url = client_of("olga"), f"/cohortes/1/certificados/{old}/reemplazar"
    page = text(olga.get(url))
    assert "Ana Pérez Soto" in page and "Ana Pérez-Soto Ñáñez" in page
    assert olga.send(url, {"reason": "x"}).status_code == 422
    assert olga.send(url, {"reason": "Corrección del nombre"}).status_code == 303
    ended = held(desk, old)
    new = held(desk, old + 1)
    assert (ended.state, ended.end.by_folio, ended.snapshot.holder_name) == ("replaced", new.folio, "Ana Pérez Soto")
    assert new.state == "valid" and new.snapshot.holder_name == "Ana Pérez-Soto Ñáñez" and new.code != ended.code
    assert olga.send(url, {"reason": "Corrección del nombre"}).status_code == 303     # a double click
    assert count(desk, Certificate) == 2
    mine = text(client_of("ana").get("/mis-certificados"))
    assert mine.count("Descargar el PDF") == 1 and new.folio in mine and f"Lo reemplaza {new.folio}" in mine


def test_replacing_is_refused_when_the_requirements_are_no_longer_met(desk, world, client_of):
    desk.has_earned("ana")
    old = desk.issue("ana")
    desk.verdicts[world.people["ana"]] = step_away()
    answer = client_of("olga").send(f"/cohortes/1/certificados/{old}/reemplazar", {"reason": "Corrección del nombre"})
    assert answer.status_code == 409 and held(desk, old).state == "valid" and count(desk, Certificate) == 1


def test_nothing_of_the_register_is_ever_changed_or_deleted(desk, world):
    desk.has_earned("ana")
    desk.revoke(desk.issue("ana"))
    for model, change in ((Certificate, {"code": "x"}), (CertificateEnd, {"reason": "x"})):
        for deed in ("change", "delete"):
            with pytest.raises(RuntimeError, match="never changed"), desk.write() as session:
                row = session.scalars(select(model)).one()
                if deed == "change":
                    for name, value in change.items():
                        row.__setattr__(name, value)
                else:
                    session.delete(row)


def test_a_withdrawn_student_is_refused(desk, world):
    desk.has_earned("ana")
    with desk.write() as session:
        enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == world.people["ana"])).one()
        enrolment.withdrawn_at = world.now
    with pytest.raises(Refused, match="se retiró"):
        desk.issue("ana")


def test_the_holder_s_page_costs_few_statements(desk, world, client_of, app):
    desk.has_earned("ana")
    desk.replace(desk.issue("ana"))
    ana, said = client_of("ana"), []
    ana.get("/inicio")                              # what the menu asks once a process
    event.listen(app.extensions["database"].engine, "before_cursor_execute",
                 lambda _c, _k, statement, *_: said.append(statement))
    ana.get("/mis-certificados")
    assert len([s for s in said if not s.startswith(("BEGIN", "PRAGMA"))]) <= 3, said      # who, theirs, where they study


def run(app, *words):
    result = app.test_cli_runner().invoke(command, words)
    return result.exit_code, result.output


def test_the_command_issues_for_a_cohort_and_says_who_is_left_out(app, desk, world):
    desk.add(3)
    status, said = run(app, "issue", "--cohort", "cl-2027", "--dry-run")
    assert status == 0 and "3 would be issued" in said and count(desk, Certificate) == 0
    status, said = run(app, "issue", "--cohort", "CL-2027", "--json")
    told = json.loads(said)
    assert status == 0 and len(told["issued"]) == 3 and told["left_out"][0]["person"] == "Ana Pérez Soto"
    assert run(app, "issue", "--cohort", "CL-2027") == (
        0, "Ana Pérez Soto: left out: aprobar G1, G2; 12 h de seminario; 20 h de pasantía; confirmar el nombre "
           "del certificado\n0 issued, 0 failed, 1 left out.\n")
    assert run(app, "issue", "--cohort", "nada")[0] == 1
    assert "has no module" in run(app, "issue", "--cohort", "CL-2027", "--module", "G9")[1]


def test_the_command_tells_of_a_file_and_of_a_folio(app, desk, world, tmp_path):
    desk.has_earned("ana")
    made = desk.issue("ana")
    certificate = held(desk, made)
    file = tmp_path / "recibido.pdf"
    true = desk.shop.store.read(certificate.sha256)
    for content, exit_code, says in ((true, 0, "VALID"), (true + b"\n", 1, "NOT AS ISSUED"),
                                     (true.replace(b"/Type", b"/Typo", 1), 1, "ALTERED"), (b"%PDF-1.4 nada", 1, "UNKNOWN"),
                                     (b"hola", 1, "NEITHER PDF NOR BADGE"), (b"", 1, "NEITHER PDF NOR BADGE")):
        file.write_bytes(content)
        status, said = run(app, "verify", str(file))
        assert (status, said.split(":")[0]) == (exit_code, says)
    file.write_bytes(true)
    new = held(desk, desk.replace(made))
    status, said = run(app, "verify", str(file), "--json")
    assert status == 1 and json.loads(said)["replaced_by"] == new.folio
    desk.revoke(new.id)
    file.write_bytes(desk.shop.store.read(new.sha256))
    assert run(app, "verify", str(file))[1].startswith("REVOKED")
    assert "Documento mal inscrito" in run(app, "show", new.folio.lower().replace("-", " "))[1]
    assert run(app, "show", "EGL-2027-000999-04")[0] == 1 and "papel" in run(app, "show", "EGL-2027-000132-04")[1]


def test_a_demonstration_says_so_on_each_paper(app, desk, world, client_of):
    app.config["DEMO"] = True
    desk.has_earned("ana")
    client_of("olga").send("/cohortes/1/certificados/emitir", {"persona": world.people["ana"]})
    with desk.read() as session:
        assert queries.of_cohort(session, 1, "final")[0].snapshot.notice == "Documento de demostración, sin valor."


def test_the_pdf_of_a_long_name_is_still_one_that_opens(desk, world):
    desk.has_earned("ana", as_printed="María Fernanda Graciela de los Ángeles Ñancupil Etchegaray-Muñoz")
    with pikepdf.open(BytesIO(desk.shop.store.read(held(desk, desk.issue("ana")).sha256))) as pdf:
        assert len(pdf.pages) == 2
