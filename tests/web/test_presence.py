"""Presence at the door, on the screen, by list and by the office's word."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.people.queries import token_hash
from lms.seminars import codes, devices, presence
from lms.seminars.models import DoorDevice, PresenceMark
from tests import seminared
from tests.seminared import LONG, S1, S2, SEMINAR, STARTS

BASE = f"/seminarios/{SEMINAR}"
PEOPLE = {1: "confirmed", 2: "waiting", 3: "cancelled", 4: "confirmed"}


@pytest.fixture
def door(app, world):
    """Ten minutes into the first session: the address of a door's phone."""
    world.now = STARTS[S1] + timedelta(minutes=10)
    with app.extensions["database"].transaction() as s:
        seminared.plant(s)
        for number, state in PEOPLE.items():
            seminared.registered(s, number, state=state, names=(f"Persona{number}", "Apellido"), institution="Municipalidad de Prueba")
        seminared.sequences(s)
        return f"/seminarios/puerta/{made(s, world)}"


def made(session, world, does="scan", session_id=None, hours=12):
    return devices.make(session, world.people["olga"], world.now, SEMINAR, name="Acceso norte", does=does, session_id=session_id,
                        expires_at=world.now + timedelta(hours=hours))


def mark(code, kind="in", at=None, key=None, world=None):
    return {"key": key or f"key-{code}-{kind}-{at}", "code": code, "kind": kind, "at": (at or world.now).timestamp() * 1000}


def sent(client, door, *marks, clock):
    return client.post(f"{door}/marcas", data=json.dumps({"clock": clock.timestamp() * 1000, "marks": marks}),
                       content_type="application/json", headers={"X-CSRF-Token": client.token()})


def minutes(app, world, number, session_id=S1, later=timedelta(hours=30)):
    with app.extensions["database"].reading() as s:
        found = presence.present(s, SEMINAR, world.now + later, [number]).get(number, {})
    return int(found[session_id].minutes) if session_id in found else None


def test_a_ticket_is_taken_by_form_without_script(app, world, client_of, door):
    official = client_of("nobody")
    page = official.send(f"{door}/marca", {"codigo": "P000001", "sentido": "in", "key": "k" * 12})
    assert page.status_code == 200 and "Persona1 Apellido" in page.text and "Entrada" in page.text
    assert minutes(app, world, 1) == 80


@pytest.mark.parametrize(("code", "words"), [("P000003", "anulada"), ("P000009", "no es de este seminario"), ("", "Falta completarlo")])
def test_who_can_not_come_in_is_told_why(client_of, door, code, words):
    page = client_of("nobody").send(f"{door}/marca", {"codigo": code, "sentido": "in"})
    assert page.status_code == 422 and words in page.text


def test_who_has_no_place_yet_is_let_in_and_the_door_is_told(client_of, door):
    page = client_of("nobody").send(f"{door}/marca", {"codigo": "P000002", "sentido": "in"})
    assert page.status_code == 200 and "avisar a la oficina" in page.text


def test_what_was_kept_on_the_phone_is_taken_once_however_often_it_comes(app, world, client_of, door):
    official, began = client_of("nobody"), STARTS[S1]
    marks = [mark("P000001", "in", began), mark("P000001", "out", began + timedelta(minutes=5)), mark("P000009", "in", began)]
    world.now = began + timedelta(hours=5)                              # the network came back after lunch
    for _ in range(2):
        results = sent(official, door, *marks, clock=world.now).json["results"]
        assert [results[m["key"]]["ok"] for m in marks] == [True, True, False]
    assert "no es de este seminario" in results[marks[2]["key"]]["words"]
    assert minutes(app, world, 1) == 5
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(func.count()).select_from(PresenceMark)) == 2


def test_a_phone_whose_clock_is_wrong_is_set_right_and_the_mark_says_so(app, world, client_of, door):
    wrong = world.now + timedelta(hours=3)
    results = sent(client_of("nobody"), door, mark("P000001", "in", wrong - timedelta(minutes=4)), clock=wrong).json["results"]
    assert next(iter(results.values()))["ok"]
    with app.extensions["database"].reading() as s:
        row = s.scalars(select(PresenceMark)).one()
    assert row.at == world.now - timedelta(minutes=4) and "-180 min" in row.note


@pytest.mark.parametrize(("moved", "words"), [(timedelta(minutes=5), "futuro"), (timedelta(days=-3), "no había sesión")])
def test_a_mark_of_another_time_is_refused_by_name(world, client_of, door, moved, words):
    results = sent(client_of("nobody"), door, mark("P000001", "in", world.now + moved), clock=world.now).json["results"]
    assert words in next(iter(results.values()))["words"]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"clock": 1, "marks": []}', b'{"clock": "x", "marks": [1]}', b"\xff", b'{"clock": 1e400, "marks": [{}]}'])
