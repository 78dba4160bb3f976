"""Holes 2 and 21: what people typed is shown as text in every view of the staff, and asked of the database as a value."""

import json
import re
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from io import BytesIO

import pytest
from lxml import html
from sqlalchemy import event

from lms.attempts.models import Answer, Attempt, Marking, Submission, SubmissionFile
from lms.certificates.models import Certificate, CertificateEnd
from lms.certificates.rules import folio
from lms.cohorts.models import Cohort, Enrolment, Extension, RosterBatch, Signatory
from lms.credits.models import Credit, SourcePull
from lms.foundation.audit import AuditLine
from lms.people.models import Affiliation, Institution, Person, PersonPost, UserSession
from lms.people.names import search_key, sort_key
from lms.people.queries import token_hash
from tests.certified import snapshot
from tests.crowd import listed
from tests.hostile import SCRIPTS, SQL
from tests.offered import ROSTER, uploaded
from tests.plain import Plain, urls

FIRST = 200                     # ids of what is made here begin here
GOES = {"href", "src", "action", "formaction", "srcset", "data", "poster", "{http://www.w3.org/1999/xlink}href", "xlink:href", "content",
        "cite", "background", "ping"}
BAD = re.compile(r"[\s\x00-\x20]*(?:j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|v\s*b\s*s\s*c\s*r\s*i\s*p\s*t|d\s*a\s*t\s*a)\s*:", re.IGNORECASE)
MARKDOWN = {"a", "b", "br", "code", "em", "i", "strong", "blockquote", "li", "ol", "p", "ul", "pre", "h3", "hr"}


# 2: stored -------------------------------------------------------------------------------------------------------------

