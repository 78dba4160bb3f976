"""The file of last resort: what an instructor sees in it and decides, and every file that must be refused."""

import io
import json
import random
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction as F

import pytest
from lxml import html
from sqlalchemy import select

from lms.attempts import arrivals, bell, planning, queries
from lms.attempts.models import Answer, Attempt, Marking, RescueFile
from lms.attempts.plan import Plan
from lms.catalogue.models import Edition
from lms.catalogue.stored import pack
from lms.foundation.audit import AuditLine
from tests.gapped import CLOZE, SELECT
from tests.programme import PROGRAMME
from tests.sealed import FIRST, encrypted, sealed
from tests.web.test_attempts import ana, begin, key, put, rows  # noqa: F401

REASON = "Corte de luz en la comuna entre las 10:20 y las 11:05."
DESK = "/cohortes/1/intentos/1/rescate"


@pytest.fixture
def ivan(client_of):
    return client_of("ivan")


@pytest.fixture
def over(ana, world, app):  # noqa: F811
    """Ana's attempt, with one answer, ended by the bell. Calling it makes a file of answers given some minutes in."""
    mine, start = begin(ana), world.now
    put(ana, mine, (key(1), "anio", [["r1.q", "b"]]))
    world.later(minutes=50)
    ana.send(mine + "/entrega")

    def file(*answers, person=None, attempt=1, wrong_clock=timedelta(), **more):
        told = [(key(n), q, fields, ms(start + timedelta(minutes=minutes) + wrong_clock), ms(start + timedelta(minutes=minutes)))
                for n, q, fields, minutes in answers or [(2, "anio", [["r1.q", "a"]], 20), (3, "registro", [["r6.q", "SUBDERE"]], 21)]]
        return sealed(app.config["SECRET_KEY"], person or world.people["ana"], attempt, told, **more)
    return file


def ms(moment) -> int:
    return int(moment.timestamp() * 1000)


def hand(client, content, url=DESK):
    return client.send(url, {"archivo": (io.BytesIO(content), "rescate.json")}, content_type="multipart/form-data")


def decide(client, content, *accepted, how="aceptar", reason=REASON):
    return client.send(DESK, {"sellado": content.decode(), "decision": how, "respuesta": list(accepted), "motivo": reason})


def words(response) -> str:
    return " ".join(html.document_fromstring(response.get_data(as_text=True)).text_content().split())


def test_the_instructor_sees_both_answers_side_by_side_and_when_each_was_given(ivan, over):
    page = words(hand(ivan, over()))
    assert "Ana Pérez Soto" in page and "En el archivo2005" in page and "En el sistema2003" in page
    assert "escrita a las 11:20:00" in page and "Sin responder" in page


def test_what_is_accepted_counts_and_the_machine_marks_it_again(ivan, over, rows, world, client_of):  # noqa: F811
    file = over()
    assert decide(ivan, file, key(2)).status_code == 303
    assert rows(select(Answer.question, Answer.value, Answer.act, Answer.sequence).order_by(Answer.id)) == [
        ("anio", '"b"', "", 1), ("anio", '"a"', "rescue", 2)]
    assert rows(select(Marking.points).where(Marking.question == "anio").order_by(Marking.id)) == [(F(0),), (F(1),)]
    assert rows(select(Marking.points).where(Marking.question == "registro")) == [(F(0),)], "not accepted, not touched"
    assert rows(select(RescueFile.accepted, RescueFile.reason)) == [(1, REASON)]
    ((detail,),) = rows(select(AuditLine.detail).where(AuditLine.deed == "rescue.accepted"))
    assert REASON in str(detail) and "SUBDERE" not in str(detail)
    assert REASON in words(client_of("ana").get("/cohortes/1/intentos/1/recibos"))
    with ivan.application.extensions["database"].reading() as session:
        told = arrivals.arrivals(session, attempt(session))
    assert [bool(one.decision) for one in told] == [False, True] and told[1].delay == timedelta(minutes=30)


def attempt(session):
    return queries.attempt(session, 1, 1)


