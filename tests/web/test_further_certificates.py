"""Papers beside the diploma's: enrolment, attendance of who may have no account, internship; and who signs when."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, update

from lms.certificates import actions, batches, queries
from lms.certificates.facts import AttendanceFacts, Facts, InternshipFacts
from lms.certificates.further import unattended
from lms.certificates.models import Certificate
from lms.certificates.rooms import FACTS
from lms.cohorts import offices
from lms.cohorts import queries as cohorts
from lms.cohorts.models import Cohort, Enrolment, Signatory
from lms.foundation.outbox import OutboxJob, work
from lms.internships import closing
from lms.internships import queries as internships
from lms.people.rules import Refused, today
from lms.seminars import counting, presence
from lms.seminars.counting import CreditRule, Tier
from lms.seminars.marks import Sitting
from tests import interned, seminared
from tests.certified import Desk, step_away
from tests.programme import PROGRAMME
from tests.seminared import S1, S2

LONG = "María Fernanda Graciela de los Ángeles Ñancupil Etchegaray-Muñoz"


def text(response):
    return response.get_data(as_text=True)


@pytest.fixture
def desk(app, world, monkeypatch):
    """The office, a seminar (12) of three registrants and a closed placement (4) of Ana's."""
    made = Desk(app, world, monkeypatch)
    then = world.now.date() - timedelta(days=2)
    base = AttendanceFacts(12, 77, None, LONG, "sin.cuenta@example.org", Fraction(15, 2), "Descentralización fiscal", "Viña del Mar",
                           False, ("Universidad Nacional de Quilmes",), then, then)
    made.attended = [base, replace(base, registration_id=78, person_id=world.people["ana"], name="Ana Pérez", email="ana@example.org"),
                     replace(base, registration_id=79, name="Poco Rato", email="poco@example.org", hours=Fraction(0))]
    made.closed = [InternshipFacts(4, world.people["ana"], "Municipalidad de Rosario", "Rosario, Argentina", then, then,
                                   Fraction(40), Fraction(3, 2), "5,5")]
    facts = Facts(lambda session, seminar, now, language: made.attended if seminar == 12 else [],
                  lambda session, cohort: made.closed if cohort == 1 else [])
    app.extensions["certificate_facts"] = facts
    made.shop = replace(made.shop, facts=facts)
    with made.write() as session:
        session.add(Signatory(name="Rosa Firmante Uno", office="Directora", institution="Escuela de Gobierno Local"))
    return made


def held(desk, certificate_id, cohort_id=1):
    with desk.read() as session:
        return queries.one(session, cohort_id, certificate_id)


def count(desk):
    with desk.read() as session:
        return session.scalar(select(func.count()).select_from(Certificate))


def attend(desk, *registrations, language="es"):
    with desk.write() as session:
        return actions.issue_attendance(session, desk.shop, desk.world.people["olga"], desk.world.now, 12, registrations, language)


def intern(desk, *placements):
    with desk.write() as session:
        return actions.issue_internship(session, desk.shop, None, desk.world.now, cohorts.cohort(session, 1), placements)


def enrol(desk, name, cohort_id=1, now=None):
    with desk.write() as session:
        return actions.issue_enrolment(session, desk.shop, None, now or desk.world.now, cohorts.cohort(session, cohort_id),
                                       [desk.world.people[name]])[0]


# Enrolment ------------------------------------------------------------------------------------------------------------

def test_a_participant_takes_the_certificate_of_their_enrolment_and_twice_a_day_it_is_one(desk, world, client_of):
    ana = client_of("ana")
    assert "Obtener la constancia" in text(ana.get("/mis-certificados"))
    for _ in range(2):
        assert ana.send("/mis-certificados/constancia", {"cohorte": 1, "language": "en"}).status_code == 303
    page = text(ana.get("/mis-certificados"))
    assert "EGR-2027-000001-" in page and page.count("Descargar el PDF") == 1 and count(desk) == 1
    s = held(desk, 1).snapshot
    assert s.kind == "enrolment" and s.language == "en" and not s.grade and len(s.institutions) == 2


def test_on_another_day_it_is_another_and_the_first_still_says_what_was_true(desk, world):
    first, second = enrol(desk, "ana"), enrol(desk, "ana", now=world.now + timedelta(days=1))
    assert first.certificate_id != second.certificate_id
    assert held(desk, first.certificate_id).state == "valid"


def test_nobody_takes_one_of_a_cohort_they_are_not_in(desk, world, client_of):
    assert client_of("ana").send("/mis-certificados/constancia", {"cohorte": 2}).status_code == 404
    assert count(desk) == 0


