"""The roster: enrolling by hand and from a file, what is refused, what is undone, and what can not be got by it."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.cohorts import actions, batches, queries
from lms.cohorts.models import Enrolment, RosterBatch
from lms.foundation.audit import AuditLine
from lms.foundation.outbox import OutboxJob
from lms.foundation.spreadsheet import read as read_sheet
from lms.people.models import Institution, Person, PersonPost

HEAD = "Nombres;Apellido paterno;Apellido materno;Correo;RUN;Municipalidad;Cargo\n"
GOOD = ("María;Núñez;Ibáñez;maria@example.org;14567890-0;Pucón;Concejala\n"
        "Pedro;Soto;;pedro@example.org;7654321-6;Lebu;Alcalde\n")
BAD = "Luis;Parra;Fica;luis@example.org;12.531.909-3;Lebu;Director\n"
ANA = "Ana;Pérez;Soto;ana@example.org;12531909-2;Pucón;\n"
IMPORT = "/cohortes/1/nomina/importar"


def text(response):
    return response.get_data(as_text=True)


def upload(client, content, name="nomina.csv", cohort=1):
    """Sent as a browser does. The body is made by hand: werkzeug's client leaves its temporary file open."""
    data = content if isinstance(content, bytes) else content.encode()
    part = '--cut\r\nContent-Disposition: form-data; name="{}"\r\n\r\n'
    body = (part.format("csrf_token") + client.token() + "\r\n" + part.format(f'file"; filename="{name}')).encode()
    return client.post(f"/cohortes/{cohort}/nomina/importar", data=body + data + b"\r\n--cut--\r\n",
                       content_type="multipart/form-data; boundary=cut")


def previewed(client, content, name="nomina.csv"):
    """The preview page of a file, and the mark that carries the file on."""
    sent = upload(client, content, name)
    assert sent.status_code == 303, text(sent)
    return client.get(sent.location), sent.location.partition("archivo=")[2]


def imported(client, content, **form):
    _page, mark = previewed(client, content)
    return client.send(f"{IMPORT}/confirmar", {"archivo": mark, **form})


def count(app, *wanted):
    with app.extensions["database"].reading() as s:
        return tuple(s.scalar(select(func.count()).select_from(model)) for model in wanted)


def taking_part(app, cohort=1):
    with app.extensions["database"].reading() as s:
        ids = [e.person_id for e in queries.enrolled(s, cohort) if e.withdrawn_at is None]
        return {s.get(Person, i).email for i in ids}


def roles(app, person_id):
    with app.extensions["database"].reading() as s:
        return sorted(s.scalars(select(PersonPost.role).where(PersonPost.person_id == person_id,
                                                              PersonPost.ended_at.is_(None))))


# From a file ---------------------------------------------------------------------------------------------------------

def test_the_preview_tells_every_row_and_writes_nothing(app, world, client_of):
    before = count(app, Person, Enrolment, Institution, RosterBatch, OutboxJob, AuditLine)
    page, _mark = previewed(client_of("olga"), HEAD + GOOD + BAD + ANA)
    shown = text(page)
    assert "separado por punto y coma" in shown and "UTF-8" in shown and "Importar 2 filas" in shown
    assert "sería 2" in shown and "12.531.909-3" in shown
    every = text(client_of("olga").get(page.request.full_path + "&ver=todas"))
    assert "Sin cambios, ya está" in every and every.count("Se agrega<") == 2
    assert "Municipalidad de Lebu" in shown
    assert count(app, Person, Enrolment, Institution, RosterBatch, OutboxJob, AuditLine) == before


