"""The whole story in both countries, in a real browser: from a roster file to a certificate a stranger verifies.

The office makes a cohort from a roster file in Chile and another in Argentina; a Chilean and an Argentine student take
their places by the link they were mailed, read, take the quiz and hand in; an instructor of the partner university grades
with the rubric; seminar and internship hours arrive through the hooks; *Qué me falta* empties; the office issues; a
stranger verifies; a copy with one byte changed is refused; the office revokes and the page says so.
"""

import re
from datetime import date
from fractions import Fraction

import pytest
from playwright.sync_api import Page, expect

from lms.credits.rules import Attended, Earned
from lms.foundation import outbox
from tests.programme import PROGRAMME, QUESTIONS

COUNTRIES = {
    "CL": {"code": "CL-2028", "zone": "America/Santiago", "email": "rosa@municipio.example.org", "given": "Rosa Elena", "surname": "Ñancupil",
           "row": "Rosa Elena;Ñancupil;Íñiguez;rosa@municipio.example.org;20.347.878-K;;Municipalidad de Puerto Aurora;Alcaldesa"},
    "AR": {"code": "AR-2028", "zone": "America/Argentina/Buenos_Aires", "email": "juan@municipio.example.org", "given": "Juan Martín", "surname": "Giménez",
           "row": "Juan Martín;Giménez;;juan@municipio.example.org;;20.123.457;Municipalidad de Colonia del Alba;Intendente"},
}
HEADER = "Nombres;Primer apellido;Segundo apellido;Correo;RUN;DNI;Municipalidad;Cargo"
WORD = "un puente sobre el cerro"


class Seminars:
    def attendance(self, cohort, since):
        for country in COUNTRIES.values():
            if country["code"] == cohort:
                yield Attended(f"s-{cohort}", country["email"], "Seminario AMUCH-FLACMA", Fraction(12), date(2027, 4, 10))


class Internships:
    def credits(self, cohort, since):
        for country in COUNTRIES.values():
            if country["code"] == cohort:
                yield Earned(f"p-{cohort}", country["email"], "Municipio anfitrión", Fraction(20), date(2027, 4, 12))


@pytest.fixture
def sources(app):
    app.extensions["sources"] = {"asistencia": ("lms.seminars", Seminars()), "pasantias": ("lms.internships", Internships())}


def post(app) -> str:
    """Deliver what is in the outbox and return the newest letter's text."""
    outbox.work(app)
    letters = sorted((app.config["INSTANCE"] / "mail").glob("*.eml"))
    return "\n".join(letter.read_bytes().decode("utf-8", "replace").replace("=\n", "").replace("=3D", "=") for letter in letters)


def link_to(app, email: str) -> str:
    found = [part for part in post(app).split("From: ") if f"To: {email}" in part]
    return re.search(r"/enlace/[\w-]+", found[-1])[0]


