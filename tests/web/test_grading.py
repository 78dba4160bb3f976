"""Marking, publishing and reading marks: whose work it is, who sees what and when, and that nothing said is lost."""

import io
import re
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction as F

import pytest
from lxml import html
from sqlalchemy import func, select

from lms.attempts import rules
from lms.attempts.models import Answer, Attempt, Marking, Submission, SubmissionFile
from lms.cohorts import queries as cohorts
from lms.foundation.audit import AuditLine
from lms.foundation.outbox import OutboxJob
from lms.grading import queries
from lms.grading.models import Release
from lms.people.models import Person, PersonPost
from tests.client import Client
from tests.crowd import gather, listed
from tests.programme import PROGRAMME
from tests.web.test_attempts import statements, words
from tests.world import World

RIGHT = {"anio": '"a"', "principios": '["a","b"]', "paba": '"true"',
         "sedes": '{"a":"Barcelona","b":"Granada","c":"Montevideo"}', "meta": '"0,7"', "registro": '"SUBDERE"', "orden": '{"a":1,"b":2,"c":3,"d":4}'}
ESSAY = {"anio": '"a"', "principios": '["a","b"]', "paba": '"true"',
         "ensayo": '"Cooperar <script>alert(1)</script> es…"'}
HOSTILE = "Línea uno\nLínea dos\n\n<script>alert('hola')</script> <b>negrita</b>"


@dataclass
class Desk:
    """Work handed in, written as facts."""
    app: object
    world: World

    def hand_in(self, name="ana", module="G1", text="Mi ficha.", days_late=0, version=1, files=()) -> int:
        due = self.world.now - timedelta(days=10)
        with self.app.extensions["database"].transaction() as s:
            row = Submission(cohort_id=self.cohort(name), person_id=self.world.people[name], module=module, text=text,
                             edition_id=PROGRAMME.edition, version=version, due_at=due, receipt="0" * 64,
                             handed_in_at=due + timedelta(days=days_late, minutes=-5))
            s.add(row)
            s.flush()
            for file in files:
                s.add(SubmissionFile(submission_id=row.id, name=file, kind="pdf", size=4, sha256=self.stored()))
            listed(s)
            return row.id

    def sit(self, name="ana", module="G1", answers=RIGHT, number=1, submitted=True) -> int:
        now, quiz = self.world.now, PROGRAMME.module(module).quiz
        with self.app.extensions["database"].transaction() as s:
            row = Attempt(cohort_id=self.cohort(name), person_id=self.world.people[name], module=module, number=number,
                          edition_id=PROGRAMME.edition, seed=1, started_at=now - timedelta(days=9),
                          submitted_at=now - timedelta(days=8) + timedelta(minutes=number) if submitted else None)
            s.add(row)
            s.flush()
            for n, (question, value) in enumerate(answers.items()):
                s.add(Answer(attempt_id=row.id, question=question, value=value, key=f"k{n}", saved_at=now))
            worth = {q.id: q.points for q in quiz.questions}
            for question, points in rules.scores(quiz, answers).items() if submitted else ():
                s.add(Marking(attempt_id=row.id, question=question, points=points, out_of=worth[question],
                              marked_at=now - timedelta(days=8)))
            listed(s)
            return row.id

    def cohort(self, name: str) -> int:
        return self.world.argentina if name == "beto" else self.world.chile

    def stored(self) -> str:
        return self.app.extensions["files"].put(io.BytesIO(b"%PDF"), 100).sha256

    def rows(self, query) -> list:
        with self.app.extensions["database"].reading() as s:
            return [tuple(row) for row in s.execute(query)]

    def also(self, name, role, cohort_id, module=None, institution_id=2) -> None:
        with self.app.extensions["database"].transaction() as s:
            s.add(PersonPost(person_id=self.world.people[name], role=role, cohort_id=cohort_id, module=module,
                             institution_id=institution_id, granted_at=self.world.now))


@pytest.fixture
def desk(app, world):
    return Desk(app, world)


@pytest.fixture
def ivan(client_of):
    return client_of("ivan")


