"""Accidents in an attempt, in a real Chromium: nothing typed is lost, and the page tells the truth about saving."""

import re
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import func, select

from lms.attempts import queries
from lms.attempts.models import Answer, Attempt, QuizPlan, Submission
from lms.attempts.plan import Plan
from lms.people.models import UserSession
from tests.browser.live import faults, nothing
from tests.world import PASSWORD

FRONT = "/cohortes/1/modulos/G1/control"
SAVED, OURS = "#guardado:has-text('Guardado')", "#guardado:has-text('En este equipo, sin enviar')"
SAVE = re.compile("/respuestas")
QUICK = 3000                    # milliseconds in which the page must tell the truth


@pytest.fixture
def page(browse):
    page = browse("ana").new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: "Policy" in line.text and wrong.append(line.text))
    page.goto(FRONT)
    page.get_by_role("button", name="Empezar el intento 1").click()
    page.wait_for_load_state()
    yield page
    assert wrong == []


@pytest.fixture
def kept(app):
    def read(attempt_id=1):
        with app.extensions["database"].reading() as session:
            return queries.answers_of(session, attempt_id)
    return read


def until(check, seconds=6):
    """Wait for what the server will know in a moment."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, check
        time.sleep(0.05)


def second_page(page):
    page.get_by_role("button", name="Guardar y seguir").click()
    page.wait_for_url("**pagina=2")


def short(page):
    return page.locator("[data-question=registro] input.input")


def test_each_answer_is_saved_as_it_is_given_and_the_time_is_told(page, kept):
    page.get_by_label("2005").check()
    page.wait_for_selector(SAVED)
    assert kept() == {"anio": '"a"'}
    expect(page.locator("[data-square=anio]")).to_contain_class("s-now")
    expect(page.locator("[data-count=now]")).to_have_text("1")
    page.reload()
    expect(page.get_by_label("2005")).to_be_checked()


def test_typed_offline_and_reloaded_it_is_still_there_and_reaches_the_server(page, kept):
    second_page(page)
    page.context.set_offline(True)
    short(page).press_sequentially("SUBDERE")
    page.wait_for_selector(OURS, timeout=QUICK)
    expect(page.locator("#aviso .offline")).to_contain_text("Sin conexión", timeout=QUICK)
    expect(page.locator("[data-square=registro]")).to_contain_class("s-due")
    assert kept() == {}
    with pytest.raises(Error):
        page.reload()
    page.context.set_offline(False)
    page.goto("/cohortes/1/intentos/1?pagina=2")
    expect(short(page)).to_have_value("SUBDERE")
    until(lambda: kept() == {"registro": '"SUBDERE"'})


def test_online_again_it_sends_by_itself(page, kept):
    second_page(page)
    page.context.set_offline(True)
    short(page).fill("SUBDERE")
    page.wait_for_selector(OURS, timeout=QUICK)
    page.context.set_offline(False)
    page.wait_for_selector(SAVED)
    assert kept() == {"registro": '"SUBDERE"'}
    expect(page.locator("#aviso .offline")).to_be_hidden()


def test_reloaded_right_after_a_keystroke_nothing_is_lost(page, kept):
    second_page(page)
    short(page).press_sequentially("SUB")
    page.reload()
    expect(short(page)).to_have_value("SUB")
    until(lambda: kept() == {"registro": '"SUB"'})


def test_next_offline_stays_on_the_page_with_the_reason_and_goes_on_when_the_line_is_back(page, kept):
    page.context.set_offline(True)
    page.get_by_label("2005").check()
    page.get_by_role("button", name="Guardar y seguir").click()
    expect(page.locator("#aviso .offline")).to_contain_text("Todavía no se puede cambiar de página", timeout=QUICK)
    assert page.locator("h1").inner_text() == "Control de G1" and page.get_by_label("2005").is_checked()
    page.context.set_offline(False)
    page.wait_for_selector(SAVED)
    second_page(page)
    assert kept() == {"anio": '"a"'}


def test_with_the_server_down_it_says_so_and_sends_when_it_is_up(page, site, kept):
    site.stop()
    try:
        page.get_by_label("2005").check()
        page.wait_for_selector(OURS, timeout=QUICK)
        expect(page.locator("#aviso .offline")).to_contain_text("El sistema no responde", timeout=QUICK)
        page.get_by_role("button", name="Guardar y seguir").click()
        expect(page.locator("#aviso .offline")).to_contain_text("Todavía no se puede cambiar de página")
        assert "pagina=2" not in page.url
    finally:
        site.start()
    page.wait_for_selector(SAVED, timeout=15000)
    assert kept() == {"anio": '"a"'}


def test_a_bare_502_from_a_proxy_loses_nothing(page, site, kept):
    class Bare(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(502)
            self.end_headers()
            self.wfile.write(b"<html>Bad Gateway")
        do_GET = do_POST

        def log_message(self, *_):
            pass
    site.stop()
    proxy = HTTPServer(("127.0.0.1", site.port), Bare)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        page.get_by_label("2005").check()
        page.wait_for_selector(OURS, timeout=QUICK)
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
        site.start()
    page.wait_for_selector(SAVED, timeout=15000)
    assert kept() == {"anio": '"a"'}


def test_on_a_slow_line_it_says_where_the_answer_is_meanwhile(page, kept, app, monkeypatch):
    quick = app.wsgi_app
    monkeypatch.setattr(app, "wsgi_app", lambda *call: (time.sleep(4), quick(*call))[1])
    page.get_by_label("2005").check()
    expect(page.locator("#aviso .offline")).to_contain_text("La conexión está lenta", timeout=QUICK)
    assert page.locator("#guardado").inner_text().strip() == "En este equipo, sin enviar"
    page.wait_for_selector(SAVED)
    assert kept() == {"anio": '"a"'}


def test_a_browser_that_keeps_nothing_says_so_and_asks_before_leaving(page):
    page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full'); }; }")
    page.context.set_offline(True)
    page.get_by_label("2005").check()
    expect(page.locator("#aviso .offline")).to_contain_text("no permite guardar copias", timeout=QUICK)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    until(lambda: page.evaluate("1") and asked == ["beforeunload"])
    page.context.set_offline(False)


def kept_here(page):
    """How much this device keeps of attempts."""
    return page.evaluate("""() => new Promise(done => {
        const asked = indexedDB.open("lms");
        asked.onsuccess = async () => {
            const count = name => new Promise(told => {
                const all = asked.result.transaction(name).objectStore(name).count();
                all.onsuccess = () => told(all.result);
            });
            done({ queue: await count("queue"), receipts: await count("receipts"), notes: await count("notes") });
            asked.result.close();
        };
    })""")


def test_the_session_gone_one_signs_in_on_the_page_and_loses_nothing(page, app, kept):
    end_sessions(app)
    page.get_by_label("2005").check()
    expect(page.locator("#aviso .offline")).to_contain_text("La sesión terminó", timeout=QUICK)
    page.get_by_role("button", name="Ingresar sin salir").click()
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_label("Correo").input_value() == "ana@example.org"
    dialog.get_by_label("Contraseña").fill("no es esta")
    dialog.get_by_role("button", name="Ingresar y seguir").click()
    expect(dialog.get_by_role("alert")).to_contain_text("no corresponde")
    dialog.get_by_label("Contraseña").fill(PASSWORD)
    dialog.get_by_role("button", name="Ingresar y seguir").click()
    page.wait_for_selector(SAVED)
    assert kept() == {"anio": '"a"'}
    second_page(page)


def test_another_person_who_signs_in_beside_does_not_take_over_the_page(page, signed_in, kept):
    signed_in(page.context, "beto")
    page.get_by_label("2005").check()
    expect(page.locator("#aviso .offline")).to_contain_text("ingresó otra persona", timeout=QUICK)
    page.get_by_role("button", name="Ingresar sin salir").click()
    page.get_by_role("dialog").get_by_label("Contraseña").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(SAVED)
    assert kept() == {"anio": '"a"'}


def end_sessions(app):
    with app.extensions["database"].transaction() as session:
        for row in session.scalars(select(UserSession)):
            row.ended_at = datetime.now(UTC)


def test_the_session_gone_next_does_not_leave_the_page(page, app):
    end_sessions(app)
    page.get_by_label("2005").check()
    page.get_by_role("button", name="Guardar y seguir").click()
    expect(page.locator("#aviso .offline")).to_contain_text("La sesión terminó")
    assert page.get_by_label("2005").is_checked() and "/intentos/1" in page.url


def test_two_devices_both_texts_are_kept_and_the_person_chooses(page, browse, app, kept):
    other = browse("ana").new_page()
    for device in (page, other):
        device.goto("/cohortes/1/intentos/1?pagina=2")
    short(page).fill("Contraloría")
    until(lambda: kept() == {"registro": '"Contraloría"'})
    short(other).fill("SUBDERE")
    note = other.locator("[data-question=registro] .told-here")
    expect(note).to_contain_text("Hay dos respuestas suyas")
    expect(note).to_contain_text("Contraloría")
    assert kept() == {"registro": '"SUBDERE"'}
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-question=registro] .told-here")).to_contain_text("cambió en otro equipo")
    note.get_by_role("button", name="Quedarse con la otra").click()
    expect(short(other)).to_have_value("Contraloría")
    until(lambda: kept() == {"registro": '"Contraloría"'})
    with app.extensions["database"].reading() as session:
        assert session.scalar(select(func.count(Answer.id))) == 3


def test_one_device_typing_on_is_never_told_that_it_is_two(page, kept):
    second_page(page)
    for letter in "Subsecretaría":
        short(page).press_sequentially(letter)
        page.wait_for_timeout(90)
    page.wait_for_selector(SAVED)
    until(lambda: kept() == {"registro": '"Subsecretaría"'})
    assert page.locator(".told-here").count() == 0


def test_the_summary_names_what_is_missing_and_a_double_tap_hands_in_once(page, app):
    page.get_by_label("2005").check()
    page.locator("[data-question=anio]").get_by_label("Marcar para revisar").check()
    page.locator("aside").get_by_role("button", name="Revisar y entregar").click()
    page.wait_for_url("**/entrega")
    expect(page.locator("dl")).to_contain_text("6: 2, 3, 4, 5, 6 y 7")
    expect(page.locator("dd[data-flagged]")).to_contain_text("1")
    page.get_by_role("link", name="4", exact=True).click()
    page.wait_for_url("**pagina=1#p4")
    page.goto("/cohortes/1/intentos/1/entrega")
    page.get_by_role("button", name="Entregar igual").dblclick(no_wait_after=True)
    page.wait_for_url("**/revision")
    with app.extensions["database"].reading() as session:
        assert session.scalar(select(func.count(Attempt.id)).where(Attempt.submitted_at.is_not(None))) == 1
    assert kept_here(page) == {"queue": 0, "receipts": 1, "notes": 0}


def test_what_is_only_on_the_device_is_sent_before_handing_in_also_what_an_older_version_left(page, kept):
    page.evaluate("""localStorage.setItem("lms.attempt.1.q.anio", JSON.stringify({key: "0123456789ab", question: "anio",
                     fields: [["r1.q", "a"]], base: 0, at: 1}))""")
    page.context.route(SAVE, lambda route: route.abort())
    page.goto("/cohortes/1/intentos/1/entrega")
    page.get_by_role("button", name="Entregar igual").click()
    expect(page.locator("[data-waiting]")).to_contain_text("1 respuesta está solo en este equipo", timeout=QUICK)
    expect(page.locator("#aviso .offline")).to_contain_text("Todavía no se puede cambiar de página", timeout=QUICK)
    assert page.url.endswith("/entrega") and page.evaluate("localStorage.length") == 0
    page.context.unroute(SAVE)
    until(lambda: kept() == {"anio": '"a"'})
    page.get_by_role("button", name="Entregar igual").click()
    page.wait_for_url("**/revision")


def test_the_clock_counts_down_by_the_servers_time_and_the_bell_closes_the_page(page, world, kept):
    expect(page.locator("#reloj")).to_contain_text("39:")
    world.later(minutes=39, seconds=50)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#reloj")).to_contain_text("0:0")
    expect(page.locator("#voz")).to_have_text("Queda 1 minuto")
    page.get_by_label("2005").check()
    page.get_by_role("heading", name="El tiempo terminó").wait_for(timeout=15000)
    expect(page.locator("main")).to_contain_text("1 de 7 preguntas con respuesta")
    assert kept() == {"anio": '"a"'}


def test_what_comes_too_late_stays_readable_and_is_called_closed(page, world, kept):
    second_page(page)
    page.context.set_offline(True)
    short(page).fill("SUBDERE")
    world.later(minutes=41)
    page.context.set_offline(False)
    expect(page.locator("#guardado")).to_contain_text("Cerrado")
    expect(page.locator("#aviso .offline")).to_contain_text("entréguelo a su docente")
    expect(short(page)).to_have_value("SUBDERE")
    assert kept() == {} and not short(page).is_editable()


def test_an_answer_the_server_can_not_take_holds_up_no_other_and_is_told(page, kept):
    second_page(page)
    short(page).evaluate("e => { e.removeAttribute('maxlength'); e.value = 'x'.repeat(1200000); }")
    short(page).dispatch_event("input")
    expect(page.locator("#aviso .offline")).to_contain_text("no puede recibir", timeout=15000)
    page.locator("[data-question=meta] input.input").fill("0,7")
    until(lambda: kept() == {"meta": '"0,7"'}, 20)
    expect(page.get_by_role("button", name="Guardar en un archivo")).to_be_visible()
    short(page).fill("SUBDERE")
    until(lambda: kept() == {"meta": '"0,7"', "registro": '"SUBDERE"'}, 20)
    expect(page.locator("#aviso .offline")).to_be_hidden()


def planned(app, world, **settings):
    """From now on the quiz of Ana's cohort is asked by these settings."""
    with app.extensions["database"].transaction() as session:
        session.add(QuizPlan(cohort_id=1, module="G1", content=Plan(settings).dumped(), author_id=world.people["ivan"],
                             planned_at=world.now))


