"""Taking a quiz: starting, saving, handing in, the bell; whose it is; what hostile or doubled requests get."""

import json
import re
from datetime import timedelta
from fractions import Fraction as F

import pytest
from lxml import html
from sqlalchemy import select

from lms.attempts import actions, bell, queries
from lms.attempts.models import Answer, Attempt, Marking
from lms.foundation import outbox
from lms.foundation.audit import AuditLine
from lms.people.models import Person, PersonPost
from tests.client import Client
from tests.looking import statements
from tests.programme import PROGRAMME, QUESTIONS

FRONT = "/cohortes/1/modulos/G1/control"
PAGE1 = {"pagina": "1", "r1.q": "a", "r2.q": ["a", "b"], "r3.q": "true", "r4.q.a": "1", "r4.q.b": "2", "r4.q.c": "3"}
PAGE2 = {"pagina": "2", "r5.q": "0,7", "r6.q": "Subdere", "r7.q.a": "1", "r7.q.b": "2", "r7.q.c": "3", "r7.q.d": "4"}


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


def begin(client, front=FRONT) -> str:
    """Start an attempt; its address."""
    response = client.send(front)
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.location


def put(client: Client, url: str, *saves, **more):
    """What quiz.js sends: (key, question, fields) each."""
    token = client.token()
    body = {"saves": [{"key": key, "question": q, "fields": fields, "base": more.get("base", 0)}
                      for key, q, fields in saves]}
    return client.post(f"{url}/respuestas?zona=America/Santiago", data=more.get("raw", json.dumps(body)),
                       content_type="application/json", headers={"X-CSRF-Token": token, "Accept": "application/json"})


def key(n: int) -> str:
    return f"0000-key-{n:04}"


def words(response) -> str:
    page = html.document_fromstring(response.get_data(as_text=True))
    return " ".join(page.find(".//main").text_content().split())


# Beginning ------------------------------------------------------------------------------------------------------------

def test_the_front_page_says_what_the_quiz_is_and_offers_one_button(ana):
    text = words(ana.get(FRONT))
    assert "Empezar el intento 1" in text and "40 minutos" in text and "Quedan 2 de 2" in text
    assert "7 (7 puntos)" in text and "viernes 30 de abril de 2027, 23:00" in text


def test_starting_leads_to_the_first_page_of_questions(ana, rows, world):
    text = words(ana.get(begin(ana)))
    assert "Pregunta 1 de 7" in text and "Pregunta 4" in text and "Pregunta 5 de 7" not in text
    ((started, ends, submitted),) = rows(select(Attempt.started_at, Attempt.ends_at, Attempt.submitted_at))
    assert (started, ends, submitted) == (world.now, world.now + timedelta(minutes=40), None)
    assert ("attempt.started",) in rows(select(AuditLine.deed))


def test_a_double_tap_on_start_begins_one_attempt(ana, rows):
    assert begin(ana) == begin(ana)
    assert len(rows(select(Attempt.id))) == 1


def test_the_front_page_offers_to_go_on_with_the_running_attempt(ana, world):
    begin(ana)
    world.later(minutes=10, seconds=30)
    assert "Seguir el intento 1" in words(ana.get(FRONT)) and "Le quedan 30 minutos" in words(ana.get(FRONT))


def test_a_second_attempt_may_follow_the_first_and_a_third_may_not(ana):
    for _ in range(2):
        ana.send(begin(ana) + "/entrega")
    refused = ana.send(FRONT)
    assert refused.status_code == 409 and "Usó los 2 intentos" in words(refused)


def test_a_locked_module_says_why_and_starts_nothing(ana, rows):
    front = "/cohortes/1/modulos/G2/control"
    assert "Todavía está cerrado" in words(ana.get(front))
    assert ana.send(front).status_code == 409 and rows(select(Attempt.id)) == []


def test_the_minute_named_as_deadline_still_starts_an_attempt_and_the_next_does_not(ana, world):
    world.now = world.now.replace(month=5, day=1, hour=3, minute=0, second=59)      # 30 April, 23:00:59 in Chile
    assert ana.send(FRONT).status_code == 303
    ana.send(ana.send(FRONT).location + "/entrega")
    world.later(seconds=1)
    refused = ana.send(FRONT)
    assert refused.status_code == 409 and "El plazo ya terminó" in words(refused)


