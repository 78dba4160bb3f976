"""A seminar from its announcement to the certificate of attendance, as the people do it who have to do with it.

Olga announces; Joana, who has no account and reads Portuguese, registers on her phone; Ana, who studies here, by one
click; Tomás waits for a place until Mario leaves his. At the door two phones, while the network goes and comes back; the
session online is counted from the platform's report. Then hours go into the ledger and papers to whoever attended.
"""

import email
import io
import re
from datetime import UTC, datetime
from email.policy import default

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from lms.foundation import outbox
from lms.foundation.language import load
from tests.browser.acting import follow, press
from tests.browser.live import faults, nothing

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "timezone_id": "America/Santiago"}
TITLE, TITULO = "Seguridad pública y tránsito: lo que puede el municipio", "Segurança pública e trânsito: o que o município pode"
SLUG = "seguridad-y-transito-2027"
DOOR, NIGHT = "Mesas de seguridad", "Tránsito en la ciudad"        # the sessions at the venue
LINE, LINHA = "Educación vial desde el municipio", "Educação para o trânsito desde o município"     # the session online
PT = load("pt").gettext
SENT = "Todo enviado"

REPORT = """1. Resumen
Título de la reunión\tEducación vial – sesión 3
Participantes asistentes\t2
Participantes no comprobados\t1
Hora de inicio\t5/13/27, 9:50:00 AM
Hora de finalización\t5/13/27, 11:35:14 AM
Duración de la reunión\t1 h 45 min 14s
Tiempo medio de asistencia\t1 h 17 min 46s

2. Participantes
Nombre\tPrimera entrada\tÚltima salida\tDuración de la reunión\tCorreo electrónico\tId. de participante (UPN)\tRol
Joana Ferraz (Externo)\t5/13/27, 9:58:00 AM\t5/13/27, 10:40:00 AM\t42 min 0s\tjoana@prefeitura.example.org\tjoana@prefeitura.example.org\tModerador
iPhone de la concejala (No comprobado)\t5/13/27, 9:57:00 AM\t5/13/27, 11:31:00 AM\t1 h 24 min 0s\t\t\tModerador

3. Actividades durante la reunión
Nombre\tHora de entrada\tHora de salida\tDuración\tCorreo electrónico\tRol
Joana Ferraz (Externo)\t5/13/27, 9:58:00 AM\t5/13/27, 10:40:00 AM\t42 min 0s\tjoana@prefeitura.example.org\tModerador
iPhone de la concejala (No comprobado)\t5/13/27, 9:57:00 AM\t5/13/27, 10:40:00 AM\t43 min 0s\t\tModerador
iPhone de la concejala (No comprobado)\t5/13/27, 10:50:00 AM\t5/13/27, 11:31:00 AM\t41 min 0s\t\tModerador
""".replace("\n", "\r\n")


def at(day, clock):
    """In May, by the clock of Chile."""
    hour, minute, *second = map(int, clock.split(":"))
    return datetime(2027, 5, day, hour + 4, minute, *second, tzinfo=UTC)


@pytest.fixture
def person(app, world, site, browse):
    """person("ana"): her page. What its console complains of fails the test, but for refusals and a network that is gone."""
    app.config["CLOCK"] = lambda: world.now                 # minutes to the second
    wrong = []

    def opened(name, **options):
        page = browse(name, **options).new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url} {error}"))
        page.on("console", lambda line: line.type in ("error", "warning") and not re.search(
            "net::ERR_|a status of 422", line.text) and wrong.append(f"{page.url} console: {line.text}"))
        return page
    yield opened
    nothing(wrong)


def look(page):
    """As it is on a phone: nobody is shut out, nothing is wider than the screen."""
    size = page.viewport_size
    page.set_viewport_size(PHONE["viewport"])
    nothing(faults(page))
    page.set_viewport_size(size)


def write(page, answers, within="main"):
    """Each field found by its label, as who reads the page does."""
    for label, value in answers.items():
        field = page.locator(within).get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s*\(.*\))?\s*$"))
        if isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def says(page, *words):
    for some in words:
        expect(page.locator("main")).to_contain_text(some)


def letters(app, to):
    """What was mailed to an address so far, the newest last."""
    outbox.work(app)
    found = [email.message_from_bytes(path.read_bytes(), policy=default)
             for path in sorted((app.config["INSTANCE"] / "mail").glob("*.eml"))]
    return [letter for letter in found if letter["To"] == to]