def test_the_good_rows_are_taken_and_the_bad_ones_left(app, world, client_of):
    olga = client_of("olga")
    done = imported(olga, HEAD + GOOD + BAD + ANA)
    assert done.status_code == 303
    page = text(olga.get(done.location))
    assert "2 filas importadas." in page and "Núñez Ibáñez, María" in page and "Ver qué falta corregir" in page
    assert taking_part(app) == {"ana@example.org", "maria@example.org", "pedro@example.org"}
    with app.extensions["database"].reading() as s:
        maria = s.scalar(select(Person).where(Person.email == "maria@example.org"))
        enrolment = s.scalar(select(Enrolment).where(Enrolment.person_id == maria.id))
        lebu = s.scalar(select(Institution).where(Institution.name == "Municipalidad de Lebu"))
        assert (maria.surname1, maria.surname2, enrolment.institution_id, lebu.country) == ("Núñez", "Ibáñez", 4, "CL")
        assert s.scalar(select(func.count()).select_from(OutboxJob)) == 2           # an invitation each
        assert json.loads(s.scalar(select(AuditLine.detail).where(AuditLine.deed == "roster.imported")))["rows"] == {
            "new": 2, "refused": 1, "already": 1}
        rows = s.scalar(select(RosterBatch.rows))
        assert "example.org" not in rows and "14567890" not in rows                 # nothing personal but the ids
    assert roles(app, maria.id) == ["student"]


def test_fifty_people_are_five_clicks(app, world, client_of):
    """Cohorts, the cohort, the file, review, import: the roster page itself takes the file."""
    page = text(client_of("olga").get("/cohortes/1/nomina"))
    assert f'action="{IMPORT}"' in page and 'type="file"' in page


def test_the_same_file_again_changes_nothing(app, world, client_of):
    olga = client_of("olga")
    first = imported(olga, HEAD + GOOD)
    before = count(app, Person, Enrolment, Institution, RosterBatch, OutboxJob, PersonPost)
    page, mark = previewed(olga, HEAD + GOOD)
    assert "Esta misma planilla ya se importó" in text(page) and "No hay filas para importar" in text(page)
    again = olga.send(f"{IMPORT}/confirmar", {"archivo": mark})
    assert again.location == first.location and "Nada cambió" in text(olga.get(again.location))
    assert count(app, Person, Enrolment, Institution, RosterBatch, OutboxJob, PersonPost) == before


def test_undoing_ends_what_the_import_began_and_nothing_else(app, world, client_of):
    olga = client_of("olga")
    batch = imported(olga, HEAD + GOOD + ANA).location
    asked = text(olga.get(f"{batch}/deshacer"))
    assert "2 personas salen de la nómina" in asked
    assert olga.send(f"{batch}/deshacer").status_code == 303
    assert taking_part(app) == {"ana@example.org"}
    assert "Deshecha" in text(olga.get(batch))
    assert "ya se había deshecho" in text(olga.get(olga.send(f"{batch}/deshacer").location))
    with app.extensions["database"].reading() as s:
        maria = s.scalar(select(Person.id).where(Person.email == "maria@example.org"))
    assert maria and roles(app,
                           maria) == []                                        # the account stays, the post does not
    imported(olga, HEAD + GOOD)
    assert taking_part(app) == {"ana@example.org", "maria@example.org", "pedro@example.org"}


def test_who_was_withdrawn_by_hand_does_not_come_back_by_file(app, world, client_of):
    olga = client_of("olga")
    olga.send("/cohortes/1/nomina/1/retiro", {"reason": "Dejó el cargo"})
    page, _mark = previewed(olga, HEAD + ANA)
    assert "Se retiró de esta cohorte: Dejó el cargo" in text(page)


def test_names_in_capitals_stay_unless_the_office_says_otherwise(app, world, client_of):
    olga = client_of("olga")
    row = "MARÍA DE LA CRUZ;NÚÑEZ;ÑANCO;{};;;\n"
    imported(olga, HEAD + row.format("una@example.org"))
    imported(olga, HEAD + row.format("dos@example.org"), mejorar="1")
    with app.extensions["database"].reading() as s:
        names = dict(s.execute(select(Person.email, Person.given_names).where(Person.surname2.in_(["ÑANCO",
                                                                                                   "Ñanco"]))).all())
    assert names == {"una@example.org": "MARÍA DE LA CRUZ", "dos@example.org": "María de la Cruz"}


def test_the_rows_left_out_come_back_to_be_mended(world, client_of):
    olga = client_of("olga")
    _page, mark = previewed(olga, HEAD + GOOD + BAD)
    table = read_sheet("x.csv", olga.get(f"{IMPORT}/problemas.csv?archivo={mark}").data)
    assert len(table.rows) == 1 and table.rows[0].cells[3] == "luis@example.org"
    assert "sería 2" in table.rows[0].cells[-1]


