"""The queue of who marks: shuffled, in whose hands, hidden names, undone, and the same list made anew from the facts."""

from dataclasses import replace
from fractions import Fraction as F
from hashlib import sha256

import pytest
from lxml import html
from sqlalchemy import delete, select, update

from lms.attempts import queries as attempts
from lms.attempts import worklist
from lms.attempts.listed import Reach
from lms.attempts.models import Attempt, Marking, Submission, SubmissionFile, WorkItem
from lms.catalogue.models import Edition
from lms.catalogue.stored import pack
from lms.cohorts.models import Cohort
from lms.grading import claims, seconding
from lms.grading.worklist import finding, prepare
from tests.crowd import gather
from tests.programme import PROGRAMME
from tests.web.test_attempts import words
from tests.web.test_grading import ESSAY, Desk, answer, rubric, task


@pytest.fixture
def desk(app, world):
    return Desk(app, world)


@pytest.fixture
def ivan(client_of):
    return client_of("ivan")


def order(app, person: int, mode: str = "") -> list[str]:
    with app.extensions["database"].reading() as s:
        return [one.tag for one in attempts.page(s, Reach(person, (1, 2)), attempts.Narrow(), mode, 1000, 0)]


def hide(desk: Desk) -> None:
    """The cohorts take an edition whose tasks and quizzes are marked without names."""
    modules = tuple(replace(m, task=replace(m.task, anonymous=True), quiz=replace(m.quiz, anonymous=True))
                    for m in PROGRAMME.modules)
    edition = sha256(b"anonymous").hexdigest()
    with desk.app.extensions["database"].transaction() as s:
        s.add(Edition(id=edition, programme=PROGRAMME.slug, title=PROGRAMME.title, loaded_at=desk.world.now,
                      content=pack(replace(PROGRAMME, modules=modules, edition=edition)), sources=b""))
        s.flush()
        s.execute(update(Cohort).values(edition_id=edition))
        s.execute(update(Submission).values(edition_id=edition))
        s.execute(update(Attempt).values(edition_id=edition))


# Order ----------------------------------------------------------------------------------------------------------------

def test_the_order_is_the_markers_own_stable_and_follows_neither_surname_nor_arrival(app, world):
    gather(app, world, 300)
    ivan, irma = world.people["ivan"], world.people["irma"]
    mine, arrival = order(app, ivan), order(app, ivan, "llegada")
    assert mine == order(app, ivan) and sorted(mine) == sorted(arrival) and mine != arrival
    assert order(app, irma) != mine
    places = [arrival.index(tag) for tag in mine]
    rising = sum(a < b for a, b in zip(places, places[1:], strict=False))
    assert 8 <= rising <= 21                                    # of 29: a shuffled list rises half of the time


def test_all_answers_of_one_person_come_together_where_asked(desk, app):
    for name, number in (("ana", 1), ("ana", 2)):
        desk.sit(name, "G2", ESSAY, number=number)
    assert len(order(app, desk.world.people["ivan"], "persona")) == 2


def test_the_order_can_be_switched_and_is_kept_while_marking_on(desk, ivan):
    one = desk.hand_in("ana")
    desk.hand_in("beto")
    assert f"{task(one)}?orden=llegada" in ivan.get("/por-corregir?orden=llegada").get_data(as_text=True)
    assert "Barajados" in words(ivan.get("/por-corregir"))
    assert ivan.get("/por-corregir?orden=nada").status_code == 200


