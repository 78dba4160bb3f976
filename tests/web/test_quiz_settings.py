"""A cohort's quiz set by who directs it: what a change does to who answers, and what it leaves as it was."""

import io
import json
from datetime import timedelta
from fractions import Fraction as F

import pytest
from sqlalchemy import select

from lms.attempts import bell, planning, queries
from lms.attempts.models import Answer, Attempt, Marking, QuizOverride, QuizPlan, SheetDraw
from lms.attempts.plan import Plan, Slot
from lms.bank import actions as bank
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.rules import Option, Question
from lms.cohorts.queries import enrolled
from tests.looking import statements
from tests.web.test_attempts import FRONT, PAGE1, begin, key, put, words

SETTINGS, EXCEPTIONS = FRONT + "/ajustes", FRONT + "/excepciones"
SIGHTS = ("attempt", "correctness", "max_marks", "marks", "specific", "general", "right", "overall")
USUAL = {"behaviour": "deferred", "attempts": "2", "counts": "best", "wait_minutes": "0", "minutes": "40",
         "time_up": "submit", "grace_minutes": "0", "navigation": "free", "per_page": "4", "shuffle_options": "y",
         "hide_key": "y", "reason": "Se acordó con la coordinación", "password": "", "sections": "", "bands": "",
         **{f"see_{s}": ["during", "after", "later", "closed"] for s in SIGHTS[:-1]},
         "see_overall": ["after", "later", "closed"]}


@pytest.fixture
def coral(client_of):
    return client_of("coral")


@pytest.fixture
def ana(client_of):
    return client_of("ana")


@pytest.fixture
def rows(app):
    """rows(select(…)): what the database holds, as tuples."""
    def read(query):
        with app.extensions["database"].reading() as session:
            return [tuple(row) for row in session.execute(query)]
    return read


@pytest.fixture
def plan(app, world):
    """plan(minutes=…, slots=…): a plan in force for G1."""
    def keep(slots=None, **settings):
        with app.extensions["database"].transaction() as session:
            planning.keep_plan(session, world.people["coral"], world.now, 1, "G1", Plan(settings, slots), "Prueba larga")
    return keep


def marks(rows, attempt=1):
    return {q: F(points) for q, points in rows(select(Marking.question, Marking.points).where(Marking.attempt_id == attempt))}


# The page -------------------------------------------------------------------------------------------------------------

def test_what_is_set_is_kept_with_its_reason_and_author_and_only_where_it_differs(coral, rows, world):
    assert "Se entrega solo lo que esté guardado" in words(coral.get(SETTINGS))
    coral.send(SETTINGS, {**USUAL, "behaviour": "interactive", "minutes": "25"})
    ((content, reason, author),) = rows(select(QuizPlan.content, QuizPlan.reason, QuizPlan.author_id))
    assert '"settings":{"behaviour":"interactive","minutes":25}' in content
    assert (reason, author) == (USUAL["reason"], world.people["coral"])
    text = words(coral.get(SETTINGS))
    assert "En vigor" in text and USUAL["reason"] in text and "2 ajustes distintos de la edición" in text


def test_nothing_changed_is_no_new_plan(coral, rows):
    coral.send(SETTINGS, USUAL)
    assert rows(select(QuizPlan.id)) == []


@pytest.mark.parametrize("wrong, told", [
    ({"attempts": "0"}, "Entre 1 y 20"), ({"reason": ""}, "Falta completarlo"), ({"bands": "bien"}, "80: Muy buen trabajo"),
    ({"sections": "Primera"}, "5: Marco legal"), ({"time_up": "grace"}, "cuántos minutos"), ({"behaviour": "magic"}, "")])
def test_what_can_not_be_is_refused_with_the_page_again(coral, rows, wrong, told):
    response = coral.send(SETTINGS, {**USUAL, **wrong})
    assert response.status_code == 422 and told in words(response) and rows(select(QuizPlan.id)) == []


def test_who_comes_second_is_told_before_replacing_what_another_changed(coral, plan, rows):
    plan(minutes=20)
    late = coral.send(SETTINGS, {**USUAL, "plan": "0", "minutes": "30"})
    assert late.status_code == 409 and "Otra persona cambió este control" in words(late) and len(rows(select(QuizPlan.id))) == 1
    assert coral.send(SETTINGS, {**USUAL, "plan": "1", "minutes": "30"}).status_code == 303