def text(letter):
    return letter.get_body(("plain",)).get_content()


def link(letter, room="seminarios/inscripcion"):
    return re.search(rf"http://localhost(/{room}/\S+)", text(letter))[1]


def announce(office):
    """Olga: what it is, three sessions, who speaks, for how many, what is asked, what it is worth; and published."""
    office.goto("/inicio")
    office.get_by_role("link", name="Seminarios", exact=True).first.click()
    follow(office, "Crear seminario")
    office.get_by_text("Presentación en portugués e inglés").click()
    write(office, {
        "Título": TITLE, "Título en portugués": TITULO, "Dirección": SLUG, "Tema": "seguridad", "Modalidad": "both",
        "Presentación": "Dos días con municipios de **cinco países**.",
        "Presentación en portugués": "Dois dias com municípios de **cinco países**.", "Organizan": "Asociación de Municipalidades de Chile\nFLACMA",
        "Hora oficial": "America/Santiago", "País": "CL", "Ciudad": "Pucón", "Recinto": "Gimnasio municipal",
        "Dirección del recinto": "Calle de Prueba 123", "Cómo llegar y acceso": "Entrada sin escalones por el costado.",
        "Enlace a la videoconferencia": "https://reunion.example.org/pucon"})
    press(office, "Guardar")
    look(office)
    for title, pt, day, starts, ends, mode in (
            (DOOR, "", "12", "10:00", "11:30", "venue"), (NIGHT, "", "12", "12:00", "13:30", "venue"), (LINE, LINHA, "13", "10:00", "11:30", "online")):
        follow(office, "Agregar sesión")
        write(office, {"Título": title, "Título en portugués": pt, "Día": f"2027-05-{day}", "Comienza": starts, "Termina": ends, "Modalidad": mode})
        press(office, "Guardar sesión")
    follow(office, "Agregar persona")
    write(office, {"Nombre": "Rosario Vidal Prado", "Cargo": "Alcaldesa", "Institución": "Municipalidad de Peumo Alto", "País": "CL"})
    office.get_by_label("Sesión").select_option(label=DOOR)
    press(office, "Guardar")
    follow(office, "Cambiar cupos")
    write(office, {"Participante del diplomado": True, "Público general": True, "Cupos Público general": "2"})
    look(office)
    press(office, "Guardar cupos")
    ask(office)
    credit(office)
    press(office, "Publicar")
    says(office, "Anunciado", "Rosario Vidal Prado", LINE)


def ask(office):
    """One question, and one that hangs on its answer."""
    follow(office, "Preguntas al inscribirse")
    follow(office, "Agregar una pregunta")
    write(office, {"Pregunta, en español": "¿Viaja desde otra ciudad?", "En portugués": "Vem de outra cidade?",
                   "Tipo de respuesta": "yes", "Hay que responderla": True})
    press(office, "Guardar")
    follow(office, "Agregar una pregunta")
    write(office, {"Pregunta, en español": "¿Desde cuál?", "En portugués": "De qual?", "Hay que responderla": True})
    office.get_by_label("¿Viaja desde otra ciudad?: Sí").check()
    look(office)
    press(office, "Guardar")
    says(office, "solo si «¿Viaja desde otra ciudad?» es Sí")
    follow(office, TITLE)


def credit(office):
    follow(office, "Minutos y horas")
    follow(office, "Regla de horas")
    tier = office.get_by_role("group", name="Tramo 1")
    for label, value in (("Porcentaje de los minutos", "75"), ("Sesiones", "2"), ("Horas", "8")):
        tier.get_by_label(label).fill(value)
    look(office)
    press(office, "Guardar la regla")
    says(office, "Con al menos 75 % de los minutos en 2 sesiones: 8 h.")
    follow(office, TITLE)