def test_one_question_is_chosen_in_the_page_and_marked_on_alone(desk, ivan):
    first, second, paper = desk.sit("ana", "G2", ESSAY), desk.sit("beto", "G2", ESSAY), desk.hand_in("ana")
    page = html.document_fromstring(ivan.get("/por-corregir").get_data(as_text=True))
    assert [(o.get("value"), o.text) for o in page.xpath("//label[text()='Pregunta']/../select/option")] == [
        ("", "Todas"), ("ensayo", "G2, pregunta 4")]
    page = html.document_fromstring(ivan.get("/por-corregir?pregunta=ensayo").get_data(as_text=True))
    assert page.xpath("string(//select[@name='pregunta']/option[@selected]/@value)") == "ensayo"
    found = {a.get("href").partition("?")[0] for a in page.xpath("//tbody//th/a[@class='tap']")}
    assert found == {answer(first), answer(second, cohort=2)} and task(paper) not in found
    for attempt, cohort in ((first, 1), (second, 2)):
        ivan.send(answer(attempt, cohort=cohort) + "?pregunta=ensayo", {"given": "2", "then": "next"})
    page = html.document_fromstring(ivan.get("/por-corregir?pregunta=ensayo").get_data(as_text=True))
    assert "Nada espera con este filtro" in page.text_content()
    assert page.xpath("string(//select[@name='pregunta']/option[@selected]/@value)") == "ensayo"


def test_without_answers_that_wait_no_question_is_offered(desk, ivan):
    desk.hand_in("ana")
    assert 'name="pregunta"' not in ivan.get("/por-corregir").get_data(as_text=True)


# Hands ----------------------------------------------------------------------------------------------------------------

def test_claimed_work_shows_who_has_it_and_is_left_out_of_what_comes_next(desk, client_of):
    first, second = desk.hand_in("beto"), desk.hand_in("beto", "G2")
    ivan, irma = client_of("ivan"), client_of("irma")
    assert irma.send(f"/por-corregir/t{first}/tomar").status_code == 303
    assert "Irma Ñuñez Rojas, desde las" in words(ivan.get("/por-corregir"))
    assert "lo tiene desde las" in words(ivan.get(task(first, 2)))
    assert ivan.get("/por-corregir/siguiente").location == task(second, 2)
    assert ivan.send(f"/por-corregir/t{first}/tomar", headers={"Accept": "application/json"}).json == {"taken": False}
    irma.send(f"/por-corregir/t{first}/soltar")
    assert "lo tiene desde" not in words(ivan.get(task(first, 2)))
    assert "lo tiene desde" in words(ivan.get(task(second, 2)))         # the next one, which she went on to


def test_a_claim_ends_by_itself_and_by_marking(desk, client_of, app):
    work = desk.hand_in("beto")
    ivan, irma = client_of("ivan"), client_of("irma")
    irma.send(f"/por-corregir/t{work}/tomar")
    desk.world.later(minutes=31)
    assert "Irma" not in words(ivan.get("/por-corregir"))
    irma.send(f"/por-corregir/t{work}/tomar")
    irma.send(task(work, 2), rubric(2, 2, 2, 2))
    with app.extensions["database"].reading() as s:
        assert claims.held(s, desk.world.now, [2]) == {}


def test_work_is_handed_over_to_a_named_colleague_with_a_note(desk, client_of):
    work = desk.hand_in("beto")
    ivan, irma = client_of("ivan"), client_of("irma")
    page = ivan.get(task(work, 2)).get_data(as_text=True)
    assert "Irma Ñuñez Rojas</option>" in page
    ivan.send(f"/por-corregir/t{work}/pasar", {"a": str(desk.world.people["irma"]), "nota": "Es de su tema"})
    assert "Iván Ledesma: Es de su tema" in words(irma.get("/por-corregir"))
    assert "Se lo pasó Iván Ledesma" in words(irma.get(task(work, 2)))
    assert ivan.get("/por-corregir/siguiente").location == "/por-corregir"
    told = ivan.send(f"/por-corregir/t{work}/pasar", {"a": "1"})
    assert "No se pasó nada" in words(ivan.get(told.location))


# Without names --------------------------------------------------------------------------------------------------------

