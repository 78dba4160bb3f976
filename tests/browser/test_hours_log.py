"""The hours log on a phone: half a minute, with the network gone, a photo, and the page opened again without a line."""

import io
import time

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from lms.foundation import outbox
from lms.internships.models import LogEntry, LogEvidence
from tests import interned
from tests.browser.live import faults, nothing

LOG = "/cohortes/1/pasantia/1/bitacora"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def phone(app, world, browse):
    interned.intern(world, "in_progress")
    outbox.work(app)
    world.now = interned.at(interned.ENDS, 20)
    page = browse("ana", **PHONE).new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: "Policy" in line.text and wrong.append(line.text))
    page.goto(LOG)
    expect(page.locator("span[data-state]")).to_have_text("Todo enviado")
    yield page
    assert wrong == []


def rows(app, table=LogEntry):
    with app.extensions["database"].reading() as s:
        return s.scalars(select(table)).all()


def until(check, wait=10):
    end = time.monotonic() + wait
    while not check():
        assert time.monotonic() < end, check
        time.sleep(0.05)


def write(page, day="2027-05-05", starts="09:00", ends="13:00", activity="Entrevistas con la guardia urbana"):
    page.get_by_label("Día").fill(day)
    page.get_by_label("Desde").fill(starts)
    page.get_by_label("Hasta").fill(ends)
    page.get_by_label("Qué se hizo").fill(activity)


def picture():
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Telefono"
    Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(made, "JPEG", exif=exif)
    return {"name": "calle.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def test_an_entry_takes_half_a_minute_and_is_there(app, phone):
    began = time.monotonic()
    write(phone)
    phone.get_by_role("button", name="Anotar", exact=True).click()
    until(lambda: len(rows(app)) == 1)
    assert time.monotonic() - began < 30
    expect(phone.get_by_role("heading", name="Semana del")).to_be_visible()
    nothing(faults(phone))


def test_without_a_network_hours_and_photos_are_kept_and_sent_later(app, site, phone):
    phone.wait_for_function("caches.open('log').then(kept => kept.match(location.pathname)).then(Boolean)")
    site.stop()
    write(phone)
    phone.get_by_label("Fotos").set_input_files([picture()])
    phone.get_by_role("button", name="Anotar", exact=True).click()
    expect(phone.locator("span[data-state]")).to_have_text("1 anotación en este equipo, sin enviar")
    phone.reload()                                                      # the bus drives on, the browser was closed
    expect(phone.locator("span[data-state]")).to_have_text("1 anotación en este equipo, sin enviar")
    expect(phone.locator("[data-waiting]")).to_contain_text("Entrevistas con la guardia urbana")
    nothing(faults(phone))
    site.start()
    phone.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: len(rows(app, LogEvidence)) == 1, 20)
    kept = app.extensions["files"].read(rows(app, LogEvidence)[0].sha256)
    assert max(Image.open(io.BytesIO(kept)).size) <= 1600 and b"Telefono" not in kept
    assert len(rows(app)) == 1


def test_what_is_refused_stays_with_its_reason_and_goes_back_into_the_form(app, phone):
    write(phone, ends="08:00")
    phone.get_by_role("button", name="Anotar", exact=True).click()
    expect(phone.locator("[data-waiting]")).to_contain_text("debe ser posterior")
    nothing(faults(phone))
    phone.get_by_role("button", name="Corregir").click()
    expect(phone.get_by_label("Qué se hizo")).to_have_value("Entrevistas con la guardia urbana")
    phone.get_by_label("Hasta").fill("12:00")
    phone.get_by_role("button", name="Anotar", exact=True).click()
    until(lambda: len(rows(app)) == 1)
    assert rows(app)[0].ends == "12:00"


def test_who_signs_out_leaves_no_page_behind(phone):
    phone.wait_for_function("caches.open('log').then(kept => kept.match(location.pathname)).then(Boolean)")
    phone.locator("details.menu summary").click()
    phone.get_by_role("button", name="Salir").click()
    phone.wait_for_url("**/ingresar")
    assert phone.evaluate("caches.has('log')") is False