@pytest.fixture
def ana(client_of):
    return client_of("ana")


def task(submission_id: int, cohort=1) -> str:
    return f"/cohortes/{cohort}/corregir/entregas/{submission_id}"


def answer(attempt_id: int, question="ensayo", cohort=1) -> str:
    return f"/cohortes/{cohort}/corregir/intentos/{attempt_id}/{question}"


def rubric(*levels, based_on="", feedback="", **more) -> dict:
    return {**{f"c{i}": str(n) for i, n in enumerate(levels)}, "based_on": based_on, "feedback": feedback, **more}


def publish(client: Client, module="G1", item="task", marks=1, cohort=1):
    return client.send(f"/cohortes/{cohort}/publicar", {"module": module, "item": item, "marks": marks})


def latest(desk: Desk) -> tuple:
    return desk.rows(select(Marking.points, Marking.levels, Marking.feedback, Marking.marker_id)
                     .order_by(Marking.id.desc()).limit(1))[0]


# The queue ------------------------------------------------------------------------------------------------------------

def test_the_queue_holds_every_cohort_and_module_of_mine_with_what_was_due_first_on_top(desk, ivan):
    desk.sit("ana", "G2", ESSAY)
    desk.hand_in("beto", "G1", days_late=2)
    desk.hand_in("ana", "G1")
    text = words(ivan.get("/por-corregir"))
    assert "Esperan 3 trabajos." in text and "2 días tarde" in text and "A tiempo" in text
    assert "Pérez Soto, Ana" in text and "Giménez, Alberto" in text and "G2, control, pregunta 4" in text
    assert "AR-2027" in text and "CL-2027" in text


def test_what_is_marked_or_replaced_by_a_later_version_waits_no_more(desk, ivan):
    first = desk.hand_in("ana")
    desk.hand_in("ana", text="Versión dos", version=2)
    page = ivan.get("/por-corregir").get_data(as_text=True)
    assert "Espera 1 trabajo." in words(ivan.get("/por-corregir")) and task(first) not in page


def test_the_first_piece_is_one_tap_from_the_queue_and_saving_leads_to_the_next(desk, ivan):
    one, two = desk.hand_in("ana"), desk.hand_in("beto")
    page = html.document_fromstring(ivan.get("/por-corregir").get_data(as_text=True))
    assert page.find_class("btn-main")[0].get("href") == task(one)
    response = ivan.send(task(one), rubric(2, 2, 2, 2, then="next"))
    assert response.status_code == 303 and response.location == task(two, 2)
    told = words(ivan.get(response.location))
    assert "Corrección de Ana Pérez Soto guardada: 8 de 12 puntos. Ver o corregir lo guardado" in told
    response = ivan.send(task(two, 2), rubric(2, 2, 2, 2, then="next"))
    assert response.location == "/por-corregir"
    assert "No queda nada más por corregir aquí." in words(ivan.get(response.location))


def test_the_filter_is_kept_while_marking_on(desk, ivan):
    one, other, two = desk.hand_in("ana"), desk.sit("ana", "G2", ESSAY), desk.hand_in("ana", "G2")
    only = "?cohorte=1&clase=tarea"
    assert f"{task(one)}{only}".replace("&", "&amp;") in ivan.get(f"/por-corregir{only}").get_data(as_text=True)
    response = ivan.send(f"{task(one)}{only}", rubric(1, 1, 1, 1, then="next"))
    assert response.location == f"{task(two)}{only}", other


def test_a_piece_can_be_skipped(desk, ivan):
    one, two = desk.hand_in("ana"), desk.hand_in("beto")
    assert ivan.get(f"/por-corregir/siguiente?tras=t{one}").location == task(two, 2)
    assert ivan.get(f"/por-corregir/siguiente?tras=t{two}").location == task(one)      # and round again


