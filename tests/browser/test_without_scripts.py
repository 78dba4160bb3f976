"""Everything students, markers, the office and a stranger have to do, in a browser that runs no script."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.attempts.models import Marking, Submission
from lms.certificates.models import Certificate
from lms.cohorts.models import Enrolment
from lms.foundation import outbox
from lms.lessons.models import LessonRead
from tests.certified import Desk
from tests.looking import one, rows
from tests.web.test_grading import Desk as MarkersDesk
from tests.web.test_grading import latest, task
from tests.world import PASSWORD

ORDER = ("Roma", "París", "Accra", "Busan")
PLACES = {"CGLU": "Barcelona", "UIM": "Granada", "Mercociudades": "Montevideo"}


@pytest.fixture
def plain(browse):
    """plain("ana") is a page of hers on a phone without script."""
    def page(name="ana"):
        return browse(name, java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    return page


def choose(question, places):
    """Give each label of a question its option."""
    for text, place in places.items():
        box = question.get_by_label(text)
        box.select_option(label=box.locator("option", has_text=place).inner_text())


def test_one_signs_in_and_finds_the_menu(plain):
    page = plain("nobody")
    page.goto("/inicio")
    page.get_by_label("Correo electrónico").fill("ana@example.org")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Ingresar").click()
    expect(page).to_have_url(re.compile("/inicio$"))
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Salir").click()
    expect(page).to_have_url(re.compile("/ingresar$"))


def test_a_student_reads_lesson_after_lesson_and_marks_them(plain, app):
    page = plain()
    page.goto("/inicio")
    page.locator(".panel .btn-main").click()
    page.get_by_role("button", name="Marcar como leída y seguir").click()
    expect(page.get_by_role("heading", name="Desarrollo de G1")).to_be_visible()
    page.locator("details.outline summary").click()
    expect(page.locator("details.outline")).to_contain_text("leída")
    page.get_by_role("button", name="Marcar como leída y seguir").click()
    assert sorted(lesson for _m, lesson in rows(app, select(LessonRead.module, LessonRead.lesson))) == [
        "01-inicio", "02-desarrollo"]


def test_a_student_takes_a_quiz_from_its_front_to_the_review(plain, app):
    page = plain()
    page.goto("/cohortes/1/modulos/G1/control")
    page.get_by_role("button", name="Empezar el intento 1").click()
    page.get_by_label("2005").check()
    for text in ("Apropiación", "Alineación"):
        page.get_by_label(text).check()
    page.get_by_label("Verdadero").check()
    choose(page.locator("[data-question=sedes]"), PLACES)
    page.get_by_role("button", name="Guardar y seguir").click()
    page.locator("[data-question=meta] .input").fill("0,7")
    page.locator("[data-question=registro] .input").fill("SUBDERE")
    choose(page.locator("[data-question=orden]"), {text: str(n) for n, text in enumerate(ORDER, 1)})
    page.locator(".onward").get_by_role("button", name="Revisar y entregar").click()
    expect(page.locator("main")).to_contain_text("7 de 7")
    page.get_by_role("button", name="Entregar", exact=True).click()
    expect(page).to_have_url(re.compile("/revision$"))
    assert [m.points for m in rows(app, select(Marking.points))] == [1] * 7


def test_a_student_hands_in_a_task_with_a_file_and_gets_a_receipt(plain, app, tmp_path):
    file = tmp_path / "ficha.pdf"
    file.write_bytes(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n")
    page = plain()
    page.goto("/cohortes/1/modulos/G1/tarea")
    page.locator("#texto").fill("Mi ficha.")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Entregar la versión 1").click()
    expect(page.get_by_role("heading", name="Comprobante de entrega")).to_be_visible()
    assert one(app, select(Submission.text)) == "Mi ficha."


def test_an_instructor_marks_by_the_rubric_and_goes_on_with_the_next(plain, app, world):
    desk = MarkersDesk(app, world)
    first, second = desk.hand_in("ana"), desk.hand_in("beto")
    page = plain("ivan")
    page.goto("/inicio")
    page.locator(".panel .btn-main").click()
    expect(page).to_have_url(re.compile(f"{task(first)}$"))
    for criterion in page.locator("fieldset.crit").all():
        criterion.locator("input").nth(2).check()
    page.locator("#feedback").fill("Faltan fuentes.")
    page.get_by_role("button", name="Guardar y seguir con la siguiente").click()
    expect(page).to_have_url(re.compile(f"{task(second, 2)}$"))
    assert latest(desk)[1:3] == ("[2, 2, 2, 2]", "Faltan fuentes.")


def test_the_office_enrols_one_and_fifty_others_stay_a_file_away(plain, app, tmp_path):
    page = plain("olga")
    page.goto("/inicio")
    page.locator("main a[href='/cohortes/1/nomina']").first.click()
    page.locator("main a[href$='/inscribir']").click()
    page.get_by_label("Correo electrónico").fill("nueva@example.org")
    page.get_by_label("Nombres").fill("Rosa")
    page.get_by_label("Primer apellido").fill("Ñancupil")
    page.get_by_role("button", name="Inscribir").click()
    expect(page.locator(".told")).to_be_visible()
    roster = tmp_path / "nomina.csv"
    roster.write_text("Nombres;Primer apellido;Correo\nLuz;Prueba;luz@example.org\n")
    page.goto("/cohortes/1/nomina")
    page.locator("input[type=file]").set_input_files(roster)
    page.get_by_role("button", name="Revisar antes de importar").click()
    page.get_by_role("button", name="Importar 1 fila").click()
    assert len(rows(app, select(Enrolment.id).where(Enrolment.cohort_id == 1))) == 3


def test_the_office_issues_and_a_stranger_verifies(plain, app, world, monkeypatch):
    Desk(app, world, monkeypatch).has_earned("ana")
    page = plain("olga")
    page.goto("/cohortes/1/certificados")
    page.get_by_role("link", name="Revisar y emitir 1").click()
    page.get_by_role("button", name="Emitir 1 certificado").click()
    outbox.work(app)                                                    # what `lms work` does meanwhile
    page.get_by_role("link", name="Actualizar").click()
    expect(page.locator("main")).to_contain_text("1 emitido")
    [(folio, code)] = rows(app, select(Certificate.folio, Certificate.code))
    stranger = plain("nobody")
    stranger.goto("/")
    stranger.get_by_role("link", name="Verificar un certificado").first.click()
    stranger.get_by_role("textbox", name="Folio").fill(folio)
    stranger.get_by_role("textbox", name="Código").fill(code)
    stranger.get_by_role("button", name="Verificar").click()
    expect(stranger.get_by_role("heading", name="Certificado vigente")).to_be_visible()
    expect(stranger.locator("main")).to_contain_text("Ana Pérez Soto")
