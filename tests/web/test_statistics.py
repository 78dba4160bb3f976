"""The figures of a quiz as instructors see them, and what is looked at before marks are published."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import delete, insert

from lms.attempts import rules
from lms.attempts.models import Answer, Attempt, Marking, Submission
from lms.catalogue.rules import Question
from lms.foundation.spreadsheet import write_csv
from lms.grading import reports, statistics
from lms.grading.numbers import Figures, Line
from tests.crowd import gather
from tests.programme import PROGRAMME
from tests.web.test_attempts import statements, words
from tests.web.test_grading import Desk

PAGE = "/cohortes/1/modulos/G1/estadisticas"
QUIZ = PROGRAMME.module("G1").quiz
GOOD = {"anio": '"a"', "principios": '["a","b"]', "paba": '"true"', "meta": '"0,7"', "registro": '"SUBDERE"',
        "sedes": '{"a":"Barcelona","b":"Granada","c":"Montevideo"}', "orden": '{"a":1,"b":2,"c":3,"d":4}'}


def idle(app, world, count: int):
    """So many students who have done nothing yet."""
    crowd = gather(app, world, count)
    with app.extensions["database"].transaction() as s:
        for table in (Marking, Answer, Attempt, Submission):
            s.execute(delete(table))
    return crowd


@pytest.fixture
def class_of(app, world):
    """class_of(n): so many have handed in; the first third knows all, the next the half, the last nothing."""
    def sit(count: int) -> None:
        crowd = idle(app, world, count)
        with app.extensions["database"].transaction() as s:
            for i in range(count):
                known = list(GOOD)[:(7, 4, 0)[3 * i // count]]
                answers = {question: GOOD[question] for question in known} | ({"registro": '"SUBDERE"'} if i % 5 == 0 else {})
                attempt = s.execute(insert(Attempt).values(
                    cohort_id=1, person_id=crowd.id(i), module="G1", number=1, edition_id=PROGRAMME.edition, seed=i, by_clock=False,
                    started_at=world.now - timedelta(days=2), submitted_at=world.now - timedelta(days=1)).returning(Attempt.id)).scalar_one()
                for n, (question, value) in enumerate(answers.items()):
                    s.execute(insert(Answer).values(attempt_id=attempt, question=question, value=value, key=f"key-{n:05}", saved_at=world.now))
                s.execute(insert(Marking), [
                    {"attempt_id": attempt, "question": q.id, "points": rules.score(q, answers.get(q.id, "")), "out_of": q.points,
                     "marked_at": world.now, "levels": "", "feedback": ""} for q in QUIZ.questions])
    return sit


def test_a_quiz_nobody_took_says_so_instead_of_figures(client_of):
    assert "Nadie ha entregado este control todavía" in words(client_of("ivan").get(PAGE))


def test_the_figures_of_the_whole_and_of_each_question(class_of, client_of):
    class_of(36)
    text = words(client_of("ivan").get(PAGE))
    assert "36 de 36 participantes" in text and "estas cifras dicen poco" not in text
    assert "Consistencia interna" in text and "alfa de Cronbach" in text
    assert "1. anio" in text and "66,7 %" in text               # two thirds knew it


def test_few_attempts_are_warned_about(class_of, client_of):
    class_of(6)
    assert "Con 6 intentos, estas cifras dicen poco" in words(client_of("ivan").get(PAGE))


def test_a_key_that_is_wrong_is_pointed_at(class_of, client_of, app):
    class_of(36)
    with app.extensions["database"].transaction() as s:       # whoever knows most fails it
        for row in s.query(Marking).filter(Marking.question == "anio"):
            row.points = 1 - row.points
    assert "Revisar la clave: quienes más saben la fallan más" in words(client_of("ivan").get(PAGE))


def test_the_answers_to_a_question_are_counted_with_those_nobody_gave(class_of, client_of):
    class_of(30)
    text = words(client_of("ivan").get(f"{PAGE}/paba"))
    assert "Se preguntó en 30 intentos. En blanco: 10." in text and "Verdadero" in text and "66,7 %" in text
    assert client_of("ivan").get(f"{PAGE}/nada").status_code == 404


def test_an_answer_that_waits_for_a_person_leaves_its_attempt_out_and_says_so(app, world, client_of):
    Desk(app, world).sit("ana", "G2", {"anio": '"a"', "ensayo": '"Cooperar es…"'})
    assert "Falta 1 intento" in words(client_of("ivan").get("/cohortes/1/modulos/G2/estadisticas"))


def test_the_csv_has_a_row_for_each_question(class_of, client_of):
    class_of(12)
    page = client_of("ivan").get(f"{PAGE}.csv")
    lines = page.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert len(lines) == 1 + len(QUIZ.questions) and lines[1].startswith('"1";"anio";"";"12";"1,00";"66,67"')
    assert "attachment" in page.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-cmd|x", "+1+A1"])
def test_no_name_of_a_question_is_a_formula_in_the_csv(name):
    line = Line(1, Question("q", "single", "x", name=name), statistics.item([1, 0], [1, 0], 1))
    figures = Figures(statistics.quiz([1, 0], [1, 0], [0.5]), 1, (line,), (1, 0), 2, 0)
    assert write_csv(reports.COLUMNS, reports._rows(figures)).decode("utf-8-sig").splitlines()[1].split(";")[1] == f'"\'{name}"'


def test_a_page_of_figures_takes_the_same_statements_for_few_and_for_many(class_of, client_of, app):
    class_of(40)
    with statements(app) as seen:
        client_of("ivan").get(PAGE)
    assert len(seen) <= 8, seen


def test_an_instructor_of_another_module_does_not_see_it(app, world, client_of):
    Desk(app, world).also("irma", "instructor", 1, "G2")
    assert client_of("irma").get(PAGE).status_code == 404
    assert "G2" in words(client_of("irma").get("/cohortes/1/evaluaciones"))


def test_all_cohorts_of_mine_can_be_counted_together(app, world, client_of):
    desk = Desk(app, world)
    desk.sit("ana")
    desk.sit("beto")
    assert "1 de 1 participante" in words(client_of("ivan").get(PAGE))
    assert "2 de 2 participantes" in words(client_of("ivan").get(f"{PAGE}?cohortes=todas"))


def test_the_pages_of_an_assessment_are_found_from_one_page(client_of):
    text = words(client_of("ivan").get("/cohortes/1/evaluaciones"))
    assert "Control de G1" in text and "Estadísticas" in text and "Equidad" in text


def test_marks_that_fall_along_the_sitting_are_worth_a_second_look(app, world, client_of):
    crowd = idle(app, world, 12)
    desk = Desk(app, world)
    assert "Todavía no hay notas puestas por una persona" in words(client_of("ivan").get("/cohortes/1/modulos/G1/equidad/task"))
    works = [desk.hand_in("ana", version=n + 1) for n in range(12)]
    assert crowd.count == 12
    with app.extensions["database"].transaction() as s:
        s.execute(insert(Marking), [
            {"submission_id": work, "points": Fraction(12 - n), "out_of": Fraction(12), "marker_id": world.people["ivan"],
             "marked_at": world.now + timedelta(minutes=n), "levels": "", "feedback": ""} for n, work in enumerate(works)])
    text = words(client_of("ivan").get("/cohortes/1/modulos/G1/equidad/task"))
    assert "Hay algo que mirar de nuevo" in text and "Mirar de nuevo" in text and "Correlación con el orden: -1,00" in text.replace("−", "-")
