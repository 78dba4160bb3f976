"""The office's side of registering: lists, decisions, invitations, questions, tables, and needs kept apart."""

import io
import re
from datetime import timedelta

import pytest
import python_calamine as calamine
from sqlalchemy import select

from lms.seminars.entries import Who
from lms.seminars.models import Registration, RegistrationAnswer, RegistrationEvent, SeminarInvitation, SeminarQuestion
from lms.seminars.places import register
from tests.looking import statements, text
from tests.seminared import BEGINS, SEMINAR, SLUG, plant, sequences
from tests.web.test_registration import FORM, ask, delegation, letters, own_link, person, states

OFFICE = f"/seminarios/{SEMINAR}"


@pytest.fixture
def seminar(app, world):
    with app.extensions["database"].transaction() as s:
        plant(s)
        sequences(s)
    return SEMINAR


@pytest.fixture
def olga(client_of, seminar):
    return client_of("olga")


@pytest.fixture
def anyone(client_of, seminar):
    return client_of("nobody")


def id_of(app, email):
    with app.extensions["database"].reading() as s:
        return s.scalar(select(Registration.id).where(Registration.email == email))


def test_the_list_is_found_by_state_kind_and_words(app, world, anyone, olga):
    for number in (1, 2, 3):
        anyone.send(FORM, person(number))
    anyone.send(FORM, person(4, kind="member", surname1="Ñuñoa", institution="Municipalidad de Ancud"))
    assert len(re.findall(r"/inscripciones/\d+\"", text(olga.get(f"{OFFICE}/inscripciones")))) == 4
    for query, found in (("estado=waiting", ["p3"]), ("tipo=member", ["p4"]), ("q=nunoa", ["p4"]), ("q=ancud", ["p4"]),
                         ("q=p2%40", ["p2"]), ("q=nadie", [])):
        page = text(olga.get(f"{OFFICE}/inscripciones?{query}")).replace("<wbr>", "")
        assert re.findall(r"p\d(?=@example)", page.partition("<table class=\"table t-stack\"><caption class=\"vh\">Inscripciones")[2]) == found


def test_a_state_is_changed_with_a_reason_that_the_person_is_told(app, world, anyone, olga):
    anyone.send(FORM, person())
    one = f"{OFFICE}/inscripciones/{id_of(app, 'p1@example.org')}"
    assert olga.send(f"{one}/estado", {"state": "cancelled", "reason": ""}).status_code == 422
    assert olga.send(f"{one}/estado", {"state": "refused", "reason": "No."}).status_code == 422, "not from here"
    olga.send(f"{one}/estado", {"state": "cancelled", "reason": "Pidió retirarse por teléfono."})
    assert states(app) == {"p1": "cancelled"}
    assert "Motivo: Pidió retirarse por teléfono." in letters(app)[-1]["text"]
    page = text(olga.get(one))
    assert "Pidió retirarse por teléfono." in page and "Olga Ibáñez Vera" in page and "Solicitada" in page


def test_what_was_written_wrong_is_corrected_and_mailed_to_the_right_address(app, world, anyone, olga):
    for number in (1, 2):
        anyone.send(FORM, person(number))
    one = f"{OFFICE}/inscripciones/{id_of(app, 'p1@example.org')}/datos"
    assert 'value="p1@example.org"' in text(olga.get(one))
    answer = olga.send(one, person(2, language="es"))
    assert answer.status_code == 422 and "ya está inscrita otra persona" in text(answer)
    olga.send(one, person(1, given_names="Rosa", email="beto@example.org", language="es"))
    assert letters(app)[-1]["to"] == "beto@example.org" and "corrigió" in letters(app)[-1]["text"]
    with app.extensions["database"].reading() as s:
        assert s.execute(select(Registration.given_names, Registration.person_id).where(
            Registration.email == "beto@example.org")).one() == ("Rosa", world.people["beto"])


def test_more_places_are_offered_to_those_who_wait(app, world, anyone, olga):
    for number in (1, 2, 3):
        anyone.send(FORM, person(number))
    with app.extensions["database"].transaction() as s:
        s.connection().exec_driver_sql("UPDATE seminar_places SET places = 3 WHERE kind = 'public'")
    assert "Ofrecer los cupos libres" in text(olga.get(f"{OFFICE}/inscripciones"))
    olga.send(f"{OFFICE}/inscripciones/ofrecer")
    assert states(app)["p3"] == "offered"


def test_somebody_is_registered_by_hand_and_answers_by_their_link(app, world, anyone, olga):
    ask(app, ("tema", "text", {"required": True}))
    olga.send(f"{OFFICE}/inscripciones/nueva", person(9, kind="guest", language="pt"))
    assert states(app) == {"p9": "confirmed"}
    assert "Faltan respuestas" in text(anyone.get(own_link(letters(app)[0])))
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(RegistrationEvent.by_id)).all()[0] == world.people["olga"]


