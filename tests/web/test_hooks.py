"""What other systems push: believed by its signature only, applied whole or refused by name, answered the same again."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.credits import pushing, queries
from lms.credits.models import Credit, PushDelivery, PushSecret
from lms.credits.receiving import MOST_REFUSED
from lms.credits.rules import Hours
from lms.foundation import outbox
from lms.foundation.webhooks import headers, secret_of

URL = "/entrada/registro-unq"


@pytest.fixture
def source(app, world):
    """A source that may push both kinds, and a sender that signs as it does."""
    with app.extensions["database"].transaction() as session:
        made, secret = pushing.open_source(session, app.extensions["vault"], world.people["olga"], world.now, "registro-unq",
                                           "Registro de la UNQ", ["attendance", "internship"], [])
    return Sender(app, world, made, secret)


class Sender:
    """Another system: no browser, no cookie, no token of a page."""

    def __init__(self, app, world, source_id, secret):
        self.app, self.world, self.id, self.secret, self.client = app, world, source_id, secret, FlaskClient(app, app.response_class, use_cookies=False)

    def post(self, body, message_id="msg_1", secret=None, at=None, url=URL, **changed):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = headers([secret or self.secret], message_id, at or self.world.now, raw)
        sent = {**signed, "Content-Type": "application/json", **changed.pop("headers", {})}
        return self.client.post(url, data=raw, headers={k: v for k, v in sent.items() if v is not None}, **changed)


def attendance(**changed):
    return {"type": "attendance.recorded", "data": {"reference": "a1", "email": "ana@example.org", "cohort": "CL-2027", "seminar": "Seminario AMUCH-FLACMA",
                                                    "hours": "41/2", "day": "2027-04-09", **changed}}


def hours(app, world):
    with app.extensions["database"].reading() as session:
        return queries.hours(session, world.chile).get(world.people["ana"], Hours())


def rows(app, query):
    with app.extensions["database"].reading() as session:
        return session.execute(query).all()


def test_a_signed_message_is_one_fact_with_its_origin(app, world, source):
    answer = source.post(attendance())
    assert answer.status_code == 200 and answer.json == {"result": "recorded", "reference": "a1", "credit": 1}
    assert hours(app, world).attendance == Fraction(41, 2)
    assert rows(app, select(Credit.source, Credit.reference, Credit.recorded_by)) == [("registro-unq", "a1", None)]


@pytest.mark.parametrize("written, exact", [("12", 12), (12, 12), (1.5, Fraction(3, 2)), ("1.5", Fraction(3, 2)), (0.1, Fraction(1, 10))])
def test_hours_are_read_exactly_as_they_are_written(app, world, source, written, exact):
    assert source.post(attendance(hours=written)).status_code == 200 and hours(app, world).attendance == exact


def test_an_internship_is_told_and_taken_back(app, world, source):
    told = {"type": "internship.recorded", "data": {"reference": "p1", "email": "ANA@example.org", "cohort": "CL-2027", "host": "Municipio de Quilmes", "hours": 20, "day": "2027-04-01"}}
    assert source.post(told).status_code == 200 and hours(app, world).internship == 20
    back = {"type": "internship.withdrawn", "data": {"reference": "p1", "cohort": "CL-2027"}}
    assert source.post(back, "msg_2").json["result"] == "withdrawn" and hours(app, world) == Hours()
    assert source.post(back, "msg_3").json["result"] == "already"
    assert source.post(told, "msg_4").status_code == 422        # what was taken back comes under another reference
    assert len(rows(app, select(Credit.id))) == 2               # the fact and its withdrawal: nothing is deleted


def test_the_same_message_gets_the_first_answer_again_and_counts_once(app, world, source):
    first = source.post(attendance())
    for later in (timedelta(minutes=2), timedelta(days=3)):     # sent again with a fresh time, as senders do
        again = source.post(attendance(), at=world.now)
        assert again.status_code == 200 and again.data == first.data and again.headers["Webhook-Repeated"] == "true"
        world.now += later
    assert hours(app, world).attendance == Fraction(41, 2) and rows(app, select(PushDelivery.repeats)) == [(2,)]


def test_a_refusal_is_answered_the_same_again_too(app, world, source):
    wrong = attendance(email="nadie@example.org")
    first, again = source.post(wrong), source.post(wrong)
    assert (first.status_code, again.status_code) == (422, 422) and first.data == again.data
    assert source.post(attendance(), "msg_2").status_code == 200


def test_the_same_id_with_another_body_is_refused_and_changes_nothing(app, world, source):
    source.post(attendance())
    answer = source.post(attendance(hours=3))
    assert answer.status_code == 409 and answer.json["code"] == "id_reused" and hours(app, world).attendance == Fraction(41, 2)


def test_the_same_fact_under_another_id_is_known(app, world, source):
    source.post(attendance())
    assert source.post(attendance(), "msg_2").json == {"result": "already", "reference": "a1", "credit": 1}
    answer = source.post(attendance(hours=3), "msg_3")
    assert answer.status_code == 422 and "horas" in answer.json["detail"] and hours(app, world).attendance == Fraction(41, 2)


@pytest.mark.parametrize("changed, code, status", [
    ({"secret": secret_of(b"y" * 32)}, "bad_signature", 401), ({"headers": {"webhook-signature": None}}, "headers_missing", 400),
    ({"headers": {"webhook-id": "msg_other"}}, "bad_signature", 401), ({"headers": {"webhook-timestamp": "ayer"}}, "bad_timestamp", 400)])
def test_what_is_not_signed_is_refused_by_name_and_takes_nobodys_place(app, world, source, changed, code, status):
    answer = source.post(attendance(), **changed)
    assert answer.status_code == status and answer.json["code"] == code and answer.mimetype == "application/problem+json"
    assert hours(app, world) == Hours() and rows(app, select(PushDelivery.message_id, PushDelivery.code)) == [(None, code)]
    assert source.post(attendance()).status_code == 200         # the true one still comes through, with the same id


@pytest.mark.parametrize("minutes, status", [(-4, 200), (4, 200), (-6, 401), (6, 401), (-60 * 24 * 365, 401)])
def test_a_late_message_is_refused(app, world, source, minutes, status):
    assert source.post(attendance(), at=world.now + timedelta(minutes=minutes)).status_code == status


BAD = [
    (b"", "bad_json", 400), (b"\xff\xfe{", "bad_json", 400), (b"[1, 2", "bad_json", 400), (b"[" * 5000, "bad_json", 400), (b'{"type":"x","data":{"hours":NaN}}', "bad_json", 400),
    (b"[]", "bad_shape", 422), (b"null", "bad_shape", 422), (b'{"type":"attendance.recorded"}', "bad_shape", 422), (b'{"type":1,"data":{}}', "unknown_type", 422),
    (b'{"type":"attendance.recorded","data":[]}', "bad_shape", 422), ({"type": "grade.changed", "data": {}}, "unknown_type", 422),
    (b'{"type":"attendance.recorded","type":"x","data":{}}', "repeated_field", 422), ({"type": "attendance.withdrawn", "data": {"cohort": "CL-2027"}}, "missing_field", 422),
    ({**attendance(), "admin": True}, "unknown_field", 422), (attendance(role="office"), "unknown_field", 422), (attendance(withdrawn=True), "unknown_field", 422),
    (attendance(reference=""), "bad_field", 422), (attendance(reference=7), "bad_field", 422), (attendance(reference="a\0b"), "bad_field", 422), (attendance(reference="x" * 121), "bad_field", 422),
    (attendance(reference=["a1"]), "bad_field", 422), (attendance(seminar=None), "bad_field", 422), (attendance(hours="1,5"), "bad_field", 422), (attendance(hours="1e9"), "bad_field", 422),
    (attendance(hours=-3), "bad_field", 422), (attendance(hours="1/0"), "bad_field", 422), (attendance(hours=True), "bad_field", 422), (attendance(hours="٣"), "bad_field", 422),
    (attendance(day="09-04-2027"), "bad_field", 422), (attendance(day="2027-02-30"), "bad_field", 422), (attendance(day=20270409), "bad_field", 422),
    (attendance(cohort="XX"), "unknown_cohort", 422), (attendance(cohort="AR-2027"), "refused", 422), (attendance(email="beto@example.org"), "refused", 422),
    (attendance(email="no es correo"), "refused", 422), (attendance(hours=0), "refused", 422), (attendance(hours=501), "refused", 422), (attendance(day="2099-01-01"), "refused", 422),
    ({"type": "attendance.withdrawn", "data": {"reference": "zz", "cohort": "CL-2027"}}, "unknown_reference", 404)]


@pytest.mark.parametrize("body, code, status", BAD, ids=range(len(BAD)))
def test_each_bad_message_is_refused_by_name_and_nothing_of_it_is_kept(app, world, source, body, code, status):
    answer = source.post(body)
    assert (answer.status_code, answer.json["code"]) == (status, code) and answer.json["detail"] and answer.mimetype == "application/problem+json"
    assert rows(app, select(Credit.id)) == [] and rows(app, select(PushDelivery.status, PushDelivery.code)) == [(status, code)]


def test_what_is_too_large_is_refused_before_it_is_read(app, world, source):
    answer = source.post(b"x" * 20_000)
    assert answer.status_code == 413 and answer.mimetype == "application/problem+json" and rows(app, select(PushDelivery.id)) == []


def test_an_address_of_nobody_and_one_that_was_closed(app, world, source, client_of):
    assert source.post(attendance(), url="/entrada/otra").json["code"] == "unknown_source"
    client_of("olga").send(f"/ganchos/entradas/{source.id}/fin")
    answer = source.post(attendance())
    assert answer.status_code == 410 and answer.json["code"] == "source_ended"


def test_a_source_writes_only_what_it_may(app, world):
    with app.extensions["database"].transaction() as session:
        made, secret = pushing.open_source(session, app.extensions["vault"], world.people["olga"], world.now, "solo-pasantias", "Pasantías", ["internship"], [])
    answer = Sender(app, world, made, secret).post(attendance(), url="/entrada/solo-pasantias")
    assert answer.status_code == 403 and answer.json["code"] == "kind_not_allowed" and hours(app, world) == Hours()


def test_one_source_can_not_take_back_what_another_told(app, world, source):
    source.post(attendance())
    with app.extensions["database"].transaction() as session:
        made, secret = pushing.open_source(session, app.extensions["vault"], world.people["olga"], world.now, "otra", "Otra", ["attendance"], [])
    other = Sender(app, world, made, secret)
    assert other.post({"type": "attendance.withdrawn", "data": {"reference": "a1", "cohort": "CL-2027"}}, url="/entrada/otra").status_code == 404
    assert other.post(attendance(), url=URL).status_code == 401 and hours(app, world).attendance == Fraction(41, 2)


def test_a_cookie_opens_nothing_here_and_no_form_of_a_page_comes_in(app, world, source, client_of):
    olga = client_of("olga")
    assert olga.send(URL, {"type": "attendance.recorded"}).status_code == 400
    assert olga.get(URL).status_code == 405


def test_secrets_are_changed_without_a_gap_shown_once_and_ended_at_once(app, world, source, client_of):
    olga = client_of("olga")
    page = olga.send(f"/ganchos/entradas/{source.id}/secretos").get_data(as_text=True)
    new = re.search(r">(whsec_[^<]+)<", page)[1]
    assert source.post(attendance(), "m1").status_code == 200 and source.post(attendance(), "m2", secret=new).status_code == 200
    world.now += timedelta(hours=25)
    assert source.post(attendance(), "m3").status_code == 401 and source.post(attendance(), "m4", secret=new).status_code == 200
    shown = olga.get(f"/ganchos/entradas/{source.id}").get_data(as_text=True)
    assert "whsec_" not in shown and "/entrada/registro-unq" in shown
    assert not any("whsec" in sealed for (sealed,) in rows(app, select(PushSecret.sealed)))
    assert olga.send(f"/ganchos/entradas/{source.id}/secretos/2/fin").status_code == 303
    assert source.post(attendance(), "m5", secret=new).status_code == 401
    for _ in range(5):
        olga.send(f"/ganchos/entradas/{source.id}/secretos")
    assert olga.send(f"/ganchos/entradas/{source.id}/secretos").status_code == 409


def test_a_secret_of_one_source_moved_to_another_row_is_not_read(app, world, source):
    with app.extensions["database"].transaction() as session:
        pushing.open_source(session, app.extensions["vault"], world.people["olga"], world.now, "otra", "Otra", ["attendance"], [])
        mine, other = session.scalars(select(PushSecret).order_by(PushSecret.id)).all()
        other.sealed = mine.sealed
    answer = source.post(attendance(), url="/entrada/otra")
    assert answer.status_code == 503 and answer.json["code"] == "secret_unreadable" and hours(app, world) == Hours()


def test_a_flood_without_a_signature_is_slowed_and_fills_no_table(app, world, source):
    for _ in range(40):
        last = source.post(attendance(), secret=secret_of(b"y" * 32))
    assert last.status_code == 429 and len(rows(app, select(PushDelivery.id))) <= 60
    for i in range(300):
        source.post(attendance(), secret=secret_of(b"y" * 32), environ_base={"REMOTE_ADDR": f"10.0.{i // 250}.{i % 250}"})
    assert len(rows(app, select(PushDelivery.id))) == MOST_REFUSED
    assert source.post(attendance()).status_code == 200         # who signs is never slowed


def test_ten_that_come_at_once_with_one_id_are_one_fact_and_ten_equal_answers(app, world, source):
    def send(_):
        return Sender(app, world, source.id, source.secret).post(attendance())
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(send, range(10)))
    assert {a.status_code for a in answers} == {200} and len({a.data for a in answers}) == 1
    assert len(rows(app, select(Credit.id))) == 1 and len(rows(app, select(PushDelivery.id))) == 1


def test_the_office_sees_every_message_with_its_answer_and_no_address_of_a_person(app, world, source, client_of):
    source.post(attendance())
    source.post(attendance(email="nadie@example.org", reference="a2"), "msg_2")
    source.post(attendance(), secret=secret_of(b"y" * 32))
    for url in ("/ganchos/entradas", f"/ganchos/entradas/{source.id}"):
        page = client_of("olga").get(url).get_data(as_text=True)
        assert "200 recorded" in page and "422 refused" in page and "401 bad_signature" in page and "a2" in page
        assert "ana@example.org" not in page and "nadie@example.org" not in page


@pytest.mark.parametrize("form, words", [
    ({"title": "X", "name": "Con Espacios", "kinds": "attendance"}, "minúsculas"), ({"title": "X", "name": "office", "kinds": "attendance"}, "se llama"),
    ({"title": "X", "name": "registro-unq", "kinds": "attendance"}, "se llama"), ({"title": "", "name": "otra", "kinds": "attendance"}, "Falta"),
    ({"title": "X", "name": "otra"}, "Elegir qué"), ({"title": "X", "name": "otra", "kinds": "grades"}, "kinds")])
def test_a_door_that_will_not_do_is_refused_where_it_is_written(world, source, client_of, form, words):
    sent = client_of("olga").send("/ganchos/entradas/nueva", form)
    assert sent.status_code == 422 and words in sent.get_data(as_text=True)


def test_the_page_of_sources_says_how_each_stands_and_asks_when_told(app, world, client_of):
    class Down:
        def attendance(self, cohort, since):
            raise ConnectionError("no responde")
    app.extensions["sources"] = {"caida": ("lms.seminars", Down())}
    olga = client_of("olga")
    assert "Sin consultar" in olga.get("/ganchos").get_data(as_text=True)
    assert olga.send("/ganchos/caida/consulta").status_code == 303 and olga.send("/ganchos/otra/consulta").status_code == 404
    outbox.work(app)
    page = olga.get("/ganchos").get_data(as_text=True)
    assert "Falló 1 vez" in page and "ConnectionError: no responde" in page and "nunca" in page
    assert "ConnectionError" in olga.get("/cohortes/1/creditos").get_data(as_text=True)
