"""Holes 1, 3 and 18: another's things by their number, the twins of a guarded page, and what a mere look may not change.

See §7 of the trust goals. The table of doors (test_doors.py) says who may enter where; here the numbers in the addresses
are exchanged, the methods varied, and the whole database compared.
"""

import re
from itertools import product

import pytest
from sqlalchemy import select

from lms.attempts.models import Submission
from lms.cohorts.models import Enrolment
from tests.crowd import listed
from tests.plain import EVERYONE, ROW, urls
from tests.web.test_doors import OTHER_COHORT, ROWS

JSON = {"Accept": "application/json"}
ONES_OWN = {"attempt_id", "submission_id", "file_id", "enrolment_id", "person_id", "batch_id", "credit_id", "certificate_id"}
ANAS = {"attempt_id": 31, "submission_id": 31, "file_id": 31, "enrolment_id": 1, "person_id": 1, "batch_id": 1, "credit_id": 1,
        "certificate_id": 1}
BETOS = {name: 2 if name in ("enrolment_id", "person_id") else ROW for name in ONES_OWN}
MISSING = dict.fromkeys(ONES_OWN, 999_999)


def body(answer) -> str:
    """What a page says, without what differs at each asking."""
    return re.sub(r'name="csrf_token" value="[^"]+"|/cohortes/\d+|\d{6}', "", answer.get_data(as_text=True))


SAVE = '{"saves": [{"key": "abcdefgh", "question": "%s", "base": 0, "fields": [["r1.q", "a"]]}]}'


def ask(plain, who, method, url):
    browser = plain.client(who)
    if method == "GET":
        return browser.get(url)
    if url.endswith("/respuestas"):
        return browser.post(url, data=SAVE % "anio", content_type="application/json", headers={"X-CSRF-Token": plain.token})
    return plain.send(browser, url, {"reason": "Un motivo cualquiera"})


# 1: another's things --------------------------------------------------------------------------------------------------

def places(plain, **ids):
    """(endpoint, method, address) of every route that names a thing of a cohort by its number."""
    rules = {r.endpoint: r.arguments for r in plain.app.url_map.iter_rules()}
    return [(e, m, u) for e, m, u in urls(plain.app, **ids) if "cohort_id" in rules[e] and rules[e] & ONES_OWN]


@pytest.mark.parametrize("cohort, others", [(1, BETOS), (2, ANAS)], ids=["in Ana's cohort", "in Beto's cohort"])
def test_a_thing_of_another_cohort_is_as_if_it_were_not(plain, cohort, others):
    """Everyone, whatever their role, asks in one cohort for the things of the other: the answer is that of nothing."""
    with plain.app.extensions["database"].reading() as session:
        held = session.scalar(select(Enrolment.person_id).where(Enrolment.id == others["enrolment_id"]))
    assert held == plain.world.people["ana" if cohort == 2 else "beto"]
    asked, before = 0, plain.digest()
    foreign = places(plain, cohort_id=cohort, **others)
    nothing = {(e, m): u for e, m, u in places(plain, cohort_id=cohort, **MISSING)}
    for (endpoint, method, url), who in product(foreign, EVERYONE):
        answer = ask(plain, who, method, url)
        asked += 1
        if answer.status_code in (303, 403):        # turned away at the door
            assert answer.status_code == 403 or answer.location.startswith("/ingresar"), (who, method, url)
            continue
        assert answer.status_code == 404, (who, method, url, answer.status_code)
        missing = ask(plain, who, method, nothing[endpoint, method])
        assert (missing.status_code, body(missing)) == (404, body(answer)), (who, method, url)
    assert asked > 200 and plain.digest() == before


def test_a_fellow_student_finds_nothing_of_anas(plain):
    before, asked = plain.digest(), 0
    for endpoint, method, url in places(plain, cohort_id=1, **ANAS):
        answer = ask(plain, "ciro", method, url)
        assert answer.status_code in (403, 404), (endpoint, method, url, answer.status_code)
        asked += 1
    for url in OTHER_COHORT:
        assert plain.client("ciro").get(url.replace("/cohortes/2/", "/cohortes/1/")).status_code == 404, url
    assert asked > 25 and plain.digest() == before
    assert plain.send(plain.client("ciro"), "/cuenta/sesiones/1/fin").status_code == 404


