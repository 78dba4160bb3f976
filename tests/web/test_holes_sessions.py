"""Holes 9, 10, 17 and 20: what signs somebody in, what no longer does, and what a stranger may learn at the door."""

import random
import re
import statistics
import time
from hashlib import sha256
from io import BytesIO

import pytest
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import select

from lms.certificates.models import Certificate
from lms.certificates.rules import folio
from lms.people import actions, links
from lms.people.models import OneTimeLink, Person, UserSession
from tests.looking import act, mails, one, rows
from tests.plain import RAW, cookie_of, token_of
from tests.world import PASSWORD

NEW = "montaña lluvia y tranvía"
ASKED = {"Accept": "application/json"}


def enter(plain, browser, email="ana@example.org", password=PASSWORD, **more):
    return plain.send(browser, "/ingresar", {"email": email, "password": password, **more})


def inside(browser) -> bool:
    return browser.get("/cuenta").status_code == 200


def cookie(browser) -> str:
    return browser.get_cookie("lms").value


def thief(plain, copied: str):
    """Another browser with a cookie that was copied."""
    browser = plain.client()
    browser.set_cookie("lms", copied)
    return browser


def page_token(browser) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/ingresar").get_data(as_text=True))[1]


# 9: a cookie is worth what its signature is worth ---------------------------------------------------------------------

def test_no_cookie_but_a_signed_one_with_a_live_token_signs_in(plain):
    good, app = plain.tokens["ana"], plain.app
    forged = [cookie_of(app, _user_id=wrong) for wrong in (
        "1", "ana@example.org", "", good[:-1], good + "x", good.upper(), sha256(good.encode()).hexdigest(), "' OR 1=1--", "\0", "%",
        good + "\0", "token-of-nobody")]
    keys = ("", "test", "secret", "dev", "a key of the tests of hole", "a key of the tests of holes ", "changeme")
    for salt in ("cookie-session", "session", "wtf-csrf-token", "roster"):
        for key in keys:
            forged.append(URLSafeTimedSerializer(key or "x", salt=salt).dumps({"_user_id": good}))
        forged.append(URLSafeSerializer(app.config["SECRET_KEY"], salt="roster").dumps({"_user_id": good}))
    real = cookie_of(app, _user_id=good)
    body, stamp, mac = real.split(".")
    forged += [body, f"{body}.{stamp}", f"{body}.{stamp}.", f"{body}..{mac}", f".{stamp}.{mac}", f"{body}.{stamp}.{mac[::-1]}", f"{real}.x",
               f"{body}.{stamp}.{'A' * len(mac)}", "none." + real, "x" * 4000, f'"{real}x"', "eyJhbGciOiJub25lIn0.eyJfdXNlcl9pZCI6MX0."]
    chance = random.Random(9)
    # The last letter of a signature holds two spare bits, which decode to nothing: it is left alone.
    for place in chance.sample(range(len(real) - 1), 60):
        letter = chance.choice([c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if c != real[place]])
        forged.append(real[:place] + letter + real[place + 1:])
    assert len(forged) > 100
    for value in forged:
        assert not inside(thief(plain, value)), value
    assert inside(thief(plain, real))


@pytest.mark.parametrize("name, value", [
    ("remember_token", "1|x"), ("remember_token", "token-of-ana-that-is-long-enough|" + "0" * 128), ("session", "x"), ("_user_id", "1"),
    ("user_id", "1"), ("lms", "x"), ("lms_session", "x"), ("Authorization", "Basic YW5h")])
def test_no_other_cookie_or_header_signs_in(plain, name, value):
    browser = plain.client()
    browser.set_cookie(name, value)
    assert not inside(browser)
    assert browser.get("/cuenta", headers={name: value, "X-Remote-User": "olga", "Remote-User": "olga@example.org",
                                           "X-Forwarded-User": "olga"}).status_code == 303