def test_an_invitation_lets_one_person_in_once(app, world, olga, anyone):
    answer = olga.send(f"{OFFICE}/invitaciones", {
        "emails": "rosa@example.org\nsin arroba", "kind": "guest", "most": "1", "language": "pt"})
    assert answer.status_code == 422 and "línea 2, «sin arroba»" in text(answer)
    assert letters(app) == []
    olga.send(f"{OFFICE}/invitaciones", {"emails": "Rosa <rosa@example.org>", "kind": "guest", "most": "1",
                                         "language": "pt"})
    [letter] = letters(app)
    link = re.search(r"/seminarios/invitacion/\S+", letter["text"])[0]
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(SeminarInvitation.token_hash)) not in link
    assert anyone.send(link, person(1)).status_code == 303
    assert "ya se usó" in text(anyone.get(link))
    assert anyone.send(link, person(2)).status_code == 200
    assert states(app) == {"p1": "confirmed"}
    assert "1 de 1" in text(olga.get(f"{OFFICE}/invitaciones"))


def test_an_invitation_for_several_registers_a_delegation_and_no_more(app, world, olga, anyone):
    olga.send(f"{OFFICE}/invitaciones", {"emails": "rosa@example.org", "kind": "member", "most": "2", "language": "es"})
    link = re.search(r"/seminarios/invitacion/\S+", letters(app)[0]["text"])[0]
    third = {"people-2-given_names": "Tres", "people-2-surname1": "Prueba", "people-2-email": "p3@example.org"}
    answer = anyone.send(link, delegation(**third))
    assert answer.status_code == 422 and "Hay más personas que las que admite" in text(answer)
    anyone.send(link, delegation())
    assert states(app) == {"p1": "confirmed", "p2": "confirmed"}
    assert "ya se usó" in text(anyone.get(link))
    team = re.search(r"/seminarios/delegacion/\S+", letters(app)[-1]["text"])[0]
    third = {key.replace("-2-", "-0-"): value for key, value in third.items()}
    assert anyone.send(team, third).status_code == 422, "the list does not grow beyond what the invitation allows"
    anyone.send(f"{team}/retirar", {"email": "p1@example.org"})
    assert anyone.send(team, third).status_code == 303, "who goes may be replaced"
    assert states(app) == {"p1": "cancelled", "p2": "confirmed", "p3": "confirmed"}


def test_a_kind_that_was_closed_lets_nobody_in_again(app, world, anyone, olga):
    anyone.send(FORM, person(1))
    anyone.send(f"/seminarios/{SLUG}/delegacion", delegation(**{"people-0-email": "p5@example.org"}))
    own, team = own_link(letters(app)[0]), re.search(r"/seminarios/delegacion/\S+", letters(app)[-1]["text"])[0]
    anyone.send(own + "/anular")
    with app.extensions["database"].transaction() as s:
        s.connection().exec_driver_sql("DELETE FROM seminar_places")
    assert anyone.send(own + "/volver").status_code == 409
    assert anyone.send(team, {"people-0-given_names": "Tres", "people-0-surname1": "Prueba",
                              "people-0-email": "p3@example.org"}).status_code == 422
    assert "p3" not in states(app)


def test_an_invitation_that_was_taken_back_is_worth_nothing(app, world, olga, anyone):
    olga.send(f"{OFFICE}/invitaciones", {"emails": "rosa@example.org", "kind": "guest", "most": "1", "language": "es"})
    link = re.search(r"/seminarios/invitacion/\S+", letters(app)[0]["text"])[0]
    olga.send(f"{OFFICE}/invitaciones/1/fin")
    anyone.send(link, person())
    assert states(app) == {}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_a_table_takes_no_needs_along_and_computes_nothing(app, world, anyone, olga, ending):
    ask(app, ("dieta", "text", {"restricted": True}), ("tema", "text", {}))
    anyone.send(FORM, person(office="=HYPERLINK(1)", **{"q-dieta": "sin gluten", "q-tema": "agua"}))
    content = olga.get(f"{OFFICE}/inscripciones.{ending}").get_data()
    if ending == "csv":
        assert content.startswith(b"\xef\xbb\xbf") and b"\"'=HYPERLINK(1)\"" in content
        said = content.decode()
    else:
        sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        said = str(sheet)
        assert sheet[1][6] == "=HYPERLINK(1)"
    assert "agua" in said and "Pregunta tema" in said
    assert "gluten" not in said and "Pregunta dieta" not in said


def test_the_list_by_law_has_office_commune_and_programme_and_nothing_else(app, world, anyone, olga):
    for number in (1, 2, 3):
        anyone.send(FORM, person(number, surname1="Secreta"))
    said = olga.get(f"{OFFICE}/inscripciones/publicar.csv").get_data(as_text=True).removeprefix("\ufeff")
    assert said.splitlines() == ['"Cargo";"Comuna o institución";"Programa"'] + [
        '"Concejala";"Municipalidad de Pucón";"Descentralización y seguridad pública local"'] * 2


