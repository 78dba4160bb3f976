"""The public pages and the first page of each kind of person."""

import gzip
import io
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from lxml import html
from sqlalchemy import delete, update

from lms.attempts.models import Attempt, Marking, Submission
from lms.catalogue.models import Edition
from lms.cohorts.models import Cohort, Enrolment
from lms.credits import queries as credits
from lms.credits.models import Credit
from lms.credits.rules import Hours
from lms.foundation.outbox import OutboxJob
from lms.grading.models import Release
from lms.home import queries
from lms.lessons import queries as lessons
from lms.lessons.models import LessonRead
from lms.people import queries as people
from lms.people.models import Person, PersonPost
from tests.crowd import listed
from tests.looking import statements
from tests.programme import QUESTIONS

PUBLIC = ["/", "/programa", "/ayuda", "/accesibilidad", "/datos-personales"]
LMS = Path(__file__).parents[2] / "lms"
TRANSLATED = [                  # what is seen without signing in
    *(f"home/templates/{name}.html" for name in (
        "front", "programme", "help", "accessibility", "privacy", "public_parts")),
    *(f"people/templates/{name}.html" for name in ("sign_in", "reset_ask", "one_time_link")),
    *(f"certificates/templates/{name}.html" for name in ("verify", "verified", "file", "checks", "not_found")),
    "actas/templates/verified.html",
    *(f"seminars/templates/{name}.html" for name in (
        "agenda", "page", "page_parts", "public_parts", "seminar_head", "register", "received", "registration_shut",
        "new_delegation", "delegate_lines", "own", "own_answers", "own_minutes", "survey", "delegation", "ticket", "questions",
        "door", "screen", "here", "marked")),
    *(f"seminars/{name}.py" for name in (
        "showing", "own_pages", "registration_pages", "registration_forms", "here_pages", "door_pages", "letters", "telling")),
    *(f"internships/templates/host_{name}.html" for name in ("frame", "week", "plan", "evaluation", "done")),
    "internships/host_answers.py", "internships/link_pages.py",
    "foundation/templates/page.html", "foundation/templates/error.html", "foundation/errors.py",
    "certificates/verification.py"]
LIGHTEST = 20_000               # bytes of a first visit's page, compressed, without style, script and icons


@pytest.fixture
def ana(client_of):
    return client_of("ana")


@pytest.fixture
def visitor(client_of):
    return client_of("nobody")


@pytest.fixture
def write(app):
    """write(row, …): rows as they stand in the database."""
    def keep(*rows):
        with app.extensions["database"].transaction() as session:
            session.add_all(rows)
            listed(session)
    return keep


def text(response):
    assert response.status_code == 200, response.status_code
    return response.get_data(as_text=True).replace("\xa0", " ")


def words(response, path):
    found = html.document_fromstring(text(response)).xpath(path)
    return " ".join(" ".join(word for e in found for word in e.itertext()).split())


def done(world, module="G1", at=1, marker=None):
    """Rows of a module of Ana's with everything right and marked; by a person, still to be published."""
    who, when = world.people["ana"], world.now
    return ([Attempt(id=at, cohort_id=1, person_id=who, module=module, edition_id=world.edition, number=1, seed=1,
                     started_at=when, submitted_at=when),
             Submission(id=at, cohort_id=1, person_id=who, module=module, edition_id=world.edition, version=1,
                        handed_in_at=when, receipt=f"{at:064}")],
            [*(Marking(attempt_id=at, question=q.id, points=q.points, out_of=q.points, marked_at=when)
               for q in QUESTIONS),
             Marking(attempt_id=at, question="ensayo", points=Fraction(3), out_of=Fraction(3), marked_at=when),
             Marking(submission_id=at, points=Fraction(12), out_of=Fraction(12), marked_at=when, marker_id=marker)])


def confirm_name(app, world):
    with app.extensions["database"].transaction() as session:
        session.execute(update(Person).values(certificate_name="Ana Pérez Soto",
                                              certificate_name_confirmed_at=world.now))