def test_a_mark_of_a_roster_is_only_what_we_signed_for_this_cohort(plain):
    sign = URLSafeSerializer(plain.app.config["SECRET_KEY"], salt="roster").dumps
    digest = plain.app.extensions["files"].put(BytesIO(b"Nombres;Primer apellido;Correo\nA;B;c@d.cl\n"), 999).sha256
    good = sign([1, digest, "n.csv"])
    bad = [good[:-2], good + "x", sign([2, digest, "n.csv"]), URLSafeSerializer("x", salt="roster").dumps([1, digest, "n.csv"]),
           URLSafeTimedSerializer(plain.app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps([1, digest, "n.csv"]), token_of(plain.app),
           cookie_of(plain.app, _user_id="x")]
    # Even signed, a name that is no digest of a kept file opens nothing on the disk.
    bad += [sign([1, wrong, "n.csv"]) for wrong in ("../../../../etc/passwd", "/etc/passwd", "a" * 64, digest.upper(), "", None, 1, [digest],
                                                    "..%2f" * 20, digest[:63] + "/", "." * 64)]
    bad += [sign(wrong) for wrong in ({}, [], [1], "x", None, [1, digest], ["1", digest, "n"], [True, digest, None, 4])]
    coral = plain.client("coral")
    assert coral.get("/cohortes/1/nomina/importar", query_string={"archivo": good}).status_code == 200
    for mark in bad:
        assert coral.get("/cohortes/1/nomina/importar", query_string={"archivo": mark}).status_code == 422, mark
        assert plain.send(coral, "/cohortes/1/nomina/importar/confirmar", {"archivo": mark}).status_code == 422, mark


# 17: sessions ----------------------------------------------------------------------------------------------------------

def planted_before(plain, browser):
    """What was in the cookie before signing in is not in it after: neither the session nor the token of the forms."""
    browser.set_cookie("lms", cookie_of(plain.app, _user_id="chosen by a thief", csrf_token=RAW, planted="x"))
    before, token = cookie(browser), plain.token
    enter(plain, browser)
    assert inside(browser) and cookie(browser) != before
    assert browser.post("/cuenta", data={"csrf_token": token}, headers=ASKED).status_code == 400
    return before


def signed_in_again(plain, browser):
    enter(plain, browser)
    copied = cookie(browser)
    browser.post("/ingresar", data={"csrf_token": page_token(browser), "email": "ana@example.org", "password": PASSWORD})
    assert cookie(browser) != copied and inside(browser)
    return copied


def signed_in_as_another(plain, browser):
    enter(plain, browser)
    copied = cookie(browser)
    browser.post("/ingresar", data={"csrf_token": page_token(browser), "email": "beto@example.org", "password": PASSWORD})
    return copied


def signed_out(plain, browser):
    enter(plain, browser)
    copied = cookie(browser)
    browser.post("/salir", data={"csrf_token": page_token(browser)})
    assert not inside(browser)
    return copied


def changed_the_password_elsewhere(plain, browser):
    enter(plain, browser)
    plain.send(plain.client("ana"), "/cuenta/clave", {"current": PASSWORD, "password": NEW, "again": NEW})
    return cookie(browser)


def changed_the_password_here(plain, browser):
    """The very session in which the password is changed: its cookie may be why it is changed. Its owner stays signed in."""
    enter(plain, browser)
    copied = cookie(browser)
    answer = browser.post("/cuenta/clave", data={"csrf_token": page_token(browser), "current": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 303 and inside(browser)
    return copied


def used_a_link(plain, browser):
    enter(plain, browser)
    act(plain.app, links.send, plain.world.now, 1, "reset", "http://localhost")
    link = re.findall(r"/enlace/[\w-]+", mails(plain.app)[-1])[0]
    assert plain.send(plain.client(), link, {"password": NEW, "again": NEW}).status_code == 303
    return cookie(browser)


def another_address(plain, browser):
    enter(plain, browser)
    plain.send(plain.client("olga"), "/personas/1/datos", {"email": "otra@example.org", "given_names": "Ana", "surname1": "Pérez"})
    return cookie(browser)


def closed(plain, browser):
    enter(plain, browser)
    plain.send(plain.client("olga"), "/personas/1/cierre")
    return cookie(browser)


def closed_and_reopened(plain, browser):
    copied = closed(plain, browser)
    plain.send(plain.client("olga"), "/personas/1/reapertura")
    return copied


def run_out(plain, browser):
    enter(plain, browser, lasting="y")
    plain.world.later(days=30, seconds=1)
    return cookie(browser)


def run_out_for_staff(plain, browser):
    enter(plain, browser, "olga@example.org", lasting="y")
    plain.world.later(hours=12, seconds=1)
    return cookie(browser)


def ended_from_the_list(plain, browser):
    enter(plain, browser)
    number = one(plain.app, select(UserSession.id).order_by(UserSession.id.desc()))
    assert plain.send(plain.client("ana"), f"/cuenta/sesiones/{number}/fin").status_code == 303
    return cookie(browser)


def ended_with_the_others(plain, browser):
    enter(plain, browser)
    assert plain.send(plain.client("ana"), "/cuenta/sesiones/otras/fin").status_code == 303
    return cookie(browser)


def became_staff_and_stayed(plain, browser):
    """A month-long session of a student who is given a post of the office ends with the working day."""
    enter(plain, browser, lasting="y")
    plain.send(plain.client("olga"), "/personas/1/papeles", {"role": "auditor"})
    plain.world.later(hours=12, seconds=1)
    return cookie(browser)


FLOWS = (planted_before, signed_in_again, signed_in_as_another, signed_out, changed_the_password_elsewhere, changed_the_password_here,
         used_a_link, another_address, closed, closed_and_reopened, run_out, run_out_for_staff, ended_from_the_list,
         ended_with_the_others, became_staff_and_stayed)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_the_cookie_of_before_is_worth_nothing(plain, flow):
    copied = flow(plain, plain.client())
    assert copied and not inside(thief(plain, copied))


def test_a_post_that_ends_ends_with_the_next_click(plain):
    coral = plain.client("coral")
    assert coral.get("/cohortes/1/nomina").status_code == 200
    act(plain.app, actions.end_posts, plain.world.people["olga"], plain.world.now, plain.world.people["coral"], "coordinator", 1)
    assert coral.get("/cohortes/1/nomina").status_code == 403


# 10: links to choose a password ----------------------------------------------------------------------------------------

def ask(plain, email="ana@example.org", address="192.0.2.1", **more):
    browser = plain.client()
    browser.environ_base["REMOTE_ADDR"] = address
    return plain.send(browser, "/clave", {"email": email}, **more)


def mailed(plain) -> list[str]:
    return [m for m in mails(plain.app) if "/enlace/" in m]


def link(plain, purpose="reset", person_id=1) -> str:
    act(plain.app, links.send, plain.world.now, person_id, purpose, "http://localhost")
    return re.findall(r"/enlace/[\w-]+", mailed(plain)[-1])[0]


def choose(plain, url, password=NEW, browser=None, **more) -> int:
    return plain.send(browser or plain.client(), url, {"password": password, "again": password, **more}).status_code


def spent(plain) -> str:
    url = link(plain)
    assert choose(plain, url) == 303
    return url


def late_reset(plain):
    url = link(plain)
    plain.world.later(minutes=30)
    return url


def late_invitation(plain):
    url = link(plain, "invitation")
    plain.world.later(days=14)
    return url


def older_of_two(plain):
    ask(plain)
    ask(plain)
    return re.findall(r"/enlace/[\w-]+", mailed(plain)[0])[0]


def after_another_link_was_used(plain):
    url, other = link(plain, "invitation"), link(plain)
    assert choose(plain, other) == 303
    return url


def after_the_password_changed(plain):
    url = link(plain)
    plain.send(plain.client("ana"), "/cuenta/clave", {"current": PASSWORD, "password": NEW, "again": NEW})
    return url


def after_the_address_changed(plain):
    url = link(plain)
    plain.send(plain.client("olga"), "/personas/1/datos", {"email": "otra@example.org", "given_names": "Ana", "surname1": "Pérez"})
    return url


def of_a_closed_account(plain):
    url = link(plain)
    plain.send(plain.client("olga"), "/personas/1/cierre")
    return url


def the_hash_of_a_good_one(plain):
    link(plain)
    return "/enlace/" + one(plain.app, select(OneTimeLink.token_hash).order_by(OneTimeLink.id.desc()))


DEAD = {f.__name__: f for f in (spent, late_reset, late_invitation, older_of_two, after_another_link_was_used, after_the_password_changed,
                                after_the_address_changed, of_a_closed_account, the_hash_of_a_good_one)}
DEAD |= {f"nearly right: {n}": (lambda plain, change=change: change(link(plain))) for n, change in enumerate((
    lambda u: u[:-1], lambda u: u + "x", lambda u: u.swapcase().replace("/ENLACE/", "/enlace/"), lambda u: u + "%20", lambda u: "/enlace/%20" + u[8:],
    lambda u: u[:-1] + ("A" if u[-1] != "A" else "B"), lambda u: "/enlace/" + "0" * 43, lambda u: "/enlace/1"))}


@pytest.mark.parametrize("name", DEAD)
def test_such_a_link_opens_nothing(plain, name):
    url = DEAD[name](plain)
    before = {p.id: p.password_hash for p in rows(plain.app, select(Person.id, Person.password_hash))}
    assert plain.client().get(url).status_code == 410 and choose(plain, url, "otra frase bastante larga") == 410
    assert {p.id: p.password_hash for p in rows(plain.app, select(Person.id, Person.password_hash))} == before


def test_a_link_is_hard_to_guess_and_only_its_hash_is_kept(plain):
    made = [link(plain).rpartition("/")[2] for _ in range(50)]
    assert len(set(made)) == 50 and all(len(token) >= 43 for token in made)        # 32 bytes of chance
    kept = repr({name: table for name, table in plain.tables().items() if name != "outbox_jobs"})
    assert not any(token in kept for token in made)


def test_a_link_sets_the_password_of_its_owner_and_of_no_one_else(plain):
    """Whoever is signed in meanwhile, and whatever other fields come along."""
    url, before = link(plain), one(plain.app, select(Person.password_hash).where(Person.id == 2))
    beto = plain.client("beto")
    assert choose(plain, url, browser=beto, person_id="2", email="beto@example.org", user="2") == 303
    assert one(plain.app, select(Person.password_hash).where(Person.id == 2)) == before
    assert "ana@example.org" in beto.get("/cuenta").get_data(as_text=True)


@pytest.mark.parametrize("typed", [
    "ana@example.org,evil@example.com", "ana@example.org;evil@example.com", "ana@example.org evil@example.com",
    "ana@example.org\r\nBcc: evil@example.com", "ana@example.org\nTo: evil@example.com", "ana@example.org%0aBcc:evil@example.com",
    "<evil@example.com> ana@example.org", '"ana@example.org"@example.com', "ana@example.org@example.com", "аna@example.org",
    "ana@еxample.org", "ana@example.org.", "*@example.org", "%@example.org", "ana@example.org\0evil"])
def test_no_address_but_the_owners_is_written_to(plain, typed):
    assert ask(plain, typed).status_code in (303, 422)
    assert all('"to": "ana@example.org"' in mail for mail in mailed(plain))
    assert not any("evil" in mail for mail in mails(plain.app))


@pytest.mark.parametrize("typed", ["ANA@EXAMPLE.ORG", " ana@example.org ", "ａｎａ@example.org"])
def test_an_address_typed_otherwise_is_written_to_as_it_is_kept(plain, typed):
    assert ask(plain, typed).status_code == 303
    assert [m for m in mailed(plain) if '"to": "ana@example.org"' in m] == mailed(plain) and len(mailed(plain)) == 1


def test_two_addresses_in_one_form_are_one(plain):
    assert plain.client().post("/clave", data={"csrf_token": plain.token, "email": ["ana@example.org", "beto@example.org"]}).status_code == 303
    assert len(mailed(plain)) == 1


def test_the_page_of_a_link_tells_no_other_site_and_is_kept_nowhere(plain):
    answer = plain.client().get(link(plain))
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.get_data(as_text=True))


def test_a_mailbox_is_not_filled_and_an_address_does_not_ask_for_ever(plain):
    answers = [ask(plain).status_code for _ in range(12)]
    assert answers == [303] * 10 + [429] * 2 and len(mailed(plain)) == 3


# 20: what a stranger may learn -----------------------------------------------------------------------------------------

def told(answer, *words) -> tuple:
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True))
    for word in words:
        page = page.replace(word, "@")
    return answer.status_code, page, sorted((k, v) for k, v in answer.headers if k not in ("X-Request-Id", "Set-Cookie", "Content-Length"))


