"""The gradebook as instructors and the office use it: who sees which grades, changing one, in and out as a spreadsheet."""

import io
import zipfile
from fractions import Fraction as F

import pytest
from lxml import html

from lms.foundation.spreadsheet import read
from lms.grading import queries as grading
from tests.crowd import gather
from tests.looking import statements
from tests.web.test_grading import desk  # noqa: F401

BOOK = "/cohortes/1/libro"


@pytest.fixture
def worked(desk, world):  # noqa: F811
    """Ana's quiz of G1 is marked; her task waits for a person."""
    desk.sit()
    desk.hand_in()
    return desk


def words(response):
    return " ".join(html.document_fromstring(response.get_data(as_text=True)).find(".//main").text_content().split())


def cells(response, row=0):
    page = html.document_fromstring(response.get_data(as_text=True))
    return [td.text_content().strip() for td in page.findall(".//tbody/tr")[row].findall("td")]


def recorded(app):
    with app.extensions["database"].reading() as session:
        return [(c.person_id, c.module, c.item, c.kind, c.share, c.reason) for c in grading.history(session, 1)]


def change(client, person=1, place="G1/task", **more):
    return client.send(f"{BOOK}/{person}/{place}", {"kind": "set", "grade": "5,5", "reason": "Corrección de suma", "seen": "0", **more})


def test_the_office_sees_every_module_and_an_instructor_of_one_module_only_that(worked, world, client_of):
    office = client_of("olga").get(BOOK)
    heads = [th.text_content() for th in html.document_fromstring(office.get_data(as_text=True)).findall(".//thead//th")]
    assert {"G1", "G2", "Final"} <= set(heads) and "Pérez Soto, Ana" in words(office)
    worked.also("beto", "instructor", 1, module="G1")
    narrow = client_of("beto").get(BOOK)
    heads = [th.text_content() for th in html.document_fromstring(narrow.get_data(as_text=True)).findall(".//thead//th")]
    assert heads == ["Participante", "G1"] and client_of("beto").get(f"{BOOK}?modulo=G2").status_code == 404


def test_a_module_shows_its_items_and_what_each_waits_for(worked, client_of):
    quiz, task, module = cells(client_of("ivan").get(f"{BOOK}?modulo=G1"))
    assert quiz[0].isdigit() and task == "por corregir" and module == "por corregir"


def test_both_scales_can_be_shown(worked, client_of):
    assert " · " in cells(client_of("ivan").get(f"{BOOK}?modulo=G1&escala=ambas"))[0]
    assert "," not in cells(client_of("ivan").get(f"{BOOK}?modulo=G1&escala=Argentina"))[0]


def test_people_are_found_by_name_and_by_what_is_pending(worked, client_of):
    assert "Nadie coincide" in words(client_of("olga").get(f"{BOOK}?buscar=zzz"))
    assert "Pérez Soto, Ana" in words(client_of("olga").get(f"{BOOK}?buscar=perez"))
    assert "Pérez Soto, Ana" in words(client_of("olga").get(f"{BOOK}?ver=pendientes"))
    assert "Nadie coincide" in words(client_of("olga").get(f"{BOOK}?ver=bajo"))


def test_a_name_is_shown_as_it_is_written_and_runs_nothing(worked, world, client_of, app):
    from lms.people.models import Person  # noqa: PLC0415
    with app.extensions["database"].transaction() as session:
        session.get(Person, world.people["ana"]).given_names = "<script>alert(1)</script>"
    page = client_of("olga").get(BOOK).get_data(as_text=True)
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_a_grade_recorded_by_hand_counts_is_marked_and_keeps_who_and_why(worked, world, client_of, app):
    ivan = client_of("ivan")
    assert change(ivan).status_code == 303
    assert recorded(app) == [(world.people["ana"], "G1", "task", "set", F(4, 5), "Corrección de suma")]
    shown = cells(ivan.get(f"{BOOK}?modulo=G1"))
    assert shown[1].startswith("5,5") and shown[1].endswith("*") and shown[2][0].isdigit()
    page = words(ivan.get(f"{BOOK}/1/G1/task"))
    assert "Corrección de suma" in page and "Iván Ledesma" in page


def test_a_change_needs_a_reason_and_a_grade_of_the_scale(worked, client_of, app):
    ivan = client_of("ivan")
    assert "Falta el motivo" in words(change(ivan, reason="")) and "Falta la nota" in words(change(ivan, grade=""))
    refused = change(ivan, grade="55")
    assert refused.status_code == 422 and "«55» no es una nota de 1,0 a 7,0" in words(refused) and recorded(app) == []


