"""Registering for a seminar on a phone: with script, where questions come and go, and without."""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from lms.seminars.asking import add_usual
from lms.seminars.models import RegistrationAnswer
from lms.seminars.places import registrations
from tests.browser.live import faults
from tests.looking import rows
from tests.seminared import SEMINAR, SLUG, plant, sequences
from tests.web.test_registration import letters, own_link

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def seminar(app, world):
    with app.extensions["database"].transaction() as s:
        plant(s)
        sequences(s)
        add_usual(s, world.people["olga"], world.now, SEMINAR)


def fill(page, email="rosa@example.org"):
    page.get_by_label("Nombres").fill("Rosa Elena")
    page.get_by_label("Primer apellido").fill("Vera")
    page.get_by_label("Correo electrónico").fill(email)
    page.get_by_label("País").select_option("AR")
    page.get_by_label("Público general").check()


def check(page):
    """Nobody is shut out, and nothing is wider than the phone."""
    assert faults(page) == []


def state(app):
    with app.extensions["database"].reading() as s:
        return [view.state for view in registrations(s, SEMINAR)]


def test_on_a_phone_a_question_appears_when_it_is_called_for(browse, app, seminar):
    page = browse("nobody", **PHONE).new_page()
    page.goto(f"/seminarios/{SLUG}/inscripcion")
    which = page.get_by_label("¿Cuál?")
    expect(which).to_be_hidden()
    fill(page)
    page.get_by_label("Otra o alergias").check()
    expect(which).to_be_visible()
    page.get_by_role("button", name="Enviar la inscripción").click()
    expect(page.get_by_role("alert")).to_contain_text("¿Cuál?: Falta responder.")
    check(page)
    which.fill("Maní")
    page.get_by_role("button", name="Enviar la inscripción").click()
    expect(page.get_by_role("heading", name="Inscripción recibida")).to_be_visible()
    assert ("alergias", "Maní") in rows(app, select(RegistrationAnswer.question, RegistrationAnswer.value))
    page.goto(own_link(letters(app)[0]))
    check(page)
    page.get_by_role("link", name="Ver la entrada").click()
    expect(page.locator("svg.qr")).to_be_visible()
    check(page)
    assert page.locator("svg.qr").bounding_box()["width"] >= 200
    ticket = page.url.partition("/seminarios/")[2]
    for media, scheme in (("screen", "light"), ("screen", "dark"), ("print", "light")):     # what a scanner at the door sees of it
        page.emulate_media(media=media, color_scheme=scheme)
        [read] = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot(full_page=True))))
        assert read.text == f"http://localhost/seminarios/{ticket}"


def test_without_script_every_question_is_shown_with_its_condition(browse, app, seminar):
    page = browse("nobody", java_script_enabled=False, **PHONE).new_page()
    page.goto(f"/seminarios/{SLUG}/inscripcion")
    expect(page.get_by_text("Solo si en «Alimentación» respondió: Otra o alergias.")).to_be_visible()
    fill(page)
    page.get_by_label("Vegana").check()
    page.get_by_role("button", name="Enviar la inscripción").click()
    expect(page.get_by_role("heading", name="Inscripción recibida")).to_be_visible()
    page.goto(own_link(letters(app)[0]))
    page.get_by_role("button", name="Anular mi inscripción").click()
    expect(page.locator("main")).to_contain_text("Inscripción anulada")
    page.get_by_role("button", name="Volver a inscribirme").click()
    expect(page.locator("main")).to_contain_text("Inscripción confirmada")
    assert state(app) == ["confirmed"]


def test_a_delegation_is_registered_on_a_phone(browse, app, seminar):
    page = browse("nobody", **PHONE).new_page()
    page.goto(f"/seminarios/{SLUG}/inscripcion")
    page.get_by_role("link", name="Inscribir a varias personas de una municipalidad").click()
    page.get_by_label("Municipalidad o institución").fill("Municipalidad de Pucón")
    page.get_by_label("País").select_option("CL")
    page.get_by_label("Su nombre").fill("Rita Contacto")
    page.get_by_label("Su correo").fill("rita@example.org")
    for number in (0, 1):
        one = page.locator("fieldset").nth(number)
        one.get_by_label("Nombres").fill(f"Persona {number}")
        one.get_by_label("Primer apellido").fill("Prueba")
        one.get_by_label("Correo electrónico").fill(f"p{number}@example.org")
    page.get_by_role("button", name="Más líneas").click()
    expect(page.locator("fieldset")).to_have_count(6)
    page.get_by_role("button", name="Enviar la inscripción").click()
    page.goto(re.search(r"/seminarios/delegacion/\S+", letters(app)[-1]["text"])[0])
    expect(page.locator("main")).to_contain_text("Persona 1 Prueba")
    check(page)
    assert state(app) == ["confirmed", "confirmed"]