def test_an_attempt_begun_close_to_the_deadline_ends_with_it(ana, world, rows):
    world.now = world.now.replace(month=5, day=1, hour=2, minute=50)
    assert "si empieza ahora, termina a las 23:00" in words(ana.get(FRONT))
    begin(ana)
    assert rows(select(Attempt.ends_at)) == [(world.now + timedelta(minutes=11),)]


def test_a_module_without_that_code_is_not_found(ana):
    assert ana.get("/cohortes/1/modulos/G9/control").status_code == 404


# Whose it is ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("part", ["", "/entrega", "/respuestas"])
def test_nobody_else_finds_an_attempt(ana, client_of, world, part):
    mine = begin(ana)
    with world.app.extensions["database"].transaction() as session:
        session.add(PersonPost(person_id=world.people["beto"], role="student", cohort_id=1, granted_at=world.now))
    beto = client_of("beto")
    assert beto.get(mine + part).status_code == 404
    assert put(beto, mine, (key(1), "anio", [["r1.q", "a"]])).status_code == 404
    assert beto.send(mine + "/entrega").status_code == 404
    assert beto.send(mine, PAGE1).status_code == 404


def test_an_attempt_is_not_found_under_another_cohort(ana, client_of, world):
    mine = begin(ana)
    assert ana.get(mine.replace("/cohortes/1/", "/cohortes/2/")).status_code == 403
    assert client_of("beto").get(mine.replace("/cohortes/1/", "/cohortes/2/")).status_code == 404
    assert client_of("beto").get(mine).status_code == 403


def test_an_attempt_that_does_not_exist_is_not_found_whatever_its_number(ana):
    for number in (999, 2**31 + 5, 10**30):
        assert ana.get(f"/cohortes/1/intentos/{number}").status_code == 404


def test_signed_out_in_the_middle_a_script_is_told_so_as_json(ana, client_of):
    mine = begin(ana)
    answer = put(client_of("nobody"), mine, (key(1), "anio", [["r1.q", "a"]]))
    assert (answer.status_code, answer.json) == (401, {"error": "signed_out"})


def test_a_stale_token_is_told_so_as_json_and_a_fresh_one_is_to_be_had(ana):
    mine = begin(ana)
    stale = ana.post(mine + "/respuestas", json={}, headers={"X-CSRF-Token": "x", "Accept": "application/json"})
    assert stale.status_code == 400 and stale.is_json
    fresh = ana.get(mine + "/respuestas", headers={"Accept": "application/json"})
    assert fresh.json["token"] and fresh.json["closed"] is False and fresh.json["last"] == {}


# Saving as one answers ------------------------------------------------------------------------------------------------

def test_an_answer_is_kept_and_the_time_told_on_the_readers_clock(ana, app):
    mine = begin(ana)
    answer = put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    assert answer.status_code == 200 and answer.json["saved"][key(1)]["at"] == "11:00:00"
    assert kept(app) == {"anio": '"a"'}
    assert 'value="a" checked' in ana.get(mine).get_data(as_text=True)


def kept(app, attempt_id=1):
    with app.extensions["database"].reading() as session:
        return queries.answers_of(session, attempt_id)


def test_saving_costs_three_statements_however_many_answers(ana, app):
    mine = begin(ana)
    put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    token = ana.token()
    saves = [{"key": key(n), "question": q.id, "fields": [], "base": 0} for n, q in enumerate(QUESTIONS, 10)]
    with statements(app) as seen:
        assert ana.post(mine + "/respuestas", json={"saves": saves}, headers={
            "X-CSRF-Token": token, "Accept": "application/json"}).status_code == 200
    assert len(seen) == 3, seen


def test_the_same_save_sent_twice_is_kept_once_and_told_of_the_first_time(ana, world, rows):
    mine = begin(ana)
    first = put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    world.later(seconds=90)
    again = put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    assert again.status_code == 200 and again.json["saved"] == first.json["saved"]
    assert len(rows(select(Answer.id))) == 1


def test_a_save_that_was_kept_is_acknowledged_even_after_the_bell(ana, world):
    mine = begin(ana)
    put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    world.later(hours=2)
    assert put(ana, mine, (key(1), "anio", [["r1.q", "a"]])).status_code == 200


