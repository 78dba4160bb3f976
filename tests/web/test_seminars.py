"""Seminars announced by the office and read by everybody."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from lxml import html
from sqlalchemy import func, select

from lms.foundation.audit import AuditLine
from lms.foundation.outbox import OutboxJob
from lms.seminars.models import Seminar, SeminarMaterial, SeminarSession
from lms.seminars.reminders import desk_of
from tests.looking import statements
from tests.seminared import SLUG, plant, registered, sequences

PAGE = f"/seminarios/{SLUG}"
NEW = {"title": "Tránsito y seguridad vial", "theme": "transito", "mode": "both", "time_zone": "America/Santiago",
       "country": "CL", "city": "Temuco", "venue": "Centro de Eventos", "opens_time": "09:00", "closes_time": "23:00",
       "offer_hours": "48"}
SITTING = {"title": "Panel", "day": "2027-08-05", "starts": "10:00", "ends": "11:30", "mode": "both", "counts": "y"}


@pytest.fixture
def seminar(app, world):
    with app.extensions["database"].transaction() as s:
        plant(s)
        sequences(s)
    return world


@pytest.fixture
def olga(client_of):
    return client_of("olga")


def text_of(response):
    return response.get_data(as_text=True)


def created(olga, **changed):
    sent = olga.send("/seminarios/nuevo", NEW | changed)
    assert sent.status_code == 303, re.findall(r'class="error"[^>]*>([^<]+)', text_of(sent))
    return sent.location


def event_of(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])


# --- the office -----------------------------------------------------------------------------------------------------

def test_a_seminar_is_prepared_published_and_read_by_everybody(world, olga, client_of):
    at = created(olga)
    public = "/seminarios/transito-y-seguridad-vial"
    assert client_of("nobody").get(public).status_code == 404                   # nobody sees it before it is published
    assert olga.get(public).status_code == 200                          # but for the office
    refused = olga.send(f"{at}/publicacion", follow_redirects=True)
    assert "Agregar al menos una sesión" in text_of(refused)
    assert olga.send(f"{at}/sesiones/nueva", SITTING).status_code == 303
    olga.send(f"{at}/publicacion")
    page = text_of(client_of("nobody").get(public))
    assert "10:00–11:30" in page and "Chile" in page and "11:00–12:30" in page and "Argentina" in page
    assert "Tránsito y seguridad vial" in text_of(client_of("nobody").get("/seminarios/agenda"))


@pytest.mark.parametrize(("changed", "said"), [
    ({"starts": "12:00"}, "termina antes de comenzar"),
    ({"day": "2028-08-05"}, "fuera del seminario"),
    ({"day": "2027-09-05", "starts": "00:30", "ends": "02:00"}, "no existe"),
    ({"day": "2027-04-03", "starts": "23:30", "ends": "23:50"}, "dos veces"),
    ({"starts": "11:00", "ends": "12:00"}, "A esa hora ya está «Panel»"),
    ({"title": ""}, "Falta completarlo"),
    ({"title": "a\u202eb"}, "invisible"),
    ({"day": "30-02-2027"}, "Día"),
])
def test_a_session_that_can_not_be_is_answered_by_name_and_nothing_is_kept(world, olga, app, changed, said):
    at = created(olga)
    olga.send(f"{at}/sesiones/nueva", SITTING)
    refused = olga.send(f"{at}/sesiones/nueva", SITTING | changed)
    assert refused.status_code == 422 and said in text_of(refused)
    with app.extensions["database"].transaction() as s:
        assert s.scalar(select(func.count()).select_from(SeminarSession)) == 1


@pytest.mark.parametrize(("changed", "said"), [
    ({"slug": "transito-y-seguridad-vial"}, "Otro seminario ya tiene la dirección"),
    ({"slug": "Con Espacio"}, "Solo minúsculas"), ({"slug": "agenda"}, "la usa otra página"),
    ({"slug": "12"}, "la usa otra página"),
    ({"opens": "2027-07-02", "closes": "2027-07-01"}, "cierra antes de abrir"),
    ({"venue": ""}, "necesita el nombre del recinto"), ({"map_url": "javascript:alert(1)"}, "https://"),
    ({"opens": "2027-09-05", "opens_time": "00:30"}, "no existe"), ({"offer_hours": "0"}, "Entre 1 y 336"),
])
def test_data_that_can_not_be_are_answered_by_name(world, olga, changed, said):
    created(olga)
    refused = olga.send("/seminarios/nuevo", NEW | changed)
    assert refused.status_code == 422 and said in text_of(refused)


def test_an_address_taken_from_the_title_is_never_one_that_another_has(world, olga, app):
    created(olga)
    created(olga)
    created(olga, title="Agenda")
    with app.extensions["database"].transaction() as s:
        assert set(s.scalars(select(Seminar.slug))) == {
            "transito-y-seguridad-vial", "transito-y-seguridad-vial-2", "seminario-agenda"}


def test_a_published_address_stays(seminar, olga):
    refused = olga.send("/seminarios/1/datos", NEW | {"slug": "otra"})
    assert refused.status_code == 422 and "ya se publicó" in text_of(refused)


def test_the_sessions_keep_the_times_of_the_wall_when_the_zone_changes(seminar, olga):
    assert olga.send("/seminarios/1/datos", NEW).status_code == 303
    assert "DTSTART:20270512T140000Z" in text_of(olga.get(f"{PAGE}/sesiones/S1.ics"))      # 10:00 in Santiago now


def test_a_registration_that_closes_after_the_end_is_refused(seminar, olga):
    refused = olga.send("/seminarios/1/datos", NEW | {"closes": "2028-05-01"})
    assert refused.status_code == 422 and "pasa del término" in text_of(refused)


def test_what_was_not_changed_leaves_no_trace(seminar, olga, app):
    form = olga.get("/seminarios/1/sesiones/1")
    kept = dict(re.findall(r'<input[^>]*?id="(\w+)" name="\w+"[^>]*?value="([^"]*)"', text_of(form)))
    sent = olga.send("/seminarios/1/sesiones/1", {
        "title": "Descentralización: diez años después", "day": "2027-05-12", "starts": "10:00", "ends": "11:30",
        "place": "Auditorio Nicolás Casullo", "mode": "both", "counts": "y"})
    assert sent.status_code == 303 and kept["day"] == "2027-05-12" and kept["starts"].startswith("10:00")
    assert "SEQUENCE:0" in text_of(olga.get(f"{PAGE}/calendario.ics"))
    with app.extensions["database"].transaction() as s:
        assert not s.scalars(select(AuditLine).where(AuditLine.deed == "seminar.session_set")).all()


@pytest.mark.parametrize("page", ["datos", "sesiones/1", "ponentes/2", "cupos"])
def test_a_form_saved_as_it_is_shown_changes_nothing(seminar, olga, app, page):
    with app.extensions["database"].transaction() as s:
        s.get(Seminar, 1).opens_at = seminar.now
        s.get(Seminar, 1).closes_at = seminar.now + timedelta(days=9)
    before = kept(app)
    (form,) = [f for f in html.document_fromstring(text_of(olga.get(f"/seminarios/1/{page}"))).forms
               if not f.get("action") and f.method == "POST"]
    assert olga.send(f"/seminarios/1/{page}", dict(form.form_values())).status_code == 303
    assert kept(app) == before


def kept(app):
    with app.extensions["database"].transaction() as s:
        return [[tuple(row) for row in s.execute(select(table))] for name, table in Seminar.metadata.tables.items()
                if name in ("seminars", "seminar_sessions", "seminar_speakers", "seminar_places")]


def test_a_session_moved_keeps_its_uid_and_its_number_grows(seminar, olga, client_of):
    before = text_of(client_of("nobody").get(f"{PAGE}/sesiones/S1.ics"))
    olga.send("/seminarios/1/sesiones/1", SITTING | {"day": "2027-05-12", "starts": "08:00", "ends": "09:30"})
    after = text_of(client_of("nobody").get(f"{PAGE}/sesiones/S1.ics"))
    uid = re.search(r"UID:(.+)\r", before)[1]
    assert f"UID:{uid}\r" in after and "SEQUENCE:0" in before and "SEQUENCE:1" in after
    assert "DTSTART:20270512T110000Z" in after


def test_a_cancelled_session_says_so_and_can_be_put_back(seminar, olga, client_of):
    olga.send("/seminarios/1/sesiones/2/cancelacion")
    assert text_of(client_of("nobody").get(PAGE)).count("Cancelada") == 1
    calendar = text_of(client_of("nobody").get(f"{PAGE}/calendario.ics"))
    assert calendar.count("STATUS:CANCELLED") == 1 and calendar.count("STATUS:CONFIRMED") == 2
    olga.send("/seminarios/1/sesiones/2/cancelacion", {"back": "1"})
    assert "Cancelada" not in text_of(client_of("nobody").get(PAGE))


def test_a_cancelled_seminar_says_so_everywhere_and_tells_who_registered(seminar, app, olga, client_of):
    with app.extensions["database"].transaction() as s:
        registered(s, 1)
        registered(s, 2, state="waiting", language="pt")
        registered(s, 3, state="cancelled")
        before = s.scalar(select(func.count()).select_from(OutboxJob))
    assert olga.send("/seminarios/1/cancelacion", {"reason": ""}).status_code == 422
    assert olga.send("/seminarios/1/cancelacion", {"reason": "Alerta meteorológica"}).status_code == 303
    page = text_of(client_of("nobody").get(PAGE))
    assert "Este seminario se canceló" in page and "Alerta meteorológica" in page and "Inscribirse" not in page
    assert event_of(page)["eventStatus"] == "https://schema.org/EventCancelled"
    assert text_of(client_of("nobody").get(f"{PAGE}/calendario.ics")).count("STATUS:CANCELLED") == 3
    with app.extensions["database"].transaction() as s:
        mails = s.scalars(select(OutboxJob.payload).order_by(OutboxJob.id)).all()[before:]
        assert [mail.count("STATUS:CANCELLED") for mail in mails] == [3, 0]        # who waits has nothing to take off
        assert len(mails) == 2 and all("Alerta meteorol" in mail or "meteorol\\u00f3gica" in mail for mail in mails)
    olga.send("/seminarios/1/cancelacion", {"reason": "Otra vez"})
    with app.extensions["database"].transaction() as s:
        assert s.scalar(select(func.count()).select_from(OutboxJob)) == before + 2
        assert s.get(Seminar, 1).cancelled_why == "Alerta meteorológica"


def test_a_seminar_is_held_again_at_the_same_hours_on_other_days(seminar, olga, app):
    sent = olga.send("/seminarios/1/copia", {"title": "Segunda versión", "starts_on": "2028-05-10"})
    assert sent.status_code == 303
    page = text_of(olga.get(sent.location))
    assert "En preparación" in page and page.count("10:00–11:30") == 2 and "Rosario Vidal Prado" in page
    assert "Documento base" not in page and "10 may. 2028" in page and "11 may. 2028" in page
    with app.extensions["database"].transaction() as s:
        assert s.scalars(select(Seminar).where(Seminar.id != 1)).one().online_url == ""


def test_who_speaks_is_put_changed_and_taken_off(seminar, olga, client_of):
    olga.send("/seminarios/1/ponentes/nueva", {"name": "Wanda Ríos", "country": "UY", "session": "0"})
    assert "Wanda Ríos" in text_of(client_of("nobody").get(PAGE)) and "Uruguay" in text_of(client_of("nobody").get(PAGE))
    assert olga.send("/seminarios/1/ponentes/1", {"name": "", "session": "0"}).status_code == 422
    assert olga.send("/seminarios/1/ponentes/1", {"name": "Otra", "session": "99"}).status_code == 422
    olga.send("/seminarios/1/ponentes/1/retiro")
    assert "Rosario Vidal" not in text_of(client_of("nobody").get(PAGE))


def test_places_say_who_may_register(seminar, olga, client_of):
    assert "Inscribirse" in text_of(client_of("nobody").get(PAGE))
    olga.send("/seminarios/1/cupos", {"open_guest": "y", "places_guest": "5"})
    olga.send("/seminarios/1/cupos", {"open_member": "y", "places_member": "-1"})
    page = text_of(olga.get("/seminarios/1/cupos"))
    assert 'value="5"' in page
    olga.send("/seminarios/1/cupos", {})
    assert "Inscribirse" not in text_of(client_of("nobody").get(PAGE))


def test_a_full_seminar_offers_the_waiting_list(seminar, app, client_of):
    with app.extensions["database"].transaction() as s:
        for kind, most in (("member", 1), ("public", 1), ("online", 0)):
            s.execute(Seminar.metadata.tables["seminar_places"].update().values(places=most).where(
                Seminar.metadata.tables["seminar_places"].c.kind == kind))
        registered(s, 1, kind="member")
        registered(s, 2, kind="public", state="offered")
    page = text_of(client_of("nobody").get(PAGE))
    assert "lista de espera" in page and event_of(page)["offers"]["availability"].endswith("SoldOut")


# --- materials ------------------------------------------------------------------------------------------------------

def test_a_file_is_published_and_downloaded_by_whom_it_is_for(seminar, app, olga, client_of):
    pdf = b"%PDF-1.7 programa\n%%EOF\n"
    sent = olga.send("/seminarios/1/materiales/nuevo", {
        "kind": "file", "title": "Programa", "session": "0", "open_to": "registered", "file": (BytesIO(pdf), "programa.pdf")})
    assert sent.status_code == 303
    assert client_of("nobody").get(f"{PAGE}/materiales/3").status_code == 403
    assert client_of("ana").get(f"{PAGE}/materiales/3").status_code == 403
    with app.extensions["database"].transaction() as s:
        registered(s, 1, person_id=seminar.people["ana"], kind="student")
        registered(s, 2)
    got = client_of("ana").get(f"{PAGE}/materiales/3")
    assert got.data == pdf and "attachment" in got.headers["Content-Disposition"]
    from_mail = f"{PAGE}/materiales/3?inscripcion="
    token = desk_of(app).token(2)
    assert client_of("nobody").get(from_mail + token).data == pdf
    assert client_of("nobody").get(from_mail + token[:-1] + ("0" if token[-1] != "0" else "1")).status_code == 403


def test_a_link_leads_on_and_what_is_withdrawn_is_gone(seminar, olga, client_of):
    assert client_of("nobody").get(f"{PAGE}/materiales/2").location == "https://documentos.example.org/base"
    olga.send("/seminarios/1/materiales/2/retiro")
    assert client_of("nobody").get(f"{PAGE}/materiales/2").status_code == 404
    assert "Documento base" not in text_of(client_of("nobody").get(PAGE))


@pytest.mark.parametrize(("sent", "said"), [
    ({"kind": "file"}, "Adjuntar el archivo"), ({"kind": "link"}, "Escribir la dirección"),
    ({"kind": "link", "url": "ftp://x.example.org"}, "https://"),
    ({"kind": "file", "file": (b"MZ\x90 no es un pdf", "virus.pdf")}, "su contenido no lo es"),
    ({"kind": "file", "file": (b"x", "programa.exe")}, "no es de un tipo"),
])
def test_a_material_that_can_not_be_is_answered_by_name(seminar, olga, app, sent, said):
    if "file" in sent:
        sent = sent | {"file": (BytesIO(sent["file"][0]), sent["file"][1])}
    refused = olga.send("/seminarios/1/materiales/nuevo", {"title": "Algo", "session": "0", "open_to": "public"} | sent)
    assert refused.status_code == 422 and said in text_of(refused)
    with app.extensions["database"].transaction() as s:
        assert s.scalar(select(func.count()).select_from(SeminarMaterial)) == 2


# --- the public page ------------------------------------------------------------------------------------------------

def test_the_page_speaks_three_languages_each_with_an_address_of_its_own(seminar, client_of):
    page = text_of(client_of("nobody").get(PAGE))
    for code in ("es", "pt", "en"):
        assert f'hreflang="{code}" href="http://localhost{PAGE}?idioma={code}"' in page
    assert f'rel="canonical" href="http://localhost{PAGE}"' in page and 'property="og:title"' in page
    english = text_of(client_of("nobody").get(f"{PAGE}?idioma=en"))
    assert '<html lang="en">' in english and "Decentralisation and local public safety" in english
    assert f'rel="canonical" href="http://localhost{PAGE}?idioma=en"' in english
    portuguese = text_of(client_of("nobody").get(f"{PAGE}?idioma=pt"))
    assert "Descentralização" in portuguese and '<span lang="es">Tránsito y seguridad vial</span>' in portuguese


def test_what_somebody_types_can_not_leave_its_place(world, olga, client_of):
    at = created(olga, title="</script><script>alert(1)</script>", summary="<img src=x onerror=alert(1)> **hola**",
                 slug="hostil")
    olga.send(f"{at}/sesiones/nueva", SITTING | {"title": "</script>\r\nBEGIN:VEVENT"[:9] + "x"})
    olga.send(f"{at}/publicacion")
    page = text_of(client_of("nobody").get("/seminarios/hostil"))
    assert "<script>alert" not in page and "<img src=x" not in page
    assert event_of(page)["name"] == "</script><script>alert(1)</script>"


def test_the_link_of_the_videoconference_is_on_no_public_page(seminar, client_of):
    for url in (PAGE, f"{PAGE}/calendario.ics", "/seminarios/agenda"):
        assert "videoconferencia.example.org" not in text_of(client_of("nobody").get(url))


def test_times_are_shown_in_the_zone_that_the_reader_asks_for(seminar, client_of):
    page = text_of(client_of("nobody").get(f"{PAGE}?hora=Europe/Madrid"))
    assert "15:00–16:30" in page and "España" in page
    assert client_of("nobody").get(f"{PAGE}?hora=../etc").status_code == 200


def test_registration_that_is_not_open_says_when(seminar, app, client_of):
    with app.extensions["database"].transaction() as s:
        s.get(Seminar, 1).opens_at = seminar.now + timedelta(days=1)
    page = text_of(client_of("nobody").get(PAGE))
    assert "Se abre el 21 de abril de 2027" in page and "Inscribirse" not in page


def test_unknown_addresses_are_not_found(seminar, client_of):
    for url in ("/seminarios/nada", f"{PAGE}/sesiones/S9.ics", f"{PAGE}/materiales/99", "/seminarios/nada/calendario.ics"):
        assert client_of("nobody").get(url).status_code == 404


def test_the_page_takes_few_statements_however_much_it_shows(seminar, app, client_of):
    ana = client_of("ana")
    with app.extensions["database"].transaction() as s:
        for number in range(2, 40):
            registered(s, number)
    ana.get(PAGE)
    nobody = client_of("nobody")
    for who, url, most in ((ana, PAGE, 6), (nobody, PAGE, 4), (nobody, "/seminarios/agenda", 1)):
        with statements(app) as said:
            who.get(url)
        assert len([one for one in said if one.startswith("SELECT")]) <= most, said


def test_a_student_finds_the_seminar_on_the_first_page(seminar, app, client_of):
    page = text_of(client_of("ana").get("/inicio"))
    assert PAGE in page and "Descentralización y seguridad pública local" in page
    with app.extensions["database"].transaction() as s:
        registered(s, 1, person_id=seminar.people["ana"], kind="student")
    assert "Inscripción confirmada" in text_of(client_of("ana").get("/inicio"))
    seminar.later(days=60)
    assert PAGE not in text_of(client_of("ana").get("/inicio"))