def test_who_withdrew_or_whose_cohort_ended_is_not_enrolled(desk, world):
    with desk.write() as session:
        session.execute(update(Enrolment).where(Enrolment.person_id == world.people["ana"]).values(withdrawn_at=world.now))
        session.execute(update(Cohort).where(Cohort.id == 2).values(ends_on=today(world.now) - timedelta(days=1)))
    assert "se retiró" in enrol(desk, "ana").problem
    assert "terminó" in enrol(desk, "beto", 2).problem and count(desk) == 0


def test_a_certificate_of_enrolment_is_no_diploma(desk, world, client_of):
    enrol(desk, "ana")
    desk.has_earned("ana")
    assert held(desk, desk.issue("ana")).kind == "final"
    assert "EGR-" not in text(client_of("olga").get("/cohortes/1/certificados?ver=emitidos"))
    assert "EGR-2027-000001-" in text(client_of("olga").get("/cohortes/1/certificados/constancias"))


def test_who_was_there_to_the_end_without_passing_is_certified_for_that_and_for_no_more(desk, app, world, client_of):
    desk.verdicts[world.people["ana"]] = step_away()
    desk.confirm("ana")
    olga = client_of("olga")
    asked = {"people": str(world.people["ana"]), "language": "es"}
    assert olga.send("/cohortes/1/certificados/constancias/participacion", asked).status_code == 409      # it goes on
    with desk.write() as session:
        session.execute(update(Cohort).where(Cohort.id == 1).values(ends_on=today(world.now) - timedelta(days=1)))
    assert "Pérez Soto, Ana" in text(olga.get("/cohortes/1/certificados/constancias"))
    answer = olga.send("/cohortes/1/certificados/constancias/participacion", asked)
    work(app)
    assert "1 emitido" in text(olga.get(answer.location))
    s = held(desk, 1).snapshot
    assert s.folio.startswith("EGC-2027-") and not s.grade and not s.credits
    assert olga.send("/cohortes/1/certificados/constancias/participacion", asked).status_code == 409
    assert held(desk, desk.replace(1)).kind == "participation"
    desk.has_earned("ana")
    assert held(desk, desk.issue("ana")).kind == "final"


# Attendance -----------------------------------------------------------------------------------------------------------

def test_who_has_no_account_is_given_one_by_mail_and_anybody_verifies_it(desk, world, client_of):
    outcomes = {o.person_id: o for o in attend(desk, 77, 79)}
    assert "asistencia" in outcomes[79].problem and outcomes[79].certificate_id is None
    certificate = held(desk, outcomes[77].certificate_id, None)
    assert (certificate.person_id, certificate.cohort_id, certificate.holder, certificate.about) == (
        None, None, "registration:77", "seminar:12")
    s = certificate.snapshot
    assert (s.hours, s.minutes, s.place, s.folio[:9]) == (7, 30, "Viña del Mar", "EGS-2027-")
    assert s.institutions[0].startswith("Escuela de Gobierno Local") and "Universidad Nacional de Quilmes" in s.institutions
    with desk.read() as session:
        (mail,) = session.scalars(select(OutboxJob).where(OutboxJob.kind == "mail"))
        sent = json.loads(mail.payload)
        assert sent["to"] == "sin.cuenta@example.org" and "mis-certificados" not in sent["text"] and certificate.sha256 in mail.payload
    page = text(client_of("nobody").get(f"/v/{s.folio}/{s.code}"))
    assert "Certificado de asistencia" in page and "Descentralización fiscal" in page and "7 horas y 30 min" in page
    assert "sin.cuenta" not in page


def test_asked_for_twice_it_is_one_also_once_they_have_an_account(desk, world):
    (first,), (again,) = attend(desk, 77), attend(desk, 77)
    assert first.certificate_id == again.certificate_id
    desk.attended[0] = replace(desk.attended[0], person_id=world.people["beto"])
    assert attend(desk, 77)[0].certificate_id == first.certificate_id and count(desk) == 1


def test_who_has_an_account_sees_it_among_their_certificates(desk, world, client_of):
    attend(desk, 78)
    ana = client_of("ana")
    page = text(ana.get("/mis-certificados"))
    assert "Certificado de asistencia" in page and "Insignia digital" not in page
    assert ana.get("/mis-certificados/1.pdf").status_code == 200 and client_of("beto").get("/mis-certificados/1.pdf").status_code == 404