def test_an_instructor_sees_only_the_cohorts_and_modules_of_their_posts(desk, client_of, ivan):
    mine, theirs = desk.hand_in("beto"), desk.hand_in("ana")
    irma = client_of("irma")                        # another university: Beto's cohort only
    assert "Pérez" not in words(irma.get("/por-corregir"))
    assert irma.get(task(mine, 2)).status_code == 200
    assert irma.get(task(theirs)).status_code == 403
    assert irma.get(task(theirs, 2)).status_code == 404          # nor by naming her own cohort
    desk.also("irma", "instructor", 1, "G2")
    assert irma.get(task(theirs)).status_code == 404             # G1 is not hers
    assert irma.send(task(theirs), rubric(3, 3, 3, 3)).status_code == 404
    assert "Pérez" not in words(irma.get("/por-corregir"))
    essay = desk.sit("ana", "G2", ESSAY)
    assert irma.get(answer(essay)).status_code == 200


@pytest.mark.parametrize("name", ["olga", "aldo", "coral", "ana"])
def test_only_instructors_mark(desk, client_of, name):
    work = desk.hand_in("ana")
    client = client_of(name)
    assert client.get(task(work)).status_code == 403
    assert client.get("/por-corregir").status_code == 403
    assert client.send(task(work), rubric(3, 3, 3, 3)).status_code == 403


def test_nobody_marks_their_own_work(desk, client_of):
    desk.also("ana", "instructor", 1)
    work = desk.hand_in("ana")
    client = client_of("ana")
    assert client.get(task(work)).status_code == 404
    assert "Pérez Soto" not in words(client.get("/por-corregir"))


@pytest.mark.parametrize("count", [20, 400])                    # 2 and 30 of them wait
def test_the_queue_takes_as_many_statements_for_many_as_for_few(app, world, client_of, desk, count):
    desk.sit("ana", "G2", ESSAY)
    gather(app, world, count)
    client = client_of("ivan")
    client.get("/por-corregir")
    with statements(app) as seen:
        assert client.get("/por-corregir").status_code == 200
    assert len(seen) == 7, seen                 # one of them for the questions one may go through alone


def test_the_queue_comes_in_pages_of_twenty_five(app, world, client_of):
    gather(app, world, 300)                     # 30 of them wait
    client = client_of("ivan")
    text = client.get("/por-corregir").get_data(as_text=True)
    assert len(set(re.findall(r"corregir/entregas/\d+", text))) == 25 and "?pagina=2" in text
    second = client.get("/por-corregir?pagina=2").get_data(as_text=True)
    assert len(set(re.findall(r"corregir/entregas/(\d+)\"", second))) == 6       # and the first, behind the button
    assert client.get("/por-corregir?pagina=99").status_code == 200


# A task and its rubric ------------------------------------------------------------------------------------------------

def test_the_marker_sees_the_work_the_rubric_and_what_it_comes_to(desk, ivan):
    work = desk.hand_in("ana", days_late=1, files=["ficha.pdf"])
    page = ivan.get(task(work))
    text = words(page)
    assert "Mi ficha." in text and "ficha.pdf" in text and "1 día tarde" in text and "Destacado en análisis." in text
    ivan.send(task(work), rubric(3, 3, 2, 1, feedback="**Bien** hecho", then="stay"))
    text = words(ivan.get(task(work)))
    assert "9 de 12" in text and "− 0,5 por 1 día tarde" in text         # 5,125 - 0,5 = 4,625
    assert "4,6 Chile" in text and "Argentina" in text
    assert latest(desk) == (F(9), "[3, 3, 2, 1]", "**Bien** hecho", desk.world.people["ivan"])
    assert desk.rows(select(func.count()).select_from(AuditLine).where(AuditLine.deed == "work.marked")) == [(1,)]


def test_what_a_student_typed_is_shown_as_typed(desk, ivan, ana):
    page = ivan.get(task(desk.hand_in("ana", text=HOSTILE))).get_data(as_text=True)
    assert "<script>alert(" not in page and "&lt;script&gt;alert(&#39;hola&#39;)" in page
    assert "Línea uno<br>Línea dos" in page
    attempt = desk.sit("ana", "G2", ESSAY)
    assert "&lt;script&gt;" in ivan.get(answer(attempt)).get_data(as_text=True)
    assert "<script>alert" not in ana.get(f"/cohortes/1/intentos/{attempt}/revision").get_data(as_text=True)