def test_who_changes_what_another_changed_meanwhile_is_told_and_nothing_is_lost(worked, client_of, app):
    change(client_of("olga"), grade="6,0")
    late = change(client_of("ivan"), grade="4,0", reason="Mi motivo largo")
    assert late.status_code == 409 and len(recorded(app)) == 1
    assert "Mi motivo largo" in late.get_data(as_text=True) and "otro cambio" in words(late) and "6,0" in words(late)
    page = html.document_fromstring(late.get_data(as_text=True))
    again = page.find(".//form[@method='post']//input[@name='seen']").get("value")
    assert change(client_of("ivan"), grade="4,0", seen=again).status_code == 303 and len(recorded(app)) == 2


def test_going_back_to_the_computed_grade_is_a_change_too(worked, client_of, app):
    ivan = client_of("ivan")
    change(ivan, place="G1/quiz", grade="1,0")
    before = recorded(app)
    page = html.document_fromstring(ivan.get(f"{BOOK}/1/G1/quiz").get_data(as_text=True))
    seen = page.find(".//form[@method='post']//input[@name='seen']").get("value")
    assert change(ivan, place="G1/quiz", kind="cleared", grade="", seen=seen).status_code == 303
    assert len(recorded(app)) == len(before) + 1 and not cells(ivan.get(f"{BOOK}?modulo=G1"))[0].startswith("1,0")


@pytest.mark.parametrize("who", ["ana", "irma", "nobody"])
def test_students_and_instructors_of_another_cohort_neither_see_nor_change(worked, client_of, who, app):
    client = client_of(who)
    assert client.get(BOOK).status_code in (303, 403, 404)
    assert change(client).status_code in (302, 303, 403, 404) and recorded(app) == []


def test_an_auditor_sees_and_does_not_change(worked, client_of, app):
    aldo = client_of("aldo")
    assert aldo.get(BOOK).status_code == 200 and "Registrar un cambio" not in words(aldo.get(f"{BOOK}/1/G1/task"))
    assert change(aldo).status_code == 403 and recorded(app) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_book_as_a_file_is_read_back_with_its_numbers(worked, client_of, kind):
    change(client_of("ivan"))
    response = client_of("olga").get(f"{BOOK}.{kind}")
    assert f"notas-cl-2027.{kind}" in response.headers["Content-Disposition"].lower() or kind in response.headers["Content-Disposition"]
    table = read(f"notas.{kind}", response.data)
    row = dict(zip(table.header, table.rows[0].cells, strict=True))
    assert row["Correo"] == "ana@example.org" and row["Participante"] == "Pérez Soto, Ana"
    assert row["G1 Tarea"].replace(".", ",") == "5,5" and row["G2 Tarea"] == "" and "G1 (Argentina)" in row


def test_a_csv_opens_in_excel_and_computes_nothing(worked, client_of, app, world):
    from lms.people.models import Person  # noqa: PLC0415
    with app.extensions["database"].transaction() as session:
        session.get(Person, world.people["ana"]).surname1 = "=1+1"
    raw = client_of("olga").get(f"{BOOK}.csv").data
    assert raw.startswith(b"\xef\xbb\xbf") and b'"\'=1+1' in raw and b'";"' in raw and raw.endswith(b"\r\n")


def test_an_ods_is_a_package_libreoffice_opens(worked, client_of):
    package = zipfile.ZipFile(io.BytesIO(client_of("olga").get(f"{BOOK}.ods").data))
    first = package.infolist()[0]
    assert first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED and package.testzip() is None


def send(client, content, name="notas.csv"):
    return client.send(f"{BOOK}/importar", {"file": (io.BytesIO(content), name)})