def test_who_changes_is_told_of_the_attempts_there_are(coral, ana):
    begin(ana)
    text = words(coral.get(SETTINGS))
    assert "Ya hay 1 intento" in text and "1 está en curso" in text


def test_an_instructor_changes_only_the_quizzes_of_their_modules(client_of, app, world):
    ivan = client_of("ivan")
    assert ivan.get(SETTINGS).status_code == 200
    assert client_of("ana").get(SETTINGS).status_code == 403


# What it does ---------------------------------------------------------------------------------------------------------

def test_a_plan_holds_for_attempts_begun_after_it_and_the_others_keep_theirs(ana, plan, rows, app):
    mine = begin(ana)
    plan(minutes=10, attempts=5)
    assert "Intento 1 de 2" in words(ana.get(mine))
    ana.send(mine + "/entrega")
    assert "Quedan 4 de 5" in words(ana.get(FRONT)) and "10 minutos" in words(ana.get(FRONT))
    assert "Intento 2 de 5" in words(ana.get(begin(ana)))
    (first, second) = rows(select(Attempt.sheet, Attempt.started_at, Attempt.ends_at).order_by(Attempt.id))
    assert first[0] is None and second[0] and second[2] - second[1] == timedelta(minutes=10)


def test_without_a_plan_an_attempt_has_no_sheet_and_its_pages_cost_what_they_did(ana, rows, app):
    mine = begin(ana)
    assert rows(select(Attempt.sheet)) == [(None,)]
    for url, most in ((FRONT, 4), (mine, 4)):
        ana.get(url)
        with statements(app) as seen:
            ana.get(url)
        assert len(seen) <= most


def test_the_modules_page_tells_the_same_as_the_quiz(ana, coral, plan, world):
    plan((Slot(edition="anio"), Slot(edition="paba")), minutes=10, attempts=3)
    granted(coral, world, extra_minutes="5", due="2027-06-15", due_time="20:00")
    text = words(ana.get("/cohortes/1/modulos/G1"))
    assert "2 preguntas, 15 minutos · 3 intentos" in text and "15 de junio" in text


def test_a_password_is_asked_for_and_spends_no_attempt(ana, plan, rows):
    plan(password="Puente 7")
    refused = ana.send(FRONT, {"clave": "puente"})
    assert refused.status_code == 422 and "Esa no es la clave" in words(refused) and rows(select(Attempt.id)) == []
    assert ana.send(FRONT, {"clave": " Puente 7 "}).status_code == 303
    assert b"Puente 7" not in ana.get("/cohortes/1/intentos/1").data


def test_between_attempts_there_may_be_a_wait(ana, plan, world):
    plan(wait_minutes=60)
    ana.send(begin(ana) + "/entrega")
    assert "Todavía no puede empezar otro intento" in words(ana.get(FRONT)) and ana.send(FRONT).status_code == 409
    world.later(minutes=61)
    assert ana.send(FRONT).status_code == 303


def test_shuffled_questions_come_in_an_order_of_the_attempt_and_are_scored_by_themselves(ana, plan, rows, app):
    plan(shuffle_questions=True, per_page=20)
    mine = begin(ana)
    with app.extensions["database"].reading() as session:
        quiz = queries.quiz_of(session, queries.attempt(session, 1, 1))
    number = [q.id for q in quiz.questions].index("paba") + 1
    assert sorted(q.id for q in quiz.questions) == ["anio", "meta", "orden", "paba", "principios", "registro", "sedes"]
    ana.send(mine, {"pagina": "1", f"r{number}.q": "true"})
    ana.send(mine + "/entrega")
    assert marks(rows)["paba"] == 1 and sum(marks(rows).values()) == 1


def test_where_there_is_no_way_back_a_page_left_takes_nothing_more(ana, plan, rows):
    plan(navigation="sequential")
    mine = begin(ana)
    assert "Pregunta 1" in words(ana.get(mine + "?pagina=2")), "one can not look ahead"
    assert put(ana, mine, (key(1), "meta", [["r5.q", "1"]])).status_code == 409
    ana.send(mine, {**PAGE1, "ir": "p2"})
    assert "Pregunta 5" in words(ana.get(mine + "?pagina=1"))
    ana.send(mine, {**PAGE1, "r1.q": "b", "ir": "p2"})
    assert put(ana, mine, (key(2), "anio", [["r1.q", "b"]])).status_code == 409
    assert put(ana, mine, (key(3), "meta", [["r5.q", "0,7"]])).status_code == 200
    assert [v for (v,) in rows(select(Answer.value).where(Answer.question == "anio"))] == ['"a"']


