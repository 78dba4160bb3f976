"""The desk: passages commented, comments kept, second marking, a rubric that changes, publishing at a time."""

import json
from datetime import timedelta
from fractions import Fraction as F

import pytest
from lxml import html
from sqlalchemy import select

from lms.attempts.models import Marking
from lms.foundation import outbox
from lms.foundation.audit import AuditLine
from lms.grading.models import Decision, OpinionRow, Pin, Release
from tests.web.test_attempts import words
from tests.web.test_grading import ESSAY, Desk, answer, latest, publish, rubric, task

TEXT = "La cooperación descentralizada nace en 1992.\nDespués se extiende.\n\nFin del texto."


@pytest.fixture
def desk(app, world):
    return Desk(app, world)


@pytest.fixture
def ivan(client_of):
    return client_of("ivan")


@pytest.fixture
def irma(client_of, desk):
    """She marks both cohorts here, for another university than Iván."""
    desk.also("irma", "instructor", 1, institution_id=3)
    return client_of("irma")


def at(tag: str, what: str, cohort: int = 1) -> str:
    return f"/cohortes/{cohort}/corregir/trabajos/{tag}/{what}"


# Pins -----------------------------------------------------------------------------------------------------------------

def test_a_passage_is_commented_without_losing_what_was_chosen_and_the_student_reads_it(desk, ivan, client_of):
    work = desk.hand_in("ana", text=TEXT)
    sent = rubric(3, 2, 1, 0, feedback="A medio escribir", pin_quote="nace en 1992.\nDespués", pin_comment="**Fuente?**")
    page = ivan.send(at(f"t{work}", "notas"), sent)
    html = page.get_data(as_text=True)
    assert page.status_code == 200 and "<mark>nace en 1992." in html and "A medio escribir" in html
    assert html.count(" checked") == 4 and not desk.rows(select(Marking.id))
    assert desk.rows(select(Pin.quote, Pin.start)) == [("nace en 1992.\nDespués", 31)]
    ana = client_of("ana")
    assert "Fuente?" not in words(ana.get("/cohortes/1/modulos/G1/resultado"))
    ivan.send(task(work), rubric(3, 2, 1, 0))
    desk.world.later(minutes=1)
    publish(ivan)
    text = ana.get("/cohortes/1/modulos/G1/resultado").get_data(as_text=True)
    assert "<strong>Fuente?</strong>" in text and "nace en 1992." in text


def test_a_passage_of_an_answer_is_commented_and_read_with_the_result(desk, ivan, client_of):
    attempt = desk.sit("ana", "G2", {"ensayo": '"Cooperar es compartir."'})
    page = ivan.send(at(f"q{attempt}.ensayo", "notas"), {"given": "2", "pin_quote": "es compartir", "pin_comment": "¿Con quién?"})
    assert "<mark>es compartir" in page.get_data(as_text=True) and 'value="2"' in page.get_data(as_text=True)
    ana, review = client_of("ana"), "/cohortes/1/modulos/G2/resultado"
    ivan.send(answer(attempt), {"given": "2"})
    assert "¿Con quién?" not in words(ana.get(review))
    desk.world.later(minutes=1)
    publish(ivan, "G2", "quiz")
    assert "«es compartir»¿Con quién?" in words(ana.get(review))


def test_a_passage_that_is_not_there_is_refused_and_nothing_is_lost(desk, ivan):
    work = desk.hand_in("ana", text=TEXT)
    page = ivan.send(at(f"t{work}", "notas"), rubric(3, feedback="Sigue", pin_quote="no está", pin_comment="x"))
    assert page.status_code == 422 and "Ese pasaje no está" in words(page) and "Sigue" in page.get_data(as_text=True)
    assert ivan.send(at(f"t{work}", "notas"), {"pin_quote": "nace"}).status_code == 422