def test_all_attendees_are_a_batch_of_the_worker_s(desk, app, world, client_of):
    olga = client_of("olga")
    page = text(olga.get("/seminarios/12/certificados"))
    assert "2 personas esperan el suyo" in page and LONG in page and "Sin asistencia suficiente" in page
    answer = olga.send("/seminarios/12/certificados/emitir", {"people": "77,78,79,80", "language": "pt"})
    assert answer.status_code == 303 and "0 de 2" in text(olga.get(answer.location))
    work(app)
    page = text(olga.get(answer.location))
    assert "2 emitidos" in page and LONG in page
    register = text(olga.get("/seminarios/12/certificados"))
    assert "EGS-2027-000001-" in register and "EGS-2027-000002-" in register and "esperan" not in register
    assert olga.get("/seminarios/12/certificados/1.pdf").status_code == 200
    assert olga.get("/seminarios/12/certificados.zip").status_code == 200
    assert held(desk, 1, None).snapshot.language == "pt"
    assert olga.send("/seminarios/12/certificados/emitir", {"people": "77", "language": "es"}).status_code == 409
    assert olga.get("/seminarios/13/certificados/1.pdf").status_code == 404 and olga.get("/seminarios/13/certificados").status_code == 404
    assert olga.get("/cohortes/1/certificados/1.pdf").status_code == 404


def test_asked_twice_a_seminar_s_batch_is_one(desk, world):
    with desk.write() as session:
        first = batches.ask(session, None, world.now, None, None, [77, 78], "es", "attendance", "seminar:12")
        assert batches.ask(session, None, world.now, None, None, [77], "es", "attendance", "seminar:12") == first


def test_one_of_no_account_is_replaced_and_revoked_and_its_holder_is_written(desk, world, client_of):
    (made,) = attend(desk, 77)
    desk.attended[0] = replace(desk.attended[0], name="María Fernanda Ñancupil")
    olga = client_of("olga")
    here = f"/seminarios/12/certificados/{made.certificate_id}"
    assert olga.get(f"{here}/reemplazar").status_code == 200 and olga.get(f"{here}/anular").status_code == 200
    assert olga.send(f"{here}/reemplazar", {"reason": "Corrección del nombre"}).status_code == 303
    assert held(desk, 1, None).state == "replaced"
    new = held(desk, 2, None)
    assert new.snapshot.holder_name == "María Fernanda Ñancupil" and new.holder == "registration:77"
    assert olga.send("/seminarios/12/certificados/2/anular", {"reason": "No asistió al final"}).status_code == 303
    with desk.read() as session:
        sent = [json.loads(m.payload) for m in session.scalars(select(OutboxJob).where(OutboxJob.kind == "mail"))]
    assert [m["to"] for m in sent] == ["sin.cuenta@example.org"] * 3 and "anulado" in sent[-1]["subject"]
    page = text(olga.get("/seminarios/12/certificados"))
    assert "Tuvo uno anulado" in page and "1 persona espera el suyo" in page        # Ana; not who had one revoked


def test_two_officers_at_once_issue_one(desk):
    with ThreadPoolExecutor(4) as officers:
        made = list(officers.map(lambda _: attend(desk, 77, 78), range(4)))
    assert len({tuple(o.certificate_id for o in one) for one in made}) == 1 and count(desk) == 2


def test_nobody_signs_for_the_school_and_nothing_is_issued(desk, world, client_of):
    with desk.write() as session:
        (row,) = session.scalars(select(Signatory).where(Signatory.cohort_id.is_(None)))
        offices.end(session, None, world.now, None, row.id, today(world.now) - timedelta(days=1))
    assert "Nadie firma" in attend(desk, 77)[0].problem and count(desk) == 0
    assert "Nadie firma hoy por la Escuela" in text(client_of("olga").get("/seminarios/12/certificados"))


# Internship -----------------------------------------------------------------------------------------------------------

def test_a_closed_placement_is_certified_with_hours_grade_and_badge(desk, app, world, client_of):
    assert "confirmado el nombre" in intern(desk, 4)[0].problem
    desk.confirm("ana")
    olga = client_of("olga")
    assert "Municipalidad de Rosario" in text(olga.get("/cohortes/1/certificados/constancias"))
    answer = olga.send("/cohortes/1/certificados/constancias/pasantias", {"people": "4,5", "language": "es"})
    assert answer.status_code == 303
    work(app)
    assert "1 emitido" in text(olga.get(answer.location))
    s = held(desk, 1).snapshot
    assert (s.title, s.hours, s.credits[0], s.grade) == ("Municipalidad de Rosario", 40, "1,5 SCT-Chile", "5,5")
    assert intern(desk, 4)[0].certificate_id == 1 and "no está cerrada" in intern(desk, 5)[0].problem
    assert "Insignia digital" in text(client_of("ana").get("/mis-certificados"))
    assert client_of("ana").get("/mis-certificados/1/insignia").status_code == 200
    page = text(olga.get(f"/v/{s.folio}/{s.code}"))
    assert "Constancia de pasantía" in page and "Rosario, Argentina" in page and "5,5" not in page


