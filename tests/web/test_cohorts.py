"""Cohorts and their pages: made, set up, dated, extended; who sees them and who may change them."""

import re
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select

from lms.catalogue.rules import Step
from lms.cohorts import actions, queries
from lms.cohorts.models import CalendarStep, Enrolment, Extension
from lms.cohorts.rules import Locked, Need
from lms.foundation.audit import AuditLine
from lms.people.models import Person
from lms.people.rules import Refused
from tests.programme import PROGRAMME

NEW = {"code": "cl-2028", "title": "Cohorte Chile 2028", "edition": PROGRAMME.edition, "country": "CL",
       "time_zone": "America/Punta_Arenas", "starts_on": "2028-04-03", "ends_on": "2028-11-30"}
STEP = {"opens": "2027-04-26", "opens_time": "08:00", "quiz_due": "2027-05-21", "quiz_due_time": "23:00",
        "task_due": "2027-05-24", "task_due_time": "23:00", "moves": "yes", "after": "G1", "percent": "60"}


@contextmanager
def statements(app):
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)
    event.listen(app.extensions["database"].engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(app.extensions["database"].engine, "before_cursor_execute", note)


def reading(app):
    return app.extensions["database"].reading()


def text(response):
    return response.get_data(as_text=True)


# Queries -------------------------------------------------------------------------------------------------------------

def test_a_cohort_with_its_calendar_is_one_statement_and_two_for_a_person(app, world):
    with app.extensions["database"].transaction() as s:
        s.add_all([CalendarStep(cohort_id=1, module="G2", opens="2027-05-10 09:00"),
                   Extension(cohort_id=1, person_id=world.people["ana"], module="G1", item="task", reason="Licencia",
                             due_local="2027-05-20 23:00", author_id=world.people["olga"], given_at=world.now)])
    with reading(app) as s:
        queries.cohort(s, 1)                            # reads the edition into this process
        with statements(app) as said:
            common = queries.cohort(s, 1)
        assert len([x for x in said if "SELECT" in x]) == 1
        with statements(app) as said:
            hers = queries.cohort(s, 1, world.people["ana"])
        assert len([x for x in said if "SELECT" in x]) == 2
        with statements(app) as said:
            every = queries.cohorts(s, None)
        assert len([x for x in said if "SELECT" in x]) == 1
    assert common.calendar["G2"].opens_at == datetime(2027, 5, 10, 13, 0, tzinfo=UTC)
    assert common.calendar["G1"].task_due == datetime(2027, 5, 4, 3, 0, tzinfo=UTC)
    assert hers.calendar["G1"].task_due == datetime(2027, 5, 21, 3, 0, tzinfo=UTC)
    assert hers.calendar["G1"].extended == ("task",)
    assert [c.code for c in every] == ["AR-2027", "CL-2027"] and every[1] == common


def test_there_is_no_cohort_that_is_not_there(app, world):
    with reading(app) as s:
        assert queries.cohort(s, 99) is None and queries.cohorts(s, [99]) == [] and queries.by_code(s, "XX") is None
        assert queries.by_code(s, " cl-2027 ").id == 1


def test_partners_and_signatories_come_in_order(app, world):
    with reading(app) as s:
        assert [p.short_name for p in queries.partners(s, 1)] == ["EGL", "UNQ"]
        assert [name for name, _o, _i in queries.signatories(s, 1, world.now.date())] == ["Rosa Firmante Uno", "Raúl Firmante Dos"]


# Who sees what -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who, sees, not_seen", [
    ("olga", ["CL-2027", "AR-2027"], []), ("aldo", ["CL-2027", "AR-2027"], []), ("coral", ["CL-2027"], ["AR-2027"]),
    ("irma", ["AR-2027"], ["CL-2027"]), ("ivan", ["CL-2027", "AR-2027"], [])])
def test_each_sees_their_cohorts(world, client_of, who, sees, not_seen):
    page = text(client_of(who).get("/cohortes"))
    assert all(code in page for code in sees) and not any(code in page for code in not_seen)
    assert ("Crear cohorte" in page) == (who == "olga")