def test_a_spot_of_a_page_is_commented_and_ones_own_comment_taken_back(desk, ivan, irma):
    work = desk.hand_in("ana", files=["ficha.pdf"])
    sent = {"pin_file": "1", "pin_page": "2", "pin_spot": "83,17", "pin_comment": "Tabla sin fuente"}
    assert "página 2, arriba, a la derecha" in words(ivan.send(at(f"t{work}", "notas"), sent))
    for wrong in ({"pin_page": "0"}, {"pin_spot": "200,1"}, {"pin_file": "99"}, {"pin_page": "x"}):
        assert ivan.send(at(f"t{work}", "notas"), {**sent, **wrong}).status_code == 422
    assert irma.send(at(f"t{work}", "notas/1/retiro")).status_code == 404
    assert "Tabla sin fuente" not in words(ivan.send(at(f"t{work}", "notas/1/retiro")))


def test_a_pdf_is_looked_at_in_the_browsers_viewer_or_kept(desk, ivan):
    work = desk.hand_in("ana", files=["ficha.pdf"])
    assert "frame-src" not in ivan.get(task(work)).headers["Content-Security-Policy"]
    response = ivan.get("/cohortes/1/corregir/archivos/1?ver=1")
    assert response.headers["Content-Disposition"].startswith("inline") and response.mimetype == "application/pdf"
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert ivan.get("/cohortes/1/corregir/archivos/1").headers["Content-Disposition"].startswith("attachment")


# Comments kept --------------------------------------------------------------------------------------------------------

def test_comments_are_kept_used_counted_shared_changed_and_retired(desk, ivan, irma):
    work, essay = desk.hand_in("ana"), desk.sit("ana", "G2", ESSAY)
    bank = at(f"t{work}", "comentarios")
    ivan.send(bank, {"text": "Citar la fuente.", "shared": "1"})
    ivan.send(bank, {"text": "Solo mío."})
    assert "Citar la fuente." in words(irma.get(bank)) and "Solo mío." not in words(irma.get(bank))
    assert "Citar la fuente." not in words(ivan.get(answer(essay)))                     # of another task
    page = ivan.send(task(work), rubric(1, 2, feedback="Bien.", then="insert", usar="1")).get_data(as_text=True)
    assert "Bien.\n\nCitar la fuente." in page and page.count(" checked") == 2
    assert not desk.rows(select(Marking.id).where(Marking.submission_id == work))
    ivan.send(task(work), rubric(1, 1, 1, 1, feedback="Bien.\n\nCitar la fuente."))
    assert "Usado 1 vez." in words(ivan.get(bank))
    ivan.send(bank, {"comment": "1", "text": "Citar siempre la fuente.", "shared": "1"})
    assert "Citar siempre la fuente." in words(ivan.get(bank)) and "Usado 1 vez." in words(ivan.get(bank))
    assert irma.send(bank, {"comment": "3", "deed": "retire"}).status_code == 404
    ivan.send(bank, {"comment": "3", "deed": "retire"})
    assert "Citar siempre" not in words(irma.get(bank))
    assert ivan.send(bank, {"text": " "}).status_code == 422


def test_words_are_looked_at_before_they_are_sent(desk, ivan):
    work = desk.hand_in("ana")
    page = ivan.send(task(work), rubric(1, feedback="**Muy** bien", then="preview")).get_data(as_text=True)
    assert "<strong>Muy</strong>" in page and page.count(" checked") == 1
    told = ivan.send("/por-corregir/vista-previa", {"feedback": "**Muy** [bien](https://a.cl) <img src=x>"}).json
    assert '["strong", "", "Muy"]' in json.dumps(told) and "https://a.cl" in json.dumps(told) and '"img"' not in json.dumps(told)


# Second marking -------------------------------------------------------------------------------------------------------

PLAN = {"mode": "all", "percent": "20", "tolerance": "10", "close": "mean", "far": "third", "across": "y"}


def twice(client, module="G1", item="task", **changed):
    response = client.send(f"/cohortes/1/modulos/{module}/segunda-correccion/{item}", {**PLAN, **changed})
    assert response.status_code == 303