# Admission and signatories --------------------------------------------------------------------------------------------

def test_the_way_of_admission_decides_the_words_of_the_diploma(desk, world, client_of):
    olga, ana = client_of("olga"), world.people["ana"]
    assert olga.send("/cohortes/1/ingreso", {"track": "degree", "evidence": "Título"}).status_code == 422
    assert olga.send("/cohortes/1/ingreso", {"person": ana, "track": "degree", "evidence": "Título de abogada"}).status_code == 303
    desk.has_earned("ana")
    first = desk.issue("ana")
    assert held(desk, first).snapshot.form == "degree"
    assert olga.send("/cohortes/1/ingreso", {"person": ana, "track": "office", "evidence": "Resolución 4"}).status_code == 303
    assert held(desk, desk.replace(first)).snapshot.form == "office" and held(desk, first).snapshot.form == "degree"
    assert "Por cargo público o experiencia" in text(olga.get("/cohortes/1/ingreso"))
    assert client_of("ana").get("/cohortes/1/ingreso").status_code == 403


def test_who_signs_is_who_holds_the_office_that_day(desk, world, client_of):
    olga, day = client_of("olga"), today(world.now)
    with desk.read() as session:
        rector = next(r for r in cohorts.offices(session, 1) if r.office == "Rector")
    answer = olga.send("/cohortes/1/firmantes", {
        "name": "Rita Rectora", "office": "Rectora", "institution": "Universidad Nacional de Quilmes",
        "starts_on": (day + timedelta(days=3)).isoformat(), "instead_of": str(rector.id)})
    assert answer.status_code == 303
    page = text(olga.get("/cohortes/1/firmantes"))
    assert "Más adelante" in page and "Rita Rectora" in page
    assert held(desk, enrol(desk, "ana").certificate_id).snapshot.signatories[1][0] == "Raúl Firmante Dos"
    later = held(desk, enrol(desk, "ana", now=world.now + timedelta(days=3)).certificate_id).snapshot
    assert [s[0] for s in later.signatories] == ["Rosa Firmante Uno", "Rita Rectora"]
    again = olga.send(f"/cohortes/1/firmantes/{rector.id}/termino", {"ends_on": (day + timedelta(days=9)).isoformat()})
    assert again.status_code == 422 and "ya terminó" in text(again)
    assert olga.send("/cohortes/2/firmantes/1/termino", {"ends_on": day.isoformat()}).status_code == 404


def test_saving_the_list_anew_keeps_the_history(desk, world, client_of):
    olga = client_of("olga")
    sent = {"signatories-0-name": "Rosa Firmante Uno", "signatories-0-office": "Directora", "signatories-0-institution": "Otra"}
    assert olga.send("/cohortes/1/datos/firmantes", sent).status_code == 303
    with desk.read() as session:
        rows = cohorts.offices(session, 1)
        assert len(rows) == 3 and [s[2] for s in cohorts.signatories(session, 1, today(world.now))] == ["Otra"]
        assert len(cohorts.signatories(session, 1, today(world.now) - timedelta(days=1))) == 2
    assert "Antes" in text(olga.get("/cohortes/1/firmantes"))


def test_an_office_can_not_end_before_it_begins(desk, world):
    with desk.write() as session:
        made = offices.begin(session, None, world.now, None, ("Nora", "Directora", "Escuela"), date(2027, 5, 2))
        with pytest.raises(Refused, match="anterior"):
            offices.end(session, None, world.now, None, made, date(2027, 5, 1))
        with pytest.raises(Refused, match="Ya firma"):
            offices.begin(session, None, world.now, None, ("Nora", "Directora", "Escuela"), date(2027, 6, 2))


@pytest.mark.parametrize("asked", ["clase=enrolment", "clase=participation&idioma=en", "clase=internship&idioma=pt", "via=degree", "via=office&idioma=en", "modulo=G1"])
def test_every_kind_is_seen_before_it_is_issued(desk, client_of, asked):
    olga = client_of("olga")
    page = olga.get(f"/cohortes/1/certificados/muestra?{asked}&nombre={LONG}")
    assert page.status_code == 200 and "no se podría" not in text(page)
    assert olga.get(f"/cohortes/1/certificados/muestra/1?{asked}&nombre={LONG}").mimetype == "image/webp"


