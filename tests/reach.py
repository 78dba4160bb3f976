"""`./dev bench --reach`: what people with a weak phone and little time get, measured in Chromium on the demonstration.

Bytes are those of the line (headers too, gzip on); a slow phone is 400 kbit/s, 400 ms, CPU ÷ 4 and 360 px wide, cold.
`python -m tests.reach slow office` measures only these; REACH_LIST=1 lists each request.
"""

import gzip
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from lms.home.cast import PASSWORD
from tests.browser.live import CHROMIUM, FLAGS, faults, wide

ROOT = Path(__file__).parents[1]
STUDENTS = [f"p{i}.ar@example.org" for i in range(3, 13)]
TEACHER, OFFICE = "docente@example.org", "oficina@example.org"
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}     # bytes a second
RUNS = 5
kB = 1000


@dataclass
class Point:
    """One line of the table: figures that must not, and should not, be passed, and what was measured."""
    name: str
    unit: str
    must: tuple[float, ...]
    aim: tuple[float, ...]
    measured: tuple[float, ...]

    @property
    def well(self) -> bool:
        return all(m <= most for m, most in zip(self.measured, self.must, strict=True))


@dataclass
class Server:
    url: str
    folder: Path
    log: Path

    def asked(self) -> list[str]:
        """Every path that reached the server so far: what the page's own instruments do not see (the icon) is here."""
        return self.log.read_text().split()


@contextmanager
def served() -> Iterator[Server]:
    """The demonstration, made by `lms demo` and served by gunicorn as `lms serve` does."""
    with TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        server = Server(f"http://127.0.0.1:{port}", Path(folder), Path(folder) / "asked.log")
        environment = {**os.environ, "LMS_INSTANCE": folder, "LMS_URL": server.url, "PORT": str(port)}
        quiet = {"cwd": ROOT, "env": environment, "stdout": subprocess.DEVNULL}
        subprocess.run([sys.executable, "-m", "lms", "demo"], check=True, **quiet)
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", "2", "--threads", "4",
             "--preload", "--access-logfile", str(server.log), "--access-logformat", "%(U)s", "wsgi:app"],
            stderr=subprocess.DEVNULL, **quiet)
        try:
            for _ in range(100):
                time.sleep(0.1)
                with socket.socket() as line:
                    if not line.connect_ex(("127.0.0.1", port)):
                        break
            yield server
        finally:
            process.terminate()
            process.wait()