def make_cohort(office: Page, country: dict, tmp_path) -> int:
    office.goto("/cohortes/nueva")
    office.get_by_label("Código").fill(country["code"])
    office.get_by_label("Nombre").fill(f"Cohorte {country['code']}")
    office.get_by_label("País").select_option(country["code"][:2])
    office.get_by_label("Hora oficial").select_option(country["zone"])
    office.get_by_label("Comienza").fill("2027-04-05")
    office.get_by_label("Termina").fill("2027-11-27")
    office.get_by_role("button", name="Crear cohorte").click()
    cohort_id = int(re.search(r"/cohortes/(\d+)/", office.url)[1])
    office.goto(f"/cohortes/{cohort_id}/datos")
    for i, institution in enumerate(("1", "2")):                  # the school, then the partner university
        office.locator("select[name^=partners]").nth(i).select_option(institution)
    office.get_by_role("button", name="Guardar instituciones").click()
    for i, (name, role, body) in enumerate([("Rosa Firmante", "Directora", "Escuela de Gobierno Local"),
                                            ("Raúl Firmante", "Rector", "Universidad Nacional de Quilmes")]):
        office.locator(f"[name=signatories-{i}-name]").fill(name)
        office.locator(f"[name=signatories-{i}-office]").fill(role)
        office.locator(f"[name=signatories-{i}-institution]").fill(body)
    office.get_by_role("button", name="Guardar firmantes").click()
    roster = tmp_path / f"{country['code']}.csv"
    roster.write_bytes(f"{HEADER}\r\n{country['row']}\r\n".encode("cp1252"))       # as a municipal spreadsheet saves it
    office.goto(f"/cohortes/{cohort_id}/nomina/importar")
    office.locator("input[type=file]").set_input_files(roster)
    office.get_by_role("button", name="Revisar antes de importar").click()
    expect(office.get_by_text("Todavía no se ha guardado nada")).to_be_visible()
    expect(office.get_by_text("Windows-1252")).to_be_visible()
    office.goto(office.url + "&ver=todas")
    expect(office.get_by_text(f"{country['surname']}", exact=False).first).to_be_visible()
    office.get_by_role("button", name="Importar 1 fila").click()
    expect(office.get_by_text(re.compile("1 fila importada", re.I)).first).to_be_visible()
    return cohort_id


def appoint(office: Page, world, cohort_id: int) -> None:
    """Iván marks this cohort for the Universidad Nacional de Quilmes."""
    office.goto(f"/personas/{world.people['ivan']}")
    office.locator("details:has(select[name=role]) > summary").click()
    office.locator("select[name=role]").select_option("instructor")
    office.locator("select[name=cohort]").select_option(str(cohort_id))
    office.locator("select[name=institution]").select_option("2")
    office.get_by_role("button", name="Dar este papel").click()
    expect(office.locator(".told")).to_be_visible()


def arrive(student: Page, app, country: dict) -> None:
    student.goto(link_to(app, country["email"]))
    for box in student.locator("input[type=password]").all():
        box.fill(WORD)
    student.get_by_role("button", name="Guardar e ingresar").click()
    student.wait_for_url("**/inicio")


def sign_in(student: Page, email: str) -> None:
    student.goto("/inicio")
    student.get_by_label("Correo electrónico").fill(email)
    student.get_by_label("Contraseña").fill(WORD)
    student.get_by_role("button", name="Ingresar").click()
    student.wait_for_url("**/inicio")


def read(student: Page, module: str) -> None:
    student.locator("a.btn-main").first.click()                 # the one next action leads into the lesson
    for _ in range(2):
        student.get_by_role("button", name="Marcar como leída").click()
    assert f"/modulos/{module}" in student.url


ANSWERS = {
    "anio": lambda q: q.get_by_label("2005").check(),
    "principios": lambda q: [q.get_by_label(text).check() for text in ("Apropiación", "Alineación")],
    "paba": lambda q: q.get_by_label("Verdadero").check(),
    "sedes": lambda q: [q.locator("select").nth(i).select_option(label=re.compile(place) and option(q, i, place)) for i, place in
                        enumerate(("Barcelona", "Granada", "Montevideo"))],
    "meta": lambda q: q.locator("input.input").fill("0,7"),
    "registro": lambda q: q.locator("input.input").fill("subdere"),
    "orden": lambda q: order(q),
    "ensayo": lambda q: q.locator("textarea").fill("Es la que hacen entre sí los gobiernos locales, con lo que cada uno sabe."),
}


def option(q, i: int, text: str) -> str:
    return q.locator("select").nth(i).locator("option", has_text=text).first.inner_text()


def order(q) -> None:
    right = ["Roma", "París", "Accra", "Busan"]
    for i in range(4):
        label = q.locator("select").nth(i)
        name = label.evaluate("e => (e.labels && e.labels[0] ? e.labels[0].textContent : e.getAttribute('aria-label')) || ''")
        place = next(n for n, word in enumerate(right, 1) if word in name)
        label.select_option(str(place))


