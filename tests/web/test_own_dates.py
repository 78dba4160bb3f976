"""An exception's dates stand wherever the date of that quiz is shown to that person, and nowhere for anybody else."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction as F

import pytest
from lxml import html

from lms.attempts import queries as attempts
from lms.attempts.models import QuizOverride, Submission
from lms.attempts.plan import Allowance
from lms.cohorts.models import Enrolment, Extension
from lms.completion import queries as completion
from lms.credits import queries as credits
from lms.credits.models import Credit
from lms.people import queries as people
from lms.people.models import Person, PersonPost
from tests.looking import statements
from tests.programme import PROGRAMME

HOME, MODULE, MISSING, FEED = "/inicio", "/cohortes/1/modulos/G1", "/cohortes/1/que-me-falta", "/cohortes/1/fechas.ics"
LATER = datetime(2027, 5, 20, 22, 0, tzinfo=UTC)        # 18:00 in Chile; the cohort's own deadline is 30 April
TOLD = "20 de mayo de 2027"


@pytest.fixture
def ciro(world, app):
    """Another student of Ana's cohort and municipality."""
    with app.extensions["database"].transaction() as s:
        s.add(Person(id=50, email="ciro@example.org", given_names="Ciro", surname1="Vidal", sort_key="vidal", search_key="ciro",
                     created_at=world.now))
        s.flush()
        s.add(PersonPost(person_id=50, role="student", cohort_id=1, granted_at=world.now - timedelta(days=9)))
        s.add(Enrolment(cohort_id=1, person_id=50, institution_id=None, enrolled_at=world.now))
    world.people["ciro"] = 50
    return 50


@pytest.fixture
def allow(app, world):
    """allow(person=…, institution=…, due=…): an exception in G1's quiz, or with due="" its withdrawal."""
    def keep(person=None, institution=None, module="G1", **what):
        with app.extensions["database"].transaction() as s:
            s.add(QuizOverride(cohort_id=1, module=module, person_id=person, institution_id=institution, reason="Corte de luz",
                               author_id=world.people["coral"], made_at=world.now,
                               content=json.dumps(asdict(Allowance(**what))) if what else ""))
    return keep


def words(client, path):
    page = html.document_fromstring(client.get(path).get_data(as_text=True))
    return " ".join(page.xpath("//main")[0].text_content().split()).replace("\xa0", " ")


def dates(client):
    """(day, title) of the home page's dates."""
    page = html.document_fromstring(client.get(HOME).get_data(as_text=True))
    return [(li.xpath("string(.//div[contains(@class, 'day')]/b)"), li.xpath("string(.//h3)"))
            for li in page.xpath("//ol[@class='dates']/li")]


def feed(client):
    """UID -> start of the calendar file."""
    told = client.get(FEED).get_data(as_text=True).replace("\r\n ", "")
    return {event.split("UID:")[1].split("@")[0]: event.split("DTSTART:")[1].split("\r\n")[0]
            for event in told.split("BEGIN:VEVENT")[1:]}


def test_a_persons_own_deadline_is_told_on_every_page_that_shows_it(client_of, ciro, world, allow):
    allow(person=world.people["ana"], due=LATER.isoformat())
    ana, other = client_of("ana"), client_of("ciro")
    assert ("20", "Control de G1") in dates(ana) and ("30", "Control de G1") in dates(other)
    assert TOLD in words(ana, MODULE) and "Con prórroga" in words(ana, MODULE)
    assert TOLD not in words(other, MODULE) and "Con prórroga" not in words(other, HOME)
    assert feed(ana)["1-G1-control"] == "20270520T220000Z" and feed(other)["1-G1-control"] == "20270501T030000Z"
    assert {k: v for k, v in feed(ana).items() if k != "1-G1-control"} == {
        k: v for k, v in feed(other).items() if k != "1-G1-control"}


def test_after_the_common_deadline_it_is_still_to_be_done_for_who_has_more_time(client_of, ciro, world, allow):
    allow(person=world.people["ana"], due=LATER.isoformat())
    world.now = datetime(2027, 5, 10, 15, tzinfo=UTC)
    assert "Control de G1" in [title for _day, title in dates(client_of("ana"))]
    assert "Control de G1" not in [title for _day, title in dates(client_of("ciro"))]


def test_what_is_missing_says_until_when(client_of, world, app, allow, ciro):
    with app.extensions["database"].transaction() as s:
        for who in (world.people["ana"], ciro):
            s.add(Submission(cohort_id=1, person_id=who, module="G1", edition_id=world.edition, version=1,
                             handed_in_at=world.now, receipt=f"{who:064}"))
    allow(person=world.people["ana"], due=LATER.isoformat())
    assert f"Con prórroga hasta el {TOLD}" in words(client_of("ana"), MISSING)
    world.now = datetime(2027, 5, 10, 15, tzinfo=UTC)
    assert "El plazo del control venció" not in words(client_of("ana"), MISSING)
    assert "El plazo del control venció el 30 de abril" in words(client_of("ciro"), MISSING)


