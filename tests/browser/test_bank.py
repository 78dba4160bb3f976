"""The bank in a real Chromium: three kinds written, a file imported, a quiz composed of them and taken by a student."""

import re

import pytest
from playwright.sync_api import expect

from lms.attempts.models import Marking
from lms.bank import finding
from tests.browser.live import faults

GIFT = "$CATEGORY: Redes\n\n::sede:: ¿Dónde está la sede de Mercociudades? {=Montevideo ~Lima ~Quito}\n\n" \
       "::paba:: El PABA se adoptó en 1978. {T}\n\n::aec:: ¿Cuántos años? {#20:1}\n"
SAVE = "Guardar"


@pytest.fixture
def page(browse):
    page = browse("ivan").new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: "Policy" in line.text and wrong.append(line.text))
    yield page
    assert wrong == []


@pytest.fixture
def category(page):
    page.goto("/banco/categorias")
    page.get_by_label("Nombre").fill("Escritas a mano")
    page.get_by_role("button", name="Agregar", exact=True).click()
    return "Escritas a mano"


def kept(app):
    with app.extensions["database"].reading() as s:
        return [line.question for line in finding.lines(s, finding.ids(s, finding.Asked()))]


def test_a_choice_is_written_with_the_toolbar_and_seen_as_it_is_typed(app, page, category):
    page.goto("/banco/nueva?tipo=single")
    page.get_by_label("Enunciado", exact=True).fill("¿Cuál es la capital de Chile?")
    page.get_by_label("Enunciado", exact=True).evaluate("field => field.setSelectionRange(11, 19)")
    page.get_by_role("button", name="Negrita: Enunciado").click()
    for n, (said, share) in enumerate((("Santiago", "100"), ("Valparaíso", "0"))):
        page.locator(f"[name=answers-{n}-text]").fill(said)
        page.locator(f"[name=answers-{n}-share]").fill(share)
    look = page.locator("#vista")
    expect(look.locator("strong")).to_have_text("capital")
    expect(look.get_by_label("Valparaíso")).to_be_visible()
    page.get_by_role("button", name="Agregar alternativa").click()
    expect(page.locator("[name=answers-4-text]")).to_be_focused()
    page.keyboard.type("Concepción")
    page.get_by_role("button", name="Quitar Alternativa 3").click()
    expect(page.locator("[name=answers-4-text]")).to_have_count(0)
    expect(page.locator("[name=answers-3-text]")).to_have_value("Concepción")
    assert faults(page) == []
    page.get_by_role("button", name=SAVE, exact=True).click()
    page.wait_for_url("**/banco/1")
    found = kept(app)[0]
    assert found.text == "¿Cuál es la <strong>capital</strong> de Chile?"
    assert [(o.text, o.share) for o in found.options] == [("Santiago", 1), ("Valparaíso", 0), ("Concepción", 0)]
    page.get_by_label("Santiago").check()
    page.get_by_role("button", name="Comprobar").click()
    expect(page.get_by_role("status").filter(has_text="Correcta")).to_be_visible()


def test_gaps_are_put_where_the_cursor_stands_and_pairs_are_matched(app, page, category):
    page.goto("/banco/nueva?tipo=cloze")
    page.get_by_label("Enunciado", exact=True).fill("La capital de Chile es ")
    page.get_by_role("button", name="Hueco: Enunciado").click()
    expect(page.get_by_label("Enunciado", exact=True)).to_have_value("La capital de Chile es {#1}")
    page.locator("[name=parts-0-answers-0-text]").fill("Santiago")
    page.locator("[name=parts-0-answers-0-share]").fill("100")
    expect(page.locator("#vista").get_by_role("textbox")).to_be_visible()
    page.get_by_role("button", name=SAVE, exact=True).click()
    page.wait_for_url("**/banco/1")
    page.goto("/banco/nueva?tipo=matching")
    page.get_by_label("Enunciado", exact=True).fill("Una cada red con su sede.")
    for n, (left, right) in enumerate((("CGLU", "Barcelona"), ("UIM", "Granada"), ("Mercociudades", "Montevideo"))):
        page.locator(f"[name=pairs-{n}-left]").fill(left)
        page.locator(f"[name=pairs-{n}-right]").fill(right)
    page.get_by_role("button", name=SAVE, exact=True).click()
    page.wait_for_url("**/banco/2")
    assert [q.kind for q in kept(app)] == ["cloze", "matching"]