def test_who_marks_one_module_finds_no_other(plain):
    gina = plain.client("gina")
    assert gina.get("/cohortes/1/corregir/entregas/31").status_code == 200
    assert gina.get("/cohortes/1/corregir/archivos/31").status_code == 200
    for url in ("/cohortes/1/corregir/entregas/32", "/cohortes/1/corregir/archivos/32", "/cohortes/1/corregir/intentos/31/ensayo",
                "/cohortes/1/publicar/G2/task", "/cohortes/1/publicar/G2/quiz"):
        assert gina.get(url).status_code == 404, url
        if "corregir" in url and "archivos" not in url:
            assert plain.send(gina, url, {"given": "3", "c0": "3", "c1": "3", "c2": "3", "c3": "3"}).status_code == 404, url
    assert plain.send(gina, "/cohortes/1/publicar", {"module": "G2", "item": "task", "marks": "1"}).status_code == 404
    shown = gina.get("/por-corregir").get_data(as_text=True)
    assert "/corregir/entregas/31" in shown and "G2" not in re.sub(r"\s", "", shown)


def test_nobody_marks_what_is_their_own(plain):
    """Iván also studies in Ana's cohort: his own work is not on his desk, nor in his queue."""
    ivan, then = plain.world.people["ivan"], plain.world.now
    with plain.app.extensions["database"].transaction() as session:
        session.add(Submission(id=77, cohort_id=1, person_id=ivan, edition_id=plain.world.edition, module="G1", version=1, text="Mío",
                               handed_in_at=then, receipt="7" * 64))
        listed(session)
    browser = plain.client("ivan")
    assert browser.get("/cohortes/1/corregir/entregas/77").status_code == 404
    assert plain.send(browser, "/cohortes/1/corregir/entregas/77", {f"c{i}": "3" for i in range(4)}).status_code == 404
    assert "/corregir/entregas/77" not in browser.get("/por-corregir").get_data(as_text=True)


def test_a_locked_module_shows_neither_its_lessons_nor_its_quiz_nor_its_task(plain):
    ana = plain.client("ana")
    for url in ("/cohortes/1/modulos/G2/lecciones/01-inicio", "/cohortes/1/modulos/G2/control", "/cohortes/1/modulos/G2/tarea"):
        shown = ana.get(url).get_data(as_text=True)
        assert not any(part in shown for part in ("para leer", "Un párrafo más", "Explique qué es", "ficha de una página")), url
    before = plain.digest()
    for url in ("/cohortes/1/modulos/G2/lecciones/01-inicio/leida", "/cohortes/1/modulos/G2/control", "/cohortes/1/modulos/G2/tarea"):
        assert plain.send(ana, url, {"texto": "Antes de tiempo"}).status_code == 409, url
    assert plain.digest() == before


def test_marks_not_yet_published_are_nowhere_on_the_students_pages(plain):
    """Iván gave Ana's second task 6 of 12 points and said so: until it is published she learns neither."""
    ana = plain.client("ana")
    for url in ("/cohortes/1/notas", "/cohortes/1/modulos/G2/resultado", "/cohortes/1/modulos/G2", "/cohortes/1/que-me-falta", "/inicio",
                "/cohortes/1/entregas/32"):
        shown = ana.get(url).get_data(as_text=True)
        assert "Bien." not in shown and "6 de 12" not in shown, url


# 3: the twins of a guarded page ---------------------------------------------------------------------------------------

SEALED = ("credits.arrive",)        # another system's: it brings a signature, not a token (tests/web/test_hooks.py)
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def test_every_method_of_every_address_for_everyone(plain):
    """Whatever is not in the table of doors is refused, and nothing is changed. (With that table: over 7 000 cells.)"""
    known = {}
    for endpoint, method, url in urls(plain.app):
        if endpoint in SEALED:
            continue
        known.setdefault(url, set()).add(method)
    cells, before = 0, plain.digest()
    for who in EVERYONE:
        browser = plain.client(who)
        for url, methods in known.items():
            for method in ("PUT", "PATCH", "DELETE"):
                assert browser.open(url, method=method, headers=JSON).status_code == 405, (who, method, url)
            forged = browser.post(url, headers={**JSON, "X-CSRF-Token": plain.token[:-3] + "abc"})
            assert forged.status_code == (400 if "POST" in methods else 405), (who, url)
            cells += 4
            if "GET" not in methods:
                assert browser.get(url, headers=JSON, query_string={"_method": "POST"}).status_code == 405
                cells += 1
    assert plain.digest() == before and cells > 4_000, cells