def test_only_what_two_come_to_counts_and_neither_sees_the_other(desk, ivan, irma, client_of):
    work = desk.hand_in("ana", files=["ficha Ana.pdf"])
    twice(client_of("coral"))
    assert "Primera corrección" in words(ivan.get(task(work)))
    ivan.send(task(work), rubric(3, 3, 2, 0, feedback="De Iván"))
    assert not desk.rows(select(Marking.id)) and "Pérez" not in words(ivan.get("/por-corregir")).replace("de Ana Pérez", "")
    page = words(irma.get(task(work)))
    assert "Segunda corrección" in page and "Pérez" not in page and "De Iván" not in page and "ficha Ana" not in page
    assert "Trabajo " in words(irma.get("/por-corregir")) and "Pérez" not in words(irma.get("/por-corregir"))
    irma.send(task(work), rubric(3, 3, 2, 1, feedback="De Irma"))
    assert latest(desk)[0] == F(17, 2) and latest(desk)[2] == "De Iván\n\nDe Irma"
    assert desk.rows(select(Decision.rule)) == [("mean",)]
    state = words(client_of("coral").get("/cohortes/1/modulos/G1/segunda-correccion/task"))
    assert "Promedio" in state and "con tan pocos, kappa puede dar cualquier cosa" in state and "75 %" not in state
    assert desk.rows(select(OpinionRow.role).order_by(OpinionRow.id)) == [("first",), ("second",)]


def test_a_colleague_of_the_same_university_is_not_the_second(desk, ivan, client_of):
    work = desk.hand_in("ana")
    desk.also("coral", "instructor", 1, institution_id=2)
    coral = client_of("coral")
    twice(coral)
    ivan.send(task(work), rubric(3, 3, 3, 3))
    assert "Espera a otra persona" in words(coral.get(task(work)))
    assert coral.send(task(work), rubric(0, 0, 0, 0)).status_code == 409
    assert task(work) not in coral.get("/por-corregir").get_data(as_text=True)


def test_who_differs_too_much_is_decided_by_a_third_who_sees_neither(desk, ivan, irma, client_of):
    work = desk.hand_in("ana")
    desk.also("olga", "instructor", 1, institution_id=1)
    twice(client_of("coral"))
    ivan.send(task(work), rubric(3, 3, 3, 3, feedback="Alto"))
    irma.send(task(work), rubric(0, 0, 0, 0, feedback="Bajo"))
    assert not desk.rows(select(Marking.id))
    olga = client_of("olga")
    page = words(olga.get(task(work)))
    assert "Tercera corrección" in page and "Alto" not in page and "Bajo" not in page
    olga.send(task(work), rubric(2, 2, 2, 2, feedback="Decido"))
    assert latest(desk)[:3] == (F(8), "[2, 2, 2, 2]", "Decido")


def test_or_the_two_talk_and_one_of_them_writes_down_what_they_agree(desk, ivan, irma, client_of):
    work = desk.hand_in("ana")
    twice(client_of("coral"), far="talk")
    ivan.send(task(work), rubric(3, 3, 3, 3))
    irma.send(task(work), rubric(0, 0, 0, 0))
    assert "Acordar la nota" in words(ivan.get("/por-corregir")) and "Irma" in words(ivan.get(task(work)))
    ivan.send(task(work), rubric(2, 2, 1, 1, feedback="Acordado"))
    assert latest(desk)[0] == F(6) and desk.rows(select(Decision.rule)) == [("talk",)]


def test_an_answer_is_marked_twice_too_and_a_claim_does_not_tell_who_was_first(desk, ivan, irma, client_of):
    attempt = desk.sit("ana", "G2", ESSAY)
    twice(client_of("coral"), "G2", "quiz", close="first")
    ivan.send(answer(attempt), {"given": "2", "feedback": "Uno"})
    irma.send(answer(attempt), {"given": "2", "feedback": "Dos"})
    assert latest(desk)[:3] == (F(2), "", "Uno")


# The rubric changes ---------------------------------------------------------------------------------------------------

def rubric_form(page, **changed):

    form = next(f for f in html.document_fromstring(page.get_data(as_text=True)).forms if "reason" in f.fields)
    return {**{k: v for k, v in form.form_values() if k != "csrf_token"}, "reason": "Se acordó en la reunión", **changed}