def register_in_portuguese(app, page):
    """Joana: from the agenda to her ticket, on a phone, in her language. Returns the link of her registration."""
    page.goto("/seminarios/agenda")
    look(page)
    follow(page, TITULO)
    expect(page.locator("html")).to_have_attribute("lang", "pt")
    says(page, TITULO, "quarta-feira", "Dois dias com municípios", "Rosario Vidal Prado", "10:00–11:30 Chile", LINHA)
    look(page)
    follow(page, PT("Inscribirse"))
    which = page.get_by_label("De qual?")
    expect(which).to_be_hidden()
    fill_in(page, PT, "Joana", "Ferraz", "joana@prefeitura.example.org", "BR")
    page.get_by_role("group", name="Vem de outra cidade?").get_by_label("Sim").check()
    expect(which).to_be_visible()
    look(page)
    press(page, PT("Enviar la inscripción"))
    says(page, "De qual?: " + PT("Falta responder."))
    which.fill("Serra Clara")
    press(page, PT("Enviar la inscripción"))
    look(page)
    [letter] = letters(app, "joana@prefeitura.example.org")
    assert letter["Subject"] == f"{PT('Inscripción confirmada')}: {TITULO}"
    assert "quarta-feira 12 de maio de 2027, 10:00 h" in text(letter) and "https://reunion.example.org/pucon" in text(letter)
    assert [part.get_content_type() for part in letter.iter_attachments()] == ["text/calendar"]
    page.goto(link(letter))
    look(page)
    assert scanned(page, PT).endswith(link(letter, "seminarios/entrada"))
    return link(letter)


def fill_in(page, words, given, surname, address, country):
    write(page, {words("Nombres"): given, words("Primer apellido"): surname, words("Correo electrónico"): address,
                 words("País"): country})


def scanned(page, words=str):
    """What a scanner at the door reads on the phone of who shows their ticket."""
    follow(page, words("Ver la entrada"))
    look(page)
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot(full_page=True))))
    return code.text


def register(app, page, given, surname, address):
    """In Spanish; returns the newest letter."""
    page.goto(f"/seminarios/{SLUG}")
    follow(page, "Inscribirse")
    fill_in(page, str, given, surname, address, "CL")
    page.get_by_role("group", name="¿Viaja desde otra ciudad?").get_by_label("No").check()
    press(page, "Enviar la inscripción")
    return letters(app, address)[-1]


def one_click(ana):
    """Ana: her name is known; the questions can be answered now or later."""
    ana.goto("/seminarios/agenda")
    follow(ana, TITLE)
    follow(ana, "Inscribirse")
    press(ana, "Inscribirme con un clic")
    says(ana, "Ana Pérez Soto", "Inscripción confirmada", "Faltan respuestas")
    look(ana)
    follow(ana, "Responder")
    ana.get_by_role("group", name="¿Viaja desde otra ciudad?").get_by_label("No").check()
    press(ana, re.compile("^Guardar"))
    return scanned(ana)


def wait_and_get_a_place(app, mario, tomas):
    """Mario takes the last place; Tomás waits until Mario leaves his."""
    first = register(app, mario, "Mario", "Castro", "mario@example.org")
    letter = register(app, tomas, "Tomás", "Rey", "tomas@example.org")
    assert letter["Subject"] == f"En lista de espera: {TITLE}"
    tomas.goto(link(letter))
    says(tomas, "Su lugar en la lista: 1.")
    look(tomas)
    mario.goto(link(first))
    press(mario, "Anular mi inscripción")
    says(mario, "Inscripción anulada")
    look(mario)
    letter = letters(app, "tomas@example.org")[-1]
    assert letter["Subject"] == f"Hay un cupo para usted: {TITLE}"
    tomas.goto(link(letter))
    look(tomas)
    press(tomas, "Aceptar el cupo")
    says(tomas, "Inscripción confirmada")
    return scanned(tomas)


def open_doors(office, phones):
    """Olga opens a link for each phone."""
    for phone, name in zip(phones, ("Acceso norte", "Acceso sur"), strict=True):
        office.goto("/seminarios")
        follow(office, TITLE)
        follow(office, "Presencia")
        if not office.get_by_label("Nombre").is_visible():
            office.get_by_text("Abrir un equipo").click()
        write(office, {"Nombre": name, "Horas que vale el enlace": "12"})
        press(office, "Abrir el equipo")
        look(office)
        phone.goto(office.get_by_label("Enlace", exact=True).input_value().removeprefix("http://localhost"))
        expect(phone.locator("p[data-listed]")).to_contain_text("Lista de 3 personas")
        phone.wait_for_function("caches.open('door').then(kept => kept.match(location.pathname)).then(Boolean)")
        look(phone)


class Phones:
    """Two phones whose clocks go with the world's."""

    def __init__(self, world, north, south):
        self.world, self.north, self.south = world, north, south

    def mark(self, phone, clock, person, way="Entrada", kept=SENT):
        """A ticket is read; the phone says whose it is, and whether the mark has been sent."""
        self.world.now = at(12, clock)
        for one in (self.north, self.south):
            one.clock.set_system_time(self.world.now)
        name, ticket = person
        phone.get_by_label(way, exact=True).check()
        phone.get_by_label("Código de la entrada").fill(ticket)
        phone.keyboard.press("Enter")
        expect(phone.locator("[data-result]")).to_contain_text(re.compile(rf"{name}.*\b{clock[:5]}", re.DOTALL))
        expect(phone.locator("[data-state]")).to_have_text(kept, timeout=15000)


