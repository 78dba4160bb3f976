"""A key put right: shown first, done after, and what was before stays."""

import re
from fractions import Fraction as F

import pytest
from sqlalchemy import select

from lms.attempts import actions
from lms.attempts import queries as attempts
from lms.attempts.models import KeyCorrection, Marking
from lms.foundation.audit import AuditLine
from tests.web.test_attempts import words
from tests.web.test_grading import RIGHT, Desk

PAGE = "/cohortes/1/modulos/G1/claves"
WRONG = {**RIGHT, "anio": '"b"'}                        # who answered b to the question whose key is a
OTHER_KEY = {"modo": "clave", "peso.a": "0", "peso.b": "100", "razon": "La fuente dice 2005."}


@pytest.fixture
def desk(app, world):
    return Desk(app, world)


def first_look(client, question="anio", **sent) -> tuple[str, str]:
    """The page with the effect, and the token that names it."""
    page = client.send(f"{PAGE}/{question}", {**OTHER_KEY, **sent})
    found = re.search(r'name="efecto" value="(\w+)"', page.get_data(as_text=True))
    return words(page), found[1] if found else ""


def points(desk, question="anio") -> list:
    return [p for p, in desk.rows(select(Marking.points).where(Marking.question == question).order_by(Marking.id))]


def test_what_changes_is_shown_and_nothing_is_done(desk, client_of):
    desk.sit("ana", answers=WRONG)
    text, token = first_look(client_of("ivan"))
    assert "Se miró 1 respuesta: cambia 1 nota" in text and "Pérez Soto, Ana" in text and token
    assert points(desk) == [F(0)] and not desk.rows(select(KeyCorrection.id))


def test_once_confirmed_the_new_marking_counts_and_the_old_one_stays(desk, client_of):
    desk.sit("ana", answers=WRONG)
    _, token = first_look(client_of("ivan"))
    page = client_of("ivan").send(f"{PAGE}/anio", {**OTHER_KEY, "sin_bajar": "1", "efecto": token})
    assert page.status_code == 303 and points(desk) == [F(0), F(1)]
    line, = desk.rows(select(AuditLine.deed, AuditLine.detail).where(AuditLine.deed == "quiz.regraded"))
    assert "La fuente dice 2005." in str(line)
    assert "Clave corregida" in words(client_of("ivan").get(PAGE))


def test_the_student_sees_the_corrected_key_and_why(desk, client_of):
    attempt = desk.sit("ana", answers=WRONG)
    desk.sit("ana", answers=WRONG, number=2)            # no attempt is left that the key could help
    _, token = first_look(client_of("ivan"))
    client_of("ivan").send(f"{PAGE}/anio", {**OTHER_KEY, "efecto": token})
    text = words(client_of("ana").get(f"/cohortes/1/intentos/{attempt}/revision"))
    assert "La clave de esta pregunta se corrigió después: La fuente dice 2005." in text


def test_who_would_lose_points_keeps_them_unless_asked(desk, client_of):
    desk.sit("ana")                                     # answered a, which was right
    text, token = first_look(client_of("ivan"), sin_bajar="1")
    assert "cambian 0 notas" in text and "1 bajaría y queda como está" in text
    text, token = first_look(client_of("ivan"))
    assert "cambia 1 nota" in text
    client_of("ivan").send(f"{PAGE}/anio", {**OTHER_KEY, "efecto": token})
    assert points(desk) == [F(1), F(0)]


def test_an_effect_that_changed_since_it_was_shown_is_shown_again(desk, client_of):
    desk.sit("ana", answers=WRONG)
    _, token = first_look(client_of("ivan"))
    desk.sit("ana", answers=WRONG, number=2)
    page = client_of("ivan").send(f"{PAGE}/anio", {**OTHER_KEY, "efecto": token})
    assert page.status_code == 409 and "cambian 2 notas" in words(page) and points(desk) == [F(0), F(0)]