def hours_of(world):
    """Rows of Ana's hours: all that the diploma asks for."""
    return [Credit(source="office", reference=kind, kind=kind, cohort_id=1, person_id=world.people["ana"], title="x",
                   hours=Fraction(hours), day=date(2027, 4, 1), recorded_at=world.now)
            for kind, hours in (("attendance", 12), ("internship", 20))]


# Public pages --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("url", PUBLIC)
@pytest.mark.parametrize("who", ["nobody", "ana"])
def test_public_pages_are_open_to_everybody(client_of, url, who):
    page = text(client_of(who).get(url))
    assert f'href="{PUBLIC[2]}"' in page


def test_the_front_page_shows_the_programme_its_hours_and_the_ways_in(visitor):
    page = text(visitor.get("/"))
    assert "Un diplomado de prueba." in page and "54 horas de trabajo en total: 2 créditos SCT-Chile" in page
    assert 'href="/programa"' in page and 'href="/ingresar"' in page and 'action="/verificar"' in page


def test_the_programme_tells_each_module_and_what_the_diploma_asks(visitor):
    page = text(visitor.get("/programa"))
    assert "G1 · Cooperación internacional" in page and "27 h · 1 SCT-Chile / 1 CRE" in page
    assert "Explica el tema." in page
    assert "12 horas de asistencia a seminarios" in page and "20 horas de pasantía validadas" in page


@pytest.mark.parametrize("url", ["/", "/programa"])
def test_before_any_course_is_loaded_the_site_stands(app, visitor, url):
    with app.extensions["database"].transaction() as session:
        for table in (PersonPost, Enrolment):
            session.execute(delete(table))
        for table in ("signatories", "cohort_partners", "cohorts"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
        session.execute(delete(Edition))
    assert "Todavía no hay un programa publicado." in text(visitor.get(url))


def test_the_privacy_page_tells_the_law_and_promises_no_terms_of_its_own(visitor):
    page = text(visitor.get("/datos-personales"))
    assert "Ley 21.719" in page and "30 días corridos" in page and "Ley 25.326" in page and "5 días hábiles" in page
    assert "72 horas" not in page and "afiliación política" in page


def test_robots_may_read_the_site_and_no_certificate(visitor):
    assert "Disallow: /v/" in text(visitor.get("/robots.txt"))


@pytest.mark.parametrize("url", PUBLIC)
def test_public_pages_are_light(visitor, url):
    assert len(gzip.compress(visitor.get(url).get_data(), 4)) <= LIGHTEST


# Language ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("code, title", [("pt", "Ajuda"), ("en", "Help"), ("es", "Ayuda"), ("es-AR", "Ayuda")])
def test_the_public_pages_change_language_and_remember_it(visitor, code, title):
    response = visitor.send("/idioma", {"language": code, "next": "/ayuda"})
    cookie = response.headers["Set-Cookie"]
    assert (response.status_code, response.location) == (303, "/ayuda")
    assert f"language={code}" in cookie and "SameSite=Lax" in cookie and "Max-Age=31536000" in cookie
    page = text(visitor.get("/ayuda"))
    assert f'<html lang="{code}">' in page and f"<h1>{title}</h1>" in page


def test_course_text_says_that_it_is_spanish_on_a_page_that_is_not(visitor):
    visitor.send("/idioma", {"language": "en"})
    page = html.document_fromstring(text(visitor.get("/programa")))
    assert page.xpath("//h3[@lang='es'][contains(., 'Cooperación')]")


def test_behind_the_sign_in_pages_are_all_in_spanish(ana):
    ana.set_cookie("language", "en")
    assert '<html lang="es">' in text(ana.get("/inicio")) and "Próximas fechas" in text(ana.get("/inicio"))
    assert '<html lang="en">' in text(ana.get("/ayuda"))


def test_an_argentine_browser_is_spoken_to_as_there(visitor):
    page = text(visitor.get("/", headers={"Accept-Language": "es-AR,es;q=0.9,en;q=0.5"}))
    assert '<html lang="es-AR">' in page and "un control con devolución" in page


def test_an_unknown_language_is_not_kept(visitor):
    response = visitor.send("/idioma", {"language": "<script>", "next": "/"})
    assert response.status_code == 303 and "language=" not in response.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("code", ["pt", "en"])
def test_every_word_of_the_public_pages_is_translated(code):
    """A word that is missing would be said in Spanish in the middle of another language."""
    said = {message for name in TRANSLATED for _, message, *_ in extract_from_file(
        "jinja2.ext:babel_extract" if name.endswith(".html") else "python", LMS / name,
        keywords={"_": None, "ngettext": (1, 2)})}
    known = read_po(io.BytesIO((LMS / "foundation" / "translations" / f"{code}.po").read_bytes()))
    one = {m.id if isinstance(m.id, str) else m.id[0] for m in known}
    assert not {m if isinstance(m, str) else m[0] for m in said} - one


@pytest.mark.parametrize("target", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "javascript:alert(1)", "http:evil.example", "///evil.example", "/%0d%0aSet-Cookie:x\r\nX: y",
    "evil.example", "", "@evil.example",
])
def test_the_way_back_never_leaves_the_site(visitor, target):
    response = visitor.send("/idioma", {"language": "pt", "next": target})
    assert response.status_code == 303 and response.location == "/"


