"""An acta goes its way once: open, presented, signed by each with their password, closed with folio; then it stands."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from fractions import Fraction as F
from types import SimpleNamespace

import pytest

from lms.actas import heads, queries, witnesses
from lms.actas.models import Acta, ActaSignature, ClosedActa
from lms.actas.rules import folio
from lms.foundation import outbox
from lms.foundation.outbox import OutboxJob
from lms.grading import policies
from lms.people.rules import Refused
from lms.seals.pdf import inspect
from lms.seals.queries import ring
from tests.actas import Registry
from tests.looking import statements
from tests.world import PASSWORD


@pytest.fixture
def registry(app, world, monkeypatch):
    registry = Registry(app, world, monkeypatch)
    registry.set("ana", "G1", F(82, 100))
    registry.set("beto", "G1", F(4, 10))
    return registry


def closed(registry, cohort_id=1):
    with registry.read() as session:
        return queries.closed(session, cohort_id)


def settled(registry, module="G1", cohort_id=1):
    with registry.read() as session:
        return queries.settled(session, cohort_id, module)


def test_the_whole_way_of_an_acta(registry):
    assert settled(registry) == ""
    registry.closed()
    acta = closed(registry)["G1"]
    row = acta.rows[registry.id("ana")]
    assert acta.folio == folio(2027, 1)
    assert (str(row.grade_home), row.words, row.state, row.passed) == ("5.7", "cinco coma siete", "approved", True)
    assert dict(row.shown) == {"cl-60-2026": "5,7", "ar-4-2026": "7"}
    assert row.share == F(82, 100) and row.attendance is None
    assert settled(registry) == f"acta {acta.folio} cerrada" and settled(registry, "G2") == ""


@pytest.mark.parametrize(("state", "words"), [("marking", "sin corregir"), ("unreleased", "sin publicar"),
                                              ("running", "en curso"), ("none", "ausente, libre")])
def test_who_lacks_something_is_named_and_nothing_is_presented(registry, state, words):
    acta = registry.open()
    registry.set("ana", "G1", state)
    with pytest.raises(Refused, match=words) as told:
        registry.submit(acta)
    assert "Ana Pérez Soto" in told.value.message
    assert registry.view(acta).state == "open"


@pytest.mark.parametrize("state", ["absent", "free", "regular", "pending", "withdrawn"])
def test_who_has_no_grade_is_said_to_be_something(registry, state):
    acta = registry.open()
    registry.set("ana", "G1", "none")
    registry.decide(acta, "ana", state, F(40, 100))
    registry.submit(acta)
    registry.sign(acta)
    registry.close(acta)
    row = closed(registry)["G1"].rows[registry.id("ana")]
    assert (row.state, row.grade_home, row.attendance) == (state, None, F(2, 5))


def test_a_grade_decides_by_itself_whatever_was_said(registry):
    acta = registry.open()
    registry.decide(acta, "ana", "absent")
    registry.submit(acta)
    assert registry.view(acta).submission.content.rows[0].state == "approved"


def test_work_that_waits_for_a_marker_is_never_an_absence(registry):
    acta = registry.open()
    registry.set("ana", "G1", "marking")
    registry.decide(acta, "ana", "absent")
    with pytest.raises(Refused, match="sin corregir"):
        registry.submit(acta)


def test_signing_twice_is_told_and_done_once(registry):
    acta = registry.open()
    registry.submit(acta)
    registry.sign(acta)
    with pytest.raises(Refused, match="ya firmó"):
        registry.sign(acta)
    with registry.read() as session:
        assert session.query(ActaSignature).count() == 1


def test_each_instructor_signs_and_only_they(registry):
    acta = registry.open(cohort_id=2)
    registry.submit(acta, 2)
    with pytest.raises(Refused, match="docentes"):
        registry.sign(acta, "olga", 2)
    registry.sign(acta, "ivan", 2)
    assert registry.view(acta, 2).state == "submitted"
    with pytest.raises(Refused, match="Falta la firma de Irma"):
        registry.close(acta, 2)
    registry.sign(acta, "irma", 2)
    assert registry.view(acta, 2).state == "signed"
    registry.close(acta, 2)
    rows = closed(registry, 2)["G1"].rows
    assert rows[registry.id("beto")].state == "failed"


def test_a_grade_changed_after_presenting_is_neither_signed_nor_closed(registry):
    acta = registry.open()
    registry.submit(acta)
    registry.set("ana", "G1", F(9, 10))
    with pytest.raises(Refused, match=r"cambió.*Pérez Soto, Ana"):
        registry.sign(acta)
    registry.submit(acta)
    registry.sign(acta)
    registry.set("ana", "G1", F(95, 100))
    with pytest.raises(Refused, match="cambió"):
        registry.close(acta)
    assert closed(registry) == {} and registry.view(acta).closed is None


def test_what_was_not_seen_is_not_signed(registry):
    acta = registry.open()
    registry.submit(acta)
    before = registry.view(acta).submission.sha256
    registry.set("ana", "G1", F(9, 10))
    registry.submit(acta)
    with pytest.raises(Refused, match="otra vez"):
        registry.sign(acta, seen=before)


def test_presenting_again_without_a_change_keeps_the_signatures(registry):
    acta = registry.open()
    registry.submit(acta)
    registry.sign(acta)
    registry.submit(acta)
    assert registry.view(acta).state == "signed"


def test_closing_twice_is_told(registry):
    acta = registry.closed()
    with pytest.raises(Refused, match="ya está cerrada con el folio EGA-2027-000001"):
        registry.close(acta)
    for deed in (registry.submit, registry.annul, registry.sign):
        with pytest.raises(Refused, match="cerrada"):
            deed(acta)
    with pytest.raises(Refused, match="rectificatoria"):
        registry.open()


def test_an_unsigned_acta_is_not_closed(registry):
    acta = registry.open()
    with pytest.raises(Refused, match="no se ha presentado"):
        registry.close(acta)
    registry.submit(acta)
    with pytest.raises(Refused, match="Falta la firma de Iván Ledesma"):
        registry.close(acta)


def test_an_annulled_acta_leaves_no_hole(registry):
    first = registry.signed()
    registry.annul(first)
    with pytest.raises(Refused, match="anulada"):
        registry.close(first)
    second = registry.open()
    assert second != first
    registry.submit(second)
    registry.sign(second)
    registry.close(second)
    assert registry.view(second).closed.folio.startswith("EGA-2027-000001-")


def test_a_rectification_names_the_old_one_and_takes_its_place(registry):
    old = registry.closed()
    was = registry.view(old).closed
    later = registry.rectify(old)
    assert settled(registry) == "", "while it is open, the grade may be corrected"
    with pytest.raises(Refused, match="nada que rectificar"):
        registry.submit(later)
    registry.set("ana", "G1", F(3, 10))
    registry.submit(later)
    registry.sign(later)
    registry.close(later)
    view = registry.view(later)
    content = view.closed.content
    assert (content.rectifies, content.reason, content.resolution) == (
        was.folio, "Error de transcripción", "Resolución interna 7/2027")
    assert content.changed == ((registry.id("ana"), "5,7, aprobado"),)
    assert closed(registry)["G1"].folio == view.closed.folio and closed(registry)["G1"].rows[registry.id("ana")].state == "failed"
    assert registry.view(old).state == "rectified" and registry.view(old).closed == was
    assert "cerrada" in settled(registry)
    with pytest.raises(Refused, match="rectificar esa"):
        registry.rectify(old)
    assert registry.rectify(later) == registry.rectify(later), "sent twice, opened once"


def test_rows_that_did_not_change_stay_as_they_were_presented(registry, monkeypatch, client_of):
    people = registry.crowd(2)
    old = registry.closed()
    before = closed(registry)["G1"].rows
    real = policies.of

    def stricter(session, cohort_id, country):
        found = real(session, cohort_id, country)
        home = replace(found.home, id="cl-70-2028", demand=F(7, 10))
        return policies.Policies(home, (home, found.shown[1]))
    monkeypatch.setattr("lms.grading.policies.of", stricter)
    assert "Rectificar: hoy" not in client_of("olga").get(f"/cohortes/1/actas/{old}").get_data(as_text=True)
    later = registry.rectified(old, people[0], F(9, 10))
    now = registry.view(later).closed.content.by_person
    assert now[people[1]].grade_home == before[people[1]].grade_home
    assert dict(now[people[1]].shown) == dict(before[people[1]].shown)
    assert "cl-70-2028" in now[people[0]].shown
    said = registry.view(later).closed.content
    assert all(said.figures(row) and said.in_words(row) for row in said.rows), "no grade is lost for its scale"
    assert [m.id for m in said.others] == ["ar-4-2026"] and [m.id for m in said.older] == ["cl-60-2026"]


def test_rows_are_refused_to_change_by_the_orm_and_by_the_database(registry):
    acta = registry.closed()
    for change in ("UPDATE closed_actas SET module = 'X'", "DELETE FROM closed_actas", "DELETE FROM acta_signatures",
                   "UPDATE acta_submissions SET sha256 = 'x'", f"DELETE FROM actas WHERE id = {acta}"):
        with pytest.raises(Exception, match="never changed"), registry.write() as session:
            session.connection().exec_driver_sql(change)
    with pytest.raises(RuntimeError, match="never"), registry.write() as session:
        session.query(ClosedActa).one().module = "X"
    with pytest.raises(RuntimeError, match="never"), registry.write() as session:
        session.delete(session.get(Acta, acta))


def test_two_instructors_sign_and_the_office_closes_by_their_pages(registry, client_of):
    acta = registry.open(cohort_id=2)
    page = f"/cohortes/2/actas/{acta}"
    ivan, irma, olga = client_of("ivan"), client_of("irma"), client_of("olga")
    assert ivan.send(f"{page}/presentar").status_code == 303
    for who in (ivan, irma):
        form = who.get(f"{page}/firma").get_data(as_text=True)
        seen = form.split('name="seen" type="hidden" value="')[1].split('"')[0]
        wrong = who.send(f"{page}/firma", {"seen": seen, "password": "otra clave cualquiera"})
        assert wrong.status_code == 422 and "No es su contraseña" in wrong.get_data(as_text=True)
        assert who.send(f"{page}/firma", {"seen": seen, "password": PASSWORD}).status_code == 303
    assert "Por cerrar" in olga.get(page).get_data(as_text=True)
    assert olga.send(f"{page}/cierre", {"password": "mal"}).status_code == 422
    sent = olga.send(f"{page}/cierre", {"password": PASSWORD, "book": "Libro 3", "page": "41"})
    assert sent.status_code == 303
    told = olga.get(page).get_data(as_text=True)
    assert "EGA-2027-000001-" in told and "Libro 3" in told and "cuatro" not in told.split("Filas")[0]
    paper = olga.get(f"{page}.pdf")
    assert paper.status_code == 200 and paper.data.startswith(b"%PDF-1.7")
    assert inspect(paper.data, ring(registry.app), registry.world.now).sound
    again = olga.send(f"{page}/cierre", {"password": PASSWORD})
    assert again.status_code == 409 and "ya está cerrada" in again.get_data(as_text=True)
    with registry.read() as session:
        found = queries.register(session)
    assert len(found) == 1
    heads = (registry.app.config["INSTANCE"] / "actas" / "heads").read_text().splitlines()
    assert len(heads) == 1 and found[0].link in heads[0]


def test_the_page_says_what_lacks_and_lets_it_be_said(registry, client_of):
    registry.set("ana", "G1", "none")
    ivan = client_of("ivan")
    sent = ivan.send("/cohortes/1/actas/abrir", {"modulo": "G1"})
    page = sent.location
    text = ivan.get(page).get_data(as_text=True)
    assert "Falta algo de 1 persona" in text and "Presentar para la firma" not in text
    ana = registry.id("ana")
    assert ivan.send(f"{page}/presentar").status_code == 409
    assert ivan.send(f"{page}/situaciones", {f"estado-{ana}": "absent", f"asistencia-{ana}": "12,5"}).status_code == 303
    text = ivan.get(page).get_data(as_text=True)
    assert "Ausente" in text and "Todas las filas están completas" in text
    assert ivan.send(f"{page}/situaciones", {f"estado-{ana}": "invented"}).status_code == 409
    assert ivan.send(f"{page}/situaciones", {f"estado-{ana}": "absent", f"asistencia-{ana}": "1e9"}).status_code == 409
    assert ivan.send(f"{page}/situaciones", {f"estado-{ana}": "absent", f"asistencia-{ana}": "101"}).status_code == 409


def test_a_grade_changed_after_closing_shows_as_a_difference(registry, client_of):
    acta = registry.closed()
    olga = client_of("olga")
    assert "Rectificar: hoy" not in olga.get(f"/cohortes/1/actas/{acta}").get_data(as_text=True)
    registry.set("ana", "G1", F(3, 10))
    text = olga.get(f"/cohortes/1/actas/{acta}").get_data(as_text=True)
    assert "Rectificar: hoy no es lo que dice el acta" in text and "5,7, aprobado" in text and "2,5, reprobado" in text
    sent = olga.send(f"/cohortes/1/actas/{acta}/rectificacion", {"reason": "Error de transcripción", "resolution": "R. 7/2027"})
    assert sent.status_code == 303 and "Acta rectificatoria de" in olga.get(sent.location).get_data(as_text=True)


def test_letters_go_to_those_who_sign_then_to_the_office_then_to_students(registry):
    registry.closed()
    with registry.read() as session:
        jobs = [j.payload for j in session.query(OutboxJob).order_by(OutboxJob.id)]
    assert ["ivan@" in jobs[0], "olga@" in jobs[1], "ana@" in jobs[2]] == [True] * 3
    assert all("5,7" not in j for j in jobs), "no grade in a mail"


def test_the_transcript_tells_only_of_closed_actas(registry, client_of):
    ana = client_of("ana")
    assert "sin acta" in ana.get("/cohortes/1/concentracion").get_data(as_text=True)
    registry.closed()
    text = ana.get("/cohortes/1/concentracion").get_data(as_text=True)
    assert "EGA-2027-000001-" in text and "<b>5,7</b>" in text and "Faltan actas por cerrar" in text
    paper = ana.get("/cohortes/1/concentracion.pdf")
    assert paper.status_code == 200 and inspect(paper.data, ring(registry.app), registry.world.now).sound
    olga = client_of("olga")
    assert olga.get(f"/cohortes/1/concentracion/{registry.id('ana')}").status_code == 200
    assert olga.get(f"/cohortes/1/concentracion/{registry.id('beto')}").status_code == 404
    registry.set("ana", "G2", F(1))
    registry.closed("G2")
    text = ana.get("/cohortes/1/concentracion").get_data(as_text=True)
    assert "<b>6,4</b> seis coma cuatro" in text and "2,0" in text


def test_anybody_with_the_code_reads_that_it_exists_and_no_grade(registry, client_of):
    acta = registry.closed()
    found = registry.view(acta).closed
    nobody = client_of("nobody")
    text = nobody.get(f"/a/{found.folio}/{found.code}").get_data(as_text=True)
    assert found.sha256 in text and "Vigente" in text and "Ana" not in text and "5,7" not in text
    assert nobody.get(f"/a/{found.folio}/{'0' * 26}").status_code == 404
    typed = " ".join(found.code[i:i + 4] for i in range(0, 26, 4)).lower()
    assert nobody.get(f"/a/{found.folio.lower()}/{typed}").status_code == 200
    registry.rectified(acta, "ana", F(3, 10))
    assert "Rectificada" in nobody.get(f"/a/{found.folio}/{found.code}").get_data(as_text=True)


def test_no_answer_is_rescued_into_a_closed_module(registry):
    hook = registry.app.extensions["settled"][-1]
    sitting = SimpleNamespace(cohort_id=1, module="G1")
    with registry.read() as session:
        assert not hook(session, sitting)
    registry.closed()
    with registry.read() as session:
        assert hook(session, sitting)
        assert any(said(session, 1, "G1") for said in registry.app.extensions["grades_settled"])


def test_pages_cost_no_more_statements_for_thirty_people_than_for_one(registry, client_of):
    acta, olga = registry.open(), client_of("olga")

    def cost():
        counts = []
        for url in ("/cohortes/1/actas", f"/cohortes/1/actas/{acta}", f"/cohortes/1/concentracion/{registry.id('ana')}"):
            with statements(registry.app) as ran:
                assert olga.get(url).status_code == 200
            counts.append(len(ran))
        return counts
    few = cost()
    registry.crowd(30)
    assert cost() == few and few[2] <= 12


def test_somebody_enrolled_after_closing_is_a_difference_and_who_left_before_is_no_row(registry):
    acta = registry.closed()
    person = registry.crowd(1)[0]
    assert person not in closed(registry)["G1"].rows
    later = registry.rectified(acta, person, F(9, 10))
    assert registry.view(later).closed.content.changed == ((person, "no figuraba"),)


def test_witnesses_are_mailed_the_head_once_a_day(registry):
    app, world = registry.app, registry.world
    app.config["WITNESSES"] = "rectorado@example.org, auditoria@example.org"
    registry.closed()
    with registry.write() as session:
        witnesses.plan(session, app, world.now)
        witnesses.plan(session, app, world.now)
    world.later(days=1)
    outbox.work(app)
    outbox.work(app)
    sent = [message_from_bytes(path.read_bytes(), policy=default) for path in (app.config["INSTANCE"] / "mail").glob("*.eml")]
    told = [mail for mail in sent if mail["To"] in ("rectorado@example.org", "auditoria@example.org")]
    assert len(told) == 2
    with registry.read() as session:
        last = queries.last(session)
    (head,) = heads.read(told[0].get_content().splitlines())
    assert (head.sequence, head.link) == (1, last.link) and heads.ours(head, ring(app))


def test_an_instructor_finds_what_waits_for_their_signature_on_their_first_page(registry, client_of):
    ivan = client_of("ivan")
    assert "espera su firma" not in ivan.get("/inicio").get_data(as_text=True)
    acta = registry.open()
    registry.submit(acta)
    text = ivan.get("/inicio").get_data(as_text=True)
    assert "1 acta espera su firma" in text and f"/cohortes/1/actas/{acta}/firma" in text
    registry.sign(acta)
    assert "espera su firma" not in ivan.get("/inicio").get_data(as_text=True)
