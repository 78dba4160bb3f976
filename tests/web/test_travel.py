"""The sheet of a journey, the calendar of who is where and the sums: what is kept, who sees what, what collides."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pikepdf
import pytest
from sqlalchemy import select

from lms.attempts.models import QuizOverride, Submission
from lms.cohorts.models import Enrolment, Extension
from lms.foundation import spreadsheet
from lms.foundation.audit import AuditLine
from lms.internships import placing, queries, travelling
from lms.internships.travel_models import TravelCost, TravelGift
from lms.people.models import Person, PersonPost
from lms.people.rules import Refused
from tests.interned import ENDS, at, draft, intern, travelled
from tests.looking import act, one, rows, statements
from tests.seminared import plant, registered, sequences

OFFICE, OWN = "/cohortes/1/pasantias/1/viaje", "/cohortes/1/pasantia/1/viaje"
COST = {"item": "Pasajes", "amount": "450.000", "currency": "CLP", "payer": "municipality", "note": ""}
GIFT = {"what": "Un libro", "on": "2027-05-05", "occasion": "Recepción", "giver": "Intendencia"}
CALENDAR, SUMMARY = "/pasantias/calendario?mes=2027-05", "/pasantias/resumen"


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


# The sheet ------------------------------------------------------------------------------------------------------------

def test_costs_and_gifts_are_on_the_page_of_the_office_and_of_the_traveller(world, client_of):
    intern(world, "in_progress")
    world.now = at(ENDS)
    olga, ana = client_of("olga"), client_of("ana")
    assert olga.send(f"{OFFICE}/costos", COST).status_code == 303
    assert olga.send(f"{OFFICE}/costos", {**COST, "item": "Alojamiento", "amount": "312,5", "currency": "USD", "payer": "host"}).status_code == 303
    assert olga.send(f"{OFFICE}/regalos", GIFT).status_code == 303
    for page in (text(olga.get(OFFICE)), text(ana.get(OWN))):
        for words in ("CLP 450.000", "Costo total: CLP 450.000", "USD 312,50", "Institución anfitriona", "Un libro", "5 may", "Intendencia",
                      "N.º 112", "Concejala, Municipalidad de Pucón", "Describir una patrulla escolar", "Acompañar patrullas", "No es ese registro",
                      "Carta de invitación: todavía no hay", "Decreto que ordena el cometido: todavía no hay"):
            assert words in page, words
    assert "Retirar" not in text(ana.get(OWN))


@pytest.mark.parametrize(("changed", "why"), [
    ({"amount": "450,000"}, "se lee de dos maneras"), ({"amount": "12,5"}, "sin decimales"), ({"amount": "0"}, "mayor que cero"),
    ({"payer": "other"}, "Decir en la nota quién paga"), ({"payer": "nadie"}, "Quién paga:"), ({"currency": "XXX"}, "Moneda:"),
    ({"item": " "}, "Concepto:"), ({"item": "x" * 121}, "120")])
def test_a_cost_that_says_nothing_clear_is_refused_and_nothing_is_kept(app, world, client_of, changed, why):
    intern(world)
    answer = client_of("olga").send(f"{OFFICE}/costos", COST | changed)
    assert answer.status_code == 422 and rows(app, select(TravelCost.id)) == []
    assert why in text(answer)


def test_a_gift_of_the_future_or_of_another_year_is_refused(app, world, client_of):
    intern(world)
    olga = client_of("olga")
    for day, why in (("2027-04-21", "está en el futuro"), ("2025-01-01", "a más de un año"), ("", "Falta completarlo")):
        answer = olga.send(f"{OFFICE}/regalos", {**GIFT, "on": day})
        assert answer.status_code == 422 and why in text(answer), day
    assert rows(app, select(TravelGift.id)) == []


def test_what_is_withdrawn_no_longer_counts_and_stays(app, world, client_of):
    intern(world)
    olga = client_of("olga")
    olga.send(f"{OFFICE}/costos", COST)
    world.now = at(ENDS)
    olga.send(f"{OFFICE}/regalos", GIFT)
    assert olga.send(f"{OFFICE}/costos/1/retiro").status_code == 303 and olga.send(f"{OFFICE}/regalos/1/retiro").status_code == 303
    page = text(olga.get(OFFICE))
    assert "2 filas retiradas" in page and "retirado el 7 de mayo de 2027" in page and "no hay ningún costo anotado" in page
    assert "ya no se puede retirar" in text(olga.get(olga.send(f"{OFFICE}/costos/1/retiro").location))
    assert one(app, select(TravelCost.withdrawn_at)) and one(app, select(TravelGift.withdrawn_at))
    assert "450000" not in olga.get(f"{OFFICE}.csv").text and "retiradas" not in text(client_of("ana").get(OWN))
    deeds = [deed for deed, in rows(app, select(AuditLine.deed).where(AuditLine.deed.like("travel.%")).order_by(AuditLine.id))]
    assert deeds == ["travel.cost_added", "travel.gift_added", "travel.cost_withdrawn", "travel.gift_withdrawn"]


def test_a_row_of_another_placement_is_not_withdrawn_here(app, world):
    intern(world)
    other = intern(world, who="beto", starts_on=date(2027, 6, 7), ends_on=date(2027, 6, 11))
    act(app, lambda s: travelled(s, world, queries.placement(s, other.placement_id)))
    with app.extensions["database"].transaction() as session, pytest.raises(Refused):
        travelling.withdraw(session, world.people["olga"], world.now, queries.placement(session, 1), "cost", 1)


def test_the_files_are_the_traveller_s_and_the_office_s_and_no_cache_keeps_them(app, world, client_of):
    intern(world, "authorised")
    act(app, lambda s: s.get_one(Person, world.people["beto"]))
    for who, base, code in (("olga", OFFICE, 200), ("coral", OFFICE, 200), ("aldo", OFFICE, 200), ("ana", OWN, 200), ("ana", OFFICE, 403),
                            ("beto", OWN, 403), ("ivan", OFFICE, 403)):
        for ending, kind in (("pdf", "application/pdf"), ("csv", "text/csv")):
            answer = client_of(who).get(f"{base}.{ending}")
            assert answer.status_code == code, (who, base)
            if code == 200:
                assert answer.mimetype == kind and "no-store" in answer.headers["Cache-Control"]
                assert f"ficha-de-viaje-1.{ending}" in answer.headers["Content-Disposition"]
    assert client_of("olga").get(f"{OFFICE}.exe").status_code == 404 and client_of("olga").get("/cohortes/2/pasantias/1/viaje").status_code == 404
    assert "no-store" in client_of("ana").get(OWN).headers["Cache-Control"]


def test_the_paper_says_what_the_page_says(app, world, client_of):
    intern(world, "authorised")
    world.now = at(ENDS)
    act(app, lambda s: travelled(s, world, queries.placement(s, 1)))
    with pikepdf.open(io.BytesIO(client_of("ana").get(f"{OWN}.pdf").data)) as paper:
        assert str(paper.Root.Lang) == "es-CL" and "Ficha de viaje: Ana Pérez Soto" in str(paper.docinfo["/Title"])
        assert bool(paper.Root.MarkInfo.Marked)


def test_no_cell_of_the_sheet_is_a_formula(app, world, client_of):
    intern(world)
    olga = client_of("olga")
    olga.send(f"{OFFICE}/costos", {**COST, "item": "=HYPERLINK(\"http://evil.example\")", "note": "@SUM(A1)"})
    lines = list(csv.reader(io.StringIO(olga.get(f"{OFFICE}.csv").data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert "'@SUM(A1)" in [cell for line in lines for cell in line]
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "@", "+", "-"))]


def test_a_sign_no_face_has_does_not_keep_the_paper_from_being_drawn(app, world, client_of):
    intern(world)
    client_of("olga").send(f"{OFFICE}/costos", {**COST, "item": "Pasajes 🚌 " + "x" * 100, "note": "N" * 300})
    assert client_of("olga").get(f"{OFFICE}.pdf").data.startswith(b"%PDF-1.7")


def test_the_page_costs_few_statements(app, world, client_of):
    intern(world, "authorised")
    act(app, lambda s: travelled(s, world, queries.placement(s, 1)))
    for who, url in (("olga", OFFICE), ("ana", OWN)):
        client = client_of(who)
        client.get(url)
        with statements(app) as ran:
            assert client.get(url).status_code == 200
        assert len(ran) <= 6, ran


# Who is where ---------------------------------------------------------------------------------------------------------

def test_a_deadline_while_away_is_told_until_it_is_moved_or_met(app, world, client_of):
    intern(world, "authorised")
    page = text(client_of("olga").get(CALENDAR))
    assert "1 choque este mes" in page and "Vence la tarea de G1" in page and "23:00 h" in page and "00:00 h del 04-05-2027 allá" in page
    assert "mientras está en Vado Largo" in page and "dar una prórroga" in page
    act(app, lambda s: s.add(Extension(cohort_id=1, person_id=world.people["ana"], module="G1", item="task", due_local="2027-05-10 23:00",
                                       reason="Viaja", author_id=world.people["olga"], given_at=world.now)))
    assert "Sin choques este mes" in text(client_of("olga").get(CALENDAR))
    act(app, lambda s: s.add(Extension(cohort_id=1, person_id=world.people["ana"], module="G1", item="task", due_local="2027-05-06 23:00",
                                       reason="Menos", author_id=world.people["olga"], given_at=world.now)))
    assert "el 06-05-2027 a las 23:00 h" in text(client_of("olga").get(CALENDAR))
    act(app, lambda s: s.add(Submission(cohort_id=1, person_id=world.people["ana"], module="G1", edition_id=world.edition, version=1, text="Lista",
                                        handed_in_at=world.now, receipt="0" * 64)))
    assert "Sin choques este mes" in text(client_of("olga").get(CALENDAR))


@pytest.mark.parametrize("whose", ["person_id", "institution_id"])
def test_an_exception_that_moves_a_quiz_moves_the_collision(app, world, client_of, whose):
    intern(world, starts_on=date(2027, 4, 26), ends_on=date(2027, 5, 1))
    april = CALENDAR.replace("05", "04")
    assert "Vence el control de G1" in text(client_of("olga").get(april))
    institution = one(app, select(Enrolment.institution_id).where(Enrolment.cohort_id == 1, Enrolment.person_id == world.people["ana"]))
    who = {"person_id": world.people["ana"], "institution_id": institution}[whose]
    act(app, lambda s: s.add(QuizOverride(cohort_id=1, module="G1", content=json.dumps({"due": "2027-05-10T23:00:00+00:00"}), reason="Viaja",
                                          author_id=world.people["olga"], made_at=world.now, **{whose: who})))
    assert "Vence el control de G1" not in text(client_of("olga").get(april))


def seminar(app, world, **changed) -> None:
    def write(session):
        plant(session, **changed)
        registered(session, 1, person_id=world.people["ana"], kind="student")
        registered(session, 2, email="beto@example.org")            # without an account: known by the address
        registered(session, 3, email="ana@example.org.example", state="waiting")
        sequences(session)
    act(app, write)


def test_a_session_of_a_seminar_while_away_is_told(app, world, client_of):
    seminar(app, world)
    intern(world, starts_on=date(2027, 5, 10), ends_on=date(2027, 5, 12), who="ana")
    page = text(client_of("olga").get(CALENDAR))
    assert page.count("Tiene un cupo en la sesión") == 2 and "«Descentralización: diez años después» del seminario" in page and "Asistir en línea" in page
    intern(world, starts_on=date(2027, 5, 13), ends_on=date(2027, 5, 14), who="beto")
    assert text(client_of("olga").get(CALENDAR)).count("Tiene un cupo en la sesión") == 3


def test_a_cancelled_seminar_collides_with_nothing(app, world, client_of):
    seminar(app, world, cancelled_at=world.now)
    intern(world, starts_on=date(2027, 5, 10), ends_on=date(2027, 5, 12))
    assert "Sin choques" in text(client_of("olga").get(CALENDAR))


def placed(app, world, cohort_id: int, **changed) -> int:
    """A placement of Ana's in another cohort, where nobody asks whether she is elsewhere."""
    return act(app, lambda s: placing.make(s, world.people["olga"], world.now, cohort_id, world.people["ana"], draft(world, **changed)))