def test_where_the_task_says_so_neither_name_nor_file_name_is_anywhere(desk, ivan):
    work = desk.hand_in("ana", files=["ficha Ana Pérez.pdf"])
    essay = desk.sit("ana", "G2", ESSAY)
    hide(desk)
    pages = [ivan.get(url) for url in ("/por-corregir", task(work), answer(essay), "/por-corregir?orden=llegada")]
    for page in pages:
        text = page.get_data(as_text=True)
        assert "Pérez" not in text and "Ana" not in text.replace("Análisis", "") and "Trabajo " in text
    file = attempts_file(desk)
    response = ivan.get(f"/cohortes/1/corregir/archivos/{file}")
    assert "Ana" not in response.headers["Content-Disposition"]
    saved = ivan.send(task(work), rubric(2, 2, 2, 2, then="stay"))
    assert "Ana" not in words(ivan.get(saved.location)).replace("Análisis", "")


def attempts_file(desk):
    return desk.rows(select(SubmissionFile.id))[0][0]


# Undo -----------------------------------------------------------------------------------------------------------------

def test_undoing_restores_what_stood_before_as_a_new_marking(desk, ivan):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(1, 1, 1, 1, feedback="Primera"))
    ((base,),) = desk.rows(select(Marking.id))
    ivan.send(task(work), rubric(3, 3, 3, 3, feedback="Segunda", based_on=base, then="stay"))
    page = ivan.get(task(work)).get_data(as_text=True)
    assert f"/cohortes/1/corregir/trabajos/t{work}/deshacer" in page and "Deshacer" in page
    ivan.send(f"/cohortes/1/corregir/trabajos/t{work}/deshacer")
    assert desk.rows(select(Marking.points, Marking.feedback).order_by(Marking.id)) == [
        (F(4), "Primera"), (F(12), "Segunda"), (F(4), "Primera")]


def test_undoing_the_first_puts_the_work_back_on_the_list(desk, ivan):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(1, 1, 1, 1))
    assert "Pérez" not in words(ivan.get("/por-corregir")).replace("Corrección de Ana Pérez Soto", "")
    ivan.send(f"/cohortes/1/corregir/trabajos/t{work}/deshacer")
    text = words(ivan.get("/por-corregir"))
    assert "Pérez Soto, Ana" in text and "Otra mirada" in text
    assert "1 trabajo corregido espera otra mirada" in words(ivan.get("/cohortes/1/publicar/G1/task"))


def test_nobody_undoes_what_another_has_marked(desk, client_of):
    work = desk.hand_in("beto")
    client_of("irma").send(task(work, 2), rubric(1, 1, 1, 1))
    ivan = client_of("ivan")
    told = ivan.send(f"/cohortes/2/corregir/trabajos/t{work}/deshacer")
    assert "Ya no se puede deshacer" in words(ivan.get(told.location)) and len(desk.rows(select(Marking.id))) == 1


# The list and the facts -----------------------------------------------------------------------------------------------

def test_the_list_kept_on_the_way_is_the_list_made_anew(desk, app, ivan, world):
    gather(app, world, 40)
    work = desk.hand_in("ana")
    desk.sit("ana", "G2", ESSAY)
    ivan.send(task(work), rubric(1, 1, 1, 1))
    with app.extensions["database"].reading() as s:
        assert worklist.differences(s, seconding.stages(s)) == 0


def test_a_list_that_was_lost_is_made_anew_before_the_site_serves(desk, app, ivan):
    desk.hand_in("ana")
    with app.extensions["database"].transaction() as s:
        s.execute(delete(WorkItem))
    assert "Pérez" not in words(ivan.get("/por-corregir"))
    with app.extensions["database"].reading() as s:
        assert worklist.differences(s) == 1
    assert not finding(app).well
    prepare(app)
    assert finding(app).well
    assert "Pérez Soto, Ana" in words(ivan.get("/por-corregir"))


def test_handing_in_again_by_the_pages_keeps_one_piece_on_the_list(app, world, client_of):
    ana, ivan = client_of("ana"), client_of("ivan")
    for text in ("Uno", "Dos"):
        assert ana.send("/cohortes/1/modulos/G1/tarea", {"texto": text}).status_code == 303
    assert "Espera 1 trabajo." in words(ivan.get("/por-corregir"))
