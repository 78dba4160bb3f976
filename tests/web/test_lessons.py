"""Modules and lessons as a student meets them: what is open, what is closed and why, what was read."""

import gzip
import threading
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import func, select, update

from lms.attempts.models import Attempt, Marking, Submission
from lms.catalogue import reading
from lms.catalogue.models import Edition
from lms.catalogue.stored import pack
from lms.cohorts.models import CalendarStep, Cohort, Extension
from lms.foundation.audit import AuditLine
from lms.lessons import actions, queries
from lms.lessons.models import LessonRead
from lms.people.models import Person
from tests.looking import statements
from tests.programme import QUESTIONS

ALL = "/cohortes/1/modulos"
G1, G2 = f"{ALL}/G1", f"{ALL}/G2"
FIRST, LAST = f"{G1}/lecciones/01-inicio", f"{G1}/lecciones/02-desarrollo"
LIGHTEST = 8_000                # bytes of a further lesson, compressed


@pytest.fixture
def ana(client_of):
    return client_of("ana")


@pytest.fixture
def write(app):
    """write(row, …): rows as they stand in the database."""
    def keep(*rows):
        with app.extensions["database"].transaction() as session:
            session.add_all(rows)
    return keep


def text(response):
    assert response.status_code == 200, response.status_code
    return response.get_data(as_text=True)


def words(response, path):
    """The words of what an XPath finds on a page, spaces made one."""
    found = html.document_fromstring(response.get_data(as_text=True)).xpath(path)
    return " ".join(" ".join(e.text_content() for e in found).split())


def sat(world, right=7, module="G1"):
    """Rows of Ana's quiz handed in with so many points of seven."""
    attempt = Attempt(id=1, cohort_id=1, person_id=world.people["ana"], module=module, edition_id=world.edition,
                      number=1, seed=1, started_at=world.now, submitted_at=world.now)
    return attempt, [Marking(attempt_id=1, question=q.id, points=Fraction(int(n < right)), out_of=Fraction(1),
                             marked_at=world.now) for n, q in enumerate(QUESTIONS)]


# The module ----------------------------------------------------------------------------------------------------------

def test_a_module_says_what_it_is_about_and_what_comes_first(ana):
    page = text(ana.get(G1))
    assert "De qué trata Cooperación internacional" in page and "Explica el tema." in page
    assert "27 h · 1 SCT-Chile / 1 CRE" in page
    assert "Comenzar a leer" in page and "Quedan" not in page


def test_the_one_next_thing_follows_what_was_done(ana, world, write):
    def panel():
        return words(ana.get(G1), "//section[contains(@class, 'night')]")
    assert "Lección 1: Inicio de G1" in panel()
    ana.send(f"{FIRST}/leida")
    assert "Lección 2: Desarrollo de G1" in panel() and "Continuar la lectura" in panel()
    ana.send(f"{LAST}/leida")
    assert "Control de G1" in panel() and "Ya leyó todas las lecciones." in panel()
    attempt, marks = sat(world)
    write(attempt)
    write(*marks)
    assert "Tarea de G1" in panel()
    write(Submission(cohort_id=1, person_id=world.people["ana"], module="G1", edition_id=world.edition, version=1,
                     handed_in_at=world.now, receipt="0" * 64))
    page = text(ana.get(G1))
    assert "En este módulo no queda nada por hacer" in page and "Entregada el 20 abr. 2027" in page
    assert f'href="{G1}/resultado"' in page


def test_a_quiz_under_way_is_gone_on_with_first(ana, world, write):
    write(Attempt(cohort_id=1, person_id=world.people["ana"], module="G1", edition_id=world.edition, number=1, seed=1,
                  started_at=world.now, ends_at=world.now + timedelta(minutes=40)))
    assert "Seguir con el control" in text(ana.get(G1))


def test_deadlines_are_told_on_both_sides_when_the_clocks_differ(ana, app, world):
    with app.extensions["database"].transaction() as session:
        session.execute(update(Person).where(Person.id == world.people["ana"]).values(
            time_zone="America/Argentina/Buenos_Aires"))
    found = words(ana.get(G1), "//section[@aria-labelledby='h-marked']")
    assert "viernes 30 de abril de 2027, 23:00 h Chile · 00:00 h su hora, sábado 1" in found.replace("\xa0", " ")