def test_a_markers_words_can_not_carry_markup(desk, ivan, ana):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(2, 2, 2, 2, feedback="<img src=x onerror=alert(1)> [x](javascript:alert(1)) **sí**"))
    publish(ivan)
    page = ana.get("/cohortes/1/modulos/G1/resultado").get_data(as_text=True)
    assert "<img" not in page and "href=\"javascript" not in page and "<strong>sí</strong>" in page


@pytest.mark.parametrize("wrong", [{"c0": "4"}, {"c0": "-1"}, {"c0": ""}, {"c0": "1.5"}, {"c0": "x" * 500}])
def test_a_level_that_does_not_exist_is_refused_and_the_rest_is_kept_on_the_page(desk, ivan, wrong):
    work = desk.hand_in("ana")
    response = ivan.send(task(work), {**rubric(3, 3, 3, 3, feedback="No perder esto"), **wrong})
    assert response.status_code == 422
    text = response.get_data(as_text=True)
    assert "No perder esto" in text and text.count(" checked") == 3 and "Falta corregir algo" in text
    assert not desk.rows(select(Marking.id))


def test_a_criterion_left_out_is_refused(desk, ivan):
    assert ivan.send(task(desk.hand_in("ana")), rubric(3, 3, 3)).status_code == 422


def test_saying_the_same_again_changes_nothing(desk, ivan):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(2, 2, 2, 2))
    ivan.send(task(work), rubric(2, 2, 2, 2))                   # the second of two clicks: same form, same base
    assert len(desk.rows(select(Marking.id))) == 1


def test_a_correction_is_a_new_marking_and_the_history_shows_both(desk, ivan):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(1, 1, 1, 1, feedback="Primera"))
    ((first,),) = desk.rows(select(Marking.id))
    ivan.send(task(work), rubric(3, 3, 3, 3, feedback="Segunda", based_on=first))
    text = words(ivan.get(task(work)))
    assert "Correcciones guardadas 2" in text and "Primera" in text and "Segunda" in text
    assert len(desk.rows(select(Marking.id))) == 2


def test_a_version_that_came_while_marking_is_shown_and_nothing_typed_is_lost(desk, ivan):
    old = desk.hand_in("ana", text="Versión uno")
    new = desk.hand_in("ana", text="Versión dos", version=2)
    response = ivan.send(task(old), rubric(3, 2, 1, 0, feedback="Escrito para la uno"))
    text = response.get_data(as_text=True)
    assert response.status_code == 409 and not desk.rows(select(Marking.id))
    assert "Versión dos" in text and "Escrito para la uno" in text and f'action="{task(new)}"' in text
    assert text.count(" checked") == 4
    assert "Ir a la última versión" in words(ivan.get(task(old)))


def test_the_marker_downloads_a_file_and_a_stranger_does_not(desk, ivan, client_of, ana):
    desk.hand_in("beto", files=["ficha año.pdf"])
    ((file,),) = desk.rows(select(SubmissionFile.id))
    response = ivan.get(f"/cohortes/2/corregir/archivos/{file}")
    assert response.status_code == 200 and response.data == b"%PDF"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert ivan.get(f"/cohortes/1/corregir/archivos/{file}").status_code == 404
    assert ana.get(f"/cohortes/2/corregir/archivos/{file}").status_code == 403


# An answer ------------------------------------------------------------------------------------------------------------

def test_an_essay_is_given_points_with_a_comma(desk, ivan):
    attempt = desk.sit("ana", "G2", ESSAY)
    text = words(ivan.get(answer(attempt)))
    assert "Explique qué es la cooperación descentralizada." in text and "De 0 a 3. Con coma" in text
    assert ivan.send(answer(attempt), {"given": " 2,5 ", "feedback": "Casi"}).status_code == 303
    assert latest(desk)[0] == F(5, 2)
    assert 'value="2,5"' in ivan.get(answer(attempt)).get_data(as_text=True)


