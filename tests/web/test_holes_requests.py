"""Holes 11, 19 and 24: what a request says of its host, of where to go next and of who sent it; and what every answer says."""

import re
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import abort

from lms import create_app
from lms.foundation.outbox import OutboxJob
from lms.people.models import SignInFailure
from lms.people.rules import own_path
from tests.hostile import ELSEWHERE
from tests.looking import mails, one
from tests.plain import urls

JSON = {"Accept": "application/json"}
HOSTS = (           # 20 ways to name another host
    {"Host": "evil.example"}, {"Host": "evil.example:80"}, {"Host": "localhost.evil.example"}, {"Host": "localhost@evil.example"},
    {"Host": "localhost:80@evil.example"}, {"Host": "evil.example/"}, {"Host": "evil.example?"}, {"Host": "evil.example#localhost"},
    {"Host": "localhost evil.example"}, {"Host": "localhost,evil.example"}, {"Host": "[evil.example]"}, {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example"}, {"X-Host": "evil.example"}, {"X-HTTP-Host-Override": "evil.example"},
    {"Forwarded": "for=1.2.3.4;host=evil.example;proto=https"}, {"X-Original-URL": "http://evil.example/x"}, {"X-Rewrite-URL": "//evil.example/x"},
    {"X-Forwarded-Prefix": "//evil.example", "X-Script-Name": "//evil.example"}, {"X-Forwarded-Proto": "https://evil.example", "X-Forwarded-Port": "@evil.example"})
ALL_AT_ONCE = {name: value for tricks in reversed(HOSTS) for name, value in tricks.items()}
MAILING = ("people.reset_ask", "people.new_person", "people.invite_again", "people.change_password", "people.correct_person", "people.one_time_link",
           "cohorts.enrol", "cohorts.confirm_import", "grading.publish", "certificates.issue", "certificates.revoke", "certificates.replace")


def said(answer) -> str:
    return f"{answer.headers.get('Location', '')} {answer.get_data().decode('utf-8', 'replace')}"


# 11: the host ----------------------------------------------------------------------------------------------------------

def everywhere(plain, who: str) -> FlaskClient:
    """This person's browser, bringing its cookie whatever host it is told to ask."""
    browser = FlaskClient(plain.app, plain.app.response_class, use_cookies=False)
    browser.environ_base["HTTP_COOKIE"] = f"lms={plain.client(who).get_cookie('lms').value}"
    return browser


@pytest.mark.parametrize("endpoint", MAILING)
def test_no_letter_names_the_host_of_a_request(plain, offered, endpoint):
    """Every letter the house writes, with every trick in the request that causes it."""
    before = len(mails(plain.app))
    form = offered[endpoint]
    browser = everywhere(plain, form.who)
    sending = browser.post

    def post(url, **more):
        return sending(url, headers=ALL_AT_ONCE, **more)
    browser.post = post
    answer = form.send(plain, browser)
    assert answer.status_code == 303 and "evil" not in said(answer)
    letters = mails(plain.app)[before:]
    assert letters and not any("evil" in letter for letter in letters)
    for letter in letters:
        for address in re.findall(r"https?://[^\s\\\"]+", letter):
            assert address.startswith("http://localhost/"), address


@pytest.mark.parametrize("tricks", HOSTS, ids=lambda t: " ".join(f"{k}: {v}" for k, v in t.items()))
def test_no_link_names_another_host(plain, tricks):
    plain.app.config["URL"] = "https://escuela.example"
    answer = everywhere(plain, "nobody").post("/clave", data={"csrf_token": plain.token, "email": "ana@example.org"}, headers=tricks)
    assert answer.status_code == 303 and "https://escuela.example/enlace/" in mails(plain.app)[-1] and "evil" not in mails(plain.app)[-1]
    for url in ("/", "/ingresar", "/cuenta", "/nada", "/verificar"):
        answer = plain.client().get(url, headers=tricks)
        assert answer.status_code in (200, 303, 400, 404) and "evil" not in said(answer), url


def test_no_page_names_the_host_of_a_request(plain):
    for who in ("olga", "ana", "ivan"):
        browser = everywhere(plain, who)
        for _endpoint, method, url in urls(plain.app):
            if method == "GET":
                assert "evil" not in said(browser.get(url, headers=ALL_AT_ONCE | {"Host": "evil.example"})), url


# 19: where to go next --------------------------------------------------------------------------------------------------

def leaves(location: str) -> bool:
    """Whether a browser that is sent there leaves this site: it drops tabs and line ends, and reads "\\" as "/"."""
    seen = re.sub(r"[\t\r\n]", "", location).strip("\x00\x01\x02\x1f \x0b\x0c").replace("\\", "/")
    return seen.startswith("//") or not seen.startswith("/") or bool(urlsplit(seen).netloc)


@pytest.fixture
def any_password(monkeypatch):
    monkeypatch.setattr("lms.people.passwords.fits", lambda stored, password: password == "right")


@pytest.mark.parametrize("place", ["form", "address"])
def test_signing_in_leads_nowhere_else(plain, any_password, place):
    """Over 60 writings of another site, in the form and in the address: one's own path, or the first page."""
    assert len(ELSEWHERE) >= 60
    for target in ELSEWHERE:
        plain.restore()
        sent = {"email": "ana@example.org", "password": "right"} | ({"next": target} if place == "form" else {})
        answer = plain.client().post("/ingresar", data={"csrf_token": plain.token, **sent},
                                     query_string={"next": target} if place == "address" else None)
        if answer.status_code == 404 and "\0" in target:            # not even looked at
            continue
        assert answer.status_code == 303 and not leaves(answer.location), (target, answer.location)
        assert "\n" not in answer.location and "Set-Cookie: lms=x" not in str(answer.headers)
        page = plain.client().get("/ingresar", query_string={"next": target}).get_data(as_text=True)
        kept = re.search(r'name="next" value="([^"]*)"', page)
        assert kept is None or not leaves(kept[1]), (target, kept and kept[1])


def test_choosing_a_language_leads_nowhere_else(plain):
    browser = plain.client()
    for target in ELSEWHERE:
        answer = plain.send(browser, "/idioma", {"language": "es", "next": target})
        assert answer.status_code == 303 and not leaves(answer.location), (target, answer.location)


LINKS = {"seminars.material_file": "https://videos.example.org/panel"}      # where the office's own link leads, and nowhere else


def test_no_other_word_of_an_address_or_a_form_leads_anywhere(plain, offered):
    """`next`, `url`, `return`… where nobody asks for them."""
    words = ("next", "url", "redirect", "redirect_to", "return", "return_to", "returnUrl", "continue", "goto", "volver", "dest", "RelayState", "back")
    for form in offered.values():
        plain.restore(plain.copied)
        answer = form.send(plain, **{w: "//evil.example" for w in words if w not in form.names})
        assert not answer.location or not leaves(answer.location), form.endpoint
    for endpoint, method, url in urls(plain.app):
        if method == "GET":
            answer = plain.client("olga").get(url, query_string=dict.fromkeys(words, "//evil.example"))
            known = LINKS.get(endpoint)
            assert answer.location == known if known else not answer.location or not leaves(answer.location), endpoint


def test_who_is_sent_to_sign_in_comes_back_to_this_site(plain, any_password):
    for path in ("//evil.example/cuenta", "/\\evil.example/cuenta", "/cuenta//evil.example", "/cuenta", "/cohortes/1/nomina?q=//evil.example",
                 "/%2f%2fevil.example/cuenta", "/cohortes/1/modulos/%2fevil.example"):
        answer = plain.client().get(path)
        if answer.status_code == 303:
            back = unquote(answer.location.partition("next=")[2])
            assert own_path(back) is None or not leaves(back), path
        elif answer.location:
            assert urlsplit(answer.location).netloc in ("", "localhost"), (path, answer.location)


def test_a_path_of_ones_own_is_told_from_all_others():
    """The rule itself, with every writing before, after and within a path."""
    for target in ELSEWHERE:
        for made in (target, f"{target}/inicio", f"/{target}", f"/inicio{target}", target * 2, f" {target}", f"\t{target}"):
            assert own_path(made) is None or not leaves(own_path(made)), made
    for good in ("/inicio", "/cohortes/1/modulos/G1?a=b#c", "/cuenta?next=//evil.example", "/a/b/c-d_e.pdf", "/ñ"):
        assert own_path(good) == good


# 24: who sent it -------------------------------------------------------------------------------------------------------

@contextmanager
def behind(plain, proxies: int):
    """The same installation behind so many proxies of its own."""
    app = create_app(INSTANCE=plain.folder, DATABASE=f"sqlite:///{plain.file}", SECRET_KEY=plain.app.config["SECRET_KEY"], URL="https://escuela.example",
                     TESTING=True, PROPAGATE_EXCEPTIONS=True, TEMPLATE_CACHE=plain.app.config["TEMPLATE_CACHE"], COURSES=plain.folder, SMTP="",
                     MAIL_FROM="e@example.org", PROXIES=proxies, CLOCK=plain.app.config["CLOCK"])
    try:
        yield app
    finally:
        app.extensions["database"].engine.dispose()


def tries(plain, app, headers) -> list[int]:
    """Thirteen wrong sign-ins to thirteen accounts from one place, saying each time it is another."""
    answers = []
    for n in range(13):
        browser = FlaskClient(app, app.response_class)
        browser.set_cookie(app.config["SESSION_COOKIE_NAME"], plain.client().get_cookie("lms").value)
        answers.append(browser.post("/ingresar", data={"csrf_token": plain.token, "email": f"x{n}@example.org", "password": "no"},
                                    headers={k: v % n for k, v in headers.items()}, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status_code)
    return answers


SPOOFED = {"X-Forwarded-For": "198.51.100.%d", "X-Real-IP": "198.51.100.%d", "Forwarded": "for=198.51.100.%d", "Client-IP": "198.51.100.%d",
           "X-Client-IP": "198.51.100.%d", "CF-Connecting-IP": "198.51.100.%d", "True-Client-IP": "198.51.100.%d"}


def test_a_sender_is_where_it_is_and_not_where_it_says(plain, any_password):
    assert tries(plain, plain.app, SPOOFED) == [422] * 10 + [429] * 3
    assert one(plain.app, select(func.count(SignInFailure.key.distinct()))) == 11


def test_behind_a_proxy_only_what_the_proxy_added_is_believed(plain, any_password):
    with behind(plain, 1) as app:
        assert tries(plain, app, {"X-Forwarded-For": "198.51.100.%d, 192.0.2.9"}) == [422] * 10 + [429] * 3
        plain.restore()
        assert tries(plain, app, {"X-Forwarded-For": "192.0.2.9, 198.51.100.%d"}) == [422] * 13
        asked = FlaskClient(app, app.response_class).get("/ingresar", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})
        assert asked.headers["Strict-Transport-Security"].startswith("max-age=") and "evil" not in said(asked)
        assert "Secure" in asked.headers["Set-Cookie"]


def test_a_neighbour_under_the_same_domain_can_plant_no_cookie(plain):
    """Where the address is https the cookie's name says that only this very host may set it: no sibling, no http page.

    Else another site of the municipality could sign a person into a stranger's account without their knowing.
    """
    with behind(plain, 0) as app:
        browser = FlaskClient(app, app.response_class)
        made = browser.get("/ingresar", base_url="https://escuela.example").headers["Set-Cookie"]
        assert made.startswith("__Host-") and "Domain=" not in made and "Path=/" in made


def test_the_register_is_swept_no_faster_for_saying_to_be_many(plain):
    browser = plain.client()
    answers = [browser.get("/verificar?folio=x&codigo=y", headers={k: v % (n % 250) for k, v in SPOOFED.items()}).status_code for n in range(62)]
    assert answers == [422] * 60 + [429] * 2


# What every answer says ------------------------------------------------------------------------------------------------

ALWAYS = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}