def test_the_template_is_a_roster_without_people(world, client_of):
    response = client_of("olga").get("/cohortes/1/nomina/plantilla.csv")
    head = response.data.decode("utf-8-sig").strip().replace('"', "").split(";")
    assert {"Nombres", "Primer apellido", "Correo electrónico"} <= set(head) and response.mimetype == "text/csv"


# Files that are no roster --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("content, name, words", [
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "nomina.csv", "es una imagen"),
    (b"", "nomina.csv", "vacío"), (b"   \n\n", "nomina.csv", "vacío"),
    (b"Nombres;Correo\n", "nomina.csv", "no tiene filas"),
    (HEAD.encode() + b"Ana;\0;\n", "nomina.csv", "Fila 2"),
    (b'Nombres,Apellidos,Correo\n"Ana,Vidal,a@b.cl\n', "nomina.csv", "comilla"),
    (b"Municipio;Telefono\nLebu;1\n", "nomina.csv", "Faltan: Correo"),
    (b"NOMINA 2027\nNombres;Apellidos;Correo\nAna;Vidal;a@b.cl\n", "nomina.csv", "Faltan: Correo"),
    (b"Nombre completo;Correo\nAna Vidal;a@b.cl\n", "nomina.csv", "no se puede dividir"),
    (b"PK\x03\x04 no es un libro", "nomina.xlsx", "dañado"),
    (b"%PDF-1.7 nada", "nomina.xls", "es un PDF"),
    (b"<html><table>", "nomina.xls", "página web"),
    ((HEAD + GOOD * 501).encode(), "nomina.csv", "más de 1000 filas"),
    (b"Nombres;Apellidos;Correo\n" + b"Ana;Vidal;a@b.cl\n" * 100_000, "nomina.csv", "más de 1000 filas"),
])
def test_what_is_no_roster_is_refused_with_place_and_remedy(app, world, client_of, content, name, words):
    refused = upload(client_of("olga"), content, name)
    assert refused.status_code == 422 and words in text(refused) and name in text(refused)
    assert not list((app.config["INSTANCE"] / "files").rglob("*"))              # and nothing is kept


def test_no_file_at_all_and_one_too_large(world, client_of):
    olga = client_of("olga")
    assert upload(olga, b"", "").status_code == 422
    large = upload(olga, HEAD.encode() + b"x" * (10 << 20))
    assert large.status_code == 413 and "pasa de 5 MB" in text(large)


@pytest.mark.parametrize("mark", ["", "x", "WzEsMl0.abc", "../../secret"])
def test_a_mark_that_we_did_not_make_names_no_file(world, client_of, mark):
    olga = client_of("olga")
    assert olga.get(f"{IMPORT}?archivo={mark}").status_code == 422
    assert olga.send(f"{IMPORT}/confirmar", {"archivo": mark}).status_code == 422


def test_a_mark_is_of_one_cohort_and_of_bytes_that_stand(app, world, client_of):
    olga = client_of("olga")
    _page, mark = previewed(olga, HEAD + GOOD)
    assert olga.get(f"/cohortes/2/nomina/importar?archivo={mark}").status_code == 422
    kept = next(p for p in (app.config["INSTANCE"] / "files").rglob("*") if p.is_file())
    kept.write_bytes(kept.read_bytes().replace(b"maria@", b"marta@"))
    assert olga.send(f"{IMPORT}/confirmar", {"archivo": mark}).status_code == 422
    assert taking_part(app) == {"ana@example.org"}


# What a roster can not do --------------------------------------------------------------------------------------------

TAKEOVER = "Nombres;Apellidos;Correo;Rol;is_admin;user_id;cohort_id;password\n{};office;1;6;2;hola\n"


@pytest.mark.parametrize("email", ["olga@example.org", "OLGA@EXAMPLE.ORG", " olga@example.org ", "ｏlga@example.org",
                                   "оlga@example.org", "aldo@example.org", "ivan@example.org", "coral@example.org"])
