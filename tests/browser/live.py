"""The app served to a real Chromium on a port of its own, browsers signed in without the sign-in page, and axe."""

import os
import shutil
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.client import Client

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
ASKING = {"runOnly": STANDARD, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations", "incomplete"],
          "preload": False, "elementRef": False}


class Site:
    """The app served on a port of its own, and stopped and started again at will."""

    def __init__(self, app):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.app, self.url = app, f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.lines, accept = [], self.server.get_request

        def get_request():
            line, address = accept()
            self.lines.append(line)
            return line, address
        self.server.get_request = get_request
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def stop(self):
        """As if the plug was pulled: a connection Chromium opened ahead would otherwise still be served."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def chromium():
    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(app, world):
    begun = time.monotonic()
    app.config["CLOCK"] = lambda: world.now + timedelta(seconds=time.monotonic() - begun)
    site = Site(app)
    yield site
    site.stop()


@pytest.fixture
def signed_in(app, world, site):
    """signed_in(context, "ana"): whoever uses this browser is Ana from now on; "nobody" signs her out."""
    def sign_in(context: BrowserContext, name: str) -> BrowserContext:
        context.clear_cookies()
        if name != "nobody":
            client = Client(app)
            client.sign_in(world, name)
            cookie = client.get_cookie("lms", domain="localhost")
            context.add_cookies([{"name": "lms", "value": cookie.value, "url": site.url}])
        return context
    return sign_in


@pytest.fixture
def browse(chromium, site, signed_in):
    """browse("ana") is a browser of hers, signed in."""
    contexts = []

    def context(name="ana", **options):
        found = chromium.new_context(**{"base_url": site.url, "locale": "es-CL", **options})
        found.set_default_timeout(8000)
        contexts.append(found)
        return signed_in(found, name)
    yield context
    for found in contexts:
        found.close()


@cache
def axe_script() -> str:
    return AXE.read_text()


def faults(page: Page) -> list[str]:
    """What axe finds on this page by WCAG 2.0 to 2.2, A and AA, and whether the page is wider than its window."""
    if not page.evaluate("typeof axe == 'object'"):
        page.evaluate(axe_script())
    found = page.evaluate("asking => axe.run(document, asking)", ASKING)
    return [*told(page, found["violations"]), *undecided(page, found["incomplete"]), *wide(page)]


def undecided(page: Page, rules: list[dict]) -> list[str]:
    """What axe leaves open is decided here: the contrast of words in a drawing, or partly scrolled out of a table or a row
    of tabs, is reckoned against the shape or the ground they stand on. All else it left open is told."""
    left = [rule for rule in rules if rule["id"] != "color-contrast"]
    for node in (node for rule in rules if rule["id"] == "color-contrast" for node in rule["nodes"]):
        contrast = page.evaluate(CONTRAST, node["target"][0])
        if contrast < ENOUGH:
            left.append({"id": f"contrast, by our reckoning {contrast:.1f}", "nodes": [node]})
    return told(page, left)


ENOUGH = 4.5
CONTRAST = """target => {
    const text = document.querySelector(target), svg = text.closest("svg"), box = text.getBoundingClientRect();
    const scrolls = e => e && (/auto|scroll/.test(getComputedStyle(e).overflow) || scrolls(e.parentElement));
    if (!svg && !scrolls(text.parentElement)) return 0;
    const colour = value => value.match(/[\\d.]+/g).map(Number);
    const under = e => { const b = e.getBoundingClientRect(); return b.left <= box.left + 1 && b.right >= box.right - 1
        && b.top <= box.top + box.height / 2 && b.bottom >= box.bottom - box.height / 2; };
    const shapes = svg ? [...svg.querySelectorAll("rect, circle, ellipse, polygon, path")].filter(
        e => e.compareDocumentPosition(text) & 4 && getComputedStyle(e).fill.startsWith("rgb") && under(e)) : [];
    let ground = shapes.length ? colour(getComputedStyle(shapes.at(-1)).fill) : null;
    for (let e = svg ?? text; !ground && e; e = e.parentElement) {
        const found = colour(getComputedStyle(e).backgroundColor);
        if (found[3] === undefined || found[3] === 1) ground = found;
    }
    const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const ink = colour(getComputedStyle(text)[svg ? "fill" : "color"]);
    const [high, low] = [light(ink), light(ground ?? [255, 255, 255])].sort((a, b) => b - a);
    return (high + .05) / (low + .05);
}"""


def told(page: Page, rules: list[dict]) -> list[str]:
    return [f"{page.url} {rule['id']}: {node['target']} {node['html'][:200]} {' '.join(node['failureSummary'].split())}"
            for rule in rules for node in rule["nodes"]]


def nothing(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(dict.fromkeys(found))


WIDER = """() => {
    const width = document.documentElement.clientWidth, all = document.documentElement.scrollWidth;
    if (all <= width) return null;
    const inside = e => e && (getComputedStyle(e).overflowX != "visible" || inside(e.parentElement));
    const out = [...document.querySelectorAll("body *")].filter(
        e => e.getBoundingClientRect().right > width + 1 && !inside(e.parentElement));
    return `${all} > ${width}: ` + out.slice(-2).map(e => e.outerHTML.slice(0, 160)).join(" | ");
}"""


def wide(page: Page) -> list[str]:
    """Whether the page is wider than the window, and which element makes it so."""
    found = page.evaluate(WIDER)
    return [f"{page.url} overflows {found}"] if found else []
