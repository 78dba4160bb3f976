"""The accidents that befall an attempt, in a real Chromium: nothing typed is lost or doubled, and the page says the truth.

Each runs a few times here and ACCIDENTS=20 times before a release, with other words and other pauses each time.
"""

import os
import random
import re
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select

from lms.attempts import receipts
from lms.attempts.models import Answer, Attempt
from tests import line as lines
from tests.browser.live import CHROMIUM, FLAGS
from tests.browser.test_attempt import FRONT, OURS, QUICK, SAVED, end_sessions, kept_here, second_page, short, until
from tests.client import Client
from tests.world import PASSWORD

ROUNDS = range(int(os.environ.get("ACCIDENTS", "1")))
ATTEMPT = "/cohortes/1/intentos/1"
NOTICE = "#aviso .offline"
MINE = re.compile("intentos/1/")
DEVICE = """() => new Promise(done => {
    const asked = indexedDB.open("lms");
    asked.onsuccess = () => {
        const all = asked.result.transaction("receipts").objectStore("receipts").getAll();
        all.onsuccess = () => done(all.result.map(one => one.text));
        asked.result.close();
    };
})"""
pytestmark = pytest.mark.parametrize("round", ROUNDS)


@pytest.fixture
def chance(round):
    return random.Random(round)


@pytest.fixture
def text(chance):
    """Something nobody has typed before."""
    return f"SUBDERE {chance.getrandbits(40):x} ñandú «o»"


@pytest.fixture
def here(app):
    """here(): question -> what the server holds as the answer; here.rows: every answer it ever took."""
    def read(attempt=1):
        return {question: value for question, value, *_ in rows(attempt)}

    def rows(attempt=1):
        with app.extensions["database"].reading() as session:
            return session.execute(select(Answer.question, Answer.value, Answer.key, Answer.chain, Answer.sequence).where(
                Answer.attempt_id == attempt).order_by(Answer.id)).all()
    read.rows = rows
    return read


@pytest.fixture
def page(browse):
    page = started(browse("ana").new_page())
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    assert wrong == []


def started(page):
    page.goto(FRONT)
    page.get_by_role("button", name="Empezar el intento 1").click()
    page.wait_for_url("**/intentos/1")
    return page


def typed(text):
    return {"registro": receipts.json.dumps(text, ensure_ascii=False)}


def all_well(page, app, here, wanted):
    """What was given is on the server, once, in an unbroken chain; the device keeps nothing unsent, and its receipts hold."""
    until(lambda: here() == wanted, 20)
    until(lambda: kept_here(page)["queue"] == 0)
    rows = here.rows()
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1)) and len({row.key for row in rows}) == len(rows)
    told = page.evaluate(DEVICE)
    assert {text.split("cadena ")[1].split("\n")[0] for text in told} <= {row.chain for row in rows}
    if told:
        ordered = sorted(told, key=lambda text: int(text.split("\norden ")[1].split("\n")[0]))
        assert receipts.verify("\n".join(ordered), app.extensions["receipt_keys"].public()).count == len(told)


def pause(page, chance, most=400):
    page.wait_for_timeout(chance.randrange(most))


# The eleven -----------------------------------------------------------------------------------------------------------

def test_1_offline_while_typing_then_online(page, app, here, chance, text):
    second_page(page)
    short(page).press_sequentially(text[:5])
    pause(page, chance)
    page.context.set_offline(True)
    begun = time.monotonic()
    short(page).press_sequentially(text[5:], delay=chance.randrange(20))
    page.wait_for_selector(OURS, timeout=QUICK)
    expect(page.locator(NOTICE)).to_contain_text("Sin conexión", timeout=QUICK)
    assert time.monotonic() - begun < 3 + 0.02 * len(text)
    pause(page, chance)
    page.context.set_offline(False)
    page.wait_for_selector(SAVED, timeout=15000)
    all_well(page, app, here, typed(text))


def test_2_offline_next_online_back(page, app, here, chance):
    page.context.set_offline(True)
    page.get_by_label("2005").check()
    pause(page, chance)
    page.get_by_role("button", name="Guardar y seguir").click()
    expect(page.locator(NOTICE)).to_contain_text("Todavía no se puede cambiar de página", timeout=QUICK)
    page.context.set_offline(False)
    page.wait_for_selector(SAVED, timeout=15000)
    second_page(page)
    page.go_back()
    expect(page.get_by_label("2005")).to_be_checked()
    all_well(page, app, here, {"anio": '"a"'})


