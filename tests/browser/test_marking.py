"""Marking with the keyboard, in a real Chromium: a digit a criterion, a key to save and go on; it can be put off."""

import pytest
from playwright.sync_api import expect

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
