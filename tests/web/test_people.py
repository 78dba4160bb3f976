"""One's own account, and the people, institutions and trail of the office, as each of them sees it."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.foundation.audit import AuditLine
from lms.people import actions, queries
from lms.people.models import Affiliation, Institution, Person, PersonIdentifier, PersonPost, UserSession
from lms.people.rules import Refused, Role, document_fate
from tests.looking import act, link_in, mails, one, rows, statements, text
from tests.world import PASSWORD

NEW = "montaña lluvia y tranvía"
XSS = '<img src=x onerror="alert(1)">'


def enter(client, email="ana@example.org", password=PASSWORD, **more):
    return client.send("/ingresar", {"email": email, "password": password, **more})


def invite(app, world, **more):
    return act(app, actions.invite, world.people["olga"], world.now, email="nora@example.org", given_names="Nora",
               surname1="Núñez", base_url="https://escuela.example", **more)


def test_changing_the_password_asks_for_the_present_one_and_ends_the_other_sessions(app, client_of):
    here, there = client_of("ana"), client_of("ana")
    answer = here.send("/cuenta/clave", {"current": "no es esta", "password": NEW, "again": NEW})
    assert answer.status_code == 422 and "No es la contraseña actual" in text(answer)
    answer = here.send("/cuenta/clave", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 303
    assert here.get("/cuenta").status_code == 200 and there.get("/cuenta").status_code == 303
    assert "Su contraseña cambió" in mails(app)[-1]


def test_guessing_the_present_password_pauses_the_account_too(client_of):
    browser = client_of("ana")
    for _ in range(11):
        answer = browser.send("/cuenta/clave", {"current": "no es esta", "password": NEW, "again": NEW})
    assert answer.status_code == 429


def test_ending_a_session_takes_effect_with_its_next_click(app, client_of):
    here, there = client_of("ana"), client_of("ana")
    assert there.get("/cuenta").status_code == 200
    page = text(here.get("/cuenta/sesiones"))
    session_id = re.search(r"/cuenta/sesiones/(\d+)/fin", page)[1]
    assert here.send(f"/cuenta/sesiones/{session_id}/fin").status_code == 303
    assert there.get("/cuenta").status_code == 303 and here.get("/cuenta").status_code == 200


def test_nobody_ends_the_session_of_another(app, client_of):
    beto, ana = client_of("beto"), client_of("ana")
    assert ana.send("/cuenta/sesiones/1/fin").status_code == 404
    assert beto.get("/cuenta").status_code == 200


def test_a_person_changes_what_they_say_of_themselves_and_no_more(app, client_of):
    browser = client_of("ana")
    answer = browser.send("/cuenta", {
        "given_names": " Ana  María ", "surname1": "Pérez", "surname2": "", "preferred_name": "Anita",
        "treatment": "doña", "time_zone": "America/Punta_Arenas", "language": "pt", "email": "otra@example.org",
        "password_hash": "x", "closed_at": "2027-01-01", "certificate_name": "Otra", "id": "6", "role": "office",
        "certificate_name_confirmed_at": "2027-01-01", "is_admin": "1"})
    assert answer.status_code == 303
    ana = one(app, select(Person).where(Person.id == 1))
    assert (ana.given_names, ana.surname2, ana.preferred_name, ana.treatment, ana.time_zone, ana.language) == (
        "Ana María", None, "Anita", "doña", "America/Punta_Arenas", "pt")
    assert ana.email == "ana@example.org" and ana.certificate_name is None and ana.closed_at is None
    assert {post.role for (post,) in rows(app, select(PersonPost).where(PersonPost.person_id == 1))} == {"student"}
    assert "Ana Mar" in one(app, select(AuditLine.detail).where(AuditLine.deed == "account.changed"))


@pytest.mark.parametrize("field, value", [
    ("given_names", ""), ("surname1", "Pé\u202erez"), ("surname1", "x" * 81), ("time_zone", "Mars/Olympus"),
    ("language", "xx")])
def test_what_can_not_be_a_name_a_zone_or_a_language_is_refused(client_of, field, value):
    data = {"given_names": "Ana", "surname1": "Pérez", "language": "es", field: value}
    assert client_of("ana").send("/cuenta", data).status_code == 422


@pytest.mark.parametrize("kind, number, country, told", [
    ("cl_run", "12.531.909-3", "", "para ese número sería 2"), ("ar_dni", "12", "", "siete u ocho dígitos"),
    ("passport", "AB12345", "", "país que lo emite"), ("cl_run", "20347878-k", "AR", "no lo emite ese país"),
    ("ar_dni", "20.123.456", "", "ya registrado en otra cuenta"), ("cl_run", "12531909-2", "", "en esta cuenta"),
    ("cl_run", "", "", "Falta completarlo")])
def test_a_document_that_can_not_be_names_the_field_and_the_remedy(client_of, kind, number, country, told):
    answer = client_of("ana").send("/cuenta/documentos", {"kind": kind, "number": number, "country": country})
    assert answer.status_code == 422 and told in text(answer) and 'id="number-error"' in text(answer)
    assert "Gim" not in text(answer)


def test_a_document_is_kept_in_one_form_and_shown_masked(app, client_of):
    browser = client_of("beto")
    assert browser.send("/cuenta/documentos", {"kind": "cl_run", "number": "20.347.878-k"}).status_code == 303
    assert one(app, select(PersonIdentifier.value).where(PersonIdentifier.kind == "cl_run",
                                                         PersonIdentifier.person_id == 2)) == "20347878K"
    page = text(browser.get("/cuenta"))
    assert "78K" in page and "20347878" not in page and "20.347.878" not in page
    assert "20347878" not in str(rows(app, select(AuditLine.detail)))


def test_the_name_for_the_certificate_is_read_before_it_is_confirmed(app, world, client_of):
    browser = client_of("ana")
    assert 'value="Ana Pérez Soto"' in text(browser.get("/cuenta/nombre-certificado"))
    seen = text(browser.send("/cuenta/nombre-certificado", {"name": " ana  María PÉREZ soto"}))
    assert "Así se imprimirá" in seen and "ana María PÉREZ soto" in seen
    assert one(app, select(Person.certificate_name).where(Person.id == 1)) is None
    answer = browser.send("/cuenta/nombre-certificado", {"name": "Ana María Pérez Soto", "confirmed": "1"})
    assert answer.status_code == 303
    with app.extensions["database"].reading() as session:
        assert queries.certificate_name(session, 1) == ("Ana María Pérez Soto", world.now)
        assert queries.certificate_name(session, 2) == ("Alberto Giménez", None)


def test_a_name_all_in_capitals_is_offered_otherwise_and_kept_if_wished(app, client_of):
    browser = client_of("ana")
    assert "Ana de la Cruz" in text(browser.send("/cuenta/nombre-certificado", {"name": "ANA DE LA CRUZ"}))
    browser.send("/cuenta/nombre-certificado", {"name": "ANA DE LA CRUZ", "confirmed": "1"})
    assert one(app, select(Person.certificate_name).where(Person.id == 1)) == "ANA DE LA CRUZ"


@pytest.mark.parametrize("name", [XSS, "Ана Перес", "Ana\u202ePérez", "😀 Ana", "", "x" * 201])
def test_a_name_no_paper_can_print_is_not_confirmed(app, client_of, name):
    answer = client_of("ana").send("/cuenta/nombre-certificado", {"name": name, "confirmed": "1"})
    assert answer.status_code == 422
    assert one(app, select(Person.certificate_name).where(Person.id == 1)) is None


# The office

OFFICE_PAGES = ["/personas", "/personas/nueva", "/personas/1", "/personas/1/datos", "/personas/1/cierre",
                "/instituciones", "/instituciones/nueva", "/instituciones/2", "/bitacora"]
OFFICE_DEEDS = ["/personas/nueva", "/personas/1/datos", "/personas/1/papeles", "/personas/1/papeles/1/fin",
                "/personas/1/cargos", "/personas/1/cargos/1/fin", "/personas/1/documentos",
                "/personas/1/documentos/1/retiro", "/personas/1/invitacion", "/personas/1/cierre",
                "/personas/1/reapertura", "/instituciones/nueva", "/instituciones/2"]


@pytest.mark.parametrize("name", ["ana", "ivan", "coral"])
def test_the_offices_pages_are_closed_to_others(client_of, name):
    browser = client_of(name)
    assert {url: browser.get(url).status_code for url in OFFICE_PAGES} == dict.fromkeys(OFFICE_PAGES, 403)
    assert {url: browser.send(url).status_code for url in OFFICE_DEEDS} == dict.fromkeys(OFFICE_DEEDS, 403)


def test_the_auditor_reads_and_changes_nothing(client_of):
    browser = client_of("aldo")
    for url in ("/personas", "/personas/1", "/instituciones", "/bitacora"):
        assert browser.get(url).status_code == 200
    assert "/papeles" not in text(browser.get("/personas/1"))
    assert {url: browser.send(url).status_code for url in OFFICE_DEEDS} == dict.fromkeys(OFFICE_DEEDS, 403)


def test_the_office_opens_all_its_pages(client_of):
    browser = client_of("olga")
    assert {url: browser.get(url).status_code for url in OFFICE_PAGES} == dict.fromkeys(OFFICE_PAGES, 200)
    assert browser.get("/personas/999").status_code == 404
    assert browser.get("/instituciones/999").status_code == 404


@pytest.mark.parametrize("words, found", [
    ("perez", ["Pérez Soto, Ana"]), ("PÉREZ ana", ["Pérez Soto, Ana"]), ("nunez", ["Ñuñez Rojas, Irma"]),
    ("beto@", ["Giménez, Alberto"]), ("%", []), ("_", []), ("a%z", []), ("ana beto", []), ("' OR 1=1 --", []),
    ("zuniga", ["Zúñiga Ríos, Aldo"])])
def test_people_are_found_without_accents_and_signs_are_only_signs(client_of, words, found):
    page = text(client_of("olga").get("/personas", query_string={"q": words}))
    assert re.findall(r'<a href="/personas/\d+">([^<]+)</a></th>', page) == found


def test_people_stand_in_spanish_order_and_by_role(client_of):
    browser = client_of("olga")
    names = re.findall(r'<a href="/personas/\d+">([^<]+),', text(browser.get("/personas")))
    assert names == ["Giménez", "Ibáñez Vera", "Ledesma", "Muñoz Lagos", "Ñuñez Rojas", "Pérez Soto", "Zúñiga Ríos"]
    page = text(browser.get("/personas?papel=instructor"))
    assert "Ledesma" in page and "Irma" in page and "Giménez" not in page


def test_the_list_has_fifty_a_page_and_costs_the_same_whoever_is_on_it(app, world, client_of):
    for n in range(60):
        act(app, actions.invite, None, world.now, email=f"p{n}@example.org", given_names=f"P{n}", surname1="Zz",
            base_url="https://x.example")
    browser = client_of("olga")
    with statements(app) as ran:
        first = text(browser.get("/personas"))
    assert len(re.findall(r'href="/personas/\d+"', first)) == 50 and len(ran) <= 4
    assert len(re.findall(r'href="/personas/\d+"', text(browser.get("/personas?pagina=2")))) == 17
    for odd in ("0", "-1", "x", "²", "99999999999999"):
        assert browser.get("/personas", query_string={"pagina": odd}).status_code == 200


def test_a_name_is_shown_as_text_wherever_it_stands(app, world, client_of):
    person_id = act(app, actions.invite, world.people["olga"], world.now, email="x@example.org", given_names=XSS,
                    surname1='"><script>alert(1)</script>', base_url="https://x.example")
    browser = client_of("olga")
    own = f"/personas/{person_id}"
    for url in ("/personas", own, f"{own}/cierre", f"{own}/datos", "/bitacora", "/personas?q=" + XSS):
        page = text(browser.get(url))
        assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;img src=x" in text(browser.get("/personas"))


def test_a_person_is_invited_with_their_document(app, client_of):
    answer = client_of("olga").send("/personas/nueva", {
        "email": "Nora@Example.org", "given_names": "Nora", "surname1": "Núñez", "kind": "cl_run",
        "number": "20.347.878-K", "role": "office", "password_hash": "x"})
    assert answer.status_code == 303
    nora = one(app, select(Person).where(Person.email == "nora@example.org"))
    assert nora.password_hash is None and nora.created_at
    assert one(app, select(func.count(PersonPost.id)).where(PersonPost.person_id == nora.id)) == 0
    assert "nora@example.org" in mails(app)[-1]


@pytest.mark.parametrize("changed, told", [
    ({"email": "ana@example.org"}, "Ya hay una cuenta con este correo"),
    ({"email": "ANA@EXAMPLE.ORG"}, "Ya hay una cuenta con este correo"),
    ({"email": "ána@example.org"}, "a la vista es igual"),
    ({"email": "аna@example.org"}, "a la vista es igual"),
    ({"email": "ana@exampl"}, "No es una dirección de correo completa"),
    ({"number": "12.531.909-2"}, "RUN ya registrado en la cuenta de Ana Pérez Soto"),
    ({"number": "12.531.909-K"}, "para ese número sería 2"),
    ({"surname1": ""}, "Falta completarlo"), ({"given_names": "No\u202era"}, "invisible")])
def test_an_account_that_can_not_be_opened_says_why_and_leaves_nothing(app, client_of, changed, told):
    answer = client_of("olga").send("/personas/nueva", {
        "email": "nora@example.org", "given_names": "Nora", "surname1": "Núñez", "kind": "cl_run", "number": "",
        **changed})
    assert answer.status_code == 422 and told in text(answer)
    assert one(app, select(func.count(Person.id))) == 7 and mails(app) == []


def test_the_database_itself_refuses_a_twin(app, world):
    with pytest.raises(IntegrityError), app.extensions["database"].transaction() as session:
        session.add(Person(email="anа@example.org", given_names="X", surname1="Y", sort_key="", search_key="",
                           created_at=world.now))


def grant(browser, person_id, **data):
    return browser.send(f"/personas/{person_id}/papeles", data)


def test_a_post_given_and_ended_counts_from_the_next_click(app, world, client_of):
    olga, irma = client_of("olga"), client_of("irma")
    assert irma.get("/personas").status_code == 403
    assert grant(olga, world.people["irma"], role="auditor").status_code == 303
    assert irma.get("/personas").status_code == 200
    post_id = one(app, select(PersonPost.id).where(PersonPost.role == "auditor", PersonPost.person_id == 4))
    assert olga.send(f"/personas/4/papeles/{post_id}/fin").status_code == 303
    assert irma.get("/personas").status_code == 403
    assert olga.send(f"/personas/4/papeles/{post_id}/fin").status_code == 404
    assert "Terminado" in text(olga.get("/personas/4"))


@pytest.mark.parametrize("data, told", [
    ({"role": "instructor", "institution": "2"}, "se da en una cohorte"),
    ({"role": "instructor", "cohort": "1"}, "lo es de una institución"),
    ({"role": "office", "cohort": "1"}, "vale para toda la Escuela"),
    ({"role": "student", "cohort": "1"}, ""), ({"role": "god"}, ""), ({"role": "instructor", "cohort": "99"}, ""),
    ({"role": "auditor", "starts_on": "2027-05-02", "ends_on": "2027-05-01"}, "Termina antes de empezar"),
    ({"role": "instructor", "cohort": "1", "institution": "2", "module": "G 1!"}, "solo letras y números")])
def test_a_post_without_its_place_is_refused_where_it_lacks(app, world, client_of, data, told):
    before = one(app, select(func.count(PersonPost.id)))
    answer = grant(client_of("olga"), world.people["ana"], **data)
    assert answer.status_code == 422 and told in text(answer)
    assert one(app, select(func.count(PersonPost.id))) == before


def test_nobody_gives_themselves_anything(app, world, client_of):
    answer = grant(client_of("olga"), world.people["olga"], role="auditor")
    assert answer.status_code == 422 and "Nadie puede darse un papel" in text(answer)
    with pytest.raises(Refused):
        act(app, actions.grant, 1, world.now, 1, Role.OFFICE)


def test_the_last_of_the_office_can_not_be_shut_out(app, world, client_of):
    browser, olga = client_of("olga"), world.people["olga"]
    post_id = one(app, select(PersonPost.id).where(PersonPost.role == "office"))
    answer = browser.send(f"/personas/{olga}/papeles/{post_id}/fin")
    assert answer.status_code == 422 and "última persona de la oficina" in text(answer)
    grant(browser, world.people["aldo"], role="office")
    assert browser.send(f"/personas/{olga}/papeles/{post_id}/fin").status_code == 303


def test_a_post_of_one_module_and_with_dates(app, world, client_of):
    grant(client_of("olga"), 3, role="instructor", cohort="1", institution="2", module="g2", starts_on="2027-05-01",
          ends_on="2027-05-31")
    with app.extensions["database"].transaction() as session:
        session.add(UserSession(person_id=3, token_hash=queries.token_hash("t"), created_at=world.now,
                                seen_at=world.now, expires_at=world.now.replace(year=2029)))
    def modules(day):
        with app.extensions["database"].reading() as session:
            return {p.module for p in queries.actor_by_token(session, "t", world.now.replace(month=5, day=day)).posts}
    world.later(days=40)
    assert modules(1) == {None, "G2"} and modules(31) == {None, "G2"}
    assert {p.module for p in act(app, queries.actor_by_token, "t", world.now.replace(month=6, day=2)).posts} == {None}


def test_granting_twice_is_once_and_ending_ends_all(app, world):
    give = (6, world.now, 2, Role.INSTRUCTOR)
    first = act(app, actions.grant, *give, cohort_id=1, institution_id=2)
    assert act(app, actions.grant, *give, cohort_id=1, institution_id=2) == first
    assert act(app, actions.grant, *give, cohort_id=1, institution_id=2, module="G1") != first
    assert act(app, actions.end_posts, 6, world.now, 2, Role.INSTRUCTOR, 1) == 2
    assert act(app, actions.end_posts, 6, world.now, 2, Role.INSTRUCTOR, 1) == 0


def test_who_becomes_staff_keeps_no_month_long_session(app, world, client_of):
    browser = client_of("ana")
    grant(client_of("olga"), world.people["ana"], role="auditor")
    assert browser.get("/personas").status_code == 200
    world.later(hours=12, minutes=1)
    assert browser.get("/personas").status_code == 303


def test_a_new_office_in_the_same_institution_ends_the_one_before(app, world, client_of):
    browser = client_of("olga")
    assert browser.send("/personas/1/cargos", {"office": "Alcaldesa", "held_at": "4"}).status_code == 303
    with app.extensions["database"].reading() as session:
        assert queries.affiliations(session, [1, 2]) == {1: "Alcaldesa, Municipalidad de Pucón"}
    assert one(app, select(Affiliation.ends_on).where(Affiliation.office == "Concejala"))
    assert browser.send("/personas/1/cargos", {"office": "", "held_at": ""}).status_code == 422


def test_an_address_corrected_by_the_office_ends_the_sessions_and_tells_the_old_one(app, world, client_of):
    ana, olga = client_of("ana"), client_of("olga")
    answer = olga.send("/personas/1/datos", {"given_names": "Ana", "surname1": "Pérez", "surname2": "Soto",
                                             "email": "ana.perez@example.org"})
    assert answer.status_code == 303 and ana.get("/cuenta").status_code == 303
    assert '"to": "ana@example.org"' in mails(app)[-1]
    assert enter(client_of("nobody"), "ana.perez@example.org").status_code == 303
    taken = olga.send("/personas/1/datos", {"given_names": "Ana", "surname1": "P", "email": "beto@example.org"})
    assert taken.status_code == 422


def test_closing_an_account_is_asked_first_ends_its_sessions_and_can_be_undone(app, world, client_of):
    ana, olga = client_of("ana"), client_of("olga")
    assert "Se puede reabrir" in text(olga.get("/personas/1/cierre"))
    assert olga.send("/personas/1/cierre").status_code == 303
    assert ana.get("/cuenta").status_code == 303 and enter(client_of("nobody")).status_code == 422
    olga.send("/personas/1/invitacion")
    assert mails(app) == []
    olga.send("/personas/1/reapertura")
    assert enter(client_of("nobody")).status_code == 303
    assert olga.send(f"/personas/{world.people['olga']}/cierre").status_code == 422


def test_inviting_again_sends_the_link_that_fits(app, world, client_of):
    person_id, olga = invite(app, world), client_of("olga")
    olga.send(f"/personas/{person_id}/invitacion")
    olga.send("/personas/1/invitacion")
    first, again, reset = mails(app)
    assert "abrió una cuenta" in again and link_in(first) != link_in(again) and "otra contraseña" in reset


def test_a_document_recorded_by_mistake_is_taken_away_with_a_line(app, client_of):
    browser = client_of("olga")
    assert browser.send("/personas/2/documentos/1/retiro").status_code == 404
    assert browser.send("/personas/1/documentos/1/retiro").status_code == 303
    assert browser.send("/personas/2/documentos", {"kind": "cl_run", "number": "12531909-2"}).status_code == 303
    assert one(app, select(func.count(AuditLine.id)).where(AuditLine.deed == "document.removed")) == 1


def test_an_institution_is_added_once_and_mended(app, client_of):
    browser, data = client_of("olga"), {"kind": "municipality", "name": "Municipalidad de Ñuñoa", "country": "CL"}
    assert browser.send("/instituciones/nueva", data).status_code == 303
    answer = browser.send("/instituciones/nueva", {**data, "name": "MUNICIPALIDAD DE NUNOA"})
    assert answer.status_code == 422 and "Ya existe «Municipalidad de Ñuñoa»" in text(answer)
    assert browser.send("/instituciones/5", {**data, "city": "Santiago", "id": "1"}).status_code == 303
    assert one(app, select(Institution.city).where(Institution.id == 5)) == "Santiago"
    assert browser.send("/instituciones/5", {**data, "kind": "x", "country": "ZZ"}).status_code == 422


def deeds(page):
    return re.findall(r'<th scope="row">([^<]+)<', text(page))


def test_the_trail_tells_who_did_what_in_words_and_is_filtered(app, world, client_of):
    olga = client_of("olga")
    grant(olga, world.people["ana"], role="coordinator", cohort="1")
    enter(client_of("nobody"), "beto@example.org", "no es esta")
    page = text(olga.get("/bitacora"))
    assert "Papel dado" in page and "papel: Coordinación" in page and "Ibáñez Vera, Olga" in page and "CL-2027" in page
    assert deeds(olga.get("/bitacora?persona=ana")) == ["Papel dado"]
    assert deeds(olga.get("/bitacora?hecho=sign_in.refused")) == ["Ingreso rechazado"]
    for odd in ("persona=%25", "cohorte=x", "antes=-1", "hecho='--", "cohorte=1&persona=ana", "persona=nadie"):
        assert olga.get(f"/bitacora?{odd}").status_code == 200


def test_the_trail_is_read_page_by_page_at_the_same_cost(app, world, client_of):
    with app.extensions["database"].transaction() as session:
        session.add_all(AuditLine(at=world.now, actor_id=1, deed="x.y", subject="person:2") for _ in range(120))
    browser = client_of("olga")
    with statements(app) as ran:
        page = text(browser.get("/bitacora"))
    assert len(ran) <= 4 and page.count("<time") == 50
    older = re.search(r'href="(/bitacora\?antes=\d+)"', page)[1]
    assert text(browser.get(older)).count("<time") == 50


# What a person says of their own documents ----------------------------------------------------------------------------

BETOS = {"kind": "ar_dni", "number": "30.456.789", "country": "AR"}


def document_rows(app):
    return [tuple(r) for r in rows(app, select(PersonIdentifier.person_id, PersonIdentifier.value, PersonIdentifier.declared)
                                   .where(PersonIdentifier.value == "30456789"))]


@pytest.mark.parametrize("held_by, held_declared, declared, fate", [
    (None, False, True, "new"), (None, False, False, "new"),
    (1, True, False, "verified"), (1, True, True, "held"), (1, False, False, "held"),
    (2, True, False, "displaced"), (2, True, True, "held"), (2, False, True, "held"), (2, False, False, "held")])
def test_what_becomes_of_a_document(held_by, held_declared, declared, fate):
    assert document_fate(held_by, held_declared, 1, declared) == fate


def test_what_a_student_declares_is_told_so_where_the_office_sees_it(app, client_of):
    assert client_of("ana").send("/cuenta/documentos", BETOS).status_code == 303
    assert text(client_of("olga").get("/personas/1")).count("Declarado, no verificado") == 1
    assert "Declarado, no verificado" in text(client_of("ana").get("/cuenta"))
    with app.extensions["database"].reading() as s:
        assert queries.document(s, 1, "AR") == "RUN 12.531.909-2"           # no paper names what nobody has seen
        assert queries.documents(s, [1], "AR", declared=True) == {1: "DNI 30.456.789"}


def test_nobody_is_known_or_merged_by_a_document_they_only_declared(app, client_of):
    client_of("ana").send("/cuenta/documentos", BETOS)
    with app.extensions["database"].reading() as s:
        assert queries.accounts(s, [], [("ar_dni", "AR", "30456789")]) == []
        (mine,) = queries.accounts(s, ["ana@example.org"], [])
        assert mine.documents == {("cl_run", "CL", "125319092")}


def test_the_office_verifies_a_declared_document_by_recording_it(app, client_of):
    client_of("ana").send("/cuenta/documentos", BETOS)
    assert client_of("olga").send("/personas/1/documentos", BETOS).status_code == 303
    assert document_rows(app) == [(1, "30456789", False)]
    assert "Declarado, no verificado" not in text(client_of("olga").get("/personas/1"))
    assert one(app, select(func.count(AuditLine.id)).where(AuditLine.deed == "document.verified")) == 1


def test_a_declared_number_never_stands_against_its_true_holder(app, client_of):
    client_of("ana").send("/cuenta/documentos", BETOS)
    refused = client_of("beto").send("/cuenta/documentos", BETOS)           # what he says proves no more than what she said
    assert refused.status_code == 422 and document_rows(app) == [(1, "30456789", True)]
    assert client_of("olga").send("/personas/2/documentos", BETOS).status_code == 303
    assert document_rows(app) == [(2, "30456789", False)]
    assert client_of("ana").send("/cuenta/documentos", BETOS).status_code == 422
    assert client_of("olga").send("/personas/1/documentos", BETOS).status_code == 422, "a verified one stays where it is"


def test_no_document_opens_an_account(client_of):
    client_of("ana").send("/cuenta/documentos", BETOS)
    for said in ("30.456.789", "30456789"):
        assert client_of("nobody").send("/ingresar", {"email": said, "password": PASSWORD}).status_code == 422