def test_3_offline_next_reload(page, app, here, chance, text):
    second_page(page)
    page.context.set_offline(True)
    short(page).press_sequentially(text)
    page.get_by_role("button", name="Revisar y entregar").first.click()
    pause(page, chance)
    with pytest.raises(Error):
        page.reload()
    page.context.set_offline(False)
    page.goto(f"{ATTEMPT}?pagina=2")
    expect(short(page)).to_have_value(text)
    all_well(page, app, here, typed(text))


def test_4_typed_and_reloaded_at_once(page, app, here, chance, text):
    second_page(page)
    page.context.set_offline(True)
    short(page).press_sequentially(text[:-3])
    page.context.set_offline(False)
    short(page).press_sequentially(text[-3:])
    page.reload()
    expect(short(page)).to_have_value(text)
    all_well(page, app, here, typed(text))


def test_5_session_gone_next(page, app, here, chance):
    end_sessions(app)
    page.get_by_label("2005").check()
    pause(page, chance)
    page.get_by_role("button", name="Guardar y seguir").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Contraseña").fill(PASSWORD)
    dialog.get_by_role("button", name="Ingresar y seguir").click()
    page.wait_for_url("**pagina=2")
    all_well(page, app, here, {"anio": '"a"'})


def test_6_session_gone_while_writing(page, app, here, chance, text):
    second_page(page)
    short(page).press_sequentially(text[:5])
    page.wait_for_selector(SAVED)
    end_sessions(app)
    short(page).press_sequentially(text[5:])
    expect(page.locator(NOTICE)).to_contain_text("La sesión terminó", timeout=QUICK)
    assert short(page).input_value() == text and not page.get_by_role("dialog").is_visible()
    page.get_by_role("button", name="Ingresar sin salir").click()
    page.get_by_role("dialog").get_by_label("Contraseña").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(SAVED, timeout=15000)
    all_well(page, app, here, typed(text))


def test_7_session_gone_dialog_dismissed_signed_in_in_another_tab(page, app, here, chance, world):
    end_sessions(app)
    page.get_by_label("2005").check()
    page.get_by_role("button", name="Guardar y seguir").click()
    page.get_by_role("dialog").get_by_role("button", name="Ahora no").click()
    expect(page.locator(NOTICE)).to_contain_text("La sesión terminó")
    other = page.context.new_page()
    other.goto("/ingresar")
    other.get_by_label("Correo electrónico").fill("ana@example.org")
    other.get_by_label("Contraseña").fill(PASSWORD)
    other.locator("main").get_by_role("button", name="Ingresar").click()
    other.wait_for_url("**/inicio")
    other.close()
    pause(page, chance)
    page.get_by_role("button", name="Guardar y seguir").click()
    page.wait_for_url("**pagina=2", timeout=15000)
    all_well(page, app, here, {"anio": '"a"'})


def test_8_server_down_next_back(page, app, here, chance, site):
    site.stop()
    try:
        page.get_by_label("2005").check()
        page.wait_for_selector(OURS, timeout=QUICK)
        page.get_by_role("button", name="Guardar y seguir").click()
        expect(page.locator(NOTICE)).to_contain_text("Todavía no se puede cambiar de página", timeout=QUICK)
        expect(page.locator(NOTICE)).to_contain_text("lo escrito queda en este equipo")
        pause(page, chance)
    finally:
        site.start()
    page.wait_for_selector(SAVED, timeout=20000)
    all_well(page, app, here, {"anio": '"a"'})


def test_9_two_devices_both_saving_by_themselves(page, browse, app, here, chance, text):
    other = browse("ana").new_page()
    for device in (page, other):
        device.goto(f"{ATTEMPT}?pagina=2")
    short(page).fill("Contraloría")
    until(lambda: "registro" in here())
    short(other).fill(text)
    expect(other.locator(".told-here")).to_contain_text("Hay dos respuestas suyas")
    expect(other.locator(".told-here")).to_contain_text("Contraloría")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".told-here")).to_contain_text("cambió en otro equipo")
    assert [row.value for row in here.rows()] == ['"Contraloría"', typed(text)["registro"]]
    all_well(other, app, here, typed(text))


