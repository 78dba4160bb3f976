"""Comments on pages of a PDF in a real Chromium: pressed, by keyboard, without scripts; axe and both widths."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.grading.models import Pin
from tests import pdfs
from tests.browser.live import faults, nothing
from tests.web.test_grading import Desk, publish, rubric, task
from tests.web.test_leaves import given
from tests.web.test_marking_desk import at


@pytest.fixture
def work(app, world):
    return given(Desk(app, world), pdfs.pages(3))


@pytest.fixture
def page(browse):
    page = browse("ivan").new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: "Policy" in line.text and wrong.append(line.text))
    yield page
    assert wrong == []


def press(page, number: int, x: float, y: float) -> None:
    face = page.locator(f"#hoja-1-{number} .leaf-face")
    face.scroll_into_view_if_needed()
    box = face.bounding_box()
    face.click(position={"x": box["width"] * x, "y": box["height"] * y})


@pytest.mark.parametrize("width", [360, 1280])
def test_a_comment_goes_where_the_page_is_pressed(page, app, world, work, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(task(work))
    expect(page.locator("#hoja-1-1 img")).to_have_js_property("naturalWidth", 1240)
    page.locator("[name=c0]").nth(2).check()
    press(page, 2, .8, .9)
    expect(page.locator("#pin_comment")).to_be_focused()
    sign, box = page.locator("#hoja-1-2 .draft"), page.locator("#nueva-nota")
    assert sign.bounding_box()["y"] + sign.bounding_box()["height"] <= box.bounding_box()["y"]      # seen while one writes
    nothing(faults(page))
    page.keyboard.type("Falta el título.")
    page.locator("#nota-guardar").click()
    expect(page.locator("#hoja-1-2 .signs text")).to_have_text("1")
    expect(page.locator("[name=c0]").nth(2)).to_be_checked()
    expect(page.locator("#hoja-1-2")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    nothing(faults(page))
    ((number, x, y),) = Desk(app, world).rows(select(Pin.page, Pin.x, Pin.y))
    assert number == 2 and abs(x - 80) <= 1 and abs(y - 90) <= 1


def test_escape_and_cancel_leave_nothing_behind(page, work):
    page.goto(task(work))
    press(page, 1, .5, .5)
    page.keyboard.press("Escape")
    expect(page.locator(".draft")).to_have_count(0)
    expect(page.locator("#hoja-1-1 [name=poner]")).to_be_focused()
    press(page, 1, .5, .5)
    page.locator("#nota-cerrar").click()
    expect(page.locator("#nueva-nota")).not_to_have_attribute("open", "")


def test_with_the_keyboard_a_page_and_one_of_nine_places(page, app, world, work):
    page.goto(task(work))
    page.locator("#hoja-1-3 [name=poner]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pin_spot")).to_be_focused()
    page.keyboard.type("abajo, al centro")
    expect(page.locator("#hoja-1-3 .draft")).to_have_attribute("cx", "50%")
    page.keyboard.press("Tab")
    page.keyboard.type("Aquí.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#hoja-1-3 .signs text")).to_have_text("1")
    assert Desk(app, world).rows(select(Pin.page, Pin.x, Pin.y)) == [(3, 50, 83)]


def test_without_scripts_a_page_is_chosen_and_then_pressed(browse, app, world, work):
    page = browse("ivan", java_script_enabled=False).new_page()
    page.goto(task(work))
    page.locator("[name=c1]").nth(1).check()
    page.locator("#hoja-1-2 [name=poner]").click()
    page.locator("#pin_comment").fill("¿De qué año?")
    page.locator("[name=punto]").click(position={"x": 300, "y": 85})
    expect(page.locator("#hoja-1-2 .signs text")).to_have_text("1")
    expect(page.locator("[name=c1]").nth(1)).to_be_checked()
    assert Desk(app, world).rows(select(Pin.page, Pin.x, Pin.y)) == [(2, 50, 10)]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_student_reads_it_on_the_page(browse, app, world, client_of, work, width):
    ivan = client_of("ivan")
    ivan.send(at(f"t{work}", "notas"), {"pin_file": "1", "pin_page": "2", "pin_spot": "75,25", "pin_comment": "¿Fuente?"})
    ivan.send(task(work), rubric(3, 2, 1, 0))
    world.later(minutes=1)
    publish(ivan)
    world.later(minutes=1)
    page = browse("ana", viewport={"width": width, "height": 800}).new_page()
    page.goto("/cohortes/1/modulos/G1/resultado")
    page.locator(".leaf").scroll_into_view_if_needed()
    expect(page.locator(".leaf img")).to_have_js_property("naturalWidth", 1240)
    page.locator(".signs a").click()
    expect(page.locator("#hoja-nota-1")).to_be_in_viewport()
    assert page.locator(".leaf").bounding_box()["width"] > min(width, 1000) * .5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    nothing(faults(page))