def test_an_account_of_the_staff_is_not_touched_by_a_file(app, world, client_of, email):
    before = {name: roles(app, i) for name, i in world.people.items()}
    page, mark = previewed(client_of("olga"), TAKEOVER.format(f"Olga;Ibáñez;{email}"))
    assert "papel de trabajo" in text(page) and "Los papeles no se dan por planilla" in text(page)
    client_of("olga").send(f"{IMPORT}/confirmar", {"archivo": mark})
    assert {name: roles(app, i) for name, i in world.people.items()} == before
    assert taking_part(app) == {"ana@example.org"}


def test_a_column_of_roles_gives_none(app, world, client_of):
    imported(client_of("coral"), TAKEOVER.format("Eva;Vidal;eva@example.org"))
    with app.extensions["database"].reading() as s:
        eva = s.scalar(select(Person).where(Person.email == "eva@example.org"))
        assert eva.password_hash is None
        assert s.scalars(select(Enrolment.cohort_id).where(Enrolment.person_id == eva.id)).all() == [1]
    assert roles(app, eva.id) == ["student"]


def test_extra_fields_of_the_form_change_nothing(app, world, client_of):
    imported(client_of("coral"), HEAD + GOOD, role="office", is_admin="1", cohort_id="2", actor_id="6", batch_id="9")
    assert taking_part(app, 2) == {"beto@example.org"}
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(RosterBatch.author_id)) == world.people["coral"]


def test_a_formula_is_refused_and_none_leaves_with_the_roster(app, world, client_of):
    olga = client_of("olga")
    page, _mark = previewed(olga, HEAD + "=HYPERLINK(1);Soto;;a@example.org;;;\n+1;@SUM;;b@example.org;;;\n")
    assert text(page).count("signo que no es de un nombre") == 3
    with app.extensions["database"].transaction() as s:
        s.get(Institution, 4).name = "=cmd|'/c calc'!A1"
    cells = olga.get("/cohortes/1/nomina.csv").data.decode("utf-8-sig")
    assert "\"'=cmd" in cells
    assert read_sheet("x.csv", cells.encode()).rows[0].cells[2] == "=cmd|'/c calc'!A1"      # and comes back as it was


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{% 7*191 %}", "'><img src=x onerror=alert(1)>"])
def test_what_a_cell_says_is_shown_as_text(world, client_of, name):
    page, _mark = previewed(client_of("olga"),
                            f"{name}\tNombres\tApellidos\tCorreo\n{name}\t{name}\tVidal\ta@example.org\n")
    assert "<script>alert" not in text(page) and "<img src=x" not in text(page) and "1337" not in text(page)
    assert "signo que no es de un nombre" in text(page)


# One by one ----------------------------------------------------------------------------------------------------------

def test_someone_with_an_account_is_enrolled_by_their_address_alone(app, world, client_of):
    coral = client_of("coral")
    assert coral.send("/cohortes/1/nomina/inscribir", {"email": "BETO@example.org",
                                                       "institution": "0"}).status_code == 303
    assert taking_part(app) == {"ana@example.org", "beto@example.org"}
    coral.send("/cohortes/1/nomina/inscribir", {"email": "beto@example.org", "institution": "0"})
    assert count(app, Enrolment) == (3,)


def test_someone_new_is_invited(app, world, client_of):
    form = {"email": "eva@example.org", "given_names": "Eva", "surname1": "Vidal", "institution": "4",
            "office": "Concejala",
            "kind": "cl_run", "number": "7.654.321-6"}
    done = client_of("coral").send("/cohortes/1/nomina/inscribir", form)
    assert done.status_code == 303
    page = text(client_of("coral").get("/cohortes/1/nomina?q=vidal+eva"))
    assert "Vidal, Eva" in page and "Concejala" in page and "Pérez" not in page.partition("<main")[2]


@pytest.mark.parametrize("form, words", [
    ({"email": "nadie@example.org"}, "completar nombres"), ({"email": "olga@example.org"}, "Confirmarlo abajo"),
    ({"email": "no es"}, "completar nombres"),
    ({"email": "eva@example.org", "given_names": "Eva", "surname1": "Vidal", "kind": "cl_run",
      "number": "7.654.321-7"}, "sería 6"),
    ({"email": "eva@example.org", "given_names": "Eva", "surname1": "Vidal", "number": "7.654.321-6"},
     "Elegir el tipo"),
    ({"email": "eva@example.org", "given_names": "Eva", "surname1": "Vidal", "kind": "cl_run", "number": "12531909-2"},
     "ya registrado"),
    ({"email": "mal@", "given_names": "Eva", "surname1": "Vidal"}, "Correo")])