@pytest.mark.parametrize("how", ["abandon", "grace"])
def test_what_is_not_handed_in_in_time_may_count_for_nothing(ana, plan, rows, world, app, how):
    plan(time_up=how, grace_minutes=10)
    mine = begin(ana)
    ana.send(mine, PAGE1)
    world.later(minutes=52)
    bell.ring(app)
    assert rows(select(Attempt.submitted_at, Attempt.by_clock)) == [(None, True)] and not marks(rows)
    assert ana.get(mine).location.endswith("/control")
    text = words(ana.get(FRONT))
    assert "Abandonado" in text and "Empezar el intento 2" in text and "Queda 1 de 2" in text


def test_in_the_minutes_of_grace_one_hands_in_but_answers_no_more(ana, plan, rows, world, app):
    plan(time_up="grace", grace_minutes=10)
    mine = begin(ana)
    ana.send(mine, PAGE1)
    world.later(minutes=45)
    bell.ring(app)
    assert "falta entregar" in words(ana.get(mine)) and put(ana, mine, (key(1), "meta", [["r5.q", "1"]])).status_code == 409
    assert ana.send(mine + "/entrega").status_code == 303
    assert rows(select(Attempt.by_clock)) == [(False,)] and marks(rows)["anio"] == 1


@pytest.mark.parametrize("counts, told", [("last", "Vale el último."), ("mean", "Vale el promedio.")])
def test_the_student_reads_which_attempt_counts(ana, plan, counts, told):
    plan(counts=counts)
    assert told in words(ana.get(begin(ana)))


# Behaviours on the page -----------------------------------------------------------------------------------------------

def test_immediate_says_at_once_and_closes_the_question(ana, plan, rows):
    plan(behaviour="immediate", attempts=1)
    mine = begin(ana)
    assert words(ana.get(mine)).count("Comprobar") == 4
    ana.send(mine, {**PAGE1, "r1.q": "b", "comprobar": "1"})
    text = words(ana.get(mine))
    assert "Incorrecta" in text and "Ese año fue Roma." in text and "2005 · respuesta correcta" in text
    assert text.count("Comprobar") == 3 and b"fieldset class=\"stack\" aria-labelledby=\"p1\" disabled" in ana.get(mine).data
    ana.send(mine, {**PAGE1, "r1.q": "a", "ir": "p2"})
    ana.send(mine + "/entrega")
    assert marks(rows)["anio"] == 0 and marks(rows)["paba"] == 1


def test_the_key_waits_while_another_attempt_is_left(ana, plan):
    plan(behaviour="immediate")
    mine = begin(ana)
    ana.send(mine, {**PAGE1, "r1.q": "b", "comprobar": "1"})
    assert "Incorrecta" in words(ana.get(mine)) and "respuesta correcta" not in words(ana.get(mine))


def test_an_incomplete_answer_is_not_checked_and_says_why(ana, plan):
    plan(behaviour="adaptive")
    mine = begin(ana)
    ana.send(mine, {"pagina": "1", "comprobar": "1"})
    assert "Todavía no se puede comprobar" in words(ana.get(mine))


def test_adaptive_takes_its_penalty_and_keeps_the_best(ana, plan, rows):
    plan(behaviour="adaptive")
    mine = begin(ana)
    for choice in ("b", "a"):
        ana.send(mine, {"pagina": "1", "r1.q": choice, "comprobar": "1"})
    assert "Correcta" in words(ana.get(mine))
    ana.send(mine, {"pagina": "1", "r1.q": "c"})
    ana.send(mine + "/entrega")
    assert marks(rows)["anio"] == F(2, 3)
    text = words(ana.get("/cohortes/1/intentos/1/revision?historia=1"))
    assert "La comprobó 2 veces." in text and "Qué llegó y cuándo" in text and "comprobada" in text


def test_certainty_is_asked_counted_and_reported(ana, plan, rows):
    plan(behaviour="cbm", attempts=1)
    mine = begin(ana)
    assert "¿Cuán seguro está?" in words(ana.get(mine))
    ana.send(mine, {**PAGE1, "r1.certeza": "3", "r3.certeza": "2", "ir": "p2"})
    put(ana, mine, (key(1), "meta", [["r5.q", "9"], ["r5.certeza", "3"]]))
    ana.send(mine + "/entrega")
    found = marks(rows)
    assert (found["anio"], found["paba"], found["principios"], found["meta"]) == (3, 2, 1, -6)
    text = words(ana.get("/cohortes/1/intentos/1/revision"))
    assert "Respondió muy seguro." in text and "Exactitud con bono" in text