def test_10_two_devices_next_on_both(page, browse, app, here, chance, text):
    other = browse("ana").new_page()
    for device in (page, other):
        device.goto(f"{ATTEMPT}?pagina=2")
    short(page).fill("Contraloría")
    page.get_by_role("button", name="Revisar y entregar").first.click()
    page.wait_for_url("**/entrega")
    short(other).fill(text)
    other.get_by_role("button", name="Revisar y entregar").first.click()
    other.wait_for_url("**/entrega")
    other.go_back()
    expect(other.locator(".told-here")).to_contain_text("Contraloría")
    other.get_by_role("button", name="Quedarse con la otra").click()
    until(lambda: here() == typed("Contraloría"))
    assert [row.value for row in here.rows()] == ['"Contraloría"', typed(text)["registro"], '"Contraloría"']
    all_well(other, app, here, typed("Contraloría"))


def test_11_double_taps(browse, app, here, chance):
    page = browse("ana").new_page()
    page.goto(FRONT)
    page.get_by_role("button", name="Empezar el intento 1").dblclick(no_wait_after=True)
    page.wait_for_url("**/intentos/1")
    page.get_by_label("2005").check()
    page.get_by_role("button", name="Guardar y seguir").dblclick(no_wait_after=True)
    page.wait_for_url("**pagina=2")
    page.goto(f"{ATTEMPT}/entrega")
    page.get_by_role("button", name="Entregar igual").dblclick(no_wait_after=True)
    page.wait_for_url("**/revision")
    with app.extensions["database"].reading() as session:
        assert len(session.scalars(select(Attempt.submitted_at)).all()) == 1
    all_well(page, app, here, {"anio": '"a"'})


# Harder ---------------------------------------------------------------------------------------------------------------

@pytest.fixture
def line(site):
    made = lines.Line(site.port)
    yield made
    made.close()


@pytest.mark.parametrize("how", [lines.BEFORE, lines.AFTER, lines.HALF, lines.TWICE, lines.SLOW])
def test_a_line_that_breaks_at_the_worst_moment_neither_loses_nor_doubles(browse, app, here, chance, text, line, how):
    page = started(browse("ana", base_url=line.url).new_page())
    second_page(page)
    line.does(how, times=chance.randint(1, 2))
    short(page).press_sequentially(text, delay=chance.randrange(15))
    page.locator("[data-question=meta] input.input").fill("0,7")
    page.locator("[data-question=meta] input.input").blur()
    all_well(page, app, here, {**typed(text), "meta": '"0,7"'})
    assert line.broken
    values = [row.value for row in here.rows() if row.question == "registro"]
    assert len(values) == len(set(values)), "nothing twice"


def test_the_browser_is_killed_and_opened_again(chromium, site, app, world, here, chance, text, tmp_path):
    device = opened(chromium, tmp_path, site, app, world)
    page = started(device.new_page())
    page.goto(f"{ATTEMPT}?pagina=2")
    device.set_offline(True)
    short(page).press_sequentially(text)
    page.wait_for_timeout(chance.randrange(200, 1000))      # at most a second after the last keystroke
    kill(tmp_path)
    with suppress(Error):
        device.close()
    device = opened(chromium, tmp_path, site, app, world)
    page = device.new_page()
    page.goto(f"{ATTEMPT}?pagina=2")
    expect(short(page)).to_have_value(text)
    all_well(page, app, here, typed(text))
    device.close()


def opened(chromium, folder, site, app, world):
    context = chromium.browser_type.launch_persistent_context(str(folder), executable_path=CHROMIUM, args=FLAGS,
                                                              base_url=site.url, locale="es-CL")
    client = Client(app)
    client.sign_in(world, "ana")
    cookie = client.get_cookie("lms", domain="localhost")
    context.add_cookies([{"name": "lms", "value": cookie.value, "url": site.url}])
    return context


