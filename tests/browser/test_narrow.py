"""At 360 px: a wide table of a question scrolls by itself and by keyboard, and rows of tabs are whole."""

from dataclasses import replace

import pytest

from lms.catalogue.models import Edition
from lms.catalogue.rules import Option, Question
from lms.catalogue.stored import pack
from lms.cohorts.models import Cohort
from tests.browser.live import faults
from tests.gapped import CLOZE
from tests.programme import PROGRAMME

PHONE = {"viewport": {"width": 360, "height": 740}}
CELLS = "".join(f"<td>columna&nbsp;número&nbsp;{n}</td>" for n in range(9))
TABLE = f"<table><caption>Aportes por año</caption><tbody><tr>{CELLS}</tr></tbody></table>"
QUESTIONS = (Question("ancha", "single", f"<p>Mire la tabla.</p>{TABLE}", (Option("a", "Sí", 1), Option("b", "No", 0))),
             replace(CLOZE, id="huecos", text=CLOZE.text.replace("<p>Son redes", f"{TABLE}<p>Son redes")))


@pytest.fixture
def asked(app, world):
    first, *rest = PROGRAMME.modules
    programme = replace(PROGRAMME, edition="c" * 64, modules=(replace(first, quiz=replace(first.quiz, questions=QUESTIONS)), *rest))
    with app.extensions["database"].transaction() as session:
        session.add(Edition(id="c" * 64, programme="prueba", title="Anchas", content=pack(programme), sources=b"",
                            loaded_at=world.now))
        session.flush()
        session.get(Cohort, 1).edition_id = "c" * 64


def test_a_wide_table_scrolls_by_itself_and_by_keyboard(asked, browse):
    page = browse("ana", **PHONE).new_page()
    page.goto("/cohortes/1/modulos/G1/control")
    page.locator("main form button").last.click()
    page.wait_for_url("**/intentos/*")
    regions = page.get_by_role("region", name="Aportes por año")
    assert regions.count() == 2 and page.evaluate("document.documentElement.scrollWidth") <= 360
    region = regions.first
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    region.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert region.evaluate("e => e.scrollLeft") > 0
    assert faults(page) == []


@pytest.mark.parametrize("who, path", [("olga", "/cohortes/1/nomina"), ("olga", "/cohortes/1/certificados"),
                                       ("coral", "/cohortes/1/modulos/G1/control/ajustes"), ("olga", "/personas")])
def test_every_tab_of_a_row_is_in_sight(browse, who, path):
    page = browse(who, **PHONE).new_page()
    page.goto(path)
    tabs = page.locator("nav.tabs a")
    assert tabs.count() > 1 and page.evaluate("document.documentElement.scrollWidth") <= 360
    for box in tabs.evaluate_all("all => all.map(a => { const b = a.getBoundingClientRect(); return [b.left, b.right, a.scrollWidth - a.clientWidth] })"):
        assert box[0] >= 0 and box[1] <= 360 and box[2] <= 0, box