def test_full_points_can_be_given_to_everyone_also_to_who_left_it_blank(desk, client_of):
    desk.sit("ana", answers={})
    text, token = first_look(client_of("ivan"), modo="todos")
    assert "cambia 1 nota" in text
    client_of("ivan").send(f"{PAGE}/anio", {**OTHER_KEY, "modo": "todos", "efecto": token})
    assert points(desk)[-1] == F(1)
    assert "Puntos a todos" in words(client_of("ivan").get(PAGE))


def test_a_mark_given_by_a_person_is_left_as_it_is(app, desk, client_of, world):
    attempt = desk.sit("ana", answers=WRONG)
    with app.extensions["database"].transaction() as s:
        standing = s.scalar(select(Marking.id).where(Marking.attempt_id == attempt, Marking.question == "anio"))
        actions.mark(s, world.people["ivan"], world.now, attempt_id=attempt, question="anio", points=F(1, 2), out_of=F(1),
                     based_on=standing)
    text, _ = first_look(client_of("ivan"))
    assert "cambian 0 notas" in text and "1 la puso una persona y no se toca" in text


def test_who_hands_in_afterwards_is_marked_by_the_corrected_key(app, desk, client_of, world):
    desk.sit("ana", answers=WRONG)
    _, token = first_look(client_of("ivan"))
    client_of("ivan").send(f"{PAGE}/anio", {**OTHER_KEY, "efecto": token})
    later = desk.sit("ana", answers=WRONG, number=2, submitted=False)
    with app.extensions["database"].transaction() as s:
        sitting = attempts.sitting(s, 1, world.people["ana"], later, hold=True)
        actions.submit(s, world.people["ana"], world.now, sitting)
    marked = dict(desk.rows(select(Marking.question, Marking.points).where(Marking.attempt_id == later)))
    assert marked["anio"] == F(1)


@pytest.mark.parametrize(("question", "sent", "answer", "given"), [
    ("registro", {"peso.a": "100", "nueva.1": "La Subsecretaría", "nueva_peso.1": "50"}, '"la subsecretaria"', F(1, 2)),
    ("meta", {"valor.0": "0,7", "tolerancia.0": "0,05", "peso.0": "100", "valor.1": "0,33", "tolerancia.1": "0,01", "peso.1": "100"}, '"0,33"', F(1)),
    ("orden", {"orden.a": "2", "orden.b": "1", "orden.c": "3", "orden.d": "4"}, '{"a":2,"b":1,"c":3,"d":4}', F(1)),
    ("sedes", {"par.a": "Granada", "par.b": "Barcelona", "par.c": "Montevideo"}, '{"a":"Granada","b":"Barcelona","c":"Montevideo"}', F(1)),
    ("paba", {"peso.true": "0", "peso.false": "100"}, '"false"', F(1)),
])
def test_every_kind_with_a_key_can_be_put_right(desk, client_of, question, sent, answer, given):
    desk.sit("ana", answers={**RIGHT, question: answer})
    common = {"modo": "clave", "razon": "Faltaba.", **sent}
    page = client_of("ivan").send(f"{PAGE}/{question}", common)
    assert page.status_code == 200, words(page)
    token = re.search(r'name="efecto" value="(\w+)"', page.get_data(as_text=True))[1]
    client_of("ivan").send(f"{PAGE}/{question}", {**common, "efecto": token})
    assert points(desk, question)[-1] == given


@pytest.mark.parametrize(("sent", "told"), [
    ({"razon": ""}, "Escribir por qué"), ({"peso.b": "mucho"}, "Escribir un porcentaje"), ({"peso.b": "0"}, "Ninguna alternativa es correcta"),
    ({"peso.a": "100", "peso.b": "0"}, "Es la misma clave"), ({"peso.b": "1e9"}, "Escribir un porcentaje"),
])
def test_a_correction_that_makes_no_sense_is_refused_with_its_reason(desk, client_of, sent, told):
    page = client_of("ivan").send(f"{PAGE}/anio", {**OTHER_KEY, **sent})
    assert page.status_code == 422 and told in words(page)


def test_an_essay_has_no_key_to_put_right(client_of):
    assert client_of("ivan").get("/cohortes/1/modulos/G2/claves/ensayo").status_code == 404
