"""Marking with the keyboard, in a real Chromium: a digit a criterion, a key to save and go on; it can be put off.
Passages are selected and commented, words looked at, comments kept put in; axe and both widths."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from lms.attempts.models import Marking
from lms.grading.models import Claim, Pin
from tests.browser.live import faults, nothing
from tests.web.test_grading import Desk, latest, task


@pytest.fixture
def two(app, world):
    desk = Desk(app, world)
    return desk, desk.hand_in("ana"), desk.hand_in("beto")


@pytest.fixture
def page(browse):
    page = browse("ivan").new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: "Policy" in line.text and wrong.append(line.text))
    yield page
    assert wrong == []


def test_four_digits_and_one_key_mark_a_piece_and_bring_the_next(page, two):
    desk, first, second = two
    page.goto(task(first))
    page.locator("[name=c0]").first.focus()
    for digit in "3321":
        page.keyboard.press(digit)
    expect(page.locator("#puntos")).to_have_text("9")
    expect(page.locator("#notas")).to_have_text("5,1 Chile · 6 Argentina")
    expect(page.locator("[value=next]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{task(second, 2)}")
    assert latest(desk)[:2] == (9, "[3, 3, 2, 1]")
    page.get_by_role("link", name="Ver o corregir lo guardado").click()
    page.wait_for_url(f"**{task(first)}")
    expect(page.locator("[name=c3]").nth(1)).to_be_checked()


def test_ctrl_enter_saves_from_the_comment_where_digits_are_digits(page, two):
    desk, first, second = two
    page.goto(task(first))
    for n in range(4):
        page.locator(f"[name=c{n}]").nth(2).check()
    page.locator("#feedback").focus()
    page.keyboard.type("Faltan 3 fuentes.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{task(second, 2)}")
    assert latest(desk)[1:3] == ("[2, 2, 2, 2]", "Faltan 3 fuentes.")


def test_the_keys_can_be_put_off_and_stay_so(page, two):
    _, first, _ = two
    page.goto(task(first))
    page.locator("#atajos input").uncheck()
    page.reload()
    expect(page.locator("#atajos input")).not_to_be_checked()
    page.locator("[name=c0]").first.focus()
    page.keyboard.press("3")
    expect(page.locator("[name=c0]:checked")).to_have_count(0)


def test_three_pieces_are_marked_with_the_keyboard_alone(page, two):
    desk, first, _second = two
    third = desk.hand_in("ana", "G2")
    page.goto("/por-corregir")
    page.get_by_role("link", name="Corregir la siguiente").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.wait_for_selector("#rubrica")
        for digit in "3210":
            page.keyboard.press(digit)                  # wherever one is: the first criterion without a level
        expect(page.locator("#puntos")).to_have_text("6")
        page.keyboard.press("f")
        page.keyboard.type("Hasta 3 fuentes.")
        here = page.url
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url, here=here: url != here)
    page.wait_for_url("**/por-corregir")
    assert desk.rows(select(func.count()).select_from(Marking)) == [(3,)], (first, third)
    assert {said for (said,) in desk.rows(select(Marking.feedback))} == {"Hasta 3 fuentes."}


def test_j_k_n_and_z_move_and_undo(page, two):
    desk, first, second = two
    page.goto(task(first))
    page.keyboard.press("j")
    expect(page.locator("[name=c0]").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[name=c1]").first).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("[name=c0]").first).to_be_focused()
    page.keyboard.press("n")
    page.wait_for_url(f"**{task(second, 2)}")
    for digit in "1111":
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{task(first)}")
    page.keyboard.press("z")
    page.wait_for_url(f"**{task(second, 2)}")
    expect(page.get_by_text("el trabajo volvió a la lista")).to_be_visible()


def test_the_keys_are_told_in_a_dialog(page, two):
    page.goto(task(two[1]))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    nothing(faults(page))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_opening_a_piece_takes_it(page, two):
    desk, first, _ = two
    with page.expect_response("**/tomar"):
        page.goto(task(first))
    assert desk.rows(select(Claim.tag, Claim.marker_id)) == [(f"t{first}", desk.world.people["ivan"])]


def test_a_selected_passage_is_commented_and_stays_marked(page, app, world):
    desk = Desk(app, world)
    work = desk.hand_in("ana", text="Primera 😀 línea.\nSegunda línea repetida.\n\nOtra línea repetida.")
    page.goto(task(work))
    page.locator("[name=c0]").nth(2).check()
    page.evaluate("""() => {
        const p = document.querySelectorAll("#trabajo p")[1], at = p.firstChild.data.indexOf("línea repetida");
        getSelection().setBaseAndExtent(p.firstChild, at, p.firstChild, at + 14);
    }""")
    page.keyboard.press("c")
    expect(page.locator("#pin_quote")).to_have_value("línea repetida")
    expect(page.locator("#pin_comment")).to_be_focused()
    page.keyboard.type("¿Otra vez?")
    page.get_by_role("button", name="Agregar la nota").click()
    expect(page.locator("#trabajo mark")).to_have_text("línea repetida1")
    expect(page.locator("#trabajo p").nth(1).locator("mark")).to_have_count(1)
    expect(page.locator("[name=c0]").nth(2)).to_be_checked()
    ((quote, start),) = desk.rows(select(Pin.quote, Pin.start))
    assert quote == "línea repetida" and start == "Primera 😀 línea.\nSegunda línea repetida.\n\nOtra ".__len__()
    nothing(faults(page))


def test_words_are_looked_at_and_kept_comments_put_in_by_typing(page, two):
    _, first, _ = two
    page.goto(f"/cohortes/1/corregir/trabajos/t{first}/comentarios")
    page.locator("#text").fill("Citar **siempre** la fuente.")
    page.get_by_role("button", name="Guardar el comentario").click()
    nothing(faults(page))
    page.goto(task(first))
    page.keyboard.press("b")
    page.keyboard.type("siempre")
    page.keyboard.press("Enter")
    expect(page.locator("#feedback")).to_have_value("Citar **siempre** la fuente.")
    page.get_by_role("button", name="Ver cómo se leerá").click()
    expect(page.locator("#vista strong")).to_have_text("siempre")


def test_two_who_mark_the_same_meet(page, two, client_of):
    desk, _, second = two
    page.goto(task(second, 2))
    client_of("irma").send(task(second, 2), {**{f"c{i}": "0" for i in range(4)}, "based_on": ""})
    for digit in "3333":
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Otra persona corrigió esto")
    page.get_by_role("button", name="Confirmar").click()
    page.wait_for_url(lambda url: "entregas" in url)
    assert latest(desk)[0] == 12


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_marking_are_accessible_at_both_widths(browse, app, world, width):
    desk = Desk(app, world)
    work, essay = desk.hand_in("ana", files=["ficha.pdf"]), desk.sit("ana", "G2", {"ensayo": '"Un texto."'})
    page = browse("ivan", viewport={"width": width, "height": 800}).new_page()
    found = []
    for url in (task(work), f"/cohortes/1/corregir/intentos/{essay}/ensayo", "/por-corregir",
                "/cohortes/1/modulos/G1/rubrica", "/cohortes/1/modulos/G1/segunda-correccion/task",
                "/cohortes/1/modulos/G1/reglas-de-la-tarea", "/cohortes/1/publicar/G1/task",
                f"/cohortes/1/corregir/trabajos/t{work}/comentarios"):
        page.goto(url)
        found += faults(page)
    nothing(found)
