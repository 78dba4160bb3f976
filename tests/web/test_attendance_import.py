"""A report from file to minutes: reviewed before it counts, brought in once, enlarged, taken back; nothing half applied."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from lxml import html
from sqlalchemy import event, select

from lms.seminars import presence
from lms.seminars.models import AttendanceReport, AttendeeAlias, PresenceMark
from tests.seminared import S1, S2, plant, registered, sequences

HEAD = "Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida,Duración (minutos),Invitado,En sala de espera"
AT = f"/seminarios/1/sesiones/{S1}/informes"
ANA = "Ana Vera,ana.vera@example.org,12/05/2027 09:52:10,12/05/2027 10:20:00,28,No,No"
ANA_TOO = "Ana Vera,ana.vera@example.org,12/05/2027 10:15:00,12/05/2027 10:50:30,36,No,No"
EVA = "\"Mora, Eva\",,12/05/2027 10:00:00,12/05/2027 11:00:00,60,No,No"
IPHONE = "iPhone de Jorge,,12/05/2027 10:30:00,12/05/2027 11:00:00,30,Sí,No"
LIKE = "Jorge Díaz,,12/05/2027 10:00:00,12/05/2027 10:30:00,30,Sí,No"
WAITING = "Zoila Paz,,12/05/2027 10:00:00,12/05/2027 10:30:00,30,Sí,Sí"
PEOPLE = {1: ("Ana", "Vera"), 2: ("Eva", "Mora"), 3: ("Jorge", "Díaz Luna"), 4: ("Zoila", "Paz")}


@pytest.fixture
def seminar(app, world):
    with app.extensions["database"].transaction() as s:
        plant(s)
        for number, names in PEOPLE.items():
            registered(s, number, names=names, email=f"{names[0].lower()}.{names[1].split()[0].lower().replace('í', 'i')}@example.org")
        sequences(s)
    return 1


@pytest.fixture
def olga(client_of, seminar):
    return client_of("olga")


def zoom(*rows, head=HEAD):
    return "\r\n".join([head, *rows]).encode("utf-8-sig")


def send(olga, content, name="participantes.csv", at=AT):
    return olga.send(at, {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def sent(olga, *rows, name="participantes.csv", at=AT):
    """The address of the review page of a report just sent."""
    answer = send(olga, zoom(*rows), name, at)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def text(olga, url):
    return olga.get(url).get_data(as_text=True)


def minutes(app, session_id=S1):
    """Registration id -> whole minutes in a session."""
    with app.extensions["database"].reading() as s:
        found = presence.present(s, 1, datetime.fromisoformat("2027-06-01T00:00:00+00:00"))
    return {who: told[session_id].seconds // 60 for who, told in found.items() if session_id in told}


def rows(app, table=PresenceMark):
    with app.extensions["database"].reading() as s:
        return s.scalars(select(table).order_by(table.id)).all()


def field(page, shown):
    """The name of the field that asks who a caller is."""
    for fieldset in html.fromstring(page).iter("fieldset"):
        if shown in fieldset.findtext("legend/b", ""):
            return fieldset.get("id")
    raise AssertionError(f"{shown} is not asked about")


def test_a_report_counts_only_once_it_is_confirmed_and_two_devices_count_once(app, olga):
    url = sent(olga, ANA, ANA_TOO, EVA, WAITING)
    page = text(olga, url)
    assert "Zoom" in page and "Revisar el informe" in page and "Vera, Ana" in page and "Mora, Eva" in page
    assert minutes(app) == {}
    assert olga.send(f"{url}/confirmar").status_code == 303
    assert minutes(app) == {1: 50, 2: 60}       # 10:00 to 10:50:30, and Eva by her name turned round; nobody waiting
    assert "Informe importado" in text(olga, url)


def test_the_same_file_twice_changes_nothing(app, olga):
    url = sent(olga, ANA, EVA)
    olga.send(f"{url}/confirmar")
    before = [m.id for m in rows(app)]
    assert sent(olga, ANA, EVA, name="otro nombre.csv") == url
    assert "ya se había subido" in text(olga, url)
    olga.send(f"{url}/confirmar")
    assert [m.id for m in rows(app)] == before and len(rows(app, AttendanceReport)) == 1


def test_a_newer_report_of_the_same_meeting_adds_only_what_is_new(app, olga):
    olga.send(f"{sent(olga, ANA)}/confirmar")
    url = sent(olga, ANA, ANA_TOO, EVA)
    assert "<dt>Datos nuevos</dt><dd>2</dd>" in text(olga, url)
    olga.send(f"{url}/confirmar")
    assert len(rows(app)) == 3 and minutes(app) == {1: 50, 2: 60}


def test_who_is_unknown_waits_in_a_queue_until_somebody_says_who_it_is(app, olga):
    url = sent(olga, ANA, IPHONE, LIKE)
    page = text(olga, url)
    assert "iPhone de Jorge" in page and "se parece" in page
    olga.send(f"{url}/confirmar")
    assert minutes(app) == {1: 20}
    page = text(olga, url)
    answer = {field(page, "iPhone de Jorge"): "nadie", field(page, "Jorge Díaz"): "3", f"{field(page, 'Jorge Díaz')}-recordar": "1"}
    assert olga.send(f"{url}/confirmar", answer).status_code == 303
    assert minutes(app) == {1: 20, 3: 30} and "¿Quién es?" not in text(olga, url)
    assert [(a.kind, a.value, a.email_key) for a in rows(app, AttendeeAlias)] == [("name", "jorge diaz", "jorge.diaz@example.org")]


def test_an_accepted_alias_is_known_in_every_later_seminar(app, olga):
    url = sent(olga, LIKE)
    name = field(text(olga, url), "Jorge Díaz")
    olga.send(f"{url}/confirmar", {name: "3", f"{name}-recordar": "1"})
    with app.extensions["database"].transaction() as s:
        plant(s, 2, "otro")
        registered(s, 30, 2, names=("Jorge", "Díaz Luna"), email="jorge.diaz@example.org")
        sequences(s)
    url = sent(olga, LIKE, at="/seminarios/2/sesiones/21/informes")
    assert "ya reconocida antes" in text(olga, url)
    olga.send(f"{url}/confirmar")
    assert {m.registration_id for m in rows(app) if m.seminar_id == 2} == {30}


def test_another_person_is_chosen_from_the_list_and_a_wrong_one_is_told(app, olga):
    url = sent(olga, IPHONE, ANA)
    name = field(text(olga, url), "iPhone de Jorge")
    refused = olga.send(f"{url}/confirmar", {name: "otra", f"{name}-otra": "nadie@example.org"})
    assert refused.status_code == 422 and "Elegir a la persona" in refused.get_data(as_text=True) and rows(app) == []
    assert olga.send(f"{url}/confirmar", {name: "otra", f"{name}-otra": "Díaz Luna, Jorge · jorge.diaz@example.org"}).status_code == 303
    assert minutes(app) == {1: 20, 3: 30} and rows(app, AttendeeAlias) == []       # a device is not remembered unasked
    assert "¿Quién es?" not in text(olga, url)


def test_who_only_has_the_same_name_can_be_left_out_and_taken_for_another_later(app, olga):
    url = sent(olga, ANA, EVA)
    name = html.fromstring(text(olga, url)).xpath("//input[@form='confirmar']/@name")
    assert len(name) == 1 and name[0].endswith("-no")       # Ana is known by her address
    olga.send(f"{url}/confirmar", {name[0]: "1"})
    assert minutes(app) == {1: 20}
    page = text(olga, url)
    assert "No se cuenta a 1 persona" in page
    asked = field(page, "Mora, Eva")
    olga.send(f"{url}/confirmar", {asked: "otra", f"{asked}-otra": "zoila.paz@example.org"})
    assert minutes(app) == {1: 20, 4: 60}


def test_minutes_by_hand_are_never_overwritten(app, world, olga):
    with app.extensions["database"].transaction() as s:
        sitting = next(x for x in presence.sittings(s, 1) if x.id == S1)
        presence.say(s, world.people["olga"], world.now, 1, 1, sitting, 5, "Estuvo en otra sala.", "by-hand-1")
    url = sent(olga, ANA, ANA_TOO)
    assert "vale lo anotado a mano" in text(olga, url)
    olga.send(f"{url}/confirmar")
    assert minutes(app) == {1: 5}


def test_undoing_an_import_takes_its_facts_back_by_new_ones_and_leaves_the_rest(app, olga):
    first, second = sent(olga, ANA), sent(olga, ANA, EVA)
    olga.send(f"{first}/confirmar")
    olga.send(f"{second}/confirmar")
    assert "deja de contar" in text(olga, f"{first}/deshacer")
    assert olga.send(f"{first}/deshacer").status_code == 303
    assert minutes(app) == {1: 20, 2: 60}       # Ana's stay stands in the second report too
    olga.send(f"{second}/deshacer")
    assert minutes(app) == {} and all(m.kind in ("interval", "void") for m in rows(app))
    olga.send(f"{second}/deshacer")
    assert olga.send(f"{second}/confirmar").status_code == 409 and minutes(app) == {}
    again = sent(olga, ANA, EVA)
    assert again == second and "Todavía no cuenta nada" in text(olga, again)
    olga.send(f"{again}/confirmar")
    assert minutes(app) == {1: 20, 2: 60}


def test_what_the_office_took_back_by_hand_does_not_return_with_a_newer_report(app, world, olga):
    olga.send(f"{sent(olga, ANA)}/confirmar")
    with app.extensions["database"].transaction() as s:
        presence.take_back(s, world.people["olga"], world.now, 1, 1, "No era ella.")
    olga.send(f"{sent(olga, ANA, EVA)}/confirmar")
    assert minutes(app) == {2: 60}


def test_a_report_of_another_meeting_is_refused_by_name(app, olga):
    url = sent(olga, ANA, at=f"/seminarios/1/sesiones/{S2}/informes")
    page = text(olga, url)
    assert "Este informe es de otra reunión" in page and "Importar la asistencia" not in page
    assert f'<a href="{AT}">Descentralización: diez años después</a>' in page      # where it belongs
    refused = olga.send(f"{url}/confirmar")
    assert refused.status_code == 409 and "otra reunión" in refused.get_data(as_text=True) and rows(app) == []


def test_another_clock_is_proposed_and_read_and_then_expected_of_this_seminar(app, olga):
    url = sent(olga, *[row.replace(" 10:", " 13:").replace(" 11:", " 14:").replace(" 09:", " 12:") for row in (ANA, EVA)])
    assert "Coincidiría con la hora de" in text(olga, url) and "Hora universal" in text(olga, url)
    assert olga.send(f"{url}/lectura", {"zone": "UTC", "order": ""}).status_code == 303
    olga.send(f"{url}/confirmar")
    assert minutes(app) == {1: 20, 2: 60}
    with app.extensions["database"].reading() as s:
        assert json.loads(s.scalar(select(AttendanceReport.reading)))["zone"] == "UTC"
    later = sent(olga, ANA.replace(" 10:", " 13:").replace(" 09:", " 12:"))
    assert "Hora de Hora universal" in text(olga, later)


def test_dates_that_read_two_ways_and_fit_neither_are_asked(app, olga):
    url = sent(olga, *[row.replace("12/05/2027", "07/10/2026") for row in (ANA, EVA)])
    page = text(olga, url)
    assert "de dos maneras" in page and "7 de octubre de 2026" in page and "10 de julio de 2026" in page
    assert olga.send(f"{url}/confirmar").status_code == 409
    olga.send(f"{url}/lectura", {"zone": "America/Argentina/Buenos_Aires", "order": "md"})
    assert "Este informe es de otra reunión" in text(olga, url)


def test_columns_nobody_knows_are_asked_and_remembered(app, olga):
    head = "Persona,Dirección,Llegó,Se fue"
    file = zoom("Ana Vera,ana.vera@example.org,12/05/2027 10:00,12/05/2027 10:30", head=head)
    url = send(olga, file).location
    assert "no se reconocen" in text(olga, url)
    olga.send(f"{url}/lectura", {"zone": "America/Argentina/Buenos_Aires", "order": "", "c0": "name", "c1": "email", "c2": "joined", "c3": "left"})
    olga.send(f"{url}/confirmar")
    assert minutes(app) == {1: 30}
    more = zoom("Eva Mora,,12/05/2027 10:00,12/05/2027 10:40", head=head)
    url = send(olga, more).location
    assert "no se reconocen" not in text(olga, url)
    olga.send(f"{url}/confirmar")
    assert minutes(app) == {1: 30, 2: 40}


def test_rows_that_say_nothing_usable_are_listed_and_the_rest_counts(app, olga):
    url = sent(olga, "Ana Vera,,12/05/2027 10:30:00,12/05/2027 10:10:00,20,No,No", EVA)
    page = text(olga, url)
    assert "1 fila no se cuenta" in page and "Fila 2" in page and "antes de entrar" in page
    olga.send(f"{url}/confirmar")
    assert minutes(app) == {2: 60}


def test_a_report_of_unique_users_is_kept_as_minutes_and_never_beyond_the_session(app, olga):
    head = "Nombre (nombre original),E-mail del usuario,Duración total (minutos),Invitado"
    url = send(olga, zoom("Ana Vera,ana.vera@example.org,64,No", "Eva Mora,,400,No", head=head)).location
    assert "no dice de qué día es" in text(olga, url)
    olga.send(f"{url}/confirmar")
    assert minutes(app) == {1: 64, 2: 90} and {(m.kind, m.until) for m in rows(app)} == {("minutes", None)}


@pytest.mark.parametrize(("content", "name", "words"), [
    (b"08:59:02 From  Jacob  to  Everyone:\n\tHola\n", "chat.txt", "es un chat, no un informe"), (b"%PDF-1.7", "a.csv", "es un PDF"),
    (b"", "a.csv", "está vacío"), (b"hola\n", "a.csv", "no es un informe de asistencia"), (zoom(), "a.csv", "no tiene participantes")])
def test_other_files_are_refused_and_nothing_is_kept(app, olga, content, name, words):
    refused = send(olga, content, name)
    assert refused.status_code == 422 and words in refused.get_data(as_text=True) and rows(app, AttendanceReport) == []


def test_a_workbook_with_any_extension_is_read(app, olga):
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "default_date_format": "dd-mm-yyyy hh:mm:ss"})
    sheet = book.add_worksheet()
    for row, cells in enumerate([HEAD.split(","), ["Ana Vera", "ana.vera@example.org", datetime(2027, 5, 12, 10), "12/05/2027 10:30:00", 30, "No", "No"]]):
        sheet.write_row(row, 0, cells)
    book.close()
    olga.send(f"{send(olga, kept.getvalue(), 'informe.csv').location}/confirmar")
    assert minutes(app) == {1: 30}


def test_the_table_of_a_report_holds_no_formula(olga):
    url = sent(olga, ANA, '"=HYPERLINK(""http://example.org"")",,12/05/2027 10:00:00,12/05/2027 10:30:00,30,No,No')
    kept = olga.get(f"{url}/filas.csv")
    assert kept.status_code == 200 and "no-store" in kept.headers["Cache-Control"]
    assert '"\'=HYPERLINK' in kept.get_data(as_text=True) and '"Vera, Ana"' in kept.get_data(as_text=True)


def test_a_report_stays_with_its_session_and_its_office(app, world, client_of, olga):
    url = sent(olga, ANA)
    assert olga.get(url.replace(f"sesiones/{S1}", f"sesiones/{S2}")).status_code == 404
    assert client_of("ana").get(url).status_code == 403 and client_of("ana").get(AT).status_code == 403
    assert send(client_of("ivan"), zoom(ANA)).status_code == 403


def test_a_report_that_counts_is_not_read_in_another_way(app, olga):
    url = sent(olga, ANA)
    olga.send(f"{url}/confirmar")
    assert olga.send(f"{url}/lectura", {"zone": "UTC", "order": ""}).status_code == 409
    assert minutes(app) == {1: 20}


def statements(app, client, url):
    """How many statements a page takes."""
    seen = []

    def listen(_conn, _cursor, statement, *_):
        seen.append(statement)

    event.listen(app.extensions["database"].engine, "before_cursor_execute", listen)
    client.get(url)
    event.remove(app.extensions["database"].engine, "before_cursor_execute", listen)
    return len([s for s in seen if not s.startswith(("BEGIN", "COMMIT", "SAVEPOINT"))])


def test_pages_ask_the_database_no_more_for_more_people(app, olga):
    counted = []
    for many in (3, 60):
        start = datetime(2027, 5, 12, 10)
        url = sent(olga, ANA, *(f"Persona {n},p{n}@example.org,{start:%d/%m/%Y %H:%M:%S},{start + timedelta(minutes=n):%d/%m/%Y %H:%M:%S},{n},No,No"
                                for n in range(1, many)))
        counted.append(statements(app, olga, url))
    assert counted[0] == counted[1] <= 6, counted


MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "attendance" / "reconstructed"


@pytest.mark.skipif(not MATERIAL.is_dir(), reason="the attendance material is not on this machine")
@pytest.mark.parametrize("name", sorted(p.name for p in MATERIAL.glob("*.csv")) if MATERIAL.is_dir() else [])
def test_each_file_of_the_material_comes_to_its_minutes(app, world, client_of, name):
    """Session 9:00 to 10:00 of 2 March 2026, as expected.json has it: the same minutes from every file."""
    told = json.loads((MATERIAL / "expected.json").read_text())
    start = datetime.fromisoformat(told["start"])
    with app.extensions["database"].transaction() as s:
        plant(s, time_zone="America/Santiago")
        s.connection().exec_driver_sql("UPDATE seminar_sessions SET starts_at = '2026-03-02 12:00:00+00:00', ends_at = '2026-03-02 13:00:00+00:00' WHERE id = 1"
                                       if s.get_bind().dialect.name == "postgresql" else
                                       "UPDATE seminar_sessions SET starts_at = '2026-03-02 12:00:00.000000', ends_at = '2026-03-02 13:00:00.000000' WHERE id = 1")
        for number, person in enumerate(told["people"], 1):
            registered(s, number, names=(person["name"], ""), email=person["email"] or "begona@example.org")
        sequences(s)
    olga = client_of("olga")
    url = send(olga, (MATERIAL / name).read_bytes(), name).location
    page = text(olga, url)
    answer = {}
    for number, person in enumerate(told["people"], 1):
        if f"<b>{person['name']}</b>" in page:
            answer[field(page, person["name"])] = str(number)
    olga.send(f"{url}/confirmar", answer)
    inside = {}
    for number, person in enumerate(told["people"], 1):
        stays = [[max(start, datetime.fromisoformat(a)), min(start + timedelta(hours=1), datetime.fromisoformat(b))] for a, b in person["intervals"]]
        covered = {t for a, b in stays for t in range(int((a - start).total_seconds()), int((b - start).total_seconds()))}
        untimed = min(60, -(-int(person["seconds_sum"]) // 60))
        inside[number] = untimed if "total" in name else len(covered) // 60
    assert minutes(app) == inside
