"""Gaps and pictures in an attempt: dragged with a pointer, done by keyboard and without script, the same is saved."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from lms.attempts import queries
from lms.catalogue.kinds import KINDS
from lms.catalogue.models import Edition
from lms.catalogue.stored import pack
from lms.cohorts.models import Cohort
from tests.browser.live import faults, nothing
from tests.browser.test_attempt import SAVED, until
from tests.gapped import BY_NAME, QUESTIONS, SHIELD
from tests.programme import PROGRAMME

FRONT, EDITION = "/cohortes/1/modulos/G1/control", "d" * 64
ANSWERS = {name: KINDS[BY_NAME[name].kind].read(BY_NAME[name], sent) for name, sent in {
    "redes": {"q.1": ["f"], "q.2": ["c"]}, "paris": {"q.1": ["b"], "q.2": ["a"]},
    "mapa": {"q.1": ["c"], "q.3": ["d"]}, "volcanes": {"q.b.1.x": ["100"], "q.b.1.y": ["300"]}}.items()}


def picture(width, height, ink):
    image = Image.new("RGB", (width, height), "#dfe7d8")
    draw = ImageDraw.Draw(image)
    draw.polygon([(width * .3, 0), (width * .5, height * .4), (width * .35, height), (0, height), (0, 0)], fill=ink)
    draw.line([(width * .4, 0), (width * .52, height * .4), (width * .4, height)], fill="#445", width=3)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def asked(app, world):
    """Ana's quiz asks the questions with gaps and pictures, all on one page."""
    first, *rest = PROGRAMME.modules
    mine = replace(first, quiz=replace(first.quiz, questions=QUESTIONS, per_page=len(QUESTIONS)))
    programme = replace(PROGRAMME, modules=(mine, *rest), edition=EDITION)
    with app.extensions["database"].transaction() as session:
        old = session.get(Edition, world.edition)
        session.add(Edition(id=EDITION, programme=old.programme, title=old.title, content=pack(programme), sources=b"",
                            loaded_at=old.loaded_at))
        session.flush()
        session.get(Cohort, 1).edition_id = EDITION


@pytest.fixture
def begun(browse, asked):
    """begun(width=1280) is the page of Ana's running attempt."""
    wrong = []

    def begin(**options):
        page = browse("ana", **options).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: "Policy" in line.text and wrong.append(line.text))
        page.route("**/medios/*", lambda route: route.fulfill(content_type="image/png", body=picture(
            *((48, 60, "#24409a") if SHIELD in route.request.url else (600, 400, "#8fa78a")))))
        page.goto(FRONT)
        page.get_by_role("button", name="Empezar el intento 1").click()
        page.wait_for_load_state()
        return page
    yield begin
    assert wrong == []


@pytest.fixture
def kept(app):
    def read():
        with app.extensions["database"].reading() as session:
            return queries.answers_of(session, 1)
    return read


def question(page, name):
    return page.locator(f"[data-question={name}]")


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, thing, to, at=None):
    """With the mouse from the middle of one thing to that of another, or to a point of it (as shares)."""
    thing.scroll_into_view_if_needed()
    page.mouse.move(*middle(thing.bounding_box()))
    page.mouse.down()
    page.mouse.move(*(n + 20 for n in middle(thing.bounding_box())))
    to.scroll_into_view_if_needed()
    box = to.bounding_box()
    page.mouse.move(*(middle(box) if at is None else (box["x"] + box["width"] * at[0], box["y"] + box["height"] * at[1])), steps=4)
    page.mouse.up()


def test_words_dragged_into_the_text_are_saved_and_move_from_gap_to_gap(begun, kept):
    page = begun(viewport={"width": 1280, "height": 900})
    paris = question(page, "paris")
    word = paris.locator("[data-drag]", has_text="apropiación")
    gaps = paris.locator("select")
    drag(page, word, gaps.nth(1))
    expect(gaps.nth(1)).to_have_value("b")
    expect(word).to_contain_class("used")
    drag(page, word, gaps.nth(0))
    expect(gaps.nth(1)).to_have_value("")
    drag(page, paris.locator("[data-drag]", has_text="alineación"), gaps.nth(1))
    page.wait_for_selector(SAVED)
    until(lambda: kept().get("paris") == ANSWERS["paris"])
    assert page.locator(".ghost").count() == 0