def kill(folder):
    """SIGKILL every process of the Chromium that keeps its things in this folder."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"--user-data-dir={folder}".encode() in entry.read_bytes():
                os.kill(int(entry.parent.name), signal.SIGKILL)


@pytest.mark.parametrize("days", [-2, 2])
def test_a_device_whose_clock_is_days_off(browse, app, here, chance, text, days):
    context = browse("ana")
    context.add_init_script(f"{{ const now = Date.now; Date.now = () => now() + {days} * 86400000; }}")
    page = started(context.new_page())
    expect(page.locator("#reloj")).to_contain_text("39:")
    second_page(page)
    context.set_offline(True)
    short(page).press_sequentially(text)
    page.wait_for_selector(OURS, timeout=QUICK)
    context.set_offline(False)
    all_well(page, app, here, typed(text))
    with app.extensions["database"].reading() as session:
        row = session.execute(select(Answer.client_at, Answer.saved_at, Answer.ahead)).all()[-1]
    assert abs((row.client_at - row.saved_at).total_seconds() - row.ahead) < 30
    expect(page.locator("#reloj")).to_contain_text("39:")


@pytest.mark.parametrize("refused", ["indexedDB.open = () => { throw new Error('private'); }",
                                     "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); }"])
def test_a_browser_that_keeps_nothing_says_so_and_still_sends(browse, app, here, chance, text, refused):
    context = browse("ana")
    context.add_init_script(refused)
    page = started(context.new_page())
    second_page(page)
    context.set_offline(True)
    short(page).press_sequentially(text)
    expect(page.locator(NOTICE)).to_contain_text("no permite guardar copias", timeout=QUICK)
    context.set_offline(False)
    page.wait_for_selector(SAVED, timeout=15000)
    until(lambda: here() == typed(text))


def test_the_next_page_sends_what_a_tab_that_died_left(page, app, here, chance, text):
    second_page(page)
    page.context.set_offline(True)
    short(page).press_sequentially(text)
    page.close()
    page.context.set_offline(False)
    page = page.context.new_page()
    page.goto(ATTEMPT)                                  # another page of the same attempt
    all_well(page, app, here, typed(text))


def test_another_person_on_the_same_device_neither_sends_nor_sees_what_is_left(page, app, here, chance, text, signed_in, site):
    second_page(page)
    page.context.set_offline(True)
    short(page).press_sequentially(text)
    page.wait_for_selector(OURS)
    page.context.route(MINE, lambda route: route.abort())       # or her own page would send it in the next moment
    page.context.set_offline(False)
    signed_in(page.context, "beto")
    page.goto("/cohortes/2/modulos/G1/control")
    page.get_by_role("button", name="Empezar el intento 1").click()
    page.wait_for_url("**/intentos/2")
    page.goto("/cohortes/2/intentos/2?pagina=2")
    page.wait_for_timeout(500)
    assert short(page).input_value() == "" and here() == here(2) == {} and kept_here(page)["queue"] == 1
    page.context.unroute(MINE)
    signed_in(page.context, "ana")
    page.goto(f"{ATTEMPT}?pagina=2")
    all_well(page, app, here, typed(text))


def test_who_signs_out_with_something_unsent_is_asked_first(page, app, here, chance, text):
    second_page(page)
    short(page).fill(text)
    page.wait_for_selector(SAVED)
    page.context.route(MINE, lambda route: route.abort())
    short(page).press_sequentially(" y más")
    page.wait_for_selector(OURS)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss() if len(asked) == 1 else dialog.accept()))
    for times in (1, 2):
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Salir").click()
        until(lambda n=times: len(asked) == n or page.wait_for_timeout(50))
        if times == 1:
            page.locator("details.menu summary").click()
            assert "sin enviar" in asked[0] and "/intentos/1" in page.url
    page.wait_for_url("**/ingresar")


def test_time_over_while_offline_the_answer_goes_by_a_file_and_counts_by_a_decision(page, browse, app, here, world, chance, text):
    second_page(page)
    page.context.set_offline(True)
    short(page).fill("SUBDERE")
    page.wait_for_selector(OURS)
    world.later(minutes=41)
    page.context.set_offline(False)
    expect(page.locator("#guardado")).to_contain_text("Cerrado", timeout=15000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Guardar en un archivo").click()
    file = download.value.path()
    page.goto(ATTEMPT)
    expect(page.locator("#quedaron")).to_contain_text("Hay 1 respuesta que no alcanzó a llegar")
    page.get_by_role("button", name="Ver el resultado").click()
    desk = browse("ivan").new_page()
    desk.goto("/cohortes/1/rescate")
    desk.locator("#archivo").set_input_files(file)
    desk.get_by_role("button", name="Ver qué trae").click()
    expect(desk.locator("main")).to_contain_text("SUBDERE")
    desk.locator("#motivo").fill("Corte de luz en la comuna.")
    desk.get_by_role("button", name="Aceptar las marcadas").click()
    expect(desk.locator("main")).to_contain_text("Se agregó 1 respuesta")
    assert here() == typed("SUBDERE")
    page.goto(f"{ATTEMPT}/recibos")
    expect(page.locator("main")).to_contain_text("Corte de luz en la comuna.")
    expect(page.locator("#quedaron")).not_to_contain_text("no alcanzó a llegar", use_inner_text=True)
    until(lambda: kept_here(page)["queue"] == 0)        # it has arrived after all