@pytest.mark.parametrize("given", ["3,1", "-1", "", "dos", "NaN", "1e1", "Infinity", "1,23456", "٣", "1,2,3"])
def test_points_that_can_not_be_are_refused(desk, ivan, given):
    attempt = desk.sit("ana", "G2", ESSAY)
    response = ivan.send(answer(attempt), {"given": given, "feedback": "Sigue aquí"})
    assert response.status_code == 422 and "Sigue aquí" in response.get_data(as_text=True)
    assert not desk.rows(select(Marking.id).where(Marking.marker_id.is_not(None)))


def test_only_what_persons_mark_of_attempts_handed_in_is_on_the_desk(desk, ivan):
    running = desk.sit("ana", "G2", ESSAY, submitted=False)
    done = desk.sit("ana", "G2", ESSAY, number=2)
    assert ivan.get(answer(running)).status_code == 404
    assert ivan.get(answer(done, "anio")).status_code == 404
    assert ivan.get(answer(done, "nada")).status_code == 404


# Two markers ----------------------------------------------------------------------------------------------------------

@pytest.fixture
def both_open(desk, client_of):
    """Iván and Irma have the same work open; Irma has saved."""
    work = desk.hand_in("beto")
    irma, ivan = client_of("irma"), client_of("ivan")
    irma.get(task(work, 2)), ivan.get(task(work, 2))
    irma.send(task(work, 2), rubric(2, 2, 2, 1, feedback="La redacción repite el enunciado."))
    ((base,),) = desk.rows(select(Marking.id))
    return ivan, task(work, 2), base


def test_the_second_marker_is_shown_both_and_nothing_is_written_over(both_open, desk):
    ivan, url, _ = both_open
    response = ivan.send(url, rubric(2, 2, 2, 3, feedback="La redacción es clara."))
    assert response.status_code == 409 and len(desk.rows(select(Marking.id))) == 1
    page = html.document_fromstring(response.get_data(as_text=True))
    text = words(response)
    assert "Irma Ñuñez Rojas guardó a las" in text and "9 de 12" in text and "7 de 12" in text
    differing = [e.text_content() for e in page.find_class("diff")]
    assert differing == ["3", "9", "es clara.", "1", "7", "repite el enunciado."]
    assert "Chile" in text and "Argentina" in text


def test_keeping_mine_makes_it_the_last_and_keeps_theirs_in_the_history(both_open, desk):
    ivan, url, base = both_open
    mine = rubric(2, 2, 2, 3, feedback="La redacción es clara.")
    page = html.document_fromstring(ivan.send(url, mine).get_data(as_text=True))
    form = dict(page.forms[-1].form_values()) if "choice" in page.forms[-1].fields else dict(
        next(f for f in page.forms if "choice" in f.fields).form_values())
    assert {k: v.strip() for k, v in form.items() if k in mine} == {**mine, "based_on": str(base)}
    assert ivan.send(url, {**form, "choice": "mine"}).status_code == 303
    assert [r[0] for r in desk.rows(select(Marking.points).order_by(Marking.id))] == [F(7), F(9)]


def test_keeping_theirs_writes_nothing(both_open, desk):
    ivan, url, base = both_open
    response = ivan.send(url, rubric(2, 2, 2, 3, based_on=base, choice="theirs"))
    assert response.status_code == 303 and len(desk.rows(select(Marking.id))) == 1
    assert "Queda la corrección que ya estaba." in words(ivan.get(response.location))


def test_mine_can_be_adjusted_with_theirs_in_sight(both_open, desk):
    ivan, url, base = both_open
    response = ivan.send(url, rubric(2, 2, 2, 3, feedback="La mía", based_on=base, choice="edit"))
    text = response.get_data(as_text=True)
    assert response.status_code == 200 and "La mía" in text and "repite el enunciado" in text
    assert f'value="{base}"' in text and len(desk.rows(select(Marking.id))) == 1


def test_a_third_marking_while_choosing_is_a_conflict_again(both_open, desk, client_of):
    ivan, url, base = both_open
    client_of("irma").send(url, rubric(0, 0, 0, 0, based_on=base))
    assert ivan.send(url, rubric(2, 2, 2, 3, based_on=base, choice="mine")).status_code == 409
    assert len(desk.rows(select(Marking.id))) == 2