def test_a_button_of_a_question_first_sends_what_was_typed_and_then_does_its_work(browse, app, world, kept):
    planned(app, world, behaviour="immediate")
    page = browse("ana").new_page()
    page.goto(FRONT)
    page.get_by_role("button", name="Empezar el intento 1").click()
    page.get_by_label("2003").check()
    page.get_by_label("2005").check()
    page.get_by_role("button", name="Comprobar la pregunta 1").click()
    expect(page.locator("[data-question=anio]")).to_contain_text("Correcta")
    assert kept()["anio"] == '"a"'
    with app.extensions["database"].reading() as session:
        acts = session.execute(select(Answer.act, Answer.sequence).order_by(Answer.id)).all()
    assert acts[-1].act == "check" and [row.sequence for row in acts] == list(range(1, len(acts) + 1))
    page.context.set_offline(True)
    page.get_by_label("Apropiación").check()
    page.get_by_role("button", name="Comprobar la pregunta 2").click()
    expect(page.locator("#aviso .offline")).to_contain_text("Todavía no se puede", timeout=QUICK)
    page.context.set_offline(False)
    page.wait_for_selector(SAVED, timeout=15000)
    assert kept()["principios"] == '["a"]'


def test_a_quiz_without_a_way_back_goes_on_by_the_server(browse, app, world, kept):
    planned(app, world, navigation="sequential")
    page = browse("ana").new_page()
    page.goto(FRONT)
    page.get_by_role("button", name="Empezar el intento 1").click()
    page.get_by_label("2005").check()
    page.get_by_role("button", name="Guardar y seguir").click()
    short(page).fill("SUBDERE")
    page.get_by_role("button", name="Revisar y entregar").click()
    page.wait_for_url("**/entrega")
    page.goto("/cohortes/1/intentos/1?pagina=1")
    assert short(page).input_value() == "SUBDERE" and kept() == {"anio": '"a"', "registro": '"SUBDERE"'}