@pytest.mark.parametrize("url", ["/cohortes/1/datos", "/cohortes/1/calendario", "/cohortes/1/nomina",
                                 "/cohortes/1/nomina/1/prorrogas"])
def test_an_auditor_reads_and_is_offered_nothing(world, client_of, url):
    page = client_of("aldo").get(url)
    main = text(page).partition("<main")[2]
    assert page.status_code == 200 and 'method="post"' not in main and "btn-main" not in main


@pytest.mark.parametrize("who, url", [
    ("coral", "/cohortes/1/datos"), ("coral", "/cohortes/1/calendario/G1"), ("aldo", "/cohortes/1/datos"),
    ("ivan", "/cohortes/1/calendario/G1"), ("coral", "/cohortes/2/nomina/2/prorrogas"), ("ana", "/cohortes/nueva"),
    ("aldo", "/cohortes/1/nomina/1/prorrogas"), ("aldo", "/cohortes/1/nomina/1/retiro"),
    ("coral", "/cohortes/1/calendario/G1/programa"), ("aldo", "/cohortes/1/nomina/importar/confirmar")])
def test_who_may_not_change_is_turned_away(world, client_of, who, url):
    assert client_of(who).send(url).status_code == 403


@pytest.mark.parametrize("url", ["/cohortes/99/datos", "/cohortes/99/nomina", "/cohortes/1/calendario/XX",
                                 "/cohortes/1/nomina/2/prorrogas", "/cohortes/1/nomina/2/retiro",
                                 "/cohortes/1/nomina/lotes/7"])
def test_what_is_not_there_or_of_another_cohort_is_not_found(world, client_of, url):
    assert client_of("olga").get(url).status_code == 404


# Making and changing -------------------------------------------------------------------------------------------------

def test_the_office_makes_a_cohort(app, world, client_of):
    made = client_of("olga").send("/cohortes/nueva", NEW)
    assert made.status_code == 303
    with reading(app) as s:
        cohort = queries.by_code(s, "CL-2028")
        assert (cohort.title, cohort.time_zone, cohort.starts_on) == ("Cohorte Chile 2028", "America/Punta_Arenas",
                                                                      date(2028, 4, 3))
        assert cohort.calendar["G1"].opens_at == datetime(2028, 4, 3, 11, 0, tzinfo=UTC)
        assert s.scalars(select(AuditLine.deed).where(AuditLine.cohort_id == cohort.id)).all() == ["cohort.created"]


@pytest.mark.parametrize("changed, words", [
    ({"code": "CL-2027"}, "Ya hay una cohorte"), ({"code": "cl 2028"}, "Solo letras"), ({"ends_on": "2028-01-01"},
                                                                                        "después del comienzo"),
    ({"time_zone": "America/Argentina/Buenos_Aires"}, "no es del país"), ({"country": "XX"},
                                                                          "País"), ({"edition": "x"}, "Edición"),
    ({"starts_on": "2028-02-30"}, "Comienza"), ({"starts_on": "1028-02-20"}, "año"), ({"title": " "}, "Nombre")])
def test_a_cohort_that_can_not_be_is_told_and_not_made(app, world, client_of, changed, words):
    refused = client_of("olga").send("/cohortes/nueva", NEW | changed)
    assert refused.status_code == 422 and words in text(refused)
    with reading(app) as s:
        assert len(queries.cohorts(s, None)) == 2


def test_the_dates_change_but_not_the_country_of_who_is_enrolled(app, world, client_of):
    olga, form = client_of("olga"), {k: NEW[k] for k in ("title", "starts_on", "ends_on")}
    assert olga.send("/cohortes/1/datos", form | {"country": "CL", "time_zone": "America/Santiago"}).status_code == 303
    refused = olga.send("/cohortes/1/datos", form | {"country": "AR", "time_zone": "America/Argentina/Buenos_Aires"})
    assert refused.status_code == 422 and "no se cambian" in text(refused)
    with reading(app) as s:
        cohort = queries.cohort(s, 1)
        assert (cohort.country, cohort.starts_on) == ("CL", date(2028, 4, 3))
        assert cohort.calendar["G1"].opens_at == datetime(2028, 4, 3, 12, 0, tzinfo=UTC)       # it moved with the start