def at_the_door(site, phones, joana, ana, tomas):
    """The first day. While the network is down the south door goes on alone, and its page is even closed and opened."""
    north, south, mark = phones.north, phones.south, phones.mark
    mark(north, "09:55", joana)
    mark(north, "10:02", ana)
    site.stop()
    mark(south, "10:05", tomas, kept="1 marca en este equipo, sin enviar")
    mark(south, "10:35:30", tomas, "Salida", "2 marcas en este equipo, sin enviar")
    south.reload()
    mark(south, "10:40:30", ana, "Salida", "3 marcas en este equipo, sin enviar")       # and back after ten minutes
    mark(south, "10:50", ana, kept="4 marcas en este equipo, sin enviar")
    site.start()
    south.evaluate("dispatchEvent(new Event('online'))")
    expect(south.locator("[data-state]")).to_have_text(SENT, timeout=15000)
    mark(north, "11:30:30", ana, "Salida")
    mark(north, "11:40", joana, "Salida")
    mark(north, "11:58", joana)
    mark(south, "11:59", ana)
    mark(south, "12:30:30", ana, "Salida")
    mark(north, "13:31", joana, "Salida")
    for phone in (north, south):
        look(phone)


def bring_in(office, tmp_path):
    """What the platform says of the session online: one is known by her address, of another Olga has to say who she is."""
    file = tmp_path / "Informe de asistencia.csv"
    file.write_bytes(b"\xff\xfe" + REPORT.encode("utf-16-le"))
    office.goto("/seminarios")
    follow(office, TITLE)
    follow(office, f"Informes {LINE}")
    office.get_by_label("Informe de asistencia").set_input_files(file)
    press(office, "Revisar el informe")
    says(office, "Microsoft Teams", "Todavía no cuenta nada de este informe", "Ferraz, Joana", "40 min")
    unknown = office.get_by_role("group", name=re.compile("iPhone de la concejala"))
    expect(unknown).to_contain_text("80 min")
    unknown.get_by_label("Es otra persona inscrita").check()
    unknown.get_by_label("Su nombre o correo").fill("ana@example.org")
    look(office)
    press(office, re.compile("^Importar la asistencia"))
    says(office, "Informe importado", "3 datos de asistencia nuevos")
    look(office)
    follow(office, "Informes")
    office.get_by_label("Informe de asistencia").set_input_files(file)
    press(office, "Revisar el informe")
    says(office, "ya se había subido")                                      # twice changes nothing


def minutes_of_joana(page, own):
    """What she was counted is on her own link, and the survey is a minute."""
    page.goto(own)
    follow(page, PT("Ver sus minutos y las horas que gana"))
    rows = page.locator("main li")
    for title, minutes in ((DOOR, (90, 90)), (NIGHT, (90, 90)), (LINHA, (40, 90))):
        expect(rows.filter(has_text=title)).to_contain_text(PT("%(n)d de %(all)d min") % dict(zip(("n", "all"), minutes, strict=True)))
    says(page, PT("Gana %(h)s horas.") % {"h": 8}, "220")
    look(page)


def own_minutes(ana):
    """In and out of the first session; the second too short; the third as the office recognised her telephone."""
    follow(ana, "Ver sus minutos y las horas que gana")
    rows = ana.locator("main li")
    for title, minutes in ((DOOR, "78 de 90 min"), (NIGHT, "30 de 90 min"), (LINE, "80 de 90 min")):
        expect(rows.filter(has_text=title)).to_contain_text(minutes)
    says(ana, "Gana 8 horas.")
    look(ana)


def survey(page, words=str):
    follow(page, words("Responder la encuesta, un minuto"))
    look(page)
    for question in page.locator("main form fieldset").all():
        question.get_by_label(words("De acuerdo"), exact=True).check()
    press(page, words("Enviar"))
    says(page, words("Gracias por responder."))


def attendance_missing(ana):
    """The hours of seminars her verdict still asks for."""
    ana.goto("/cohortes/1/que-me-falta")
    look(ana)
    return int(re.search(r"(\d+) h más de seminario", ana.locator("main").inner_text())[1])