def test_what_no_door_sends_is_refused_whole(client_of, door, body):
    official = client_of("nobody")
    reply = official.post(f"{door}/marcas", data=body, content_type="application/json", headers={"X-CSRF-Token": official.token()})
    assert reply.status_code == 422


def test_a_lost_phone_is_closed_at_once(app, world, client_of, door):
    with app.extensions["database"].reading() as s:
        device = s.scalars(select(DoorDevice.id)).one()
    assert client_of("olga").send(f"{BASE}/presencia/equipos/{device}/fin").status_code == 303
    official = client_of("nobody")
    assert official.get(door).status_code == 410 and "enlace" in official.get(door).text
    assert sent(official, door, mark("P000001", world=world), clock=world.now).status_code == 410


def test_after_its_hours_a_phone_may_still_send_what_it_saw_before(app, world, client_of, door):
    official, saw = client_of("nobody"), world.now
    world.later(hours=20)
    assert official.get(door).status_code == 410
    results = sent(official, door, mark("P000001", "in", saw), mark("P000004", "in", world.now - timedelta(minutes=1)), clock=world.now).json["results"]
    assert [r["ok"] for r in results.values()] == [True, False]
    world.later(days=8)
    assert sent(official, door, mark("P000001", "out", saw), clock=world.now).status_code == 410


def test_the_list_on_the_phone_holds_no_ticket(client_of, door):
    people = client_of("nobody").get(f"{door}/lista").json["people"]
    assert [row[1] for row in people] == ["P000001", "P000002", "P000004"]      # who cancelled is not expected
    assert people[0][2:] == ["Persona1 Apellido", "Municipalidad de Prueba"]
    assert "code-1" not in json.dumps(people) and len(people[0][0]) == 16


def test_only_the_doors_page_may_start_its_worker_and_open_the_camera(client_of, door):
    official = client_of("nobody")
    page, other = official.get(door), official.get("/ingresar")
    assert "trusted-types worker" in page.headers["Content-Security-Policy"] and "camera=(self)" in page.headers["Permissions-Policy"]
    assert "trusted-types 'none'" in other.headers["Content-Security-Policy"] and "camera=()" in other.headers["Permissions-Policy"]
    worker = official.get("/seminarios/puerta/obrero.js?nombre=door")
    assert worker.mimetype == "text/javascript" and b"caches" in worker.data


# The screen

@pytest.fixture
def screen(app, world, door):
    with app.extensions["database"].transaction() as s:
        return made(s, world, "screen")


def shown(app, world, screen):
    """The token that the screen shows now."""
    page = app.test_client().get(f"/seminarios/pantalla/{screen}")
    assert page.headers["Refresh"] == "15"
    with app.extensions["database"].reading() as s:
        device = s.scalars(select(DoorDevice.id).where(DoorDevice.token_hash == token_hash(screen))).one()
    key = app.config["SECRET_KEY"]
    key = key if isinstance(key, bytes) else key.encode()
    typed = codes.typed_screen(key, device, None, world.now)
    assert f"{typed[:3]} {typed[3:]}" in page.text
    return codes.screen(key, device, None, world.now), typed


def carried(page):
    return re.search(r'name="pase" value="([^"]+)"', page.text)[1]


def test_a_person_marks_themselves_by_the_code_on_the_screen(app, world, client_of, screen):
    phone, (token, _typed) = client_of("nobody"), shown(app, world, screen)
    page = phone.get(f"/seminarios/aqui/{token}")
    done = phone.send(f"/seminarios/aqui/{token}", {"pase": carried(page), "ticket": "P000001", "sentido": "in"})
    assert done.status_code == 200 and "Entrada marcada" in done.text and "Persona1 Apellido" in done.text
    world.later(minutes=30)
    token, _typed = shown(app, world, screen)
    page = phone.get(f"/seminarios/aqui/{token}")                       # the phone is known by now, and the other way offered
    assert "Persona1 Apellido" in page.text and re.search(r'<input checked[^>]*value="out"', page.text)
    assert phone.send(f"/seminarios/aqui/{token}", {"pase": carried(page), "ticket": "P000001", "sentido": "out"}).status_code == 200
    assert minutes(app, world, 1) == 30


def test_the_same_form_sent_twice_is_one_mark(app, world, client_of, screen):
    phone, (token, _typed) = client_of("nobody"), shown(app, world, screen)
    page = phone.get(f"/seminarios/aqui/{token}")
    for _ in range(2):
        phone.send(f"/seminarios/aqui/{token}", {"pase": carried(page), "ticket": "P000001", "sentido": "in"})
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(func.count()).select_from(PresenceMark)) == 1


