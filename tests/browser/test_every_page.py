"""Every page, as each person who may enter it, on a phone and on a desk, by day and by night: axe finds nothing, nothing is
wider than the window, and the console stays empty."""

import os
from datetime import date, timedelta
from fractions import Fraction

import pytest

from lms.attempts.models import Attempt, Marking
from lms.grading.models import Release
from tests import crowd
from tests.browser.live import faults, nothing, wide
from tests.furnished import furnish
from tests.web.test_doors import PEOPLE, ROWS

SEED = int(os.environ.get("LMS_TEST_SEED") or date.today().toordinal())     # what is not seen today is seen tomorrow
LOOKS = ((360, "light"), (1280, "dark")), ((360, "dark"), (1280, "light"))
FILES = ("certificates.download", "certificates.my_file", "attempts.file", "attempts.state", "grading.file",
         "health.health", "home.robots", "cohorts.template", "cohorts.roster_file", "cohorts.refused_rows")
MORE = {        # what the table of doors has one address for and people see in several shapes
    "ana": ["/cohortes/1/intentos/32", "/cohortes/1/intentos/32?pagina=2", "/cohortes/1/intentos/32/entrega",
            "/cohortes/1/modulos/G2", "/cohortes/1/modulos/G2/lecciones/01-inicio", "/cohortes/1/modulos/G2/tarea",
            "/cohortes/1/modulos/G2/control", "/cohortes/1/modulos/G2/resultado", "/cohortes/1/intentos/31/revision"],
    "ivan": ["/cohortes/1/corregir/entregas/1000", "/cohortes/2/publicar", "/por-corregir?cohorte=1"],
    "olga": [*(f"/cohortes/1/certificados?ver={tab}" for tab in ("listos", "paso", "pendientes", "emitidos", "terminados")),
             "/cohortes/1/certificados?modulo=G1", "/cohortes/2/nomina", "/cohortes/2/avance", "/cohortes/2/creditos",
             "/cohortes/2/certificados", "/personas?q=nadie", "/bitacora?desde=2020-01-01", "/cohortes/1/avance/1000"],
    "nobody": ["/clave?enviado=1"],
}


@pytest.fixture
def full(app, world):
    """Ana's things, thirty fellow students, her attempt that runs, and marks that are published."""
    furnish(app, world)
    crowd.gather(app, world, 30)
    then = world.now - timedelta(minutes=5)
    with app.extensions["database"].transaction() as s:
        s.add(Attempt(id=32, cohort_id=1, person_id=world.people["ana"], edition_id=world.edition, module="G1", number=1,
                      seed=3, started_at=then, ends_at=then + timedelta(minutes=40)))
        s.add(Marking(submission_id=31, points=Fraction(9), out_of=Fraction(12), marker_id=world.people["ivan"],
                      marked_at=then, levels="[2, 2, 2, 3]", feedback="Bien **fundado**.\n\n- Falta una fuente."))
        s.add(Marking(attempt_id=31, question="ensayo", points=Fraction(2), out_of=Fraction(3), marked_at=then,
                      marker_id=world.people["ivan"], feedback="De acuerdo."))
        for module, item in (("G1", "task"), ("G2", "quiz")):
            s.add(Release(cohort_id=1, module=module, item=item, released_at=world.now, released_by=world.people["ivan"]))
    return world


class Walk:
    """Goes from page to page as one person, and gathers what is wrong."""

    def __init__(self, context, seed=SEED):
        self.page, self.seed, self.found, self.kinds = context.new_page(), seed, [], set()
        self.page.on("pageerror", lambda error: self.found.append(f"{self.page.url} {error}"))
        self.page.on("console", self.hear)

    def hear(self, line):
        expected = "the server responded with a status of 4" in line.text and line.location["url"] == self.page.url
        if line.type in ("error", "warning") and not expected:
            self.found.append(f"{self.page.url} console: {line.text}")

    def go(self, url, kind="", status=200):
        """Open a page and look at it; with axe where a page of its kind has not been looked at on this walk."""
        self.page.set_viewport_size({"width": 360, "height": 740})
        answer = self.page.goto(url)
        if answer.status != status:
            self.found.append(f"{url} {answer.status}, not {status}")
        self.look(kind not in self.kinds)
        self.kinds |= {kind} if kind else set()

    def look(self, closely=True):
        """The page as it stands: narrow, narrower and wide; closely: by axe, narrow and wide, light and dark."""
        for width, scheme in LOOKS[self.seed % 2] if closely else LOOKS[0]:
            self.page.set_viewport_size({"width": width, "height": 740})
            if closely:
                self.page.emulate_media(color_scheme=scheme)
                self.found += faults(self.page)
            else:
                self.found += wide(self.page)
        self.page.set_viewport_size({"width": 320, "height": 740})
        self.found += wide(self.page)


def rows_of(name):
    return [(endpoint, url) for endpoint, method, url, cells in ROWS if method == "GET" and endpoint not in FILES
            and cells.split()[PEOPLE.index(name)] == "i"]


@pytest.mark.parametrize("name", PEOPLE)
def test_each_page_of_the_table_for_each_who_may_enter(browse, full, name):
    walk = Walk(browse(name))
    for endpoint, url in rows_of(name):
        may = [who for who in PEOPLE if (endpoint, url) in rows_of(who)]
        if may[(SEED + len(endpoint)) % len(may)] != name:      # axe looks at it as another person today
            walk.kinds.add(endpoint)
        walk.go(url.replace("EDITION", full.edition), endpoint)
    for url in MORE.get(name, []):
        walk.go(url)
    nothing(walk.found)