# The review -----------------------------------------------------------------------------------------------------------

def done(ana, plan, **settings):
    plan(attempts=1, **settings)
    mine = begin(ana)
    ana.send(mine, {**PAGE1, "r1.q": "b"})
    ana.send(mine + "/entrega")


def showing(**changed):
    return {**{s: ["during", "after", "later", "closed"] for s in SIGHTS}, "hide_key": True, **changed}


@pytest.mark.parametrize("sight, words_there", [
    ("attempt", "¿En qué año"), ("correctness", "Incorrecta"), ("marks", "Cómo se calculó"), ("specific", "Ese año fue Roma"),
    ("general", "Roma, París, Accra"), ("right", "respuesta correcta"), ("overall", "Conviene repasar")])
def test_the_review_shows_what_the_matrix_says_and_when(ana, plan, world, sight, words_there):
    bands = [{"percent": 80, "text": "Muy bien"}, {"percent": 0, "text": "Conviene repasar"}]
    done(ana, plan, showing=showing(**{sight: ["after", "closed"]}), bands=bands)
    review = "/cohortes/1/intentos/1/revision"
    assert words_there in words(ana.get(review)), "just handed in"
    world.later(minutes=3)
    assert words_there not in words(ana.get(review)), "later, while it is open"
    world.later(days=30)
    assert words_there in words(ana.get(review)), "closed"


def test_the_key_of_an_old_attempt_waits_too_when_a_later_one_was_told_of_more(ana, plan):
    plan(attempts=1)
    mine = begin(ana)
    ana.send(mine, {**PAGE1, "r1.q": "b"})
    ana.send(mine + "/entrega")
    assert "respuesta correcta" in words(ana.get(mine + "/revision"))
    plan(attempts=3)
    ana.send(begin(ana) + "/entrega")
    assert "respuesta correcta" not in words(ana.get(mine + "/revision"))


# Draws ----------------------------------------------------------------------------------------------------------------

@pytest.fixture
def drawer(app, world):
    """A category of four questions; its number."""
    with app.extensions["database"].transaction() as session:
        who = (session, world.people["olga"], world.now)
        category = bank.add_category(*who, "Marco legal")
        for n in range(4):
            bank.add(*who, Question(f"ley{n}", "truefalse", f"Ley número {n}.", (
                Option("true", "Verdadero", F(1)), Option("false", "Falso", F(0)))), category, code=f"ley{n}")
        return category


def drawn(rows, attempt):
    return {q for (q,) in rows(select(SheetDraw.question_id).where(SheetDraw.attempt_id == attempt))}


def test_no_attempt_draws_a_question_twice_and_the_next_gets_the_others(ana, client_of, plan, drawer, rows):
    plan((Slot(edition="anio"), Slot(category=drawer, points="2"), Slot(category=drawer, points="2")), attempts=3)
    assert "3 (5 puntos)" in words(ana.get(FRONT))
    ana.send(begin(ana) + "/entrega")
    ana.send(begin(ana) + "/entrega")
    first, second = drawn(rows, 1), drawn(rows, 2)
    assert len(first) == len(second) == 2 and first.isdisjoint(second)


def test_an_attempt_keeps_the_question_it_was_given_when_the_bank_changes(ana, plan, drawer, rows, app, world):
    plan((Slot(bank=1, points="3"),))
    mine = begin(ana)
    with app.extensions["database"].transaction() as session:
        bank.write(session, world.people["olga"], world.now, 1, Question("ley0", "truefalse", "Otra cosa.", (
            Option("true", "Verdadero", F(0)), Option("false", "Falso", F(1)))), 1)
    assert "Ley número 0." in words(ana.get(mine))
    ana.send(mine, {"pagina": "1", "r1.q": "true"})
    ana.send(mine + "/entrega")
    assert marks(rows) == {"b1": 3}
    assert "Ley número 0." in words(ana.get("/cohortes/1/intentos/1/revision"))
    assert "Otra cosa." in words(ana.get(begin(ana)))