def test_two_markers_of_an_answer_meet_too(desk, client_of):
    attempt = desk.sit("beto", "G2", ESSAY)
    client_of("irma").send(answer(attempt, cohort=2), {"given": "1"})
    response = client_of("ivan").send(answer(attempt, cohort=2), {"given": "2,5", "feedback": "Mejor"})
    assert response.status_code == 409 and "2,5 de 3" in words(response) and "1 de 3" in words(response)
    assert 'name="given" value="2,5"' in response.get_data(as_text=True)


# Publishing -----------------------------------------------------------------------------------------------------------

def test_a_mark_is_seen_when_it_is_published_and_not_before(desk, ivan, ana):
    desk.sit("ana")
    work = desk.hand_in("ana")
    result = "/cohortes/1/modulos/G1/resultado"
    assert "Por corregir" in words(ana.get(result))
    ivan.send(task(work), rubric(3, 3, 2, 1, feedback="Buen trabajo"))
    for url in (result, "/cohortes/1/notas"):
        text = words(ana.get(url))
        assert "Buen trabajo" not in text and "9 de 12" not in text and "Corregido, sin publicar" in text
    assert "1 corrección de 1 participante" in words(ivan.get("/cohortes/1/publicar/G1/task"))
    desk.world.later(minutes=1)
    assert publish(ivan).status_code == 303
    text = words(ana.get(result))
    assert "Buen trabajo" in text and "9 de 12 puntos" in text and "Iván Ledesma" in text
    assert "5,1" in text.split("Cómo se calculó")[0] or "5,9" in text        # the module: 40 % x 7,0 + 60 % x 5,1
    assert desk.rows(select(AuditLine.deed, AuditLine.cohort_id).where(AuditLine.deed == "marks.published")) == [
        ("marks.published", 1)]
    ((mail,),) = desk.rows(select(OutboxJob.payload).where(OutboxJob.kind == "mail"))
    assert "ana@example.org" in mail and result in mail and "5,1" not in mail


def test_a_published_mark_stays_in_sight_while_its_correction_is_not_published(desk, ivan, ana):
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(3, 3, 2, 1, feedback="Primera"))
    publish(ivan)
    ((base,),) = desk.rows(select(Marking.id))
    desk.world.later(hours=1)
    ivan.send(task(work), rubric(0, 0, 0, 0, feedback="Segunda", based_on=base))
    text = words(ana.get("/cohortes/1/modulos/G1/resultado"))
    assert "Primera" in text and "9 de 12" in text and "Segunda" not in text
    desk.world.later(hours=1)
    publish(ivan)
    text = words(ana.get("/cohortes/1/modulos/G1/resultado"))
    assert "Segunda" in text and "0 de 12" in text and "Primera" not in text


def test_what_the_machine_marks_is_seen_at_once(desk, ana):
    attempt = desk.sit("ana")
    text = words(ana.get(f"/cohortes/1/intentos/{attempt}/revision"))
    assert "7 de 7 puntos, 100 %" in text and "7,0 Chile" in text and "10 Argentina" in text


def test_publishing_shows_first_what_it_would_publish_and_again_if_that_has_changed(desk, ivan):
    one = desk.hand_in("ana")
    ivan.send(task(one), rubric(1, 1, 1, 1))
    desk.also("beto", "student", 1, institution_id=None)
    desk.sit("ana", "G2", ESSAY)
    assert publish(ivan, marks=2).status_code == 409
    assert not desk.rows(select(Release.id))
    assert publish(ivan, marks=1).status_code == 303
    assert publish(ivan, marks=1).status_code == 303        # twice: nothing more to publish
    assert len(desk.rows(select(Release.id))) == 1