PUBLIC = ("/.well-known/", "/did.json", "/insignias/", "/llaves/")


def guarded(answer, where) -> None:
    """The headers no page of ours goes without."""
    public = any(part in str(where) for part in PUBLIC)          # keys and badges, for other people's programs; nobody's cookie
    for name, value in ALWAYS.items():
        open_to_all = public and name == "Cross-Origin-Resource-Policy"
        assert answer.headers.get(name) in (value, "cross-origin" if open_to_all else value), (where, name)
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), where
    policy = dict(part.split(" ", 1) if " " in part else (part, "") for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'", where
    if "sandbox" not in policy:
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'" and policy["script-src"] == policy["form-action"] == "'self'", where
        assert policy["require-trusted-types-for"] == "'script'", where
    assert "unsafe" not in answer.headers["Content-Security-Policy"] and "*" not in answer.headers["Content-Security-Policy"], where
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers
    assert public or "Access-Control-Allow-Origin" not in answer.headers, where
    assert "Access-Control-Allow-Credentials" not in answer.headers and "camera=()" in answer.headers["Permissions-Policy"], where


@pytest.mark.parametrize("who", ["nobody", "ana", "ivan", "olga"])
def test_every_answer_has_its_headers_and_no_private_one_is_kept(plain, who):
    browser, seen = plain.client(who), set()
    for _endpoint, method, url in urls(plain.app):
        answer = browser.get(url) if method == "GET" else browser.post(url, headers=JSON)
        guarded(answer, (who, method, url))
        seen.add(answer.status_code)
        if who != "nobody" or answer.status_code >= 300:
            assert "no-store" in answer.headers["Cache-Control"] or url == "/robots.txt" or url.startswith(PUBLIC), (who, url)
    assert seen >= ({200, 303, 400, 404} if who == "nobody" else {200, 400, 403, 404})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 410, 413, 414, 415, 418, 422, 429, 431, 500, 501, 502, 503, 504])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_refusal_has_its_headers_and_tells_nothing_of_the_inside(plain, monkeypatch, status, accept):
    monkeypatch.setitem(plain.app.view_functions, "home.help", lambda: abort(status))
    answer = plain.client("ana").get("/ayuda", headers={"Accept": accept})
    assert answer.status_code == status and answer.mimetype == accept
    guarded(answer, status)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not re.search(r"Traceback|werkzeug|\.py|sqlalchemy|line \d+", said(answer), re.IGNORECASE)