def test_needs_are_seen_only_by_who_may(app, world, anyone, olga, client_of):
    ask(app, ("dieta", "text", {"restricted": True}))
    anyone.send(FORM, person(**{"q-dieta": "sin gluten"}))
    one = f"{OFFICE}/inscripciones/{id_of(app, 'p1@example.org')}"
    assert "sin gluten" in text(olga.get(f"{OFFICE}/necesidades")) and "sin gluten" in text(olga.get(one))
    aldo = client_of("aldo")
    assert aldo.get(f"{OFFICE}/necesidades").status_code == 403
    assert "sin gluten" not in text(aldo.get(one))
    assert olga.send(f"{OFFICE}/necesidades/borrado").status_code == 409, "they are needed until the end"
    world.now = BEGINS + timedelta(days=3)
    assert olga.send(f"{OFFICE}/necesidades/borrado").status_code == 303
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(RegistrationAnswer.id)).all() == []


def question(**changed):
    return {"kind": "choice", "label_es": "¿Cómo asiste?", "label_pt": "Como participa?", "label_en": "",
            "options_es": "En la sala\nEn línea", "options_pt": "No auditório\nOn-line", "options_en": "", **changed}


def test_the_office_defines_what_is_asked(app, world, olga, anyone):
    here = f"{OFFICE}/preguntas"
    olga.send(f"{here}/nueva", question(required="y"))
    olga.send(f"{here}/nueva", question(kind="text", label_es="¿Almuerza?", options_es="", options_pt="", when="p1|o1"))
    page = text(anyone.get(FORM))
    assert "¿Cómo asiste?" in page and "Solo si en «¿Cómo asiste?» respondió: En la sala." in page
    anyone.set_cookie("language", "pt")
    assert "No auditório" in text(anyone.get(FORM))
    assert "solo si «¿Cómo asiste?» es En la sala" in text(olga.get(here))
    assert olga.send(f"{here}/nueva", question(options_es="Una")).status_code == 422
    assert olga.send(f"{here}/nueva", question(options_pt="Uma")).status_code == 422


def test_what_was_answered_is_not_turned_into_something_else(app, world, olga, anyone):
    here = f"{OFFICE}/preguntas"
    olga.send(f"{here}/nueva", question())
    anyone.send(FORM, person(**{"q-p1": "o2"}))
    assert olga.send(f"{here}/1", question(options_es="En la sala", options_pt="")).status_code == 422
    assert olga.send(f"{here}/1", question(kind="several")).status_code == 422
    assert olga.send(f"{here}/1", question(restricted="y")).status_code == 422
    assert olga.send(f"{here}/1", question(options_es="En la sala\nPor video\nNo sé", options_pt="")).status_code == 303
    olga.send(f"{here}/1/retiro")
    assert "¿Cómo asiste?" not in text(anyone.get(FORM))
    assert "Por video" in text(olga.get(f"{OFFICE}/inscripciones/{id_of(app, 'p1@example.org')}"))


def test_a_question_on_which_another_hangs_stays(app, world, olga):
    here = f"{OFFICE}/preguntas"
    olga.send(f"{here}/usuales")
    olga.send(f"{here}/usuales")
    with app.extensions["database"].reading() as s:
        ids = dict(s.execute(select(SeminarQuestion.code, SeminarQuestion.id).order_by(SeminarQuestion.id)).all())
    assert list(ids) == ["accesibilidad", "comida", "alergias", "fotos"]
    page = text(olga.get(olga.send(f"{here}/{ids['comida']}/retiro").location))
    assert "Otra pregunta depende de esta" in page
    olga.send(f"{here}/{ids['alergias']}/subir")
    olga.send(f"{here}/{ids['fotos']}/subir")
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(SeminarQuestion.code).order_by(SeminarQuestion.position)).all() == [
            "accesibilidad", "comida", "fotos", "alergias"]


def test_pages_ask_few_statements_however_many_have_registered(app, world, olga, client_of):
    with app.extensions["database"].transaction() as s:
        for number in range(120):
            register(s, world.now, SEMINAR, "member", Who("Ana", f"Prueba {number}", None, f"x{number}@example.org", "CL"))
    with statements(app) as asked:
        assert "120 personas en esta lista" in text(olga.get(f"{OFFICE}/inscripciones?pagina=3"))
    assert len(asked) <= 6, asked
    nobody = client_of("nobody")
    nobody.send(FORM, person(1, kind="public"))
    for url in (FORM, own_link(letters(app)[-1]), f"/seminarios/{SLUG}/delegacion"):
        with statements(app) as asked:
            nobody.get(url)
        assert len(asked) <= 6, asked