def test_an_institutions_exception_is_its_peoples_and_a_persons_own_goes_first(client_of, ciro, world, allow):
    allow(institution=4, due=LATER.isoformat())
    assert feed(client_of("ana"))["1-G1-control"] == "20270520T220000Z"
    assert feed(client_of("ciro"))["1-G1-control"] == "20270501T030000Z"
    allow(person=world.people["ana"], due=(LATER + timedelta(days=3)).isoformat())
    assert feed(client_of("ana"))["1-G1-control"] == "20270523T220000Z"
    allow(person=world.people["ana"])                           # withdrawn: the institution's holds again
    assert feed(client_of("ana"))["1-G1-control"] == "20270520T220000Z"
    allow(institution=4)
    assert feed(client_of("ana"))["1-G1-control"] == "20270501T030000Z"


def test_a_quiz_that_opens_later_for_one_person_is_not_offered_before(client_of, ciro, world, allow):
    opens = datetime(2027, 4, 26, 12, tzinfo=UTC)
    allow(person=world.people["ana"], opens=opens.isoformat())
    ana = client_of("ana")
    assert ("26", "Se abre: Control de G1") in dates(ana) and feed(ana)["1-G1-control-abre"] == "20270426T120000Z"
    assert "Para usted se abre el" in words(ana, MODULE)
    page = html.document_fromstring(ana.get(MODULE).get_data(as_text=True))
    assert not page.xpath(f"//main//a[@href='{MODULE}/control']")
    assert html.document_fromstring(client_of("ciro").get(MODULE).get_data(as_text=True)).xpath(
        f"//main//a[@href='{MODULE}/control']")
    world.now = opens + timedelta(hours=1)
    assert "Se abre: Control de G1" not in [title for _day, title in dates(ana)]


def test_a_quiz_that_opens_before_its_module_can_be_reached_from_its_page(client_of, world, allow):
    allow(person=world.people["ana"], opens=(world.now - timedelta(days=20)).isoformat(), module="G1")
    world.now = datetime(2027, 4, 3, 15, tzinfo=UTC)            # two days before G1 opens
    ana = client_of("ana")
    assert "Este módulo todavía no se abre" in words(ana, MODULE)
    assert html.document_fromstring(ana.get(MODULE).get_data(as_text=True)).xpath(f"//main//h3/a[@href='{MODULE}/control']")
    assert ("30", "Control de G1") in dates(ana)
    assert "Empezar el intento 1" in words(ana, f"{MODULE}/control")


def test_more_time_in_a_task_is_in_the_calendar_file_too(client_of, ciro, world, app):
    with app.extensions["database"].transaction() as s:
        s.add(Extension(cohort_id=1, person_id=world.people["ana"], module="G1", item="task", due_local="2027-05-29 23:00",
                        reason="Licencia", author_id=world.people["olga"], given_at=world.now))
    assert feed(client_of("ana"))["1-G1-tarea"] == "20270530T030000Z"
    assert feed(client_of("ciro"))["1-G1-tarea"] == "20270504T030000Z"


def test_the_pages_ask_no_more_than_six_statements_with_exceptions(app, client_of, world, allow):
    allow(person=world.people["ana"], due=LATER.isoformat())
    allow(institution=4, due=LATER.isoformat())
    ana = client_of("ana")
    for path in (HOME, MISSING, MODULE, FEED):
        ana.get(path)
        with statements(app) as seen:
            ana.get(path)
        assert len(seen) <= 6, (path, seen)


def test_the_calendar_is_the_same_as_asked_one_by_one(app, world, allow):
    allow(person=world.people["ana"], due=LATER.isoformat())
    with app.extensions["database"].reading() as s:
        own = attempts.own_cohort(s, 1, world.people["ana"])
        module = PROGRAMME.module("G1")
        assert own.calendar["G1"].quiz_due == attempts.quiz_due(s, own, module, world.people["ana"]) == LATER
        assert attempts.own_cohort(s, 99, 1) is None


def test_hours_and_names_asked_at_once_are_what_each_room_says(app, world):
    ana, beto = world.people["ana"], world.people["beto"]
    with app.extensions["database"].transaction() as s:
        def credit(n, who, kind, hours, **more):
            s.add(Credit(id=n, source="office", reference=str(n), kind=kind, cohort_id=1, person_id=who, title="Seminario",
                         hours=hours, day=date(2027, 4, 9), recorded_at=world.now, **more))
            s.flush()
        credit(1, ana, "attendance", F(7, 2))
        credit(2, ana, "internship", F(20))
        credit(3, ana, "internship", F(20), withdraws_id=2)
        credit(4, beto, "attendance", F(1))
        s.get(Person, ana).certificate_name = "Ana Pérez"
        s.get(Person, ana).certificate_name_confirmed_at = world.now
    with app.extensions["database"].reading() as s:
        assert completion.besides(s, 1, [ana, beto]) == (credits.hours(s, 1, [ana, beto]), set(people.certificate_names(
            s, [ana, beto])))