def to_the_ledger(app, office):
    office.goto("/seminarios")
    follow(office, TITLE)
    follow(office, "Minutos y horas")
    says(office, "Ganan horas: 2 de 3.")
    look(office)
    press(office, "Llevar al libro de créditos")
    outbox.work(app)


def sign_and_issue(app, office):
    """The office says who signs for the School, and issues to whoever attended enough: a batch, done by the worker."""
    office.goto("/seminarios")
    follow(office, TITLE)
    follow(office, "Certificados de asistencia")
    follow(office, "Firmantes de la Escuela")
    write(office, {"Nombre": "Rosa Firmante Uno", "Cargo": "Directora", "Institución": "Escuela de Gobierno Local"})
    press(office, "Agregar firmante")
    office.goto("/seminarios")
    follow(office, TITLE)
    follow(office, "Certificados de asistencia")
    says(office, "2 personas esperan el suyo", "Sin asistencia suficiente")
    look(office)
    press(office, "Emitir 2 certificados")
    outbox.work(app)
    expect(office.get_by_text("2 emitidos, 0 sin emitir")).to_be_visible(timeout=15000)
    look(office)
    follow(office, "Ir a la lista")
    look(office)


def own_certificate(ana):
    ana.goto("/mis-certificados")
    says(ana, TITLE)
    with ana.expect_download() as download:
        ana.locator("main a[href$='.pdf']").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def opinions(office):
    """Three have answered: now the office sees what, and never who."""
    office.goto("/seminarios")
    follow(office, TITLE)
    follow(office, "Encuesta")
    says(office, "Respuestas: 3.", "4,0 de 5")
    look(office)


def verified(page, letter, tmp_path):
    """Who has no account has the paper in her mail; whoever she shows it to asks the register."""
    [paper] = letter.iter_attachments()
    assert paper.get_content_type() == "application/pdf"
    content = paper.get_content()
    printed = " ".join(PdfDocument(content)[0].get_textpage().get_text_bounded().split())
    assert "Joana Ferraz" in printed and "8 horas" in printed
    page.goto(link(letter, "v"))
    says(page, PT("Certificado vigente"), "Joana Ferraz", TITULO)
    look(page)
    file = tmp_path / paper.get_filename()
    file.write_bytes(content)
    page.goto("/verificar")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form[action$='archivo'] button").click()
    says(page, PT("Certificado vigente"), "Joana Ferraz")


def test_from_announcement_to_certificate(app, world, site, person, signed_in, tmp_path):
    office, joana, mario, tomas, ana = (person(who, **more) for who, more in (
        ("olga", {}), ("nobody", {**PHONE, "locale": "pt-BR"}), ("nobody", PHONE), ("nobody", PHONE), ("ana", PHONE)))
    announce(office)
    own, for_ana, for_tomas = register_in_portuguese(app, joana), one_click(ana), wait_and_get_a_place(app, mario, tomas)

    phones = Phones(world, person("nobody", **PHONE), person("nobody", **PHONE))
    world.now = at(12, "9:30")
    signed_in(office.context, "olga")
    open_doors(office, (phones.north, phones.south))
    joana.goto(own)
    at_the_door(site, phones, ("Joana Ferraz", scanned(joana, PT)), ("Ana Pérez Soto", for_ana), ("Tomás Rey", for_tomas))

    world.now = at(14, "10:00")
    signed_in(office.context, "olga")
    signed_in(ana.context, "ana")
    bring_in(office, tmp_path)
    minutes_of_joana(joana, own)
    survey(joana, PT)

    assert attendance_missing(ana) == 12                        # nothing is hers before it is in the ledger
    to_the_ledger(app, office)
    assert attendance_missing(ana) == 12 - 8
    follow(ana, "Ver los seminarios")
    follow(ana, TITLE)
    follow(ana, "Ver mi inscripción")
    own_minutes(ana)
    survey(ana)
    to_the_ledger(app, office)                                  # asked again, nothing is counted twice
    assert attendance_missing(ana) == 12 - 8

    sign_and_issue(app, office)
    verified(joana, letters(app, "joana@prefeitura.example.org")[-1], tmp_path)
    own_certificate(ana)
    tomas.goto(link(letters(app, "tomas@example.org")[-1]))     # too little for a paper, not for an opinion
    follow(tomas, "Ver sus minutos")
    says(tomas, "30 de 90 min", "No alcanza las horas.")
    survey(tomas)
    opinions(office)