def test_the_door_says_the_same_of_an_account_that_is_and_of_one_that_is_not(plain):
    with plain.app.extensions["database"].transaction() as session:
        session.get_one(Person, 2).password_hash = None
        session.get_one(Person, 4).closed_at = plain.world.now
    emails = ("ana@example.org", "beto@example.org", "irma@example.org", "nadie@example.org")
    assert len({repr(told(enter(plain, plain.client(), e, "no es esta"), e)) for e in emails}) == 1
    answers = []
    for n, email in enumerate((*emails, "x@y.cl")):
        answer = ask(plain, email, f"192.0.2.{n}")
        answers.append(repr((told(answer, email), told(plain.client().get(answer.location), email))))
    assert len(set(answers)) == 1
    for n in range(12):         # also while they are paused, wherever the tries come from
        browser = plain.client()
        browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        known, unknown = (told(enter(plain, browser, email, "no es esta"), email) for email in ("ana@example.org", "nadie@example.org"))
        assert known == unknown and known[0] == (422 if n < 9 else 429), n


def apart(plain, tries, *deeds) -> float:
    """How far apart the median costs of the deeds are, in ms of this process: other processes do not count."""
    spent = [[] for _ in deeds]
    for n in range(tries + 3):
        plain.world.later(minutes=31)
        for costs, deed in zip(spent, deeds, strict=True):
            began = time.process_time()
            deed(n)
            costs.append((time.process_time() - began) * 1000)
    medians = [statistics.median(costs[3:]) for costs in spent]
    return max(medians) - min(medians)