def test_a_change_of_rubric_shows_its_effect_first_and_then_recalculates(desk, ivan, client_of):
    one, two = desk.hand_in("ana"), desk.hand_in("ana", "G2")
    ivan.send(task(one), rubric(3, 3, 2, 1, feedback="Bien"))
    url = "/cohortes/1/modulos/G1/rubrica"
    sent = rubric_form(ivan.get(url), **{"c0.l3.points": "6", "c0.note": "Mirar el anexo"})
    shown = ivan.send(url, sent)
    text = words(shown)
    assert "Pérez Soto, Ana" in text and "9 de 12" in text and "12 de 15" in text and "+3" in text
    assert len(desk.rows(select(Marking.id))) == 1
    form = rubric_form(shown, deed="recalculate")
    ivan.send(url, form)
    assert desk.rows(select(Marking.points, Marking.out_of, Marking.feedback).order_by(Marking.id)) == [
        (F(9), F(12), "Bien"), (F(12), F(15), "Bien")]
    page = words(ivan.get(task(one)))
    assert "Mirar el anexo" in page and "12 de 15" in page and "9 de 12" in page
    ana = client_of("ana")
    desk.world.later(minutes=1)
    publish(ivan)
    result = words(ana.get("/cohortes/1/modulos/G1/resultado"))
    assert "6 de 6" in result and "Mirar el anexo" not in result, two
    assert "Mirar el anexo" not in words(ana.get("/cohortes/1/modulos/G1/tarea"))


def test_what_can_not_be_recalculated_waits_for_another_look(desk, ivan):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(3, 3, 2, 1))
    url = "/cohortes/1/modulos/G1/rubrica"
    sent = rubric_form(ivan.get(url), **{"c4.name": "Fuentes", "c4.most": "4"})
    shown = ivan.send(url, sent)
    assert "Otra mirada" in words(shown)
    ivan.send(url, rubric_form(shown, deed="recalculate"))
    assert "Otra mirada" in words(ivan.get("/por-corregir"))
    assert ivan.send(task(work), {**rubric(3, 3, 2, 1), "based_on": "1"}).status_code == 422
    assert ivan.send(task(work), {**rubric(3, 3, 2, 1), "p4": "2,5", "n4": "Falta una", "based_on": "1"}).status_code == 303
    assert latest(desk)[0] == F(23, 2)
    assert "Pérez Soto" not in words(ivan.get("/por-corregir")).replace("Ana Pérez Soto", "")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"c0.l3.points": "0"}, {"c0.name": "Evidencia"}, {"c0.l0.points": "x"},
                                   {f"c{i}.name": "" for i in range(4)}])
def test_a_rubric_that_can_not_be_is_refused(desk, ivan, wrong):
    url = "/cohortes/1/modulos/G1/rubrica"
    assert ivan.send(url, rubric_form(ivan.get(url), **wrong)).status_code == 422


# Publishing at a time -------------------------------------------------------------------------------------------------

def test_marks_are_published_at_the_hour_that_was_said_in_the_cohorts_own_time(desk, ivan, app, client_of):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(3, 3, 3, 3))
    there = (desk.world.now + timedelta(days=1)).strftime("%Y-%m-%d")
    url = "/cohortes/1/publicar/G1/task/hora"
    assert "hora de Chile" in words(ivan.get(ivan.send(url, {"dia": there, "hora": "09:00"}).location))
    outbox.work(app)
    assert not desk.rows(select(Release.id))
    desk.world.later(days=1)                                    # 11:00 in Chile
    outbox.work(app), outbox.work(app)
    assert len(desk.rows(select(Release.id))) == 1
    assert "12 de 12 puntos" in words(client_of("ana").get("/cohortes/1/modulos/G1/resultado"))
    assert desk.rows(select(AuditLine.actor_id).where(AuditLine.deed == "marks.published")) == [(desk.world.people["ivan"],)]


def test_a_planned_publication_can_be_withdrawn_and_the_past_is_refused(desk, ivan, app):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(3, 3, 3, 3))
    url = "/cohortes/1/publicar/G1/task/hora"
    for dia, hora in (("2027-01-01", "09:00"), ("mañana", "09:00"), ("2027-13-01", "09:00"), ("2027-05-01", "25:00")):
        assert "No se programó nada" in words(ivan.get(ivan.send(url, {"dia": dia, "hora": hora}).location))
    ivan.send(url, {"dia": "2027-05-01", "hora": "09:00"})
    ivan.send("/cohortes/1/publicar/programadas/1/retiro")
    desk.world.later(days=30)
    outbox.work(app)
    assert not desk.rows(select(Release.id))