def test_a_key_that_comes_back_with_another_answer_is_refused(ana, app):
    mine = begin(ana)
    put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    for other in ((key(1), "anio", [["r1.q", "b"]]), (key(1), "paba", [["r3.q", "true"]])):
        refused = put(ana, mine, other)
        assert (refused.status_code, refused.json) == (409, {"error": "key_reused"})
    assert kept(app) == {"anio": '"a"'}


def test_a_batch_with_some_kept_before_keeps_the_rest(ana, app):
    mine = begin(ana)
    put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    assert put(ana, mine, (key(1), "anio", [["r1.q", "a"]]), (key(2), "meta", [["r5.q", "0,7"]])).status_code == 200
    assert kept(app) == {"anio": '"a"', "meta": '"0,7"'}


def test_an_answer_taken_back_is_blank(ana, app):
    mine = begin(ana)
    put(ana, mine, (key(1), "principios", [["r2.q", "a"], ["r2.q", "b"]]))
    put(ana, mine, (key(2), "principios", []))
    assert kept(app) == {"principios": ""}


def test_another_device_is_told_what_was_there(ana, app):
    mine = begin(ana)
    first = put(ana, mine, (key(1), "anio", [["r1.q", "a"]])).json["saved"][key(1)]
    second = put(ana, mine, (key(2), "anio", [["r1.q", "b"]]), base=0).json["saved"][key(2)]
    assert second["other"] == {"fields": [["r1.q", "a"]], "key": key(1), "at": "11:00:00", "shown": "2005"}
    third = put(ana, mine, (key(3), "anio", [["r1.q", "c"]]), base=second["id"]).json["saved"][key(3)]
    assert "other" not in third and first["id"] < second["id"] < third["id"]
    assert kept(app) == {"anio": '"c"'}


@pytest.mark.parametrize("after", [timedelta(minutes=40), timedelta(minutes=40, seconds=30)])
def test_a_save_on_its_way_when_the_bell_rings_still_counts(ana, app, world, after):
    mine = begin(ana)
    world.now += after
    assert put(ana, mine, (key(1), "anio", [["r1.q", "a"]])).status_code == 200


def test_after_the_bell_nothing_more_is_taken(ana, app, world):
    mine = begin(ana)
    world.later(minutes=40, seconds=31)
    refused = put(ana, mine, (key(1), "anio", [["r1.q", "a"]]))
    assert (refused.status_code, refused.json["error"]) == (409, "closed") and kept(app) == {}


def test_after_handing_in_nothing_more_is_taken(ana, app):
    mine = begin(ana)
    ana.send(mine + "/entrega")
    assert put(ana, mine, (key(1), "anio", [["r1.q", "a"]])).status_code == 409


@pytest.mark.parametrize("raw", ["", "{", "[]", "[" * 50_000, '{"saves": 3}', '{"saves": [{"key": "k"}]}'])
def test_what_our_script_does_not_send_is_refused(ana, raw):
    assert put(ana, begin(ana), raw=raw).status_code == 422


@pytest.mark.parametrize(("question", "fields"), [
    ("nada", []), ("x'; DROP TABLE answers; --", []), ("anio\u200b", [])])
def test_a_question_that_is_not_asked_is_refused(ana, question, fields):
    assert put(ana, begin(ana), (key(1), question, fields)).status_code == 422


@pytest.mark.parametrize(("question", "fields", "value"), [
    ("anio", [["r1.q", "zz"]], ""), ("anio", [["r2.q", "a"]], ""), ("sedes", [["r4.q.a", "99"]], ""),
    ("meta", [["r5.q", "<script>alert(1)</script>\0"]], '"<script>alert(1)</script>"'),
    ("registro", [["r6.q", "\ud800\u202e ' OR 1=1 --"]], None)])
def test_hostile_answers_are_kept_as_text_or_dropped(ana, app, question, fields, value):
    mine = begin(ana)
    assert put(ana, mine, (key(1), question, fields)).status_code == 200
    assert value is None or kept(app) == {question: value}
    assert "<script>alert" not in ana.get(mine + "?pagina=2").get_data(as_text=True)


def test_more_than_a_script_may_send_is_too_large(ana):
    answer = put(ana, begin(ana), raw=json.dumps({"saves": [], "x": "y" * (1 << 20)}))
    assert answer.status_code == 413


# Without script -------------------------------------------------------------------------------------------------------