def test_the_same_by_keyboard_gives_the_same_answer(begun, kept):
    page = begun(viewport={"width": 1280, "height": 900})
    for name, label, word in (("redes", "Espacio 1 de 4", "UIM"), ("redes", "Espacio 2 de 4", "Granada"),
                              ("paris", "Espacio 1 de 3", "apropiación"), ("paris", "Espacio 2 de 3", "alineación"),
                              ("mapa", "Zona 1 (Chile, norte de la región)", "Temuco"),
                              ("mapa", "Zona 3 (Lago)", "Escudo de Villarrica")):
        question(page, name).get_by_label(label).focus()
        page.keyboard.type(word[:4])
    spot = question(page, "volcanes").locator("[data-row]", has_text="Volcán").first
    spot.get_by_label("Desde la izquierda").focus()
    page.keyboard.type("90")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.type("301")
    page.keyboard.press("ArrowDown")
    until(lambda: kept() == ANSWERS)
    expect(question(page, "mapa").locator(".zone.full")).to_have_count(2)
    expect(question(page, "volcanes").locator("[data-mark$='q.b.1']")).to_have_attribute("transform", "translate(100 100)")
    page.keyboard.press("Tab")
    expect(question(page, "volcanes").locator("[data-row]:visible", has_text="Volcán")).to_have_count(2)


@pytest.mark.parametrize("width", [360, 1280])
def test_on_a_picture_of_any_size_things_are_dragged_to_their_zones_and_out_again(begun, kept, width):
    page = begun(viewport={"width": width, "height": 900})
    mapa = question(page, "mapa")
    drag(page, mapa.locator("[data-drag=c]"), mapa.locator(".zone").nth(0))
    drag(page, mapa.locator("[data-drag=c]"), mapa.locator(".zone").nth(2))         # not of its group
    drag(page, mapa.locator("[data-drag=d]"), mapa.locator(".zone").nth(2))
    expect(mapa.locator("select").nth(0)).to_have_value("c")
    expect(mapa.locator(".zone").nth(0).locator(".lain")).to_have_text("Temuco")
    until(lambda: kept().get("mapa") == ANSWERS["mapa"])
    drag(page, mapa.locator(".zone").nth(0), mapa.locator(".zone").nth(1))
    expect(mapa.locator("select").nth(0)).to_have_value("")
    expect(mapa.locator("select").nth(1)).to_have_value("c")
    drag(page, mapa.locator(".zone").nth(1), mapa.locator(".hint"))
    expect(mapa.locator("select").nth(1)).to_have_value("")


@pytest.mark.parametrize("width", [360, 1280])
def test_markers_are_dragged_onto_the_picture_moved_and_taken_away(begun, kept, width):
    page = begun(viewport={"width": width, "height": 900})
    volcanes = question(page, "volcanes")
    picture = volcanes.locator("svg.canvas > image")
    drag(page, volcanes.locator("[data-marker=b]"), picture, (1 / 6, 1 / 4))
    x, y = (volcanes.locator(f"[name$='q.b.1.{axis}']") for axis in "xy")
    until(lambda: abs(int(x.input_value() or 0) - 100) <= 2 and abs(int(y.input_value() or 0) - 300) <= 2)
    x.fill("100")
    y.fill("300")
    until(lambda: kept().get("volcanes") == ANSWERS["volcanes"])
    mark = volcanes.locator("[data-mark$='q.b.1'] > circle")
    drag(page, mark, picture, (.5, .5))
    until(lambda: abs(int(x.input_value()) - 300) <= 2)
    drag(page, mark, volcanes.locator(".hint"))
    expect(x).to_have_value("")
    until(lambda: kept().get("volcanes") == "")


def test_what_another_page_saved_is_drawn_on_arrival(begun, kept):
    page = begun(viewport={"width": 1280, "height": 900})
    question(page, "mapa").locator("select").nth(0).select_option("c")
    question(page, "volcanes").get_by_label("Desde la izquierda").first.fill("500")
    question(page, "volcanes").get_by_label("Desde abajo").first.fill("300")
    until(lambda: len(kept()) == 2 and not KINDS["markers"].complaint(BY_NAME["volcanes"], kept()["volcanes"]))
    page.reload()
    expect(question(page, "mapa").locator(".zone.full .lain")).to_have_text("Temuco")
    expect(question(page, "volcanes").locator(".spot:not(.off)")).to_have_count(1)


def test_embedded_answers_are_saved_as_they_are_given(begun, kept):
    page = begun(viewport={"width": 1280, "height": 900})
    marco = question(page, "marco")
    marco.get_by_label("Espacio 1 de 5").fill("Interior")
    marco.get_by_label("Espacio 3 de 5").select_option(label="1978")
    marco.get_by_role("checkbox", name="CGLU").check()
    marco.get_by_role("checkbox", name="UIM").check()
    marco.get_by_role("radio", name="Granada").check()
    q = BY_NAME["marco"]
    until(lambda: KINDS["cloze"].score(q, kept().get("marco", "")) == 1 - KINDS["cloze"].parts(q, "")[1].weight)