@pytest.mark.parametrize("who", ["nobody", "ana"])
def test_what_breaks_has_its_headers_too(plain, monkeypatch, who):
    """A page that fails, a database that is gone: a page of ours, with a number to give the office and nothing else."""
    plain.app.config["PROPAGATE_EXCEPTIONS"] = False

    def fails():
        raise RuntimeError("secret detail 4711")
    monkeypatch.setitem(plain.app.view_functions, "home.help", fails)
    answer = plain.client(who).get("/ayuda")
    assert answer.status_code == 500 and "4711" not in said(answer) and answer.headers["X-Request-Id"] in said(answer)
    guarded(answer, who)

    def gone(*_args, **_more):
        raise OperationalError("SELECT secret", {"email": "ana@example.org"}, Exception("could not connect to 10.0.0.5"))
    monkeypatch.setattr("sqlalchemy.orm.Session.execute", gone)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalar", gone)
    for url in ("/", "/cuenta", "/ingresar", "/verificar?folio=EGL-2027-000001-10&codigo=" + "A" * 26):
        answer = plain.client(who).get(url)
        assert answer.status_code in (200, 303, 404, 422, 503), (url, answer.status_code, said(answer)[:300])
        assert "10.0.0.5" not in said(answer) and "SELECT" not in said(answer) and "ana@example.org" not in said(answer)
        guarded(answer, url)