def take_quiz(student: Page, cohort_id: int, module: str) -> None:
    student.goto(f"/cohortes/{cohort_id}/modulos/{module}/control")
    student.get_by_role("button", name="Empezar el intento 1").click()
    while True:
        for question in student.locator("section.ask").all():
            ANSWERS[question.get_attribute("data-question")](question)
        expect(student.locator(".saved")).to_contain_text(re.compile("Guardado"), timeout=10_000)
        go_on = student.locator("form#hoja .onward .btn-main")
        last, first = "entregar" in go_on.inner_text(), student.locator("section.ask").first.get_attribute("data-number")
        go_on.click()
        if last:
            break
        expect(student.locator("section.ask").first).not_to_have_attribute("data-number", first)
    student.wait_for_url("**/entrega")
    student.get_by_role("button", name=re.compile("^Entregar")).click()
    student.wait_for_url("**/revision")


def hand_in(student: Page, cohort_id: int, module: str, tmp_path) -> None:
    student.goto(f"/cohortes/{cohort_id}/modulos/{module}/tarea")
    student.locator("textarea").fill(f"Ficha de {module}: tres municipios comparten una planta de reciclaje.")
    paper = tmp_path / "ficha.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    student.locator("input[type=file]").set_input_files(paper)
    student.get_by_role("button", name="Entregar la versión 1").click()
    expect(student.get_by_role("link", name="ficha.pdf")).to_be_visible()
    expect(student.get_by_text(re.compile("[0-9a-f]{16}")).first).to_be_visible()      # the receipt's hash


def mark_everything(teacher: Page) -> None:
    """From the queue, one after the other, until nothing waits."""
    for _ in range(12):
        teacher.goto("/por-corregir")
        if not teacher.get_by_role("link", name=re.compile("Corregir la siguiente")).count():
            break
        teacher.get_by_role("link", name=re.compile("Corregir la siguiente")).click()
        for criterion in teacher.locator("fieldset.crit").all():
            criterion.locator("input[type=radio]").nth(2).check()
        points = teacher.locator("input[name=given]")
        if points.count():
            points.fill("2,5")
        teacher.locator("textarea[name=feedback]").fill("Buen trabajo. **Falta** precisar el presupuesto.")
        teacher.get_by_role("button", name="Guardar", exact=True).click()
        expect(teacher.locator(".told")).to_be_visible()
    teacher.goto("/por-corregir")
    expect(teacher.get_by_role("link", name=re.compile("Corregir la siguiente"))).to_have_count(0)


def publish(office: Page, cohort_id: int) -> None:
    for _ in range(8):
        office.goto(f"/cohortes/{cohort_id}/publicar")
        waiting = office.locator("main a[href*='/publicar/']")
        if not waiting.count():
            return
        waiting.first.click()
        office.locator("main form.row button").click()
        expect(office.locator(".told")).to_be_visible()


def confirm_name(student: Page) -> None:
    student.goto("/cuenta/nombre-certificado")
    student.get_by_role("button", name="Ver cómo se imprime").click()
    student.get_by_role("button", name="Confirmar este nombre").click()


def missing(student: Page, cohort_id: int) -> str:
    student.goto(f"/cohortes/{cohort_id}/que-me-falta")
    return student.locator("main").inner_text()