def test_a_page_sent_by_form_is_kept_and_leads_to_the_next(ana, app):
    mine = begin(ana)
    response = ana.send(mine, {**PAGE1, "ir": "p2"})
    assert response.status_code == 303 and response.location.endswith("?pagina=2")
    assert kept(app)["sedes"] == '{"a":"Barcelona","b":"Granada","c":"Montevideo"}'


def test_a_form_sent_twice_adds_nothing(ana, rows):
    mine = begin(ana)
    for _ in range(2):
        ana.send(mine, {**PAGE1, "ir": "p2"})
    assert len(rows(select(Answer.id))) == 4


def test_the_grid_leads_to_any_question_and_saves_on_the_way(ana, app):
    mine = begin(ana)
    assert ana.send(mine, {**PAGE1, "ir": "q6"}).location.endswith("?pagina=2#p6")
    assert len(kept(app)) == 4


@pytest.mark.parametrize("aim", ["fin", "", "q", "p99999999", "../..", "q٣", "//evil.example"])
def test_a_button_leads_nowhere_else(ana, aim):
    location = ana.send(begin(ana), {**PAGE1, "ir": aim}).location
    assert location.startswith("/cohortes/1/intentos/1")


def test_an_old_page_does_not_take_back_what_another_device_wrote(ana, app):
    mine = begin(ana)
    put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]]))
    old = {"pagina": "2", "base": "0", "r5.q": "", "r6.q": "SUBDERE", "ir": "fin"}
    assert ana.send(mine, old).location.endswith("/entrega")
    assert kept(app) == {"meta": '"0,7"', "registro": '"SUBDERE"'}


def test_two_answers_from_two_devices_are_both_kept_and_the_person_chooses(ana, app):
    mine = begin(ana)
    put(ana, mine, (key(1), "registro", [["r6.q", "Contraloría"]]))
    response = ana.send(mine, {"pagina": "2", "base": "0", "r6.q": "SUBDERE", "ir": "fin"})
    assert response.location.endswith("?pagina=2&otra=1#p6")
    page = ana.get(response.location)
    assert "Hay dos respuestas suyas" in words(page) and "Contraloría" in words(page)
    assert kept(app) == {"registro": '"SUBDERE"'}
    assert ana.send(mine, {"pagina": "2", "base": "2", "r6.q": "SUBDERE", "usar": "1"}).status_code == 303
    assert kept(app) == {"registro": '"Contraloría"'}


def test_an_answer_of_another_attempt_is_never_shown_beside_ones_own(ana, client_of, app):
    mine = begin(ana)
    beto = client_of("beto")
    theirs = begin(beto, "/cohortes/2/modulos/G1/control")
    put(beto, theirs, (key(1), "registro", [["r6.q", "secreto de Beto"]]))
    assert "secreto" not in words(ana.get(mine + "?pagina=2&otra=1"))
    ana.send(mine, {"pagina": "2", "usar": "1"})
    assert kept(app) == {}


def test_a_page_sent_after_the_bell_says_what_was_kept(ana, app, world):
    mine = begin(ana)
    ana.send(mine, PAGE1)
    world.later(minutes=41)
    refused = ana.send(mine, {**PAGE2, "ir": "fin"})
    assert refused.status_code == 409 and len(kept(app)) == 4
    assert "Lo último de esta página no se guardó" in words(refused)
    assert "4 de 7 preguntas con respuesta" in words(refused)


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "9" * 5000, ""])
def test_a_page_number_that_is_none_shows_the_nearest(ana, page):
    assert ana.get(begin(ana) + f"?pagina={page}").status_code == 200


# Handing in -----------------------------------------------------------------------------------------------------------

def test_the_summary_names_the_unanswered_and_the_half_answered_with_links(ana):
    mine = begin(ana)
    ana.send(mine, {**PAGE1, "r3.q": [], "r4.q.c": ""})
    page = html.document_fromstring(ana.get(mine + "/entrega").get_data(as_text=True))
    facts = {d.findtext("dt"): d for d in page.iterfind(".//dl/div")}
    assert " ".join(facts["Sin responder"].text_content().split()) == "Sin responder4: 3, 5, 6 y 7"
    links = [a.get("href") for a in facts["Sin responder"].iterfind(".//a")]
    assert links[:2] == [f"{mine}?pagina=1#p3", f"{mine}?pagina=2#p5"]
    assert facts["Respondidas en parte"].findtext(".//a") == "4"


