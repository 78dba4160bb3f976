"""Outgoing events: a deed is told to who subscribed, signed, tried again, seen, sent again; and what never happens."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from lms.credits import actions as credits
from lms.events import actions
from lms.events.calling import Caller
from lms.events.models import Delivery, DeliveryTry, Subscription, SubscriptionSecret
from lms.events.rules import BACK_OFF, MOST_TRIES, PAUSE_AFTER, PUBLISHED
from lms.foundation import audit, outbox
from lms.foundation.outbox import OutboxJob
from lms.foundation.webhooks import check
from tests.receiving import receiving

ROOT = Path(__file__).parents[2]


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


@pytest.fixture
def told(app, world, receiver):
    """A subscription to the receiver, made by Olga; its secret beside it."""
    app.extensions["caller"] = Caller(frozenset({receiver.url}))
    with app.extensions["database"].transaction() as session:
        receiver.id, receiver.secret = actions.subscribe(
            session, app.extensions["vault"], world.people["olga"], world.now, "Registro académico", receiver.url + "/avisos",
            ["credit.recorded", "credit.withdrawn", "enrolment.created"])
    return receiver


def credit(app, world, reference="r1"):
    with app.extensions["database"].transaction() as session:
        return credits.record(session, world.now, source="office", reference=reference, kind="attendance", cohort_id=world.chile,
                              person_id=world.people["ana"], title="Seminario reservado", hours=Fraction(3), day=date(2027, 4, 9),
                              note="nota privada", actor_id=world.people["olga"])[0]


def rows(app, query):
    with app.extensions["database"].reading() as session:
        return session.execute(query).all()


def believed(app, world, got, *secrets):
    return check(secrets, got.headers["webhook-id"], got.headers["webhook-timestamp"], got.headers["webhook-signature"], got.body, world.now)


def test_a_deed_is_told_signed_once_and_without_personal_data(app, world, told):
    made = credit(app, world)
    outbox.work(app)
    outbox.work(app)
    (got,) = told.got
    assert got.path == "/avisos" and got.headers["content-type"] == "application/json"
    assert believed(app, world, got, told.secret) == got.headers["webhook-id"]
    body = json.loads(got.body)
    assert body["type"] == "credit.recorded" and body["timestamp"].endswith("Z")
    assert body["data"] == {"object": "credit", "id": made, "cohort": 1, "kind": "attendance", "source": "office", "person": world.people["ana"], "hours": "3"}
    assert not any(word in got.body.decode() for word in ("Ana", "Pérez", "example.org", "reservado", "privada"))
    ((status, answer),) = rows(app, select(DeliveryTry.status, DeliveryTry.answer))
    assert (status, answer) == (200, "recibido")


def test_what_is_undone_is_told_to_nobody(app, world, told):
    with pytest.raises(RuntimeError), app.extensions["database"].transaction() as session:
        audit.record(session, None, world.now, "credit.recorded", "credit:1", 1)
        session.flush()
        raise RuntimeError
    outbox.work(app)
    assert told.got == []


def test_nothing_is_put_in_the_outbox_for_what_nobody_reads(app, world, told):
    with app.extensions["database"].transaction() as session:
        audit.record(session, None, world.now, "lesson.read", "lesson:1", 1)             # not published
        audit.record(session, None, world.now, "acta.closed", "acta:1", 1, folio="X")    # published, not asked for
    outbox.work(app)
    assert told.got == [] and rows(app, select(Delivery.id)) == []
    with app.extensions["database"].transaction() as session:
        actions.end(session, world.people["olga"], world.now, told.id)
    before = rows(app, select(func.count()).select_from(OutboxJob))
    credit(app, world)
    assert rows(app, select(func.count()).select_from(OutboxJob)) == before


def test_a_published_deed_costs_its_transaction_one_statement(app, world, told):
    said = []
    engine = app.extensions["database"].engine
    with app.extensions["database"].transaction() as session:
        event.listen(engine, "before_cursor_execute", note := lambda c, k, statement, *_: said.append(statement))
        audit.record(session, None, world.now, "credit.recorded", "credit:1", 1)
        audit.record(session, None, world.now, "credit.withdrawn", "credit:1", 1)
        session.flush()
        event.remove(engine, "before_cursor_execute", note)
    assert len([s for s in said if "outbox_jobs" in s]) == 1 and len([s for s in said if not s.startswith("BEGIN")]) <= 3


def test_a_receiver_that_is_down_is_tried_again_ever_more_slowly_and_told_when_it_is_back(app, world, told):
    told.answers = [(503, b"mantenimiento"), (500, b""), (200, b"ok")]
    credit(app, world)
    outbox.work(app)
    assert len(told.got) == 1
    world.now += BACK_OFF[0] - timedelta(seconds=1)
    outbox.work(app)
    assert len(told.got) == 1
    for wait in (timedelta(seconds=1), BACK_OFF[1]):
        world.now += wait
        outbox.work(app)
    assert len(told.got) == 3 and len({g.headers["webhook-id"] for g in told.got}) == 1 and len({g.body for g in told.got}) == 1
    assert rows(app, select(DeliveryTry.status).order_by(DeliveryTry.id)) == [(503,), (500,), (200,)]
    world.now += timedelta(days=3)
    outbox.work(app)
    assert len(told.got) == 3


def test_one_message_that_is_refused_keeps_no_other_waiting_but_a_server_that_is_down_is_left_alone(app, world, told):
    told.answers = [(400, b"no"), (200, b"")]
    for reference in ("r1", "r2", "r3"):
        credit(app, world, reference)
    outbox.work(app)
    assert len(told.got) == 3 and rows(app, select(func.count(Delivery.done_at))) == [(2,)]
    told.answers = [(503, b"")]
    for reference in ("r4", "r5", "r6"):
        credit(app, world, reference)
    outbox.work(app)
    assert len(told.got) == 4                                   # one call was enough to know


def test_after_the_last_try_it_is_given_up_and_the_health_of_the_house_is_not_touched(app, world, told):
    told.answers = [(400, b"no me gusta")]
    credit(app, world)
    for _ in range(MOST_TRIES + 2):
        outbox.work(app)
        world.now += timedelta(days=2)
    assert len(told.got) == MOST_TRIES
    assert rows(app, select(Delivery.next_at, Delivery.done_at)) == [(None, None)]
    with app.extensions["database"].reading() as session:
        assert outbox.waiting(session, world.now)[1] == 0


def test_after_many_failures_in_a_row_it_is_paused_the_office_is_told_and_resuming_sends_all(app, world, told, client_of):
    told.answers = [(500, b"roto")]
    for reference in ("r1", "r2"):
        credit(app, world, reference)
    for _ in range(PAUSE_AFTER + 4):
        outbox.work(app)
        world.now += timedelta(days=2)
    assert len(told.got) == PAUSE_AFTER
    (paused,) = rows(app, select(Subscription.paused_why))
    assert "12 envíos seguidos fallaron" in paused[0]
    letters = [p.read_text() for p in (app.config["INSTANCE"] / "mail").glob("*.eml")]
    assert len([one for one in letters if "en pausa" in one and "To: olga@example.org" in one]) == 1
    olga = client_of("olga")
    assert "En pausa desde" in olga.get(f"/ganchos/salidas/{told.id}").get_data(as_text=True)
    credit(app, world, "r3")                                    # meanwhile
    told.answers = [(200, b"")]
    assert olga.send(f"/ganchos/salidas/{told.id}/reanudacion").status_code == 303
    outbox.work(app)
    sent = {json.loads(g.body)["data"]["id"] for g in told.got[PAUSE_AFTER:]}
    assert {2, 3} <= sent and rows(app, select(Subscription.paused_at)) == [(None,)]


def test_410_asks_for_nothing_more(app, world, told):
    told.answers = [(410, b"")]
    credit(app, world)
    outbox.work(app)
    assert "410" in rows(app, select(Subscription.paused_why))[0][0]


def test_the_secret_is_shown_once_and_kept_sealed_and_both_sign_while_it_is_changed(app, world, told, client_of):
    olga = client_of("olga")
    page = olga.send(f"/ganchos/salidas/{told.id}/secreto")
    new = re.search(r">(whsec_[^<]+)<", page.get_data(as_text=True))[1]
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store" and new != told.secret
    for url in (f"/ganchos/salidas/{told.id}", "/ganchos/salidas", "/bitacora"):
        assert "whsec_" not in olga.get(url).get_data(as_text=True)
    for kept in rows(app, select(SubscriptionSecret.sealed)):
        assert "whsec" not in kept[0] and new.removeprefix("whsec_") not in kept[0]
    credit(app, world)
    outbox.work(app)
    assert believed(app, world, told.got[0], told.secret) and believed(app, world, told.got[0], new)
    world.now += timedelta(hours=25)
    credit(app, world, "r2")
    outbox.work(app)
    assert len(told.got[1].headers["webhook-signature"].split()) == 1 and believed(app, world, told.got[1], new)


def test_a_secret_that_can_not_be_read_is_told_and_sends_nothing(app, world, told):
    (app.config["INSTANCE"] / "keys" / "vault" / "key").write_bytes(b"k" * 32)       # a copy of the database without its keys
    credit(app, world)
    outbox.work(app)
    assert told.got == [] and "no se puede leer" in rows(app, select(DeliveryTry.error))[0][0]


def test_the_office_sends_one_again_and_all_since_a_time_with_the_ids_they_had(app, world, told, client_of):
    credit(app, world, "r1")
    outbox.work(app)
    world.now += timedelta(hours=2)
    credit(app, world, "r2")
    outbox.work(app)
    olga = client_of("olga")
    assert olga.send(f"/ganchos/salidas/{told.id}/envios/1/otra-vez").status_code == 303
    outbox.work(app)
    assert [g.headers["webhook-id"] for g in told.got].count(told.got[0].headers["webhook-id"]) == 2
    since = world.now.astimezone().replace(tzinfo=None)
    day = (since - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert olga.send(f"/ganchos/salidas/{told.id}/desde", {"since": day}).status_code == 303
    assert "2 avisos están saliendo otra vez." in olga.get(f"/ganchos/salidas/{told.id}").get_data(as_text=True)
    outbox.work(app)
    assert len(told.got) == 5
    late = (since + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert olga.send(f"/ganchos/salidas/{told.id}/desde", {"since": late}).status_code == 303
    for bad in ("", "ayer", "0001-01-01T00:00"):
        assert olga.send(f"/ganchos/salidas/{told.id}/desde", {"since": bad}).status_code == 422
    outbox.work(app)
    assert len(told.got) == 5


def test_who_subscribes_later_may_have_what_happened_before(app, world, told, client_of):
    credit(app, world)
    with app.extensions["database"].transaction() as session:
        other, _ = actions.subscribe(session, app.extensions["vault"], world.people["olga"], world.now, "Otro", told.url + "/otro", ["credit.recorded"])
        actions.again_since(session, world.people["olga"], world.now, other, world.now - timedelta(days=1))
    outbox.work(app)
    assert sorted(g.path for g in told.got) == ["/avisos", "/otro"]


def test_a_test_ping_goes_out_also_while_paused_and_is_tried_once(app, world, told, client_of):
    olga = client_of("olga")
    olga.send(f"/ganchos/salidas/{told.id}/pausa")
    told.answers = [(500, b"<script>alert(1)</script>")]
    answer = olga.send(f"/ganchos/salidas/{told.id}/prueba")
    outbox.work(app)
    assert believed(app, world, told.got[0], told.secret)
    world.now += timedelta(days=1)
    outbox.work(app)
    (got,) = told.got
    assert json.loads(got.body) == {"type": "ping", "timestamp": json.loads(got.body)["timestamp"], "data": {}}
    page = olga.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Respondió 500" in page and "&lt;script&gt;" in page and "No llegó" in page


def test_a_slow_receiver_keeps_no_other_waiting(app, world, told):
    class Slow(Caller):
        def post(self, address, body, headers):
            if address.endswith("/lento"):
                return replace(Caller.post(self, address, body, headers), status=None, error="No respondió a tiempo.")
            return Caller.post(self, address, body, headers)
    app.extensions["caller"] = Slow(frozenset({told.url}))
    with app.extensions["database"].transaction() as session:
        actions.subscribe(session, app.extensions["vault"], world.people["olga"], world.now, "Lento", told.url + "/lento", ["credit.recorded"])
    for i in range(5):
        credit(app, world, f"r{i}")
    outbox.work(app)
    paths = [g.path for g in told.got]
    assert paths.count("/avisos") == 5 and paths.count("/lento") == 1


@pytest.mark.parametrize("address, words", [
    ("http://example.org/", "https"), ("https://127.0.0.1/", "IP"), ("https://localhost/x", "red interna"), ("https://u:p@example.org/", "usuario"),
    ("https://example.org:8080/", "puerto"), ("", "Falta"), ("https://example.org/" + "a" * 600, "500")])
def test_an_address_that_will_not_do_is_refused_where_it_is_written(app, world, client_of, address, words):
    sent = client_of("olga").send("/ganchos/salidas/nueva", {"name": "Sistema", "address": address, "kinds": "acta.closed"})
    assert sent.status_code == 422 and words in sent.get_data(as_text=True) and rows(app, select(Subscription.id)) == []


def test_the_office_subscribes_a_system_changes_it_and_ends_it(app, world, client_of):
    olga = client_of("olga")
    assert olga.send("/ganchos/salidas/nueva", {"name": "Sistema", "address": "https://example.org/x"}).status_code == 422      # no kind
    assert olga.send("/ganchos/salidas/nueva", {"name": "Sistema", "address": "https://example.org/x", "kinds": "lesson.read"}).status_code == 422
    made = olga.send("/ganchos/salidas/nueva", {"name": " Registro  de la UNQ ", "address": "HTTPS://Example.org/x", "kinds": ["acta.closed", "certificate.issued"]})
    assert made.status_code == 200 and "whsec_" in made.get_data(as_text=True)
    page = olga.get("/ganchos/salidas/1").get_data(as_text=True)
    assert "Registro de la UNQ" in page and "https://example.org/x" in page and "Acta cerrada, Certificado emitido" in page
    assert olga.send("/ganchos/salidas/1/datos", {"name": "UNQ", "address": "https://example.org/y", "kinds": "acta.closed"}).status_code == 303
    assert olga.get("/ganchos/salidas/1/fin").status_code == 200 and olga.send("/ganchos/salidas/1/fin").status_code == 303
    assert olga.send("/ganchos/salidas/1/secreto").status_code == 409 and olga.send("/ganchos/salidas/1/prueba").status_code == 409
    assert rows(app, select(SubscriptionSecret.sealed)) == [("",)]
    assert "Terminada" in olga.get("/ganchos/salidas").get_data(as_text=True)


def test_who_audits_sees_and_changes_nothing(world, told, client_of):
    aldo = client_of("aldo")
    page = aldo.get(f"/ganchos/salidas/{told.id}").get_data(as_text=True)
    assert "Registro académico" in page and f'action="/ganchos/salidas/{told.id}' not in page and f'"/ganchos/salidas/{told.id}/datos"' not in page
    assert aldo.send(f"/ganchos/salidas/{told.id}/pausa").status_code == 403


def test_the_document_names_every_kind_and_what_it_carries():
    text = (ROOT / "docs" / "events.md").read_text()
    found = {row[0]: tuple(re.findall(r"`(\w+)`", row[2])) for row in re.findall(r"^\| `([a-z_.]+)` \| (.+?) \| (.*?) \|$", text, re.M)}
    assert found == {name: kind.carries for name, kind in PUBLISHED.items()}