def test_signing_in_costs_the_same_whether_or_not_there_is_such_an_account(plain):
    with plain.app.extensions["database"].transaction() as session:
        session.get_one(Person, 2).password_hash = None
    browser = plain.client()

    def refused(email):
        return lambda n: enter(plain, browser, email, f"no es esta {n}")
    assert apart(plain, 25, refused("ana@example.org"), refused("nadie@example.org"), refused("beto@example.org")) < 5


def test_asking_for_a_link_costs_the_same_whether_or_not_there_is_such_an_account(plain):
    assert apart(plain, 50, lambda n: ask(plain, "ana@example.org", f"192.0.2.{n}"), lambda n: ask(plain, "nadie@example.org", f"192.0.2.{n}")) < 5


def test_verifying_costs_the_same_whether_or_not_there_is_such_a_certificate(plain):
    with plain.app.extensions["database"].transaction() as session:
        session.add(Certificate(id=99, series="EGL", year=2027, number=9, folio=folio("EGL", 2027, 9), code="C" * 26, kind="final", cohort_id=1,
                                person_id=1, snapshot=session.get_one(Certificate, 1).snapshot, sha256="c" * 64, issued_at=plain.world.now))
    known, unknown, stranger = folio("EGL", 2027, 9), folio("EGL", 2027, 8), plain.client()
    answers = {told(stranger.get(f"/v/{f}/{'D' * 26}"), f)[:2] for f in (known, unknown)}
    assert len(answers) == 1 and next(iter(answers))[0] == 404
    assert stranger.get(f"/v/{known}/{'C' * 26}").status_code == 200
    assert apart(plain, 60, lambda n: stranger.get(f"/v/{known}/{n:026}"), lambda n: stranger.get(f"/v/{unknown}/{n:026}")) < 5


def test_what_is_guarded_by_a_number_has_more_than_a_number(plain):
    """Codes of certificates, links and sessions: at least 128 bits of chance each."""
    code = one(plain.app, select(Certificate.code))
    assert len(code) * 5 >= 128
    enter(plain, browser := plain.client())
    assert len(cookie(browser)) > 60
    kept = one(plain.app, select(UserSession.token_hash).order_by(UserSession.id.desc()))
    assert len(kept) == 64 and kept not in cookie(browser)