def test_who_can_not_be_enrolled_is_told_why(app, world, client_of, form, words):
    refused = client_of("olga").send("/cohortes/1/nomina/inscribir", {"institution": "0", **form})
    assert refused.status_code == 422 and words in text(refused)
    assert taking_part(app) == {"ana@example.org"}


def test_one_of_the_staff_is_enrolled_when_a_hand_confirms_it(app, world, client_of):
    client_of("olga").send("/cohortes/1/nomina/inscribir", {"email": "irma@example.org", "institution": "0",
                                                            "staff": "y"})
    assert taking_part(app) == {"ana@example.org", "irma@example.org"}
    assert roles(app, world.people["irma"]) == ["instructor", "student"]


def test_withdrawing_ends_the_post_and_taking_back_gives_it(app, world, client_of):
    coral, ana = client_of("coral"), world.people["ana"]
    assert coral.send("/cohortes/1/nomina/1/retiro", {"reason": ""}).status_code == 422
    assert coral.send("/cohortes/1/nomina/1/retiro", {"reason": "Dejó el cargo"}).status_code == 303
    assert taking_part(app) == set() and roles(app, ana) == []
    assert "Dejó el cargo" in text(coral.get("/cohortes/1/nomina?estado=retiradas"))
    assert "Ya estaba fuera" in text(coral.get("/cohortes/1/nomina/1/retiro"))
    assert client_of("ana").get("/cohortes/1/modulos").status_code in (403, 404)
    assert coral.send("/cohortes/1/nomina/1/reincorporacion").status_code == 303
    assert taking_part(app) == {"ana@example.org"} and roles(app, ana) == ["student"]
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(AuditLine.deed).where(AuditLine.subject == "enrolment:1")).all() == [
            "enrolment.withdrawn", "enrolment.resumed"]


def test_the_list_is_found_filtered_and_paged(app, world, client_of):
    with app.extensions["database"].transaction() as s:
        for n in range(120):
            person = Person(email=f"p{n}@example.org", given_names=f"Persona{n}", surname1=f"Ñuñez{n:03}",
                            created_at=world.now,
                            sort_key=f"nunez{n:03}", search_key=f"persona{n} nunez{n:03}")
            s.add(person)
            s.flush()
            s.add(Enrolment(cohort_id=1, person_id=person.id, institution_id=1 if n % 2 else None,
                            enrolled_at=world.now))
    olga = client_of("olga")
    first = text(olga.get("/cohortes/1/nomina"))
    assert "121 personas participan" in first and first.count("@example.org</span>") == 50 and "pagina=3" in first
    assert text(olga.get("/cohortes/1/nomina?pagina=3")).count("@example.org</span>") == 21
    assert text(olga.get("/cohortes/1/nomina?pagina=999")).count("@example.org</span>") == 21
    assert text(olga.get("/cohortes/1/nomina?q=NUNEZ119")).count("@example.org</span>") == 1
    assert "60 personas en esta lista" in text(olga.get("/cohortes/1/nomina?institucion=1"))
    assert "Nadie coincide" in text(olga.get("/cohortes/1/nomina?q=%25' or 1=1"))


# At the same moment --------------------------------------------------------------------------------------------------

def at_once(*deeds):
    """Run these in threads that start together; what each raised, or None."""
    barrier, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        barrier.wait()
        try:
            deed()
        except Exception as wrong:      # (whatever it was is what the test is about)
            results[place] = wrong
    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_enrol_the_same_person_make_one_enrolment(app, world):
    beto = world.people["beto"]

    def enrol():
        with app.extensions["database"].transaction() as s:
            actions.enrol(s, world.people["olga"], world.now, 1, beto, 4)
    assert at_once(*[enrol] * 6) == [None] * 6
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(func.count()).where(Enrolment.cohort_id == 1, Enrolment.person_id == beto)) == 1
        assert s.scalar(select(func.count()).where(PersonPost.person_id == beto, PersonPost.cohort_id == 1,
                                                   PersonPost.ended_at.is_(None))) == 1
        assert len(s.scalars(select(AuditLine).where(AuditLine.deed == "enrolment.created")).all()) == 1


