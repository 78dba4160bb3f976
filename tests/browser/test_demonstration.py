"""The demonstration as its people find it, link by link, with the whole diploma in it: axe, widths and the console."""

import re
from collections import Counter
from pathlib import Path

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from lms import create_app
from lms.home.cast import PASSWORD
from lms.home.commands import build
from tests.browser.live import Site, nothing
from tests.browser.test_every_page import FILES
from tests.browser.walk import SEED, Walk
from tests.fixtures import make_tables

ROOT = Path(__file__).parents[2]
PEOPLE = ["participante.cl", "p2.cl", "participante.ar", "docente", "coordinacion", "oficina"]
EACH = 2            # pages of a kind that are opened


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demonstration")
    for part in ("files", "mail", "static"):
        (folder / part).mkdir()
    app = create_app(INSTANCE=folder, DATABASE=f"sqlite:///{folder}/lms.sqlite", SECRET_KEY="test", URL="http://localhost",
                     COURSES=ROOT / "courses", SMTP="", MAIL_FROM="Escuela <e@example.org>", DEMO=True)
    make_tables(app.extensions["database"].engine)
    build(app, 12, SEED)
    site = Site(app)
    yield site
    site.stop()
    app.extensions["database"].engine.dispose()


@pytest.fixture
def walk(chromium, demonstration):
    context = chromium.new_context(base_url=demonstration.url, locale="es-CL")
    yield Walk(context)
    context.close()


def enter(walk, name):
    walk.page.goto("/ingresar")
    walk.page.fill("[name=email]", f"{name}@example.org")
    walk.page.fill("[type=password]", PASSWORD)
    walk.page.click("main form .btn-main")
    walk.page.wait_for_url("**/inicio")


def kind_of(app, path):
    try:
        return app.url_map.bind("localhost").match(path.partition("?")[0])[0]
    except (HTTPException, RequestRedirect):
        return ""


@pytest.mark.parametrize("name", PEOPLE)
def test_every_link_leads_to_a_good_page(demonstration, walk, name):
    enter(walk, name)
    todo, seen, opened = ["/inicio"], {"/inicio"}, Counter()
    while todo:
        path = todo.pop(0).partition("#")[0]
        kind = kind_of(demonstration.app, path)
        if not kind:
            walk.found.append(f"{path}: a link to nowhere")
        if not kind or opened[kind] == EACH or path.partition("?")[0].endswith((".pdf", ".csv", ".txt", ".xlsx", ".ods", ".ics")) or kind in FILES:
            continue
        opened[kind] += 1
        if (len(kind) + PEOPLE.index(name) + SEED) % 3:         # a third of the kinds by axe for each person each day
            walk.kinds.add(kind)
        walk.go(path, kind, looks=1)
        links = walk.page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        todo += [link for link in dict.fromkeys(links) if link not in seen]
        seen |= set(links)
    assert len(opened) > 8, opened
    nothing(walk.found)


def test_every_lesson_quiz_and_task_of_the_diploma(demonstration, walk):
    """All fit a phone of 320 px; a fifth is looked at by axe each day."""
    enter(walk, "oficina")
    walk.page.goto("/catalogo")
    edition = walk.page.locator("main a[href^='/catalogo/']").first.get_attribute("href")
    walk.page.goto(edition)
    links = walk.page.eval_on_selector_all("main a[href^='/catalogo/']", "all => all.map(a => a.getAttribute('href'))")
    pages = [link for link in dict.fromkeys(links) if re.fullmatch(rf"{edition}/\w+/[\w-]+", link)]
    assert len(pages) > 50
    for i, page in enumerate(pages):
        walk.go(page, looks=1 if i % 5 == SEED % 5 else 0)
    nothing(walk.found)