def test_yesterdays_code_is_told_by_its_time(app, world, client_of, screen):
    token, _typed = shown(app, world, screen)
    world.later(days=1)
    page = client_of("nobody").get(f"/seminarios/aqui/{token}")
    assert page.status_code == 410 and "12-05-2027" in page.text and "ya cambió" in page.text
    assert client_of("nobody").get("/seminarios/aqui/7.0.1.aaaa").status_code == 404


def test_a_form_left_open_too_long_asks_for_the_code_again(app, world, client_of, screen):
    phone, (token, _typed) = client_of("nobody"), shown(app, world, screen)
    page = phone.get(f"/seminarios/aqui/{token}")
    world.later(minutes=11)
    late = phone.send(f"/seminarios/aqui/{token}", {"pase": carried(page), "ticket": "P000001", "sentido": "in"})
    assert late.status_code == 409 and "diez minutos" in late.text


def test_without_a_camera_both_codes_are_typed(app, world, client_of, screen):
    phone, (_token, typed) = client_of("nobody"), shown(app, world, screen)
    assert phone.send("/seminarios/aqui", {"ticket": "P000001", "shown": "AAAAAA", "sentido": "in"}).status_code == 422
    assert phone.send("/seminarios/aqui", {"ticket": "P000009", "shown": typed, "sentido": "in"}).status_code == 422
    done = phone.send("/seminarios/aqui", {"ticket": "p000001", "shown": f"{typed[:3]} {typed[3:].lower()}", "sentido": "in"})
    assert done.status_code == 200 and minutes(app, world, 1) == 80


# The office

def test_the_office_opens_a_door_and_sees_what_it_sends(app, world, client_of, door):
    olga = client_of("olga")
    page = olga.send(f"{BASE}/presencia/equipos", {"name": "Teléfono de Rosa", "does": "scan", "session": str(S2), "hours": "5"})
    assert page.status_code == 200
    link = re.search(r'value="(http://[^"]+/seminarios/puerta/([^"]+))"', page.text)
    assert "Teléfono de Rosa" in client_of("nobody").get(f"/seminarios/puerta/{link[2]}").text
    listed = olga.get(f"{BASE}/presencia").text
    assert link[2] not in listed and "Teléfono de Rosa" in listed       # shown once


def test_the_list_of_a_session_is_ticked_and_unticked(app, world, client_of, door):
    olga, url = client_of("olga"), f"{BASE}/sesiones/{S1}/lista"
    world.now = STARTS[S1] + timedelta(hours=3)
    olga.send(url, {"vista": ["1", "2", "4"], "presente": ["1", "4"]})
    assert [minutes(app, world, n) for n in (1, 2, 4)] == [90, None, 90]
    olga.send(url, {"vista": ["1", "2"], "presente": []})              # the fourth was not on that page
    assert [minutes(app, world, n) for n in (1, 4)] == [None, 90]
    olga.send(url, {"vista": ["1"], "presente": ["1"]})
    assert minutes(app, world, 1) == 90


def test_the_offices_word_counts_before_the_door_until_it_is_taken_back(app, world, client_of, door):
    olga, official, url = client_of("olga"), client_of("nobody"), f"{BASE}/inscripciones/1/presencia"
    world.now = STARTS[S1] + LONG + timedelta(minutes=1)
    sent(official, door, mark("P000001", "in", STARTS[S1]), mark("P000001", "out", STARTS[S1] + timedelta(minutes=20)), clock=world.now)
    assert minutes(app, world, 1) == 20
    for _ in range(2):
        olga.send(f"{url}/minutos", {"session": str(S1), "minutes": "75", "reason": "Estuvo en la cabina de traducción.", "key": "one"})
    assert minutes(app, world, 1) == 75
    page = olga.get(url).text
    assert "cabina de traducción" in page and "valen sobre lo demás" in page
    marked = re.findall(r"/presencia/marcas/(\d+)/retiro", page)
    assert len(marked) == 3
    assert olga.send(f"{url}/marcas/{marked[-1]}/retiro", {"reason": ""}).status_code == 422
    assert olga.send(f"{url}/marcas/{marked[-1]}/retiro", {"reason": "Era otra persona."}).status_code == 303
    assert minutes(app, world, 1) == 20 and "Era otra persona." in olga.get(url).text


def test_more_minutes_than_the_session_had_are_refused(client_of, door):
    page = client_of("olga").send(f"{BASE}/inscripciones/1/presencia/minutos", {"session": str(S1), "minutes": "91", "reason": "Porque sí, dijo."})
    assert page.status_code == 422 and "dura 90 minutos" in page.text


def test_an_auditor_sees_presence_and_changes_nothing(client_of, door):
    aldo = client_of("aldo")
    assert aldo.get(f"{BASE}/presencia").status_code == 200 and "Abrir un equipo" not in aldo.get(f"{BASE}/presencia").text
    assert aldo.send(f"{BASE}/presencia/equipos", {"name": "x", "does": "scan", "session": "0", "hours": "1"}).status_code == 403