def test_two_who_import_the_same_file_make_one_roster(app, world):
    content = (HEAD + GOOD + ANA).encode()

    def take_in():
        with app.extensions["database"].transaction() as s:
            cohort = queries.cohort(s, 1)
            batches.take_in(s, world.people["olga"], world.now, cohort, batches.read("n.csv", content, "CL"), "0" * 64, "http://x")
    assert at_once(*[take_in] * 4) == [None] * 4
    assert taking_part(app) == {"ana@example.org", "maria@example.org", "pedro@example.org"}
    assert count(app, RosterBatch, OutboxJob) == (1, 2)


def test_two_who_undo_the_same_import_undo_it_once(app, world):
    with app.extensions["database"].transaction() as s:
        sheet = batches.read("n.csv", (HEAD + GOOD).encode(), "CL")
        batch_id, _ = batches.take_in(s, None, world.now, queries.cohort(s, 1), sheet, "0" * 64, "http://x")
    ended = []

    def undo():
        with app.extensions["database"].transaction() as s:
            ended.append(batches.undo(s, None, world.now + timedelta(hours=1), 1, queries.batch(s, 1, batch_id)))
    assert at_once(undo, undo) == [None, None] and sorted(ended, key=str) == [2, None]


def test_a_row_that_someone_else_took_meanwhile_is_left_and_the_rest_is_kept(app, world, monkeypatch):
    """Judged new, but by the time it is written the address is taken: that row alone is refused."""
    content = (HEAD + GOOD).encode()
    with app.extensions["database"].transaction() as s:
        cohort, sheet = queries.cohort(s, 1), batches.read("n.csv", content, "CL")
        judged = batches.preview(s, cohort, sheet)
        s.add(Person(email="maria@example.org", given_names="Otra", surname1="Persona", created_at=world.now,
                     sort_key="p",
                     search_key="p"))
        s.flush()
        monkeypatch.setattr(batches, "preview", lambda *_: judged)
        batch_id, _ = batches.take_in(s, None, world.now, cohort, sheet, "0" * 64, "http://x")
        rows = queries.batch(s, 1, batch_id).rows
    assert [row["outcome"] for row in rows] == ["refused", "new"] and rows[0]["changed"]
    assert taking_part(app) == {"ana@example.org", "pedro@example.org"}


# The command ---------------------------------------------------------------------------------------------------------

def lms(app, *arguments):
    from lms.cohorts.commands import roster  # noqa: PLC0415
    return app.test_cli_runner().invoke(roster, [*map(str, arguments)])


def test_the_command_tells_and_takes_in(app, world, tmp_path):
    file = tmp_path / "nómina.csv"
    file.write_bytes((HEAD + GOOD + BAD).encode("cp1252"))
    dry = lms(app, "import", file, "--cohort", "cl-2027", "--dry-run", "--json")
    told = json.loads(dry.output)
    assert dry.exit_code == 1 and (told["counts"]["new"], told["counts"]["refused"], told["batch"]) == (2, 1, None)
    assert told["reading"] == "Windows-1252, separado por punto y coma"
    assert told["rows"][0]["name"] == "María Núñez Ibáñez"
    assert taking_part(app) == {"ana@example.org"}
    done = lms(app, "import", file, "--cohort", "CL-2027")
    assert done.exit_code == 1 and "2 se agrega, 1 no se importa" in done.output and "sería 2" in done.output
    assert taking_part(app) == {"ana@example.org", "maria@example.org", "pedro@example.org"}
    assert "Nada cambió." in lms(app, "import", file, "--cohort", "CL-2027").output


def test_the_command_says_what_it_can_not_do(app, world, tmp_path):
    file = tmp_path / "n.csv"
    file.write_text(HEAD + GOOD)
    assert "CL-2027" in lms(app, "import", file, "--cohort", "XX").output
    file.write_bytes(b"\x89PNG....")
    refused = lms(app, "import", file, "--cohort", "CL-2027", "--json")
    assert refused.exit_code == 1 and "imagen" in json.loads(refused.output)["error"]
    assert lms(app, "import", tmp_path / "no.csv", "--cohort", "CL-2027").exit_code == 2