def plant(plain: Plain, texts) -> None:
    """For each text a person all of whose things say it: written directly, as if every form had let it through."""
    world, then = plain.world, plain.world.now - timedelta(days=1)
    stored = plain.app.extensions["files"].put(BytesIO(b"%PDF-1.4 planted"), 1 << 20)
    with plain.app.extensions["database"].transaction() as s:
        cohort = s.get_one(Cohort, 1)
        cohort.title = texts[0]
        for position, (name, office, place) in enumerate([texts[0:3], texts[3:6]]):
            s.add(Signatory(cohort_id=1, name=name, office=office, institution=place, position=2 + position))
        s.flush()
        for n, text in enumerate(texts, FIRST):
            s.add(Institution(id=n, kind="municipality", name=f"{text} {n}", short_name=text, country="CL", city=text,
                              sort_key=sort_key(text)))
            s.add(Person(id=n, email=f"p{n}@example.org", given_names=text, surname1=text, surname2=text, preferred_name=text,
                         treatment=text, certificate_name=text, certificate_name_confirmed_at=then, sort_key=sort_key(f"{n}"),
                         search_key=search_key(text), password_hash="x", created_at=then))
            s.flush()
            s.add(PersonPost(person_id=n, role="student", cohort_id=1, granted_at=then))
            s.add(PersonPost(person_id=n, role="instructor", cohort_id=2, module=text, institution_id=n, granted_at=then, granted_by=n))
            s.add(UserSession(person_id=n, token_hash=token_hash(f"planted {n}"), device=text, created_at=then, seen_at=then,
                              expires_at=then + timedelta(days=9)))
            s.add(Affiliation(person_id=n, institution_id=n, office=text))
            s.add(RosterBatch(id=n, cohort_id=1, file_name=text, file_hash="0" * 64, author_id=n, imported_at=then,
                              rows=json.dumps([{"row": 2, "outcome": "new", "person": n, "enrolment": n}])))
            s.flush()
            s.add(Enrolment(id=n, cohort_id=1, person_id=n, institution_id=n, batch_id=n, enrolled_at=then))
            mine = {"cohort_id": 1, "person_id": n, "edition_id": world.edition}
            s.add(Attempt(id=n, module="G2", number=1, seed=1, started_at=then, submitted_at=then, **mine))
            for version, number in ((1, n), (2, n + 100)):
                s.add(Submission(id=number, module="G1", version=version, text=text, handed_in_at=then, receipt="0" * 64, **mine))
            s.flush()
            s.add(Answer(attempt_id=n, question="ensayo", value=json.dumps(text), key=f"key-{n}-01", saved_at=then))
            s.add(Answer(attempt_id=n, question="anio", value=json.dumps(text), key=f"key-{n}-02", saved_at=then))
            s.add(SubmissionFile(id=n, submission_id=n + 100, name=f"{text}.pdf", kind="pdf", size=stored.size, sha256=stored.sha256))
            s.add(Marking(attempt_id=n, question="anio", points=Fraction(1), out_of=Fraction(1), feedback=text, marked_at=then))
            s.add(Marking(submission_id=n + 100, points=Fraction(6), out_of=Fraction(12), levels="[1, 2, 1, 2]", feedback=text,
                          marker_id=n, marked_at=then))
            s.add(Extension(cohort_id=1, person_id=n, module="G1", item="task", due_local="2027-05-10 23:00", reason=text, author_id=n,
                            given_at=then))
            for number, taken in ((n, None), (n + 100, n + 200)):
                s.add(Credit(id=number, source="office", reference=f"x{number}", kind="attendance", cohort_id=1, person_id=n, title=text,
                             hours=Fraction(1), day=then.date(), note=text, recorded_at=then, recorded_by=n))
                if taken:
                    s.flush()
                    s.add(Credit(id=taken, source="office", reference=f"x{taken}", kind="attendance", cohort_id=1, person_id=n, title=text,
                                 hours=Fraction(1), day=then.date(), note=text, recorded_at=then, withdraws_id=number))
            said = snapshot(n, holder_name=text, holder_document=text, programme=text, treatment=text, institutions=(text,), issued_place=text,
                            signatories=((text, text, text),), notice=text, scale=text, grade_words=text)
            for number in (n, n + 100):
                s.add(Certificate(id=number, series="EGX", year=2027, number=number, folio=f"EGX-2027-{number:06}-00", code=f"C{number:025}",
                                  kind="final", cohort_id=1, person_id=n, snapshot=said.to_json(), sha256=f"{number:064}", issued_at=then,
                                  issued_by=n))
            listed(s)
            s.flush()
            s.add(CertificateEnd(certificate_id=n + 100, kind="revoked", reason=text, ended_at=then, ended_by=n))
            s.add(SourcePull(source=text[:60], cohort_id=1, pulled_at=then, refused=json.dumps([[text, text]]), error=text))
            s.add(AuditLine(at=then, actor_id=n, deed=text[:60], subject=f"{text[:50]}:{text[:50]}", cohort_id=1,
                            detail=json.dumps({text: text, "before": text, "after": [text], "reason": text, "file": text})))
        s.add(Enrolment(cohort_id=1, person_id=plain.world.people["dora"], enrolled_at=then, withdrawn_at=then, withdrawn_why=texts[0]))


def lists() -> list[tuple[str, str]]:
    """(who, address) of every staff page on which all of them stand."""
    one = [("olga", url) for url in (
        "/personas", "/instituciones", "/bitacora", "/cohortes", "/cohortes/1/datos", "/cohortes/1/calendario",
        "/cohortes/1/nomina", "/cohortes/1/nomina?estado=todas", "/cohortes/1/nomina?estado=retiradas", "/cohortes/1/nomina/inscribir",
        "/cohortes/1/creditos", "/cohortes/1/avance", "/cohortes/1/certificados", "/cohortes/1/certificados?ver=emitidos",
        "/cohortes/1/certificados?ver=terminados", "/cohortes/1/certificados?ver=pendientes", "/cohortes/1/certificados/emitir",
        "/cohortes/1/publicar", "/cohortes/1/publicar/G1/task", "/inicio", "/cohortes/nueva", "/personas/nueva")]
    return one + [("ivan", "/por-corregir"), ("ivan", "/por-corregir?cohorte=1"), ("ivan", "/inicio"), ("ivan", "/cohortes/1/datos"),
                  ("coral", "/inicio"), ("coral", "/cohortes/1/nomina"), ("aldo", "/bitacora")]