def test_a_method_named_in_a_header_or_a_field_is_not_obeyed(plain):
    """A GET that says it is a POST is a GET, and a POST without its token is refused whatever it says it is."""
    before, cells = plain.digest(), 0
    for who, (endpoint, method, url) in product(("ana",), list(urls(plain.app))):
        if endpoint in SEALED:
            continue
        browser = plain.client(who)
        headers = dict.fromkeys(OVERRIDES, "DELETE" if method == "GET" else "GET")
        if method == "POST":
            answer = browser.post(url, headers={**JSON, **headers}, data={"_method": "GET"})
            assert answer.status_code == 400, (who, url)
        else:
            assert browser.get(url, headers={**JSON, **headers}).status_code == browser.get(url, headers=JSON).status_code, (who, url)
        cells += 1
    assert plain.digest() == before and cells > 100


def test_head_is_behind_the_same_door_and_shows_nothing(plain):
    rows = [(url.replace("EDITION", plain.world.edition), cells.split()) for _e, method, url, cells in ROWS if method == "GET"]
    people = ["nobody", "ana", "beto", "ivan", "irma", "coral", "olga", "aldo"]
    status = {"f": (403,), "n": (404,), "g": (410,), "s": (303,), "i": (200, 302, 303, 409, 422)}
    for who, column in zip(people, zip(*(cells for _, cells in rows), strict=True), strict=True):
        browser = plain.client(who)
        for (url, _), cell in zip(rows, column, strict=True) if who in ("nobody", "beto", "ivan", "coral") else ():
            answer = browser.head(url)
            assert answer.status_code in status[cell] and not answer.data, (who, url, answer.status_code)


# 18: what a look changes ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who", EVERYONE)
def test_looking_at_every_page_changes_nothing(plain, who):
    """Also under other words in the address, and after the bell has rung, when pages have something to notice."""
    browser, before, asked = plain.client(who), plain.digest(), 0
    pages = [url for _e, method, url in urls(plain.app) if method == "GET"]
    pages += ["/cohortes/1/intentos/50", "/cohortes/1/intentos/50/entrega", "/cohortes/1/intentos/50/respuestas"]
    for hours in (0, 2):
        plain.world.later(hours=hours)
        for url in pages:
            words = {"confirmed": "1", "persona": "1", "modulo": "G1", "role": "office", "csrf_token": plain.token} if hours else None
            answer = browser.get(url, query_string=words)
            assert answer.status_code < 500, url
            asked += 1
    assert plain.digest() == before and asked > 150


def test_a_token_of_another_cookie_opens_nothing(plain):
    """A sign-in forced on somebody, or a page of another site with a token of its own, brings the wrong token."""
    olga, before = plain.client("olga"), plain.digest()
    stranger = plain.client("nobody")
    stranger.delete_cookie("lms")
    page = stranger.get("/ingresar").get_data(as_text=True)
    foreign = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    for endpoint, method, url in urls(plain.app):
        if method == "POST" and endpoint not in SEALED:
            assert olga.post(url, data={"csrf_token": foreign}, headers=JSON).status_code == 400, url
    assert plain.digest() == before


def test_a_script_of_another_site_can_not_save_an_answer(plain):
    """JSON, JSON said to be text (which needs no leave of the browser), and a form: none without the token."""
    ana, url, before = plain.client("ana"), "/cohortes/1/intentos/50/respuestas", plain.digest()
    raw = SAVE % "anio"
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert ana.post(url, data=raw, content_type=kind).status_code == 400, kind
    assert plain.digest() == before
    kept = ana.post(url, data=raw, content_type="application/json", headers={"X-CSRF-Token": plain.token})
    assert kept.status_code == 200 and plain.digest() != before


def test_the_cookie_does_not_come_along_from_another_site(plain):
    """SameSite=Lax and HttpOnly always; Secure and bound to this very host where the address is https."""
    browser = plain.client()
    browser.delete_cookie("lms")
    plain.app.config.update(SESSION_COOKIE_SECURE=True)
    try:
        cookie = browser.get("/ingresar", base_url="https://localhost").headers["Set-Cookie"]
    finally:
        plain.app.config.update(SESSION_COOKIE_SECURE=False)
    for part in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
