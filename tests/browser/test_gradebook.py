"""A grade is changed where it stands in the gradebook: by keyboard, with its reason, and nothing typed is lost."""

import pytest

from tests.browser.live import faults
from tests.web.test_gradebook import change, recorded, worked  # noqa: F401
from tests.web.test_grading import desk  # noqa: F401

BOOK = "/cohortes/1/libro?modulo=G1"
TASK = "tbody tr:has-text('Pérez Soto, Ana') td:nth-of-type(2)"


@pytest.fixture(params=[1280, 360])
def book(request, worked, browse, client_of):  # noqa: F811
    page = browse("olga", viewport={"width": request.param, "height": 740}).new_page()
    page.said = []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(BOOK)
    yield page
    assert page.said == []


def active(page):
    return page.evaluate("document.activeElement.name || document.activeElement.getAttribute('href') || ''")


def test_a_grade_is_changed_in_a_dialog_by_keyboard_and_a_conflict_loses_nothing(book, client_of, app):
    ana, dialog = book.locator(TASK), book.locator("#celda")
    ana.locator("a").focus()
    book.keyboard.press("F2")
    dialog.locator("[name=grade]").wait_for()
    assert active(book) == "grade" and "Tarea: Ana" in dialog.inner_text() and faults(book) == []
    book.keyboard.type("5,5")
    assert dialog.locator("[name=kind][value=set]").is_checked()
    dialog.locator("[name=reason]").fill("   ")
    book.keyboard.press("Tab")
    book.keyboard.press("Enter")
    dialog.get_by_text("Falta el motivo").first.wait_for()
    assert dialog.locator("[name=grade]").input_value() == "5,5" and faults(book) == []

    assert change(client_of("ivan"), grade="6,0", reason="Otra pauta").status_code == 303
    dialog.locator("[name=reason]").fill("Error de suma en la pauta")
    dialog.get_by_role("button", name="Registrar el cambio").click()
    dialog.get_by_text("Mientras tanto se registró otro cambio").first.wait_for()
    assert dialog.locator("[name=reason]").input_value() == "Error de suma en la pauta"
    assert "Otra pauta" in dialog.inner_text() and len(recorded(app)) == 1

    before = ana.evaluate("cell => cell.nextElementSibling.textContent")
    dialog.get_by_role("button", name="Registrar el cambio").click()
    dialog.wait_for(state="hidden")
    assert ana.inner_text().strip() == "5,5*" or ana.inner_text().split() == ["5,5", "*"]
    assert ana.evaluate("cell => cell.nextElementSibling.textContent") != before, "the module's grade is the new one"
    assert book.locator("tfoot td").nth(1).inner_text() == "5,5" and "Ana" in book.locator("#dicho").inner_text()
    assert active(book) == ana.locator("a").get_attribute("href") and book.url.endswith(BOOK)
    assert [c[4] for c in recorded(app)][1:] and faults(book) == []


def test_escape_closes_and_what_was_typed_is_there_when_it_is_opened_again(book, app):
    link, dialog = book.locator(TASK).locator("a"), book.locator("#celda")
    link.focus()
    book.keyboard.press("Enter")
    dialog.locator("[name=grade]").wait_for()
    book.keyboard.type("6,1")
    book.keyboard.press("Escape")
    assert not dialog.is_visible() and active(book) == link.get_attribute("href")
    link.click()
    assert dialog.locator("[name=grade]").input_value() == "6,1" and recorded(app) == []


def test_without_a_connection_the_dialog_says_so_and_keeps_what_was_typed(book, app):
    dialog = book.locator("#celda")
    book.locator(TASK).locator("a").click()
    dialog.locator("[name=grade]").fill("6,1")
    dialog.locator("[name=reason]").fill("Se corrigió en clases")
    book.context.set_offline(True)
    dialog.get_by_role("button", name="Registrar el cambio").click()
    dialog.get_by_text("nada se registró").wait_for()
    book.context.set_offline(False)
    assert dialog.locator("[name=reason]").input_value() == "Se corrigió en clases"
    dialog.get_by_role("button", name="Registrar el cambio").click()
    dialog.wait_for(state="hidden")
    assert len(recorded(app)) == 1


@pytest.mark.parametrize("script", [False])
def test_without_scripts_the_grade_leads_to_its_page(worked, browse, script):  # noqa: F811
    page = browse("olga", java_script_enabled=script).new_page()
    page.goto(BOOK)
    page.locator(TASK).locator("a").click()
    assert page.url.endswith("/libro/1/G1/task") and page.locator("#cambio").is_visible()