def test_a_file_refused_adds_nothing_and_keeps_its_reason(ivan, over, rows):  # noqa: F811
    file = over()
    assert decide(ivan, file, how="rechazar").status_code == 303
    assert rows(select(Answer.id)) == [(1,)] and rows(select(RescueFile.accepted, RescueFile.reason)) == [(0, REASON)]
    assert "rechazado." in words(ivan.get(DESK))


@pytest.mark.parametrize("how", ["aceptar", "rechazar"])
def test_a_file_is_decided_once(ivan, over, rows, how):  # noqa: F811
    file = over()
    decide(ivan, file, key(2), how=how)
    for again in (hand(ivan, file), decide(ivan, file, key(3))):
        assert again.status_code == 422 and "Ya se decidió sobre este archivo" in words(again)
    assert len(rows(select(RescueFile.id))) == 1


def test_what_it_holds_is_taken_once_also_out_of_another_file(ivan, over, rows):  # noqa: F811
    decide(ivan, over(), key(2), key(3))
    again = hand(ivan, over())
    assert again.status_code == 422 and "Todo lo que trae ya está recibido" in words(again)


def test_what_arrived_after_all_is_told_and_not_offered(ivan, over):
    page = html.document_fromstring(hand(ivan, over((1, "anio", [["r1.q", "b"]], 5), (2, "meta", [["r5.q", "1"]], 6)))
                                    .get_data(as_text=True))
    assert [box.get("value") for box in page.xpath("//input[@name='respuesta']")] == [key(2)]
    assert "Ya está recibida" in page.text_content()


def test_what_was_given_after_the_end_can_not_be_accepted(ivan, over, rows):  # noqa: F811
    file = over((2, "anio", [["r1.q", "a"]], 41), (3, "meta", [["r5.q", "1"]], 39))
    assert "Escrita después del fin" in words(hand(ivan, file))
    assert decide(ivan, file, key(2), key(3)).status_code == 303
    assert rows(select(Answer.key).where(Answer.act == "rescue")) == [(key(3),)]


def test_a_device_whose_clock_is_wrong_by_days_is_judged_by_ours(ivan, over):
    page = words(hand(ivan, over((2, "anio", [["r1.q", "a"]], 20), wrong_clock=timedelta(days=2))))
    assert "escrita a las 11:20:00" in page and "el reloj del equipo marcaba otra" in page
    assert "No había llegado" in page


def test_a_reason_is_needed_and_something_must_be_marked(ivan, over, rows):  # noqa: F811
    for refused in (decide(ivan, over(), key(2), reason="ok"), decide(ivan, over()), decide(ivan, over(), "otra-clave")):
        assert refused.status_code == 422
    assert rows(select(RescueFile.id)) == []


def test_what_a_person_has_marked_stays_as_they_marked_it(ivan, over, rows, app, world):  # noqa: F811
    with app.extensions["database"].transaction() as session:
        session.add(Marking(attempt_id=1, question="anio", points=F(1, 2), out_of=F(1), marker_id=world.people["ivan"],
                            marked_at=world.now))
    decide(ivan, over(), key(2))
    assert len(rows(select(Marking.id).where(Marking.question == "anio"))) == 2


@pytest.fixture
def left(ana, world, app):  # noqa: F811
    """left("grace" | "abandon"): Ana's attempt that the bell ended without its being handed in, and her file."""
    def end(time_up):
        with app.extensions["database"].transaction() as session:
            planning.keep_plan(session, world.people["coral"], world.now, 1, "G1",
                               Plan({"time_up": time_up, "grace_minutes": 10}), "Prueba")
        mine, start = begin(ana), world.now
        put(ana, mine, (key(1), "paba", [["r3.q", "false"]]))
        world.later(minutes=52)
        bell.ring(app)
        told = [(key(n), q, fields, ms(start + timedelta(minutes=20)), ms(start + timedelta(minutes=20)))
                for n, q, fields in ((2, "anio", [["r1.q", "a"]]), (3, "registro", [["r6.q", "SUBDERE"]]))]
        with app.extensions["database"].reading() as session:
            chain = session.scalar(select(Answer.chain).where(Answer.key == key(1)))
        return start, sealed(app.config["SECRET_KEY"], world.people["ana"], 1, told, since=chain)
    return end


