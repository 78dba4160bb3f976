"""How a task is handed in: what lateness takes away, whether again, and what students are told of it."""

from datetime import timedelta
from fractions import Fraction as F

import pytest
from sqlalchemy import select

from lms.attempts.models import Marking, Submission
from lms.cohorts import queries as cohorts
from tests.web.test_attempts import words
from tests.web.test_grading import Desk, publish, rubric, task

URL = "/cohortes/1/modulos/G1/tarea"
RULES = {"per_day": "2", "unit": "points", "days": "2", "again": "always", "times": "1", "reason": "Acuerdo del equipo"}


@pytest.fixture
def desk(app, world):
    return Desk(app, world)


@pytest.fixture
def ivan(client_of):
    return client_of("ivan")


@pytest.fixture
def ana(client_of):
    return client_of("ana")


def rule(ivan, **changed):
    return ivan.send("/cohortes/1/modulos/G1/reglas-de-la-tarea", {**RULES, **changed})


def late(world, app, days: float) -> None:
    """It is so many days after the deadline, an hour early."""
    with app.extensions["database"].reading() as s:
        world.now = cohorts.cohort(s, 1).calendar["G1"].task_due + timedelta(days=days, hours=-1)


def test_students_are_told_the_rule_before_and_why_afterwards(desk, ivan, ana, app, world):
    assert rule(ivan).status_code == 303
    assert "descuenta 2,0 puntos de la tarea" in words(ana.get(URL))
    assert "se descuentan 2,0 puntos de la tarea por día, hasta 2 días" in words(ana.get("/cohortes/1/modulos/G1"))
    assert "puntos de la tarea por día" in words(ana.get("/inicio"))
    late(world, app, 2)
    assert ana.send(URL, {"texto": "Tarde"}).status_code == 303
    late(world, app, 3)
    assert ana.send(URL, {"texto": "Muy tarde"}).status_code == 409
    ((work, kept),) = desk.rows(select(Submission.id, Submission.late))
    assert kept == "2 points 2"
    page = words(ivan.get(task(work)))
    ivan.send(task(work), rubric(3, 3, 3, 3))
    assert "2 días tarde" in page
    desk.world.later(minutes=1)
    publish(ivan)
    desk.sit("ana")
    assert "Atraso: 2 días × 2 puntos de la tarea = 4. Quedan 8 puntos: nota" in words(
        ana.get("/cohortes/1/modulos/G1/resultado"))


def test_a_changed_rule_does_not_touch_what_was_handed_in(desk, ivan, ana, app, world):
    late(world, app, 1)
    ana.send(URL, {"texto": "Tarde"})
    ((before,),) = desk.rows(select(Submission.late))
    rule(ivan)
    assert before == "" and desk.rows(select(Submission.late)) == [("",)]


def test_one_version_only(desk, ivan, ana):
    rule(ivan, again="once")
    assert ana.send(URL, {"texto": "Una"}).status_code == 303
    page = ana.get(URL)
    assert "se entrega una sola vez" in words(page) and 'name="texto"' not in page.get_data(as_text=True)
    assert ana.send(URL, {"texto": "Dos"}).status_code == 409


def test_again_only_until_the_deadline(desk, ivan, ana, app, world):
    rule(ivan, again="due")
    ana.send(URL, {"texto": "Una"})
    assert ana.send(URL, {"texto": "Dos"}).status_code == 303
    late(world, app, 1)
    assert ana.send(URL, {"texto": "Tres"}).status_code == 409
    assert "Otra versión se recibía hasta el plazo" in words(ana.get(URL))


def test_again_after_the_correction_so_many_times_within_a_week(desk, ivan, ana, app, world):
    rule(ivan, again="feedback", times="1")
    ana.send(URL, {"texto": "Una"})
    late(world, app, 1.5)
    assert ana.send(URL, {"texto": "Tarde"}).status_code == 409
    ivan.send(task(1), rubric(1, 1, 1, 1, feedback="Mejorar"))
    world.later(days=3)
    assert ana.send(URL, {"texto": "Mejorada"}).status_code == 303
    ((due, at),) = desk.rows(select(Submission.due_at, Submission.handed_in_at).where(Submission.version == 2))
    assert at < due                                             # in time: the week after the correction counts
    assert ana.send(URL, {"texto": "Otra más"}).status_code == 409
    assert "Mejorada" in words(ivan.get(task(2)))
    ivan.send(task(2), rubric(3, 3, 3, 3))
    assert [p for (p,) in desk.rows(select(Marking.points).order_by(Marking.id))] == [F(4), F(12)]
    assert ana.send(URL, {"texto": "Y otra"}).status_code == 409


@pytest.mark.parametrize("wrong", [{"per_day": "x"}, {"per_day": "-1"}, {"per_day": "NaN"}, {"days": "99"}, {"unit": "euro"},
                                   {"again": "nunca"}, {"times": "0"}, {"reason": ""}])
def test_a_rule_that_can_not_be_is_refused(ivan, wrong):
    assert rule(ivan, **wrong).status_code == 422