def test_the_front_page_counts_what_is_asked_and_what_it_is_worth(ana, plan, drawer, app, world, rows):
    with app.extensions["database"].transaction() as session:
        who = (session, world.people["olga"], world.now)
        bank.add(*who, Question("caso", "description", "Lea el caso."), drawer, code="caso")
        bank.add(*who, Question("larga", "essay", "Explique.", points=F(3)), drawer, code="larga")
    plan((Slot(bank=5), Slot(bank=6), Slot(bank=1, points="2"), Slot(edition="anio")))
    assert "3 (6 puntos)" in words(ana.get(FRONT))
    assert "de 3 · 3 puntos" in words(ana.get(begin(ana)))


def test_a_quiz_that_lacks_a_question_does_not_begin(ana, plan, drawer, rows):
    plan(tuple(Slot(category=drawer) for _ in range(5)))
    response = ana.send(FRONT)
    assert response.status_code == 409 and "El control está incompleto" in words(response)
    assert rows(select(Attempt.id)) == []


# Exceptions -----------------------------------------------------------------------------------------------------------

def granted(coral, world, **what):
    return coral.send(EXCEPTIONS, {"who": f"person:{world.people['ana']}", "reason": "Acordado con la oficina", **what})


def test_extra_time_is_told_to_the_student_as_it_is(coral, ana, client_of, world, rows):
    assert granted(coral, world, extra_percent="50").status_code == 303
    text = words(ana.get(FRONT))
    assert "60 minutos" in text and "Incluye 20 minutos adicionales para usted." in text
    begin(ana)
    ((start, end),) = rows(select(Attempt.started_at, Attempt.ends_at))
    assert end - start == timedelta(minutes=60)
    page = words(coral.get(EXCEPTIONS))
    assert "50 % más de tiempo" in page and "Acordado con la oficina" in page and "Coral" in page


def test_time_that_is_added_reaches_the_attempt_that_runs(coral, ana, world, rows):
    mine = begin(ana)
    world.later(minutes=39)
    granted(coral, world, extra_minutes="15")
    world.later(minutes=10)
    assert put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]])).status_code == 200
    ((start, end),) = rows(select(Attempt.started_at, Attempt.ends_at))
    assert end - start == timedelta(minutes=55)


def test_an_exception_is_withdrawn_with_a_reason_and_stays_in_the_history(coral, ana, world, rows):
    granted(coral, world, attempts="4")
    assert "Quedan 4 de 4" in words(ana.get(FRONT))
    coral.send(f"{EXCEPTIONS}/1/retiro", {"reason": "Se concedió por error"})
    assert "Quedan 2 de 2" in words(ana.get(FRONT)) and len(rows(select(QuizOverride.id))) == 2
    page = words(coral.get(EXCEPTIONS))
    assert "Se concedió por error" in page and "(reemplazada o retirada)" in page


def test_other_dates_open_and_close_the_quiz_for_one_person(coral, ana, world):
    granted(coral, world, due="2027-06-15", due_time="20:00")
    world.now = world.now.replace(month=6, day=10)
    assert "Empezar el intento 1" in words(ana.get(FRONT))
    world.now = world.now.replace(day=17)
    assert "El plazo venció" in words(ana.get(FRONT))


def test_an_exception_of_an_institution_is_for_its_people_only(coral, ana, world, app):
    with app.extensions["database"].transaction() as session:
        institution = next(e.institution_id for e in enrolled(session, 1) if e.person_id == world.people["ana"])
    if institution is None:
        pytest.skip("Ana studies for no institution")
    coral.send(EXCEPTIONS, {"who": f"institution:{institution}", "reason": "Corte de luz en la ciudad", "extra_minutes": "5"})
    assert "Incluye 5 minutos adicionales" in words(ana.get(FRONT))


@pytest.mark.parametrize("wrong", [{}, {"extra_percent": "500"}, {"extra_minutes": "5", "reason": ""}, {"who": "person:999", "attempts": "3"}])
def test_an_exception_that_grants_nothing_or_to_nobody_is_refused(coral, world, rows, wrong):
    assert granted(coral, world, **wrong).status_code == 422 and rows(select(QuizOverride.id)) == []


# What a person marks --------------------------------------------------------------------------------------------------