def details(n: int) -> list[tuple[str, str]]:
    """(who, address) of every staff page about one of them."""
    return [("olga", url) for url in (
        f"/personas/{n}", f"/personas/{n}/datos", f"/personas/{n}/cierre", f"/instituciones/{n}", f"/cohortes/1/nomina/{n}/prorrogas",
        f"/cohortes/1/nomina/{n}/retiro", f"/cohortes/1/nomina/lotes/{n}", f"/cohortes/1/nomina/lotes/{n}/deshacer",
        f"/cohortes/1/creditos/{n}/retiro", f"/cohortes/1/avance/{n}", f"/cohortes/1/certificados/{n}/anular",
        f"/cohortes/1/certificados/{n}/reemplazar")] + [
        ("ivan", f"/cohortes/1/corregir/entregas/{n}"), ("ivan", f"/cohortes/1/corregir/entregas/{n + 100}"),
        ("ivan", f"/cohortes/1/corregir/intentos/{n}/ensayo")]


def own(n: int) -> list[str]:
    """The pages on which a person sees what they and their markers typed."""
    return ["/inicio", "/cuenta", "/cuenta/sesiones", "/cuenta/nombre-certificado", "/mis-certificados", "/cohortes/1/modulos/G1/tarea",
            f"/cohortes/1/entregas/{n}", "/cohortes/1/modulos/G1/resultado", f"/cohortes/1/intentos/{n}/revision", "/cohortes/1/notas"]


def shape(page: str) -> Counter:
    """What stands on a page: how often each element with each set of attributes."""
    return Counter((e.tag, *sorted(map(str, e.attrib))) for e in html.document_fromstring(page).iter() if isinstance(e.tag, str))


SAMPLE = re.compile(r"/(cohortes|seminarios)/1/certificados/muestra/\d(\?[\w=&%.+-]*)?$")
OWN = re.compile(r"http://localhost/seminarios/[\w-]+(\?idioma=[a-z]{2})?$")


def runs(page: str) -> list[str]:
    """Whatever on a page could run, or lead to what runs."""
    found = []
    for element in html.document_fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        here = f"<{element.tag} {dict(element.attrib)}>"[:200]
        found += [here for name, value in element.attrib.items() if name.lower().startswith("on") or name in ("style", "srcdoc")
                  or (name in GOES and BAD.match(value)) or (name in ("src", "action", "formaction") and "evil" in value.split("?")[0])]
        seen = re.fullmatch(r"/cohortes/\d+/corregir/archivos/\d+\?ver=1", str(element.get("src", "")))      # a PDF or image handed in
        if element.tag == "iframe" and seen and set(element.attrib) == {"class", "src", "title", "loading"}:
            continue
        if element.tag == "img" and SAMPLE.match(str(element.get("src"))):        # of a paper, drawn by us
            continue
        if element.tag == "video" and set(element.attrib) <= {"hidden", "muted", "playsinline"}:        # the door's camera
            continue
        if element.tag == "script" and dict(element.attrib) == {"type": "application/ld+json"}:         # no script: what search engines read
            continue
        if element.tag == "link" and element.get("rel") in ("canonical", "alternate") and OWN.match(str(element.get("href"))):
            continue
        if element.tag in ("iframe", "object", "embed", "base", "math", "style", "audio", "video", "x-pwn", "marquee", "frame"):
            found.append(here)
        if element.tag in ("script", "img") and not (element.tag == "img" and seen) and not str(element.get("src", "")).startswith("/s/"):
            found.append(here)
        if element.tag == "link" and not str(element.get("href", "")).startswith("/s/"):
            found.append(here)
        if element.tag == "meta" and element.get("http-equiv"):
            found.append(here)
    return found