def test_partners_are_set_in_the_order_of_the_form(app, world, client_of):
    olga = client_of("olga")
    assert olga.send("/cohortes/1/datos/instituciones", {"partners-0": 3, "partners-1": 1,
                                                         "partners-2": 3}).status_code == 303
    with reading(app) as s:
        assert [p.id for p in queries.partners(s, 1)] == [3, 1]
    assert olga.send("/cohortes/1/datos/instituciones", {"partners-0": 4}).status_code == 422      # a municipality


def test_signatories_are_set_and_a_half_one_is_told(app, world, client_of):
    olga = client_of("olga")
    whole = {"signatories-0-name": "Eva Uno", "signatories-0-office": "Rectora", "signatories-0-institution": "UNQ"}
    refused = olga.send("/cohortes/1/datos/firmantes", whole | {"signatories-1-name": "Sin Cargo"})
    assert refused.status_code == 422 and "Completar o vaciar" in text(refused) and "Sin Cargo" in text(refused)
    assert olga.send("/cohortes/1/datos/firmantes", whole).status_code == 303
    with reading(app) as s:
        assert queries.signatories(s, 1, world.now.date()) == [("Eva Uno", "Rectora", "UNQ")]


# The calendar --------------------------------------------------------------------------------------------------------

def test_the_calendar_shows_the_readers_hour_beside_the_cohorts(app, world, client_of):
    with app.extensions["database"].transaction() as s:
        s.get(Person, world.people["olga"]).time_zone = "America/Argentina/Buenos_Aires"
    page = text(client_of("olga").get("/cohortes/1/calendario"))
    assert "<b>08:00\xa0h</b> <small>Chile</small>" in page and "<b>09:00\xa0h</b> <small>su hora</small>" in page


def test_a_step_is_kept_as_days_that_move_or_as_a_date_that_stands(app, world, client_of):
    olga = client_of("olga")
    olga.send("/cohortes/1/calendario/G2", STEP | {"opens": "2027-04-28"})
    assert stored(app) == ("+23 08:00", None, None, None)          # the others are as in the programme
    olga.send("/cohortes/1/calendario/G2", STEP | {"opens": "2027-04-28", "moves": "no"})
    assert stored(app) == ("2027-04-28 08:00", "2027-05-21 23:00", "2027-05-24 23:00", None)
    olga.send("/cohortes/1/calendario/G2", STEP | {"quiz_due": "", "after": ""})
    assert stored(app) == (None, "", None, "")
    page = text(olga.get("/cohortes/1/calendario/G2"))
    assert "Volver a las del programa" in page
    olga.send("/cohortes/1/calendario/G2/programa")
    assert stored(app) is None


def stored(app):
    with reading(app) as s:
        row = s.execute(select(CalendarStep.opens, CalendarStep.quiz_due, CalendarStep.task_due,
                               CalendarStep.after)).first()
    return tuple(row) if row else None


@pytest.mark.parametrize("changed, words", [
    ({"opens": "2027-09-05", "opens_time": "00:15", "quiz_due": "", "task_due": ""}, "La primera hora válida es 01:00"),
    ({"quiz_due": "2027-04-01"}, "vence antes"), ({"opens": "2027-02-30"}, "Se abre"), ({"opens_time": "25:00"},
                                                                                        "Hora"),
    ({"percent": "0"}, "Entre 1 y 100"), ({"after": "G2"}, "Condición"), ({"moves": "quizás"}, "comienzo")])
def test_a_step_that_can_not_be_is_told_and_not_kept(app, world, client_of, changed, words):
    refused = client_of("olga").send("/cohortes/1/calendario/G2", STEP | changed)
    assert refused.status_code == 422 and words in text(refused)
    assert stored(app) is None


def test_modules_may_not_wait_for_each_other(app, world, client_of):
    step = STEP | {"opens": "", "quiz_due": "", "task_due": "", "after": "G2"}
    refused = client_of("olga").send("/cohortes/1/calendario/G1", step)
    assert refused.status_code == 422 and "G1 → G2 → G1" in text(refused)