def test_changing_the_language_needs_the_pages_token(visitor):
    assert visitor.post("/idioma", data={"language": "pt"}).status_code == 400


# The student ---------------------------------------------------------------------------------------------------------

NEXT = "//section[contains(@class, 'night')]"


def test_a_student_sees_one_next_thing_the_dates_and_what_is_missing(ana):
    page = ana.get("/inicio")
    assert "Módulo G1 · Cooperación internacional" in words(page, NEXT) and "Comenzar a leer" in words(page, NEXT)
    assert len(html.document_fromstring(text(page)).xpath("//*[contains(@class, 'btn-main')]")) == 1
    dates = words(page, "//ol[@class='dates']")
    assert "26 lunes abril" in dates and "Faltan 6 días" in dates and "Control de G1" in dates and "En 10 días" in dates
    missing = words(page, "//section[@aria-labelledby='h-missing']")
    assert "0 de 2" in missing and "0 de 12 h" in missing and "Confirmar el nombre" in missing
    modules = words(page, "//section[@aria-labelledby='h-mod']")
    assert "Sin empezar" in modules and "Se abre el 26 de abril" in modules


def test_the_dates_are_told_in_the_readers_hour_too(app, ana, world):
    with app.extensions["database"].transaction() as session:
        session.execute(update(Person).where(Person.id == world.people["ana"]).values(
            time_zone="America/Argentina/Buenos_Aires"))
    assert "08:00 h Chile · 09:00 h su hora" in words(ana.get("/inicio"), "//ol[@class='dates']")


def test_a_mark_is_shown_once_it_is_published(ana, world, write):
    before, after = done(world, marker=world.people["ivan"])
    write(*before)
    write(*after)
    assert "En corrección" in words(ana.get("/inicio"), "//section[@aria-labelledby='h-mod']")
    write(*(Release(cohort_id=1, module="G1", item=item, released_at=world.now) for item in ("quiz", "task")))
    found = words(ana.get("/inicio"), "//section[@aria-labelledby='h-mod']")
    assert "Aprobado" in found and "7,0 Chile" in found and "10 Argentina" in found


def test_when_nothing_is_left_to_do_the_next_opening_is_named(ana, app, world, write):
    before, after = done(world)
    write(*before)
    write(*after)
    confirm_name(app, world)
    found = words(ana.get("/inicio"), NEXT)
    assert "Se abre G2: Asociativismo" in found and "lunes 26 de abril de 2027, 08:00 h Chile" in found


def test_who_has_everything_is_sent_to_the_certificate(ana, app, world, write):
    for at, module in enumerate(("G1", "G2"), 1):
        before, after = done(world, module, at)
        write(*before)
        write(*after)
    write(*hours_of(world))
    assert "Confirmar el nombre del certificado" in words(ana.get("/inicio"), NEXT)
    confirm_name(app, world)
    page = ana.get("/inicio")
    assert "Completó el diploma" in words(page, NEXT) and "2 de 2 aprobados" in text(page)