@dataclass
class Wire:
    """What comes over the line while a page is used, told by Chromium; `rest` adds what only the server saw."""
    server: Server
    page: Page
    came: list[tuple[str, str, float]] = field(default_factory=list)        # path, kind, bytes

    def __post_init__(self) -> None:
        self.kinds: dict[str, tuple[str, str]] = {}
        self.cached: set[str] = set()
        self.before = Counter(self.server.asked())
        talk = self.page.context.new_cdp_session(self.page)
        talk.send("Network.enable")
        talk.on("Network.requestWillBeSent", self._sent)
        talk.on("Network.requestServedFromCache", lambda e: self.cached.add(e["requestId"]))
        talk.on("Network.responseReceived", self._answered)
        talk.on("Network.loadingFinished", self._finished)

    def _sent(self, e: dict) -> None:
        if "redirectResponse" in e:
            gone = e["redirectResponse"]
            self.came.append((urlsplit(gone["url"]).path, "Redirect", gone["encodedDataLength"]))
        self.kinds[e["requestId"]] = (urlsplit(e["request"]["url"]).path, e.get("type", ""))

    def _answered(self, e: dict) -> None:
        if e["response"].get("fromDiskCache"):
            self.cached.add(e["requestId"])

    def _finished(self, e: dict) -> None:
        if e["requestId"] in self.kinds and e["requestId"] not in self.cached:
            self.came.append((*self.kinds[e["requestId"]], e["encodedDataLength"]))

    def total(self, fonts: bool) -> tuple[float, float]:
        """kB and requests."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(300)
        unseen = Counter(self.server.asked()) - self.before - Counter(path for path, _kind, _size in self.came)
        came = [*self.came, *((path, "Other", size_of(self.server, path)) for path in unseen.elements())]
        if os.environ.get("REACH_LIST"):
            print(*came, sep="\n")
        counted = [size for path, _kind, size in came if fonts or not path.endswith(".woff2")]
        return round(sum(counted) / kB, 1), len(counted)


def size_of(server: Server, path: str) -> int:
    """Bytes on the line of one file."""
    line = http.client.HTTPConnection(urlsplit(server.url).netloc)
    line.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = line.getresponse()
    return len(answer.read()) + len(str(answer.headers)) + 17


@contextmanager
def visitor(browser: Browser, server: Server, cookies: list | None = None, **options) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server.url, locale="es-CL", **{**PHONE, **options})
    context.set_default_timeout(60_000)
    if cookies:
        context.add_cookies(cookies)
    yield context
    context.close()


class Taps:
    """Counts each tap and click."""

    def __init__(self, page: Page):
        self.page, self.count = page, 0

    def tap(self, what: Locator | str) -> None:
        self.count += 1
        (self.page.locator(what).first if isinstance(what, str) else what).click()
        self.page.wait_for_load_state()


def sign_in(page: Page, email: str) -> None:
    page.goto("/ingresar")
    page.fill("[name=email]", email)
    page.fill("[type=password]", PASSWORD)
    page.click("main form .btn-main")
    page.wait_for_url("**/inicio")


def cookies_of(browser: Browser, server: Server, email: str) -> list:
    with visitor(browser, server) as context:
        sign_in(context.new_page(), email)
        return [cookie for cookie in context.cookies() if cookie["name"] == "lms"]     # else a phone new to us


NEXT = ".panel .btn-main"               # the one thing to do next, on the first page and on a quiz's front


def module_of(path: str) -> str:
    return re.match(r"/cohortes/\d+/modulos/\w+", path)[0]


# What is measured -----------------------------------------------------------------------------------------------------

def first_visit(browser: Browser, server: Server) -> Iterator[Point]:
    with visitor(browser, server) as context:
        page = context.new_page()
        wire = Wire(server, page)
        page.goto("/")
        yield Point("first visit, cold, without fonts", "kB, requests", (30, 8), (20, 5), wire.total(fonts=False))


def weights(server: Server) -> Iterator[Point]:
    """All scripts and all style there is, whichever page asks for them."""
    def packed(*names: str) -> float:
        files = [path for name in names for path in (server.folder / "static").glob(name)]
        return round(sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) / kB, 1)
    yield Point("JavaScript of the heaviest page (an attempt with drags), CSS, gzip", "kB, kB", (15, 10), (8, 8),
                (packed("app.*.js", "quiz.*.js", "drag.*.js"), packed("app.*.css")))


def journey(browser: Browser, server: Server, email: str, slow: bool = False) -> Iterator[Point]:
    """Sign in, home, module, two lessons, quiz front, two pages of the attempt, summary: nine pages."""
    with visitor(browser, server) as context:
        page = context.new_page()
        taps, wire = Taps(page), Wire(server, page)
        talk = throttle(page) if slow else None
        seconds, pages = [], []

        def arrived(closely: bool = not slow) -> None:
            page.wait_for_load_state()
            seconds.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000)
            pages.append(urlsplit(page.url).path)
            if closely:
                found.extend(look(page))
        found: list[str] = []
        page.goto("/ingresar")
        arrived()
        page.fill("[name=email]", email)
        page.fill("[type=password]", PASSWORD)
        page.click("main form .btn-main")
        page.wait_for_url("**/inicio")
        arrived()
        to_lesson = page.locator(NEXT).get_attribute("href") or ""
        module = module_of(to_lesson)
        page.goto(module)
        arrived()
        page.goto(to_lesson)
        arrived()
        taps.tap(".onward .btn-main")
        arrived()
        page.goto(f"{module}/control")
        arrived()
        taps.tap(NEXT)
        arrived()
        taps.tap(".onward .btn-main")
        page.wait_for_url("**pagina=2*")
        arrived()
        page.goto(page.url.partition("?")[0] + "/entrega")
        arrived()
        if talk:
            yield Point("the same on a slow phone, its loads together", "s", (20,), (14,), (round(sum(seconds), 1),))
            return
        yield Point("journey of nine pages", "kB, requests", (110, 20), (60, 12), wire.total(fonts=True))
        yield Point("faults by axe and overflow at 320, 360, 1280 px on it", "", (0,), (0,), (len(found),))
        for line in found:
            print(line)


def further_lesson(browser: Browser, server: Server, email: str) -> Iterator[Point]:
    """Another lesson, opened where one has been read; and the same with the word that the first was read."""
    with visitor(browser, server) as context:
        page = context.new_page()
        sign_in(page, email)
        page.click(NEXT)
        page.wait_for_load_state()
        for name, link, most in (("the next lesson, and this one noted as read", "form .btn-main", 2),
                                 ("a further lesson", ".outline a[href*='/lecciones/']:not([aria-current])", 1)):
            wire = Wire(server, page)
            page.locator(f"main {link}").first.evaluate("e => e.click()")
            page.wait_for_load_state()
            yield Point(name, "kB, requests", (8, most), (5, most), wire.total(fonts=True))


def look(page: Page) -> list[str]:
    found = faults(page)
    for width in (320, 1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        found += wide(page)
    return found


def throttle(page: Page):
    talk = page.context.new_cdp_session(page)
    talk.send("Network.enable")
    talk.send("Network.emulateNetworkConditions", SLOW)
    talk.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return talk


PAINT = """() => new Promise(done => {
    const told = () => done([performance.getEntriesByType("paint")[0].startTime / 1000,
                             performance.getEntriesByType("navigation")[0].loadEventEnd / 1000]);
    const wait = () => performance.getEntriesByType("paint").length
        && performance.getEntriesByType("navigation")[0].loadEventEnd ? told() : setTimeout(wait, 50);
    wait();
})"""


def slow_phone(browser: Browser, server: Server, email: str) -> Iterator[Point]:
    """First paint and load of a page nobody has opened before on this phone."""
    cookies = cookies_of(browser, server, email)
    with visitor(browser, server, cookies) as context:
        page = context.new_page()
        page.goto("/inicio")
        module = module_of(page.locator(NEXT).get_attribute("href") or "")
        page.goto(module)
        lesson = page.locator("main a[href*='/lecciones/']").first.get_attribute("href") or ""
        page.goto(f"{module}/control")
        page.click(NEXT)
        page.wait_for_url("**/intentos/*")
        attempt = urlsplit(page.url).path
    for name, path in (("home", "/inicio"), ("lesson", lesson), ("attempt", attempt)):
        runs = []
        for _ in range(RUNS):
            with visitor(browser, server, cookies) as context:
                page = context.new_page()
                throttle(page)
                page.goto(path)
                runs.append(page.evaluate(PAINT))
        paint, load = (round(statistics.median(run[i] for run in runs), 2) for i in (0, 1))
        yield Point(f"slow phone, cold: {name}, first paint and load", "s, s", (2.0, 2.5), (1.3, 1.6), (paint, load))


def taps_of_students(browser: Browser, server: Server, email: str) -> Iterator[Point]:
    with visitor(browser, server) as context:
        page = context.new_page()
        sign_in(page, email)
        taps = Taps(page)
        while "/lecciones/" not in page.url:
            taps.tap(NEXT)
        first, lesson = taps.count, page.url
        module = module_of(urlsplit(lesson).path)
        while page.url == lesson:
            taps.tap(".onward .btn-main")
        yield Point("taps from signed in to the lesson, to the next", "", (1, 1), (1, 1), (first, taps.count - first))
        page.goto(f"{module}/control")
        taps, sheets = Taps(page), 0
        taps.tap(NEXT)
        while "/intentos/" in page.url and not page.url.endswith("/revision"):
            here = page.url
            if here.endswith("/entrega"):
                taps.tap("main form button.btn")
            else:
                sheets += 1
                taps.tap(".onward .btn-main")
            page.wait_for_url(lambda url, here=here: url != here)
        name = f"taps from a quiz's front to handed in, beyond its {sheets} pages"
        yield Point(name, "", (2,), (2,), (taps.count - sheets,))


def taps_of_teachers(browser: Browser, server: Server) -> Iterator[Point]:
    with visitor(browser, server, viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        sign_in(page, TEACHER)
        shown = re.search(r"(\d+) trabajos?", page.locator("main").inner_text())
        taps = Taps(page)
        while "/corregir/" not in page.url:
            taps.tap(NEXT)
        yield Point("taps from signed in to the first ungraded work", "", (2,), (1,), (taps.count if shown else 99,))
        here = page.url
        for criterion in page.locator("#rubrica .levels").all():
            criterion.locator("input").last.check()
        taps = Taps(page)
        taps.tap("[name=then][value=next]")
        page.wait_for_url(lambda url: url != here)
        yield Point("taps for a graded piece, beyond the rubric's own", "", (1,), (1,), (taps.count,))


def taps_of_the_office(browser: Browser, server: Server) -> Iterator[Point]:
    with visitor(browser, server, viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        sign_in(page, OFFICE)
        taps = Taps(page)
        taps.tap("main a[href$='/certificados']")
        told = page.locator("main").inner_text()
        yield Point("clicks to who may get a certificate and what others lack", "", (2,), (1,),
                    (taps.count + (0 if "A un paso" in told else 1),))
        page.goto("/inicio")
        roster = server.folder / "nomina.csv"
        roster.write_text("Nombres;Primer apellido;Correo\n" + "".join(
            f"{given} {second};Prueba;{given}.{second}@prueba.example.org\n"
            for given in ("Ana", "Eva", "Luz", "Paz", "Sol") for second in "ABCDEFGHIJ"))
        taps = Taps(page)
        taps.tap("main a[href$='/nomina']")
        if not page.locator("input[type=file]").count():
            taps.tap("main a[href$='/importar']")
        taps.count += 1                                     # choosing the file
        page.locator("input[type=file]").set_input_files(roster)
        taps.tap("form[enctype] .btn-main")
        taps.tap("form[action$='/confirmar'] .btn-main")
        done = "50" in page.locator("main").inner_text()
        yield Point("clicks for 50 people from a file, with a preview", "", (5,), (4,), (taps.count if done else 99,))


def readers(browser: Browser, server: Server) -> Iterator[str]:
    """Students of the demonstration of whom the next thing to do is a lesson with others after it: each is used once."""
    for email in STUDENTS:
        with visitor(browser, server) as context:
            page = context.new_page()
            sign_in(page, email)
            page.click(NEXT)
            page.wait_for_load_state()
            if "/lecciones/" in page.url and "Siguiente:" in page.locator(".onward").inner_text():
                yield email


def run(*names: str) -> dict[str, dict]:
    """Measure everything (or what is named), print the table, and return it."""
    with served() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        who = readers(browser, server)
        measures: dict[str, Callable[[], Iterable[Point]]] = {
            "first": lambda: first_visit(browser, server), "weights": lambda: weights(server),
            "lesson": lambda: further_lesson(browser, server, next(who)),
            "journey": lambda: journey(browser, server, next(who)),
            "slow": lambda: slow_phone(browser, server, next(who)),
            "slow-journey": lambda: journey(browser, server, next(who), slow=True),
            "students": lambda: taps_of_students(browser, server, next(who)),
            "teachers": lambda: taps_of_teachers(browser, server), "office": lambda: taps_of_the_office(browser, server)}
        points = [point for name, measure in measures.items() if not names or name in names for point in measure()]
        browser.close()
    show(points)
    return {point.name: {**vars(point), "well": point.well} for point in points}


def show(points: list[Point]) -> None:
    print(f"\n{'point':66} {'must':>12} {'aim':>12} {'measured':>14}")
    for point in points:
        figures = [" / ".join(f"{n:g}" for n in each) for each in (point.must, point.aim, point.measured)]
        print(f"{point.name + (f' ({point.unit})' if point.unit else ''):66} {figures[0]:>12} {figures[1]:>12} "
              f"{figures[2]:>14}  {'ok' if point.well else '!!'}")


if __name__ == "__main__":
    run(*sys.argv[1:])