def test_a_later_date_of_ones_own_is_shown_as_such(ana, world, write):
    write(Extension(cohort_id=1, person_id=world.people["ana"], module="G1", item="task", due_local="2027-05-20 23:00",
                    reason="Licencia", author_id=world.people["olga"], given_at=world.now))
    found = words(ana.get(G1), "//section[@aria-labelledby='h-marked']")
    assert "jueves 20 de mayo de 2027" in found and "Con prórroga" in found


def test_a_deadline_that_went_by_says_whom_to_ask(ana, world):
    world.later(days=40)
    page = text(ana.get(G1))
    assert "Plazo vencido" in page


def test_a_late_task_says_what_it_costs(ana, world):
    world.later(days=14)                    # 4 May: the task was due on the 3rd
    page = text(ana.get(G1))
    assert "Lleva 1 día de atraso." in page and "se descuentan 0,5 puntos de nota por día, hasta 3 días" in page


# Closed doors --------------------------------------------------------------------------------------------------------

def test_a_closed_module_says_why_and_until_when(ana):
    page = text(ana.get(G2))
    assert "Este módulo todavía no se abre" in page and "lunes 26 de abril de 2027" in page
    assert "al menos 60 % en el control de" in page and f'href="{G1}/control"' in page
    assert "/G2/lecciones/" not in page and "/G2/control" not in page


def test_a_closed_lesson_keeps_its_title_and_not_its_text(ana):
    page = text(ana.get(f"{G2}/lecciones/01-inicio"))
    assert "Inicio de G2" in page and "Esta lección todavía no se abre" in page
    assert "Texto de Inicio de G2" not in page


def test_a_closed_lesson_can_not_be_marked_as_read(ana, app):
    response = ana.send(f"{G2}/lecciones/01-inicio/leida")
    assert response.status_code == 409 and "no se anotó nada" in response.get_data(as_text=True)
    with app.extensions["database"].reading() as session:
        assert session.scalar(select(func.count()).select_from(LessonRead)) == 0


@pytest.mark.parametrize("right, opens", [(4, False), (5, True)])           # of seven: 57 % and 71 %
def test_the_points_a_module_asks_for_open_it(ana, world, write, right, opens):
    attempt, marks = sat(world, right)
    write(attempt)
    write(*marks)
    world.later(days=7)
    page = text(ana.get(f"{G2}/lecciones/01-inicio"))
    assert ("Texto de Inicio de G2" in page) is opens
    assert ("todavía no se abre" in page) is not opens


# Lessons -------------------------------------------------------------------------------------------------------------

def test_a_lesson_shows_its_place_its_text_and_the_way_on(ana):
    page = text(ana.get(FIRST))
    assert "Texto de Inicio de G1 para leer." in page and "Lección 1 de 2 · 3 min de lectura" in page
    assert 'href="#u-idea"' in page and "Siguiente: Desarrollo de G1, 3 min" in page
    assert 'aria-current="page"' in page


def test_marking_as_read_leads_to_the_next_lesson_and_the_last_to_the_module(ana):
    first, last = ana.send(f"{FIRST}/leida"), ana.send(f"{LAST}/leida")
    assert (first.status_code, first.location) == (303, LAST)
    assert (last.status_code, last.location) == (303, G1)
    page = text(ana.get(LAST))
    assert "Leída" in page and "Marcar como leída" not in page and "2 de 2 leídas" in page


def test_reading_is_written_once_with_one_audit_line(ana, app, world):
    for _ in range(3):
        assert ana.send(f"{FIRST}/leida").status_code == 303
    with app.extensions["database"].reading() as session:
        assert queries.read(session, 1, world.people["ana"]) == {("G1", "01-inicio")}
        assert session.scalar(select(func.count()).where(AuditLine.deed == "lesson.read")) == 1