def test_without_script_the_quiz_is_taken_and_handed_in(browse, kept, app):
    page = browse("ana", java_script_enabled=False).new_page()
    page.goto(FRONT)
    page.get_by_role("button", name="Empezar el intento 1").click()
    page.get_by_label("2005").check()
    page.get_by_role("button", name="Guardar y seguir").click()
    short(page).fill("SUBDERE")
    short(page).press("Enter")
    page.get_by_role("button", name="Entregar igual").click()
    assert page.url.endswith("/revision") and kept() == {"anio": '"a"', "registro": '"SUBDERE"'}


def test_by_keyboard_alone_a_question_is_answered_and_the_page_left(page, kept):
    page.locator("#p1").focus()
    for key in ("Tab", "Tab", "Space"):
        page.keyboard.press(key)
    page.wait_for_selector(SAVED)
    assert list(kept()) == ["anio"]
    page.get_by_role("button", name="Guardar y seguir").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**pagina=2")


def test_a_tasks_text_outlives_a_closed_page_and_is_forgotten_once_handed_in(browse, app):
    context = browse("ana")
    page = context.new_page()
    page.goto("/cohortes/1/modulos/G1/tarea")
    page.locator("#texto").press_sequentially("Mi ficha")
    page.close()
    page = context.new_page()
    page.goto("/cohortes/1/modulos/G1/tarea")
    expect(page.locator("#texto")).to_have_value("Mi ficha")
    context.set_offline(True)
    page.get_by_role("button", name="Entregar la versión 1").click()
    expect(page.get_by_role("alert")).to_contain_text("todavía no se entregó")
    context.set_offline(False)
    page.get_by_role("button", name="Entregar la versión 1").dblclick(no_wait_after=True)
    page.get_by_role("heading", name="Comprobante de entrega").wait_for()
    assert page.get_by_role("button", name="Imprimir").is_visible()
    page.goto("/cohortes/1/modulos/G1/tarea")
    expect(page.locator("#texto")).to_have_value("")
    with app.extensions["database"].reading() as session:
        assert session.scalar(select(func.count(Submission.id))) == 1


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_pages_have_no_accessibility_fault_and_nothing_overflows(browse, width, scheme):
    page = browse("ana", viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    page.goto(FRONT)
    found = faults(page)
    page.get_by_role("button", name="Empezar el intento 1").click()
    found += faults(page)
    page.context.set_offline(True)
    page.get_by_label("2005").check()
    page.wait_for_selector(OURS)
    found += faults(page)
    page.context.set_offline(False)
    page.wait_for_selector(SAVED)
    for url in ("/cohortes/1/intentos/1?pagina=2", "/cohortes/1/intentos/1/entrega", "/cohortes/1/modulos/G1/tarea",
                "/cohortes/1/modulos/G2/tarea", "/cohortes/1/modulos/G2/control"):
        page.goto(url)
        found += faults(page)
    page.goto("/cohortes/1/modulos/G1/tarea")
    page.get_by_role("button", name="Entregar la versión 1").click()
    found += faults(page)
    page.locator("#texto").fill("x")
    page.get_by_role("button", name="Entregar la versión 1").click()
    page.get_by_role("heading", name="Comprobante de entrega").wait_for()
    found += faults(page)
    nothing(found)