def test_the_same_step_again_is_one_row(app, world):
    with app.extensions["database"].transaction() as s:
        cohort = queries.cohort(s, 1)
        for _ in range(2):
            actions.set_step(s, None, world.now, cohort, PROGRAMME, Step("G1", task_due="+40 23:00"))
        assert len(queries.steps(s, 1)) == 1


# More time -----------------------------------------------------------------------------------------------------------

EXTENSION = {"item": "G1.quiz", "date": "2027-05-10", "time": "23:00", "reason": "Viaje de trabajo"}


def test_the_coordinator_gives_more_time_and_it_is_seen(app, world, client_of):
    coral = client_of("coral")
    assert coral.send("/cohortes/1/nomina/1/prorrogas", EXTENSION).status_code == 303
    page = text(coral.get("/cohortes/1/nomina/1/prorrogas"))
    assert "Con prórroga" in page and "Viaje de trabajo" in page and "Coral Muñoz Lagos" in page
    assert "Con prórroga" in text(coral.get("/cohortes/1/nomina"))
    with reading(app) as s:
        assert queries.cohort(s, 1, world.people["ana"]).calendar["G1"].quiz_due == datetime(2027, 5, 11, 3, 0,
                                                                                             tzinfo=UTC)
        detail = s.scalar(select(AuditLine.detail).where(AuditLine.deed == "extension.given"))
        assert "Viaje" not in detail                            # a reason may be private: it is not in the trail


@pytest.mark.parametrize("changed, words", [
    ({"date": "2027-04-29"}, "El plazo común ya llega"), ({"date": "2027-09-05", "time": "00:30"}, "no existe"),
    ({"reason": ""}, "Motivo"), ({"item": "G9.quiz"}, "Para"), ({"date": "nunca"}, "Nuevo plazo")])
def test_more_time_that_is_none_is_refused(app, world, client_of, changed, words):
    refused = client_of("coral").send("/cohortes/1/nomina/1/prorrogas", EXTENSION | changed)
    assert refused.status_code == 422 and words in text(refused)
    with reading(app) as s:
        assert queries.extensions(s, 1, 1) == []


def test_more_time_is_only_for_who_takes_part(app, world):
    with app.extensions["database"].transaction() as s:
        actions.withdraw(s, None, world.now, 1, s.scalar(select(Enrolment.id).where(Enrolment.cohort_id == 1)),
                         "Renunció")
        with pytest.raises(Refused, match="no está inscrita"):
            actions.extend(s, world.people["olga"], world.now, queries.cohort(s, 1), world.people["ana"], module="G1",
                           item="quiz", due_local="2027-06-10 23:00", reason="Motivo")


# Why something is locked ---------------------------------------------------------------------------------------------

def said(app, locked, reader_zone=None, macro="why"):
    with app.test_request_context("/"), reading(app) as s:
        module = app.jinja_env.get_template("cohorts/locked.html").module
        cohort = queries.cohort(s, 1)
        html = module.why(locked, cohort, PROGRAMME, reader_zone) if macro == "why" else module.badge(locked, cohort)
    return " ".join(re.sub(r"<[^>]+>", " ", str(html)).replace("\xa0", " ").split())


OPENS, ASKED = datetime(2027, 4, 27, 3, 30, tzinfo=UTC), Need("G1", "quiz", 60)


def test_a_locked_module_says_until_when_on_both_sides_and_what_it_asks(app, world):
    both = said(app, Locked(OPENS, ASKED), "America/Argentina/Buenos_Aires")
    assert both == ("Se abre el lunes 26 de abril de 2027, 23:30 h Chile · 00:30 h su hora, martes 27 . Además pide al "
                    "menos 60 % en el control de G1 · Cooperación internacional.")
    assert said(app, Locked(None, ASKED)) == "Pide al menos 60 % en el control de G1 · Cooperación internacional."
    assert said(app, Locked(OPENS)) == "Se abre el lunes 26 de abril de 2027, 23:30 h Chile ."


def test_a_locked_module_says_it_in_few_words_too(app, world):
    assert said(app, Locked(OPENS, ASKED), macro="badge") == "Se abre el 26 de abril"
    assert said(app, Locked(None, ASKED), macro="badge") == "Pide 60 % en el control de G1"