def test_who_publishes_what(desk, client_of):
    desk.hand_in("ana")
    coral, olga = client_of("coral"), client_of("olga")
    assert "G1, tarea" in words(coral.get("/cohortes/1/publicar"))
    assert "G2, control" in words(olga.get("/cohortes/1/publicar"))
    assert coral.get("/cohortes/2/publicar").status_code == 403
    for name in ("ana", "aldo"):
        assert client_of(name).get("/cohortes/1/publicar").status_code == 403
        assert publish(client_of(name)).status_code == 403
    desk.also("irma", "instructor", 1, "G2")
    irma = client_of("irma")
    assert "G1, tarea" not in words(irma.get("/cohortes/1/publicar"))
    assert irma.get("/cohortes/1/publicar/G1/task").status_code == 404
    assert publish(irma, "G1").status_code == 404
    assert irma.get("/cohortes/1/publicar/G2/nada").status_code == 404


def test_marks_of_one_cohort_are_not_published_with_another(desk, ivan, client_of):
    work = desk.hand_in("beto")
    ivan.send(task(work, 2), rubric(2, 2, 2, 2, feedback="Para Beto"))
    publish(ivan, marks=1)
    assert "Para Beto" not in words(client_of("beto").get("/cohortes/2/modulos/G1/resultado"))


# What students read ---------------------------------------------------------------------------------------------------

def test_the_review_tells_of_each_question_what_was_answered_the_key_and_why(desk, ana):
    wrong = {"anio": '"b"', "sedes": '{"a":"Barcelona","b":"Montevideo"}', "meta": ""}
    desk.sit("ana", number=1, answers={**RIGHT, **wrong})
    second = desk.sit("ana", number=2)
    ((first,),) = desk.rows(select(Attempt.id).where(Attempt.number == 1))
    page = ana.get(f"/cohortes/1/intentos/{first}/revision")
    text = words(page)
    assert "2003 · su respuesta" in text and "2005 · respuesta correcta" in text and "Ese año fue Roma." in text
    assert "Incorrecta" in text and "Parcial" in text and "Sin responder" in text and "Correcta" in text
    assert "UIMMontevideoGranada" in text and "Cuenta el intento 2, que fue mejor." in text
    assert f"/cohortes/1/intentos/{second}/revision" in page.get_data(as_text=True)


def test_an_essay_waits_in_the_review_and_then_shows_what_was_said(desk, ivan, ana):
    attempt = desk.sit("ana", "G2", ESSAY)
    url = f"/cohortes/1/intentos/{attempt}/revision"
    text = words(ana.get(url))
    assert "Falta 1 respuesta" in text and "La corrige su docente" in text and "Nota de este intento" in text
    ivan.send(answer(attempt), {"given": "1,5", "feedback": "Faltó un ejemplo."})
    assert "Faltó un ejemplo." not in words(ana.get(url)) and "sin publicar" in words(ana.get(url))
    publish(ivan, "G2", "quiz")
    text = words(ana.get(url))
    assert "Faltó un ejemplo." in text and "1,5 de 3 puntos" in text and "4,5 de 6 puntos, 75 %" in text
    assert "5,1 Chile" in text and "Iván Ledesma" in text        # 4 + 3 x (75 - 60) / 40 = 5,125


def test_an_argentine_student_reads_their_own_side_first(desk, client_of):
    attempt = desk.sit("beto", answers={**RIGHT, "anio": '"b"', "paba": '"false"'})
    text = words(client_of("beto").get(f"/cohortes/2/intentos/{attempt}/revision"))
    assert text.index("Argentina, de 1 a 10") < text.index("Chile, de 1,0 a 7,0")


def test_marks_are_for_their_owner_only(desk, client_of, ana):
    attempt, running = desk.sit("beto"), desk.sit("ana", submitted=False)
    assert ana.get(f"/cohortes/1/intentos/{attempt}/revision").status_code == 404
    assert ana.get(f"/cohortes/2/intentos/{attempt}/revision").status_code == 403
    assert ana.get(f"/cohortes/1/intentos/{running}/revision").location == f"/cohortes/1/intentos/{running}"
    assert ana.get("/cohortes/1/modulos/NO/resultado").status_code == 404
    for name in ("ivan", "olga", "aldo"):
        assert client_of(name).get("/cohortes/1/notas").status_code == 403