def test_a_private_page_is_not_kept_under_the_name_of_a_picture(plain):
    """A cache that goes by the ending of an address must not get to keep it."""
    ana, name = plain.client("ana"), "Ana Pérez Soto"
    for page in ("/inicio", "/cuenta", "/mis-certificados", "/cohortes/1/notas"):
        for ending in ("/x.css", ".css", ";.css", "%0a.css", "%23.css", "%3f.css", "/..%2fs%2fapp.css", "?x=.css", "/%2e%2e/s/app.css", "//app.css", "/.js"):
            answer = ana.get(page + ending)
            assert name not in said(answer) or "no-store" in answer.headers["Cache-Control"], page + ending
            assert answer.status_code != 200 or "no-store" in answer.headers["Cache-Control"]


def test_no_header_unknown_to_caches_changes_a_page(plain):
    """What is not in Vary is not looked at: the same page whatever these headers say."""
    plain_page = said(plain.client().get("/accesibilidad"))
    shown = re.compile(r'name="csrf_token" value="[^"]+"')
    for headers in ({**ALL_AT_ONCE, "Host": "localhost"}, {"X-Forwarded-Scheme": "http"}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-SSL": "on"},
                    {"User-Agent": "<script>pwn()</script>"}, {"Referer": "https://evil.example"}, {"Origin": "https://evil.example"},
                    {"X-Requested-With": "XMLHttpRequest"}, {"DNT": "1"}, {"Save-Data": "on"}):
        answer = plain.client().get("/accesibilidad", headers=headers)
        assert shown.sub("", said(answer)) == shown.sub("", plain_page), headers
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_job_that_fails_keeps_its_letter_to_itself(plain):
    """What an answer says of a mail that could not leave is nothing: the letters stand in the outbox only."""
    plain.client().post("/clave", data={"csrf_token": plain.token, "email": "ana@example.org"})
    letter = one(plain.app, select(OutboxJob.payload))
    link = re.search(r"/enlace/([\w-]+)", letter)[1]
    for who, url in (("olga", "/inicio"), ("olga", "/bitacora"), ("aldo", "/bitacora"), ("nobody", "/health")):
        assert link not in said(plain.client(who).get(url)), url