def test_with_its_file_an_attempt_that_could_not_be_handed_in_is_handed_in_and_marked(ivan, left, rows, client_of):  # noqa: F811
    start, file = left("grace")
    assert rows(select(Attempt.submitted_at)) == [(None,)] and rows(select(Marking.id)) == []
    assert "queda entregado con la hora en que terminó su tiempo" in words(hand(ivan, file))
    assert decide(ivan, file, key(2)).status_code == 303
    assert rows(select(Attempt.submitted_at, Attempt.by_clock)) == [(start + timedelta(minutes=40), True)]
    points = dict(rows(select(Marking.question, Marking.points)))
    assert len(points) == 7 and [points[q] for q in ("anio", "paba", "registro")] == [1, F(0), F(0)], "what was not accepted is blank"
    assert client_of("ana").get("/cohortes/1/intentos/1/revision").status_code == 200
    ((by_file,),) = rows(select(AuditLine.detail).where(AuditLine.deed == "attempt.submitted"))
    assert "by_file" in str(by_file)


def test_a_file_refused_leaves_the_attempt_abandoned(ivan, left, rows):  # noqa: F811
    _start, file = left("grace")
    assert decide(ivan, file, how="rechazar").status_code == 303
    assert rows(select(Attempt.submitted_at)) == [(None,)] and rows(select(Marking.id)) == []


def test_where_the_quiz_asks_for_the_button_itself_no_file_replaces_it(ivan, left, rows):  # noqa: F811
    _start, file = left("abandon")
    refused = decide(ivan, file, key(2))
    assert refused.status_code == 422 and "pide entregar antes de que termine el tiempo" in words(refused)
    assert rows(select(Attempt.submitted_at)) == [(None,)] and rows(select(RescueFile.id)) == []


def test_gaps_of_a_text_are_told_as_lines_and_not_as_marks(ivan, app, world):
    with app.extensions["database"].transaction() as session:
        programme = replace(PROGRAMME, edition="d" * 64, modules=(replace(PROGRAMME.modules[0], quiz=replace(
            PROGRAMME.modules[0].quiz, questions=(SELECT, CLOZE))), *PROGRAMME.modules[1:]))
        session.add(Edition(id="d" * 64, programme="prueba", title="Otra", content=pack(programme), sources=b"",
                            loaded_at=world.now))
        session.flush()
        session.add(Attempt(id=1, cohort_id=1, person_id=world.people["ana"], module="G1", edition_id="d" * 64, number=1,
                            seed=1, started_at=world.now, ends_at=world.now + timedelta(minutes=40),
                            submitted_at=world.now + timedelta(minutes=40), by_clock=True))
    given = ms(world.now + timedelta(minutes=5))
    file = sealed(app.config["SECRET_KEY"], world.people["ana"], 1, [
        (key(2), "redes", [["r1.q.1", "f"]], given, given), (key(3), "marco", [["r2.q.1", "Interior"]], given, given)])
    page = words(hand(ivan, file))
    assert "tiene su sede en" in page and "La SUBDERE depende del Ministerio del" in page
    assert "[[1]]" not in page and "{#1}" not in page and "{1:" not in page


# Refused --------------------------------------------------------------------------------------------------------------

def refusal(ivan, content) -> str:
    answer = hand(ivan, content)
    assert answer.status_code == 422, answer.status_code
    return words(answer)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000, b'{"formato": "lms-rescate 2"}',
                                     b"PK\x03\x04", b"x" * 400_000])
def test_what_is_no_such_file_is_told_so(ivan, over, content):
    assert "No es un archivo de rescate" in refusal(ivan, content)


def test_another_persons_or_another_attempts_file_is_refused(ivan, over, world):
    assert "Es de otra persona" in refusal(ivan, over(person=world.people["beto"]))
    assert "Es de otro intento" in refusal(ivan, over(attempt=2))