def read(browser, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code in (200, 409), (url, answer.status_code)
    return answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def shapes(made_once):
    """What the pages look like when everyone wrote an ordinary word."""
    made_once.restore()
    plant(made_once, ["planted"] * len(SCRIPTS))
    browsers = {who: made_once.client(who) for who in ("olga", "ivan", "coral", "aldo")}
    return {(who, url): shape(read(browsers[who], url)) for who, url in lists() + details(FIRST)}


@pytest.fixture(scope="module")
def planted_once(made_once):
    made_once.restore()
    plant(made_once, list(SCRIPTS))
    return made_once.copy()


@pytest.fixture
def planted(plain, shapes, planted_once):
    plain.restore(planted_once)
    return plain


def test_no_list_of_the_staff_runs_what_people_typed(planted, shapes):
    """34 texts x every field a person can type, on every list of the staff: the same elements as for an ordinary word."""
    assert len(SCRIPTS) >= 30
    browsers = {who: planted.client(who) for who in ("olga", "ivan", "coral", "aldo")}
    shown = 0
    for who, url in lists():
        page = read(browsers[who], url)
        assert not runs(page), (who, url, runs(page))
        more = shape(page) - shapes[who, url]
        assert not {tag for tag, *_ in more} - {"wbr"}, (who, url, more)
        shown += "pwn()" in page
    assert shown > 20, "the texts are on the pages, as text"


@pytest.mark.parametrize("n", range(len(SCRIPTS)))
def test_no_page_about_one_person_runs_what_they_typed(planted, shapes, n):
    for who, url in details(FIRST + n):
        page = read(planted.client(who), url)
        assert not runs(page), (SCRIPTS[n], who, url, runs(page))
        more = shape(page) - shapes[who, url.replace(str(FIRST + n + 100), str(FIRST + 100)).replace(str(FIRST + n), str(FIRST))]
        assert not {tag for tag, *_ in more} - MARKDOWN, (SCRIPTS[n], who, url, more)
        assert "49{" not in page and "&lt;class" not in page and "<Config" not in page


@pytest.mark.parametrize("n", range(0, len(SCRIPTS), 3))
def test_ones_own_pages_run_nothing_either(planted, n):
    planted.tokens["planted"] = f"planted {FIRST + n}"
    browser = planted.client("planted")
    for url in own(FIRST + n):
        page = read(browser, url)
        assert not runs(page), (SCRIPTS[n], url, runs(page))


def test_a_roster_says_what_it_says_as_text(plain):
    """Each cell of a sheet, its headings and its name, in the preview and on the page of the import."""
    for n, text in enumerate(SCRIPTS):
        cell = text.replace('"', '""')
        row = f'"{cell}";"{cell}";p{n}@example.org;"{cell}";"{cell}";"{cell}"'
        url = uploaded(plain, content=f'Nombres;Primer apellido;Correo;Municipalidad;Cargo;"{cell}"\n{row}\n')
        page = read(plain.client("coral"), f"{url}&ver=todas")
        assert not runs(page), (text, runs(page))
        sent = plain.client("coral").post("/cohortes/1/nomina/importar", data={
            "csrf_token": plain.token, "file": (BytesIO(ROSTER.encode()), f"{text}.csv")})
        page = read(plain.client("coral"), sent.location) if sent.status_code == 303 else sent.get_data(as_text=True)
        assert sent.status_code in (303, 422) and not runs(page), (text, runs(page))


def test_the_public_page_of_a_certificate_shows_names_as_text(plain):
    """The holder chose the name, and the world reads it."""
    with plain.app.extensions["database"].transaction() as s:
        for n, text in enumerate(SCRIPTS, FIRST):
            said = snapshot(n, holder_name=text, programme=text, institutions=(text,), treatment=text)
            s.add(Certificate(id=n, series="EGX", year=2027, number=n, folio=folio("EGX", 2027, n), code=f"{n:026}", kind="final", cohort_id=1,
                              person_id=1, snapshot=said.to_json(), sha256=f"{n:064}", issued_at=plain.world.now))
            s.flush()
            s.add(CertificateEnd(certificate_id=n, kind="revoked", reason=text, ended_at=plain.world.now))
    for n, text in enumerate(SCRIPTS, FIRST):
        plain.app.extensions["verification_pace"].counts.clear()
        page = read(plain.client(), f"/v/{folio('EGX', 2027, n)}/{n:026}")
        assert not runs(page) and text in html.document_fromstring(page).text_content(), (text, runs(page))


# 2: reflected ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text", [SCRIPTS[n] for n in (1, 2, 5, 7, 10, 15, 29)])
def test_a_form_that_comes_back_shows_what_was_typed_as_text(plain, offered, text):
    """Also the word at the top of the next page, when the form was accepted."""
    for form in offered.values():
        if form.endpoint in ("people.sign_out", "attempts.hand_in_quiz", "people.close_account"):
            continue
        browser = plain.client(form.who)
        typed = {name: text for name, value in form.fields if name not in ("email", "based_on", "pagina", "base", "archivo")}
        answer = form.send(plain, browser, **typed)
        page = answer.get_data(as_text=True) if answer.status_code != 303 else ""
        if answer.status_code == 303 and answer.location.startswith("/"):
            page = browser.get(answer.location).get_data(as_text=True)
        assert not page or not runs(page), (form.endpoint, runs(page))


@pytest.mark.parametrize("text", [SCRIPTS[n] for n in (1, 7, 10)])
def test_an_address_is_shown_as_text(plain, text):
    names = ("q", "papel", "pagina", "hecho", "persona", "cohorte", "antes", "clase", "ver", "grupo", "modulo", "como", "folio", "codigo",
             "archivo", "institucion", "estado", "tras", "next", "enviado", "zona")
    for who, url in [("olga", u) for _e, m, u in urls(plain.app) if m == "GET"] + [("ivan", "/por-corregir"), ("nobody", "/ingresar"),
                                                                                ("nobody", "/verificar"), ("ana", "/inicio")]:
        answer = plain.client(who).get(url, query_string=dict.fromkeys(names, text))
        if url == "/verificar/sin-conexion.html":       # it is to be saved: its own script is within, let in by hash
            assert text not in answer.get_data(as_text=True)
        elif answer.mimetype == "text/html" and answer.status_code < 300 or answer.status_code >= 400:
            assert not runs(answer.get_data(as_text=True)), url
    for url in ("/enlace/%s", "/v/%s/%s", "/%s", "/cohortes/%s", "/catalogo/%s", "/s/%s"):
        answer = plain.client("olga").get(url.replace("%s", text.replace("/", "%2F").replace("?", "%3F").replace("#", "%23")))
        assert answer.mimetype != "text/html" or not runs(answer.get_data(as_text=True)), url


# 21: asked of the database ---------------------------------------------------------------------------------------------

@pytest.fixture(params=["plain", "plain_postgres"])
def either(request):
    return request.getfixturevalue(request.param)


def test_what_is_asked_is_never_part_of_a_statement(either):
    """43 texts x every word of an address and every field by which something is looked for, on both databases."""
    assert len(SQL) >= 40
    said = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        said.append((statement, len(str(parameters))))
    engine = either.app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    olga, ivan, ana, nobody = (either.client(who) for who in ("olga", "ivan", "ana", "nobody"))
    try:
        for n, text in enumerate(SQL):
            words = dict.fromkeys(("q", "papel", "hecho", "persona", "cohorte", "antes", "pagina"), text)
            assert "Nadie coincide" in olga.get("/personas", query_string={"q": text}).get_data(as_text=True), text
            for browser, url, more in (
                    (olga, "/personas", words), (olga, "/bitacora", words), (olga, "/instituciones", {"clase": text}),
                    (olga, "/cohortes/1/nomina", {"q": text, "institucion": text, "estado": text, "pagina": text}),
                    (olga, "/cohortes/1/avance", {"grupo": text}), (ivan, "/por-corregir", {"cohorte": text, "modulo": text, "clase": text}),
                    (ivan, "/por-corregir/siguiente", {"tras": text}), (ana, "/cohortes/1/intentos/50", {"otra": text, "pagina": text}),
                    (nobody, "/verificar", {"folio": text, "codigo": text})):
                assert browser.get(url, query_string=more).status_code in (200, 303, 404, 422), (url, text)
            if n % 4 == 0:
                for url, fields in (("/clave", {"email": text}), ("/clave", {"email": f"{text}@example.org"})):
                    nobody.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
                    assert either.send(nobody, url, fields).status_code in (303, 422), text
                either.send(olga, "/cohortes/1/nomina/inscribir", {"email": text, "given_names": text, "surname1": text, "number": text})
                olga.get(f"/catalogo/{text.replace('/', '')}".replace("?", "%3F").replace("#", "").replace("%", "%25"))
            for statement, _ in said:
                assert "zqx" not in statement, (text, statement)
            said.clear()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with either.app.extensions["database"].reading() as session:
        assert session.query(Person).count() == len(either.world.people)


@pytest.mark.parametrize("sign", ["%", "_", "\\", "%%%%%%%%", "*", "?", "[a-z]", "%_%_%_%"])
def test_the_signs_of_a_search_are_only_signs(either, sign):
    page = either.client("olga").get("/personas", query_string={"q": sign}).get_data(as_text=True)
    assert "Nadie coincide" in page
    page = either.client("coral").get("/cohortes/1/nomina", query_string={"q": sign}).get_data(as_text=True)
    assert "Pérez Soto, Ana" not in page