def test_a_page_costs_a_student_six_statements_at_most(ana, app, world, write):
    before, after = done(world)
    write(*before)
    write(*after)
    ana.get("/inicio")
    with statements(app) as seen:
        ana.get("/inicio")
    assert len(seen) <= 6, "\n".join(seen)


def test_one_statement_tells_what_three_rooms_tell(app, world, write):
    """What the first page asks at once is what the rooms answer one by one."""
    who = world.people["ana"]
    write(*(LessonRead(cohort_id=c, person_id=p, module="G1", lesson="01-inicio", read_at=world.now)
            for c, p in ((1, who), (2, who), (1, world.people["beto"]))))
    given = [("attendance", 1, "7/2"), ("attendance", 1, "2"), ("internship", 1, "9"), ("internship", 2, "5")]
    write(*(Credit(id=i, source="office", reference=str(i), kind=kind, cohort_id=cohort, person_id=who, title="x",
                   hours=Fraction(hours), day=date(2027, 4, 1), recorded_at=world.now)
            for i, (kind, cohort, hours) in enumerate(given, 1)))
    write(Credit(id=9, source="office", reference="w", kind="attendance", cohort_id=1, person_id=who, title="x",
                 hours=Fraction(2), day=date(2027, 4, 1), recorded_at=world.now, withdraws_id=2))
    for named in (None, world.now):
        with app.extensions["database"].transaction() as session:
            session.execute(update(Person).where(Person.id == who).values(
                certificate_name="Ana Pérez", certificate_name_confirmed_at=named))
        with app.extensions["database"].reading() as session:
            found = queries.besides(session, 1, who, world.now)
            assert found.read == lessons.read(session, 1, who) == {("G1", "01-inicio")}
            assert found.verdict.hours[who] == credits.hours(session, 1, [who])[who] == Hours(Fraction(7, 2), Fraction(9))
            assert found.verdict.named == set(people.certificate_names(session, [who])) == ({who} if named else set())


def test_who_is_in_two_cohorts_lands_in_the_one_under_way_and_may_change(app, ana, world, write):
    write(Enrolment(cohort_id=2, person_id=world.people["ana"], enrolled_at=world.now),
          PersonPost(person_id=world.people["ana"], role="student", cohort_id=2, granted_at=world.now))
    with app.extensions["database"].transaction() as session:
        session.execute(update(Cohort).where(Cohort.id == 2).values(
            starts_on=date(2028, 4, 1), ends_on=date(2028, 12, 1)))
    page = ana.get("/inicio")
    assert "/cohortes/1/modulos" in text(page) and 'href="/inicio?cohorte=2"' in text(page)
    assert "/cohortes/2/modulos/G1" in text(ana.get("/inicio?cohorte=2"))
    assert "/cohortes/1/modulos" in text(ana.get("/inicio?cohorte=99"))


def test_a_cohort_of_others_can_not_be_asked_for(ana):
    assert "/cohortes/2/" not in text(ana.get("/inicio?cohorte=2"))


# The others ----------------------------------------------------------------------------------------------------------

def test_an_instructor_is_one_tap_from_the_first_work_that_waits(client_of, world, write):
    ivan = client_of("ivan")
    assert "Nada por corregir" in text(ivan.get("/inicio"))
    write(*(Submission(id=i, cohort_id=i, person_id=world.people[who], module="G1", edition_id=world.edition,
                       version=1, handed_in_at=world.now - timedelta(days=i), due_at=world.now - timedelta(days=i),
                       receipt="0" * 64)
            for i, who in ((1, "ana"), (2, "beto"))))
    page = ivan.get("/inicio")
    assert "2 trabajos esperan corrección" in words(page, NEXT)
    assert html.document_fromstring(text(page)).xpath(f"{NEXT}//a/@href")[0] == "/cohortes/2/corregir/entregas/2"
    assert ivan.get("/cohortes/2/corregir/entregas/2").status_code == 200
    irma = text(client_of("irma").get("/inicio"))
    assert "1 trabajo espera corrección" in irma and "/cohortes/1/" not in irma