def test_handing_in_scores_at_once_and_leads_to_the_review(ana, app, rows, world):
    mine = begin(ana)
    for page in (PAGE1, PAGE2):
        ana.send(mine, page)
    response = ana.send(mine + "/entrega")
    assert (response.status_code, response.location) == (303, "/cohortes/1/intentos/1/revision")
    assert rows(select(Marking.question, Marking.points, Marking.out_of, Marking.marker_id).order_by(Marking.id)) == [
        (q.id, F(1), F(1), None) for q in QUESTIONS]
    with app.extensions["database"].reading() as session:
        assert queries.best_quiz_shares(session, 1, world.people["ana"]) == {"G1": F(1)}


def test_handing_in_twice_scores_once(ana, rows):
    mine = begin(ana)
    assert [ana.send(mine + "/entrega").status_code for _ in range(3)] == [303] * 3
    assert len(rows(select(Marking.id))) == 7
    assert rows(select(AuditLine.deed).where(AuditLine.deed == "attempt.submitted")) == [("attempt.submitted",)]


def test_an_attempt_handed_in_leads_to_its_review(ana):
    mine = begin(ana)
    ana.send(mine + "/entrega")
    assert ana.get(mine).location == mine + "/revision" and ana.get(mine + "/entrega").location == mine


def test_the_bell_page_says_what_was_kept(ana, world):
    mine = begin(ana)
    ana.send(mine, PAGE1)
    world.later(minutes=40)
    text = words(ana.get(mine))
    assert "El tiempo terminó" in text and "4 de 7 preguntas con respuesta" in text and "11:40" in text


def test_handed_in_after_the_bell_it_counts_what_came_in_time_at_the_bells_moment(ana, world, rows):
    mine = begin(ana)
    ana.send(mine, PAGE1)
    ends = world.now + timedelta(minutes=40)
    world.later(hours=3)
    assert ana.send(mine + "/entrega").status_code == 303
    assert rows(select(Attempt.submitted_at, Attempt.by_clock)) == [(ends, True)]
    assert sum(p for (p,) in rows(select(Marking.points))) == 4


def test_starting_again_after_the_bell_closes_the_old_attempt_and_begins_another(ana, world, rows):
    begin(ana)
    world.later(minutes=50)
    assert begin(ana).endswith("/2")
    assert rows(select(Attempt.by_clock).order_by(Attempt.id)) == [(True,), (False,)]


def test_the_bell_hands_in_by_itself(ana, app, world, rows):
    ana.send(begin(ana), PAGE1)
    world.later(minutes=40, seconds=30)
    bell.ring(app)
    assert rows(select(Attempt.submitted_at)) == [(None,)]
    world.later(seconds=1)
    bell.ring(app)
    bell.ring(app)
    assert rows(select(Attempt.by_clock)) == [(True,)] and len(rows(select(Marking.id))) == 7


def test_the_worker_rings_the_bell_when_it_is_time(ana, app, world, rows):
    begin(ana)
    with app.app_context():
        assert outbox.work(app) == 0
        world.later(minutes=40, seconds=31)
        assert outbox.work(app) == 1
    assert rows(select(Attempt.by_clock)) == [(True,)]


def test_an_essay_waits_in_the_queue_until_it_is_marked_and_two_markers_meet_a_conflict(ana, app, world):
    world.later(days=10)
    pass_g1(ana)
    mine = begin(ana, "/cohortes/1/modulos/G2/control")
    put(ana, mine, (key(1), "ensayo", [["r4.q", "Cooperación entre gobiernos locales."]]))
    ana.send(mine + "/entrega")
    database = app.extensions["database"]
    with database.reading() as session:
        (item,) = queries.waiting(session, [(1, None), (2, {"G1"})])
        assert (item.attempt_id, item.question, item.module, item.person_id) == (2, "ensayo", "G2", world.people["ana"])
        assert queries.waiting(session, [(1, {"G1"})]) == [] == queries.waiting(session, [])
        assert queries.best_quiz_shares(session, 1, item.person_id, ["G2"]) == {"G2": F(0)}
    said = {"attempt_id": 2, "question": "ensayo", "points": F(3), "out_of": F(3)}
    with database.transaction() as session:
        first = actions.mark(session, world.people["ivan"], world.now, **said, based_on=None)
    with database.transaction() as session, pytest.raises(actions.Conflict) as conflict:
        actions.mark(session, world.people["irma"], world.now, **said, based_on=None)
    assert conflict.value.latest.id == first
    with database.transaction() as session:
        actions.mark(session, world.people["irma"], world.now, **{**said, "points": F(1)}, based_on=first)
    with database.reading() as session:
        assert queries.waiting(session, [(1, None)]) == []
        assert queries.best_quiz_shares(session, 1, item.person_id, ["G2"]) == {"G2": F(1, 6)}
        assert [m.points for m in queries.markings_of(session, 2, "ensayo")["ensayo"]] == [F(3), F(1)]