def test_two_internships_of_one_person_at_a_time_are_told_and_a_cancelled_one_is_not(app, world, client_of):
    intern(world)
    made = placed(app, world, 2, starts_on=ENDS, ends_on=ENDS + timedelta(days=5), area="Educación")
    page = text(client_of("olga").get(CALENDAR))
    assert "Tiene dos pasantías a la vez" in page and "03-05-2027" in page and "12-05-2027" in page and "o cancelarla" in page
    act(app, lambda s: placing.take(s, world.people["olga"], world.now, queries.placement(s, made), "cancelled", "Se duplicó"))
    assert "dos pasantías" not in text(client_of("olga").get(CALENDAR))


def test_a_coordinator_sees_only_the_own_cohort(app, world, client_of):
    intern(world)
    placed(app, world, 2, starts_on=ENDS, ends_on=ENDS + timedelta(days=5), city="Ciudad Ajena")
    page = text(client_of("coral").get(CALENDAR))
    assert "Vado Largo" in page and "Ciudad Ajena" not in page and "dos pasantías" not in page and "Cohorte AR-2027" not in page
    assert "Ciudad Ajena" not in text(client_of("coral").get(f"{CALENDAR}&cohorte=2"))
    assert "Ciudad Ajena" in text(client_of("olga").get(f"{CALENDAR}&cohorte=2")) and "Vado Largo," not in text(client_of("olga").get(f"{CALENDAR}&cohorte=2"))
    assert "2027" not in client_of("coral").get(f"{SUMMARY}.csv?cohorte=2").text
    assert client_of("ivan").get(CALENDAR).status_code == client_of("ana").get(SUMMARY).status_code == 403