def test_the_whole_story(app, world, browse, sources, tmp_path):
    office = browse("olga").new_page()
    cohorts = {key: make_cohort(office, country, tmp_path) for key, country in COUNTRIES.items()}
    students = {}
    for key, country in COUNTRIES.items():
        appoint(office, world, cohorts[key])
        students[key] = browse("nobody").new_page()
        arrive(students[key], app, country)
    for key, student in students.items():
        read(student, "G1")
        take_quiz(student, cohorts[key], "G1")
        hand_in(student, cohorts[key], "G1", tmp_path)
        student.goto(f"/cohortes/{cohorts[key]}/modulos/G2")
        expect(student.get_by_text("26 de abril").first).to_be_visible()               # closed, and says until when
    world.later(days=8)
    for key, student in students.items():
        sign_in(student, COUNTRIES[key]["email"])                                      # a week later: the session has ended
        read(student, "G2")
        take_quiz(student, cohorts[key], "G2")
        hand_in(student, cohorts[key], "G2", tmp_path)
        assert "corrección" in missing(student, cohorts[key])
    mark_everything(browse("ivan").new_page())
    for key, student in students.items():
        assert "publique" in missing(student, cohorts[key])                            # marked, and not yet shown
        publish(office, cohorts[key])
        office.goto(f"/cohortes/{cohorts[key]}/creditos")
        office.get_by_role("button", name="Consultar las fuentes").click()
        assert "Confirmar el nombre" in missing(student, cohorts[key])
        confirm_name(student)
        assert "Nada" in missing(student, cohorts[key])
        student.goto(f"/cohortes/{cohorts[key]}/notas")
        assert "Chile" in student.locator("main").inner_text() and "Argentina" in student.locator("main").inner_text()
    for key, student in students.items():
        office.goto(f"/cohortes/{cohorts[key]}/certificados/emitir")
        office.get_by_role("button", name="Emitir 1 certificado").click()
        outbox.work(app)                                                               # what `lms work` does meanwhile
        expect(office.get_by_text("1 emitido")).to_be_visible()
        verify_and_revoke(office, student, browse("nobody").new_page(), cohorts[key], COUNTRIES[key], tmp_path)


def verify_and_revoke(office: Page, student: Page, stranger: Page, cohort_id: int, country: dict, tmp_path) -> None:
    student.goto("/mis-certificados")
    with student.expect_download() as download:
        student.locator("a[href$='.pdf']").first.click()
    paper = tmp_path / f"{country['code']}.pdf"
    download.value.save_as(paper)
    folio = re.search(r"EGL-\d{4}-\d{6}-\d{2}", student.locator("main").inner_text())[0]
    stranger.goto("/verificar")
    stranger.locator("input[type=file]").set_input_files(paper)
    stranger.locator("form[action$='archivo'] button").click()
    expect(stranger.locator(".cert")).to_contain_text(country["given"])
    expect(stranger.locator(".cert")).to_contain_text(folio)
    expect(stranger.get_by_text(re.compile("vigente", re.I)).first).to_be_visible()
    assert "5,8" not in stranger.locator("main").inner_text()                          # never the grade
    forged = bytearray(paper.read_bytes())
    forged[len(forged) // 2] ^= 1
    copy = tmp_path / "copia.pdf"
    copy.write_bytes(bytes(forged))
    stranger.goto("/verificar")
    stranger.locator("input[type=file]").set_input_files(copy)
    stranger.locator("form[action$='archivo'] button").click()
    expect(stranger.get_by_text(re.compile("alterad", re.I)).first).to_be_visible()
    office.goto(f"/cohortes/{cohort_id}/certificados?ver=vigentes")
    office.get_by_role("link", name=re.compile("^Anular")).first.click()
    office.locator("main [name=reason]").fill("Emitido para la prueba de punta a punta")
    office.get_by_role("button", name="Anular el certificado").click()
    stranger.goto("/verificar")
    stranger.locator("input[type=file]").set_input_files(paper)
    stranger.locator("form[action$='archivo'] button").click()
    expect(stranger.get_by_text(re.compile("anulado", re.I)).first).to_be_visible()


def test_the_story_uses_every_question_kind():
    asked = {q.kind for module in PROGRAMME.modules for q in module.quiz.questions}
    assert asked == {"single", "multiple", "truefalse", "matching", "numerical", "short", "ordering", "essay"}
    assert set(ANSWERS) >= {q.id for q in QUESTIONS}