def test_without_script_the_same_form_gives_the_same_answers(begun, kept):
    page = begun(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    for name, sent in (("redes", {"q.1": "f", "q.2": "c"}), ("paris", {"q.1": "b", "q.2": "a"}), ("mapa", {"q.1": "c", "q.3": "d"})):
        for field, value in sent.items():
            question(page, name).locator(f"select[name$='{field}']").select_option(value)
    question(page, "volcanes").locator("[name$='q.b.1.x']").fill("100")
    question(page, "volcanes").locator("[name$='q.b.1.y']").fill("300")
    assert page.locator("[data-dragging]:visible").count() == 0
    page.get_by_role("button", name="Revisar y entregar").first.click()
    page.wait_for_load_state()
    assert {k: v for k, v in kept().items() if v} == ANSWERS


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(begun, width, scheme):
    page = begun(viewport={"width": width, "height": 900}, color_scheme=scheme)
    nothing(faults(page))
    question(page, "paris").locator("select").nth(0).select_option("b")
    question(page, "mapa").locator("select").nth(0).select_option("c")
    question(page, "volcanes").get_by_label("Desde la izquierda").first.fill("120")
    question(page, "volcanes").get_by_label("Desde abajo").first.fill("300")
    nothing(faults(page))


@pytest.mark.parametrize("width", [360, 1280])
def test_who_looks_back_sees_each_gap_and_the_picture_as_it_was_left(begun, kept, width):
    page = begun(viewport={"width": width, "height": 900})
    question(page, "redes").locator("select").nth(0).select_option("f")
    question(page, "mapa").locator("select").nth(0).select_option("a")
    for axis, value in (("x", "100"), ("y", "300")):
        question(page, "volcanes").locator(f"[name$='q.b.1.{axis}']").fill(value)
    until(lambda: len(kept()) == 3)
    page.get_by_role("button", name="Revisar y entregar").first.click()
    page.wait_for_url("**/entrega")
    page.get_by_role("button", name="Entregar").click()
    page.wait_for_url("**/revision")
    expect(page.locator("main")).to_contain_text("La (1) _____ tiene su sede en (2) _____")
    expect(page.get_by_role("row", name="Espacio 1").first).to_contain_text("UIM")
    expect(page.get_by_role("row", name="Zona 2 (Argentina)")).to_contain_text("Sin responder")
    expect(page.locator(".zone.full .lain")).to_have_text("Neuquén")
    expect(page.locator(".spot:not(.off)")).to_have_count(1)
    nothing(faults(page))


def test_where_nothing_may_be_answered_any_more_nothing_is_dragged(begun, kept):
    page = begun(viewport={"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('.ask fieldset').forEach(e => { e.disabled = true; })")
    mapa, volcanes = question(page, "mapa"), question(page, "volcanes")
    drag(page, mapa.locator("[data-drag=c]"), mapa.locator(".zone").nth(0))
    drag(page, volcanes.locator("[data-marker=b]"), volcanes.locator("svg.canvas > image"))
    assert mapa.locator("select").nth(0).input_value() == "" and volcanes.locator(".spot:not(.off)").count() == 0
    assert kept() == {}


def test_a_finger_drags_as_a_mouse_does(begun, kept):
    page = begun(viewport={"width": 360, "height": 740}, has_touch=True)
    finger = page.context.new_cdp_session(page)

    def touch(kind, *at):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})
    mapa, volcanes = question(page, "mapa"), question(page, "volcanes")
    for thing, to in ((mapa.locator("[data-drag=c]"), mapa.locator(".zone").nth(0)),
                      (volcanes.locator("[data-marker=b]"), volcanes.locator("svg.canvas > image"))):
        page.evaluate("e => e.scrollIntoView({ block: 'center' })", to.element_handle())
        start, end = middle(thing.bounding_box()), middle(to.bounding_box())
        touch("touchStart", start)
        for share in (.2, .5, .8, 1):
            touch("touchMove", tuple(a + (b - a) * share for a, b in zip(start, end, strict=True)))
        touch("touchEnd")
    expect(mapa.locator("select").nth(0)).to_have_value("c")
    until(lambda: '"c"' in kept().get("mapa", "") and '"b"' in kept().get("volcanes", ""))
    x, y = (int(volcanes.locator(f"[name$='q.b.1.{axis}']").input_value()) for axis in "xy")
    assert abs(x - 300) < 4 and abs(y - 200) < 4