def pass_g1(client):
    mine = begin(client)
    for page in (PAGE1, PAGE2):
        client.send(mine, page)
    client.send(mine + "/entrega")


@pytest.mark.parametrize("bad", [{"points": F(4)}, {"points": F(-1)}, {"question": None}, {"attempt_id": None}])
def test_a_marking_out_of_its_range_is_never_written(ana, app, world, rows, bad):
    begin(ana)
    said = {"attempt_id": 1, "question": "anio", "points": F(1), "out_of": F(3), **bad}
    with app.extensions["database"].transaction() as session, pytest.raises(ValueError, match="."):
        actions.mark(session, world.people["ivan"], world.now, **said)
    assert rows(select(Marking.id)) == []


# What it costs --------------------------------------------------------------------------------------------------------

def test_student_pages_cost_at_most_six_statements(ana, app):
    mine = begin(ana)
    ana.send(mine, PAGE1)
    for url, most in ((FRONT, 4), (mine, 4), (mine + "/entrega", 4), (mine + "/respuestas", 3),
                      ("/cohortes/1/modulos/G2/control", 5)):
        ana.get(url)
        with statements(app) as seen:
            assert ana.get(url).status_code == 200
        assert len(seen) <= most, (url, seen)


def test_facts_cost_the_same_for_one_student_as_for_many(app, world):
    people = crowd(app, world, 40)
    for call, most in ((lambda s, who: queries.attempt_facts(s, 1, who), 2),
                       (lambda s, who: queries.submission_facts(s, 1, who), 2),
                       (lambda s, who: queries.waiting(s, [(1, None)]), 3),
                       (lambda s, who: queries.best_quiz_shares(s, 1, who[0] if who else 1), 1)):
        for who in (people[:1], people, None):
            with app.extensions["database"].reading() as session, statements(app) as seen:
                call(session, who)
            assert len(seen) <= most, seen


def crowd(app, world, n):
    """People with an attempt handed in each, written directly."""
    with app.extensions["database"].transaction() as session:
        people = [Person(email=f"p{i}@example.org", given_names="P", surname1=f"Q{i}", sort_key=f"q{i}",
                         search_key=f"q{i}", created_at=world.now) for i in range(n)]
        session.add_all(people)
        session.flush()
        tries = [Attempt(cohort_id=1, person_id=p.id, module="G1", edition_id=PROGRAMME.edition, number=1, seed=1,
                         started_at=world.now, submitted_at=world.now) for p in people]
        session.add_all(tries)
        session.flush()
        session.add_all(Marking(attempt_id=a.id, question="anio", points=F(1), out_of=F(1), marked_at=world.now)
                        for a in tries)
        return [p.id for p in people]


def test_facts_know_running_attempts_and_only_the_last_marking(app, world):
    people = crowd(app, world, 3)
    with app.extensions["database"].transaction() as session:
        actions.mark(session, world.people["ivan"], world.now, attempt_id=1, question="anio", points=F(0), out_of=F(1),
                     based_on=1)
    with app.extensions["database"].reading() as session:
        facts = queries.attempt_facts(session, 1, people[:1], ["G1"])
    assert len(facts) == 1 and [(s.question, s.points, s.marker_id) for s in facts[0].scores] == [
        ("anio", F(0), world.people["ivan"])]


def test_options_come_in_another_order_in_another_attempt_and_in_the_same_within_one(ana, app):
    mine = begin(ana)
    def order():
        return re.findall(r'name="r1.q" value="(\w+)"', ana.get(mine).get_data(as_text=True))
    assert order() == order() and sorted(order()) == ["a", "b", "c"]
