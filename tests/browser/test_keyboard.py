"""Each role's way with the keyboard alone: every stop can be seen, in the order it is read, and nothing needs a mouse."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.attempts.models import Submission
from tests.looking import one
from tests.web.test_grading import Desk, latest, task
from tests.world import PASSWORD

MOST = 60           # stops on a page before what is looked for
STOP = """() => {
    const e = document.activeElement, seen = e.closest("label.pick") ?? e, style = getComputedStyle(seen);
    const box = seen.getBoundingClientRect();
    return {tag: e.tagName, words: (e.labels?.[0] ?? e).innerText || e.getAttribute("aria-label") || e.name || "",
            outline: style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2, type: e.type ?? "", name: e.name ?? "",
            inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""


class Keys:
    """A person with a keyboard: Tab until a stop is reached, each stop seen and in the window."""

    def __init__(self, page):
        self.page, self.hidden = page, []

    def open(self, url):
        self.page.goto(url)
        return self

    def to(self, words="", tag="", name=""):
        """Tab on to a stop whose words, tag or name are these."""
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop["tag"] != "BODY" and not (stop["outline"] and stop["inside"]):      # the body: round the page once
                self.hidden.append((self.page.url, stop))
            if words in stop["words"] and tag.upper() in ("", stop["tag"]) and name in ("", stop["name"]):
                return self
        raise AssertionError(f"no stop {words or name!r} on {self.page.url}")

    def choose(self, name, words):
        """Tab to a group of options and go down to the one with these words."""
        self.to(name=name).press("Space")
        for _ in range(9):
            if words in self.page.evaluate(STOP)["words"]:
                return self
            self.press("ArrowDown")
        raise AssertionError(f"no option {words!r} in {name}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def go(self, key="Enter"):
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        return self

    def type(self, text):
        self.page.keyboard.type(text)
        return self


@pytest.fixture
def keys(browse):
    made = []

    def person(name="ana", **options):
        made.append(Keys(browse(name, viewport={"width": 1280, "height": 800}, **options).new_page()))
        return made[-1]
    yield person
    assert [stop for each in made for stop in each.hidden] == []


def test_the_first_stop_leads_past_the_menu(keys):
    ana = keys().open("/cohortes/1/modulos/G1/lecciones/01-inicio")
    ana.to("Ir al contenido").press("Enter")
    assert ana.page.evaluate("location.hash") == "#contenido"
    ana.press("Tab")
    assert ana.page.evaluate("document.activeElement.closest('main') != null")


def test_signing_in_going_on_with_the_lesson_and_signing_out(keys):
    ana = keys("nobody").open("/ingresar")
    ana.to(name="email").type("ana@example.org").to(name="password").type(PASSWORD).go()
    expect(ana.page.get_by_role("heading", name="Inicio", exact=True)).to_be_attached()
    ana.to("Comenzar a leer").go()
    ana.to("Marcar como leída y seguir").go()
    expect(ana.page.get_by_role("heading", name="Desarrollo de G1")).to_be_visible()
    ana.to("Su cuenta").press("Enter").to("Salir").go()
    expect(ana.page.get_by_role("heading", name="Ingresar")).to_be_visible()


def test_a_refused_form_puts_the_focus_on_what_is_wrong_and_leads_to_the_field(keys):
    olga = keys("olga").open("/instituciones/nueva")
    olga.page.locator("main form").evaluate("form => { form.noValidate = true; }")
    olga.to("Guardar", tag="button").go()
    assert olga.page.evaluate("document.activeElement.matches('.error-list')")
    olga.press("Tab", "Enter")
    assert olga.page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_a_page_of_a_quiz_is_answered_and_handed_in(keys):
    ana = keys().open("/cohortes/1/modulos/G1/control")
    ana.to("Empezar el intento 1").go()
    ana.choose("r1.q", "2005").to("Apropiación").press("Space").choose("r3.q", "Verdadero")
    ana.to("CGLU", tag="select").press("ArrowDown")
    ana.to("Guardar y seguir", tag="button").go()
    ana.page.wait_for_url("**pagina=2")
    ana.to(name="r6.q").type("SUBDERE")
    ana.to("Revisar y entregar").go()
    ana.page.wait_for_url("**/entrega")
    ana.to("Entregar igual").go()
    ana.page.wait_for_url("**/revision")


def test_a_task_is_handed_in(keys, app):
    ana = keys().open("/cohortes/1/modulos/G1/tarea")
    ana.to(name="texto").type("Mi ficha").to("Entregar la versión 1").go()
    expect(ana.page.get_by_role("heading", name="Comprobante de entrega")).to_be_visible()
    assert one(app, select(Submission.text)) == "Mi ficha"


@pytest.mark.parametrize("script", [True, False])
def test_a_task_is_marked_and_the_next_comes(keys, app, world, script):
    desk = Desk(app, world)
    first, second = desk.hand_in("ana"), desk.hand_in("beto")
    ivan = keys("ivan", java_script_enabled=script).open("/inicio")
    ivan.to("Corregir el primero").go()
    assert ivan.page.url.endswith(task(first))
    for criterion in range(4):
        ivan.to(name=f"c{criterion}").press("Space", "ArrowDown", "ArrowDown")
    ivan.to(name="feedback").type("Bien.").to("Guardar y seguir con la siguiente").go()
    assert ivan.page.url.endswith(task(second, 2))
    assert latest(desk)[1:3] == ("[2, 2, 2, 2]", "Bien.")


def test_the_office_opens_folds_tabs_and_a_person(keys):
    olga = keys("olga").open("/inicio")
    olga.to("Cohorte CL-2027").go()
    olga.to("Calendario").go()
    assert olga.page.url.endswith("/calendario")
    olga.open("/personas").to("Pérez Soto, Ana").go()
    olga.to("Dar", tag="summary").press("Enter").to(name="role")


def test_the_arrows_go_through_the_gradebook_from_grade_to_grade(keys):
    page = keys("olga").open("/cohortes/1/libro").page
    first = page.locator("tbody td a").first
    first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('td').cellIndex") == 2
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement === document.querySelector('tbody td a')")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement === document.querySelector('tbody td a')"), "at the edge it stays"
