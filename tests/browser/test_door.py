"""The door of a seminar on two phones, one of them without a network for a while."""

import io
import time
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import func, select

from lms.seminars import devices, presence
from lms.seminars.models import PresenceMark
from tests import seminared
from tests.browser.live import faults, nothing
from tests.seminared import S1, SEMINAR, STARTS

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def doors(app, world):
    """Ten minutes into the first session: the addresses of two phones."""
    world.now = STARTS[S1] + timedelta(minutes=10)
    with app.extensions["database"].transaction() as s:
        seminared.plant(s)
        for number, names in enumerate((("Rosa", "Vidal"), ("José", "Núñez"), ("Marta", "Paz")), 1):
            seminared.registered(s, number, names=names, institution="Municipalidad de Prueba")
        seminared.sequences(s)
        return [f"/seminarios/puerta/{devices.make(s, world.people['olga'], world.now, SEMINAR, name=name, does='scan', session_id=None, expires_at=world.now + timedelta(hours=9))}"
                for name in ("Acceso norte", "Acceso sur")]


@pytest.fixture
def phone(browse):
    """phone(address): a phone with the door's page open, that fails the test when its console complains."""
    wrong = []

    def opened(address):
        page = browse("nobody", **PHONE).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: "Policy" in line.text and wrong.append(line.text))
        page.goto(address)
        expect(page.locator("p[data-listed]")).to_contain_text("Lista de 3 personas")
        return page
    yield opened
    assert wrong == []


def scan(page, code, way=None):
    if way:
        page.get_by_label(way, exact=True).check()
    page.get_by_label("Código de la entrada").fill(code)
    page.keyboard.press("Enter")


def seconds(app, world, number):
    with app.extensions["database"].reading() as s:
        found = presence.present(s, SEMINAR, world.now + timedelta(hours=9), [number])
    return found[number][S1].seconds if number in found else None


def marks(app):
    with app.extensions["database"].reading() as s:
        return s.scalar(select(func.count()).select_from(PresenceMark))


def until(check, wait=8):
    end = time.monotonic() + wait
    while not check():
        assert time.monotonic() < end, check
        time.sleep(0.05)


def test_two_phones_one_of_them_offline_for_a_while(app, world, site, doors, phone):
    north, south = (phone(address) for address in doors)
    scan(north, "P000001")
    expect(north.locator("[data-result]")).to_contain_text("Rosa Vidal")
    until(lambda: marks(app) == 1)
    south.wait_for_function("caches.open('door').then(kept => kept.match(location.pathname)).then(Boolean)")

    site.stop()                                                         # the venue's network is down
    scan(south, "p000-002")
    expect(south.locator("[data-result]")).to_contain_text("José Núñez")
    expect(south.locator("[data-state]")).to_have_text("1 marca en este equipo, sin enviar")
    south.reload()                                                      # and somebody closes the page by mistake
    expect(south.locator("[data-state]")).to_have_text("1 marca en este equipo, sin enviar")
    south.get_by_label("Nombre o institución").last.fill("vidal")
    south.get_by_role("button", name="Marcar: Rosa Vidal").click()      # seen at both doors
    expect(south.locator("[data-state]")).to_have_text("2 marcas en este equipo, sin enviar")
    nothing(faults(south))

    site.start()
    south.evaluate("dispatchEvent(new Event('online'))")
    expect(south.locator("[data-state]")).to_have_text("Todo enviado", timeout=15000)
    until(lambda: marks(app) == 3)
    assert [seconds(app, world, n) is not None for n in (1, 2, 3)] == [True, True, False]
    assert 4700 < seconds(app, world, 1) <= 4800                        # from ten past until the end, once


def test_the_door_tells_at_once_who_can_not_come_in(app, world, doors, phone):
    page = phone(doors[0])
    scan(page, "P000009")
    expect(page.locator("[data-result]")).to_contain_text("no es de este seminario")
    expect(page.locator("[data-state]")).to_have_text("Todo enviado")
    scan(page, "P000003", "Salida")
    expect(page.locator("[data-result]")).to_contain_text("Salida")
    nothing(faults(page))


def test_a_closed_door_says_so_and_keeps_what_it_has(app, world, doors, phone):
    page = phone(doors[0])
    with app.extensions["database"].transaction() as s:
        devices.end(s, world.people["olga"], world.now, SEMINAR, 1)
    scan(page, "P000001")
    expect(page.locator("[data-state]")).to_have_text("Enlace cerrado: pedir otro a la oficina")
    assert marks(app) == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_the_screen_is_read_from_the_last_row(app, world, browse, doors, width):
    with app.extensions["database"].transaction() as s:
        token = devices.make(s, world.people["olga"], world.now, SEMINAR, name="Pantalla", does="screen", session_id=None,
                             expires_at=world.now + timedelta(hours=9))
    page = browse("nobody", viewport={"width": width, "height": 800}).new_page()
    page.goto(f"/seminarios/pantalla/{token}")
    box = page.locator("svg.qr").bounding_box()
    assert box["width"] > min(width * 0.7, 300)
    read, = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    assert "/seminarios/aqui/" in read.text
    nothing(faults(page))