def test_the_calendar_is_narrowed_by_country_and_an_empty_month_leads_on(app, world, client_of):
    intern(world)
    placed(app, world, 2, starts_on=ENDS, ends_on=ENDS + timedelta(days=5), city="Salto", country="UY")
    olga = client_of("olga")
    assert "Salto" not in text(olga.get(f"{CALENDAR}&pais=AR")) and "Vado Largo," not in text(olga.get(f"{CALENDAR}&pais=UY"))
    for odd in ("&pais=%3D1", "&pais=ZZ", "&cohorte=x", "&cohorte=99999999999999999999"):
        assert "Salto" in text(olga.get(CALENDAR + odd))
    empty = olga.get("/pasantias/calendario?mes=2027-09")
    assert "Nadie está en una pasantía en septiembre de 2027" in text(empty) and "mes=2027-05" in empty.text and "próximo" not in text(empty)
    assert "abril de 2027" in text(olga.get("/pasantias/calendario?mes=mayo"))


def test_who_goes_sees_the_own_collisions_and_nobody_else_s(app, world, client_of):
    seminar(app, world)
    intern(world, starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 12))
    other = intern(world, who="beto", starts_on=date(2027, 5, 10), ends_on=date(2027, 5, 12))
    placed(app, world, 2, starts_on=date(2027, 5, 12), ends_on=date(2027, 5, 20), city="Salto")
    ana = client_of("ana")
    url = OWN.replace("viaje", "choques")
    ana.get(url)
    with statements(app) as ran:
        page = text(ana.get(url))
    assert len(ran) <= 6, ran
    assert "4 choques en esos días" in page and "Vence la tarea de G1" in page and "dos pasantías a la vez" in page and page.count("Tiene un cupo") == 2
    assert ana.get(f"/cohortes/1/pasantia/{other.placement_id}/choques").status_code == ana.get("/cohortes/1/pasantia/99/choques").status_code == 404


