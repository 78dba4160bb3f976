"""Registering for a seminar: places, waiting, offers, letters in one's language, links without an account."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from lms.foundation import outbox
from lms.foundation.outbox import OutboxJob
from lms.seminars import reminders
from lms.seminars.letters import Desk
from lms.seminars.models import (
    Delegation,
    Registration,
    RegistrationAnswer,
    RegistrationEvent,
    SeminarInvitation,
    SeminarPlaces,
    SeminarQuestion,
)
from lms.seminars.places import registrations
from tests.client import Client
from tests.looking import text
from tests.seminared import BEGINS, SEMINAR, SLUG, plant, sequences

DESK = Desk("http://localhost", "test")
FORM = f"/seminarios/{SLUG}/inscripcion"


@pytest.fixture
def seminar(app, world):
    with app.extensions["database"].transaction() as s:
        plant(s)
        sequences(s)
    return SEMINAR


@pytest.fixture
def anyone(client_of, seminar):
    return client_of("nobody")


def person(number=1, **changed):
    return {"given_names": f"Persona {number}", "surname1": "Prueba", "surname2": "", "email": f"p{number}@example.org",
            "country": "CL", "institution": "Municipalidad de Pucón", "office": "Concejala", "kind": "public", **changed}


def letters(app):
    """(to, subject, text) of the mails in the outbox, done or not."""
    with app.extensions["database"].reading() as s:
        jobs = s.scalars(select(OutboxJob.payload).where(OutboxJob.kind == "mail").order_by(OutboxJob.id)).all()
    return [json.loads(job) for job in jobs]


def own_link(letter):
    return re.search(r"http://localhost(/seminarios/inscripcion/\S+)", letter["text"])[1]


def states(app):
    with app.extensions["database"].reading() as s:
        return {view.email.partition("@")[0]: view.state for view in registrations(s, SEMINAR)}


def ask(app, *questions):
    with app.extensions["database"].transaction() as s:
        for position, (code, kind, more) in enumerate(questions, start=1):
            s.add(SeminarQuestion(seminar_id=SEMINAR, code=code, kind=kind, position=position,
                                  labels=json.dumps({"es": f"Pregunta {code}", "en": f"Question {code}"}),
                                  options=json.dumps(more.pop("options", [])),
                                  shown_when=json.dumps(more.pop("when")) if "when" in more else "", **more))


def test_who_registers_is_confirmed_by_mail_with_ticket_link_and_calendar(app, world, anyone):
    answer = anyone.send(FORM, person())
    assert answer.status_code == 303
    assert "Revise su correo" in text(anyone.get(answer.location))
    [letter] = letters(app)
    assert letter["to"] == "p1@example.org"
    assert letter["subject"] == "Inscripción confirmada: Descentralización y seguridad pública local"
    assert "miércoles 12 de mayo de 2027, 10:00 h (hora de Argentina)" in letter["text"]
    assert letter["calendar"].count("BEGIN:VEVENT") == 3 and "DTSTART:20270512T130000Z" in letter["calendar"]
    page = text(anyone.get(own_link(letter)))
    assert "Inscripción confirmada" in page
    ticket = text(anyone.get(re.search(r"/seminarios/entrada/[\w-]+", page)[0]))
    assert 'class="qr"' in ticket and re.search(r"[2-9CFGHJMPQRVWX]{3}-[2-9CFGHJMPQRVWX]{4}", ticket)


def test_the_attached_calendar_is_a_file_of_its_own(app, world, anyone, tmp_path):
    anyone.send(FORM, person())
    outbox.work(app)
    [mail] = (tmp_path / "mail").glob("*.eml")
    assert b"text/calendar" in mail.read_bytes() and b"evento.ics" in mail.read_bytes()


@pytest.mark.parametrize(("language", "subject", "day"), [
    ("pt", "Descentralização e segurança pública local", "quarta-feira 12 de maio de 2027"),
    ("en", "Decentralisation and local public safety", "Wednesday 12 May 2027"),
    ("es-AR", "Descentralización y seguridad pública local", "miércoles 12 de mayo de 2027")])
def test_letters_are_in_the_language_of_the_page(app, world, anyone, language, subject, day):
    anyone.set_cookie("language", language)
    anyone.send(FORM, person())
    [letter] = letters(app)
    assert letter["subject"].endswith(subject) and day in letter["text"]
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(Registration.language)) == language


def test_the_same_address_again_changes_nothing_is_told_the_same_and_is_mailed_its_link(app, world, anyone):
    first = text(anyone.get(anyone.send(FORM, person()).location))
    world.later(minutes=30)
    again = text(anyone.get(anyone.send(FORM, person(given_names="Otra", email="P1@example.org")).location))
    assert re.sub(r'value="[^"]+"', "", first) == re.sub(r'value="[^"]+"', "", again)
    one, two = letters(app)
    assert own_link(one) == own_link(two) and "No se cambió nada" in two["text"]
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(Registration.given_names)).all() == ["Persona 1"]
    anyone.send(FORM, person())
    assert len(letters(app)) == 2, "who asks again and again is not mailed each time"


def test_when_places_are_gone_one_waits_and_is_offered_the_next_that_comes_free(app, world, anyone):
    for number in (1, 2, 3, 4):
        anyone.send(FORM, person(number))
    assert states(app) == {"p1": "confirmed", "p2": "confirmed", "p3": "waiting", "p4": "waiting"}
    mine = letters(app)
    assert "Su lugar en la lista: 2." in text(anyone.get(own_link(mine[3])))
    world.later(hours=1)
    anyone.send(own_link(mine[0]) + "/anular")
    assert states(app) == {"p1": "cancelled", "p2": "confirmed", "p3": "offered", "p4": "waiting"}
    offer = letters(app)[-1]
    assert (offer["to"], offer["subject"].partition(":")[0]) == ("p3@example.org", "Hay un cupo para usted")
    anyone.send(own_link(offer) + "/aceptar")
    assert states(app)["p3"] == "confirmed"
    assert anyone.send(own_link(offer) + "/aceptar").status_code == 409, "twice is told, and changes nothing"


def test_an_offer_that_nobody_takes_goes_to_the_next_in_line(app, world, anyone):
    for number in (1, 2, 3, 4):
        anyone.send(FORM, person(number))
    anyone.send(own_link(letters(app)[0]) + "/anular")
    world.later(hours=47)
    outbox.work(app)
    assert states(app)["p3"] == "offered"
    world.later(hours=2)
    outbox.work(app)
    assert states(app) == {"p1": "cancelled", "p2": "confirmed", "p3": "expired", "p4": "offered"}
    outbox.work(app)
    assert states(app)["p4"] == "offered"


def test_an_offer_is_not_accepted_late_even_before_it_was_taken_back(app, world, anyone):
    for number in (1, 2, 3):
        anyone.send(FORM, person(number))
    first, *_rest = letters(app)
    anyone.send(own_link(first) + "/anular")
    link = own_link(letters(app)[-1])
    world.later(hours=48)
    answer = anyone.send(link + "/aceptar")
    assert answer.status_code == 409 and "pasó a la siguiente persona" in text(answer)


def test_who_cancelled_may_ask_again_behind_the_others(app, world, anyone):
    for number in (1, 2, 3):
        anyone.send(FORM, person(number))
    link = own_link(letters(app)[0])
    anyone.send(link + "/anular")
    assert "Volver a inscribirme" in text(anyone.get(link))
    anyone.send(link + "/volver")
    assert states(app) == {"p1": "waiting", "p2": "confirmed", "p3": "offered"}


def test_a_reminder_comes_the_day_before_and_not_to_who_cancelled(app, world, anyone):
    for number in (1, 2):
        anyone.send(FORM, person(number))
    anyone.send(own_link(letters(app)[0]) + "/anular")
    outbox.work(app)
    before = len(list((app.config["INSTANCE"] / "mail").glob("*.eml")))
    world.now = BEGINS - timedelta(hours=23)
    outbox.work(app)
    outbox.work(app)
    new = sorted((app.config["INSTANCE"] / "mail").glob("*.eml"))[before:]
    assert [b"p2@example.org" in mail.read_bytes() for mail in new] == [True]


def test_who_is_coming_is_told_once_of_a_change_when_the_office_has_done_changing(app, world, anyone, client_of):
    anyone.send(FORM, person(1))
    olga = client_of("olga")
    change = {"day": "2027-05-20", "starts": "10:00", "ends": "11:30", "title": "Descentralización", "mode": "both",
              "counts": "y"}
    for day in ("2027-05-20", "2027-05-10"):
        assert olga.send(f"/seminarios/{SEMINAR}/sesiones/1", {**change, "day": day}).status_code == 303
        world.later(minutes=10)
    outbox.work(app)
    assert not [one for one in letters(app) if one.get("subject", "").startswith("Cambió")]
    world.later(minutes=10)
    with app.extensions["database"].transaction() as s:
        assert reminders.tell_change(s, world.now, SEMINAR, 2, DESK) == 1
        assert reminders.tell_change(s, world.now, SEMINAR, 2, DESK) == 0, "told once"
    told = [one for one in letters(app) if one.get("subject", "").startswith("Cambió")]
    assert len(told) == 1 and "DTSTART:20270510T130000Z" in told[0]["calendar"]
    assert "lunes 10 de mayo de 2027" in told[0]["text"]
    outbox.work(app)
    world.now = BEGINS - timedelta(days=2, hours=23)        # 23 hours before the new beginning
    outbox.work(app)
    sent = [mail.read_bytes().decode() for mail in (app.config["INSTANCE"] / "mail").glob("*.eml")]
    assert sum("Subject: =?utf-8?q?Ma=C3=B1ana" in one for one in sent) == 1


def test_a_registration_belongs_to_the_account_of_its_address(app, world, anyone):
    anyone.send(FORM, person(email="Beto@example.org"))
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(Registration.person_id)) == world.people["beto"]


def test_a_link_is_of_one_person_only(app, world, anyone):
    for number in (1, 2):
        anyone.send(FORM, person(number))
    mine, theirs = (own_link(letter) for letter in letters(app))
    number = mine.split("/")[-1].split("-")[0]
    forged = mine.replace(f"/{number}-", f"/{int(number) + 1}-")
    assert forged != theirs and anyone.get(forged).status_code == 404
    for wrong in ("x", "1-", "1-" + "0" * 32, "99999999999-" + "0" * 32, "١-" + "0" * 32):
        assert anyone.get(f"/seminarios/inscripcion/{wrong}").status_code == 404
        assert anyone.send(f"/seminarios/inscripcion/{wrong}/anular").status_code == 404


def test_faults_are_told_by_field_and_nothing_is_kept(app, world, anyone):
    answer = anyone.send(FORM, person(email="nada", given_names="", country="", kind=""))
    assert answer.status_code == 422
    for said in ("Falta la arroba", "Nombres: ", "País: "):
        assert said in text(answer)
    assert states(app) == {}


def test_questions_that_are_not_asked_are_not_required(app, world, anyone):
    ask(app, ("modo", "choice", {"required": True, "options": [
        {"code": "sala", "labels": {"es": "En la sala"}}, {"code": "linea", "labels": {"es": "En línea"}}]}),
        ("dieta", "text", {"required": True, "restricted": True, "when": {"question": "modo", "is": ["sala"]}}))
    page = text(anyone.get(FORM))
    assert "Solo si en «Pregunta modo» respondió: En la sala." in page and 'data-when="q-modo"' in page
    assert anyone.send(FORM, person(**{"q-modo": "sala"})).status_code == 422
    assert anyone.send(FORM, person(**{"q-modo": "linea", "q-dieta": "vegana"})).status_code == 303
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(RegistrationAnswer.question)).all() == ["modo"]


def test_needs_are_erased_when_the_seminar_is_over(app, world, anyone):
    ask(app, ("dieta", "text", {"restricted": True}), ("tema", "text", {}))
    anyone.send(FORM, person(**{"q-dieta": "sin gluten", "q-tema": "tránsito"}))
    world.now = BEGINS + timedelta(days=5)
    outbox.work(app)
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(func.count()).select_from(RegistrationAnswer)) == 2
    world.now = BEGINS + timedelta(days=16)
    outbox.work(app)
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(RegistrationAnswer.question)).all() == ["tema"]


def test_answers_are_changed_by_ones_link(app, world, anyone):
    ask(app, ("tema", "text", {"required": True}))
    anyone.send(FORM, person(**{"q-tema": "tránsito"}))
    link = own_link(letters(app)[0])
    assert anyone.send(link + "/respuestas", {"q-tema": ""}).status_code == 422
    assert anyone.send(link + "/respuestas", {"q-tema": "agua"}).status_code == 303
    assert 'value="agua"' in text(anyone.get(link + "/respuestas"))


def test_a_student_registers_with_one_click(app, world, client_of, seminar):
    ana = client_of("ana")
    assert "Inscribirme con un clic" in text(ana.get(FORM))
    answer = ana.send(f"{FORM}/un-clic")
    assert answer.status_code == 303 and "Inscripción confirmada" in text(ana.get(answer.location))
    ana.send(f"{FORM}/un-clic")
    assert ana.get(FORM).location == answer.location, "who is registered is shown their registration"
    with app.extensions["database"].reading() as s:
        [row] = s.scalars(select(Registration)).all()
    assert (row.person_id, row.kind, row.email, row.office, row.institution) == (
        world.people["ana"], "student", "ana@example.org", "Concejala", "Municipalidad de Pucón")


def test_one_click_is_for_who_studies(client_of, seminar):
    assert client_of("aldo").send(f"{FORM}/un-clic").status_code == 409
    assert client_of("nobody").send(f"{FORM}/un-clic").status_code == 303


@pytest.mark.parametrize(("changed", "said"), [
    ({"opens_at": BEGINS - timedelta(days=1)}, "Todavía no está abierta"),
    ({"closes_at": BEGINS - timedelta(days=100)}, "ya cerró"),
    ({"by_invitation": True}, "Es por invitación"),
    ({"cancelled_at": BEGINS, "cancelled_why": "Paro de transportes."}, "Paro de transportes")])
def test_who_comes_too_early_too_late_or_uninvited_is_told_why(app, world, client_of, changed, said):
    with app.extensions["database"].transaction() as s:
        plant(s, **changed)
    nobody = client_of("nobody")
    assert said in text(nobody.get(FORM))
    nobody.send(FORM, person())
    assert states(app) == {}


def test_one_that_is_not_published_is_not_there(app, world, client_of):
    with app.extensions["database"].transaction() as s:
        plant(s, published_at=None)
    assert client_of("nobody").get(FORM).status_code == 404


def test_so_many_a_minute_from_one_address_and_no_more(app, world, anyone):
    answers = [anyone.send(FORM, person(number, kind="member")).status_code for number in range(32)]
    assert answers[:30] == [303] * 30 and answers[30:] == [429] * 2
    world.later(minutes=1)
    assert anyone.send(FORM, person(40)).status_code == 303


def delegation(**changed):
    return {"institution": "Municipalidad de Pucón", "country": "CL", "contact": "Rita Contacto",
            "email": "rita@example.org", "people-0-given_names": "Uno", "people-0-surname1": "Prueba",
            "people-0-email": "p1@example.org", "people-1-given_names": "Dos", "people-1-surname1": "Prueba",
            "people-1-email": "p2@example.org", **changed}


def test_a_delegation_is_registered_by_one_person_each_with_their_own_mail(app, world, anyone):
    anyone.send(FORM, person(2, kind="public"))
    assert anyone.send(f"/seminarios/{SLUG}/delegacion", delegation()).status_code == 303
    written = letters(app)
    assert [w["to"] for w in written] == ["p2@example.org", "p1@example.org", "rita@example.org"], \
        "who was registered a moment ago is not mailed again"
    link = re.search(r"http://localhost(/seminarios/delegacion/\S+)", written[-1]["text"])[1]
    page = text(anyone.get(link))
    assert page.count("Inscripción confirmada") == 2, "nobody learns who had registered before"
    anyone.send(link, {"people-0-given_names": "Tres", "people-0-surname1": "Prueba", "people-0-email": "p3@example.org"})
    assert states(app) == {"p1": "confirmed", "p2": "confirmed", "p3": "confirmed"}
    for email in ("p1@example.org", "p2@example.org"):
        anyone.send(f"{link}/retirar", {"email": email})
    assert states(app) == {"p1": "cancelled", "p2": "confirmed", "p3": "confirmed"}, "not theirs: only left off the list"
    assert "p2@" not in text(anyone.get(link)).replace("<wbr>", "")


def test_a_delegations_faults_are_told_by_line(app, world, anyone):
    answer = anyone.send(f"/seminarios/{SLUG}/delegacion", delegation(**{
        "people-1-email": "p1@example.org", "people-2-given_names": "Solo nombre"}))
    assert answer.status_code == 422 and "Cada persona necesita un correo propio" in text(answer)
    assert states(app) == {}
    assert anyone.send(f"/seminarios/{SLUG}/delegacion", delegation(more="yes")).status_code == 200


def test_two_ask_for_the_last_place_at_the_same_second(app, world, seminar):
    with app.extensions["database"].transaction() as s:
        s.get_one(SeminarPlaces, (SEMINAR, "public")).places = 1
    for round_ in range(10):
        crowd = [Client(app) for _ in range(2)]
        tokens = [one.token() for one in crowd]
        start = Barrier(2)

        def click(at, crowd=crowd, tokens=tokens, start=start, round_=round_):
            start.wait()
            return crowd[at].post(FORM, data={"csrf_token": tokens[at], **person(round_ * 2 + at)}).status_code
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(click, range(2))) == [303, 303]
        assert sorted(states(app).values()) == ["confirmed", "waiting"]
        with app.extensions["database"].transaction() as s:
            for table in (RegistrationEvent, Registration):
                s.connection().execute(table.__table__.delete())


def test_a_delegation_and_an_invitation_keep_only_the_hash_of_their_link(app, world, anyone):
    anyone.send(f"/seminarios/{SLUG}/delegacion", delegation())
    link = re.search(r"/seminarios/delegacion/(\S+)", letters(app)[-1]["text"])[1]
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(Delegation.token_hash)) != link
        assert s.scalar(select(func.count()).select_from(SeminarInvitation)) == 0