def test_two_devices_at_once_write_one_reading(app, world):
    news, failures = [], []

    def say():
        try:
            with app.extensions["database"].transaction() as session:
                news.append(actions.mark_read(session, world.now, 1, world.people["ana"], "G1", "01-inicio"))
        except Exception as wrong:
            failures.append(wrong)
    threads = [threading.Thread(target=say) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and sorted(news) == [False] * 7 + [True]


def test_what_others_read_is_not_mine(client_of, app, world):
    client_of("ana").send(f"{FIRST}/leida")
    with app.extensions["database"].reading() as session:
        assert queries.read(session, 2, world.people["beto"]) == set()
        assert queries.read(session, 2, world.people["ana"]) == set()


# Doors ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who", ["beto", "ivan", "coral", "olga", "aldo"])
@pytest.mark.parametrize("url", [ALL, G1, FIRST])
def test_only_the_cohorts_students_enter(client_of, who, url):
    assert client_of(who).get(url).status_code == 403


def test_only_the_cohorts_students_mark_as_read(client_of):
    assert client_of("beto").send(f"{FIRST}/leida").status_code == 403
    assert client_of("nobody").send(f"{FIRST}/leida").location.startswith("/ingresar")


@pytest.mark.parametrize("url", [f"{ALL}/G9", f"{G1}/lecciones/99-no-hay", f"{ALL}/G9/lecciones/01-inicio",
                                 f"{G1}/lecciones/../01-inicio", "/cohortes/99999/modulos"])
def test_what_is_not_there_is_not_found(ana, url):
    assert ana.get(url).status_code in (403, 404)


@pytest.mark.parametrize("url", [f"{ALL}/G9/lecciones/01-inicio/leida", f"{G1}/lecciones/99/leida"])
def test_what_is_not_there_can_not_be_read(ana, url):
    assert ana.send(url).status_code == 404


# The list of modules -------------------------------------------------------------------------------------------------

def test_the_list_counts_what_was_read_and_says_why_a_module_is_closed(ana):
    ana.send(f"{FIRST}/leida")
    page = text(ana.get(ALL))
    assert "1 de 2 lecciones leídas" in page and "(leída)" in page
    assert "Se abre el" in page and f'href="{G2}/lecciones' not in page


# What it costs -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("url, most", [(ALL, 5), (G1, 6), (G2, 6), (FIRST, 5), (f"{G2}/lecciones/01-inicio", 5)])
def test_statements(ana, app, world, write, url, most):
    attempt, marks = sat(world)
    write(attempt, CalendarStep(cohort_id=1, module="G1", quiz_due="2027-05-01 23:00"))
    write(*marks)
    ana.get(url)
    with statements(app) as seen:
        ana.get(url)
    assert len(seen) <= most, "\n".join(seen)


@pytest.fixture(scope="module")
def diploma():
    folder = Path(__file__).parents[2] / "courses" / "diplomado-cooperacion"
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    programme, faults = reading.read(files)
    assert not faults
    return programme


def test_every_lesson_of_the_diploma_is_light_and_well_formed(ana, app, world, diploma):
    """Compressed as it is served. The client proof-reads each page on the way."""
    with app.extensions["database"].transaction() as session:
        session.add(Edition(id=diploma.edition, programme=diploma.slug, title=diploma.title, loaded_at=world.now,
                            content=pack(diploma), sources=b""))
        session.flush()
        session.execute(update(Cohort).where(Cohort.id == 1).values(edition_id=diploma.edition))
        session.add_all(CalendarStep(cohort_id=1, module=m.code, opens="", after="") for m in diploma.modules)
    weights = {}
    for module in diploma.modules:
        assert ana.get(f"{ALL}/{module.code}").status_code == 200
        for lesson in module.lessons:
            url = f"{ALL}/{module.code}/lecciones/{lesson.slug}"
            response = ana.get(url, headers={"Accept-Encoding": "identity"})
            assert response.status_code == 200, url
            weights[url] = len(gzip.compress(response.get_data(), 4))
    heaviest = max(weights, key=weights.get)
    assert weights[heaviest] <= LIGHTEST, (heaviest, weights[heaviest])