def crowd(app, world, count: int) -> None:
    """So many further participants of cohort 1, each at the host on the same days."""
    def write(session):
        for n in range(count):
            person = Person(email=f"p{n}@example.org", given_names=f"Persona {n}", surname1="Ficticia", sort_key=f"f{n:03}", search_key=f"f{n:03}",
                            email_key=f"p{n}@example.org", created_at=world.now)
            session.add(person)
            session.flush()
            session.add(PersonPost(person_id=person.id, role="student", cohort_id=1, granted_at=world.now))
            session.add(Enrolment(cohort_id=1, person_id=person.id, enrolled_at=world.now))
            session.flush()
            placing.make(session, world.people["olga"], world.now, 1, person.id, draft(world))
    act(app, write)


def test_the_pages_cost_the_same_for_one_as_for_many(app, world, client_of):
    intern(world, "evaluated")
    olga, counted = client_of("olga"), {}
    for count in (0, 12):
        crowd(app, world, count)
        for url in (CALENDAR, SUMMARY):
            olga.get(url)
            with statements(app) as ran:
                assert olga.get(url).status_code == 200
            counted.setdefault(url, []).append(len(ran))
    assert "13 personas" in text(olga.get(CALENDAR))
    assert counted[CALENDAR][0] == counted[CALENDAR][1] <= 6 and counted[SUMMARY][0] == counted[SUMMARY][1] <= 6, counted