def test_a_seminar_s_certificate_is_seen_before_it_is_issued(desk, client_of):
    olga = client_of("olga")
    assert LONG in text(olga.get("/seminarios/12/certificados/muestra"))
    assert olga.get("/seminarios/12/certificados/muestra/1?idioma=pt").mimetype == "image/webp"
    assert olga.get("/seminarios/13/certificados/muestra").status_code == 404


# From the rooms themselves ----------------------------------------------------------------------------------------------

def test_a_seminar_s_attendees_are_known_from_its_minutes(app, world, monkeypatch, client_of):
    desk = Desk(app, world, monkeypatch)
    with desk.write() as session:
        seminared.plant(session, credit_rule=counting.written(CreditRule((Tier(80, 2, Fraction(5, 2)),))))
        seminared.registered(session, 77, names=("Łucja", "Öztürk"))
        seminared.registered(session, 78)
        seminared.sequences(session)
        for who, which in ((77, (S1, S2)), (78, (S1,))):
            for number in which:
                begins = seminared.STARTS[number]
                presence.say(session, world.people["olga"], begins, 1, who, Sitting(number, begins, begins + seminared.LONG), 90,
                             "Lista firmada", f"{who}-{number}")
        session.add(Signatory(name="Rosa Firmante Uno", office="Directora", institution="Escuela de Gobierno Local"))
    with desk.read() as session:
        before = FACTS.attended(session, 1, world.now, "pt")
        after = {f.registration_id: f for f in FACTS.attended(session, 1, world.now + timedelta(days=60), "pt")}
    assert [unattended(f) for f in before] == ["El seminario no ha terminado."] * 2
    assert after[77].hours == Fraction(5, 2) and after[77].title.startswith("Descentralização") and after[77].place == "Quilmes"
    assert (after[77].started_on, after[77].ended_on) == (date(2027, 5, 12), date(2027, 5, 13)) and "asistencia" in unattended(after[78])
    page = text(client_of("olga").get("/seminarios/1/certificados"))
    assert "No ha terminado" in page and "Łucja Öztürk" in page
    with desk.write() as session:
        shop = replace(desk.shop, facts=FACTS)
        made = actions.issue_attendance(session, shop, None, world.now + timedelta(days=60), 1, [77, 78])
        s = queries.one(session, None, made[0].certificate_id).snapshot
    assert (s.hours, s.minutes, s.institutions[1:]) == (2, 30, ("FLACMA",)) and made[1].certificate_id is None


def test_a_placement_is_known_once_it_is_closed(app, world, monkeypatch):
    desk = Desk(app, world, monkeypatch)
    placed = interned.intern(world, "evaluated")
    with desk.read() as session:
        assert FACTS.closed(session, 1) == []
    with desk.write() as session:
        closing.close(session, world.people["olga"], interned.at(date(2027, 5, 20)), cohorts.cohort(session, 1), PROGRAMME,
                      internships.placement(session, placed.placement_id))
    with desk.read() as session:
        (facts,) = FACTS.closed(session, 1)
    assert (facts.place, facts.hours, facts.person_id) == ("Vado Largo, Argentina", 25, world.people["ana"]) and facts.grade
    desk.confirm("ana")
    with desk.write() as session:
        (made,) = actions.issue_internship(session, replace(desk.shop, facts=FACTS), None, world.now + timedelta(days=60),
                                           cohorts.cohort(session, 1), [placed.placement_id])
        s = queries.one(session, 1, made.certificate_id).snapshot
    assert s.title == facts.host and s.grade == facts.grade and s.grade_words


def test_each_paper_and_letter_is_in_the_language_of_its_registration(desk):
    """A Brazilian reads what they were given; who registered in Spanish does too."""
    desk.attended[0] = replace(desk.attended[0], language="pt", titles={"es": "Descentralización fiscal", "pt": "Descentralização fiscal"})
    made = attend(desk, 77, 78, language="")
    with desk.read() as session:
        hers, anas = (queries.one(session, None, m.certificate_id).snapshot for m in made)
        letters = {m["to"]: m for m in (json.loads(job.payload) for job in session.scalars(select(OutboxJob).where(OutboxJob.kind == "mail")))}
    assert (hers.language, anas.language) == ("pt", "es") and hers.programme == "Descentralização fiscal"
    assert "Foi emitido seu" in letters["sin.cuenta@example.org"]["text"] and "Se emitió su" in letters["ana@example.org"]["text"]
    assert letters["sin.cuenta@example.org"]["subject"] == f"Seu certificado {hers.folio}"