def test_a_spreadsheet_is_shown_before_it_counts_and_then_recorded_with_its_reason(worked, world, client_of, app):
    ivan = client_of("ivan")
    sent = send(ivan, b"Correo;G1 Tarea;G1 (Argentina)\nana@example.org;6,1;8\nnadie@example.org;5;\n")
    assert sent.status_code == 303
    page = ivan.get(sent.location)
    assert "1 nota cambia" in words(page) and "nadie@example.org" in words(page) and "No se toma" in words(page) and recorded(app) == []
    form = html.document_fromstring(page.get_data(as_text=True)).find(".//main//form[@method='post']")
    fields = {i.get("name"): i.get("value") for i in form.findall(".//input[@type='hidden']") if i.get("name") != "csrf_token"}
    assert "Falta el motivo" in words(ivan.send(f"{BOOK}/importar/confirmar", {**fields, "reason": ""}))
    assert ivan.send(f"{BOOK}/importar/confirmar", {**fields, "reason": "Notas del taller"}).status_code == 303
    assert [(r[2], r[3], r[5]) for r in recorded(app)] == [("task", "set", "Notas del taller")]
    again = ivan.send(f"{BOOK}/importar/confirmar", {**fields, "reason": "Otra vez"})
    assert again.status_code == 409 and "otro cambio" in words(again) and len(recorded(app)) == 1


def test_what_is_downloaded_and_sent_back_changes_nothing(worked, client_of):
    change(client_of("olga"))
    olga = client_of("olga")
    for kind in ("xlsx", "ods", "csv"):
        sent = send(olga, olga.get(f"{BOOK}.{kind}").data, f"notas.{kind}")
        assert "Nada cambia" in words(olga.get(sent.location)), kind


@pytest.mark.parametrize("content, said", [(b"", "vac"), (b"%PDF-1.4", "es un PDF"), (b"\x89PNG\r\n", "imagen")])
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(worked, client_of, content, said):
    refused = send(client_of("ivan"), content)
    assert refused.status_code == 422 and said in words(refused)


def test_a_file_of_another_cohort_is_not_taken(worked, client_of):
    ivan = client_of("ivan")
    sent = send(ivan, b"Correo;G1 Tarea\nana@example.org;6,1\n")
    assert ivan.get(sent.location.replace("/cohortes/1/", "/cohortes/2/")).status_code == 422


def test_the_statements_do_not_grow_with_the_students(app, world, client_of):
    counts = []
    for many in (5, 40):
        gather(app, world, many) if not counts else gather_more(app, world, many)
        olga = client_of("olga")
        olga.get(BOOK)
        with statements(app) as seen:
            assert olga.get(BOOK).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10, counts


def gather_more(app, world, many):
    """People who take part and have done nothing."""
    from lms.cohorts.models import Enrolment  # noqa: PLC0415
    from lms.people.models import Person  # noqa: PLC0415
    with app.extensions["database"].transaction() as session:
        for n in range(many):
            person = Person(email=f"m{n}@example.org", given_names="Más", surname1=f"Gente{n}", sort_key=f"gente{n:03}", search_key=f"gente{n}",
                            created_at=world.now)
            session.add(person)
            session.flush()
            session.add(Enrolment(cohort_id=1, person_id=person.id, enrolled_at=world.now))


def test_one_persons_line_can_be_asked_for_whatever_the_page_shows(worked, client_of):
    page = html.document_fromstring(client_of("olga").get(f"{BOOK}?ver=bajo&persona=1&modulo=G1").get_data(as_text=True))
    lines = page.findall(".//tbody/tr")
    assert [line.get("data-p") for line in lines] == ["1"] and page.find(".//tfoot//td").text == "–"
    assert client_of("olga").get(f"{BOOK}?persona=999").status_code == 404


def test_every_grade_links_to_how_it_was_calculated(worked, client_of):
    olga = client_of("olga")
    page = html.document_fromstring(olga.get(f"{BOOK}?detalle=si").get_data(as_text=True), base_url=f"http://localhost{BOOK}")
    page.make_links_absolute()
    links = [a.get("href") for a in page.findall(".//tbody//td/a")]
    assert f"http://localhost{BOOK}/1/G1/quiz" in links and f"http://localhost{BOOK}/1/G1" in links
    assert all(olga.get(link.removeprefix("http://localhost")).status_code == 200 for link in links)


def test_people_with_the_same_marks_have_links_of_their_own(app, world, client_of):
    people = gather(app, world, 6)
    olga = client_of("olga")
    for _ in range(2):                              # as drawn, and as remembered
        page = html.document_fromstring(olga.get(f"{BOOK}?detalle=si").get_data(as_text=True))
        lines = {int(line.get("data-p")): {a.get("href").split("/")[1] for a in line.findall(".//td/a")} for line in page.findall(".//tbody/tr")}
        assert len(lines) == 7 and all(found == {str(person)} for person, found in lines.items()) and people.id(0) in lines