# The sums -------------------------------------------------------------------------------------------------------------

def close(world, client_of) -> None:
    intern(world, "evaluated")
    world.now = at(ENDS + timedelta(days=3))
    assert client_of("olga").send("/cohortes/1/pasantias/1/cierre", {"grade": "", "item": "-", "seen": "0"}).status_code == 303


def test_what_is_closed_counts_as_it_was_frozen_and_what_runs_is_apart(app, world, client_of):
    close(world, client_of)
    world.now = datetime(2027, 4, 20, 15, tzinfo=UTC)
    intern(world, "report_due", who="beto", starts_on=date(2027, 6, 7), ends_on=date(2027, 6, 11), country="UY")
    act(app, lambda s: s.connection().exec_driver_sql("UPDATE institutions SET name = 'Otro nombre' WHERE id = 3"))
    page = text(client_of("olga").get(SUMMARY))
    assert "Universidad del Sur (ficticia)" in page and "Otro nombre" in page and "Argentina" in page and "Uruguay" in page
    header, *lines = list(csv.reader(io.StringIO(client_of("olga").get(f"{SUMMARY}.csv").data.decode("utf-8-sig"), newline=""), delimiter=";"))
    told = [dict(zip(header, line, strict=True)) for line in lines]
    assert [(t["Año"], t["País"], t["Institución anfitriona"], t["Pasantías cerradas"], t["Horas validadas"], t["Pasantías en curso"],
             t["Horas validadas en curso"]) for t in told] == [
        ("2027", "Argentina", "Universidad del Sur (ficticia)", "1", "25", "0", "0"), ("2027", "Uruguay", "Otro nombre", "0", "0", "1", "25")]
    frozen = json.loads(one(app, select(queries.PlacementEvent.frozen).where(queries.PlacementEvent.kind == "closed")))
    assert Fraction(told[0]["Créditos"].replace(",", ".")) == round(Fraction(frozen["credits"]), 2)


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_the_table_comes_back_from_a_workbook(app, world, client_of, ending):
    close(world, client_of)
    answer = client_of("olga").get(f"{SUMMARY}.{ending}")
    assert "no-store" in answer.headers["Cache-Control"] and f"pasantias-resumen.{ending}" in answer.headers["Content-Disposition"]
    table = spreadsheet.read(f"resumen.{ending}", answer.data)
    assert table.header[:3] == ("Año", "País", "Institución anfitriona") and table.rows[0].cells[:2] == ("2027", "Argentina")


def test_a_reopened_one_runs_again(world, client_of):
    close(world, client_of)
    client_of("olga").send("/cohortes/1/pasantias/1/reapertura", {"reason": "Faltaba una semana"})
    lines = client_of("olga").get(f"{SUMMARY}.csv").text.splitlines()
    assert len(lines) == 2 and lines[1].split(";")[4] == '"0"' and lines[1].split(";")[7] == '"1"'


def test_nothing_begun_is_said(client_of):
    assert "Todavía no hay pasantías comenzadas" in text(client_of("olga").get(SUMMARY))