def test_an_essay_of_a_quiz_of_its_own_waits_in_the_queue_and_is_marked(ana, client_of, app, world, rows):
    with app.extensions["database"].transaction() as session:
        planning.keep_plan(session, world.people["coral"], world.now, 1, "G2", Plan({"shuffle_questions": True, "per_page": 9}))
        session.add(Attempt(cohort_id=1, person_id=world.people["ana"], module="G1", edition_id=world.edition, number=1, seed=1,
                            started_at=world.now, submitted_at=world.now))
        session.flush()
        session.add_all(Marking(attempt_id=1, question=q, points=F(1), out_of=F(1), marked_at=world.now) for q in
                        ("anio", "principios", "paba", "sedes", "meta", "registro", "orden"))
    world.later(days=20)
    mine = begin(ana, "/cohortes/1/modulos/G2/control")
    with app.extensions["database"].reading() as session:
        quiz = queries.quiz_of(session, queries.attempt(session, 1, 2))
    number = [q.id for q in quiz.questions].index("ensayo") + 1
    ana.send(mine, {"pagina": "1", f"r{number}.q": "Cooperar entre municipios."})
    ana.send(mine + "/entrega")
    ivan = client_of("ivan")
    assert "Cooperar entre municipios." in words(ivan.get("/cohortes/1/corregir/intentos/2/ensayo"))
    assert "corregir/intentos/2/ensayo" in ivan.get("/por-corregir?cohorte=1").get_data(as_text=True)
    assert "ensayo" not in marks(rows, 2)


def test_where_a_person_marks_everything_nothing_is_marked_by_the_machine(ana, client_of, plan, rows):
    plan(behaviour="manual")
    mine = begin(ana)
    ana.send(mine, PAGE1)
    ana.send(mine + "/entrega")
    assert marks(rows) == {"meta": 0, "registro": 0, "orden": 0}
    assert client_of("ivan").get("/cohortes/1/corregir/intentos/1/anio").status_code == 200
    assert "La corrige su docente" in words(ana.get("/cohortes/1/intentos/1/revision"))


# Files of an answer ---------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def essay(app, world, plan):
    """A quiz of one essay that takes two files."""
    with app.extensions["database"].transaction() as session:
        who = (session, world.people["olga"], world.now)
        bank.add(*who, Question("acta", "essay", "Adjunte el acta.", body=Essay(text="optional", attachments=2)),
                 bank.add_category(*who, "Actas"), code="acta")
    plan((Slot(bank=1, points="4"),))


def attach(client, mine, *named, **more):
    files = [(io.BytesIO(content), name) for name, content in named]
    return client.send(mine, {"pagina": "1", "r1.q": "Va el acta.", "r1.q.upload": files, "ir": "q1", **more})


def test_a_file_is_kept_with_its_answer_and_reaches_who_marks(ana, client_of, essay, rows):
    mine = begin(ana)
    assert attach(ana, mine, ("acta.pdf", PDF)).status_code == 303
    assert "acta.pdf" in words(ana.get(mine))
    ana.send(mine + "/entrega")
    ((value,),) = rows(select(Answer.value))
    digest = json.loads(value)["files"][0].split("/")[0]
    assert ana.get(f"{mine}/adjuntos/{digest}").data == PDF
    assert client_of("ivan").get(f"/cohortes/1/corregir/intentos/1/adjuntos/{digest}").data == PDF
    assert client_of("ana").get(f"{mine}/adjuntos/{'0' * 64}").status_code == 404
    assert f"adjuntos/{digest}" in ana.get("/cohortes/1/intentos/1/revision").get_data(as_text=True)


def test_a_file_that_is_not_what_it_says_is_not_kept_and_the_text_is(ana, essay, rows):
    mine = begin(ana)
    response = attach(ana, mine, ("acta.pdf", b"MZ not a pdf"))
    assert response.status_code == 303 and "su contenido no lo es" in words_of(ana.get(mine))
    assert rows(select(Answer.value)) == [('"Va el acta."',)]


def test_naming_a_file_is_not_having_it(ana, essay, rows):
    mine, forged = begin(ana), f"{'a' * 64}/10/de-otro.pdf"
    ana.send(mine, {"pagina": "1", "r1.q": "Mío", "r1.q.files": forged, "ir": "q1"})
    assert put(ana, mine, (key(1), "b1", [["r1.q", "Mío, de nuevo"], ["r1.q.files", forged]])).status_code == 200
    assert not any("files" in value for (value,) in rows(select(Answer.value)))


def words_of(response) -> str:
    return " ".join(response.get_data(as_text=True).split())