def test_a_label_put_over_anothers_file_does_not_help(ivan, over, app, world):
    theirs = json.loads(over(person=world.people["beto"], attempt=2))
    assert "su sello no corresponde" in refusal(ivan, json.dumps({**theirs, "persona": 1, "intento": 1}).encode())


def test_a_file_sealed_with_a_key_of_ones_own_is_refused(ivan, over):
    forged = sealed("another secret", 1, 1, [(key(2), "anio", [["r1.q", "a"]], 1, 1)])
    assert "su sello no corresponde" in refusal(ivan, forged)


def test_each_byte_that_is_changed_is_found(ivan, over, rows):  # noqa: F811
    file, chance = over(), random.Random(27)
    for _ in range(60):
        at = chance.randrange(len(file))
        changed = bytearray(file)
        changed[at] ^= 1 << chance.randrange(7)
        if bytes(changed) != file:
            assert hand(ivan, bytes(changed)).status_code == 422, (at, bytes(changed[at - 10:at + 10]))
    assert rows(select(RescueFile.id)) == []


@pytest.mark.parametrize("inside", [b"{}", b"[]", b"nada", b'{"ahora": 1, "desde": "x", "respuestas": [{"dicho": "{}", "cadena": ""}]}',
                                    b'{"ahora": -1, "desde": "", "respuestas": []}', b'{"ahora": 1, "desde": 3, "respuestas": [1]}'])
def test_a_page_that_seals_nonsense_is_refused_too(ivan, over, app, inside):
    assert "su sello no corresponde" in refusal(ivan, encrypted(app.config["SECRET_KEY"], 1, 1, inside))


def test_answers_out_of_their_order_are_refused(ivan, over, app):
    one = [(key(2), "anio", [["r1.q", "a"]], 1, 1)]
    assert "no tiene. No se puede aceptar" in refusal(ivan, sealed(app.config["SECRET_KEY"], 1, 1, one, since="f" * 64))
    good = json.loads(over())
    assert good["intento"] == 1 and FIRST == "0" * 64


def test_fields_that_are_none_of_this_quiz_are_shown_and_not_offered(ivan, over, app):
    odd = [(key(2), "otra", [["r1.q", "a"]], 1, 1), ("x", "anio", [], 1, 1), (key(3), "anio", [1], 1, 1)]
    page = html.document_fromstring(hand(ivan, sealed(app.config["SECRET_KEY"], 1, 1, odd)).get_data(as_text=True))
    assert page.text_content().count("No es de este control") == 3 and not page.xpath("//input[@name='respuesta']")


def test_while_the_attempt_runs_nothing_is_taken_by_file(ana, ivan, app):  # noqa: F811
    begin(ana)
    file = sealed(app.config["SECRET_KEY"], 1, 1, [(key(2), "anio", [["r1.q", "a"]], 1, 1)])
    assert "El intento sigue abierto" in refusal(ivan, file)


def test_after_the_acta_is_closed_nothing_is_taken(ivan, over, app):
    app.extensions["settled"].append(lambda _session, sitting: sitting.module == "G1")
    assert "El acta ya se cerró" in refusal(ivan, over())


def test_only_who_marks_the_module_takes_files(over, client_of, world, app):
    for who, status in (("ana", 403), ("irma", 403), ("coral", 403), ("olga", 403), ("nobody", 303)):
        assert hand(client_of(who), over()).status_code == status
    with app.extensions["database"].transaction() as session:
        session.execute(Attempt.__table__.update().values(cohort_id=2))
    assert hand(client_of("ivan"), over()).status_code == 404


def test_a_file_whose_attempt_one_does_not_know_finds_it_by_itself(ivan, over):
    assert "Archivo de rescate" in words(ivan.get("/cohortes/1/rescate"))
    assert "Ana Pérez Soto" in words(hand(ivan, over(), "/cohortes/1/rescate"))
    assert hand(ivan, b"nada", "/cohortes/1/rescate").status_code == 422
    assert hand(ivan, over(attempt=99), "/cohortes/1/rescate").status_code == 422