def test_the_office_sees_what_is_to_be_done(client_of, app, world, write):
    olga = client_of("olga")
    assert "Nada pendiente" in text(olga.get("/inicio"))
    before, after = done(world, marker=world.people["ivan"])
    write(*before)
    write(*after)
    write(OutboxJob(kind="mail", payload="{}", created_at=world.now, run_after=world.now - timedelta(hours=1)))
    page = words(olga.get("/inicio"), "//section[@aria-labelledby='h-todo']")
    assert "1 nota corregida sin publicar" in page and "Revisar y publicar" in page
    assert "Hay correo que no ha salido" in page


def test_the_office_sees_who_may_have_a_certificate(client_of, app, world, write):
    for at, module in enumerate(("G1", "G2"), 1):
        before, after = done(world, module, at)
        write(*before)
        write(*after)
    write(*hours_of(world))
    row = "//tr[contains(., 'Cohorte CL-2027')]"
    assert words(client_of("olga").get("/inicio"), row).startswith("Cohorte CL-2027 5 abr. 2027 – 27 nov. 2027 1 0 1 0")
    confirm_name(app, world)
    page = client_of("olga").get("/inicio")
    assert words(page, row).startswith("Cohorte CL-2027 5 abr. 2027 – 27 nov. 2027 1 1 0 0")
    assert "1 certificado por emitir" in text(page)


def test_a_coordinator_sees_their_cohort_only(client_of):
    page = text(client_of("coral").get("/inicio"))
    assert "Cohorte CL-2027" in page and "AR-2027" not in page and "Crear cohorte" not in page


def test_an_auditor_reads_the_same_and_is_offered_nothing_to_do(client_of, world, write):
    before, after = done(world, marker=world.people["ivan"])
    write(*before)
    write(*after)
    page = text(client_of("aldo").get("/inicio"))
    assert "1 nota corregida sin publicar" in page and "Revisar y publicar" not in page and "Crear cohorte" not in page


def test_who_has_no_post_is_told_what_to_do(app, client_of, world):
    ana = client_of("ana")
    with app.extensions["database"].transaction() as session:
        session.execute(update(PersonPost).where(PersonPost.person_id == world.people["ana"])
                        .values(ended_at=world.now))
    page = text(ana.get("/inicio"))
    assert "no tiene una inscripción" in page and "ana@example.org" in page


def test_who_is_of_two_kinds_changes_between_them(client_of, world, write):
    write(PersonPost(person_id=world.people["ana"], role="instructor", cohort_id=2, institution_id=2,
                     granted_at=world.now))
    ana = client_of("ana")
    assert "Próximas fechas" in text(ana.get("/inicio")) and "Sus inicios" in text(ana.get("/inicio"))
    assert "Nada por corregir" in text(ana.get("/inicio?como=instructor"))
    assert "Próximas fechas" in text(ana.get("/inicio?como=office"))


# The menu ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who, expected", [
    ("ana", "Inicio Módulos Notas Qué me falta Certificados Pasantía"), ("ivan", "Inicio Por corregir Cohortes Catálogo Banco"),
    ("coral", "Inicio Cohortes Catálogo Banco"), ("olga", "Inicio Cohortes Personas Seminarios Catálogo Banco"),
    ("aldo", "Inicio Cohortes Personas Seminarios Catálogo Banco")])
def test_the_menu_of_each_kind_of_person_leads_where_they_may_enter(client_of, who, expected):
    client = client_of(who)
    menu = html.document_fromstring(text(client.get("/inicio"))).xpath("//nav[@class='mainnav']//a")
    assert " ".join(" ".join(a.text_content() for a in menu).split()) == expected
    assert [client.get(a.get("href")).status_code for a in menu] == [200] * len(menu)


def test_the_menu_follows_the_cohort_in_sight(client_of, world, write):
    write(Enrolment(cohort_id=2, person_id=world.people["ana"], enrolled_at=world.now),
          PersonPost(person_id=world.people["ana"], role="student", cohort_id=2, granted_at=world.now))
    ana = client_of("ana")
    for cohort in (1, 2):
        assert f'href="/cohortes/{cohort}/notas"' in text(ana.get(f"/cohortes/{cohort}/modulos"))


def test_nobody_is_asked_to_sign_in(visitor):
    assert visitor.get("/inicio").location == "/ingresar?next=/inicio"