def test_the_figures_of_the_explanation_add_up(desk, ivan, ana):
    """Every "a + b x (c - d) / e = f" on the page is right, cut figures within their last digit."""
    desk.sit("ana", answers={**RIGHT, "anio": '"b"'})
    work = desk.hand_in("ana", days_late=2)
    ivan.send(task(work), rubric(3, 3, 2, 3))
    publish(ivan)
    text = words(ana.get("/cohortes/1/modulos/G1/resultado"))
    number = r"(\d+(?:,\d+)?)…?"
    sums = re.findall(rf"{number} \+ {number} × \({number} − {number}\) ÷ {number} = {number};", text)
    assert len(sums) == 2, text
    for found in sums:
        a, b, c, d, e, f = (float(n.replace(",", ".")) for n in found)
        assert abs(a + b * (c - d) / e - f) < 0.01, found
    assert "6 ÷ 7 = 85,71… %" in text and "11 ÷ 12 = 91,66… %" in text
    assert "2 días × 0,5 = 1. 6,375 − 1 = 5,375: nota 5,4." in text
    assert "40 % × 5,9 (Control) + 60 % × 5,4 (Tarea) = 5,6" in text


def test_the_page_of_grades_shows_both_countries_and_what_is_missing_for_the_final(desk, ivan, ana):
    desk.sit("ana")
    work = desk.hand_in("ana")
    ivan.send(task(work), rubric(3, 3, 3, 3))
    publish(ivan)
    text = words(ana.get("/cohortes/1/notas"))
    assert "7,0 Chile" in text and "10 Argentina" in text and "Aprobado" in text
    assert "Se conocerá cuando esté la nota del módulo que falta: G2." in text
    desk.sit("ana", "G2", ESSAY)
    ((attempt,),) = desk.rows(select(Attempt.id).where(Attempt.module == "G2"))
    ivan.send(answer(attempt), {"given": "3"})
    two = desk.hand_in("ana", "G2")
    ivan.send(task(two), rubric(3, 3, 3, 3))
    publish(ivan, "G2", "task"), publish(ivan, "G2", "quiz")
    text = words(ana.get("/cohortes/1/notas"))
    assert "7,0 Chile, de 1,0 a 7,0" in text and "Se conocerá" not in text


def test_student_pages_take_few_statements_however_many_study(app, world, desk, client_of, ivan):
    attempt, work = desk.sit("ana", "G2", ESSAY), desk.hand_in("ana", "G2")
    ivan.send(answer(attempt), {"given": "2"}), ivan.send(task(work), rubric(2, 2, 2, 2))
    publish(ivan, "G2", "quiz"), publish(ivan, "G2", "task")
    gather(app, world, 50)
    ana = client_of("ana")
    for url in ("/cohortes/1/notas", "/cohortes/1/modulos/G2/resultado", f"/cohortes/1/intentos/{attempt}/revision"):
        ana.get(url)
        with statements(app) as seen:
            assert ana.get(url).status_code == 200
        assert len(seen) <= 6, (url, seen)


def test_results_take_as_many_statements_for_fifty_as_for_five(app, world):
    gather(app, world, 50)
    with app.extensions["database"].reading() as session:
        cohort = cohorts.cohort(session, 1)
        ids = [i for (i,) in session.execute(select(Person.id).where(Person.id >= 1000))]
        counts = []
        for some in (ids[:5], ids):
            with statements(app) as seen:
                found = queries.results(session, cohort, PROGRAMME, some)
            counts.append(len(seen))
            assert set(found) == set(some) and set(found[some[0]]) == {"G1", "G2"}
        assert counts == [2, 2]
        with statements(app) as seen:
            states = {(s.module, s.item): s for s in queries.release_state(session, cohort)}
        assert len(seen) == 2
    assert (states["G1", "task"].waiting, states["G1", "task"].unpublished) == (5, 45)
    assert ("G1", "quiz") not in states                     # the machine marks all of it: nothing to publish


def test_marks_travel_exact(desk, ivan):
    attempt = desk.sit("ana", "G2", ESSAY)
    ivan.send(answer(attempt), {"given": "0.3333"})
    assert latest(desk)[0] == F(3333, 10000)