def test_what_is_dragged_can_be_tried_beside_the_editor_and_stays(page, category):
    page.goto("/banco/nueva?tipo=dragwords")
    page.get_by_label("Enunciado", exact=True).fill("La UIM tiene su sede en [[1]].")
    for n, said in enumerate(("Granada", "Quito")):
        page.locator(f"[name=words-{n}-text]").fill(said)
    look = page.locator("#vista")
    expect(look.get_by_text("También puede arrastrarla")).to_be_visible()
    word, gap = look.locator("[data-drag]").first.bounding_box(), look.locator("select").bounding_box()
    page.mouse.move(word["x"] + word["width"] / 2, word["y"] + word["height"] / 2)
    page.mouse.down()
    page.mouse.move(gap["x"] + gap["width"] / 2, gap["y"] + gap["height"] / 2, steps=6)
    page.mouse.up()
    chosen = look.locator("select").input_value()
    assert chosen
    page.wait_for_timeout(1200)                 # longer than the page waits before it shows the question anew
    assert look.locator("select").input_value() == chosen


def test_a_click_on_a_picture_gives_a_place_its_numbers(app, page, category, tmp_path):
    picture = tmp_path / "mapa.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" '
                       'fill="#cde"/></svg>')
    page.goto("/banco/nueva?tipo=dragimage")
    page.get_by_label("Enunciado", exact=True).fill("Ponga cada nombre en su lugar.")
    page.locator("#imagen-archivo").set_input_files(picture)
    page.locator("#imagen-dice").fill("Un mapa")
    page.get_by_role("button", name="Subir la imagen").click()
    canvas = page.locator("#lienzo svg")
    expect(canvas).to_be_visible()
    for n, said in enumerate(("Norte", "Sur")):
        page.locator(f"[name=drags-{n}-text]").fill(said)
    box = canvas.bounding_box()
    for n, across in enumerate((.25, .75)):
        canvas.click(position={"x": box["width"] * across, "y": box["height"] / 2})
        expect(page.locator(f"[name=zones-{n}-x]")).to_have_value(re.compile(r"\d+"))
        page.locator(f"[name=zones-{n}-drag]").fill(str(n + 1))
        page.locator(f"[name=zones-{n}-label]").fill(("arriba", "abajo")[n])
        page.wait_for_timeout(900)
    assert faults(page) == []
    page.get_by_role("button", name=SAVE, exact=True).click()
    page.wait_for_url("**/banco/1")
    zones = kept(app)[0].body.zones
    assert [abs(z.x - x) + abs(z.y - 100) < 4 for z, x in zip(zones, (100, 300), strict=True)] == [True, True]


def test_a_file_is_imported_a_quiz_composed_and_a_student_takes_it(app, world, page, browse, tmp_path):
    file = tmp_path / "redes.gift"
    file.write_text(GIFT)
    page.goto("/banco/importar")
    page.get_by_label("Archivo").set_input_files(file)
    page.get_by_role("button", name="Revisar antes de importar").click()
    expect(page.get_by_text("Todavía no se ha guardado nada")).to_be_visible()
    assert faults(page) == [] and kept(app) == []
    page.get_by_role("button", name="Importar las marcadas").click()
    expect(page.get_by_text("3 preguntas agregadas")).to_be_visible()
    page.goto("/cohortes/1/modulos/G1/control/preguntas")
    for _n in range(7):
        page.get_by_role("button", name="Quitar").first.click()
    page.locator("#del-banco summary").click()
    page.get_by_label("Palabras").fill("mercociudades")
    page.get_by_role("button", name="Buscar en el banco").click()
    page.locator("[name=de_banco]").check()
    page.get_by_role("button", name="Agregar las marcadas", exact=True).click()
    page.locator("#sorteo summary").click()
    page.get_by_label("Cuántas").fill("2")
    page.get_by_role("button", name="Agregar el sorteo").click()
    expect(page.get_by_text("(hay 2)")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name=SAVE, exact=True).click()
    expect(page.get_by_text("Control guardado")).to_be_visible()
    page.get_by_role("link", name="Ver lo guardado como participante").click()
    expect(page.get_by_text("¿Dónde está la sede de Mercociudades?")).to_be_visible()
    hers = browse("ana").new_page()
    hers.goto("/cohortes/1/modulos/G1/control")
    hers.locator("main form button").last.click()
    hers.wait_for_url("**/intentos/*")
    expect(hers.get_by_text("¿Dónde está la sede de Mercociudades?")).to_be_visible()
    expect(hers.get_by_text("El PABA se adoptó en 1978.")).to_be_visible()
    expect(hers.get_by_text("¿Cuántos años?")).to_be_visible()
    hers.get_by_label("Montevideo").check()
    hers.get_by_label("Verdadero").check()
    hers.locator("main").get_by_role("textbox").fill("20,5")
    expect(hers.locator("#guardado")).to_contain_text("Guardado")
    hers.locator("button[value=fin]").last.click()
    hers.get_by_role("button", name="Entregar").click()
    hers.wait_for_url(lambda url: "/entrega" not in url)
    page.goto("/banco/1")
    expect(page.get_by_text("1 intento")).to_be_visible()
    with app.extensions["database"].reading() as s:
        points = {m.question: m.points for m in s.query(Marking)}
    assert points == {"b1": 1, "b2": 1, "b3": 1}
