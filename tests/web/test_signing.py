"""Signing in and out, and one-time links: what is answered, what is kept, and what nobody may learn from it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.foundation.audit import AuditLine
from lms.people import actions, links, queries
from lms.people.models import OneTimeLink, Person, SignInFailure, UserSession
from tests.client import Client
from tests.looking import act, link_in, mails, one, rows, statements, text
from tests.world import PASSWORD

NEW = "montaña lluvia y tranvía"


def enter(client, email="ana@example.org", password=PASSWORD, **more):
    return client.send("/ingresar", {"email": email, "password": password, **more})


def test_the_right_password_opens_the_first_page_and_leaves_a_line(app, client_of):
    browser = client_of("nobody")
    answer = enter(browser)
    assert (answer.status_code, answer.location) == (303, "/inicio")
    assert browser.get("/cuenta").status_code == 200
    line = one(app, select(AuditLine).where(AuditLine.deed == "sign_in.accepted"))
    assert line.actor_id == 1 and line.subject == "person:1"


def test_an_address_may_be_typed_in_capitals(client_of):
    assert enter(client_of("nobody"), " ANA@Example.org ").status_code == 303


def test_a_wrong_address_a_wrong_password_no_password_yet_and_a_closed_account_get_one_answer(app, world, client_of):
    with app.extensions["database"].transaction() as session:
        session.get(Person, world.people["beto"]).password_hash = None
        session.get(Person, world.people["irma"]).closed_at = world.now
    answers = {}
    for email, password in [("ana@example.org", "no es esta"), ("nadie@example.org", PASSWORD),
                            ("beto@example.org", PASSWORD), ("irma@example.org", PASSWORD)]:
        answer = enter(client_of("nobody"), email, password)
        body = re.sub(r'name="csrf_token" value="[^"]+"', "", text(answer)).replace(email, "@")
        answers[email] = (answer.status_code, body)
    assert len(set(answers.values())) == 1 and answers["ana@example.org"][0] == 422


def test_an_unknown_account_costs_as_much_work_as_a_known_one(client_of, monkeypatch):
    looked = []
    monkeypatch.setattr("lms.people.passwords.PasswordHasher.verify",
                        lambda _, stored, password: looked.append(stored) or False)
    for email in ("ana@example.org", "nadie@example.org", "no es un correo"):
        enter(client_of("nobody"), email)
    assert len(looked) == 3


def test_ten_wrong_tries_pause_an_account_wherever_they_come_from(world, client_of):
    for n in range(10):
        browser = client_of("nobody")
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        assert enter(browser, password="no es esta").status_code == 422
    browser = client_of("nobody")
    browser.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    answer = enter(browser)
    assert answer.status_code == 429 and "pausa de 15 minutos" in text(answer)
    world.later(minutes=16)
    assert enter(browser).status_code == 303


def test_tries_at_the_same_moment_are_counted_before_they_are_looked_at(app, world):
    browsers = [Client(app) for _ in range(16)]
    tokens = [browser.token() for browser in browsers]
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda pair: pair[0].post("/ingresar", data={
            "email": "ana@example.org", "password": "no es esta", "csrf_token": pair[1]}).status_code,
            zip(browsers, tokens, strict=True)))
    assert sorted(answers) == [422] * 10 + [429] * 6


def test_an_account_that_does_not_exist_is_paused_alike(client_of):
    for n in range(11):
        browser = client_of("nobody")
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        answer = enter(browser, "nadie@example.org")
    assert answer.status_code == 429


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8:1:2:{n}::1"])
def test_ten_wrong_tries_pause_an_address_whatever_they_name(client_of, address):
    for n in range(11):
        browser = client_of("nobody")
        browser.environ_base["REMOTE_ADDR"] = address.format(n=n)
        answer = enter(browser, f"nadie{n}@example.org")
    assert answer.status_code == 429


def test_signing_in_well_does_not_use_up_the_tries_of_a_shared_address(client_of):
    for _ in range(12):
        assert enter(client_of("nobody")).status_code == 303


def test_a_refused_sign_in_is_kept_though_the_answer_is_an_error_and_names_no_address(app, client_of):
    enter(client_of("nobody"), password="no es esta")
    enter(client_of("nobody"), "secreto@example.org")
    assert one(app, select(func.count(SignInFailure.id))) == 4
    lines = rows(app, select(AuditLine.subject, AuditLine.detail).where(AuditLine.deed == "sign_in.refused"))
    assert [line.subject for line in lines] == ["person:1", "person:unknown"]
    assert "secreto" not in str(lines)


def test_a_password_hashed_with_old_parameters_is_hashed_again(app, client_of):
    with app.extensions["database"].transaction() as session:
        session.get(Person, 1).password_hash = PasswordHasher(memory_cost=8192, time_cost=1).hash(PASSWORD)
    assert enter(client_of("nobody")).status_code == 303
    assert "m=19456,t=2,p=1" in one(app, select(Person.password_hash).where(Person.id == 1))


def test_a_session_planted_before_signing_in_is_worth_nothing_after(app, client_of):
    browser = client_of("nobody")
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"], cookie["csrf_token"] = "chosen by the attacker", "x", "f" * 40
    enter(browser)
    with browser.session_transaction() as cookie:
        assert cookie["_user_id"] != "chosen by the attacker"
        assert "planted" not in cookie and cookie.get("csrf_token") != "f" * 40
        assert one(app, select(func.count(UserSession.id)).where(UserSession.token_hash == cookie["_user_id"])) == 0


def test_signing_in_as_someone_else_ends_the_session_before(app, world, client_of):
    browser = client_of("beto")
    enter(browser)
    assert one(app, select(UserSession.ended_at).where(UserSession.person_id == world.people["beto"]))


def test_the_same_person_signing_in_again_can_still_send_a_page_left_open(app, world, client_of):
    browser = client_of("ana")
    token = browser.token()
    with app.extensions["database"].transaction() as session:
        session.get(UserSession, 1).ended_at = world.now
    assert browser.get("/cuenta").status_code == 303
    enter(browser)
    answer = browser.post("/cuenta/sesiones/otras/fin", data={"csrf_token": token})
    assert answer.status_code == 303


def test_a_form_without_its_token_signs_nobody_in(client_of):
    answer = client_of("nobody").post("/ingresar", data={"email": "ana@example.org", "password": PASSWORD})
    assert answer.status_code == 400


@pytest.mark.parametrize("target, goes", [
    ("/cuenta/sesiones", "/cuenta/sesiones"), ("/personas?q=a", "/personas?q=a"), ("//evil.org", "/inicio"),
    ("https://evil.org", "/inicio"), ("/\\evil.org", "/inicio"), ("/ingresar?next=/", "/inicio")])
def test_signing_in_leads_to_own_pages_only(client_of, target, goes):
    assert enter(client_of("nobody"), next=target).location == goes
    assert f'value="{target}"' not in text(client_of("nobody").get("/ingresar?next=//evil.org"))


def test_a_page_that_asks_to_sign_in_is_come_back_to(client_of):
    browser = client_of("nobody")
    assert browser.get("/cuenta/sesiones").location == "/ingresar?next=/cuenta/sesiones"
    assert 'name="next" value="/cuenta/sesiones"' in text(browser.get("/ingresar?next=/cuenta/sesiones"))


@pytest.mark.parametrize("email, lasting, hours", [
    ("ana@example.org", "y", 30 * 24), ("ana@example.org", None, 12), ("ivan@example.org", "y", 12),
    ("olga@example.org", "y", 12)])
def test_staff_stay_signed_in_for_a_day_and_students_for_a_month_if_they_ask(app, client_of, email, lasting, hours):
    answer = enter(client_of("nobody"), email, **({"lasting": lasting} if lasting else {}))
    made = one(app, select(UserSession))
    assert (made.expires_at - made.created_at).total_seconds() == hours * 3600
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("lms="))
    assert ("Expires=" in cookie) is bool(lasting) and "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_session_ends_when_its_time_is_up(world, client_of):
    browser = client_of("nobody")
    enter(browser, "olga@example.org")
    world.later(hours=11, minutes=59)
    assert browser.get("/personas").status_code == 200
    world.later(minutes=2)
    assert browser.get("/personas").status_code == 303


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(app, client_of):
    browser, thief = client_of("nobody"), Client(app)
    enter(browser)
    stolen = browser.get_cookie("lms").value
    assert browser.send("/salir").status_code == 303
    thief.set_cookie("lms", stolen)
    assert thief.get("/cuenta").status_code == 303


def test_the_last_use_of_a_session_moves_when_something_is_sent_and_not_more_than_every_ten_minutes(
        app, world, client_of):
    browser, began = client_of("ana"), world.now
    seen = select(UserSession.seen_at)
    world.later(minutes=9)
    browser.send("/cuenta/sesiones/otras/fin")
    assert one(app, seen) == began
    world.later(minutes=9)
    browser.get("/cuenta")
    assert one(app, seen) == began
    browser.send("/cuenta/sesiones/otras/fin")
    assert one(app, seen) == world.now


def test_knowing_who_acts_costs_one_statement(app, world):
    with app.extensions["database"].transaction() as session:
        session.add(UserSession(person_id=2, token_hash=queries.token_hash("t"), created_at=world.now,
                                seen_at=world.now, expires_at=world.now.replace(year=2028)))
    with app.extensions["database"].reading() as session, statements(app) as ran:
        actor = queries.actor_by_token(session, "t", world.now)
    assert actor.person_id == 2 and len(ran) == 1


# One-time links

def invite(app, world, **more):
    return act(app, actions.invite, world.people["olga"], world.now, email="nora@example.org", given_names="Nora",
               surname1="Núñez", base_url="https://escuela.example", **more)


def test_an_invitation_is_looked_at_as_often_as_one_likes_and_used_once(app, world, client_of):
    person_id = invite(app, world)
    link, browser = link_in(mails(app)[-1]), client_of("nobody")
    assert "https://escuela.example/enlace/" in mails(app)[-1]
    for _ in range(3):
        assert "Nora Núñez" in text(browser.get(link))
    assert FlaskClient.open(browser, link, method="HEAD").status_code == 200
    answer = browser.send(link, {"password": NEW, "again": NEW})
    assert answer.location == "/inicio" and browser.get("/cuenta").status_code == 200
    assert client_of("nobody").send(link, {"password": NEW + "2", "again": NEW + "2"}).status_code == 410
    assert client_of("nobody").get(link).status_code == 410
    assert enter(client_of("nobody"), "nora@example.org", NEW).status_code == 303
    assert one(app, select(AuditLine.actor_id).where(AuditLine.deed == "invitation.used")) == person_id


def test_only_the_hash_of_a_link_and_of_a_session_is_kept(app, world, client_of):
    invite(app, world)
    token = link_in(mails(app)[-1]).rpartition("/")[2]
    assert len(token) >= 43
    assert token not in str(rows(app, select(OneTimeLink.token_hash)))


@pytest.mark.parametrize("purpose, alive, dead", [("invitation", 14 * 24 * 60 - 1, 2), ("reset", 29, 2)])
def test_a_link_lasts_its_time(app, world, client_of, purpose, alive, dead):
    act(app, links.send, world.now, 1, purpose, "https://escuela.example")
    link = link_in(mails(app)[-1])
    world.later(minutes=alive)
    assert client_of("nobody").get(link).status_code == 200
    world.later(minutes=dead)
    assert client_of("nobody").get(link).status_code == 410
    assert client_of("nobody").send(link, {"password": NEW, "again": NEW}).status_code == 410


def test_a_newer_link_makes_the_older_worthless(app, world, client_of):
    for _ in range(2):
        act(app, links.send, world.now, 1, "reset", "https://escuela.example")
    older, newer = map(link_in, mails(app))
    assert client_of("nobody").get(older).status_code == 410
    assert client_of("nobody").get(newer).status_code == 200


def test_a_reset_ends_every_session_and_every_other_link_and_tells_the_owner(app, world, client_of):
    before = client_of("ana")
    act(app, links.send, world.now, 1, "reset", "https://escuela.example")
    act(app, links.send, world.now, 1, "invitation", "https://escuela.example")
    reset, invitation = map(link_in, mails(app))
    browser = client_of("nobody")
    assert browser.send(reset, {"password": NEW, "again": NEW}).status_code == 303
    assert before.get("/cuenta").status_code == 303
    assert browser.get("/cuenta").status_code == 200
    assert client_of("nobody").get(invitation).status_code == 410
    assert "Su contraseña cambió" in mails(app)[-1]
    assert enter(client_of("nobody"), password=PASSWORD).status_code == 422


def test_a_weak_password_does_not_use_up_the_link(app, world, client_of):
    invite(app, world)
    link, browser = link_in(mails(app)[-1]), client_of("nobody")
    for password, again, told in [("corta", "corta", "al menos 12"), (NEW, NEW + "x", "no son iguales"),
                                  ("nora nora nora", "nora nora nora", "fácil de adivinar")]:
        answer = browser.send(link, {"password": password, "again": again})
        assert answer.status_code == 422 and told in text(answer)
    assert browser.send(link, {"password": NEW, "again": NEW}).status_code == 303


def test_a_link_of_a_closed_account_opens_nothing(app, world, client_of):
    person_id = invite(app, world)
    act(app, actions.close_account, world.people["olga"], world.now, person_id)
    assert client_of("nobody").get(link_in(mails(app)[-1])).status_code == 410


def test_asking_for_a_reset_tells_nothing_about_the_account(app, client_of):
    answers = {}
    for email in ("ana@example.org", "nadie@example.org", "no es un correo"):
        browser = client_of("nobody")
        answer = browser.send("/clave", {"email": email})
        answers[email] = (answer.status_code, answer.location)
    assert len(set(answers.values())) == 1
    assert "Si hay una cuenta" in text(browser.get(answer.location))
    assert len(mails(app)) == 1


def test_nobodys_mailbox_is_filled_with_resets(app, world, client_of):
    for n in range(6):
        browser = client_of("nobody")
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        assert browser.send("/clave", {"email": "ana@example.org"}).status_code == 303
    assert len(mails(app)) == 3
    for n in range(11):
        answer = client_of("nobody").send("/clave", {"email": f"nadie{n}@example.org"})
    assert answer.status_code == 429


def test_links_in_mail_never_follow_the_host_of_the_request(app, client_of):
    browser, evil = client_of("nobody"), "http://evil.example"
    token = re.search(r'csrf_token" value="([^"]+)', text(browser.get("/clave", base_url=evil)))[1]
    browser.post("/clave", base_url=evil, data={"email": "ana@example.org", "csrf_token": token},
                 headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert "http://localhost/enlace/" in mails(app)[-1] and "evil" not in mails(app)[-1]


def test_the_page_of_a_link_sends_its_address_nowhere(app, world, client_of):
    invite(app, world)
    assert client_of("nobody").get(link_in(mails(app)[-1])).headers["Referrer-Policy"] == "no-referrer"


# Again, without leaving a page ----------------------------------------------------------------------------------------

def here(client, person, password=PASSWORD, email="ana@example.org"):
    door = client.get("/ingresar/aqui", headers={"Accept": "application/json"}).json
    return client.post("/ingresar/aqui", json={"email": email, "password": password, "person": person},
                       headers={"X-CSRF-Token": door["token"], "Accept": "application/json"})


def test_signing_in_again_in_a_page_opens_a_session_for_the_one_who_was_there(client_of, world):
    client = client_of("nobody")
    answer = here(client, world.people["ana"])
    assert answer.status_code == 200 and answer.json["person"] == world.people["ana"]
    assert client.get("/ingresar/aqui").json["person"] == world.people["ana"] and client.get("/inicio").status_code == 200


def test_another_person_does_not_take_over_a_page_even_with_the_right_password(client_of, world):
    client = client_of("nobody")
    refused, wrong = here(client, world.people["beto"]), here(client, world.people["ana"], "no es esta frase")
    assert refused.status_code == wrong.status_code == 422 and refused.json == wrong.json
    assert client.get("/ingresar/aqui").json["person"] is None


def test_signing_in_again_counts_its_tries_like_the_page(client_of, world):
    client = client_of("nobody")
    for _ in range(10):
        assert here(client, world.people["ana"], "no es esta frase").status_code == 422
    stopped = here(client, world.people["ana"])
    assert stopped.status_code == 429 and "pausa de 15 minutos" in stopped.json["message"]


@pytest.mark.parametrize("sent", [None, [], "x", {}, {"email": 1, "password": "x", "person": 1},
                                  {"email": "a@b.cl", "password": "x", "person": True}])
def test_what_the_pages_script_does_not_send_is_refused(client_of, sent):
    client = client_of("nobody")
    token = client.get("/ingresar/aqui").json["token"]
    assert client.post("/ingresar/aqui", json=sent, headers={"X-CSRF-Token": token}).status_code == 422
    assert client.post("/ingresar/aqui", json=sent).status_code == 400
